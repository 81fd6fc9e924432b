//! A history as it is played, and the rules it is held against.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
    sync::atomic::AtomicBool,
    time::Duration,
};

use secrecy::SecretString;
use tempfile::TempDir;

use super::{
    Kill, Rival, Stage, Step,
    deed::{self, Deed},
    permit::{Permit, columns, table_of},
    table::{BY_HAND, Tables},
    wish::Wish,
};
use crate::{
    apply::{self, Tools},
    config::{self, Config},
    export,
    journal::{self, Ending, Shelf},
    kinds::{self, KindError, Scope, Site, Snapshot},
    plan::{Action, Change, Fate, Outcome, Plan, Value},
    reconcile::{self, Ask},
    sandbox::{Fault, FaultKind, Hand, RequestRecord},
    saved::SavedPlan,
    tests::site,
};

/// What no text may hold.
const CANARY: &str = "opens-nothing-7f3a";

/// Fails the history where something does not hold.
macro_rules! ensure {
    ($holds:expr, $($why:tt)+) => {
        if !$holds {
            return Err(format!($($why)+));
        }
    };
}

pub(super) struct World<'s> {
    stage: &'s Stage,
    state: TempDir,
    shelf: Shelf,
    wish: Wish,
    kept: Option<Kept>,
    /// What others did, each after which request.
    deeds: Vec<(usize, Hand)>,
    /// How many applies have begun.
    applies: usize,
    /// Requests when the running apply had read what it plans from.
    read: Cell<usize>,
    faulty: bool,
    /// The configuration as it was last read, with its text.
    config: RefCell<Option<(String, Rc<Config>)>>,
}

/// A plan that was kept.
#[derive(Clone)]
struct Kept {
    saved: SavedPlan,
    wish: Wish,
    /// Requests before it was made and by then, and applies.
    at: usize,
    read: usize,
    applies: usize,
}

/// An apply that went through.
struct Ran {
    plan: Plan,
    outcome: Outcome,
}

impl<'s> World<'s> {
    pub(super) fn new(stage: &'s Stage, wish: Wish) -> Self {
        let state = tempfile::tempdir().unwrap();
        let shelf = journal::State::new(state.path().to_owned()).shelf(stage.sandbox.url());
        shelf.prepare().unwrap();
        Self {
            stage,
            state,
            shelf,
            wish,
            kept: None,
            deeds: Vec::new(),
            applies: 0,
            read: Cell::new(0),
            faulty: false,
            config: RefCell::default(),
        }
    }

    pub(super) async fn step(&mut self, step: &Step) -> Result<(), String> {
        match step {
            Step::Config(edit) => self.wish.edit(edit),
            Step::Panel(deed) => self.act(deed),
            Step::Later(after, deed) => {
                let now = self.arrived();
                for hand in deed.hands(&self.tables(), &self.wish, true) {
                    self.stage.sandbox.later(*after, hand.clone());
                    self.deeds.push((now + after, hand));
                }
            }
            Step::Fault { skip, times, kind } => {
                let (skip, times, kind) = (*skip, *times, kind.clone());
                self.stage.sandbox.inject(Fault { func: None, skip, times, kind });
                self.faulty = true;
            }
            Step::Plan => drop(self.plan(&self.wish).await?),
            Step::Save => {
                let (at, applies) = (self.arrived(), self.applies);
                let planned = self.plan(&self.wish).await?;
                let (wish, read) = (self.wish.clone(), self.arrived());
                self.kept = planned.map(|saved| Kept { saved, wish, at, read, applies });
            }
            Step::Apply(kill, rival) => {
                self.meet(None, *rival).await;
                self.apply(None, *kill).await?;
            }
            Step::ApplySaved(kill, rival) => {
                if let Some(kept) = self.kept.clone() {
                    self.meet(Some(&kept), *rival).await;
                    self.apply(Some(kept), *kill).await?;
                }
            }
        }
        Ok(())
    }

