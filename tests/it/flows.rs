//! What people do day by day: validate, plan, apply, look for drift, repair, export.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::harness::{Bench, SEED, SMALL, root};

/// Every file and directory in `examples/`.
fn examples() -> Vec<String> {
    let entries = std::fs::read_dir(root().join("examples")).unwrap();
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    // `ci/` holds no configuration; the README's tests look at it.
    names.retain(|name| name != "ci");
    names.sort();
    assert!(names.len() >= 5, "the examples: {names:?}");
    names
}

#[test]
fn every_example_is_valid_applies_and_then_holds() {
    for name in examples() {
        let bench = Bench::new().sandbox(SEED);
        if name != "hosting" {
            // An example of one section may refer to objects of the others, under the names that the
            // examples of those sections give them.
            for other in ["processors.yaml", "enumerations.yaml"].iter().filter(|other| **other != name) {
                let text = std::fs::read_to_string(root().join("examples").join(other)).unwrap();
                bench.write("before/billform.yaml", &text);
                bench.run("apply before --yes --quiet").exits(0);
            }
        }
        let bench = bench.example(&name);
        bench.run("validate config").exits(0).says("Valid:");
        bench.run("plan config").exits(0).says("Plan for");
        bench.run("plan config --detailed-exitcode").exits(2);
        bench.run("apply config --yes").exits(0).says("read back and found as planned");
        bench.run("plan config --detailed-exitcode").exits(0).says("No changes");
        bench.run("drift config").exits(0);
    }
}

#[test]
fn null_is_a_name_like_any_other() {
    let text = SMALL.replace("\"55227\"", "\"null\"").replace("  panel:\n", "  \"null\":\n");
    let text = text.replace("enumeration: panel", "enumeration: \"null\"");
    let bench = Bench::new().sandbox(SEED).config(&text.replace("username: provider", "username: \"null\""));
    bench.settle();
    assert!(bench.rows("enumerationitem").values().any(|row| row["intname"] == "null"));
    assert!(bench.rows("enumeration").values().any(|row| row["intname"] == "null"));
    bench.run("export --out exported").exits(0);
    bench.run("plan exported --detailed-exitcode").exits(0);
}

/// What is said for the checks and about money.
const ABOUT: &str = r#"
costs:
  licences:
    as_of: 2026-11-01     # from the price list
    codes: {"55227": {price: {RUB: {1m: "250.00"}}}, nobody knows: {price: {RUB: {1m: "1"}}}}
codes: {"55999": {product: Some panel}}
rates: {as_of: 2026-11-20, per: {EUR: {RUB: "98.50"}}}
checks: {severity: {L15: note}}
"#;

#[test]
fn what_describes_no_object_changes_nothing_and_stays_in_the_files() {
    let waive = "waive: [{check: L15, reason: known, until: 2027-01-31}]";
    let bench = Bench::new().sandbox(SEED).config(SMALL);
    bench.settle();
    bench.run("plan config --out before.json").exits(0);
    for (bare, waived) in [
        ("username: provider", format!("username: provider\n    {waive}")),
        (
            "name: {en: Control panel, ru: Панель управления}",
            format!("name: {{en: Control panel, ru: Панель управления}}\n    {waive}"),
        ),
        ("{name: {en: Panel lite}}", format!("{{name: {{en: Panel lite}}, {waive}}}")),
        ("client_change: up_only}", format!("client_change: up_only}}\n    {waive}")),
        ("bought: 12m}", format!("bought: 12m, {waive}}}")),
    ] {
        bench.change(bare, &waived);
    }
    bench.write("config/about.yaml", &format!("version: 1{ABOUT}"));
    bench.run("validate config").exits(0).says("2 costs, 1 code in 2 files");
    bench.run("plan config --detailed-exitcode --out after.json").exits(0).says("No changes");
    let digest = |file: &str| {
        let plan: Value = serde_json::from_str(&bench.read(file)).unwrap();
        plan["config"]["digest"].clone()
    };
    assert_ne!(digest("before.json"), digest("after.json"), "a saved plan knows what it was made from");
    bench.run("apply after.json --yes").exits(0);
    let files = || (bench.read("config/billform.yaml"), bench.read("config/about.yaml"));
    let before = files();
    bench.run("export --out config").exits(0);
    assert_eq!(files(), before);
    let item = bench.row("enumerationitem", &[("intname", "55227")]);
    bench.edit("enumerationitem", item, "name", "Panel light");
    bench.run("export --out config").exits(0);
    assert_eq!(files(), (before.0.replace("Panel lite", "Panel light"), before.1));
}

/// Prices of the small configuration, made of costs.
const COMPUTED: &str = r#"
    cost_plus: {percent: 25%, round_to: {RUB: "10", EUR: "0.50"}}
    items:
      nopanel: free
      "55227": cost_plus  # by the rule
costs:
  licences:
    as_of: 2026-11-01
    codes: {"55227": {price: {RUB: {1m: "250.00", 12m: "2500.00"}, EUR: {1m: "3.00", 12m: "30.00"}}}}
