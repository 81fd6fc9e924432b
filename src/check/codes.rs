//! Checks of licence codes.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Found, Ground,
    ground::{plain, some},
};
use crate::{
    codes::{CodeEntry, OrderFunction},
    kinds::ItemPrice,
    language::t,
    licence::NO_PANEL,
    model::{Mark, Name},
    plan::Level,
};

/// Tariff plans that offer each code.
fn sold_on<'a>(ground: &Ground<'a>) -> BTreeMap<&'a str, BTreeSet<String>> {
    let mut sold: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for (tariff, item, _) in ground.offered() {
        sold.entry(item.as_str()).or_default().insert(tariff.as_str().to_owned());
    }
    sold
}

/// Where an item is described: in its enumeration, or on the first tariff plan that offers it.
fn place<'a>(ground: &Ground<'a>, code: &'a str) -> Option<Vec<&'a str>> {
    let described = ground.panels().find_map(|(key, enumeration)| {
        enumeration
            .items
            .keys()
            .any(|item| item.as_str() == code)
            .then(|| vec!["enumerations", key.as_str(), "items", code])
    });
    described.or_else(|| {
        let (tariff, ..) = ground.offered().find(|(_, item, _)| item.as_str() == code)?;
        Some(vec!["prices", tariff.as_str(), "items", code])
    })
}

/// Every code of the configuration: offered, or only described.
fn codes<'a>(ground: &Ground<'a>) -> BTreeSet<&'a str> {
    let described = ground.panels().flat_map(|(_, enumeration)| enumeration.items.keys());
    let offered = ground.offered().map(|(_, item, _)| item);
    described.chain(offered).map(Name::as_str).filter(|code| *code != NO_PANEL).collect()
}

/// L01
pub(super) fn not_offered(ground: &Ground<'_>) -> Vec<Found> {
    let upstream = ground.known.offers.is_some();
    let mut found = Vec::new();
    for (code, tariffs) in sold_on(ground) {
        for (key, server) in &ground.servers {
            let priced = server.codes.values().any(|offer| !offer.cost.is_empty()) || upstream;
            // A code of the table that merely lacks its costs may well be on offer.
            let known = server.codes.contains_key(code) || !upstream && ground.codes.lookup(code).is_some();
            if !priced || known {
                continue;
            }
            let Some(path) = place(ground, code) else { continue };
            let message = t!(
                "the licence server {key} offers no licence {code}, which {tariffs} sells",
                key = key,
                code = code,
                tariffs = some(&tariffs)
            );
            let cure = match ground.codes.nearest(code).first() {
                Some(near) => t!(
                    "did you mean {near} ({product})? Else set {code} to `off`, or write its cost under `costs: {key}`",
                    near = near.code,
                    product = near.product(),
                    code = code,
                    key = key
                ),
                None => {
                    t!(
                        "set {code} to `off` on the tariff plan, or write its cost under `costs: {key}`",
                        code = code,
                        key = key
                    )
                }
            };
            found.push(Found::new(&path, message, cure));
        }
    }
    found
}

/// L02
pub(super) fn retired(ground: &Ground<'_>) -> Vec<Found> {
    let sold = sold_on(ground);
    let priced: BTreeSet<&str> =
        ground.tariffs().flat_map(|(_, tariff)| tariff.items.keys()).map(Name::as_str).collect();
    let mut found = Vec::new();
    for code in codes(ground) {
        let Some(entry) = ground.codes.lookup(code).filter(|entry| entry.is_retired(ground.today)) else {
            continue;
        };
        let tariffs = sold.get(code);
        // Off everywhere: kept for those who have it.
        if tariffs.is_none() && priced.contains(code) {
            continue;
        }
        let Some(path) = place(ground, code) else { continue };
        let sentence = entry.sentence(ground.today);
        let (message, level) = match tariffs {
            Some(tariffs) => {
                let sold = some(tariffs);
                (
                    match tariffs.len() {
                        1 => t!(
                            "{code} is {sentence}; {tariffs} still sells it",
                            code = code,
                            sentence = sentence,
                            tariffs = sold
                        ),
                        _ => t!(
                            "{code} is {sentence}; {tariffs} still sell it",
                            code = code,
                            sentence = sentence,
                            tariffs = sold
                        ),
                    },
                    None,
                )
            }
            None => (t!("{code} is {sentence}", code = code, sentence = sentence), Some(Level::Warning)),
        };
        let cure = match entry.successor() {
            Some((successor, _)) => {
                t!(
                    "offer {successor} instead, and set {code} to `off` on every tariff plan",
                    successor = successor,
                    code = code
                )
            }
            None => t!("set {code} to `off` on every tariff plan", code = code),
        };
        let mut one = Found::new(&path, message, cure);
        one.arithmetic = entry
            .renewed_until()
            .map(|day| t!("licences already sold could be renewed until {day}", day = day));
        one.level = level;
        found.push(one);
    }
    found
}

