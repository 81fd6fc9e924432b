//! Each guard: what trips it, what does not, and what alone lifts it.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::{BELOW, Facts, guards, lifted};
use crate::{
    kinds::{ALL, Entry, Live, Match, Pattern, PolicySpec, Snapshot, Wanted},
    plan::{Action, Allowance, Change, FieldChange, Guard, ObjectRef, Plan, Reference, Target, Value},
};

const URL: &str = "https://bill.example.com/billmgr";

fn object(kind: &str, key: &str) -> ObjectRef {
    ObjectRef { kind: kind.to_owned(), key: key.to_owned() }
}

fn reference(kind: &str, id: &str) -> Value {
    Value::Ref(Reference { kind: kind.to_owned(), key: format!("name of {id}"), id: Some(id.to_owned()) })
}

fn money(amount: &str) -> Value {
    amount.parse().map_or(Value::NoPrice, Value::Money)
}

fn live(kind: &str, key: &str, id: &str, parents: &[&str], fields: &[(&str, Value)]) -> Live {
    let fields: BTreeMap<String, Value> =
        fields.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
    Live {
        object: object(kind, key),
        id: id.to_owned(),
        identity: key.rsplit('/').next().unwrap_or_default().to_owned(),
        parents: parents.iter().map(|id| (*id).to_owned()).collect(),
        fields: Some(fields),
        unknown: BTreeMap::new(),
    }
}

/// A panel with an enumeration of three items, a tariff plan that sells them, and a licence server.
fn panel() -> Snapshot {
    let price = |item: &str, id: &str, row: &str, amount: &str| {
        let fields = [("offered", Value::Flag(true)), ("RUB.1m", money(amount))];
        let key = format!("VDS Start/Control panel/{item}");
        Live { identity: id.to_owned(), ..live("price", &key, row, &["7", "70"], &fields) }
    };
    let resource =
        [("enumeration", reference("enumeration", "1")), ("default", reference("enumeration-item", "10"))];
    let mut snapshot = Snapshot {
        objects: vec![
            live("processor", "licences", "5", &[], &[]),
            live("processor", "vds-msk", "6", &[], &[("licence_server", reference("processor", "5"))]),
            live("enumeration", "panel", "1", &[], &[]),
            live("enumeration", "backup", "2", &[], &[]),
            live("enumeration-item", "panel/nopanel", "10", &["1"], &[]),
            live("enumeration-item", "panel/55227", "11", &["1"], &[]),
            live("enumeration-item", "panel/55228", "12", &["1"], &[]),
            live("resource", "VDS Start/Control panel", "70", &["7"], &resource),
            price("nopanel", "10", "700", "0"),
            price("55227", "11", "701", "350"),
            price("55228", "12", "702", "690"),
            live(
                "period-mapping",
                "licences/1m@VDS Start",
                "50",
                &["5"],
                &[("tariff", reference("tariff", "7"))],
            ),
        ],
        ..Snapshot::default()
    };
    snapshot.off_sale.insert(("70".to_owned(), "702".to_owned()));
    snapshot.catalogue.tariffs = vec![Entry {
        id: "7".to_owned(),
        names: vec!["VDS Start".to_owned(), "vds-start".to_owned()],
        ..Entry::default()
    }];
    snapshot
}

/// A change of a live object of [`panel`].
fn change(
    action: Action,
    kind: &str,
    key: &str,
    place: (Option<&str>, &str),
    fields: &[FieldChange],
) -> Change {
    let (parent, id) = place;
    let above = key.rsplit_once('/').map_or("", |(above, _)| above);
    Change {
        action,
        object: object(kind, key),
        id: (action != Action::Create).then(|| id.to_owned()),
        parent: parent.map(|id| Reference {
            kind: String::new(),
            key: above.to_owned(),
            id: Some(id.to_owned()),
        }),
        reason: None,
        origin: None,
        depends_on: Vec::new(),
        fields: fields.to_vec(),
        live: BTreeMap::new(),
    }
}

fn delete_item(code: &str, id: &str) -> Change {
    change(Action::Delete, "enumeration-item", &format!("panel/{code}"), (Some("1"), id), &[])
}

