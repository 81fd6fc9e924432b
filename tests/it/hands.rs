//! Somebody else at the panel while an apply runs: whatever they do, after whichever request, is never
//! lost, and whoever runs the apply is told.
//!
//! One gap no client can close on this API: a save carries the whole form, and between the last look at
//! the form and the save somebody may save it too. It is one request wide, and nothing else is.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Mutex,
};

use billform::sandbox::{Checkpoint, Hand, RequestRecord};
use serde_json::Value;

use crate::harness::{Bench, Run, SEED};

const BASE: &str = r#"version: 1
prune: [period-mapping/licences]
processors:
  licences:
    product_type: soft
    module: billmanager
    url: https://licences.example.com/billmgr
    username: provider
    password: {env: LICENCE_PASSWORD}
  vm:
    product_type: vds
    module: vmmanager6
    url: https://vm.example.com
    username: billing
    password: {env: VMMANAGER_PASSWORD}
enumerations:
  panel:
    name: {en: Control panel, ru: Панель управления}
    items:
      nopanel: {name: {en: No panel, ru: Без панели}}
      "55227": {name: {en: Panel lite, ru: Панель}}
prices:
  VDS Start:
    resource: {enumeration: panel, default: nopanel, billing: by_order, client_change: up_only}
    items:
      "55227": {RUB: {1m: "350.00", 12m: "3500.00"}, EUR: {1m: "4.50"}}
period_mappings:
  licences:
    - {sold: 3m, bought: 12m}
    - {sold: 1m, bought: 1m, tariff: VDS Start}
"#;

/// What the plan of these tests makes of it: something of every kind, every action.
const CHANGES: [(&str, &str); 9] = [
    ("https://vm.example.com", "https://vm2.example.com"),
    ("ru: Панель управления", "ru: Панели"),
    ("en: Panel lite", "en: Panel light"),
    ("      nopanel:", "      \"4601\": {name: {en: Business}}\n      nopanel:"),
    ("up_only", "allowed"),
    ("350.00", "360.00"),
    ("{sold: 3m, bought: 12m}", "{sold: 3m, bought: 6m}"),
    ("{sold: 1m, bought: 1m, tariff: VDS Start}", "{sold: 6m, bought: 12m}"),
    (
        "enumerations:\n",
        "  dc:\n    product_type: dedic\n    module: dcimanager6\n    url: https://dc.example.com\n    username: billing\n    password: {env: DCIMANAGER_PASSWORD}\nenumerations:\n",
    ),
];

const APPLY: &str = "apply plan.json --yes --format json --allow-deletes period-mapping:1 --allow-delete-share period-mapping:100%";

