//! What is deleted, renamed and replaced, and what has to be said for it.

use crate::harness::{Bench, SEED, SMALL};

/// `SMALL` without its item 55227.
fn without_item(text: &str) -> String {
    text.lines().filter(|line| !line.contains("55227")).map(|line| format!("{line}\n")).collect()
}

#[test]
fn what_leaves_the_configuration_is_left_alone_without_prune() {
    let bench = Bench::new().sandbox(SEED).config(SMALL);
    bench.settle();
    let before = bench.state();
    let bench = bench.config(&without_item(SMALL));
    bench.run("plan config --detailed-exitcode").exits(0).says("left alone");
    bench.settle();
    assert_eq!(bench.state(), before);
}

#[test]
fn prune_deletes_no_more_than_is_allowed() {
    let bench = Bench::new().sandbox(SEED).config(SMALL);
    bench.settle();
    let before = bench.state();
    let item = bench.row("enumerationitem", &[("intname", "55227")]);
    let bench = bench.config(&format!("{}prune: [enumeration-item/panel]\n", without_item(SMALL)));
    bench.run("plan config --detailed-exitcode").exits(2).says("2 to delete");
    for short in ["", " --allow-deletes enumeration-item:0", " --allow-deletes processor:9"] {
        let command = format!("apply config --yes --allow-in-use enumeration-item/panel/55227{short}");
        bench.run(&command).exits(4).says("--allow-deletes enumeration-item:1").says("nothing was written");
    }
    assert_eq!(bench.state(), before);
    let all =
        "apply config --yes --allow-deletes enumeration-item:1 --allow-in-use enumeration-item/panel/55227";
    bench.run(all).exits(0);
    bench.in_sync();
    assert!(!bench.rows("enumerationitem").contains_key(&item));
    assert_eq!(bench.rows("enumerationitem").len(), before["enumerationitem"].as_object().unwrap().len() - 1);
}

#[test]
fn prune_of_mappings_deletes_rows_of_that_processor_only() {
    let bench = Bench::new().sandbox(SEED).config(SMALL);
    bench.settle();
    let before = bench.rows("customparam").len();
    bench.change("    - {sold: 1m, bought: 1m, tariff: vds-start}\n", "");
    bench.in_sync();
    bench.change("version: 1\n", "version: 1\nprune: [period-mapping/licences]\n");
    bench.run("apply config --yes").exits(4).says("--allow-deletes period-mapping:1");
    bench.run("apply config --yes --allow-deletes period-mapping:1").exits(0);
    bench.in_sync();
    assert_eq!(bench.rows("customparam").len(), before - 1);
}

#[test]
fn prune_goes_by_the_key_of_the_configuration_and_not_by_the_name_in_the_panel() {
    let bench = Bench::new().sandbox(SEED).config(SMALL);
    bench.settle();
    let before = (bench.rows("customparam").len(), bench.rows("enumerationitem").len());
    let renamed = SMALL
        .replace("version: 1\n", "version: 1\nprune: [period-mapping/licences, enumeration-item/kinds]\n")
        .replace("    product_type", "    name: Licence server\n    renamed_from: licences\n    product_type")
        .replace("  panel:\n", "  kinds:\n    renamed_from: panel\n")
        .replace("enumeration: panel", "enumeration: kinds");
    let less = without_item(&renamed).replace("    - {sold: 1m, bought: 1m, tariff: vds-start}\n", "");
    let deletes = ["- period-mapping licences/1m@vds-start", "- enumeration-item kinds/55227"];
    let bench = bench.config(&less);
    let plan = bench.run("plan config --detailed-exitcode").exits(2);
    deletes.into_iter().fold(plan, |plan, line| plan.says(line));
    // The same once the panel has the new names.
    let bench = bench.config(&renamed);
    bench.settle();
    let bench = bench.config(&less);
    let plan = bench.run("plan config --detailed-exitcode").exits(2);
    deletes.into_iter().fold(plan, |plan, line| plan.says(line));
    let all = [
        "apply config --yes --allow-deletes period-mapping:1 --allow-deletes enumeration-item:1",
        "--allow-in-use enumeration-item/kinds/55227 --allow-in-use period-mapping/licences/1m@vds-start",
    ];
    bench.run(&all.join(" ")).exits(0);
    bench.in_sync();
    assert_eq!((bench.rows("customparam").len() + 1, bench.rows("enumerationitem").len() + 1), before);
}

