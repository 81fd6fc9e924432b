//! The licence server: an account with a balance, a catalogue, and the licences bought from it.
//!
//! On record: `soft` (id, ip, expiredate), `soft.edit` with its view, `licname`, `ip` and `clicked_button=newkey`,
//! `soft.order.param` with its parameters, `soft.checkip`, `soft.suspend`, `.resume`, `.delete`, `service.prolong`
//! with a `newexpiredate` that may be nested, `pricelist.export`, `whoami`, the status numbers 1 to 5, and
//! `subaccount` by name. The columns for the last changes of address and key, for nodes and cost are drawn by the
//! dialect; the columns of `subaccount` and the whole of `licence.ledger` are invented, and so is every kind of
//! error beyond `value`, `missed` and `access`.

mod catalogue;
pub(crate) mod day;
mod ledger;
mod order;
pub(crate) mod seed;
mod soft;

use super::super::auth::User;
use super::super::core::Cx;
use super::super::dialect::Dialect;
use super::super::document::Element;
use super::super::entity::Entity;
use super::super::refusal::Refusal;
use super::super::request::Params;

/// The account that orders.
pub const USER: &str = "provider";
/// An account that sees the same and changes nothing.
pub const READER: &str = "reader";

/// Both see the one account; a licence server's customers are clients, not administrators.
pub(crate) static USERS: [User; 2] = [
    User { name: USER, id: "7", level: 16, writes: true },
    User { name: READER, id: "8", level: 16, writes: false },
];

pub(crate) fn entities(dialect: &Dialect) -> Vec<Entity> {
    vec![soft::entity(dialect), ledger::entity(), ledger::account()]
}

pub(crate) fn mutates(params: &Params) -> Option<bool> {
    Some(match params.text("func") {
        "soft.edit" | "soft.order.param" | "service.prolong" => params.has("sok"),
        "soft.suspend" | "soft.resume" | "soft.delete" => true,
        "soft.checkip" | "pricelist.export" => false,
        _ => return None,
    })
}

pub(crate) fn answer(cx: &mut Cx<'_>) -> Option<Result<Element, Refusal>> {
    let func = cx.params.text("func");
    if mutates(cx.params) == Some(true) && !cx.login.writes {
        return Some(Err(Refusal::access(func)));
    }
    Some(match func {
        "pricelist.export" => Ok(catalogue::feed(cx)),
        "soft.order.param" => order::answer(cx),
        "soft.checkip" => order::check_ip(cx),
        "soft.edit" => soft::edit(cx),
        "soft.suspend" => soft::suspend(cx),
        "soft.resume" => soft::resume(cx),
        "soft.delete" => soft::delete(cx),
        "service.prolong" => order::prolong(cx),
        // What every panel has: lists with their filters, and who one is.
        "soft" | "soft.filter" | "licence.ledger" | "licence.ledger.filter" => return None,
        "subaccount" | "subaccount.filter" | "whoami" | "keepalive" => return None,
        other => Err(Refusal::missed("func", other)),
    })
}
