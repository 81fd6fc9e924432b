//! A configuration at work: it is applied to a provider's panel that buys from a licence server, clients come and
//! go, days pass, and what the panel decided is held against what the licence server charged.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
    process::{Child, Stdio},
    time::Duration,
};

use billform::sandbox::{
    ADMIN, CLIENT, Fault, FaultKind, LICENCE_USER, Pair, PairOptions, Reading, Readings, Sandbox,
};
use serde_json::Value;

use crate::harness::{Bench, SEED, in_parallel};

const START: &str = "2026-01-31";

/// What the examples have in the place of the two panels.
const PANEL: &str = "https://bill.example.com/billmgr";
const LICENCES: &str = "https://api-eu.ispmanager.com/billmgr";
const LICENCE_PASSWORD: &str = "canary licence/&=+%'\"pass";

/// The hosting example, applied to a pair.
struct Play {
    bench: Bench,
    pair: Pair,
}

impl Play {
    fn with(adjust: impl FnOnce(&mut PairOptions)) -> Self {
        let mut options = PairOptions { at: Some(START.parse().unwrap()), ..PairOptions::default() };
        options.panel.dialect_seed = SEED;
        options.licence_password = Some(LICENCE_PASSWORD.to_owned());
        adjust(&mut options);
        let pair = Pair::start(options).unwrap();
        let panel = pair.provider();
        let bench = Bench::new()
            .example("hosting")
            .env("BILLFORM_URL", panel.url())
            .env("BILLFORM_USER", ADMIN)
            .env("BILLFORM_PASSWORD", &panel.admin_password())
            .secret(&panel.admin_password());
        let play = Self { bench, pair };
        play.change("00-panel", PANEL, play.pair.provider().url());
        play.change("10-processors", LICENCES, play.pair.licences().url());
        play
    }

    fn new() -> Self {
        let play = Self::with(|_| ());
        play.apply();
        play
    }

    fn read_as(reading: &str) -> Self {
        let reading: Reading = reading.parse().unwrap();
        let play = Self::with(|options| options.readings = Readings::default().with(reading));
        play.apply();
        play
    }

    fn apply(&self) {
        self.bench.run("apply config --yes --quiet").exits(0);
    }

    /// Changes a file of the configuration.
    fn change(&self, file: &str, from: &str, to: &str) {
        let name = format!("config/{file}.yaml");
        let text = self.bench.read(&name);
        assert!(text.contains(from), "{name} does not say {from:?}");
        self.bench.write(&name, &text.replace(from, to));
    }

    fn call_as(&self, user: &str, func: &str, pairs: &[(&str, &str)]) -> Value {
        ask(self.pair.provider(), user, func, pairs)
    }

    fn call(&self, func: &str, pairs: &[(&str, &str)]) -> Value {
        self.call_as(ADMIN, func, pairs)
    }

    #[track_caller]
    fn done(&self, func: &str, pairs: &[(&str, &str)]) -> Value {
        let doc = self.call(func, &[pairs, &[("sok", "ok")]].concat());
        assert!(doc.get("ok").is_some(), "{func} {pairs:?}: {doc}");
        doc
    }

    #[track_caller]
    fn order(&self, tariff: &str, panel: &str, period: &str) -> String {
        let kind = if tariff.starts_with("vds") { "vds" } else { "dedic" };
        let pairs = [("pricelist", tariff), ("panel", panel), ("period", period)];
        let doc = self.done(&format!("{kind}.order.param"), &pairs);
        doc["id"]["$"].as_str().unwrap().to_owned()
    }

    /// What a refused order says.
    fn refused(&self, tariff: &str, panel: &str, period: &str) -> String {
        let pairs = [("pricelist", tariff), ("panel", panel), ("period", period), ("sok", "ok")];
        let doc = self.call("vds.order.param", &pairs);
        doc["error"]["msg"]["$"].as_str().unwrap_or_else(|| panic!("not refused: {doc}")).to_owned()
    }

    fn delete(&self, service: &str) {
        self.done("vds.delete", &[("elid", service)]);
    }

    fn move_to(&self, day: &str) {
        self.pair.advance_to(day.parse().unwrap()).unwrap();
    }

    fn fault(&self, func: &str, kind: FaultKind) {
        self.pair.licences().inject(Fault::once(func, kind));
    }

    /// The log of the provider's panel: `date service event licence code period amount`, absent cells as `-`.
    fn log(&self) -> Vec<String> {
        let columns = ["date", "service", "event", "licence", "code", "period", "amount"];
        listed(&self.call("licence.log", &[]), &columns)
    }

    /// What was logged since `seen` lines ago.
    fn since(&self, seen: usize) -> Vec<String> {
        self.log().split_off(seen)
    }

