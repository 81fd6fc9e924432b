//! `history` and `rollback`: what applies have done, and the way back.

use serde_json::{Value, json};
use unicode_width::UnicodeWidthStr as _;

use super::{
    connect,
    exit::{Exit, Stop},
    plan::show,
    saved, state,
};
use crate::{
    cli::{Data, History, HistoryCommand, HistoryList, HistoryShow, Rollback},
    journal::{Ending, Entry, now},
    kinds::Scope,
    language::t,
    plan::{FORMAT_VERSION, Fate, Outcome},
    report::{self, Format, Subject},
    rollback,
    saved::SavedPlan,
    terminal::Terminal,
};

pub(super) fn run(terminal: &Terminal, args: &History) -> Result<Exit, Stop> {
    match &args.command {
        None => list(terminal, &args.list),
        Some(HistoryCommand::Show(args)) => show_one(terminal, args),
    }
}

fn list(terminal: &Terminal, args: &HistoryList) -> Result<Exit, Stop> {
    let state = state::of(&args.state)?;
    let past = state.past().map_err(|error| state::unusable(&state, &error))?;
    let entries = state::told(terminal, past);
    if args.format == Data::Json {
        let all: Vec<Value> = entries.iter().map(told).collect();
        let text = format!("{:#}\n", json!({"format_version": FORMAT_VERSION, "applies": all}));
        terminal.data(|out| out.write_all(text.as_bytes()))?;
        return Ok(Exit::Done);
    }
    if entries.is_empty() {
        terminal.say(&t!("No apply is on record in {directory}.", directory = state.root().display()));
        return Ok(Exit::Done);
    }
    let column = entries.iter().map(|entry| words(entry).width()).max().unwrap_or_default().max(28);
    terminal.data(|out| {
        for entry in &entries {
            let url = entry.plan.plan.target.as_ref().map_or("", |target| target.url.as_str());
            let (id, at, words, by) = (&entry.id, &entry.began_at, words(entry), &entry.by);
            writeln!(out, "{id:<10}  {at}  {words:<column$}  {url}  {by}")?;
        }
        Ok(())
    })?;
    Ok(Exit::Done)
}

fn show_one(terminal: &Terminal, args: &HistoryShow) -> Result<Exit, Stop> {
    let state = state::of(&args.list.state)?;
    let past = state.past().map_err(|error| state::unusable(&state, &error))?;
    let entry = state::find(&state, state::told(terminal, past), &args.id)?;
    if args.list.format == Data::Json {
        let text = format!("{:#}\n", told(&entry));
        terminal.data(|out| out.write_all(text.as_bytes()))?;
        return Ok(Exit::Done);
    }
    let style = terminal.style();
    let mut text = Vec::new();
    report::plan((&entry.plan.plan).into(), Format::Text, &style, &mut text)?;
    report::outcome(&outcome(&entry), Format::Text, &style, &mut text)?;
    terminal.data(|out| {
        writeln!(out, "{}", t!("Apply {id}: {ending}", id = entry.id, ending = words(&entry)))?;
        let version = &entry.by.tool_version;
        writeln!(out, "{}", t!("By {owner}, billform {version}", owner = entry.by, version = version))?;
        let ended = entry.ended_at.clone().unwrap_or_else(|| t!("of an apply" => "never"));
        writeln!(out, "{}", t!("Began {began}, ended {ended}", began = entry.began_at, ended = ended))?;
        for object in entry.in_doubt() {
            let doubt =
                t!("In doubt: {object}; the next apply settles it by reading the panel", object = object);
            writeln!(out, "{doubt}")?;
        }
        writeln!(out)?;
        out.write_all(&text)
    })?;
    Ok(Exit::Done)
}

/// `rollback`: plans the way back; writes nothing to the panel.
pub(super) async fn rollback(terminal: &Terminal, args: &Rollback) -> Result<Exit, Stop> {
    let state = state::of(&args.state)?;
    let past = state.past().map_err(|error| state::unusable(&state, &error))?;
    let entry = state::find(&state, state::told(terminal, past), &args.id)?;
    let spec = &entry.plan.config.spec;
    let mut panel = args.panel.clone();
    let target = entry.plan.plan.target.as_ref();
    panel.url = panel.url.or_else(|| target.map(|target| target.url.clone()));
    panel.user = panel.user.or_else(|| target.map(|target| target.user.clone()));
    let session = connect::open(terminal, &panel, spec).await?;
    if target.is_none_or(|target| target.url != session.target.url) {
        let url = &session.target.url;
        let text = t!("the apply {id} was to another panel than {url}", id = entry.id, url = url);
        let help = t!("leave --url out, or take an apply to that panel");
        return Err(Stop::new(Exit::Refused, "saved::other_target", text, Some(&help)));
    }
    let snapshot = connect::read(terminal, &session, Scope::Config(spec)).await?;
    let plan = rollback::plan(&entry, &snapshot);
    let nothing = plan.is_empty() && plan.unmanaged.is_empty();
    if nothing && args.output.format == Format::Text && args.output.report.is_empty() {
        let left = t!("The apply {id} left nothing that could be taken back.", id = entry.id);
        terminal.data(|out| writeln!(out, "{left}"))?;
    } else {
        show(terminal, Subject::new(&plan, spec), &args.output, report::plan)?;
    }
    let managed = super::plan::managed(&plan);
    if let Some(file) = &args.out {
        saved::write(&SavedPlan::new(plan, spec, &snapshot, now()), file)?;
        terminal.say(&t!("Saved; `billform apply {file}` goes back.", file = file.display()));
    }
    Ok(if managed { Exit::Done } else { Exit::Refused })
}

/// How an apply ended, in a few words.
fn words(entry: &Entry) -> String {
    let results = || entry.deeds.values().filter_map(|deed| deed.result.as_ref());
    let count = |fits: fn(&Fate) -> bool| results().filter(|result| fits(&result.fate)).count();
    let done = count(|fate| *fate == Fate::Done);
    let failed = count(|fate| matches!(fate, Fate::Failed { .. }));
    let skipped = count(|fate| matches!(fate, Fate::Skipped { .. }));
    let ending = match entry.ending {
        Some(Ending::Finished) if failed + skipped == 0 => t!("of an apply" => "applied"),
        Some(Ending::Finished) => t!("of an apply" => "partly applied"),
        Some(Ending::Interrupted) => t!("of an apply" => "interrupted"),
        Some(Ending::Settled) => t!("of an apply" => "cut short, settled"),
        None => t!("of an apply" => "cut short"),
    };
    let total = entry.plan.plan.changes.len();
    let text = t!("{ending}, {done} of {total} done", ending = ending, done = done, total = total);
    if failed > 0 { t!("{done}, {count} failed", done = text, count = failed) } else { text }
}

/// The results in the order of the plan.
fn outcome(entry: &Entry) -> Outcome {
    let changes = &entry.plan.plan.changes;
    let results = changes.iter().filter_map(|change| entry.deeds.get(&change.object)?.result.clone());
    Outcome { format_version: FORMAT_VERSION.to_owned(), results: results.collect() }
}

fn told(entry: &Entry) -> Value {
    let in_doubt: Vec<_> = entry.in_doubt().collect();
    json!({
        "id": entry.id,
        "began_at": entry.began_at,
        "ended_at": entry.ended_at,
        "ending": entry.ending,
        "by": entry.by,
        "target": entry.plan.plan.target,
        "plan_digest": entry.plan.digest,
        "changes": entry.plan.plan.changes.len(),
        "results": outcome(entry).results,
        "in_doubt": in_doubt,
    })
}
