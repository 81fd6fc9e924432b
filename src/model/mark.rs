//! How sure something is.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::language::{later, told};

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
            Self::Documented => told(later!("documented")),
            Self::SeenInCode => told(later!("seen in code")),
            Self::Inferred => told(later!("inferred")),
            // Not like a file, or a list.
            Self::Open => told(later!("open")),
        })
    }
}
