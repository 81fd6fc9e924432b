//! Reports in Russian: nothing in them is left in English, and they fit where the English ones do.

use std::collections::BTreeSet;

use unicode_width::UnicodeWidthStr;

use super::{
    Format, PLAIN, drifted, golden,
    markup::{Node, github, nodes},
    rendered, result, samples, simulation,
};
use crate::{
    language::{Language, speaking},
    plan::{Outcome, Plan},
    report::{CommentStyle, Platform, SimulationFormat, Style, markdown::length},
    simulate::Simulation,
};

pub(super) fn russian<T>(run: impl FnOnce() -> T) -> T {
    speaking(Language::Russian, run)
}

/// Words that stay as they are in a Russian sentence: names of programs, commands, flags, fields and formats.
const OURS: [&str; 21] = [
    "billform",
    "BILLmanager",
    "allow",
    "apply",
    "config",
    "csv",
    "deletes",
    "exclude",
    "format",
    "html",
    "ignore",
    "json",
    "move",
    "in",
    "use",
    "plan",
    "price",
    "target",
    "verbose",
    "RUB",
    "EUR",
];

/// Words of Latin letters, two and more of them.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|ch: char| !ch.is_alphabetic())
        .filter(|word| word.len() > 1 && word.chars().all(|ch| ch.is_ascii_alphabetic()))
}

/// Holds a report to having no English word but ours and those of what it is about.
pub(super) fn assert_russian(report: &str, about: &str) {
    let known: BTreeSet<&str> = words(about).chain(OURS).collect();
    let foreign: BTreeSet<&str> = words(report).filter(|word| !known.contains(word)).collect();
    assert!(foreign.is_empty(), "{foreign:?} in\n{report}");
}

/// What people see of a page: its text, and what is said in attributes.
fn seen(page: &str) -> String {
    let mut seen = String::new();
    let mut silent = false;
    for node in nodes(page) {
        match node {
            Node::Open(name, attributes) => {
                silent = ["style", "script"].contains(&name.as_str());
                let told = ["aria-label", "placeholder", "data-label", "data-said", "title", "alt"];
                let said = attributes.iter().filter(|(name, _)| told.contains(&name.as_str()));
                said.for_each(|(_, value)| seen.extend([value.as_str(), "\n"]));
            }
            Node::Text(text) if !silent => seen.extend([text.as_str(), "\n"]),
            _ => silent = false,
        }
    }
    seen
}

fn data(value: &impl serde::Serialize) -> String {
    serde_json::to_value(value).unwrap().to_string().replace("\\n", " ")
}

/// The texts in a document, without the names of its fields.
pub(super) fn texts_of(value: &serde_json::Value, out: &mut String) {
    match value {
        serde_json::Value::String(text) => out.extend([text.as_str(), "\n"]),
        serde_json::Value::Array(all) => all.iter().for_each(|value| texts_of(value, out)),
        serde_json::Value::Object(all) => all.values().for_each(|value| texts_of(value, out)),
        _ => {}
    }
}

/// The texts of a plan.
fn names(plan: &Plan) -> String {
    let mut value = serde_json::to_value(plan).unwrap();
    // Words of the document that a report has others for.
    for change in value["changes"].as_array_mut().unwrap() {
        change["action"] = serde_json::Value::Null;
    }
    value["findings"] = serde_json::Value::Null;
    let mut out = "check\n".to_owned();
    texts_of(&value, &mut out);
    // Names of fields in Money, Ref and the like are not texts of the plan.
    for change in &plan.changes {
        change.fields.iter().for_each(|field| out.extend([field.field.as_str(), "\n"]));
    }
    out
}

#[test]
fn a_plan_and_its_drift() {
    russian(|| {
        let plan = samples::russian();
        for width in [40, 80] {
            let style = Style { width, ..PLAIN };
            golden(&format!("ru-plan-{width}.txt"), &rendered(&plan, Format::Text, &style));
        }
        golden("ru-plan.md", &rendered(&plan, Format::Markdown, &Style { verbose: true, ..PLAIN }));
        golden("ru-drift.txt", &drifted(&plan, Format::Text));
        golden("ru-outcome.txt", &result(&samples::russian_outcome(), Format::Text));
        golden("ru-outcome.md", &result(&samples::russian_outcome(), Format::Markdown));
    });
}

#[test]
fn an_empty_plan_is_one_calm_line() {
    russian(|| {
        let mut plan = samples::plan(vec![]);
        let line = |plan: &Plan| rendered(plan, Format::Text, &PLAIN);
        assert_eq!(line(&plan), "Изменений нет. Панель соответствует конфигурации: 23 объекта.\n");
        assert_eq!(
            drifted(&plan, Format::Text),
            "Расхождений нет. Панель соответствует конфигурации: 23 объекта.\n"
        );
        plan.left_alone = samples::left_alone();
        plan.summary = Plan::summarise(&[], plan.left_alone.len(), 21);
        assert_eq!(
            line(&plan),
            "Изменений нет. Панель соответствует конфигурации: 21 объект. Ещё 13 объектов не\nзатронуты.\n"
        );
        plan.target = None;
        plan.summary = Plan::summarise(&[], 0, 5);
        assert_eq!(line(&plan), "Изменений нет. Конфигурации одинаковы: 5 объектов.\n");
    });
}