/// An object that the plan updates.
struct Thing {
    /// As the output names it.
    object: String,
    table: &'static str,
    id: u64,
    /// How its form is asked for.
    form: (String, String),
    /// Field and value that somebody else may give it: one that the plan writes, one that it only has
    /// read, one that billform knows nothing of, and the one it is recognised by.
    edits: [Option<(String, &'static str)>; 4],
    /// Whether the plan also holds what billform gives no meaning to, as of processors.
    whole: bool,
}

const PLANNED: usize = 0;
const READ: usize = 1;
const UNMODELLED: usize = 2;
const NAME: usize = 3;

/// A bench with a plan, and the panel as it was when the plan was made.
struct Scene {
    bench: Bench,
    before: Checkpoint,
    things: Vec<Thing>,
}

impl Scene {
    fn new() -> Self {
        let bench = Bench::new().sandbox(SEED).config(BASE).env("BILLFORM_CONCURRENCY", "1");
        bench.settle();
        for (from, to) in CHANGES {
            bench.change(from, to);
        }
        bench.run("plan config --out plan.json --quiet").exits(0);
        let (before, things) = (bench.panel().checkpoint(), things(&bench));
        Self { bench, before, things }
    }

    /// Applies the plan to the panel it was made for; `hands` act after request number `at`.
    fn apply(&self, at: usize, hands: Vec<Hand>) -> Run {
        self.run(APPLY, at, hands)
    }

    fn run(&self, command: &str, at: usize, hands: Vec<Hand>) -> Run {
        drop(std::fs::remove_dir_all(self.bench.path("state")));
        self.bench.panel().rewind(&self.before);
        for hand in hands {
            self.bench.panel().later(at, hand);
        }
        self.bench.run(command)
    }

    fn cell(&self, table: &str, id: u64, field: &str) -> String {
        let rows = self.bench.rows(table);
        let cell = rows.get(&id).map(|row| row[field].as_str().unwrap_or_default().to_owned());
        cell.unwrap_or_else(|| "(gone)".to_owned())
    }
}

fn things(bench: &Bench) -> Vec<Thing> {
    let id = |table: &str, field: &str, value: &str| bench.row(table, &[(field, value)]);
    let vm = id("processing", "name", "vm");
    let licences = id("processing", "name", "licences");
    let panel = id("enumeration", "intname", "panel");
    let item = id("enumerationitem", "intname", "55227");
    let tariff = id("pricelist", "intname", "vds-start");
    let resource = id("resource", "enumeration", &panel.to_string());
    let price = bench.price_row("vds-start", "55227");
    let mapping = bench.row("customparam", &[("processing", &licences.to_string()), ("source", "3")]);
    let rub = bench.currency("RUB");
    let form = |func: &str, parent: Option<u64>, id: u64| {
        (func.to_owned(), format!("{} {id}", parent.map_or(String::new(), |parent| parent.to_string())))
    };
    let edit = |field: &str, value| Some((field.to_owned(), value));
    let names = bench.panel().names();
    let price_id = if names["price.row_is_item"] == "true" { item } else { price };
    vec![
        Thing {
            object: "processor vm".to_owned(),
            table: "processing",
            id: vm,
            form: form("processing.edit", None, vm),
            edits: [
                edit("url", "https://hand.example.com"),
                edit("username", "hand"),
                edit("extra_visible", "hand"),
                edit("name", "hand"),
            ],
            whole: true,
        },
        Thing {
            object: "enumeration panel".to_owned(),
            table: "enumeration",
            id: panel,
            form: form("enumeration.edit", None, panel),
            edits: [
                edit("name_ru", "Рука"),
                edit("name", "Hand"),
                edit("extra_hidden", "hand"),
                edit("intname", "hand"),
            ],
            whole: false,
        },
        Thing {
            object: "enumeration-item panel/55227".to_owned(),
            table: "enumerationitem",
            id: item,
            form: form("enumerationitem.edit", Some(panel), item),
            edits: [
                edit("name", "Hand"),
                edit("name_ru", "Рука"),
                edit("orderpriority", "77"),
                edit("intname", "hand"),
            ],
            whole: false,
        },
        Thing {
            object: "resource VDS Start".to_owned(),
            table: "resource",
            id: resource,
            form: form("pricelist.detail.edit", Some(tariff), resource),
            edits: [
                edit("restrictclientchange", "on"),
                edit("billtype", "3"),
                edit("extra_visible", "hand"),
                None,
            ],
            whole: false,
        },
        Thing {
            object: "price VDS Start/55227".to_owned(),
            table: "item_price",
            id: price,
            form: form(&names["price.edit"], Some(resource), price_id),
            edits: [
                edit(&format!("monthly.{rub}"), "355.00"),
                edit(&format!("annually.{rub}"), "3600.00"),
                edit("extra_visible", "hand"),
                None,
            ],
            whole: false,
        },
        Thing {
            object: "period-mapping licences/3m".to_owned(),
            table: "customparam",
            id: mapping,
            form: form("processing.customparam.edit", Some(licences), mapping),
            edits: [edit("target", "24"), None, None, edit("source", "24")],
            whole: false,
        },
    ]
}

fn param<'r>(request: &'r RequestRecord, name: &str) -> &'r str {
    request.params.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value)
}

/// The requests of an apply that nobody disturbs, counted from 1.
struct Undisturbed {
    requests: Vec<RequestRecord>,
}

impl Undisturbed {
    fn new(scene: &Scene) -> Self {
        let run = scene.apply(0, Vec::new()).exits(0);
        assert!(run.json()["results"].as_array().unwrap().iter().all(|result| result["fate"] == "done"));
        Self { requests: scene.bench.panel().requests() }
    }

