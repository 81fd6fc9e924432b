//! Live ids and earlier names: each belongs to one object.

use std::collections::BTreeMap;

use super::processors::panel_name;
use crate::{
    config::merge::{Merged, Section},
    language::{later, t, told},
    source::{
        codes,
        fault::{Fault, Place, pointer, shown},
        tree::NodeRef,
    },
};

/// One object as far as ids and names go.
struct Object<'a> {
    file: usize,
    path: Vec<String>,
    /// The name it has in the panel, and where that is written.
    name: &'a str,
    named: Place,
    value: NodeRef<'a>,
}

pub(super) fn check(merged: &Merged<'_>, faults: &mut Vec<Fault>) {
    let mut processors = objects("processors", &merged.processors);
    for (object, (key, entry)) in processors.iter_mut().zip(&merged.processors) {
        object.name = panel_name(key, entry);
    }
    check_kind(later!("processors"), &processors, faults);
    check_kind(later!("enumerations"), &objects("enumerations", &merged.enumerations), faults);
    for (&key, entry) in &merged.enumerations {
        let Some(items) = entry.value.get("items") else { continue };
        check_kind(later!("items"), &children(entry.file, &["enumerations", key, "items"], items), faults);
    }
    let resources: Vec<_> = (merged.prices.iter())
        .filter_map(|(&tariff, entry)| {
            let (key, value) = entry.value.entry("resource")?;
            let path = vec!["prices".to_owned(), tariff.to_owned(), "resource".to_owned()];
            Some(Object {
                file: entry.file,
                path,
                name: tariff,
                named: Place::new(entry.file, key.span()),
                value,
            })
        })
        .collect();
    check_kind(later!("resources"), &resources, faults);
    let rows: Vec<_> = (merged.period_mappings.iter())
        .flat_map(|(&server, entry)| {
            entry.value.elements().enumerate().map(move |(index, value)| {
                let path = vec!["period_mappings".to_owned(), server.to_owned(), index.to_string()];
                Object {
                    file: entry.file,
                    path,
                    name: server,
                    named: Place::new(entry.file, value.span()),
                    value,
                }
            })
        })
        .collect();
    same_ids(later!("period mappings"), &rows, faults);
}

fn objects<'a>(section: &str, entries: &Section<'a>) -> Vec<Object<'a>> {
    let object = |(&key, entry): (&&'a str, &crate::config::merge::Entry<'a>)| Object {
        file: entry.file,
        path: vec![section.to_owned(), key.to_owned()],
        name: key,
        named: entry.key_place(),
        value: entry.value,
    };
    entries.iter().map(object).collect()
}

fn children<'a>(file: usize, path: &[&str], value: NodeRef<'a>) -> Vec<Object<'a>> {
    let object = |(key, value): (NodeRef<'a>, NodeRef<'a>)| Object {
        file,
        path: path.iter().copied().chain([key.key_text()]).map(str::to_owned).collect(),
        name: key.key_text(),
        named: Place::new(file, key.span()),
        value,
    };
    value.entries().map(object).collect()
}

fn check_kind(kind: &'static str, objects: &[Object<'_>], faults: &mut Vec<Fault>) {
    same_ids(kind, objects, faults);
    renames(kind, objects, faults);
}

fn same_ids(kind: &'static str, objects: &[Object<'_>], faults: &mut Vec<Fault>) {
    let mut seen: BTreeMap<i128, Place> = BTreeMap::new();
    for object in objects {
        let Some(node) = object.value.get("id") else { continue };
        let Some(id) = node.integer() else { continue };
        let place = Place::new(object.file, node.span());
        let Some(earlier) = seen.get(&id) else {
            seen.insert(id, place);
            continue;
        };
        let fault = Fault::new(
            object.file,
            node.span(),
            codes::SAME_ID,
            t!("two {kind} have the live id {id}", kind = told(kind), id = id),
        )
        .at(object.at("id"))
        .label(t!("the same id"))
        .other(earlier.clone(), t!("the other one"));
        faults.push(fault.help(t!("look the ids up in the panel: each belongs to one object")));
    }
}

/// An earlier name is free again: nothing else has it, and nothing else had it.
fn renames(kind: &'static str, objects: &[Object<'_>], faults: &mut Vec<Fault>) {
    let present: BTreeMap<&str, &Place> = objects.iter().map(|object| (object.name, &object.named)).collect();
    let mut seen: BTreeMap<&str, Place> = BTreeMap::new();
    for object in objects {
        let Some(node) = object.value.get("renamed_from") else { continue };
        let Some(old) = node.text() else { continue };
        let place = Place::new(object.file, node.span());
        let (message, other, label) = if let Some(&other) = present.get(old) {
            (
                t!("`{name}` is still described, so nothing is renamed from it", name = shown(old)),
                other.clone(),
                t!("described here"),
            )
        } else if let Some(other) = seen.get(old) {
            (
                t!("two {kind} are renamed from `{name}`", kind = told(kind), name = shown(old)),
                other.clone(),
                t!("the other one"),
            )
        } else {
            seen.insert(old, place);
            continue;
        };
        let fault = Fault::new(object.file, node.span(), codes::RENAMED_FROM_PRESENT, message)
            .at(object.at("renamed_from"))
            .label(t!("the earlier name"))
            .other(other, label);
        faults.push(fault.help(t!("remove `renamed_from` once the rename is applied, or correct the name")));
    }
}

impl Object<'_> {
    fn at(&self, field: &str) -> String {
        pointer(self.path.iter().map(String::as_str).chain([field]))
    }
}
