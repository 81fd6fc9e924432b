//! What is done to services: ordered, extended, changed, ended.
//!
//! `vds.order.param` and the `vds` family are on record by name. The parameter of the panel follows the one
//! on record for another enumeration of add-ons, `addon_<resource id>=<item id>`; that a tariff plan may be given
//! by internal name, the item as `panel=<internal name>` and the nodes as `nodes` is for people with `curl`. A
//! client pays whatever is asked, and only for the panel: the server's own price is left out. A panel is changed
//! without a charge, the next renewal has the new price. Of what a client may change, only "forbidden" is kept:
//! what is up and what is down among the items of an enumeration is not on record.

use super::super::super::auth::ADMIN_LEVEL;
use super::super::super::core::Cx;
use super::super::super::document::Element;
use super::super::super::entities::prices;
use super::super::super::entity::name_label;
use super::super::super::form::{self, Choice, Field, Shape};
use super::super::super::label::{Label, label};
use super::super::super::money;
use super::super::super::refusal::Refusal;
use super::super::super::store::{Row, cell, row};
use super::super::calendar;
use super::config;
use super::licence;
use super::log::{Entry, What};
use super::service::{ACTIVE, DELETED, SUSPENDED, Service};

/// An item chosen on a tariff plan.
struct Panel {
    item: String,
    code: String,
    /// What it costs; nothing on a plan without panels.
    offer: Option<Row>,
}

/// `vds.order.param` and `dedic.order.param`.
pub(crate) fn place(cx: &mut Cx<'_>, kind: &str) -> Result<Element, Refusal> {
    let func = cx.params.text("func");
    if !cx.params.has("sok") {
        return Ok(order_form(cx, kind));
    }
    let tariff = tariff(cx, kind)?;
    let panel = panel(cx, tariff)?;
    let period = cx.params.get("period").unwrap_or(calendar::MONTH).to_owned();
    let (price, setup) = asked(cx, tariff, &panel, &period)?;
    let id = cx.store.next_id("service");
    let today = cx.play.clock.today();
    let paid = calendar::cell(calendar::end(today, &period, &cx.play.readings));
    let name = Some(cx.params.text("domain")).filter(|name| !name.is_empty());
    let autoprolong = if cx.params.text("autoprolong") == "null" { "null" } else { period.as_str() };
    let fresh = row([
        ("kind", kind),
        ("name", &name.map_or_else(|| format!("{kind}{id}"), str::to_owned)),
        ("ip", &address(cx, id)?),
        ("tariff", &tariff.to_string()),
        ("period", &period),
        ("item", &panel.item),
        ("code", &panel.code),
        ("nodes", cx.params.get("nodes").unwrap_or("1")),
        ("status", ACTIVE),
        ("createdate", &today.to_string()),
        ("expiredate", &paid),
        ("cost", &money::text(price)),
        ("autoprolong", autoprolong),
    ]);
    cx.store.put("service", id, fresh);
    charge(cx, id, &panel.code, tariff, &period, price + setup, "order");
    if let Some(service) = Service::find(cx, id) {
        licence::acquire(cx, &service);
    }
    Ok(cx.done(func).child(Element::leaf("id", id.to_string())))
}

/// The tariff plan of a request, which must be on sale and of this product type.
fn tariff(cx: &Cx<'_>, kind: &str) -> Result<u64, Refusal> {
    let wanted = cx.params.text("pricelist");
    let mut plans = cx.store.rows("pricelist").filter(|(_, row)| {
        cell(row, "active") != "off" && cx.store.lookup("itemtype", cell(row, "itemtype"), "intname") == kind
    });
    let found = plans.find(|(id, row)| id.to_string() == wanted || cell(row, "intname") == wanted);
    found.map(|(id, _)| id).ok_or_else(|| Refusal::missed("pricelist", wanted))
}

