//! What must be written down around each write, so that a killed run leaves no riddle.

use std::io;

use serde::{Deserialize, Serialize};

use crate::{
    language::t,
    plan::{ObjectOutcome, ObjectRef},
};

/// Keeps the record of an apply. Each call returns once the record will survive a crash.
pub(crate) trait Ledger: Send {
    /// A write is about to be sent.
    fn intent(&mut self, object: &ObjectRef, act: Act) -> io::Result<()>;

    /// The panel has answered the write, or has not.
    fn answer(&mut self, object: &ObjectRef, answer: Answer) -> io::Result<()>;

    /// Nothing more is done to the object in this run.
    fn result(&mut self, result: &ObjectOutcome) -> io::Result<()>;
}

/// What a single write does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Act {
    Create,
    Update,
    Delete,
}

/// How the panel answered a write.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Answer {
    /// It says that the write is done.
    Accepted,
    /// It says that nothing was done.
    Refused,
    /// No answer, or one that says neither.
    Unclear,
}

/// What became of an object that an earlier run left in doubt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Found {
    /// It is as the plan wanted it.
    Applied,
    /// It is as it was before.
    NotApplied,
    /// Some of it is as it was and some as wanted, or somebody else changed it.
    Neither,
    /// Only a secret was to be written, and nobody can see whether it was.
    Hidden,
}

/// A ledger for those who only look.
pub(super) struct Closed;

impl Ledger for Closed {
    fn intent(&mut self, _: &ObjectRef, _: Act) -> io::Result<()> {
        Err(io::Error::other(t!("nothing is written while looking")))
    }

    fn answer(&mut self, _: &ObjectRef, _: Answer) -> io::Result<()> {
        Ok(())
    }

    fn result(&mut self, _: &ObjectOutcome) -> io::Result<()> {
        Ok(())
    }
}