/// The host of an address.
pub(super) fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split(['/', ':']).next().unwrap_or(rest)
}

/// L03
pub(super) fn elsewhere(ground: &Ground<'_>) -> Vec<Found> {
    let sold = sold_on(ground);
    let known_host = |host: &str| ground.codes.iter().any(|entry| entry.endpoints().any(|one| one == host));
    let mut found = Vec::new();
    let servers: Vec<(&str, &str)> = ground
        .licence_servers()
        .filter_map(|(key, processor)| Some((key.as_str(), host(processor.url.as_deref()?))))
        // One on this machine is an emulated one, which has the codes of any vendor.
        .filter(|(_, host)| !is_local(host))
        .collect();
    for code in sold.keys().copied() {
        let Some(entry) = ground.codes.lookup(code).filter(|entry| entry.endpoints().next().is_some()) else {
            continue;
        };
        let Some(path) = place(ground, code) else { continue };
        let endpoints: Vec<&str> = entry.endpoints().collect();
        // One of several licence servers is enough: which one serves the tariff plan cannot be told.
        if servers.is_empty() || servers.iter().any(|(_, host)| endpoints.contains(host)) {
            continue;
        }
        for (key, host) in &servers {
            let message = t!(
                "{code} ({product}) is sold by {endpoints}, and the licence server {key} is {host}",
                code = code,
                product = entry.product(),
                endpoints = endpoints.join(" or "),
                key = key,
                host = host
            );
            let cure = t!(
                "set {code} to `off`, or give its server processors a licence server at {endpoints}",
                code = code,
                endpoints = endpoints[0]
            );
            let mut one = Found::new(&path, message, cure);
            if !known_host(host) || entry.mark() != Mark::Documented {
                one.level = Some(Level::Warning);
            }
            found.push(one);
        }
    }
    if servers.is_empty() {
        found.extend(mixed(ground));
    }
    found
}

fn is_local(host: &str) -> bool {
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// A tariff plan whose codes no single licence server has, where none is described.
fn mixed(ground: &Ground<'_>) -> Vec<Found> {
    let mut found = Vec::new();
    for (key, tariff) in ground.tariffs() {
        let entries =
            super::ground::licences(tariff).filter_map(|(item, _)| ground.codes.lookup(item.as_str()));
        let entries: Vec<&CodeEntry> = entries.filter(|entry| entry.endpoints().next().is_some()).collect();
        let Some(first) = entries.first() else { continue };
        let apart =
            |entry: &&&CodeEntry| !entry.endpoints().any(|host| first.endpoints().any(|one| one == host));
        let Some(other) = entries.iter().find(apart) else { continue };
        let message = t!(
            "{first} and {other} are sold by different licence servers",
            first = first.code,
            other = other.code
        );
        let cure = t!("set one of them to `off` on {key}", key = key);
        let mut one = Found::new(&["prices", key.as_str(), "items", other.code.as_str()], message, cure);
        if first.mark() != Mark::Documented || other.mark() != Mark::Documented {
            one.level = Some(Level::Warning);
        }
        found.push(one);
    }
    found
}

/// L04
pub(super) fn other_function(ground: &Ground<'_>) -> Vec<Found> {
    let mut found = Vec::new();
    for code in sold_on(ground).keys().copied() {
        let entry = ground.codes.lookup(code);
        let Some((entry, order)) = entry.and_then(|entry| Some((entry, entry.order()?))) else { continue };
        if order == OrderFunction::Soft {
            continue;
        }
        let Some(path) = place(ground, code) else { continue };
        let message = t!(
            "{code} ({product}) is ordered through `{order}`, not by IP address",
            code = code,
            product = entry.product(),
            order = order.as_str()
        );
        found.push(Found::new(
            &path,
            message,
            t!("set {code} to `off`, and sell it as a product of its own", code = code),
        ));
    }
    found
}

/// Words that tell products of one line apart.
const EDITIONS: [&str; 12] = [
    "lite",
    "pro",
    "host",
    "business",
    "startup",
    "advanced",
    "corporate",
    "enterprise",
    "kvm",
    "ovz",
    "cloud",
    "trial",
];

fn editions(text: &str) -> BTreeSet<&'static str> {
    let text = text.to_lowercase();
    let words: BTreeSet<&str> = text.split(|ch: char| !ch.is_alphanumeric()).collect();
    EDITIONS.into_iter().filter(|edition| words.contains(edition)).collect()
}

