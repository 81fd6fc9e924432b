//! Plans in files: made in one place, applied in another, exactly as they were or not at all.

use std::fs;

use serde_json::Value;

use crate::harness::{Bench, SEED, SMALL, spellings};

/// A bench with `plan.json`, of which nothing is applied yet.
fn planned() -> Bench {
    let bench = Bench::new().sandbox(SEED).config(SMALL);
    bench.run("plan config --out plan.json").exits(0).says("billform apply plan.json");
    bench
}

/// A bench in sync, and then a plan that moves a price from 350.00 to 400.00.
fn price_planned() -> Bench {
    let bench = Bench::new().sandbox(SEED).config(SMALL);
    bench.settle();
    bench.change("1m: \"350.00\"", "1m: \"400.00\"");
    bench.run("plan config --out plan.json").exits(0);
    bench.panel().clear_requests();
    bench
}

fn edit_price(bench: &Bench, period: &str, value: &str) {
    let field = format!("{period}.{}", bench.currency("RUB"));
    bench.edit("item_price", bench.price_row("vds-start", "55227"), &field, value);
}

#[test]
fn a_saved_plan_is_applied_whatever_the_configuration_says_by_then() {
    let bench = planned();
    bench.write("config/billform.yaml", "version: 1\n");
    bench.run("apply plan.json --yes").exits(0);
    bench.write("config/billform.yaml", SMALL);
    bench.in_sync();
}

#[test]
fn applying_a_plan_twice_writes_nothing_the_second_time() {
    let bench = planned();
    bench.run("apply plan.json --yes").exits(0);
    let state = bench.state();
    bench.panel().clear_requests();
    bench.run("apply plan.json --yes").exits(0);
    assert_eq!(bench.writes(), 0);
    assert_eq!(bench.state(), state);
}

#[test]
fn a_plan_whose_price_somebody_changed_after_it_was_applied_overwrites_nothing() {
    let bench = planned();
    bench.run("apply plan.json --yes").exits(0);
    edit_price(&bench, "monthly", "399.00");
    let state = bench.state();
    bench.run("apply plan.json --yes").exits(6).says("apply::conflict").says("399");
    assert_eq!(bench.state(), state);
}

#[test]
fn an_edited_damaged_or_foreign_file_is_refused() {
    let bench = price_planned();
    let text = bench.read("plan.json");
    let before = bench.state();
    let refused = |text: &str, code: i32, error: &str| {
        bench.write("plan.json", text);
        bench.run("apply plan.json --yes").exits(code).says(error);
        bench.run("show plan.json").exits(code).says(error);
        assert_eq!(bench.state(), before, "{error}");
    };
    refused(&text.replace("\"400\"", "\"40\"").replace("\"400.00\"", "\"40.00\""), 3, "saved::edited");
    refused(&text.replace("\"digest\": \"sha256:", "\"digest\": \"sha256:0"), 3, "saved::edited");
    refused(&text.replacen("\"plan\": {", "\"plan\": {\"more\": 1,", 1), 3, "saved::damaged");
    refused(&text[..text.len() / 2], 3, "saved::damaged");
    refused("", 3, "saved::damaged");
    refused("[1, 2]", 3, "saved::damaged");
    refused(&"[".repeat(1_000_000), 3, "saved::damaged");
    refused("\u{0}\u{1}", 3, "saved::damaged");
    refused(
        &text.replacen("\"format_version\": \"1.0\"", "\"format_version\": \"9.1\"", 1),
        4,
        "saved::version",
    );
    fs::remove_file(bench.path("plan.json")).unwrap();
    bench.run("apply plan.json --yes").exits(3).says("saved::unreadable");
    // Layout is no content.
    let value: Value = serde_json::from_str(&text).unwrap();
    bench.write("plan.json", &value.to_string());
    bench.run("apply plan.json --yes").exits(0);
}

#[test]
fn a_plan_for_another_panel_or_account_is_refused() {
    let bench = price_planned();
    let other = Bench::new().sandbox(SEED).config(SMALL);
    let before = other.state();
    fs::copy(bench.path("plan.json"), other.path("plan.json")).unwrap();
    other.run("apply plan.json --yes").exits(4).says("saved::other_target").says(bench.panel().url());
    assert_eq!(other.state(), before);
}

#[test]
fn a_plan_needs_no_address_but_its_own() {
    let bench = price_planned().without("BILLFORM_URL").without("BILLFORM_USER");
    bench.run("apply plan.json --yes").exits(0);
}

