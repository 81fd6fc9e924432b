//! Compares what is wanted with what is live, and says what to do about it. Pure.

mod deletes;
mod ignore;
mod names;

use std::{
    collections::{BTreeMap, BTreeSet},
    panic::resume_unwind,
    thread,
};

use crate::{
    config::Config,
    dialect::Dialect,
    guard::{self, Facts},
    kinds::{ALL, ConfigSpec, Desired, Index, Input, Live, Match, Snapshot, Wanted},
    language::t,
    plan::{Action, Change, FieldChange, ObjectRef, Plan, Selection, Unmanaged, Value},
    source::Problem,
};

/// What is asked of a plan besides the difference.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ask {
    /// Objects whose secrets are to be sent although nobody can tell whether they differ.
    pub(crate) rotate: BTreeSet<ObjectRef>,
    /// Which of the changes to keep.
    pub(crate) selection: Selection,
    /// Whether something is known to have been applied to this panel before; false where that is not known.
    pub(crate) known_target: bool,
    /// What the last apply was allowed to do and did not come to.
    pub(crate) unfinished: Vec<Change>,
}

/// Makes the plan, or says what in the configuration does not fit the panel.
pub(crate) fn plan(config: &Config, snapshot: &Snapshot, ask: &Ask) -> Result<Plan, Vec<Problem>> {
    review(config, snapshot, ask).map(|review| review.plan)
}

/// A plan beside what it was made from, which knows where the configuration says so.
pub(crate) struct Review {
    pub(crate) plan: Plan,
    pub(crate) wanted: Vec<Wanted>,
    /// Live objects that the configuration speaks of, by kind, parent and id.
    pub(crate) claimed: BTreeSet<(String, Option<String>, String)>,
}

/// Makes the plan like [`plan`], and keeps what was wanted.
pub(crate) fn review(config: &Config, snapshot: &Snapshot, ask: &Ask) -> Result<Review, Vec<Problem>> {
    let mut desired = desire(config, snapshot, None);
    if !desired.problems.is_empty() {
        return Err(desired.problems);
    }
    let plan = diff(config, snapshot, &mut desired, ask);
    Ok(Review { plan, wanted: desired.objects, claimed: desired.claimed })
}

fn desire(config: &Config, snapshot: &Snapshot, twin: Option<&ConfigSpec>) -> Desired {
    let dialect = Dialect::new(config.spec.dialect.clone());
    let index = Index::new(snapshot);
    let input = Input {
        spec: &config.spec,
        sources: &config.sources,
        formulas: &config.formulas,
        snapshot,
        dialect: &dialect,
        index: &index,
        twin,
    };
    let mut desired = Desired::default();
    for kind in ALL {
        kind.want(input, &mut desired);
    }
    desired
}

/// Compares two configurations without a panel: what applying the second after the first would change.
pub(crate) fn compare(before: &Config, after: &Config) -> Plan {
    let snapshot = Snapshot::offline();
    // Both sides at once: of two large configurations this is most of the work.
    let (old, Desired { objects: new, alike, .. }) = thread::scope(|scope| {
        let old = scope.spawn(|| desire(before, &snapshot, Some(&after.spec)).objects);
        let new = desire(after, &snapshot, Some(&before.spec));
        (old.join().unwrap_or_else(|panic| resume_unwind(panic)), new)
    });
    let known: BTreeMap<&ObjectRef, &Wanted> = old.iter().map(|wanted| (&wanted.object, wanted)).collect();
    let kept: BTreeSet<&ObjectRef> = new.iter().map(|wanted| &wanted.object).collect();
    let mut changes = Vec::new();
    let mut unchanged = alike;
    for wanted in &new {
        match known.get(&wanted.object) {
            None => changes.push(create(after, wanted)),
            Some(earlier) if earlier.fields == wanted.fields => unchanged += 1,
            Some(earlier) => changes.push(differ(after, earlier, wanted)),
        }
    }
    let gone = old.iter().rev().filter(|wanted| !kept.contains(&wanted.object));
    changes.extend(gone.map(|wanted| dropped(before, wanted)));
    link(&mut changes, &new);
    let mut plan = Plan { summary: Plan::summarise(&changes, 0, unchanged), changes, ..Plan::empty() };
    plan.guards = guard::offline(&plan, &after.spec.policy);
    plan
}

fn differ(config: &Config, earlier: &Wanted, wanted: &Wanted) -> Change {
    let names: BTreeSet<&String> = earlier.fields.keys().chain(wanted.fields.keys()).collect();
    let differing = names.into_iter().filter(|name| earlier.fields.get(*name) != wanted.fields.get(*name));
    let fields = differing.map(|name| {
        field(config, wanted, name, earlier.fields.get(name).cloned(), wanted.fields.get(name).cloned())
    });
    change(config, wanted, Action::Update, None, fields.collect())
}

