//! The state directory: who applied what, and who does so now.

use std::{collections::BTreeMap, io, sync::atomic::AtomicBool};

use super::{
    connect::Session,
    exit::{Exit, Stop},
};
use crate::{
    apply::{self, Act, Answer, Found, Ledger, Tools},
    cli::StateArgs,
    journal::{Entry, JournalError, Lock, NoLock, Past, Shelf, State},
    kinds::Snapshot,
    plan::{ObjectOutcome, ObjectRef},
    terminal::Terminal,
};

/// The state directory that is meant.
pub(super) fn of(args: &StateArgs) -> Result<State, Stop> {
    let given = args.state_dir.clone().map(State::new);
    given.or_else(State::usual).ok_or_else(|| {
        let text = "nobody says where to keep the journal, and there is no home directory";
        Stop::new(Exit::Usage, "usage::missing", text, Some("give --state-dir or BILLFORM_STATE_DIR"))
    })
}

/// An error of the state directory's files.
pub(super) fn unusable(state: &State, error: &io::Error) -> Stop {
    let text = format!("the state directory {} cannot be used: {error}", state.root().display());
    let help =
        "without a journal nothing is written to the panel; make it writable or give another --state-dir";
    Stop::new(Exit::Invalid, "journal::unwritable", text, Some(help))
}

/// The panel's part of the state directory, for this run alone.
pub(super) fn lock(terminal: &Terminal, state: &State, url: &str) -> Result<(Shelf, Lock), Stop> {
    let shelf = state.shelf(url);
    shelf.prepare().map_err(|error| unusable(state, &error))?;
    match shelf.lock() {
        Ok(lock) => {
            if let Some(dead) = &lock.taken_over_from {
                terminal
                    .say(&format!("The last apply ended without a word ({dead}); its lock is taken over."));
            }
            Ok((shelf, lock))
        }
        Err(NoLock::Failed(error)) => Err(unusable(state, &error)),
        Err(NoLock::Held(holder)) => {
            let who = holder.map_or("another apply".to_owned(), |holder| format!("{holder}"));
            let text = format!("an apply to {url} is running: {who}");
            Err(Stop::new(
                Exit::Refused,
                "journal::locked",
                text,
                Some("wait until it has ended; nothing was written"),
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
    let help = "it is left as it is; move it away once nobody needs it";
    Stop::new(Exit::Invalid, "journal::damaged", error.to_string(), Some(help))
}

/// The applies that were cut short or left something in doubt, and that nobody has looked into.
pub(super) fn unsettled(terminal: &Terminal, shelf: &Shelf) -> io::Result<Vec<Entry>> {
    Ok(told(terminal, shelf.unsettled()?))
}

/// Says that an apply was cut short, for commands that write nothing.
pub(super) fn mention(terminal: &Terminal, state: &State, url: &str) {
    let entries = unsettled(terminal, &state.shelf(url)).unwrap_or_default();
    for entry in entries {
        terminal
            .say(&format!("{} What follows was read after it; the next apply settles it.", doubts(&entry)));
    }
}

fn doubts(entry: &Entry) -> String {
    let names: Vec<String> = entry.in_doubt().map(ObjectRef::to_string).collect();
    let names = if names.is_empty() { "nothing".to_owned() } else { names.join(", ") };
    let how = if entry.ending.is_none() { "was cut short and left" } else { "left" };
    format!("The apply {} ({}) {how} in doubt: {names}.", entry.id, entry.by)
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
    let ids = entry.ids();
    let mut found = Looked::new();
    let mut all = true;
    for object in entry.in_doubt() {
        let change = entry.plan.plan.changes.iter().find(|change| change.object == *object)?;
        let writer = session.panel.writer();
        let mut tools = Tools {
            site: &session.site,
            writer: &writer,
            snapshot: snapshot.clone(),
            secrets: &|_, _| Err("nothing is written while looking".to_owned()),
            ledger: &mut Closed,
            stop: &AtomicBool::new(false),
        };
        match apply::look(change, ids.clone(), &mut tools).await {
            Ok((state, id)) => {
                let words = match state {
                    Found::Applied => "it is as that plan wanted it",
                    Found::NotApplied => "it is as it was before",
                    Found::Neither => "it is neither as it was nor as that plan wanted it",
                };
                terminal.complain(&format!("  {object}: {words}"));
                found.push((object.clone(), state, id));
            }
            Err(why) => {
                terminal.complain(&format!("  {object}: cannot be told: {why}"));
                all = false;
            }
        }
    }
    all.then_some(found)
}

/// A ledger for those who only look.
struct Closed;

impl Ledger for Closed {
    fn intent(&mut self, _: &ObjectRef, _: Act) -> io::Result<()> {
        Err(io::Error::other("nothing is written while looking"))
    }

    fn answer(&mut self, _: &ObjectRef, _: Answer) -> io::Result<()> {
        Ok(())
    }

    fn result(&mut self, _: &ObjectOutcome) -> io::Result<()> {
        Ok(())
    }
}

/// The ids of applies, for a message.
pub(super) fn find(state: &State, entries: Vec<Entry>, id: &str) -> Result<Entry, Stop> {
    // The applies to one panel are counted, for a clock may jump; between panels only the clock can tell.
    let latest: BTreeMap<_, &Entry> = entries.iter().map(|entry| (entry.shelf(), entry)).collect();
    let newest = latest.values().max_by_key(|entry| &entry.began_at).map(|entry| entry.id.clone());
    let wanted = if id == "last" { newest.clone() } else { Some(id.to_owned()) };
    let mut by_id: BTreeMap<String, Entry> =
        entries.into_iter().map(|entry| (entry.id.clone(), entry)).collect();
    wanted.and_then(|id| by_id.remove(&id)).ok_or_else(|| {
        let text = format!("no apply `{id}` is on record in {}", state.root().display());
        let help = newest
            .map_or("no apply was made yet, or its journal is in another --state-dir".to_owned(), |id| {
                format!("see `billform history`; the newest is {id}")
            });
        Stop::new(Exit::Usage, "journal::unknown", text, Some(&help))
    })
}