fn delete(kind: &str, key: &str, id: &str) -> Change {
    change(Action::Delete, kind, key, (None, id), &[])
}

fn field(name: &str, before: Option<Value>, after: Option<Value>) -> FieldChange {
    FieldChange { field: name.to_owned(), before, after, origin: None, formula: None }
}

fn reprice(from: &str, to: &str) -> Change {
    let fields = [field("RUB.1m", Some(money(from)), Some(money(to)))];
    change(Action::Update, "price", "vds-start/55227", (Some("70"), "701"), &fields)
}

fn plan(changes: Vec<Change>) -> Plan {
    Plan {
        target: Some(Target { url: URL.to_owned(), user: "robot".to_owned(), panel_version: None }),
        summary: Plan::summarise(&changes, 0, 0),
        changes,
        ..Plan::empty()
    }
}

fn found(changes: Vec<Change>, policy: &str) -> Vec<Guard> {
    found_in(&panel(), changes, policy)
}

/// The guards of changes of a panel, all of whose objects are managed.
fn found_in(snapshot: &Snapshot, changes: Vec<Change>, policy: &str) -> Vec<Guard> {
    let mut managed = BTreeMap::new();
    for live in &snapshot.objects {
        *managed.entry(live.object.kind.clone()).or_default() += 1;
    }
    let policy: PolicySpec = serde_yaml::from_str(policy).unwrap();
    let wanted = [Wanted {
        object: object("processor", "my server"),
        parent: None,
        pointer: Vec::new(),
        fate: Match::Live("5".to_owned()),
        fields: BTreeMap::new(),
        places: BTreeMap::new(),
        also_after: Vec::new(),
        formulas: BTreeMap::new(),
    }];
    let facts = Facts {
        snapshot,
        wanted: &wanted,
        managed,
        configured_url: Some(URL),
        known_target: true,
        unfinished: &[],
    };
    guards(&plan(changes), &policy, &facts)
}

fn codes(guards: &[Guard]) -> Vec<&str> {
    guards.iter().map(|guard| guard.code.trim_start_matches("guard::")).collect()
}

fn numbers(guard: &Guard) -> &str {
    guard.arithmetic.as_deref().unwrap_or_default()
}

#[test]
fn the_kinds_named_here_exist() {
    let known: Vec<&str> = ALL.iter().map(|kind| kind.name()).collect();
    for kind in BELOW.iter().flat_map(|(above, below)| [above, below]) {
        assert!(known.contains(kind), "{kind}");
    }
    let named = Pattern::KINDS.iter().filter(|kind| **kind != Pattern::TARIFF);
    assert_eq!(named.collect::<std::collections::BTreeSet<_>>(), known.iter().collect());
}

#[test]
fn nothing_to_do_needs_nothing() {
    let snapshot = panel();
    let facts = Facts {
        snapshot: &snapshot,
        wanted: &[],
        managed: BTreeMap::new(),
        configured_url: Some("https://x"),
        known_target: false,
        unfinished: &[],
    };
    assert_eq!(guards(&plan(Vec::new()), &PolicySpec::default(), &facts), []);
    assert_eq!(
        found(vec![change(Action::Create, "enumeration-item", "panel/9", (Some("1"), ""), &[])], "{}"),
        []
    );
}

#[test]
fn each_delete_and_replacement_is_counted_by_kind() {
    let replaced = change(Action::Replace, "resource", "vds-start", (Some("7"), "70"), &[]);
    let guards =
        found(vec![delete_item("55228", "12"), delete("enumeration", "backup", "2"), replaced], "{}");
    assert_eq!(codes(&guards), ["deletes"; 3]);
    assert_eq!(guards[1].lift, ["--allow-deletes enumeration-item:1"]);
    let deletes = |kind: &str, count| Allowance::Deletes { kind: kind.to_owned(), count };
    assert!(lifted(&guards[1], &[deletes("enumeration-item", 1)]));
    assert!(lifted(&guards[1], &[deletes("resource", 1), deletes("enumeration-item", 7)]));
    assert!(!lifted(&guards[1], &[deletes("enumeration-item", 0)]));
    assert!(!lifted(&guards[1], &[deletes("resource", 1), deletes("enumeration", 9)]));
}

