//! What a simulation says: the answer about one order, and the books of months.
//!
//! [`books`] says what the books hold, in words that all formats share; [`text`], [`html`] and [`ledger`] write
//! them down, and [`chart`] and [`plot`] draw them.

mod answer;
mod books;
mod chart;
mod html;
mod ledger;
mod plot;
mod text;

use std::{fmt, io, str::FromStr};

use clap::ValueEnum;

pub(crate) use answer::answers;

use super::{Style, json};
use crate::{
    licence::Line,
    simulate::{Scenario, Simulation},
};

/// How the books of a simulation are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum SimulationFormat {
    /// For a terminal or a log.
    #[default]
    Text,
    /// For programs; has a schema and a version.
    Json,
    /// The ledger, a row for each event, for spreadsheets.
    Csv,
    /// A page with plots.
    Html,
}

impl FromStr for SimulationFormat {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        <Self as ValueEnum>::from_str(text, false)
            .map_err(|_| super::not_a_format(text, Self::value_variants()))
    }
}

impl fmt::Display for SimulationFormat {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.pad(match self {
            Self::Text => "text",
            Self::Json => "json",
            Self::Csv => "csv",
            Self::Html => "html",
        })
    }
}

/// A simulation, and what it takes to play it once more: nobody keeps millions of events for a ledger.
pub(crate) struct Played<'a> {
    pub(crate) simulation: &'a Simulation,
    pub(crate) scenario: &'a Scenario,
    /// The lines of each run.
    pub(crate) lines: Vec<&'a [Line]>,
}

/// Writes a simulation.
pub(crate) fn simulation(
    played: &Played<'_>,
    format: SimulationFormat,
    style: &Style,
    out: &mut impl io::Write,
) -> io::Result<()> {
    match format {
        SimulationFormat::Text => text::write(played.simulation, style, out),
        SimulationFormat::Json => json::write(played.simulation, out),
        SimulationFormat::Csv => ledger::write(played, out),
        SimulationFormat::Html => out.write_all(html::page(played.simulation).as_bytes()),
    }
}
