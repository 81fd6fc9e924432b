//! The licence server of a pair, asked over its socket.

use serde_json::Value;

use super::super::{LICENCE_READER, LICENCE_USER, Pair, PairOptions, Reading, Readings};
use super::{SEEDS, call_as, get, post, text};

const START: &str = "2026-01-31";

fn pair(adjust: impl FnOnce(&mut PairOptions)) -> Pair {
    let mut options = PairOptions { at: Some(START.parse().unwrap()), ..PairOptions::default() };
    adjust(&mut options);
    Pair::start(options).unwrap()
}

fn plain() -> Pair {
    pair(|_| ())
}

fn ask(pair: &Pair, func: &str, pairs: &[(&str, &str)]) -> Value {
    call_as(LICENCE_USER, pair.licences(), func, pairs)
}

fn done(pair: &Pair, func: &str, pairs: &[(&str, &str)]) -> Value {
    let doc = ask(pair, func, &[pairs, &[("sok", "ok")]].concat());
    assert!(doc.get("ok").is_some(), "{func} {pairs:?}: {doc}");
    doc
}

/// The kind and the object of a refusal.
fn refused(pair: &Pair, func: &str, pairs: &[(&str, &str)]) -> (String, String) {
    let doc = ask(pair, func, &[pairs, &[("sok", "ok")]].concat());
    let word = |key: &str| doc["error"][key].as_str().unwrap_or_else(|| panic!("{doc}")).to_owned();
    (word("$type"), word("$object"))
}

fn order(pair: &Pair, pairs: &[(&str, &str)]) -> String {
    let usual = [("skipbasket", "on"), ("autoprolong", "null"), ("ip", "192.0.2.1"), ("licname", "mine")];
    let doc = done(pair, "soft.order.param", &[&usual, pairs].concat());
    let id = if doc.get("id").is_some() { text(&doc, "id") } else { text(&doc, "item.id") };
    id.to_owned()
}

fn licence(pair: &Pair, id: &str) -> Value {
    pair.licences().export_state()["soft"][id].clone()
}

fn balance(pair: &Pair) -> String {
    pair.licences().export_state()["account"]["1"]["balance"].as_str().unwrap().to_owned()
}

fn move_to(pair: &Pair, to: &str) {
    pair.advance_to(to.parse().unwrap()).unwrap();
}

#[test]
fn an_order_is_charged_at_once_and_written_down() {
    let pair = plain();
    let id = order(&pair, &[("pricelist", "55228"), ("period", "12")]);
    let licence = licence(&pair, &id);
    for (key, value) in [
        ("status", "2"),
        ("licname", "mine"),
        ("ip", "192.0.2.1"),
        ("createdate", START),
        ("expiredate", "2027-01-31"),
        ("ip_changed", START),
        ("key_changed", START),
        ("cost", "4800.00"),
    ] {
        assert_eq!(licence[key], value, "{key} of {licence}");
    }
    assert_eq!(balance(&pair), "995200.00");
    let ledger = ask(&pair, "licence.ledger", &[]);
    let entry = &ledger["elem"][0];
    for (key, value) in [
        ("operation", "order"),
        ("licence", &id),
        ("pricelist", "55228"),
        ("period", "12"),
        ("amount", "4800.00"),
        ("balance", "995200.00"),
        ("currency", "RUB"),
        ("date", START),
    ] {
        assert_eq!(text(entry, key), value, "{key}");
    }
}

#[test]
fn nodes_are_counted_where_a_code_has_them() {
    let pair = pair(|options| options.currency = "EUR".to_owned());
    let three = [("pricelist", "55230"), ("period", "1"), ("addon_55236", "3")];
    let id = order(&pair, &three);
    assert_eq!((&licence(&pair, &id)["nodes"], &licence(&pair, &id)["cost"]), (&"3".into(), &"46.00".into()));
    let one = order(&pair, &[("pricelist", "55230"), ("period", "12")]);
    assert_eq!(
        (&licence(&pair, &one)["nodes"], &licence(&pair, &one)["cost"]),
        (&"1".into(), &"230.00".into())
    );
    done(&pair, "service.prolong", &[("elid", &id), ("period", "12")]);
    assert_eq!(licence(&pair, &id)["cost"], "460.00", "renewed with its nodes");
}