/// Twelve enumerations that nothing uses.
fn unused() -> Snapshot {
    let objects = (0..12).map(|id| live("enumeration", &format!("e{id}"), &id.to_string(), &[], &[]));
    Snapshot { objects: objects.collect(), ..Snapshot::default() }
}

fn some(action: Action, number: usize) -> Vec<Change> {
    (0..number)
        .map(|id| change(action, "enumeration", &format!("e{id}"), (None, &id.to_string()), &[]))
        .collect()
}

#[test]
fn most_of_a_kind_is_not_deleted_by_a_standing_permission() {
    let gone = |number, policy| found_in(&unused(), some(Action::Delete, number), policy);
    assert_eq!(codes(&gone(6, "{}")), ["deletes"]);
    let guards = gone(7, "{}");
    assert_eq!(codes(&guards), ["deletes", "delete_share"]);
    assert_eq!(numbers(&guards[1]), "7 of 12, 58.4 %; the limit is 2 or 50 %");
    assert_eq!(guards[1].lift, ["--allow-delete-share enumeration:58.4%"]);
    let share = |kind: &str, share: &str| Allowance::DeleteShare {
        kind: kind.to_owned(),
        share: share.parse().unwrap(),
    };
    assert!(
        lifted(&guards[1], &[share("enumeration", "58.4")])
            && lifted(&guards[1], &[share("enumeration", "60%")])
    );
    assert!(
        !lifted(&guards[1], &[share("enumeration", "58%")])
            && !lifted(&guards[1], &[share("processor", "100%")])
    );
    assert_eq!(codes(&gone(2, "limits: {enumeration: {deletes: {count: 1}}}")), ["deletes", "delete_share"]);
    assert_eq!(
        codes(&gone(2, "limits: {enumeration: {deletes: {share: 10%}}}")),
        ["deletes", "delete_share"]
    );
    assert_eq!(codes(&gone(9, "limits: {enumeration: {deletes: {count: 9}}}")), ["deletes"]);
    assert_eq!(codes(&gone(9, "limits: {enumeration: {deletes: {count: 1, share: 75%}}}")), ["deletes"]);
}

#[test]
fn many_updates_have_a_limit() {
    let changed = |number, policy| found_in(&unused(), some(Action::Update, number), policy);
    assert_eq!(codes(&changed(12, "{}")), [""; 0]);
    let guards = changed(4, "limits: {enumeration: {updates: {count: 3, share: 30%}}}");
    assert_eq!(codes(&guards), ["updates"]);
    assert_eq!(numbers(&guards[0]), "4 of 12, 33.4 %; the limit is 3 or 30 %");
    let updates = |count| Allowance::Updates { kind: "enumeration".to_owned(), count };
    assert!(lifted(&guards[0], &[updates(4)]) && !lifted(&guards[0], &[updates(3)]));
    assert_eq!(codes(&changed(4, "limits: {enumeration: {updates: {count: 3, share: 40%}}}")), [""; 0]);
    assert_eq!(codes(&changed(12, "limits: {processor: {updates: {count: 0}}}")), [""; 0]);

    let objects = (0..30).map(|id| live("enumeration", &format!("e{id}"), &id.to_string(), &[], &[]));
    let many = Snapshot { objects: objects.collect(), ..Snapshot::default() };
    assert_eq!(codes(&found_in(&many, some(Action::Update, 20), "{}")), [""; 0]);
    assert_eq!(codes(&found_in(&many, some(Action::Update, 21), "{}")), ["updates"]);
}

#[test]
fn a_first_run_does_not_change_almost_everything() {
    let run = |number, known_target, policy: &str| {
        let snapshot = unused();
        let managed = BTreeMap::from([("enumeration".to_owned(), 12)]);
        let facts = Facts {
            snapshot: &snapshot,
            wanted: &[],
            managed,
            configured_url: None,
            known_target,
            unfinished: &[],
        };
        guards(&plan(some(Action::Update, number)), &serde_yaml::from_str(policy).unwrap(), &facts)
    };
    let guards = run(11, false, "{}");
    assert_eq!(codes(&guards), ["first_run"]);
    assert_eq!(numbers(&guards[0]), "11 of 12, 91.7 %; the limit is 10 or 80 %");
    assert_eq!(guards[0].lift, ["--allow-first-run 11"]);
    assert!(lifted(&guards[0], &[Allowance::FirstRun { count: 11 }]));
    assert!(!lifted(&guards[0], &[Allowance::FirstRun { count: 10 }]));
    assert_eq!(run(10, false, "{}"), []);
    assert_eq!(run(11, true, "{}"), []);
    assert_eq!(run(11, false, "first_run: {share: 100%}"), []);
    assert_eq!(codes(&run(3, false, "first_run: {count: 2, share: 10%}")), ["first_run"]);
}

