//! What billform can manage on a panel, what stands in the way, and what was found that no document names.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    kinds::{KindError, Reads, Snapshot},
    language::t,
    plan::Target,
};

const MAPPING: &str = "period-mapping";

/// A panel looked at.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(title = "Examination of a panel")]
pub(crate) struct Examination {
    /// Version of this document's format; a change of the first number breaks readers.
    pub(crate) format_version: String,
    /// The panel, and the account that looked.
    pub(crate) target: Target,
    /// What was looked at, in that order.
    pub(crate) checks: Vec<Check>,
    /// Names that no public document gives, as this panel has them.
    pub(crate) found: Vec<Found>,
}

/// One thing that was looked at.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct Check {
    /// What it is about: `login`, `account`, `lists`, or a kind of object.
    pub(crate) about: String,
    pub(crate) verdict: Verdict,
    /// What there is to say about it.
    pub(crate) says: String,
    /// What to do, where something can be done.
    pub(crate) help: Option<String>,
}

/// How it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Verdict {
    /// As it should be.
    Ok,
    /// Worth knowing.
    Note,
    /// Something cannot be managed as long as this is so.
    Missing,
    /// It could not be read at all.
    Failed,
}

/// A name of the panel's that had to be found out.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct Found {
    /// What it is.
    pub(crate) what: String,
    /// What the panel calls it.
    pub(crate) name: String,
    /// Where it was found.
    pub(crate) how: String,
}

impl Examination {
    pub(crate) fn new(target: Target, level: Option<u32>, snapshot: &Snapshot, reads: &Reads) -> Self {
        let mut checks =
            vec![check("login", Verdict::Ok, t!("accepted, and no second factor was asked for"))];
        checks.push(account(level));
        let elsewhere = t!("this machine may log in; from where else the account may, the API does not tell");
        checks.push(check("addresses", Verdict::Note, elsewhere));
        checks.push(lists(snapshot));
        for (kind, read) in reads {
            checks.extend(of_kind(kind, read, snapshot));
        }
        checks.extend(snapshot.notes.iter().map(|note| check("panel", Verdict::Note, note)));
        let found = found(snapshot);
        Self { format_version: "1.0".to_owned(), target, checks, found }
    }

    pub(crate) fn worst(&self) -> Verdict {
        self.checks.iter().map(|check| check.verdict).max().unwrap_or(Verdict::Ok)
    }
}

fn check(about: &str, verdict: Verdict, says: impl Into<String>) -> Check {
    Check { about: about.to_owned(), verdict, says: says.into(), help: None }
}

fn account(level: Option<u32>) -> Check {
    match level {
        Some(level @ 29..) => {
            check("account", Verdict::Ok, t!("access level {level}, an administrator", level = level))
        }
        Some(level) => Check {
            help: Some(t!("use an administrator's account: every function needed here is theirs")),
            ..check(
                "account",
                Verdict::Failed,
                t!("access level {level}; an administrator has 29", level = level),
            )
        },
        None => check("account", Verdict::Note, t!("the panel does not say its access level")),
    }
}

/// A list that is filtered, or whose end is not in sight, fails its kind: what is counted here is whole.
fn lists(snapshot: &Snapshot) -> Check {
    let rows: u64 = snapshot.proofs.iter().map(|proof| proof.rows).sum();
    let unsaid = snapshot.proofs.iter().filter(|proof| proof.filter != "none").count();
    let mut says = t!(
        "{lists} read to their end, {rows} rows; no stored filter hides rows",
        lists = snapshot.proofs.len(),
        rows = rows
    );
    if unsaid > 0 {
        says.push_str(&t!("; {unsaid} have no filter at all", unsaid = unsaid));
    }
    check("lists", Verdict::Ok, says)
}