/// The item a request names, or the tariff plan's default. One that is switched off cannot be chosen.
fn panel(cx: &mut Cx<'_>, tariff: u64) -> Result<Panel, Refusal> {
    let asked = cx.params.get("panel");
    let Some((resource, row)) = config::resource(cx, tariff) else {
        return match asked {
            Some(panel) if panel != config::NO_PANEL => Err(Refusal::missed("panel", panel)),
            _ => Ok(Panel { item: String::new(), code: String::new(), offer: None }),
        };
    };
    let field = format!("addon_{resource}");
    let by_id = cx.params.get(&field);
    let items = cx.store.ids_where("enumerationitem", "enumeration", cell(&row, "enumeration"));
    let named = |id: &u64| match (by_id, asked) {
        (Some(wanted), _) => id.to_string() == wanted,
        (None, Some(wanted)) => cx.store.lookup("enumerationitem", &id.to_string(), "intname") == wanted,
        (None, None) => id.to_string() == cell(&row, "enumerationitem"),
    };
    let chosen = items.iter().find(|id| named(id)).map(u64::to_string);
    let Some(item) = chosen else {
        return match by_id.or(asked) {
            Some(wanted) => Err(Refusal::missed(&field, wanted)),
            None => Ok(Panel { item: String::new(), code: String::new(), offer: None }),
        };
    };
    let code = cx.store.lookup("enumerationitem", &item, "intname").to_owned();
    match config::offer(cx, resource, &item) {
        Some(offer) => Ok(Panel { item, code, offer: Some(offer) }),
        None => {
            let why = "the item is switched off on the tariff plan";
            Entry::new("", What::Refused).licence("", &code).why(why).write(cx);
            let message = Label::owned(
                format!("Control panel {code} is not offered on this tariff plan"),
                format!("Панель управления {code} не предлагается на этом тарифном плане"),
            );
            Err(Refusal::new("value", &field, &item, message))
        }
    }
}

/// The price and the setup fee of a panel for a period that it is sold for.
fn asked(cx: &mut Cx<'_>, tariff: u64, panel: &Panel, period: &str) -> Result<(i64, i64), Refusal> {
    let known = prices::period_options().iter().any(|option| option.key == period);
    let (currency, iso) = config::currency(cx, tariff);
    let Some(offer) = panel.offer.as_ref().filter(|_| known) else {
        return if known { Ok((0, 0)) } else { Err(Refusal::value("period", period)) };
    };
    match config::price(offer, period, &currency) {
        Some(price) => Ok((price, config::setup(offer, &currency))),
        None => {
            let why = format!("the item has no price in {iso} for the period {period}");
            Entry::new("", What::Refused).licence("", &panel.code).period(period).why(why).write(cx);
            Err(Refusal::value("period", period))
        }
    }
}

/// The address of a new service: the one asked for, or one of a network that is for benchmarks only.
fn address(cx: &Cx<'_>, id: u64) -> Result<String, Refusal> {
    match cx.params.get("ip") {
        Some(ip) if ip.parse::<std::net::Ipv4Addr>().is_ok() => Ok(ip.to_owned()),
        Some(ip) => Err(Refusal::value("ip", ip)),
        None => Ok(format!("198.18.{}.{}", id / 250 % 256, id % 250 + 1)),
    }
}

fn charge(cx: &mut Cx<'_>, id: u64, code: &str, tariff: u64, period: &str, amount: i64, why: &str) {
    let (_, iso) = config::currency(cx, tariff);
    let entry = Entry::new(&id.to_string(), What::Charged).licence("", code).period(period);
    entry.amount(amount, &iso).why(why).write(cx);
}

/// What a service's panel costs for a period today. An item that was switched off keeps its price for those who
/// have it.
fn price_of(cx: &Cx<'_>, service: &Service, period: &str) -> Option<i64> {
    let (currency, _) = config::currency(cx, service.tariff);
    let (resource, _) = config::resource(cx, service.tariff)?;
    let priced = cx.store.ids_where("item_price", "resource", &resource.to_string());
    let mut rows = priced.into_iter().filter_map(|id| cx.store.row("item_price", id));
    let own = rows.find(|row| cell(row, "enumerationitem") == service.item);
    own.and_then(|row| config::price(row, period, &currency))
}

