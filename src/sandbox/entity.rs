//! An entity as data: its functions, its columns, its form and its rules.

use super::core::Cx;
use super::dialect::ParentParam;
use super::form::Field;
use super::label::{Label, label};
use super::refusal::Refusal;
use super::store::{Row, Store, cell};

/// A record being shown or saved.
#[derive(Clone, Debug)]
pub(crate) struct Draft {
    pub(crate) id: Option<u64>,
    pub(crate) parent: Option<u64>,
    pub(crate) row: Row,
}

impl Draft {
    pub(crate) fn get(&self, key: &str) -> &str {
        cell(&self.row, key)
    }
}

/// A column of a list.
#[derive(Clone, Debug)]
pub(crate) struct Column {
    pub(crate) name: String,
    pub(crate) kind: &'static str,
    pub(crate) label: Label,
}

pub(crate) fn column(name: &str, en: &'static str, ru: &'static str) -> Column {
    Column { name: name.to_owned(), kind: "data", label: label(en, ru) }
}

pub(crate) fn status_column() -> Column {
    Column { name: "status".to_owned(), kind: "msg", label: label("Status", "Статус") }
}

/// A cell as shown, with the raw value behind it when the two differ.
#[derive(Clone, Debug, Default)]
pub(crate) struct Shown {
    pub(crate) text: String,
    pub(crate) raw: Option<String>,
    /// Whether `orig` is given even when cells are not translated.
    pub(crate) orig: bool,
    pub(crate) color: Option<&'static str>,
}

impl Shown {
    pub(crate) fn plain(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }

    pub(crate) fn translated(text: &str, raw: &str) -> Self {
        Self { text: text.to_owned(), raw: Some(raw.to_owned()), ..Self::default() }
    }
}

/// A toolbar button beyond the ones every list has.
#[derive(Clone, Debug)]
pub(crate) struct Button {
    pub(crate) name: String,
    pub(crate) func: String,
    pub(crate) kind: &'static str,
    pub(crate) label: Label,
}

/// The entity whose rows own the rows of this one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Parent {
    pub(crate) table: &'static str,
    /// The column of the child that holds the parent's id.
    pub(crate) column: &'static str,
    pub(crate) param: ParentParam,
    /// The parent's own parent: its column in the parent's row.
    pub(crate) above: Option<&'static str>,
}

type Rule = fn(&Cx<'_>, &Draft) -> Result<(), Refusal>;

/// One entity of the panel.
pub(crate) struct Entity {
    pub(crate) table: &'static str,
    pub(crate) title: Label,
    pub(crate) list: String,
    pub(crate) edit: Option<String>,
    /// What the "new" button opens.
    pub(crate) add: Option<String>,
    /// Whether the edit function without `elid` creates.
    pub(crate) creatable: bool,
    pub(crate) delete: Option<String>,
    pub(crate) resume: Option<String>,
    pub(crate) suspend: Option<String>,
    pub(crate) parent: Option<Parent>,
    /// The column whose value stands for the row on the wire, if that is not the row's own id.
    pub(crate) alias: Option<&'static str>,
    pub(crate) columns: Vec<Column>,
    pub(crate) buttons: Vec<Button>,
    pub(crate) cells: fn(&Cx<'_>, u64, &Row) -> Vec<Shown>,
    pub(crate) listed: fn(&Row) -> bool,
    pub(crate) fields: fn(&Cx<'_>, &Draft) -> Vec<Field>,
    pub(crate) check: Rule,
    pub(crate) saved: fn(&mut Cx<'_>, u64, bool),
    pub(crate) removable: fn(&Cx<'_>, u64) -> Result<(), Refusal>,
    pub(crate) removed: fn(&mut Store, u64),
}

impl Entity {
    /// A read-only list named after its table.
    pub(crate) fn new(table: &'static str, title: Label, columns: Vec<Column>) -> Self {
        Self {
            table,
            title,
            list: table.to_owned(),
            edit: None,
            add: None,
            creatable: false,
            delete: None,
            resume: None,
            suspend: None,
            parent: None,
            alias: None,
            columns,
            buttons: Vec::new(),
            cells: |_, _, _| Vec::new(),
            listed: |_| true,
            fields: |_, _| Vec::new(),
            check: |_, _| Ok(()),
            saved: |_, _, _| (),
            removable: |_, _| Ok(()),
            removed: |_, _| (),
        }
    }

    /// Names the usual functions after the list: `X.edit` that also creates, and `X.delete`.
    pub(crate) fn editable(mut self) -> Self {
        self.edit = Some(format!("{}.edit", self.list));
        self.add = self.edit.clone();
        self.creatable = true;
        self
    }

    pub(crate) fn deletable(mut self) -> Self {
        self.delete = Some(format!("{}.delete", self.list));
        self
    }

    pub(crate) fn switchable(mut self) -> Self {
        self.resume = Some(format!("{}.resume", self.list));
        self.suspend = Some(format!("{}.suspend", self.list));
        self
    }

    /// The id under which a row goes over the wire.
    pub(crate) fn wire_id(&self, id: u64, row: &Row) -> String {
        match self.alias {
            Some(column) => cell(row, column).to_owned(),
            None => id.to_string(),
        }
    }

    /// The row an `elid` names, of the given parent.
    pub(crate) fn find(&self, store: &Store, parent: Option<u64>, elid: &str) -> Option<u64> {
        let owner = parent.map(|id| id.to_string());
        let owned = |row: &Row| match (&self.parent, &owner) {
            (Some(parent), Some(owner)) => cell(row, parent.column) == owner,
            _ => true,
        };
        let found = store.rows(self.table).find(|(id, row)| owned(row) && self.wire_id(*id, row) == elid);
        found.map(|(id, _)| id)
    }
}

/// The status cell of rows that can be switched off.
pub(crate) fn status(cx: &Cx<'_>, row: &Row) -> Shown {
    let on = cell(row, "active") != "off";
    let (text, raw, color) = if on { (ENABLED, "on", "green") } else { (DISABLED, "off", "gray") };
    Shown { orig: cx.dialect.status_orig, color: Some(color), ..Shown::translated(text.get(cx.lang), raw) }
}

pub(crate) const ENABLED: Label = label("Enabled", "Включён");
pub(crate) const DISABLED: Label = label("Disabled", "Выключен");

/// A record's name in the language of the request: `name_ru` if there is one, else `name`.
pub(crate) fn named(cx: &Cx<'_>, row: &Row) -> Shown {
    let name = cell(row, "name");
    match (cx.lang, cell(row, "name_ru")) {
        (super::label::Lang::Ru, russian) if !russian.is_empty() && russian != name => {
            Shown::translated(russian, name)
        }
        _ => Shown::plain(name),
    }
}

/// A record's name as a label in both languages.
pub(crate) fn name_label(row: &Row) -> Label {
    let (name, russian) = (cell(row, "name"), cell(row, "name_ru"));
    Label::owned(name, if russian.is_empty() { name } else { russian })
}
