//! Counts and sums of what a comment has no room to list; they are complete.

use std::collections::BTreeMap;

use super::{
    super::{
        escape::{self, code, entities},
        matrix::{self, Sums},
    },
    comment::Table,
    platform::length,
};
use crate::{language::t, plan::Change};

/// How many changes there are of each kind.
pub(super) fn kinds(changes: &[&Change]) -> Table {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    changes.iter().for_each(|change| *counts.entry(&change.object.kind).or_default() += 1);
    let mut table = Table::new(&[t!("column" => "Kind"), t!("column" => "How many")]);
    for (kind, number) in counts {
        table.row(&[&entities(&escape::name(kind)), &number.to_string()]);
    }
    table
}

/// What the prices amount to: of each tariff plan, or of each currency where there are too many of those.
pub(super) fn prices(changes: &[&Change], limit: usize) -> Table {
    let table = price_table(&matrix::sums(changes, true));
    let long: usize = table.rows.iter().map(|row| length(row)).sum();
    if long <= limit / 3 { table } else { price_table(&matrix::sums(changes, false)) }
}

fn price_table(sums: &BTreeMap<(&str, &str), Sums>) -> Table {
    let mut table = Table::new(&[
        t!("column" => "Tariff plan"),
        t!("column" => "Currency"),
        t!("column" => "Prices"),
        t!("column" => "Together, of those with a price before and after"),
    ]);
    for ((tariff, currency), sum) in sums {
        let name = if tariff.is_empty() { t!("tariff plans" => "all") } else { code(&escape::name(tariff)) };
        let moves = sum.moves.words().unwrap_or_default();
        let together = format!("{} → **{}**", sum.before, sum.after);
        table.row(&[&name, currency, &moves, &together]);
    }
    table
}
