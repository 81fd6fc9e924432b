//! The exit-code matrix: each failure ends the same way whatever the output format, writes nothing
//! where nothing was promised to be written, and says so in words.

use std::{net::TcpListener, time::Duration};

use billform::sandbox::{CLIENT, DENIED, FaultKind, TWO_FACTOR};

use crate::harness::{Bench, Run, SEED, SMALL, all_at_once};

const FORMATS: [&str; 3] = ["text", "json", "markdown"];
const PANEL_COMMANDS: [&str; 3] = ["plan config", "drift config", "apply config --yes"];

/// Expects a failure in every format, and JSON that tells the same.
#[track_caller]
fn fails(bench: &Bench, command: &str, formats: &[&str], code: i32, words: &str) {
    for format in formats {
        let run = bench.run(&format!("{command} --format {format}")).exits(code);
        if *format == "json" {
            tells_its_exit_code(&run);
            let text = run.json().to_string();
            let known = text.contains(words) || run.stderr.contains(words);
            assert!(known, "{words:?} is not in the output of {run}");
        } else {
            let _: Run = run.says(words);
        }
    }
}

#[track_caller]
fn tells_its_exit_code(run: &Run) {
    let json = run.json();
    assert_eq!(json["outcome"], "error", "{run}");
    assert_eq!(json["exit_code"], run.code, "{run}");
    let errors = json["errors"].as_array().unwrap();
    assert!(errors.iter().all(|error| error["code"].is_string() && error["message"].is_string()), "{run}");
    assert_eq!(json["total"], errors.len(), "{run}");
}

/// Expects that no command gets anywhere and that the panel stays as it was.
#[track_caller]
fn is_refused(bench: &Bench, code: i32, words: &str) {
    let before = bench.state();
    for command in PANEL_COMMANDS {
        fails(bench, command, &FORMATS, code, words);
    }
    bench.run("export").exits(code).says(words);
    assert_eq!(bench.state(), before);
    assert_eq!(bench.writes(), 0);
}

#[test]
fn wrong_input_ends_with_3_before_the_panel_is_asked() {
    let cases = [
        ("version: 1\nprices: {a: [\n", "syntax"),
        ("version: 2\n", "version"),
        ("version: 1\nprocesors: {}\n", "did you mean `processors`"),
        ("version: 1\nenumerations:\n  a: {name: {en: A}}\n  a: {name: {en: B}}\n", "twice"),
        ("version: 1\nperiod_mappings: {x: [{sold: 1m, bought: 1 month}]}\n", "1 month"),
    ];
    for (text, words) in cases {
        let bench = Bench::new().sandbox(SEED).config(text);
        for command in PANEL_COMMANDS.iter().chain(&["diff config config"]) {
            for format in FORMATS {
                let run = bench.run(&format!("{command} --format {format}")).exits(3);
                if format == "json" {
                    tells_its_exit_code(&run);
                } else {
                    let _: Run = run.says("billform.yaml").says(words);
                }
            }
        }
        bench.run("validate config").exits(3).says(words);
        tells_its_exit_code(&bench.run("validate config --format json").exits(3));
        assert!(bench.panel().requests().is_empty());
    }
}

#[test]
fn a_configuration_that_is_not_there_ends_with_3() {
    let bench = Bench::new().sandbox(SEED);
    for command in PANEL_COMMANDS {
        fails(&bench, command, &FORMATS, 3, "config");
    }
    bench.run("validate config").exits(3);
}

#[test]
fn what_the_panel_does_not_have_ends_with_3() {
    let cases = [
        ("vds-start:", "vds-strat:", "vds-strat"),
        ("product_type: soft", "product_type: saft", "saft"),
        ("RUB: {1m", "XAU: {1m", "XAU"),
    ];
    for (from, to, words) in cases {
        let bench = Bench::new().sandbox(SEED).config(SMALL);
        bench.change(from, to);
        let before = bench.state();
        for command in PANEL_COMMANDS {
            fails(&bench, command, &FORMATS, 3, words);
        }
        assert_eq!(bench.state(), before);
    }
}

#[test]
fn a_module_that_cannot_be_told_ends_with_4_and_nothing_of_the_plan_is_written() {
    let bench = Bench::new().sandbox(SEED).config(SMALL);
    bench.change("module: billmanager", "module: nothing-of-the-kind");
    let before = bench.state();
    bench.run("plan config").exits(4).says("nothing-of-the-kind");
    fails(&bench, "apply config --yes", &FORMATS, 4, "cannot be managed");
    assert_eq!(bench.state(), before);
}

