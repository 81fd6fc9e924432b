//! The lines of a journal.

use serde::{Deserialize, Serialize};

use crate::{
    apply::{Act, Answer, Found},
    language::t,
    plan::{ObjectOutcome, ObjectRef},
    saved::SavedPlan,
};

/// Version of the journal's lines; a reader takes no other.
pub(super) const FORMAT_VERSION: &str = "1.0";

/// One line. An apply has a file of its own: `begin`, then for each object `intent` and `answer` around
/// every write and a `result`, then `end`. No line ever changes.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "record", rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum Record {
    /// The plan holds all the panel had of every object it touches, and so is the way back.
    Begin { format_version: String, at: String, by: Owner, plan: Box<SavedPlan> },
    /// A write is about to be sent.
    Intent { at: String, object: ObjectRef, act: Act },
    /// How the panel answered it.
    Answer { at: String, object: ObjectRef, answer: Answer },
    /// What came of an object.
    Result { at: String, result: ObjectOutcome },
    /// What a later run found of an object that was left in doubt.
    Settled { at: String, object: ObjectRef, found: Found, id: Option<String> },
    /// Nothing more comes.
    End { at: String, how: Ending },
}

/// How an apply ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Ending {
    /// It went through its plan, whatever came of it.
    Finished,
    /// It was asked to stop.
    Interrupted,
    /// It was killed; a later run settled by reading what had become of its objects.
    Settled,
}

/// Who runs, or ran, an apply.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Owner {
    /// Login on this machine.
    pub(crate) user: String,
    /// Name of this machine.
    pub(crate) host: String,
    /// Process.
    pub(crate) pid: u32,
    /// Version of the tool.
    pub(crate) tool_version: String,
}

impl Owner {
    /// This process.
    pub(crate) fn me() -> Self {
        let variable = |name: &str| std::env::var(name).ok().filter(|text| !text.is_empty());
        let user = variable("USER").or_else(|| variable("LOGNAME")).or_else(|| variable("USERNAME"));
        let user = user.or_else(number);
        let host = std::fs::read_to_string("/etc/hostname").ok().map(|text| text.trim().to_owned());
        let host = variable("HOSTNAME").or_else(|| host.filter(|text| !text.is_empty()));
        Self {
            user: user.unwrap_or_else(|| "somebody".to_owned()),
            host: host.or_else(|| variable("COMPUTERNAME")).unwrap_or_else(|| "this machine".to_owned()),
            pid: std::process::id(),
            tool_version: env!("CARGO_PKG_VERSION").to_owned(),
        }
    }
}

impl std::fmt::Display for Owner {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(&t!("{user}@{host}, process {pid}", user = self.user, host = self.host, pid = self.pid))
    }
}

/// The number of this process's login, where it has no name: cron and containers set none.
#[cfg(target_os = "linux")]
fn number() -> Option<String> {
    let own = std::fs::metadata("/proc/self").ok()?;
    Some(format!("uid {}", std::os::unix::fs::MetadataExt::uid(&own)))
}

#[cfg(not(target_os = "linux"))]
fn number() -> Option<String> {
    None
}
