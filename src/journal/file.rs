//! Opening files of the state directory, which may be one that several people write to.

use std::{
    fs::{self, File, Metadata, OpenOptions},
    io,
    path::Path,
};

use crate::language::t;

/// Files here are for their owner: they name customers' prices, though no secrets.
pub(super) fn private() -> OpenOptions {
    #[cfg_attr(not(unix), expect(unused_mut, reason = "only Unix has modes"))]
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// Opens a file to write to, unless it is a link: that may have been laid by somebody else, and lead to a
/// file of ours that has nothing to do with this.
pub(super) fn open_plain(path: &Path, options: &OpenOptions) -> io::Result<File> {
    let seen = fs::symlink_metadata(path)?;
    if !seen.is_file() {
        return Err(io::Error::other(t!("{file} is no plain file", file = path.display())));
    }
    let file = options.open(path)?;
    if is_same(&seen, &file.metadata()?) {
        Ok(file)
    } else {
        Err(io::Error::other(t!("{file} became another file while it was opened", file = path.display())))
    }
}

#[cfg(unix)]
fn is_same(one: &Metadata, other: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    (one.dev(), one.ino()) == (other.dev(), other.ino())
}

#[cfg(not(unix))]
fn is_same(_: &Metadata, other: &Metadata) -> bool {
    other.is_file()
}
