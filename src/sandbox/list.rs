//! Lists: parent, filters, order, pages, toolbar.

use std::cmp::Ordering;

use super::core::Cx;
use super::dialect::{ParentParam, WrongParent};
use super::document::Element;
use super::entity::{DISABLED, ENABLED, Entity, Parent, Shown};
use super::hostile::Hostile;
use super::refusal::Refusal;
use super::store::{Row, cell};

/// The default page size seen in recorded answers (1.6).
const PAGE: usize = 1000;

struct Line {
    id: String,
    cells: Vec<Shown>,
}

/// Answers a list function.
pub(crate) fn answer(cx: &Cx<'_>, entity: &Entity) -> Result<Element, Refusal> {
    let owner = owner(cx, entity)?;
    let mut lines = lines(cx, entity, owner.as_deref());
    let stored = cx.store.filter(&cx.login.name, &entity.list).cloned();
    let inline = inline_filter(cx, entity);
    lines.retain(|line| matches(entity, line, stored.as_ref()) && matches(entity, line, inline.as_ref()));
    let (column, descending) = order(cx, entity);
    lines.sort_by(|a, b| {
        let order = compare(entity, &column, a, b);
        if descending { order.reverse() } else { order }
    });

    let size = page_size(cx);
    let number = cx.params.text("p_num").parse::<usize>().unwrap_or(1).max(1);
    let start = (number - 1).saturating_mul(size);
    let total = lines.len();
    let shown = lines.iter().skip(start).take(size);
    let elements = shown.map(|line| elem(cx, entity, line)).collect::<Vec<_>>();

    let mut doc = cx
        .document(&entity.list)
        .child(metadata(cx, entity))
        .child(messages(cx, entity))
        .child(cx.tparams())
        .child(Element::new("saved_filters"));
    if let Some(stored) = &stored {
        let params =
            stored.iter().map(|(name, value)| Element::leaf("param", value).attr("name", name).many());
        doc = doc.child(Element::new("filter").with(params));
    }
    let filters = entity.columns.iter();
    let filters = filters.map(|column| Element::new("filter").attr("name", &column.name).many());
    Ok(doc
        .child(Element::new("p_possible_filters").with(filters))
        .child(Element::leaf("p_sort", column))
        .child(Element::leaf("p_order", if descending { "desc" } else { "asc" }))
        .with(pager(total, size))
        .with(elements)
        .child(Element::leaf("p_cnt", size.to_string()))
        .child(Element::leaf("p_num", number.to_string()))
        .child(Element::leaf("p_elems", total.to_string())))
}

/// The parent whose rows are asked for. `None` for top-level lists and for the trap in which a
/// list that finds no parent gives the rows of all of them.
fn owner(cx: &Cx<'_>, entity: &Entity) -> Result<Option<String>, Refusal> {
    let Some(parent) = &entity.parent else {
        return Ok(None);
    };
    match parent_id(cx, parent) {
        Some(id) => Ok(Some(id.to_owned())),
        None => match cx.dialect.wrong_parent {
            WrongParent::EveryRow => Ok(None),
            WrongParent::Missed => Err(Refusal::missed(parent.table, cx.params.text("elid"))),
            WrongParent::Value => Err(Refusal::value(parent.table, cx.params.text("elid"))),
        },
    }
}

fn parent_id<'a>(cx: &'a Cx<'_>, parent: &Parent) -> Option<&'a str> {
    let (elid, plid) = (cx.params.text("elid"), cx.params.text("plid"));
    let id = if parent.param == ParentParam::Plid { plid } else { elid };
    let row = cx.store.row(parent.table, id.parse().ok()?)?;
    match (parent.param, parent.above) {
        (ParentParam::Both, Some(above)) if cell(row, above) != plid => None,
        _ => Some(id),
    }
}

fn lines(cx: &Cx<'_>, entity: &Entity, owner: Option<&str>) -> Vec<Line> {
    let column = entity.parent.as_ref().map(|parent| parent.column);
    let owned = |row: &Row| match (column, owner) {
        (Some(column), Some(owner)) => cell(row, column) == owner,
        _ => true,
    };
    let rows = cx.store.rows(entity.table);
    rows.filter(|(_, row)| (entity.listed)(row) && owned(row))
        .map(|(id, row)| {
            let wire = entity.wire_id(id, row);
            let mut cells = vec![Shown::plain(wire.clone())];
            cells.extend((entity.cells)(cx, id, row));
            Line { id: wire, cells }
        })
        .collect()
}

/// `filter=on` with columns as parameters filters one call (1.7).
fn inline_filter(cx: &Cx<'_>, entity: &Entity) -> Option<Row> {
    if cx.params.text("filter") != "on" {
        return None;
    }
    let wanted = entity.columns.iter().filter_map(|column| {
        let value = cx.params.get(&column.name)?;
        Some((column.name.clone(), value.to_owned()))
    });
    Some(wanted.collect())
}

fn matches(entity: &Entity, line: &Line, filter: Option<&Row>) -> bool {
    let Some(filter) = filter else { return true };
    let mut pairs = entity.columns.iter().zip(&line.cells);
    pairs.all(|(column, shown)| {
        let wanted = cell(filter, &column.name).to_lowercase();
        let holds = |text: &str| text.to_lowercase().contains(&wanted);
        wanted.is_empty() || holds(&shown.text) || shown.raw.as_deref().is_some_and(holds)
    })
}

/// The sort column and whether it descends, from `p_col` (a sign and a column).
fn order(cx: &Cx<'_>, entity: &Entity) -> (String, bool) {
    let wanted = cx.params.text("p_col");
    let name = wanted.trim_start_matches(['+', '-', ' ']);
    let known = entity.columns.iter().any(|column| column.name == name);
    let name = if known { name } else { "id" };
    (name.to_owned(), known && wanted.starts_with('-'))
}

