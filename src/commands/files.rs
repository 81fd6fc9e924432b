//! Files for people and programs: there entirely or not at all.

use std::{
    fs::File,
    io::{self, BufWriter, Write},
    path::Path,
};

use super::exit::{Exit, Stop};
use crate::language::t;

/// Writes a file under another name and then moves it to its place, so that a reader, or a full disk, never
/// sees half of it. What is there and is no file, like `/dev/stderr` or a pipe, is written to as it is.
pub(super) fn write(path: &Path, fill: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), Stop> {
    let special = std::fs::metadata(path).is_ok_and(|there| !there.is_file());
    let written = if special { straight(path, fill) } else { whole(path, fill) };
    written.map_err(|error| {
        let text = t!("cannot write {file}: {error}", file = path.display(), error = error);
        let help = t!("check that its directory exists and may be written to");
        Stop::new(Exit::Invalid, "file::unwritable", text, Some(&help))
    })
}

/// Writes a file as a whole or not at all. One that is not as it was read, or is there although nothing was read,
/// is left alone: an error with that code.
pub(super) fn replace(path: &Path, before: Option<&str>, text: &str, code: &str) -> Result<(), Stop> {
    // Through a link the file is replaced, not the link.
    let target = if before.is_some() { path.canonicalize()? } else { path.to_owned() };
    let unchanged = match before {
        Some(before) => std::fs::read(&target)? == before.as_bytes(),
        None => !target.exists(),
    };
    if !unchanged {
        let text = t!("{file} was written by someone else meanwhile", file = path.display());
        let help = t!("it was left as it is; run this again");
        return Err(Stop::new(Exit::Conflict, code, text, Some(&help)));
    }
    write(&target, |out| out.write_all(text.as_bytes()))
}

fn straight(path: &Path, fill: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    let mut out = BufWriter::new(File::options().write(true).open(path)?);
    fill(&mut out)?;
    out.flush()
}

fn whole(path: &Path, fill: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    let directory = path.parent().filter(|directory| !directory.as_os_str().is_empty());
    // Hidden, so that no reader of the directory takes it for configuration.
    let mut draft = tempfile::Builder::new();
    draft.prefix(".billform-");
    match path.metadata() {
        Ok(there) => drop(draft.permissions(there.permissions())),
        // A new file is as readable as any other; the umask has the last word.
        #[cfg(unix)]
        Err(_) => drop(draft.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666))),
        #[cfg(not(unix))]
        Err(_) => {}
    }
    let mut out = BufWriter::new(draft.tempfile_in(directory.unwrap_or(Path::new(".")))?);
    fill(&mut out)?;
    let draft = out.into_inner().map_err(io::IntoInnerError::into_error)?;
    draft.as_file().sync_all()?;
    draft.persist(path)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{replace, write};

    #[test]
    fn a_file_that_cannot_be_finished_leaves_the_old_one() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("plan.md");
        write(&path, |out| out.write_all(b"one")).unwrap();
        let failed = write(&path, |out| {
            out.write_all(b"tw")?;
            Err(std::io::Error::other("the disk is full"))
        });
        assert!(failed.is_err());
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "one");
        assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 1, "no draft is left");
        write(&path, |out| out.write_all(b"three")).unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "three");
        assert!(write(&directory.path().join("nowhere/plan.md"), |_| Ok(())).is_err());
        assert!(write(directory.path(), |_| Ok(())).is_err(), "a directory is no file");
    }

    #[cfg(unix)]
    #[test]
    fn what_is_no_file_is_written_to_as_it_is() {
        write(std::path::Path::new("/dev/null"), |out| out.write_all(b"gone")).unwrap();
        assert!(!std::fs::metadata("/dev/null").unwrap().is_file());
    }

    #[cfg(unix)]
    #[test]
    fn others_may_read_what_the_mask_lets_them() {
        use std::os::unix::fs::PermissionsExt as _;
        let directory = tempfile::tempdir().unwrap();
        let (ours, usual) = (directory.path().join("ours"), directory.path().join("usual"));
        write(&ours, |out| out.write_all(b"x")).unwrap();
        std::fs::write(&usual, "x").unwrap();
        let mode = |path| std::fs::metadata(path).unwrap().permissions().mode();
        assert_eq!(mode(ours), mode(usual));
    }

    #[test]
    fn a_file_is_replaced_only_if_it_is_as_it_was_read() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("a.yaml");
        replace(&path, None, "one", "x").unwrap();
        assert!(replace(&path, None, "two", "x").is_err());
        assert!(replace(&path, Some("other"), "two", "x").is_err());
        replace(&path, Some("one"), "two", "x").unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "two");
        assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn links_and_permissions_stay() {
        use std::os::unix::fs::PermissionsExt as _;
        let directory = tempfile::tempdir().unwrap();
        let (path, link) = (directory.path().join("a.txt"), directory.path().join("a.yaml"));
        std::fs::write(&path, "one").unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();
        std::os::unix::fs::symlink(&path, &link).unwrap();
        replace(&link, Some("one"), "two", "x").unwrap();
        assert!(link.is_symlink());
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "two");
        assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o640);
    }
}