#[test]
fn a_missing_secret_ends_an_apply_with_3_before_anything_is_written() {
    let bench = Bench::new().sandbox(SEED).config(SMALL).without("LICENCE_PASSWORD");
    let before = bench.state();
    bench.run("plan config").exits(0);
    fails(&bench, "apply config --yes", &["text", "markdown"], 3, "LICENCE_PASSWORD");
    fails(&bench, "apply config --yes", &["json"], 3, "LICENCE_PASSWORD");
    assert_eq!(bench.state(), before);
}

#[test]
fn a_login_that_is_not_let_in_ends_with_7() {
    let bench = |user: &str| Bench::new().sandbox(SEED).config(SMALL).env("BILLFORM_USER", user);
    is_refused(&bench("admin").env("BILLFORM_PASSWORD", "wrong canary"), 7, "refused the login");
    is_refused(&bench(TWO_FACTOR), 7, "second factor");
    is_refused(&bench(DENIED), 7, "address");
    is_refused(&bench(CLIENT), 7, "access level");
    is_refused(
        &bench("admin").env("BILLFORM_PASSWORD", "wrong").env("BILLFORM_AUTH", "session"),
        7,
        "refused",
    );
}

#[test]
fn a_wrong_password_is_tried_once() {
    let bench = Bench::new().sandbox(SEED).config(SMALL).env("BILLFORM_PASSWORD", "wrong");
    bench.run("plan config").exits(7);
    assert_eq!(bench.panel().requests().len(), 1, "more would have the panel block the address");
}

#[test]
fn settings_that_cannot_be_used_end_without_a_request() {
    let small = || Bench::new().sandbox(SEED).config(SMALL);
    is_refused(&small().env("BILLFORM_URL", "http://bill.example.com/billmgr"), 3, "http");
    is_refused(&small().without("BILLFORM_URL"), 64, "BILLFORM_URL");
    is_refused(&small().without("BILLFORM_USER"), 64, "BILLFORM_USER");
    is_refused(&small().without("BILLFORM_PASSWORD"), 64, "BILLFORM_PASSWORD");
    is_refused(&small().env("BILLFORM_PASSWORD", ""), 3, "password is empty");
    is_refused(&small().env("BILLFORM_PASSWORD_FILE", "nowhere"), 3, "nowhere");
    is_refused(&small().env("BILLFORM_CA_FILE", "nowhere"), 3, "nowhere");
    is_refused(&small().env("BILLFORM_PASWORD", "x"), 64, "BILLFORM_PASWORD");
}

#[test]
fn a_panel_that_cannot_be_reached_ends_with_8() {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let url = format!("http://127.0.0.1:{port}/billmgr");
    let bench = Bench::new().sandbox(SEED).config(SMALL).env("BILLFORM_URL", &url);
    let runs = PANEL_COMMANDS.iter().flat_map(|command| FORMATS.map(|format| (*command, format)));
    all_at_once(runs, |(command, format)| fails(&bench, command, &[format], 8, "no answer"));
}

#[test]
fn answers_that_prove_nothing_end_with_8_or_9() {
    let (func, everywhere) = (Some("enumeration"), None);
    let cases = [
        (everywhere, FaultKind::Truncated, 9),
        (everywhere, FaultKind::Html, 8),
        (everywhere, FaultKind::Status { code: 500, commit: false }, 8),
        (everywhere, FaultKind::Status { code: 503, commit: false }, 8),
        (everywhere, FaultKind::Status { code: 404, commit: false }, 8),
        (everywhere, FaultKind::Reset { commit: false }, 8),
        (everywhere, FaultKind::HugeBody { bytes: 10 << 20 }, 9),
        (everywhere, FaultKind::ManyElements { count: 1_000_000 }, 9),
        (func, FaultKind::Truncated, 9),
        (func, FaultKind::Html, 8),
        (func, FaultKind::HugeBody { bytes: 10 << 20 }, 9),
        (func, FaultKind::HugeBody { bytes: 80 << 20 }, 9),
        (func, FaultKind::ManyElements { count: 1_000_000 }, 9),
        (func, FaultKind::ErrorDoc { kind: "internal".to_owned(), object: String::new() }, 9),
        (func, FaultKind::ErrorDoc { kind: "access".to_owned(), object: "enumeration".to_owned() }, 7),
    ];
    all_at_once(cases, |(func, kind, code)| {
        let bench = Bench::new().sandbox(SEED).config(SMALL);
        bench.settle();
        let before = bench.state();
        bench.panel().clear_requests();
        bench.fault(func, 0, usize::MAX, kind.clone());
        for (command, format) in PANEL_COMMANDS.iter().zip(FORMATS) {
            let run = bench.run(&format!("{command} --format {format}"));
            assert_eq!(run.code, code, "{func:?} {kind:?}: {run}");
            assert!(run.stdout.len() + run.stderr.len() < 10_000, "{func:?} {kind:?} is repeated at length");
            if format == "json" {
                tells_its_exit_code(&run);
            }
        }
        assert_eq!(bench.state(), before, "{func:?} {kind:?}");
        assert_eq!(bench.writes(), 0, "{func:?} {kind:?}");
    });
}