fn compare(entity: &Entity, column: &str, a: &Line, b: &Line) -> Ordering {
    let place = entity.columns.iter().position(|known| known.name == column);
    let text = |line: &Line| {
        let shown = place.and_then(|place| line.cells.get(place).cloned());
        shown.unwrap_or_default().text
    };
    let (a_text, b_text) = (text(a), text(b));
    let by_text = match (a_text.parse::<i64>(), b_text.parse::<i64>()) {
        (Ok(a), Ok(b)) => a.cmp(&b),
        _ => a_text.cmp(&b_text),
    };
    by_text.then_with(|| a.id.cmp(&b.id))
}

fn page_size(cx: &Cx<'_>) -> usize {
    let asked = cx.params.text("p_cnt").parse::<usize>().unwrap_or(PAGE);
    let asked = if asked == 0 { PAGE } else { asked };
    if cx.is(Hostile::PageSizeTwo) { asked.min(2) } else { asked }
}

fn pager(total: usize, size: usize) -> Vec<Element> {
    let pages = (0..total).step_by(size);
    let pages = pages.map(|start| {
        let text = format!("{} - {}", start + 1, total.min(start + size));
        Element::leaf("page", text).many()
    });
    pages.collect()
}

fn elem(cx: &Cx<'_>, entity: &Entity, line: &Line) -> Element {
    let pairs = entity.columns.iter().zip(&line.cells);
    let cells = pairs.map(|(column, shown)| {
        let mut cell = Element::leaf(&column.name, &shown.text);
        if let Some(color) = shown.color {
            cell = cell.attr("color", color);
        }
        match &shown.raw {
            Some(raw) if shown.orig || cx.is(Hostile::TranslatedCells) => cell.attr("orig", raw),
            _ => cell,
        }
    });
    Element::new("elem").many().with(cells)
}

fn metadata(cx: &Cx<'_>, entity: &Entity) -> Element {
    let columns = entity.columns.iter().map(|column| {
        let col = Element::new("col").attr("name", &column.name).attr("type", column.kind);
        let sort = if column.name == "id" { "digit" } else { "alpha" };
        col.attr("sort", sort).many()
    });
    Element::new("metadata")
        .attr("name", &entity.list)
        .attr("type", "list")
        .attr("key", "id")
        .attr("keyname", "name")
        .attr("mgr", "billmgr")
        .child(toolbar(cx, entity))
        .child(Element::new("coldata").with(columns))
}

fn toolbar(cx: &Cx<'_>, entity: &Entity) -> Element {
    let button = |name: &str, func: &str, kind: &str| {
        let button = Element::new("toolbtn").attr("func", func).attr("name", name);
        button.attr("type", kind).attr("level", "admin").many()
    };
    let hidden_when = |value: &str| {
        let rule = Element::new("hide").attr("name", "status").attr("value", value);
        rule.many()
    };
    let mut fresh = Vec::new();
    fresh.extend(entity.add.as_deref().map(|func| button("new", func, "new")));
    let mut change = Vec::new();
    change.extend(entity.edit.as_deref().map(|func| button("edit", func, "edit")));
    if let Some(func) = &entity.delete {
        change.push(button("delete", func, "group").attr("warning", "yes"));
    }
    let mut switch = Vec::new();
    // The conditions are written against the displayed text, as recorded (1.5.1).
    if let Some(func) = &entity.resume {
        switch.push(button("resume", func, "group").child(hidden_when(ENABLED.get(cx.lang))));
    }
    if let Some(func) = &entity.suspend {
        switch.push(button("suspend", func, "group").child(hidden_when(DISABLED.get(cx.lang))));
    }
    let more = entity.buttons.iter();
    let more = more.map(|extra| button(&extra.name, &extra.func, extra.kind)).collect();
    let filter = vec![button("filter", &format!("{}.filter", entity.list), "filter")];
    let groups =
        [("new", fresh), ("edit", change), ("status", switch), ("content", more), ("filter", filter)];
    let groups = groups.into_iter().filter(|(_, buttons)| !buttons.is_empty());
    Element::new("toolbar")
        .with(groups.map(|(name, buttons)| Element::new("toolgrp").attr("name", name).many().with(buttons)))
}

fn messages(cx: &Cx<'_>, entity: &Entity) -> Element {
    let message = |name: &str, text: &str| Element::leaf("msg", text).attr("name", name).many();
    let columns = entity.columns.iter();
    let mut all = vec![message("title", entity.title.get(cx.lang))];
    all.extend(columns.map(|column| message(&column.name, column.label.get(cx.lang))));
    let usual = USUAL_BUTTONS.iter().map(|(name, en, ru)| {
        let label = super::label::label(en, ru);
        ((*name).to_owned(), label)
    });
    let more = entity.buttons.iter();
    let more = more.map(|button| (button.name.clone(), button.label.clone()));
    for (name, label) in usual.chain(more) {
        let text = label.get(cx.lang);
        all.push(message(&format!("short_{name}"), text));
        all.push(message(&format!("hint_{name}"), text));
    }
    Element::new("messages").attr("name", &entity.list).attr("checked", &entity.list).with(all)
}

const USUAL_BUTTONS: [(&str, &str, &str); 6] = [
    ("new", "Add", "Создать"),
    ("edit", "Edit", "Изменить"),
    ("delete", "Delete", "Удалить"),
    ("resume", "Enable", "Включить"),
    ("suspend", "Disable", "Выключить"),
    ("filter", "Filter", "Фильтр"),
];
