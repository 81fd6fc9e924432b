//! What goes with an object that is deleted or replaced: shown before, refused where it is not what the plan
//! says, and brought back.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::harness::{Bench, SEED, SMALL};

/// An enumeration that nothing uses.
const SPARE: &str = r#"  spare:
    name: {en: Spare panels, ru: Запас}
    items:
      one: {name: {en: One, ru: Один}}
      two: {name: {en: Two}}
"#;

/// A bench whose plan deletes `spare` with its items.
fn spare() -> Bench {
    let bench = Bench::new().sandbox(SEED).config(SMALL);
    bench.change("prices:\n", &format!("{SPARE}prices:\n"));
    bench.settle();
    bench.change(SPARE, "");
    bench.change("version: 1\n", "version: 1\nprune: [enumeration]\n");
    bench
}

const TARGET: &str = "--target enumeration/spare";
const ALLOWED: &str = "--yes --allow-deletes enumeration:1 --allow-deletes enumeration-item:2";

/// Internal name and names of the items of `spare`.
fn items(bench: &Bench) -> Vec<[String; 3]> {
    let spare = bench.row("enumeration", &[("intname", "spare")]).to_string();
    let rows = bench.rows("enumerationitem").into_values().filter(|row| row["enumeration"] == *spare);
    let cells =
        |row: Value| ["intname", "name", "name_ru"].map(|cell| row[cell].as_str().unwrap_or("").into());
    let mut found: Vec<[String; 3]> = rows.map(cells).collect();
    found.sort();
    found
}

#[test]
fn the_items_of_a_deleted_enumeration_are_shown_and_come_back() {
    let bench = spare();
    let before = items(&bench);
    let plan = bench.run(&format!("plan config {TARGET}")).exits(0);
    let plan = plan.says("enumeration-item spare/one").says("goes with enumeration spare").says("Один");
    plan.says("3 to delete");
    let one = "--yes --allow-deletes enumeration:1";
    bench.run(&format!("apply config {TARGET} {one}")).exits(4).says("--allow-deletes enumeration-item:2");
    let deletes = bench.panel().requests().iter().filter(|request| request.func.ends_with(".delete")).count();
    assert_eq!(deletes, 0);
    bench.run(&format!("apply config {TARGET} {ALLOWED}")).exits(0);
    assert!(bench.rows("enumeration").values().all(|row| row["intname"] != "spare"));
    let calls = bench.panel().requests();
    let deletes: Vec<&str> =
        calls.iter().map(|call| call.func.as_str()).filter(|func| func.ends_with(".delete")).collect();
    assert_eq!(deletes, ["enumeration.delete"], "what goes along takes no call of its own");
    bench.run("rollback last --out back.json").exits(0).says("3 to create").says("spare/two");
    bench.run("apply back.json --yes").exits(0);
    assert_eq!(items(&bench), before);
    bench.change("version: 1\nprune: [enumeration]\n", "version: 1\n");
    bench.change("prices:\n", &format!("{SPARE}prices:\n"));
    bench.in_sync();
}

#[test]
fn what_would_go_along_unseen_stops_the_delete() {
    let bench = spare();
    bench.run(&format!("plan config {TARGET} --out plan.json")).exits(0);
    let spare = bench.row("enumeration", &[("intname", "spare")]).to_string();
    let fields = [("enumeration", spare.as_str()), ("intname", "three"), ("name", "Somebody's")];
    let three = bench.panel().insert("enumerationitem", &fields);
    let before = bench.state();
    let run = bench.run(&format!("apply plan.json {ALLOWED}")).exits(5);
    run.says("apply::conflict")
        .says(&format!("id {three} came to enumeration spare since the plan was made"));
    assert_eq!(bench.state(), before);
    assert!(bench.panel().remove("enumerationitem", three));
    let two = bench.row("enumerationitem", &[("intname", "two")]);
    bench.edit("enumerationitem", two, "name", "By hand");
    let before = bench.state();
    bench.run(&format!("apply plan.json {ALLOWED}")).exits(5).says("By hand").says("apply::conflict");
    assert_eq!(bench.state(), before);
}

/// Amounts of the prices of a resource, by item.
fn amounts(bench: &Bench, resource: u64) -> BTreeMap<String, [String; 3]> {
    let (rub, eur) = (bench.currency("RUB"), bench.currency("EUR"));
    let cells = [format!("monthly.{rub}"), format!("annually.{rub}"), format!("monthly.{eur}")];
    let items = bench.rows("enumerationitem");
    let rows = bench.rows("item_price").into_values().filter(|row| row["resource"] == *resource.to_string());
    rows.map(|row| {
        let item = row["enumerationitem"].as_str().unwrap().parse().unwrap();
        let item: &Value = &items[&item];
        // No price and a price of nothing are the same to whoever pays it.
        let amount =
            |cell: &String| row[cell].as_str().filter(|text| *text != "0.00").unwrap_or("").to_owned();
        (item["intname"].as_str().unwrap().to_owned(), cells.each_ref().map(amount))
    })
    .collect()
}

