//! A recording served as a panel: what was read there is answered as it was then, and nothing else.
//!
//! The format is that of `docs/capture.md`, read here without the code that writes it.

mod reading;

use std::collections::BTreeMap;
use std::path::Path;

use super::document::Element;
use super::label::{Label, label};
use super::refusal::Refusal;
use super::request::Params;

pub use reading::DamagedRecording;

/// Parameters that say who asks and how to answer, not what.
const ASIDE: [&str; 9] = ["func", "out", "lang", "auth", "authinfo", "su", "sfrom", "p_cnt", "sok"];

/// Last parts of functions that act as soon as they are called.
const ACTIONS: [&str; 12] = [
    "delete", "suspend", "resume", "enable", "disable", "on", "off", "start", "stop", "restart", "up", "down",
];

/// A function and its parameters.
type Question = (String, BTreeMap<String, String>);

/// A recording in memory.
#[derive(Debug)]
pub(crate) struct Replay {
    answers: BTreeMap<Question, Element>,
    /// Where it comes from, for people.
    pub(crate) about: String,
}

impl Replay {
    /// Reads a recording, all of it: one that is damaged anywhere is not served at all.
    pub(crate) fn open(directory: &Path) -> Result<Self, DamagedRecording> {
        reading::read(directory)
    }

    /// Whether the request would change a panel.
    ///
    /// The first step of a wizard may be called like an action: what was read once is no action.
    pub(crate) fn mutates(&self, params: &Params) -> bool {
        let func = params.text("func");
        let last = func.rsplit('.').next().unwrap_or_default();
        params.has("sok") || (ACTIONS.contains(&last) && !self.knows(func))
    }

    fn knows(&self, func: &str) -> bool {
        self.answers.keys().any(|(known, _)| known == func)
    }

    /// The recorded answer; a panel's refusal where there is none.
    pub(crate) fn answer(&self, params: &Params) -> Result<Element, Refusal> {
        let func = params.text("func");
        if self.mutates(params) {
            let message = label(
                "This is a recording of a panel: it cannot be changed",
                "Это запись панели: её нельзя изменить",
            );
            return Err(Refusal::new("readonly", "func", func, message));
        }
        if let Some(answer) = self.answers.get(&question(params)) {
            return Ok(answer.clone());
        }
        if !self.knows(func) {
            return Err(Refusal::missed("func", func));
        }
        let asked: Vec<String> =
            asked(params).iter().map(|(name, value)| format!("{name}={value}")).collect();
        let text = format!("This was not asked when the panel was recorded: {func} {}", asked.join(" "));
        Err(Refusal::new("missed", "elid", params.text("elid"), Label::same(text)))
    }
}

fn question(params: &Params) -> Question {
    (params.text("func").to_owned(), asked(params))
}

/// What is asked for; of a name that repeats, the last one counts. The size of pages is left out: it is the
/// panel that cuts them.
fn asked(params: &Params) -> BTreeMap<String, String> {
    let own = params.pairs().iter().filter(|(name, _)| !ASIDE.contains(&name.as_str()));
    own.cloned().collect()
}