    /// The reason of the newest entry.
    fn reason(&self) -> String {
        listed(&self.call("licence.log", &[]), &["reason"]).pop().unwrap()
    }

    /// What the licence server charged: `date operation licence code period amount`.
    fn ledger(&self) -> Vec<String> {
        let columns = ["date", "operation", "licence", "pricelist", "period", "amount"];
        listed(&ask(self.pair.licences(), LICENCE_USER, "licence.ledger", &[]), &columns)
    }

    fn licence(&self, id: &str) -> Value {
        self.pair.licences().export_state()["soft"][id].clone()
    }

    fn service(&self, id: &str) -> Value {
        self.pair.provider().export_state()["service"][id].clone()
    }

    /// The licence that a service has.
    fn licence_of(&self, service: &str) -> String {
        self.service(service)["licence"].as_str().unwrap_or_default().to_owned()
    }
}

fn listed(list: &Value, columns: &[&str]) -> Vec<String> {
    assert!(list.get("error").is_none(), "{list}");
    let rows = list["elem"].as_array().into_iter().flatten();
    let line = |row: &Value| {
        let cells = columns.iter().map(|column| row[*column]["$"].as_str().unwrap_or("-").to_owned());
        cells.collect::<Vec<_>>().join(" ")
    };
    rows.map(line).collect()
}

/// Calls a function of a panel, in JSON.
fn ask(panel: &Sandbox, user: &str, func: &str, pairs: &[(&str, &str)]) -> Value {
    let login = format!("{user}:{}", panel.admin_password());
    let mut all = vec![("authinfo", login.as_str()), ("func", func), ("out", "json"), ("lang", "en")];
    all.extend(pairs);
    let encoded = |text: &str| text.bytes().map(|byte| format!("%{byte:02X}")).collect::<String>();
    let body: Vec<_> =
        all.iter().map(|(name, value)| format!("{}={}", encoded(name), encoded(value))).collect();
    let body = http(panel.url(), "POST", "/billmgr", &body.join("&"));
    let document: Value = serde_json::from_str(&body).unwrap_or_else(|_| panic!("{func}: {body}"));
    document["doc"].clone()
}

pub(crate) fn http(url: &str, method: &str, path: &str, body: &str) -> String {
    let host = url.trim_start_matches("http://").split('/').next().unwrap();
    let mut stream = TcpStream::connect(host).unwrap();
    let length = body.len();
    write!(stream, "{method} {path} HTTP/1.0\r\nHost: {host}\r\nContent-Length: {length}\r\n\r\n{body}")
        .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer.split_once("\r\n\r\n").unwrap().1.to_owned()
}

#[test]
fn the_hosting_example_is_watched_working_in_any_dialect() {
    in_parallel([1, 2, 3, 4], |seed| {
        let play = Play::with(|options| options.panel.dialect_seed = seed);
        play.apply();
        play.bench.in_sync();
        let start = play.order("vds-start", "55227", "1");
        let pro = play.order("vds-pro", "55228", "6");
        let metal = play.order("dedic-e5", "55230", "12");
        let bare = play.order("vds-max", "nopanel", "1");
        let [one, two, three] = [&start, &pro, &metal].map(|service| play.licence_of(service));
        assert_eq!(
            play.log(),
            [
                format!("{START} {start} charged - 55227 1 350.00"),
                format!("{START} {start} ordered {one} 55227 1 250.00"),
                format!("{START} {pro} charged - 55228 6 3990.00"),
                format!("{START} {pro} ordered {two} 55228 12 4800.00"),
                format!("{START} {metal} charged - 55230 12 30000.00"),
                format!("{START} {metal} ordered {three} 55230 12 19000.00"),
                format!("{START} {bare} charged - nopanel 1 0.00"),
                format!("{START} {bare} skipped - - - -"),
            ],
            "dialect {seed}"
        );
        assert_eq!(
            play.ledger(),
            [
                format!("{START} order {one} 55227 1 250.00"),
                format!("{START} order {two} 55228 12 4800.00"),
                format!("{START} order {three} 55230 12 19000.00"),
            ],
            "dialect {seed}"
        );
        let name = format!("Item #{start}\" addon vds{start}");
        assert_eq!(play.licence(&one)["licname"], *name);
        assert_eq!(play.licence(&one)["ip"], play.service(&start)["ip"]);
        play.delete(&bare);

        play.move_to("2026-02-28");
        play.done("vds.edit", &[("elid", &start), ("autoprolong", "null")]);
        play.move_to("2026-03-28");
        assert_eq!(
            play.since(8),
            [
                format!("{START} {bare} deleted - nopanel - -"),
                format!("2026-02-28 {start} charged - 55227 1 350.00"),
                format!("2026-02-28 {start} renewed {one} 55227 1 250.00"),
                format!("2026-03-28 {start} deleted {one} 55227 - -"),
                format!("2026-03-28 {start} released {one} 55227 - -"),
            ],
            "dialect {seed}"
        );
        assert_eq!(play.ledger()[3..], [format!("2026-02-28 prolong {one} 55227 1 250.00")]);
        let freed = play.licence(&one);
        assert_eq!((&freed["licname"], &freed["ip"]), (&"free.lic".into(), &"0.0.0.0".into()));
        assert_eq!(freed["status"], "3");

        // A year was bought for half a year: it goes on for the other half without a charge.
        play.move_to("2027-01-31");
        let renewed = format!("2027-01-31 prolong {two} 55228 12 4800.00");
        assert_eq!(play.ledger()[4..], [renewed, format!("2027-01-31 prolong {three} 55230 12 19000.00")]);
    });
}

