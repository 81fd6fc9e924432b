//! The command line itself: help, pages, schemas, report files.

use std::{collections::BTreeSet, fs};

use serde_json::Value;

use crate::harness::{Bench, SEED, SMALL, root};

const COMMANDS: [&str; 24] = [
    "validate",
    "check",
    "explain",
    "fmt",
    "plan",
    "apply",
    "show",
    "comment",
    "history",
    "rollback",
    "export",
    "drift",
    "diff",
    "simulate",
    "costs",
    "pool",
    "init",
    "doctor",
    "capture",
    "schema",
    "sandbox",
    "demo",
    "completions",
    "man",
];

#[test]
fn help_names_every_command_and_exit_code() {
    let bench = Bench::new();
    let run = bench.run("--help").exits(0);
    let listed: BTreeSet<&str> = commands(&run.stdout);
    assert_eq!(listed, COMMANDS.into_iter().chain(["help"]).collect(), "{run}");
    for code in ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "64", "130"] {
        let told = run.stdout.lines().any(|line| line.trim_start().split(' ').next() == Some(code));
        assert!(told, "exit code {code} in {run}");
    }
}

#[test]
fn in_russian_the_words_are_others_and_the_codes_the_same() {
    let bench = Bench::new();
    let history = bench.run("history --lang ru").exits(0);
    assert!(history.stderr.contains("не записано ни одного применения"), "{history}");
    let usage = bench.run("plan --lang ru").exits(64);
    assert!(usage.stderr.contains("не хватает обязательных аргументов"), "{usage}");
    let error = |language: &str| -> Value {
        let run = bench.run(&format!("show none.json --format json --lang {language}")).exits(3);
        let document: Value = serde_json::from_str(&run.stdout).unwrap();
        document["errors"][0].clone()
    };
    let (english, russian) = (error("en"), error("ru"));
    assert_eq!(english["code"], russian["code"]);
    assert!(russian["message"].as_str().unwrap().starts_with("не удалось прочитать план"), "{russian}");
    assert!(english["message"].as_str().unwrap().starts_with("cannot read the plan"), "{english}");
    let pages = bench.run("man --lang ru").exits(0).stdout;
    assert!(pages.contains(".SH ОПИСАНИЕ") && !pages.contains(".SH DESCRIPTION"), "{pages}");
}

/// The words that begin the lines of the part "Commands".
fn commands(help: &str) -> BTreeSet<&str> {
    let part = help.split("Commands:\n").nth(1).unwrap();
    let lines = part.lines().take_while(|line| !line.is_empty());
    lines
        .filter_map(|line| line.strip_prefix("  ")?.split(' ').next())
        .filter(|word| !word.is_empty())
        .collect()
}

#[test]
fn each_command_explains_itself_by_example() {
    let bench = Bench::new();
    for command in COMMANDS {
        let example = format!("billform {command}");
        let run = bench.run(&format!("{command} --help")).exits(0).says("Example").says(&example);
        let widest = run.stdout.lines().map(|line| line.chars().count()).max();
        assert!(widest <= Some(120), "a line of {widest:?} characters in {run}");
    }
}

#[test]
fn the_version_is_that_of_the_crate() {
    let version = env!("CARGO_PKG_VERSION");
    let bench = Bench::new();
    let run = bench.run("--version").exits(0);
    assert_eq!(run.stdout, format!("billform {version}\n"));
}

#[test]
fn completions_are_there_for_each_shell() {
    let bench = Bench::new();
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let run = bench.run(&format!("completions {shell}")).exits(0).says("allow-deletes");
        assert_eq!(run.stderr, "");
    }
}

#[test]
fn the_manual_has_a_page_for_each_command() {
    let bench = Bench::new();
    let run = bench.run("man").exits(0);
    assert!(run.stdout.contains(".TH billform"), "{run}");
    bench.run("man --out pages").exits(0);
    for command in COMMANDS {
        assert!(bench.read(&format!("pages/billform-{command}.1")).contains(".SH"), "{command}");
    }
}

