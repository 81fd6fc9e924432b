//! The licences of the account: the list `soft`.

use super::cells::{Amount, amount, date, filled, period};
use crate::{
    dialect::{ColumnNames, Unknown, column},
    language::t,
    licence::Status,
    model::{Date, Name, Period},
    wire::{Column, Row, one_line},
};

/// A licence of the account. What is `None` is not known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Licence {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) ip: String,
    pub(crate) code: String,
    pub(crate) status: Option<Status>,
    pub(crate) period: Option<Period>,
    pub(crate) created: Option<Date>,
    pub(crate) expires: Option<Date>,
    pub(crate) ip_changed: Option<Date>,
    pub(crate) key_changed: Option<Date>,
    pub(crate) nodes: Option<u32>,
    /// What its term costs.
    pub(crate) cost: Option<Amount>,
}

/// Which columns hold what. Those on public record have their names; the rest is found by label.
pub(super) struct Columns {
    name: &'static str,
    ip_changed: Option<String>,
    key_changed: Option<String>,
    nodes: Option<String>,
    cost: Option<String>,
}

const IP_CHANGED: &[&[&str]] = &[&["ip"], &["chang", "измен", "смен"]];
const KEY_CHANGED: &[&[&str]] = &[&["key", "ключ"], &["chang", "измен", "смен"]];
const NODES: &[&[&str]] = &[&["node", "узел", "узл"]];
const COST: &[&[&str]] = &[&["cost", "стоимост"]];

impl Columns {
    pub(super) fn of(columns: &[Column], own: &ColumnNames) -> Result<Self, Unknown> {
        let list = "soft";
        let has = |name: &str| columns.iter().any(|column| column.name == name);
        let find = |what: &str, fixed: &Option<Name>, words: &[&[&str]], setting: &str| {
            column(list, columns, what, fixed.as_ref(), words, setting)
        };
        Ok(Self {
            name: if has("licname") { "licname" } else { "name" },
            ip_changed: find(
                &t!("the last change of the IP"),
                &own.licence_ip_changed,
                IP_CHANGED,
                "licence_ip_changed",
            )?,
            key_changed: find(
                &t!("the last change of the key"),
                &own.licence_key_changed,
                KEY_CHANGED,
                "licence_key_changed",
            )?,
            nodes: find(&t!("the number of nodes"), &own.licence_nodes, NODES, "licence_nodes")?,
            cost: find(&t!("the cost"), &own.licence_cost, COST, "licence_cost")?,
        })
    }

    pub(super) fn read(&self, row: &Row) -> Result<Licence, String> {
        let text = |column: &str| {
            row.get(column).map(one_line).ok_or_else(|| {
                t!(
                    "the licence {licence} has no `{column}` in the list `soft`",
                    licence = one_line(&row.id),
                    column = column
                )
            })
        };
        let own = |column: &Option<String>| column.as_ref().and_then(|column| filled(row, column));
        Ok(Licence {
            id: one_line(&row.id),
            name: text(self.name)?,
            ip: text("ip")?,
            code: text("pricelist")?,
            status: filled(row, "status").and_then(status),
            period: filled(row, "period").and_then(period),
            created: filled(row, "createdate").and_then(date),
            expires: filled(row, "expiredate").and_then(date),
            ip_changed: own(&self.ip_changed).and_then(date),
            key_changed: own(&self.key_changed).and_then(date),
            nodes: own(&self.nodes).and_then(|text| text.parse().ok()),
            cost: own(&self.cost).and_then(amount),
        })
    }
}

/// The remote status numbers, as public modules have them.
pub(super) fn status(text: &str) -> Option<Status> {
    match text {
        "1" => Some(Status::Ordered),
        "2" => Some(Status::Active),
        "3" => Some(Status::Suspended),
        "4" => Some(Status::Deleted),
        "5" => Some(Status::Processing),
        _ => None,
    }
}