    /// The number of the first request from `from` on that fits.
    fn find(&self, from: usize, fits: impl Fn(&RequestRecord) -> bool) -> usize {
        let place = self.requests.iter().skip(from - 1).position(fits);
        place.unwrap_or_else(|| panic!("no such request from {from} on")) + from
    }

    /// The number of the save of a thing, and of the look at it afterwards.
    fn save_and_look(&self, thing: &Thing) -> (usize, usize) {
        let (func, place) = &thing.form;
        let own = |request: &RequestRecord| {
            request.func == *func
                && format!("{} {}", param(request, "plid"), param(request, "elid")) == *place
        };
        let save = self.find(1, |request| own(request) && request.mutating);
        (save, self.find(save + 1, |request| own(request) && !request.mutating))
    }

    fn every(&self) -> impl Iterator<Item = usize> {
        1..=self.requests.len()
    }
}

/// What came of an object.
#[derive(Debug, PartialEq)]
enum Verdict {
    Done,
    Conflict,
    /// Something it depends on failed.
    Skipped,
    Other(String),
}

fn verdict(run: &Run, object: &str) -> Verdict {
    let answer = run.json();
    let Some(results) = answer["results"].as_array() else {
        // Stopped before anything was written.
        let errors = answer["errors"].as_array().unwrap();
        let named = |error: &&Value| {
            let message = error["message"].as_str().unwrap();
            message.contains(&format!("{object} ")) || message.ends_with(object)
        };
        let error = errors.iter().find(named).unwrap_or(&errors[0]);
        let named = named(&error);
        return match error["code"].as_str().unwrap() {
            "apply::conflict" if named => Verdict::Conflict,
            "apply::conflict" => Verdict::Skipped,
            code => Verdict::Other(code.to_owned()),
        };
    };
    let name = |result: &Value| {
        let text = |field: &str| result["object"][field].as_str().unwrap().to_owned();
        format!("{} {}", text("kind"), text("key"))
    };
    let fate = &results.iter().find(|result| name(result) == object).unwrap()["fate"];
    match (fate.as_str(), fate["failed"]["code"].as_str()) {
        (Some("done"), _) => Verdict::Done,
        (_, Some("apply::conflict")) => Verdict::Conflict,
        (_, Some(code)) => Verdict::Other(code.to_owned()),
        _ => Verdict::Skipped,
    }
}

/// The exit code says what was done and written; `None` of it contradicts the panel.
fn exit_code_is_true(scene: &Scene, run: &Run, what: &str) {
    let written = scene.bench.panel().requests().iter().any(|request| {
        // The steps of the wizard before the last change nothing.
        request.mutating && param(request, "clicked_button") != "next"
    });
    match run.code {
        0 => assert!(written, "{what}"),
        5 | 9 => assert!(!written, "something was written: {what}"),
        6 => assert!(written, "nothing was written: {what}"),
        _ => panic!("{what}"),
    }
}

/// Runs `test` on all cases, each thread with a scene of its own. Says all that went wrong.
fn in_scenes<T: Send>(cases: impl IntoIterator<Item = T>, test: impl Fn(&Scene, T) + Sync) {
    let cases = Mutex::new(cases.into_iter().collect::<Vec<_>>().into_iter());
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let scene = Scene::new();
                loop {
                    let next = cases.lock().unwrap().next();
                    let Some(case) = next else { break };
                    test(&scene, case);
                }
            });
        }
    });
}

