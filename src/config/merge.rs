//! All files together: the sections by key, with the file each entry is in.

use std::collections::BTreeMap;

use crate::{
    language::t,
    source::{
        Sources, codes,
        fault::{Fault, Place, pointer, shown},
        tree::NodeRef,
    },
};

/// The sections whose entries may be spread over files.
const SECTIONS: &[&str] = &["processors", "enumerations", "prices", "period_mappings", "costs", "codes"];
/// What one file says for all.
const ONCE: &[&str] = &["panel", "rates", "checks", "prune", "policy", "ignore", "notify", "dialect"];

/// A key with its value, in one of the files.
#[derive(Clone, Copy)]
pub(super) struct Entry<'a> {
    pub(super) file: usize,
    pub(super) key: NodeRef<'a>,
    pub(super) value: NodeRef<'a>,
}

impl Entry<'_> {
    pub(super) fn key_place(&self) -> Place {
        Place::new(self.file, self.key.span())
    }
}

pub(super) type Section<'a> = BTreeMap<&'a str, Entry<'a>>;

/// The files that are YAML, merged. Their values may be of any shape.
#[derive(Default)]
pub(super) struct Merged<'a> {
    pub(super) processors: Section<'a>,
    pub(super) enumerations: Section<'a>,
    pub(super) prices: Section<'a>,
    pub(super) period_mappings: Section<'a>,
    pub(super) costs: Section<'a>,
    pub(super) codes: Section<'a>,
    /// Keys that one file says for all.
    pub(super) once: Section<'a>,
}

impl<'a> Merged<'a> {
    /// Merges, and reports keys that two files have.
    pub(super) fn of(sources: &'a Sources) -> (Self, Vec<Fault>) {
        let (mut merged, mut faults) = (Self::default(), Vec::new());
        for (file, source) in sources.iter().enumerate() {
            let Some(tree) = &source.tree else { continue };
            for (key, value) in tree.root().entries() {
                let name = key.key_text();
                if ONCE.contains(&name) {
                    faults.extend(add(&mut merged.once, Entry { file, key, value }, &[]));
                } else if SECTIONS.contains(&name) {
                    for (key, value) in value.entries() {
                        faults.extend(add(merged.section(name), Entry { file, key, value }, &[name]));
                    }
                }
            }
        }
        (merged, faults)
    }

    fn section(&mut self, name: &str) -> &mut Section<'a> {
        match name {
            "processors" => &mut self.processors,
            "enumerations" => &mut self.enumerations,
            "prices" => &mut self.prices,
            "costs" => &mut self.costs,
            "codes" => &mut self.codes,
            _ => &mut self.period_mappings,
        }
    }
}

fn add<'a>(section: &mut Section<'a>, entry: Entry<'a>, path: &[&str]) -> Option<Fault> {
    let key = entry.key.key_text();
    let Some(earlier) = section.get(key) else {
        section.insert(key, entry);
        return None;
    };
    let (message, help) = match path {
        [section] => (
            t!("`{name}` is defined twice under `{section}`", name = shown(key), section = section),
            t!("keep one of the two, or give one another key"),
        ),
        _ => (
            t!("`{name}` stands in two files", name = shown(key)),
            t!("one file says it for all: put the two together"),
        ),
    };
    let fault = Fault::new(entry.file, entry.key.span(), codes::DEFINED_TWICE, message)
        .at(pointer(path.iter().copied().chain([key])))
        .label(t!("again here"))
        .other(earlier.key_place(), t!("first defined here"));
    Some(fault.help(help))
}
