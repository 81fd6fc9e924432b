//! `check`: mistakes that cost money, in a configuration that is valid.

use std::collections::BTreeMap;

use super::{
    connect,
    exit::{Exit, Message, Stop},
    found::{self, Found},
    today::today,
    upstream,
};
use crate::{
    check::{self, Beside, Ground, Known, Report},
    cli::Check,
    config::{self, Config},
    language::{t, tn},
    licence::Server,
    model::Date,
    plan::{Finding, Level, Plan, Target},
    reconcile::Ask,
    report::{self, Listing, ProblemFormat, Style},
    terminal::Terminal,
    upstream::differences,
};

const NAME: &str = "check";

/// What was looked at, and what came of it.
struct Looked {
    config: Config,
    report: Report,
}

pub(super) async fn run(terminal: &Terminal, args: &Check) -> Result<Exit, Stop> {
    let output = &args.output;
    let Looked { config, report } = match look(terminal, args).await {
        Ok(looked) => looked,
        Err(stop) => return found::failed(terminal, output, found::of_stop(NAME, &stop), stop),
    };
    let least = if args.strict { Level::Warning } else { Level::Error };
    let exit = if report.counting(least).next().is_some() { Exit::Invalid } else { Exit::Done };
    let listing = found::of_checks(NAME, &config, &report, Level::Note, exit);
    let text = |color: bool| text(terminal, &report, &config, color);
    let json = |mut out: &mut Vec<u8>| report::document(&report, &mut out);
    let found = Found { listing: Listing { fails: least, ..listing }, text: &text, json: &json };
    found.reports(output)?;
    found.print(terminal, output)?;
    if !matches!(output.format, ProblemFormat::Text | ProblemFormat::Json) {
        terminal.say(&t!("Checks: {counts}.", counts = summary(&report)));
    }
    Ok(exit)
}

async fn look(terminal: &Terminal, args: &Check) -> Result<Looked, Stop> {
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
    Ok(Looked { config, report })
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
        help: Some(t!(
            "{cure}; or waive the finding in the configuration; nothing was written",
            cure = finding.cure
        )),
    }
}

fn text(terminal: &Terminal, report: &Report, config: &Config, color: bool) -> String {
    let style = Style { color, ..terminal.style() };
    let mut costs = Vec::new();
    for found in &report.costs {
        report::cost_differences(found, &style, &mut costs).expect("a `Vec` takes everything");
        costs.push(b'\n');
    }
    let mut text = String::from_utf8(costs).expect("reports are text");
    for finding in &report.findings {
        text.push_str(&terminal.report_in(&check::problem(finding, &config.sources), color));
        text.push('\n');
    }
    for group in &report.not_made {
        let not_made = t!(
            "Not made: {checks}: {because}; {help}.",
            checks = group.checks.join(", "),
            because = group.because,
            help = group.help
        );
        text.push_str(&format!("{not_made}\n"));
    }
    for note in &report.notes {
        text.push_str(&format!("{}\n", t!("Note: {note}.", note = note)));
    }
    text.push_str(&format!("{}\n", t!("Checks: {counts}.", counts = summary(report))));
    text
}

/// `1 error, 2 warnings, 1 note; 1 waived; 3 not made`.
fn summary(report: &Report) -> String {
    let sum = report.summary;
    let counted = [
        (sum.errors, tn!(sum.errors, "{n} error", "{n} errors")),
        (sum.warnings, tn!(sum.warnings, "{n} warning", "{n} warnings")),
        (sum.notes, tn!(sum.notes, "{n} note", "{n} notes")),
    ];
    let some = |counted: Vec<(usize, String)>| -> Vec<String> {
        counted.into_iter().filter(|(count, _)| *count > 0).map(|(_, text)| text).collect()
    };
    let counted = some(counted.into());
    let mut parts = vec![if counted.is_empty() { t!("nothing found") } else { counted.join(", ") }];
    parts.extend(some(vec![
        (sum.waived, t!("{count} waived", count = sum.waived)),
        (sum.not_made, t!("{count} not made", count = sum.not_made)),
    ]));
    parts.join("; ")
}
