//! Price changes in Markdown: a table of items by periods for each tariff plan and currency.

use std::collections::BTreeMap;

use super::{
    super::{
        escape::{self, code, entities, prose},
        matrix::{Matrix, Row, matrices},
        value,
    },
    comment::Table,
};
use crate::{
    language::t,
    plan::{Action, Change, FieldChange, Origin, Value},
};

/// A table for each tariff plan and currency, with a column for each period. Where there is room, it is said
/// where each row is written and how a price was computed.
pub(super) fn tables(changes: &[&Change], room: bool) -> Vec<Table> {
    matrices(changes).iter().map(|matrix| table(matrix, room)).collect()
}

/// What a matrix is of, for example `vds-start`, RUB.
pub(super) fn title(matrix: &Matrix<'_>) -> String {
    format!("{}, {}", code(&escape::name(matrix.name())), matrix.currency)
}

fn table(matrix: &Matrix<'_>, room: bool) -> Table {
    let period = |price: &dyn ToString| entities(&escape::name(&price.to_string()));
    let titles: String = matrix.columns.iter().map(|price| format!(" {} |", period(price))).collect();
    let rules: String = matrix.columns.iter().map(|_| "--:|").collect();
    let (place, rule) = match room {
        true => (format!(" {} |", t!("column" => "Where")), "---|"),
        false => (String::new(), ""),
    };
    let item = t!("column" => "Item");
    let head = format!("{}\n\n| {item} |{titles}{place}\n|---|{rules}{rule}\n", title(matrix));
    Table { head, rows: matrix.rows.iter().map(|one| row(matrix, one, room)).collect() }
}

fn row(matrix: &Matrix<'_>, row: &Row<'_>, room: bool) -> String {
    let new = match row.change.action {
        Action::Create => format!(" ({})", t!("object" => "new")),
        _ => String::new(),
    };
    let cell = |field: &&FieldChange| if room { cell(field) } else { amounts(field) };
    let cells: String = (matrix.columns.iter())
        .map(|price| format!(" {} |", row.prices.get(price).map_or(String::new(), cell)))
        .collect();
    let item = code(&escape::name(row.item()));
    if !room {
        return format!("| {item}{new} |{cells}\n");
    }
    let origins =
        row.prices.values().filter_map(|field| field.origin.as_ref().or(row.change.origin.as_ref()));
    format!("| {item}{new} |{cells} {} |\n", lines(origins))
}

/// One price: `350.00 → **400.00** (+14.3 %)`.
fn cell(field: &FieldChange) -> String {
    let formula = field.formula.as_deref().map(value::formula);
    let formula = formula.map_or(String::new(), |text| format!("<br><sub>{}</sub>", prose(&text)));
    amounts(field) + &formula
}

fn amounts(field: &FieldChange) -> String {
    let text = |value: &Value| entities(&escape::name(&value::shown(value)));
    match (&field.before, &field.after) {
        (Some(before), Some(after)) => {
            let percent = value::move_of(field).map_or(String::new(), |percent| format!(" ({percent})"));
            format!("{} → **{}**{percent}", text(before), text(after))
        }
        (None, Some(after)) => format!("**{}** {}", text(after), t!("price" => "new")),
        (Some(before), None) => format!("{} → **{}**", text(before), t!("price" => "gone")),
        (None, None) => String::new(),
    }
}

/// The places of a row's prices: one line, or the first to the last where they are in one file.
fn lines<'plan>(origins: impl Iterator<Item = &'plan Origin>) -> String {
    let mut files: BTreeMap<&str, (u32, u32)> = BTreeMap::new();
    for origin in origins {
        let span = files.entry(&origin.file).or_insert((origin.line, origin.line));
        *span = (span.0.min(origin.line), span.1.max(origin.line));
    }
    let place = |(file, (first, last)): (&&str, &(u32, u32))| match first == last {
        true => code(&escape::name(&format!("{file}:{first}"))),
        false => code(&escape::name(&format!("{file}:{first}-{last}"))),
    };
    files.iter().map(place).collect::<Vec<_>>().join(" ")
}
