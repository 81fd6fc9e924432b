//! Files in an editor: what the real YAML language server makes of them with our schema.
//!
//! `.ci/run` installs it; elsewhere these tests pass with a notice where it is missing.

use std::{fs, io::Write as _, path::PathBuf, process::Command};

use serde_json::{Value, json};

use crate::{
    harness::{Bench, SEED, root},
    layout::files_under,
};

/// Where the cursor of a question is.
const CURSOR: char = '¦';

/// What `tests/editor/ask.mjs` says to these questions; nothing where there is no server to ask.
fn ask(questions: &[Value]) -> Option<Vec<Value>> {
    let directory = root().join("tests/editor");
    let node = Command::new("node").arg("--version").output().is_ok();
    if !(node && directory.join("node_modules").exists()) {
        assert!(std::env::var_os("TESTS_NEED_EDITOR").is_none(), "node and node_modules are to be here");
        let notice = "notice: node or tests/editor/node_modules is missing; no editor looks at the examples";
        let mut out = std::io::stderr();
        writeln!(out, "{notice}").unwrap();
        return None;
    }
    let file = tempfile::NamedTempFile::new().unwrap();
    fs::write(file.path(), serde_json::to_string(questions).unwrap()).unwrap();
    let output = Command::new("node").arg(directory.join("ask.mjs")).arg(file.path()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let answers: Vec<Value> = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(answers.len(), questions.len());
    Some(answers)
}

/// A text as a file beside the examples, which finds the schema as they do; asked about at each cursor.
fn question(name: &str, body: &str) -> Value {
    let text = format!("# yaml-language-server: $schema=../schemas/billform.schema.json\n{body}");
    let mut asks = Vec::new();
    for (number, line) in text.lines().enumerate() {
        for (nth, (at, _)) in line.match_indices(CURSOR).enumerate() {
            asks.push(json!([number, line[..at].encode_utf16().count() - nth]));
        }
    }
    let file = root().join("examples").join(format!("{name}.yaml"));
    json!({"file": file, "text": text.replace(CURSOR, ""), "asks": asks})
}

/// The texts of one answer: what is offered, what it says of itself, and what it inserts.
fn offered<'a>(answer: &'a Value, ask: usize) -> Vec<(&'a str, &'a str, &'a str)> {
    let text = |item: &'a Value, name: &str| item[name].as_str().unwrap_or_default();
    let items = answer["completions"][ask].as_array().unwrap().iter();
    items.map(|item| (text(item, "label"), text(item, "says"), text(item, "inserts"))).collect()
}

#[track_caller]
fn assert_offers(answer: &Value, ask: usize, labels: &[&str]) {
    let offered = offered(answer, ask);
    for label in labels {
        assert!(offered.iter().any(|(offered, ..)| offered == label), "{label} is not in {offered:#?}");
    }
    assert!(offered.iter().all(|(label, ..)| !label.contains("[object")), "{offered:#?}");
}

#[track_caller]
fn assert_hover(answer: &Value, ask: usize, words: &str) {
    let hover = answer["hovers"][ask].as_str().unwrap();
    assert!(hover.contains(words), "{words:?} is not in {hover:?}");
}

#[test]
fn nothing_is_wrong_with_the_examples() {
    let examples = root().join("examples");
    let mut files: Vec<PathBuf> = files_under(&examples);
    files.retain(|path| !path.starts_with(examples.join("ci")));
    let bench = Bench::new().sandbox(SEED);
    bench.run("init started").exits(0);
    files.push(bench.path("started/00-panel.yaml"));
    // The schema is found: in the same file, a field that is not part of the format is seen.
    let broken = bench.read("started/00-panel.yaml").replace("panel:\n", "panel:\n  colour: red\n");
    let mut questions: Vec<Value> = files.iter().map(|file| json!({"file": file})).collect();
    questions.push(json!({"file": bench.path("started/01-more.yaml"), "text": broken}));
    let Some(answers) = ask(&questions) else { return };
    for (file, answer) in files.iter().zip(&answers) {
        assert_eq!(answer["wrong"], json!([]), "{}", file.display());
    }
    assert!(files.len() > 12, "{files:?}");
    let wrong = answers.last().unwrap()["wrong"].as_array().unwrap();
    assert_eq!(wrong.len(), 1, "{wrong:?}");
    assert!(wrong[0][1].as_str().unwrap().contains("colour"), "{wrong:?}");
}

