//! What of a drift is news: not known from the last look, or as configured again. Pure.
//!
//! Everybody who is told has a memory of its own, so that what could not be delivered is news to that receiver
//! the next time, and to nobody else.

use std::collections::BTreeMap;

use jiff::{SpanRelativeTo, SpanRound, Timestamp, Unit};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    language::{t, tn},
    plan::{Action, Change, FieldChange, ObjectRef, Plan, Unmanaged, Value},
};

/// Version of the documents here: the news, and what is remembered.
pub(crate) const FORMAT_VERSION: &str = "1.0";

/// How the panel differs in one respect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(title = "How it differs")]
pub(crate) enum How {
    /// A field has another value.
    Different,
    /// The object is missing in the panel.
    Missing,
    /// The object is in the panel and not in the configuration, which lets it be pruned.
    NotConfigured,
    /// The object differs in what cannot be changed in place.
    Replaced,
    /// What the configuration asks for cannot be managed on this panel.
    Unmanaged,
}

/// One respect in which the panel differs from the configuration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "Difference")]
pub(crate) struct Difference {
    /// How it differs.
    pub(crate) how: How,
    /// Which object it is; for what cannot be managed, its kind is `part`.
    pub(crate) object: ObjectRef,
    /// The field, where it is a single one.
    pub(crate) field: Option<String>,
    /// What the panel has.
    pub(crate) panel: Option<String>,
    /// What the configuration asks for.
    pub(crate) configuration: Option<String>,
    /// When it was first seen, in UTC.
    pub(crate) first_seen: String,
}

impl Difference {
    /// Whether both are about the same respect of the same object.
    fn is_about(&self, other: &Self) -> bool {
        self.object == other.object && self.field == other.field
    }

    /// Whether the panel differs in the same way still. What the configuration asks for does not matter: who
    /// edits that knows of it. Nor does why something cannot be managed: a sentence that may come in either
    /// language.
    fn is(&self, other: &Self) -> bool {
        let same = self.how == How::Unmanaged || self.panel == other.panel;
        self.is_about(other) && self.how == other.how && same
    }
}

/// What is new in a drift, for one receiver.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(title = "News of a drift")]
pub(crate) struct News {
    /// Version of this document's format; a change of the first number breaks readers.
    pub(crate) format_version: String,
    /// Version of the tool.
    pub(crate) tool_version: String,
    /// Address of the panel.
    pub(crate) panel: String,
    /// When the panel was looked at, in UTC.
    pub(crate) at: String,
    /// Differences that were not told before.
    pub(crate) new: Vec<Difference>,
    /// Differences that were told and are gone.
    pub(crate) resolved: Vec<Difference>,
    /// How many differences there are in all.
    pub(crate) open: usize,
}

impl News {
    pub(crate) fn is_empty(&self) -> bool {
        self.new.is_empty() && self.resolved.is_empty()
    }
}

/// What was seen and told so far, of one configuration on one panel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Memory {
    format_version: String,
    /// The differences of the last look.
    open: Vec<Difference>,
    /// What each receiver knows.
    told: BTreeMap<String, Vec<Difference>>,
}

impl Default for Memory {
    fn default() -> Self {
        Self { format_version: FORMAT_VERSION.to_owned(), open: Vec::new(), told: BTreeMap::new() }
    }
}

impl Memory {
    /// Reads what was remembered; nothing where it is damaged, or of a version that is not known.
    pub(crate) fn parse(text: &[u8]) -> Option<Self> {
        let memory: Self = serde_json::from_slice(text).ok()?;
        (memory.format_version == FORMAT_VERSION).then_some(memory)
    }

    /// Takes note of a look at the panel, and dates what is known already back to when it was first seen.
    pub(crate) fn see(&mut self, plan: &Plan, now: &str) {
        let mut seen = differences(plan, now);
        for difference in &mut seen {
            if let Some(known) = self.open.iter().find(|known| known.is(difference)) {
                difference.first_seen.clone_from(&known.first_seen);
            }
        }
        self.open = seen;
    }

    /// What a receiver does not know yet.
    pub(crate) fn news(&self, receiver: &str, panel: &str, now: &str) -> News {
        let told = self.told.get(receiver).map_or(&[][..], Vec::as_slice);
        let new = self.open.iter().filter(|open| !told.iter().any(|known| known.is(open)));
        let resolved = told.iter().filter(|known| !self.open.iter().any(|open| known.is_about(open)));
        News {
            format_version: FORMAT_VERSION.to_owned(),
            tool_version: env!("CARGO_PKG_VERSION").to_owned(),
            panel: panel.to_owned(),
            at: now.to_owned(),
            new: new.cloned().collect(),
            resolved: resolved.cloned().collect(),
            open: self.open.len(),
        }
    }

    /// Takes note that a receiver knows all there is.
    pub(crate) fn told(&mut self, receiver: &str) {
        self.told.insert(receiver.to_owned(), self.open.clone());
    }

