//! What a plan lets an apply change, in the panel's own tables.

use crate::{
    plan::{Action, Change, Plan, Value},
    tests::histories::table::{BY_HAND, Difference, Tables},
};

/// The two sides of an apply, and its plan.
pub(super) struct Permit<'a> {
    pub(super) plan: &'a Plan,
    pub(super) before: &'a Tables,
    pub(super) after: &'a Tables,
}

pub(super) fn table_of(kind: &str) -> &'static str {
    match kind {
        "processor" => "processing",
        "enumeration" => "enumeration",
        "enumeration-item" => "enumerationitem",
        "resource" => "resource",
        "price" => "item_price",
        _ => "customparam",
    }
}

impl Permit<'_> {
    /// Why a difference is not one that the plan shows.
    pub(super) fn refuses(&self, difference: &Difference) -> Option<String> {
        let shown = match difference {
            Difference::Added { table, id } => {
                self.after.cell(table, *id, BY_HAND) == "on" || self.adds(table, *id)
            }
            Difference::Removed { table, id } => self.removes(table, *id),
            Difference::Cell { table, id, column } => self.changes(table, *id, column),
        };
        if shown {
            return None;
        }
        let row = |tables: &Tables| match difference {
            Difference::Added { table, id }
            | Difference::Removed { table, id }
            | Difference::Cell { table, id, .. } => format!("{:?}", tables.row(table, *id)),
        };
        Some(format!("{difference:?} is in no plan: {} became {}", row(self.before), row(self.after)))
    }

    fn planned(&self, table: &str, actions: &[Action], fits: impl Fn(&Change) -> bool) -> bool {
        let mut changes = self.plan.changes.iter();
        changes.any(|change| {
            table_of(&change.object.kind) == table && actions.contains(&change.action) && fits(change)
        })
    }

    fn added(&self, table: &str, id: &str) -> bool {
        id.parse().is_ok_and(|id| self.before.row(table, id).is_none() && self.after.row(table, id).is_some())
    }

    fn adds(&self, table: &str, id: u64) -> bool {
        let cell = |column: &str| self.after.cell(table, id, column);
        let after = |change: &Change, field: &str| after(change, field).unwrap_or_default();
        let new = [Action::Create, Action::Replace];
        match table {
            "processing" => self.planned(table, &new, |change| after(change, "name") == cell("name")),
            "enumeration" | "enumerationitem" => {
                self.planned(table, &new, |change| after(change, "internal_name") == cell("intname"))
            }
            "resource" => self.planned(table, &new, |change| {
                change.parent.as_ref().and_then(|parent| parent.id.as_deref()) == Some(cell("pricelist"))
            }),
            "item_price" => {
                self.added("resource", cell("resource"))
                    || self.added("enumerationitem", cell("enumerationitem"))
            }
            // Those of the module come with the processor.
            "customparam" if cell("source").is_empty() => self.added("processing", cell("processing")),
            "customparam" => self.planned(table, &new, |change| {
                let sold = change.fields.iter().find(|field| field.field == "sold");
                matches!(sold.and_then(|sold| sold.after.as_ref()), Some(Value::Period(period)) if period.panel_id().to_string() == cell("source"))
            }),
            _ => false,
        }
    }

    fn removes(&self, table: &str, id: u64) -> bool {
        let text = id.to_string();
        let gone = [Action::Delete, Action::Replace];
        let planned = self.planned(table, &gone, |change| change.id.as_deref() == Some(&text));
        let cell = |column: &str| self.before.cell(table, id, column);
        let above = |other: &str, column: &str| {
            cell(column).parse().is_ok_and(|id| self.after.row(other, id).is_none())
        };
        // What goes with the object above it.
        planned
            || match table {
                "item_price" => above("resource", "resource") || above("enumerationitem", "enumerationitem"),
                "customparam" => above("processing", "processing"),
                "enumerationitem" => above("enumeration", "enumeration"),
                _ => false,
            }
    }

    fn changes(&self, table: &str, id: u64, column: &str) -> bool {
        let text = id.to_string();
        let now = self.after.cell(table, id, column);
        self.plan.changes.iter().any(|change| {
            let here = table_of(&change.object.kind) == table
                && match table {
                    "item_price" => self.is_price(change, id),
                    // An object that is there by now although the plan would create it is adopted, not changed.
                    _ => change.action == Action::Update && change.id.as_deref() == Some(&text),
                };
            here && change.fields.iter().any(|field| {
                let columns = columns(table, &field.field, self.after);
                let value = match (field.field.as_str(), &field.after) {
                    ("free", _) => Some("0.00".to_owned()),
                    (_, Some(Value::Flag(on))) => Some(if *on { "on" } else { "off" }.to_owned()),
                    (_, Some(Value::Text(text))) if table != "resource" => Some(text.clone()),
                    (_, Some(Value::Money(money))) => Some(money.to_string()),
                    _ => None,
                };
                let named = columns.iter().any(|name| {
                    name == column || (name == "*" && column.contains('.') && !column.starts_with("setup"))
                });
                named && value.is_none_or(|value| value == now)
            })
        })
    }

    /// Whether the change is of that row: the panel may call it by its item's id.
    pub(super) fn is_price(&self, change: &Change, id: u64) -> bool {
        let lookup = |tables: &Tables, table: &str, id: &str, column: &str| {
            id.parse().map_or(String::new(), |id| tables.cell(table, id, column).to_owned())
        };
        let (resource, item) = ("resource", "enumerationitem");
        let (resource, item) =
            (self.after.cell("item_price", id, resource), self.after.cell("item_price", id, item));
        let plan = lookup(self.after, "resource", resource, "pricelist");
        let plan = lookup(self.after, "pricelist", &plan, "intname");
        // The plan calls it by the item's name in the configuration, which may not be its name yet.
        let names =
            [self.after, self.before].map(|tables| lookup(tables, "enumerationitem", item, "intname"));
        change.action != Action::Delete
            && (names.iter().any(|name| change.object.key == format!("{plan}/{name}"))
                || change.id.as_deref() == Some(&id.to_string())
                || (change.id.as_deref() == Some(item)
                    && change.parent.as_ref().and_then(|parent| parent.id.as_deref()) == Some(resource)))
    }
}

