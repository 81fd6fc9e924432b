//! Currencies, product types, providers, data centres (7).

use super::super::core::Cx;
use super::super::dialect::Dialect;
use super::super::entity::{Draft, Entity, Shown, column, named};
use super::super::form::{Choice, Control, Field};
use super::super::label::{Label, label};
use super::super::refusal::Refusal;
use super::super::store::{Row, cell};
use super::{optional, options, prices};

/// The list's name is only inferred, so some dialects call it otherwise.
pub(crate) fn currency(dialect: &Dialect) -> Entity {
    let columns = vec![
        column("id", "Id", "Код"),
        column("iso", "ISO code", "Код ISO"),
        column("name", "Name", "Наименование"),
        column("symbol", "Symbol", "Символ"),
        column("active", "Active", "Активна"),
    ];
    let mut entity = Entity::new("currency", label("Currencies", "Валюты"), columns);
    entity.list.clone_from(&dialect.currency_list);
    entity.cells = |cx, _, row| {
        let plain = |key| Shown::plain(cell(row, key));
        vec![plain("iso"), named(cx, row), plain("symbol"), plain("active")]
    };
    entity
}

pub(crate) fn itemtype() -> Entity {
    let columns = vec![
        column("id", "Id", "Код"),
        column("name", "Name", "Наименование"),
        column("intname", "Internal name", "Внутреннее имя"),
        column("orderpriority", "Sorting", "Сортировка"),
    ];
    let mut entity = Entity::new("itemtype", label("Product types", "Типы продуктов"), columns).editable();
    entity.listed = |row| cell(row, "parent").is_empty();
    entity.cells = |cx, _, row| {
        let plain = |key| Shown::plain(cell(row, key));
        vec![named(cx, row), plain("intname"), plain("orderpriority")]
    };
    entity.fields = itemtype_fields;
    entity.check = |cx, draft| unique(cx, draft, "itemtype", "intname");
    entity
}

fn itemtype_fields(_: &Cx<'_>, _: &Draft) -> Vec<Field> {
    let mut fields = vec![
        Field::text("name", NAME).required(),
        Field::text("name_ru", NAME_RU),
        Field::text("intname", INTNAME).required(),
        Field::new("orderpriority", "orderpriority", Control::Number, SORTING).default("10"),
    ];
    let flags = prices::PERIODS.iter();
    fields.extend(flags.map(|period| Field::flag(period.stem, period.stem, period.label.clone())));
    fields
}

pub(crate) fn project() -> Entity {
    let columns = vec![
        column("id", "Id", "Код"),
        column("name", "Name", "Наименование"),
        column("currency_str", "Currency", "Валюта"),
        column("site", "Website", "Сайт"),
        column("billurl", "Billing URL", "Адрес биллинга"),
    ];
    let mut entity = Entity::new("project", label("Providers", "Провайдеры"), columns).editable();
    entity.cells = |cx, _, row| {
        let plain = |key| Shown::plain(cell(row, key));
        let iso = cx.store.lookup("currency", cell(row, "currency"), "iso");
        vec![named(cx, row), Shown::plain(iso), plain("site"), plain("billurl")]
    };
    entity.fields = |cx, _| {
        let currencies = cx.store.rows("currency");
        let currencies =
            currencies.map(|(id, row)| Choice::new(id.to_string(), Label::same(cell(row, "iso")))).collect();
        vec![
            Field::text("name", NAME).required(),
            Field::text("name_ru", NAME_RU),
            Field::select("currency", "currency", label("Currency", "Валюта"), currencies).required(),
            Field::text("site", label("Website", "Сайт")),
            Field::text("billurl", label("Billing URL", "Адрес биллинга")),
        ]
    };
    entity
}

pub(crate) fn datacenter(dialect: &Dialect) -> Entity {
    let columns = vec![column("id", "Id", "Код"), column("name", "Name", "Наименование")];
    let title = label("Data centers", "Дата-центры");
    let mut entity = Entity::new("datacenter", title, columns);
    entity.list.clone_from(&dialect.datacenter_list);
    let mut entity = entity.editable();
    entity.cells = |cx, _, row| vec![named(cx, row)];
    entity.fields = |cx, _| {
        let departments = optional(options(cx, "department", |_| true));
        let department = label("Department", "Отдел");
        vec![
            Field::text("name", NAME).required(),
            Field::text("name_ru", NAME_RU),
            Field::select("department", "department", department, departments),
        ]
    };
    entity
}

/// Refuses a second row with the same value in `column`.
pub(crate) fn unique(cx: &Cx<'_>, draft: &Draft, table: &str, column: &str) -> Result<(), Refusal> {
    let value = draft.get(column);
    let mut rows = cx.store.rows(table);
    let taken = rows.any(|(id, row): (u64, &Row)| Some(id) != draft.id && cell(row, column) == value);
    if taken { Err(Refusal::exists(column, value)) } else { Ok(()) }
}

pub(crate) const NAME: Label = label("Name", "Наименование");
pub(crate) const NAME_RU: Label = label("Name (Russian)", "Наименование (русский)");
pub(crate) const INTNAME: Label = label("Internal name", "Внутреннее имя");
pub(crate) const SORTING: Label = label("Sorting", "Сортировка");
