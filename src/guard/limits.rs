//! How many objects go or change at once.

use super::{World, removes};
use crate::{
    kinds::{ALL, PolicySpec},
    model::Percent,
    plan::{Action, Allowance, Change, Guard},
};

/// What has no life of its own is not counted beside the object that takes it along.
fn counts(change: &Change) -> bool {
    removes(change) && !(change.goes_with.is_some() && comes_with_parent(change))
}

/// Deletes and replacements are off until their number is said.
pub(super) fn deletes(world: &World<'_>) -> Vec<Guard> {
    let guard = |(kind, count): (&str, usize)| {
        let message = format!("the plan deletes or replaces {}", objects(count, kind));
        Guard::new(Allowance::Deletes { kind: kind.to_owned(), count }, message, None)
    };
    world.count(counts).into_iter().map(guard).collect()
}

/// A standing permission for some deletes is not one for most of what there is.
pub(super) fn delete_share(world: &World<'_>, policy: &PolicySpec) -> Vec<Guard> {
    let passed = world.count(counts).into_iter().filter_map(|(kind, count)| {
        let (limit, whole) = (policy.deletes(kind), world.managed(kind));
        let share = Percent::share(count, whole);
        let message = format!("the plan deletes or replaces {share} of the objects of kind {kind}");
        let needs = Allowance::DeleteShare { kind: kind.to_owned(), share };
        let sum = format!("{count} of {whole}, {share}; the limit is {limit}");
        limit.is_passed(count, whole).then(|| Guard::new(needs, message, Some(sum)))
    });
    passed.collect()
}

pub(super) fn updates(world: &World<'_>, policy: &PolicySpec) -> Vec<Guard> {
    let counts = world.count(|change| change.action == Action::Update && !world.continues(change));
    let passed = counts.into_iter().filter_map(|(kind, count)| {
        let (limit, whole) = (policy.updates(kind), world.managed(kind));
        let message = format!("the plan updates {}", objects(count, kind));
        let needs = Allowance::Updates { kind: kind.to_owned(), count };
        let sum = format!("{count} of {whole}, {}; the limit is {limit}", Percent::share(count, whole));
        limit.is_passed(count, whole).then(|| Guard::new(needs, message, Some(sum)))
    });
    passed.collect()
}

/// Where nothing was applied yet, a plan that changes almost everything is more likely a configuration for
/// something else.
pub(super) fn first_run(world: &World<'_>, policy: &PolicySpec) -> Option<Guard> {
    let counted = |change: &&Change| change.action == Action::Update || counts(change);
    let count = world.plan.changes.iter().filter(counted).count();
    let whole: usize = world.facts.managed.values().sum();
    let limit = policy.first_run();
    if world.facts.known_target || !limit.is_passed(count, whole) {
        return None;
    }
    let message = "almost everything that is live would change, and nothing is known to have been applied to \
                   this panel before";
    let sum = format!("{count} of {whole}, {}; the limit is {limit}", Percent::share(count, whole));
    Some(Guard::new(Allowance::FirstRun { count }, message.to_owned(), Some(sum)))
}

fn comes_with_parent(change: &Change) -> bool {
    ALL.iter().any(|kind| kind.name() == change.object.kind && kind.comes_with_parent())
}

fn objects(count: usize, kind: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} object{plural} of kind {kind}")
}
