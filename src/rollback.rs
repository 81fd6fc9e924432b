//! The way back from an apply, as a plan: what that apply did, the other way round, from what the panel has
//! now. Pure.

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    guard::{self, Facts},
    journal::{Deed, Entry},
    kinds::{ALL, Kind, Live, Snapshot},
    language::t,
    plan::{Action, Change, Fate, FieldChange, ObjectRef, Plan, Reference, Unmanaged, Value},
};

/// Plans the way back from an apply of the past.
pub(crate) fn plan(entry: &Entry, snapshot: &Snapshot) -> Plan {
    let mut back = Back::new(entry, snapshot);
    let changes = &entry.plan.plan.changes;
    for change in changes.iter().filter(|change| change.goes_with.is_none()).rev() {
        if let Some(deed) = entry.deeds.get(&change.object).filter(|deed| deed.touched()) {
            back.undo(change, deed.id.as_deref(), is_done(deed));
            // What went along with it comes back after it.
            for along in changes.iter().filter(|other| other.goes_with.as_ref() == Some(&change.object)) {
                back.undo(along, None, false);
            }
        }
    }
    back.link();
    let Back { changes, unmanaged, notes, unchanged, .. } = back;
    let mut plan = Plan {
        target: snapshot.target.clone(),
        summary: Plan::summarise(&changes, 0, unchanged),
        changes,
        unmanaged,
        notes,
        reads: snapshot.proofs.clone(),
        ..Plan::empty()
    };
    let spec = &entry.plan.config.spec;
    let facts = Facts {
        snapshot,
        wanted: &[],
        managed: read_by_kind(snapshot),
        configured_url: spec.panel.as_ref().map(|panel| panel.url.as_str()),
        known_target: true,
        unfinished: &[],
    };
    plan.guards = guard::guards(&plan, &spec.policy, &facts);
    plan
}

/// How many objects of each kind the apply's configuration means: those whose forms were read.
fn read_by_kind(snapshot: &Snapshot) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for live in snapshot.objects.iter().filter(|live| live.fields.is_some()) {
        *counts.entry(live.object.kind.clone()).or_default() += 1;
    }
    counts
}

/// What to do about an object that cannot be created from what is known of it.
fn configure() -> String {
    t!("describe it in the configuration, and apply that")
}

fn kind_of(change: &Change) -> Option<&'static dyn Kind> {
    ALL.iter().find(|kind| kind.name() == change.object.kind).copied()
}

fn comes_with_parent(change: &Change) -> bool {
    kind_of(change).is_some_and(Kind::comes_with_parent)
}

/// Why the object cannot be created from what the journal has of it: its form may not show all that
/// creating it takes, a processor's password for one.
fn not_enough(change: &Change) -> Option<String> {
    if change.live.is_empty() {
        return Some(t!("the journal does not say what it was"));
    }
    let needed = kind_of(change).map_or(&[][..], Kind::creation_only).iter();
    let missing: Vec<&str> = needed.copied().filter(|field| !change.live.contains_key(*field)).collect();
    let why = || {
        let fields = missing.join(&format!(" {} ", t!("and")));
        t!("the panel does not show its {fields}, which creating it takes", fields = fields)
    };
    (!missing.is_empty()).then(why)
}

/// Whether the object in the place of a replaced one is the one that came for it.
fn is_new(change: &Change, done: bool, live: &Live) -> bool {
    done || change.id.as_ref() != Some(&live.id)
}

fn is_done(deed: &Deed) -> bool {
    deed.result.as_ref().is_some_and(|result| result.fate == Fate::Done)
}

struct Back<'a> {
    entry: &'a Entry,
    snapshot: &'a Snapshot,
    /// What the apply deleted, by kind and id, with its key: it will have other ids than before.
    gone: BTreeMap<(&'a str, &'a str), &'a str>,
    changes: Vec<Change>,
    unmanaged: Vec<Unmanaged>,
    notes: Vec<String>,
    unchanged: usize,
}

impl<'a> Back<'a> {
    fn new(entry: &'a Entry, snapshot: &'a Snapshot) -> Self {
        let deleted = entry.plan.plan.changes.iter().filter(|change| change.action == Action::Delete);
        let gone = deleted
            .filter(|change| {
                let by = change.goes_with.as_ref().unwrap_or(&change.object);
                entry.deeds.get(by).is_some_and(Deed::touched)
            })
            .filter_map(|change| {
                let ObjectRef { kind, key } = &change.object;
                Some(((kind.as_str(), change.id.as_deref()?), key.as_str()))
            })
            .collect();
        Self { entry, snapshot, gone, changes: vec![], unmanaged: vec![], notes: vec![], unchanged: 0 }
    }

