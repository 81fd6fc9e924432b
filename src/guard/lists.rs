//! Lists that a plan leaves without any entry.

use std::collections::BTreeMap;

use super::{World, above, removes};
use crate::{
    kinds::Live,
    language::t,
    plan::{Action, Allowance, Guard},
};

/// What one parent has of one kind, before and after.
#[derive(Default)]
struct List {
    key: String,
    deleted: usize,
    created: usize,
}

/// Lists whose last entries go. That the entries' parent goes too is said by its own delete.
pub(super) fn emptied(world: &World<'_>) -> Vec<Guard> {
    let mut lists: BTreeMap<(&str, Option<&str>), List> = BTreeMap::new();
    for change in world.plan.changes.iter().filter(|change| change.goes_with.is_none()) {
        let parent = change.parent.as_ref();
        let list = lists.entry((&change.object.kind, parent.and_then(|parent| parent.id.as_deref())));
        let list = list.or_default();
        match change.action {
            Action::Delete => list.deleted += 1,
            Action::Create => list.created += 1,
            Action::Update | Action::Replace => continue,
        }
        list.key = parent.map_or(String::new(), |parent| parent.key.clone());
    }
    let mut live: BTreeMap<(&str, Option<&str>), usize> = BTreeMap::new();
    let along = |object: &&Live| world.change_of(object).is_some_and(|change| change.goes_with.is_some());
    for object in world.facts.snapshot.objects.iter().filter(|object| !along(object)) {
        *live.entry((&object.object.kind, object.parent())).or_default() += 1;
    }
    let gone = |kind: &str, parent: &str| {
        let change = above(kind).and_then(|above| world.changes.get(&(above, None, parent)));
        change.is_some_and(|change| removes(change))
    };
    let emptied = lists.into_iter().filter_map(|((kind, parent), list)| {
        let there = live.get(&(kind, parent)).copied().unwrap_or(0);
        let left = (there + list.created).saturating_sub(list.deleted);
        if list.deleted == 0 || left > 0 || parent.is_some_and(|parent| gone(kind, parent)) {
            return None;
        }
        let (name, message) = match parent {
            None => (kind.to_owned(), t!("no {kind} would be left", kind = kind)),
            Some(_) => (
                format!("{kind}/{}", list.key),
                t!("`{key}` would be left without any {kind}", key = list.key, kind = kind),
            ),
        };
        let sum = t!("{count} of {whole}", count = list.deleted, whole = there);
        Some(Guard::new(Allowance::Empty { list: name }, message, Some(sum)))
    });
    emptied.collect()
}
