//! Tables of changes: deletes, creates, and fields that change.

use super::{
    super::{
        diff::{self, Side},
        escape::{self, code, cut, entities},
        order::fields,
        value::{self, Sign},
        words::Told,
    },
    comment::Table,
    object, place, words_of,
};
use crate::{
    language::{t, tn},
    plan::{Change, FieldChange, Value},
};

/// Longest value in a cell.
const LONGEST_VALUE: usize = 160;
/// Longest list of fields in a cell.
pub(super) const LONGEST_CELL: usize = 4000;

/// A change, and those of its fields that a table shows.
pub(super) type Shown<'plan> = (&'plan Change, Vec<&'plan FieldChange>);

fn name(change: &Change) -> String {
    let why = change.reason.as_deref().map_or(String::new(), |why| format!("<br>{}", words_of(why)));
    format!("{}{why}", object(change))
}

/// The kind of a table's rows, and how many of it there are.
pub(super) fn title(kind: &str, number: usize) -> String {
    format!("{} ({number})", entities(&escape::name(kind)))
}

/// The deletes of one kind, and what is lost with each where there is room.
pub(super) fn deletes(kind: &str, changes: &[&Change], room: bool) -> Table {
    let mut columns = vec![t!("column" => "Object")];
    if room {
        columns.extend([t!("column" => "Why"), t!("column" => "What it held")]);
    }
    let mut table = Table::titled(&title(kind, changes.len()), &columns);
    for change in changes {
        if !room {
            table.row(&[&object(change)]);
            continue;
        }
        let held = joined(&fields(change), |field| field.before.as_ref());
        let why = change.reason.as_deref().map(words_of).unwrap_or_default();
        table.row(&[&object(change), &why, &held]);
    }
    table
}

/// The creates of one kind, with all they set where there is room.
pub(super) fn creates(kind: &str, changes: &[Shown<'_>], room: bool) -> Table {
    let mut columns = vec![t!("column" => "Object")];
    if room {
        columns.extend([t!("column" => "Values"), t!("column" => "Where")]);
    }
    let mut table = Table::titled(&title(kind, changes.len()), &columns);
    for (change, fields) in changes {
        if !room {
            table.row(&[&object(change)]);
            continue;
        }
        let values = joined(fields, |field| field.after.as_ref());
        table.row(&[&name(change), &values, &place(change.origin.as_ref())]);
    }
    table
}

/// The columns of changes, which name both sides.
pub(in crate::report) fn sides(told: Told) -> [String; 5] {
    let (before, after) = match told {
        Told::Plan => (t!("column" => "Now"), t!("column" => "After")),
        Told::Drift => (t!("column" => "Panel"), t!("column" => "Configuration")),
    };
    [t!("column" => "Object"), t!("column" => "Field"), before, after, t!("column" => "Where")]
}

/// A row for each field of the changes of one kind; the object stands in the first one.
pub(super) fn updates(kind: &str, changes: &[Shown<'_>], told: Told) -> Table {
    let mut table = Table::titled(&title(kind, changes.len()), &sides(told));
    for (change, fields) in changes {
        if fields.is_empty() {
            table.row(&[&name(change), "", "", "", &place(change.origin.as_ref())]);
        }
        for (index, field) in fields.iter().enumerate() {
            let (before, after) = cells(field, told);
            let origin = field.origin.as_ref().or(change.origin.as_ref());
            let first = if index == 0 { name(change) } else { String::new() };
            table.row(&[&first, &entities(&escape::name(&field.field)), &before, &after, &place(origin)]);
        }
    }
    table
}

/// Fields and values of one side in one cell.
fn joined<'plan>(
    fields: &[&'plan FieldChange],
    side: impl Fn(&'plan FieldChange) -> Option<&'plan Value>,
) -> String {
    let mut cell = String::new();
    for (index, field) in fields.iter().enumerate() {
        let value = side(field).map(|value| code(&cut(&value::shown(value), LONGEST_VALUE)));
        let line = format!("{}: {}", entities(&escape::name(&field.field)), value.unwrap_or_default());
        if cell.len() + line.len() > LONGEST_CELL {
            let more = tn!(fields.len() - index, "and {n} more field", "and {n} more fields");
            cell.push_str(&format!("<br>{more}"));
            break;
        }
        if index > 0 {
            cell.push_str("<br>");
        }
        cell.push_str(&line);
    }
    cell
}

/// Old and new value of a field, with the changed words marked where only a part changes.
fn cells(field: &FieldChange, told: Told) -> (String, String) {
    let one = |value: Option<&Value>| {
        value.map(|value| code(&cut(&value::shown(value), LONGEST_VALUE))).unwrap_or_default()
    };
    if field.after == Some(Value::Secret) {
        return (one(field.before.as_ref()), entities(&value::secret(told)));
    }
    match (&field.before, &field.after) {
        (Some(before), Some(after)) if Sign::of(field) == Sign::Changed => {
            let (before, after) = value::pair(before, after);
            let percent = value::move_of(field).map_or(String::new(), |percent| format!(" ({percent})"));
            let caution = value::caution(&before, &after).map_or(String::new(), |text| format!("<br>{text}"));
            let (old, new) = marked(&before, &after);
            (old, format!("{new}{percent}{caution}"))
        }
        (before, after) => (one(before.as_ref()), one(after.as_ref())),
    }
}

fn marked(before: &str, after: &str) -> (String, String) {
    let mut segments = diff::words(before, after);
    diff::shorten(&mut segments);
    // Marks are worth their noise only where they leave something unmarked.
    if !segments.iter().any(|segment| segment.side == Side::Both && !segment.text.trim().is_empty()) {
        return (code(&cut(before, LONGEST_VALUE)), code(&cut(after, LONGEST_VALUE)));
    }
    let render = |side: Side, tag: &str| -> String {
        let mut out = String::from("<code>");
        for segment in diff::side(&segments, side) {
            let text = escape::literal(&cut(&segment.text, LONGEST_VALUE));
            match segment.side {
                Side::Both => out.push_str(&text),
                _ => out.push_str(&format!("<{tag}>{text}</{tag}>")),
            }
        }
        out + "</code>"
    };
    (render(Side::Old, "del"), render(Side::New, "ins"))
}