#[test]
fn amounts_that_move_far_are_named() {
    for (from, to, policy, numbers) in [
        ("350", "455", "{}", None),
        ("350", "456", "{}", Some("RUB.1m 350.00 -> 456.00, +30.3 %; the limit is 30 %")),
        ("350", "245", "{}", None),
        ("350", "244", "{}", Some("RUB.1m 350.00 -> 244.00, -30.3 %; the limit is 30 %")),
        ("350", "3500", "{}", Some("RUB.1m 350.00 -> 3500.00, +900 %, 3 digits become 4; the limit is 30 %")),
        ("990", "1010", "{}", Some("RUB.1m 990.00 -> 1010.00, +2 %, 3 digits become 4; the limit is 30 %")),
        ("990", "1010", "price_move: {digits: false}", None),
        (
            "350",
            "3500",
            "price_move: {percent: 900%}",
            Some("RUB.1m 350.00 -> 3500.00, +900 %, 3 digits become 4; the limit is 900 %"),
        ),
        ("350", "3500", "price_move: {percent: 900%, digits: false}", None),
        (
            "350",
            "390",
            "price_move: {percent: 10%}",
            Some("RUB.1m 350.00 -> 390.00, +11.4 %; the limit is 10 %"),
        ),
        ("350", "0", "{}", Some("RUB.1m 350.00 becomes free")),
        ("0", "350", "{}", Some("RUB.1m was free and becomes 350.00")),
        ("350", "none", "{}", Some("RUB.1m 350.00 is taken away")),
        ("none", "0", "{}", Some("RUB.1m becomes free")),
        ("none", "350", "{}", None),
        ("0", "none", "{}", None),
        ("350", "0", "price_move: {free: false}", None),
        ("0", "350", "price_move: {free: false}", None),
        ("350", "none", "price_move: {free: false}", None),
        ("none", "0", "price_move: {free: false}", None),
    ] {
        let guards = found(vec![reprice(from, to)], policy);
        let said: Vec<&str> = guards.iter().map(self::numbers).collect();
        assert_eq!(said, Vec::from_iter(numbers), "{from} -> {to} with {policy}");
    }
}

#[test]
fn a_replaced_resource_does_not_hide_a_move() {
    let replaced = change(Action::Replace, "resource", "vds-start", (Some("7"), "70"), &[]);
    let created = |fields: &[FieldChange]| {
        let mut created = change(Action::Create, "price", "vds-start/55227", (None, ""), fields);
        created.parent = Some(Reference { kind: "resource".into(), key: "vds-start".into(), id: None });
        created
    };
    let priced = |amount: &str| created(&[field("RUB.1m", None, Some(money(amount)))]);
    let free = created(&[field("free", None, Some(Value::Flag(true)))]);
    for (changes, expected) in [
        (
            vec![replaced.clone(), priced("35")],
            Some("RUB.1m 350.00 -> 35.00, -90 %, 3 digits become 2; the limit is 30 %"),
        ),
        (vec![replaced.clone(), priced("360")], None),
        (vec![replaced, free], Some("RUB.1m 350.00 becomes free")),
        (vec![priced("35")], None),
    ] {
        let guards = found(changes, "{}");
        let moves = guards.iter().find(|guard| guard.code == "guard::price_move");
        assert_eq!(moves.map(numbers), expected);
    }
}