    /// With nobody in the way, one apply does all that was left, and nothing is in doubt.
    pub(super) async fn finish(&mut self) -> Result<(), String> {
        self.calm();
        self.stage.sandbox.clear_hands();
        let now = self.arrived();
        self.deeds.retain(|(at, _)| *at <= now);
        // Whoever added a second one of something takes it away again; until then it is refused, and rightly.
        for (table, ids) in self.tables().twins() {
            for id in &ids[1..] {
                ensure!(self.tables().cell(&table, *id, BY_HAND) == "on", "{table} {ids:?} are the same");
                self.stage.sandbox.remove(&table, *id);
            }
        }
        let ran = self.run(None).await.map_err(|why| format!("the last apply: {why}"))?;
        ensure!(done(&ran.outcome), "not all is done: {:#?}", ran.outcome.results);
        self.in_sync(&self.wish).await?;
        let past = self.shelf.past().map_err(|error| error.to_string())?;
        ensure!(past.unreadable.is_empty(), "{:?}", past.unreadable);
        ensure!(past.entries.iter().all(journal::Entry::is_settled), "something is in doubt for ever");
        if self.applies.is_multiple_of(4) {
            self.export().await?;
        }
        self.no_secrets()
    }

    fn act(&mut self, deed: &Deed) {
        let tables = self.tables();
        let hands = deed.hands(&tables, &self.wish, false);
        let now = self.arrived();
        self.deeds.extend(hands.iter().map(|hand| (now, hand.clone())));
        deed::act(&self.stage.sandbox, &tables, hands);
    }

    /// No more faults.
    fn calm(&mut self) {
        self.stage.sandbox.clear_faults();
        self.faulty = false;
    }

    fn tables(&self) -> Tables {
        Tables::new(&self.stage.sandbox.export_state())
    }

    fn arrived(&self) -> usize {
        self.stage.sandbox.arrived()
    }

    /// What others did after request `from`, and no later than after request `to`.
    fn acted(&self, from: usize, to: usize) -> impl Iterator<Item = &(usize, Hand)> {
        self.deeds.iter().filter(move |(at, _)| from < *at && *at <= to)
    }

    /// Makes a plan; nothing where that was refused.
    async fn plan(&self, wish: &Wish) -> Result<Option<SavedPlan>, String> {
        let from = self.arrived();
        let planned = self.make(wish).await;
        let sent = self.stage.sandbox.requests();
        ensure!(!sent[from..].iter().any(|request| request.mutating), "a plan was made by writing");
        let saved = match planned {
            Ok(saved) => saved,
            Err(why) => return refusal(why).map(|()| None),
        };
        let text = serde_json::to_vec(&saved).unwrap();
        self.clean(&String::from_utf8_lossy(&text))?;
        let saved = SavedPlan::parse(&text, "kept").map_err(|error| error.to_string())?;
        self.deletes_only_what_was_asked(&saved.plan, wish)?;
        if self.faulty && self.acted(from, usize::MAX).next().is_none() {
            self.stage.sandbox.clear_faults();
            let calm = self.make(wish).await.map_err(|why| format!("without faults: {why:?}"))?;
            ensure!(calm.plan == saved.plan, "a fault changed the plan: {:#?}", saved.plan.changes);
        }
        Ok(Some(saved))
    }

    fn config(&self, wish: &Wish) -> Rc<Config> {
        let text = wish.text();
        let mut known = self.config.borrow_mut();
        match &*known {
            Some((same, config)) if *same == text => Rc::clone(config),
            _ => {
                let config = config::load_texts(vec![("config.yaml".to_owned(), text.clone())]);
                let config = Rc::new(config.unwrap_or_else(|problems| panic!("{problems:?}\n{text}")));
                *known = Some((text, Rc::clone(&config)));
                config
            }
        }
    }

    async fn make(&self, wish: &Wish) -> Result<SavedPlan, Refused> {
        let config = self.config(wish);
        let site = site(&self.stage.panel, &config);
        let snapshot = self.read(&site, &config).await?;
        let plan = reconciled(&config, &snapshot)?;
        Ok(SavedPlan::new(plan, &config.spec, &snapshot, journal::now()))
    }

    async fn read(&self, site: &Site, config: &Config) -> Result<Snapshot, Refused> {
        let read = kinds::read(site, Scope::Config(&config.spec)).await;
        read.map_err(|error| {
            let text = format!("{error} {error:?} {}", error.help());
            if text.contains(CANARY) { Refused::Told(text) } else { Refused::Read(error) }
        })
    }

