//! A client's service, as the table `service` keeps it.

use super::super::super::core::Cx;
use super::super::super::entity::{Entity, Shown, column, status_column};
use super::super::super::label::{Label, label};
use super::super::super::store::{Row, cell};

/// A service, read from its row.
#[derive(Clone, Debug)]
pub(crate) struct Service {
    pub(crate) id: u64,
    pub(crate) name: String,
    pub(crate) ip: String,
    pub(crate) tariff: u64,
    /// The period sold.
    pub(crate) period: String,
    /// The item chosen, by id, and its internal name; both empty without a panel resource.
    pub(crate) item: String,
    pub(crate) code: String,
    pub(crate) nodes: String,
    /// Paid until; empty for ever.
    pub(crate) paid: String,
    pub(crate) active: bool,
    pub(crate) renewed: bool,
    /// The remote licence, and the processor of the licence server it is from; empty without a licence.
    pub(crate) licence: String,
    pub(crate) server: String,
    pub(crate) licence_expires: String,
}

pub(crate) const ACTIVE: &str = "2";
pub(crate) const SUSPENDED: &str = "3";
pub(crate) const DELETED: &str = "4";

impl Service {
    /// The service with this id, unless it is deleted.
    pub(crate) fn find(cx: &Cx<'_>, id: u64) -> Option<Self> {
        let row = cx.store.row("service", id).filter(|row| cell(row, "status") != DELETED)?;
        let own = |key: &str| cell(row, key).to_owned();
        Some(Self {
            id,
            name: own("name"),
            ip: own("ip"),
            tariff: own("tariff").parse().unwrap_or_default(),
            period: own("period"),
            item: own("item"),
            code: own("code"),
            nodes: own("nodes"),
            paid: own("expiredate"),
            active: own("status") == ACTIVE,
            renewed: own("autoprolong") != "null",
            licence: own("licence"),
            server: own("licence_server"),
            licence_expires: own("licence_expires"),
        })
    }

    /// What its licence is called on the licence server: the vendor page's own spelling, quotation mark and all.
    pub(crate) fn licence_name(&self) -> String {
        format!("Item #{}\" addon {}", self.id, self.name)
    }

    /// Ties a licence to it, or unties it.
    pub(crate) fn hold(&self, cx: &mut Cx<'_>, licence: &str, server: &str, expires: &str) {
        for (key, value) in [("licence", licence), ("licence_server", server), ("licence_expires", expires)] {
            cx.store.set("service", self.id, key, value);
        }
    }
}

/// The lists of services: one for each product type, in one table.
pub(crate) fn entities() -> Vec<Entity> {
    let listed = |kind: &'static str| {
        let columns = vec![
            column("id", "Id", "Код"),
            column("name", "Name", "Наименование"),
            column("ip", "IP address", "IP-адрес"),
            column("pricelist", "Tariff plan", "Тарифный план"),
            column("period", "Period", "Период"),
            column("cost", "Cost", "Стоимость"),
            column("createdate", "Order date", "Дата заказа"),
            column("expiredate", "Valid until", "Действует до"),
            status_column(),
            column("panel", "Control panel", "Панель управления"),
            column("licence", "License", "Лицензия"),
        ];
        let title = match kind {
            "vds" => label("Virtual private servers", "Виртуальные серверы"),
            _ => label("Dedicated servers", "Выделенные серверы"),
        };
        let mut entity = Entity::new("service", title, columns).switchable().deletable();
        entity.list = kind.to_owned();
        for func in [&mut entity.resume, &mut entity.suspend, &mut entity.delete] {
            *func = func.take().map(|func| func.replacen("service", kind, 1));
        }
        entity.edit = Some(format!("{kind}.edit"));
        entity.add = Some(format!("{kind}.order.param"));
        entity.cells = cells;
        entity
    };
    let (mut vds, mut dedic) = (listed("vds"), listed("dedic"));
    vds.listed = |row| cell(row, "kind") == "vds" && cell(row, "status") != DELETED;
    dedic.listed = |row| cell(row, "kind") == "dedic" && cell(row, "status") != DELETED;
    vec![vds, dedic]
}

fn cells(cx: &Cx<'_>, _: u64, row: &Row) -> Vec<Shown> {
    let plain = |key| Shown::plain(cell(row, key));
    let plan = cx.store.lookup("pricelist", cell(row, "tariff"), "name");
    let status = cell(row, "status");
    let text: Label = match status {
        ACTIVE => label("Active", "Активен"),
        _ => label("Suspended", "Остановлен"),
    };
    let panel = cell(row, "code");
    vec![
        plain("name"),
        plain("ip"),
        Shown { orig: true, ..Shown::translated(plan, cell(row, "tariff")) },
        plain("period"),
        plain("cost"),
        plain("createdate"),
        plain("expiredate"),
        Shown { orig: true, ..Shown::translated(text.get(cx.lang), status) },
        Shown::plain(panel),
        plain("licence"),
    ]
}