#[test]
fn a_price_move_is_lifted_by_its_object_or_its_size() {
    let by_name = |price: &str| Allowance::PriceMove { price: price.to_owned(), percent: None };
    let by_size = |percent: &str| Allowance::PriceMoves { percent: percent.parse().unwrap() };
    let far = &found(vec![reprice("69", "690")], "{}")[0];
    assert_eq!(far.lift, ["--allow-price-move vds-start/55227", "--allow-price-percent 900%"]);
    assert!(lifted(far, &[by_name("vds-start/55227")]) && lifted(far, &[by_size("900")]));
    assert!(!lifted(far, &[by_name("vds-start/55228")]) && !lifted(far, &[by_size("899.9")]));
    // No number allows that something becomes free.
    let free = &found(vec![reprice("69", "0")], "{}")[0];
    assert_eq!(free.lift, ["--allow-price-move vds-start/55227"]);
    assert!(lifted(free, &[by_name("vds-start/55227")]) && !lifted(free, &[by_size("999999")]));
}

#[test]
fn a_list_keeps_its_last_entry() {
    let all = || vec![delete_item("nopanel", "10"), delete_item("55227", "11"), delete_item("55228", "12")];
    let guards = found(all(), "{}");
    let emptied = guards.iter().find(|guard| guard.code == "guard::emptied").unwrap();
    assert_eq!(
        (numbers(emptied), emptied.lift[0].as_str()),
        ("3 of 3", "--allow-empty enumeration-item/panel")
    );
    let empty = |list: &str| Allowance::Empty { list: list.to_owned() };
    assert!(lifted(emptied, &[empty("enumeration-item/panel")]));
    assert!(!lifted(emptied, &[empty("enumeration-item/backup"), empty("enumeration-item")]));

    let has = |changes| codes(&found(changes, "{}")).contains(&"emptied");
    assert!(!has(all()[1..].to_vec()), "one stays");
    assert!(!has(
        [all(), vec![change(Action::Create, "enumeration-item", "panel/9", (Some("1"), ""), &[])]].concat()
    ));
    assert!(
        !has([all(), vec![delete("enumeration", "panel", "1")]].concat()),
        "the delete of the whole says it"
    );
    assert!(has(vec![delete("enumeration", "panel", "1"), delete("enumeration", "backup", "2")]));
    assert!(has(vec![change(Action::Delete, "period-mapping", "licences/1m", (Some("5"), "50"), &[])]));
}

fn users(guards: &[Guard]) -> Option<&str> {
    guards.iter().find(|guard| guard.code == "guard::in_use").map(numbers)
}

#[test]
fn what_is_in_use_is_not_deleted() {
    let offered = |on| field("offered", Some(Value::Flag(true)), Some(Value::Flag(on)));
    let priced = |on| change(Action::Update, "price", "vds-start/55227", (Some("70"), "701"), &[offered(on)]);
    let moved = field(
        "default",
        Some(reference("enumeration-item", "10")),
        Some(reference("enumeration-item", "11")),
    );
    let default = change(Action::Update, "resource", "vds-start", (Some("7"), "70"), &[moved]);
    let gone = change(Action::Delete, "resource", "VDS Start/Control panel", (Some("7"), "70"), &[]);
    let unserved =
        field("licence_server", Some(reference("processor", "5")), Some(reference("processor", "6")));
    let unserved = change(Action::Update, "processor", "vds-msk", (None, "6"), &[unserved]);
    let mapping = change(Action::Delete, "period-mapping", "licences/1m", (Some("5"), "50"), &[]);
    let price = "price VDS Start/Control panel/";
    for (changes, expected) in [
        (vec![delete_item("55228", "12")], None),
        (vec![delete_item("55227", "11")], Some(format!("{price}55227"))),
        (vec![delete_item("55227", "11"), priced(true)], Some(format!("{price}55227"))),
        (vec![delete_item("55227", "11"), priced(false)], None),
        (
            vec![delete_item("nopanel", "10")],
            Some(format!("{price}nopanel, resource VDS Start/Control panel (default)")),
        ),
        (vec![delete_item("nopanel", "10"), default], Some(format!("{price}nopanel"))),
        (vec![delete_item("nopanel", "10"), gone.clone()], None),
        (
            vec![delete("enumeration", "panel", "1")],
            Some("resource VDS Start/Control panel (enumeration)".to_owned()),
        ),
        (vec![delete("enumeration", "panel", "1"), gone], None),
        (vec![delete("enumeration", "backup", "2")], None),
        (vec![delete("processor", "licences", "5")], Some("processor vds-msk (licence_server)".to_owned())),
        (vec![delete("processor", "licences", "5"), delete("processor", "vds-msk", "6")], None),
        (vec![delete("processor", "licences", "5"), unserved.clone()], None),
        (vec![delete("processor", "vds-msk", "6")], None),
        (vec![mapping.clone()], Some("processor vds-msk (orders through it)".to_owned())),
        (vec![mapping, unserved], None),
    ] {
        let what: Vec<String> = changes.iter().map(|change| change.object.to_string()).collect();
        let guards = found(changes, "{}");
        let expected = expected.map(|users| format!("used by {users}; orders and services cannot be seen"));
        assert_eq!(users(&guards), expected.as_deref(), "{what:?}");
    }
    // One that is replaced is still what the others mean, and its mappings go with it.
    let replaced = change(Action::Replace, "processor", "licences", (None, "5"), &[]);
    let guards = found(vec![replaced], "{}");
    assert_eq!(
        users(&guards),
        Some("used by processor vds-msk (licence_server); orders and services cannot be seen")
    );
}

