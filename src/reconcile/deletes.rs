//! What a plan deletes, and in which order.

use std::collections::{BTreeMap, BTreeSet};

use super::names::Names;
use crate::{
    config::Config,
    kinds::{ALL, Desired, Kind, Live, Snapshot},
    language::t,
    plan::{Action, Change, FieldChange, LeftAlone, ObjectRef, Reference, Unmanaged, Value},
};

/// Live objects that nothing in the configuration means: deleted where `prune` says so, else left alone.
/// What goes with a deleted or replaced object is deleted, too, and said to go with it.
pub(super) fn leftovers(
    config: &Config,
    snapshot: &Snapshot,
    desired: &Desired,
    changes: &[Change],
    unmanaged: &mut Vec<Unmanaged>,
) -> (Vec<Change>, Vec<LeftAlone>) {
    // What is taken away, by kind and id, with the object whose change does that.
    let mut doomed: BTreeMap<(&str, &str), ObjectRef> = changes
        .iter()
        .filter(|change| change.action == Action::Replace)
        .filter_map(|change| {
            Some(((change.object.kind.as_str(), change.id.as_deref()?), change.object.clone()))
        })
        .collect();
    let names = Names::new(snapshot, &desired.objects);
    let (mut deletes, mut along, mut left) = (Vec::new(), Vec::new(), Vec::new());
    for kind in ALL {
        let mut own = Vec::new();
        for live in snapshot.of_kind(kind.name()) {
            let (kind_name, parent, id) = live.place();
            let claim = (kind_name.to_owned(), parent.map(str::to_owned), id.to_owned());
            if desired.claimed.contains(&claim) {
                continue;
            }
            let object = names.of(*kind, live);
            let above = kind.parent_kind().zip(parent).into_iter().chain(kind.also_goes_with(live));
            if let Some(cause) = above.filter_map(|place| doomed.get(&place)).next().cloned() {
                doomed.insert((kind_name, id), cause.clone());
                let change = delete(&names, *kind, live, object, t!("goes with {cause}", cause = cause));
                along.push(Change { depends_on: vec![cause.clone()], goes_with: Some(cause), ..change });
                continue;
            }
            match config.spec.prune_rule(&object) {
                Some(rule) if !kind.comes_with_parent() => {
                    if let Some(unread) = unread_below(snapshot, &object, &live.id) {
                        unmanaged.push(unread);
                        continue;
                    }
                    doomed.insert((kind_name, id), object.clone());
                    let why = t!("not in the configuration, and `prune` lists `{rule}`", rule = rule);
                    own.push(delete(&names, *kind, live, object, why));
                }
                _ => left.push(LeftAlone { object, id: live.id.clone() }),
            }
        }
        // The last kinds first: what refers to others goes before them.
        own.append(&mut deletes);
        deletes = own;
    }
    deletes.append(&mut along);
    left.sort_by(|one, two| one.object.cmp(&two.object).then(one.id.cmp(&two.id)));
    (deletes, left)
}

/// Refuses to delete an object while it cannot be read what would go with it.
fn unread_below(snapshot: &Snapshot, object: &ObjectRef, id: &str) -> Option<Unmanaged> {
    let below = ALL.iter().filter(|kind| kind.parent_kind() == Some(object.kind.as_str()));
    let unknown = below.filter_map(|kind| snapshot.closed.get(&format!("{} {id}", kind.name()))).next()?;
    Some(Unmanaged {
        what: t!("the delete of {object}", object = object),
        delete: Some(object.clone()),
        why: t!("what would go with it cannot be read: {why}", why = unknown.why),
        help: unknown.help(),
        origin: None,
    })
}

fn delete(names: &Names<'_>, kind: &dyn Kind, live: &Live, object: ObjectRef, why: String) -> Change {
    let known = live.fields.iter().flatten().filter(|(name, _)| !name.starts_with("parameters."));
    let fields = known.map(|(name, value)| FieldChange {
        field: name.clone(),
        before: Some(value.clone()),
        after: None,
        origin: None,
        formula: None,
    });
    let parent = live.parent().map(|id| {
        let above = kind.parent_kind().and_then(|kind| Some((kind, names.key(kind, id)?)));
        let (kind, key) = above.unwrap_or(("", id));
        Reference { kind: kind.to_owned(), key: key.to_owned(), id: Some(id.to_owned()) }
    });
    Change {
        action: Action::Delete,
        id: Some(live.id.clone()),
        parent,
        reason: Some(why),
        origin: None,
        depends_on: Vec::new(),
        goes_with: None,
        fields: fields.collect(),
        live: live.fields.clone().unwrap_or_default(),
        object,
    }
}

/// An object goes only once all that refers to it, or lies in it, has let go of it.
pub(super) fn hold_back_deletes(changes: &mut [Change]) {
    let own: BTreeMap<&ObjectRef, usize> = (0..changes.len())
        .filter(|index| changes[*index].action == Action::Delete && changes[*index].goes_with.is_none())
        .map(|index| (&changes[index].object, index))
        .collect();
    let deletes = changes.iter().filter(|change| change.action == Action::Delete);
    let by_id: BTreeMap<(&str, &str), usize> = deletes
        .filter_map(|change| {
            // What only goes along is held back with the object that takes it.
            let held = own.get(change.goes_with.as_ref().unwrap_or(&change.object))?;
            Some(((change.object.kind.as_str(), change.id.as_deref()?), *held))
        })
        .collect();
    let mut needs: BTreeMap<usize, BTreeSet<ObjectRef>> = BTreeMap::new();
    for (index, change) in changes.iter().enumerate().filter(|(_, change)| change.goes_with.is_none()) {
        let references = change.live.values().filter_map(|value| match value {
            Value::Ref(reference) => Some(reference),
            _ => None,
        });
        for reference in references.chain(&change.parent) {
            let place = reference.id.as_deref().map(|id| (reference.kind.as_str(), id));
            if let Some(held) = place.and_then(|place| by_id.get(&place)).filter(|held| **held != index) {
                needs.entry(*held).or_default().insert(change.object.clone());
            }
        }
    }
    for (held, objects) in needs {
        changes[held].depends_on.extend(objects);
    }
}