    /// A plan deletes nothing that the configuration describes, and nothing that it does not prune.
    fn deletes_only_what_was_asked(&self, plan: &Plan, wish: &Wish) -> Result<(), String> {
        let tables = self.tables();
        let own = |change: &&Change| change.action == Action::Delete && change.goes_with.is_none();
        for change in plan.changes.iter().filter(own) {
            ensure!(wish.prunes(&change.object.kind), "{} is not pruned", change.object);
            let id = change.id.as_deref().and_then(|id| id.parse().ok()).unwrap_or_default();
            let cell = |column: &str| tables.cell(table_of(&change.object.kind), id, column);
            let wanted = match change.object.kind.as_str() {
                "enumeration-item" => wish.has_item(cell("intname")),
                "period-mapping" => wish.has_mapping(cell("source"), cell("bind") == "on"),
                _ => false,
            };
            let alone = !tables.twins().iter().any(|(_, ids)| ids.contains(&id));
            ensure!(!wanted || !alone, "{} is described and would be deleted", change.object);
        }
        Ok(())
    }

    /// What was applied is there, and nothing is left to do.
    async fn in_sync(&self, wish: &Wish) -> Result<(), String> {
        let again = self.make(wish).await.map_err(|why| format!("after an apply: {why:?}"))?;
        ensure!(again.plan.is_empty(), "after an apply there is still to do: {:#?}", again.plan.changes);
        ensure!(again.plan.unmanaged.is_empty(), "{:#?}", again.plan.unmanaged);
        let missing = wish.missing(&self.tables());
        ensure!(missing.is_empty(), "the panel does not hold what was applied: {missing:#?}");
        Ok(())
    }

    /// An export of the panel plans empty.
    async fn export(&self) -> Result<(), String> {
        let config = self.config(&self.wish);
        let site = site(&self.stage.panel, &config);
        let snapshot = kinds::read(&site, Scope::Everything).await.map_err(|error| error.to_string())?;
        let files = export::files(&snapshot)?;
        let texts = files.into_iter().map(|file| (file.name.to_owned(), file.text)).collect();
        let config = config::load_texts(texts).map_err(|problems| format!("{problems:?}"))?;
        let plan = reconciled(&config, &snapshot).map_err(|why| format!("{why:?}"))?;
        ensure!(plan.is_empty(), "an export does not plan empty: {:#?}", plan.changes);
        Ok(())
    }

    /// Somebody changes what the next apply is about to change, after its plan was made.
    async fn meet(&mut self, kept: Option<&Kept>, rival: Option<Rival>) {
        let Some(rival) = rival else { return };
        let (plan, read) = match kept {
            Some(kept) => (kept.saved.plan.clone(), kept.read - kept.at),
            None => {
                let from = self.arrived();
                let Ok(saved) = self.make(&self.wish).await else { return };
                (saved.plan, self.arrived() - from)
            }
        };
        if let Some(hand) = rival.hand(&plan, &self.tables()) {
            let after = read + rival.after;
            self.stage.sandbox.later(after, hand.clone());
            self.deeds.push((self.arrived() + after, hand));
        }
    }

