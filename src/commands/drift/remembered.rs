//! The file that remembers what was told of a drift, in the panel's part of the state directory.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use super::super::{exit::Stop, files, state};
use crate::{
    cli::Drift, journal::Shelf, language::t, news::Memory, report, saved::digest, terminal::Terminal,
};

const DAMAGED: &str = "drift::damaged_memory";

/// What is remembered of a configuration on a panel, and where.
pub(super) struct Remembered {
    path: PathBuf,
    pub(super) memory: Memory,
}

impl Remembered {
    /// What is remembered, to be added to. A file that cannot be understood is set aside, not written over: the
    /// worst that comes of it is that everything is news once more.
    pub(super) fn open(terminal: &Terminal, args: &Drift, url: &str) -> Result<Self, Stop> {
        let state = state::of(&args.state)?;
        let shelf = state.shelf(url);
        shelf.prepare().map_err(|error| state::unusable(&state, &error))?;
        let path = file(&shelf, &args.path);
        let text = match fs::read(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Ok(Self { path, memory: Memory::default() });
            }
            read => read.map_err(|error| state::unusable(&state, &error))?,
        };
        let memory = Memory::parse(&text);
        if memory.is_none() {
            let aside = path.with_extension("damaged");
            fs::rename(&path, &aside).map_err(|error| state::unusable(&state, &error))?;
            terminal.complain(&t!(
                "warning: {file} is damaged; it is kept as {aside}, and all drift counts as news ({code})",
                file = path.display(),
                aside = aside.display(),
                code = DAMAGED
            ));
        }
        Ok(Self { path, memory: memory.unwrap_or_default() })
    }

    /// What is remembered, for somebody who only reads; nothing where nothing is.
    pub(super) fn known(args: &Drift, url: &str) -> Option<Self> {
        let path = file(&state::of(&args.state).ok()?.shelf(url), &args.path);
        let memory = Memory::parse(&fs::read(&path).ok()?)?;
        Some(Self { path, memory })
    }

    pub(super) fn save(&self) -> Result<(), Stop> {
        files::write(&self.path, |mut out| report::document(&self.memory, &mut out))
    }
}

/// Two configurations for one panel have nothing to do with each other.
fn file(shelf: &Shelf, config: &Path) -> PathBuf {
    let whole = fs::canonicalize(config).unwrap_or_else(|_| config.to_owned());
    let number: String =
        digest(&whole.display().to_string()).chars().skip("sha256:".len()).take(12).collect();
    shelf.file(&format!("drift-{number}.json"))
}
