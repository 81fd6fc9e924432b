//! `validate` and `check` in the formats that forges and pipelines read, each against its schema.

use std::{fs, process::Command};

use serde_json::Value;

use crate::harness::{Bench, Run, root};

const DAY: &str = "--at 2026-11-25";
/// All four formats, by the files they are written to.
const REPORTS: &str = "--report sarif=out.sarif --report junit=junit.xml --report github=github.txt \
                       --report gitlab=gitlab.json --report json=out.json --report text=out.txt";

/// Not YAML, a mistake in the format, and an alias of nothing.
const INVALID: [(&str, &str, &str); 3] = [
    ("yaml::tab", "version: 1\nenumerations:\n\tpanel: {}\n", "3"),
    ("config::unknown_field", "version: 1\nenumerashuns: {}\n", "2"),
    ("yaml::alias", "version: 1\nprices: *nothing\n", "2"),
];

fn check(code: &str) -> String {
    fs::read_to_string(root().join("tests/checks").join(code).join("fails.yaml")).unwrap()
}

/// The four reports: each is sound by its schema.
struct Reports {
    sarif: Value,
    junit: String,
    github: String,
    gitlab: Value,
}

impl Reports {
    fn of(bench: &Bench) -> Self {
        let junit = bench.read("junit.xml");
        assert_junit(bench, &junit);
        Self {
            sarif: valid(&bench.read("out.sarif"), "sarif-2.1.0.schema.json"),
            junit,
            github: bench.read("github.txt"),
            gitlab: valid(&bench.read("gitlab.json"), "gitlab-code-quality.schema.json"),
        }
    }

    fn result(&self, index: usize) -> &Value {
        &self.sarif["runs"][0]["results"][index]
    }
}

fn valid(text: &str, schema: &str) -> Value {
    let schema = fs::read_to_string(root().join("tests/schemas").join(schema)).unwrap();
    // A stray bracket of the official text, which not every dialect of regular expressions takes.
    let schema = schema.replace("[a-zA-Z]{2}]?$", "[a-zA-Z]{2}$");
    let schema: Value = serde_json::from_str(&schema).unwrap();
    let value: Value = serde_json::from_str(text).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let errors: Vec<String> = validator.iter_errors(&value).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:#?} in {text}");
    value
}

/// By Jenkins' schema, where `xmllint` is installed; what is said of it in any case.
fn assert_junit(bench: &Bench, text: &str) {
    assert!(text.starts_with("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites "), "{text}");
    let xsd = root().join("tests/schemas/junit-10.xsd");
    let mut xmllint = Command::new("xmllint");
    xmllint.args(["--noout", "--schema"]).arg(xsd).arg(bench.path("junit.xml"));
    let Some(output) = crate::tools::run(&mut xmllint) else { return };
    assert!(output.status.success(), "{}\n{text}", String::from_utf8_lossy(&output.stderr));
}

#[track_caller]
fn same(run: &Run, file: &str) {
    assert_eq!(run.stdout, file, "standard output and the file differ in {run}");
}

#[test]
fn a_configuration_that_is_none_is_reported_in_every_format() {
    for (code, text, line) in INVALID {
        let bench = Bench::new().config(text);
        for command in ["validate", "check"] {
            bench.run(&format!("{command} config {REPORTS}")).exits(3).says(code);
            let reports = Reports::of(&bench);
            assert_eq!(reports.result(0)["ruleId"], code);
            assert_eq!(reports.result(0)["level"], "error");
            let place = &reports.result(0)["locations"][0]["physicalLocation"];
            assert_eq!(place["artifactLocation"]["uri"], "config/billform.yaml");
            assert_eq!(place["region"]["startLine"].to_string(), line);
            let rule = &reports.sarif["runs"][0]["tool"]["driver"]["rules"][0];
            assert_eq!(rule["id"], code);
            assert!(reports.junit.contains(&format!("<failure type=\"{code}\"")), "{}", reports.junit);
            let begins = format!("::error file=config/billform.yaml,line={line},col=");
            assert!(reports.github.starts_with(&begins), "{}", reports.github);
            assert_eq!(reports.gitlab[0]["check_name"], code);
            assert_eq!(reports.gitlab[0]["severity"], "critical");
            assert_eq!(reports.gitlab[0]["location"]["lines"]["begin"].to_string(), line);
            let json: Value = serde_json::from_str(&bench.read("out.json")).unwrap();
            assert_eq!(json["errors"][0]["code"], code);
            assert!(bench.read("out.txt").contains(code));
        }
    }
}

