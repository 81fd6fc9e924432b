//! How many objects go or change at once.

use std::fmt::Display;

use super::{World, removes};
use crate::{
    kinds::{ALL, PolicySpec},
    language::{t, tn},
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
        let message = tn!(
            count,
            "the plan deletes or replaces {n} object of kind {kind}",
            "the plan deletes or replaces {n} objects of kind {kind}",
            kind = kind
        );
        Guard::new(Allowance::Deletes { kind: kind.to_owned(), count }, message, None)
    };
    world.count(counts).into_iter().map(guard).collect()
}

/// A standing permission for some deletes is not one for most of what there is.
pub(super) fn delete_share(world: &World<'_>, policy: &PolicySpec) -> Vec<Guard> {
    let passed = world.count(counts).into_iter().filter_map(|(kind, count)| {
        let (limit, whole) = (policy.deletes(kind), world.managed(kind));
        let share = Percent::share(count, whole);
        let message = t!(
            "the plan deletes or replaces {share} of the objects of kind {kind}",
            share = share,
            kind = kind
        );
        let needs = Allowance::DeleteShare { kind: kind.to_owned(), share };
        let sum = sum(count, whole, &limit);
        limit.is_passed(count, whole).then(|| Guard::new(needs, message, Some(sum)))
    });
    passed.collect()
}

pub(super) fn updates(world: &World<'_>, policy: &PolicySpec) -> Vec<Guard> {
    let counts = world.count(|change| change.action == Action::Update && !world.continues(change));
    let passed = counts.into_iter().filter_map(|(kind, count)| {
        let (limit, whole) = (policy.updates(kind), world.managed(kind));
        let message = tn!(
            count,
            "the plan updates {n} object of kind {kind}",
            "the plan updates {n} objects of kind {kind}",
            kind = kind
        );
        let needs = Allowance::Updates { kind: kind.to_owned(), count };
        let sum = sum(count, whole, &limit);
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
    let message =
        t!("almost everything that is live would change, and nothing is known to have been applied to \
                   this panel before");
    let sum = sum(count, whole, &limit);
    Some(Guard::new(Allowance::FirstRun { count }, message, Some(sum)))
}

/// The numbers behind a limit that is passed.
fn sum(count: usize, whole: usize, limit: &impl Display) -> String {
    t!(
        "{count} of {whole}, {share}; the limit is {limit}",
        count = count,
        whole = whole,
        share = Percent::share(count, whole),
        limit = limit
    )
}

fn comes_with_parent(change: &Change) -> bool {
    ALL.iter().any(|kind| kind.name() == change.object.kind && kind.comes_with_parent())
}