    /// Undoes a change; `id` is the one that the object was given, and `done` says whether all went well.
    fn undo(&mut self, change: &'a Change, id: Option<&str>, done: bool) {
        let live = self.find(change, id);
        match (change.action, live) {
            (Action::Update, Some(live)) => self.restore(change, live),
            // It goes with the object above it, as it came.
            (Action::Create, Some(_)) if comes_with_parent(change) => self.unchanged += 1,
            (Action::Create, Some(live)) => self.remove(change, live),
            (Action::Replace, Some(live)) if is_new(change, done, live) => self.replace(change, live),
            (Action::Delete, None) | (Action::Replace, None) => self.recreate(change),
            (Action::Delete, Some(_)) | (Action::Create, None) => self.unchanged += 1,
            (Action::Replace, Some(_)) => self.unchanged += 1,
            (Action::Update, None) => {
                self.cannot(change, t!("it is gone by now"), configure());
            }
        }
    }

    /// The object as it is now: by the id that it had, or was given.
    fn find(&self, change: &'a Change, id: Option<&str>) -> Option<&'a Live> {
        let parent = self.parent(change).and_then(|parent| parent.id);
        let find = |id: Option<&str>| {
            self.snapshot.of_kind(&change.object.kind).find(|live| match id {
                Some(id) => live.id == id && (parent.is_none() || live.parent() == parent.as_deref()),
                None => live.object == change.object && live.parent() == parent.as_deref(),
            })
        };
        let found = find(id.or(change.id.as_deref()));
        // Of what was replaced the new id may not have been learnt.
        found.or_else(|| if change.action == Action::Replace { find(None) } else { None })
    }

    /// What the object belongs to, with the id that it has now: it may have come into being with the apply.
    fn parent(&self, change: &Change) -> Option<Reference> {
        let parent = change.parent.as_ref()?;
        let object = ObjectRef { kind: parent.kind.clone(), key: parent.key.clone() };
        let known = self.entry.deeds.get(&object).and_then(|deed| deed.id.clone());
        Some(Reference { id: known.or_else(|| parent.id.clone()), ..parent.clone() })
    }

    fn restore(&mut self, change: &Change, live: &Live) {
        let mut fields = Vec::new();
        for field in &change.fields {
            let now = live.field(&field.field);
            if field.after == Some(Value::Secret) {
                self.notes.push(t!(
                    "`{field}` of {object} was sent then; what it was before, nobody can read",
                    field = field.field,
                    object = change.object
                ));
                continue;
            }
            let before = match (&field.before, &field.after) {
                (None, Some(Value::Text(_))) => Some(Value::Text(String::new())),
                (None, Some(Value::Money(_))) => Some(Value::NoPrice),
                (before, _) => before.as_ref().map(|before| self.renewed(before)),
            };
            if now == before.as_ref() || (now.is_none() && field.before.is_none()) {
                continue;
            }
            if now != field.after.as_ref() {
                let shown = now.map_or_else(|| t!("of a value" => "nothing"), |value| format!("`{value}`"));
                self.notes.push(t!(
                    "`{field}` of {object} was changed again after that apply: it is {value} now",
                    field = field.field,
                    object = change.object,
                    value = shown
                ));
            }
            fields.push(FieldChange {
                field: field.field.clone(),
                before: now.cloned(),
                after: before,
                origin: None,
                formula: None,
            });
        }
        if fields.is_empty() {
            self.unchanged += 1;
            return;
        }
        let reason = t!("as it was before the apply {id}", id = self.entry.id);
        self.push(change, Action::Update, Some(live), reason, fields);
    }

    fn remove(&mut self, change: &Change, live: &Live) {
        let fields = live.fields.iter().flatten().map(|(name, value)| FieldChange {
            field: name.clone(),
            before: Some(value.clone()),
            after: None,
            origin: None,
            formula: None,
        });
        let reason = t!("created by the apply {id}", id = self.entry.id);
        self.push(change, Action::Delete, Some(live), reason, fields.collect());
    }

    fn replace(&mut self, change: &Change, live: &Live) {
        // It would be deleted, and could not be created again.
        if let Some(why) = not_enough(change) {
            return self.cannot(change, why, configure());
        }
        let reason = t!("replaced by the apply {id}", id = self.entry.id);
        let fields = self.as_before(change, Some(live));
        self.push(change, Action::Replace, Some(live), reason, fields);
    }

    fn recreate(&mut self, change: &Change) {
        if let Some(why) = not_enough(change) {
            return self.cannot(change, why, configure());
        }
        self.notes.push(t!(
            "{object} is created anew with the fields that billform knows; what else it had is lost",
            object = change.object
        ));
        let reason = t!("deleted by the apply {id}", id = self.entry.id);
        let fields = self.as_before(change, None);
        self.push(change, Action::Create, None, reason, fields);
    }

    /// All that the journal knows of the object, as fields to write.
    fn as_before(&self, change: &Change, now: Option<&Live>) -> Vec<FieldChange> {
        let fields = change.live.iter().map(|(name, value)| FieldChange {
            field: name.clone(),
            before: now.and_then(|live| live.field(name)).cloned(),
            after: Some(self.renewed(value)),
            origin: None,
            formula: None,
        });
        fields.collect()
    }

    /// A reference to something that is created anew has no id yet.
    fn renewed(&self, value: &Value) -> Value {
        let Value::Ref(reference) = value else { return value.clone() };
        Value::Ref(self.renewed_reference(reference))
    }

    fn renewed_reference(&self, reference: &Reference) -> Reference {
        let place = reference.id.as_deref().map(|id| (reference.kind.as_str(), id));
        match place.and_then(|place| self.gone.get(&place)) {
            Some(key) => Reference { kind: reference.kind.clone(), key: (*key).to_owned(), id: None },
            None => reference.clone(),
        }
    }

    fn cannot(&mut self, change: &Change, why: String, help: String) {
        let what = change.object.to_string();
        self.unmanaged.push(Unmanaged { what, delete: None, why, help, origin: None });
    }

    fn push(
        &mut self,
        change: &Change,
        action: Action,
        live: Option<&Live>,
        reason: String,
        fields: Vec<FieldChange>,
    ) {
        let parent = self.parent(change).map(|parent| self.renewed_reference(&parent));
        let (object, parent) = self.named(change, parent);
        self.changes.push(Change {
            action,
            object,
            id: live.map(|live| live.id.clone()),
            parent,
            reason: Some(reason),
            origin: None,
            depends_on: change.goes_with.iter().cloned().collect(),
            goes_with: None,
            fields,
            live: live.and_then(|live| live.fields.clone()).unwrap_or_default(),
        });
    }

    /// What went along with something that was replaced comes back below what comes in its place.
    fn named(&self, change: &Change, parent: Option<Reference>) -> (ObjectRef, Option<Reference>) {
        let unchanged = (change.object.clone(), parent.clone());
        let (Some(cause), Some(parent)) = (&change.goes_with, parent) else { return unchanged };
        let mut all = self.entry.plan.plan.changes.iter();
        let replaced = all.find(|other| other.object == *cause && other.action == Action::Replace);
        let own = change.object.key.strip_prefix(&parent.key).and_then(|own| own.strip_prefix('/'));
        match (replaced, own) {
            (Some(replaced), Some(own)) if replaced.id == parent.id => {
                let ObjectRef { kind, key } = replaced.object.clone();
                let object = ObjectRef { key: format!("{key}/{own}"), ..change.object.clone() };
                (object, Some(Reference { kind, key, id: None }))
            }
            _ => unchanged,
        }
    }

    /// What came after something goes back before it, but for what goes along with an object.
    fn link(&mut self) {
        let here: BTreeSet<ObjectRef> = self.changes.iter().map(|change| change.object.clone()).collect();
        let mut needs: BTreeMap<&ObjectRef, Vec<ObjectRef>> = BTreeMap::new();
        let own = |change: &&Change| change.goes_with.is_none() && here.contains(&change.object);
        for change in self.entry.plan.plan.changes.iter().filter(own) {
            for earlier in change.depends_on.iter().filter(|earlier| here.contains(*earlier)) {
                needs.entry(earlier).or_default().push(change.object.clone());
            }
        }
        for change in &mut self.changes {
            change.depends_on.extend(needs.remove(&change.object).unwrap_or_default());
        }
    }
}
