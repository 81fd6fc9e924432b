//! Items that tariff plans offer, period mappings, and what `prune` names.

use std::{borrow::Cow, collections::BTreeMap};

use crate::{
    config::merge::{Entry, Merged, Section},
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
        let message = format!("enumeration `{}` has no item `{}`", shown(name), shown(item));
        let fault = Fault::new(entry.file, node.span(), codes::UNKNOWN_ITEM, message)
            .at(pointer(path.iter().copied()))
            .label("no such item")
            .other(Place::new(enumeration.file, key.span()), format!("the items of `{}`", shown(name)));
        // Suggestions cost a look at every item, so they are made only for faults that are shown.
        let candidates = if faults.len() < MOST_SUGGESTIONS { MOST_CANDIDATES } else { 0 };
        faults.push(match nearest(item, known.entries().map(|(key, _)| key.key_text()).take(candidates)) {
            Some(near) => fault
                .help(format!("did you mean `{}`? Otherwise add the item under `enumerations`", shown(near))),
            None => fault.help(format!("add it to the items of `{}` under `enumerations`", shown(name))),
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
    let message = format!("the default item `{}` is switched off on `{}`", shown(item), shown(tariff));
    let fault = Fault::new(entry.file, node.span(), codes::DEFAULT_OFF, message)
        .at(pointer(["prices", tariff, "resource", "default"]))
        .label("the default item")
        .other(Place::new(entry.file, key.span().start..price.span().end), "switched off here");
    faults.push(fault.help("make another item the default, or give this one a price or `free`"));
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
                let whom = tariff.map_or("all tariff plans".to_owned(), |tariff| {
                    format!("tariff plan `{}`", shown(tariff))
                });
                let message = format!("`{}` is mapped twice for {whom}", shown(text));
                let path = ["period_mappings", server, &index, "sold"].into_iter().chain(step.as_deref());
                let fault = Fault::new(entry.file, period.span(), codes::MAPPED_TWICE, message)
                    .at(pointer(path))
                    .label("again here")
                    .other(Place::new(entry.file, earlier.span()), "first mapped here");
                faults.push(fault.help("keep one of the two, or tie one to a `tariff`"));
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
    let message = "one live row cannot be the mapping of several periods".to_owned();
    let fault = Fault::new(entry.file, id.span(), codes::ID_OF_SEVERAL, message)
        .at(pointer(["period_mappings", server, index, "id"]))
        .label("the id of one row")
        .other(Place::new(entry.file, sold.span()), "several periods");
    faults.push(fault.help("write one entry for each period, each with its own `id`"));
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
        let message = format!("`{}` is not described under `{name}`", shown(parent));
        let fault = Fault::new(entry.file, node.span(), codes::UNKNOWN_PARENT, message)
            .at(pointer(["prune", &index.to_string()]))
            .label("no such parent");
        faults.push(match nearest(parent, section.keys().copied()) {
            Some(near) => fault.help(format!("did you mean `{kind}/{}`?", shown(near))),
            None => {
                fault.help("describe the parent, or remove the entry: what is not described is not pruned")
            }
        });
    }
}
