//! Licences: the list, the form, and what can be done to one.

use jiff::civil::Date;

use super::super::super::core::Cx;
use super::super::super::dialect::Dialect;
use super::super::super::document::Element;
use super::super::super::entity::{Entity, Shown, column, status_column};
use super::super::super::form::{self, Field, Shape};
use super::super::super::label::{Label, label};
use super::super::super::refusal::Refusal;
use super::super::super::store::{Row, Store, cell};
use super::super::calendar::{ahead, date, rested};
use super::ledger;

/// The address of a licence that is on no server.
pub(crate) const NOWHERE: &str = "0.0.0.0";

/// The remote status numbers. Orders are carried out at once, so only a human hand makes a licence ordered or
/// processing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    Ordered,
    Active,
    Suspended,
    Deleted,
    Processing,
}

impl Status {
    pub(crate) fn of(row: &Row) -> Self {
        match cell(row, "status") {
            "1" => Self::Ordered,
            "2" => Self::Active,
            "4" => Self::Deleted,
            "5" => Self::Processing,
            _ => Self::Suspended,
        }
    }

    pub(crate) const fn number(self) -> &'static str {
        match self {
            Self::Ordered => "1",
            Self::Active => "2",
            Self::Suspended => "3",
            Self::Deleted => "4",
            Self::Processing => "5",
        }
    }

    const fn label(self) -> Label {
        match self {
            Self::Ordered => label("Ordered", "Заказана"),
            Self::Active => label("Active", "Активна"),
            Self::Suspended => label("Suspended", "Остановлена"),
            Self::Deleted => label("Deleted", "Удалена"),
            Self::Processing => label("Processing", "Обрабатывается"),
        }
    }

    pub(crate) fn put(self, store: &mut Store, id: u64) {
        store.set("soft", id, "status", self.number());
    }
}

