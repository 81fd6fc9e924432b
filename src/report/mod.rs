//! What people and programs read: plans, drift and outcomes as text, Markdown and JSON.
//!
//! Everything here writes to a `Write` that it is given and knows neither clock nor environment. Whether
//! there is colour and how wide a line may be is said by [`Style`]. Data only: talk goes to stderr
//! elsewhere.

mod diff;
mod doctor;
mod escape;
mod field;
mod json;
mod layout;
mod markdown;
mod marker;
mod news;
mod order;
mod pool;
mod prices;
mod problems;
mod result;
mod simulation;
mod table;
#[cfg(test)]
pub(crate) mod tests;
mod text;
mod upstream;
mod value;
mod words;

use std::{fmt, io, str::FromStr};

use clap::ValueEnum;

pub(crate) use doctor::examination;
pub(crate) use json::{schema, write as document};
pub(crate) use marker::{marked, marker};
pub(crate) use news::{news, news_lines, news_title};
pub(crate) use pool::{csv as pool_csv, text as pool};
pub(crate) use problems::{Listed, Listing, ProblemFormat, Rule, listing};
pub(crate) use simulation::{Played, SimulationFormat, answers, simulation};
pub(crate) use upstream::cost_differences;
use words::Told;

use crate::plan::{Outcome, Plan};

/// How a report is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For a terminal or a log.
    #[default]
    Text,
    /// For a comment on a pull request.
    Markdown,
    /// For programs; has a schema and a version.
    Json,
}

impl FromStr for Format {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        <Self as ValueEnum>::from_str(text, false)
            .map_err(|_| format!("`{text}` is not a format: write text, markdown or json"))
    }
}

impl fmt::Display for Format {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.pad(match self {
            Self::Text => "text",
            Self::Markdown => "markdown",
            Self::Json => "json",
        })
    }
}

/// How a text looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Style {
    /// Whether to write colours; the meaning is the same without.
    pub(crate) color: bool,
    /// Columns of the terminal. Very small and very large ones are taken as 30 and 110.
    pub(crate) width: usize,
    /// Whether to list everything that is left alone, each list that was read, and what waits for what.
    pub(crate) verbose: bool,
}

/// Writes what `apply` would do.
pub(crate) fn plan(plan: &Plan, format: Format, style: &Style, out: &mut impl io::Write) -> io::Result<()> {
    told(plan, Told::Plan, format, style, out)
}

/// Writes how the panel differs from the configuration. Before is the panel, after the configuration,
/// as in a plan: applying the plan mends the drift.
pub(crate) fn drift(plan: &Plan, format: Format, style: &Style, out: &mut impl io::Write) -> io::Result<()> {
    told(plan, Told::Drift, format, style, out)
}

fn told(plan: &Plan, told: Told, format: Format, style: &Style, out: &mut impl io::Write) -> io::Result<()> {
    match format {
        Format::Text => text::plan(plan, told, style, out),
        Format::Markdown => out.write_all(markdown::plan(plan, told, style.verbose).as_bytes()),
        Format::Json => json::write(plan, out),
    }
}

/// Writes what came of each object.
pub(crate) fn outcome(
    outcome: &Outcome,
    format: Format,
    style: &Style,
    out: &mut impl io::Write,
) -> io::Result<()> {
    match format {
        Format::Text => result::text(outcome, style, out),
        Format::Markdown => out.write_all(result::markdown(outcome).as_bytes()),
        Format::Json => json::write(outcome, out),
    }
}
