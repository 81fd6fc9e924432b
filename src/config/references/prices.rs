//! Items that tariff plans offer, period mappings, and what `prune` names.

use std::{borrow::Cow, collections::BTreeMap};

use crate::{
    config::merge::{Entry, Merged, Section},
    language::t,
    source::{
        codes,
        fault::{Fault, MOST, Place, nearest, pointer, shown},
        tree::{NodeRef, Shape},
    },
};

const MOST_SUGGESTIONS: usize = 200;
const MOST_CANDIDATES: usize = 5000;

pub(super) fn check(merged: &Merged<'_>, faults: &mut Vec<Fault>) {
    for (&tariff, entry) in &merged.prices {
        let resource = entry.value.get("resource");
        let text = |field: &str| {
            resource.and_then(|resource| resource.get(field)).filter(|node| node.text().is_some())
        };
        let default = text("default");
        if let Some(name) = text("enumeration").and_then(NodeRef::text) {
            items(merged, tariff, entry, name, default, faults);
        }
        default_off(tariff, entry, default, faults);
    }
}

/// Items of an enumeration that the configuration describes must be described there.
fn items<'a>(
    merged: &Merged<'a>,
    tariff: &str,
    entry: &Entry<'a>,
    name: &str,
    default: Option<NodeRef<'a>>,
    faults: &mut Vec<Fault>,
) {
    let Some(enumeration) = merged.enumerations.get(name) else { return };
    // Without `items`, or where they are not a mapping, nothing is known about them.
    let Some((key, known)) = enumeration.value.entry("items") else { return };
    if !matches!(known.shape(), Shape::Map(_)) {
        return;
    }
    let mut check = |item: &str, node: NodeRef<'a>, path: &[&str]| {
        if known.get(item).is_some() || faults.len() >= MOST {
            return;
        }
        let message =
            t!("enumeration `{name}` has no item `{other}`", name = shown(name), other = shown(item));
        let fault = Fault::new(entry.file, node.span(), codes::UNKNOWN_ITEM, message)
            .at(pointer(path.iter().copied()))
            .label(t!("no such item"))
            .other(Place::new(enumeration.file, key.span()), t!("the items of `{name}`", name = shown(name)));
        // Suggestions cost a look at every item, so they are made only for faults that are shown.
        let candidates = if faults.len() < MOST_SUGGESTIONS { MOST_CANDIDATES } else { 0 };
        faults.push(match nearest(item, known.entries().map(|(key, _)| key.key_text()).take(candidates)) {
            Some(near) => fault.help(t!(
                "did you mean `{name}`? Otherwise add the item under `enumerations`",
                name = shown(near)
            )),
            None => {
                fault.help(t!("add it to the items of `{name}` under `enumerations`", name = shown(name)))
            }
        });
    };
    if let Some((node, item)) = default.and_then(|node| Some((node, node.text()?))) {
        check(item, node, &["prices", tariff, "resource", "default"]);
    }
    for (key, _) in entry.value.get("items").into_iter().flat_map(NodeRef::entries) {
        check(key.key_text(), key, &["prices", tariff, "items", key.key_text()]);
    }
}

/// What a client gets without choosing must be offered.
fn default_off(tariff: &str, entry: &Entry<'_>, default: Option<NodeRef<'_>>, faults: &mut Vec<Fault>) {
    let Some((node, item)) = default.and_then(|node| Some((node, node.text()?))) else { return };
    let Some((key, price)) = entry.value.get("items").and_then(|items| items.entry(item)) else { return };
    if price.text() != Some("off") {
        return;
    }
    let message = t!(
        "the default item `{name}` is switched off on `{other}`",
        name = shown(item),
        other = shown(tariff)
    );
    let fault = Fault::new(entry.file, node.span(), codes::DEFAULT_OFF, message)
        .at(pointer(["prices", tariff, "resource", "default"]))
        .label(t!("the default item"))
        .other(Place::new(entry.file, key.span().start..price.span().end), t!("switched off here"));
    faults.push(fault.help(t!("make another item the default, or give this one a price or `free`")));
}