#[test]
fn what_cannot_be_bought_costs_nothing() {
    let pair = plain();
    let usual = [("skipbasket", "on"), ("ip", "192.0.2.1")];
    for (wrong, kind, object) in [
        (vec![("pricelist", "1"), ("period", "1")], "missed", "pricelist"),
        (vec![("pricelist", "3541"), ("period", "1")], "pricelist_closed", "pricelist"),
        (vec![("pricelist", "55227"), ("period", "3")], "value", "period"),
        (vec![("pricelist", "55239"), ("period", "1")], "value", "period"),
        (vec![("pricelist", "55227"), ("period", "1"), ("addon_55236", "2")], "value", "addon_55236"),
        (vec![("pricelist", "55230"), ("period", "1"), ("addon_55236", "0")], "value", "addon_55236"),
        (vec![("pricelist", "55227"), ("period", "1"), ("ip", "::1")], "value", "ip"),
        (vec![("pricelist", "55227"), ("period", "1"), ("skipbasket", "")], "value", "skipbasket"),
        (vec![("pricelist", "55227"), ("period", "1"), ("autoprolong", "1")], "value", "autoprolong"),
    ] {
        let answer = refused(&pair, "soft.order.param", &[&usual[..], &wrong].concat());
        assert_eq!(answer, (kind.to_owned(), object.to_owned()), "{wrong:?}");
    }
    assert_eq!(balance(&pair), "1000000.00");
    assert!(pair.licences().export_state().get("ledger").is_none());
}

#[test]
fn the_account_has_no_credit() {
    let pair = pair(|options| options.balance = "300".to_owned());
    let id = order(&pair, &[("pricelist", "55227"), ("period", "1")]);
    assert_eq!(balance(&pair), "50.00");
    let again = [("pricelist", "55227"), ("period", "1"), ("skipbasket", "on"), ("ip", "192.0.2.2")];
    assert_eq!(refused(&pair, "soft.order.param", &again).0, "balance");
    assert_eq!(refused(&pair, "service.prolong", &[("elid", &id), ("period", "1")]).0, "balance");
    assert_eq!(licence(&pair, &id)["expiredate"], "2026-02-28");
    let account = ask(&pair, "subaccount", &[]);
    assert_eq!(text(&account["elem"][0], "balance"), "50.00 RUB");
}

#[test]
fn an_address_changes_once_a_month_and_goes_nowhere_any_time() {
    let pair = plain();
    let id = order(&pair, &[("pricelist", "55227"), ("period", "12")]);
    let to = |ip: &'static str| [("elid", id.clone()), ("ip", ip.to_owned())];
    let edit = |ip: &'static str| {
        let [(_, elid), (_, ip)] = to(ip);
        done(&pair, "soft.edit", &[("elid", &elid), ("ip", &ip)])
    };
    let limit = || refused(&pair, "soft.edit", &[("elid", &id), ("ip", "192.0.2.9")]).0;
    move_to(&pair, "2026-02-28");
    assert_eq!(limit(), "ip_change_limit", "a month is not over on its last day");
    edit("192.0.2.1");
    assert_eq!(licence(&pair, &id)["ip_changed"], START, "the same address is no change");
    move_to(&pair, "2026-03-01");
    edit("192.0.2.2");
    assert_eq!(licence(&pair, &id)["ip_changed"], "2026-03-01");
    edit("0.0.0.0");
    move_to(&pair, "2026-04-01");
    assert_eq!(limit(), "ip_change_limit");
    move_to(&pair, "2026-04-02");
    edit("192.0.2.3");
}

#[test]
fn the_release_restarts_the_month_or_does_not() {
    for (reading, changed) in [("yes", "2026-02-10"), ("no", START)] {
        let reading: Reading = format!("release_restarts_cooldown={reading}").parse().unwrap();
        let pair = pair(|options| options.readings = Readings::default().with(reading));
        let id = order(&pair, &[("pricelist", "55227"), ("period", "12")]);
        move_to(&pair, "2026-02-10");
        done(&pair, "soft.edit", &[("elid", &id), ("licname", "free.lic"), ("ip", "0.0.0.0")]);
        assert_eq!(licence(&pair, &id)["ip_changed"], changed);
        assert_eq!(licence(&pair, &id)["licname"], "free.lic");
    }
}

#[test]
fn a_new_key_is_given_on_any_day_unless_read_otherwise() {
    for limited in [false, true] {
        let pair = pair(|options| options.readings.newkey_has_a_cooldown = limited);
        let id = order(&pair, &[("pricelist", "55227"), ("period", "12")]);
        let before = licence(&pair, &id);
        move_to(&pair, "2026-02-10");
        let newkey = [("elid", id.as_str()), ("clicked_button", "newkey")];
        if limited {
            assert_eq!(refused(&pair, "soft.edit", &newkey).0, "key_change_limit");
        } else {
            done(&pair, "soft.edit", &newkey);
            assert_eq!(licence(&pair, &id)["key_changed"], "2026-02-10");
            assert_ne!(licence(&pair, &id)["lickey"], before["lickey"]);
        }
        assert_eq!(licence(&pair, &id)["licname"], "mine", "what is not sent stays");
    }
}

