//! Reading files and directories.

use std::{fs, path::Path};

use tempfile::TempDir;

use crate::{config::load, source::codes};

fn directory(files: &[(&str, &[u8])]) -> TempDir {
    let directory = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        let path = directory.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    directory
}

fn codes_at(path: &Path) -> Vec<&'static str> {
    load(path).err().expect("something is wrong").iter().map(|problem| problem.code).collect()
}

#[test]
fn directories_are_read_in_order_and_hidden_ones_are_not() {
    let directory = directory(&[
        ("b.yml", b"version: 1\n"),
        ("a/z.YAML", b"version: 1\n"),
        ("a/notes.txt", b"- {"),
        (".git/config.yaml", b"- {"),
        ("c.yaml", b"version: 1\n"),
    ]);
    let config = load(directory.path()).ok().unwrap();
    let names: Vec<_> =
        config.sources.iter().map(|source| source.name.rsplit('/').next().unwrap().to_owned()).collect();
    assert_eq!(names, ["z.YAML", "b.yml", "c.yaml"]);
    assert!(load(&directory.path().join("b.yml")).is_ok());
}

#[test]
fn what_cannot_be_read_is_a_problem_and_never_skipped() {
    assert_eq!(codes_at(Path::new("/nowhere/at all")), [codes::UNREADABLE]);
    assert_eq!(codes_at(directory(&[("notes.txt", b"")]).path()), [codes::NO_FILES]);
    assert_eq!(codes_at(directory(&[("a.yaml", b"version: 1 # \xff\n")]).path()), [codes::NOT_UTF8]);
    assert_eq!(codes_at(directory(&[("a.yaml", b"")]).path()), [codes::EMPTY]);
    #[cfg(unix)]
    {
        let directory = directory(&[("a.yaml", b"version: 1\n")]);
        std::os::unix::fs::symlink("nowhere", directory.path().join("b.yaml")).unwrap();
        assert_eq!(codes_at(directory.path()), [codes::UNREADABLE]);
    }
}

#[test]
fn huge_files_are_refused() {
    let directory = directory(&[("a.yaml", b"")]);
    let file = fs::File::create(directory.path().join("a.yaml")).unwrap();
    file.set_len(65 * 1024 * 1024).unwrap();
    assert_eq!(codes_at(directory.path()), [codes::TOO_LARGE]);
}

#[test]
fn one_unreadable_file_does_not_hide_the_faults_of_others() {
    let directory = directory(&[("a.yaml", b"\xff"), ("b.yaml", b"version: 2\n")]);
    assert_eq!(codes_at(directory.path()), [codes::NOT_UTF8, codes::VERSION]);
}