#[test]
fn findings_are_reported_beside_their_lines() {
    let bench = Bench::new();
    bench.write("config/prices.yaml", &check("L13"));
    bench.run(&format!("check config {DAY} {REPORTS}")).exits(3);
    let reports = Reports::of(&bench);
    let results = reports.sarif["runs"][0]["results"].as_array().unwrap();
    let result = results.iter().find(|result| result["ruleId"] == "check::L13").unwrap();
    assert_eq!(result["level"], "error");
    let rules = &reports.sarif["runs"][0]["tool"]["driver"]["rules"];
    let rule = &rules[usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap()];
    assert_eq!(rule["id"], "check::L13");
    assert!(rule["help"]["markdown"].as_str().unwrap().starts_with("# L13: "));
    assert_eq!(reports.sarif["runs"][0]["invocations"][0]["exitCode"], 3);
    assert!(reports.github.contains("title=check%3A%3AL13::"), "{}", reports.github);
    assert!(reports.junit.contains("<failure type=\"check::L13\""));
    assert!(reports.gitlab.as_array().unwrap().iter().any(|one| one["check_name"] == "check::L13"));
    // What `validate` makes of them, too.
    bench.run(&format!("validate config {REPORTS}")).exits(3);
    assert!(Reports::of(&bench).github.contains("title=check%3A%3AL13::"));
}

#[test]
fn warnings_fail_no_test_unless_they_fail_the_run() {
    let bench = Bench::new();
    bench.write("config.yaml", &check("L22"));
    bench.run(&format!("check config.yaml {DAY} {REPORTS}")).exits(0);
    let reports = Reports::of(&bench);
    assert_eq!(reports.result(0)["level"], "warning");
    assert!(reports.github.starts_with("::warning "), "{}", reports.github);
    assert!(reports.junit.contains("failures=\"0\"") && reports.junit.contains("check::L22"));
    assert_eq!(reports.gitlab[0]["severity"], "minor");
    bench.run(&format!("check config.yaml {DAY} --strict {REPORTS}")).exits(3);
    let reports = Reports::of(&bench);
    assert_eq!(reports.result(0)["level"], "error");
    assert!(reports.github.starts_with("::error "), "{}", reports.github);
    assert!(reports.junit.contains("<failure type=\"check::L22\""));
    bench.run(&format!("validate config.yaml {REPORTS}")).exits(0);
    let text = bench.read("out.txt");
    assert!(text.starts_with("Valid: ") && text.contains("check::L22"), "{text}");
}

#[test]
fn what_was_accepted_is_told_and_fails_nothing() {
    let bench = Bench::new();
    let waived = "    waive: [{check: L22, reason: until the summer, until: 2027-01-01}]\n";
    bench.write("config.yaml", &format!("{}{waived}", check("L22")));
    bench.run(&format!("check config.yaml {DAY} --strict {REPORTS}")).exits(0);
    let reports = Reports::of(&bench);
    let justification = &reports.result(0)["suppressions"][0]["justification"];
    assert_eq!(justification, "until the summer (until 2027-01-01)");
    assert_eq!(reports.github, "");
    assert_eq!(reports.gitlab, Value::Array(Vec::new()));
    assert!(reports.junit.contains("<skipped message=\"until the summer (until 2027-01-01)\"/>"));
}

#[test]
fn nothing_found_is_a_report_too() {
    let bench = Bench::new().example("hosting");
    bench.run(&format!("validate config {REPORTS}")).exits(0);
    let reports = Reports::of(&bench);
    assert_eq!(reports.sarif["runs"][0]["results"], Value::Array(Vec::new()));
    assert_eq!(reports.gitlab, Value::Array(Vec::new()));
    assert_eq!(reports.github, "");
    assert!(
        reports.junit.contains("tests=\"7\"") || reports.junit.contains("tests=\"8\""),
        "{}",
        reports.junit
    );
    bench.run(&format!("check config {DAY} {REPORTS}")).exits(0);
    let notes = &Reports::of(&bench).sarif["runs"][0]["invocations"][0]["toolExecutionNotifications"];
    assert!(notes.to_string().contains("not made: "), "{notes}");
}

