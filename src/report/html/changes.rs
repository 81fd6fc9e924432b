//! Changes in tables: what is deleted, created, and what fields were and will be.

use super::{
    super::{
        diff::{self, Side},
        escape, markdown,
        order::fields as fields_of,
        value::{self, Sign},
        words::Told,
    },
    escape as text, prose, table,
};
use crate::{
    language::t,
    plan::{Change, FieldChange, Origin, Value},
};

type Shown<'plan> = (&'plan Change, Vec<&'plan FieldChange>);

/// An object: its kind, its key, its id, and why it changes.
fn object(change: &Change) -> String {
    let id = change.id.as_deref().map(|id| format!(" <small>#{}</small>", text(&escape::name(id))));
    let why = change.reason.as_deref().map(|why| format!("<br><small>{}</small>", prose(why)));
    format!(
        "<small>{}</small> {}{}{}",
        text(&escape::name(&change.object.kind)),
        text(&escape::name(&change.object.key)),
        id.unwrap_or_default(),
        why.unwrap_or_default()
    )
}

pub(super) fn place(origin: Option<&Origin>) -> String {
    origin.map_or(String::new(), |origin| format!("<code>{}</code>", text(&escape::place(origin))))
}

fn shown(value: &Value) -> String {
    text(&value::short(&value::shown(value)))
}

fn fields<'plan>(
    list: &[&'plan FieldChange],
    side: impl Fn(&'plan FieldChange) -> Option<&'plan Value>,
) -> String {
    let line = |field: &&'plan FieldChange| {
        let value = side(field).map(shown).unwrap_or_default();
        format!("<small>{}</small> {value}", text(&escape::name(&field.field)))
    };
    list.iter().map(line).collect::<Vec<_>>().join("<br>")
}

pub(super) fn deletes(changes: &[&Change], out: &mut String) {
    let row = |change: &&Change| {
        let all: Vec<&FieldChange> = fields_of(change);
        vec![object(change), fields(&all, |field| field.before.as_ref())]
    };
    let rows: Vec<Vec<String>> = changes.iter().map(row).collect();
    table(&[t!("column" => "Object"), t!("column" => "What it held")], &rows, out);
}

pub(super) fn creates(changes: &[Shown<'_>], out: &mut String) {
    let row = |(change, list): &Shown<'_>| {
        vec![object(change), fields(list, |field| field.after.as_ref()), place(change.origin.as_ref())]
    };
    let rows: Vec<Vec<String>> = changes.iter().map(row).collect();
    table(&[t!("column" => "Object"), t!("column" => "Values"), t!("column" => "Where")], &rows, out);
}

/// A row for each field; each names its object, so that it is found by it.
pub(super) fn updates(changes: &[Shown<'_>], told: Told, out: &mut String) {
    let mut rows = Vec::new();
    for (change, list) in changes {
        if list.is_empty() {
            rows.push(vec![
                object(change),
                String::new(),
                String::new(),
                String::new(),
                place(change.origin.as_ref()),
            ]);
        }
        for field in list {
            let (before, after) = sides(field, told);
            let origin = field.origin.as_ref().or(change.origin.as_ref());
            rows.push(vec![object(change), text(&escape::name(&field.field)), before, after, place(origin)]);
        }
    }
    table(&markdown::sides(told), &rows, out);
}

/// Old and new value, with the changed words marked.
fn sides(field: &FieldChange, told: Told) -> (String, String) {
    let one = |value: Option<&Value>| value.map(shown).unwrap_or_default();
    if field.after == Some(Value::Secret) {
        return (one(field.before.as_ref()), text(&value::secret(told)));
    }
    match (&field.before, &field.after) {
        (Some(before), Some(after)) if Sign::of(field) == Sign::Changed => {
            let (before, after) = value::pair(before, after);
            let percent =
                value::move_of(field).map_or(String::new(), |percent| format!(" <b>{}</b>", text(&percent)));
            let caution = value::caution(&before, &after)
                .map_or(String::new(), |caution| format!("<br><b>{}</b>", text(&caution)));
            let mut segments = diff::words(&before, &after);
            diff::shorten(&mut segments);
            let marked = |side: Side, tag: &str| -> String {
                let one = |segment: &diff::Segment| match segment.side {
                    Side::Both => text(&segment.text),
                    _ => format!("<{tag}>{}</{tag}>", text(&segment.text)),
                };
                diff::side(&segments, side).iter().map(one).collect()
            };
            (marked(Side::Old, "del"), format!("{}{percent}{caution}", marked(Side::New, "ins")))
        }
        (before, after) => (one(before.as_ref()), one(after.as_ref())),
    }
}
