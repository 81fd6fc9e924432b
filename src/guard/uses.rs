//! Objects that go away while others use them.
//!
//! Only what was read can be known here. Orders and services cannot be seen at all: a mapping counts as in
//! use while processors order through its licence server.

use super::{World, above, removes};
use crate::{
    kinds::Live,
    language::t,
    plan::{Action, Allowance, Change, Guard, Value},
};

const ITEM: &str = "enumeration-item";
const PRICE: &str = "price";
const PROCESSOR: &str = "processor";
const MAPPING: &str = "period-mapping";
const LICENCE_SERVER: &str = "licence_server";
/// More users than anybody reads.
const FIRST: usize = 5;

pub(super) fn guards(world: &World<'_>) -> Vec<Guard> {
    let removed = world.plan.changes.iter().filter(|change| removes(change));
    let guard = |change: &Change| {
        let mut users = users(world, change);
        users.sort();
        users.dedup();
        if users.is_empty() {
            return None;
        }
        let object = format!("{}/{}", change.object.kind, change.object.key);
        let verb = if change.action == Action::Delete {
            t!("the plan" => "deletes")
        } else {
            t!("the plan" => "replaces")
        };
        let message = t!("the plan {verb} {object}, which is in use", verb = verb, object = change.object);
        let more = match users.len().saturating_sub(FIRST) {
            0 => String::new(),
            more => t!(" and {more} more", more = more),
        };
        users.truncate(FIRST);
        let sum = t!(
            "used by {users}{more}; orders and services cannot be seen",
            users = users.join(", "),
            more = more
        );
        Some(Guard::new(Allowance::InUse { object }, message, Some(sum)))
    };
    removed.filter_map(guard).collect()
}

fn users(world: &World<'_>, change: &Change) -> Vec<String> {
    let Some(id) = change.id.as_deref() else { return Vec::new() };
    let (kind, replaced) = (change.object.kind.as_str(), change.action == Action::Replace);
    let mut users = Vec::new();
    for live in &world.facts.snapshot.objects {
        // What only goes along with something is there until that goes.
        let about = world.change_of(live).filter(|about| about.goes_with.is_none());
        // What goes too, or is moved to something else by the same plan, uses it no longer.
        if about.is_some_and(|about| about.action == Action::Delete) || goes_with_parent(world, live) {
            continue;
        }
        let about = about.filter(|_| !replaced);
        let refers = referring(live, about, kind, id).map(|field| format!("{} ({field})", live.object));
        users.extend(refers);
        let sold = kind == ITEM && live.object.kind == PRICE && live.identity == id;
        if sold && !off_sale(world, live, about) {
            users.push(live.object.to_string());
        }
        if kind == PROCESSOR && live.object.kind == MAPPING && live.parent() == Some(id) {
            users.push(live.object.to_string());
        }
    }
    if kind == MAPPING {
        let server = change.parent.as_ref().and_then(|parent| parent.id.as_deref());
        users.extend(server.into_iter().flat_map(|server| ordering_from(world, server)));
    }
    users
}

/// The fields of a live object that refer to that one, once the plan is carried out.
fn referring<'a>(
    live: &'a Live,
    about: Option<&'a Change>,
    kind: &'a str,
    id: &'a str,
) -> impl Iterator<Item = &'a str> {
    let fields = live.fields.iter().flat_map(|fields| fields.keys());
    let meant = move |name: &&String| match value(live, about, name) {
        Some(Value::Ref(reference)) => reference.kind == kind && reference.id.as_deref() == Some(id),
        _ => false,
    };
    fields.filter(meant).map(String::as_str)
}

/// Processors that order their licences from that one.
fn ordering_from<'a>(world: &'a World<'_>, server: &'a str) -> impl Iterator<Item = String> + 'a {
    let live = world.facts.snapshot.of_kind(PROCESSOR);
    let orders = move |live: &&Live| {
        let about = world.change_of(live);
        let stays = about.is_none_or(|about| about.action != Action::Delete);
        stays && referring(live, about, PROCESSOR, server).any(|field| field == LICENCE_SERVER)
    };
    live.filter(orders).map(|live| t!("{object} (orders through it)", object = live.object))
}

fn value<'a>(live: &'a Live, about: Option<&'a Change>, name: &str) -> Option<&'a Value> {
    let planned = about.and_then(|about| about.fields.iter().find(|field| field.field == name));
    match planned {
        Some(field) => field.after.as_ref(),
        None => live.fields.as_ref()?.get(name),
    }
}

/// Whether nobody can choose the price, once the plan is carried out.
fn off_sale(world: &World<'_>, live: &Live, about: Option<&Change>) -> bool {
    let planned = about.and_then(|about| about.fields.iter().find(|field| field.field == "offered"));
    match planned {
        Some(field) => field.after == Some(Value::Flag(false)),
        None => {
            let row = live.parent().map(|resource| (resource.to_owned(), live.id.clone()));
            row.is_some_and(|row| world.facts.snapshot.off_sale.contains(&row))
        }
    }
}

/// Whether something above the object is deleted or replaced: then it goes too.
fn goes_with_parent(world: &World<'_>, live: &Live) -> bool {
    let (Some(parent), Some(above)) = (live.parent(), above(&live.object.kind)) else { return false };
    // A price names two parents, and its resource the tariff plan alone.
    let grand = live.parents.len().checked_sub(2).map(|at| live.parents[at].as_str());
    world.changes.get(&(above, grand, parent)).is_some_and(|change| removes(change))
}
