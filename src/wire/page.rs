//! A list answer: rows, columns, toolbar, and what is needed to prove it whole.

use std::collections::BTreeMap;

use super::node::Node;
use super::text::{excerpt, one_line};

/// How much of a message is kept, in characters: a label may be asked for by any number of elements.
const LABEL: usize = 1000;

/// One page of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Page {
    pub(crate) func: String,
    /// The column that holds a row's id (`elid`); `id` in most lists, not in all.
    pub(crate) key: String,
    pub(crate) columns: Vec<Column>,
    pub(crate) rows: Vec<Row>,
    pub(crate) toolbar: Vec<Button>,
    /// How many rows the server says the list has.
    pub(crate) total: Option<u64>,
    pub(crate) number: Option<u64>,
    pub(crate) size: Option<u64>,
    /// Whether the answer itself says that a filter hides rows.
    pub(crate) filtered: bool,
    pub(crate) messages: BTreeMap<String, String>,
}

/// A column of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Column {
    pub(crate) name: String,
    pub(crate) kind: String,
    pub(crate) label: Option<String>,
}

/// A row of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Row {
    /// The value of the key column; empty if the row has none, which no reader may accept.
    pub(crate) id: String,
    pub(crate) cells: BTreeMap<String, Cell>,
}

/// A cell. Money in it is display text ("10.00 RUB") and is never read as a number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Cell {
    pub(crate) text: String,
    /// The value before translation, where the text was translated.
    pub(crate) orig: Option<String>,
    pub(crate) attrs: BTreeMap<String, String>,
}

/// A toolbar button: how a function whose name no document gives is found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Button {
    pub(crate) name: String,
    pub(crate) func: String,
    /// `new`, `edit`, `editlist` (the row's id opens a child list), `group`, `groupform`, …
    pub(crate) kind: String,
    pub(crate) label: Option<String>,
    pub(crate) hint: Option<String>,
    /// Conditions (column, value) on the *translated* cell text, as recorded in 6.94.1.
    pub(crate) hide: Vec<(String, String)>,
    pub(crate) show: Vec<(String, String)>,
}

impl Row {
    /// The value to compare: untranslated where the panel gives it.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.cells.get(name).map(Cell::value)
    }

    /// The text a person sees.
    pub(crate) fn shown(&self, name: &str) -> Option<&str> {
        self.cells.get(name).map(|cell| cell.text.as_str())
    }
}

impl Cell {
    fn value(&self) -> &str {
        self.orig.as_deref().unwrap_or(&self.text)
    }
}

impl Page {
    pub(super) fn of(doc: &Node, func: &str) -> Option<Self> {
        let empty = Node::default();
        let metadata = doc.child("metadata");
        match metadata.and_then(|m| m.attr("type")) {
            Some("list") => {}
            // `out=xml` drops the metadata; then only the paging tells a list.
            None if doc.child("p_elems").is_some() || doc.child("p_num").is_some() => {}
            _ => return None,
        }
        let metadata = metadata.unwrap_or(&empty);
        let key = metadata.attr("key").filter(|k| !k.is_empty()).unwrap_or("id").to_owned();
        let messages = messages(doc);
        Some(Self {
            func: func.to_owned(),
            rows: doc.all("elem").map(|elem| row(elem, &key)).collect(),
            columns: columns(metadata, &messages),
            toolbar: toolbar(metadata, &messages),
            total: number(doc, "p_elems"),
            number: number(doc, "p_num"),
            size: number(doc, "p_cnt"),
            filtered: filtered(doc),
            key,
            messages,
        })
    }
}

/// The answer's texts by name.
pub(super) fn messages(doc: &Node) -> BTreeMap<String, String> {
    doc.all("messages")
        .flat_map(|m| m.all("msg"))
        .filter_map(|m| Some((m.attr("name")?.to_owned(), excerpt(&one_line(&m.text), LABEL))))
        .collect()
}

fn number(doc: &Node, name: &str) -> Option<u64> {
    doc.child_text(name)?.trim().parse().ok()
}

fn row(elem: &Node, key: &str) -> Row {
    let mut cells = BTreeMap::new();
    for child in &elem.children {
        cells.entry(child.name.clone()).or_insert_with(|| Cell {
            text: child.text.clone(),
            orig: child.attr("orig").map(str::to_owned),
            attrs: child.attrs.clone(),
        });
    }
    let id = cells.get(key).map(|cell| cell.value().trim().to_owned());
    Row { id: id.unwrap_or_default(), cells }
}

fn columns(metadata: &Node, messages: &BTreeMap<String, String>) -> Vec<Column> {
    metadata
        .all("coldata")
        .flat_map(|c| c.all("col"))
        .filter_map(|col| {
            let name = col.attr("name")?;
            Some(Column {
                name: name.to_owned(),
                kind: col.attr("type").unwrap_or_default().to_owned(),
                label: messages.get(name).cloned(),
            })
        })
        .collect()
}

fn toolbar(metadata: &Node, messages: &BTreeMap<String, String>) -> Vec<Button> {
    let mut out = Vec::new();
    for bar in metadata.all("toolbar") {
        buttons(bar, messages, &mut out);
    }
    out
}

/// Collects buttons at any depth: groups nest differently in different lists.
fn buttons(node: &Node, messages: &BTreeMap<String, String>, out: &mut Vec<Button>) {
    for child in &node.children {
        if child.name == "toolbtn" {
            out.extend(button(child, messages));
        } else {
            buttons(child, messages, out);
        }
    }
}

fn button(node: &Node, messages: &BTreeMap<String, String>) -> Option<Button> {
    let func = node.attr("func")?;
    let name = node.attr("name").unwrap_or(func);
    let text = |key: String| messages.get(&key).filter(|t| !t.is_empty()).cloned();
    let hint = text(format!("hint_{name}"));
    // `short_<name>` is the caption and `hint_<name>` the tooltip, as in the vendor's list
    // modules. The bare name comes last: a column of that name uses it for its title.
    let label = text(format!("short_{name}")).or_else(|| hint.clone()).or_else(|| text(name.to_owned()));
    Some(Button {
        name: name.to_owned(),
        func: func.to_owned(),
        kind: node.attr("type").unwrap_or_default().to_owned(),
        label,
        hint,
        hide: conditions(node, "hide"),
        show: conditions(node, "show"),
    })
}

fn conditions(node: &Node, name: &str) -> Vec<(String, String)> {
    node.all(name)
        .map(|c| {
            let attr = |key| c.attr(key).unwrap_or_default().to_owned();
            (attr("name"), attr("value"))
        })
        .collect()
}

/// `doc.filter.param` lists the criteria in force. `saved_filters` merely stores some,
/// unless one is marked as chosen.
fn filtered(doc: &Node) -> bool {
    doc.all("filter").any(|f| f.child("param").is_some())
        || doc.all("saved_filters").flat_map(|s| &s.children).any(chosen)
}

fn chosen(saved: &Node) -> bool {
    ["active", "selected", "current", "checked"].iter().any(|mark| saved.flag(mark))
}