/// A sold period may be mapped once for all tariff plans and once for each.
pub(super) fn mappings(merged: &Merged<'_>, faults: &mut Vec<Fault>) {
    for (&server, entry) in &merged.period_mappings {
        let mut seen: BTreeMap<(&str, Option<&str>), NodeRef<'_>> = BTreeMap::new();
        for (index, row) in entry.value.elements().enumerate() {
            let index = index.to_string();
            let tariff = row.get("tariff").and_then(NodeRef::text);
            let Some(sold) = row.get("sold") else { continue };
            id_of_several(server, entry, &index, row, sold, faults);
            for (step, period) in periods(sold) {
                let Some(text) = period.text() else { continue };
                let Some(earlier) = seen.insert((text, tariff), period) else { continue };
                // Within one row the schema has said so already.
                if earlier.span().start >= sold.span().start || faults.len() >= MOST {
                    continue;
                }
                let whom = tariff.map_or(t!("all tariff plans"), |tariff| {
                    t!("tariff plan `{name}`", name = shown(tariff))
                });
                let message = t!("`{name}` is mapped twice for {whom}", name = shown(text), whom = whom);
                let path = ["period_mappings", server, &index, "sold"].into_iter().chain(step.as_deref());
                let fault = Fault::new(entry.file, period.span(), codes::MAPPED_TWICE, message)
                    .at(pointer(path))
                    .label(t!("again here"))
                    .other(Place::new(entry.file, earlier.span()), t!("first mapped here"));
                faults.push(fault.help(t!("keep one of the two, or tie one to a `tariff`")));
            }
        }
    }
}

/// The periods of `sold`, with their last step where it is a list.
fn periods(sold: NodeRef<'_>) -> Vec<(Option<Cow<'static, str>>, NodeRef<'_>)> {
    match sold.shape() {
        Shape::List(_) => sold
            .elements()
            .enumerate()
            .map(|(index, period)| (Some(Cow::Owned(index.to_string())), period))
            .collect(),
        _ => vec![(None, sold)],
    }
}

fn id_of_several(
    server: &str,
    entry: &Entry<'_>,
    index: &str,
    row: NodeRef<'_>,
    sold: NodeRef<'_>,
    faults: &mut Vec<Fault>,
) {
    let Some(id) = row.get("id") else { return };
    if periods(sold).len() < 2 {
        return;
    }
    let message = t!("one live row cannot be the mapping of several periods");
    let fault = Fault::new(entry.file, id.span(), codes::ID_OF_SEVERAL, message)
        .at(pointer(["period_mappings", server, index, "id"]))
        .label(t!("the id of one row"))
        .other(Place::new(entry.file, sold.span()), t!("several periods"));
    faults.push(fault.help(t!("write one entry for each period, each with its own `id`")));
}

/// Parents that `prune` names must be described: otherwise everything below them would be deleted.
pub(super) fn prune(merged: &Merged<'_>, faults: &mut Vec<Fault>) {
    let Some(entry) = merged.once.get("prune") else { return };
    for (index, node) in entry.value.elements().enumerate() {
        let Some((kind, parent)) = node.text().and_then(|text| text.split_once('/')) else { continue };
        let (section, name): (&Section<'_>, _) = match kind {
            "enumeration-item" => (&merged.enumerations, "enumerations"),
            "resource" => (&merged.prices, "prices"),
            "period-mapping" => (&merged.period_mappings, "period_mappings"),
            _ => continue,
        };
        if parent.is_empty() || section.contains_key(parent) {
            continue;
        }
        let message = t!("`{parent}` is not described under `{name}`", parent = shown(parent), name = name);
        let fault = Fault::new(entry.file, node.span(), codes::UNKNOWN_PARENT, message)
            .at(pointer(["prune", &index.to_string()]))
            .label(t!("no such parent"));
        faults.push(match nearest(parent, section.keys().copied()) {
            Some(near) => fault.help(t!("did you mean `{kind}/{name}`?", kind = kind, name = shown(near))),
            None => fault
                .help(t!("describe the parent, or remove the entry: what is not described is not pruned")),
        });
    }
}
