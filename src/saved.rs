//! A plan in a file: made in a pull request, applied after the merge, and worth nothing once edited.

use std::{
    collections::BTreeSet,
    fs::File,
    io::{self, Read},
    path::Path,
};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::{
    kinds::{ConfigSpec, Live, Snapshot, Surroundings},
    language::t,
    plan::{ObjectRef, Plan},
};

/// Version of the document; this tool takes no other.
pub(crate) const FORMAT_VERSION: &str = "1.0";

/// The largest file that is read as a plan; one of 100,000 prices has some 100 MB.
const MAX_BYTES: u64 = if cfg!(test) { 1 << 24 } else { 512 * 1024 * 1024 };

/// A saved plan: the plan, what it was made from, and a digest over all of it.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "Saved plan")]
pub(crate) struct SavedPlan {
    /// Version of this document's format.
    pub(crate) format_version: String,
    /// When the panel had been read, in UTC, for example `2026-11-22T20:32:24Z`.
    pub(crate) made_at: String,
    /// What the plan would do, where and to what.
    pub(crate) plan: Plan,
    /// The configuration the plan was made from.
    pub(crate) config: SavedConfig,
    /// What the panel has beside it, for a simulation.
    #[serde(default)]
    pub(crate) surroundings: Surroundings,
    /// Every live object that was read, by digest.
    pub(crate) read: Vec<Fingerprint>,
    /// SHA-256 over this document with an empty digest, as this tool writes it.
    pub(crate) digest: String,
}

/// A configuration as data: without comments, and without any secret, for it never held one.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SavedConfig {
    /// SHA-256 over `spec`.
    pub(crate) digest: String,
    /// What all its files say together.
    pub(crate) spec: ConfigSpec,
}

/// One live object when the plan was made.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Fingerprint {
    /// Which object it is, by the panel's own names.
    pub(crate) object: ObjectRef,
    /// Its id in the panel.
    pub(crate) id: String,
    /// SHA-256 over all fields that were read of it.
    pub(crate) digest: String,
}

/// Why a file is not taken as a plan.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SavedError {
    #[error("{}", t!("cannot read the plan {file}: {error}", file = file, error = error))]
    Unreadable { file: String, error: io::Error },
    #[error("{}", t!("{file} is not a whole saved plan: {why}", file = file, why = why))]
    Damaged { file: String, why: String },
    #[error(
        "{}",
        t!(
            "{file} is a saved plan of format {found}, and this billform takes {version} only",
            file = file,
            found = found,
            version = FORMAT_VERSION
        )
    )]
    Version { file: String, found: String },
    #[error("{}", t!("{file} was changed after `plan` had written it", file = file))]
    Edited { file: String },
}

impl SavedError {
    pub(crate) fn code(&self) -> &'static str {
        match self {
            Self::Unreadable { .. } => "saved::unreadable",
            Self::Damaged { .. } => "saved::damaged",
            Self::Version { .. } => "saved::version",
            Self::Edited { .. } => "saved::edited",
        }
    }

    pub(crate) fn help(&self) -> String {
        match self {
            Self::Unreadable { .. } => t!("check the path; `plan --out FILE.json` writes such a file"),
            Self::Damaged { .. } => {
                t!("make the plan anew with `plan --out`; nothing was written to the panel")
            }
            Self::Version { .. } => {
                t!("apply it with the billform that made it, or make it anew with `plan --out`")
            }
            Self::Edited { .. } => {
                t!(
                    "a plan is applied as it was reviewed or not at all: change the configuration and plan anew"
                )
            }
        }
    }
}

impl SavedPlan {
    pub(crate) fn new(plan: Plan, spec: &ConfigSpec, snapshot: &Snapshot, made_at: String) -> Self {
        let surroundings = Surroundings::of(spec, snapshot, &plan.left_alone);
        let saved = Self {
            format_version: FORMAT_VERSION.to_owned(),
            made_at,
            plan,
            config: SavedConfig { digest: config_digest(spec), spec: spec.clone() },
            surroundings,
            read: fingerprints(snapshot),
            digest: String::new(),
        };
        saved.sealed()
    }

