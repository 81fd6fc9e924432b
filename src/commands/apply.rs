//! `apply`: takes a plan, made now or saved, shows it, asks, and carries it out.

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use secrecy::SecretString;

use super::{
    check,
    connect::{self, Session},
    exit::{self, Exit, Stop},
    plan::{managed, print, reports},
    saved::{self, stopped},
    secret, state, today,
};
use crate::{
    apply::{self, Event, Tools},
    cli::{Apply, is_plan_file},
    config::{self, Config},
    guard,
    journal::{Book, Ending, Lock, Shelf, State, now},
    kinds::{Scope, Snapshot},
    language::{t, tn},
    model::Name,
    plan::{Allowance, Fate, Guard, ObjectRef, Outcome, Plan, Value},
    reconcile,
    report::{self, Format, Subject},
    saved::SavedPlan,
    source::At,
    terminal::Terminal,
};

/// A plan, and all it takes to carry it out.
struct Work {
    session: Session,
    snapshot: Snapshot,
    saved: SavedPlan,
    /// The files the plan was made from, where they are at hand.
    config: Option<Config>,
    state: State,
    shelf: Shelf,
    /// Held until the end.
    _lock: Lock,
}

pub(super) async fn run(terminal: &Terminal, args: &Apply) -> Result<Exit, Stop> {
    let work = take(terminal, args).await?;
    let plan = &work.saved.plan;
    // As JSON only the outcome is data; the plan has a command of its own.
    if args.output.format != Format::Json || plan.is_empty() {
        print(terminal, subject(&work.saved), &args.output, report::plan)?;
    }
    allowed(plan, &args.allow.allowances())?;
    if plan.is_empty() {
        return Ok(Exit::Done);
    }
    check::passed(plan)?;
    let secrets = secrets(&work)?;
    confirm(terminal, args, &work)?;
    let (id, book) =
        work.shelf.begin(work.saved.clone()).map_err(|error| state::unusable(&work.state, &error))?;
    let (outcome, interrupted) = carry_out(terminal, &work, book, &secrets).await;
    let mut text = Vec::new();
    report::outcome(&outcome, args.output.format, &terminal.style(), &mut text)?;
    terminal.data(|out| out.write_all(&text))?;
    terminal.say(&on_record(&id));
    Ok(exit::of_outcome(&outcome, interrupted))
}

/// Where the apply is to be found again.
pub(super) fn on_record(id: &str) -> String {
    t!("On record as {id}; `billform rollback {id}` plans the way back.", id = id)
}

/// A sign of life while a plan is carried out.
pub(super) fn applying(changes: &dyn std::fmt::Display) -> String {
    t!("Applying {count} changes", count = changes)
}

/// Takes the plan and reports it to the files that were asked for, however the apply then ends.
async fn take(terminal: &Terminal, args: &Apply) -> Result<Work, Stop> {
    if !matches!(args.output.format, Format::Text | Format::Markdown | Format::Json) {
        let text = t!("an apply ends in results, and these are written as text, markdown or json");
        let help = t!("`--report {format}=FILE` writes the plan as {format}", format = args.output.format);
        return Err(Stop::new(Exit::Usage, "usage::conflict", text, Some(&help)));
    }
    let report = |saved| reports(terminal, subject(saved), &args.output, report::plan);
    if is_plan_file(&args.path) {
        let saved = saved::read(&args.path)?;
        // The panel may be out of reach, or be another one than the plan is for.
        report(&saved)?;
        return take_saved(terminal, args, saved).await;
    }
    let work = plan_now(terminal, args).await?;
    report(&work.saved)?;
    Ok(work)
}

fn subject(saved: &SavedPlan) -> Subject<'_> {
    Subject::new(&saved.plan, &saved.config.spec)
}