#[test]
fn standard_output_has_the_format_that_is_asked_for() {
    let bench = Bench::new().config(INVALID[1].1);
    bench.run(&format!("validate config {REPORTS}")).exits(3);
    for (format, file) in
        [("sarif", "out.sarif"), ("junit", "junit.xml"), ("github", "github.txt"), ("gitlab", "gitlab.json")]
    {
        let run = bench.run(&format!("validate config --format {format}")).exits(3);
        same(&run, &bench.read(file));
        assert!(run.stderr.contains("config::unknown_field"), "the log tells it, too: {run}");
    }
    same(&bench.run("validate config --format json").exits(3), &bench.read("out.json"));
    let bench = Bench::new();
    bench.write("config.yaml", &check("L22"));
    let run = bench.run(&format!("check config.yaml {DAY} --format github")).exits(0);
    assert!(run.stdout.starts_with("::warning ") && run.stdout.lines().count() == 1, "{run}");
    assert!(run.stderr.contains("Checks: 1 warning"), "{run}");
}

#[test]
fn paths_are_told_from_the_top_of_the_work_tree() {
    let bench = Bench::new();
    bench.write("tree/.git/HEAD", "ref: refs/heads/main\n");
    bench.write("tree/infra/config/a b.yaml", INVALID[1].1);
    let mut command = bench.command("validate ../infra/config --format sarif");
    let output = command.current_dir(bench.path("tree/infra")).output().unwrap();
    let document: Value = serde_json::from_slice(&output.stdout).unwrap();
    let place = &document["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"];
    assert_eq!(place["uri"], "infra/config/a%20b.yaml");
    assert_eq!(place["uriBaseId"], "%SRCROOT%");
}

#[test]
fn a_panel_that_cannot_be_read_is_no_finding_but_an_error_of_the_run() {
    let bench = Bench::new().example("hosting").env("BILLFORM_PASSWORD", "whatever");
    let live = "--live --url http://127.0.0.1:9/billmgr --user robot --quiet";
    bench.run(&format!("check config {DAY} {live} {REPORTS}")).exits(8).says("panel::unreachable");
    let reports = Reports::of(&bench);
    let invocation = &reports.sarif["runs"][0]["invocations"][0];
    assert_eq!(invocation["executionSuccessful"], false);
    assert_eq!(invocation["toolExecutionNotifications"][0]["descriptor"]["id"], "panel::unreachable");
    assert!(reports.junit.contains("<error type=\"panel::unreachable\""), "{}", reports.junit);
    assert!(reports.github.starts_with("::error title=panel%3A%3Aunreachable::"), "{}", reports.github);
}

#[test]
fn a_report_that_cannot_be_written_is_an_error_that_hides_no_other() {
    let bench = Bench::new().config(INVALID[1].1);
    bench
        .run("validate config --report sarif=nowhere/out.sarif")
        .exits(3)
        .says("file::unwritable")
        .says("config::unknown_field");
    let bench = Bench::new().example("hosting");
    bench.run("validate config --report junit=nowhere/out.xml").exits(3).says("file::unwritable");
    bench
        .run("validate config --report pdf=out.pdf")
        .exits(64)
        .says("write text, json, sarif, junit, github");
}

#[test]
fn hostile_names_break_out_of_no_report() {
    let hostile = format!(
        "version: 1\nprices:\n  \"]]><x/>::error::%0A\\e[2J\\u202Ea\\nb{}\": {{\"a,b:c%\\n::warning::x\": 1}}\n",
        "y".repeat(10_000)
    );
    let bench = Bench::new();
    bench.write("config/a::b,c%0A]]>.yaml", &hostile);
    bench.run(&format!("validate config {REPORTS}")).exits(3);
    let reports = Reports::of(&bench);
    let errors = reports.sarif["runs"][0]["results"].as_array().unwrap().len();
    assert_eq!(reports.github.lines().filter(|line| line.starts_with("::error ")).count(), errors);
    assert_eq!(reports.github.lines().count(), errors, "{}", reports.github);
    for name in ["out.sarif", "junit.xml", "github.txt", "gitlab.json"] {
        let text = bench.read(name);
        assert!(!text.contains(['\u{1b}', '\u{202e}']), "{name}: {text}");
    }
    assert!(!reports.junit.contains("]]>"), "{}", reports.junit);
}
