//! `pool`: the licences of the account and the services of the panel, over real HTTP.

use billform::sandbox::{ADMIN, Pair};
use serde_json::Value;

use crate::{
    harness::{Bench, SEED},
    upstream::{pair, processor, reader},
};

const AT: &str = "2026-12-01";

/// A licence with one term of a year, and nothing remarkable about it.
pub(crate) fn licence(pair: &Pair, cells: &[(&str, &str)]) -> String {
    let usual = [
        ("status", "2"),
        ("licname", "free.lic"),
        ("ip", "0.0.0.0"),
        ("code", "55227"),
        ("period", "12"),
        ("createdate", "2026-06-01"),
        ("expiredate", "2027-06-01"),
        ("ip_changed", "2026-10-01"),
        ("key_changed", "2026-10-01"),
        ("cost", "2500.00"),
    ];
    let mut row: Vec<(&str, &str)> =
        usual.into_iter().filter(|(name, _)| cells.iter().all(|own| own.0 != *name)).collect();
    row.extend(cells);
    pair.licences().insert("soft", &row).to_string()
}

pub(crate) fn service(pair: &Pair, name: &str, code: &str, licence: &str) -> String {
    let cells = [
        ("kind", "vds"),
        ("status", "2"),
        ("name", name),
        ("ip", "192.0.2.1"),
        ("code", code),
        ("licence", licence),
        ("expiredate", "2027-01-01"),
    ];
    pair.provider().insert("service", &cells).to_string()
}

pub(crate) fn bench(pair: &Pair, more: &str) -> Bench {
    reader()
        .config(&format!("{}{more}", processor(pair.licences().url())))
        .env("BILLFORM_URL", pair.provider().url())
        .env("BILLFORM_USER", ADMIN)
        .env("BILLFORM_PASSWORD", &pair.provider().admin_password())
        .secret(&pair.provider().admin_password())
}

fn pool(bench: &Bench) -> Value {
    bench.run(&format!("pool config --at {AT} --format json")).exits(0).json()
}

fn entry<'j>(pool: &'j Value, id: &str) -> &'j Value {
    pool["licences"].as_array().unwrap().iter().find(|entry| entry["id"] == id).unwrap()
}

#[test]
fn every_licence_has_its_group_and_its_worth() {
    for seed in [SEED, 8, 21] {
        let pair = pair(seed);
        let free = licence(&pair, &[]);
        let soon = licence(&pair, &[("expiredate", "2026-12-20")]);
        let cooling = licence(&pair, &[("ip_changed", "2026-11-20")]);
        let renamed = licence(&pair, &[("licname", "spare")]);
        let moved = licence(&pair, &[("ip", "192.0.2.9")]);
        let orphan = licence(&pair, &[("licname", "Item #999999\" addon gone"), ("ip", "192.0.2.8")]);
        let ended = licence(&pair, &[("expiredate", AT), ("status", "3")]);
        let bench = bench(&pair, "");
        let one = service(&pair, "one", "55227", "");
        let used = licence(&pair, &[("licname", &format!("Item #{one}\" addon one")), ("ip", "192.0.2.1")]);
        let json = pool(&bench);
        for (id, group) in [
            (&free, "free"),
            (&soon, "free"),
            (&cooling, "cooling_down"),
            (&renamed, "out_of_pool"),
            (&moved, "out_of_pool"),
            (&orphan, "orphaned"),
            (&ended, "ended"),
            (&used, "used"),
        ] {
            assert_eq!(entry(&json, id)["group"], group, "{id} of dialect {seed}: {json:#}");
        }
        assert_eq!(entry(&json, &cooling)["usable_from"], "2026-12-21");
        assert_eq!(entry(&json, &free)["worth"]["amount"], "1246.58");
        assert_eq!(entry(&json, &free)["worth"]["arithmetic"], "2500.00 x 182 of 365 days");
        assert_eq!(entry(&json, &soon)["expires_soon"], true);
        assert_eq!(entry(&json, &ended)["worth"]["amount"], "0.00");
        assert_eq!(entry(&json, &used)["service"], format!("vds/{one}"));
        assert_eq!(json["expiring_soon"]["count"], 1);
        assert_eq!(json["notes"], Value::Array(Vec::new()));
        assert_eq!(json["balance"][0]["amount"], "1000000.00");
        let writes = |panel: &billform::sandbox::Sandbox| panel.requests().iter().any(|own| own.mutating);
        assert!(!writes(pair.licences()) && !writes(pair.provider()));
    }
}