#[test]
fn a_licence_of_the_pool_is_used_again_when_its_rest_is_over() {
    for (reading, day) in [("yes", "2026-05-11"), ("no", "2026-04-10")] {
        let play = Play::read_as(&format!("release_restarts_cooldown={reading}"));
        let first = play.order("vds-pro", "55227", "3");
        let licence = play.licence_of(&first);
        play.move_to("2026-04-10");
        play.delete(&first);
        let early = play.order("vds-pro", "55227", "1");
        if reading == "yes" {
            assert_ne!(play.licence_of(&early), licence, "it rests after its release");
            play.move_to("2026-05-10");
            assert_ne!(play.licence_of(&play.order("vds-pro", "55227", "1")), licence, "a month is not over");
            play.move_to(day);
        } else {
            play.delete(&early);
        }
        let charged = play.ledger().len();
        let before = play.licence(&licence);
        let second = if reading == "yes" { play.order("vds-max", "55227", "6") } else { early };
        assert_eq!(play.ledger().len(), charged, "nothing is bought");
        if reading == "yes" {
            assert_eq!(play.licence_of(&second), licence);
            let again = play.licence(&licence);
            assert_eq!(again["status"], "2");
            assert_eq!((&again["ip_changed"], &again["key_changed"]), (&day.into(), &day.into()));
            assert_ne!(again["lickey"], before["lickey"]);
            assert_eq!(again["expiredate"], "2027-01-31");
            assert_eq!(
                play.since(play.log().len() - 1),
                [format!("{day} {second} reused {licence} 55227 - -")]
            );
        } else {
            let reused = format!("{day} {second} reused {licence} 55227 - -");
            assert!(play.log().contains(&reused), "{:?}", play.log());
        }
    }
}

#[test]
fn the_lowest_licence_is_tried_first_and_an_error_puts_it_back() {
    let play = Play::new();
    let services = [1, 2].map(|_| play.order("vds-pro", "55227", "12"));
    let [low, high] = [&services[0], &services[1]].map(|service| play.licence_of(service));
    play.move_to("2026-03-15");
    for service in services.iter().rev() {
        play.delete(service);
    }
    play.move_to("2026-05-01");
    let (seen, charged) = (play.log().len(), play.ledger().len());
    play.fault("soft.resume", FaultKind::ErrorDoc { kind: "internal".to_owned(), object: "x".to_owned() });
    let third = play.order("vds-start", "55227", "1");
    assert_eq!(
        play.since(seen + 1),
        [
            format!("2026-05-01 {third} put_back {low} 55227 - -"),
            format!("2026-05-01 {third} reused {high} 55227 - -"),
        ]
    );
    let back = play.licence(&low);
    assert_eq!((&back["licname"], &back["ip"]), (&"free.lic".into(), &"0.0.0.0".into()));
    let (seen, fourth) = (play.log().len(), play.order("vds-start", "55227", "1"));
    let bought = format!("2026-05-01 {fourth} ordered {} 55227 1 250.00", play.licence_of(&fourth));
    assert_eq!(play.since(seen + 1), [bought], "one rests again, the other is in use");
    assert_eq!(play.ledger().len(), charged + 1);
}

#[test]
fn another_configuration_buys_otherwise() {
    let play = Play::new();
    let before = play.order("vds-pro", "55228", "3");
    assert_eq!(play.licence(&play.licence_of(&before))["period"], "12");
    let month = "sold: [1m, 6m], bought: 12m}\n    - {sold: 3m, bought: 1m}";
    play.change("40-period-mappings", "sold: [1m, 3m, 6m], bought: 12m}", month);
    play.apply();
    let after = play.order("vds-pro", "55228", "3");
    assert_eq!(play.licence(&play.licence_of(&after))["period"], "1");
    assert!(play.reason().starts_with("3 -> 1: mapping row"), "{}", play.reason());
}

