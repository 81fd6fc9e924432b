//! All checks on one configuration, with severities and waivers.

use miette::Severity as Shown;
use schemars::JsonSchema;
use serde::Serialize;

use super::{ALL, Check, Found, Ground, Needs, waivers};
use crate::{
    kinds::Severity,
    language::t,
    licence::rules::Rule,
    model::Mark,
    plan::{Because, Finding, Level, Waived},
    source::{At, Problem, Sources, fault},
    upstream::CostDifferences,
};

/// Version of the document.
const DOCUMENT_VERSION: &str = "1.0";

/// What the checks found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(title = "Checks")]
pub(crate) struct Report {
    /// Version of this document's format; a change of the first number breaks readers.
    pub(crate) format_version: String,
    /// How many findings of each level count, how many are accepted, and how many checks were not made.
    pub(crate) summary: Summary,
    /// The findings, errors first; those that are accepted come last.
    pub(crate) findings: Vec<Finding>,
    /// Checks that were not made.
    pub(crate) not_made: Vec<NotMade>,
    /// What else is worth knowing.
    pub(crate) notes: Vec<String>,
    /// What the licence servers say of the costs, where they were asked.
    pub(crate) costs: Vec<CostDifferences>,
}

/// How many there are of each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(title = "Summary of the checks")]
pub(crate) struct Summary {
    /// Findings that stop an apply.
    pub(crate) errors: usize,
    /// Findings that are worth a look.
    pub(crate) warnings: usize,
    /// Findings that are worth knowing.
    pub(crate) notes: usize,
    /// Findings that are accepted.
    pub(crate) waived: usize,
    /// Checks that were not made.
    pub(crate) not_made: usize,
}

/// Checks that could not be made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(title = "Checks that were not made")]
pub(crate) struct NotMade {
    /// Their codes.
    pub(crate) checks: Vec<String>,
    /// What they lack.
    pub(crate) because: String,
    /// How to give it.
    pub(crate) help: String,
}

