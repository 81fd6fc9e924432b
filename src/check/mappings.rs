//! Checks of period mappings.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Found, Ground,
    ground::{Sold, prices, some},
    money::told as told_sum,
};
use crate::{
    language::t,
    licence::{By, Row, Server, Sum, Unresolved, months},
    model::Period,
};

/// Where a row is written.
pub(super) fn row_path<'a>(server: &'a str, row: &'a str) -> [&'a str; 3] {
    ["period_mappings", server, row]
}

/// The step of a row's number, which counts from 1.
pub(super) fn step(row: usize) -> String {
    row.saturating_sub(1).to_string()
}

/// `mapping #1 of licences (3m -> 12m)`.
fn told(server: &str, row: &Row) -> String {
    t!(
        "mapping #{number} of {server} ({sold} -> {bought})",
        number = row.number,
        server = server,
        sold = row.sold,
        bought = row.bought
    )
}

/// All periods that a licence server offers for any of its codes; empty where none is known.
fn offered(server: &Server) -> BTreeSet<Period> {
    server.codes.values().flat_map(|offer| offer.periods.iter().copied()).collect()
}

fn rows<'g>(ground: &'g Ground<'_>) -> impl Iterator<Item = (&'g String, &'g Server, &'g Row)> {
    ground.servers.iter().flat_map(|(key, server)| server.rows.iter().map(move |row| (key, server, row)))
}

