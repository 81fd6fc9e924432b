//! Looking for drift, again and again: what is ignored, what is news, who is told.

use crate::harness::{Bench, SEED, SMALL};

/// A settled panel on which somebody changed the price of the item for a month.
fn drifted(ignore: &str) -> Bench {
    let bench = Bench::new().sandbox(SEED).config(SMALL);
    bench.settle();
    edit_price(&bench, "390.00");
    bench.config(&format!("{SMALL}{ignore}"))
}

fn edit_price(bench: &Bench, amount: &str) {
    let (row, field) = (bench.price_row("vds-start", "55227"), format!("monthly.{}", bench.currency("RUB")));
    bench.edit("item_price", row, &field, amount);
}

#[test]
fn what_is_ignored_is_neither_drift_nor_written() {
    let bench = drifted("");
    bench.run("drift config").exits(2).says("390.00 -> 350.00");
    for rule in [
        "{object: price/vds-start/55227, field: RUB.1m, reason: summer sale, until: 2099-12-31}",
        "{object: price/*, field: RUB.*, reason: summer sale, until: 2099-12-31}",
        "{object: price/vds-start/*, reason: summer sale, until: 2099-12-31}",
        "{object: tariff/vds-start, reason: summer sale, until: 2099-12-31}",
    ] {
        let bench = drifted(&format!("ignore:\n  - {rule}\n"));
        let run = bench.run("drift config").exits(0).says("No drift.").says("1 difference ignored");
        run.says("summer sale (`").says("until 2099-12-31)").says("price vds-start/55227");
        let json = bench.run("drift config --format json").exits(0).json();
        assert_eq!(json["ignored"][0]["reason"], "summer sale", "{json}");
        assert_eq!(json["ignored"][0]["fields"][0]["before"]["money"], "390.00", "{json}");
        let before = bench.state();
        bench.run("apply config --yes").exits(0);
        assert_eq!(bench.state(), before, "{rule}");
        bench
            .run("drift config --format markdown")
            .exits(0)
            .says("Ignored, because the configuration says so");
    }
}

#[test]
fn beside_an_ignored_field_the_others_are_written() {
    let rule = "ignore: [{object: price/vds-start/55227, field: RUB.1m, reason: sale, until: 2099-12-31}]\n";
    let bench = drifted(rule);
    bench.change("\"3500.00\"", "\"3600.00\"");
    bench.run("drift config").exits(2).says("3500.00 -> 3600.00").says("1 different").silent("-> 350.00 -");
    bench.run("apply config --yes").exits(0);
    let row = bench.rows("item_price")[&bench.price_row("vds-start", "55227")].to_string();
    assert!(row.contains("390.00") && row.contains("3600") && !row.contains("\"350.00\""), "{row}");
    bench.run("drift config").exits(0);
}

#[test]
fn a_rule_that_has_ended_is_reported_and_no_longer_counts() {
    let bench = drifted(
        "ignore:\n  - {object: price/*, reason: last year, until: 2020-01-01}\n  - {object: processor/*, reason: moving, until: 2099-12-31}\n",
    );
    let run = bench.run("drift config").exits(2).says("390.00 -> 350.00");
    run.says("`ignore` of `price/*` ended on 2020-01-01 and no longer counts (last year)")
        .says("`ignore` of `processor/*` matches no difference");
}

#[test]
fn what_needs_an_ignored_object_is_left_undone_with_it() {
    let bench = Bench::new().sandbox(SEED).config(&format!(
        "{SMALL}ignore: [{{object: enumeration/panel, reason: comes with the next release, until: 2099-12-31}}]\n"
    ));
    let json = bench.run("plan config --format json").exits(0).json();
    assert_eq!(json["ignored"][0]["object"]["key"], "panel", "{json}");
    let kinds = |list: &str| {
        let list = json[list].as_array().unwrap().iter();
        list.map(|one| one["object"]["kind"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert!(!kinds("changes").contains(&"enumeration-item".to_owned()), "{json}");
    assert!(kinds("left_out").contains(&"enumeration-item".to_owned()), "{json}");
    assert!(kinds("left_out").contains(&"price".to_owned()), "{json}");
    bench.run("apply config --yes").exits(0);
    assert!(bench.rows("enumeration").values().all(|row| row["intname"] != "panel"));
}
