//! From the sold period to the bought one.

use std::collections::BTreeSet;

use super::table::{period, rows};
use crate::{
    licence::{By, Readings, Resolution, Unresolved, WithoutRow, resolve_order, resolve_renewal, rules},
    model::{Mark, Period},
};

fn month_and_year() -> BTreeSet<Period> {
    [period("1m"), period("12m")].into()
}

fn order(list: &[(&str, &str, Option<&str>)], sold: &str, tariff: &str) -> Result<String, Unresolved> {
    let found = resolve_order(period(sold), tariff, &rows(list), &month_and_year(), &Readings::default())?;
    Ok(found.period.to_string())
}

/// The seed's example.
const YEARLY: &[(&str, &str, Option<&str>)] =
    &[("1m", "12m", None), ("3m", "12m", None), ("6m", "12m", None)];

#[test]
fn orders_follow_the_vectors() {
    type Rows = &'static [(&'static str, &'static str, Option<&'static str>)];
    let tied: Rows = &[("1m", "12m", Some("t1"))];
    let both: Rows = &[("1m", "12m", None), ("1m", "1m", Some("t1"))];
    let vectors: [(&str, Rows, &str, &str, &str); 17] = [
        ("V1", &[], "1m", "t1", "1m"),
        ("V2", &[], "12m", "t1", "12m"),
        ("V3", &[], "3m", "t1", "1m"),
        ("V4", &[], "6m", "t1", "1m"),
        ("V5", &[], "24m", "t1", "1m"),
        ("V6", YEARLY, "1m", "t1", "12m"),
        ("V6", YEARLY, "3m", "t1", "12m"),
        ("V6", YEARLY, "6m", "t1", "12m"),
        ("V7", YEARLY, "12m", "t1", "12m"),
        ("V8", YEARLY, "24m", "t1", "1m"),
        ("V9", tied, "1m", "t1", "12m"),
        ("V9", tied, "1m", "t2", "1m"),
        ("V10", both, "1m", "t1", "1m"),
        ("V10", both, "1m", "t2", "12m"),
        ("V13", &[], "trial", "t1", "1m"),
        ("V13", &[], "day", "t1", "1m"),
        ("V14", &[("12m", "1m", None)], "12m", "t1", "1m"),
    ];
    for (name, list, sold, tariff, bought) in vectors {
        assert_eq!(order(list, sold, tariff).as_deref(), Ok(bought), "{name}: {sold} on {tariff}");
    }
}

#[test]
fn a_target_that_is_not_offered_is_an_error_and_rows_are_not_chained() {
    // V11: a mapping that was written the wrong way round.
    let Err(Unresolved::NotOffered { row: 1, target, .. }) = order(&[("12m", "3m", None)], "12m", "t1")
    else {
        panic!("V11 must fail")
    };
    assert_eq!(target, period("3m"));
    // V12: 1 -> 3 does not go on to 12.
    let chain = [("1m", "3m", None), ("3m", "12m", None)];
    assert!(matches!(order(&chain, "1m", "t1"), Err(Unresolved::NotOffered { row: 1, .. })));
}

#[test]
fn a_target_that_is_not_offered_may_be_read_as_the_smallest_period() {
    let readings = Readings { not_offered_fails: false, ..Readings::default() };
    let list = rows(&[("12m", "3m", None)]);
    let found = resolve_order(period("12m"), "t1", &list, &month_and_year(), &readings).unwrap();
    assert_eq!(found, Resolution { period: period("1m"), by: By::Smallest });
}

#[test]
fn the_reason_is_the_row_that_won_and_its_rule_says_how_sure_it_is() {
    let list = rows(&[("1m", "12m", None), ("1m", "1m", Some("t1"))]);
    let by = |tariff: &str| {
        resolve_order(period("1m"), tariff, &list, &month_and_year(), &Readings::default()).unwrap().by
    };
    assert_eq!(by("t1"), By::TiedRow(2));
    assert_eq!(by("t2"), By::GeneralRow(1));
    assert_eq!(by("t1").rule(false).mark, Mark::Inferred);
    assert_eq!(by("t2").rule(false).mark, Mark::Documented);
    assert_eq!(by("t2").rule(true), rules::RENEWAL_ROW);
}

#[test]
fn two_rows_for_one_period_are_refused() {
    let twice = [("1m", "12m", None), ("1m", "1m", None)];
    assert!(matches!(order(&twice, "1m", "t1"), Err(Unresolved::TwoRows { one: 1, two: 2, .. })));
    let tied = [("1m", "12m", Some("t1")), ("1m", "1m", Some("t1"))];
    assert!(order(&tied, "1m", "t1").is_err());
    assert_eq!(order(&tied, "1m", "t2").as_deref(), Ok("1m"));
}

#[test]
fn offers_differ_by_code() {
    let readings = Readings::default();
    let half_years: BTreeSet<Period> = ["1m", "3m", "6m", "12m", "trial"].map(period).into();
    let found = |sold: &str, offered: &BTreeSet<Period>| {
        resolve_order(period(sold), "t1", &[], offered, &readings).map(|found| found.period.to_string())
    };
    assert_eq!(found("3m", &half_years).as_deref(), Ok("3m"));
    assert_eq!(found("trial", &half_years).as_deref(), Ok("trial"));
    let year_only: BTreeSet<Period> = [period("12m")].into();
    assert_eq!(found("1m", &year_only).as_deref(), Ok("12m"));
    let trial_only: BTreeSet<Period> = [period("trial")].into();
    assert!(matches!(found("1m", &trial_only), Err(Unresolved::NoMonths { .. })));
    assert!(found("1m", &BTreeSet::new()).is_err());
}

#[test]
fn renewals_follow_the_row_or_take_one_month_in_both_readings() {
    let renewal = |list: &[(&str, &str, Option<&str>)], sold: &str, without: WithoutRow| {
        let readings = Readings { renewal_without_row: without, ..Readings::default() };
        let found = resolve_renewal(period(sold), "t1", &rows(list), &month_and_year(), &readings);
        found.unwrap().period.to_string()
    };
    assert_eq!(renewal(YEARLY, "3m", WithoutRow::OneMonth), "12m");
    assert_eq!(renewal(&[("12m", "12m", None)], "12m", WithoutRow::OneMonth), "12m");
    // An annual service without a row: what the pages say, and what one might expect.
    assert_eq!(renewal(&[], "12m", WithoutRow::OneMonth), "1m");
    assert_eq!(renewal(&[], "12m", WithoutRow::SamePeriod), "12m");
    assert_eq!(renewal(&[], "24m", WithoutRow::SamePeriod), "1m");
}