#[test]
fn a_read_that_fails_now_and_then_is_tried_again() {
    let faults = [
        FaultKind::Truncated,
        FaultKind::Status { code: 502, commit: false },
        FaultKind::Reset { commit: false },
    ];
    all_at_once(faults, |kind| {
        let bench = Bench::new().sandbox(SEED).config(SMALL);
        bench.settle();
        bench.fault(Some("enumeration"), 0, 1, kind.clone()).fault(Some("processing"), 0, 1, kind);
        bench.in_sync();
    });
}

#[test]
fn an_apply_that_nobody_confirms_ends_with_4() {
    let bench = Bench::new().sandbox(SEED).config(SMALL);
    let before = bench.state();
    fails(&bench, "apply config", &FORMATS, 4, "--yes");
    bench.run("apply config").exits(4).says("Plan: ");
    assert_eq!(bench.state(), before);
}

#[test]
fn a_save_that_is_refused_half_way_ends_with_6_and_a_rerun_finishes() {
    for format in FORMATS {
        let bench = Bench::new().sandbox(SEED).config(SMALL);
        let refusal = FaultKind::ErrorDoc { kind: "value".to_owned(), object: "name".to_owned() };
        let saves = saves_before(&bench, "enumerationitem.edit", 1);
        bench.fault(Some("enumerationitem.edit"), saves, 1, refusal);
        let run = bench.run(&format!("apply config --yes --format {format}")).exits(6);
        if format == "json" {
            let json = run.json();
            let fates = json["results"].as_array().unwrap();
            assert_eq!(
                fates.iter().filter(|result| result["fate"]["failed"].is_object()).count(),
                1,
                "{run}"
            );
            assert!(fates.iter().any(|result| result["fate"] == "done"), "{run}");
            assert!(fates.iter().any(|result| result["fate"]["skipped"].is_object()), "{run}");
        }
        bench.settle();
    }
}

/// How many requests to `func` an apply of the same configuration makes before its save number `index`.
pub(crate) fn saves_before(bench: &Bench, func: &str, index: usize) -> usize {
    let twin = Bench::new().sandbox(SEED).config(&bench.read("config/billform.yaml"));
    twin.settle();
    let requests = twin.panel().requests();
    let own = requests.iter().filter(|request| request.func == func);
    own.enumerate().filter(|(_, request)| request.mutating).nth(index).unwrap().0
}

#[test]
fn an_unclear_write_is_looked_at_and_never_repeated_blindly() {
    // Both are long enough for a busy machine: nothing but the one answer may come late.
    let (timeout, hold) = ("6", Duration::from_secs(8));
    let lost = [
        FaultKind::Reset { commit: true },
        FaultKind::Reset { commit: false },
        FaultKind::Status { code: 502, commit: true },
        FaultKind::Status { code: 502, commit: false },
        FaultKind::Timeout { commit: true, hold },
        FaultKind::Timeout { commit: false, hold },
        FaultKind::Truncated,
        FaultKind::Html,
    ];
    let funcs = ["enumeration.edit", "enumerationitem.edit", "pricelist.detail.edit"];
    let cases = lost.iter().flat_map(|kind| funcs.map(|func| (kind.clone(), func)));
    all_at_once(cases, |(kind, func)| {
        let bench = Bench::new().sandbox(SEED).config(SMALL).env("BILLFORM_TIMEOUT", timeout);
        let saves = saves_before(&bench, func, 0);
        bench.fault(Some(func), saves, 1, kind.clone());
        let run = bench.run("apply config --yes");
        let committed = kind_commits(&kind);
        assert_eq!(run.code, if committed { 0 } else { 6 }, "{kind:?} at {func}: {run}");
        bench.settle();
        bench.row("enumeration", &[("intname", "panel")]);
        bench.row("enumerationitem", &[("intname", "55227")]);
        bench.row("enumerationitem", &[("intname", "nopanel")]);
        let tariff = bench.row("pricelist", &[("intname", "vds-start")]).to_string();
        let panel = bench.row("enumeration", &[("intname", "panel")]).to_string();
        bench.row("resource", &[("pricelist", &tariff), ("enumeration", &panel)]);
    });
}

