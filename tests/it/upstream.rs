//! `costs diff` and `costs pull`: what licences cost, asked of an emulated licence server.

use billform::sandbox::{LICENCE_READER, Pair, PairOptions};

use crate::harness::{Bench, SEED, root};

const PASSWORD: &str = "canary reader/&=+%'\"pass";

/// A pair of panels; the licence server's accounts have a password with odd characters.
pub(crate) fn pair(seed: u64) -> Pair {
    let mut options = PairOptions { licence_password: Some(PASSWORD.to_owned()), ..PairOptions::default() };
    options.panel.dialect_seed = seed;
    Pair::start(options).unwrap()
}

/// A bench whose environment has the password of an account that may only read.
pub(crate) fn reader() -> Bench {
    Bench::new().env("LICENCE_READER", PASSWORD).secret(PASSWORD)
}

/// The processor of the licence server, read with that account.
pub(crate) fn processor(url: &str) -> String {
    format!(
        "version: 1 # by people\nprocessors:\n  licences: {{product_type: soft, module: billmanager, url: \"{url}\", username: {LICENCE_READER}, password: {{env: LICENCE_READER}}}}\n"
    )
}

const SOLD: &str = r#"enumerations:
  panel:
    name: {en: Panel}
    items: {nopanel: {name: {en: None}}, "55229": {name: {en: Host}}}
prices:
  vds-start:
    resource: {enumeration: panel, default: nopanel, billing: by_order, client_change: up_only}
    items: {nopanel: free, "55229": {RUB: {1m: "1000.00"}}}
"#;

const COSTS: &str = r#"costs:
  # Of the partner account.
  licences:
    as_of: 2026-11-01 # typed in by hand
    currency: RUB
    codes:
      "55227": {price: {RUB: {1m: "240.00", 12m: "2500.00"}, EUR: {1m: "3.00"}}} # lite
      # Somebody hoped for a quarter.
      "55228":
        price:
          RUB:
            1m: '480.00'
            3m: '1400.00' # no
            12m: '4000.00'
        offered: [1m, 3m, 12m]
      "55230": {price: {RUB: {1m: "2850.00", 12m: "28500.00"}}, nodes: 2, per_node: {RUB: {1m: "900.00"}}}
      "3541": {price: {RUB: {1m: "250.00", 12m: "2500.00"}}} # retired
      "77777": {price: {RUB: {1m: "1.00"}}}
"#;

fn bench(pair: &Pair) -> Bench {
    reader().config(&format!("{}{SOLD}{COSTS}", processor(pair.licences().url())))
}

#[test]
fn each_difference_is_told_with_its_size() {
    for seed in [SEED, 8] {
        let pair = pair(seed);
        let run = bench(&pair).run("costs diff config").exits(2);
        for words in [
            "~ 55227 ispmanager lite for 1m 12m",
            "~ price.RUB.1m 240.00 -> 250.00 +4.2 %",
            "- price.RUB.3m 1400.00",
            "~ price.RUB.12m 4000.00 -> 4800.00 +20 %",
            "~ offered 1m 3m 12m -> 1m 12m",
            "~ per_node.RUB.1m 900.00 -> 950.00",
            "+ per_node.RUB.12m 9500.00",
            "+ 55229 ispmanager host",
            "! 3541 ISPmanager Lite is sold no more",
            "! 77777 is not in its catalogue",
            "6 codes differ; 0 as the licence server says.",
            "costs in EUR are not compared",
        ] {
            let squeezed = run.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(squeezed.contains(words), "{words:?} is not in {run}");
        }
        assert!(pair.licences().requests().iter().all(|request| !request.mutating));
    }
}

