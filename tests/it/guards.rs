//! Each guard with the real program: refused with nothing written and the plan shown, and carried out once
//! exactly that is allowed.

use crate::harness::{Bench, SEED, SMALL};

/// A way to trip a guard from what `SMALL` says.
struct Case {
    /// What an editor replaces in the configuration.
    edits: &'static [(&'static str, &'static str)],
    /// The guards, each with the flag that lifts it.
    guards: &'static [(&'static str, &'static str)],
}

const ITEM: &str = "      \"55227\": {name: {en: Panel lite}}\n";
const PRICE: &str = "      \"55227\": {RUB: {1m: \"350.00\", 12m: \"3500.00\"}, EUR: {1m: \"4.50\"}}\n";
const DEARER: (&str, &str) = ("\"350.00\"", "\"360.00\"");
const MAPPINGS: &str =
    "    - {sold: [1m, 3m], bought: 12m}\n    - {sold: 1m, bought: 1m, tariff: vds-start}\n";
const LISTED: &str =
    "  licences:\n    - {sold: [1m, 3m], bought: 12m}\n    - {sold: 1m, bought: 1m, tariff: vds-start}\n";

const CASES: &[(&str, Case)] = &[
    (
        "an amount gains a digit",
        Case {
            edits: &[("\"350.00\"", "\"3500.00\"")],
            guards: &[("guard::price_move", "--allow-price-move vds-start/55227")],
        },
    ),
    (
        "an amount moves far, allowed by size",
        Case {
            edits: &[("\"350.00\"", "\"600.00\"")],
            guards: &[("guard::price_move", "--allow-price-percent 71.4%")],
        },
    ),
    (
        "an item becomes free",
        Case {
            edits: &[(PRICE, "      \"55227\": free\n")],
            guards: &[("guard::price_move", "--allow-price-move vds-start/55227")],
        },
    ),
    (
        "an item on sale is deleted",
        Case {
            edits: &[
                (ITEM, ""),
                (PRICE, ""),
                ("version: 1\n", "version: 1\nprune: [enumeration-item/panel]\n"),
            ],
            guards: &[
                ("guard::in_use", "--allow-in-use enumeration-item/panel/55227"),
                ("guard::deletes", "--allow-deletes enumeration-item:1"),
            ],
        },
    ),
    (
        "a list is emptied",
        Case {
            edits: &[
                (LISTED, "  licences: []\n"),
                ("version: 1\n", "version: 1\nprune: [period-mapping/licences]\n"),
            ],
            guards: &[
                ("guard::emptied", "--allow-empty period-mapping/licences"),
                ("guard::deletes", "--allow-deletes period-mapping:3"),
                ("guard::delete_share", "--allow-delete-share period-mapping:100%"),
            ],
        },
    ),
    (
        "a frozen price changes",
        Case {
            edits: &[DEARER, ("version: 1\n", "version: 1\npolicy: {freeze: [tariff/vds-start]}\n")],
            guards: &[("guard::protected", "--allow-protected price/vds-start/55227")],
        },
    ),
    (
        "a protected item is taken off sale",
        Case {
            edits: &[
                (PRICE, "      \"55227\": off\n"),
                ("version: 1\n", "version: 1\npolicy: {protect: [price/vds-start/*]}\n"),
            ],
            guards: &[("guard::protected", "--allow-protected price/vds-start/55227")],
        },
    ),
    (
        "a protected object is deleted together with its block",
        Case {
            edits: &[
                ("{sold: [1m, 3m], bought: 12m}", "{sold: 1m, bought: 12m}"),
                (
                    "version: 1\n",
                    "version: 1\nprune: [period-mapping]\npolicy: {protect: [period-mapping/licences/*]}\n",
                ),
            ],
            guards: &[
                ("guard::protected", "--allow-protected period-mapping/licences/3m"),
                ("guard::deletes", "--allow-deletes period-mapping:1"),
            ],
        },
    ),
    (
        "more is updated than the policy has it",
        Case {
            edits: &[
                DEARER,
                ("version: 1\n", "version: 1\npolicy: {limits: {price: {updates: {share: 49%}}}}\n"),
            ],
            guards: &[("guard::updates", "--allow-updates price:1")],
        },
    ),
    (
        "a first run changes too much",
        Case {
            edits: &[DEARER, ("version: 1\n", "version: 1\npolicy: {first_run: {share: 5%}}\n")],
            guards: &[("guard::first_run", "--allow-first-run 1")],
        },
    ),
];

