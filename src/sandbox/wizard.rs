//! The two wizards: a processor (4.2) and a tariff plan (6.1).
//!
//! Of the processor's four steps the last two are on record by name. Some dialects let the last
//! step be called directly, others want the walk; a middle step never writes anything. A hidden
//! ticket tells how far a walk has come, so a client has to send hidden fields back.

use super::core::Cx;
use super::document::Element;
use super::entities::{modules, pricelist, processing};
use super::entity::{Draft, Entity};
use super::form::{self, Choice, Control, Field, Shape};
use super::label::label;
use super::refusal::Refusal;
use super::request::Params;
use super::save;
use super::store::{Row, cell};

const USER: &str = "processing.add.user";
const SETTINGS: &str = "processing.add.settings";
const PLAN: &str = "pricelist.add.step2";

/// Columns that live during a walk only.
const TICKET: &str = "~ticket";
const TYPE: &str = "~type";

/// Only the last step of a wizard writes.
pub(crate) fn mutates(params: &Params) -> bool {
    matches!(params.text("func"), SETTINGS | PLAN) && params.has("sok")
}

/// Answers a wizard step; any other function does not exist.
pub(crate) fn answer(cx: &mut Cx<'_>, entities: &[Entity], func: &str) -> Result<Element, Refusal> {
    let entity = |table: &str| {
        let found = entities.iter().find(|entity| entity.table == table);
        found.ok_or_else(|| Refusal::missed("func", func))
    };
    let forward = cx.params.has("snext") || cx.params.has("sok");
    match func {
        SETTINGS => settings(cx, entity("processing")?),
        PLAN => plan(cx, entity("pricelist")?),
        "pricelist.add" if forward => Ok(next(cx, func, plan_form(cx))),
        "pricelist.add" => Ok(plan_choice(cx)),
        USER if forward => from_user(cx),
        USER => {
            walked(cx, 3, func)?;
            Ok(user_form(cx))
        }
        other if other == "processing.add" || other == cx.dialect.wizard_type => {
            if forward {
                from_type(cx, func)
            } else {
                Ok(type_form(cx))
            }
        }
        other if other == cx.dialect.wizard_module => {
            walked(cx, 2, func)?;
            if forward { from_module(cx) } else { module_form(cx) }
        }
        other => Err(Refusal::missed("func", other)),
    }
}

/// The next step's form: at the top or nested, both are on record (4.2).
fn next(cx: &Cx<'_>, func: &str, form: Element) -> Element {
    if cx.dialect.wizard_nested { cx.document(func).child(form).child(cx.tparams()) } else { form }
}

/// Refuses a step that the walk has not reached.
fn walked(cx: &Cx<'_>, step: usize, func: &str) -> Result<(), Refusal> {
    let ticket = cx.params.text(&cx.dialect.wizard_ticket);
    let reached = cx.memory.tickets.get(ticket).copied().unwrap_or_default();
    if reached < step {
        return Err(Refusal::wrong_step(cx.dialect.kind_step, func));
    }
    Ok(())
}

fn reach(cx: &mut Cx<'_>, step: usize) {
    let ticket = cx.params.text(&cx.dialect.wizard_ticket).to_owned();
    cx.memory.tickets.insert(ticket, step);
}

/// The product type of the request: id and internal name.
fn product_type(cx: &Cx<'_>) -> Option<(u64, String)> {
    let chosen = cx.params.text(&cx.dialect.wizard_type_field);
    let intname = cx.params.text("type");
    let mut rows = cx.store.rows("itemtype");
    let found = rows.find(|(id, row)| {
        let known = cell(row, "intname");
        let by_choice = if cx.dialect.type_by_intname { known == chosen } else { id.to_string() == chosen };
        cell(row, "parent").is_empty() && (by_choice || known == intname)
    });
    found.map(|(id, row)| (id, cell(row, "intname").to_owned()))
}

