//! Price changes as matrices of items by periods, and what they amount to together.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    order::{PriceOf, moves_money, natural, price_of},
    words::Moves,
};
use crate::{
    model::Money,
    plan::{Change, FieldChange, Value},
};

/// The prices of one tariff plan in one currency that change.
pub(super) struct Matrix<'plan> {
    /// The tariff plan; empty where the key does not name one.
    tariff: &'plan str,
    kind: &'plan str,
    pub(super) currency: &'plan str,
    pub(super) columns: BTreeSet<PriceOf<'plan>>,
    pub(super) rows: Vec<Row<'plan>>,
}

/// The prices of one item.
pub(super) struct Row<'plan> {
    pub(super) change: &'plan Change,
    pub(super) prices: BTreeMap<PriceOf<'plan>, &'plan FieldChange>,
}

impl Matrix<'_> {
    /// The tariff plan, or else what kind of objects the rows are.
    pub(super) fn name(&self) -> &str {
        if self.tariff.is_empty() { self.kind } else { self.tariff }
    }
}

impl Row<'_> {
    pub(super) fn item(&self) -> &str {
        split(&self.change.object.key).1
    }
}

/// A matrix for each tariff plan and currency.
pub(super) fn matrices<'plan>(changes: &[&'plan Change]) -> Vec<Matrix<'plan>> {
    let mut grids: BTreeMap<(&str, &str, &str), Vec<Row<'plan>>> = BTreeMap::new();
    for change in changes.iter().copied() {
        for (currency, price, field) in prices(change) {
            let (tariff, _) = split(&change.object.key);
            let rows = grids.entry((tariff, currency, &change.object.kind)).or_default();
            // The fields of one change come one after the other.
            match rows.last_mut() {
                Some(row) if std::ptr::eq(row.change, change) => _ = row.prices.insert(price, field),
                _ => rows.push(Row { change, prices: BTreeMap::from([(price, field)]) }),
            }
        }
    }
    let mut grids: Vec<_> = grids.into_iter().collect();
    grids.sort_by(|((one, ..), _), ((two, ..), _)| natural(one, two));
    let matrix =
        |((tariff, currency, kind), rows): ((&'plan str, &'plan str, &'plan str), Vec<Row<'plan>>)| {
            let columns = rows.iter().flat_map(|row| row.prices.keys().copied()).collect();
            Matrix { tariff, kind, currency, columns, rows }
        };
    grids.into_iter().map(matrix).collect()
}

/// The amounts of a change that move.
fn prices(change: &Change) -> impl Iterator<Item = (&str, PriceOf<'_>, &FieldChange)> {
    let moved = change.fields.iter().filter(|field| moves_money(field));
    moved.filter_map(|field| price_of(&field.field).map(|(currency, price)| (currency, price, field)))
}

/// Tariff plan and item of a key like `vds-start/3541`.
pub(super) fn split(key: &str) -> (&str, &str) {
    key.rsplit_once('/').unwrap_or(("", key))
}

/// What the price changes of a currency amount to, of one tariff plan or of all.
pub(super) struct Sums {
    pub(super) moves: Moves,
    /// All that have a price before and after, together.
    pub(super) before: Money,
    pub(super) after: Money,
}

impl Default for Sums {
    fn default() -> Self {
        Self { moves: Moves::default(), before: Money::ZERO, after: Money::ZERO }
    }
}

impl Sums {
    fn count(&mut self, field: &FieldChange) {
        self.moves.field(field);
        if let (Some(Value::Money(before)), Some(Value::Money(after))) = (&field.before, &field.after) {
            self.before = self.before.with(*before, 1);
            self.after = self.after.with(*after, 1);
        }
    }
}

/// The sums of each tariff plan and currency, or of each currency.
pub(super) fn sums<'plan>(
    changes: &[&'plan Change],
    by_tariff: bool,
) -> BTreeMap<(&'plan str, &'plan str), Sums> {
    let mut all: BTreeMap<(&str, &str), Sums> = BTreeMap::new();
    for change in changes.iter().copied() {
        let tariff = if by_tariff { split(&change.object.key).0 } else { "" };
        for (currency, _, field) in prices(change) {
            all.entry((tariff, currency)).or_default().count(field);
        }
    }
    all
}