    async fn apply(&mut self, kept: Option<Kept>, kill: Option<Kill>) -> Result<(), String> {
        let (start, before, faulty) = (self.arrived(), self.tables(), self.faulty);
        let (planned_at, applies) =
            kept.as_ref().map_or((start, self.applies), |kept| (kept.at, kept.applies));
        let wish = kept.as_ref().map_or(&self.wish, |kept| &kept.wish).clone();
        let journals = self.shelf.past().unwrap().entries.len();
        if let Some(Kill { request, commit }) = kill {
            // A request is struck by one fault only, and this is to be the one.
            self.calm();
            let kind = FaultKind::Timeout { commit, hold: Duration::from_secs(60) };
            self.stage.sandbox.inject(Fault { func: None, skip: request, times: 1, kind });
        }
        let killed = async {
            let Some(Kill { request, .. }) = kill else { return std::future::pending().await };
            while self.arrived() <= start + request {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        };
        let result = tokio::select! {
            biased;
            () = killed => None,
            ran = self.run(kept.as_ref()) => Some(ran),
        };
        if kill.is_some() {
            self.calm();
        }
        self.applies += 1;
        let ran = match result {
            Some(Ok(ran)) => Some(ran),
            Some(Err(Failed::Refused(why))) => {
                refusal(why)?;
                None
            }
            Some(Err(Failed::Wrong(why))) => return Err(why),
            None => None,
        };
        // What is in the journal is what may have been done, however the apply ended.
        let mut past = self.shelf.past().unwrap().entries;
        let begun = if past.len() > journals { past.pop().map(|entry| entry.plan.plan) } else { None };
        let plan = begun.unwrap_or_else(Plan::empty);
        let calm = !faulty && kill.is_none();
        self.judge(&plan, &before, (planned_at, start, calm), ran.as_ref().map(|ran| &ran.outcome))?;
        let quiet = applies + 1 == self.applies && self.acted(planned_at, self.arrived()).next().is_none();
        if let Some(ran) = ran.filter(|ran| quiet && done(&ran.outcome) && ran.plan.unmanaged.is_empty()) {
            self.deletes_only_what_was_asked(&ran.plan, &wish)?;
            self.calm();
            let end = self.arrived();
            match self.in_sync(&wish).await {
                // Somebody came by while that was looked at.
                Err(_) if self.acted(end, self.arrived()).next().is_some() => {}
                looked => looked?,
            }
        }
        Ok(())
    }

    /// As `apply` does it: settles what is in doubt, plans or takes the plan that was kept, carries it out.
    async fn run(&self, kept: Option<&Kept>) -> Result<Ran, Failed> {
        let config = self.config(kept.map_or(&self.wish, |kept| &kept.wish));
        let site = site(&self.stage.panel, &config);
        let writer = self.stage.panel.writer();
        let snapshot = self.read(&site, &config).await?;
        self.read.set(kept.map_or(self.arrived(), |kept| kept.read));
        for entry in self.shelf.past().unwrap().entries.iter().filter(|entry| !entry.is_settled()) {
            let panel = (&site, &writer, &snapshot);
            let seen = apply::look(&entry.plan.plan, entry.in_doubt(), &entry.ids(), panel).await;
            let found = seen.into_iter().map(|(object, found)| found.map(|(found, id)| (object, found, id)));
            if let Ok(found) = found.collect::<Result<Vec<_>, String>>() {
                self.shelf.settle(entry, &found).unwrap();
            }
        }
        let saved = match kept {
            Some(kept) => {
                let conflicts = apply::conflicts(&kept.saved.plan, &site, &snapshot);
                if !conflicts.is_empty() {
                    return Err(Refused::Stale(conflicts.join("; ")).into());
                }
                kept.saved.clone()
            }
            None => {
                let plan = reconciled(&config, &snapshot)?;
                SavedPlan::new(plan, &config.spec, &snapshot, journal::now())
            }
        };
        let plan = saved.plan.clone();
        if !plan.unmanaged.is_empty() {
            return Err(Refused::Unmanaged(format!("{:?}", plan.unmanaged)).into());
        }
        if plan.is_empty() {
            let outcome = Outcome { format_version: String::new(), results: Vec::new() };
            return Ok(Ran { plan, outcome });
        }
        let (_, mut book) = self.shelf.begin(saved).unwrap();
        let tools = Tools {
            site: &site,
            writer: &writer,
            snapshot,
            secrets: &|_, _| Ok(SecretString::from(CANARY)),
            ledger: &mut book,
            stop: &AtomicBool::new(false),
        };
        let outcome = apply::apply(&plan, tools, |_| {}).await;
        book.end(Ending::Finished).unwrap();
        self.clean(&format!("{outcome:?}")).map_err(Failed::Wrong)?;
        Ok(Ran { plan, outcome })
    }

    /// Holds what an apply did against its plan and against what others did meanwhile.
    fn judge(
        &self,
        plan: &Plan,
        before: &Tables,
        (planned_at, start, calm): (usize, usize, bool),
        outcome: Option<&Outcome>,
    ) -> Result<(), String> {
        let after = self.tables();
        let (requests, end) = (self.stage.sandbox.requests(), self.arrived());
        let permit = Permit { plan, before, after: &after };
        for difference in before.differences(&after) {
            let by_hand = self.acted(start, end).any(|(_, hand)| difference.is_by(hand));
            let why = permit.refuses(&difference).filter(|_| !by_hand);
            ensure!(why.is_none(), "{}", why.unwrap_or_default());
        }
        for (table, ids) in after.twins() {
            let own = ids.iter().filter(|id| after.cell(&table, **id, BY_HAND) != "on").count();
            ensure!(own < 2, "{table} {ids:?} were created twice");
        }
        let log = Log { requests: &requests, names: &self.stage.sandbox.names(), after: &after };
        for (at, hand) in self.acted(planned_at, end) {
            let Hand::Edit { table, id, field, value } = hand else { continue };
            let later = self.acted(planned_at, end).filter(|(_, other)| match other {
                Hand::Edit { table: other, id: row, field: column, .. } => {
                    (other, row, column) == (table, id, field)
                }
                Hand::Remove { table: other, id: row } => (other, row) == (table, id),
                Hand::Insert { .. } => false,
            });
            if later.max_by_key(|(at, _)| *at).is_some_and(|last| !std::ptr::eq(&last.1, hand)) {
                continue;
            }
            // An apply between a plan that was kept and this one has seen it.
            if *at <= start && before.cell(table, *id, field) != *value {
                continue;
            }
            // What the plan has seen it may overwrite.
            if log.seen((table, *id, field), *at, self.read.get()) {
                continue;
            }
            let lost = after.row(table, *id).is_none() || after.cell(table, *id, field) != *value;
            if lost {
                let why = log.excuses(plan, (table, *id, field), *at);
                ensure!(
                    why,
                    "after request {at} somebody set {table} {id} `{field}` to `{value}`, and now it is {:?}",
                    after.row(table, *id)
                );
                continue;
            }
            let last = log.last_read(table, *id);
            for result in outcome.iter().flat_map(|outcome| &outcome.results) {
                let change = plan.changes.iter().find(|change| change.object == result.object);
                let Some(change) = change else { continue };
                let here = change.action == Action::Update
                    && table_of(&change.object.kind) == table
                    && match table.as_str() {
                        "item_price" => permit.is_price(change, *id),
                        _ => change.id.as_deref() == Some(&id.to_string()),
                    };
                if !here || !contradicts(change, table, field, value, &after) {
                    continue;
                }
                ensure!(
                    result.fate != Fate::Done || *at >= last,
                    "{} is done, and somebody has set `{field}` to `{value}` after request {at}",
                    change.object
                );
                // With nothing else in the way, that is what has to be said where nothing was written.
                let alone = calm && self.acted(planned_at, end).count() == 1;
                let unwritten = alone && !log.wrote((table, *id, field), start);
                let said = match &result.fate {
                    Fate::Failed { code, .. } => code == "apply::conflict",
                    Fate::Skipped { .. } => true,
                    Fate::Done => *at >= last,
                };
                ensure!(said || !unwritten, "{}: {:?} where a conflict is due", change.object, result.fate);
            }
        }
        Ok(())
    }

    fn clean(&self, text: &str) -> Result<(), String> {
        let password = self.stage.sandbox.admin_password();
        ensure!(!text.contains(CANARY) && !text.contains(&password), "a secret is told: {text}");
        Ok(())
    }

    fn no_secrets(&self) -> Result<(), String> {
        let mut directories = vec![self.state.path().to_owned()];
        while let Some(directory) = directories.pop() {
            for entry in std::fs::read_dir(directory).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    directories.push(path);
                } else {
                    self.clean(&String::from_utf8_lossy(&std::fs::read(path).unwrap()))?;
                }
            }
        }
        Ok(())
    }
}

