//! Licence servers and names of processors.

use std::collections::BTreeMap;

use crate::{
    config::merge::{Entry, Merged},
    language::t,
    source::{
        codes,
        fault::{Fault, Place, pointer, shown},
        tree::NodeRef,
    },
};

pub(super) fn check(merged: &Merged<'_>, faults: &mut Vec<Fault>) {
    licence_servers(merged, faults);
    names(merged, faults);
}

/// A licence server orders from the vendor: it has no licence server of its own.
fn licence_servers(merged: &Merged<'_>, faults: &mut Vec<Fault>) {
    for (&key, entry) in &merged.processors {
        let Some(server) = entry.value.get("licence_server") else { continue };
        let Some(target) = server.text() else { continue };
        let Some(next) = merged.processors.get(target).and_then(|found| found.value.entry("licence_server"))
        else {
            continue;
        };
        let path = pointer(["processors", key, "licence_server"]);
        let other = merged.processors[target];
        let fault = if leads_back(merged, key, target) {
            let message = if target == key {
                t!("`{name}` is its own licence server", name = shown(key))
            } else {
                t!(
                    "the licence server of `{name}` leads back to it, through `{other}`",
                    name = shown(key),
                    other = shown(target)
                )
            };
            let fault =
                Fault::new(entry.file, server.span(), codes::LICENCE_CYCLE, message).label(t!("in a circle"));
            fault.help(t!("name the processor of module billmanager that orders from the vendor"))
        } else {
            let message =
                t!("`{name}` orders licences itself: it has a licence server", name = shown(target));
            let fault = Fault::new(entry.file, server.span(), codes::LICENCE_CHAIN, message)
                .label(t!("not a licence server"));
            fault
                .other(
                    Place::new(other.file, next.0.span()),
                    t!("`{name}` has one of its own", name = shown(target)),
                )
                .help(t!("name the processor of module billmanager that orders from the vendor"))
        };
        faults.push(fault.at(path));
    }
}

/// Farther than this nobody looks for the end of a chain.
const LONGEST_CIRCLE: usize = 64;

/// Whether following licence servers from `target` comes back to `key`.
fn leads_back(merged: &Merged<'_>, key: &str, target: &str) -> bool {
    let mut at = target;
    // A circle that does not hold `key` is another processor's fault; one that is longer is a chain.
    for _ in 0..LONGEST_CIRCLE {
        if at == key {
            return true;
        }
        let next = merged.processors.get(at).and_then(|entry| entry.value.get("licence_server"));
        match next.and_then(NodeRef::text) {
            Some(next) => at = next,
            None => return false,
        }
    }
    false
}

/// The panel's name of a processor.
pub(super) fn panel_name<'a>(key: &'a str, entry: &Entry<'a>) -> &'a str {
    entry.value.get("name").and_then(NodeRef::text).unwrap_or(key)
}

/// A name must tell processors of one module apart: it is what they are matched by.
fn names(merged: &Merged<'_>, faults: &mut Vec<Fault>) {
    let mut seen: BTreeMap<(&str, String), Place> = BTreeMap::new();
    for (&key, entry) in &merged.processors {
        let name = panel_name(key, entry);
        let Some(module) = entry.value.get("module").and_then(NodeRef::text) else {
            continue;
        };
        // "VMmanager 5" and vmmanager5 are one module.
        let module: String =
            module.chars().filter(|ch| ch.is_alphanumeric()).flat_map(char::to_lowercase).collect();
        let place = match entry.value.get("name") {
            Some(name) => Place::new(entry.file, name.span()),
            None => entry.key_place(),
        };
        let Some(earlier) = seen.get(&(name, module.clone())) else {
            seen.insert((name, module), place);
            continue;
        };
        let message = t!("two processors of one module are named `{name}` in the panel", name = shown(name));
        let mut fault = Fault::new(entry.file, place.start..place.end, codes::SAME_NAME, message)
            .at(pointer(["processors", key, "name"]))
            .label(t!("the same name"))
            .help(t!("give one of them another `name`"));
        fault = fault.other(earlier.clone(), t!("the other one"));
        faults.push(fault);
    }
}