#[test]
fn the_prices_of_a_deleted_resource_are_shown_and_come_back() {
    let bench = Bench::new().sandbox(SEED).config(SMALL);
    bench.settle();
    let tariff = bench.row("pricelist", &[("intname", "vds-start")]).to_string();
    let backup = bench.row("enumeration", &[("intname", "backup")]).to_string();
    let here = [("pricelist", tariff.as_str()), ("enumeration", &backup)];
    let old = bench.row("resource", &here);
    let before = amounts(&bench, old);
    assert!(before.values().any(|amounts| amounts[0] == "90.00"), "{before:?}");
    bench.change("version: 1\n", "version: 1\nprune: [resource/vds-start]\n");
    let target = ["--target", "resource/vds-start/Additional software"];
    let plan = bench.run_with("plan config", &target).exits(0);
    plan.says("goes with resource vds-start/Additional software").says("90.00");
    bench.run_with("plan config --out plan.json", &target).exits(0);
    let row =
        bench.rows("item_price").into_iter().find(|(_, row)| row["resource"] == *old.to_string()).unwrap();
    let (price, cell) = (row.0, format!("monthly.{}", bench.currency("RUB")));
    bench.edit("item_price", price, &cell, "95.00");
    let allowed = "--yes --allow-deletes resource:1 --allow-delete-share resource:100%";
    bench.run(&format!("apply plan.json {allowed}")).exits(5).says("95.00").says("apply::conflict");
    bench.edit("item_price", price, &cell, row.1[cell.as_str()].as_str().unwrap());
    bench.run(&format!("apply plan.json {allowed}")).exits(0);
    assert!(!bench.rows("resource").contains_key(&old));
    bench.run("rollback last --out back.json").exits(0).says("90.00");
    bench.run("apply back.json --yes").exits(0);
    assert_eq!(amounts(&bench, bench.row("resource", &here)), before);
}

#[test]
fn the_prices_of_a_replaced_resource_come_back_with_it() {
    let bench = Bench::new().sandbox(SEED).config(SMALL);
    bench.settle();
    let tariff = bench.row("pricelist", &[("intname", "vds-start")]).to_string();
    let panel = bench.row("enumeration", &[("intname", "panel")]).to_string();
    let here = [("pricelist", tariff.as_str()), ("enumeration", &panel)];
    let before = amounts(&bench, bench.row("resource", &here));
    let other = "  other:\n    name: {en: Others}\n    items:\n      nopanel: {name: {en: None}}\n      \"55227\": {name: {en: Lite}}\nprices:\n";
    bench.change("prices:\n", other);
    bench.change("enumeration: panel", "enumeration: other");
    bench.run("plan config").exits(0).says("goes with resource vds-start").says("350.00");
    bench.run("apply config --yes --allow-deletes resource:1").exits(0);
    bench.run("rollback last --out back.json").exits(0);
    let plan = bench.run("show back.json --format json").exits(0).json();
    let kinds: Vec<&str> =
        plan["guards"].as_array().unwrap().iter().map(|it| it["lift"][0].as_str().unwrap()).collect();
    bench.run(&format!("apply back.json --yes {}", kinds.join(" "))).exits(0);
    assert_eq!(amounts(&bench, bench.row("resource", &here)), before);
}

#[test]
fn the_prices_of_a_deleted_item_go_and_come_back_with_it() {
    let bench = Bench::new().sandbox(SEED).config(SMALL);
    bench.settle();
    let tariff = bench.row("pricelist", &[("intname", "vds-start")]).to_string();
    let panel = bench.row("enumeration", &[("intname", "panel")]).to_string();
    let resource = bench.row("resource", &[("pricelist", &tariff), ("enumeration", &panel)]);
    let before = amounts(&bench, resource);
    bench.change("      \"55227\": {name: {en: Panel lite}}\n", "");
    bench.change("      \"55227\": {RUB: {1m: \"350.00\", 12m: \"3500.00\"}, EUR: {1m: \"4.50\"}}\n", "");
    bench.change("version: 1\n", "version: 1\nprune: [enumeration-item/panel]\n");
    bench.run("plan config").exits(0).says("goes with enumeration-item panel/55227").says("3500.00");
    let allowed = "--allow-deletes enumeration-item:1 --allow-in-use enumeration-item/panel/55227";
    bench.run(&format!("apply config --yes {allowed}")).exits(0);
    bench.run("rollback last --out back.json").exits(0).says("3500.00");
    bench.run("apply back.json --yes").exits(0);
    assert_eq!(amounts(&bench, resource), before);
}
