//! The panel's entities, one file each. A new entity is a file with a `fn entity(&Dialect)` and a
//! line in [`all`].

pub(crate) mod customparam;
pub(crate) mod directories;
pub(crate) mod enumeration;
pub(crate) mod enumerationitem;
pub(crate) mod history;
pub(crate) mod item_price;
pub(crate) mod modules;
pub(crate) mod pricelist;
pub(crate) mod prices;
pub(crate) mod processing;
pub(crate) mod resource;

use super::core::Cx;
use super::dialect::Dialect;
use super::entity::{Entity, name_label};
use super::form::Choice;
use super::store::{Row, cell};

/// Every entity, with the names of the dialect.
pub(crate) fn all(dialect: &Dialect) -> Vec<Entity> {
    vec![
        processing::entity(dialect),
        customparam::entity(),
        enumeration::entity(),
        enumerationitem::entity(dialect),
        pricelist::entity(),
        history::entity(),
        resource::entity(dialect),
        item_price::entity(dialect),
        directories::currency(dialect),
        directories::itemtype(),
        directories::project(),
        directories::datacenter(dialect),
    ]
}

/// The rows of a directory as options.
pub(crate) fn options(cx: &Cx<'_>, table: &str, keep: impl Fn(&Row) -> bool) -> Vec<Choice> {
    let rows = cx.store.rows(table).filter(|(_, row)| keep(row));
    rows.map(|(id, row)| Choice::new(id.to_string(), name_label(row))).collect()
}

/// Optional options: "not set" first.
pub(crate) fn optional(mut choices: Vec<Choice>) -> Vec<Choice> {
    choices.insert(0, Choice::unset());
    choices
}

/// Product types proper; the types of resources are their children.
pub(crate) fn product_types(cx: &Cx<'_>) -> Vec<Choice> {
    options(cx, "itemtype", |row| cell(row, "parent").is_empty())
}