/// Makes all checks. The places in the findings are those of `sources`, where the text is at hand.
pub(crate) fn run(ground: &Ground<'_>, sources: Option<&Sources>) -> Report {
    let mut notes: Vec<String> = ground.notes.iter().cloned().collect();
    let mut findings = Vec::new();
    let mut lacking: Vec<(Needs, &'static Check)> = Vec::new();
    let rows = waivers::steps(ground.spec);
    let accepted = waivers::all(ground.spec, &rows);
    let mut used = vec![false; accepted.len()];
    for check in ALL {
        let wish = severity(ground, check);
        if wish == Some(Severity::Off) {
            continue;
        }
        if let Some(needs) = check.needs.filter(|needs| ground.lacks(*needs)) {
            if needs != Needs::Calendar && ground.sells_licences() {
                lacking.push((needs, check));
            }
            continue;
        }
        if wish == Some(Severity::Error) && check.rule.is_some_and(is_open) {
            notes.push(t!(
                "{check} rests on an open question, so its findings stay warnings",
                check = check.code()
            ));
        }
        for found in (check.run)(ground) {
            let mut waived = None;
            for (waiver, used) in accepted.iter().zip(&mut used) {
                if waiver.covers(check.code(), &found) {
                    *used = true;
                    let still = !waiver.has_ended(ground.today);
                    waived = waived.or_else(|| {
                        still.then(|| Waived { reason: waiver.reason.to_owned(), until: waiver.until })
                    });
                }
            }
            findings.push(finding(check.name, check, wish, found, waived, sources));
        }
    }
    let made = |code: &str| {
        let check = super::lookup(code);
        check.is_some_and(|check| check.needs.is_none_or(|needs| !ground.lacks(needs)))
    };
    for (waiver, used) in accepted.iter().zip(used) {
        let (code, message, level, cure) = if waiver.has_ended(ground.today) {
            let message = t!(
                "the waiver of {check} ended on {until} ({reason})",
                check = waiver.check,
                until = waiver.until,
                reason = waiver.reason
            );
            (
                "check::waiver_expired",
                message,
                Level::Warning,
                t!("mend what it was for, or look at it again and write a later `until`"),
            )
        } else if !used && made(waiver.check) {
            let message = t!(
                "the waiver of {check} matches no finding ({reason})",
                check = waiver.check,
                reason = waiver.reason
            );
            ("check::waiver_unused", message, Level::Note, t!("take it out"))
        } else {
            continue;
        };
        let path = waiver.path(&waiver.step());
        findings.push(Finding {
            code: code.to_owned(),
            level,
            message,
            arithmetic: None,
            cure: cure.to_owned(),
            rule: None,
            pointer: fault::pointer(path.iter().map(String::as_str)),
            origin: origin(sources, &path),
            waived: None,
        });
    }
    findings.sort_by(|one, two| {
        let key = |finding: &Finding| (finding.waived.is_some(), finding.level);
        key(one).cmp(&key(two))
    });
    let not_made = not_made(&lacking);
    let summary = summary(&findings, &lacking);
    let format_version = DOCUMENT_VERSION.to_owned();
    Report { format_version, summary, findings, not_made, notes, costs: Vec::new() }
}

/// What the configuration says of the check's severity.
fn severity(ground: &Ground<'_>, check: &Check) -> Option<Severity> {
    let set = ground.spec.checks.severity.iter().find(|(code, _)| code.as_str() == check.code());
    set.map(|(_, severity)| *severity)
}

fn is_open(rule: Rule) -> bool {
    rule.mark == Mark::Open
}

/// The level of a finding: what nobody can know is never an error, whoever asks for it.
fn level(check: &Check, wish: Option<Severity>, found: &Found) -> Level {
    let wished = match wish {
        Some(Severity::Error) => Some(Level::Error),
        Some(Severity::Warning) => Some(Level::Warning),
        Some(Severity::Note) => Some(Level::Note),
        Some(Severity::Off) | None => None,
    };
    let level = wished.or(found.level).unwrap_or(check.level);
    let open = found.rule.or(check.rule).is_some_and(is_open);
    if open { level.max(Level::Warning) } else { level }
}

fn finding(
    code: &str,
    check: &Check,
    wish: Option<Severity>,
    found: Found,
    waived: Option<Waived>,
    sources: Option<&Sources>,
) -> Finding {
    let rule = found.rule.or(check.rule).map(|rule| Because {
        says: rule.says().to_owned(),
        mark: rule.mark,
        source: rule.source.to_owned(),
    });
    let level = level(check, wish, &found);
    Finding {
        code: code.to_owned(),
        level,
        pointer: fault::pointer(found.path.iter().map(String::as_str)),
        origin: origin(sources, &found.path),
        message: found.message,
        arithmetic: found.arithmetic,
        cure: found.cure,
        rule,
        waived,
    }
}

fn origin(sources: Option<&Sources>, path: &[String]) -> Option<crate::plan::Origin> {
    sources?.origin(&path.iter().map(String::as_str).collect::<Vec<_>>())
}

fn not_made(lacking: &[(Needs, &'static Check)]) -> Vec<NotMade> {
    let groups = [
        (
            Needs::Costs,
            t!("what licences cost is not known"),
            t!("write it under `costs` of the configuration"),
        ),
        (Needs::Live, t!("the panel was not read"), t!("give `--live`, or run `plan`")),
    ];
    let groups = groups.into_iter().map(|(needs, because, help)| NotMade {
        checks: lacking
            .iter()
            .filter(|(of, _)| *of == needs)
            .map(|(_, check)| check.code().to_owned())
            .collect(),
        because: because.to_owned(),
        help: help.to_owned(),
    });
    groups.filter(|group| !group.checks.is_empty()).collect()
}

fn summary(findings: &[Finding], lacking: &[(Needs, &'static Check)]) -> Summary {
    let count =
        |level: Level| findings.iter().filter(|one| one.waived.is_none() && one.level == level).count();
    Summary {
        errors: count(Level::Error),
        warnings: count(Level::Warning),
        notes: count(Level::Note),
        waived: findings.iter().filter(|one| one.waived.is_some()).count(),
        not_made: lacking.len(),
    }
}

impl Ground<'_> {
    fn lacks(&self, needs: Needs) -> bool {
        match needs {
            Needs::Costs => {
                !self.servers.values().any(|server| server.codes.values().any(|offer| !offer.cost.is_empty()))
            }
            Needs::Live => self.known.plan.is_none(),
            Needs::Calendar => !self.known.calendar,
        }
    }
}

impl Report {
    /// The findings that count and are taken as seriously as that or more.
    pub(crate) fn counting(&self, level: Level) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(move |finding| finding.counts(level))
    }
}

/// A finding underlined in the configuration's text.
pub(crate) fn problem(finding: &Finding, sources: &Sources) -> Problem {
    let steps = fault::steps(&finding.pointer);
    let steps: Vec<&str> = steps.iter().map(String::as_str).collect();
    let mut message = finding.message.clone();
    if let Some(sum) = &finding.arithmetic {
        message.push_str(&format!("\n{sum}"));
    }
    let mut help = finding.cure.clone();
    if let Some(rule) = &finding.rule {
        help.push_str(&t!("\nrule: {says} ({mark})", says = rule.says, mark = rule.mark));
    }
    if let Some(waived) = &finding.waived {
        help = t!("waived until {until}: {reason}", until = waived.until, reason = waived.reason);
    }
    let severity = match finding.level {
        Level::Error => Shown::Error,
        Level::Warning => Shown::Warning,
        Level::Note => Shown::Advice,
    };
    let code = code(&finding.code);
    sources.problem(&steps, place(&steps), code, message, Some(help)).with_severity(severity)
}

/// What to underline: the value of what has one, else the key.
fn place(steps: &[&str]) -> At {
    match steps {
        ["prices", _, "items", _] | ["enumerations" | "processors" | "period_mappings" | "prices", _] => {
            At::Key
        }
        ["enumerations", _, "items", _] | ["costs", _, "codes", _] => At::Key,
        _ => At::Value,
    }
}

/// The code as a problem takes it.
fn code(code: &str) -> &'static str {
    let of_waivers = ["check::waiver_expired", "check::waiver_unused"];
    let all = ALL.iter().map(|check| check.name).chain(of_waivers);
    all.into_iter().find(|known| *known == code).unwrap_or_default()
}
