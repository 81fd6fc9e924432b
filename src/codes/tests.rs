//! The shipped table, and what a configuration lays over it.

use std::collections::BTreeMap;

use super::{CodeSpec, CodeTable, Mark, shipped};
use crate::model::{Date, Name};

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn own(yaml: &str) -> CodeTable {
    CodeTable::with(&serde_yaml::from_str::<BTreeMap<Name, CodeSpec>>(yaml).unwrap())
}

fn table() -> CodeTable {
    own("{}")
}

fn sentence(table: &CodeTable, code: &str) -> String {
    table.lookup(code).unwrap().sentence(day("2026-11-20"))
}

#[test]
fn every_shipped_code_is_a_number_with_a_product_and_a_source() {
    assert!(shipped().len() >= 30, "{}", shipped().len());
    for entry in table().iter() {
        let code = entry.code.as_str();
        assert!(code.bytes().all(|byte| byte.is_ascii_digit()), "{code}");
        assert!(entry.product() != code, "{code} has no product");
        assert!(entry.source().is_some_and(|source| source.starts_with("https://")), "{code}");
    }
}

#[test]
fn successors_are_known_codes_and_never_said_to_be_documented() {
    let table = table();
    let successors: Vec<(&str, &str, Mark)> = table
        .iter()
        .filter_map(|entry| entry.successor().map(|(code, mark)| (entry.code.as_str(), code, mark)))
        .collect();
    assert_eq!(successors, [("3541", "55227", Mark::Inferred), ("4601", "55230", Mark::Inferred)]);
    assert!(successors.iter().all(|(_, code, _)| table.lookup(code).is_some()));
}

#[test]
fn a_sentence_says_what_a_code_is_and_what_became_of_it() {
    let table = table();
    for (code, said) in [
        ("3541", "retired 2021-06-15 (ISPmanager 5 Lite), successor 55227 (ispmanager 6 lite; inferred)"),
        ("55333", "retired 2023-05-02 (BILLmanager 6 Advanced)"),
        ("55230", "ispmanager 6 business"),
        ("55231", "ispmanager 6 lite (Russia) (inferred)"),
    ] {
        assert_eq!(sentence(&table, code), said);
    }
    assert!(table.lookup("nopanel").is_none());
}

#[test]
fn a_code_is_retired_from_the_day_its_sale_ends() {
    let table = table();
    let lite = table.lookup("3541").unwrap();
    assert!(!lite.is_retired(day("2021-06-14")) && lite.is_retired(day("2021-06-15")));
    assert_eq!(
        lite.sentence(day("2021-06-14")),
        "ISPmanager 5 Lite, sold until 2021-06-15, successor 55227 (ispmanager 6 lite; inferred)"
    );
    assert!(!table.lookup("3045").unwrap().is_retired(day("2099-12-31")), "its end is open");
}

#[test]
fn codes_one_digit_away_are_near() {
    let table = table();
    let near =
        |code: &str| table.nearest(code).iter().map(|entry| entry.code.to_string()).collect::<Vec<_>>();
    assert_eq!(near("55233"), ["55230", "55231", "55232", "55239", "55333"]);
    assert_eq!(near("3514"), ["3541"], "two digits swapped");
    assert_eq!(near("460"), ["4601"], "one digit left out");
    assert!(near("nopanel").is_empty());
}

#[test]
fn a_configuration_adds_codes_and_says_more_of_known_ones() {
    let table =
        own(r#"{"55999": {product: Some panel, order: soft, sold_until: 2027-01-01, successor: "55227"},
            "3541": {successor: "55999"}, "55231": {mark: documented, nodes: addon_7}}"#);
    assert_eq!(
        sentence(&table, "55999"),
        "Some panel, sold until 2027-01-01, successor 55227 (ispmanager 6 lite)"
    );
    assert_eq!(
        sentence(&table, "3541"),
        "retired 2021-06-15 (ISPmanager 5 Lite), successor 55999 (Some panel)"
    );
    let russian = table.lookup("55231").unwrap();
    assert_eq!((russian.mark(), russian.nodes()), (Mark::Documented, Some("addon_7")));
    assert_eq!(russian.endpoints().collect::<Vec<_>>(), ["api.ispmanager.ru"]);
}
