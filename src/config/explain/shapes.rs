//! Faults of shape: what is missing, too much, empty or of the wrong type; and secrets, which are never
//! repeated.

use std::collections::BTreeMap;

use jsonschema::error::TypeKind;
use serde_json::Value;

use super::{Site, required::spoken};
use crate::{
    kinds::CheckCode,
    language::{later, t, told},
    model::{Currency, Name},
    source::{
        At, codes,
        fault::{Fault, MOST, Place, pointer, shown},
        tree::{NodeRef, Shape},
    },
};

/// The places a secret can come from.
const SOURCES: [&str; 3] = ["env", "file", "command"];

impl Site<'_> {
    pub(super) fn no_value(&self) -> Fault {
        let help = match self.definition() {
            "Amount" => t!("write an amount like \"350.00\", `none` for no price, or `cost_plus`"),
            _ if self.found.key.is_none() && self.path.is_empty() => t!("write at least `version: 1`"),
            _ if self.found.key.is_none() => t!("remove the empty entry"),
            _ => t!("write a value after the colon, or leave the key out"),
        };
        self.fault(At::Key, codes::NO_VALUE, t!("{name} has no value", name = self.name()))
            .help(help)
            .label(t!("no value"))
    }

    /// Whatever stands where a secret is described is taken for the secret itself, and not repeated.
    pub(super) fn bad_secret(&self) -> Fault {
        // The arguments of a command are one level deeper.
        let is_source = |step: &&String| SOURCES.contains(&step.as_str());
        let below = self.path.iter().rev().take(2).position(|step| is_source(&step));
        let inner = below.is_some();
        let depth = self.path.len().saturating_sub(below.map_or(0, |steps| steps + 1)).max(1);
        let name = self.path.get(depth.wrapping_sub(1)).map_or("password", String::as_str);
        let advice = t!(
            "write `{name}: {{env: VARIABLE}}`, `{name}: {{file: path}}` or `{name}: {{command: [program, argument]}}`, and keep the secret itself out of the file",
            name = name
        );
        let is_map = matches!(self.found.value.shape(), Shape::Map(_));
        let (code, message, label, help) = if inner {
            (
                codes::BAD_SECRET,
                t!("this is not a place a secret can be read from"),
                t!("not shown"),
                t!(
                    "`env` takes the name of a variable (letters, digits, underscores), `file` a path, `command` a list of texts: the program and its arguments"
                ),
            )
        } else if is_map {
            (
                codes::BAD_SECRET,
                t!("a secret comes from one place: `env`, `file` or `command`"),
                t!("one of the three"),
                advice,
            )
        } else {
            (
                codes::LITERAL_SECRET,
                t!("a secret is written into the configuration"),
                t!("not shown: it would live in Git"),
                advice,
            )
        };
        let mut fault = self.fault(At::Value, code, message.to_owned()).label(label).help(help);
        fault.secret = !is_map;
        fault
    }

    pub(super) fn wrong_type(&self, kind: &TypeKind) -> Fault {
        if self.path == ["version"] {
            return self.version();
        }
        match (self.definition(), self.found.value.shape()) {
            ("Amount" | "Money" | "Rate", Shape::Number(_)) => self.unquoted_money(),
            ("Chance", Shape::Number(_)) => self.bad_chance(self.written()),
            ("Date", Shape::Number(_)) => self.bad_date(self.written()),
            ("Period", Shape::Number(_)) => self.bad_period(At::Value, self.written()),
            (_, Shape::Number(_) | Shape::Flag(_)) if self.wants(kind, "string") => self.unquoted(),
            _ => {
                let (name, is) = (self.name(), self.what());
                let expected = expected(kind);
                let fault = self.fault(
                    At::Value,
                    codes::WRONG_TYPE,
                    t!(
                        "{name} must be {expected}, and this is {is}",
                        name = name,
                        expected = expected,
                        is = is
                    ),
                );
                fault.label(t!("{expected} belongs here", expected = expected)).help(self.shape_help(kind))
            }
        }
    }

    pub(super) fn wants(&self, kind: &TypeKind, wanted: &str) -> bool {
        type_names(kind).iter().any(|name| name == wanted)
    }

    pub(super) fn shape_help(&self, kind: &TypeKind) -> String {
        let name = self.path.last().map_or("key", String::as_str);
        match type_names(kind).first().map(String::as_str) {
            _ if type_names(kind).len() > 1 => t!("write one value, as the panel's own form holds it"),
            _ if self.definition() == "LocalName" => {
                let text = self.found.value.text().map_or("...".to_owned(), shown);
                t!("name the language: `{name}: {{en: {text}}}`", name = name, text = text)
            }
            _ if self.path.is_empty() => {
                t!("write fields without indentation: `version: 1`, `processors:` and so on")
            }
            Some("object") => {
                t!("write fields below `{name}`, indented, each as `field: value`", name = name)
            }
            Some("array") => {
                t!("write a list: `{name}: [...]`, or one `- ` line for each entry", name = name)
            }
            Some("integer") => t!("write digits only, without quotes"),
            Some("boolean") => t!("write `true` or `false`, without quotes"),
            _ => t!("see `billform schema` for the format"),
        }
    }

    pub(super) fn missing(&self, field: &str) -> Fault {
        let place = if self.path.is_empty() { t!("the file") } else { self.name() };
        let fault = self.fault(
            At::Value,
            codes::MISSING_FIELD,
            t!("{place} has no `{field}`", place = place, field = field),
        );
        let fault = fault.label(t!("`{field}` is missing", field = field));
        match (field, self.described(field)) {
            ("version", _) => fault.help(t!("add `version: 1`; every file says it")),
            (_, Some(text)) => fault.help(t!("add `{field}`: {text}", field = field, text = spoken(&text))),
            (_, None) => fault.help(t!("add `{field}`", field = field)),
        }
    }

    pub(super) fn unexpected(&self, key: &str) -> Fault {
        let site = self.child(key);
        let patterns =
            self.subschema().and_then(|schema| schema.get("patternProperties")).and_then(Value::as_object);
        match patterns.and_then(|patterns| patterns.keys().next()).map(String::as_str) {
            Some(Currency::PATTERN) => site.bad_currency(At::Key, key),
            Some(CheckCode::PATTERN) => site.bad_check(At::Key, key),
            Some("^[a-z]{2}$") => site.bad_language(key),
            Some(Name::PATTERN) => site.bad_name(At::Key),
            Some(_) => site.bad_period(At::Key, key),
            None => site.unknown_field(key, &self.fields()),
        }
    }

    pub(super) fn bad_key(&self, key: &str) -> Fault {
        self.child(key).bad_name(At::Key)
    }

    pub(super) fn nothing_listed(&self) -> Fault {
        let (what, help) = match self.definition() {
            "ItemPrice" => (
                t!("no currency"),
                t!("write `free`, `off`, `cost_plus`, or prices like {{RUB: {{1m: \"350.00\"}}}}"),
            ),
            "CostTable" => (t!("no currency"), t!("write costs like {{RUB: {{1m: \"250.00\"}}}}")),
            "CostsByPeriod" => {
                (t!("no period"), t!("write costs like {{1m: \"250.00\"}}, or leave the currency out"))
            }
            "PricesByPeriod" => {
                (t!("no period"), t!("write prices like {{1m: \"350.00\"}}, or leave the currency out"))
            }
            "LocalName" => (t!("no language"), t!("write at least one, like {{en: ...}}")),
            "Sold" => (t!("no period"), t!("write the periods, like [1m, 3m]")),
            _ => (t!("nothing in it"), t!("write an entry, or leave the key out")),
        };
        self.fault(At::Value, codes::NOTHING_LISTED, t!("{name} has {what}", name = self.name(), what = what))
            .label(t!("empty"))
            .help(help)
    }

    pub(super) fn not_alone(&self) -> Fault {
        let message = t!("{name} has prices beside `cost_plus`", name = self.name());
        self.fault(At::Value, codes::NOT_ALONE, message).label(t!("one or the other")).help(t!(
            "write `cost_plus` in place of single amounts, like {{RUB: {{1m: cost_plus, 12m: \"3500.00\"}}}}"
        ))
    }

    pub(super) fn listed_twice(&self) -> Vec<Fault> {
        let mut seen: BTreeMap<&str, NodeRef<'_>> = BTreeMap::new();
        let twice = self.found.value.elements().enumerate().filter_map(|(later, entry)| {
            let text = entry.text()?;
            let Some(first) = seen.get(text) else {
                seen.insert(text, entry);
                return None;
            };
            let path = pointer(self.path.iter().map(String::as_str).chain([later.to_string().as_str()]));
            let message = t!("`{text}` is listed twice", text = shown(text));
            let fault = Fault::new(self.file, entry.span(), codes::LISTED_TWICE, message)
                .at(path)
                .label(t!("again here"))
                .other(Place::new(self.file, first.span()), t!("first here"));
            Some(fault.help(t!("remove one of the two")))
        });
        twice.take(MOST).collect()
    }
}

fn type_names(kind: &TypeKind) -> Vec<String> {
    match kind {
        TypeKind::Single(kind) => vec![kind.to_string()],
        TypeKind::Multiple(kinds) => kinds.iter().map(|kind| kind.to_string()).collect(),
    }
}

fn expected(kind: &TypeKind) -> String {
    let words: Vec<_> = type_names(kind)
        .iter()
        .map(|name| match name.as_str() {
            "string" => told(later!("text")),
            "integer" => told(later!("a whole number")),
            "number" => told(later!("a number")),
            "boolean" => told(later!("a boolean")),
            "array" => told(later!("a list")),
            "object" => told(later!("a mapping")),
            _ => told(later!("nothing")),
        })
        .collect();
    match words.split_last() {
        Some((last, first)) if !first.is_empty() => {
            t!("{first} or {last}", first = first.join(", "), last = last)
        }
        _ => words.concat(),
    }
}
