//! Tariff plans (6.1).

use super::super::core::Cx;
use super::super::entity::{Button, Draft, Entity, Shown, column, name_label, named, status, status_column};
use super::super::form::{Choice, Control, Field, extras};
use super::super::label::{Label, label};
use super::super::refusal::Refusal;
use super::super::save::refers;
use super::super::store::{Row, cell};
use super::directories::{INTNAME, NAME, NAME_RU, SORTING};
use super::prices::{self, Grid};
use super::{optional, options, product_types};

pub(crate) fn entity() -> Entity {
    let columns = vec![
        column("id", "Id", "Код"),
        column("name", "Name", "Наименование"),
        column("employee_name", "Name for staff", "Имя для сотрудников"),
        column("itemtype_name", "Product type", "Тип продукта"),
        column("project", "Provider", "Провайдер"),
        status_column(),
        column("prorataday", "Billing day", "День списания"),
        column("note", "Note", "Примечание"),
        column("accessname", "Access", "Доступ"),
        column("processingmodules", "Processing modules", "Обработчики"),
        column("orderpriority", "Sorting", "Сортировка"),
        column("pricelist_cost", "Price", "Стоимость"),
    ];
    let title = label("Tariff plans", "Тарифные планы");
    let mut entity = Entity::new("pricelist", title, columns).deletable().switchable();
    entity.edit = Some("pricelist.edit".to_owned());
    entity.add = Some("pricelist.add".to_owned());
    entity.buttons.push(Button {
        name: "detail".to_owned(),
        func: "pricelist.detail".to_owned(),
        kind: "editlist",
        label: label("Options", "Ресурсы"),
    });
    entity.cells = cells;
    entity.fields = fields;
    entity.removable = |cx, id| {
        if refers(cx, "customparam", "tariff", id) {
            let user = label("processing module parameters", "параметрах обработчика");
            return Err(Refusal::in_use(cx.dialect.kind_in_use, "pricelist", id, &user));
        }
        Ok(())
    };
    entity.removed = |store, id| {
        for resource in store.ids_where("resource", "pricelist", &id.to_string()) {
            store.remove("resource", resource);
            store.remove_where("item_price", "resource", &resource.to_string());
        }
    };
    entity
}

fn cells(cx: &Cx<'_>, _: u64, row: &Row) -> Vec<Shown> {
    let plain = |key| Shown::plain(cell(row, key));
    let other = |table: &str, key: &str| {
        let id = cell(row, key).parse().unwrap_or_default();
        cx.store.row(table, id).map_or_else(Shown::default, |row| named(cx, row))
    };
    vec![
        named(cx, row),
        plain("employee_name"),
        other("itemtype", "itemtype"),
        other("project", "project"),
        status(cx, row),
        plain("prorataday"),
        plain("note"),
        Shown::default(),
        other("processing", "processingmodule"),
        plain("orderpriority"),
        Shown::plain(prices::display(cx, row)),
    ]
}

/// The form of `pricelist.edit` and, without an id, of `pricelist.add.step2`.
pub(crate) fn fields(cx: &Cx<'_>, draft: &Draft) -> Vec<Field> {
    // A plan cannot be moved to another provider or product type once it exists.
    let mut fields = choice_fields(cx, draft.id.is_some());
    let processors = options(cx, "processing", |_| true);
    let access = vec![Choice::unset()];
    fields.extend([
        Field::text("name", NAME).required(),
        Field::text("name_ru", NAME_RU),
        Field::text("employee_name", label("Name for staff", "Имя для сотрудников")),
        Field::text("intname", INTNAME),
        Field::select(
            "processingmodule",
            "processingmodule",
            label("Processing modules", "Обработчики"),
            optional(processors),
        )
        .default("null"),
        Field::select("access", "access", label("Access", "Доступ"), access).default("null"),
        Field::text("note", label("Note", "Примечание")),
        Field::text("prorataday", label("Billing day", "День списания")),
        Field::new("orderpriority", "orderpriority", Control::Number, SORTING).default("10"),
    ]);
    fields.extend(FLAGS.iter().map(|(name, en, ru)| Field::flag(*name, name, label(en, ru))));
    fields.extend(prices::fields(cx, Grid { rare: true, disable: true, stat: true }));
    fields.extend(extras(cx, "pricelist"));
    fields
}

/// The two choices the wizard begins with.
pub(crate) fn choice_fields(cx: &Cx<'_>, readonly: bool) -> Vec<Field> {
    let select = |name: &str, caption: Label, choices| {
        Field::select(name, name, caption, choices).required().readonly_if(readonly)
    };
    let projects = cx.store.rows("project");
    let projects = projects.map(|(id, row)| Choice::new(id.to_string(), name_label(row))).collect();
    vec![
        select("itemtype", label("Product type", "Тип продукта"), product_types(cx)),
        select("project", label("Provider", "Провайдер"), projects),
    ]
}

/// A few of the flags of the recorded submission (6.1).
const FLAGS: [(&str, &str, &str); 6] = [
    ("billdaily", "Charge daily", "Списывать ежедневно"),
    ("billhourly", "Charge hourly", "Списывать ежечасно"),
    ("billprorata", "Charge on one day", "Списывать в один день"),
    ("chargestoped", "Charge while stopped", "Списывать за остановленные"),
    ("quickorder", "Quick order", "Быстрый заказ"),
    ("show_on_dashboard", "Show on the dashboard", "Показывать на панели"),
];
