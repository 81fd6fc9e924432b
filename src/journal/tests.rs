//! The files of a state directory.

use std::{fs, path::PathBuf};

use tempfile::TempDir;

use super::{
    Book, Ending, Entry, JournalError, NoLock, Shelf, State,
    book::DRAFT,
    is_settled_at_a_glance,
    lock::{Holder, Lock},
    record::Owner,
};
use crate::{
    apply::{Act, Answer, Found, Ledger},
    kinds::{ConfigSpec, Snapshot},
    plan::{Action, Fate, ObjectOutcome, ObjectRef},
    report::tests::samples,
    saved::SavedPlan,
};

fn saved() -> SavedPlan {
    let fields = vec![samples::field("name.en", samples::text("Old"), samples::text("New"))];
    let plan = samples::plan(vec![samples::change(Action::Update, "enumeration", "panel", fields)]);
    SavedPlan::new(
        plan,
        &ConfigSpec { version: 1, ..ConfigSpec::default() },
        &Snapshot::default(),
        "2026-11-22T20:32:24Z".to_owned(),
    )
}

fn panel() -> ObjectRef {
    samples::object("enumeration", "panel")
}

fn shelf() -> (TempDir, Shelf) {
    let directory = tempfile::tempdir().unwrap();
    let shelf = State::new(directory.path().join("state")).shelf("https://bill.example.com/billmgr");
    shelf.prepare().unwrap();
    (directory, shelf)
}

fn result(fate: Fate) -> ObjectOutcome {
    ObjectOutcome { action: Action::Update, object: panel(), id: Some("12".to_owned()), fate }
}

fn in_doubt() -> Fate {
    Fate::Failed { code: "panel::timeout".into(), message: "no answer".into(), help: None, in_doubt: true }
}

/// The journal of an apply that went as far as `steps` lets it.
fn run(shelf: &Shelf, steps: impl FnOnce(&mut Book)) -> PathBuf {
    let (id, mut book) = shelf.begin(saved()).unwrap();
    steps(&mut book);
    shelf.directory.join(format!("{id}.jsonl"))
}

fn all_done(book: &mut Book) {
    book.intent(&panel(), Act::Update).unwrap();
    book.answer(&panel(), Answer::Accepted).unwrap();
    book.result(&result(Fate::Done)).unwrap();
    book.end(Ending::Finished).unwrap();
}

