//! What somebody else does to the panel: chosen by numbers among what there is, because a history is written
//! before anybody knows what the panel will hold.

use proptest::prelude::*;

use super::{
    table::{BY_HAND, Tables},
    wish::{NO_PANEL, Wish},
};
use crate::sandbox::{Hand, Sandbox};

#[derive(Clone, Debug)]
pub(super) enum Deed {
    /// Changes a cell: of something that is managed, of a field nobody models, of what is foreign.
    Change {
        pick: u16,
        value: u8,
    },
    /// Adds what a configuration may be about to add.
    Add {
        pick: u16,
        value: u8,
    },
    Remove {
        pick: u16,
    },
}

pub(super) fn deed() -> impl Strategy<Value = Deed> {
    prop_oneof![
        4 => (any::<u16>(), any::<u8>()).prop_map(|(pick, value)| Deed::Change { pick, value }),
        1 => (any::<u16>(), any::<u8>()).prop_map(|(pick, value)| Deed::Add { pick, value }),
        1 => any::<u16>().prop_map(|pick| Deed::Remove { pick }),
    ]
}

fn of<T>(all: &[T], pick: impl Into<usize>) -> Option<&T> {
    all.get(pick.into().checked_rem(all.len())?)
}

impl Deed {
    /// The deed as hands on cells and rows. `later` ones cannot know the ids that rows will have by then.
    pub(super) fn hands(&self, tables: &Tables, wish: &Wish, later: bool) -> Vec<Hand> {
        match *self {
            Self::Change { pick, value } => {
                let cells = cells(tables);
                let hand = of(&cells, pick).map(|cell| cell.change(tables, value));
                hand.into_iter().collect()
            }
            Self::Add { pick, value } => add(tables, wish, pick, value, later),
            Self::Remove { pick } => remove(tables, pick, later),
        }
    }
}

struct Cell {
    table: &'static str,
    id: u64,
    column: String,
    kind: Kind,
}

#[derive(Clone, Copy)]
enum Kind {
    Text,
    Url,
    Amount,
    Number,
    One(&'static [&'static str]),
    /// An item of that enumeration.
    Item(u64),
}

impl Cell {
    fn change(&self, tables: &Tables, value: u8) -> Hand {
        let now = tables.cell(self.table, self.id, &self.column);
        let one = |all: &[&str]| {
            let others: Vec<&str> = all.iter().copied().filter(|other| *other != now).collect();
            (*of(&others, value).unwrap_or(&now)).to_owned()
        };
        let value = match self.kind {
            // With the id, so that no two become alike.
            Kind::Text => format!("by hand {} {}", self.id, value % 8),
            Kind::Url => format!("https://hand-{}.example.com/billmgr", value % 8),
            Kind::Amount => format!("{}.50", 900 + u32::from(value % 8)),
            Kind::Number => (20 + value % 8).to_string(),
            Kind::One(all) => one(all),
            Kind::Item(enumeration) => {
                let items = tables.find("enumerationitem", &[("enumeration", &enumeration.to_string())]);
                let items: Vec<String> = items.iter().map(u64::to_string).collect();
                one(&items.iter().map(String::as_str).collect::<Vec<_>>())
            }
        };
        Hand::Edit { table: self.table.to_owned(), id: self.id, field: self.column.clone(), value }
    }
}

/// Enumerations that are not the provider's own.
fn ours(tables: &Tables) -> Vec<u64> {
    let rows = tables.rows("enumeration").filter(|(_, row)| row["intname"] != "backup");
    rows.map(|(id, _)| id).collect()
}

fn is_ours(tables: &Tables, row: &std::collections::BTreeMap<String, String>) -> bool {
    let above = row.get("enumeration").and_then(|id| id.parse().ok());
    above.is_some_and(|id| ours(tables).contains(&id))
}

fn is_mapping(row: &std::collections::BTreeMap<String, String>) -> bool {
    row.contains_key("source")
}