#[test]
fn a_year_without_a_row_is_renewed_for_a_month_or_for_a_year() {
    for (reading, period, amount) in [("one_month", "1", "250.00"), ("same_period", "12", "2500.00")] {
        let reading: Reading = format!("renewal_without_row={reading}").parse().unwrap();
        let play = Play::with(|options| options.readings = Readings::default().with(reading));
        play.change("40-period-mappings", "    - {sold: 12m, bought: 12m} ", "#");
        play.apply();
        let service = play.order("vds-pro", "55227", "12");
        assert_eq!(play.reason(), "12: no mapping row, and the same period is offered");
        let licence = play.licence_of(&service);
        play.move_to("2027-01-31");
        assert_eq!(
            play.ledger(),
            [
                format!("{START} order {licence} 55227 12 2500.00"),
                format!("2027-01-31 prolong {licence} 55227 {period} {amount}"),
            ]
        );
    }
}

#[test]
fn a_row_that_names_a_period_not_offered_is_an_error_or_falls_back() {
    for reading in ["error", "smallest"] {
        let play = Play::with(|options| {
            let reading: Reading = format!("target_not_offered={reading}").parse().unwrap();
            options.readings = Readings::default().with(reading);
        });
        play.change(
            "40-period-mappings",
            "{sold: [1m, 3m, 6m], bought: 12m}",
            "{sold: [1m, 3m, 6m], bought: 6m}",
        );
        play.apply();
        let service = play.order("vds-pro", "55227", "3");
        let bought = play.ledger();
        if reading == "error" {
            assert!(bought.is_empty() && play.licence_of(&service).is_empty(), "{bought:?}");
            assert!(play.reason().contains("which the licence server does not offer"), "{}", play.reason());
        } else {
            assert_eq!(bought, [format!("{START} order {} 55227 1 250.00", play.licence_of(&service))]);
        }
    }
}

#[test]
fn a_panel_change_gives_one_licence_back_and_gets_another() {
    let play = Play::new();
    let service = play.order("vds-max", "55228", "3");
    let first = play.licence_of(&service);
    let seen = play.log().len();
    play.move_to("2026-02-10");
    play.done("vds.edit", &[("elid", &service), ("panel", "55229")]);
    let second = play.licence_of(&service);
    assert_eq!(
        play.since(seen),
        [
            format!("2026-02-10 {service} released {first} 55228 - -"),
            format!("2026-02-10 {service} ordered {second} 55229 12 9000.00"),
        ]
    );
    play.done("vds.edit", &[("elid", &service), ("panel", "nopanel")]);
    assert_eq!(play.licence_of(&service), "");
    play.move_to("2026-04-30");
    assert_eq!(play.log().last().unwrap(), &format!("2026-04-30 {service} charged - nopanel 3 0.00"));
}

#[test]
fn a_licence_follows_its_server_once_a_month() {
    let play = Play::new();
    let service = play.order("vds-pro", "55227", "12");
    let licence = play.licence_of(&service);
    let seen = play.log().len();
    let readdress = |ip: &str| {
        play.done("vds.edit", &[("elid", &service), ("ip", ip)]);
        (play.service(&service)["ip"].as_str().unwrap().to_owned(), play.licence(&licence)["ip"].clone())
    };
    play.move_to("2026-02-15");
    let before = play.licence(&licence)["ip"].clone();
    assert_eq!(readdress("192.0.2.7"), ("192.0.2.7".to_owned(), before), "the licence stays where it was");
    assert!(play.reason().contains("once a month"), "{}", play.reason());
    play.move_to("2026-03-01");
    assert_eq!(readdress("192.0.2.8"), ("192.0.2.8".to_owned(), "192.0.2.8".into()));
    assert_eq!(
        play.since(seen),
        [
            format!("2026-02-15 {service} refused {licence} 55227 - -"),
            format!("2026-03-01 {service} moved {licence} 55227 - -"),
        ]
    );
}