/// Reads the panel and plans.
async fn plan_now(terminal: &Terminal, args: &Apply) -> Result<Work, Stop> {
    if args.config.is_some() {
        let text = t!("--config belongs to a saved plan, and this is a configuration itself");
        return Err(Stop::new(Exit::Usage, "usage::conflict", text, Some(&t!("leave --config out"))));
    }
    let config = today::config(&args.path)?;
    let rotate = secret::to_rotate(&config.spec, &args.rotate_secret)?;
    let session = connect::open(terminal, &args.panel, &config.spec).await?;
    let state = state::of(&args.state)?;
    let (shelf, lock) = state::lock(terminal, &state, &session.target.url)?;
    let snapshot = connect::read(terminal, &session, Scope::Config(&config.spec)).await?;
    let settled = state::settle(terminal, &shelf, &session, &snapshot).await;
    settled.map_err(|error| state::unusable(&state, &error))?;
    let ask = state::ask(Some(&shelf), rotate, &args.select);
    let mut plan = reconcile::plan(&config, &snapshot, &ask).map_err(Stop::Live)?;
    check::into_plan(&config, &mut plan);
    let saved = SavedPlan::new(plan, &config.spec, &snapshot, now());
    Ok(Work { session, snapshot, saved, config: Some(config), state, shelf, _lock: lock })
}

/// Takes the plan as it was saved, if it is for this panel and nothing it touches has changed.
async fn take_saved(terminal: &Terminal, args: &Apply, saved: SavedPlan) -> Result<Work, Stop> {
    let flags =
        [args.select.target.is_empty(), args.select.exclude.is_empty(), args.rotate_secret.is_empty()];
    if flags.contains(&false) {
        let text =
            t!("a saved plan is applied as it is: --target, --exclude and --rotate-secret do not go with it");
        let help = t!("give them to `plan --out`, and apply what it saves");
        return Err(Stop::new(Exit::Usage, "usage::conflict", text, Some(&help)));
    }
    let config = args.config.as_deref().map(config::load).transpose()?;
    if let Some(config) = &config {
        saved::same_config(&saved, config)?;
    }
    let mut panel = args.panel.clone();
    let target = saved.plan.target.as_ref();
    panel.url = panel.url.or_else(|| target.map(|target| target.url.clone()));
    panel.user = panel.user.or_else(|| target.map(|target| target.user.clone()));
    let session = connect::open(terminal, &panel, &saved.config.spec).await?;
    saved::same_target(&saved, &session.target)?;
    let state = state::of(&args.state)?;
    let (shelf, lock) = state::lock(terminal, &state, &session.target.url)?;
    let snapshot = connect::read(terminal, &session, Scope::Config(&saved.config.spec)).await?;
    let settled = state::settle(terminal, &shelf, &session, &snapshot).await;
    settled.map_err(|error| state::unusable(&state, &error))?;
    let conflicts = apply::conflicts(&saved.plan, &session.site, &snapshot);
    if !conflicts.is_empty() {
        return Err(stopped(conflicts));
    }
    saved::mention_drift(terminal, &saved, &snapshot);
    Ok(Work { session, snapshot, saved, config, state, shelf, _lock: lock })
}

/// What stands against carrying the plan out at all.
fn allowed(plan: &Plan, allowances: &[Allowance]) -> Result<(), Stop> {
    if !managed(plan) {
        let text = t!(
            "{count} things the configuration asks for cannot be managed on this panel",
            count = plan.unmanaged.len()
        );
        let help =
            t!("settle them as the plan says, or take them out of the configuration; nothing was written");
        return Err(Stop::new(Exit::Refused, "apply::unmanaged", text, Some(&help)));
    }
    let standing: Vec<&Guard> =
        plan.guards.iter().filter(|guard| !guard::lifted(guard, allowances)).collect();
    if standing.is_empty() { Ok(()) } else { Err(Stop::guarded(&standing)) }
}

type Secrets = BTreeMap<(ObjectRef, String), SecretString>;

/// Reads all secrets before anything is written: a missing one must not stop an apply half way.
fn secrets(work: &Work) -> Result<Secrets, Stop> {
    let mut secrets = Secrets::new();
    for change in &work.saved.plan.changes {
        let secret = change.fields.iter().filter(|field| field.after == Some(Value::Secret));
        for field in secret {
            let key: Option<Name> = change.object.key.parse().ok();
            let spec = key.and_then(|key| work.saved.config.spec.processors.get(&key));
            let Some(source) = spec.and_then(|spec| spec.password.as_ref()) else { continue };
            let value = secret::read(source).map_err(|text| unreadable(work, &change.object.key, text))?;
            secrets.insert((change.object.clone(), field.field.clone()), value);
        }
    }
    Ok(secrets)
}