#[test]
fn printed_schemas_are_the_files_in_schemas() {
    let bench = Bench::new();
    let mut files = BTreeSet::new();
    for entry in fs::read_dir(root().join("schemas")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        let name = name.strip_suffix(".schema.json").unwrap().to_owned();
        let argument = if name == "billform" { "" } else { &name };
        let run = bench.run(&format!("schema {argument}")).exits(0);
        assert_eq!(run.stdout, fs::read_to_string(&path).unwrap(), "{name} is not current");
        files.insert(name);
    }
    let help = bench.run("schema --help").exits(0).stdout;
    let names = help.split("possible values: ").nth(1).and_then(|rest| rest.split(']').next()).unwrap();
    let names: Vec<&str> = names.split(',').map(str::trim).collect();
    assert!(names.iter().all(|name| files.contains(*name)), "{names:?} beside {files:?}");
    assert_eq!(names.len() + 1, files.len(), "{names:?} beside {files:?}");
}

#[test]
fn reports_come_from_one_read() {
    let bench = Bench::new().sandbox(SEED).config(SMALL);
    bench
        .run("plan config --report markdown=plan.md --report json=plan.json --report text=plan.txt --quiet")
        .exits(0)
        .says("Plan: ");
    let reads = bench.panel().requests().iter().filter(|request| request.func == "whoami").count();
    assert_eq!(reads, 1);
    assert!(bench.read("plan.md").contains("vds-start"));
    assert!(bench.read("plan.txt").contains("vds-start"));
    conforms(&bench, &serde_json::from_str(&bench.read("plan.json")).unwrap(), "plan");
    let printed = bench.run("plan config --format json").exits(0).stdout;
    assert_eq!(bench.read("plan.json"), printed, "a report is what is printed");
}

#[test]
fn a_report_that_cannot_be_written_ends_with_3_and_nothing_is_applied() {
    let bench = Bench::new().sandbox(SEED).config(SMALL);
    let before = bench.state();
    for command in ["plan config", "drift config", "apply config --yes"] {
        bench.run(&format!("{command} --report json=no/where.json")).exits(3).says("no/where.json");
    }
    assert_eq!(bench.state(), before);
}

#[test]
fn json_is_as_its_schema_says() {
    let bench = Bench::new().sandbox(SEED).example("hosting");
    conforms(&bench, &bench.run("plan config --format json").exits(0).json(), "plan");
    conforms(&bench, &bench.run("drift config --format json").exits(2).json(), "plan");
    conforms(&bench, &bench.run("apply config --yes --format json").exits(0).json(), "outcome");
    conforms(&bench, &bench.run("plan config --format json").exits(0).json(), "plan");
    bench.write("empty/billform.yaml", "version: 1\n");
    conforms(&bench, &bench.run("diff empty config --format json").exits(2).json(), "plan");
}

fn conforms(bench: &Bench, document: &Value, schema: &str) {
    let schema = bench.run(&format!("schema {schema}")).exits(0).json();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let errors: Vec<String> = validator.iter_errors(document).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:#?}");
}

#[test]
fn diff_compares_without_a_panel() {
    let bench = Bench::new().config(SMALL);
    bench.write("other/billform.yaml", &SMALL.replace("350.00", "360.00"));
    bench.run("diff config config").exits(0);
    bench.run("diff config other").exits(2).says("350.00").says("360.00");
}

#[test]
fn colour_is_for_terminals_and_for_those_who_ask() {
    let bench = Bench::new().sandbox(SEED).config(SMALL);
    bench.run("plan config").exits(0).silent("\u{1b}[");
    let run = bench.run("plan config --color always").exits(0);
    assert!(run.stdout.contains("\u{1b}["), "{run}");
}

#[test]
fn data_goes_to_stdout_and_talk_to_stderr() {
    let bench = Bench::new().sandbox(SEED).config(SMALL);
    let run = bench.run("plan config").exits(0);
    assert!(run.stderr.contains("Reading") && !run.stdout.contains("Reading"), "{run}");
    let run = bench.run("plan config --quiet").exits(0);
    assert_eq!(run.stderr, "");
}