#[test]
fn use_is_lifted_by_the_objects_name() {
    let guards = found(vec![delete_item("55227", "11")], "{}");
    let guard = guards.iter().find(|guard| guard.code == "guard::in_use").unwrap();
    assert_eq!(guard.lift, ["--allow-in-use enumeration-item/panel/55227"]);
    let in_use = |object: &str| Allowance::InUse { object: object.to_owned() };
    assert!(lifted(guard, &[in_use("enumeration-item/panel/55227")]));
    assert!(!lifted(guard, &[in_use("enumeration-item/panel/55228"), in_use("enumeration-item/panel/*")]));
}

#[test]
fn protection_holds_whatever_the_configuration_calls_the_object() {
    let renamed = |action| {
        let fields = [field("url", Some(Value::NoPrice), Some(Value::Flag(true)))];
        change(action, "processor", "another key", (None, "5"), &fields)
    };
    let off = [field("offered", Some(Value::Flag(true)), Some(Value::Flag(false)))];
    let off = || change(Action::Update, "price", "my plan/55227", (Some("70"), "701"), &off);
    let dearer = || reprice("350", "360");
    let resource = |action| change(action, "resource", "my plan", (Some("7"), "70"), &[]);
    let mapping = change(Action::Delete, "period-mapping", "licences/1m@VDS Start", (Some("5"), "50"), &[]);
    let created = change(Action::Create, "price", "vds-start/9", (Some("70"), ""), &[]);
    for (rule, kind, changed, protected) in [
        ("processor/licences", "protect", delete("processor", "licences", "5"), true),
        ("processor/licences", "protect", renamed(Action::Replace), true),
        ("processor/licences", "protect", renamed(Action::Update), false),
        ("processor/licences", "freeze", renamed(Action::Update), true),
        ("processor/licences", "freeze", renamed(Action::Delete), true),
        ("processor/another key", "protect", renamed(Action::Delete), true),
        ("processor/vds-msk", "protect", delete("processor", "licences", "5"), false),
        ("processor/*", "protect", delete("processor", "licences", "5"), true),
        ("processor/lic*", "protect", delete("processor", "licences", "5"), false),
        ("enumeration-item/panel/*", "protect", delete_item("55227", "11"), true),
        ("enumeration-item/pan*", "protect", delete_item("55227", "11"), false),
        ("enumeration-item/panel/55228", "protect", delete_item("55227", "11"), false),
        ("enumeration-item/panel/55228", "protect", delete("enumeration", "panel", "1"), true),
        ("enumeration-item/panel/55228", "protect", delete("enumeration", "backup", "2"), false),
        ("period-mapping/licences/1m", "protect", delete("processor", "licences", "5"), true),
        ("period-mapping/licences/1m@vds-start", "protect", mapping.clone(), true),
        ("period-mapping/my server/1m@vds-start", "protect", mapping.clone(), true),
        ("period-mapping/my server/1m@vds-pro", "protect", mapping.clone(), false),
        ("price/vds-start/55227", "protect", off(), true),
        ("price/vds-start/55227", "protect", dearer(), false),
        ("price/vds-start/55227", "freeze", dearer(), true),
        ("price/VDS Start/55227", "freeze", dearer(), true),
        ("price/vds-start/*", "freeze", created.clone(), false),
        ("price/vds-start/55227", "protect", resource(Action::Replace), true),
        ("tariff/vds-start", "freeze", dearer(), true),
        ("tariff/7", "protect", resource(Action::Replace), true),
        ("tariff/VDS Start", "protect", resource(Action::Delete), true),
        ("tariff/vds-start", "protect", resource(Action::Update), false),
        ("tariff/vds-pro", "freeze", dearer(), false),
    ] {
        let guards = found(vec![changed], &format!("{kind}: [{rule}]"));
        assert_eq!(codes(&guards).contains(&"protected"), protected, "{kind}: {rule}");
    }
    let guards = found(vec![renamed(Action::Update)], "freeze: [processor/licences]");
    assert_eq!(guards[0].lift, ["--allow-protected 'processor/another key'"]);
    let allowed = |object: &str| [Allowance::Protected { object: object.to_owned() }];
    assert!(lifted(&guards[0], &allowed("processor/another key")));
    assert!(
        !lifted(&guards[0], &allowed("processor/licences")) && !lifted(&guards[0], &allowed("processor/*"))
    );
}