#[test]
fn an_order_survives_a_licence_server_in_trouble_without_a_licence() {
    let play = Play::with(|options| options.patience = Duration::from_secs(3));
    play.apply();
    let code = |code| FaultKind::Status { code, commit: false };
    let held = FaultKind::Delay(Duration::from_secs(8));
    for (func, kind, why) in [
        ("soft", code(500), "HTTP 500"),
        ("soft", held, "timed out"),
        ("soft", FaultKind::Html, "not an answer of a panel"),
        ("soft", FaultKind::Truncated, "no answer from the licence server"),
        ("soft.order.param", code(502), "HTTP 502"),
    ] {
        play.fault(func, kind);
        let service = play.order("vds-pro", "55227", "3");
        assert!(play.reason().contains(why), "{func}: {}", play.reason());
        assert_eq!(play.licence_of(&service), "");
        assert_eq!(play.service(&service)["status"], "2");
        play.pair.licences().clear_faults();
    }
    assert!(play.ledger().is_empty());
    play.pair.licences().stop();
    let service = play.order("vds-pro", "55227", "3");
    assert!(play.reason().contains("no answer from the licence server"), "{}", play.reason());
    let last = play.log().pop().unwrap();
    assert_eq!(last, format!("{START} {service} refused - 55227 - -"));
}

#[test]
fn an_order_without_an_answer_is_not_repeated_and_leaves_an_orphan() {
    let play = Play::new();
    let lost = FaultKind::Reset { commit: true };
    // The form is asked for first.
    play.pair.licences().inject(Fault {
        func: Some("soft.order.param".to_owned()),
        skip: 1,
        times: 1,
        kind: lost,
    });
    let service = play.order("vds-pro", "55227", "12");
    assert_eq!(play.licence_of(&service), "");
    assert_eq!(play.ledger().len(), 1, "it was carried out, once");
    let licences = play.pair.licences().export_state()["soft"].clone();
    let names: Vec<_> = licences.as_object().unwrap().values().map(|row| row["licname"].clone()).collect();
    assert_eq!(names, [format!("Item #{service}\" addon vds{service}")]);
}

#[test]
fn a_renewal_that_fails_is_not_tried_again() {
    let play = Play::new();
    let service = play.order("vds-start", "55227", "1");
    let licence = play.licence_of(&service);
    let seen = play.log().len();
    play.fault("service.prolong", FaultKind::Status { code: 500, commit: false });
    play.move_to("2026-04-28");
    assert_eq!(
        play.since(seen),
        [
            format!("2026-02-28 {service} charged - 55227 1 350.00"),
            format!("2026-02-28 {service} refused {licence} 55227 - -"),
            format!("2026-02-28 {service} expired {licence} 55227 - -"),
            format!("2026-03-28 {service} charged - 55227 1 350.00"),
            format!("2026-04-28 {service} charged - 55227 1 350.00"),
        ]
    );
    assert_eq!(play.licence(&licence)["status"], "4", "deleted thirty days after it ran out");
    play.delete(&service);
    assert!(play.reason().contains("not released"), "{}", play.reason());
}

#[test]
fn a_suspended_service_does_not_renew_its_licence() {
    let play = Play::new();
    let service = play.order("vds-start", "55227", "1");
    play.done("vds.suspend", &[("elid", &service)]);
    play.move_to("2026-02-28");
    assert!(
        play.log().contains(&format!("2026-02-28 {service} expired {} 55227 - -", play.licence_of(&service)))
    );
    assert_eq!(play.ledger().len(), 1);
}

#[test]
fn a_wrong_password_is_told() {
    let play = Play::with(|options| options.licence_password = Some("another".to_owned()));
    play.apply();
    let service = play.order("vds-pro", "55227", "3");
    assert_eq!(play.licence_of(&service), "");
    assert_eq!(play.reason(), "the licence server refuses (auth): Invalid username or password");
}

#[test]
fn an_empty_account_buys_and_renews_nothing() {
    let play = Play::with(|options| options.balance = "400.00".to_owned());
    play.apply();
    let first = play.order("vds-start", "55227", "1");
    let second = play.order("vds-start", "55227", "1");
    assert!(play.reason().contains("250.00 RUB is needed, the balance is 150.00 RUB"), "{}", play.reason());
    assert_eq!(play.licence_of(&second), "");
    play.move_to("2026-02-28");
    assert_eq!(play.ledger().len(), 1);
    assert!(
        play.log().contains(&format!("2026-02-28 {first} expired {} 55227 - -", play.licence_of(&first)))
    );
}

#[test]
fn what_is_not_sold_is_not_ordered() {
    let play = Play::new();
    assert!(play.refused("vds-start", "55230", "1").contains("not offered"));
    assert_eq!(play.log(), [format!("{START} - refused - 55230 - -")]);
    assert!(play.refused("vds-start", "99999", "1").contains("does not exist"));
    assert!(play.refused("vds-none", "55227", "1").contains("does not exist"));
    assert!(play.refused("vds-start", "55227", "7").contains("invalid value"));
    assert!(play.ledger().is_empty() && play.pair.provider().export_state().get("service").is_none());
}

