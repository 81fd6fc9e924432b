//! One apply at a time on this machine, as a courtesy: what protects against lost updates is that each
//! object is compared with the plan before it is written.
//!
//! The operating system drops the lock with its process, so that a dead owner holds nothing.

use std::{
    fs::{File, TryLockError},
    io::{self, Read, Seek, Write},
    path::Path,
};

use serde::{Deserialize, Serialize};

use super::{
    clock,
    file::{open_plain, private},
    record::Owner,
};
use crate::language::t;

/// Held until it is dropped.
#[derive(Debug)]
pub(crate) struct Lock {
    file: File,
    /// Who held the lock and died with it.
    pub(crate) taken_over_from: Option<Holder>,
}

/// Who holds a lock, since when.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Holder {
    pub(crate) by: Owner,
    pub(crate) since: String,
}

impl std::fmt::Display for Holder {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(&t!("{owner}, since {time}", owner = self.by, time = self.since))
    }
}

/// Why there is no lock.
#[derive(Debug)]
pub(crate) enum NoLock {
    /// Somebody has it; who, if the file says so.
    Held(Option<Holder>),
    Failed(io::Error),
}

impl Lock {
    pub(super) fn take(path: &Path) -> Result<Self, NoLock> {
        let mut options = private();
        options.read(true).write(true);
        let mut file = match options.clone().create_new(true).open(path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => open_plain(path, &options),
            made => made,
        }
        .map_err(NoLock::Failed)?;
        let free = file.try_lock();
        let holder = holder(&mut file);
        match free {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(NoLock::Held(holder)),
            Err(TryLockError::Error(error)) => return Err(NoLock::Failed(error)),
        }
        let mut lock = Self { file, taken_over_from: holder };
        let me = Holder { by: Owner::me(), since: clock::now() };
        lock.write(&serde_json::to_vec(&me).unwrap_or_default()).map_err(NoLock::Failed)?;
        Ok(lock)
    }

    fn write(&mut self, text: &[u8]) -> io::Result<()> {
        self.file.set_len(0)?;
        self.file.rewind()?;
        self.file.write_all(text)?;
        self.file.sync_data()
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // An empty file says that its last owner left in order. The lock itself goes with the handle.
        drop(self.write(b""));
    }
}

fn holder(file: &mut File) -> Option<Holder> {
    let mut text = Vec::new();
    file.take(10_000).read_to_end(&mut text).ok()?;
    serde_json::from_slice(&text).ok()
}
