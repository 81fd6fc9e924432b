//! What in a plan is remarkable enough to be allowed in so many words before it is carried out. Pure.
//!
//! [`guards`] finds it when the plan is made, so that every report shows it; [`lifted`] decides at `apply`.
//! Each guard has a flag of its own, which names the number or the object. There is no flag for all.

mod limits;
mod lists;
mod prices;
mod protect;
#[cfg(test)]
mod tests;
mod uses;

use std::collections::BTreeMap;

use crate::{
    kinds::{Live, PolicySpec, Snapshot, Wanted},
    language::t,
    model::same_address,
    plan::{Action, Allowance, Change, FieldChange, Guard, ObjectRef, Plan, Value},
};

/// Kinds, and what belongs to their objects and goes with them.
const BELOW: [(&str, &str); 3] =
    [("enumeration", "enumeration-item"), ("processor", "period-mapping"), ("resource", "price")];

/// What the guards have to know besides the plan.
pub(crate) struct Facts<'a> {
    pub(crate) snapshot: &'a Snapshot,
    pub(crate) wanted: &'a [Wanted],
    /// How many live objects of each kind the configuration means or deletes.
    pub(crate) managed: BTreeMap<String, usize>,
    /// The panel that the configuration says it is for.
    pub(crate) configured_url: Option<&'a str>,
    /// Whether something is known to have been applied to this panel before.
    pub(crate) known_target: bool,
    /// What the last apply was allowed to do and did not come to.
    pub(crate) unfinished: &'a [Change],
}

/// Finds all guards that stand against a plan, the broadest first.
pub(crate) fn guards(plan: &Plan, policy: &PolicySpec, facts: &Facts<'_>) -> Vec<Guard> {
    if plan.changes.is_empty() {
        return Vec::new();
    }
    let world = World::new(plan, facts);
    let mut guards = Vec::new();
    guards.extend(other_target(plan, facts));
    guards.extend(limits::first_run(&world, policy));
    guards.extend(protect::guards(&world, policy));
    guards.extend(uses::guards(&world));
    guards.extend(lists::emptied(&world));
    guards.extend(limits::deletes(&world));
    guards.extend(limits::delete_share(&world, policy));
    guards.extend(limits::updates(&world, policy));
    guards.extend(prices::moves(&world, policy));
    guards
}

/// The guards of a difference between two configurations: without a panel only amounts can be judged.
pub(crate) fn offline(plan: &Plan, policy: &PolicySpec) -> Vec<Guard> {
    plan.changes.iter().filter_map(|change| prices::of_change(change, policy)).collect()
}

/// Whether somebody allowed what a guard needs.
pub(crate) fn lifted(guard: &Guard, allowed: &[Allowance]) -> bool {
    allowed.iter().any(|given| given.covers(&guard.needs))
}

/// Remarks on rules of the policy that name nothing.
pub(crate) fn idle_rules(policy: &PolicySpec, facts: &Facts<'_>) -> Vec<String> {
    protect::idle_rules(policy, facts)
}

/// Whether a change takes the object away, be it for a new one.
fn removes(change: &Change) -> bool {
    matches!(change.action, Action::Delete | Action::Replace)
}

/// The kind that objects of a kind belong to, where it is one that is managed.
fn above(kind: &str) -> Option<&'static str> {
    BELOW.iter().find(|(_, below)| *below == kind).map(|(above, _)| *above)
}

fn other_target(plan: &Plan, facts: &Facts<'_>) -> Option<Guard> {
    let (target, configured) = (plan.target.as_ref()?, facts.configured_url?);
    if same_address(&target.url, configured) {
        return None;
    }
    let message = t!(
        "the configuration is for {configured}, and this plan is for {url}",
        configured = configured,
        url = target.url
    );
    Some(Guard::new(Allowance::Target { url: target.url.clone() }, message, None))
}

/// Kind, id of the parent, id: what no two live objects share.
type Place<'a> = (&'a str, Option<&'a str>, &'a str);

/// A plan with what is live around it.
struct World<'a> {
    plan: &'a Plan,
    facts: &'a Facts<'a>,
    /// Changes of live objects.
    changes: BTreeMap<Place<'a>, &'a Change>,
    live: BTreeMap<Place<'a>, &'a Live>,
    unfinished: BTreeMap<&'a ObjectRef, &'a Change>,
}

/// What an object has that was created and got no value yet; a panel shows a price nobody set as 0 or none.
fn is_nothing(value: Option<&Value>) -> bool {
    match value {
        None | Some(Value::NoPrice) => true,
        Some(Value::Money(money)) => money.is_zero(),
        Some(Value::Text(text)) => text.is_empty(),
        Some(Value::Flag(flag)) => !flag,
        Some(_) => false,
    }
}

impl<'a> World<'a> {
    fn new(plan: &'a Plan, facts: &'a Facts<'a>) -> Self {
        let changes = plan.changes.iter().filter_map(|change| Some((place(change)?, change))).collect();
        let live = facts.snapshot.objects.iter().map(|live| (live.place(), live)).collect();
        let unfinished = facts.unfinished.iter().map(|change| (&change.object, change)).collect();
        Self { plan, facts, changes, live, unfinished }
    }

    fn change_of(&self, live: &Live) -> Option<&'a Change> {
        self.changes.get(&live.place()).copied()
    }

    fn live_of(&self, change: &Change) -> Option<&'a Live> {
        self.live.get(&place(change)?).copied()
    }

    /// Whether the change is only the rest of one that was allowed already: each field has the value that
    /// the last apply was to change, and goes where that was to bring it.
    fn continues(&self, change: &Change) -> bool {
        let Some(allowed) = self.unfinished.get(&change.object) else { return false };
        let new = |field: &FieldChange| allowed.action == Action::Create && is_nothing(field.before.as_ref());
        // A new price that is free says so in one word; an old one becomes 0 period by period.
        let free = prices::makes_free(allowed);
        let rest = |field: &FieldChange| {
            let known = allowed.fields.iter().find(|known| known.field == field.field);
            let same = known.is_some_and(|known| {
                known.after == field.after && (new(field) || known.before == field.before)
            });
            same || free && new(field) && is_nothing(field.after.as_ref())
        };
        change.action == Action::Update && change.fields.iter().all(rest)
    }

    fn managed(&self, kind: &str) -> usize {
        self.facts.managed.get(kind).copied().unwrap_or(0)
    }

    fn count(&self, of: impl Fn(&Change) -> bool) -> BTreeMap<&'a str, usize> {
        let mut counts = BTreeMap::new();
        for change in self.plan.changes.iter().filter(|change| of(change)) {
            *counts.entry(change.object.kind.as_str()).or_default() += 1;
        }
        counts
    }
}

fn place(change: &Change) -> Option<Place<'_>> {
    let parent = change.parent.as_ref().and_then(|parent| parent.id.as_deref());
    Some((&change.object.kind, parent, change.id.as_deref()?))
}
