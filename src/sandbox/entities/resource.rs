//! Resources of a tariff plan (6.2).

use super::super::core::Cx;
use super::super::dialect::{Dialect, ParentParam};
use super::super::entity::{
    Button, Draft, Entity, Parent, Shown, column, name_label, named, status, status_column,
};
use super::super::form::{Choice, Control, Field, extras};
use super::super::label::label;
use super::super::refusal::Refusal;
use super::super::store::{Row, cell};
use super::directories::{INTNAME, NAME, NAME_RU, SORTING};
use super::prices::{self, Grid};
use super::{item_price, optional, options};

pub(crate) fn entity(dialect: &Dialect) -> Entity {
    let columns = vec![
        column("id", "Id", "Код"),
        column("name", "Name", "Наименование"),
        column("price", "Price", "Стоимость"),
        column("orderpriority", "Sorting", "Сортировка"),
        status_column(),
    ];
    let mut entity = Entity::new("resource", label("Options", "Ресурсы"), columns);
    entity.list = "pricelist.detail".to_owned();
    let mut entity = entity.editable().deletable().switchable();
    entity.parent =
        Some(Parent { table: "pricelist", column: "pricelist", param: ParentParam::Elid, above: None });
    entity.buttons.push(Button {
        name: dialect.price_button.clone(),
        func: dialect.price_list.clone(),
        kind: "editlist",
        label: label("Prices", "Цены"),
    });
    entity.cells = |cx, id, row| {
        vec![
            title(cx, row),
            Shown::plain(price_cell(cx, id, row)),
            Shown::plain(cell(row, "orderpriority")),
            status(cx, row),
        ]
    };
    entity.fields = fields;
    entity.check = |cx, draft| {
        // "Do not bill" with an enumeration needs a default value (6.4).
        let unset = matches!(draft.get("enumerationitem"), "" | "null");
        if draft.get("addontype") == "3" && draft.get("billtype") == "1" && unset {
            return Err(Refusal::value(&cx.dialect.item_field, ""));
        }
        Ok(())
    };
    entity.saved = |cx, id, _| item_price::sync(cx.store, cx.dialect, id);
    entity.removed = |store, id| store.remove_where("item_price", "resource", &id.to_string());
    entity
}

/// A resource shows its type's name unless it has one of its own.
fn title(cx: &Cx<'_>, row: &Row) -> Shown {
    if cell(row, "manualname") == "on" {
        return named(cx, row);
    }
    let kind = cell(row, "itemtype").parse().unwrap_or_default();
    let kind = cx.store.row("itemtype", kind);
    kind.map_or_else(Shown::default, |kind| named(cx, kind))
}

/// An enumeration resource shows the price of its default value only (6.3).
fn price_cell(cx: &Cx<'_>, id: u64, row: &Row) -> String {
    if cell(row, "addontype") != "3" {
        return prices::display(cx, row);
    }
    let item = cell(row, "enumerationitem");
    let default = item.parse().ok();
    let Some(default) = default.and_then(|id| cx.store.row("enumerationitem", id)) else {
        return String::new();
    };
    let owner = id.to_string();
    let mut rows = cx.store.rows("item_price").map(|(_, row)| row);
    let priced =
        rows.find(|price| cell(price, "resource") == owner && cell(price, "enumerationitem") == item);
    let price = priced.map(|price| prices::display(cx, price)).unwrap_or_default();
    let name = named(cx, default).text;
    format!("{price} ({name})").trim_start().to_owned()
}

fn fields(cx: &Cx<'_>, draft: &Draft) -> Vec<Field> {
    let plan = draft.parent.map(|id| id.to_string()).unwrap_or_default();
    let plan_type = cx.store.lookup("pricelist", &plan, "itemtype").to_owned();
    let types = options(cx, "itemtype", |row| cell(row, "parent") == plan_type);
    let numbered = |choices: &[(&'static str, &'static str, &'static str)]| {
        let choices = choices.iter();
        choices.map(|(key, en, ru)| Choice::new(*key, label(en, ru))).collect::<Vec<_>>()
    };
    let mut fields = vec![
        Field::select("billtype", "billtype", label("Billing type", "Тип тарификации"), numbered(&BILLING))
            .default("2"),
        Field::select("itemtype", "itemtype", label("Type", "Тип"), types).required(),
        Field::flag("manualname", "manualname", label("Custom name", "Своё название")),
        Field::text("name", NAME),
        Field::text("name_ru", NAME_RU),
        Field::text("intname", INTNAME),
        Field::select("addontype", "addontype", label("Value type", "Тип значения"), numbered(&VALUES))
            .default("2")
            .setvalues(),
        Field::select(
            "restrictclientchange",
            "restrictclientchange",
            label("Change by the client", "Изменение клиентом"),
            numbered(&CHANGES),
        )
        .default("off")
        .fickle(),
        Field::flag(
            "chargestoped",
            "chargestoped",
            label("Charge while stopped", "Списывать за остановленные"),
        )
        .default("on"),
        Field::new("orderpriority", "orderpriority", Control::Number, SORTING).default("10"),
    ];
    match draft.get("addontype") {
        "3" => fields.extend(enumeration_fields(cx)),
        "1" => fields.push(Field::flag("addonbool", "addonbool", label("Included", "Включено"))),
        _ => fields.extend(
            AMOUNTS.iter().map(|(name, en, ru)| Field::new(*name, name, Control::Number, label(en, ru))),
        ),
    }
    if draft.get("addontype") != "3" {
        fields.extend(prices::fields(cx, Grid { rare: false, disable: false, stat: true }));
    }
    fields.extend(extras(cx, "resource"));
    fields
}

/// The names of these two fields are inferred from the columns of the database (6.2).
fn enumeration_fields(cx: &Cx<'_>) -> Vec<Field> {
    let items = cx
        .store
        .rows("enumerationitem")
        .map(|(id, row)| Choice::new(id.to_string(), name_label(row)).under(cell(row, "enumeration")));
    let enumerations = options(cx, "enumeration", |_| true);
    vec![
        Field::select(
            &cx.dialect.enumeration_field,
            "enumeration",
            label("Enumeration", "Перечисление"),
            enumerations,
        )
        .required()
        .setvalues(),
        Field::select(
            &cx.dialect.item_field,
            "enumerationitem",
            label("Default value", "Значение по умолчанию"),
            optional(items.collect()),
        )
        .default("null")
        .depend(&cx.dialect.enumeration_field),
    ]
}

const BILLING: [(&str, &str, &str); 4] = [
    ("1", "Do not bill", "Не тарифицировать"),
    ("2", "By the ordered value", "По заказанному значению"),
    ("3", "By statistics", "По статистике"),
    ("5", "By other options", "По значениям других ресурсов"),
];

const VALUES: [(&str, &str, &str); 3] =
    [("1", "Boolean", "Логическое"), ("2", "Integer", "Целочисленное"), ("3", "Enumeration", "Перечисление")];

const CHANGES: [(&str, &str, &str); 4] = [
    ("off", "Allowed", "Разрешено"),
    ("on", "Forbidden", "Запрещено"),
    ("uponly", "Increase only", "Только увеличение"),
    ("downonly", "Decrease only", "Только уменьшение"),
];

const AMOUNTS: [(&str, &str, &str); 4] = [
    ("addonlimit", "Included", "Включено"),
    ("addonmin", "Minimum", "Минимум"),
    ("addonmax", "Maximum", "Максимум"),
    ("addonstep", "Step", "Шаг"),
];