/// At every request one sort of edit of each object, and around an object's own save all of them.
#[test]
fn an_edit_is_never_lost_but_in_the_one_gap() {
    let scene = Scene::new();
    let undisturbed = Undisturbed::new(&scene);
    let cases = undisturbed.every().flat_map(|at| {
        let close = scene.things.iter().any(|thing| {
            let (save, look) = undisturbed.save_and_look(thing);
            (save.saturating_sub(2)..=look).contains(&at)
        });
        let shifts = if close { 0..4 } else { at % 4..at % 4 + 1 };
        shifts.map(move |shift| (at, shift))
    });
    let lost = Mutex::new(BTreeMap::<String, BTreeSet<usize>>::new());
    let wrong = Mutex::new(Vec::new());
    in_scenes(cases, |scene, (at, shift)| {
        let edits: Vec<(&Thing, usize, &str, &str)> = scene
            .things
            .iter()
            .enumerate()
            .filter_map(|(index, thing)| {
                let sort = (index + shift) % 4;
                let (field, value) = thing.edits[sort].as_ref()?;
                Some((thing, sort, field.as_str(), *value))
            })
            .collect();
        let hands = edits.iter().map(|(thing, _, field, value)| Hand::Edit {
            table: thing.table.to_owned(),
            id: thing.id,
            field: (*field).to_owned(),
            value: (*value).to_owned(),
        });
        let run = scene.apply(at, hands.collect());
        let what = format!("edits {shift} after request {at}: {run}");
        exit_code_is_true(scene, &run, &what);
        for (thing, sort, field, value) in edits {
            let (save, look) = undisturbed.save_and_look(thing);
            let found = scene.cell(thing.table, thing.id, field);
            let verdict = verdict(&run, &thing.object);
            let object = &thing.object;
            let complain = |why: &str| {
                let text = format!(
                    "{object}: {field} after {at} (saved at {save}, seen at {look}), {why}: {verdict:?}, {found}\n{run}"
                );
                wrong.lock().unwrap().push(text);
            };
            if found != value {
                lost.lock().unwrap().entry(object.clone()).or_default().insert(at);
                if at + 1 != save {
                    complain("lost");
                }
                continue;
            }
            if verdict == Verdict::Skipped {
                continue;
            }
            let noticed = match sort {
                PLANNED => at < look,
                READ | NAME => at < save,
                // What no plan holds is noticed only where it would be lost.
                _ => thing.whole && at < save,
            };
            let expected = if noticed { Verdict::Conflict } else { Verdict::Done };
            let either = sort != PLANNED && at + 1 >= save || sort == UNMODELLED && at < save;
            if verdict != expected && !(either && matches!(verdict, Verdict::Done | Verdict::Conflict)) {
                complain("not as it should be said");
            }
        }
    });
    let wrong = wrong.into_inner().unwrap();
    assert!(
        wrong.is_empty(),
        "{} wrong, among them\n{}",
        wrong.len(),
        wrong[..wrong.len().min(12)].join("\n")
    );
    let gaps: BTreeMap<String, BTreeSet<usize>> = scene
        .things
        .iter()
        .map(|thing| (thing.object.clone(), BTreeSet::from([undisturbed.save_and_look(thing).0 - 1])))
        .collect();
    assert_eq!(lost.into_inner().unwrap(), gaps);
}

/// Somebody sets a field back to what it was as soon as it is saved. That looks like a save which the panel
/// took and ignored; it is said, and not written again.
#[test]
fn what_is_set_back_at_once_is_not_written_again() {
    let scene = Scene::new();
    let undisturbed = Undisturbed::new(&scene);
    let cases = scene.things.iter().enumerate().flat_map(|(index, thing)| {
        let (save, look) = undisturbed.save_and_look(thing);
        (save..look).map(move |at| (index, at))
    });
    in_scenes(cases, |scene, (index, at)| {
        let thing = &scene.things[index];
        let (field, _) = thing.edits[PLANNED].clone().unwrap();
        scene.bench.panel().rewind(&scene.before);
        let value = scene.cell(thing.table, thing.id, &field);
        let table = thing.table.to_owned();
        let hand = Hand::Edit { table, id: thing.id, field: field.clone(), value: value.clone() };
        let run = scene.apply(at, vec![hand]);
        let what = format!("{} set back after request {at}: {run}", thing.object);
        exit_code_is_true(scene, &run, &what);
        assert_eq!(scene.cell(thing.table, thing.id, &field), value, "{what}");
        assert_eq!(verdict(&run, &thing.object), Verdict::Other("apply::not_applied".to_owned()), "{what}");
        let (func, place) = &thing.form;
        let saves = scene.bench.panel().requests().into_iter().filter(|request| {
            let here = format!("{} {}", param(request, "plid"), param(request, "elid"));
            request.mutating && request.func == *func && here == *place
        });
        assert_eq!(saves.count(), 1, "{what}");
    });
}