/// Charges one more period and extends the paid time. What has no price any more is given for nothing.
pub(crate) fn extend(cx: &mut Cx<'_>, service: &Service, period: &str) {
    let (price, why) = match price_of(cx, service, period) {
        Some(price) => (price, "renewal"),
        None => (0, "renewal, for which there is no price"),
    };
    let from = calendar::date(&service.paid).unwrap_or_else(|| cx.play.clock.today());
    let paid = calendar::cell(calendar::end(from, period, &cx.play.readings));
    cx.store.set("service", service.id, "expiredate", &paid);
    charge(cx, service.id, &service.code, service.tariff, period, price, why);
}

/// Deletes a service and gives its licence to the pool.
pub(crate) fn end(cx: &mut Cx<'_>, service: &Service, why: &str) {
    cx.store.set("service", service.id, "status", DELETED);
    let entry = Entry::new(&service.id.to_string(), What::Deleted);
    entry.licence(&service.licence, &service.code).why(why).write(cx);
    licence::release(cx, service);
}

/// The service a request is about.
fn named(cx: &Cx<'_>, kind: Option<&str>) -> Result<Service, Refusal> {
    let elid = cx.params.text("elid");
    let of_kind =
        |id: &u64| kind.is_none_or(|kind| cx.store.lookup("service", &id.to_string(), "kind") == kind);
    let found = elid.parse().ok().filter(of_kind).and_then(|id| Service::find(cx, id));
    found.ok_or_else(|| Refusal::missed("elid", elid))
}

/// `service.prolong`: the client pays for more time.
pub(crate) fn prolong(cx: &mut Cx<'_>) -> Result<Element, Refusal> {
    let service = named(cx, None)?;
    if cx.params.has("sok") {
        let period = cx.params.get("period").unwrap_or(&service.period).to_owned();
        if !prices::period_options().iter().any(|option| option.key == period) {
            return Err(Refusal::value("period", &period));
        }
        extend(cx, &service, &period);
        return Ok(cx.done("service.prolong"));
    }
    let fields =
        [Field::select("period", "period", label("Period", "Период"), prices::period_options()).required()];
    let elid = service.id.to_string();
    let shown = row([("period", &service.period)]);
    let (func, id) = ("service.prolong", Some(elid.as_str()));
    Ok(form::view(cx, &Shape { func, fields: &fields, row: &shown, id, parent: None, wizard: None }))
}

pub(crate) fn delete(cx: &mut Cx<'_>, kind: &str) -> Result<Element, Refusal> {
    let service = named(cx, Some(kind))?;
    end(cx, &service, "cancelled");
    Ok(cx.done(cx.params.text("func")))
}

pub(crate) fn switch(cx: &mut Cx<'_>, kind: &str, on: bool) -> Result<Element, Refusal> {
    let service = named(cx, Some(kind))?;
    cx.store.set("service", service.id, "status", if on { ACTIVE } else { SUSPENDED });
    Ok(cx.done(cx.params.text("func")))
}

/// `vds.edit`: another panel, another address, or whether to go on.
pub(crate) fn edit(cx: &mut Cx<'_>, kind: &str) -> Result<Element, Refusal> {
    let service = named(cx, Some(kind))?;
    if !cx.params.has("sok") {
        return Ok(edit_form(cx, &service));
    }
    let autoprolong = cx.params.get("autoprolong");
    if let Some(other) = autoprolong.filter(|text| *text != "null" && *text != service.period) {
        return Err(Refusal::value("autoprolong", other));
    }
    let ip = cx.params.get("ip").filter(|ip| *ip != service.ip).map(str::to_owned);
    if let Some(ip) = ip.as_ref().filter(|ip| ip.parse::<std::net::Ipv4Addr>().is_err()) {
        return Err(Refusal::value("ip", ip));
    }
    let panel = changed_panel(cx, &service)?;
    if let Some(autoprolong) = autoprolong {
        cx.store.set("service", service.id, "autoprolong", autoprolong);
    }
    if let Some(ip) = ip {
        cx.store.set("service", service.id, "ip", &ip);
        licence::follow(cx, &service, &ip);
    }
    if let Some(panel) = panel {
        change(cx, &service, &panel);
    }
    Ok(cx.done(cx.params.text("func")))
}

