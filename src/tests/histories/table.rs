//! The panel's tables as they are, and what became different between two looks at them.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::sandbox::Hand;

/// Marks a row that somebody else added.
pub(super) const BY_HAND: &str = "by_hand";

type Row = BTreeMap<String, String>;

pub(super) struct Tables(BTreeMap<String, BTreeMap<u64, Row>>);

/// One difference between two looks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Difference {
    Added { table: String, id: u64 },
    Removed { table: String, id: u64 },
    Cell { table: String, id: u64, column: String },
}

impl Difference {
    /// Whether it is what that hand did.
    pub(super) fn is_by(&self, hand: &Hand) -> bool {
        match (self, hand) {
            (Self::Cell { table, id, column }, Hand::Edit { table: other, id: row, field, .. }) => {
                (table, id, column) == (other, row, field)
            }
            (Self::Removed { table, id }, Hand::Remove { table: other, id: row }) => {
                (table, id) == (other, row)
            }
            _ => false,
        }
    }
}

impl Tables {
    pub(super) fn new(state: &Value) -> Self {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let rows = |rows: &Value| {
            let rows = rows.as_object().into_iter().flatten();
            let cells = |row: &Value| -> Row {
                row.as_object()
                    .into_iter()
                    .flatten()
                    .map(|(name, value)| (name.clone(), text(value)))
                    .collect()
            };
            rows.map(|(id, row)| (id.parse().unwrap(), cells(row))).collect()
        };
        let tables = state.as_object().into_iter().flatten();
        Self(tables.map(|(name, table)| (name.clone(), rows(table))).collect())
    }

    pub(super) fn rows(&self, table: &str) -> impl Iterator<Item = (u64, &Row)> {
        self.0.get(table).into_iter().flatten().map(|(id, row)| (*id, row))
    }

    pub(super) fn row(&self, table: &str, id: u64) -> Option<&Row> {
        self.0.get(table)?.get(&id)
    }

    /// A cell's text; an absent flag is off.
    pub(super) fn cell(&self, table: &str, id: u64, column: &str) -> &str {
        cell(self.row(table, id), column)
    }

    /// The rows with these cells.
    pub(super) fn find(&self, table: &str, key: &[(&str, &str)]) -> Vec<u64> {
        let fits = |row: &Row| key.iter().all(|(column, value)| cell(Some(row), column) == *value);
        self.rows(table).filter(|(_, row)| fits(row)).map(|(id, _)| id).collect()
    }

    /// The id of the first row with that cell.
    pub(super) fn id(&self, table: &str, column: &str, value: &str) -> String {
        self.find(table, &[(column, value)]).first().map_or("none".to_owned(), u64::to_string)
    }

    /// Rows that go by the same natural key, the oldest first.
    pub(super) fn twins(&self) -> Vec<(String, Vec<u64>)> {
        let keys: [(&str, &[&str]); 6] = [
            ("processing", &["name"]),
            ("enumeration", &["intname"]),
            ("enumerationitem", &["enumeration", "intname"]),
            ("resource", &["pricelist", "itemtype", "enumeration"]),
            ("item_price", &["resource", "enumerationitem"]),
            ("customparam", &["processing", "param", "source", "tariff", "value"]),
        ];
        let mut twins = Vec::new();
        for (table, columns) in keys {
            let mut groups: BTreeMap<Vec<&str>, Vec<u64>> = BTreeMap::new();
            for (id, row) in self.rows(table) {
                let key = columns.iter().map(|column| match cell(Some(row), column) {
                    "null" => "",
                    other => other,
                });
                groups.entry(key.collect()).or_default().push(id);
            }
            twins.extend(groups.into_values().filter(|ids| ids.len() > 1).map(|ids| (table.to_owned(), ids)));
        }
        twins
    }

    pub(super) fn differences(&self, after: &Self) -> Vec<Difference> {
        let mut all = Vec::new();
        let names: BTreeSet<&String> = self.0.keys().chain(after.0.keys()).collect();
        for name in names {
            let ids = |tables: &Self| -> BTreeSet<u64> { tables.rows(name).map(|(id, _)| id).collect() };
            for id in ids(self).union(&ids(after)) {
                let table = name.clone();
                match (self.row(name, *id), after.row(name, *id)) {
                    (None, _) => all.push(Difference::Added { table, id: *id }),
                    (_, None) => all.push(Difference::Removed { table, id: *id }),
                    (Some(old), Some(new)) => {
                        let columns: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
                        let changed =
                            columns.into_iter().filter(|column| stored(old, column) != stored(new, column));
                        all.extend(changed.map(|column| Difference::Cell {
                            table: table.clone(),
                            id: *id,
                            column: column.clone(),
                        }));
                    }
                }
            }
        }
        all
    }
}

/// The first save of a price writes out switches that are off by then as well.
fn stored<'a>(row: &'a Row, column: &str) -> Option<&'a String> {
    row.get(column).filter(|text| !(column.starts_with("disable_") && *text == "off"))
}

fn cell<'a>(row: Option<&'a Row>, column: &str) -> &'a str {
    match row.and_then(|row| row.get(column)) {
        Some(text) => text,
        None if matches!(column, "bind" | "active") => "off",
        None => "",
    }
}
