//! A licence for a service: from the pool, bought, renewed, moved, given back.
//!
//! Every step is a call to the licence server, and every outcome goes to the log. A service is never undone
//! because its licence could not be had: it is there without one, as the vendor describes it.

use super::super::super::core::Cx;
use super::super::calendar;
use super::super::remote::{Answer, Trouble};
use super::config::{self, NO_PANEL, Server};
use super::log::{Entry, What};
use super::periods::{self, Bought};
use super::pool::{Candidate, FREE, NOWHERE};
use super::service::Service;

/// Asks for one call's answer with all rows of a list.
const ALL_ROWS: (&str, &str) = ("p_cnt", "1000000");

fn log(service: &Service, what: What) -> Entry {
    Entry::new(&service.id.to_string(), what)
}

/// Gets the licence that a service's panel needs.
pub(crate) fn acquire(cx: &mut Cx<'_>, service: &Service) {
    let skipped = match service.code.as_str() {
        "" => Some("the tariff plan has no panel resource, or no default item"),
        NO_PANEL => Some("no panel is chosen"),
        _ => None,
    };
    if let Some(why) = skipped {
        return log(service, What::Skipped).why(why).write(cx);
    }
    let got = config::server(cx, service.tariff)
        .and_then(|server| if from_pool(cx, service, &server)? { Ok(()) } else { buy(cx, service, &server) });
    if let Err(why) = got {
        log(service, What::Refused).licence("", &service.code).why(why).write(cx);
    }
}

/// Takes the first licence of the pool that lets itself be taken.
fn from_pool(cx: &mut Cx<'_>, service: &Service, server: &Server) -> Result<bool, String> {
    let today = cx.play.clock.today();
    let list = server.remote.call("soft", &[ALL_ROWS]).map_err(|trouble| trouble.to_string())?;
    let rows = list.rows().iter().filter_map(|row| Candidate::read(row, cx.dialect));
    let mut pool: Vec<_> =
        rows.filter(|licence| licence.fits(&service.code, &service.nodes, today)).collect();
    pool.sort_by_key(|licence| licence.id);
    for licence in pool {
        let id = licence.id.to_string();
        match take(service, server, &licence) {
            Ok(()) => {
                service.hold(cx, &id, &server.processor.to_string(), &licence.expiry);
                let why = format!("from the pool of {}, paid until {}", server.name, licence.expiry);
                log(service, What::Reused).licence(id, &service.code).why(why).write(cx);
                return Ok(true);
            }
            Err(trouble) => put_back(cx, service, server, &id, &trouble),
        }
    }
    Ok(false)
}

/// Gives a free licence the service's name and address and a new key, and wakes it.
fn take(service: &Service, server: &Server, licence: &Candidate) -> Result<(), Trouble> {
    let (id, name) = (licence.id.to_string(), service.licence_name());
    server.remote.save("soft.edit", &[("elid", &id), ("licname", &name), ("ip", &service.ip)])?;
    server.remote.save("soft.edit", &[("elid", &id), ("clicked_button", "newkey")])?;
    if licence.suspended() {
        server.remote.save("soft.resume", &[("elid", &id)])?;
    }
    Ok(())
}

fn free(server: &Server, id: &str) -> Result<Answer, Trouble> {
    server.remote.save("soft.edit", &[("elid", id), ("licname", FREE), ("ip", NOWHERE)])
}

/// An error in any step of taking a licence puts it back (vendor page `ispsystem-licenses`).
fn put_back(cx: &mut Cx<'_>, service: &Service, server: &Server, id: &str, trouble: &Trouble) {
    let back = match free(server, id) {
        Ok(_) => String::new(),
        Err(trouble) => format!("; and it could not be put back: {trouble}"),
    };
    let why = format!("{trouble}{back}");
    log(service, What::PutBack).licence(id, &service.code).why(why).write(cx);
}

/// Buys a new licence. After an order without an answer nothing is known, so nothing is tried again: if it was
/// carried out, the account holds a licence with the service's name that no service has.
fn buy(cx: &mut Cx<'_>, service: &Service, server: &Server) -> Result<(), String> {
    let said = |trouble: Trouble| trouble.to_string();
    let form = server.remote.call("soft.order.param", &[("pricelist", &service.code)]).map_err(said)?;
    let offered = form.options("period");
    let mapped = config::mapped(cx, server, service.tariff, &service.period);
    let bought = periods::order(&service.period, mapped.as_ref(), &offered, &cx.play.readings)?;
    let name = service.licence_name();
    let mut order = vec![
        ("pricelist", service.code.as_str()),
        ("period", &bought.period),
        ("ip", &service.ip),
        ("licname", &name),
        ("autoprolong", "null"),
        ("skipbasket", "on"),
        ("clicked_button", "finish"),
    ];
    let nodes = form.names().find(|name| name.starts_with("addon_"));
    order.extend(nodes.map(|name| (name, service.nodes.as_str())));
    let answer = server.remote.save("soft.order.param", &order).map_err(said)?;
    let id = [answer.text("id"), answer.text("item.id")].into_iter().find(|id| !id.is_empty());
    let id = id.ok_or("the licence server does not say which licence it sold")?.to_owned();
    let (cost, expiry) = paid(cx, server, &id, &bought);
    service.hold(cx, &id, &server.processor.to_string(), &expiry);
    let entry = log(service, What::Ordered).licence(id, &service.code).period(&bought.period);
    entry.shown_amount(&cost).why(bought.why).write(cx);
    Ok(())
}