fn cells(tables: &Tables) -> Vec<Cell> {
    let mut cells = Vec::new();
    let mut add = |table, id, column: &str, kind| {
        cells.push(Cell { table, id, column: column.to_owned(), kind });
    };
    for (id, row) in tables.rows("processing") {
        add("processing", id, "orderpriority", Kind::Number);
        if !matches!(row["name"].as_str(), "Manual work" | "vm6-falkenstein") {
            add("processing", id, "url", Kind::Url);
            add("processing", id, "username", Kind::Text);
            add("processing", id, "extra_visible", Kind::Text);
            add("processing", id, "name", Kind::Text);
        }
    }
    for (id, row) in tables.rows("enumeration") {
        add("enumeration", id, "name", Kind::Text);
        add("enumeration", id, "extra_visible", Kind::Text);
        if row["intname"] != "backup" {
            add("enumeration", id, "name_ru", Kind::Text);
            add("enumeration", id, "intname", Kind::Text);
        }
    }
    for (id, row) in tables.rows("enumerationitem") {
        add("enumerationitem", id, "orderpriority", Kind::Number);
        if is_ours(tables, row) {
            add("enumerationitem", id, "name", Kind::Text);
            add("enumerationitem", id, "name", Kind::Text);
            add("enumerationitem", id, "intname", Kind::Text);
        }
    }
    for (id, row) in tables.rows("resource") {
        add("resource", id, "chargestoped", Kind::One(&["on", "off"]));
        if is_ours(tables, row) {
            let enumeration = row["enumeration"].parse().unwrap_or_default();
            add("resource", id, "enumerationitem", Kind::Item(enumeration));
            add("resource", id, "restrictclientchange", Kind::One(&["on", "off", "uponly"]));
            add("resource", id, "billtype", Kind::One(&["1", "2", "3"]));
        }
    }
    let currency = |iso| tables.id("currency", "iso", iso);
    for (id, _) in tables.rows("item_price") {
        add("item_price", id, "active", Kind::One(&["on", "off"]));
        add("item_price", id, &format!("monthly.{}", currency("RUB")), Kind::Amount);
        add("item_price", id, &format!("annually.{}", currency("EUR")), Kind::Amount);
    }
    for (id, row) in tables.rows("customparam").filter(|(_, row)| is_mapping(row)) {
        add("customparam", id, "target", Kind::One(&["1", "3", "6", "12"]));
        if !row.contains_key("tariff") || row["tariff"] == "null" {
            add("customparam", id, "target", Kind::One(&["1", "3", "6", "12"]));
        }
    }
    for (id, _) in tables.rows("pricelist").take(2) {
        add("pricelist", id, "note", Kind::Text);
        add("pricelist", id, &format!("monthly.{}", currency("RUB")), Kind::Amount);
    }
    cells
}

fn insert(table: &str, cells: &[(&str, &str)]) -> Hand {
    let fields = cells.iter().chain(&[(BY_HAND, "on")]);
    let fields = fields.map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Hand::Insert { table: table.to_owned(), fields }
}

fn add(tables: &Tables, wish: &Wish, pick: u16, value: u8, later: bool) -> Vec<Hand> {
    let names = ["panel", "panel-2"];
    if ours(tables).is_empty() || (pick.is_multiple_of(4) && later) {
        let name = names[usize::from(value % 2)];
        if !tables.find("enumeration", &[("intname", name)]).is_empty() {
            return Vec::new();
        }
        let cells = [
            ("intname", name),
            ("name", if pick % 8 < 4 { "Control panel 0" } else { "Somebody's" }),
            ("name_ru", "Панель"),
            ("orderpriority", "10"),
            ("extra_hidden", "h1"),
            ("extra_visible", "v1"),
        ];
        return vec![insert("enumeration", &cells)];
    }
    if pick.is_multiple_of(2) && !later {
        return item(tables, wish, value);
    }
    // Another mapping of a processor that has one.
    let all: Vec<_> = tables.rows("customparam").filter(|(_, row)| is_mapping(row)).collect();
    let Some((_, row)) = of(&all, pick) else { return Vec::new() };
    let sold = ["1", "3", "6"][usize::from(value % 3)];
    let same = [("processing", row["processing"].as_str()), ("source", sold), ("bind", "off")];
    if !tables.find("customparam", &same).is_empty() {
        return Vec::new();
    }
    let fresh = [
        ("processing", row["processing"].as_str()),
        ("param", &row["param"]),
        ("source", sold),
        ("target", if value.is_multiple_of(2) { "12" } else { "3" }),
        ("bind", "off"),
        ("itemtype", "null"),
        ("tariff", "null"),
    ];
    vec![insert("customparam", &fresh)]
}

