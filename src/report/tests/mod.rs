//! Tests of whole reports. `BILLFORM_UPDATE=1 cargo test` rewrites the expected files.

mod graphs;
mod markup;
mod panels;
mod properties;
mod russian;
pub(crate) mod samples;
mod schemas;
mod simulation;
mod sizes;

use std::{fs, path::Path};

use clap::ValueEnum as _;
use samples::{everything, field, many, plan, text};

use super::{CommentStyle, Format, Platform, Style};
use crate::plan::{Action, Allowance, Guard, Outcome, Plan, Value};

#[test]
fn formats_survive_print_and_parse() {
    for format in Format::value_variants() {
        assert_eq!(format.to_string().parse(), Ok(*format));
    }
    assert!("pdf".parse::<Format>().unwrap_err().contains("text, markdown, json, html, dot or mermaid"));
}

/// A plain terminal of 80 columns.
pub(super) const PLAIN: Style = Style {
    color: false,
    width: 80,
    verbose: false,
    comment: CommentStyle { marker: None, platform: Platform::Github },
};

fn rendered(plan: &Plan, format: Format, style: &Style) -> String {
    let mut out = Vec::new();
    super::plan(plan.into(), format, style, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn drifted(plan: &Plan, format: Format) -> String {
    let mut out = Vec::new();
    super::drift(plan.into(), format, &PLAIN, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn result(outcome: &Outcome, format: Format) -> String {
    let mut out = Vec::new();
    super::outcome(outcome, format, &PLAIN, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// Compares with a file of the crate, or writes it.
fn assert_file(path: &str, actual: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    if std::env::var_os("BILLFORM_UPDATE").is_some_and(|value| value == "1") {
        fs::write(&path, actual).unwrap();
    }
    let expected = fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
    assert_eq!(actual, expected, "{} is not current; BILLFORM_UPDATE=1 rewrites it", path.display());
}

fn golden(name: &str, actual: &str) {
    // Escapes are spelt out so that the file can be read, and reviewed, as text.
    assert_file(&format!("src/report/tests/golden/{name}"), &actual.replace('\u{1b}', "␛"));
}

#[test]
fn a_plan_with_everything() {
    let plan = everything();
    for (width, verbose) in [(50, false), (80, false), (120, true)] {
        let style = Style { color: false, width, verbose, ..PLAIN };
        golden(&format!("plan-{width}.txt"), &rendered(&plan, Format::Text, &style));
    }
    golden("plan-colour.txt", &rendered(&plan, Format::Text, &Style { color: true, ..PLAIN }));
    golden("plan.md", &rendered(&plan, Format::Markdown, &Style { verbose: true, ..PLAIN }));
    golden("drift.txt", &drifted(&plan, Format::Text));
    golden("drift.md", &drifted(&plan, Format::Markdown));
}

#[test]
fn an_outcome_with_everything() {
    golden("outcome.txt", &result(&samples::outcome(), Format::Text));
    golden("outcome.md", &result(&samples::outcome(), Format::Markdown));
}

#[test]
fn nothing_to_do_is_one_calm_line() {
    let mut plan = plan(vec![]);
    let line = "No changes. The panel matches the configuration: 23 objects.\n";
    assert_eq!(rendered(&plan, Format::Text, &PLAIN), line);
    assert_eq!(drifted(&plan, Format::Text), "No drift. The panel matches the configuration: 23 objects.\n");
    assert!(rendered(&plan, Format::Markdown, &PLAIN).contains(&format!("**{}**", line.trim_end())));

    plan.left_alone = samples::left_alone();
    plan.summary = Plan::summarise(&[], plan.left_alone.len(), 1);
    assert_eq!(
        rendered(&plan, Format::Text, &PLAIN),
        "No changes. The panel matches the configuration: 1 object. 13 others are left\nalone.\n"
    );

    plan.target = None;
    plan.summary.left_alone = 0;
    assert_eq!(
        rendered(&plan, Format::Text, &PLAIN),
        "No changes. The two configurations are the same: 1 object.\n"
    );
}

#[test]
fn what_cannot_be_managed_spoils_the_calm() {
    let mut plan = everything();
    plan.changes.clear();
    let text = rendered(&plan, Format::Text, &PLAIN);
    let start = "No changes. What can be managed matches the configuration: 23 objects. 1 part\n\
                 cannot be managed on this panel.";
    assert!(text.starts_with(start), "{text}");
    assert!(text.contains("help: name the field"), "{text}");
}

#[test]
fn results_end_in_one_sentence() {
    let done = samples::outcome().results.into_iter().filter(|one| one.fate == crate::plan::Fate::Done);
    let all_done = result(&samples::outcome_of(done.collect()), Format::Text);
    assert!(all_done.ends_with("\n\nApplied: 2 changes, read back and found as planned.\n"), "{all_done}");
    assert_eq!(result(&samples::outcome_of(vec![]), Format::Text), "Nothing was to be applied.\n");
}

#[test]
fn a_thousand_changes_are_all_told() {
    let plan = many(1000);
    let text = rendered(&plan, Format::Text, &Style { color: true, ..PLAIN });
    for change in &plan.changes {
        assert!(text.contains(&format!("\u{1b}[1m{}", change.object.key)), "{}", change.object);
    }
    let (delete, money) = (text.find("panel/0").unwrap(), text.find("vds/1").unwrap());
    assert!(delete < money && money < text.find("new/2").unwrap());

    let comment = rendered(&plan, Format::Markdown, &PLAIN);
    assert!(comment.chars().count() <= 64_000, "{}", comment.chars().count());
    for change in &plan.changes {
        let shown = comment.contains(&format!("`{}`", change.object.key));
        assert!(shown || change.action != Action::Delete, "{} was cut", change.object);
    }
    assert!(
        comment.contains("<!-- billform:plan -->\n") && comment.contains(" more not shown. "),
        "{comment}"
    );
}

#[test]
fn long_values_are_cut_for_people_only() {
    let long = "длинное слово ".repeat(1000);
    let fields = vec![
        field("short", text("x"), text(&long)),
        field("end", text(&format!("{long}one")), text(&format!("{long}two"))),
    ];
    let plan = plan(vec![samples::change(Action::Update, "enumeration", &long, fields)]);
    for format in [Format::Text, Format::Markdown] {
        let report = rendered(&plan, format, &PLAIN);
        assert!(report.chars().count() < 3000, "{report}");
        assert!(report.contains("one") && report.contains("two"), "the change itself is shown: {report}");
    }
    assert!(rendered(&plan, Format::Json, &PLAIN).contains(&long));
}

#[test]
fn secrets_only_ever_say_that_they_are_there() {
    let secret = || Some(Value::Secret);
    let fields = vec![field("password", secret(), secret())];
    let plan = plan(vec![samples::change(Action::Update, "processor", "licences", fields)]);
    let words = "(secret, sent; the panel never shows it, so it cannot be compared)";
    for format in [Format::Text, Format::Markdown] {
        assert!(rendered(&plan, format, &Style { width: 120, ..PLAIN }).contains(words));
    }
}

#[test]
fn hostile_names_stay_where_they_are() {
    let all = |names: &[&str], format| -> String {
        names.iter().map(|name| rendered(&samples::hostile(name), format, &PLAIN)).collect()
    };
    golden("hostile.txt", &all(&samples::HOSTILE[..4], Format::Text));
    golden("hostile.md", &all(&samples::HOSTILE[4..8], Format::Markdown));
}

#[test]
fn guards_of_one_sort_are_shown_in_part_and_all_in_verbose() {
    let mut plan = many(10);
    let guard = |number: usize| {
        let needs = Allowance::PriceMove { price: format!("vds/{number}"), percent: None };
        Guard::new(needs, format!("price vds/{number} moves"), None)
    };
    plan.guards = (0..25).map(guard).collect();
    let text = rendered(&plan, Format::Text, &PLAIN);
    assert!(
        text.contains("--allow-price-move vds/9\n") && !text.contains("--allow-price-move vds/10"),
        "{text}"
    );
    assert!(text.contains("and 15 more of guard::price_move; --verbose shows them all"), "{text}");
    let verbose = rendered(&plan, Format::Text, &Style { verbose: true, ..PLAIN });
    let markdown = rendered(&plan, Format::Markdown, &PLAIN);
    for number in 0..25 {
        let flag = format!("--allow-price-move vds/{number}");
        assert!(verbose.contains(&format!("{flag}\n")) && markdown.contains(&format!("`{flag}`")), "{flag}");
    }
}