#[test]
fn a_rule_that_names_nothing_is_noted() {
    let policy = "{protect: [processor/licences, processor/licenses, tariff/vds-start], freeze: [tariff/vds, price/*]}";
    let policy: PolicySpec = serde_yaml::from_str(policy).unwrap();
    let snapshot = panel();
    let facts = Facts {
        snapshot: &snapshot,
        wanted: &[],
        managed: BTreeMap::new(),
        configured_url: None,
        known_target: true,
        unfinished: &[],
    };
    let notes = super::idle_rules(&policy, &facts);
    assert_eq!(notes.len(), 2, "{notes:?}");
    assert!(notes[0].contains("`processor/licenses`") && notes[1].contains("`tariff/vds`"), "{notes:?}");
}

#[test]
fn another_panel_is_refused() {
    let snapshot = panel();
    let against = |configured_url| {
        let facts = Facts {
            snapshot: &snapshot,
            wanted: &[],
            managed: BTreeMap::new(),
            configured_url,
            known_target: true,
            unfinished: &[],
        };
        guards(&plan(vec![reprice("350", "360")]), &PolicySpec::default(), &facts)
    };
    assert_eq!(against(None), []);
    assert_eq!(against(Some("HTTPS://Bill.example.com:443/billmgr/")), []);
    let guards = against(Some("https://test.example.com/billmgr"));
    assert_eq!(codes(&guards), ["other_target"]);
    let target = |url: &str| [Allowance::Target { url: url.to_owned() }];
    assert!(lifted(&guards[0], &target("https://BILL.example.com/billmgr/")));
    assert!(!lifted(&guards[0], &target("https://test.example.com/billmgr")));
}

/// One of each, as generous as can be.
fn everything_but(code: &str) -> Vec<Allowance> {
    let kinds = || ALL.iter().map(|kind| kind.name().to_owned());
    let most = "9999999%".parse().unwrap();
    let mut all = vec![
        Allowance::Target { url: URL.to_owned() },
        Allowance::FirstRun { count: usize::MAX },
        Allowance::Protected { object: "enumeration-item/panel/55227".to_owned() },
        Allowance::InUse { object: "enumeration-item/panel/55227".to_owned() },
        Allowance::Empty { list: "enumeration-item/panel".to_owned() },
        Allowance::PriceMove { price: "vds-start/55227".to_owned(), percent: None },
        Allowance::PriceMoves { percent: most },
    ];
    all.extend(kinds().map(|kind| Allowance::Deletes { kind, count: usize::MAX }));
    all.extend(kinds().map(|kind| Allowance::DeleteShare { kind, share: most }));
    all.extend(kinds().map(|kind| Allowance::Updates { kind, count: usize::MAX }));
    all.retain(|given| given.code() != code);
    all
}

