//! Writing a journal: each line is on the disk before the next request goes out.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write},
    path::Path,
};

use super::{
    clock,
    file::{open_plain, private},
    record::{Ending, FORMAT_VERSION, Owner, Record},
};
use crate::{
    apply::{Act, Answer, Found, Ledger},
    language::t,
    plan::{ObjectOutcome, ObjectRef},
    saved::SavedPlan,
};

/// How the name of a journal ends while its first line is being written.
pub(super) const DRAFT: &str = "draft";

/// The journal of the apply that runs.
pub(crate) struct Book {
    file: File,
    /// Bytes of whole lines; nothing once half a line is there to stay.
    whole: Option<u64>,
}

impl Book {
    /// Begins the journal of a new apply.
    pub(super) fn begin(path: &Path, plan: SavedPlan) -> io::Result<Self> {
        // Under another name until its first line is whole: a journal is there entirely or not at all.
        let draft = path.with_extension(DRAFT);
        let mut book = Self { file: private().create_new(true).append(true).open(&draft)?, whole: Some(0) };
        let begin = Record::Begin {
            format_version: FORMAT_VERSION.to_owned(),
            at: clock::now(),
            by: Owner::me(),
            plan: Box::new(plan),
        };
        if let Err(error) = book.write(&begin).and_then(|()| fs::rename(&draft, path)) {
            // What is left of it is of no use, and takes room where there is none.
            drop(fs::remove_file(&draft));
            return Err(error);
        }
        // Else a crash could take the file's name with it.
        #[cfg(unix)]
        if let Some(directory) = path.parent() {
            File::open(directory)?.sync_all()?;
        }
        Ok(book)
    }

    /// Goes on with the journal of an earlier apply, which `whole` bytes of are sound.
    pub(super) fn resume(path: &Path, whole: u64) -> io::Result<Self> {
        let file = open_plain(path, OpenOptions::new().append(true))?;
        file.set_len(whole)?;
        Ok(Self { file, whole: Some(whole) })
    }

    #[cfg(test)]
    pub(super) fn on(file: File) -> Self {
        Self { file, whole: Some(0) }
    }

    pub(super) fn settled(&mut self, object: &ObjectRef, found: Found, id: Option<String>) -> io::Result<()> {
        self.write(&Record::Settled { at: clock::now(), object: object.clone(), found, id })
    }

    pub(crate) fn end(&mut self, how: Ending) -> io::Result<()> {
        self.write(&Record::End { at: clock::now(), how })
    }

    fn write(&mut self, record: &Record) -> io::Result<()> {
        let Some(whole) = self.whole else {
            return Err(io::Error::other(t!("a line before could be written in part only")));
        };
        let mut line = serde_json::to_vec(record)?;
        line.push(b'\n');
        match self.file.write_all(&line).and_then(|()| self.file.sync_data()) {
            Ok(()) => {
                self.whole = Some(whole + line.len() as u64);
                Ok(())
            }
            Err(error) => {
                // Half a line is no harm at the end; with another line after it the journal would be damaged.
                self.whole = self.file.set_len(whole).ok().map(|()| whole);
                Err(error)
            }
        }
    }
}

impl Ledger for Book {
    fn intent(&mut self, object: &ObjectRef, act: Act) -> io::Result<()> {
        self.write(&Record::Intent { at: clock::now(), object: object.clone(), act })
    }

    fn answer(&mut self, object: &ObjectRef, answer: Answer) -> io::Result<()> {
        self.write(&Record::Answer { at: clock::now(), object: object.clone(), answer })
    }

    fn result(&mut self, result: &ObjectOutcome) -> io::Result<()> {
        self.write(&Record::Result { at: clock::now(), result: result.clone() })
    }
}
