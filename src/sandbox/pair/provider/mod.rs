//! The provider's side: services, and the licences their panels need.

mod config;
pub(crate) mod day;
mod licence;
mod log;
mod order;
mod periods;
mod pool;
mod service;

use super::super::core::Cx;
use super::super::document::Element;
use super::super::entity::Entity;
use super::super::refusal::Refusal;
use super::super::request::Params;
use super::super::store::Store;

pub(crate) fn entities() -> Vec<Entity> {
    let mut entities = service::entities();
    entities.push(log::entity());
    entities
}

/// A function of one family of services: `vds.edit` is `vds` and `edit`.
fn family(func: &str) -> Option<(&str, &str)> {
    func.split_once('.').filter(|(kind, _)| matches!(*kind, "vds" | "dedic"))
}

pub(crate) fn mutates(params: &Params) -> Option<bool> {
    let func = params.text("func");
    if func == "service.prolong" {
        return Some(params.has("sok"));
    }
    match family(func)?.1 {
        "order.param" | "edit" => Some(params.has("sok")),
        "delete" | "suspend" | "resume" => Some(true),
        _ => None,
    }
}

/// Clients order and change services; the log and the configuration are the provider's.
pub(crate) fn open_to_clients(func: &str) -> bool {
    matches!(func, "vds" | "dedic" | "service.prolong") || family(func).is_some()
}

pub(crate) fn answer(cx: &mut Cx<'_>) -> Option<Result<Element, Refusal>> {
    let func = cx.params.text("func");
    if func == "service.prolong" {
        return Some(order::prolong(cx));
    }
    let (kind, verb) = family(func)?;
    Some(match verb {
        "order.param" => order::place(cx, kind),
        "edit" => order::edit(cx, kind),
        "delete" => order::delete(cx, kind),
        "suspend" => order::switch(cx, kind, false),
        "resume" => order::switch(cx, kind, true),
        _ => return None,
    })
}

/// Every tariff plan of the example is on sale.
pub(crate) fn seed(store: &mut Store) {
    for id in store.ids_where("pricelist", "active", "off") {
        store.set("pricelist", id, "active", "on");
    }
}
