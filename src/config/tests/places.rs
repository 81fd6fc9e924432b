//! Where things are: origins, problems of later stages, bytes and columns, limits.

use super::{codes_of, load_text};
use crate::{
    config::{explain, load_texts},
    source::{
        At,
        build::{self, MAX_NODES},
        codes,
    },
};

fn two_files() -> crate::config::Config {
    let file = |name: &str, text: &str| (name.to_owned(), text.to_owned());
    load_texts(vec![
        file("10.yaml", "version: 1\nprocessors:\n  licences: {product_type: soft, module: billmanager}\n"),
        file(
            "20.yaml",
            "version: 1\nperiod_mappings:\n  licences:\n    - {sold: 1m, bought: 12m, tariff: vds}\n",
        ),
    ])
    .unwrap_or_else(|problems| panic!("{}", super::rendered(&problems)))
}

#[test]
fn origins_are_found_in_all_files() {
    let config = two_files();
    let origin =
        |path: &[&str]| config.sources.origin(path).map(|origin| (origin.file, origin.line)).unwrap();
    assert_eq!(origin(&["processors", "licences", "module"]), ("10.yaml".to_owned(), 3));
    assert_eq!(origin(&["period_mappings", "licences", "0", "tariff"]), ("20.yaml".to_owned(), 4));
    assert_eq!(origin(&["period_mappings", "licences", "7"]), ("20.yaml".to_owned(), 3));
    assert_eq!(origin(&["prices", "none"]).1, 1);
}

#[test]
fn files_are_merged_in_order() {
    let config = two_files();
    assert_eq!(config.sources.iter().map(|source| &*source.name).collect::<Vec<_>>(), ["10.yaml", "20.yaml"]);
    assert_eq!((config.spec.processors.len(), config.spec.period_mappings.len()), (1, 1));
}

#[test]
fn problems_of_later_stages_point_into_the_files() {
    let config = two_files();
    let path = ["period_mappings", "licences", "0", "tariff"];
    let problem = config.sources.problem(
        &path,
        At::Value,
        "live::unknown_tariff",
        "no such tariff plan".to_owned(),
        None,
    );
    let json = problem.to_json();
    assert_eq!(json["file"], "20.yaml");
    assert_eq!((json["line"].as_u64(), json["column"].as_u64()), (Some(4), Some(39)));
    assert_eq!(json["pointer"], "/period_mappings/licences/0/tariff");
    assert_eq!(json["code"], "live::unknown_tariff");
}

#[test]
fn columns_count_characters_and_spans_count_bytes() {
    for (start, bom) in [("", 0), ("\u{feff}", 3)] {
        let text = format!("{start}version: 1\r\nenumerations:\r\n  панель: {{name: {{en: 5}}}}\r\n");
        let problems = load_text(&text).err().unwrap();
        let problem = problems.iter().next().unwrap();
        let spot = problem.spot.clone().unwrap();
        assert_eq!((spot.line, spot.column), (3, 23));
        assert_eq!(spot.span, 55 + bom..56 + bom);
        assert_eq!(&text[spot.span], "5");
        assert_eq!(problem.pointer.as_deref(), Some("/enumerations/панель/name/en"));
    }
}

#[test]
fn pointers_are_escaped() {
    let problems =
        load_text("version: 1\nprocessors:\n  a/b~c: {product_type: soft, module: 5}\n").err().unwrap();
    assert_eq!(problems.iter().next().unwrap().pointer.as_deref(), Some("/processors/a~1b~0c/module"));
}

#[test]
fn all_faults_are_counted_and_the_first_hundred_shown() {
    let rows = "    - {sold: soon, bought: 12m}\n".repeat(250);
    let problems = load_text(&format!("version: 1\nperiod_mappings:\n  licences:\n{rows}")).err().unwrap();
    assert_eq!((problems.total(), problems.iter().count(), problems.more()), (250, 100, 150));
}

#[test]
fn large_mappings_are_searched_by_key() {
    let items: String = (0..1000).rev().map(|n| format!("      {n}: free\n")).collect();
    let text = format!(
        "version: 1\nprices:\n  t:\n    resource: {{enumeration: panel, default: \"1\"}}\n    items:\n{items}"
    );
    let config = load_text(&text).unwrap_or_else(|problems| panic!("{}", super::rendered(&problems)));
    assert_eq!(config.sources.origin(&["prices", "t", "items", "999"]).unwrap().line, 6);
    assert_eq!(config.sources.origin(&["prices", "t", "items", "0"]).unwrap().line, 1005);
    assert_eq!(codes_of(&format!("{text}      \"500\": free\n      10: off\n")), [codes::DUPLICATE_KEY; 2]);
}

#[test]
fn bombs_are_refused_before_they_go_off() {
    let started = std::time::Instant::now();
    let list = format!("a: &a [{}]\nb: [{}]\n", "x,".repeat(20_000), "*a,".repeat(20_000));
    assert_eq!(codes_of(&list), [codes::TOO_MANY]);
    for open in ["[", "- ", "{a: "] {
        assert_eq!(codes_of(&open.repeat(100_000)), [codes::TOO_DEEP], "{open}");
    }
    let steps: String = (0..5000).map(|level| format!("{}a:\n", " ".repeat(level))).collect();
    assert_eq!(codes_of(&steps), [codes::TOO_DEEP]);
    assert!(started.elapsed().as_secs() < 10 && MAX_NODES > 2_000_000);
}

#[test]
fn keys_are_text_and_words_are_text() {
    let text = "version: 1\nenumerations:\n  on: {name: {en: off, no: yes}, items: {3541: {name: {en: 1_000}}, true: {name: {en: 2024-01-01}}, ~: {name: {en: 007}}}}\n";
    let config = load_text(text).unwrap_or_else(|problems| panic!("{}", super::rendered(&problems)));
    let (key, spec) = config.spec.enumerations.first_key_value().unwrap();
    assert_eq!(key.as_str(), "on");
    let items: Vec<_> = spec.items.keys().map(ToString::to_string).collect();
    assert_eq!(items, ["3541", "true", "~"]);
}

/// The schema uses no such keyword today; one that it may use tomorrow must not be passed by.
#[test]
fn a_keyword_without_words_of_its_own_is_reported_at_its_place() {
    let schema = serde_json::json!({"properties": {"version": {"multipleOf": 2}}});
    let tree = build::parse(0, &"version: 271\n".into()).unwrap();
    let document = serde_json::json!({"version": 271});
    let validator = jsonschema::validator_for(&schema).unwrap();
    let error = validator.iter_errors(&document).next().unwrap();
    let faults = explain::explain(0, &tree, &schema, &error);
    let [fault] = faults.as_slice() else { panic!("{faults:?}") };
    assert_eq!((fault.code, fault.pointer.as_deref()), (codes::INVALID, Some("/version")));
    assert_eq!((fault.place.start, fault.place.end), (9, 12));
    // The value may be a secret.
    assert!(!fault.message.contains("271"), "{}", fault.message);
}
