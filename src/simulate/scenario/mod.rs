//! A scenario: what people write, and what is left of it once it is checked.
//!
//! [`spec`] is the format, [`check`] finds what cannot happen, [`lines()`] looks the sales up in a catalogue.

mod check;
mod events;
mod lines;
mod spec;

use std::path::Path;

use jiff::civil::Date;
use serde_json::Value;

pub(crate) use lines::lines;
pub(crate) use spec::ScenarioSpec;
pub(super) use spec::{Chance, StreamSpec};

use super::clients::Deed;
use crate::{
    config::{self, Document},
    licence::{Readings, Sale},
    model::Cash,
    source::{
        At, Problems, Sources,
        fault::{Fault, pointer},
        mark,
    },
};

/// A scenario that can be played on any catalogue that has its sales.
pub(crate) struct Scenario {
    pub(crate) from: Date,
    /// The last day.
    pub(crate) to: Date,
    pub(crate) months: u32,
    pub(crate) currency: String,
    pub(crate) seed: u32,
    pub(crate) readings: Readings,
    /// What the licence account holds at the beginning; without limit where nothing is said.
    pub(crate) balance: Option<Cash>,
    /// What is bought, each once.
    pub(crate) sales: Vec<Sale>,
    /// What happens, in order.
    pub(crate) deeds: Vec<Deed>,
    /// Where each sale is first mentioned.
    mentions: Vec<Mention>,
    sources: Sources,
}

/// Where a sale is written.
#[derive(Clone, Debug)]
struct Mention {
    /// The stream or the event.
    entry: [String; 2],
    /// Where its panel is written, below the entry.
    panel: &'static [&'static str],
}

impl Mention {
    fn path<'a>(&'a self, below: &[&'a str]) -> Vec<&'a str> {
        self.entry.iter().map(String::as_str).chain(below.iter().copied()).collect()
    }
}

/// A fault at a value of the scenario, which is one file.
fn fault(sources: &Sources, path: &[&str], at: At, code: &'static str, message: String) -> Fault {
    let tree = sources.iter().next().and_then(|source| source.tree.as_ref());
    let span = tree.map_or(0..0, |tree| mark(tree.walk(path.iter().copied()), at));
    Fault::new(0, span, code, message).at(pointer(path.iter().copied()))
}

/// Reads a scenario and checks all that needs no catalogue.
pub(crate) fn read(path: &Path) -> Result<Scenario, Problems> {
    let (spec, sources) = config::load_one(path)?;
    check::check(&spec, sources)
}

#[cfg(test)]
pub(crate) fn read_text(text: &str) -> Result<Scenario, Problems> {
    let (spec, sources) = config::load_one_text("scenario.yaml", text)?;
    check::check(&spec, sources)
}

/// The JSON Schema of scenarios.
pub(crate) fn schema() -> &'static Value {
    ScenarioSpec::compiled().schema()
}