#[test]
fn a_code_that_the_licence_server_does_not_sell_is_refused_after_the_client_paid() {
    for (code, why) in [("3541", "no longer sold"), ("12345", "does not exist")] {
        let play = Play::with(|_| ());
        for file in ["20-enumerations", "30-prices-vds", "31-prices-dedic"] {
            play.change(file, "\"55227\"", &format!("\"{code}\""));
        }
        // An apply would refuse such codes: here somebody wanted them all the same.
        let severity = "L01: off, L02: off, L03: off, L05: off";
        play.change("00-panel", "checks:\n", &format!("checks:\n  severity: {{{severity}}}\n"));
        play.apply();
        let service = play.order("vds-pro", code, "1");
        assert!(play.reason().contains(why), "{}", play.reason());
        assert_eq!(
            play.log(),
            [
                format!("{START} {service} charged - {code} 1 330.00"),
                format!("{START} {service} refused - {code} - -"),
            ]
        );
        assert!(play.ledger().is_empty());
    }
}

#[test]
fn a_processor_without_a_licence_server_orders_none() {
    let play = Play::with(|_| ());
    play.change(
        "10-processors",
        "    password: {env: VMMANAGER_PASSWORD}\n    licence_server: licences\n",
        "    password: {env: VMMANAGER_PASSWORD}\n",
    );
    play.apply();
    let service = play.order("vds-pro", "55227", "1");
    assert!(play.reason().contains("names a licence server"), "{}", play.reason());
    assert_eq!(play.licence_of(&service), "");
    play.order("dedic-e3", "55227", "1");
    assert_eq!(play.ledger().len(), 1, "dedicated servers have one");
}

#[test]
fn nodes_are_ordered_with_the_code_that_has_them() {
    let play = Play::new();
    let pairs = [("pricelist", "dedic-e5"), ("panel", "55230"), ("period", "12"), ("nodes", "3")];
    play.done("dedic.order.param", &pairs);
    assert!(play.ledger()[0].ends_with("55230 12 38000.00"), "{:?}", play.ledger());
}

#[test]
fn a_client_orders_and_sees_no_log() {
    let play = Play::new();
    let order = [("pricelist", "vds-pro"), ("panel", "55227"), ("period", "1"), ("sok", "ok")];
    let doc = play.call_as(CLIENT, "vds.order.param", &order);
    assert!(doc.get("ok").is_some(), "{doc}");
    assert_eq!(play.call_as(CLIENT, "vds", &[])["elem"].as_array().unwrap().len(), 1);
    for func in ["licence.log", "processing", "pricelist"] {
        assert_eq!(play.call_as(CLIENT, func, &[])["error"]["$type"], "access", "{func}");
    }
    let form = play.call_as(CLIENT, "vds.order.param", &[("pricelist", "vds-start")]);
    let lists = form["slist"].as_array().unwrap();
    let panels = lists.iter().find(|list| list["$name"].as_str().unwrap().starts_with("addon_")).unwrap();
    let mut offered: Vec<_> =
        panels["val"].as_array().unwrap().iter().map(|item| item["$"].as_str().unwrap()).collect();
    offered.sort_unstable();
    assert_eq!(offered, ["No control panel", "ispmanager lite"], "items that are off are not in the form");
}

#[test]
fn equal_pairs_play_equally() {
    let played = || {
        let play = Play::new();
        for period in ["1", "3", "6", "12"] {
            play.order("vds-pro", "55227", period);
        }
        play.move_to("2026-04-15");
        play.delete(&play.order("vds-start", "55227", "1"));
        play.move_to("2027-06-01");
        let states = [play.pair.provider(), play.pair.licences()].map(Sandbox::export_state);
        (play.log(), play.ledger(), states[1].clone())
    };
    assert_eq!(played(), played());
}

#[test]
fn each_condition_alone_keeps_a_licence_out_of_the_pool() {
    let play = Play::new();
    let first = play.order("vds-pro", "55227", "12");
    let licence = play.licence_of(&first);
    play.delete(&first);
    play.move_to("2026-03-15");
    let free = play.pair.checkpoint();
    let reused = |field: &str, value: &str| {
        play.pair.rewind(&free);
        assert!(play.pair.licences().edit("soft", licence.parse().unwrap(), field, value));
        play.licence_of(&play.order("vds-max", "55227", "1")) == licence
    };
    assert!(reused("licname", "free.lic"), "as it is");
    assert!(reused("status", "2"), "c1: active");
    for (field, value, condition) in [
        ("status", "1", "c1"),
        ("status", "4", "c1"),
        ("status", "5", "c1"),
        ("licname", "free.Lic", "c2"),
        ("ip", "192.0.2.1", "c3"),
        ("expiredate", "2026-03-15", "c4"),
        ("ip_changed", "2026-02-15", "c5"),
        ("key_changed", "2026-02-15", "c6"),
        ("code", "55228", "c7"),
        ("nodes", "2", "c7"),
    ] {
        assert!(!reused(field, value), "{condition}: {field} {value}");
    }
    assert!(reused("ip_changed", "2026-02-14") && reused("key_changed", "2026-02-14"), "more than a month");
    assert!(reused("expiredate", "2026-03-16"), "a day is left");
}