/// What a new licence cost and how long it lasts, as the licence server shows it; without an answer, as it should.
fn paid(cx: &Cx<'_>, server: &Server, id: &str, bought: &Bought) -> (String, String) {
    match server.remote.call("soft.edit", &[("elid", id)]) {
        Ok(view) => (view.text(&cx.dialect.licence_cost).to_owned(), view.text("expiredate").to_owned()),
        Err(_) => {
            let end = calendar::end(cx.play.clock.today(), &bought.period, &cx.play.readings);
            (String::new(), calendar::cell(end))
        }
    }
}

/// Renews the licence of a service on the day it runs out.
pub(crate) fn renew(cx: &mut Cx<'_>, service: &Service) {
    if let Err(why) = prolong(cx, service) {
        let (id, code) = (&service.licence, &service.code);
        log(service, What::Refused).licence(id, code).why(format!("not renewed: {why}")).write(cx);
        log(service, What::Expired).licence(id, code).why("the service goes on without it").write(cx);
    }
}

fn prolong(cx: &mut Cx<'_>, service: &Service) -> Result<(), String> {
    if !service.active {
        return Err("the service is not active".to_owned());
    }
    let server = config::server_of(cx, &service.server)?;
    let id = service.licence.clone();
    let elid = ("elid", id.as_str());
    let mapped = config::mapped(cx, &server, service.tariff, &service.period);
    let offered = || match server.remote.call("service.prolong", &[elid]) {
        Ok(form) => form.options("period"),
        Err(_) => Vec::new(),
    };
    let bought = periods::renewal(&service.period, mapped.as_ref(), &cx.play.readings, offered)?;
    let period = ("period", bought.period.as_str());
    let answer =
        server.remote.save("service.prolong", &[elid, period]).map_err(|trouble| trouble.to_string())?;
    let nested = answer.nested();
    let answer = nested.as_ref().unwrap_or(&answer);
    let (cost, shown) = paid(cx, &server, &id, &bought);
    let told = Some(answer.text("newexpiredate")).filter(|expiry| !expiry.is_empty());
    let expiry = told.map_or(shown, str::to_owned);
    service.hold(cx, &id, &service.server, &expiry);
    let entry = log(service, What::Renewed).licence(id, &service.code).period(&bought.period);
    entry.shown_amount(&cost).why(format!("{}; now until {expiry}", bought.why)).write(cx);
    Ok(())
}

/// Gives a service's licence to the pool.
pub(crate) fn release(cx: &mut Cx<'_>, service: &Service) {
    if service.licence.is_empty() {
        return;
    }
    let id = service.licence.as_str();
    let released = config::server_of(cx, &service.server).and_then(|server| {
        let suspended = server.remote.save("soft.suspend", &[("elid", id)]);
        suspended.and_then(|_| free(&server, id)).map_err(|trouble| trouble.to_string())
    });
    service.hold(cx, "", "", "");
    match released {
        Ok(_) => {
            let why = format!("paid until {}", service.licence_expires);
            log(service, What::Released).licence(id, &service.code).why(why).write(cx);
        }
        Err(why) => {
            let why = format!("not released: {why}");
            log(service, What::Refused).licence(id, &service.code).why(why).write(cx);
        }
    }
}

/// Has the licence follow its service, which has the address `ip` now.
pub(crate) fn follow(cx: &mut Cx<'_>, service: &Service, ip: &str) {
    if service.licence.is_empty() {
        return;
    }
    let id = service.licence.as_str();
    let moved = config::server_of(cx, &service.server).and_then(|server| {
        let edit = server.remote.save("soft.edit", &[("elid", id), ("ip", ip)]);
        edit.map_err(|trouble| trouble.to_string())
    });
    let (what, why) = match moved {
        Ok(_) => (What::Moved, format!("{} -> {ip}", service.ip)),
        Err(why) => (What::Refused, format!("the licence keeps its address: {why}")),
    };
    log(service, what).licence(id, &service.code).why(why).write(cx);
}
