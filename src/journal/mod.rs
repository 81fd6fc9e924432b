//! What applies have done, in files of this machine: the journal of each apply, and the lock that keeps
//! two of them apart.
//!
//! Below the state directory each panel has a directory of its own, with a file per apply, written as it
//! goes, and the lock.

mod book;
mod clock;
mod entry;
mod file;
mod lock;
mod record;
#[cfg(test)]
mod tests;

use std::{
    fs,
    hash::{BuildHasher, Hasher, RandomState},
    io,
    path::{Path, PathBuf},
};

pub(crate) use book::Book;
use book::DRAFT;
pub(crate) use clock::now;
use entry::is_settled_at_a_glance;
#[cfg(any(test, fuzzing))]
pub(crate) use entry::parse;
pub(crate) use entry::{Deed, Entry, JournalError};
pub(crate) use lock::{Lock, NoLock};
pub(crate) use record::Ending;

use crate::{
    apply::Found,
    plan::ObjectRef,
    saved::{SavedPlan, digest},
};

/// The state directory.
#[derive(Clone, Debug)]
pub(crate) struct State {
    root: PathBuf,
}

/// The part of the state directory that belongs to one panel.
#[derive(Clone, Debug)]
pub(crate) struct Shelf {
    directory: PathBuf,
}

/// What is on a shelf: the applies, oldest first, and the journals that cannot be read.
#[derive(Debug, Default)]
pub(crate) struct Past {
    pub(crate) entries: Vec<Entry>,
    pub(crate) unreadable: Vec<JournalError>,
}

impl Past {
    fn add(&mut self, path: &Path) {
        match Entry::read(path) {
            Ok(entry) => self.entries.push(entry),
            Err(error) => self.unreadable.push(error),
        }
    }
}

impl State {
    pub(crate) fn new(root: PathBuf) -> Self {
        Self { root }
    }

    /// Where state goes when nobody says: `$XDG_STATE_HOME/billform`, else `~/.local/state/billform`.
    pub(crate) fn usual() -> Option<Self> {
        let variable =
            |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
        let base = variable("XDG_STATE_HOME").or_else(|| Some(variable("HOME")?.join(".local/state")));
        Some(Self::new(base?.join("billform")))
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// What belongs to the panel of that address.
    pub(crate) fn shelf(&self, url: &str) -> Shelf {
        Shelf { directory: self.root.join(slug(url)) }
    }

    /// All applies to all panels, panel by panel, oldest first.
    pub(crate) fn past(&self) -> io::Result<Past> {
        let mut past = Past::default();
        for directory in children(&self.root)?.into_iter().filter(|path| path.is_dir()) {
            let one = Shelf { directory }.past()?;
            past.entries.extend(one.entries);
            past.unreadable.extend(one.unreadable);
        }
        Ok(past)
    }
}

impl Shelf {
    /// Makes the directory; with it everything else can be written.
    pub(crate) fn prepare(&self) -> io::Result<()> {
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&self.directory)
    }

    /// Where another file of the panel is; it is no journal's name.
    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.directory.join(name)
    }

    pub(crate) fn lock(&self) -> Result<Lock, NoLock> {
        Lock::take(&self.directory.join("lock"))
    }

    /// Begins the journal of an apply; gives its id too. The lock must be held.
    ///
    /// Applies are counted, not dated, for a clock may jump; chance keeps those of two panels apart.
    pub(crate) fn begin(&self, plan: SavedPlan) -> io::Result<(String, Book)> {
        // The lock is held, so that a draft is what is left of an apply that was killed as it began.
        for draft in self.files(DRAFT)? {
            drop(fs::remove_file(draft));
        }
        let numbers = self.journals()?.into_iter().map(|path| number(&path));
        let number = numbers.max().unwrap_or(0).saturating_add(1);
        let id = format!("{number}-{:04x}", RandomState::new().build_hasher().finish() & 0xffff);
        let book = Book::begin(&self.directory.join(format!("{id}.jsonl")), plan)?;
        Ok((id, book))
    }

    /// Writes down what had become of the objects that an earlier apply left in doubt, and that it has ended.
    pub(crate) fn settle(
        &self,
        entry: &Entry,
        found: &[(ObjectRef, Found, Option<String>)],
    ) -> io::Result<()> {
        let mut book = Book::resume(&entry.path, entry.whole)?;
        for (object, found, id) in found {
            book.settled(object, *found, id.clone())?;
        }
        if entry.ending.is_none() { book.end(Ending::Settled) } else { Ok(()) }
    }

    /// The last apply to the panel, if there is one that can be read.
    pub(crate) fn last(&self) -> Option<Entry> {
        Entry::read(self.journals().ok()?.last()?).ok()
    }

    /// The applies to the panel, oldest first.
    pub(crate) fn past(&self) -> io::Result<Past> {
        let mut past = Past::default();
        for path in self.journals()? {
            past.add(&path);
        }
        Ok(past)
    }

    /// Those applies that are not known to have ended and to have left nothing in doubt. The plans of the
    /// others, which may be many and large, are not read.
    pub(crate) fn unsettled(&self) -> io::Result<Past> {
        let mut past = Past::default();
        for path in self.journals()?.iter().filter(|path| !is_settled_at_a_glance(path)) {
            past.add(path);
        }
        past.entries.retain(|entry| !entry.is_settled());
        Ok(past)
    }

    fn journals(&self) -> io::Result<Vec<PathBuf>> {
        let mut paths = self.files("jsonl")?;
        paths.sort_by_key(|path| number(path));
        Ok(paths)
    }

    /// The files whose names end so.
    fn files(&self, end: &str) -> io::Result<Vec<PathBuf>> {
        let mut paths = children(&self.directory)?;
        paths.retain(|path| path.extension().is_some_and(|found| found == end));
        Ok(paths)
    }
}

/// The number an id begins with.
fn number(path: &Path) -> u64 {
    let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
    stem.split('-').next().and_then(|number| number.parse().ok()).unwrap_or(0)
}

/// What is in a directory, sorted; nothing where it is not there yet.
fn children(directory: &Path) -> io::Result<Vec<PathBuf>> {
    let list = match fs::read_dir(directory) {
        Ok(list) => list,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut paths = list.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>()?;
    paths.sort();
    Ok(paths)
}

/// A directory's name that two panels do not share: what is readable of the address, and a number made of
/// all of it.
fn slug(url: &str) -> String {
    let readable = url.split_once("://").map_or(url, |(_, rest)| rest);
    let readable: String = readable
        .chars()
        .map(|ch| if ch.is_ascii_alphanumeric() || matches!(ch, '.' | '-') { ch } else { '_' })
        .take(80)
        .collect();
    let number: String = digest(&url).chars().skip("sha256:".len()).take(12).collect();
    format!("{readable}-{number}")
}
