//! Scenarios that cannot be played, each with its rendered errors beside it.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use miette::{GraphicalReportHandler, GraphicalTheme};

use super::{YEARLY, catalogue};
use crate::{
    config::tests::agreement::Format,
    simulate::scenario::{self, ScenarioSpec, lines, read_text},
    source::Problems,
};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn files(directory: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(root().join(directory)).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<_> =
        entries.filter(|path| path.extension().is_some_and(|end| end == "yaml")).collect();
    files.sort();
    files
}

fn rendered(problems: &Problems) -> String {
    let handler = GraphicalReportHandler::new_themed(GraphicalTheme::unicode_nocolor()).with_width(100);
    let mut text = String::new();
    for problem in problems {
        handler.render_report(&mut text, problem).unwrap();
        text.push('\n');
    }
    text.lines().map(|line| format!("{}\n", line.trim_end())).collect()
}

fn same_as_file(path: &Path, text: &str) {
    if std::env::var_os("BILLFORM_UPDATE").is_some_and(|value| value == "1") {
        fs::write(path, text).unwrap();
    }
    let found = fs::read_to_string(path).unwrap_or_default();
    assert!(found == text, "{} is not current; BILLFORM_UPDATE=1 rewrites it\n{text}", path.display());
}

#[test]
fn impossible_scenarios_are_reported_as_the_snapshots_say() {
    let catalogue = {
        let mut catalogue = catalogue(YEARLY);
        let tariff = catalogue.tariffs["small"].clone();
        let nowhere = crate::licence::Tariff { servers: Vec::new(), ..tariff.clone() };
        catalogue.tariffs.insert("nowhere".to_owned(), nowhere);
        // A panel that is sold and whose licence nobody knows, and one that is known for a year only.
        let server = catalogue.servers.get_mut("licences").unwrap();
        let mut yearly = server.codes["55227"].clone();
        yearly.cost.get_mut("RUB").unwrap().remove(&super::period("1m"));
        server.codes.insert("55231".to_owned(), yearly);
        let item = tariff.items["55227"].clone();
        let small = catalogue.tariffs.get_mut("small").unwrap();
        small.items.insert("55230".to_owned(), item.clone());
        small.items.insert("55231".to_owned(), item);
        server.rows.retain(|row| row.sold != super::period("1m"));
        catalogue
    };
    let mut codes = BTreeSet::new();
    for path in files("tests/scenarios/invalid") {
        let text = fs::read_to_string(&path).unwrap();
        let outcome = read_text(&text).and_then(|scenario| lines(&scenario, &catalogue, "`config`"));
        let Err(problems) = outcome else { panic!("{} can be played", path.display()) };
        for problem in &problems {
            assert!(problem.help.is_some() && problem.spot.is_some(), "{}: {problem}", path.display());
            codes.insert(problem.code);
        }
        same_as_file(&path.with_extension("txt"), &rendered(&problems));
    }
    let ours = codes.iter().filter(|code| code.starts_with("scenario::")).count();
    assert_eq!(ours, 15, "{codes:?}");
}

/// A scenario in which every key is used.
const EXHAUSTIVE: &str = r#"{version: 1, from: 2026-12-01, months: 12, currency: RUB, seed: 7, balance: "1000.00",
readings: {release_restarts_cooldown: false, renewal_without_row: same_period, not_offered_fails: false, trial_days: 7},
clients: [{tariff: small, panel: "55227", period: 1m, orders_per_month: 3, leave: 8%,
change_panel: {to: "55228", chance: 1%}, change_ip: 0.5%}]}"#;

#[test]
fn schema_and_types_agree() {
    let examples = files("examples/scenarios").into_iter().map(|path| fs::read_to_string(path).unwrap());
    let format = Format::of::<ScenarioSpec>(examples.chain([EXHAUSTIVE.to_owned()]));
    let format = format.with_ranges_in_the_schema();
    format.agrees_on_near_valid_documents(1000);
    format.agrees_on_every_scalar_in_every_place();
}

#[test]
fn the_schema_is_current_closed_and_described() {
    let schema = scenario::schema();
    assert!(jsonschema::meta::is_valid(schema));
    let text = serde_json::to_string_pretty(schema).unwrap() + "\n";
    same_as_file(&root().join("schemas/scenario.schema.json"), &text);
    let definitions = schema["$defs"].as_object().unwrap().values();
    for part in definitions.chain([schema]).filter(|part| part["type"] == "object") {
        assert_eq!(part["additionalProperties"], false, "{part}");
        for (name, property) in part["properties"].as_object().unwrap() {
            let text = property["description"].as_str().unwrap_or_default();
            assert!(text.ends_with('.') && text.len() > 10, "`{name}` has no description");
        }
    }
}

#[test]
fn scenarios_in_the_repository_are_valid() {
    let examples = files("examples/scenarios");
    assert!(!examples.is_empty());
    for path in examples {
        let text = fs::read_to_string(&path).unwrap();
        let scenario = read_text(&text).unwrap_or_else(|problems| panic!("{}", rendered(&problems)));
        assert!(!scenario.deeds.is_empty(), "{}", path.display());
    }
}