#[test]
fn a_trial_buys_a_month() {
    let play = Play::new();
    play.change("40-period-mappings", "sold: [1m, 3m, 6m], bought: 12m}", "sold: [3m, 6m], bought: 12m}");
    let service = play.order("vds-pro", "55227", "-100");
    let licence = play.licence_of(&service);
    assert_eq!(play.ledger(), [format!("{START} order {licence} 55227 1 250.00")]);
    assert_eq!(play.service(&service)["expiredate"], "2026-02-14");
}

/// Numbers that a seed decides.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % limit
    }

    fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }
}

/// Has clients come, change their minds and go.
fn live(play: &Play, dice: &mut Dice) {
    let mut services: Vec<String> = Vec::new();
    for _ in 0..25 {
        let some = (!services.is_empty()).then(|| services[dice.below(services.len())].clone());
        match (dice.below(8), some) {
            (0..=2, _) | (_, None) => {
                let (tariff, panels) = dice.one(&[
                    ("vds-start", &["55227", "nopanel"][..]),
                    ("vds-pro", &["55227", "55228"]),
                    ("vds-max", &["55227", "55228", "55229"]),
                ]);
                let period = dice.one(&["1", "3", "6", "12"]);
                services.push(play.order(tariff, dice.one(panels), period));
            }
            (3, Some(service)) => {
                let edit = [("elid", service.as_str()), ("autoprolong", "null"), ("sok", "ok")];
                play.call("vds.edit", &edit);
            }
            (4, Some(service)) => drop(play.call("vds.delete", &[("elid", &service)])),
            (5, Some(service)) => {
                let ip = format!("192.0.2.{}", dice.below(250) + 1);
                play.call("vds.edit", &[("elid", &service), ("ip", &ip), ("sok", "ok")]);
            }
            (6, Some(service)) => {
                let panel = dice.one(&["nopanel", "55227"]);
                play.call("vds.edit", &[("elid", &service), ("panel", panel), ("sok", "ok")]);
            }
            _ => drop(play.pair.advance(i64::try_from(dice.below(60)).unwrap()).unwrap()),
        }
    }
}

#[test]
fn whatever_clients_do_the_books_agree() {
    in_parallel(["yes", "no"], |reading| {
        let play = Play::read_as(&format!("release_restarts_cooldown={reading}"));
        let begin = play.pair.checkpoint();
        for seed in 0..20 {
            play.pair.rewind(&begin);
            live(&play, &mut Dice(seed));
            let hint = format!("reading {reading}, seed {seed}: {:#?}", play.log());
            let bought = |line: &&String| line.contains(" ordered ") || line.contains(" renewed ");
            // `date service event licence ...` against `date operation licence ...`
            let entry = |line: &String, skip: usize| {
                let words: Vec<_> = line.split(' ').collect();
                format!("{} {}", words[0], words[skip..].join(" "))
            };
            let log = play.log();
            let told: Vec<_> = log.iter().filter(bought).map(|line| entry(line, 3)).collect();
            let charged: Vec<_> = play.ledger().iter().map(|line| entry(line, 2)).collect();
            assert_eq!(told, charged, "{hint}");

            let minor = |text: &str| text.replace('.', "").parse::<i64>().unwrap();
            let spent: i64 = play.ledger().iter().map(|line| minor(line.rsplit(' ').next().unwrap())).sum();
            let state = play.pair.licences().export_state();
            assert_eq!(
                minor(state["account"]["1"]["balance"].as_str().unwrap()),
                100_000_000 - spent,
                "{hint}"
            );

            let services = play.pair.provider().export_state()["service"].clone();
            let mut held: Vec<String> = Vec::new();
            for (id, service) in services.as_object().unwrap() {
                let Some(licence) = service["licence"].as_str() else { continue };
                assert_ne!(service["status"], "4", "{hint}");
                let name = format!("Item #{id}\" addon {}", service["name"].as_str().unwrap());
                assert_eq!(state["soft"][licence]["licname"], name, "{hint}");
                held.push(licence.to_owned());
            }
            let holders = held.len();
            held.sort();
            held.dedup();
            assert_eq!(held.len(), holders, "a licence is on two services: {hint}");
            for (id, licence) in state["soft"].as_object().into_iter().flatten() {
                assert!(held.contains(id) || licence["licname"] == "free.lic", "{id} is lost: {hint}");
            }
        }
    });
}

