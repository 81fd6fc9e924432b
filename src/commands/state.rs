//! The state directory: who applied what, and who does so now.

use std::{
    collections::{BTreeMap, BTreeSet},
    io,
};

use super::{
    connect::Session,
    exit::{Exit, Stop},
};
use crate::{
    apply::{self, Found},
    cli::{Select, StateArgs},
    journal::{Entry, JournalError, Lock, NoLock, Past, Shelf, State},
    kinds::Snapshot,
    language::t,
    plan::ObjectRef,
    reconcile::Ask,
    terminal::Terminal,
};

/// The state directory that is meant.
pub(super) fn of(args: &StateArgs) -> Result<State, Stop> {
    let given = args.state_dir.clone().map(State::new);
    given.or_else(State::usual).ok_or_else(|| {
        let text = t!("nobody says where to keep the journal, and there is no home directory");
        let help = t!("give --state-dir or BILLFORM_STATE_DIR");
        Stop::new(Exit::Usage, "usage::missing", text, Some(&help))
    })
}

/// What a plan is asked for, given what the journals tell of the panel.
pub(super) fn ask(shelf: Option<&Shelf>, rotate: BTreeSet<ObjectRef>, select: &Select) -> Ask {
    let last = shelf.and_then(Shelf::last);
    let unfinished = last.as_ref().map(Entry::unfinished).unwrap_or_default();
    Ask { rotate, selection: select.selection(), known_target: last.is_some(), unfinished }
}

/// An error of the state directory's files.
pub(super) fn unusable(state: &State, error: &io::Error) -> Stop {
    let directory = state.root().display();
    let text =
        t!("the state directory {directory} cannot be used: {error}", directory = directory, error = error);
    let help =
        t!("without a journal nothing is written to the panel; make it writable or give another --state-dir");
    Stop::new(Exit::Invalid, "journal::unwritable", text, Some(&help))
}

/// The panel's part of the state directory, for this run alone.
pub(super) fn lock(terminal: &Terminal, state: &State, url: &str) -> Result<(Shelf, Lock), Stop> {
    let shelf = state.shelf(url);
    shelf.prepare().map_err(|error| unusable(state, &error))?;
    match shelf.lock() {
        Ok(lock) => {
            if let Some(dead) = &lock.taken_over_from {
                terminal.say(&t!(
                    "The last apply ended without a word ({holder}); its lock is taken over.",
                    holder = dead
                ));
            }
            Ok((shelf, lock))
        }
        Err(NoLock::Failed(error)) => Err(unusable(state, &error)),
        Err(NoLock::Held(holder)) => {
            let who = holder.map_or_else(|| t!("another apply"), |holder| holder.to_string());
            let text = t!("an apply to {url} is running: {who}", url = url, who = who);
            Err(Stop::new(
                Exit::Refused,
                "journal::locked",
                text,
                Some(&t!("wait until it has ended; nothing was written")),
            ))
        }
    }
}

/// The applies of the past; a journal that cannot be read is complained of and left out.
pub(super) fn told(terminal: &Terminal, past: Past) -> Vec<Entry> {
    for error in &past.unreadable {
        for complaint in damaged(error).diagnostics() {
            terminal.complain(&terminal.report(complaint));
        }
    }
    past.entries
}

fn damaged(error: &JournalError) -> Stop {
    let help = t!("it is left as it is; move it away once nobody needs it");
    Stop::new(Exit::Invalid, "journal::damaged", error.to_string(), Some(&help))
}

/// The applies that were cut short or left something in doubt, and that nobody has looked into.
pub(super) fn unsettled(terminal: &Terminal, shelf: &Shelf) -> io::Result<Vec<Entry>> {
    Ok(told(terminal, shelf.unsettled()?))
}

/// Says that an apply was cut short, for commands that write nothing.
pub(super) fn mention(terminal: &Terminal, state: &State, url: &str) {
    let entries = unsettled(terminal, &state.shelf(url)).unwrap_or_default();
    for entry in entries {
        terminal.say(&t!(
            "{doubts} What follows was read after it; the next apply settles it.",
            doubts = doubts(&entry)
        ));
    }
}

fn doubts(entry: &Entry) -> String {
    let names: Vec<String> = entry.in_doubt().map(ObjectRef::to_string).collect();
    let names = if names.is_empty() { t!("nothing") } else { names.join(", ") };
    let (id, by) = (&entry.id, &entry.by);
    if entry.ending.is_none() {
        t!(
            "The apply {id} ({owner}) was cut short and left in doubt: {names}.",
            id = id,
            owner = by,
            names = names
        )
    } else {
        t!("The apply {id} ({owner}) left in doubt: {names}.", id = id, owner = by, names = names)
    }
}

/// Says what was left in doubt by applies that were cut short, and what reading the panel shows of it.
pub(super) async fn settle(
    terminal: &Terminal,
    shelf: &Shelf,
    session: &Session,
    snapshot: &Snapshot,
) -> io::Result<()> {
    for entry in unsettled(terminal, shelf)? {
        terminal.complain(&doubts(&entry));
        let Some(found) = look(terminal, &entry, session, snapshot).await else { continue };
        shelf.settle(&entry, &found)?;
    }
    Ok(())
}

type Looked = Vec<(ObjectRef, Found, Option<String>)>;

/// What became of everything in doubt; nothing where not all of it can be told.
async fn look(terminal: &Terminal, entry: &Entry, session: &Session, snapshot: &Snapshot) -> Option<Looked> {
    let panel = (&session.site, &session.panel.writer(), snapshot);
    let seen = apply::look(&entry.plan.plan, entry.in_doubt(), &entry.ids(), panel).await;
    let mut found = Some(Looked::new());
    for (object, seen) in seen {
        match seen {
            Ok((state, id)) => {
                let words = match state {
                    Found::Applied => t!("it is as that plan wanted it"),
                    Found::NotApplied => t!("it is as it was before"),
                    Found::Neither => t!("it is neither as it was nor as that plan wanted it"),
                    Found::Hidden => {
                        t!("nobody can see whether its secret was sent; --rotate-secret sends it again")
                    }
                };
                terminal.complain(&format!("  {object}: {words}"));
                found.iter_mut().for_each(|found| found.push((object.clone(), state, id.clone())));
            }
            Err(why) => {
                terminal.complain(&format!(
                    "  {}",
                    t!("{object}: cannot be told: {why}", object = object, why = why)
                ));
                found = None;
            }
        }
    }
    found
}

/// The apply of that id; `last` is the newest.
pub(super) fn find(state: &State, entries: Vec<Entry>, id: &str) -> Result<Entry, Stop> {
    // The applies to one panel are counted, for a clock may jump; between panels only the clock can tell.
    let latest: BTreeMap<_, &Entry> = entries.iter().map(|entry| (entry.shelf(), entry)).collect();
    let newest = latest.values().max_by_key(|entry| &entry.began_at).map(|entry| entry.id.clone());
    let wanted = if id == "last" { newest.clone() } else { Some(id.to_owned()) };
    let mut by_id: BTreeMap<String, Entry> =
        entries.into_iter().map(|entry| (entry.id.clone(), entry)).collect();
    wanted.and_then(|id| by_id.remove(&id)).ok_or_else(|| {
        let directory = state.root().display();
        let text = t!("no apply `{id}` is on record in {directory}", id = id, directory = directory);
        let help = newest.map_or_else(
            || t!("no apply was made yet, or its journal is in another --state-dir"),
            |id| t!("see `billform history`; the newest is {id}", id = id),
        );
        Stop::new(Exit::Usage, "journal::unknown", text, Some(&help))
    })
}