/// An item, with a price on every resource as the panel would make it.
fn item(tables: &Tables, wish: &Wish, value: u8) -> Vec<Hand> {
    let enumerations = ours(tables);
    let Some(enumeration) = of(&enumerations, value) else { return Vec::new() };
    let above = enumeration.to_string();
    let codes = ["55227", "55228", "3541", "4601", "by-hand", NO_PANEL];
    let missing = codes.into_iter().filter(|code| {
        tables.find("enumerationitem", &[("enumeration", &above), ("intname", code)]).is_empty()
    });
    // What is wanted and missing is what a plan is about to add.
    let mut missing: Vec<&str> = missing.collect();
    missing.sort_by_key(|code| !wish.has_item(code));
    let Some(code) = missing.first() else { return Vec::new() };
    let cells = [
        ("enumeration", above.as_str()),
        ("intname", code),
        ("name", "Somebody's item"),
        ("orderpriority", "10"),
        ("extra_hidden", "h1"),
        ("extra_visible", "v1"),
    ];
    vec![insert("enumerationitem", &cells)]
}

fn remove(tables: &Tables, pick: u16, later: bool) -> Vec<Hand> {
    let gone = |table: &str, id: u64| Hand::Remove { table: table.to_owned(), id };
    let mut all: Vec<Vec<Hand>> = Vec::new();
    for (id, _) in tables.rows("customparam").filter(|(_, row)| is_mapping(row)) {
        all.push(vec![gone("customparam", id)]);
    }
    let resources: Vec<_> = tables.rows("resource").filter(|(_, row)| is_ours(tables, row)).collect();
    for (id, _) in &resources {
        let prices = tables.find("item_price", &[("resource", &id.to_string())]);
        let prices = prices.into_iter().map(|id| gone("item_price", id));
        all.push(std::iter::once(gone("resource", *id)).chain(prices).collect());
    }
    if !later {
        for (id, _) in tables.rows("enumerationitem").filter(|(_, row)| is_ours(tables, row)) {
            let name = id.to_string();
            if resources.iter().any(|(_, row)| row.get("enumerationitem") == Some(&name)) {
                continue;
            }
            let prices = tables.find("item_price", &[("enumerationitem", &name)]);
            let prices = prices.into_iter().map(|id| gone("item_price", id));
            all.push(std::iter::once(gone("enumerationitem", id)).chain(prices).collect());
        }
    }
    of(&all, pick).cloned().unwrap_or_default()
}

/// Acts at once; gives the hands there were, those that follow from an added item among them.
pub(super) fn act(sandbox: &Sandbox, tables: &Tables, hands: Vec<Hand>) {
    for hand in hands {
        match hand {
            Hand::Edit { table, id, field, value } => drop(sandbox.edit(&table, id, &field, &value)),
            Hand::Remove { table, id } => drop(sandbox.remove(&table, id)),
            Hand::Insert { table, fields } => {
                let cells: Vec<_> =
                    fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
                let id = sandbox.insert(&table, &cells).to_string();
                if table != "enumerationitem" {
                    continue;
                }
                let above = fields.iter().find(|(name, _)| name == "enumeration").map_or("", |(_, id)| id);
                for resource in tables.find("resource", &[("enumeration", above)]) {
                    let resource = resource.to_string();
                    let price = [
                        ("resource", resource.as_str()),
                        ("enumerationitem", &id),
                        ("active", "on"),
                        ("extra_hidden", "h1"),
                        ("extra_visible", "v1"),
                        (BY_HAND, "on"),
                    ];
                    sandbox.insert("item_price", &price);
                }
            }
        }
    }
}
