//! The way back from an apply, as a plan: what that apply did, the other way round, from what the panel has
//! now. Pure.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    guard::{self, Facts},
    journal::{Deed, Entry},
    kinds::{ALL, Live, Snapshot},
    plan::{Action, Change, FieldChange, ObjectRef, Plan, Reference, Unmanaged, Value},
};

/// Plans the way back from an apply of the past.
pub(crate) fn plan(entry: &Entry, snapshot: &Snapshot) -> Plan {
    let mut back = Back::new(entry, snapshot);
    for change in entry.plan.plan.changes.iter().rev() {
        if let Some(deed) = entry.deeds.get(&change.object).filter(|deed| deed.touched()) {
            back.undo(change, deed);
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

fn comes_with_parent(change: &Change) -> bool {
    ALL.iter().any(|kind| kind.name() == change.object.kind && kind.comes_with_parent())
}

struct Back<'a> {
    entry: &'a Entry,
    snapshot: &'a Snapshot,
    live: BTreeMap<(&'a str, Option<&'a str>, &'a str), &'a Live>,
    /// What the apply deleted: it will have other ids than before.
    gone: BTreeSet<(&'a str, &'a str)>,
    changes: Vec<Change>,
    unmanaged: Vec<Unmanaged>,
    notes: Vec<String>,
    unchanged: usize,
}

impl<'a> Back<'a> {
    fn new(entry: &'a Entry, snapshot: &'a Snapshot) -> Self {
        let live = snapshot.objects.iter().map(|live| (live.place(), live)).collect();
        let deleted = entry.plan.plan.changes.iter().filter(|change| change.action == Action::Delete);
        let gone = deleted
            .filter(|change| entry.deeds.get(&change.object).is_some_and(Deed::touched))
            .filter_map(|change| Some((change.object.kind.as_str(), change.id.as_deref()?)))
            .collect();
        Self { entry, snapshot, live, gone, changes: vec![], unmanaged: vec![], notes: vec![], unchanged: 0 }
    }

    fn undo(&mut self, change: &'a Change, deed: &'a Deed) {
        let live = self.find(change, deed);
        match (change.action, live) {
            (Action::Update, Some(live)) => self.restore(change, live),
            // It goes with the object above it, as it came.
            (Action::Create, Some(_)) if comes_with_parent(change) => self.unchanged += 1,
            (Action::Create, Some(live)) => self.remove(change, live),
            (Action::Replace, Some(live)) if deed.id.is_some() => self.replace(change, live),
            (Action::Delete, None) | (Action::Replace, None) => self.recreate(change),
            (Action::Delete, Some(_)) | (Action::Create, None) => self.unchanged += 1,
            (Action::Replace, Some(_)) => self.unchanged += 1,
            (Action::Update, None) => {
                let why = "it is gone by now".to_owned();
                self.cannot(change, why, "create it again by applying a configuration that has it");
            }
        }
    }

    /// The object as it is now: by the id that it had, or was given.
    fn find(&self, change: &'a Change, deed: &'a Deed) -> Option<&'a Live> {
        let ids = self.entry.ids();
        let parent = change.parent.as_ref().and_then(|parent| {
            let object = ObjectRef { kind: parent.kind.clone(), key: parent.key.clone() };
            parent.id.clone().or_else(|| ids.get(&object).cloned())
        });
        let id = deed.id.as_deref().or(change.id.as_deref());
        let kind = change.object.kind.as_str();
        self.snapshot
            .of_kind(kind)
            .find(|live| match id {
                Some(id) => live.id == id && (parent.is_none() || live.parent() == parent.as_deref()),
                None => live.object == change.object && live.parent() == parent.as_deref(),
            })
            .filter(|live| self.live.contains_key(&live.place()))
    }

    fn restore(&mut self, change: &Change, live: &Live) {
        let mut fields = Vec::new();
        for field in &change.fields {
            let now = live.field(&field.field);
            if field.after == Some(Value::Secret) {
                self.notes.push(format!(
                    "`{}` of {} was sent then; what it was before, nobody can read",
                    field.field, change.object
                ));
                continue;
            }
            let before = match (&field.before, &field.after) {
                (None, Some(Value::Text(_))) => Some(Value::Text(String::new())),
                (None, Some(Value::Money(_))) => Some(Value::NoPrice),
                (before, _) => before.clone(),
            };
            if now == before.as_ref() || (now.is_none() && field.before.is_none()) {
                continue;
            }
            if now != field.after.as_ref() {
                let shown = now.map_or("nothing".to_owned(), |value| format!("`{value}`"));
                self.notes.push(format!(
                    "`{}` of {} was changed again after that apply: it is {shown} now",
                    field.field, change.object
                ));
            }
            fields.push(FieldChange {
                field: field.field.clone(),
                before: now.cloned(),
                after: before,
                origin: None,
            });
        }
        if fields.is_empty() {
            self.unchanged += 1;
            return;
        }
        let reason = format!("as it was before the apply {}", self.entry.id);
        self.push(change, Action::Update, Some(live), reason, fields);
    }

    fn remove(&mut self, change: &Change, live: &Live) {
        let fields = live.fields.iter().flatten().map(|(name, value)| FieldChange {
            field: name.clone(),
            before: Some(value.clone()),
            after: None,
            origin: None,
        });
        let reason = format!("created by the apply {}", self.entry.id);
        self.push(change, Action::Delete, Some(live), reason, fields.collect());
    }

    fn replace(&mut self, change: &Change, live: &Live) {
        let reason = format!("replaced by the apply {}", self.entry.id);
        let fields = self.as_before(change, Some(live));
        self.push(change, Action::Replace, Some(live), reason, fields);
    }

    fn recreate(&mut self, change: &Change) {
        if change.live.is_empty() {
            let why = "the journal does not say what it was".to_owned();
            return self.cannot(change, why, "create it by applying a configuration that has it");
        }
        if self.lacks_secret(change) {
            let why = "its password is not known".to_owned();
            return self.cannot(
                change,
                why,
                "put it into the configuration with its password, and apply that",
            );
        }
        self.notes.push(format!(
            "{} is created anew with the fields that billform knows; what else it had is lost",
            change.object
        ));
        let reason = format!("deleted by the apply {}", self.entry.id);
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
        });
        fields.collect()
    }

    /// A reference to something that is created anew has no id yet.
    fn renewed(&self, value: &Value) -> Value {
        let Value::Ref(reference) = value else { return value.clone() };
        Value::Ref(self.renewed_reference(reference))
    }

    fn renewed_reference(&self, reference: &Reference) -> Reference {
        let gone = |id: &String| self.gone.contains(&(reference.kind.as_str(), id.as_str()));
        Reference { id: reference.id.clone().filter(|id| !gone(id)), ..reference.clone() }
    }

    fn lacks_secret(&self, change: &Change) -> bool {
        let known = &self.entry.plan.config.spec.processors;
        change.live.values().any(|value| *value == Value::Secret)
            && !known.iter().any(|(key, spec)| key.as_str() == change.object.key && spec.password.is_some())
    }

    fn cannot(&mut self, change: &Change, why: String, help: &str) {
        let what = change.object.to_string();
        self.unmanaged.push(Unmanaged { what, why, help: help.to_owned(), origin: None });
    }

    fn push(
        &mut self,
        change: &Change,
        action: Action,
        live: Option<&Live>,
        reason: String,
        fields: Vec<FieldChange>,
    ) {
        let ids = self.entry.ids();
        let parent = change.parent.as_ref().map(|parent| {
            let object = ObjectRef { kind: parent.kind.clone(), key: parent.key.clone() };
            let id = parent.id.clone().or_else(|| ids.get(&object).cloned());
            self.renewed_reference(&Reference { id, ..parent.clone() })
        });
        self.changes.push(Change {
            action,
            object: change.object.clone(),
            id: live.map(|live| live.id.clone()),
            parent,
            reason: Some(reason),
            origin: None,
            depends_on: Vec::new(),
            fields,
            live: live.and_then(|live| live.fields.clone()).unwrap_or_default(),
        });
    }

    /// What came after something goes back before it.
    fn link(&mut self) {
        let here: BTreeSet<ObjectRef> = self.changes.iter().map(|change| change.object.clone()).collect();
        let mut needs: BTreeMap<&ObjectRef, Vec<ObjectRef>> = BTreeMap::new();
        for change in self.entry.plan.plan.changes.iter().filter(|change| here.contains(&change.object)) {
            for earlier in change.depends_on.iter().filter(|earlier| here.contains(*earlier)) {
                needs.entry(earlier).or_default().push(change.object.clone());
            }
        }
        for change in &mut self.changes {
            change.depends_on = needs.remove(&change.object).unwrap_or_default();
        }
    }
}
