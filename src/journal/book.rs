//! Writing a journal: each line is on the disk before the next request goes out.

use std::{
    fs::{File, OpenOptions},
    io::{self, Write},
    path::Path,
};

use super::{
    clock,
    record::{Ending, FORMAT_VERSION, Owner, Record},
};
use crate::{
    apply::{Act, Answer, Found, Ledger},
    plan::{ObjectOutcome, ObjectRef},
    saved::SavedPlan,
};

/// The journal of the apply that runs.
pub(crate) struct Book {
    file: File,
}

impl Book {
    /// Begins the journal of a new apply.
    pub(super) fn begin(path: &Path, plan: SavedPlan) -> io::Result<Self> {
        // Under another name until its first line is whole: a journal is there entirely or not at all.
        let draft = path.with_extension("draft");
        let mut book = Self { file: private().create(true).truncate(true).write(true).open(&draft)? };
        book.write(&Record::Begin {
            format_version: FORMAT_VERSION.to_owned(),
            at: clock::now(),
            by: Owner::me(),
            plan: Box::new(plan),
        })?;
        std::fs::rename(&draft, path)?;
        // Else a crash could take the file's name with it.
        if let Some(directory) = path.parent() {
            File::open(directory)?.sync_all()?;
        }
        Ok(book)
    }

    /// Goes on with the journal of an earlier apply, which `whole` bytes of are sound.
    pub(super) fn resume(path: &Path, whole: u64) -> io::Result<Self> {
        let file = OpenOptions::new().append(true).open(path)?;
        file.set_len(whole)?;
        Ok(Self { file })
    }

    pub(super) fn settled(&mut self, object: &ObjectRef, found: Found, id: Option<String>) -> io::Result<()> {
        self.write(&Record::Settled { at: clock::now(), object: object.clone(), found, id })
    }

    pub(crate) fn end(&mut self, how: Ending) -> io::Result<()> {
        self.write(&Record::End { at: clock::now(), how })
    }

    fn write(&mut self, record: &Record) -> io::Result<()> {
        let mut line = serde_json::to_vec(record)?;
        line.push(b'\n');
        self.file.write_all(&line)?;
        self.file.sync_data()
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

/// Files here are for their owner: they name customers' prices, though no secrets.
pub(super) fn private() -> OpenOptions {
    #[cfg_attr(not(unix), expect(unused_mut, reason = "only Unix has modes"))]
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}