#[test]
fn a_renewal_extends_from_the_end_or_from_the_day() {
    let pair = plain();
    let id = order(&pair, &[("pricelist", "55227"), ("period", "1")]);
    let prolong = |period| done(&pair, "service.prolong", &[("elid", &id), ("period", period)]);
    move_to(&pair, "2026-02-20");
    prolong("1");
    assert_eq!(licence(&pair, &id)["expiredate"], "2026-03-28", "from its end");
    move_to(&pair, "2026-04-05");
    assert_eq!(licence(&pair, &id)["status"], "3");
    prolong("12");
    let licence = licence(&pair, &id);
    assert_eq!(
        (&licence["expiredate"], &licence["status"]),
        (&"2027-04-05".into(), &"2".into()),
        "from the day"
    );
    assert_eq!(balance(&pair), "997000.00");
    let refusal = refused(&pair, "service.prolong", &[("elid", &id), ("period", "3")]);
    assert_eq!(refusal, ("value".to_owned(), "period".to_owned()));
}

#[test]
fn what_has_run_out_is_suspended_and_deleted_after_thirty_days() {
    let pair = plain();
    let id = order(&pair, &[("pricelist", "55227"), ("period", "1")]);
    for (day, status) in [("2026-02-27", "2"), ("2026-02-28", "3"), ("2026-03-29", "3"), ("2026-03-30", "4")]
    {
        move_to(&pair, day);
        assert_eq!(licence(&pair, &id)["status"], status, "on {day}");
        if day == "2026-02-28" {
            assert_eq!(refused(&pair, "soft.resume", &[("elid", &id)]).0, "expired");
        }
    }
    assert!(ask(&pair, "soft", &[]).get("elem").is_none());
    assert_eq!(refused(&pair, "soft.edit", &[("elid", &id), ("licname", "x")]).0, "missed");
}

#[test]
fn a_licence_is_suspended_resumed_and_deleted_on_demand() {
    let pair = plain();
    let id = order(&pair, &[("pricelist", "55227"), ("period", "12")]);
    for (func, status) in [("soft.suspend", "3"), ("soft.resume", "2"), ("soft.delete", "4")] {
        done(&pair, func, &[("elid", &id)]);
        assert_eq!(licence(&pair, &id)["status"], status);
    }
}

#[test]
fn a_reader_sees_all_and_changes_nothing() {
    let pair = plain();
    let id = order(&pair, &[("pricelist", "55227"), ("period", "12")]);
    let read = |func: &str, pairs: &[(&str, &str)]| call_as(LICENCE_READER, pair.licences(), func, pairs);
    for func in ["soft", "subaccount", "licence.ledger"] {
        assert_eq!(read(func, &[])["elem"].as_array().unwrap().len(), 1, "{func}");
    }
    assert_eq!(text(&read("soft.edit", &[("elid", &id)]), "licname"), "mine");
    assert_eq!(read("whoami", &[])["user"]["$level"], "16");
    let before = pair.licences().export_state();
    for (func, pairs) in [
        (
            "soft.order.param",
            vec![("pricelist", "55227"), ("period", "1"), ("ip", "192.0.2.1"), ("sok", "ok")],
        ),
        ("soft.edit", vec![("elid", id.as_str()), ("licname", "x"), ("sok", "ok")]),
        ("soft.suspend", vec![("elid", &id)]),
        ("soft.resume", vec![("elid", &id)]),
        ("soft.delete", vec![("elid", &id)]),
        ("service.prolong", vec![("elid", &id), ("period", "1"), ("sok", "ok")]),
    ] {
        assert_eq!(read(func, &pairs)["error"]["$type"], "access", "{func}");
    }
    assert_eq!(pair.licences().export_state(), before);
}

#[test]
fn the_list_has_what_is_on_record_and_the_rest_under_the_dialects_names() {
    for seed in SEEDS {
        let pair = pair(|options| options.panel.dialect_seed = seed);
        let id = order(&pair, &[("pricelist", "55230"), ("period", "1")]);
        let list = ask(&pair, "soft", &[("lang", "en")]);
        let row = &list["elem"][0];
        let names = pair.licences().names();
        for (key, value) in [
            ("id", id.as_str()),
            ("name", "mine"),
            ("ip", "192.0.2.1"),
            ("pricelist", "55230"),
            ("pricelist_name", "ispmanager business"),
            ("period", "1"),
            ("status", "Active"),
            ("expiredate", "2026-02-28"),
            (&names["licence.ip_changed"], START),
            (&names["licence.key_changed"], START),
            (&names["licence.nodes"], "1"),
            (&names["licence.cost"], "1900.00 RUB"),
        ] {
            assert_eq!(text(row, key), value, "{key} under seed {seed}: {row}");
        }
        assert_eq!(row["status"]["$orig"], "2");
        let view = ask(&pair, "soft.edit", &[("elid", &id)]);
        assert_eq!((text(&view, "lickey"), text(&view, "status")), (text(row, "lickey"), "2"));
    }
}

