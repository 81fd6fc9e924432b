//! Which functions may be in a recording: those of a configuration, and none about people or money.

use std::collections::BTreeSet;

use super::looks;
use crate::{billmgr::Heard, dialect::func, wire::Node};

/// Functions with names that billform knows.
const KNOWN: [&str; 17] = [
    func::TARIFFS,
    func::TARIFF_EDIT,
    func::RESOURCES,
    func::RESOURCE_EDIT,
    func::PRODUCT_TYPES,
    func::PROVIDERS,
    func::ENUMERATIONS,
    func::ENUMERATION_EDIT,
    func::ITEMS,
    func::ITEM_EDIT,
    func::PROCESSORS,
    func::PROCESSOR_EDIT,
    func::PROCESSOR_ADD,
    func::PARAMETERS,
    func::PARAMETER_EDIT,
    func::CURRENCIES_GUESS,
    func::DATA_CENTRES_GUESS,
];

/// First parts of functions about people, services and money. A button may lead anywhere.
const NEVER: [&str; 24] = [
    "account",
    "user",
    "client",
    "customer",
    "contact",
    "profile",
    "subaccount",
    "ticket",
    "clientticket",
    "bill",
    "invoice",
    "payment",
    "payments",
    "expense",
    "income",
    "discount",
    "session",
    "auth",
    "journal",
    "vds",
    "dedic",
    "soft",
    "vhost",
    "domain",
];

/// The reads that may be recorded, and the functions of the others.
///
/// `named` are functions that the configuration names.
pub(super) fn sorted<'a>(heard: &'a [Heard], named: &[&'a str]) -> (Vec<&'a Heard>, Vec<String>) {
    let mut allowed: BTreeSet<&str> =
        KNOWN.into_iter().chain(["whoami"]).chain(named.iter().copied()).collect();
    // A list that is reached through a button has buttons of its own, and nothing is reached through these.
    for _ in 0..2 {
        let reached: Vec<&str> = heard
            .iter()
            .filter(|read| allowed.contains(read.func.as_str()))
            .flat_map(|read| buttons(&read.answer))
            .filter(|func| !never(func))
            .collect();
        allowed.extend(reached);
    }
    let fits = |read: &&Heard| {
        let base = read.func.strip_suffix(".filter").unwrap_or(&read.func);
        looks::named(base) && !never(base) && allowed.contains(base)
    };
    let (kept, others): (Vec<&Heard>, Vec<&Heard>) = heard.iter().partition(fits);
    // A name that a button gives may hold anything.
    let left_out: BTreeSet<String> = others.iter().map(|read| super::plain(&read.func)).collect();
    (kept, left_out.into_iter().collect())
}

fn never(func: &str) -> bool {
    func.split('.').next().is_some_and(|first| NEVER.contains(&first))
}

/// Functions of the buttons in a document's metadata.
fn buttons(node: &Node) -> Vec<&str> {
    let own = node.attr("func").filter(|_| node.name == "toolbtn");
    let below = node.children.iter().filter(|child| node.name != "doc" || child.name == "metadata");
    own.into_iter().chain(below.flat_map(buttons)).collect()
}