"#;

#[test]
fn prices_are_made_of_costs_and_stay_rules_in_the_files() {
    let written = "\n    items:\n      nopanel: free\n      \"55227\": {RUB: {1m: \"350.00\", 12m: \"3500.00\"}, EUR: {1m: \"4.50\"}}\n";
    let bench = Bench::new().sandbox(SEED).config(SMALL);
    bench.settle();
    bench.change(written, COMPUTED);
    let run = bench.run("plan config --report markdown=plan.md --report json=plan.json").exits(0);
    let formula = "250.00 + 25 % -> 320.00, rounded up to a multiple of 10.00";
    assert!(run.stdout.contains(&format!("= {formula}")), "{run}");
    let comment = bench.read("plan.md");
    assert!(
        comment.contains("350.00 → **320.00** (-8.6 %)<br><sub>&#61; 250.00 + 25 % -&#62; 320.00"),
        "{comment}"
    );
    let plan: Value = serde_json::from_str(&bench.read("plan.json")).unwrap();
    let fields = plan["changes"][0]["fields"].as_array().unwrap();
    let field = |name: &str| fields.iter().find(|field| field["field"] == name).unwrap();
    assert_eq!(field("RUB.1m")["formula"], formula);
    assert_eq!(
        (&field("RUB.1m")["before"]["money"], &field("RUB.1m")["after"]["money"]),
        (&"350.00".into(), &"320.00".into())
    );
    assert_eq!(field("EUR.1m")["after"]["money"], "4.00");
    bench.run("apply config --yes --allow-price-move vds-start/55227").exits(0);
    bench.run("plan config --detailed-exitcode").exits(0).says("No changes");

    let text = bench.read("config/billform.yaml");
    bench.run("export --out config").exits(0);
    assert_eq!(bench.read("config/billform.yaml"), text);
    let row = bench.price_row("vds-start", "55227");
    let mine = bench.rows("item_price")[&row].clone();
    let field = mine
        .as_object()
        .unwrap()
        .iter()
        .find(|(_, value)| value.as_str().is_some_and(|value| value.starts_with("320")))
        .unwrap()
        .0
        .clone();
    bench.edit("item_price", row, &field, "300.00");
    let run = bench.run("export --out config").exits(0);
    run.says("price vds-start/55227 keeps `cost_plus`: RUB.1m is 320.00, and the panel has 300.00");
    assert_eq!(bench.read("config/billform.yaml"), text);
    bench.run("drift config").exits(2).says("320.00");
}

#[test]
fn an_export_plans_empty() {
    let bench = Bench::new().sandbox(SEED).example("hosting");
    bench.settle();
    bench.run("export --out exported").exits(0).says("they plan empty");
    bench.run("validate exported").exits(0);
    bench.run("plan exported --detailed-exitcode").exits(0);
    let run = bench.run("export --quiet").exits(0);
    bench.write("one/billform.yaml", &run.stdout);
    bench.run("plan one --detailed-exitcode").exits(0);
    bench.run("diff exported one").exits(0);
}

#[test]
fn an_export_leaves_nothing_out_in_any_dialect() {
    for seed in [2, 3, 5] {
        let bench = Bench::new().sandbox(seed).example("hosting");
        bench.settle();
        let run = bench.run("export --quiet").exits(0);
        for name in ["ISPsystem licences", "Manual work", "vm6-falkenstein", "panel:", "55227", "bought: 12m"]
        {
            assert!(run.stdout.contains(name), "seed {seed}: {name} is missing\n{}", run.stdout);
        }
    }
}

#[test]
fn an_export_overwrites_nothing_that_is_not_a_configuration() {
    let bench = Bench::new().sandbox(SEED);
    bench.write("exported/enumerations.yaml", "mine\n");
    bench.run("export --out exported").exits(3).says("exported/enumerations.yaml:1:1");
    assert_eq!(bench.read("exported/enumerations.yaml"), "mine\n");
    assert!(!bench.path("exported/prices.yaml").exists());
}

#[test]
fn drift_shows_both_values_and_apply_repairs() {
    let bench = Bench::new().sandbox(SEED).example("hosting");
    bench.settle();
    let before = bench.state();
    let price = bench.price_row("vds-start", "55227");
    let rub = format!("monthly.{}", bench.currency("RUB"));
    let item = bench.row("enumerationitem", &[("intname", "55228")]);
    let server = bench.row("processing", &[("name", "ISPsystem licences")]);
    let resource = bench.rows("item_price")[&price]["resource"].as_str().unwrap().parse().unwrap();
    bench.edit("item_price", price, &rub, "351.00");
    bench.edit("enumerationitem", item, "name", "ispmanager renamed by hand");
    bench.edit("processing", server, "username", "somebody");
    bench.edit("resource", resource, "orderpriority", "77");
    bench
        .run("drift config")
        .exits(2)
        .says("350.00")
        .says("351.00")
        .says("ispmanager renamed by hand")
        .says("somebody");
    bench.run("apply config --yes").exits(0).says("Applied: 3 changes");
    bench.in_sync();
    let mut expected = before;
    // What the configuration does not model stays as the human hand left it.
    expected["resource"][resource.to_string()]["orderpriority"] = "77".into();
    assert_eq!(bench.state(), expected);
}