/// The panel a request changes to, if it changes.
fn changed_panel(cx: &mut Cx<'_>, service: &Service) -> Result<Option<Panel>, Refusal> {
    let resource = config::resource(cx, service.tariff);
    let field = resource.as_ref().map(|(id, _)| format!("addon_{id}")).unwrap_or_default();
    if !cx.params.has("panel") && !cx.params.has(&field) {
        return Ok(None);
    }
    // That a form posts back the item a service has is no change, even if it is no longer offered.
    if cx.params.text(&field) == service.item || cx.params.text("panel") == service.code {
        return Ok(None);
    }
    let forbidden = resource.is_some_and(|(_, row)| cell(&row, "restrictclientchange") == "on");
    if forbidden && cx.login.level < ADMIN_LEVEL {
        return Err(Refusal::access(cx.params.text("func")));
    }
    let panel = panel(cx, service.tariff)?;
    Ok(Some(panel).filter(|panel| panel.item != service.item))
}

/// Gives back one panel's licence and gets the other's, as at an order.
fn change(cx: &mut Cx<'_>, service: &Service, panel: &Panel) {
    licence::release(cx, service);
    for (key, value) in [("item", &panel.item), ("code", &panel.code)] {
        cx.store.set("service", service.id, key, value);
    }
    if let Some(service) = Service::find(cx, service.id) {
        let price = price_of(cx, &service, &service.period).map(money::text).unwrap_or_default();
        cx.store.set("service", service.id, "cost", &price);
        licence::acquire(cx, &service);
    }
}

fn edit_form(cx: &Cx<'_>, service: &Service) -> Element {
    let own = prices::period_options().into_iter().filter(|option| option.key == service.period);
    let renewal = [Choice::unset()].into_iter().chain(own).collect();
    let mut fields = vec![
        Field::text("name", label("Name", "Наименование")).readonly_if(true),
        Field::text("ip", label("IP address", "IP-адрес")),
        Field::select("autoprolong", "autoprolong", label("Renewal", "Продление"), renewal),
    ];
    fields.extend(panel_field(cx, service.tariff));
    let shown = cx.store.row("service", service.id).cloned().unwrap_or_default();
    let (func, elid) = (cx.params.text("func"), service.id.to_string());
    let id = Some(elid.as_str());
    form::view(cx, &Shape { func, fields: &fields, row: &shown, id, parent: None, wizard: None })
}

/// The select of a tariff plan's panels: those that are switched on.
fn panel_field(cx: &Cx<'_>, tariff: u64) -> Option<Field> {
    let (resource, row) = config::resource(cx, tariff)?;
    let items = cx.store.ids_where("enumerationitem", "enumeration", cell(&row, "enumeration"));
    let offered = items.into_iter().filter(|id| config::offer(cx, resource, &id.to_string()).is_some());
    let choices = offered.filter_map(|id| {
        let item = cx.store.row("enumerationitem", id)?;
        Some(Choice::new(id.to_string(), name_label(item)))
    });
    let caption = label("Control panel", "Панель управления");
    let field = Field::select(format!("addon_{resource}"), "item", caption, choices.collect());
    Some(field.default(cell(&row, "enumerationitem")))
}

fn order_form(cx: &Cx<'_>, kind: &str) -> Element {
    let plans = cx.store.rows("pricelist").filter(|(_, row)| {
        cell(row, "active") != "off" && cx.store.lookup("itemtype", cell(row, "itemtype"), "intname") == kind
    });
    let plans = plans.map(|(id, row)| Choice::new(id.to_string(), name_label(row))).collect();
    let mut fields = vec![
        Field::select("pricelist", "pricelist", label("Tariff plan", "Тарифный план"), plans).required(),
        Field::select("period", "period", label("Period", "Период"), prices::period_options()).required(),
        Field::text("domain", label("Name", "Наименование")),
    ];
    let mut shown = row([("period", calendar::MONTH)]);
    if let Ok(tariff) = tariff(cx, kind) {
        shown.insert("pricelist".to_owned(), tariff.to_string());
        if let Some(panel) = panel_field(cx, tariff) {
            shown.insert("item".to_owned(), panel.default.clone());
            fields.push(panel);
        }
    }
    let (func, wizard) = (cx.params.text("func"), Some("last"));
    form::view(cx, &Shape { func, fields: &fields, row: &shown, id: None, parent: None, wizard })
}