/// Sales by licence server and sold period.
fn by_period<'g>(
    ground: &'g Ground<'_>,
    wanted: impl Fn(&Sold) -> bool,
) -> BTreeMap<(&'g str, Period), Vec<&'g Sold>> {
    let mut groups: BTreeMap<(&str, Period), Vec<&Sold>> = BTreeMap::new();
    for sold in ground.sales.iter().filter(|sold| wanted(sold)) {
        let Some(bought) = &sold.line.licence else { continue };
        groups.entry((&bought.server, sold.line.sale.period)).or_default().push(sold);
    }
    groups
}

fn tariffs(group: &[&Sold]) -> String {
    some(&group.iter().map(|sold| sold.what()).collect())
}

/// Where a finding about all sales of a period belongs: the server's rows, or else the first price.
fn section(ground: &Ground<'_>, server: &str, first: &Sold) -> Vec<String> {
    if ground.spec.period_mappings.keys().any(|key| key.as_str() == server) {
        return vec!["period_mappings".to_owned(), server.to_owned()];
    }
    first.path().to_vec()
}

fn found_at(path: &[String], message: String, cure: String) -> Found {
    Found::new(&path.iter().map(String::as_str).collect::<Vec<_>>(), message, cure)
}

/// L06
pub(super) fn no_identity(ground: &Ground<'_>) -> Vec<Found> {
    let unsure = |sold: &Sold| {
        let licence = sold.line.licence.as_ref();
        licence.is_some_and(|bought| {
            let by = |step: &Result<crate::licence::Step, Unresolved>| {
                step.as_ref().ok().map(|step| step.resolution.by)
            };
            by(&bought.order) == Some(By::SamePeriod)
                && by(&bought.renewal) == Some(By::OneMonth)
                && months(sold.line.sale.period).is_some_and(|count| count > 1)
        })
    };
    let mut found = Vec::new();
    for ((server, period), group) in by_period(ground, unsure) {
        let message = t!(
            "{period} is sold without a mapping {period} -> {period}, so {tariffs} may be renewed by the month",
            period = period,
            tariffs = tariffs(&group)
        );
        let cure = t!(
            "add `{{sold: {period}, bought: {period}}}` under `period_mappings: {server}:`",
            period = period,
            server = server
        );
        let mut one = found_at(&section(ground, server, group[0]), message, cure);
        one.arithmetic = group.iter().find_map(|sold| {
            let bought = sold.line.licence.as_ref()?;
            let (whole, month) = (bought.order.as_ref().ok()?.cost?, bought.month?);
            let count = months(period)?;
            Some(t!(
                "{count} x {month} = {times} instead of {whole} {currency} for {code}",
                count = count,
                month = month,
                times = month.times(count),
                whole = whole,
                currency = sold.currency,
                code = bought.code
            ))
        });
        found.push(one);
    }
    found
}

/// Whether a row leads to a shorter period.
fn shortens(row: &Row) -> bool {
    matches!((months(row.sold), months(row.bought)), (Some(sold), Some(bought)) if bought < sold)
}

fn is_reversed(server: &Server, row: &Row) -> bool {
    let offered = offered(server);
    if !shortens(row) || offered.is_empty() {
        return false;
    }
    let longest = offered.iter().copied().filter(|period| months(*period).is_some()).max();
    let changing: Vec<&Row> = server.rows.iter().filter(|row| row.sold != row.bought).collect();
    let all_from_longest = changing.len() > 1 && changing.iter().all(|row| Some(row.sold) == longest);
    !offered.contains(&row.bought) || all_from_longest
}

/// L07
pub(super) fn target_not_offered(ground: &Ground<'_>) -> Vec<Found> {
    let mut groups: BTreeMap<(&str, usize), (BTreeSet<String>, String)> = BTreeMap::new();
    for sold in &ground.sales {
        let Some(bought) = &sold.line.licence else { continue };
        let Err(error @ Unresolved::NotOffered { row, .. }) = &bought.order else { continue };
        let group =
            groups.entry((&bought.server, *row)).or_insert_with(|| (BTreeSet::new(), error.to_string()));
        group.0.insert(sold.what());
    }
    let mut found = Vec::new();
    for ((server, number), (sales, why)) in groups {
        let row = ground.servers.get(server).and_then(|server| {
            let row = server.rows.iter().find(|row| row.number == number)?;
            (!is_reversed(server, row)).then_some(row)
        });
        let Some(row) = row else { continue };
        let cure = t!(
            "let `bought` be a period that is offered for each of these codes, or tie the row to tariff plans that sell others"
        );
        let message = format!("{why}: {}", some(&sales));
        found.push(Found::new(&row_path(server, &step(row.number)), message, cure));
    }
    found
}

/// L08
pub(super) fn reversed(ground: &Ground<'_>) -> Vec<Found> {
    let reversed = rows(ground).filter(|(_, server, row)| is_reversed(server, row));
    let found = reversed.map(|(key, server, row)| {
        let offered: Vec<String> = offered(server).iter().map(ToString::to_string).collect();
        let message = t!(
            "{row} looks reversed: {bought} is bought for what is sold for {sold}",
            row = told(key, row),
            bought = row.bought,
            sold = row.sold
        );
        let cure = t!(
            "if {bought} is what clients buy, write `{{sold: {bought}, bought: {sold}}}`",
            bought = row.bought,
            sold = row.sold
        );
        Found::new(&row_path(key, &step(row.number)), message, cure)
            .sum(t!("offered: {offered}", offered = offered.join(", ")))
    });
    found.collect()
}

/// L09
pub(super) fn shorter(ground: &Ground<'_>) -> Vec<Found> {
    let mut found = Vec::new();
    for (key, server, row) in rows(ground).filter(|(_, _, row)| shortens(row)) {
        let offered = offered(server);
        // Where nothing between the two is offered, the row only says what would happen anyway.
        let better =
            offered.range(row.bought..=row.sold).copied().filter(|period| *period != row.bought).max();
        let poorer = better.is_some() || offered.is_empty();
        if !poorer || is_reversed(server, row) {
            continue;
        }
        let (Some(sold), Some(bought)) = (months(row.sold), months(row.bought)) else { continue };
        let message = t!(
            "{row} buys less than is sold: the licence is renewed until the period is over, or stops",
            row = told(key, row)
        );
        let best = better.unwrap_or(row.sold);
        let cure = t!("write `bought: {best}`, or leave {sold} out of the row", best = best, sold = row.sold);
        let renewals = sold.div_ceil(bought).saturating_sub(1);
        let sum = t!(
            "1 order and {renewals} renewals of {bought} for {sold} sold",
            renewals = renewals,
            bought = row.bought,
            sold = row.sold
        );
        found.push(Found::new(&row_path(key, &step(row.number)), message, cure).sum(sum));
    }
    found
}

/// L10
pub(super) fn uncovered(ground: &Ground<'_>) -> Vec<Found> {
    let falls = |sold: &Sold| {
        let order = sold.line.licence.as_ref().and_then(|bought| bought.order.as_ref().ok());
        order
            .is_some_and(|step| step.resolution.by == By::Smallest && months(sold.line.sale.period).is_some())
    };
    let mut found = Vec::new();
    for ((server, period), group) in by_period(ground, falls) {
        let target = group
            .iter()
            .find_map(|sold| Some(sold.line.licence.as_ref()?.order.as_ref().ok()?.resolution.period));
        let Some(target) = target else { continue };
        let message = t!(
            "{period} is sold, mapped to nothing and not offered by {server}, so {target} is bought: {tariffs}",
            period = period,
            server = server,
            target = target,
            tariffs = tariffs(&group)
        );
        let cure = t!(
            "add `{{sold: {period}, bought: 12m}}` or another offered period under `period_mappings: {server}:`, or sell no {period}",
            period = period,
            server = server
        );
        let mut one = found_at(&section(ground, server, group[0]), message, cure);
        one.arithmetic = group.iter().find_map(|sold| {
            let terms = sold.line.terms()?;
            let renewals = match terms.sum {
                Sum::Renewals { count, .. } => t!(", {count} of them renewals", count = count),
                Sum::Whole { .. } | Sum::Share { .. } => String::new(),
            };
            Some(t!(
                "{cost} for a price of {price} ({what}{renewals})",
                cost = told_sum(terms.sum, &sold.currency),
                price = sold.line.price,
                what = sold.what(),
                renewals = renewals
            ))
        });
        found.push(one);
    }
    found
}

/// Periods that each tariff plan has prices for.
fn sold_periods(ground: &Ground<'_>) -> BTreeMap<String, BTreeSet<Period>> {
    let mut sold: BTreeMap<String, BTreeSet<Period>> = BTreeMap::new();
    for (key, tariff) in ground.tariffs() {
        let periods = prices(tariff).map(|(_, _, period, _)| period).collect::<BTreeSet<_>>();
        if !periods.is_empty() {
            sold.insert(key.as_str().to_owned(), periods);
        }
    }
    sold
}

/// L11
pub(super) fn dead_rows(ground: &Ground<'_>) -> Vec<Found> {
    let sold = sold_periods(ground);
    if sold.is_empty() {
        return Vec::new();
    }
    let tied_to = |server: &Server, tariff: &str, period: Period| {
        server.rows.iter().any(|row| row.sold == period && row.tariff.as_deref() == Some(tariff))
    };
    let mut found = Vec::new();
    for (key, server, row) in rows(ground) {
        let sells = |tariff: &String| sold.get(tariff).is_some_and(|periods| periods.contains(&row.sold));
        let why = match &row.tariff {
            Some(tariff) if !ground.spec.prices.keys().any(|key| key.as_str() == tariff) => {
                t!("the configuration sells no panel on {tariff}", tariff = tariff)
            }
            Some(tariff) if sold.contains_key(tariff) && !sells(tariff) => {
                t!("{tariff} has no price for {sold}", tariff = tariff, sold = row.sold)
            }
            None if !sold.keys().any(sells) => t!("no tariff plan has a price for {sold}", sold = row.sold),
            None if sold
                .keys()
                .filter(|tariff| sells(tariff))
                .all(|tariff| tied_to(server, tariff, row.sold)) =>
            {
                t!("every tariff plan that sells it has a row of its own")
            }
            _ => continue,
        };
        let message = t!("{row} applies to nothing: {why}", row = told(key, row), why = why);
        let cure = t!("take {sold} out of `sold`, or the row out of the list", sold = row.sold);
        found.push(Found::new(&row_path(key, &step(row.number)), message, cure));
    }
    found
}

/// L12
pub(super) fn chains(ground: &Ground<'_>) -> Vec<Found> {
    let mut found = Vec::new();
    for (key, server, row) in rows(ground).filter(|(_, _, row)| row.sold != row.bought) {
        let of = |tariff: Option<&str>| {
            server.rows.iter().find(|next| next.sold == row.bought && next.tariff.as_deref() == tariff)
        };
        let next = row.tariff.as_deref().and_then(|tariff| of(Some(tariff))).or_else(|| of(None));
        let Some(next) = next.filter(|next| next.sold != next.bought) else { continue };
        let message = t!(
            "{row} ends where #{number} begins ({sold} -> {bought}), and rows are applied once",
            row = told(key, row),
            number = next.number,
            sold = next.sold,
            bought = next.bought
        );
        let cure = t!("if {bought} is what you want to buy, write `bought: {bought}`", bought = next.bought);
        found.push(Found::new(&row_path(key, &step(row.number)), message, cure));
    }
    found
}