#[test]
fn an_item_switched_off_by_hand_is_switched_on_again() {
    let bench = Bench::new().sandbox(SEED).config(SMALL);
    bench.settle();
    let price = bench.price_row("vds-start", "55227");
    bench.edit("item_price", price, "active", "off");
    bench.run("drift config").exits(2).says("offered");
    bench.settle();
    assert_eq!(bench.rows("item_price")[&price]["active"], "on");
}

#[test]
fn what_the_configuration_does_not_mention_is_left_alone() {
    for seed in [SEED, 8, 21] {
        let bench = Bench::new().sandbox(seed).example("hosting");
        let before = bench.state();
        bench.settle();
        let after = bench.state();
        for (table, rows) in before.as_object().unwrap() {
            for (id, row) in rows.as_object().unwrap() {
                assert_eq!(&after[table][id], row, "{table} {id}, dialect {seed}");
            }
        }
    }
}

#[test]
fn fields_no_documentation_knows_survive_every_write() {
    for seed in [SEED, 8, 21] {
        let bench = Bench::new().sandbox(seed).config(SMALL);
        bench.settle();
        let tables = ["processing", "enumeration", "enumerationitem", "resource", "item_price"];
        let mut marked = BTreeMap::new();
        for table in tables {
            for id in bench.rows(table).into_keys() {
                for field in ["extra_hidden", "extra_visible"] {
                    bench.edit(table, id, field, &format!("{field} of {id}"));
                }
                marked.insert((table, id), extras(&bench.rows(table)[&id]));
            }
        }
        bench.in_sync();
        bench.change("username: provider", "username: reseller");
        bench.change("en: Control panel", "en: Panel of the server");
        bench.change("en: Panel lite", "en: Lite");
        bench.change("up_only", "allowed");
        bench.change("350.00", "360.00");
        bench.change("sold: [1m, 3m], bought: 12m", "sold: [1m, 3m], bought: 24m");
        bench.run("plan config --detailed-exitcode").exits(2).says("0 to create, 7 to update, 0 to delete");
        bench.settle();
        for ((table, id), extra) in marked {
            assert_eq!(extras(&bench.rows(table)[&id]), extra, "{table} {id}, dialect {seed}");
        }
    }
}

fn extras(row: &Value) -> (Value, Value) {
    (row["extra_hidden"].clone(), row["extra_visible"].clone())
}

#[test]
fn a_second_apply_writes_nothing() {
    let bench = Bench::new().sandbox(SEED).config(SMALL);
    bench.settle();
    bench.panel().clear_requests();
    bench.run("apply config --yes").exits(0).says("No changes");
    assert_eq!(bench.writes(), 0);
}

#[test]
fn both_ways_of_logging_in_work() {
    for auth in ["authinfo", "session"] {
        let bench = Bench::new().sandbox(SEED).config(SMALL).env("BILLFORM_AUTH", auth);
        bench.settle();
    }
}

#[test]
fn a_password_file_comes_before_the_environment() {
    let bench = Bench::new().sandbox(SEED).config(SMALL);
    bench.write("password", &format!("{}\n", bench.panel().admin_password()));
    let bench = bench.env("BILLFORM_PASSWORD", "wrong");
    bench.run("plan config").exits(7);
    bench.run("plan config --password-file password").exits(0);
}

#[test]
fn no_password_is_sent_in_an_address() {
    for auth in ["authinfo", "session"] {
        let bench = Bench::new().sandbox(SEED).config(SMALL).env("BILLFORM_AUTH", auth);
        bench.settle();
        let password = bench.panel().admin_password();
        for request in bench.panel().requests() {
            let secret = request.params.iter().any(|(_, value)| value.contains(&password));
            assert!(!secret || request.http_method == "POST", "{} by {}", request.func, request.http_method);
        }
    }
}

#[test]
fn two_configurations_are_compared_without_a_panel() {
    let bench = Bench::new();
    bench.write("a/billform.yaml", SMALL);
    bench.write("b/billform.yaml", &SMALL.replace("\"350.00\"", "\"351.00\""));
    bench.run("diff a a").exits(0).says("No changes");
    let run = bench.run("diff a b").exits(2).says("350.00").says("351.00");
    assert!(!run.stdout.contains("nopanel"), "{}", run.stdout);
    let whole = bench.run("diff a a --format json").exits(0).json()["summary"]["unchanged"].as_u64().unwrap();
    let plan = bench.run("diff a b --format json").exits(2).json();
    assert_eq!(
        (plan["summary"]["update"].as_u64(), plan["summary"]["unchanged"].as_u64()),
        (Some(1), Some(whole - 1))
    );
    assert_eq!(bench.run("diff b a").exits(2).stdout.matches("351.00 -> 350.00").count(), 1);
}