fn owned(fields: &[(&str, &str)]) -> Vec<(String, String)> {
    fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

/// An object that the plan creates, as somebody else makes one of the same name.
struct Newcomer {
    object: &'static str,
    table: &'static str,
    /// By what it is recognised.
    name: (&'static str, &'static str),
    fields: Vec<(String, String)>,
    /// Functions of its list and of its creation.
    list: &'static str,
    save: &'static str,
}

fn newcomers(scene: &Scene) -> Vec<Newcomer> {
    let bench = &scene.bench;
    let panel = bench.row("enumeration", &[("intname", "panel")]).to_string();
    let licences = bench.row("processing", &[("name", "licences")]).to_string();
    let mapping = bench.rows("customparam")[&scene.things[5].id]["param"].as_str().unwrap().to_owned();
    let dedic = bench.row("itemtype", &[("intname", "dedic")]).to_string();
    vec![
        Newcomer {
            object: "processor dc",
            table: "processing",
            name: ("name", "dc"),
            fields: owned(&[("name", "dc"), ("module", "pmauto"), ("itemtype", &dedic)]),
            list: "processing",
            save: "processing.add.settings",
        },
        Newcomer {
            object: "enumeration-item panel/4601",
            table: "enumerationitem",
            name: ("intname", "4601"),
            fields: owned(&[("intname", "4601"), ("name", "Somebody's"), ("enumeration", &panel)]),
            list: "enumerationitem",
            save: "enumerationitem.edit",
        },
        Newcomer {
            object: "period-mapping licences/6m",
            table: "customparam",
            name: ("source", "6"),
            fields: owned(&[
                ("processing", &licences),
                ("param", &mapping),
                ("source", "6"),
                ("target", "24"),
                ("bind", "off"),
            ]),
            list: "processing.customparam",
            save: "processing.customparam.edit",
        },
    ]
}

/// Somebody makes what the plan makes: nothing of theirs is touched, and never are two taken for one.
#[test]
fn a_creation_by_somebody_else_is_a_conflict() {
    let scene = Scene::new();
    let undisturbed = Undisturbed::new(&scene);
    let wrong = Mutex::new(Vec::new());
    in_scenes(undisturbed.every(), |scene, at| {
        let newcomers = newcomers(scene);
        let hands = newcomers
            .iter()
            .map(|new| Hand::Insert { table: new.table.to_owned(), fields: new.fields.clone() });
        let run = scene.apply(at, hands.collect());
        let what = format!("creations after request {at}: {run}");
        exit_code_is_true(scene, &run, &what);
        for new in newcomers {
            let saves = |request: &RequestRecord| {
                request.mutating && request.func == new.save && param(request, "elid").is_empty()
            };
            let saved = undisturbed.find(1, saves);
            let seen = undisturbed.find(saved + 1, |request| request.func == new.list);
            let rows = scene.bench.rows(new.table);
            let same: Vec<(&u64, &Value)> =
                rows.iter().filter(|(_, row)| row[new.name.0] == new.name.1).collect();
            let theirs = same
                .iter()
                .filter(|(_, row)| new.fields.iter().all(|(name, value)| row[name.as_str()] == **value));
            let verdict = verdict(&run, new.object);
            let complain = |why: &str| {
                let text = format!(
                    "{} after {at} (saved at {saved}, seen at {seen}), {why}: {verdict:?}, {same:?}\n{run}",
                    new.object
                );
                wrong.lock().unwrap().push(text);
            };
            if theirs.count() != 1 {
                complain("lost");
            }
            match verdict {
                Verdict::Skipped => {}
                Verdict::Done if at >= seen => {}
                Verdict::Conflict if at < seen => {
                    if at + 1 < saved && same.len() != 1 && new.table != "processing" {
                        complain("created a second time");
                    }
                    if let Some((id, _)) = same.iter().find(|(id, _)| !run.stdout.contains(&id.to_string())) {
                        complain(&format!("id {id} is not named"));
                    }
                }
                _ => complain("not as it should be said"),
            }
        }
    });
    let wrong = wrong.into_inner().unwrap();
    assert!(
        wrong.is_empty(),
        "{} wrong, among them\n{}",
        wrong.len(),
        wrong[..wrong.len().min(12)].join("\n")
    );
}

/// Somebody deletes what the plan updates: it stays deleted. And somebody edits or deletes what the plan
/// deletes: an edit keeps it.
#[test]
fn what_somebody_deletes_stays_deleted() {
    let scene = Scene::new();
    let undisturbed = Undisturbed::new(&scene);
    // An enumeration that is in use cannot be deleted; a price goes with its item or resource.
    let deletable =
        ["processor vm", "enumeration-item panel/55227", "resource VDS Start", "period-mapping licences/3m"];
    let cases = undisturbed.every().flat_map(|at| {
        let things = scene.things.iter().filter(|thing| deletable.contains(&thing.object.as_str()));
        let close = things.enumerate().filter_map(|(index, thing)| {
            let (save, look) = undisturbed.save_and_look(thing);
            ((save.saturating_sub(2)..=look).contains(&at) || at % deletable.len() == index)
                .then(|| thing.object.clone())
        });
        close.map(|object| (at, object, false)).collect::<Vec<_>>()
    });
    let doomed = |request: &RequestRecord| request.mutating && request.func.ends_with("customparam.delete");
    let deletion = undisturbed.find(1, doomed);
    let around = (deletion - 2..=deletion + 1)
        .flat_map(|at| [false, true].map(|removed| (at, "period-mapping licences/3m".to_owned(), removed)));
    let cases: Vec<(usize, String, bool)> = cases.chain(around).collect();
    let wrong = Mutex::new(Vec::new());
    in_scenes(cases, |scene, (at, object, removed)| {
        let thing = scene.things.iter().find(|thing| thing.object == object).unwrap();
        let (save, look) = undisturbed.save_and_look(thing);
        // What the panel deletes along with it.
        scene.bench.panel().rewind(&scene.before);
        let own = scene.bench.rows("item_price").into_iter().filter(|(_, row)| match thing.table {
            "resource" => row["resource"] == *thing.id.to_string(),
            "enumerationitem" => row["enumerationitem"] == *thing.id.to_string(),
            _ => false,
        });
        let prices = own.map(|(id, _)| Hand::Remove { table: "item_price".to_owned(), id });
        let (table, id) = ("customparam".to_owned(), scene.bench.row("customparam", &[("bind", "on")]));
        let other = if removed {
            Hand::Remove { table, id }
        } else {
            Hand::Edit { table, id, field: "target".to_owned(), value: "24".to_owned() }
        };
        let hands = [Hand::Remove { table: thing.table.to_owned(), id: thing.id }, other];
        let run = scene.apply(at, hands.into_iter().chain(prices).collect());
        let what = format!("{object} deleted after request {at}: {run}");
        exit_code_is_true(scene, &run, &what);
        let found = scene.cell(thing.table, thing.id, "id");
        let verdict = verdict(&run, &object);
        let complain = |why: &str| {
            let text = format!(
                "{object} after {at} (saved at {save}, seen at {look}), {why}: {verdict:?}, {found}\n{run}"
            );
            wrong.lock().unwrap().push(text);
        };
        if found != "(gone)" {
            complain("there again");
        }
        let kept = scene.cell("customparam", id, "target");
        match (kept.as_str(), self::verdict(&run, "period-mapping licences/1m@VDS Start")) {
            ("24", Verdict::Conflict) if !removed && at + 1 < deletion => {}
            ("24", Verdict::Skipped) if !removed => {}
            ("(gone)", Verdict::Done) if removed || at + 1 >= deletion => {}
            (_, other) => complain(&format!("what the plan deletes (at {deletion}) is {other:?}, {kept}")),
        }
        let key = match thing.table {
            "processing" => ("name", "vm"),
            "enumerationitem" => ("intname", "55227"),
            "customparam" => ("source", "3"),
            _ => ("enumeration", "-"),
        };
        if scene.bench.rows(thing.table).values().any(|row| row[key.0] == key.1) {
            complain("made anew");
        }
        match verdict {
            Verdict::Done if at >= look => {}
            Verdict::Conflict if at < look => {}
            Verdict::Skipped => {}
            _ => complain("not as it should be said"),
        }
    });
    let wrong = wrong.into_inner().unwrap();
    assert!(
        wrong.is_empty(),
        "{} wrong, among them\n{}",
        wrong.len(),
        wrong[..wrong.len().min(12)].join("\n")
    );
}

/// Without a saved plan: what somebody sets is in the plan that is shown, or stays.
#[test]
fn a_plan_made_and_applied_at_once_overwrites_only_what_it_shows() {
    const COMMAND: &str = "apply config --yes --target price/*";
    let scene = Scene::new();
    scene.run(COMMAND, 0, Vec::new()).exits(0);
    let undisturbed = Undisturbed { requests: scene.bench.panel().requests() };
    let (save, look) = undisturbed.save_and_look(&scene.things[4]);
    let mut cases: Vec<usize> = undisturbed.every().collect();
    cases.reverse();
    in_scenes(cases, |scene, at| {
        let price = &scene.things[4];
        let (field, value) = price.edits[PLANNED].clone().unwrap();
        let hand = Hand::Edit {
            table: "item_price".to_owned(),
            id: price.id,
            field: field.clone(),
            value: value.to_owned(),
        };
        let run = scene.run(COMMAND, at, vec![hand]);
        let found = scene.cell("item_price", price.id, &field);
        let what = format!("after {at} (saved at {save}, seen at {look}), {found}: {run}");
        exit_code_is_true(scene, &run, &what);
        let shown = run.stdout.contains("355.00");
        match (found.as_str(), run.code) {
            ("355.00", 0) => assert!(at >= look, "{what}"),
            ("355.00", 5 | 6) => assert!(run.stdout.contains("apply::conflict"), "{what}"),
            ("360.00", 0) => assert!(shown || at + 1 == save, "{what}"),
            _ => panic!("{what}"),
        }
    });
}

/// Prices come with their resource: what somebody sets before they are written for the first time stays.
#[test]
fn a_new_price_that_somebody_was_quicker_to_set_stays() {
    let fresh = || {
        let bench = Bench::new().sandbox(SEED).env("BILLFORM_CONCURRENCY", "1");
        let (above, below) = BASE.split_once("prices:\n").unwrap();
        let (_, mappings) = below.split_once("period_mappings:\n").unwrap();
        let bench = bench.config(&format!("{above}period_mappings:\n{mappings}"));
        bench.settle();
        bench.config(BASE)
    };
    let bench = fresh();
    bench.panel().clear_requests();
    bench.run("apply config --yes --quiet").exits(0);
    let undisturbed = Undisturbed { requests: bench.panel().requests() };
    let (price, rub) = (bench.price_row("vds-start", "55227"), bench.currency("RUB"));
    let field = format!("monthly.{rub}");
    let edit = bench.panel().names()["price.edit"].clone();
    let made = undisturbed.find(1, |request| request.mutating && request.func == "pricelist.detail.edit");
    let save = undisturbed.find(made, |request| request.mutating && request.func == edit);
    let look = undisturbed.find(save + 1, |request| request.func == edit);
    crate::harness::in_threads(4, made..=look, |at| {
        let bench = fresh();
        let hand = Hand::Edit {
            table: "item_price".to_owned(),
            id: price,
            field: field.clone(),
            value: "999.00".to_owned(),
        };
        bench.panel().later(at, hand);
        let run = bench.run("apply config --yes");
        let found = bench.rows("item_price")[&price][&field].as_str().unwrap().to_owned();
        let what = format!("after {at} (made {made}, saved {save}, seen {look}), {found}: {run}");
        match (found.as_str(), run.code) {
            ("999.00", 6) => assert!(at < look && run.stdout.contains("apply::conflict"), "{what}"),
            ("999.00", 0) => assert!(at >= look, "{what}"),
            ("350.00", 0) => assert_eq!(at + 1, save, "{what}"),
            _ => panic!("{what}"),
        }
    });
}