    /// Forgets receivers that there are no more.
    pub(crate) fn keep(&mut self, receivers: &[String]) {
        self.told.retain(|name, _| receivers.contains(name));
    }

    /// Since when each difference is known, in words.
    pub(crate) fn ages(&self, now: &str) -> Vec<String> {
        let word = |open: &Difference| {
            let field = open.field.as_ref().map_or(String::new(), |field| format!(" {field}"));
            let age = age(&open.first_seen, now).map_or(String::new(), |age| format!(", {age}"));
            let name = format!("{}{field}", open.object);
            t!("{name}: first seen {time}{age}", name = name, time = open.first_seen, age = age)
        };
        self.open.iter().map(word).collect()
    }
}

/// How long ago that was: `3 days ago`.
fn age(then: &str, now: &str) -> Option<String> {
    let (then, now): (Timestamp, Timestamp) = (then.parse().ok()?, now.parse().ok()?);
    let round = SpanRound::new()
        .largest(Unit::Day)
        .smallest(Unit::Minute)
        .relative(SpanRelativeTo::days_are_24_hours());
    let span = now.since(then).ok()?.round(round).ok()?;
    let (days, hours, minutes) = (span.get_days().into(), span.get_hours().into(), span.get_minutes());
    let days: i64 = days;
    let hours: i64 = hours;
    match (days, hours, minutes) {
        (0, 0, minutes @ 1..) => Some(tn!(minutes, "{n} minute ago", "{n} minutes ago")),
        (0, hours @ 1.., _) => Some(tn!(hours, "{n} hour ago", "{n} hours ago")),
        (days @ 1.., ..) => Some(tn!(days, "{n} day ago", "{n} days ago")),
        _ => None,
    }
}

fn differences(plan: &Plan, now: &str) -> Vec<Difference> {
    let mut all: Vec<Difference> = plan.changes.iter().flat_map(|change| of_change(change, now)).collect();
    all.extend(plan.unmanaged.iter().map(|part| of_unmanaged(part, now)));
    all
}

fn of_change(change: &Change, now: &str) -> Vec<Difference> {
    let whole = |how: How, panel: Option<String>| Difference {
        how,
        object: change.object.clone(),
        field: None,
        panel,
        configuration: None,
        first_seen: now.to_owned(),
    };
    let text = |value: &Option<Value>| value.as_ref().map(word);
    match change.action {
        Action::Create => vec![whole(How::Missing, None)],
        Action::Delete => vec![whole(How::NotConfigured, change.id.clone())],
        Action::Replace => {
            let differing = change.fields.iter().filter(|field| field.before != field.after);
            let values =
                differing.filter_map(|field| Some(format!("{} {}", field.field, text(&field.before)?)));
            vec![whole(How::Replaced, Some(values.collect::<Vec<_>>().join(", ")))]
        }
        Action::Update => {
            // A secret cannot be seen to differ.
            let seen = change.fields.iter().filter(|field| field.after != Some(Value::Secret));
            let field = |field: &FieldChange| Difference {
                field: Some(field.field.clone()),
                configuration: text(&field.after),
                ..whole(How::Different, text(&field.before))
            };
            seen.map(field).collect()
        }
    }
}

/// A value as it is remembered and compared: in words that no language changes.
fn word(value: &Value) -> String {
    match value {
        Value::NoPrice => "none".to_owned(),
        Value::Flag(flag) => if *flag { "yes" } else { "no" }.to_owned(),
        Value::Secret => "(secret)".to_owned(),
        Value::Text(_) | Value::Money(_) | Value::Period(_) | Value::Ref(_) => value.to_string(),
    }
}