/// What the second configuration does not mention is left alone on a panel; between two
/// configurations it is gone.
fn dropped(config: &Config, wanted: &Wanted) -> Change {
    let fields =
        wanted.fields.iter().map(|(name, value)| field(config, wanted, name, Some(value.clone()), None));
    let mut change = change(config, wanted, Action::Delete, None, fields.collect());
    change.reason = Some(t!("no longer in the configuration"));
    change
}

fn diff(config: &Config, snapshot: &Snapshot, desired: &mut Desired, ask: &Ask) -> Plan {
    let live: BTreeMap<_, &Live> = snapshot.objects.iter().map(|live| (live.place(), live)).collect();
    let mut changes = Vec::new();
    let mut unmanaged = std::mem::take(&mut desired.unmanaged);
    let (mut unchanged, mut ignored) = (0, 0);
    let mut rules = ignore::Rules::new(config);
    for wanted in &desired.objects {
        let parent = wanted.parent.as_ref().and_then(|parent| parent.id.as_deref());
        let here = |id: &str| live.get(&(wanted.object.kind.as_str(), parent, id)).copied();
        let change = match &wanted.fate {
            Match::Closed => continue,
            Match::New => Some(create(config, wanted)),
            Match::Live(id) => here(id).and_then(|live| {
                let rotate = ask.rotate.contains(&wanted.object);
                let change = update(config, wanted, live, rotate, &mut unmanaged, &mut rules);
                // What differs in ignored fields alone is not unchanged either.
                ignored += usize::from(change.is_none() && rules.left_of(&wanted.object));
                change
            }),
            Match::Replace { id, reason } => here(id).map(|live| replace(config, wanted, live, reason)),
        };
        match change {
            Some(change) => changes.push(change),
            None => unchanged += 1,
        }
    }
    let (deletes, left_alone) = deletes::leftovers(config, snapshot, desired, &changes, &mut unmanaged);
    link(&mut changes, &desired.objects);
    changes.extend(deletes);
    deletes::hold_back_deletes(&mut changes);
    let managed = managed(desired, &changes);
    let mut plan = Plan {
        target: snapshot.target.clone(),
        summary: Plan::summarise(&changes, left_alone.len(), unchanged - ignored),
        notes: snapshot.notes.iter().cloned().chain(not_comparable(&desired.objects, &changes)).collect(),
        changes,
        left_alone,
        unmanaged,
        reads: snapshot.proofs.clone(),
        ..Plan::empty()
    };
    plan.ignored = std::mem::take(&mut rules.ignored);
    plan.keep(&Selection { ignored: rules.objects(&plan.changes), ..ask.selection.clone() });
    plan.count_ignored();
    let facts = Facts {
        snapshot,
        wanted: &desired.objects,
        managed,
        configured_url: config.spec.panel.as_ref().map(|panel| panel.url.as_str()),
        known_target: ask.known_target,
        unfinished: &ask.unfinished,
    };
    plan.notes.extend(rules.notes());
    plan.notes.extend(guard::idle_rules(&config.spec.policy, &facts));
    plan.guards = guard::guards(&plan, &config.spec.policy, &facts);
    plan
}

/// How many live objects of each kind the configuration means or deletes.
fn managed(desired: &Desired, changes: &[Change]) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    let deleted = changes.iter().filter(|change| change.action == Action::Delete);
    let kinds = desired.claimed.iter().map(|(kind, ..)| kind);
    for kind in kinds.chain(deleted.map(|change| &change.object.kind)) {
        *counts.entry(kind.clone()).or_default() += 1;
    }
    counts
}

fn change(
    config: &Config,
    wanted: &Wanted,
    action: Action,
    id: Option<&str>,
    fields: Vec<FieldChange>,
) -> Change {
    let pointer: Vec<&str> = wanted.pointer.iter().map(String::as_str).collect();
    Change {
        action,
        object: wanted.object.clone(),
        id: id.map(str::to_owned),
        parent: wanted.parent.clone(),
        reason: None,
        origin: config.sources.origin(&pointer),
        depends_on: Vec::new(),
        goes_with: None,
        fields,
        live: BTreeMap::new(),
    }
}

fn field(
    config: &Config,
    wanted: &Wanted,
    name: &str,
    before: Option<Value>,
    after: Option<Value>,
) -> FieldChange {
    let below: Vec<&str> = match wanted.places.get(name) {
        Some(place) => place.iter().map(String::as_str).collect(),
        None => name.split('.').collect(),
    };
    let pointer: Vec<&str> = wanted.pointer.iter().map(String::as_str).chain(below).collect();
    let formula = wanted.formulas.get(name).filter(|_| after.is_some()).cloned();
    FieldChange { field: name.to_owned(), before, after, origin: config.sources.origin(&pointer), formula }
}

fn create(config: &Config, wanted: &Wanted) -> Change {
    let fields =
        wanted.fields.iter().map(|(name, value)| field(config, wanted, name, None, Some(value.clone())));
    change(config, wanted, Action::Create, None, fields.collect())
}

