//! The files of a configuration. The one place that reads them.

use std::{
    fs,
    io::{self, Read},
    path::{Path, PathBuf},
};

use walkdir::WalkDir;

use crate::{
    language::t,
    source::{Problem, codes},
};

/// Larger than any real configuration: 100,000 prices are some 10 MB.
const MAX_BYTES: u64 = 64 * 1024 * 1024;

/// A file's name as it is shown, and its text.
pub(crate) type File = (String, String);

/// Reads a file, or all `*.yaml` and `*.yml` files of a directory in sorted order.
/// What cannot be read is a problem; the rest is still read, so that all faults come out in one run.
pub(crate) fn read(path: &Path) -> (Vec<File>, Vec<Problem>) {
    let (paths, mut problems) = find(path);
    let mut files = Vec::with_capacity(paths.len());
    for path in paths {
        match read_file(&path) {
            Ok(file) => files.push(file),
            Err(problem) => problems.push(*problem),
        }
    }
    (files, problems)
}

/// Whether there is a configuration, readable or not: a file, or a directory with files to read.
pub(crate) fn holds_files(path: &Path) -> bool {
    path.exists() && find(path).1.iter().all(|problem| problem.code != codes::NO_FILES)
}

type Found = (Vec<PathBuf>, Vec<Problem>);

fn find(path: &Path) -> Found {
    match fs::metadata(path) {
        Err(error) => return (Vec::new(), vec![unreadable(path, &error)]),
        Ok(meta) if !meta.is_dir() => return (vec![path.to_owned()], Vec::new()),
        Ok(_) => {}
    }
    let (mut paths, mut problems) = (Vec::new(), Vec::new());
    // Hidden directories are other programs' (`.git`, `.github`); links are followed, loops are errors.
    let walk = WalkDir::new(path).follow_links(true).sort_by_file_name().into_iter();
    for entry in walk.filter_entry(|entry| entry.depth() == 0 || !is_hidden(entry.path())) {
        match entry {
            Ok(entry) if !entry.file_type().is_dir() && is_yaml(entry.path()) => {
                paths.push(entry.into_path());
            }
            Ok(_) => {}
            Err(error) => {
                let at = error.path().unwrap_or(path).to_owned();
                let error =
                    error.into_io_error().unwrap_or_else(|| io::Error::other(t!("links lead in a circle")));
                problems.push(unreadable(&at, &error));
            }
        }
    }
    if paths.is_empty() && problems.is_empty() {
        let message = t!("`{path}` holds no `*.yaml` or `*.yml` file", path = path.display());
        let problem = Problem::of_path(path, codes::NO_FILES, message);
        problems.push(problem.with_help(t!("name the directory that holds the configuration")));
    }
    (paths, problems)
}

fn is_hidden(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."))
}

fn is_yaml(path: &Path) -> bool {
    path.extension().is_some_and(|end| end.eq_ignore_ascii_case("yaml") || end.eq_ignore_ascii_case("yml"))
}

pub(super) fn read_file(path: &Path) -> Result<File, Box<Problem>> {
    let mut bytes = Vec::new();
    let read = fs::File::open(path).and_then(|file| file.take(MAX_BYTES + 1).read_to_end(&mut bytes));
    read.map_err(|error| Box::new(unreadable(path, &error)))?;
    if bytes.len() as u64 > MAX_BYTES {
        let message = t!("`{path}` is larger than 64 MiB", path = path.display());
        return Err(Box::new(
            Problem::of_path(path, codes::TOO_LARGE, message).with_help(t!("split it into several files")),
        ));
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok((path.display().to_string(), text)),
        Err(error) => {
            let valid = error.utf8_error().valid_up_to();
            let line = error.as_bytes()[..valid].iter().filter(|&&byte| byte == b'\n').count() + 1;
            let message = t!(
                "`{path}` is not UTF-8: byte {valid}, in line {line}",
                path = path.display(),
                valid = valid,
                line = line
            );
            Err(Box::new(
                Problem::of_path(path, codes::NOT_UTF8, message).with_help(t!("save the file as UTF-8")),
            ))
        }
    }
}

fn unreadable(path: &Path, error: &io::Error) -> Problem {
    let message = t!("cannot read `{path}`: {error}", path = path.display(), error = error);
    Problem::of_path(path, codes::UNREADABLE, message)
        .with_help(t!("check the path, and that it may be read"))
}
