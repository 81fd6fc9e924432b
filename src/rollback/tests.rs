//! The way back from journals as applies write them.

use std::collections::BTreeMap;

use crate::{
    apply::{Act, Answer, Found, Ledger},
    journal::{Book, Ending, Entry, State},
    kinds::{ConfigSpec, Live, Snapshot},
    plan::{Action, Change, Fate, ObjectOutcome, ObjectRef, Plan, Reference, Value},
    report::tests::samples::{self, field, object, text},
    saved::SavedPlan,
};

/// How far an apply came with an object.
#[derive(Clone, Copy)]
enum Deed<'a> {
    /// Nothing was sent.
    Untouched,
    /// It was written; with the id that it has then.
    Done(&'a str),
    /// The panel said no.
    Refused,
    /// It was sent, and nobody knows more.
    InDoubt,
    /// A later run looked.
    Settled(Found, Option<&'a str>),
    /// It failed; with the id that the result gives.
    Failed(&'a str),
}

/// The journal of an apply of these changes.
fn journal(spec: &ConfigSpec, changes: &[(Change, Deed<'_>)]) -> Entry {
    let directory = tempfile::tempdir().unwrap();
    let shelf = State::new(directory.path().to_owned()).shelf("https://bill.example.com/billmgr");
    shelf.prepare().unwrap();
    let plan = samples::plan(changes.iter().map(|(change, _)| change.clone()).collect());
    let saved = SavedPlan::new(plan, spec, &Snapshot::default(), "2026-11-22T20:32:24Z".to_owned());
    let (_, mut book) = shelf.begin(saved).unwrap();
    for (change, deed) in changes {
        write(&mut book, change, *deed);
    }
    book.end(Ending::Finished).unwrap();
    let entry = shelf.past().unwrap().entries.remove(0);
    let settled: Vec<(ObjectRef, Found, Option<String>)> = changes
        .iter()
        .filter_map(|(change, deed)| match deed {
            Deed::Settled(found, id) => Some((change.object.clone(), *found, id.map(str::to_owned))),
            _ => None,
        })
        .collect();
    shelf.settle(&entry, &settled).unwrap();
    shelf.past().unwrap().entries.remove(0)
}

fn write(book: &mut Book, change: &Change, deed: Deed<'_>) {
    let object = &change.object;
    let failed = |in_doubt| Fate::Failed { code: "x".into(), message: "x".into(), help: None, in_doubt };
    let result = |id: Option<&str>, fate| ObjectOutcome {
        action: change.action,
        object: object.clone(),
        id: id.map(str::to_owned),
        fate,
    };
    if !matches!(deed, Deed::Untouched) {
        book.intent(object, Act::Update).unwrap();
    }
    match deed {
        Deed::Untouched => {
            book.result(&result(change.id.as_deref(), Fate::Skipped { because: "x".into() })).unwrap();
        }
        Deed::Done(id) => {
            book.answer(object, Answer::Accepted).unwrap();
            book.result(&result(Some(id), Fate::Done)).unwrap();
        }
        Deed::Refused => {
            book.answer(object, Answer::Refused).unwrap();
            book.result(&result(change.id.as_deref(), failed(false))).unwrap();
        }
        Deed::InDoubt | Deed::Settled(..) => {}
        Deed::Failed(id) => {
            book.answer(object, Answer::Accepted).unwrap();
            book.result(&result(Some(id), failed(true))).unwrap();
        }
    }
}

fn live(kind: &str, key: &str, id: &str, fields: &[(&str, Value)]) -> Live {
    Live {
        object: object(kind, key),
        id: id.to_owned(),
        identity: key.to_owned(),
        parents: vec![],
        fields: Some(fields.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect()),
        unknown: BTreeMap::new(),
    }
}

fn below(mut live: Live, parent: &str) -> Live {
    live.parents = vec![parent.to_owned()];
    live
}

fn named(name: &str) -> Value {
    Value::Text(name.to_owned())
}

fn reference(kind: &str, key: &str, id: Option<&str>) -> Reference {
    Reference { kind: kind.into(), key: key.into(), id: id.map(str::to_owned) }
}

fn back(changes: &[(Change, Deed<'_>)], objects: Vec<Live>) -> Plan {
    super::plan(
        &journal(&ConfigSpec { version: 1, ..ConfigSpec::default() }, changes),
        &Snapshot { objects, ..Snapshot::default() },
    )
}

fn update() -> Change {
    let fields = vec![field("name.en", text("Old"), text("New"))];
    let mut change = samples::change(Action::Update, "enumeration", "panel", fields);
    change.live = BTreeMap::from([("name.en".to_owned(), named("Old"))]);
    change
}

fn create() -> Change {
    samples::change(Action::Create, "enumeration", "panel", vec![field("name.en", None, text("New"))])
}

fn delete(kind: &str, key: &str, fields: &[(&str, Value)]) -> Change {
    let mut change = samples::change(Action::Delete, kind, key, vec![]);
    change.live = fields.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
    change
}

fn replace() -> Change {
    Change { action: Action::Replace, ..update() }
}

fn panel(id: &str, name: &str) -> Live {
    live("enumeration", "panel", id, &[("name.en", named(name))])
}

/// The actions of a plan and what they are done to, by id.
fn acts(plan: &Plan) -> Vec<(Action, Option<&str>)> {
    plan.changes.iter().map(|change| (change.action, change.id.as_deref())).collect()
}

#[test]
fn an_update_goes_back_to_what_was() {
    for deed in [
        Deed::Done("12"),
        Deed::InDoubt,
        Deed::Failed("12"),
        Deed::Settled(Found::Applied, Some("12")),
        Deed::Settled(Found::Neither, None),
    ] {
        let plan = back(&[(update(), deed)], vec![panel("12", "New")]);
        assert_eq!(acts(&plan), [(Action::Update, Some("12"))]);
        assert_eq!(plan.changes[0].fields, [field("name.en", text("New"), text("Old"))]);
        assert_eq!(plan.changes[0].live, BTreeMap::from([("name.en".to_owned(), named("New"))]));
        assert!(plan.notes.is_empty() && plan.changes[0].reason.as_ref().unwrap().contains(" 1-"));
        // It never came to it, or somebody was quicker.
        let plan = back(&[(update(), deed)], vec![panel("12", "Old")]);
        assert_eq!((acts(&plan).len(), plan.summary.unchanged), (0, 1));
        let plan = back(&[(update(), deed)], vec![]);
        assert_eq!((acts(&plan).len(), plan.unmanaged.len()), (0, 1));
    }
}

#[test]
fn what_was_not_touched_is_left_alone() {
    for deed in [Deed::Untouched, Deed::Refused, Deed::Settled(Found::NotApplied, None)] {
        for change in [update(), create(), replace(), delete("enumeration", "panel", &[("x", named("y"))])] {
            let plan = back(&[(change, deed)], vec![panel("12", "New")]);
            assert!(plan.is_empty() && plan.notes.is_empty() && plan.unmanaged.is_empty());
        }
    }
}

#[test]
fn what_was_changed_again_since_is_said() {
    let plan = back(&[(update(), Deed::Done("12"))], vec![panel("12", "Newer")]);
    assert_eq!(plan.changes[0].fields, [field("name.en", text("Newer"), text("Old"))]);
    assert!(plan.notes[0].contains("changed again") && plan.notes[0].contains("`Newer`"), "{:?}", plan.notes);
    let plan = back(&[(update(), Deed::Done("12"))], vec![live("enumeration", "panel", "12", &[])]);
    assert!(plan.notes[0].contains("it is nothing now"), "{:?}", plan.notes);
}

#[test]
fn fields_that_were_not_there_are_emptied_and_secrets_are_not_guessed() {
    let mut change = update();
    change.fields = vec![
        field("note", None, text("New")),
        field("RUB.1m", None, samples::money("5")),
        field("password", None, Some(Value::Secret)),
        field("gone", None, text("New")),
    ];
    let five: Value = samples::money("5").unwrap();
    let now = live("enumeration", "panel", "12", &[("note", named("New")), ("RUB.1m", five)]);
    let plan = back(&[(change, Deed::Done("12"))], vec![now]);
    let after: Vec<_> = plan.changes[0].fields.iter().map(|field| field.after.clone()).collect();
    assert_eq!(after, [text(""), Some(Value::NoPrice)]);
    assert!(plan.notes[0].contains("`password`"), "{:?}", plan.notes);
}

#[test]
fn what_was_created_is_deleted() {
    for deed in [Deed::Done("31"), Deed::Settled(Found::Applied, Some("31")), Deed::InDoubt] {
        let plan = back(&[(create(), deed)], vec![panel("31", "New")]);
        assert_eq!(acts(&plan), [(Action::Delete, Some("31"))]);
        assert_eq!(plan.changes[0].fields, [field("name.en", text("New"), None)]);
        assert_eq!(acts(&back(&[(create(), deed)], vec![])), []);
    }
    // An id is worth more than a name.
    let plan = back(&[(create(), Deed::Done("31"))], vec![panel("32", "New")]);
    assert!(plan.is_empty());
    let mut price = create();
    price.object = object("price", "panel");
    let now = live("price", "panel", "31", &[]);
    let plan = back(&[(price, Deed::Done("31"))], vec![now]);
    assert_eq!((acts(&plan).len(), plan.summary.unchanged), (0, 1), "it goes with its resource");
}

#[test]
fn what_was_deleted_is_created_anew_above_first() {
    let held = reference("enumeration", "Licences of old", Some("12"));
    let parent = delete("enumeration", "licences", &[("name", named("Licences"))]);
    let mut child = delete("enumeration", "panel", &[("server", Value::Ref(held.clone()))]);
    child.id = Some("40".to_owned());
    child.parent = Some(held);
    let mut parent_then = parent.clone();
    parent_then.depends_on = vec![child.object.clone()];
    let deeds = [(child.clone(), Deed::Done("40")), (parent_then, Deed::Done("12"))];
    let plan = back(&deeds, vec![]);
    assert_eq!(acts(&plan), [(Action::Create, None), (Action::Create, None)]);
    let [first, second] = plan.changes.as_slice() else { panic!("two changes") };
    assert_eq!((&first.object, &second.object), (&parent.object, &child.object));
    assert_eq!((first.depends_on.len(), &second.depends_on), (0, &vec![parent.object.clone()]));
    // It has another id by then, and goes by its key until it is there.
    let renewed = reference("enumeration", "licences", None);
    assert_eq!(second.parent, Some(renewed.clone()));
    assert_eq!(second.fields, [field("server", None, Some(Value::Ref(renewed)))]);
    assert_eq!(plan.notes.len(), 2);
    // What is there again needs nothing.
    let plan = back(&deeds[1..], vec![live("enumeration", "licences", "12", &[])]);
    assert_eq!((acts(&plan).len(), plan.summary.unchanged), (0, 1));
}

#[test]
fn a_field_goes_back_to_an_object_that_is_created_anew() {
    let (old, new) = (reference("enumeration", "old", Some("12")), reference("processor", "new", Some("13")));
    let mut change = update();
    change.id = Some("40".to_owned());
    change.fields = vec![field("server", Some(Value::Ref(old)), Some(Value::Ref(new.clone())))];
    let gone = delete("enumeration", "old", &[("name", named("Old"))]);
    let now = live("enumeration", "panel", "40", &[("server", Value::Ref(new))]);
    let plan = back(&[(change, Deed::Done("40")), (gone, Deed::Done("12"))], vec![now]);
    assert_eq!(acts(&plan), [(Action::Create, None), (Action::Update, Some("40"))]);
    let Some(Value::Ref(after)) = &plan.changes[1].fields[0].after else { panic!("a reference") };
    assert_eq!((after.key.as_str(), after.id.as_deref()), ("old", None));
    assert!(plan.notes.iter().all(|note| !note.contains("changed again")), "{:?}", plan.notes);
}

#[test]
fn what_nobody_knows_cannot_be_created_anew() {
    let plan = back(&[(delete("enumeration", "panel", &[]), Deed::Done("12"))], vec![]);
    assert_eq!((acts(&plan).len(), plan.unmanaged.len()), (0, 1));
    // What is read of a processor is neither its product type nor its password.
    let known = [("name", named("L")), ("url", named("https://l.example.com/billmgr"))];
    let gone = delete("processor", "licences", &known);
    let replaced = Change { action: Action::Replace, ..gone.clone() };
    let now = live("processor", "licences", "13", &known);
    for (change, id, objects) in [(gone, "12", vec![]), (replaced, "13", vec![now])] {
        let plan = back(&[(change, Deed::Done(id))], objects);
        assert_eq!((acts(&plan).len(), plan.unmanaged.len()), (0, 1));
        assert!(plan.unmanaged[0].why.contains("product_type and password"), "{:?}", plan.unmanaged);
    }
}

#[test]
fn what_was_replaced_is_replaced_back() {
    for deed in
        [Deed::Done("31"), Deed::Settled(Found::Applied, Some("31")), Deed::InDoubt, Deed::Failed("12")]
    {
        // By its id, or where that is not known by its key.
        let plan = back(&[(replace(), deed)], vec![panel("31", "New")]);
        assert_eq!(acts(&plan), [(Action::Replace, Some("31"))]);
        assert_eq!(plan.changes[0].fields, [field("name.en", text("New"), text("Old"))]);
        // It came as far as the delete.
        let plan = back(&[(replace(), deed)], vec![]);
        assert_eq!(acts(&plan), [(Action::Create, None)]);
    }
    // It came not even that far.
    for deed in [Deed::InDoubt, Deed::Failed("12"), Deed::Settled(Found::Neither, Some("12"))] {
        let plan = back(&[(replace(), deed)], vec![panel("12", "Old")]);
        assert_eq!((acts(&plan).len(), plan.summary.unchanged), (0, 1));
    }
}

#[test]
fn children_are_found_below_the_parent_that_replaced_theirs() {
    let mut child = create();
    child.object = object("enumeration-item", "panel/1");
    child.parent = Some(reference("enumeration", "panel", Some("12")));
    let other = below(live("enumeration-item", "panel/1", "5", &[]), "99");
    let now = below(live("enumeration-item", "panel/1", "5", &[]), "31");
    let deeds = [(replace(), Deed::Done("31")), (child, Deed::Done("5"))];
    let plan = back(&deeds, vec![other, panel("31", "New"), now]);
    assert_eq!(acts(&plan), [(Action::Delete, Some("5")), (Action::Replace, Some("31"))]);
    assert_eq!(plan.changes[0].parent, Some(reference("enumeration", "panel", Some("31"))));
}

#[test]
fn the_last_is_undone_first() {
    let one = |key: &str, after: &[&str]| {
        let mut change = update();
        change.object = object("enumeration", key);
        change.id = Some(key.to_owned());
        change.depends_on = after.iter().map(|key| object("enumeration", key)).collect();
        change
    };
    let now = |key: &str| live("enumeration", key, key, &[("name.en", named("New"))]);
    let deeds = [
        (one("a", &[]), Deed::Done("a")),
        (one("b", &["a"]), Deed::Done("b")),
        (one("c", &["a", "b"]), Deed::Untouched),
        (one("d", &["a", "b", "c"]), Deed::Done("d")),
    ];
    let plan = back(&deeds, ["a", "b", "c", "d"].map(now).to_vec());
    let order: Vec<(&str, Vec<&str>)> = plan
        .changes
        .iter()
        .map(|change| {
            let needs = change.depends_on.iter().map(|object| object.key.as_str());
            (change.object.key.as_str(), needs.collect())
        })
        .collect();
    assert_eq!(order, [("d", vec![]), ("b", vec!["d"]), ("a", vec!["b", "d"])]);
}
