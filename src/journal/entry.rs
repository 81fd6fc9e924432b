//! Reading a journal back, be it cut short by a crash.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

use super::record::{Ending, FORMAT_VERSION, Owner, Record};
use crate::{
    apply::{Act, Answer, Found},
    plan::{Change, Fate, ObjectOutcome, ObjectRef},
    saved::SavedPlan,
};

/// One apply of the past.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) id: String,
    pub(crate) began_at: String,
    pub(crate) ended_at: Option<String>,
    pub(crate) by: Owner,
    pub(crate) plan: SavedPlan,
    /// What was done to objects, by object.
    pub(crate) deeds: BTreeMap<ObjectRef, Deed>,
    /// Nothing where the run was killed and nobody has settled it.
    pub(crate) ending: Option<Ending>,
    pub(super) path: PathBuf,
    /// Bytes of whole lines; a line cut short by a crash is behind them.
    pub(super) whole: u64,
}

/// What an apply did to one object, as far as was written down.
#[derive(Clone, Debug, Default)]
pub(crate) struct Deed {
    /// Each write and its answer, in their order.
    pub(crate) writes: Vec<(Act, Option<Answer>)>,
    pub(crate) result: Option<ObjectOutcome>,
    pub(crate) settled: Option<Found>,
    /// Id of the object, once it was known.
    pub(crate) id: Option<String>,
}

impl Deed {
    /// Whether a write went out and nobody knows what it did.
    pub(crate) fn is_in_doubt(&self) -> bool {
        let unclear = match &self.result {
            None => self.writes.iter().any(|(_, answer)| *answer != Some(Answer::Refused)),
            Some(result) => matches!(result.fate, Fate::Failed { in_doubt: true, .. }),
        };
        unclear && self.settled.is_none()
    }

    /// Whether the object may be other than before the apply.
    pub(crate) fn touched(&self) -> bool {
        match (self.settled, &self.result) {
            (Some(found), _) => found != Found::NotApplied,
            _ => self.writes.iter().any(|(_, answer)| *answer != Some(Answer::Refused)),
        }
    }
}

/// Why a journal cannot be read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum JournalError {
    #[error("cannot read the journal {file}: {error}")]
    Unreadable { file: String, error: io::Error },
    #[error("line {line} of the journal {file} is damaged")]
    Damaged { file: String, line: usize },
    #[error("the journal {file} has format {found}, and this billform reads {FORMAT_VERSION} only")]
    Version { file: String, found: String },
}

impl Entry {
    pub(super) fn read(path: &Path) -> Result<Self, JournalError> {
        let shown = path.display().to_string();
        let bytes =
            fs::read(path).map_err(|error| JournalError::Unreadable { file: shown.clone(), error })?;
        Self::parse(path, &bytes)
    }

    pub(super) fn parse(path: &Path, bytes: &[u8]) -> Result<Self, JournalError> {
        let file = path.display().to_string();
        let (lines, whole) = lines(bytes);
        let mut records = Vec::new();
        for (index, line) in lines.iter().enumerate() {
            match serde_json::from_slice::<Record>(line) {
                Ok(record) => records.push(record),
                Err(_) => {
                    check_version(line, &file)?;
                    return Err(JournalError::Damaged { file, line: index + 1 });
                }
            }
        }
        let damaged = |line| JournalError::Damaged { file: file.clone(), line };
        let mut records = records.into_iter();
        let Some(Record::Begin { format_version, at, by, plan }) = records.next() else {
            return Err(damaged(1));
        };
        if format_version != FORMAT_VERSION {
            return Err(JournalError::Version { file, found: format_version });
        }
        let id = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        let mut entry = Self {
            id,
            began_at: at,
            ended_at: None,
            by,
            plan: *plan,
            deeds: BTreeMap::new(),
            ending: None,
            path: path.to_owned(),
            whole,
        };
        for (index, record) in records.enumerate() {
            entry.take(record).ok_or_else(|| damaged(index + 2))?;
        }
        Ok(entry)
    }

    /// Nothing where the record cannot stand where it stands.
    fn take(&mut self, record: Record) -> Option<()> {
        match record {
            Record::Begin { .. } => return None,
            Record::Intent { object, act, .. } => {
                self.deeds.entry(object).or_default().writes.push((act, None));
            }
            Record::Answer { object, answer, .. } => {
                self.deeds.get_mut(&object)?.writes.last_mut()?.1 = Some(answer);
            }
            Record::Result { result, .. } => {
                let deed = self.deeds.entry(result.object.clone()).or_default();
                deed.id = result.id.clone().or(deed.id.take());
                deed.result = Some(result);
            }
            Record::Settled { object, found, id, .. } => {
                let deed = self.deeds.get_mut(&object)?;
                deed.id = id.or(deed.id.take());
                deed.settled = Some(found);
            }
            Record::End { at, how } => {
                self.ended_at = Some(at);
                self.ending = Some(how);
            }
        }
        Some(())
    }

    /// Whether it ended, and nothing it did is in doubt any more.
    pub(crate) fn is_settled(&self) -> bool {
        self.ending.is_some() && self.in_doubt().next().is_none()
    }

    /// Objects that nobody knows the state of.
    pub(crate) fn in_doubt(&self) -> impl Iterator<Item = &ObjectRef> {
        self.deeds.iter().filter(|(_, deed)| deed.is_in_doubt()).map(|(object, _)| object)
    }

    /// The changes that the apply did not come to, or not to the end of.
    pub(crate) fn unfinished(&self) -> Vec<Change> {
        let done = |change: &&Change| {
            let result = self.deeds.get(&change.object).and_then(|deed| deed.result.as_ref());
            result.is_some_and(|result| result.fate == Fate::Done)
        };
        self.plan.plan.changes.iter().filter(|change| !done(change)).cloned().collect()
    }

    /// Ids of the objects that the apply is known to have created, or to have changed.
    pub(crate) fn ids(&self) -> BTreeMap<ObjectRef, String> {
        let known = self.deeds.iter().filter_map(|(object, deed)| Some((object.clone(), deed.id.clone()?)));
        known.collect()
    }
}

/// The lines that end in a line break, and how many bytes they have together.
fn lines(bytes: &[u8]) -> (Vec<&[u8]>, u64) {
    let whole = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |last| last + 1);
    let lines = bytes[..whole].split_inclusive(|byte| *byte == b'\n').collect();
    (lines, u64::try_from(whole).unwrap_or(u64::MAX))
}

/// A journal of another version may have anything in its lines.
fn check_version(line: &[u8], file: &str) -> Result<(), JournalError> {
    #[derive(serde::Deserialize)]
    struct Version {
        format_version: String,
    }
    match serde_json::from_slice::<Version>(line) {
        Ok(version) if version.format_version != FORMAT_VERSION => {
            let found = version.format_version.chars().take(20).collect();
            Err(JournalError::Version { file: file.to_owned(), found })
        }
        _ => Ok(()),
    }
}
