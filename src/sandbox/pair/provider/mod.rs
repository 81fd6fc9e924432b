//! The provider's side.

pub(crate) mod day;

use super::super::core::Cx;
use super::super::document::Element;
use super::super::entity::Entity;
use super::super::refusal::Refusal;
use super::super::request::Params;
use super::super::store::Store;

pub(crate) fn entities() -> Vec<Entity> {
    Vec::new()
}

pub(crate) fn mutates(_: &Params) -> Option<bool> {
    None
}

pub(crate) fn open_to_clients(_: &str) -> bool {
    false
}

pub(crate) fn answer(_: &mut Cx<'_>) -> Option<Result<Element, Refusal>> {
    None
}

/// Every tariff plan of the example is on sale.
pub(crate) fn seed(store: &mut Store) {
    for id in store.ids_where("pricelist", "active", "off") {
        store.set("pricelist", id, "active", "on");
    }
}
