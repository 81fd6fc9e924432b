//! How sure something is.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How sure something is that is said of the vendor's side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(title = "How sure it is")]
pub(crate) enum Mark {
    /// A page of the vendor says so.
    Documented,
    /// Public code that talks to the licence server does so.
    SeenInCode,
    /// It follows from what is documented; no page says it.
    Inferred,
    /// No public source decides it.
    Open,
}

impl fmt::Display for Mark {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.pad(match self {
            Self::Documented => "documented",
            Self::SeenInCode => "seen in code",
            Self::Inferred => "inferred",
            Self::Open => "open",
        })
    }
}