fn kind_commits(kind: &FaultKind) -> bool {
    match kind {
        FaultKind::Reset { commit }
        | FaultKind::Status { commit, .. }
        | FaultKind::Timeout { commit, .. } => *commit,
        FaultKind::Truncated | FaultKind::Delay(_) => true,
        _ => false,
    }
}

#[test]
fn a_panel_that_dies_half_way_ends_with_6_and_a_rerun_finishes() {
    let bench = Bench::new().sandbox(SEED).config(SMALL);
    let saves = saves_before(&bench, "enumerationitem.edit", 1);
    bench.fault(Some("enumerationitem.edit"), saves, 6, FaultKind::Status { code: 500, commit: false });
    bench.run("apply config --yes").exits(6);
    bench.settle();
}

#[test]
fn an_object_that_changes_after_the_plan_is_not_overwritten() {
    for format in FORMATS {
        let bench = Bench::new().sandbox(SEED).config(SMALL);
        bench.settle();
        bench.change("350.00", "360.00");
        let list = bench.panel().names()["price.list"].clone();
        let read = || bench.panel().requests().iter().filter(|request| request.func == list).count();
        bench.panel().clear_requests();
        bench.run("plan config").exits(0);
        let in_plan = read();
        bench.panel().clear_requests();
        // The apply's own look before it writes is answered late, and meanwhile somebody sets a price.
        bench.fault(Some(&list), in_plan, 1, FaultKind::Delay(Duration::from_secs(2)));
        let price = bench.price_row("vds-start", "55227");
        let field = format!("monthly.{}", bench.currency("RUB"));
        let run = std::thread::scope(|scope| {
            let run = scope.spawn(|| bench.run(&format!("apply config --yes --format {format}")));
            while read() <= in_plan && !run.is_finished() {
                std::thread::sleep(Duration::from_millis(20));
            }
            bench.edit("item_price", price, &field, "355.00");
            run.join().unwrap()
        });
        let run = run.exits(5).says("`350.00`").says("`355.00`");
        if format == "json" {
            assert_eq!(run.json()["results"][0]["fate"]["failed"]["code"], "apply::conflict");
        }
        assert_eq!(bench.rows("item_price")[&price][&field], "355.00");
        assert_eq!(bench.writes(), 0);
    }
}

#[test]
fn wrong_usage_ends_with_64() {
    let bench = Bench::new().sandbox(SEED).config(SMALL);
    for usage in [
        "",
        "plan",
        "paln config",
        "plan config --dry-run",
        "plan config --format yaml",
        "plan config --report markdown",
        "plan config --report markdown=",
        "plan config --concurrency 0",
        "plan config --quiet --verbose",
        "apply config --allow-deletes all",
        "apply config --allow-deletes enumeration-items:1",
        "apply config --allow-deletes enumeration-item:-1",
        "apply config --force",
        "sandbox --hostile nonsense",
        "schema nonsense",
        "completions cmd",
    ] {
        bench.run(usage).exits(64);
    }
    assert!(bench.panel().requests().is_empty());
}

#[test]
fn an_unknown_variable_ends_with_64_in_every_command() {
    let bench = Bench::new().sandbox(SEED).config(SMALL).env("BILLFORM_PASSWORT", "x");
    for command in PANEL_COMMANDS.iter().chain(&["diff config config"]) {
        fails(&bench, command, &FORMATS, 64, "BILLFORM_PASSWORT");
    }
    bench.run("export").exits(64);
    bench.run("schema").exits(64);
}
