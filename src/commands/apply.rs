//! `apply`: plans, shows, asks, and carries the plan out.

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use secrecy::SecretString;

use super::{
    connect::{self, Planned},
    exit::{self, Exit, Stop},
    plan::{managed, show},
};
use crate::{
    apply::{self, Event, Tools},
    cli::Apply,
    config::{self, Config},
    guard,
    model::Name,
    plan::{Allowance, Fate, Guard, ObjectRef, Outcome, Plan, Value},
    report::{self, Format},
    terminal::Terminal,
};

pub(super) async fn run(terminal: &Terminal, args: &Apply) -> Result<Exit, Stop> {
    let config = config::load(&args.path)?;
    let planned = connect::plan(terminal, &config, &args.panel).await?;
    // As JSON only the outcome is data; the plan has a command of its own.
    let json = args.output.format == Format::Json;
    if !json || planned.plan.is_empty() {
        show(terminal, &planned.plan, &args.output, report::plan)?;
    } else {
        for to in &args.output.report {
            let mut text = Vec::new();
            report::plan(&planned.plan, to.format, &terminal.file_style(), &mut text)?;
            super::plan::write(&to.file, &text)?;
        }
    }
    allowed(&planned.plan, &args.allow.allowances())?;
    if planned.plan.is_empty() {
        return Ok(Exit::Done);
    }
    let secrets = secrets(&config, &planned.plan)?;
    confirm(terminal, args, &planned)?;
    let (outcome, interrupted) = carry_out(terminal, planned, &secrets).await;
    let mut text = Vec::new();
    report::outcome(&outcome, args.output.format, &terminal.style(), &mut text)?;
    terminal.data(|out| out.write_all(&text))?;
    Ok(exit::of_outcome(&outcome, interrupted))
}

/// What stands against carrying the plan out at all.
fn allowed(plan: &Plan, allowances: &[Allowance]) -> Result<(), Stop> {
    if !managed(plan) {
        let text = format!(
            "{} things the configuration asks for cannot be managed on this panel",
            plan.unmanaged.len()
        );
        let help = "settle them as the plan says, or take them out of the configuration; nothing was written";
        return Err(Stop::new(Exit::Refused, "apply::unmanaged", text, Some(help)));
    }
    let standing: Vec<&Guard> =
        plan.guards.iter().filter(|guard| !guard::lifted(guard, allowances)).collect();
    if standing.is_empty() { Ok(()) } else { Err(Stop::guarded(&standing)) }
}

type Secrets = BTreeMap<(ObjectRef, String), SecretString>;

/// Reads all secrets before anything is written: a missing one must not stop an apply half way.
fn secrets(config: &Config, plan: &Plan) -> Result<Secrets, Stop> {
    let mut secrets = Secrets::new();
    for change in &plan.changes {
        let secret = change.fields.iter().filter(|field| field.after == Some(Value::Secret));
        for field in secret {
            let key: Option<Name> = change.object.key.parse().ok();
            let spec = key.and_then(|key| config.spec.processors.get(&key));
            let Some(source) = spec.and_then(|spec| spec.password.as_ref()) else { continue };
            let value = connect::secret(source).map_err(|text| {
                let pointer = ["processors", change.object.key.as_str(), "password"];
                let help = "set the variable or write the file; nothing was written to the panel".to_owned();
                Stop::Live(vec![config.problem(
                    &pointer,
                    config::At::Value,
                    "secret::unreadable",
                    text,
                    Some(help),
                )])
            })?;
            secrets.insert((change.object.clone(), field.field.clone()), value);
        }
    }
    Ok(secrets)
}

fn confirm(terminal: &Terminal, args: &Apply, planned: &Planned) -> Result<(), Stop> {
    if args.yes {
        return Ok(());
    }
    let not = |text: &str, help: &str| Stop::new(Exit::Refused, "apply::not_confirmed", text, Some(help));
    if !terminal.can_ask() {
        return Err(not(
            "nobody is here to confirm the plan",
            "give --yes to apply without being asked; nothing was written",
        ));
    }
    let target = &planned.session.target;
    let changes = match planned.plan.changes.len() {
        1 => "1 change".to_owned(),
        count => format!("{count} changes"),
    };
    let question = format!("\nApply {changes} to {} as {}? Only `yes` applies:", target.url, target.user);
    if terminal.ask(&question)? { Ok(()) } else { Err(not("not confirmed", "nothing was written")) }
}

async fn carry_out(terminal: &Terminal, planned: Planned, secrets: &Secrets) -> (Outcome, bool) {
    let stop = Arc::new(AtomicBool::new(false));
    let listener = tokio::spawn(listen(terminal.clone(), Arc::clone(&stop)));
    let find = |object: &ObjectRef, field: &str| {
        let found = secrets.get(&(object.clone(), field.to_owned())).cloned();
        found.ok_or_else(|| format!("the configuration gives no {field} for {object}"))
    };
    let writer = planned.session.panel.writer();
    let tools = Tools {
        site: &planned.session.site,
        writer: &writer,
        snapshot: planned.snapshot,
        secrets: &find,
        stop: &stop,
    };
    let total = planned.plan.changes.len();
    let spinner = terminal.spinner(format!("Applying {total} changes"));
    let mut done = 0;
    let outcome = apply::apply(&planned.plan, tools, |event| match event {
        Event::Started(change) => spinner.set_message(format!("[{}/{total}] {}", done + 1, change.object)),
        Event::Ended(result) => {
            done += 1;
            let state = match &result.fate {
                Fate::Done => "done",
                Fate::Failed { .. } => "FAILED",
                Fate::Skipped { .. } => "skipped",
            };
            spinner.suspend(|| terminal.say(&format!("[{done}/{total}] {} {state}", result.object)));
        }
    })
    .await;
    spinner.finish_and_clear();
    listener.abort();
    (outcome, stop.load(Ordering::Relaxed))
}

/// The first interrupt finishes the object in hand and stops.
async fn listen(terminal: Terminal, stop: Arc<AtomicBool>) {
    while tokio::signal::ctrl_c().await.is_ok() {
        stop.store(true, Ordering::Relaxed);
        terminal.complain("Interrupted: finishing the object in hand, then stopping.");
    }
}