/// L05
pub(super) fn near_miss(ground: &Ground<'_>) -> Vec<Found> {
    let mut found = Vec::new();
    for code in codes(ground) {
        let Some(path) = place(ground, code) else { continue };
        let Some(entry) = ground.codes.lookup(code) else {
            let costed = ground.servers.values().any(|server| server.codes.contains_key(code));
            if let Some(near) = ground.codes.nearest(code).first().filter(|_| !costed) {
                let message = t!(
                    "{code} is no known licence code, and one character from {near} ({product})",
                    code = code,
                    near = near.code,
                    product = near.product()
                );
                let cure =
                    t!("write {near}, or describe {code} under `codes`", near = near.code, code = code);
                found.push(Found::new(&path, message, cure));
            }
            continue;
        };
        let product = editions(entry.product());
        for (key, enumeration) in ground.panels() {
            let item = enumeration.items.iter().find(|(item, _)| item.as_str() == code);
            let Some((item, spec)) = item else { continue };
            for (language, name) in &spec.name.0 {
                let label = editions(name.as_str());
                if label.is_empty() || product.is_empty() || !label.is_disjoint(&product) {
                    continue;
                }
                let path = ["enumerations", key.as_str(), "items", item.as_str(), "name", language];
                let message = t!(
                    "the item is called \"{name}\", and {code} is {product}",
                    name = name,
                    code = code,
                    product = entry.product()
                );
                let cure = t!("correct the code or the name: clients pay for the name, you for the code");
                found.push(Found::new(&path, message, cure));
                break;
            }
        }
    }
    found
}

/// L27
pub(super) fn no_panel(ground: &Ground<'_>) -> Vec<Found> {
    const MEANT: [&str; 8] =
        ["nopanel", "no", "none", "nolicence", "nolicense", "without", "withoutpanel", "0"];
    let mut found = Vec::new();
    for (key, tariff) in ground.tariffs() {
        let price = tariff.items.iter().find(|(item, _)| item.as_str() == NO_PANEL);
        let Some((item, ItemPrice::Prices(_))) = price else { continue };
        let charged = super::ground::prices(tariff).find(|(of, _, _, money)| *of == item && !money.is_zero());
        if let Some((_, currency, period, money)) = charged {
            let path = ["prices", key.as_str(), "items", NO_PANEL];
            let message = t!("who wants no panel pays for it on {key}", key = key);
            let sum = t!(
                "{money} {currency} for {period}, and no licence is ordered",
                money = money,
                currency = currency,
                period = period
            );
            found.push(Found::new(&path, message, t!("write `nopanel: free`")).sum(sum));
        }
    }
    for (key, enumeration) in ground.panels() {
        for item in enumeration.items.keys().map(Name::as_str) {
            if item != NO_PANEL && MEANT.contains(&plain(item).as_str()) {
                let message = t!(
                    "`{item}` looks like \"no panel\", and would be ordered as a licence code",
                    item = item
                );
                let path = ["enumerations", key.as_str(), "items", item];
                let cure = t!("call it `nopanel`, with `renamed_from: {item}` if it is live", item = item);
                found.push(Found::new(&path, message, cure));
            }
        }
    }
    found
}

/// L38
pub(super) fn nodes(ground: &Ground<'_>) -> Vec<Found> {
    let mut found = Vec::new();
    let sold = sold_on(ground);
    for (key, costs) in &ground.spec.costs {
        for (code, cost) in &costs.codes {
            let entry = ground.codes.lookup(code.as_str());
            let parameter = entry.and_then(|entry| entry.nodes());
            let (Some(parameter), None, true) = (parameter, cost.nodes, sold.contains_key(code.as_str()))
            else {
                continue;
            };
            let message = t!(
                "{code} is ordered with a number of nodes (`{parameter}`), and none is written",
                code = code,
                parameter = parameter
            );
            let path = ["costs", key.as_str(), "codes", code.as_str()];
            found.push(Found::new(
                &path,
                message,
                t!("add `nodes: 1`, or as many as each licence is ordered with"),
            ));
        }
    }
    found
}