fn replace(config: &Config, wanted: &Wanted, live: &Live, reason: &str) -> Change {
    let now = live.fields.as_ref();
    let before = |name: &str| now.and_then(|now| now.get(name)).cloned();
    let fields = wanted
        .fields
        .iter()
        .map(|(name, value)| field(config, wanted, name, before(name), Some(value.clone())));
    let mut change = change(config, wanted, Action::Replace, Some(&live.id), fields.collect());
    change.live = live.fields.clone().unwrap_or_default();
    change.reason = Some(reason.to_owned());
    change
}

/// Says whose secrets may differ without a plan being able to tell; one that is sent needs no such note.
fn not_comparable(wanted: &[Wanted], changes: &[Change]) -> Vec<String> {
    let mut kept: BTreeMap<(&str, &str), Vec<&str>> = BTreeMap::new();
    let sent: BTreeSet<(&ObjectRef, &str)> = changes
        .iter()
        .flat_map(|change| change.fields.iter().map(move |field| (&change.object, field)))
        .filter(|(_, field)| field.after == Some(Value::Secret))
        .map(|(object, field)| (object, field.field.as_str()))
        .collect();
    for wanted in wanted.iter().filter(|wanted| matches!(wanted.fate, Match::Live(_))) {
        for (name, value) in &wanted.fields {
            if *value == Value::Secret && !sent.contains(&(&wanted.object, name.as_str())) {
                kept.entry((name, &wanted.object.kind)).or_default().push(&wanted.object.key);
            }
        }
    }
    let note = |((field, kind), keys): ((&str, &str), Vec<&str>)| {
        let keys = keys.join(", ");
        t!(
            "{field}: not comparable ({kind} {keys}); `--rotate-secret KEY` sends it",
            field = field,
            kind = kind,
            keys = keys
        )
    };
    kept.into_iter().map(note).collect()
}

fn update(
    config: &Config,
    wanted: &Wanted,
    live: &Live,
    rotate: bool,
    unmanaged: &mut Vec<Unmanaged>,
    rules: &mut ignore::Rules<'_>,
) -> Option<Change> {
    let empty = BTreeMap::new();
    let now = live.fields.as_ref().unwrap_or(&empty);
    let mut fields = Vec::new();
    let mut add = |changed: FieldChange, fields: &mut Vec<FieldChange>| match live.unknown.get(&changed.field)
    {
        Some(unknown) => unmanaged.push(Unmanaged {
            delete: None,
            what: format!("{} {}", wanted.object, changed.field),
            why: unknown.why.clone(),
            help: unknown.help(),
            origin: changed.origin,
        }),
        None => fields.push(changed),
    };
    for (name, value) in &wanted.fields {
        let before = now.get(name);
        if before != Some(value) && *value != Value::Secret {
            add(field(config, wanted, name, before.cloned(), Some(value.clone())), &mut fields);
        }
    }
    fields = rules.keep(wanted, fields);
    // A password cannot be compared, but a changed login is of no use with the old one.
    let login = |changed: &FieldChange| matches!(changed.field.as_str(), "url" | "username");
    if rotate || fields.iter().any(login) {
        for (name, _) in wanted.fields.iter().filter(|(_, value)| **value == Value::Secret) {
            add(field(config, wanted, name, Some(Value::Secret), Some(Value::Secret)), &mut fields);
        }
        fields = rules.keep(wanted, fields);
    }
    if fields.is_empty() {
        return None;
    }
    let mut change = change(config, wanted, Action::Update, Some(&live.id), fields);
    change.live = now.clone();
    if live.identity != wanted.object.key
        && change.fields.iter().any(|field| matches!(field.field.as_str(), "name" | "internal_name"))
    {
        change.reason = Some(t!("renamed from `{identity}`", identity = live.identity));
    }
    Some(change)
}

/// Notes which changes must come before which: those of parents, and of objects referred to.
fn link(changes: &mut [Change], wanted: &[Wanted]) {
    let coming: BTreeSet<ObjectRef> = changes
        .iter()
        .filter(|change| change.action != Action::Delete)
        .map(|change| change.object.clone())
        .collect();
    let by_ref: BTreeMap<&ObjectRef, &Wanted> =
        wanted.iter().map(|wanted| (&wanted.object, wanted)).collect();
    for change in changes {
        let Some(wanted) = by_ref.get(&change.object) else { continue };
        let values = wanted.fields.values().chain(&wanted.also_after);
        let references = values.filter_map(|value| match value {
            Value::Ref(reference) => Some(reference),
            _ => None,
        });
        let mut needed: Vec<ObjectRef> = wanted
            .parent
            .iter()
            .chain(references)
            .map(|reference| ObjectRef { kind: reference.kind.clone(), key: reference.key.clone() })
            .filter(|object| coming.contains(object) && *object != change.object)
            .collect();
        needed.sort();
        needed.dedup();
        change.depends_on = needed;
    }
}