fn of_unmanaged(part: &Unmanaged, now: &str) -> Difference {
    // What is remembered must be known again in the other language.
    let key = part.delete.as_ref().map_or(part.what.clone(), |object| format!("delete {object}"));
    Difference {
        how: How::Unmanaged,
        object: ObjectRef { kind: "part".to_owned(), key },
        field: None,
        panel: Some(part.why.clone()),
        configuration: None,
        first_seen: now.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::language::{Language, speaking};

    const DAY: &str = "2026-11-20T10:00:00Z";
    const LATER: &str = "2026-11-23T11:00:00Z";

    fn plan(fields: &[(&str, &str)]) -> Plan {
        let field = |(name, value): &(&str, &str)| FieldChange {
            field: (*name).to_owned(),
            before: Some(Value::Text((*value).to_owned())),
            after: Some(Value::Text("wanted".to_owned())),
            origin: None,
            formula: None,
        };
        let change = Change {
            action: Action::Update,
            object: ObjectRef { kind: "processor".to_owned(), key: "licences".to_owned() },
            id: Some("1".to_owned()),
            parent: None,
            reason: None,
            origin: None,
            depends_on: Vec::new(),
            goes_with: None,
            fields: fields.iter().map(field).collect(),
            live: BTreeMap::new(),
        };
        let changes = if fields.is_empty() { Vec::new() } else { vec![change] };
        Plan { changes, ..Plan::empty() }
    }

    fn told(memory: &mut Memory, receiver: &str, fields: &[(&str, &str)]) -> (Vec<String>, Vec<String>) {
        memory.see(&plan(fields), LATER);
        let news = memory.news(receiver, "p", LATER);
        memory.told(receiver);
        let names = |list: &[Difference]| list.iter().filter_map(|one| one.field.clone()).collect();
        (names(&news.new), names(&news.resolved))
    }

    fn names(list: &[&str]) -> Vec<String> {
        list.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn only_what_changed_is_news_and_its_end_is_told_once() {
        let mut memory = Memory::default();
        assert_eq!(
            told(&mut memory, "r", &[("url", "a"), ("name", "b")]),
            (names(&["url", "name"]), names(&[]))
        );
        assert_eq!(told(&mut memory, "r", &[("url", "a"), ("name", "b")]), (names(&[]), names(&[])));
        assert_eq!(told(&mut memory, "r", &[("url", "c"), ("name", "b")]), (names(&["url"]), names(&[])));
        assert_eq!(told(&mut memory, "r", &[("name", "b")]), (names(&[]), names(&["url"])));
        assert_eq!(told(&mut memory, "r", &[]), (names(&[]), names(&["name"])));
        assert_eq!(told(&mut memory, "r", &[]), (names(&[]), names(&[])));
    }

    #[test]
    fn each_receiver_has_its_own_memory() {
        let mut memory = Memory::default();
        told(&mut memory, "one", &[("url", "a")]);
        assert_eq!(told(&mut memory, "two", &[("url", "a")]), (names(&["url"]), names(&[])));
        memory.keep(&names(&["two"]));
        assert_eq!(told(&mut memory, "one", &[("url", "a")]), (names(&["url"]), names(&[])));
    }

    #[test]
    fn what_is_known_keeps_its_day_and_survives_the_file() {
        let mut memory = Memory::default();
        memory.see(&plan(&[("url", "a"), ("name", "b")]), DAY);
        let text = serde_json::to_vec(&memory).unwrap();
        let mut memory = Memory::parse(&text).unwrap();
        memory.see(&plan(&[("url", "a"), ("name", "c")]), LATER);
        let ages = memory.ages(LATER);
        assert_eq!(ages[0], format!("processor licences url: first seen {DAY}, 3 days ago"));
        assert_eq!(ages[1], format!("processor licences name: first seen {LATER}"));
        for damaged in [&text[..text.len() / 2], b"", b"{}", b"[]"] {
            assert_eq!(Memory::parse(damaged), None);
        }
    }

    #[test]
    fn another_language_is_no_news() {
        let look = |memory: &mut Memory, why: &str, language: Language| {
            speaking(language, || {
                let mut plan = plan(&[]);
                plan.unmanaged = vec![Unmanaged {
                    what: "period-mapping licences/1m".to_owned(),
                    delete: None,
                    why: why.to_owned(),
                    help: why.to_owned(),
                    origin: None,
                }];
                let field = |name: &str, before, after| FieldChange {
                    field: name.to_owned(),
                    before: Some(before),
                    after: Some(after),
                    origin: None,
                    formula: None,
                };
                let mut change = super::tests::plan(&[("url", "a")]).changes.remove(0);
                change.fields = vec![
                    field("active", Value::Flag(false), Value::Flag(true)),
                    field("RUB.1m", Value::NoPrice, Value::Flag(true)),
                ];
                plan.changes = vec![change];
                memory.see(&plan, LATER);
                let news = memory.news("r", "p", LATER);
                memory.told("r");
                news
            })
        };
        let mut memory = Memory::default();
        assert_eq!(look(&mut memory, "the form has no such field", Language::English).new.len(), 3);
        let text = serde_json::to_vec(&memory).unwrap();
        let mut memory = Memory::parse(&text).unwrap();
        assert!(look(&mut memory, "в форме нет такого поля", Language::Russian).is_empty());
        assert!(look(&mut memory, "the form has no such field", Language::English).is_empty());
    }

    #[test]
    fn ages_are_told_in_russian() {
        let age = |then: &str| speaking(Language::Russian, || super::age(then, LATER)).unwrap();
        assert_eq!(age("2026-11-23T10:59:00Z"), "1 минуту назад");
        assert_eq!(age("2026-11-23T08:01:00Z"), "2 часа назад");
        assert_eq!(age("2026-11-02T10:00:00Z"), "21 день назад");
    }

    #[test]
    fn ages_are_told_in_their_largest_unit() {
        for (then, age) in [
            ("2026-11-23T10:59:40Z", None),
            ("2026-11-23T10:59:00Z", Some("1 minute ago")),
            ("2026-11-23T09:01:00Z", Some("1 hour ago")),
            ("2026-11-21T10:00:00Z", Some("2 days ago")),
            ("2026-11-24T10:00:00Z", None),
            ("nonsense", None),
        ] {
            assert_eq!(super::age(then, LATER).as_deref(), age, "{then}");
        }
    }
}