fn type_field(cx: &Cx<'_>) -> Field {
    let rows = cx.store.rows("itemtype");
    let types = rows.filter(|(_, row)| cell(row, "parent").is_empty());
    let choices = types.map(|(id, row)| {
        let key = if cx.dialect.type_by_intname { cell(row, "intname").to_owned() } else { id.to_string() };
        Choice::new(key, super::entity::name_label(row))
    });
    let caption = label("Product type", "Тип продукта");
    Field::select(&cx.dialect.wizard_type_field, TYPE, caption, choices.collect()).required()
}

/// The earlier answers as hidden fields.
fn carried(cx: &Cx<'_>) -> Vec<Field> {
    vec![Field::hidden(&cx.dialect.wizard_ticket, TICKET), Field::hidden(&cx.dialect.wizard_type_field, TYPE)]
}

fn step(cx: &Cx<'_>, func: &str, place: &str, mut fields: Vec<Field>, mut row: Row) -> Element {
    fields.push(Field::hidden("snext", "~snext").default("ok"));
    row.insert("~snext".to_owned(), "ok".to_owned());
    let shape = Shape { func, fields: &fields, row: &row, id: None, parent: None, wizard: Some(place) };
    form::view(cx, &shape)
}

/// What the request says about the fields of a step.
fn sent(cx: &Cx<'_>, fields: &[Field]) -> Row {
    let values = fields.iter().map(|field| {
        let value = cx.params.get(&field.name).unwrap_or(&field.default);
        (field.key.clone(), value.to_owned())
    });
    values.collect()
}

fn type_form(cx: &mut Cx<'_>) -> Element {
    let count = cx.memory.tickets.len() + 1;
    let ticket = format!("t{count:05}");
    cx.memory.tickets.insert(ticket.clone(), 1);
    let fields = vec![type_field(cx), Field::hidden(&cx.dialect.wizard_ticket, TICKET)];
    let mut row = sent(cx, &fields);
    row.insert(TICKET.to_owned(), ticket);
    step(cx, &cx.dialect.wizard_type, "first", fields, row)
}

fn from_type(cx: &mut Cx<'_>, func: &str) -> Result<Element, Refusal> {
    walked(cx, 1, func)?;
    let form = module_form(cx)?;
    reach(cx, 2);
    Ok(next(cx, func, form))
}

fn module_form(cx: &Cx<'_>) -> Result<Element, Refusal> {
    let (_, intname) = product_type(cx).ok_or_else(|| stray_type(cx))?;
    let all = modules::all(cx.dialect);
    let served = all.into_iter().filter(|module| module.serves(&intname));
    let choices = served.map(|module| Choice::new(module.name, module.label));
    let caption = label("Processing module", "Модуль обработки");
    let mut fields = carried(cx);
    fields.push(Field::select("module", "module", caption, choices.collect()).required());
    let row = sent(cx, &fields);
    Ok(step(cx, &cx.dialect.wizard_module, "middle", fields, row))
}

fn stray_type(cx: &Cx<'_>) -> Refusal {
    let field = &cx.dialect.wizard_type_field;
    Refusal::value(field, cx.params.text(field))
}

fn from_module(cx: &mut Cx<'_>) -> Result<Element, Refusal> {
    let func = cx.dialect.wizard_module.clone();
    let module = served_module(cx)?;
    let (step, form) =
        if module.kind == modules::Kind::Manual { (4, settings_form(cx)) } else { (3, user_form(cx)) };
    reach(cx, step);
    Ok(next(cx, &func, form))
}

/// The module of the request, which must serve the product type of the request.
fn served_module(cx: &Cx<'_>) -> Result<modules::Module, Refusal> {
    let name = cx.params.text("module");
    let stray = || Refusal::value("module", name);
    let module = modules::find(cx.dialect, name).ok_or_else(stray)?;
    match product_type(cx) {
        Some((_, intname)) if !module.serves(&intname) => Err(stray()),
        _ => Ok(module),
    }
}