#[test]
fn no_flag_lifts_another_guard() {
    let needs = [
        Allowance::Target { url: URL.to_owned() },
        Allowance::FirstRun { count: 1 },
        Allowance::Protected { object: "enumeration-item/panel/55227".to_owned() },
        Allowance::InUse { object: "enumeration-item/panel/55227".to_owned() },
        Allowance::Empty { list: "enumeration-item/panel".to_owned() },
        Allowance::PriceMove { price: "vds-start/55227".to_owned(), percent: Some("1".parse().unwrap()) },
        Allowance::Deletes { kind: "price".to_owned(), count: 1 },
        Allowance::DeleteShare { kind: "price".to_owned(), share: "1".parse().unwrap() },
        Allowance::Updates { kind: "price".to_owned(), count: 1 },
    ];
    for needed in needs {
        let guard = Guard::new(needed.clone(), "a guard".to_owned(), None);
        assert!(!lifted(&guard, &everything_but(needed.code())), "{needed:?}");
        assert!(lifted(&guard, &everything_but("")), "{needed:?}");
    }
}

fn any_change() -> impl Strategy<Value = Change> {
    let actions = vec![Action::Create, Action::Update, Action::Replace, Action::Delete];
    let kinds: Vec<&str> = ALL.iter().map(|kind| kind.name()).collect();
    let parent = prop::option::of(0_u8..3);
    (prop::sample::select(actions), prop::sample::select(kinds), 0_u8..80, parent).prop_map(
        |(action, kind, id, parent)| {
            let parent = parent.map(|id| id.to_string());
            change(action, kind, &format!("a/{id}"), (parent.as_deref(), &id.to_string()), &[])
        },
    )
}

proptest! {
    /// Whatever else is allowed: a plan with a delete is refused unless the number of its kind was said.
    #[test]
    fn no_delete_passes_without_its_number(changes in prop::collection::vec(any_change(), 1..12), missing in 0_usize..6) {
        let kind = ALL[missing].name();
        let count = changes.iter().filter(|change| super::removes(change) && change.object.kind == kind).count();
        let mut allowed = everything_but("guard::deletes");
        let others = ALL.iter().map(|other| other.name()).filter(|other| *other != kind);
        allowed.extend(others.map(|other| Allowance::Deletes { kind: other.to_owned(), count: usize::MAX }));
        if count > 0 {
            allowed.push(Allowance::Deletes { kind: kind.to_owned(), count: count - 1 });
        }
        let guards = found(changes, "{}");
        let stands = guards.iter().any(|guard| guard.code == "guard::deletes" && !lifted(guard, &allowed));
        prop_assert_eq!(stands, count > 0);
        allowed.push(Allowance::Deletes { kind: kind.to_owned(), count });
        prop_assert!(guards.iter().all(|guard| guard.code != "guard::deletes" || lifted(guard, &allowed)));
    }
}

#[test]
fn what_an_apply_was_allowed_and_did_not_come_to_needs_no_new_leave() {
    let snapshot = panel();
    let again = |unfinished: &[Change], now: Change| {
        let managed = BTreeMap::from([("price".to_owned(), 2)]);
        let facts = Facts {
            snapshot: &snapshot,
            wanted: &[],
            managed,
            configured_url: None,
            known_target: true,
            unfinished,
        };
        guards(&plan(vec![now]), &PolicySpec::default(), &facts)
    };
    // The row of a new price that was not written any more: it is free, as the panel makes it.
    let created = Change { action: Action::Create, ..reprice("0", "350") };
    assert_eq!(codes(&again(&[], reprice("0", "350"))), ["price_move"]);
    assert_eq!(again(std::slice::from_ref(&created), reprice("0", "350")), []);
    // Somebody set a price since, or another one is wanted.
    assert_eq!(codes(&again(std::slice::from_ref(&created), reprice("35", "350"))), ["price_move"]);
    assert_eq!(codes(&again(&[created], reprice("0", "3500"))), ["price_move"]);
    // An update has to begin where it was to begin.
    assert_eq!(again(&[reprice("35", "350")], reprice("35", "350")), []);
    assert_eq!(codes(&again(&[reprice("35", "350")], reprice("0", "350"))), ["price_move"]);
}
