//! Pages and graphs in the programs that people see them with: a real browser, and the real Mermaid.
//!
//! `.ci/run` installs what these need; elsewhere they pass with a notice where it is missing.

use std::{
    fs,
    io::Write as _,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::Value;

use crate::harness::{Bench, SEED, root};

/// What `tests/browser/look.mjs` says; nothing where there is no browser to ask.
fn look(mode: &str, files: &[PathBuf]) -> Option<Value> {
    let chromium = std::env::var("CHROMIUM").unwrap_or_else(|_| "/usr/bin/chromium".to_owned());
    let modules = root().join("tests/browser/node_modules");
    let node = Command::new("node").arg("--version").output().is_ok();
    if !(node && Path::new(&chromium).exists() && modules.exists()) {
        assert!(
            std::env::var_os("TESTS_NEED_BROWSER").is_none(),
            "node, Chromium and node_modules are to be here"
        );
        let notice =
            "notice: node, Chromium or tests/browser/node_modules is missing; no browser looks at reports";
        let mut out = std::io::stderr();
        writeln!(out, "{notice}").unwrap();
        return None;
    }
    let script = root().join("tests/browser/look.mjs");
    let output =
        Command::new("node").arg(script).arg(mode).args(files).env("CHROMIUM", chromium).output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    Some(serde_json::from_slice(&output.stdout).unwrap())
}

/// Where screenshots are left, for a person to look at.
fn shots(name: &str) -> PathBuf {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join("pages").join(name);
    fs::create_dir_all(&directory).unwrap();
    directory
}

fn assert_page_works(name: &str, page: PathBuf) {
    let Some(said) = look("page", &[page, shots(name)]) else { return };
    assert_eq!(said["wrong"], serde_json::json!([]), "{said:#}");
    let rows = |at: &str| said.pointer(at).and_then(Value::as_u64).unwrap();
    let all = rows("/seen/rows");
    assert!(all > 5, "without a script all rows are there: {said:#}");
    assert_eq!(rows("/seen/filter"), 0, "without a script there is no box that does nothing");
    let found = rows("/found/rows");
    assert!(found > 0 && found < all, "{said:#}");
    assert_eq!(rows("/found/strangers"), 0, "{said:#}");
    assert!(said["found"]["says"].as_str().unwrap().starts_with(&format!("{found} of ")), "{said:#}");
    assert!(rows("/found/dim") > 0, "{said:#}");
    // The filter has unfolded what was folded.
    assert!(rows("/again") >= all, "{said:#}");
    assert_eq!(said["opened"], true, "{said:#}");
    for aside in said["overflow"].as_array().unwrap() {
        assert_eq!(aside, 0, "the page is wider than the screen: {said:#}");
    }
}

/// The example, applied, and then many things of every sort at once.
pub(crate) fn busy() -> Bench {
    let bench = Bench::new().sandbox(SEED).example("hosting");
    bench.run("apply config --yes --quiet").exits(0);
    let edit = |file: &str, pairs: &[(&str, &str)]| {
        let mut text = bench.read(&format!("config/{file}"));
        for (from, to) in pairs {
            assert!(text.contains(from), "{from} in {file}");
            text = text.replace(from, to);
        }
        bench.write(&format!("config/{file}"), &text);
    };
    edit(
        "30-prices-vds.yaml",
        &[
            (
                r#"1m: "330.00", 3m: "990.00", 6m: "1890.00", 12m: "3300.00""#,
                r#"1m: "350.00", 3m: "1020.00", 6m: "1890.00", 12m: "3200.00""#,
            ),
            (
                r#"1m: "690.00", 3m: "2070.00", 6m: "3990.00""#,
                r#"1m: "790.00", 3m: "2290.00", 6m: "4190.00""#,
            ),
            (r#"1m: "8.90", 3m: "26.70", 6m: "51.00""#, r#"1m: "9.50", 3m: "27.90", 6m: "53.00""#),
            (r#"1m: "1290.00", 3m: "3870.00""#, r#"1m: "1590.00", 3m: "4200.00""#),
        ],
    );
    edit(
        "31-prices-dedic.yaml",
        &[(r#"1m: "2900.00", 12m: "29000.00""#, r#"1m: "1900.00", 12m: "19000.00""#)],
    );
    edit(
        "20-enumerations.yaml",
        &[("{en: ispmanager lite, ru: ispmanager lite}", "{en: ispmanager light, ru: ispmanager lite}")],
    );
    bench
}

#[test]
fn a_page_is_read_filtered_and_shown_to_people() {
    let bench = busy();
    let run =
        bench.run("plan config --report html=page.html --report mermaid=plan.mmd --out plan.json").exits(0);
    run.says("Prices: ");
    assert_page_works("hosting", bench.path("page.html"));
    let fresh = Bench::new().sandbox(SEED).example("hosting");
    fresh.run("plan config --report mermaid=plan.mmd").exits(0);
    let Some(said) = look("mermaid", &[bench.path("plan.mmd"), fresh.path("plan.mmd")]) else { return };
    assert_eq!(said["wrong"], serde_json::json!([]), "{said:#}");
    for (drawn, bench) in said["drawn"].as_array().unwrap().iter().zip([&bench, &fresh]) {
        let text = bench.read("plan.mmd");
        let edges = text.lines().filter(|line| line.contains("-->") || line.contains("==>")).count();
        let nodes = text.lines().filter(|line| line.contains("\"]:::")).count();
        assert_eq!(drawn["edges"], edges, "{drawn:#}");
        assert_eq!(drawn["nodes"], nodes, "{drawn:#}");
        assert_eq!(drawn["foreign"], 0, "{drawn:#}");
    }
}

/// A thousand changes: 25 tariff plans with 40 items each.
fn thousand() -> (String, String) {
    let config = |price: &dyn Fn(usize, usize) -> usize| {
        let items: String = (0..40)
            .map(|item| format!("      \"{}\": {{name: {{en: Panel {item}}}}}\n", 55_000 + item))
            .collect();
        let mut text = format!(
            "version: 1\nenumerations:\n  panel:\n    name: {{en: Panel}}\n    items:\n{items}prices:\n"
        );
        for tariff in 0..25 {
            let name = if tariff == 0 { "vds-pro".to_owned() } else { format!("plan-{tariff}") };
            text +=
                &format!("  {name}:\n    resource: {{enumeration: panel, default: \"55000\"}}\n    items:\n");
            for item in 0..40 {
                let month = price(tariff, item);
                text += &format!(
                    "      \"{}\": {{RUB: {{1m: \"{month}.00\", 12m: \"{}.00\"}}}}\n",
                    55_000 + item,
                    month * 10
                );
            }
        }
        text
    };
    (config(&|_, item| 100 + item), config(&|tariff, item| 100 + item + (item * 7 + tariff * 3) % 60))
}

#[test]
fn a_page_of_a_thousand_changes_works_too() {
    let bench = Bench::new();
    let (before, after) = thousand();
    bench.write("before.yaml", &before);
    bench.write("after.yaml", &after);
    bench.run("diff before.yaml after.yaml --report html=page.html --quiet").exits(2);
    assert_page_works("thousand", bench.path("page.html"));
}
