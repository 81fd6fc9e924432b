//! What the program says in Russian: no English among it, and nothing hangs on the language that something was said
//! in.

use std::{collections::BTreeSet, fs, sync::LazyLock};

use billform::sandbox::{FaultKind, Hostile, TWO_FACTOR};
use serde_json::Value;

use crate::{
    errors,
    failures::saves_before,
    harness::{Bench, SEED, SMALL, in_parallel, root},
    pool, upstream,
};

const DAY: &str = "--at 2026-11-25";

/// Names and phrases of others: what the shipped table calls products, and what systems and libraries say.
static FOREIGN: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
    let table = fs::read_to_string(root().join("data/licence-codes.yaml")).unwrap();
    let products = table.lines().filter_map(|line| line.trim().strip_prefix("product: "));
    let systems = [
        "No such file or directory",
        "Permission denied",
        "Do not bill",
        "Panel lite",
        "Alpha, Beta",
        "Manual work",
        "Disk space",
        "Additional software",
        "Control panel",
        // What the panel and the HTTP library say stays as they say it.
        "value (name)",
        "Injected error",
        "Invalid username or password",
        "request or response body error",
        "error reading a body from connection",
        "unexpected EOF during chunk size line",
        "unexpected end of file",
        "connection error",
        "client error (SendRequest)",
        "connection closed before message completed",
        "Service Unavailable",
    ];
    products.chain(systems).map(|name| name.trim_matches('"').to_owned()).collect()
});

/// What is not said by the program: sentences of the reader's own, values and names of the panel, excerpts.
const OWN: [&str; 15] = [
    "waived",
    "source",
    "file",
    "url",
    "spec",
    "excerpt",
    "user",
    "name",
    "before",
    "after",
    "live",
    "left_alone",
    "list",
    "parent",
    "object",
];

/// Kinds of one word.
const KINDS: [&str; 4] = ["processor", "enumeration", "resource", "price"];

/// Two English words beside each other, outside quotes.
fn english(text: &str) -> Option<String> {
    if text.starts_with("https://") || text.starts_with("http://") {
        return None;
    }
    let mut text = text.to_owned();
    for name in &*FOREIGN {
        text = text.replace(name, "");
    }
    for (open, close) in [('`', '`'), ('"', '"'), ('«', '»'), ('<', '>')] {
        let mut kept = String::new();
        let mut rest = text.as_str();
        while let Some((before, after)) = rest.split_once(open) {
            kept.push_str(before);
            kept.push('|');
            rest = after.split_once(close).map_or("", |(_, after)| after);
        }
        text = kept + rest;
    }
    let word = |text: &&str| {
        let word = text.trim_matches(|ch: char| ",.;:()!?".contains(ch));
        !KINDS.contains(&word)
            && word.len() > 1
            && word.chars().skip(1).all(|ch| ch.is_ascii_lowercase())
            && word.starts_with(|ch: char| ch.is_ascii_alphabetic())
    };
    let words: Vec<&str> = text.split_whitespace().collect();
    let pair = words.windows(2).find(|pair| pair.iter().all(word));
    pair.map(|pair| pair.join(" "))
}

/// All English there is in a document, each with the place it stands at.
fn all_english(document: &Value, path: &str, found: &mut Vec<String>) {
    match document {
        Value::String(text) => {
            found.extend(english(text).map(|words| format!("{path}: {words:?} in {text:?}")));
        }
        Value::Array(list) => list.iter().for_each(|entry| all_english(entry, path, found)),
        Value::Object(fields) => fields
            .iter()
            .filter(|(name, _)| !OWN.contains(&name.as_str()))
            .for_each(|(name, value)| all_english(value, &format!("{path}/{name}"), found)),
        _ => {}
    }
}

#[track_caller]
fn is_russian(what: &str, document: &Value) {
    let mut found = Vec::new();
    all_english(document, "", &mut found);
    assert!(found.is_empty(), "{what}:\n{}", found.join("\n"));
    let text = document.to_string();
    assert!(text.contains(|ch: char| ('а'..='я').contains(&ch)), "{what}: {text}");
}

#[test]
fn english_is_found_where_it_is() {
    assert_eq!(english("план deletes it here").as_deref(), Some("deletes it"));
    assert_eq!(english("цена `one two` и \"three four\" at vds-start EUR 12m"), None);
}

#[test]
fn every_check_speaks_russian() {
    let checks = fs::read_dir(root().join("tests/checks")).unwrap();
    let files: Vec<_> = checks.map(|entry| entry.unwrap().path().join("fails.yaml")).collect();
    assert!(files.len() > 30);
    in_parallel(files, |file| {
        let bench = Bench::new();
        bench.write("config.yaml", &fs::read_to_string(&file).unwrap());
        let run = bench.run(&format!("check config.yaml {DAY} --format json --lang ru"));
        is_russian(&file.display().to_string(), &run.json());
    });
}