fn names(shelf: &Shelf) -> Vec<String> {
    let files = fs::read_dir(&shelf.directory).unwrap();
    let mut names: Vec<String> = files.map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[cfg(unix)]
fn mode(path: &std::path::Path) -> u32 {
    std::os::unix::fs::PermissionsExt::mode(&fs::metadata(path).unwrap().permissions()) & 0o777
}

#[test]
fn a_lock_is_taken_over_only_when_it_is_free() {
    let (_directory, shelf) = shelf();
    let first = shelf.lock().unwrap();
    assert!(first.taken_over_from.is_none());
    let Err(NoLock::Held(Some(holder))) = shelf.lock() else { panic!("one lock is held twice") };
    assert_eq!(holder.by, Owner::me());
    // Who asks in vain leaves the file as it is.
    let path = shelf.directory.join("lock");
    assert!(serde_json::from_slice::<Holder>(&fs::read(&path).unwrap()).is_ok());
    drop(first);
    assert_eq!(fs::read(&path).unwrap(), b"", "who leaves in order leaves no name");
    assert!(shelf.lock().unwrap().taken_over_from.is_none());
    let dead = Holder { by: Owner { pid: 1, ..Owner::me() }, since: "2026-11-22T20:32:24Z".to_owned() };
    fs::write(&path, serde_json::to_vec(&dead).unwrap()).unwrap();
    assert_eq!(shelf.lock().unwrap().taken_over_from.as_ref().unwrap().by.pid, 1);
    for strange in [&b"\xff\x00{"[..], &b"{\"by\":".repeat(10_000)] {
        fs::write(&path, strange).unwrap();
        assert!(shelf.lock().unwrap().taken_over_from.is_none());
    }
}

#[cfg(unix)]
#[test]
fn a_lock_that_leads_elsewhere_is_not_followed() {
    let (directory, shelf) = shelf();
    let precious = directory.path().join("precious");
    fs::write(&precious, "kept").unwrap();
    let lock = shelf.directory.join("lock");
    std::os::unix::fs::symlink(&precious, &lock).unwrap();
    assert!(matches!(shelf.lock(), Err(NoLock::Failed(_))));
    assert_eq!(fs::read_to_string(&precious).unwrap(), "kept");
    fs::remove_file(&lock).unwrap();
    // Nor does a link to nowhere make a file there.
    std::os::unix::fs::symlink(directory.path().join("nowhere"), &lock).unwrap();
    assert!(matches!(shelf.lock(), Err(NoLock::Failed(_))));
    assert!(!directory.path().join("nowhere").exists());
    fs::remove_file(&lock).unwrap();
    fs::create_dir(&lock).unwrap();
    assert!(matches!(Lock::take(&lock), Err(NoLock::Failed(_))));
}

#[cfg(unix)]
#[test]
fn state_is_for_its_owner_alone() {
    let (directory, shelf) = shelf();
    let _lock = shelf.lock().unwrap();
    let journal = run(&shelf, all_done);
    assert_eq!((mode(&journal), mode(&shelf.directory.join("lock"))), (0o600, 0o600));
    assert_eq!((mode(&shelf.directory), mode(&directory.path().join("state"))), (0o700, 0o700));
}

#[test]
fn a_journal_is_there_entirely_or_not_at_all() {
    let (directory, shelf) = shelf();
    let journal = run(&shelf, |_| {});
    let text = fs::read(&journal).unwrap();
    assert!(text.ends_with(b"\n") && text.iter().filter(|byte| **byte == b'\n').count() == 1);
    assert_eq!(names(&shelf).len(), 1, "no draft is left");
    // Where the name cannot be given nothing is left either.
    let taken = directory.path().join("taken.jsonl");
    fs::create_dir(&taken).unwrap();
    fs::write(taken.join("file"), "").unwrap();
    assert!(Book::begin(&taken, saved()).is_err());
    assert!(!taken.with_extension(DRAFT).exists());
    let nowhere = State::new(directory.path().join("nowhere")).shelf("https://bill.example.com");
    assert!(nowhere.begin(saved()).is_err() && nowhere.last().is_none());
}

#[test]
fn the_draft_of_a_killed_apply_is_cleared_away() {
    let (directory, shelf) = shelf();
    let draft = shelf.directory.join(format!("1-abcd.{DRAFT}"));
    fs::write(&draft, "{\"record\":\"beg").unwrap();
    assert!(shelf.last().is_none() && shelf.past().unwrap().entries.is_empty());
    let precious = directory.path().join("precious");
    fs::write(&precious, "kept").unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink(&precious, shelf.directory.join(format!("2-abcd.{DRAFT}"))).unwrap();
    run(&shelf, all_done);
    assert_eq!(names(&shelf).len(), 1);
    assert_eq!(fs::read_to_string(&precious).unwrap(), "kept");
    // A draft that appears under the very name is not written to.
    fs::write(&draft, "somebody's").unwrap();
    assert!(Book::begin(&draft.with_extension("jsonl"), saved()).is_err());
    assert_eq!(fs::read_to_string(&draft).unwrap(), "somebody's");
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_error_and_what_follows_is_not_written_behind_half_a_line() {
    let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let mut book = Book::on(full);
    let error = book.intent(&panel(), Act::Update).unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::StorageFull);
    // That file cannot be cut back.
    let error = book.end(Ending::Finished).unwrap_err();
    assert!(error.to_string().contains("in part"), "{error}");
}

#[test]
fn numbers_go_on_behind_gaps() {
    let (_directory, shelf) = shelf();
    for name in ["1-aaaa.jsonl", "7-bbbb.jsonl", "notes.jsonl", "9-cccc.txt", "10-dddd"] {
        fs::write(shelf.directory.join(name), "").unwrap();
    }
    let (id, _) = shelf.begin(saved()).unwrap();
    assert!(id.starts_with("8-"), "{id}");
    fs::write(shelf.directory.join("12-eeee.jsonl"), "").unwrap();
    let (id, _) = shelf.begin(saved()).unwrap();
    assert!(id.starts_with("13-"), "{id}");
    let order = shelf.journals().unwrap();
    let order: Vec<u64> = order.iter().map(|path| super::number(path)).collect();
    assert_eq!(order, [0, 1, 7, 8, 12, 13]);
}

#[test]
fn what_cannot_be_read_is_reported_beside_what_can() {
    let (_directory, shelf) = shelf();
    let journal = run(&shelf, all_done);
    let text = fs::read_to_string(&journal).unwrap();
    let put = |name: &str, text: &str| fs::write(shelf.directory.join(name), text).unwrap();
    put("2-aaaa.jsonl", "");
    put("3-aaaa.jsonl", &text.replacen("\"1.0\"", "\"2.0\"", 1));
    put("4-aaaa.jsonl", &text.replacen("\"record\":\"answer\"", "\"record\":\"begin\"", 1));
    put("5-aaaa.jsonl", &text.split_inclusive('\n').skip(1).collect::<String>());
    put("6-aaaa.jsonl", &format!("{{\"format_version\":\"{}\"}}\n", "9".repeat(1000)));
    fs::create_dir(shelf.directory.join("7-aaaa.jsonl")).unwrap();
    let past = shelf.past().unwrap();
    assert_eq!(past.entries.len(), 1);
    let told: Vec<&str> = past
        .unreadable
        .iter()
        .map(|error| match error {
            JournalError::Unreadable { .. } => "unreadable",
            JournalError::Damaged { line: 1, .. } => "damaged at once",
            JournalError::Damaged { line: 3, .. } => "damaged",
            JournalError::Damaged { .. } => "damaged elsewhere",
            JournalError::Version { .. } => "version",
        })
        .collect();
    let as_told = ["damaged at once", "version", "damaged", "damaged at once", "version", "unreadable"];
    assert_eq!(told, as_told);
    assert!(past.unreadable.iter().all(|error| error.to_string().len() < 400));
    // The same is said to those who only ask what is unsettled.
    assert_eq!(shelf.unsettled().unwrap().unreadable.len(), as_told.len());
}

#[test]
fn only_what_may_be_unsettled_is_read_whole() {
    let (_directory, shelf) = shelf();
    let settled = run(&shelf, all_done);
    let cut_short = run(&shelf, |book| book.intent(&panel(), Act::Update).unwrap());
    let doubtful = run(&shelf, |book| {
        book.intent(&panel(), Act::Update).unwrap();
        book.answer(&panel(), Answer::Unclear).unwrap();
        book.result(&result(in_doubt())).unwrap();
        book.end(Ending::Finished).unwrap();
    });
    // The plan of a settled apply is passed over, be it damaged; the history tells of that.
    let text = fs::read_to_string(&settled).unwrap();
    fs::write(&settled, text.replacen("\"plan\"", "\"plam\"", 1)).unwrap();
    assert!(is_settled_at_a_glance(&settled));
    let ids = |entries: &[Entry]| entries.iter().map(|entry| entry.path.clone()).collect::<Vec<_>>();
    let past = shelf.unsettled().unwrap();
    assert_eq!((ids(&past.entries), past.unreadable.len()), (vec![cut_short, doubtful], 0));
    assert_eq!(shelf.past().unwrap().unreadable.len(), 1);
    for entry in past.entries {
        shelf.settle(&entry, &[(panel(), Found::Applied, None)]).unwrap();
    }
    assert!(shelf.unsettled().unwrap().entries.is_empty());
    let entries = shelf.past().unwrap().entries;
    assert_eq!(entries[0].ending, Some(Ending::Settled));
    assert_eq!(entries[1].ending, Some(Ending::Finished));
}

#[test]
fn half_a_line_is_cut_off_before_the_next_is_written() {
    let (_directory, shelf) = shelf();
    let journal = run(&shelf, |book| book.intent(&panel(), Act::Update).unwrap());
    let whole = fs::read_to_string(&journal).unwrap();
    fs::write(&journal, format!("{whole}{{\"record\":\"answer\",\"at\":")).unwrap();
    let entry = shelf.past().unwrap().entries.remove(0);
    assert_eq!((entry.whole, entry.is_settled()), (whole.len() as u64, false));
    shelf.settle(&entry, &[(panel(), Found::NotApplied, None)]).unwrap();
    let text = fs::read_to_string(&journal).unwrap();
    assert!(text.starts_with(&whole) && text.lines().count() == whole.lines().count() + 2, "{text}");
    assert!(shelf.past().unwrap().entries.remove(0).is_settled());
}
