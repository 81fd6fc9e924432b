//! `simulate run`: scenarios on configurations, panels and plans.

use std::fs;

use serde_json::Value;

use crate::harness::{Bench, Run, SEED, root};

/// A configuration with costs, on which a year is bought for a month.
const CONFIG: &str = r#"version: 1
processors:
  licences:
    product_type: soft
    module: billmanager
    url: https://licences.example.com/billmgr
    username: provider
    password: {env: LICENCE_PASSWORD}
enumerations:
  panel:
    name: {en: Control panel}
    items:
      nopanel: {name: {en: No panel}}
      "55227": {name: {en: Panel lite}}
prices:
  vds-start:
    resource: {enumeration: panel, default: nopanel, billing: by_order, client_change: up_only}
    items:
      nopanel: free
      "55227": {RUB: {1m: "350.00", 12m: "3500.00"}}
period_mappings:
  licences:
    - {sold: 1m, bought: 12m}
costs:
  licences:
    as_of: 2026-11-01
    currency: RUB
    codes:
      "55227": {price: {RUB: {1m: "250.00", 12m: "2500.00"}}}
"#;

const SCENARIO: &str = r#"version: 1
from: 2026-12-01
months: 12
currency: RUB
clients:
  - {tariff: vds-start, panel: "55227", period: 1m, orders_per_month: 10, leave: 20%}
"#;

fn bench() -> Bench {
    let bench = Bench::new().config(CONFIG);
    bench.write("scenario.yaml", SCENARIO);
    bench.write("monthly.yaml", &CONFIG.replace("bought: 12m", "bought: 1m"));
    bench
}

fn conforms(value: &Value) {
    let schema = fs::read_to_string(root().join("schemas/simulation.schema.json")).unwrap();
    let schema = serde_json::from_str(&schema).unwrap();
    let errors = jsonschema::validate(&schema, value);
    assert!(errors.is_ok(), "{errors:?}");
}

fn cost(run: &Value) -> &str {
    run["total"]["cost"].as_str().unwrap()
}

#[test]
fn a_scenario_ends_in_the_same_books_each_time() {
    let bench = bench();
    let run = bench.run("simulate run scenario.yaml config").exits(0).says("120").says("Over time");
    assert_eq!(run.stderr, "");
    assert_eq!(run.stdout, bench.run("simulate run scenario.yaml config").exits(0).stdout);
    bench.write("scenario.yaml", &SCENARIO.replace("currency", "seed: 2\ncurrency"));
    assert_ne!(run.stdout, bench.run("simulate run scenario.yaml config").exits(0).stdout);
}

#[test]
fn two_configurations_are_shown_side_by_side() {
    let bench = bench();
    let run = bench.run("simulate run scenario.yaml config --compare monthly.yaml --format json").exits(0);
    let value = run.json();
    conforms(&value);
    assert_eq!(value["run"]["total"]["income"], value["other"]["total"]["income"]);
    assert_ne!(cost(&value["run"]), cost(&value["other"]));
    let difference = value["difference"]["cost"].as_str().unwrap();
    let (amount, word) = match difference.strip_prefix('-') {
        Some(less) => (less, "less"),
        None => (difference, "more"),
    };
    let grouped = |amount: &str| {
        let (whole, rest) = amount.split_at(amount.len() - 6);
        format!("{whole},{rest}")
    };
    let amount = if amount.len() > 6 { grouped(amount) } else { amount.to_owned() };
    bench
        .run("simulate run scenario.yaml config --compare monthly.yaml")
        .exits(0)
        .says(&format!("config costs {amount} RUB {word} than monthly.yaml over 12 months"));
}

#[test]
fn every_report_is_of_the_same_run() {
    let bench = bench();
    let printed = bench
        .run(
            "simulate run scenario.yaml config --format json --report html=page.html --report csv=ledger.csv \
             --report text=books.txt --report json=books.json",
        )
        .exits(0);
    assert_eq!(printed.stdout, bench.read("books.json"));
    let total = printed.json()["run"]["total"].clone();
    let hundredths = |text: &str| text.replace('.', "").parse::<i64>().unwrap();
    let ledger = bench.read("ledger.csv");
    let amounts = ledger.lines().skip(1).map(|row| hundredths(row.split(',').nth(9).unwrap()));
    assert_eq!(amounts.sum::<i64>(), hundredths(total["cash"].as_str().unwrap()));
    let sold = ledger.lines().filter(|row| row.split(',').nth(2) == Some("sold")).count();
    assert_eq!(sold, 120);
    let page = bench.read("page.html");
    assert!(page.contains("<svg ") && !page.contains("<script"), "{page}");
    assert!(bench.read("books.txt").contains("Licences bought"));
    bench
        .run("simulate run scenario.yaml config --report html=no/where.html")
        .exits(3)
        .says("file::unwritable");
    bench.run("simulate run scenario.yaml config --report pdf=x").exits(64).says("text, json, csv or html");
}