#[test]
fn a_plan_can_be_held_to_its_configuration() {
    let bench = price_planned();
    bench.write("other/billform.yaml", SMALL);
    bench.run("apply plan.json --yes --config other").exits(4).says("saved::other_config");
    assert_eq!(bench.writes(), 0);
    // A comment is no change.
    let text = bench.read("config/billform.yaml");
    bench.write("config/billform.yaml", &format!("# reviewed\n{text}"));
    bench.run("apply plan.json --yes --config config").exits(0);
    bench.run("apply config --yes --config other").exits(64).says("usage::conflict");
    bench.run("apply plan.json --yes --target price/vds-start/55227").exits(64);
}

#[test]
fn a_touched_object_that_changed_stops_the_apply_before_any_write() {
    let bench = price_planned();
    edit_price(&bench, "monthly", "360.00");
    let before = bench.state();
    let run = bench.run("apply plan.json --yes").exits(5).says("apply::conflict");
    let run = run.says("`RUB.1m` of price vds-start/55227 was `350.00`").says("is `360.00` now");
    run.says("nothing was written");
    assert_eq!(bench.state(), before);
    assert_eq!(bench.writes(), 0);
}

#[test]
fn a_field_that_the_plan_leaves_alone_counts_too() {
    let bench = price_planned();
    edit_price(&bench, "annually", "9999.00");
    bench.run("apply plan.json --yes").exits(5).says("`RUB.12m` of price vds-start/55227 was").says("9999");
    assert_eq!(bench.writes(), 0);
}

#[test]
fn an_unrelated_change_does_not_invalidate_a_plan_and_is_mentioned() {
    let bench = price_planned();
    let item = bench.row("enumerationitem", &[("intname", "nopanel")]);
    bench.edit("enumerationitem", item, "name", "Nothing at all");
    let run = bench.run("apply plan.json --yes").exits(0);
    run.says("not touched by it: enumeration-item panel/nopanel");
}

#[test]
fn a_saved_plan_shows_in_every_format_as_it_did_when_it_was_made() {
    let bench = price_planned();
    for format in ["text", "markdown", "json"] {
        let made = bench.run(&format!("plan config --format {format}")).exits(0);
        let shown = bench.run(&format!("show plan.json --format {format}")).exits(0);
        assert_eq!(made.stdout, shown.stdout, "{format}");
    }
}

#[test]
fn a_saved_plan_fits_its_schema_and_holds_no_secret() {
    let bench = planned();
    let schema = bench.run("schema saved-plan").exits(0).json();
    let text = bench.read("plan.json");
    let plan: Value = serde_json::from_str(&text).unwrap();
    let errors: Vec<String> = jsonschema::validator_for(&schema)
        .unwrap()
        .iter_errors(&plan)
        .map(|error| format!("{} at {}", error, error.instance_path()))
        .collect();
    assert!(errors.is_empty(), "{errors:#?}");
    for secret in bench.secrets() {
        for spelling in spellings(secret) {
            assert!(!text.contains(&spelling), "{secret:?}");
        }
    }
    assert!(text.contains("LICENCE_PASSWORD"), "where the secret is kept is part of the plan");
}

#[test]
fn a_plan_file_ends_in_json() {
    let bench = price_planned();
    bench.run("plan config --out plan.txt").exits(64).says(".json");
}

#[test]
fn a_run_can_be_limited_and_says_what_it_leaves_undone() {
    let bench = Bench::new().sandbox(SEED).config(SMALL);
    let run = bench.run("plan config --target enumeration-item/panel/55227").exits(0);
    let run = run.says("2 to create").says("Left undone").says("not a --target");
    run.says("processor licences");
    bench.run("apply config --yes --target enumeration-item/panel/55227").exits(0);
    bench.row("enumeration", &[("intname", "panel")]);
    bench.row("enumerationitem", &[("intname", "55227")]);
    assert!(bench.rows("processing").values().all(|row| row["name"] != "licences"));
    // The mappings need the processor and go with it.
    let run = bench.run("apply config --yes --exclude processor/licences").exits(0);
    run.says("needs processor licences, which is left out");
    assert!(bench.rows("processing").values().all(|row| row["name"] != "licences"));
    bench.run("plan config --target price/nothing --detailed-exitcode").exits(0).says("matches no change");
    bench.run("plan config --target panel/x").exits(64).says("is not a kind");
    bench.run("plan config --target processor").exits(64).says("KIND/KEY");
    bench.run("plan config --exclude processor/* --format markdown").exits(0).says("Left undone");
    bench.run("plan config --exclude processor/* --format json").exits(0).says("left_out");
    bench.settle();
}
