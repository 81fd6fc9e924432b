//! `check`: mistakes that cost money, in a configuration that is valid.

use std::collections::BTreeMap;

use super::{
    connect,
    exit::{Exit, Message, Stop},
    today::today,
    upstream,
};
use crate::{
    check::{self, Beside, Ground, Known, Report},
    cli::{Check, Data},
    config::{self, Config},
    licence::Server,
    model::Date,
    plan::{Finding, Level, Plan, Target},
    reconcile::Ask,
    report,
    terminal::Terminal,
    upstream::differences,
};

pub(super) async fn run(terminal: &Terminal, args: &Check) -> Result<Exit, Stop> {
    let config = config::load(&args.path)?;
    let beside = args.beside.as_deref().map(config::load).transpose()?;
    let name = args.beside.as_deref().map(|path| path.display().to_string()).unwrap_or_default();
    let plan = match args.live {
        false => None,
        true => {
            let ask = |_: &Target| Ask::default();
            Some(connect::plan(terminal, &config, &args.panel, ask).await?.plan)
        }
    };
    let servers = if args.upstream {
        upstream::catalogues(terminal, &config.spec, &args.panel.link).await?
    } else {
        Vec::new()
    };
    let offered = servers.iter().map(|(key, sold)| {
        let server = Server { codes: sold.offers(), ..Server::default() };
        (key.clone(), server)
    });
    let offers: BTreeMap<String, Server> = offered.collect();
    let known = Known {
        plan: plan.as_ref(),
        offers: Some(&offers).filter(|_| args.upstream),
        beside: beside.as_ref().map(|config| Beside { spec: &config.spec, name: &name }),
        calendar: true,
    };
    let day = args.at.map_or_else(today, Date::from);
    let mut report = check::run(&Ground::new(&config.spec, day, known), Some(&config.sources));
    report.costs = servers.iter().map(|(key, sold)| differences(&config.spec, key, sold, day)).collect();
    match args.format {
        Data::Json => terminal.data(|mut out| report::document(&report, &mut out))?,
        Data::Text => {
            let text = text(terminal, &report, &config);
            terminal.data(|mut out| {
                for found in &report.costs {
                    report::cost_differences(found, &terminal.style(), &mut out)?;
                    writeln!(out)?;
                }
                out.write_all(text.as_bytes())
            })?;
        }
    }
    let least = if args.strict { Level::Warning } else { Level::Error };
    Ok(if report.counting(least).next().is_some() { Exit::Invalid } else { Exit::Done })
}

/// What the configuration alone shows; the calendar alone makes nothing invalid.
pub(super) fn offline(config: &Config) -> Report {
    check::run(&Ground::new(&config.spec, today(), Known::default()), Some(&config.sources))
}

/// A price that moves far: a plan has a guard of its own against it, with a flag that lifts it.
const GUARDED: &str = "check::L29";

/// Adds to a plan what counts of the findings about it, but for notes.
pub(super) fn into_plan(config: &Config, plan: &mut Plan) {
    let known = Known { plan: Some(plan), ..Known::default() };
    let report = check::run(&Ground::new(&config.spec, today(), known), Some(&config.sources));
    let findings = report.counting(Level::Warning).filter(|finding| finding.code != GUARDED);
    plan.findings = findings.cloned().collect();
}

/// Refuses a plan for each error that the checks found when it was made.
pub(super) fn passed(plan: &Plan) -> Result<(), Stop> {
    let errors = plan.findings.iter().filter(|finding| finding.counts(Level::Error));
    let messages: Vec<Message> = errors.map(refusal).collect();
    if messages.is_empty() { Ok(()) } else { Err(Stop::Other(messages)) }
}

fn refusal(finding: &Finding) -> Message {
    let sum = finding.arithmetic.as_ref().map(|sum| format!(" ({sum})")).unwrap_or_default();
    let place = finding.origin.as_ref().map(|origin| format!("{origin}: ")).unwrap_or_default();
    Message {
        exit: Exit::Invalid,
        code: finding.code.clone(),
        text: format!("{place}{}{sum}", finding.message),
        help: Some(format!(
            "{}; or waive the finding in the configuration; nothing was written",
            finding.cure
        )),
    }
}

fn text(terminal: &Terminal, report: &Report, config: &Config) -> String {
    let shown =
        report.findings.iter().map(|finding| terminal.data_report(&check::problem(finding, &config.sources)));
    let mut text: String = shown.map(|one| format!("{one}\n")).collect();
    for group in &report.not_made {
        text.push_str(&format!(
            "Not made: {}: {}; {}.\n",
            group.checks.join(", "),
            group.because,
            group.help
        ));
    }
    for note in &report.notes {
        text.push_str(&format!("Note: {note}.\n"));
    }
    text.push_str(&format!("Checks: {}.\n", summary(report)));
    text
}

/// `1 error, 2 warnings, 1 note; 1 waived; 3 not made`.
fn summary(report: &Report) -> String {
    let sum = report.summary;
    let counted = [(sum.errors, "error"), (sum.warnings, "warning"), (sum.notes, "note")];
    let counted = counted
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{count} {what}{}", if *count == 1 { "" } else { "s" }));
    let counted: Vec<String> = counted.collect();
    let mut parts = vec![if counted.is_empty() { "nothing found".to_owned() } else { counted.join(", ") }];
    let rest = [(sum.waived, "waived"), (sum.not_made, "not made")];
    parts.extend(rest.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}")));
    parts.join("; ")
}
