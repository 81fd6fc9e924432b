//! What a check returns.

use crate::{licence::rules::Rule, plan::Level};

/// Something that a check found, before severities and waivers are looked at.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    /// Steps from the top of the configuration to what it is about.
    pub(super) path: Vec<String>,
    pub(super) message: String,
    pub(super) arithmetic: Option<String>,
    pub(super) cure: String,
    /// Where it differs from the check's own.
    pub(super) level: Option<Level>,
    pub(super) rule: Option<Rule>,
}

impl Found {
    /// A finding about a key, or about a value with all below it.
    pub(super) fn new(path: &[&str], message: String, cure: impl Into<String>) -> Self {
        Self {
            path: path.iter().map(|step| (*step).to_owned()).collect(),
            message,
            arithmetic: None,
            cure: cure.into(),
            level: None,
            rule: None,
        }
    }

    pub(super) fn sum(mut self, arithmetic: impl Into<String>) -> Self {
        self.arithmetic = Some(arithmetic.into());
        self
    }

    pub(super) fn level(mut self, level: Level) -> Self {
        self.level = Some(level);
        self
    }
}