/// Why no plan was made or carried out.
#[derive(Debug)]
#[expect(dead_code, reason = "told as a whole")]
enum Refused {
    Read(KindError),
    /// The configuration does not fit the panel.
    Unfit(String),
    Unmanaged(String),
    Stale(String),
    /// A text that holds a secret.
    Told(String),
}

enum Failed {
    Refused(Refused),
    Wrong(String),
}

impl From<Refused> for Failed {
    fn from(refused: Refused) -> Self {
        Self::Refused(refused)
    }
}

impl std::fmt::Display for Failed {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Refused(refused) => write!(out, "{refused:?}"),
            Self::Wrong(why) => out.write_str(why),
        }
    }
}

/// Passes what may be refused while others are at work.
fn refusal(why: Refused) -> Result<(), String> {
    match why {
        Refused::Told(text) => Err(format!("a secret is told: {text}")),
        Refused::Read(_) | Refused::Unfit(_) | Refused::Unmanaged(_) | Refused::Stale(_) => Ok(()),
    }
}

fn done(outcome: &Outcome) -> bool {
    outcome.results.iter().all(|result| result.fate == Fate::Done)
}

fn reconciled(config: &Config, snapshot: &Snapshot) -> Result<Plan, Refused> {
    let plan = reconcile::plan(config, snapshot, &Ask::default());
    plan.map_err(|problems| {
        Refused::Unfit(problems.iter().map(|problem| format!("{}; ", problem.message)).collect())
    })
}