#[test]
fn keys_and_values_are_completed_with_what_they_mean() {
    const PRICES: &str =
        "version: 1\nprices:\n  vds:\n    resource: {enumeration: panel, default: x}\n    items:\n";
    let questions = [
        question("sections", "version: 1\n¦\n"),
        question(
            "fields",
            "version: 1\nprocessors:\n  licences:\n    module: billmanager\n    ¦\n    password: ¦\n",
        ),
        question("choice", "version: 1\nprices:\n  vds:\n    resource:\n      billing: ¦\n"),
        question("item", &format!("{PRICES}      a: ¦\n")),
        question("currency", &format!("{PRICES}      a:\n        ¦\n")),
        question("period", &format!("{PRICES}      a:\n        RUB:\n          ¦\n")),
        question("amount", &format!("{PRICES}      a: {{RUB: {{1m: ¦}}}}\n")),
        question(
            "rows",
            "version: 1\nperiod_mappings:\n  licences:\n    - sold: 1m\n      ¦\n    - {sold: ¦, bought: 1m}\n",
        ),
        question("rest", "version: 1\nprune: [¦]\nenumerations:\n  panel:\n    name: ¦\n"),
    ];
    let Some(answers) = ask(&questions) else { return };
    let [sections, fields, choice, item, currency, period, amount, rows, rest] = answers.as_slice() else {
        panic!("{answers:#?}");
    };
    assert_offers(
        sections,
        0,
        &["panel", "processors", "enumerations", "prices", "period_mappings", "costs", "prune"],
    );
    assert!(offered(sections, 0).iter().all(|(label, says, _)| !says.is_empty() && *label != "version"));
    assert_offers(fields, 0, &["name", "product_type", "url", "username", "licence_server"]);
    assert!(offered(fields, 0).iter().all(|(label, says, _)| !says.is_empty() && *label != "module"));
    assert_offers(fields, 1, &["{env: LICENCE_PASSWORD}", "{file: /run/secrets/licence-password}"]);
    assert_offers(choice, 0, &["by_order", "do_not_bill"]);
    assert!(offered(choice, 0).iter().all(|(_, says, _)| says.ends_with('.')));
    assert_offers(item, 0, &["free", "\"off\"", "cost_plus", "{RUB: {1m: \"350.00\", 12m: \"3500.00\"}}"]);
    assert_offers(currency, 0, &["RUB", "EUR", "cost_plus"]);
    assert_offers(period, 0, &["1m", "12m", "setup"]);
    assert_offers(amount, 0, &["\"350.00\"", "none"]);
    // Without its quotes an amount would be a number.
    let money = offered(amount, 0).into_iter().find(|(label, ..)| *label == "\"350.00\"").unwrap();
    assert_eq!(money.2, "\"350.00\"");
    assert_offers(rows, 0, &["bought", "tariff"]);
    assert_offers(rows, 1, &["1m", "[1m, 3m, 6m]"]);
    assert_offers(rest, 0, &["enumeration-item", "period-mapping/licences"]);
    assert_offers(rest, 1, &["{en: \"No control panel\", ru: \"Без панели управления\"}"]);
}

#[test]
fn a_field_under_the_pointer_is_explained() {
    let text = "version: 1\nprice¦s:\n  vds:\n    res¦ource:\n      enum¦eration: panel\n      default: x\n      \
                client_change: up_¦only\n    items:\n      \"55¦227\": {RUB: {1m: \"35¦0.00\"}}\n";
    let Some(answers) = ask(&[question("hover", text)]) else { return };
    let answer = &answers[0];
    assert_hover(answer, 0, "What tariff plans offer and charge");
    assert_hover(answer, 1, "The resource \"control panel licence\" of the tariff plan.");
    assert_hover(answer, 2, "the internal name of a live one");
    assert_hover(answer, 3, "To a dearer item only.");
    assert_hover(answer, 4, "Prices by currency (ISO code)");
    assert_hover(answer, 5, "Without the quotes YAML reads a float");
}

#[test]
fn a_mistake_is_marked_in_its_line() {
    let text = "version: 1\nprices:\n  vds:\n    resource: {enumeration: panel}\n    items:\n      a: fre\n      \
                b: {RUB: {1m: 350.00}}\n      c: {RUB: {1x: \"1\"}}\n      d: {RU: {1m: \"1\"}}\n    itms: {}\n";
    let Some(answers) = ask(&[question("broken", text)]) else { return };
    let wrong = answers[0]["wrong"].as_array().unwrap();
    let mut lines: Vec<u64> = wrong.iter().map(|one| one[0].as_u64().unwrap()).collect();
    lines.sort_unstable();
    lines.dedup();
    assert_eq!(lines, [4, 6, 7, 8, 9, 10], "{wrong:#?}");
}