#[test]
fn each_guard_refuses_until_its_own_flag_is_given() {
    crate::harness::in_parallel(CASES, |(name, case)| {
        let bench = Bench::new().sandbox(SEED).config(SMALL);
        bench.settle();
        for (from, to) in case.edits {
            bench.change(from, to);
        }
        if name.starts_with("a first run") {
            bench.forget_applies();
        }
        let before = bench.state();
        // A plan only shows, whatever stands against it.
        let plan = bench.run("plan config --format json").exits(0).json();
        let found: Vec<&str> =
            plan["guards"].as_array().unwrap().iter().map(|guard| guard["code"].as_str().unwrap()).collect();
        let mut expected: Vec<&str> = case.guards.iter().map(|(code, _)| *code).collect();
        let mut sorted = found.clone();
        sorted.sort_unstable();
        expected.sort_unstable();
        assert_eq!(sorted, expected, "{name}: {plan:#}");

        for (code, flag) in case.guards {
            let others = case.guards.iter().filter(|(_, other)| other != flag).map(|(_, other)| *other);
            let others = others.collect::<Vec<_>>().join(" ");
            let run = bench.run(&format!("apply config --yes {others} --report json=refused.json"));
            let run =
                run.exits(4).says("Guards: apply writes only if").says(code).says("nothing was written");
            run.says(flag).says("Plan: ");
            let written: serde_json::Value = serde_json::from_str(&bench.read("refused.json")).unwrap();
            assert_eq!(written["guards"], plan["guards"], "{name}");
            assert_eq!(bench.state(), before, "{name} without {flag}");
        }
        let all = case.guards.iter().map(|(_, flag)| *flag).collect::<Vec<_>>().join(" ");
        bench.run(&format!("apply config --yes {all}")).exits(0);
        bench.in_sync();
        assert_ne!(bench.state(), before, "{name}");
    });
}

#[test]
fn another_panel_is_written_to_only_by_name() {
    let bench = Bench::new().sandbox(SEED);
    let url = bench.panel().url().to_owned();
    let bench = bench.config(&format!("{SMALL}panel: {{url: \"https://bill.example.com/billmgr\"}}\n"));
    let before = bench.state();
    bench.run("plan config --detailed-exitcode").exits(2).says(&format!("--allow-target {url}"));
    for wrong in ["", "--allow-target https://bill.example.com/billmgr"] {
        bench.run(&format!("apply config --yes {wrong}")).exits(4).says("guard::other_target");
    }
    assert_eq!(bench.state(), before);
    bench.run(&format!("apply config --yes --allow-target {url}/")).exits(0);
    // What is in sync needs no leave.
    bench.run("apply config --yes").exits(0);

    let bench = bench.config(&format!(
        "{SMALL}panel: {{url: \"{}/\"}}\n",
        url.to_uppercase().replace("/BILLMGR", "/billmgr").replace("HTTP:", "http:")
    ));
    bench.change("\"350.00\"", "\"360.00\"");
    bench.run("apply config --yes").exits(0);
}

#[test]
fn all_that_stands_is_said_at_once_as_data_too() {
    let bench = Bench::new().sandbox(SEED).config(SMALL);
    bench.settle();
    bench.change("\"350.00\"", "\"3500.00\"");
    bench.change(MAPPINGS, "    - {sold: [1m, 3m], bought: 12m}\n");
    bench.change("version: 1\n", "version: 1\nprune: [period-mapping]\n");
    let refused = bench.run("apply config --yes --format json").exits(4).json();
    let codes: Vec<&str> =
        refused["errors"].as_array().unwrap().iter().map(|error| error["code"].as_str().unwrap()).collect();
    assert_eq!(codes, ["guard::deletes", "guard::price_move"]);
    assert_eq!(refused["total"], 2);
    let text = bench.run("apply config --yes --quiet").exits(4);
    text.says("guard::deletes").says("--allow-deletes period-mapping:1").says("guard::price_move");
}

#[test]
fn there_is_no_flag_for_everything() {
    let bench = Bench::new().config(SMALL);
    for flag in ["--force", "--allow", "--allow-all", "--allow-deletes all", "--allow-price-percent all"] {
        bench.run(&format!("apply config --yes {flag}")).exits(64);
    }
    for flag in ["--allow-deletes item:1", "--allow-protected licences", "--allow-empty items/panel"] {
        bench.run(&format!("apply config --yes {flag}")).exits(64).says("the kinds are processor");
    }
}

#[test]
fn two_configurations_show_moves_of_prices() {
    let bench = Bench::new().config(SMALL);
    bench.write("after/billform.yaml", &SMALL.replace("\"350.00\"", "\"35.00\""));
    bench.run("diff config after").exits(2).says("guard::price_move").says("350.00 -> 35.00, -90 %");
}

#[test]
fn a_rule_of_the_policy_that_names_nothing_is_noted() {
    let bench = Bench::new().sandbox(SEED);
    let bench =
        bench.config(&format!("{SMALL}policy: {{protect: [processor/licenses, processor/licences]}}\n"));
    bench
        .run("plan config")
        .exits(0)
        .says("protects `processor/licenses`")
        .silent("protects `processor/licences`");
}
