//! Findings that are known and accepted.

use super::Found;
use crate::{
    kinds::{ConfigSpec, TariffWaiver, Waiver},
    model::{Date, Name},
};

/// A waiver with the place it stands at.
pub(super) struct Accepted<'a> {
    /// Steps to what it is about, and from there to the waiver itself.
    about: Vec<&'a str>,
    index: usize,
    pub(super) check: &'a str,
    pub(super) reason: &'a str,
    pub(super) until: Date,
}

impl Accepted<'_> {
    pub(super) fn has_ended(&self, today: Date) -> bool {
        self.until < today
    }

    /// Whether it is about what was found, or about something that holds it.
    pub(super) fn covers(&self, check: &str, found: &Found) -> bool {
        let mut path = found.path.iter();
        self.check == check && self.about.iter().all(|step| path.next().is_some_and(|other| other == step))
    }

    /// Where the waiver itself is written.
    pub(super) fn path(&self, index: &str) -> Vec<String> {
        // That of an item on a tariff plan stands at the tariff plan.
        let at = if self.about.first() == Some(&"prices") { 2 } else { self.about.len() };
        let steps = self.about.iter().take(at).copied().chain(["waive", index]);
        steps.map(str::to_owned).collect()
    }

    pub(super) fn step(&self) -> String {
        self.index.to_string()
    }
}

/// All waivers of a configuration.
pub(super) fn all<'a>(spec: &'a ConfigSpec, rows: &'a [String]) -> Vec<Accepted<'a>> {
    let mut all = Vec::new();
    let mut add = |about: Vec<&'a str>, waivers: &'a [Waiver]| {
        all.extend(waivers.iter().enumerate().map(|(index, waiver)| {
            let Waiver { check, reason, until } = waiver;
            Accepted {
                about: about.clone(),
                index,
                check: check.as_str(),
                reason: reason.as_str(),
                until: *until,
            }
        }));
    };
    for (key, processor) in &spec.processors {
        add(vec!["processors", key.as_str()], &processor.waive);
    }
    for (key, enumeration) in &spec.enumerations {
        add(vec!["enumerations", key.as_str()], &enumeration.waive);
        for (item, spec) in &enumeration.items {
            add(vec!["enumerations", key.as_str(), "items", item.as_str()], &spec.waive);
        }
    }
    for (key, mappings) in &spec.period_mappings {
        for (mapping, row) in mappings.iter().zip(rows) {
            add(vec!["period_mappings", key.as_str(), row], &mapping.waive);
        }
    }
    for (key, costs) in &spec.costs {
        add(vec!["costs", key.as_str()], &costs.waive);
    }
    for (key, tariff) in &spec.prices {
        all.extend(tariff.waive.iter().enumerate().map(|(index, waiver)| {
            let TariffWaiver { check, item, reason, until } = waiver;
            let item = item.iter().flat_map(|item: &Name| ["items", item.as_str()]);
            let about = ["prices", key.as_str()].into_iter().chain(item).collect();
            Accepted { about, index, check: check.as_str(), reason: reason.as_str(), until: *until }
        }));
    }
    all
}

/// The steps to the rows of the longest list of mappings.
pub(super) fn steps(spec: &ConfigSpec) -> Vec<String> {
    let longest = spec.period_mappings.values().map(Vec::len).max().unwrap_or(0);
    (0..longest).map(|row| row.to_string()).collect()
}
