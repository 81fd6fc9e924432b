//! Buying: a new licence, and more time for one.

use super::super::super::core::Cx;
use super::super::super::dialect::OrderId;
use super::super::super::document::Element;
use super::super::super::form::{self, Choice, Control, Field, Shape};
use super::super::super::label::label;
use super::super::super::money;
use super::super::super::refusal::Refusal;
use super::super::super::store::{Row, cell, row};
use super::super::calendar;
use super::catalogue::Tariff;
use super::ledger::{self, Charge};
use super::soft::{self, Status};

/// `soft.order.param`: the form with the periods sold, or an order that is charged at once.
pub(crate) fn answer(cx: &mut Cx<'_>) -> Result<Element, Refusal> {
    let tariff = Tariff::find(cx, cx.params.text("pricelist"))?.orderable()?;
    if cx.params.has("sok") { order(cx, &tariff) } else { Ok(view(cx, &tariff)) }
}

fn periods(cx: &Cx<'_>, tariff: &Tariff) -> Field {
    let sold = tariff.periods(ledger::currency(cx));
    let choices = sold.into_iter().map(|(id, label)| Choice::new(id, label)).collect();
    Field::select("period", "period", label("Period", "Период"), choices).required()
}

fn view(cx: &Cx<'_>, tariff: &Tariff) -> Element {
    let mut fields = vec![
        Field::hidden("pricelist", "pricelist"),
        periods(cx, tariff),
        Field::text("ip", label("IP address", "IP-адрес")).required(),
        Field::text("licname", label("License name", "Имя лицензии")),
        Field::select("autoprolong", "autoprolong", label("Renewal", "Продление"), vec![Choice::unset()]),
    ];
    let mut shown = row([("pricelist", &tariff.code.to_string()), ("autoprolong", "null")]);
    if let Some((name, included)) = tariff.nodes() {
        fields.push(Field::new(&name, "nodes", Control::Number, label("Cluster nodes", "Узлы кластера")));
        shown.insert("nodes".to_owned(), included.to_string());
    }
    let (func, wizard) = ("soft.order.param", Some("last"));
    form::view(cx, &Shape { func, fields: &fields, row: &shown, id: None, parent: None, wizard })
}

fn order(cx: &mut Cx<'_>, tariff: &Tariff) -> Result<Element, Refusal> {
    let ip = cx.params.text("ip").to_owned();
    if ip.parse::<std::net::Ipv4Addr>().is_err() {
        return Err(Refusal::value("ip", &ip));
    }
    // A basket, and a renewal by the licence server itself, are not emulated.
    for (name, only) in [("skipbasket", "on"), ("autoprolong", "null")] {
        let value = cx.params.get(name).unwrap_or(if name == "autoprolong" { only } else { "" });
        if value != only {
            return Err(Refusal::value(name, value));
        }
    }
    let period = cx.params.text("period").to_owned();
    let nodes = tariff.asked_nodes(cx)?;
    let amount = tariff.cost(&period, nodes, ledger::currency(cx))?;
    ledger::affords(cx, amount)?;
    let today = cx.play.clock.today();
    let until = calendar::end(today, &period, &cx.play.readings);
    let (code, day) = (tariff.code.to_string(), today.to_string());
    let id = cx.store.next_id("soft");
    let fresh = row([
        ("licname", cx.params.text("licname")),
        ("ip", &ip),
        ("code", &code),
        ("period", &period),
        ("status", Status::Active.number()),
        ("createdate", &day),
        ("expiredate", &calendar::cell(until)),
        ("ip_changed", &day),
        ("key_changed", &day),
        ("lickey", &soft::key(id, today)),
        ("nodes", &nodes.map(|nodes| nodes.to_string()).unwrap_or_default()),
        ("cost", &money::text(amount)),
        ("remoteid", cx.params.text("remoteid")),
    ]);
    cx.store.put("soft", id, fresh);
    ledger::charge(cx, &Charge { operation: "order", licence: id, code: &code, period: &period, amount });
    Ok(ordered(cx, id))
}

fn ordered(cx: &Cx<'_>, id: u64) -> Element {
    let names: &[&str] = match cx.dialect.order_id {
        OrderId::Id => &["id"],
        OrderId::ItemId => &["item.id"],
        OrderId::Both => &["id", "item.id"],
    };
    let ids = names.iter().map(|name| Element::leaf(*name, id.to_string()));
    cx.done("soft.order.param").with(ids)
}

/// `soft.checkip`: whether an address could take a licence. It charges and reserves nothing.
pub(crate) fn check_ip(cx: &Cx<'_>) -> Result<Element, Refusal> {
    let ip = cx.params.text("ip");
    if ip.parse::<std::net::Ipv4Addr>().is_err() {
        return Err(Refusal::value("ip", ip));
    }
    let tariff = Tariff::find(cx, cx.params.text("pricelist"))?.orderable()?;
    tariff.cost(cx.params.text("period"), None, ledger::currency(cx))?;
    Ok(cx.done("soft.checkip"))
}

/// `service.prolong`: the form with the periods sold, or a renewal that is charged at once.
pub(crate) fn prolong(cx: &mut Cx<'_>) -> Result<Element, Refusal> {
    let (id, licence) = soft::named(cx)?;
    let tariff = Tariff::find(cx, cell(&licence, "code"))?;
    if !cx.params.has("sok") {
        let fields = [periods(cx, &tariff)];
        let (elid, func) = (id.to_string(), "service.prolong");
        let id = Some(elid.as_str());
        let shape = Shape { func, fields: &fields, row: &licence, id, parent: None, wizard: None };
        return Ok(form::view(cx, &shape));
    }
    let tariff = tariff.orderable()?;
    let period = cx.params.text("period").to_owned();
    let nodes = cell(&licence, "nodes").parse().ok();
    let amount = tariff.cost(&period, nodes, ledger::currency(cx))?;
    ledger::affords(cx, amount)?;
    let until = extended(cx, &licence, &period);
    for (key, value) in [
        ("expiredate", until.as_str()),
        ("period", &period),
        ("cost", &money::text(amount)),
        ("status", Status::Active.number()),
    ] {
        cx.store.set("soft", id, key, value);
    }
    let code = cell(&licence, "code");
    ledger::charge(cx, &Charge { operation: "prolong", licence: id, code, period: &period, amount });
    let expiry = Element::leaf("newexpiredate", until);
    let done = cx.done("service.prolong");
    Ok(done.child(if cx.dialect.prolong_nested { Element::new("doc").child(expiry) } else { expiry }))
}

/// An active licence is extended from its end, a suspended one from today (vendor page
/// `license-renewal-and-deletion`).
fn extended(cx: &Cx<'_>, licence: &Row, period: &str) -> String {
    let today = cx.play.clock.today();
    let end = calendar::date(cell(licence, "expiredate"));
    let from = match Status::of(licence) {
        Status::Active => end.unwrap_or(today),
        _ => today,
    };
    calendar::cell(calendar::end(from, period, &cx.play.readings))
}
