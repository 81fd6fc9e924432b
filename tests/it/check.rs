//! `check` and `explain` as people and pipelines use them. What each check finds is tested beside it, with the
//! fixtures in `tests/checks`.

use crate::harness::{Bench, SEED, SMALL, root};

const DAY: &str = "--at 2026-11-25";

fn fixture(code: &str, name: &str) -> String {
    std::fs::read_to_string(root().join("tests/checks").join(code).join(name)).unwrap()
}

fn with(text: &str) -> Bench {
    let bench = Bench::new();
    bench.write("config.yaml", text);
    bench
}

#[test]
fn errors_fail_with_3_and_warnings_only_where_they_are_asked_to() {
    let bench = with(&fixture("L13", "fails.yaml"));
    let run =
        bench.run(&format!("check config.yaml {DAY}")).exits(3).says("check::L13").says("Checks: 1 error");
    assert_eq!(run.stderr, "", "findings are data");
    let bench = with(&fixture("L22", "fails.yaml"));
    bench
        .run(&format!("check config.yaml {DAY}"))
        .exits(0)
        .says("client_change: up_only")
        .says("Checks: 1 warning");
    bench.run(&format!("check config.yaml {DAY} --strict")).exits(3);
}

#[test]
fn the_clean_example_has_nothing_to_find() {
    let bench = Bench::new().example("hosting");
    bench.run(&format!("check config {DAY} --strict")).exits(0).says("Checks: nothing found; 2 not made.");
    bench.run("validate config").exits(0).silent("check::");
}

#[test]
fn findings_are_data_with_a_schema() {
    for code in ["L02", "L06", "L15", "L31"] {
        let bench = with(&fixture(code, "fails.yaml"));
        let document = bench.run(&format!("check config.yaml {DAY} --format json"));
        let document: serde_json::Value = serde_json::from_str(&document.stdout).unwrap();
        let schema = bench.run("schema findings").exits(0).json();
        let errors: Vec<String> = jsonschema::validator_for(&schema)
            .unwrap()
            .iter_errors(&document)
            .map(|error| error.to_string())
            .collect();
        assert!(errors.is_empty(), "{errors:#?}");
        let codes: Vec<&str> = document["findings"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["code"].as_str().unwrap())
            .collect();
        assert!(codes.contains(&&*format!("check::{code}")), "{codes:?}");
    }
}

#[test]
fn validate_fails_on_errors_and_mentions_warnings() {
    let run = with(&fixture("L13", "fails.yaml")).run("validate config.yaml").exits(3).says("check::L13");
    assert_eq!(run.stdout, "");
    let bench = with(&fixture("L22", "fails.yaml"));
    let run = bench.run("validate config.yaml").exits(0);
    assert!(run.stdout.starts_with("Valid: ") && run.stderr.contains("check::L22"), "{run}");
    let json = bench.run("validate config.yaml --format json").exits(0).json();
    assert_eq!(json["warnings"][0]["code"], "check::L22");
    // Costs that only grew old make nothing invalid, nor worth a word.
    with(&fixture("L30", "fails.yaml")).run("validate config.yaml").exits(0).silent("check::L30");
}

#[test]
fn waivers_that_do_nothing_any_more_are_reported() {
    let waive = |check: &str, until: &str| {
        format!(
            "{}    waive: [{{check: {check}, reason: until the summer, until: {until}}}]\n",
            fixture("L22", "fails.yaml")
        )
    };
    let bench = with(&waive("L22", "2026-11-25"));
    bench.run(&format!("check config.yaml {DAY}")).exits(0).says("waived until 2026-11-25: until the summer");
    let bench = with(&waive("L22", "2026-11-24"));
    bench.run(&format!("check config.yaml {DAY}")).exits(0).says("check::waiver_expired").says("2 warnings");
    let bench = with(&waive("L24", "2027-01-01"));
    bench
        .run(&format!("check config.yaml {DAY}"))
        .exits(0)
        .says("check::waiver_unused")
        .says("1 warning, 1 note");
}

#[test]
fn what_the_panel_has_is_looked_at_on_demand() {
    let bench = Bench::new().sandbox(SEED).config(SMALL);
    bench.settle();
    bench.change("350.00", "35.00");
    bench.run(&format!("check config {DAY}")).silent("check::L29");
    let run = bench.run(&format!("check config {DAY} --live --quiet")).exits(3);
    run.says("check::L29").says("350.00 -> 35.00, -90 %");
}

#[test]
fn a_plan_shows_what_was_found_and_an_error_stops_the_apply() {
    let bench = Bench::new().sandbox(SEED).config(SMALL);
    bench.settle();
    let before = bench.state();
    bench.change("nopanel: free", "nopanel: {RUB: {1m: \"10.00\"}}");
    bench
        .run("plan config --out plan.json")
        .exits(0)
        .says("error: who wants no panel pays")
        .says("check::L27");
    bench.run("plan config --format markdown").exits(0).says("`check::L27`");
    let json = bench.run("plan config --format json").exits(0).json();
    assert_eq!(json["findings"][0]["code"], "check::L27");
    bench.run("apply config --yes --allow-price-move vds-start/nopanel").exits(3).says("check::L27");
    bench.run("apply plan.json --yes --allow-price-move vds-start/nopanel").exits(3).says("check::L27");
    assert_eq!(bench.state(), before);
}

#[test]
fn two_configurations_of_one_account_are_told_apart() {
    let bench = Bench::new().example("hosting");
    bench.write("test.yaml", &fixture("L32", "passes.yaml"));
    bench
        .run(&format!("check config {DAY} --beside test.yaml"))
        .exits(3)
        .says("check::L31")
        .says("test.yaml");
}

#[test]
fn explain_speaks_russian() {
    let bench = Bench::new();
    let run = bench.run("explain L08 --lang ru").exits(0).says("# L08: ").says("## Почему это стоит денег");
    let run = run.says("## Откуда это").says("waive: [{check: L08");
    assert!(!run.stdout.contains("Why it costs"), "{run}");
    let run = bench.run("explain prices.items --lang ru").exits(0).says("prices.*.items");
    let prose = run.stdout.split("\n\n").nth(1).unwrap();
    assert!(prose.chars().any(|ch| ('а'..='я').contains(&ch)) && !prose.contains(" the "), "{run}");
}

#[test]
fn explain_tells_what_a_check_is_about() {
    let bench = Bench::new();
    let run = bench.run("explain L08").exits(0).says("# L08: ").says("reversed").says("waive: [{check: L08");
    assert_eq!(bench.run("explain l08").exits(0).stdout, run.stdout);
    bench.run("explain check::L06").exits(0).says("never an error");
    bench.run("explain L99").exits(64).says("explain::unknown").says("L09");
}
