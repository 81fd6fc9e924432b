//! The money of a sale.

use rust_decimal::Decimal;

use super::table::{cash, catalogue, line, rows};
use crate::licence::{Readings, Sum, Terms, WithoutRow};

fn terms(list: &[(&str, &str, Option<&str>)], sold: &str) -> Terms {
    let readings = Readings::default();
    line(&catalogue(rows(list)), "small", "55227", sold, &readings).terms().unwrap()
}

#[test]
fn the_same_period_earns_the_difference() {
    let terms = terms(&[], "1m");
    assert_eq!((terms.now, terms.period, terms.margin), (cash("25"), cash("25"), cash("10")));
    assert_eq!((terms.exposure, terms.months_to_recover, terms.break_even), (None, None, None));
}

#[test]
fn a_period_without_offer_costs_a_licence_for_each_month() {
    let terms = terms(&[], "3m");
    assert_eq!(terms.sum, Sum::Renewals { cost: cash("25"), count: 2, renewal: cash("25") });
    assert_eq!((terms.now, terms.period, terms.margin), (cash("25"), cash("75"), cash("30")));
}

#[test]
fn an_annual_sale_without_a_row_is_ordered_for_a_year() {
    let terms = terms(&[], "12m");
    assert_eq!((terms.period, terms.margin), (cash("250"), cash("170")));
    // It is renewed by the month: the second year costs more than the first.
    assert_eq!(terms.next.map(Sum::total), Some(cash("300")));
    // Two years are not: a month is ordered, and 23 are renewed.
    let two = self::terms(&[], "24m");
    assert_eq!(two.period, cash("600"));
    let readings = Readings { renewal_without_row: WithoutRow::SamePeriod, ..Readings::default() };
    let two = line(&catalogue(rows(&[])), "small", "55227", "24m", &readings).terms().unwrap();
    assert_eq!(two.period, cash("600"));
}

#[test]
fn a_year_bought_for_a_month_lends_money_until_it_is_paid_back() {
    let terms = terms(&[("1m", "12m", None)], "1m");
    assert_eq!(terms.now, cash("250"));
    assert_eq!(terms.period, cash("250").share(1, 12));
    assert_eq!(terms.exposure, Some(cash("215")));
    // 250 / 35 = 7.14: eight payments.
    assert_eq!(terms.months_to_recover, Some(8));
    // 250 of 12 x 25.
    assert_eq!(terms.break_even, Some(Decimal::new(833, 1)));
}

#[test]
fn a_trial_pays_for_the_whole_month_it_buys() {
    let terms = terms(&[], "trial");
    assert_eq!(terms.sum, Sum::Whole { cost: cash("25") });
    assert_eq!(terms.period, cash("25"));
}
