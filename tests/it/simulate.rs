//! `simulate order`: what one sale orders and earns.

use crate::harness::{Bench, SEED, SMALL};

const COSTS: &str = r#"costs:
  licences:
    as_of: 2026-11-01
    codes:
      "55227": {price: {RUB: {1m: "250.00", 12m: "2500.00"}}}
"#;

fn bench() -> Bench {
    with_costs(Bench::new())
}

fn with_costs(bench: Bench) -> Bench {
    bench.write("config.yaml", &format!("{SMALL}{COSTS}"));
    bench
}

const SALE: &str = "--tariff vds-start --panel 55227 --at 2026-12-01";

#[test]
fn an_order_is_answered_with_its_reasons_and_its_money() {
    let run = bench().run(&format!("simulate order config.yaml {SALE} --period 12m")).exits(0);
    for text in [
        "55227 for 12m from licences, until 2027-12-01",
        "12m -> 12m: no mapping, and the licence is offered for it",
        "func=soft.order.param pricelist=55227 period=12",
        "for 1m each time, at 250.00 RUB",
        "one might expect 12m here",
        "Margin          1000.00 RUB  28.6 % of the price",
        "Cost from then  3000.00 RUB  12 x 250.00, for every further 12m",
    ] {
        assert!(run.stdout.contains(text), "{text} is not in\n{}", run.stdout);
    }
}

#[test]
fn the_row_that_is_tied_wins_and_a_reading_can_be_chosen() {
    let bench = bench();
    let answer = |rest: &str| {
        let json =
            bench.run(&format!("simulate order config.yaml {SALE} --format json {rest}")).exits(0).json();
        json["answers"][0].clone()
    };
    let tied = answer("--period 1m");
    assert_eq!(tied["because"][1]["text"], "1m -> 1m: mapping #2 of licences, tied to the tariff plan");
    assert_eq!(tied["because"][1]["mark"], "inferred");
    assert_eq!(tied["money"]["margin"], "100.00");
    assert_eq!(answer("--period 12m")["renewal"]["period"], "1m");
    assert_eq!(answer("--period 12m --reading renewal_without_row=same_period")["renewal"]["period"], "12m");
}

#[test]
fn an_answer_matches_its_schema() {
    let bench = bench();
    let schema = bench.run("schema simulated-orders").exits(0).json();
    let schema = jsonschema::validator_for(&schema).unwrap();
    for sale in ["--panel 55227 --period 1m", "--panel nopanel --period 1m"] {
        let run = bench.run(&format!("simulate order config.yaml --tariff vds-start {sale} --format json"));
        let json = run.exits(0).json();
        assert!(schema.is_valid(&json), "{:?}", schema.iter_errors(&json).next());
    }
}