#[test]
fn an_object_in_use_is_refused_by_the_panel_and_stays() {
    let bench = Bench::new().sandbox(SEED).config(&format!("{SMALL}prune: [enumeration]\n"));
    bench.run("apply config --yes").exits(4);
    let all = [
        "apply config --yes --allow-deletes enumeration:1 --allow-deletes enumeration-item:3",
        "--allow-delete-share enumeration-item:100% --allow-in-use enumeration/backup",
        "--allow-in-use enumeration-item/backup/none",
    ];
    let all = all.join(" ");
    let all = all.as_str();
    bench.run(all).exits(6).says("backup");
    bench.run("plan config --detailed-exitcode").exits(2).says("backup");
    let before = bench.state();
    bench.run("apply config --yes").exits(4).says("--allow-deletes enumeration:1");
    bench.run(all).exits(4).says("used by tariff plans");
    assert_eq!(bench.state(), before);
}

#[test]
fn a_rename_keeps_the_object() {
    let bench = Bench::new().sandbox(SEED).config(SMALL);
    bench.settle();
    let item = bench.row("enumerationitem", &[("intname", "55227")]);
    let price = bench.price_row("vds-start", "55227");
    let server = bench.row("processing", &[("name", "licences")]);
    bench.change("\"55227\": {name:", "\"60000\": {renamed_from: \"55227\", name:");
    bench.change("\"55227\": {RUB", "\"60000\": {RUB");
    bench.change(
        "    product_type: soft",
        "    name: Licence server\n    renamed_from: licences\n    product_type: soft",
    );
    bench.run("plan config --detailed-exitcode").exits(2).says("0 to create, 2 to update, 0 to delete");
    bench.settle();
    assert_eq!(bench.row("enumerationitem", &[("intname", "60000")]), item);
    assert_eq!(bench.price_row("vds-start", "60000"), price);
    assert_eq!(bench.row("processing", &[("name", "Licence server")]), server);
    // The word may stay in the file: what was renamed is found under its new name.
    bench.in_sync();
}

#[test]
fn an_enumeration_is_renamed_with_all_that_hangs_on_it() {
    let bench = Bench::new().sandbox(SEED).config(SMALL);
    bench.settle();
    let before = (bench.rows("enumerationitem"), bench.rows("resource"), bench.rows("item_price"));
    let panel = bench.row("enumeration", &[("intname", "panel")]);
    bench.change("  panel:\n", "  control-panel:\n    renamed_from: panel\n");
    bench.change("enumeration: panel", "enumeration: control-panel");
    bench.run("plan config --detailed-exitcode").exits(2).says("0 to create, 1 to update, 0 to delete");
    bench.settle();
    assert_eq!(bench.row("enumeration", &[("intname", "control-panel")]), panel);
    assert_eq!((bench.rows("enumerationitem"), bench.rows("resource"), bench.rows("item_price")), before);
}

#[test]
fn an_id_says_which_object_is_meant() {
    let bench = Bench::new().sandbox(SEED).config(SMALL);
    bench.settle();
    let item = bench.row("enumerationitem", &[("intname", "55227")]);
    let panel = bench.row("enumeration", &[("intname", "panel")]);
    bench.change("\"55227\": {name:", &format!("\"60000\": {{id: {item}, name:"));
    bench.change("\"55227\": {RUB", "\"60000\": {RUB");
    bench.change("    name: {en: Control panel", &format!("    id: {panel}\n    name: {{en: Panels"));
    bench.run("plan config --detailed-exitcode").exits(2).says("0 to create, 2 to update, 0 to delete");
    bench.settle();
    assert_eq!(bench.row("enumerationitem", &[("intname", "60000")]), item);
    assert_eq!(bench.rows("enumeration")[&panel]["name"], "Panels");
}

#[test]
fn an_id_that_nothing_has_is_refused() {
    let bench = Bench::new().sandbox(SEED).config(SMALL);
    bench.settle();
    bench.change("\"55227\": {name:", "\"55227\": {id: 999999, name:");
    bench.run("plan config").exits(3).says("999999");
}

#[test]
fn an_id_below_something_new_is_refused() {
    let bench = Bench::new().sandbox(SEED);
    for (from, to) in [("{sold: 1m,", "{id: 7, sold: 1m,"), ("\"55227\": {name:", "\"55227\": {id: 7, name:")]
    {
        bench.write("config/billform.yaml", &SMALL.replace(from, to));
        bench.run("plan config").exits(3).says("live::unknown_id").says("with id 7");
    }
}

