//! The services of the provider's panel that a licence may be on.

use super::{cells::filled, licences::status};
use crate::{
    dialect::{ColumnNames, Unknown, column},
    language::t,
    licence::Status,
    wire::{Column, Row, one_line},
};

/// All services that were read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Services {
    pub(crate) list: Vec<Service>,
    /// Lists that the panel does not show: without them, no licence is proven to be on no service.
    pub(crate) unread: Vec<String>,
}

/// A service of a client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Service {
    /// The list it is in: `vds` or `dedic`.
    pub(crate) list: String,
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) ip: Option<String>,
    pub(crate) status: Option<Status>,
    /// The panel on it, `nopanel` included; `None` where the list does not show it.
    pub(crate) panel: Option<String>,
    /// The id of its licence, empty for none; `None` where the list does not show it.
    pub(crate) licence: Option<String>,
}

pub(super) struct Columns {
    panel: Option<String>,
    licence: Option<String>,
}

impl Columns {
    pub(super) fn of(list: &str, columns: &[Column], own: &ColumnNames) -> Result<Self, Unknown> {
        let panel = &[&["control panel", "панель управления"][..]];
        let licence = &[&["licen", "лиценз"][..]];
        let panel = column(
            list,
            columns,
            &t!("the control panel"),
            own.service_panel.as_ref(),
            panel,
            "service_panel",
        )?;
        let licence = column(
            list,
            columns,
            &t!("the licence"),
            own.service_licence.as_ref(),
            licence,
            "service_licence",
        )?;
        // A column about the licence of the panel speaks of both.
        let panel = panel.filter(|panel| Some(panel) != licence.as_ref());
        Ok(Self { panel, licence })
    }

    pub(super) fn read(&self, list: &str, row: &Row) -> Service {
        let shown = |column: &Option<String>| {
            let column = column.as_ref()?;
            row.get(column).map(|_| filled(row, column).map(one_line).unwrap_or_default())
        };
        Service {
            list: list.to_owned(),
            id: one_line(&row.id),
            name: filled(row, "name").map(one_line).unwrap_or_default(),
            ip: filled(row, "ip").map(one_line),
            status: filled(row, "status").and_then(status),
            panel: shown(&self.panel),
            licence: shown(&self.licence),
        }
    }
}
