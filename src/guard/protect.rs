//! Objects that the policy names.

use std::collections::BTreeSet;

use super::{BELOW, Facts, World, above, removes};
use crate::{
    kinds::{Live, Pattern, PolicySpec},
    language::t,
    plan::{Action, Allowance, Change, Guard, ObjectRef, Reference, Value},
};

const RESOURCE: &str = "resource";
const PRICE: &str = "price";
const MAPPING: &str = "period-mapping";

pub(super) fn guards(world: &World<'_>, policy: &PolicySpec) -> Vec<Guard> {
    if policy.protect.is_empty() && policy.freeze.is_empty() {
        return Vec::new();
    }
    let guard = |change: &Change| {
        let names = names(world.facts, &change.object, change.parent.as_ref(), world.live_of(change));
        let (rule, verb) = if removes(change) {
            let rule = listed(policy, &names).or_else(|| below(policy, change, &names))?;
            (
                rule,
                if change.action == Action::Delete {
                    t!("the plan" => "deletes")
                } else {
                    t!("the plan" => "replaces")
                },
            )
        } else if change.action == Action::Create {
            return None;
        } else if let Some(rule) = policy.freeze.iter().find(|rule| names.covered_by(rule)) {
            (rule, t!("the plan" => "changes"))
        } else if leaves_sale(change) {
            (listed(policy, &names)?, t!("the plan" => "takes off sale"))
        } else {
            return None;
        };
        let object = format!("{}/{}", change.object.kind, change.object.key);
        let message = t!(
            "the plan {verb} {object}, which the policy protects as `{rule}`",
            verb = verb,
            object = change.object,
            rule = rule.as_str()
        );
        Some(Guard::new(Allowance::Protected { object }, message, None))
    };
    world.plan.changes.iter().filter_map(guard).collect()
}

/// Rules that name nothing: a mistyped one would protect nothing in silence.
pub(super) fn idle_rules(policy: &PolicySpec, facts: &Facts<'_>) -> Vec<String> {
    let rules: BTreeSet<&Pattern> = policy.protect.union(&policy.freeze).collect();
    if rules.is_empty() {
        return Vec::new();
    }
    let live = facts.snapshot.objects.iter().map(|live| names(facts, &live.object, None, Some(live)));
    let wanted = facts.wanted.iter().map(|wanted| names(facts, &wanted.object, wanted.parent.as_ref(), None));
    let all: Vec<Names> = live.chain(wanted).collect();
    let tariff =
        |rule: &Pattern| {
            facts.snapshot.catalogue.tariffs.iter().any(|entry| {
                entry.names.iter().chain([&entry.id]).any(|name| rule.names(Pattern::TARIFF, name))
            })
        };
    let idle =
        rules.into_iter().filter(|rule| !all.iter().any(|names| names.covered_by(rule)) && !tariff(rule));
    idle.map(|rule| {
        t!("the policy protects `{rule}`, and nothing that was read goes by it", rule = rule.as_str())
    })
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

/// The names of an object of the plan or of the configuration, with its live side where it has one.
fn names(facts: &Facts<'_>, object: &ObjectRef, above: Option<&Reference>, live: Option<&Live>) -> Names {
    let kind = object.kind.clone();
    let mut keys = BTreeSet::from([object.key.clone()]);
    keys.extend(live.map(|live| live.object.key.clone()));
    if kind != PRICE {
        keys.extend(live.and_then(|live| below_described(facts, live)));
    }
    let mut tariffs = BTreeSet::new();
    let known = |id: Option<&str>| -> Vec<String> {
        let entry = facts.snapshot.catalogue.tariffs.iter().find(|entry| Some(entry.id.as_str()) == id);
        entry.into_iter().flat_map(|entry| entry.names.iter().chain([&entry.id])).cloned().collect()
    };
    match kind.as_str() {
        RESOURCE => {
            tariffs.insert(object.key.clone());
            tariffs.extend(known(live.and_then(|live| live.parents.first()).map(String::as_str)));
            keys.extend(tariffs.iter().cloned());
        }
        PRICE => {
            let own = above.and_then(|above| {
                let item = object.key.strip_prefix(above.key.as_str())?.strip_prefix('/')?;
                Some((above.key.as_str(), item))
            });
            if let Some((tariff, item)) = own.or_else(|| object.key.rsplit_once('/')) {
                tariffs.insert(tariff.to_owned());
                tariffs.extend(known(live.and_then(|live| live.parents.first()).map(String::as_str)));
                keys.extend(tariffs.iter().map(|tariff| format!("{tariff}/{item}")));
            }
        }
        MAPPING => {
            let tariff = live.and_then(|live| live.fields.as_ref()?.get("tariff"));
            let id = tariff.and_then(|tariff| match tariff {
                Value::Ref(reference) => reference.id.as_deref(),
                _ => None,
            });
            let tied = keys.iter().filter_map(|key| key.rsplit_once('@')).map(|(period, _)| period);
            let tied: Vec<String> = tied
                .flat_map(|period| known(id).into_iter().map(move |name| format!("{period}@{name}")))
                .collect();
            keys.extend(tied);
        }
        _ => {}
    }
    Names { kind, keys, tariffs }
}

/// The key of a live object below the configuration's key of its parent, which the panel may call otherwise.
fn below_described(facts: &Facts<'_>, live: &Live) -> Option<String> {
    let (above, parent) = (above(&live.object.kind)?, live.parent()?);
    let described =
        facts.wanted.iter().find(|wanted| wanted.object.kind == above && wanted.fate.id() == Some(parent))?;
    let parent = facts.snapshot.by_id(above, parent)?;
    let rest = live.object.key.strip_prefix(parent.object.key.as_str())?.strip_prefix('/')?;
    Some(format!("{}/{rest}", described.object.key))
}
