//! How one value reads, and what a change of it means.

use super::{
    diff::look_alike,
    escape::{self, cut, visible},
    order::price_of,
    words::Told,
};
use crate::{
    language::{t, tn},
    model::Money,
    plan::{FieldChange, Value},
};

/// Longest value on one side of a change; more is cut, and the length is said.
const LONGEST_VALUE: usize = 300;

/// What stands in place of a secret.
pub(super) fn secret(told: Told) -> String {
    match told {
        Told::Plan => t!("(secret, sent; the panel never shows it, so it cannot be compared)"),
        Told::Drift => t!("(secret; the panel never shows it, so it cannot be compared)"),
    }
}

/// What happens to a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sign {
    Set,
    Changed,
    Gone,
    Same,
}

impl Sign {
    pub(super) fn of(field: &FieldChange) -> Self {
        match (&field.before, &field.after) {
            (None, None) => Self::Same,
            (None, Some(_)) => Self::Set,
            (Some(_), None) => Self::Gone,
            // A secret cannot be compared, so writing it always counts as a change.
            (Some(before), Some(after)) if before == after && *after != Value::Secret => Self::Same,
            _ => Self::Changed,
        }
    }

    pub(super) fn mark(self) -> &'static str {
        match self {
            Self::Set => "+",
            Self::Changed => "~",
            Self::Gone => "-",
            Self::Same => " ",
        }
    }
}

/// A value as it is shown: visible throughout, in quotes where it would be mistaken for something else.
pub(super) fn shown(value: &Value) -> String {
    match value {
        Value::Text(text) => quoted(&visible(text)),
        Value::NoPrice => no_price(),
        Value::Flag(flag) => yes_no(*flag),
        Value::Secret => hidden(),
        Value::Ref(reference) => visible(&reference.key).into_owned(),
        Value::Money(_) | Value::Period(_) => value.to_string(),
    }
}

fn no_price() -> String {
    t!("value" => "no price")
}

pub(super) fn yes_no(flag: bool) -> String {
    if flag { t!("value" => "yes") } else { t!("value" => "no") }
}

fn hidden() -> String {
    t!("value" => "(secret)")
}

fn quoted(text: &str) -> String {
    let words = || [no_price(), yes_no(true), yes_no(false), hidden()];
    let misleading = text.is_empty()
        || text.trim() != text
        || text.contains(" -> ")
        || words().iter().any(|word| word == text);
    if misleading { format!("\"{text}\"") } else { text.to_owned() }
}

/// Both sides of a change as they are shown, told apart by id where the names are the same.
pub(super) fn pair(before: &Value, after: &Value) -> (String, String) {
    let (mut one, mut two) = (shown(before), shown(after));
    if let (Value::Ref(old), Value::Ref(new)) = (before, after)
        && one == two
    {
        let id = |id: &Option<String>| {
            id.as_deref().map_or(format!(" ({})", t!("object" => "new")), |id| format!(" #{id}"))
        };
        one.push_str(&visible(&id(&old.id)));
        two.push_str(&visible(&id(&new.id)));
    }
    (one, two)
}

/// Cuts a value that nobody would read to its end, and says how long it is.
pub(super) fn short(text: &str) -> String {
    let length = text.chars().count();
    if length <= LONGEST_VALUE {
        return text.to_owned();
    }
    format!("{} {}", cut(text, LONGEST_VALUE), tn!(length, "({n} character)", "({n} characters)"))
}

/// The currency to put behind an amount; nothing for a field that does not say.
pub(super) fn currency(field: &str) -> &str {
    price_of(field).map_or("", |(currency, _)| currency)
}

/// Whether a field is a price, if only one that says there is none.
pub(super) fn is_price(field: &FieldChange) -> bool {
    field.is_money()
        || matches!((&field.before, &field.after), (Some(Value::NoPrice), _) | (_, Some(Value::NoPrice)))
}

/// How an amount was computed, on one line.
pub(super) fn formula(text: &str) -> String {
    format!("= {}", escape::remark(text))
}

/// What a change of a price amounts to: `+14.3 %`, `was free`, `now free`, `new`.
pub(super) fn move_of(field: &FieldChange) -> Option<String> {
    let (Some(Value::Money(before)), Some(Value::Money(after))) = (&field.before, &field.after) else {
        return None;
    };
    percent(*before, *after)
}

pub(super) fn percent(before: Money, after: Money) -> Option<String> {
    if before == after {
        return None;
    }
    if before.is_zero() {
        return Some(t!("was free"));
    }
    let percent = after.percent_from(before)?;
    let sign = if after > before { "+" } else { "" };
    Some(if percent.is_zero() { t!("under 0.1 %") } else { format!("{sign}{percent} %") })
}

/// A warning where two different texts look the same.
pub(super) fn caution(before: &str, after: &str) -> Option<String> {
    let (old, new) = look_alike(before, after)?;
    let code = |letter: char| format!("U+{:04X}", u32::from(letter));
    Some(t!("(look-alike letters: {old} -> {new})", old = code(old), new = code(new)))
}

#[cfg(test)]
mod tests {
    use super::{pair, percent, short, shown};
    use crate::plan::{Reference, Value};

    #[test]
    fn percents_are_signed_and_never_divide_by_nothing() {
        for (before, after, shown) in [
            ("350", "400", Some("+14.3 %")),
            ("100", "90", Some("-10 %")),
            ("0", "5", Some("was free")),
            ("5", "0", Some("-100 %")),
            ("5", "5.00", None),
            ("100000", "100001", Some("under 0.1 %")),
            ("0.0001", "999999999999", Some("+999999999998999900 %")),
        ] {
            assert_eq!(percent(before.parse().unwrap(), after.parse().unwrap()).as_deref(), shown);
        }
    }

    #[test]
    fn texts_that_mislead_are_quoted() {
        for (text, expected) in [
            ("", "\"\""),
            (" x", "\" x\""),
            ("no price", "\"no price\""),
            ("a -> b", "\"a -> b\""),
            ("x", "x"),
        ] {
            assert_eq!(shown(&Value::Text(text.to_owned())), expected);
        }
    }

    #[test]
    fn namesakes_are_told_apart_by_id() {
        let reference = |id: Option<&str>| {
            Value::Ref(Reference { kind: "tariff".into(), key: "start".into(), id: id.map(str::to_owned) })
        };
        let (one, two) = pair(&reference(Some("3")), &reference(None));
        assert_eq!((one.as_str(), two.as_str()), ("start #3", "start (new)"));
    }

    #[test]
    fn long_values_say_their_length() {
        let text = short(&"x".repeat(10_000));
        assert!(text.ends_with("x… (10000 characters)") && text.chars().count() < 330);
    }
}
