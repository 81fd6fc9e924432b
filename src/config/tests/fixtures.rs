//! Every file and directory under `tests/kinds/<kind>/invalid` with its rendered errors beside it.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use super::{rendered, root, same_as_file};
use crate::{
    config::load_texts,
    source::{Problems, codes, codes::CODES},
};

/// Codes whose faults no file in the repository can have; the tests of `files` and `places` have them.
const ELSEWHERE: &[&str] = &[
    codes::UNREADABLE,
    codes::NO_FILES,
    codes::NOT_UTF8,
    codes::TOO_LARGE,
    codes::TOO_MANY,
    codes::INVALID,
    codes::STALE_RATES,
];

fn sorted(directory: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(directory).into_iter().flatten();
    let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

fn kinds() -> Vec<PathBuf> {
    sorted(&root().join("tests/kinds")).into_iter().filter(|path| path.is_dir()).collect()
}

/// A fixture's texts by their names in its kind's directory; all of them where it is a directory.
fn texts(path: &Path) -> Vec<(String, String)> {
    let mut files = if path.is_dir() { sorted(path) } else { vec![path.to_owned()] };
    files.retain(|file| file.extension().is_some_and(|end| end == "yaml"));
    let name = |file: &Path| file.strip_prefix(path.parent().unwrap()).unwrap().display().to_string();
    files.iter().map(|file| (name(file), fs::read_to_string(file).unwrap())).collect()
}

fn invalid() -> Vec<(PathBuf, Problems)> {
    let fixtures = kinds().into_iter().flat_map(|kind| sorted(&kind.join("invalid")));
    fixtures
        .filter(|path| path.is_dir() || path.extension().is_some_and(|end| end == "yaml"))
        .map(|path| match load_texts(texts(&path)) {
            Err(problems) => (path, problems),
            Ok(_) => panic!("{} is valid", path.display()),
        })
        .collect()
}

#[test]
fn invalid_fixtures_are_reported_as_their_snapshots_say() {
    for (path, problems) in invalid() {
        let snapshot = path.with_file_name(format!("{}.txt", path.file_stem().unwrap().display()));
        same_as_file(&snapshot, &rendered(&problems));
    }
}

#[test]
fn every_code_has_a_fixture() {
    let found: BTreeSet<_> =
        invalid().iter().flat_map(|(_, problems)| problems.iter().map(|one| one.code)).collect();
    let missing: Vec<_> = CODES
        .iter()
        .map(|(code, _)| *code)
        .filter(|code| !found.contains(code) && !ELSEWHERE.contains(code))
        .collect();
    assert!(missing.is_empty(), "no fixture for {missing:?}");
    assert!(found.iter().all(|code| CODES.iter().any(|(known, _)| known == code)), "{found:?}");
}

#[test]
fn every_problem_says_what_to_do() {
    for (path, problems) in invalid() {
        for problem in &problems {
            assert!(problem.help.is_some(), "{}: {problem}", path.display());
        }
    }
}

#[test]
fn secrets_are_shown_nowhere() {
    for (path, problems) in invalid() {
        let json: Vec<_> = problems.iter().map(|problem| problem.to_json().to_string()).collect();
        for text in [rendered(&problems), json.join("\n")] {
            assert!(!text.contains("hunter2") && !text.contains("тайна"), "{}\n{text}", path.display());
        }
    }
}

#[test]
fn valid_fixtures_and_examples_are_valid() {
    let mut checked = 0;
    // The shipped table of licence codes is laid out as a configuration.
    let codes = root().join("data/licence-codes.yaml");
    // Files, and directories that are one configuration each.
    let mut examples = sorted(&root().join("examples"));
    // Scenarios and what pipelines run are other formats, with tests of their own.
    examples.retain(|path| !texts(path).is_empty() && !path.ends_with("scenarios") && !path.ends_with("ci"));
    for path in
        kinds().into_iter().flat_map(|kind| sorted(&kind.join("valid"))).chain(examples).chain([codes])
    {
        if let Err(problems) = load_texts(texts(&path)) {
            panic!("{}\n{}", path.display(), rendered(&problems));
        }
        checked += 1;
    }
    assert!(checked >= 9, "{checked}");
}