#[test]
fn a_pair_goes_back_to_where_it_was() {
    let play = Play::new();
    let begin = play.pair.checkpoint();
    let played = || {
        let service = play.order("vds-pro", "55227", "3");
        play.move_to("2026-07-31");
        play.delete(&service);
        (play.log(), play.ledger(), play.licence_of(&service))
    };
    let first = played();
    play.pair.rewind(&begin);
    assert_eq!(play.pair.today().to_string(), START);
    assert!(play.log().is_empty() && play.ledger().is_empty());
    assert_eq!(played(), first);
}

#[test]
fn the_readme_shows_what_happens() {
    let play = Play::with(|options| options.panel.dialect_seed = 1);
    play.apply();
    let first = play.order("vds-pro", "55227", "3");
    play.done("vds.edit", &[("elid", &first), ("autoprolong", "null")]);
    play.move_to("2026-05-31");
    play.order("vds-start", "55227", "1");
    let readme = std::fs::read_to_string(crate::harness::root().join("README.md")).unwrap();
    let columns = ["date", "service", "event", "code", "period", "amount", "currency", "reason"];
    let squeezed = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
    let shown: Vec<_> = readme.lines().map(squeezed).collect();
    for row in play.call("licence.log", &[])["elem"].as_array().unwrap() {
        let [date, service, event, code, period, amount, currency, reason] =
            columns.map(|column| row[column]["$"].as_str().unwrap_or_default());
        let period = if period.is_empty() { String::new() } else { format!("{period} months") };
        let line = format!("{date} service {service} {event} {code} {period} {amount} {currency} {reason}");
        // Rows are numbered in the order they happened to be created in.
        let same = |shown: &String| shown.split("row").next() == squeezed(&line).split("row").next();
        assert!(event == "charged" || shown.iter().any(same), "{line}");
    }
}

/// Ends the program whatever becomes of the test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

#[test]
fn the_command_serves_both_and_says_where() {
    let bench = Bench::new();
    let mut command = bench.command("sandbox --pair --at 2026-01-31 --reading trial_days=30 --balance 500");
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut running = Running(child);
    let mut lines = BufReader::new(running.0.stdout.take().unwrap()).lines();
    let mut exported = |name: &str| {
        let line = lines.next().unwrap().unwrap();
        let value = line.strip_prefix(&format!("export {name}=")).map(str::to_owned);
        value.unwrap_or_else(|| panic!("{name}: {line}"))
    };
    let panel = exported("BILLFORM_URL");
    assert_eq!(
        (exported("BILLFORM_USER"), exported("BILLFORM_PASSWORD")),
        (ADMIN.to_owned(), "sandbox".to_owned())
    );
    let licences = exported("LICENCE_URL");
    assert_eq!(exported("LICENCE_USER"), LICENCE_USER);
    exported("LICENCE_READER");
    assert_eq!(exported("LICENCE_PASSWORD"), "licences");
    for url in [&panel, &licences] {
        assert_eq!(http(url, "GET", "/sandbox/clock", ""), "{\"today\":\"2026-01-31\"}\n");
    }
    assert!(http(&panel, "POST", "/sandbox/clock?days=1", "").contains("\"today\":\"2026-02-01\""));
    drop(running.0.kill());
    let mut notice = String::new();
    running.0.stderr.take().unwrap().read_to_string(&mut notice).unwrap();
    for words in
        [&panel, &licences, "not BILLmanager", "vds.order.param", "/sandbox/clock?days=30", "trial_days=30"]
    {
        assert!(notice.contains(words), "{words}: {notice}");
    }
    assert!(notice.lines().all(|line| line.len() <= 110), "{notice}");
}

#[test]
fn the_command_refuses_nonsense() {
    let bench = Bench::new();
    for (arguments, code, words) in [
        ("--at 2026-01-31", 64, "--pair"),
        ("--pair --state panel.json", 64, "cannot be used with"),
        ("--pair --at 2026-02-30", 64, "2026-02-30"),
        ("--pair --reading cooldown=no", 64, "release_restarts_cooldown=yes|no"),
        ("--pair --currency USD", 64, "RUB, EUR"),
        ("--pair --balance 1,5", 3, "100000.00"),
        ("--pair --licence-listen 0.0.0.0:0", 3, "loopback"),
    ] {
        bench.run(&format!("sandbox {arguments}")).exits(code).says(words);
    }
}
