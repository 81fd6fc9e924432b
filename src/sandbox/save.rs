//! Views, saves and actions of an entity.

use super::core::Cx;
use super::dialect::{CreatedId, Omitted};
use super::document::Element;
use super::entity::{Draft, Entity};
use super::form::{self, Control, Field, Shape};
use super::hostile::Hostile;
use super::money;
use super::refusal::Refusal;
use super::store::{Row, cell};

type Fields = fn(&Cx<'_>, &Draft) -> Vec<Field>;

/// Answers the edit function of an entity: a view without `sok`, a save with it.
pub(crate) fn edit(cx: &mut Cx<'_>, entity: &Entity, func: &str) -> Result<Element, Refusal> {
    let draft = open(cx, entity)?;
    if cx.params.has("sok") {
        let draft = submit(cx, draft, entity.fields, func)?;
        commit(cx, entity, draft, func)
    } else {
        Ok(show(cx, draft, entity, func))
    }
}

fn show(cx: &Cx<'_>, mut draft: Draft, entity: &Entity, func: &str) -> Element {
    let fields = overlay(cx, &mut draft, entity.fields);
    let shape = Shape {
        func,
        fields: &fields,
        row: &draft.row,
        id: cx.params.get("elid").filter(|_| draft.id.is_some()),
        parent: cx.params.get("plid").filter(|_| draft.parent.is_some()),
        wizard: None,
    };
    form::view(cx, &shape)
}

/// Finds the record a request is about, or begins a new one.
fn open(cx: &Cx<'_>, entity: &Entity) -> Result<Draft, Refusal> {
    let parent = parent(cx, entity)?;
    let elid = cx.params.text("elid");
    if elid.is_empty() {
        if !entity.creatable {
            return Err(Refusal::value("elid", ""));
        }
        let column = entity.parent.as_ref().map(|parent| parent.column.to_owned());
        let owner = parent.map(|id| id.to_string());
        let row = column.zip(owner).into_iter().collect();
        return Ok(Draft { id: None, parent, row });
    }
    let found = entity.find(cx.store, parent, elid);
    let found = found.and_then(|id| Some((id, cx.store.row(entity.table, id)?.clone())));
    let (id, row) = found.ok_or_else(|| Refusal::missed("elid", elid))?;
    Ok(Draft { id: Some(id), parent, row })
}

/// The parent named by `plid`, which every change of a child needs (1.7).
fn parent(cx: &Cx<'_>, entity: &Entity) -> Result<Option<u64>, Refusal> {
    let Some(parent) = &entity.parent else {
        return Ok(None);
    };
    let plid = cx.params.text("plid");
    if plid.is_empty() {
        return Err(Refusal::value("plid", ""));
    }
    let id = plid.parse().ok().filter(|id| cx.store.row(parent.table, *id).is_some());
    id.map(Some).ok_or_else(|| Refusal::missed("plid", plid))
}

/// Lays the request over a draft for showing: nothing is checked, unset fields get defaults.
pub(crate) fn overlay(cx: &Cx<'_>, draft: &mut Draft, fields: Fields) -> Vec<Field> {
    settle(cx, draft, fields, |draft, field| match cx.params.get(&field.name) {
        Some(sent) if !field.readonly && !matches!(field.control, Control::Password) => {
            put(&mut draft.row, field, sent);
        }
        _ => fill(&mut draft.row, field),
    })
}

/// Lays the request over a draft for saving, and checks it.
pub(crate) fn submit(
    cx: &mut Cx<'_>,
    mut draft: Draft,
    fields: Fields,
    func: &str,
) -> Result<Draft, Refusal> {
    let before = draft.row.clone();
    let new = draft.id.is_none();
    let omitted = cx.dialect.omitted;
    let list = settle(cx, &mut draft, fields, |draft, field| match cx.params.get(&field.name) {
        _ if field.readonly => fill(&mut draft.row, field),
        Some("") if matches!(field.control, Control::Password) => fill(&mut draft.row, field),
        Some(sent) => put(&mut draft.row, field, sent),
        None => omit(&mut draft.row, field, new, omitted),
    });
    for field in &list {
        check(cx, &mut draft, &before, field, &list)?;
    }
    if cx.is(Hostile::SelectIgnored) {
        ignore_once(cx, &mut draft, &before, &list, func);
    }
    Ok(draft)
}

/// Puts the old key back into the fickle select, once per entity: creating and editing count as
/// one, so that repeating a save is always enough.
fn ignore_once(cx: &mut Cx<'_>, draft: &mut Draft, before: &Row, list: &[Field], func: &str) {
    let entity = func.trim_end_matches(".edit").trim_end_matches(".add.settings");
    for field in list.iter().filter(|field| field.fickle) {
        let old = before.get(&field.key).unwrap_or(&field.default);
        if draft.get(&field.key) != old && cx.memory.ignored.insert(entity.to_owned()) {
            draft.row.insert(field.key.clone(), old.clone());
        }
    }
}

/// Applies `lay` to the fields until they show no new ones: a value can reveal further fields.
fn settle(cx: &Cx<'_>, draft: &mut Draft, fields: Fields, lay: impl Fn(&mut Draft, &Field)) -> Vec<Field> {
    let mut list = fields(cx, draft);
    for _ in 0..4 {
        for field in &list {
            lay(draft, field);
        }
        let again = fields(cx, draft);
        let same = again.len() == list.len() && again.iter().zip(&list).all(|(a, b)| a.name == b.name);
        list = again;
        if same {
            break;
        }
    }
    list
}

fn put(row: &mut Row, field: &Field, sent: &str) {
    let value = match field.control {
        Control::Checkbox if sent == "on" => "on",
        Control::Checkbox => "off",
        _ => sent,
    };
    row.insert(field.key.clone(), value.to_owned());
}

fn fill(row: &mut Row, field: &Field) {
    row.entry(field.key.clone()).or_insert_with(|| field.default.clone());
}

/// What becomes of a field the client did not send. The record does not settle it (8), so the
/// dialect does; fields no documentation names are always lost, so that a test can see it.
fn omit(row: &mut Row, field: &Field, new: bool, omitted: Omitted) {
    let flag = matches!(field.control, Control::Checkbox);
    let text = matches!(field.control, Control::Text | Control::Number | Control::Money);
    let clears = match omitted {
        Omitted::Keep => false,
        Omitted::FlagsOff => flag,
        Omitted::Cleared => flag || (text && !new && !field.required),
    };
    if (field.extra && !new) || clears {
        let empty = if flag { "off" } else { "" };
        row.insert(field.key.clone(), empty.to_owned());
    } else {
        fill(row, field);
    }
}

fn check(cx: &Cx<'_>, draft: &mut Draft, before: &Row, field: &Field, list: &[Field]) -> Result<(), Refusal> {
    let value = draft.get(&field.key).to_owned();
    let refuse = || Err(Refusal::value(&field.name, &value));
    // `null` is what a select posts for "not set" (8); to a text field it is text.
    let unset = value.is_empty() || (value == "null" && matches!(field.control, Control::Select(_)));
    if field.required && unset {
        return refuse();
    }
    match &field.control {
        Control::Money => match money::normalise(&value) {
            Some(clean) => {
                draft.row.insert(field.key.clone(), clean);
            }
            None => return refuse(),
        },
        Control::Number if !value.is_empty() && value.parse::<i64>().is_err() => return refuse(),
        Control::Select(_) if !field.readonly => {
            let offered = field.offered(list, &draft.row);
            let known = offered.iter().any(|choice| choice.key == value);
            let nullable = offered.iter().any(|choice| choice.key == "null");
            if value.is_empty() && nullable {
                draft.row.insert(field.key.clone(), "null".to_owned());
            } else if !known {
                if cx.dialect.stray_key_refused && !unset {
                    return refuse();
                }
                let old = before.get(&field.key).unwrap_or(&field.default);
                // There is nothing to fall back to on a new record's required select.
                if field.required && old.is_empty() {
                    return refuse();
                }
                draft.row.insert(field.key.clone(), old.clone());
            }
        }
        _ => {}
    }
    Ok(())
}

/// Writes a checked draft and answers.
pub(crate) fn commit(cx: &mut Cx<'_>, entity: &Entity, draft: Draft, func: &str) -> Result<Element, Refusal> {
    (entity.check)(cx, &draft)?;
    let created = draft.id.is_none();
    let id = draft.id.unwrap_or_else(|| cx.store.next_id(entity.table));
    cx.store.put(entity.table, id, draft.row);
    (entity.saved)(cx, id, created);
    let mut doc = cx.document(func);
    let name = match cx.dialect.created_id {
        CreatedId::Id if created => Some("id".to_owned()),
        CreatedId::TableId if created => Some(format!("{}.id", entity.table)),
        _ => None,
    };
    if let Some(name) = name {
        doc = doc.child(Element::leaf(name, id.to_string()));
    }
    Ok(doc.child(Element::new("ok")).child(Element::new("saved_filters")).child(cx.tparams()))
}

/// The rows a group action names: `elid` is one id or several with commas (1.1).
fn targets(cx: &Cx<'_>, entity: &Entity) -> Result<Vec<u64>, Refusal> {
    let parent = parent(cx, entity)?;
    let elids = cx.params.text("elid").split(',').map(str::trim);
    let elids = elids.filter(|elid| !elid.is_empty()).collect::<Vec<_>>();
    if elids.is_empty() {
        return Err(Refusal::value("elid", ""));
    }
    let found = elids.into_iter().map(|elid| {
        let id = entity.find(cx.store, parent, elid);
        id.ok_or_else(|| Refusal::missed("elid", elid))
    });
    found.collect()
}

/// Deletes rows. Nothing is deleted when one of them is in use.
pub(crate) fn delete(cx: &mut Cx<'_>, entity: &Entity, func: &str) -> Result<Element, Refusal> {
    let ids = targets(cx, entity)?;
    for id in &ids {
        (entity.removable)(cx, *id)?;
    }
    for id in ids {
        cx.store.remove(entity.table, id);
        (entity.removed)(cx.store, id);
    }
    Ok(cx.done(func))
}

/// Switches rows on or off.
pub(crate) fn switch(cx: &mut Cx<'_>, entity: &Entity, func: &str, on: bool) -> Result<Element, Refusal> {
    for id in targets(cx, entity)? {
        cx.store.set(entity.table, id, "active", if on { "on" } else { "off" });
    }
    Ok(cx.done(func))
}

/// The stored filter of a list: a form of its columns, kept per user until cleared (1.7).
pub(crate) fn filter(cx: &mut Cx<'_>, entity: &Entity, func: &str) -> Element {
    let columns = entity.columns.iter();
    let fields = columns.map(|column| Field::text(&column.name, column.label.clone())).collect::<Vec<_>>();
    let stored = cx.store.filter(&cx.login.name, &entity.list).cloned();
    let mut row = stored.unwrap_or_default();
    for field in &fields {
        if let Some(sent) = cx.params.get(&field.name) {
            row.insert(field.key.clone(), sent.to_owned());
        }
    }
    if cx.params.has("sok") {
        let user = cx.login.name.clone();
        cx.store.set_filter(&user, &entity.list, row);
        return cx.done(func);
    }
    let shape = Shape { func, fields: &fields, row: &row, id: None, parent: None, wizard: None };
    form::view(cx, &shape)
}

/// Whether any row of `table` has `value` in `column`.
pub(crate) fn refers(cx: &Cx<'_>, table: &str, column: &str, value: u64) -> bool {
    let value = value.to_string();
    cx.store.rows(table).any(|(_, row)| cell(row, column) == value)
}