#[test]
fn what_cannot_be_sold_is_an_error_that_says_what_can() {
    let bench = bench();
    bench.write("no-prices.yaml", "version: 1\n");
    bench.write("two.yaml", &format!("{}{COSTS}", two_servers()));
    bench.write("no-costs.yaml", &SMALL.replace("55227", "77777"));
    let cases = [
        (
            "simulate::unknown_tariff",
            "config.yaml",
            "--tariff vds-strat --panel 55227 --period 1m",
            "did you mean `vds-start`?",
        ),
        (
            "simulate::unknown_panel",
            "config.yaml",
            "--tariff vds-start --panel 55228 --period 1m",
            "did you mean `55227`?",
        ),
        (
            "simulate::no_price",
            "config.yaml",
            "--tariff vds-start --panel 55227 --period 24m",
            "it is sold for 1m, 12m",
        ),
        (
            "simulate::no_price",
            "config.yaml",
            "--tariff vds-start --panel 55227 --period 12m --currency EUR",
            "1m",
        ),
        (
            "simulate::no_prices",
            "no-prices.yaml",
            "--tariff vds-start --panel 55227 --period 1m",
            "under `prices`",
        ),
        (
            "simulate::which_server",
            "two.yaml",
            "--tariff vds-start --panel 55227 --period 1m",
            "only one licence server",
        ),
        (
            "simulate::unknown_offer",
            "no-costs.yaml",
            "--tariff vds-start --panel 77777 --period 1m",
            "under `costs`",
        ),
    ];
    for (code, config, sale, help) in cases {
        bench.run(&format!("simulate order {config} {sale}")).exits(3).says(code).says(help);
    }
    let prices = r#""55227": {RUB: {1m: "350.00", 12m: "3500.00"}, EUR: {1m: "4.50"}}"#;
    bench.write("off.yaml", &SMALL.replace(prices, r#""55227": off"#));
    let run = bench
        .run("simulate order off.yaml --currency RUB --tariff vds-start --panel 55227 --period 1m")
        .exits(3);
    run.says("simulate::not_offered");
}

/// A configuration whose servers name two licence servers.
fn two_servers() -> String {
    let processor = |key: &str, server: &str| {
        format!(
            "  {key}:\n    product_type: vds\n    module: vmmanager6\n    url: https://{key}.example.com\n    \
             username: admin\n    password: {{env: VMMANAGER_PASSWORD}}\n    licence_server: {server}\n"
        )
    };
    let (one, two) = (processor("one", "licences"), processor("two", "others"));
    let others = "  others:\n    product_type: soft\n    module: billmanager\n    url: https://others.example.com\n    \
                  username: provider\n    password: {env: LICENCE_PASSWORD}\n";
    SMALL.replace("enumerations:\n", &format!("{others}{one}{two}enumerations:\n"))
}

#[test]
fn a_plan_is_answered_before_and_after_it_and_the_live_panel_as_it_is() {
    // Our key for the licence server is not its name in the panel.
    let small =
        SMALL.replace("    product_type: soft\n", "    name: ISPsystem licences\n    product_type: soft\n");
    let bench = Bench::new().sandbox(SEED);
    bench.write("config.yaml", &format!("{small}{COSTS}"));
    bench.run("apply config.yaml --yes").exits(0);
    let changed = format!("{small}{COSTS}")
        .replace(r#"1m: "350.00""#, r#"1m: "390.00""#)
        .replace("    - {sold: 1m, bought: 1m, tariff: vds-start}\n", "")
        .replace("version: 1\n", "version: 1\nprune: [period-mapping]\n");
    bench.write("changed.yaml", &changed);
    bench.run("plan changed.yaml --out plan.json").exits(0);
    let sale = "--tariff vds-start --panel 55227 --period 1m --format json";
    let both = bench.run(&format!("simulate order plan.json {sale}")).exits(0).json();
    let told = |answer: &serde_json::Value| {
        let order = &answer["outcome"]["licence"]["period"];
        (answer["of"].clone(), order.clone(), answer["money"]["price"].clone())
    };
    // The deleted row goes by the panel's name of the tariff plan, and the plan knows which one that is.
    assert_eq!(told(&both["answers"][0]), ("before the plan".into(), "1m".into(), "350.00".into()));
    assert_eq!(both["answers"][0]["notes"].as_array().unwrap().len(), 0, "{both:#}");
    assert_eq!(told(&both["answers"][1]), ("after the plan".into(), "12m".into(), "390.00".into()));
    let live = bench.run(&format!("simulate order changed.yaml --live {sale}")).exits(0).json();
    assert_eq!(told(&live["answers"][0]), ("panel".into(), "1m".into(), "350.00".into()));

    // A row that is left alone counts, whoever wrote it.
    bench.write("changed.yaml", &changed.replace("prune: [period-mapping]\n", ""));
    bench.run("plan changed.yaml --out plan.json").exits(0);
    let both = bench.run(&format!("simulate order plan.json {sale}")).exits(0).json();
    let live = bench.run(&format!("simulate order changed.yaml --live {sale}")).exits(0).json();
    for answer in [&both["answers"][0], &both["answers"][1], &live["answers"][0]] {
        assert_eq!(told(answer).1, "1m", "{answer:#}");
        let note = answer["notes"][0].as_str().unwrap();
        assert!(note.starts_with("the panel has 1 mapping of licences beside"), "{note}");
    }
}

#[test]
fn what_a_plan_begins_to_sell_is_not_sold_before_it() {
    let bench = with_costs(Bench::new().sandbox(SEED));
    bench.run("plan config.yaml --out plan.json").exits(0);
    let answers = |bench: &Bench| {
        let run = bench.run(&format!("simulate order plan.json {SALE} --period 1m --format json")).exits(0);
        let schema = bench.run("schema simulated-orders").exits(0).json();
        assert!(jsonschema::is_valid(&schema, &run.json()), "{run}");
        run.json()["answers"].clone()
    };
    let both = answers(&bench);
    let why = both[0]["outcome"]["not_sold"]["why"].as_str().unwrap();
    assert_eq!(why, "the tariff plan `vds-start` has no panel `55227`");
    assert_eq!(both[1]["outcome"]["licence"]["period"], "1m");
    let text = bench.run(&format!("simulate order plan.json {SALE} --period 1m")).exits(0);
    text.says("before the plan: vds-start")
        .says("nothing, for it is not sold: the tariff plan")
        .says("Margin");

    // And what it ends selling is not sold after it.
    bench.run("apply config.yaml --yes").exits(0);
    let prices = r#""55227": {RUB: {1m: "350.00", 12m: "3500.00"}, EUR: {1m: "4.50"}}"#;
    bench.write("config.yaml", &format!("{SMALL}{COSTS}").replace(prices, r#""55227": off"#));
    bench.run("plan config.yaml --out plan.json").exits(0);
    let both = answers(&bench);
    assert_eq!(both[0]["outcome"]["licence"]["period"], "1m");
    let why = both[1]["outcome"]["not_sold"]["why"].as_str().unwrap();
    assert_eq!(why, "the panel `55227` is off on the tariff plan `vds-start`");

    // On neither side, it is an error.
    let run = bench.run("simulate order plan.json --tariff vds-strat --panel 55227 --period 1m");
    run.exits(3).says("simulate::unknown_tariff");
}