#[test]
fn the_catalogue_tells_periods_and_costs() {
    let pair = plain();
    let feed = |pairs: &[(&str, &str)]| {
        let all = [&[("func", "pricelist.export"), ("out", "json")], pairs].concat();
        let text = post(pair.licences(), &all);
        serde_json::from_str::<Value>(&text).unwrap()["doc"]["pricelist"].as_array().unwrap().clone()
    };
    let codes = |plans: &[Value]| plans.iter().map(|plan| text(plan, "id").to_owned()).collect::<Vec<_>>();
    assert_eq!(codes(&feed(&[])), ["55227", "55228", "55229", "55230", "55239", "55240"]);
    assert_eq!(codes(&feed(&[("onlyavailable", "off")]))[..2], ["3541", "4601"]);
    let business = feed(&[("pricelist", "55230")]).remove(0);
    let costs = |price: &Value| {
        assert_eq!(price["$currency"], "RUB");
        let periods = price["period"].as_array().unwrap().iter();
        periods
            .map(|period| format!("{} {}", period["$length"], period["$cost"]).replace('"', ""))
            .collect::<Vec<_>>()
    };
    assert_eq!(costs(&business["price"]), ["1 1900.0000", "12 19000.0000"]);
    assert_eq!(text(&business["addon"][0], "id"), "55236");
    assert_eq!(costs(&business["addon"][0]["price"]), ["1 950.0000", "12 9500.0000"]);
    assert_eq!(costs(&feed(&[("pricelist", "55239")])[0]["price"]), ["-100 0.0000"]);
    let form = ask(&pair, "soft.order.param", &[("pricelist", "55227")]);
    let periods = form["slist"].as_array().unwrap().iter().find(|list| list["$name"] == "period").unwrap();
    let offered: Vec<_> = periods["val"].as_array().unwrap().iter().map(|option| &option["$key"]).collect();
    assert_eq!(offered, ["1", "12"]);
    for (pairs, ok) in [
        ([("pricelist", "55227"), ("period", "1"), ("ip", "192.0.2.1")], true),
        ([("pricelist", "55227"), ("period", "3"), ("ip", "192.0.2.1")], false),
        ([("pricelist", "3541"), ("period", "1"), ("ip", "192.0.2.1")], false),
        ([("pricelist", "55227"), ("period", "1"), ("ip", "nowhere")], false),
    ] {
        assert_eq!(ask(&pair, "soft.checkip", &pairs).get("ok").is_some(), ok, "{pairs:?}");
    }
}

#[test]
fn the_clock_is_moved_over_either_socket_and_never_back() {
    let pair = plain();
    let panels = [pair.provider(), pair.licences()];
    let turn = |panel: &super::super::Sandbox, query: &str| {
        let request = format!(
            "POST /sandbox/clock?{query} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
        );
        String::from_utf8(super::raw(panel, &request)).unwrap()
    };
    for panel in panels {
        assert_eq!(get(panel, "/sandbox/clock"), format!("{{\"today\":\"{START}\"}}\n"));
    }
    assert!(turn(panels[0], "days=28").ends_with("{\"from\":\"2026-01-31\",\"today\":\"2026-02-28\"}\n"));
    assert!(turn(panels[1], "to=2026-03-01").ends_with("\"today\":\"2026-03-01\"}\n"));
    assert_eq!(pair.today().to_string(), "2026-03-01");
    for wrong in [
        "",
        "days=x",
        "days=-1",
        "days=99999",
        "to=2026-02-30",
        "to=2026-01-01",
        "to=9000-01-01",
        "days=1&to=2026-04-01",
    ] {
        let answer = turn(panels[0], wrong);
        assert!(answer.starts_with("HTTP/1.1 400") && answer.contains("{\"error\":"), "{wrong}: {answer}");
    }
    assert_eq!(pair.today().to_string(), "2026-03-01");
    assert!(
        super::get(&super::hosting(0, &[]), "/sandbox/clock").contains("Not found"),
        "only a pair has a clock"
    );
}

#[test]
fn a_pair_does_not_start_on_nonsense() {
    let start = |adjust: fn(&mut PairOptions)| {
        let mut options = PairOptions::default();
        adjust(&mut options);
        Pair::start(options).err().map(|error| error.to_string()).unwrap_or_default()
    };
    assert!(start(|options| options.balance = "1e6".to_owned()).contains("100000.00"));
    assert!(start(|options| options.currency = "USD".to_owned()).contains("RUB and EUR"));
    assert!(start(|options| options.licence_listen = "0.0.0.0:0".parse().unwrap()).contains("loopback"));
}
