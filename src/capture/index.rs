//! `capture.json`: what was recorded, of which panel, and where each answer is.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

/// Name of the index.
pub(crate) const INDEX: &str = "capture.json";
/// Directory of the answers, beside it.
pub(crate) const READS: &str = "reads";

/// A recording of a panel.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(title = "Index of a recording")]
pub(crate) struct Index {
    /// Version of the recording's format; a change of the first number breaks readers.
    pub(crate) format_version: String,
    /// What made it.
    pub(crate) tool: String,
    /// Day on which it was made, in UTC.
    pub(crate) date: String,
    /// Version of the panel, where it says it.
    pub(crate) panel_version: Option<String>,
    /// Access level of the account that looked.
    pub(crate) level: Option<u32>,
    /// What could not be read, which may be what the recording is about.
    pub(crate) failed: Vec<FailedPart>,
    /// Functions that were read and whose answers are not recorded, because they are none of a
    /// configuration's.
    pub(crate) left_out: Vec<String>,
    /// The answers, in the order of the questions.
    pub(crate) reads: Vec<Read>,
}

/// A part of the panel that could not be read.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct FailedPart {
    /// A kind of object, or `references`.
    pub(crate) about: String,
    /// The error's code.
    pub(crate) code: String,
}

/// A question, and where its answer is.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct Read {
    /// The function.
    pub(crate) func: String,
    /// Its parameters, without those of the transport.
    pub(crate) params: BTreeMap<String, String>,
    /// The file with the answer, relative to the index.
    pub(crate) file: String,
}

/// What is known of a recording beside its answers.
pub(crate) struct About {
    pub(crate) tool: String,
    pub(crate) date: String,
    pub(crate) panel_version: Option<String>,
    pub(crate) level: Option<u32>,
    pub(crate) failed: Vec<FailedPart>,
}

impl Index {
    pub(super) fn new(about: About, left_out: Vec<String>, reads: Vec<Read>) -> Self {
        let About { tool, date, panel_version, level, failed } = about;
        let format_version = "1.0".to_owned();
        Self { format_version, tool, date, panel_version, level, failed, left_out, reads }
    }

    /// As it is written.
    pub(crate) fn text(&self) -> String {
        let value = serde_json::to_value(self).unwrap_or_default();
        format!("{value:#}\n")
    }
}