#[test]
fn every_mistake_in_a_configuration_is_told_in_russian() {
    let kinds = fs::read_dir(root().join("tests/kinds")).unwrap();
    let folders = kinds.map(|kind| kind.unwrap().path().join("invalid")).filter(|folder| folder.is_dir());
    let files: Vec<_> = folders
        .flat_map(|folder| fs::read_dir(folder).unwrap())
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|end| end == "yaml"))
        .collect();
    assert!(files.len() > 80, "{}", files.len());
    in_parallel(files, |file| {
        let bench = Bench::new();
        bench.write("config.yaml", &fs::read_to_string(&file).unwrap());
        let run = bench.run("validate config.yaml --format json --lang ru");
        is_russian(&file.display().to_string(), &run.json());
    });
}

/// Edits of the configuration that guards stand against.
const REMARKABLE: [&[(&str, &str)]; 3] = [
    &[("\"350.00\"", "\"3500.00\""), ("\"4.50\"", "\"0\"")],
    &[
        ("      \"55227\": {name: {en: Panel lite}}\n", ""),
        ("      \"55227\": {RUB: {1m: \"350.00\", 12m: \"3500.00\"}, EUR: {1m: \"4.50\"}}\n", ""),
        (
            "version: 1\n",
            "version: 1\nprune: [enumeration-item/panel]\npolicy: {protect: [enumeration-item/panel/*]}\n",
        ),
    ],
    &[
        (
            "    - {sold: [1m, 3m], bought: 12m}\n    - {sold: 1m, bought: 1m, tariff: vds-start}\n",
            "    []\n",
        ),
        ("version: 1\n", "version: 1\nprune: [period-mapping/licences]\n"),
        ("module: billmanager", "module: vmmanager6"),
    ],
];

#[test]
fn plans_and_their_guards_are_told_in_russian() {
    for edits in REMARKABLE {
        let bench = Bench::new().sandbox(SEED).config(SMALL);
        is_russian("the first plan", &bench.run("plan config --format json --lang ru").exits(0).json());
        bench.settle();
        edits.iter().for_each(|(from, to)| bench.change(from, to));
        let plan = bench.run("plan config --format json --lang ru --target price/nothing/* ").json();
        is_russian("a plan of nothing", &plan);
        let plan = bench.run("plan config --format json --lang ru").json();
        is_russian(&format!("{edits:?}"), &plan);
        let guards = plan["guards"].as_array().unwrap();
        assert!(!guards.is_empty(), "{plan}");
    }
}

#[test]
fn sales_pools_and_panels_are_told_in_russian() {
    let bench = Bench::new();
    bench.write("config.yaml", SMALL);
    let sale = "simulate order config.yaml --tariff vds-start --panel 55227 --currency RUB --at 2026-12-01";
    for period in ["1m", "12m"] {
        let run = bench.run(&format!("{sale} --period {period} --format json --lang ru")).exits(0);
        is_russian("simulate order", &run.json());
    }
    let bench = Bench::new().sandbox(SEED).config(SMALL);
    bench.settle();
    is_russian("doctor", &bench.run("doctor --format json --lang ru").exits(0).json());
    bench.write("wrong.yaml", "version: 1\ndialect: {fields: {processor_url: nothing_here}}\n");
    is_russian("doctor", &bench.run("doctor wrong.yaml --format json --lang ru").exits(4).json());
    let bench = Bench::new().hostile_sandbox(SEED, &[Hostile::StoredFilter]);
    is_russian("doctor", &bench.run("doctor --format json --lang ru").exits(9).json());
    let pair = upstream::pair(SEED);
    pool::licence(&pair, &[]);
    pool::licence(&pair, &[("licname", "spare")]);
    pool::licence(&pair, &[("licname", "Item #77\" addon")]);
    let lone = pool::licence(&pair, &[("ip_changed", "2026-11-20"), ("expiredate", "2026-12-03")]);
    pool::service(&pair, "vds-lone", "55227", "");
    pool::service(&pair, "vds-twice", "55227", &lone);
    let run = pool::bench(&pair, "").run("pool config --at 2026-12-01 --format json --lang ru");
    is_russian("pool", &run.exits(0).json());
}

#[test]
fn what_only_the_panel_shows_to_be_wrong_is_told_in_russian() {
    let kinds = fs::read_dir(root().join("tests/kinds")).unwrap();
    let folders =
        kinds.map(|kind| kind.unwrap().path().join("invalid-live")).filter(|folder| folder.is_dir());
    let files = folders.flat_map(|folder| fs::read_dir(folder).unwrap()).map(|entry| entry.unwrap().path());
    let bench = errors::small();
    bench.settle();
    errors::double(&bench);
    for file in files.filter(|path| path.extension().is_some_and(|end| end == "yaml")) {
        bench.write("wrong.yaml", &fs::read_to_string(&file).unwrap());
        let run = bench.run("plan wrong.yaml --format json --lang ru").exits(3);
        is_russian(&file.display().to_string(), &run.json());
    }
}