/// Whether the plan wants another value there.
fn contradicts(change: &Change, table: &str, column: &str, value: &str, after: &Tables) -> bool {
    change.fields.iter().any(|field| {
        let wanted = match &field.after {
            Some(Value::Text(text)) if table != "resource" => text.clone(),
            Some(Value::Money(money)) => money.to_string(),
            Some(Value::Flag(on)) => if *on { "on" } else { "off" }.to_owned(),
            _ => return false,
        };
        columns(table, &field.field, after).iter().any(|name| name == column) && wanted != value
    })
}

/// The requests of a history, counted from 1 as those who act after them do.
struct Log<'a> {
    requests: &'a [RequestRecord],
    names: &'a std::collections::BTreeMap<&'static str, String>,
    after: &'a Tables,
}

impl Log<'_> {
    fn form(&self, table: &str) -> &str {
        match table {
            "processing" => "processing.edit",
            "enumeration" => "enumeration.edit",
            "enumerationitem" => "enumerationitem.edit",
            "resource" => "pricelist.detail.edit",
            "item_price" => &self.names["price.edit"],
            "customparam" => "processing.customparam.edit",
            _ => "",
        }
    }

    fn is_of(&self, request: &RequestRecord, table: &str, id: u64) -> bool {
        // The panel may call a price by its item's id.
        let item = self.after.cell(table, id, "enumerationitem");
        let id = id.to_string();
        request.params.iter().any(|(name, value)| {
            name == "elid" && (*value == id || (table == "item_price" && *value == item))
        })
    }

    /// Whether it was read after request `at`, by request `to`.
    fn seen(&self, (table, id, column): (&str, u64, &str), at: usize, to: usize) -> bool {
        let (_, look) = self.functions(table, column);
        let read = |request: &RequestRecord| {
            request.func == look && (look != self.form(table) || self.is_of(request, table, id))
        };
        self.requests[at.min(to)..to].iter().any(read)
    }

    /// The functions that write a cell, and the one that shows it.
    fn functions(&self, table: &str, column: &str) -> (Vec<&str>, &str) {
        let (list, on, off) =
            (&self.names["price.list"], &self.names["price.resume"], &self.names["price.suspend"]);
        match (table, column) {
            ("item_price", "active") => (vec![on, off], list),
            _ => (vec![self.form(table)], self.form(table)),
        }
    }

    /// Whether it was written after request `from`.
    fn wrote(&self, (table, id, column): (&str, u64, &str), from: usize) -> bool {
        let (write, _) = self.functions(table, column);
        self.requests[from..].iter().any(|request| {
            request.mutating && write.contains(&request.func.as_str()) && self.is_of(request, table, id)
        })
    }

    fn last_read(&self, table: &str, id: u64) -> usize {
        let form = self.form(table);
        let read = |request: &RequestRecord| {
            request.func == form && !request.mutating && self.is_of(request, table, id)
        };
        self.requests.iter().rposition(read).map_or(0, |index| index + 1)
    }

    /// Whether nobody could have seen what was changed there after request `at`: it was changed between the
    /// last look and the save. What is deleted as planned goes with all that no plan knows of it.
    fn excuses(&self, plan: &Plan, (table, id, column): (&str, u64, &str), at: usize) -> bool {
        let form = self.form(table);
        let (write, look) = self.functions(table, column);
        let gone = self.after.row(table, id).is_none();
        let known = ["orderpriority", "extra_visible", "chargestoped"];
        if gone && (table == "item_price" || known.contains(&column)) {
            return true;
        }
        let delete = format!("{}.delete", form.trim_end_matches(".edit"));
        let first = self.requests.iter().enumerate().skip(at).find(|(_, request)| {
            let func = request.func.as_str();
            let writes = if gone { func == delete } else { write.contains(&func) };
            request.mutating && writes && self.is_of(request, table, id)
        });
        let Some((index, _)) = first else {
            // With the object above it.
            return gone && plan.changes.iter().any(removes);
        };
        let read = self.requests[..index].iter().rposition(|request| {
            let func = request.func.as_str();
            !request.mutating && func == look && (look != form || self.is_of(request, table, id))
        });
        read.is_none_or(|read| read < at)
    }
}

fn removes(change: &Change) -> bool {
    matches!(change.action, Action::Delete | Action::Replace)
}
