//! Price changes in Markdown: a table of items by periods for each tariff plan and currency.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    escape::{self, code, entities, prose},
    order::{PriceOf, moves_money, natural, price_of},
    table::Table,
    value,
};
use crate::plan::{Action, Change, FieldChange, Origin, Value};

/// Prices of one tariff plan in one currency.
type Grid<'plan> = Vec<(&'plan Change, BTreeMap<PriceOf<'plan>, &'plan FieldChange>)>;

/// A table for each tariff plan and currency, with a column for each period.
pub(super) fn tables(changes: &[&Change]) -> Vec<Table> {
    let mut grids: BTreeMap<(&str, &str, &str), Grid<'_>> = BTreeMap::new();
    for change in changes {
        let (tariff, _) = split(&change.object.key);
        for field in change.fields.iter().filter(|field| moves_money(field)) {
            let Some((currency, price)) = price_of(&field.field) else { continue };
            let grid = grids.entry((tariff, currency, &change.object.kind)).or_default();
            // The fields of one change come one after the other.
            match grid.last_mut() {
                Some((last, prices)) if std::ptr::eq(*last, *change) => _ = prices.insert(price, field),
                _ => grid.push((change, BTreeMap::from([(price, field)]))),
            }
        }
    }
    let mut grids: Vec<_> = grids.into_iter().collect();
    grids.sort_by(|((one, ..), _), ((two, ..), _)| natural(one, two));
    grids.into_iter().map(|((tariff, currency, kind), grid)| table(tariff, currency, kind, &grid)).collect()
}

/// Tariff plan and item of a key like `vds-start/3541`.
fn split(key: &str) -> (&str, &str) {
    key.rsplit_once('/').unwrap_or(("", key))
}

fn table(tariff: &str, currency: &str, kind: &str, grid: &Grid<'_>) -> Table {
    let columns: BTreeSet<PriceOf<'_>> = grid.iter().flat_map(|(_, prices)| prices.keys().copied()).collect();
    let tariff = if tariff.is_empty() { entities(&escape::name(kind)) } else { code(&escape::name(tariff)) };
    let titles: String =
        columns.iter().map(|price| format!(" {} |", entities(&escape::name(&price.to_string())))).collect();
    let rules: String = columns.iter().map(|_| "--:|").collect();
    let head = format!("{tariff}, {currency}\n\n| Item |{titles} Where |\n|---|{rules}---|\n");
    let rows = grid.iter().map(|(change, prices)| row(change, prices, &columns)).collect();
    Table { head, rows }
}

fn row(
    change: &Change,
    prices: &BTreeMap<PriceOf<'_>, &FieldChange>,
    columns: &BTreeSet<PriceOf<'_>>,
) -> String {
    let (_, item) = split(&change.object.key);
    let new = if change.action == Action::Create { " (new)" } else { "" };
    let cells: String = columns
        .iter()
        .map(|price| format!(" {} |", prices.get(price).map_or(String::new(), |field| cell(field))))
        .collect();
    let origins = prices.values().filter_map(|field| field.origin.as_ref().or(change.origin.as_ref()));
    format!("| {}{new} |{cells} {} |\n", code(&escape::name(item)), lines(origins))
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
        (None, Some(after)) => format!("**{}** new", text(after)),
        (Some(before), None) => format!("{} → **gone**", text(before)),
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
