//! Prices of enumeration values on a resource: the button «Цены» (6.3).
//!
//! No function name, no parent parameter, no row id and no default of this entity is on record;
//! only the storage is, one row per resource and value with one price per period and currency.

use super::super::core::Cx;
use super::super::dialect::Dialect;
use super::super::entity::{Column, Entity, Parent, Shown, column, named, status, status_column};
use super::super::form::{Field, extras};
use super::super::label::label;
use super::super::store::{Row, Store, cell, row};
use super::directories::{INTNAME, NAME};
use super::prices::{self, Grid};

pub(crate) fn entity(dialect: &Dialect) -> Entity {
    let mut entity = Entity::new("item_price", label("Prices", "Цены"), columns(dialect));
    entity.list.clone_from(&dialect.price_list);
    entity.edit = Some(dialect.price_edit.clone());
    entity.resume = Some(dialect.price_resume.clone());
    entity.suspend = Some(dialect.price_suspend.clone());
    entity.parent = Some(Parent {
        table: "resource",
        column: "resource",
        param: dialect.price_parent,
        above: Some("pricelist"),
    });
    entity.alias = dialect.price_row_is_item.then_some("enumerationitem");
    entity.cells = cells;
    entity.fields = |cx, draft| {
        let mut fields = vec![Field::text("name", NAME).readonly_if(true)];
        if !cx.dialect.price_list_intname {
            fields.push(Field::text("intname", INTNAME).readonly_if(true));
        }
        let item = item(cx, &draft.row);
        for field in &mut fields {
            field.default = cell(&item, &field.key).to_owned();
            // Shown from the value itself, never stored with the price.
            field.key = format!("item_{}", field.key);
        }
        fields.extend(prices::fields(
            cx,
            Grid { rare: cx.dialect.price_switch, disable: cx.dialect.price_switch, stat: false },
        ));
        fields.extend(extras(cx, "item_price"));
        fields
    };
    entity.saved = |cx, id, _| {
        if let Some(mut row) = cx.store.row("item_price", id).cloned() {
            row.retain(|key, _| !key.starts_with("item_"));
            cx.store.put("item_price", id, row);
        }
    };
    entity
}

fn columns(dialect: &Dialect) -> Vec<Column> {
    let mut columns = vec![column("id", "Id", "Код"), column("name", "Name", "Наименование")];
    if dialect.price_list_intname {
        columns.push(column("intname", "Internal name", "Внутреннее имя"));
    }
    columns.push(column("price", "Price", "Стоимость"));
    columns.push(status_column());
    columns
}

fn item(cx: &Cx<'_>, row: &Row) -> Row {
    let id = cell(row, "enumerationitem").parse().unwrap_or_default();
    cx.store.row("enumerationitem", id).cloned().unwrap_or_default()
}

fn cells(cx: &Cx<'_>, _: u64, row: &Row) -> Vec<Shown> {
    let item = item(cx, row);
    let mut cells = vec![named(cx, &item)];
    if cx.dialect.price_list_intname {
        cells.push(Shown::plain(cell(&item, "intname")));
    }
    cells.push(Shown::plain(prices::display(cx, row)));
    cells.push(status(cx, row));
    cells
}

/// Gives a resource a price row for every value of its enumeration, and only for those.
pub(crate) fn sync(store: &mut Store, dialect: &Dialect, resource: u64) {
    let Some(owner) = store.row("resource", resource).cloned() else {
        return;
    };
    let owner_id = resource.to_string();
    let wanted = if cell(&owner, "addontype") == "3" {
        store.ids_where("enumerationitem", "enumeration", cell(&owner, "enumeration"))
    } else {
        Vec::new()
    };
    for id in store.ids_where("item_price", "resource", &owner_id) {
        let item = store.lookup("item_price", &id.to_string(), "enumerationitem");
        if !wanted.iter().any(|wanted| wanted.to_string() == item) {
            store.remove("item_price", id);
        }
    }
    let held = store.ids_where("item_price", "resource", &owner_id);
    let held =
        held.iter().map(|id| store.lookup("item_price", &id.to_string(), "enumerationitem").to_owned());
    let held = held.collect::<Vec<_>>();
    for item in wanted.iter().map(u64::to_string) {
        if !held.contains(&item) {
            let fresh = fresh(store, dialect, &owner_id, &item);
            store.insert("item_price", fresh);
        }
    }
}

/// A new price row. Whether it starts on and whether it starts at zero is not on record.
fn fresh(store: &Store, dialect: &Dialect, resource: &str, item: &str) -> Row {
    let active = if dialect.new_price_on { "on" } else { "off" };
    let mut fresh = row([
        ("resource", resource),
        ("enumerationitem", item),
        ("active", active),
        ("extra_hidden", "h1"),
        ("extra_visible", "v1"),
    ]);
    if dialect.new_price_zero {
        for (currency, _) in store.rows("currency") {
            for period in &prices::PERIODS {
                fresh.insert(format!("{}.{currency}", period.stem), "0.00".to_owned());
            }
        }
    }
    fresh
}