#[test]
fn a_provider_that_is_not_there_is_named() {
    let text = SMALL.replace("  vds-start:\n", "  vds-start:\n    provider: nobody\n");
    let bench = Bench::new().sandbox(SEED).config(&text);
    bench.run("plan config").exits(3).says("live::unknown_reference").says("provider `nobody`");
}

#[test]
fn a_resource_over_another_enumeration_is_replaced_and_says_why() {
    let bench = Bench::new().sandbox(SEED).config(SMALL);
    bench.settle();
    let tariff = bench.row("pricelist", &[("intname", "vds-start")]).to_string();
    let panel = bench.row("enumeration", &[("intname", "panel")]).to_string();
    let old = bench.row("resource", &[("pricelist", &tariff), ("enumeration", &panel)]);
    bench.change(
        "prices:\n",
        "  other:\n    name: {en: Other panels}\n    items:\n      nopanel: {name: {en: Nothing}}\n      \"55227\": {name: {en: Lite}}\nprices:\n",
    );
    bench.change("enumeration: panel", "enumeration: other");
    let before = bench.state();
    bench.run("plan config").exits(0).says("because").says("enumeration");
    bench.run("apply config --yes").exits(4).says("--allow-deletes resource:1");
    assert_eq!(bench.state(), before);
    bench.run("apply config --yes --allow-deletes resource:1").exits(0);
    bench.in_sync();
    assert!(!bench.rows("resource").contains_key(&old));
    let other = bench.row("enumeration", &[("intname", "other")]).to_string();
    bench.row("resource", &[("pricelist", &tariff), ("enumeration", &other)]);
}

#[test]
fn prune_reaches_a_kind_whose_section_is_gone() {
    for (kind, object) in [("enumeration", "backup"), ("processor", "Manual work")] {
        let bench = Bench::new().sandbox(SEED).config(&format!("version: 1\nprune: [{kind}]\n"));
        bench.run("plan config --detailed-exitcode").exits(2).says("to delete").says(object);
        bench.run("apply config --yes").exits(4).says(&format!("--allow-deletes {kind}:"));
    }
}

#[test]
fn a_delete_shows_all_that_goes() {
    let rules = "prune: [processor, enumeration, enumeration-item/panel]\n";
    let bench = Bench::new().sandbox(SEED).config(SMALL);
    bench.settle();
    let bench = bench.config(&format!("{}{rules}", without_item(SMALL)));
    // Without prices nothing but `prune` asks for the forms of items.
    let text = bench.read("config/billform.yaml");
    let (start, end) = (text.find("prices:\n").unwrap(), text.find("period_mappings:\n").unwrap());
    bench.write("config/billform.yaml", &format!("{}{}", &text[..start], &text[end..]));
    let plan = bench.run("plan config --format json").exits(0).json();
    let gone = |kind: &str, key: &str| {
        let changes = plan["changes"].as_array().unwrap().iter();
        let mut of_object = changes.filter(|change| change["object"]["key"] == key);
        let change =
            of_object.find(|change| change["object"]["kind"] == kind && change["action"] == "delete");
        let change = change.unwrap_or_else(|| panic!("{kind} {key} is deleted: {plan:#}"));
        let fields = change["fields"].as_array().unwrap().iter();
        fields
            .map(|field| (field["field"].as_str().unwrap().to_owned(), field["before"].to_string()))
            .collect()
    };
    let cases = [
        ("processor", "Manual work", vec!["module", "name"]),
        ("enumeration", "backup", vec!["internal_name", "name.en", "name.ru"]),
        ("enumeration-item", "panel/55227", vec!["internal_name", "name.en"]),
    ];
    for (kind, key, fields) in cases {
        let shown: std::collections::BTreeMap<String, String> = gone(kind, key);
        for field in fields {
            let before = shown.get(field).unwrap_or_else(|| panic!("{kind} {key} shows {field}: {shown:?}"));
            assert!(before.len() > "\"\"".len() && before != "null", "{kind} {key} {field}: {before}");
        }
    }
}

#[test]
fn a_new_processor_needs_its_product_type_and_a_live_one_does_not() {
    let bench = Bench::new().sandbox(SEED);
    let bench = bench.config("version: 1\nprocessors:\n  Manual work: {module: pmauto}\n");
    bench.in_sync();
    let bench = bench.config("version: 1\nprocessors:\n  Manual werk: {module: pmauto}\n");
    bench.run("plan config").exits(3).says("live::no_product_type");
}