fn user_form(cx: &Cx<'_>) -> Element {
    let mut fields = carried(cx);
    fields.push(Field::hidden("module", "module"));
    let draft = draft(cx);
    fields.extend(processing::connection_fields(cx, &draft));
    let row = sent(cx, &fields);
    step(cx, USER, "middle", fields, row)
}

fn from_user(cx: &mut Cx<'_>) -> Result<Element, Refusal> {
    walked(cx, 3, USER)?;
    served_module(cx)?;
    product_type(cx).ok_or_else(|| stray_type(cx))?;
    let draft = draft(cx);
    for field in processing::connection_fields(cx, &draft) {
        if field.required && !cx.params.has(&field.name) {
            return Err(Refusal::value(&field.name, ""));
        }
    }
    let form = settings_form(cx);
    reach(cx, 4);
    Ok(next(cx, USER, form))
}

fn draft(cx: &Cx<'_>) -> Draft {
    let mut row = Row::new();
    row.insert("module".to_owned(), cx.params.text("module").to_owned());
    Draft { id: None, parent: None, row }
}

/// The last step: the whole form, with earlier answers hidden when they come from a walk.
fn settings_fields(cx: &Cx<'_>, draft: &Draft) -> Vec<Field> {
    let mut fields = processing::fields(cx, draft);
    if cx.params.has(&cx.dialect.wizard_ticket) {
        for field in &mut fields {
            if field.page == "connect" || field.key == "module" {
                field.control = Control::Hidden;
            }
        }
        fields.extend(carried(cx));
    }
    fields
}

fn settings_form(cx: &Cx<'_>) -> Element {
    let mut draft = draft(cx);
    let fields = save::overlay(cx, &mut draft, settings_fields);
    step(cx, SETTINGS, "last", fields, draft.row)
}

fn settings(cx: &mut Cx<'_>, entity: &Entity) -> Result<Element, Refusal> {
    let kind = modules::kind(cx.dialect, cx.params.text("module"));
    // The direct call is on record for the manual module only (4.2).
    if kind != modules::Kind::Manual && !cx.dialect.wizard_direct {
        walked(cx, 4, SETTINGS)?;
    }
    if !cx.params.has("sok") {
        return Ok(settings_form(cx));
    }
    let module = served_module(cx)?;
    let chosen = product_type(cx).map(|(id, _)| id);
    let fallback = module.types.first().copied().unwrap_or("soft");
    let chosen = chosen.or_else(|| {
        let ids = cx.store.ids_where("itemtype", "intname", fallback);
        ids.first().copied()
    });
    let start = draft(cx);
    let mut draft = save::submit(cx, start, settings_fields, SETTINGS)?;
    draft.row.retain(|key, _| !key.starts_with('~'));
    let itemtype = chosen.map(|id| id.to_string()).unwrap_or_default();
    draft.row.insert("itemtype".to_owned(), itemtype);
    save::commit(cx, entity, draft, SETTINGS)
}

fn plan_choice(cx: &Cx<'_>) -> Element {
    let fields = pricelist::choice_fields(cx, false);
    let row = sent(cx, &fields);
    step(cx, "pricelist.add", "first", fields, row)
}

fn plan_fields(cx: &Cx<'_>, draft: &Draft) -> Vec<Field> {
    let mut fields = pricelist::fields(cx, draft);
    let caption = label("Activate", "Активировать");
    fields.push(Field::flag("activate", "active", caption).default("on"));
    fields
}

fn plan_form(cx: &Cx<'_>) -> Element {
    let mut draft = draft(cx);
    draft.row.remove("module");
    let fields = save::overlay(cx, &mut draft, plan_fields);
    step(cx, PLAN, "last", fields, draft.row)
}

fn plan(cx: &mut Cx<'_>, entity: &Entity) -> Result<Element, Refusal> {
    if !cx.params.has("sok") {
        return Ok(plan_form(cx));
    }
    let mut start = draft(cx);
    start.row.remove("module");
    let draft = save::submit(cx, start, plan_fields, PLAN)?;
    save::commit(cx, entity, draft, PLAN)
}
