//! Reading a journal back, be it cut short by a crash.

use std::{
    collections::BTreeMap,
    fs::{self, File},
    io::{self, BufRead, BufReader, Read},
    path::{Path, PathBuf},
};

use super::record::{Ending, FORMAT_VERSION, Owner, Record};
use crate::{
    apply::{Act, Answer, Found},
    language::t,
    plan::{Change, Fate, ObjectOutcome, ObjectRef},
    saved::SavedPlan,
};

/// The largest journal that is read: twice the largest plan, for there are a few short lines per change.
const MAX_BYTES: u64 = 1024 * 1024 * 1024;

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
    #[error("{}", t!("cannot read the journal {file}: {error}", file = file, error = error))]
    Unreadable { file: String, error: io::Error },
    #[error("{}", t!("line {line} of the journal {file} is damaged", line = line, file = file))]
    Damaged { file: String, line: usize },
    #[error(
        "{}",
        t!(
            "the journal {file} has format {found}, and this billform reads {version} only",
            file = file,
            found = found,
            version = FORMAT_VERSION
        )
    )]
    Version { file: String, found: String },
}

/// What stands in a journal behind its plan.
#[derive(Default)]
struct Course {
    deeds: BTreeMap<ObjectRef, Deed>,
    ended_at: Option<String>,
    ending: Option<Ending>,
}

impl Course {
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
}

impl Entry {
    pub(super) fn read(path: &Path) -> Result<Self, JournalError> {
        let shown = path.display().to_string();
        let bytes = open(path).and_then(|file| {
            let mut bytes = Vec::new();
            file.take(MAX_BYTES + 1).read_to_end(&mut bytes)?;
            if bytes.len() as u64 > MAX_BYTES {
                Err(io::Error::other(t!("it is larger than 1 GiB")))
            } else {
                Ok(bytes)
            }
        });
        let bytes = bytes.map_err(|error| JournalError::Unreadable { file: shown, error })?;
        Self::parse(path, &bytes)
    }

    pub(super) fn parse(path: &Path, bytes: &[u8]) -> Result<Self, JournalError> {
        let file = path.display().to_string();
        let (lines, whole) = lines(bytes);
        let damaged = |index: usize| JournalError::Damaged { file: file.clone(), line: index + 1 };
        let mut records = lines.enumerate().map(|(index, line)| {
            let record = serde_json::from_slice::<Record>(line);
            record.or_else(|_| check_version(line, &file).and_then(|()| Err(damaged(index))))
        });
        let Record::Begin { format_version, at, by, plan } = records.next().ok_or_else(|| damaged(0))??
        else {
            return Err(damaged(0));
        };
        if format_version != FORMAT_VERSION {
            return Err(version(&format_version, &file));
        }
        let mut course = Course::default();
        for (index, record) in records.enumerate() {
            course.take(record?).ok_or_else(|| damaged(index + 1))?;
        }
        let id = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        Ok(Self {
            id,
            began_at: at,
            ended_at: course.ended_at,
            by,
            plan: *plan,
            deeds: course.deeds,
            ending: course.ending,
            path: path.to_owned(),
            whole,
        })
    }

    /// What all applies to its panel have in common, and no other.
    pub(crate) fn shelf(&self) -> Option<&Path> {
        self.path.parent()
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

/// Whether the journal is known to be settled, told without reading its plan, which is most of it. Where it
/// cannot be told that way, all of it has to be read.
pub(super) fn is_settled_at_a_glance(path: &Path) -> bool {
    glance(path)
        .is_some_and(|course| course.ending.is_some() && !course.deeds.values().any(Deed::is_in_doubt))
}

fn glance(path: &Path) -> Option<Course> {
    let mut reader = BufReader::new(open(path).ok()?.take(MAX_BYTES));
    // As a journal of this version begins.
    let beginning = format!(r#"{{"record":"begin","format_version":"{FORMAT_VERSION}","#);
    let mut first = vec![0; beginning.len()];
    reader.read_exact(&mut first).ok().filter(|()| first == beginning.as_bytes())?;
    reader.skip_until(b'\n').ok()?;
    let mut rest = Vec::new();
    reader.read_to_end(&mut rest).ok()?;
    let mut course = Course::default();
    for line in lines(&rest).0 {
        course.take(serde_json::from_slice(line).ok()?)?;
    }
    Some(course)
}

/// Opens a journal to read it. One that is a pipe would never come to its end.
fn open(path: &Path) -> io::Result<File> {
    if fs::metadata(path)?.is_file() {
        File::open(path)
    } else {
        Err(io::Error::other(t!("it is no plain file")))
    }
}

/// Reads a journal that is in no file.
#[cfg(any(test, fuzzing))]
pub(crate) fn parse(bytes: &[u8]) -> Result<Entry, JournalError> {
    Entry::parse(Path::new("1-0000.jsonl"), bytes)
}

/// The lines that end in a line break, and how many bytes they have together.
fn lines(bytes: &[u8]) -> (impl Iterator<Item = &[u8]>, u64) {
    let whole = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |last| last + 1);
    (bytes[..whole].split_inclusive(|byte| *byte == b'\n'), whole as u64)
}

/// A journal of another version may have anything in its lines.
fn check_version(line: &[u8], file: &str) -> Result<(), JournalError> {
    #[derive(serde::Deserialize)]
    struct Version {
        format_version: String,
    }
    match serde_json::from_slice::<Version>(line) {
        Ok(found) if found.format_version != FORMAT_VERSION => Err(version(&found.format_version, file)),
        _ => Ok(()),
    }
}

fn version(found: &str, file: &str) -> JournalError {
    JournalError::Version { file: file.to_owned(), found: found.chars().take(20).collect() }
}