fn after(change: &Change, field: &str) -> Option<String> {
    let field = change.fields.iter().find(|changed| changed.field == field)?;
    Some(field.after.as_ref()?.to_string())
}

/// The columns that hold a field.
pub(super) fn columns(table: &str, field: &str, tables: &Tables) -> Vec<String> {
    let names: &[&str] = match (table, field) {
        (_, "internal_name") => &["intname"],
        (_, "name.en") => &["name"],
        (_, "name.ru") => &["name_ru"],
        ("resource", "default") => &["enumerationitem"],
        ("resource", "billing") => &["billtype"],
        ("resource", "client_change") => &["restrictclientchange"],
        ("item_price", "offered") => &["active"],
        ("item_price", "free") => &["*"],
        ("customparam", "sold") => &["source"],
        ("customparam", "bought") => &["target"],
        ("customparam", "tariff") => &["tariff", "bind", "itemtype"],
        ("item_price", price) => {
            let Some((iso, period)) = price.split_once('.') else { return Vec::new() };
            let stems = [
                ("1m", "monthly"),
                ("3m", "quarterly"),
                ("6m", "semiannual"),
                ("12m", "annually"),
                ("24m", "biennial"),
                ("36m", "triennial"),
            ];
            let stem = stems.iter().find(|(name, _)| *name == period).map_or(period, |(_, stem)| stem);
            return vec![format!("{stem}.{}", tables.id("currency", "iso", iso))];
        }
        (_, own) => return vec![own.to_owned()],
    };
    names.iter().map(|name| (*name).to_owned()).collect()
}