fn unreadable(work: &Work, key: &str, text: String) -> Stop {
    let (code, help) = (
        "secret::unreadable",
        t!("set the variable, write the file or correct the command; nothing was written to the panel"),
    );
    match &work.config {
        None => {
            let text = t!("processor {key}: {why}", key = key, why = text);
            Stop::new(Exit::Invalid, code, text, Some(&help))
        }
        Some(config) => {
            let pointer = ["processors", key, "password"];
            let problem = config.sources.problem(&pointer, At::Value, code, text, Some(help));
            Stop::Live(vec![problem])
        }
    }
}

fn confirm(terminal: &Terminal, args: &Apply, work: &Work) -> Result<(), Stop> {
    if args.yes {
        return Ok(());
    }
    let not = |text: &str, help: &str| Stop::new(Exit::Refused, "apply::not_confirmed", text, Some(help));
    if !terminal.can_ask() {
        return Err(not(
            &t!("nobody is here to confirm the plan"),
            &t!("give --yes to apply without being asked; nothing was written"),
        ));
    }
    let target = &work.session.target;
    let question = tn!(
        work.saved.plan.changes.len(),
        "Apply {n} change to {url} as {user}? Only `yes` applies:",
        "Apply {n} changes to {url} as {user}? Only `yes` applies:",
        url = target.url,
        user = target.user
    );
    if terminal.ask(&format!("\n{question}"))? {
        Ok(())
    } else {
        Err(not(&t!("not confirmed"), &t!("nothing was written")))
    }
}

async fn carry_out(terminal: &Terminal, work: &Work, mut book: Book, secrets: &Secrets) -> (Outcome, bool) {
    let stop = Arc::new(AtomicBool::new(false));
    let listener = tokio::spawn(listen(terminal.clone(), Arc::clone(&stop)));
    let find = |object: &ObjectRef, field: &str| {
        let found = secrets.get(&(object.clone(), field.to_owned())).cloned();
        found.ok_or_else(|| {
            t!("the configuration gives no {field} for {object}", field = field, object = object)
        })
    };
    let writer = work.session.panel.writer();
    let tools = Tools {
        site: &work.session.site,
        writer: &writer,
        snapshot: work.snapshot.clone(),
        secrets: &find,
        ledger: &mut book,
        stop: &stop,
    };
    let plan = &work.saved.plan;
    let total = plan.changes.len();
    let spinner = terminal.spinner(applying(&total));
    let mut done = 0;
    let outcome = apply::apply(plan, tools, |event| match event {
        Event::Started(change) => spinner.set_message(format!("[{}/{total}] {}", done + 1, change.object)),
        Event::Ended(result) => {
            done += 1;
            let state = match &result.fate {
                Fate::Done => t!("of an object" => "done"),
                Fate::Failed { .. } => t!("of an object" => "FAILED"),
                Fate::Skipped { .. } => t!("of an object" => "skipped"),
            };
            spinner.suspend(|| terminal.say(&format!("[{done}/{total}] {} {state}", result.object)));
        }
    })
    .await;
    spinner.finish_and_clear();
    listener.abort();
    let interrupted = stop.load(Ordering::Relaxed);
    let ending = if interrupted { Ending::Interrupted } else { Ending::Finished };
    if let Err(error) = book.end(ending) {
        terminal.complain(&t!("The journal's last line could not be written: {error}", error = error));
    }
    (outcome, interrupted)
}

/// The first interrupt finishes the object in hand and stops.
async fn listen(terminal: Terminal, stop: Arc<AtomicBool>) {
    while tokio::signal::ctrl_c().await.is_ok() {
        stop.store(true, Ordering::Relaxed);
        terminal.complain(&t!("Interrupted: finishing the object in hand, then stopping."));
    }
}