#[test]
fn services_without_a_licence_of_their_own_are_found() {
    let pair = pair(SEED);
    let bench = bench(&pair, "");
    service(&pair, "plain", "nopanel", "");
    service(&pair, "bare", "", "");
    let without = service(&pair, "without", "55228", "");
    let rich = service(&pair, "rich", "55227", "");
    let name = format!("Item #{rich}\" addon rich");
    let first = licence(&pair, &[("licname", &name), ("ip", "192.0.2.1")]);
    licence(&pair, &[("licname", &name), ("ip", "192.0.2.1"), ("cost", "100.00")]);
    let poor = service(&pair, "poor", "55227", &first);
    let poorer = service(&pair, "poorer", "55227", &first);
    let json = pool(&bench);
    let found: Vec<(&str, Vec<&str>)> = json["services"]
        .as_array()
        .unwrap()
        .iter()
        .map(|own| {
            let services = own["services"].as_array().unwrap().iter().map(|id| id.as_str().unwrap());
            (own["problem"].as_str().unwrap(), services.collect())
        })
        .collect();
    let named = |id: &String| format!("vds/{id}");
    let (without, rich, poor, poorer) = (named(&without), named(&rich), named(&poor), named(&poorer));
    assert!(found.contains(&("no_licence", vec![&without])), "{found:?}");
    assert!(found.contains(&("several_licences", vec![&rich])), "{found:?}");
    assert!(found.contains(&("shared_licence", vec![&poor, &poorer])), "{found:?}");
    let several =
        json["services"].as_array().unwrap().iter().find(|own| own["problem"] == "several_licences");
    assert_eq!(several.unwrap()["worth"][0]["amount"], "49.86", "the cheaper one is to spare");
    assert!(!found.iter().any(|(_, services)| services.contains(&"plain")));
}

#[test]
fn what_is_not_shown_is_not_guessed() {
    let pair = pair(SEED);
    let undated = licence(&pair, &[("key_changed", ""), ("cost", "")]);
    let bench = bench(&pair, "");
    let json = pool(&bench);
    let entry = entry(&json, &undated);
    assert_eq!(entry["group"], "unproven");
    assert_eq!(entry["worth"], Value::Null);
    let not_known = entry["not_known"].to_string();
    assert!(
        not_known.contains("when its key was last changed") && not_known.contains("what it costs"),
        "{not_known}"
    );
    let costs =
        "costs: {licences: {as_of: 2026-11-01, codes: {\"55227\": {price: {RUB: {12m: \"365.00\"}}}}}}\n";
    let bench = self::bench(&pair, costs);
    assert_eq!(self::entry(&pool(&bench), &undated)["worth"]["amount"], "182.00");
    let bench = self::bench(&pair, "dialect: {columns: {licence_cost: createdat}}\n");
    bench.run("pool config").exits(4).says("panel::unknown_name").says("columns: {licence_cost: NAME}");
}

#[test]
fn people_and_spreadsheets_read_the_same() {
    let pair = pair(SEED);
    licence(&pair, &[]);
    licence(&pair, &[("licname", "Item #77\" addon Имя, \"в кавычках\""), ("ip", "192.0.2.7")]);
    let bench = bench(&pair, "");
    let run = bench.run(&format!("pool config --at {AT}")).exits(0);
    let run = run
        .says("Free: the next order takes one (1) 1246.58 RUB")
        .says("Orphaned: paid, and on no service (1)");
    assert!(run.stdout.lines().all(|line| line.chars().count() <= 100), "{run}");
    let csv = bench.run(&format!("pool config --at {AT} --format csv")).exits(0).stdout;
    assert!(csv.lines().nth(1).unwrap().starts_with("free,"), "{csv}");
    assert!(csv.contains("\"Item #77\"\" addon Имя, \"\"в кавычках\"\"\""), "{csv}");
    let schema = bench.run("schema pool").exits(0).json();
    let schema = jsonschema::validator_for(&schema).unwrap();
    let json = pool(&bench);
    assert!(schema.is_valid(&json), "{:?}", schema.iter_errors(&json).next());
    let narrow = bench.env("COLUMNS", "40").run(&format!("pool config --at {AT}")).exits(0);
    assert!(narrow.stdout.lines().all(|line| line.chars().count() <= 40), "{narrow}");
}

#[test]
fn an_account_without_licences_is_an_answer() {
    let pair = pair(SEED);
    bench(&pair, "").run("pool config").exits(0).says("0 licences");
}
