//! Checks of processors.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Found, Ground,
    codes::host,
    ground::{plain, some},
};
use crate::{
    kinds::{ConfigSpec, Environment, ProcessorSpec},
    language::t,
    model::{Name, same_address},
    plan::{Action, Level},
};

/// Modules whose processors order panel licences, as the vendor's pages about them say.
const SERVER_MODULES: [&str; 4] = ["vmmanager", "dcimanager", "openstack", "vmware"];

fn is_server(processor: &ProcessorSpec) -> bool {
    let module = plain(processor.module.as_str());
    SERVER_MODULES.iter().any(|known| module.starts_with(known))
}

fn accounts(spec: &ConfigSpec) -> impl Iterator<Item = (&Name, &str, &Name)> {
    let given = spec.processors.iter().filter_map(|(key, processor)| {
        Some((key, processor.url.as_deref()?, processor.username.as_ref()?, processor))
    });
    given.filter(|(.., processor)| !is_server(processor)).map(|(key, url, user, _)| (key, url, user))
}

/// L31
pub(super) fn shared_account(ground: &Ground<'_>) -> Vec<Found> {
    let mut found = Vec::new();
    let own: Vec<(&Name, &str, &Name)> = accounts(ground.spec).collect();
    for (index, (key, url, user)) in own.iter().enumerate() {
        let path = ["processors", key.as_str(), "username"];
        let twin = own.iter().take(index).find(|(_, other, name)| name == user && same_address(other, url));
        if let Some((other, ..)) = twin {
            let message =
                t!("{key} and {other} are one account of one licence server", key = key, other = other);
            let cure = t!("keep one of them: two pools of free licences become one");
            found.push(Found::new(&path, message, cure).level(Level::Warning));
        }
        if let Some(beside) = ground.known.beside {
            let twin =
                accounts(beside.spec).find(|(_, other, name)| name == user && same_address(other, url));
            if let Some((other, ..)) = twin {
                let message = t!(
                    "{key} uses the licence account that {beside} uses as {other}: one panel takes the other's free licences, and the names collide",
                    key = key,
                    beside = beside.name,
                    other = other
                );
                found.push(Found::new(&path, message, t!("give each panel an account of its own")));
            }
        }
    }
    let test = ground.spec.panel.as_ref().is_some_and(|panel| panel.environment == Some(Environment::Test));
    for (key, url, _) in own.iter().filter(|_| test) {
        let sells = ground.codes.iter().any(|entry| entry.endpoints().any(|one| one == host(url)));
        if sells {
            let message = t!(
                "the panel is for tests, and {key} orders from {host}, which charges",
                key = key,
                host = host(url)
            );
            let cure = t!("let `url` be that of a sandbox, or say `panel: {{environment: production}}`");
            found.push(Found::new(&["processors", key.as_str(), "url"], message, cure));
        }
    }
    found
}

/// L32
pub(super) fn no_licence_server(ground: &Ground<'_>) -> Vec<Found> {
    if !ground.sells_licences() {
        return Vec::new();
    }
    let mut found = Vec::new();
    for (key, processor) in &ground.spec.processors {
        if !is_server(processor) || processor.licence_server.is_some() {
            continue;
        }
        let change = ground.known.plan.and_then(|plan| {
            plan.changes
                .iter()
                .find(|change| change.object.kind == "processor" && change.object.key == key.as_str())
        });
        if change.is_some_and(|change| change.live.contains_key("licence_server")) {
            continue;
        }
        let new = change.is_some_and(|change| change.action == Action::Create);
        let message = if new {
            t!(
                "{key} is created without a licence server: who buys a panel pays, and nothing is ordered",
                key = key
            )
        } else {
            t!(
                "{key} names no licence server here: unless the panel has one, who buys a panel pays and nothing is ordered",
                key = key
            )
        };
        let servers: BTreeSet<String> = ground.licence_servers().map(|(key, _)| key.to_string()).collect();
        let cure = if servers.is_empty() {
            t!("add `licence_server:` with the licence server's key")
        } else {
            t!("add `licence_server: {server}`", server = some(&servers))
        };
        // A warning even for a new processor: whether it serves tariff plans with panels is the panel's knowledge.
        found.push(Found::new(&["processors", key.as_str()], message, cure));
    }
    found
}

/// L34
pub(super) fn differing(ground: &Ground<'_>) -> Vec<Found> {
    if !ground.sells_licences() {
        return Vec::new();
    }
    let mut groups: BTreeMap<&Name, Vec<(&Name, &Name)>> = BTreeMap::new();
    for (key, processor) in ground.spec.processors.iter().filter(|(_, processor)| is_server(processor)) {
        if let (Some(product), Some(server)) = (&processor.product_type, &processor.licence_server) {
            groups.entry(product).or_default().push((key, server));
        }
    }
    let mut found = Vec::new();
    for (product, members) in groups {
        let Some((first, server)) = members.first() else { continue };
        for (key, other) in members.iter().filter(|(_, other)| other != server) {
            let message = t!(
                "{key} and {first} are both for {product} and buy from {other} and {server}: one sale, two costs",
                key = key,
                first = first,
                product = product,
                other = other,
                server = server
            );
            let path = ["processors", key.as_str(), "licence_server"];
            let rows =
                |server: &Name| ground.servers.get(server.as_str()).map_or(0, |server| server.rows.len());
            let sum = t!(
                "mapped periods: {rows} on {other}, {own} on {server}",
                rows = rows(other),
                other = other,
                own = rows(server),
                server = server
            );
            found.push(
                Found::new(
                    &path,
                    message,
                    t!(
                        "write `licence_server: {server}`, or keep the tariff plans of the two apart",
                        server = server
                    ),
                )
                .sum(sum),
            );
        }
    }
    found
}
