//! What a check found in a configuration, as data.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Origin;
use crate::model::{Date, Mark};

/// How seriously a finding is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(title = "Level of a finding")]
pub(crate) enum Level {
    /// Stops an apply.
    Error,
    /// Worth a look before the change is applied.
    Warning,
    /// Worth knowing.
    Note,
}

impl fmt::Display for Level {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.pad(match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        })
    }
}

/// Something in a configuration that costs money, or may.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "Finding")]
pub(crate) struct Finding {
    /// Stable code, for example `check::L06`; `billform explain L06` tells more.
    pub(crate) code: String,
    /// How seriously it is taken.
    pub(crate) level: Level,
    /// What was found.
    pub(crate) message: String,
    /// The figures behind it: cost, sale, months.
    pub(crate) arithmetic: Option<String>,
    /// The smallest edit that cures it.
    pub(crate) cure: String,
    /// The rule it rests on; nothing where it is about the configuration itself.
    pub(crate) rule: Option<Because>,
    /// JSON pointer of what it is about.
    pub(crate) pointer: String,
    /// Where that is written.
    pub(crate) origin: Option<Origin>,
    /// How it was accepted, where it was: it is not counted then.
    pub(crate) waived: Option<Waived>,
}

/// A rule of the vendor's side.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "Rule of a finding")]
pub(crate) struct Because {
    /// What the rule says.
    pub(crate) says: String,
    /// How sure that is.
    pub(crate) mark: Mark,
    /// The page or the code that says so.
    pub(crate) source: String,
}

/// That a finding is known and accepted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "Accepted finding")]
pub(crate) struct Waived {
    /// Why, in the words of the configuration.
    pub(crate) reason: String,
    /// Last day.
    #[schemars(with = "String")]
    pub(crate) until: Date,
}

impl Finding {
    /// Whether it counts, and is taken as seriously as that or more.
    pub(crate) fn counts(&self, level: Level) -> bool {
        self.waived.is_none() && self.level <= level
    }
}