fn of_kind(kind: &str, read: &Result<(), KindError>, snapshot: &Snapshot) -> Vec<Check> {
    if let Err(error) = read {
        return vec![Check { help: Some(error.help()), ..check(kind, Verdict::Failed, error.to_string()) }];
    }
    if kind == "references" {
        return vec![check(
            kind,
            Verdict::Ok,
            t!("tariff plans, product types, providers, data centres, currencies"),
        )];
    }
    let live: Vec<_> = snapshot.of_kind(kind).collect();
    // The same riddle comes once for each object: it is told once.
    let mut riddles: BTreeMap<(Verdict, String, String), usize> = BTreeMap::new();
    let below = format!("{kind} ");
    for (place, unknown) in &snapshot.closed {
        let riddle = match place.strip_prefix(&below) {
            None if place == kind => {
                (Verdict::Missing, t!("none can be managed: {why}", why = unknown.why), unknown.help())
            }
            // Parents that have none, such as processors of servers, are no riddle once one has some.
            Some(_) if live.is_empty() && (kind != MAPPING || snapshot.mapping_parameters.is_empty()) => {
                (Verdict::Note, t!("none was found: {why}", why = unknown.why), unknown.help())
            }
            _ => continue,
        };
        *riddles.entry(riddle).or_default() += 1;
    }
    for object in &live {
        // Objects of another type lack a field that others have.
        let lacking =
            object.unknown.iter().filter(|(field, _)| !live.iter().any(|live| live.field(field).is_some()));
        for (field, unknown) in lacking {
            // Where nothing could be it, what is there most likely has none.
            let verdict = if unknown.candidates.is_empty() { Verdict::Note } else { Verdict::Missing };
            let riddle = (verdict, format!("`{field}`: {}", unknown.why), unknown.help());
            *riddles.entry(riddle).or_default() += 1;
        }
    }
    let known = match live.len() {
        0 => check(kind, Verdict::Ok, t!("none there")),
        1 => check(kind, Verdict::Ok, t!("1 there, read and understood")),
        count => check(kind, Verdict::Ok, t!("{count} there, read and understood", count = count)),
    };
    let riddles: Vec<Check> = riddles
        .into_iter()
        .map(|((verdict, why, help), times)| {
            let often = if times > 1 { t!(" ({times} times)", times = times) } else { String::new() };
            Check { help: Some(help), ..check(kind, verdict, format!("{why}{often}")) }
        })
        .collect();
    if riddles.is_empty() { vec![known] } else { riddles }
}

fn found(snapshot: &Snapshot) -> Vec<Found> {
    let mut found = Vec::new();
    let mut add = |what: String, name: &str, how: &str| {
        found.push(Found { what, name: name.to_owned(), how: how.to_owned() });
    };
    for (currency, id) in &snapshot.catalogue.currencies {
        add(
            t!("currency {currency}", currency = currency),
            &id.to_string(),
            &t!("in the names of price fields"),
        );
    }
    for (processor, parameter) in &snapshot.mapping_parameters {
        let name = snapshot.by_id("processor", processor).map_or(processor.as_str(), |live| &live.identity);
        add(
            t!("period mapping of {name}", name = name),
            parameter,
            &t!("the key of a processor's parameter"),
        );
    }
    let mut types: BTreeMap<&str, &str> = BTreeMap::new();
    for choice in snapshot.resource_types.values().flatten() {
        types.insert(&choice.key, &choice.label);
    }
    for (key, label) in types {
        add(t!("resource type {label}", label = label), key, &t!("on offer in the form of a resource"));
    }
    for ((form, what, name), sign) in &snapshot.told {
        add(t!("field {what} of {form}", what = what, form = form), name, &sign.to_string());
    }
    for (list, style) in &snapshot.parent_styles {
        add(t!("parent of {list}", list = list), &style.to_string(), &t!("by comparing answers"));
    }
    for (list, toolbar) in &snapshot.toolbars {
        let mut functions: Vec<&str> = Vec::new();
        for button in toolbar {
            // The same function may stand behind several buttons.
            if !button.func.is_empty() && !functions.contains(&button.func.as_str()) {
                functions.push(&button.func);
            }
        }
        if !functions.is_empty() {
            add(t!("buttons of {list}", list = list), &functions.join(" "), &t!("in the list's toolbar"));
        }
    }
    found
}
