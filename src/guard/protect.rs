//! Objects that the policy names.

use std::collections::BTreeSet;

use super::{BELOW, World, removes};
use crate::{
    kinds::{Pattern, PolicySpec, Snapshot, Wanted},
    plan::{Action, Allowance, Change, Guard, Value},
};

const RESOURCE: &str = "resource";
const PRICE: &str = "price";

pub(super) fn guards(world: &World<'_>, policy: &PolicySpec) -> Vec<Guard> {
    if policy.protect.is_empty() && policy.freeze.is_empty() {
        return Vec::new();
    }
    let guard = |change: &Change| {
        let names = names(world, change);
        let (rule, verb) = if removes(change) {
            let rule = listed(policy, &names).or_else(|| below(policy, change, &names))?;
            (rule, if change.action == Action::Delete { "deletes" } else { "replaces" })
        } else if change.action == Action::Create {
            return None;
        } else if let Some(rule) = policy.freeze.iter().find(|rule| names.covered_by(rule)) {
            (rule, "changes")
        } else if leaves_sale(change) {
            (listed(policy, &names)?, "takes off sale")
        } else {
            return None;
        };
        let object = format!("{}/{}", change.object.kind, change.object.key);
        let message =
            format!("the plan {verb} {}, which the policy protects as `{}`", change.object, rule.as_str());
        Some(Guard::new(Allowance::Protected { object }, message, None))
    };
    world.plan.changes.iter().filter_map(guard).collect()
}

/// Rules that name nothing: a mistyped one would protect nothing in silence.
pub(super) fn idle_rules(policy: &PolicySpec, snapshot: &Snapshot, wanted: &[Wanted]) -> Vec<String> {
    let tariffs =
        || snapshot.catalogue.tariffs.iter().flat_map(|entry| entry.names.iter().chain([&entry.id]));
    let idle = policy.protect.union(&policy.freeze).filter(|rule| {
        let objects = snapshot.objects.iter().map(|live| &live.object);
        let mut objects = objects.chain(wanted.iter().map(|wanted| &wanted.object));
        let mut tariffs = tariffs();
        !objects.any(|object| rule.names(&object.kind, &object.key))
            && !tariffs.any(|tariff| rule.names(Pattern::TARIFF, tariff))
    });
    idle.map(|rule| format!("the policy protects `{}`, and nothing that was read goes by it", rule.as_str()))
        .collect()
}

fn listed<'a>(policy: &'a PolicySpec, names: &Names) -> Option<&'a Pattern> {
    policy.protect.iter().chain(&policy.freeze).find(|rule| names.covered_by(rule))
}

/// A rule about something that goes with the object.
fn below<'a>(policy: &'a PolicySpec, change: &Change, names: &Names) -> Option<&'a Pattern> {
    let (_, child) = BELOW.iter().find(|(kind, _)| *kind == change.object.kind)?;
    let inside = |rule: &&Pattern| {
        rule.kind() == *child
            && names
                .keys
                .iter()
                .any(|key| rule.key().strip_prefix(key.as_str()).is_some_and(|rest| rest.starts_with('/')))
    };
    policy.protect.iter().chain(&policy.freeze).find(inside)
}

fn leaves_sale(change: &Change) -> bool {
    change.fields.iter().any(|field| {
        field.field == "offered"
            && field.before == Some(Value::Flag(true))
            && field.after == Some(Value::Flag(false))
    })
}

/// What an object goes by: the configuration's key, the panel's, and those made of each name of its tariff
/// plan. Another key in the configuration must not end the protection of what is live.
struct Names {
    kind: String,
    keys: BTreeSet<String>,
    tariffs: BTreeSet<String>,
}

impl Names {
    fn covered_by(&self, rule: &Pattern) -> bool {
        self.keys.iter().any(|key| rule.names(&self.kind, key))
            || self.tariffs.iter().any(|tariff| rule.names(Pattern::TARIFF, tariff))
    }
}

fn names(world: &World<'_>, change: &Change) -> Names {
    let kind = change.object.kind.clone();
    let live = world.live_of(change);
    let mut keys = BTreeSet::from([change.object.key.clone()]);
    keys.extend(live.map(|live| live.object.key.clone()));
    let mut tariffs = BTreeSet::new();
    if matches!(kind.as_str(), RESOURCE | PRICE) {
        // The first part of the configuration's key is the tariff plan.
        tariffs.extend(change.object.key.split('/').next().map(str::to_owned));
        let id = live.and_then(|live| live.parents.first());
        let entry = world.facts.snapshot.catalogue.tariffs.iter().find(|entry| Some(&entry.id) == id);
        let known = entry.into_iter().flat_map(|entry| entry.names.iter().chain([&entry.id]));
        tariffs.extend(known.cloned());
        let item = change.object.key.rsplit('/').next().unwrap_or_default();
        keys.extend(tariffs.iter().map(|tariff| match kind.as_str() {
            PRICE => format!("{tariff}/{item}"),
            _ => tariff.clone(),
        }));
    }
    Names { kind, keys, tariffs }
}