#[test]
fn nothing_in_a_plan_is_left_in_english() {
    let plan = samples::russian();
    let about = names(&plan);
    russian(|| {
        for verbose in [false, true] {
            let style = Style { verbose, ..PLAIN };
            for format in [Format::Text, Format::Dot, Format::Mermaid] {
                let report = rendered(&plan, format, &style);
                // The languages of graphs have words of their own outside of quotes.
                let quoted: String = match format {
                    Format::Text => report,
                    _ => report
                        .split('"')
                        .skip(1)
                        .step_by(2)
                        .filter(|text| !text.starts_with('#'))
                        .map(|text| format!("{text}\n"))
                        .collect(),
                };
                assert_russian(&quoted, &about);
            }
            assert_russian(&seen(&github(&rendered(&plan, Format::Markdown, &style))), &about);
            assert_russian(&seen(&rendered(&plan, Format::Html, &style)), &about);
        }
        assert_russian(&drifted(&plan, Format::Text), &about);
        assert_russian(&seen(&github(&drifted(&plan, Format::Markdown))), &about);
        assert_russian(&seen(&drifted(&plan, Format::Html)), &about);
        assert!(rendered(&plan, Format::Html, &PLAIN).contains("<html lang=\"ru\">"));
    });
}

#[test]
fn nothing_in_an_outcome_is_left_in_english() {
    let outcome: Outcome = samples::russian_outcome();
    let about = data(&outcome);
    // These words of the document have others in a report.
    let about = ["done", "failed", "skipped", "because", "message", "code", "help", "why"]
        .iter()
        .fold(about, |about, word| about.replace(&format!("\"{word}\""), ""));
    russian(|| {
        assert_russian(&result(&outcome, Format::Text), &about);
        assert_russian(&seen(&github(&result(&outcome, Format::Markdown))), &about);
    });
}

/// Books whose sentences are in Russian as they come in a Russian run.
fn books(mut simulation: Simulation) -> Simulation {
    let runs = [Some(&mut simulation.run), simulation.other.as_mut()];
    for refused in runs.into_iter().flatten().flat_map(|run| &mut run.refusals) {
        "IP сменился меньше месяца назад".clone_into(&mut refused.reason);
    }
    simulation
}

#[test]
fn nothing_in_the_books_of_a_simulation_is_left_in_english() {
    russian(|| {
        for width in [30, 80] {
            let style = Style { width, ..PLAIN };
            let text = simulation::written(&books(simulation::two()), SimulationFormat::Text, &style);
            golden(&format!("ru-simulation-{width}.txt"), &text);
        }
        let about = "scenario yaml config small without mapping IP";
        let verbose = Style { verbose: true, ..PLAIN };
        for simulation in [simulation::one(), simulation::two()].map(books) {
            assert_russian(&simulation::written(&simulation, SimulationFormat::Text, &verbose), about);
            assert_russian(&seen(&simulation::written(&simulation, SimulationFormat::Html, &verbose)), about);
        }
    });
}

#[test]
fn lines_stay_within_the_page() {
    russian(|| {
        let fits = |width: usize, text: &str| {
            assert_eq!(text.lines().find(|line| line.width() > width), None, "{text}");
        };
        for (width, verbose) in [(40, false), (50, true), (80, true), (110, true)] {
            let style = Style { width, verbose, ..PLAIN };
            fits(width, &rendered(&samples::russian(), Format::Text, &style));
        }
        for width in [30, 50, 80, 110] {
            let style = Style { width, verbose: true, ..PLAIN };
            fits(width, &simulation::written(&simulation::two(), SimulationFormat::Text, &style));
        }
    });
}

#[test]
fn comments_keep_to_the_limit() {
    russian(|| {
        for (count, platform, limit) in [
            (500, Platform::Bitbucket, 32_768),
            (2_000, Platform::Github, 65_536),
            (10_000, Platform::Bitbucket, 32_768),
            (10_000, Platform::Github, 65_536),
        ] {
            let mut plan = samples::russian();
            plan.changes.extend(samples::many(count).changes);
            plan.guards = std::iter::repeat_n(plan.guards.clone(), 200).flatten().collect();
            plan.findings = std::iter::repeat_n(plan.findings.clone(), 200).flatten().collect();
            plan.notes = vec![plan.notes[0].clone(); 500];
            plan.unmanaged = vec![plan.unmanaged[0].clone(); 500];
            plan.left_out = vec![plan.left_out[0].clone(); 500];
            plan.ignored = vec![plan.ignored[0].clone(); 500];
            let style = Style { comment: CommentStyle { marker: None, platform }, verbose: true, ..PLAIN };
            let text = rendered(&plan, Format::Markdown, &style);
            assert!(length(&text) < limit, "{platform:?} {count}: {}", length(&text));
            assert!(text.contains("> В комментарий поместилось не всё. Не показано: "), "{}", &text[..2000]);
        }
    });
}