    /// With the digest of what it says now.
    pub(crate) fn sealed(mut self) -> Self {
        self.digest.clear();
        self.digest = digest(&self);
        self
    }

    pub(crate) fn read(path: &Path) -> Result<Self, SavedError> {
        let file = path.display().to_string();
        let unreadable = |error| SavedError::Unreadable { file: file.clone(), error };
        // Not by the size that the file has: a pipe has none.
        let mut bytes = Vec::new();
        let read = File::open(path).and_then(|file| file.take(MAX_BYTES + 1).read_to_end(&mut bytes));
        read.map_err(unreadable)?;
        if bytes.len() as u64 > MAX_BYTES {
            return Err(SavedError::Damaged { file, why: t!("it is larger than 512 MiB") });
        }
        Self::parse(&bytes, &file)
    }

    /// Reads a saved plan from its text; `file` is its name in errors.
    pub(crate) fn parse(bytes: &[u8], file: &str) -> Result<Self, SavedError> {
        // The version first: a later format may have fields that mean nothing here.
        let damaged = |error: serde_json::Error| {
            let (line, column) = (error.line(), error.column());
            let why = t!(
                "line {line}, column {column} is not as such a file is written",
                line = line,
                column = column
            );
            SavedError::Damaged { file: file.to_owned(), why }
        };
        let version: Version = serde_json::from_slice(bytes).map_err(damaged)?;
        if version.format_version != FORMAT_VERSION {
            let found = version.format_version.chars().take(20).collect();
            return Err(SavedError::Version { file: file.to_owned(), found });
        }
        let mut saved: Self = serde_json::from_slice(bytes).map_err(damaged)?;
        let given = std::mem::take(&mut saved.digest);
        if given.is_empty() || given != digest(&saved) {
            return Err(SavedError::Edited { file: file.to_owned() });
        }
        saved.digest = given;
        Ok(saved)
    }

    /// Objects that were read for this plan and are not as they were; those the plan touches are left out,
    /// for each of them is looked at on its own.
    pub(crate) fn drifted_elsewhere(&self, snapshot: &Snapshot) -> Vec<ObjectRef> {
        let touched: BTreeSet<(&str, &str)> = (self.plan.changes.iter())
            .filter_map(|change| Some((change.object.kind.as_str(), change.id.as_deref()?)))
            .collect();
        let now: BTreeSet<Fingerprint> = fingerprints(snapshot).into_iter().collect();
        let others = self.read.iter().filter(|object| {
            !touched.contains(&(object.object.kind.as_str(), object.id.as_str())) && !now.contains(object)
        });
        others.map(|object| object.object.clone()).collect()
    }
}

#[derive(Deserialize)]
struct Version {
    format_version: String,
}

/// The digest by which a configuration is known again.
pub(crate) fn config_digest(spec: &ConfigSpec) -> String {
    digest(spec)
}

fn fingerprints(snapshot: &Snapshot) -> Vec<Fingerprint> {
    snapshot.objects.iter().map(fingerprint).collect()
}

fn fingerprint(live: &Live) -> Fingerprint {
    let digest = digest(&(&live.identity, &live.parents, &live.fields));
    Fingerprint { object: live.object.clone(), id: live.id.clone(), digest }
}

/// SHA-256 over a value as JSON, like `sha256:3c5f...`.
pub(crate) fn digest(value: &impl Serialize) -> String {
    let mut hash = Hashing(Sha256::new());
    // Only a map with keys that are no text can fail, and there is none; an empty digest matches nothing.
    match serde_json::to_writer(&mut hash, value) {
        Ok(()) => {
            hash.0.finalize().iter().fold("sha256:".to_owned(), |text, byte| format!("{text}{byte:02x}"))
        }
        Err(_) => String::new(),
    }
}

struct Hashing(Sha256);

impl io::Write for Hashing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