#[test]
fn a_saved_plan_is_compared_with_what_was_there_before_it() {
    let bench = Bench::new().sandbox(SEED).config(CONFIG);
    bench.write("scenario.yaml", SCENARIO);
    bench.settle();
    let before = bench.run("simulate run scenario.yaml config --live --format json").exits(0).json();
    bench.change("bought: 12m", "bought: 1m");
    bench.run("plan config --out plan.json --quiet").exits(0);
    let both = bench.run("simulate run scenario.yaml plan.json --format json").exits(0).json();
    conforms(&both);
    assert_eq!(cost(&both["other"]), cost(&before["run"]));
    let after = bench.run("simulate run scenario.yaml config --format json").exits(0).json();
    assert_eq!(cost(&both["run"]), cost(&after["run"]));
    bench.run("simulate run scenario.yaml plan.json --compare config").exits(64).says("usage::conflict");
}

#[test]
fn what_a_plan_begins_to_sell_is_played_after_it_alone() {
    let bench = Bench::new().sandbox(SEED).config(CONFIG);
    bench.write("scenario.yaml", SCENARIO);
    bench.run("plan config --out plan.json --quiet").exits(0);
    let value = bench.run("simulate run scenario.yaml plan.json --format json").exits(0).json();
    conforms(&value);
    assert_eq!(value["other"], Value::Null);
    let note = value["run"]["notes"][0].as_str().unwrap();
    assert!(note.starts_with("not compared with what is there before the plan: "), "{note}");
    let after = bench.run("simulate run scenario.yaml config --format json").exits(0).json();
    assert_eq!(value["run"]["total"], after["run"]["total"]);
    bench.write("scenario.yaml", &SCENARIO.replace("vds-start", "vds-strat"));
    bench.run("simulate run scenario.yaml plan.json").exits(3).says("scenario::unknown_tariff");
}

fn refused(bench: &Bench, code: &str) -> Run {
    let run = bench.run("simulate run scenario.yaml config").exits(3).says(code);
    assert_eq!(run.stdout, "", "{run}");
    let json = bench.run("simulate run scenario.yaml config --format json").exits(3).json();
    assert_eq!(json["errors"][0]["code"], code);
    run
}

#[test]
fn what_cannot_be_played_is_said_at_its_place() {
    let bench = bench();
    bench.write("scenario.yaml", &SCENARIO.replace("vds-start", "vds-strat"));
    refused(&bench, "scenario::unknown_tariff")
        .says("help: did you mean `vds-start`?")
        .says("scenario.yaml:6:14");
    bench.write("scenario.yaml", &SCENARIO.replace("2026-12-01", "2026-02-30"));
    refused(&bench, "config::bad_date");
    bench.write("scenario.yaml", SCENARIO);
    bench.change("12m: \"2500.00\"", "3m: \"700.00\"");
    bench.change("bought: 12m", "bought: 3m");
    bench.run("simulate run scenario.yaml config").exits(0);
    bench.change("3m: \"700.00\"}}", "3m: \"700.00\"}}, offered: [1m, 3m, 6m]");
    bench.change("bought: 3m", "bought: 6m");
    refused(&bench, "scenario::no_cost").says("costs for 6m in RUB is not known").says("costs: {licences:");
    fs::remove_file(bench.path("scenario.yaml")).unwrap();
    refused(&bench, "config::unreadable");
    fs::create_dir(bench.path("scenario.yaml")).unwrap();
    refused(&bench, "config::unreadable");
}

#[test]
fn the_examples_can_be_played_on_the_example() {
    let bench = Bench::new().example("hosting");
    let examples = root().join("examples/scenarios");
    for entry in fs::read_dir(examples).unwrap() {
        let path = entry.unwrap().path();
        let run = bench.run(&format!("simulate run {} config --format json", path.display())).exits(0);
        conforms(&run.json());
    }
}