#[test]
fn differences_are_data_too() {
    let pair = pair(SEED);
    let bench = bench(&pair);
    let json = bench.run("costs diff config --format json").exits(2).json();
    let schema = bench.run("schema costs-diff").exits(0).json();
    let schema = jsonschema::validator_for(&schema).unwrap();
    assert!(schema.is_valid(&json), "{:?}", schema.iter_errors(&json).next());
    let code = |code: &str| json["codes"].as_array().unwrap().iter().find(|own| own["code"] == code).unwrap();
    assert_eq!(code("55227")["changes"][0]["after"], "250.00");
    assert_eq!(code("77777")["state"], "absent");
    assert_eq!(code("55229")["used"], true);
    assert_eq!(code("55229")["costed"], false);
}

#[test]
fn costs_are_taken_over_where_they_stand() {
    let pair = pair(SEED);
    let bench = bench(&pair);
    let before = bench.read("config/billform.yaml");
    let run = bench.run("costs pull config").exits(0);
    let run = run.says("Code 77777 is not in its catalogue").says("Code 3541 is sold no more");
    assert_eq!(run.stdout, "");
    let today = bench.run("costs diff config --format json").exits(2).json()["today"].clone();
    let expected = before
        .replace("as_of: 2026-11-01 #", &format!("as_of: {} #", today.as_str().unwrap()))
        .replace("240.00", "250.00")
        .replace("            3m: '1400.00' # no\n", "")
        .replace("'4000.00'", "'4800.00'")
        .replace("[1m, 3m, 12m]", "[1m, 12m]")
        .replace("{RUB: {1m: \"900.00\"}}", "{RUB: {1m: \"950.00\", 12m: \"9500.00\"}}")
        .replace(
            "{1m: \"1.00\"}}}\n",
            "{1m: \"1.00\"}}}\n      \"55229\": {price: {RUB: {1m: \"900.00\", 12m: \"9000.00\"}}}\n",
        );
    assert_eq!(bench.read("config/billform.yaml"), expected);
    bench.run("costs pull config").exits(0).says("are those of the licence server");
    assert_eq!(bench.read("config/billform.yaml"), expected, "a second time changes nothing");
    bench.run("validate config").exits(0);
}

#[test]
fn costs_begin_where_there_are_none() {
    let pair = pair(SEED);
    let bench = reader().config(&format!("{}{SOLD}", processor(pair.licences().url())));
    let before = bench.read("config/billform.yaml");
    bench.run("costs pull config").exits(0);
    let after = bench.read("config/billform.yaml");
    assert!(after.starts_with(before.trim_end()), "{after}");
    bench.run("costs diff config").exits(0).says("No difference: 1 code");
}