#[test]
fn what_goes_wrong_with_a_panel_is_told_in_russian() {
    let refusal = FaultKind::ErrorDoc { kind: "access".to_owned(), object: "enumeration".to_owned() };
    let faults = [
        FaultKind::Truncated,
        FaultKind::Html,
        FaultKind::Status { code: 503, commit: false },
        FaultKind::Reset { commit: false },
        FaultKind::HugeBody { bytes: 80 << 20 },
        FaultKind::ManyElements { count: 1_000_000 },
        refusal,
    ];
    for kind in faults {
        let bench = errors::small();
        bench.fault(Some("enumeration"), 0, usize::MAX, kind.clone());
        is_russian(&format!("{kind:?}"), &bench.run("plan config --format json --lang ru").json());
    }
    for user in [TWO_FACTOR, "nobody"] {
        let bench = errors::small().env("BILLFORM_USER", user);
        is_russian(user, &bench.run("plan config --format json --lang ru").exits(7).json());
    }
}

#[test]
fn what_an_apply_comes_to_is_told_in_russian() {
    let bench = errors::small();
    let saves = saves_before(&bench, "enumerationitem.edit", 1);
    let refusal = FaultKind::ErrorDoc { kind: "value".to_owned(), object: "name".to_owned() };
    bench.fault(Some("enumerationitem.edit"), saves, 1, refusal);
    let run = bench.run("apply config --yes --format json --lang ru").exits(6);
    is_russian("a refusal", &run.json()["results"]);
    // Somebody was quicker.
    let bench = errors::small();
    bench.settle();
    bench.change("\"350.00\"", "\"351.00\"");
    bench.run("plan config --out plan.json --lang ru").exits(0);
    let field = format!("monthly.{}", bench.currency("RUB"));
    bench.edit("item_price", bench.price_row("vds-start", "55227"), &field, "352.00");
    let run = bench.run("apply plan.json --yes --format json --lang ru").exits(5);
    is_russian("a conflict", &run.json()["errors"][0]["message"]);
}

#[test]
fn a_plan_saved_in_one_language_is_applied_in_the_other() {
    for (one, other) in [("ru", "en"), ("en", "ru")] {
        let bench = Bench::new().sandbox(SEED).config(SMALL);
        bench.run(&format!("plan config --out plan.json --lang {one}")).exits(0);
        bench.run(&format!("apply plan.json --yes --lang {other}")).exits(0);
        bench.in_sync();
        // A guard is the same, whoever it was shown to.
        bench.change("\"350.00\"", "\"3500.00\"");
        bench.run(&format!("plan config --out plan.json --lang {one}")).exits(0);
        bench.run(&format!("apply plan.json --yes --lang {other}")).exits(4);
        let allowed = "--allow-price-move vds-start/55227";
        bench.run(&format!("apply plan.json --yes --lang {other} {allowed}")).exits(0);
        bench.in_sync();
        bench.run(&format!("plan config --detailed-exitcode --lang {one}")).exits(0);
    }
}

#[test]
fn another_language_is_no_news() {
    let bench = Bench::new().sandbox(SEED).config(SMALL);
    bench.settle();
    // A field that cannot be told, a price that differs, and a delete: each with a reason in words.
    bench.change("\"350.00\"", "\"351.00\"");
    bench.change("version: 1\n", "version: 1\ndialect: {fields: {processor_username: nothing_here}}\n");
    bench.run("drift config --news --quiet --lang ru").exits(2);
    let again = bench.run("drift config --news --quiet --lang en").exits(2);
    assert_eq!((again.stdout.as_str(), again.stderr.as_str()), ("", ""));
    let again = bench.run("drift config --news --quiet --lang ru").exits(2);
    assert_eq!((again.stdout.as_str(), again.stderr.as_str()), ("", ""));
}

#[test]
fn problems_are_known_again_in_the_other_language() {
    let invalid = ["version: 1\nenumerations:\n\tpanel: {}\n", "version: 1\nenumerashuns: {}\n"];
    let check = fs::read_to_string(root().join("tests/checks/L13/fails.yaml")).unwrap();
    for text in invalid.into_iter().chain([check.as_str()]) {
        let bench = Bench::new();
        bench.write("config.yaml", text);
        let prints = |language: &str| {
            let reports = "--report gitlab=gitlab.json --report sarif=out.sarif";
            bench.run(&format!("check config.yaml {DAY} {reports} --lang {language}")).exits(3);
            let gitlab: Value = serde_json::from_str(&bench.read("gitlab.json")).unwrap();
            let sarif: Value = serde_json::from_str(&bench.read("out.sarif")).unwrap();
            let own = gitlab.as_array().unwrap().iter().map(|entry| entry["fingerprint"].clone());
            let results = sarif["runs"][0]["results"].as_array().unwrap();
            let other = results.iter().map(|result| result["partialFingerprints"].clone());
            own.chain(other).collect::<Vec<_>>()
        };
        let (english, russian) = (prints("en"), prints("ru"));
        assert!(!english.is_empty());
        assert_eq!(english, russian);
    }
}