/// The columns beyond the name, each with where its text is: the list and the form show the same.
fn columns(dialect: &Dialect) -> [(&str, &'static str, Label); 10] {
    [
        ("ip", "ip", label("IP address", "IP-адрес")),
        ("pricelist", "code", label("Tariff plan Id", "Код тарифного плана")),
        ("period", "period", label("Period", "Период")),
        ("createdate", "createdate", label("Order date", "Дата заказа")),
        ("expiredate", "expiredate", label("Valid until", "Действует до")),
        (
            &dialect.licence_ip_changed,
            "ip_changed",
            label("Last IP address change", "Последнее изменение IP-адреса"),
        ),
        (&dialect.licence_key_changed, "key_changed", label("Last key change", "Последнее изменение ключа")),
        (&dialect.licence_nodes, "nodes", label("Nodes", "Узлы")),
        (&dialect.licence_cost, "cost", label("Cost", "Стоимость")),
        ("lickey", "lickey", label("License key", "Ключ лицензии")),
    ]
}

pub(crate) fn entity(dialect: &Dialect) -> Entity {
    let mut all = vec![
        column("id", "Id", "Код"),
        column("name", "Name", "Наименование"),
        column("licname", "License name", "Имя лицензии"),
        column("pricelist_name", "Tariff plan", "Тарифный план"),
        status_column(),
    ];
    for (name, _, caption) in columns(dialect) {
        let mut fresh = column(name, "", "");
        fresh.label = caption;
        all.push(fresh);
    }
    let mut entity =
        Entity::new("soft", label("Licenses", "Лицензии"), all).editable().deletable().switchable();
    entity.add = Some("soft.order.param".to_owned());
    entity.listed = |row| Status::of(row) != Status::Deleted;
    entity.cells = |cx, _, row| {
        let status = Status::of(row);
        let shown = Shown { orig: true, ..Shown::translated(status.label().get(cx.lang), status.number()) };
        let name = || Shown::plain(cell(row, "licname"));
        let mut cells = vec![name(), name(), Shown::plain(tariff_name(cx, row)), shown];
        cells.extend(columns(cx.dialect).map(|(_, key, _)| Shown::plain(text(cx, row, key))));
        cells
    };
    entity
}

fn tariff_name<'a>(cx: &'a Cx<'_>, row: &Row) -> &'a str {
    cx.store.lookup("tariff", cell(row, "code"), "name")
}

/// Money is shown with its currency, as in the lists on record (1.5.1).
fn text(cx: &Cx<'_>, row: &Row, key: &str) -> String {
    match key {
        "cost" => format!("{} {}", cell(row, key), ledger::currency(cx)),
        _ => cell(row, key).to_owned(),
    }
}

/// The licence a request is about.
pub(crate) fn named(cx: &Cx<'_>) -> Result<(u64, Row), Refusal> {
    let elid = cx.params.text("elid");
    let id = elid.parse().ok();
    let found = id.and_then(|id| Some((id, cx.store.row("soft", id)?.clone())));
    let alive = found.filter(|(_, row)| Status::of(row) != Status::Deleted);
    alive.ok_or_else(|| Refusal::missed("elid", elid))
}

/// `soft.edit`: the view, a change of name and address, or a new key.
pub(crate) fn edit(cx: &mut Cx<'_>) -> Result<Element, Refusal> {
    let (id, row) = named(cx)?;
    if !cx.params.has("sok") {
        return Ok(view(cx, id, &row));
    }
    let today = cx.play.clock.today();
    let mut changed = row.clone();
    if let Some(name) = cx.params.get("licname") {
        changed.insert("licname".to_owned(), name.to_owned());
    }
    if let Some(ip) = cx.params.get("ip").filter(|ip| *ip != cell(&row, "ip")) {
        move_to(cx, &mut changed, ip, today)?;
    }
    if cx.params.text("clicked_button") == "newkey" {
        renew_key(cx, id, &mut changed, today)?;
    }
    cx.store.put("soft", id, changed);
    Ok(cx.done("soft.edit"))
}

/// A change of address: not more than once a month, except to nowhere.
fn move_to(cx: &Cx<'_>, row: &mut Row, ip: &str, today: Date) -> Result<(), Refusal> {
    if ip.parse::<std::net::Ipv4Addr>().is_err() {
        return Err(Refusal::value("ip", ip));
    }
    let last = cell(row, "ip_changed").to_owned();
    if ip != NOWHERE && !rested(date(&last), today) {
        let message = Label::owned(
            format!("The IP address was changed on {last}; it can be changed once a month"),
            format!("IP-адрес менялся {last}; его можно менять раз в месяц"),
        );
        return Err(Refusal::new("ip_change_limit", "ip", ip, message));
    }
    row.insert("ip".to_owned(), ip.to_owned());
    if ip != NOWHERE || cx.play.readings.release_restarts_cooldown {
        row.insert("ip_changed".to_owned(), today.to_string());
    }
    Ok(())
}

fn renew_key(cx: &Cx<'_>, id: u64, row: &mut Row, today: Date) -> Result<(), Refusal> {
    let last = cell(row, "key_changed").to_owned();
    if cx.play.readings.newkey_has_a_cooldown && !rested(date(&last), today) {
        let message = Label::owned(
            format!("The key was changed on {last}; it can be changed once a month"),
            format!("Ключ менялся {last}; его можно менять раз в месяц"),
        );
        return Err(Refusal::new("key_change_limit", "lickey", "", message));
    }
    row.insert("lickey".to_owned(), key(id, today));
    row.insert("key_changed".to_owned(), today.to_string());
    Ok(())
}

/// A key that is a licence's own, and another one tomorrow.
pub(crate) fn key(id: u64, today: Date) -> String {
    format!("SANDBOX-{id:06}-{}", today.strftime("%Y%m%d"))
}

fn view(cx: &Cx<'_>, id: u64, row: &Row) -> Element {
    let mut fields = vec![Field::text("licname", label("License name", "Имя лицензии"))];
    let mut shown = row.clone();
    for (name, key, caption) in columns(cx.dialect) {
        let control = form::Control::Text;
        fields.push(Field::new(name, key, control, caption).readonly_if(key != "ip"));
        shown.insert(key.to_owned(), text(cx, row, key));
    }
    for (name, caption) in
        [("pricelist_name", label("Tariff plan", "Тарифный план")), ("status", label("Status", "Статус"))]
    {
        fields.push(Field::text(name, caption).readonly_if(true));
    }
    shown.insert("pricelist_name".to_owned(), tariff_name(cx, row).to_owned());
    let id = id.to_string();
    let shape =
        Shape { func: "soft.edit", fields: &fields, row: &shown, id: Some(&id), parent: None, wizard: None };
    form::view(cx, &shape)
}

pub(crate) fn suspend(cx: &mut Cx<'_>) -> Result<Element, Refusal> {
    switch(cx, Status::Suspended, |_| Ok(()))
}

/// A licence that has run out comes back by a renewal only.
pub(crate) fn resume(cx: &mut Cx<'_>) -> Result<Element, Refusal> {
    let today = cx.play.clock.today();
    switch(cx, Status::Active, |row| {
        let expiry = cell(row, "expiredate");
        if ahead(expiry, today) {
            return Ok(());
        }
        let message = Label::owned(
            format!("The license expired on {expiry}"),
            format!("Срок действия лицензии истёк {expiry}"),
        );
        Err(Refusal::new("expired", "elid", expiry, message))
    })
}

pub(crate) fn delete(cx: &mut Cx<'_>) -> Result<Element, Refusal> {
    switch(cx, Status::Deleted, |_| Ok(()))
}

fn switch(
    cx: &mut Cx<'_>,
    to: Status,
    allowed: impl Fn(&Row) -> Result<(), Refusal>,
) -> Result<Element, Refusal> {
    let (id, row) = named(cx)?;
    allowed(&row)?;
    to.put(cx.store, id);
    Ok(cx.done(cx.params.text("func")))
}