#[test]
fn a_code_whose_price_is_made_of_costs_is_used() {
    let pair = pair(SEED);
    let made = SOLD.replace(r#"{RUB: {1m: "1000.00"}}"#, r#"{RUB: {1m: {cost_plus: {percent: "25%"}}}}"#);
    let costs =
        "costs: {licences: {as_of: 2026-11-01, codes: {\"55229\": {price: {RUB: {1m: \"800.00\"}}}}}}\n";
    let bench = reader().config(&format!("{}{made}{costs}", processor(pair.licences().url())));
    let json = bench.run("costs diff config --format json").exits(2).json();
    assert_eq!(json["codes"][0]["used"], true);
    bench.run("costs pull config").exits(0);
    bench.run("costs diff config").exits(0).says("No difference: 1 code");
}

#[test]
fn the_example_has_the_costs_of_the_licence_server() {
    let pair = pair(SEED);
    let bench = reader();
    let costs = std::fs::read_to_string(root().join("examples/hosting/50-costs.yaml")).unwrap();
    bench.write("config/50-costs.yaml", &costs);
    bench.write("config/10-processors.yaml", &processor(pair.licences().url()));
    bench.run("costs diff config").exits(0).says("No difference: 4 codes");
}

#[test]
fn what_cannot_be_edited_is_refused_whole() {
    let pair = pair(SEED);
    let text = COSTS.replace("{1m: \"240.00\", 12m: \"2500.00\"}", "&p {1m: \"240.00\", 12m: \"2500.00\"}");
    let text = text.replace(
        "\"3541\": {price: {RUB: {1m: \"250.00\", 12m: \"2500.00\"}}}",
        "\"3541\": {price: {RUB: *p}}",
    );
    let bench = reader().config(&format!("{}{text}", processor(pair.licences().url())));
    let before = bench.read("config/billform.yaml");
    bench.run("costs pull config").exits(4).says("export::alias");
    assert_eq!(bench.read("config/billform.yaml"), before);
}

#[test]
fn a_licence_server_that_does_not_answer_changes_nothing() {
    let running = pair(SEED);
    let bench = bench(&running);
    let before = bench.read("config/billform.yaml");
    let denied = Bench::new().config(&before).env("LICENCE_READER", "wrong");
    denied.run("costs pull config").exits(7).says("panel::credentials");
    denied.run("costs diff config --format json").exits(7);
    assert_eq!(denied.read("config/billform.yaml"), before);
    let url = running.licences().url().to_owned();
    drop(running);
    bench.run("costs pull config").exits(8).says("panel::unreachable").says(url.trim_end_matches("/billmgr"));
    assert_eq!(bench.read("config/billform.yaml"), before);
}

#[test]
fn which_licence_server_is_asked_is_said() {
    let bench = Bench::new().config("version: 1\n");
    bench.run("costs diff config").exits(3).says("upstream::which_server").says("under `processors`");
    let bench = Bench::new().config(&processor("https://licences.example.com/billmgr"));
    bench.run("costs diff config --server licenses").exits(3).says("did you mean `licences`?");
    bench.run("costs diff config").exits(3).says("secret::unreadable");
    let bare = "version: 1\nprocessors: {licences: {product_type: soft, module: billmanager}}\n";
    Bench::new().config(bare).run("costs diff config").exits(3).says("upstream::no_login").says("`url`");
}

#[test]
fn a_check_asks_the_licence_server_when_it_is_told_to() {
    let pair = pair(SEED);
    let bench = bench(&pair);
    let offline = bench.run("check config --format json --at 2026-11-25");
    let codes = |json: &serde_json::Value| {
        let findings = json["findings"].as_array().unwrap().iter();
        findings.map(|finding| finding["code"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(offline.json()["costs"].as_array().map(Vec::len), Some(0));
    let asked = bench.run("check config --upstream --format json --at 2026-11-25").json();
    assert_eq!(asked["costs"][0]["server"], "licences");
    assert!(asked["costs"][0]["different"].as_u64() > Some(0), "{asked}");
    // 55229 has no costs in the files: what it earns is known once the server was asked.
    assert!(asked["not_made"].to_string().len() <= offline.json()["not_made"].to_string().len());
    assert!(!codes(&asked).contains(&"check::L01".to_owned()), "{asked}");
    let text = bench.run("check config --upstream --at 2026-11-25");
    text.says("price.RUB.1m").says("Checks:");
    let gone = bench.read("config/billform.yaml").replace("\"55229\"", "\"55999\"");
    bench.write("config/billform.yaml", &gone);
    let asked = bench.run("check config --upstream --format json --at 2026-11-25").exits(3).json();
    assert!(codes(&asked).contains(&"check::L01".to_owned()), "{asked}");
}

const SALE: &str = "--tariff vds-start --panel 55227 --period 1m --at 2026-12-01";

/// A shop that sells what the licence server has, and what it sells no more.
fn shop(pair: &Pair, costs: &str) -> Bench {
    let items = r#"items: {nopanel: free, "55227": {RUB: {1m: "350.00"}}, "3541": {RUB: {1m: "400.00"}}}"#;
    let sold = SOLD
        .replace(
            r#""55229": {name: {en: Host}}"#,
            r#""55227": {name: {en: Lite}}, "3541": {name: {en: Old}}"#,
        )
        .replace(r#"items: {nopanel: free, "55229": {RUB: {1m: "1000.00"}}}"#, items);
    let mapping = "period_mappings: {licences: [{sold: 1m, bought: 12m}]}\n";
    reader().config(&format!("{}{sold}{mapping}{costs}", processor(pair.licences().url())))
}

#[test]
fn a_simulation_asks_the_licence_server_for_costs_when_it_is_told_to() {
    let pair = pair(SEED);
    let costs = "costs: {licences: {as_of: 2026-11-01, source: a letter, codes: {\"55227\": {price: {RUB: {12m: \"2400.00\"}}}}}}\n";
    let written = shop(&pair, costs);
    written
        .run(&format!("simulate order config {SALE}"))
        .exits(0)
        .says("of 2026-11-01, from the configuration (a letter)")
        .says("2400.00 x 1/12");
    assert!(pair.licences().requests().is_empty());

    let schema = written.run("schema simulated-orders").exits(0).json();
    for bench in [written, shop(&pair, "")] {
        let today = bench.run("costs diff config --format json").exits(2).json()["today"].clone();
        let today = today.as_str().unwrap();
        let run = bench.run(&format!("simulate order config {SALE} --upstream")).exits(0);
        run.says(&format!("of {today}, asked of licences")).says("2500.00 x 1/12").says("83.3 %");
        let json =
            bench.run(&format!("simulate order config {SALE} --upstream --format json")).exits(0).json();
        assert!(jsonschema::is_valid(&schema, &json), "{json:#}");
        let from = serde_json::json!({"server": "licences", "as_of": today, "from": "licence_server", "source": null});
        assert_eq!(json["answers"][0]["costs"], from);

        let retired = "--tariff vds-start --panel 3541 --period 1m --upstream";
        let run = bench.run(&format!("simulate order config {retired}")).exits(0);
        run.says("nothing, though the client has paid")
            .says("3541 cannot be ordered from licences: it is sold no more");

        bench.write("scenario.yaml", "version: 1\nfrom: 2026-12-01\nmonths: 3\ncurrency: RUB\nclients: [{tariff: vds-start, panel: \"55227\", period: 1m, orders_per_month: 1}]\n");
        let run = bench.run("simulate run scenario.yaml config --upstream").exits(0);
        run.says(&format!("costs on licences: of {today}, asked of licences")).says("7,500.00");
        let json = bench.run("simulate run scenario.yaml config --upstream --format json").exits(0).json();
        assert_eq!(json["run"]["costs"], serde_json::json!([from]));
    }
    assert!(pair.licences().requests().iter().all(|request| !request.mutating));
}

#[test]
fn without_an_answer_nothing_is_simulated() {
    let running = pair(SEED);
    let bench = shop(&running, COSTS);
    bench.write("scenario.yaml", "version: 1\nfrom: 2026-12-01\nmonths: 1\ncurrency: RUB\nclients: [{tariff: vds-start, panel: nopanel, period: 1m, orders_per_month: 1}]\n");
    let (order, run) =
        (format!("simulate order config {SALE} --upstream"), "simulate run scenario.yaml config --upstream");
    let silent = |run: crate::harness::Run, exit: i32, code: &str| {
        assert_eq!(run.stdout, "", "{run}");
        run.exits(exit).says(code);
    };
    let text = bench.read("config/billform.yaml");
    let denied = Bench::new().config(&text).env("LICENCE_READER", "wrong");
    silent(denied.run(&order), 7, "panel::credentials");
    let nowhere = Bench::new().config(&text.replace("username: reader, ", ""));
    silent(nowhere.run(&order), 3, "upstream::no_login");
    let bare = text.replace("  licences: {product_type", "  other: {product_type");
    silent(Bench::new().config(&bare).run(&order), 3, "upstream::which_server");
    drop(running);
    silent(bench.run(&order), 8, "panel::unreachable");
    silent(bench.run(run), 8, "panel::unreachable");
}
