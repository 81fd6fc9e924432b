//! Times whole runs of the program, from the start of the process to its end.
//!
//! The configurations are generated into `target/tmp/bench`, always the same, and stay there for
//! `/usr/bin/time -v`. A price is an item's prices on one tariff plan: five amounts in two currencies. The
//! README's table has the medians of one run.

use std::{
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use divan::Bencher;

const ITEMS: usize = 100;

fn main() {
    divan::main();
}

#[divan::bench(sample_count = 50, sample_size = 1)]
fn version(bencher: Bencher<'_, '_>) {
    bencher.bench(|| billform(&["--version"], 0));
}

#[divan::bench(args = [10_000, 100_000], sample_count = 7, sample_size = 1)]
fn validate(bencher: Bencher<'_, '_>, prices: usize) {
    let file = config(&format!("{prices}.yaml"), prices, usize::MAX);
    bencher.bench(|| billform(&["validate", text(&file)], 0));
}

/// Two configurations that differ in one price of a hundred.
#[divan::bench(args = [10_000, 100_000], sample_count = 7, sample_size = 1)]
fn diff(bencher: Bencher<'_, '_>, prices: usize) {
    let before = config(&format!("{prices}.yaml"), prices, usize::MAX);
    let after = config(&format!("{prices}-changed.yaml"), prices, 100);
    bencher.bench(|| billform(&["diff", text(&before), text(&after)], 2));
}

/// 100,008 orders over 24 months, whose clients mostly stay for a year.
#[divan::bench(sample_count = 7, sample_size = 1)]
fn simulate(bencher: Bencher<'_, '_>) {
    let (config, scenario) = simulation();
    bencher.bench(|| billform(&["simulate", "run", text(&scenario), text(&config)], 0));
}

/// Runs the program; its output goes nowhere, its exit code must be right.
fn billform(arguments: &[&str], expected: i32) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_billform"));
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let status = command.status().expect("the program starts");
    assert_eq!(status.code(), Some(expected), "billform {arguments:?}");
}

fn text(path: &Path) -> &str {
    path.to_str().expect("the target directory has a name in UTF-8")
}

/// Writes a configuration of so many prices, of which every `changed`th is another one.
fn config(name: &str, prices: usize, changed: usize) -> PathBuf {
    let mut yaml =
        String::from("version: 1\n\nenumerations:\n  panel:\n    name: {en: Control panel}\n    items:\n");
    let item = |number: usize| 10_000 + number;
    for number in 0..ITEMS {
        writeln!(yaml, "      \"{}\": {{name: {{en: Panel {number}}}}}", item(number)).expect(WRITES);
    }
    yaml.push_str("\nprices:\n");
    for tariff in 0..prices / ITEMS {
        writeln!(
            yaml,
            "  tariff-{tariff}:\n    resource: {{enumeration: panel, default: \"10000\"}}\n    items:"
        )
        .expect(WRITES);
        for number in 0..ITEMS {
            let index = tariff * ITEMS + number;
            let rub = 100 + index % 900 + usize::from(index % changed == changed - 1);
            let eur = 10 + index % 90;
            writeln!(
                yaml,
                "      \"{}\": {{RUB: {{1m: \"{rub}.00\", 3m: \"{}.00\", 12m: \"{}.50\"}}, \
                 EUR: {{1m: \"{eur}.90\", 12m: \"{}.00\"}}}}",
                item(number),
                rub * 3,
                rub * 10,
                eur * 10
            )
            .expect(WRITES);
        }
    }
    written(name, &yaml)
}

/// Writes a configuration that sells two panels, and a scenario of 100,000 orders for them.
fn simulation() -> (PathBuf, PathBuf) {
    let mut yaml = String::from("version: 1\nprices:\n");
    for tariff in ["small", "large"] {
        writeln!(
            yaml,
            "  {tariff}:\n    resource: {{enumeration: panel, default: nopanel}}\n    items:\n      nopanel: free"
        )
        .expect(WRITES);
        for code in ["55227", "55228"] {
            writeln!(yaml, "      \"{code}\": {{RUB: {{1m: \"350.00\", 3m: \"1050.00\"}}}}").expect(WRITES);
        }
    }
    yaml.push_str("period_mappings:\n  licences:\n    - {sold: [1m, 3m], bought: 12m}\n");
    yaml.push_str("costs:\n  licences:\n    as_of: 2026-11-01\n    codes:\n");
    for code in ["55227", "55228"] {
        writeln!(yaml, "      \"{code}\": {{price: {{RUB: {{1m: \"250.00\", 12m: \"2500.00\"}}}}}}")
            .expect(WRITES);
    }
    let mut scenario = String::from("version: 1\nfrom: 2026-12-01\nmonths: 24\ncurrency: RUB\nclients:\n");
    for (tariff, panel, period, orders) in
        [("small", "55227", "1m", 2500), ("large", "55227", "1m", 1000), ("large", "55228", "3m", 667)]
    {
        writeln!(
            scenario,
            "  - {{tariff: {tariff}, panel: \"{panel}\", period: {period}, orders_per_month: {orders}, leave: 8%, change_ip: 1%}}"
        )
        .expect(WRITES);
    }
    (written("simulated.yaml", &yaml), written("scenario.yaml", &scenario))
}

fn written(name: &str, text: &str) -> PathBuf {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join("bench");
    fs::create_dir_all(&directory).expect("the target directory may be written to");
    let file = directory.join(name);
    fs::write(&file, text).expect("the target directory may be written to");
    file
}

const WRITES: &str = "writing to a string does not fail";
