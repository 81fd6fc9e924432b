//! `--report FORMAT=FILE`: written however the command ends.

use billform::sandbox::FaultKind;

use crate::harness::{Bench, SEED, SMALL};

/// A bench in sync, whose configuration then asks for another price.
fn price_moved(to: &str) -> Bench {
    let bench = Bench::new().sandbox(SEED).config(SMALL);
    bench.settle();
    bench.write("old.yaml", SMALL);
    bench.change("1m: \"350.00\"", &format!("1m: \"{to}\""));
    bench
}

/// Runs a command that ends with `code`, and looks for its report.
fn reported(bench: &Bench, command: &str, code: i32, words: &str) {
    let file = "report.md";
    drop(std::fs::remove_file(bench.path(file)));
    bench.run(&format!("{command} --report markdown={file}")).exits(code);
    let text = bench.read(file);
    assert!(text.contains(words), "{command}: {text}");
}

#[test]
fn a_report_is_there_however_the_command_ends() {
    let bench = price_moved("400.00");
    let moved = "350.00 → **400.00**";
    reported(&bench, "plan config --detailed-exitcode --out plan.json", 2, moved);
    reported(&bench, "drift config", 2, moved);
    reported(&bench, "diff old.yaml config", 2, moved);
    reported(&bench, "show plan.json", 0, moved);
    reported(&bench, "apply config", 4, moved);
    reported(&bench, "apply plan.json --config old.yaml --yes", 4, moved);

    let field = format!("monthly.{}", bench.currency("RUB"));
    bench.edit("item_price", bench.price_row("vds-start", "55227"), &field, "399.00");
    reported(&bench, "apply plan.json --yes", 5, moved);
    reported(&bench, "rollback last", 0, "Deletes (8)");
    bench.edit("item_price", bench.price_row("vds-start", "55227"), &field, "350.00");
    reported(&bench, "apply plan.json --yes --format json", 0, moved);
    reported(&bench, "rollback last", 0, "400.00 → **350.00**");
    reported(&bench, "apply config --yes", 0, "No changes");
}

#[test]
fn a_report_outlives_refusals_failures_and_panels_that_are_gone() {
    let bench = price_moved("3.50");
    reported(&bench, "apply config --yes", 4, "guard::price_move");
    bench.run("plan config --out plan.json").exits(0);
    let gone = "apply plan.json --yes --url http://127.0.0.1:1/billmgr";
    reported(&bench, gone, 8, "guard::price_move");

    let fresh = Bench::new().sandbox(SEED).config(SMALL);
    fresh.fault(Some("enumerationitem.edit"), 6, 6, FaultKind::Status { code: 500, commit: false });
    reported(&fresh, "apply config --yes", 6, "Creates");
}

#[test]
fn one_file_that_cannot_be_written_spoils_no_other() {
    let bench = price_moved("400.00");
    bench.run("plan config --out plan.json").exits(0);
    for command in ["plan config", "drift config", "diff old.yaml config", "show plan.json", "rollback last"]
    {
        drop(std::fs::remove_file(bench.path("report.md")));
        let reports = "--report json=no/where.json --report markdown=report.md";
        bench.run(&format!("{command} {reports}")).exits(3).says("no/where.json").says("file::unwritable");
        assert!(bench.read("report.md").contains("billform:plan") || command == "drift config", "{command}");
        let data = bench.run(&format!("{command} --format json {reports}")).exits(3).json();
        assert_eq!(data["errors"][0]["code"], "file::unwritable", "{command}");
    }
    bench.run("plan config --report text=no/where.txt").exits(3).says("350.00 -> 400.00");
}

#[test]
fn a_comment_has_the_marker_and_the_length_that_were_asked_for() {
    let bench = price_moved("400.00");
    let text = |flags: &str| bench.run(&format!("plan config --format markdown {flags}")).exits(0).stdout;
    assert!(text("").starts_with("<!-- billform:plan -->\n"));
    assert!(text("--marker eu/prod --platform bitbucket").starts_with("<!-- billform:plan eu/prod -->\n"));
    let named = bench.env("BILLFORM_MARKER", "staging");
    let drift = named.run("drift config --format markdown").exits(2).stdout;
    assert!(drift.starts_with("<!-- billform:drift staging -->\n"), "{drift}");
    named.run("plan config --marker a--b").exits(64).says("letters, digits");
}

#[test]
fn a_saved_plan_is_shown_in_every_format() {
    let bench = price_moved("400.00");
    bench.run("plan config --out plan.json").exits(0);
    let help = bench.run("show --help").exits(0).stdout;
    let begins = [
        ("text", "Plan for http://"),
        ("markdown", "<!-- billform:plan -->"),
        ("json", "{\n  \"format_version\": \"1.0\""),
        ("html", "<!doctype html>"),
        ("dot", "digraph billform {"),
        ("mermaid", "flowchart LR"),
    ];
    for (format, start) in begins {
        assert!(help.contains(&format!("- {format}:")), "{format} in {help}");
        let run = bench.run(&format!("show plan.json --format {format} --report {format}=report")).exits(0);
        assert!(run.stdout.starts_with(start), "{format}: {}", run.stdout);
        assert!(
            run.stdout.contains("400") || run.stdout.contains("14"),
            "{format} shows the price: {}",
            run.stdout
        );
        assert_eq!(bench.read("report"), run.stdout, "{format}");
    }
    assert_eq!(
        help.matches("\n          - ").count(),
        begins.len() + 4,
        "a format or a platform more: {help}"
    );
    for format in ["html", "dot", "mermaid"] {
        bench.run(&format!("apply plan.json --yes --format {format}")).exits(64).says("--report ");
    }
}
