//! The first hour on a panel: `doctor` says what can be managed there, `init` makes a configuration of it.

use billform::sandbox::{CLIENT, Hostile};
use serde_json::Value;

use crate::harness::{Bench, SEED, SMALL};

#[test]
fn a_panel_in_order_is_said_to_be_so_and_nothing_is_written() {
    let bench = Bench::new().sandbox(SEED).config(SMALL);
    bench.run("doctor").exits(0).says("none was found");
    bench.settle();
    let before = bench.state();
    bench.panel().clear_requests();
    let run = bench.run("doctor").exits(0).says("access level 29").says("Every kind can be managed");
    for kind in ["processor", "enumeration-item", "price", "period-mapping"] {
        assert!(run.stdout.lines().any(|line| line.contains("ok") && line.contains(kind)), "{run}");
    }
    bench.run("doctor -v").exits(0).says("currency RUB").says("period mapping of");
    assert_eq!(bench.writes(), 0);
    assert_eq!(bench.state(), before);
    let json = bench.run("doctor --format json").exits(0).json();
    let schema: Value = bench.run("schema doctor").exits(0).json();
    let schema = jsonschema::validator_for(&schema).unwrap();
    assert!(schema.is_valid(&json), "{:?}", schema.iter_errors(&json).next());
}

#[test]
fn what_was_found_out_is_told_with_the_way_it_was() {
    let bench = Bench::new().sandbox(SEED).config(SMALL);
    bench.settle();
    bench.run("doctor").exits(0).says("--verbose lists what was found out");
    let found = |config: &str, what: &str| -> (String, String) {
        let json = bench.run(&format!("doctor {config} --format json")).exits(0).json();
        let found = json["found"].as_array().unwrap().iter().find(|found| found["what"] == what).cloned();
        let found = found.unwrap_or_else(|| panic!("{what} in {json:#}"));
        (found["name"].as_str().unwrap().to_owned(), found["how"].as_str().unwrap().to_owned())
    };
    for what in [
        "field password of processing.edit",
        "field enumeration of pricelist.detail.edit",
        "field mapping_sold of processing.customparam.edit",
        "buttons of pricelist.detail",
    ] {
        let (name, how) = found("", what);
        assert!(
            !name.is_empty() && (how.starts_with("by its ") || how.starts_with("in the ")),
            "{what}: {name}, {how}"
        );
    }
    let (url, how) = found("", "field url of processing.edit");
    assert_ne!(how, "the configuration says so");
    bench.write("told.yaml", &format!("version: 1\ndialect: {{fields: {{processor_url: {url}}}}}\n"));
    assert_eq!(
        found("told.yaml", "field url of processing.edit"),
        (url, "the configuration says so".to_owned())
    );
}

#[test]
fn a_list_with_a_stored_filter_fails_its_kind_only() {
    let bench = Bench::new().hostile_sandbox(SEED, &[Hostile::StoredFilter]);
    bench.run("doctor").exits(9).says("FAILED").says("filter").says("access level 29");
}

#[test]
fn an_account_that_is_no_administrator_fails() {
    let bench = Bench::new().sandbox(SEED).env("BILLFORM_USER", CLIENT);
    bench.run("doctor").exits(7).says("access level 16").says("use an administrator's account");
}

#[test]
fn a_name_that_cannot_be_told_comes_with_the_line_that_settles_it() {
    let bench = Bench::new().sandbox(SEED).config(SMALL);
    bench.settle();
    let text = "version: 1\ndialect: {fields: {processor_url: nothing_here}}\n";
    bench.write("wrong.yaml", text);
    let run = bench.run("doctor wrong.yaml").exits(4);
    // The other kinds were looked at all the same.
    run.says("missing").says("fields: {processor_url: NAME}").says("price");
}

#[test]
fn a_configuration_begins_with_what_is_live_and_plans_empty() {
    let bench = Bench::new().sandbox(SEED);
    let before = bench.state();
    bench.run("init begun").exits(0).says("No changes").says("00-panel.yaml").says("billform plan begun");
    let panel = bench.read("begun/00-panel.yaml");
    assert!(panel.starts_with("# yaml-language-server: $schema=billform.schema.json\n"), "{panel}");
    assert!(!panel.contains("sandbox\n"), "no password: {panel}");
    assert!(bench.read("begun/.gitignore").contains("plan.json"));
    bench.run("validate begun").exits(0);
    bench.run("plan begun --detailed-exitcode").exits(0);
    bench.run("init begun").exits(64).says("already holds a configuration").says("init::exists");
    assert_eq!((bench.writes(), bench.state()), (0, before));
}
