//! From the period that is sold to the period that is bought.

use std::collections::BTreeSet;

use serde::Serialize;

use super::{
    readings::{Readings, WithoutRow},
    rules::{self, Rule},
};
use crate::{language::t, model::Period};

/// A row of the licence server's period mapping.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Row {
    pub(crate) sold: Period,
    pub(crate) bought: Period,
    /// The tariff plan the row is for; every tariff plan where there is none.
    pub(crate) tariff: Option<String>,
    /// Its place among the rows, from 1.
    pub(crate) number: usize,
}

/// The period that is ordered or renewed, and by which rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Resolution {
    pub(crate) period: Period,
    pub(crate) by: By,
}

/// What decided the period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum By {
    /// The row of that number, tied to the tariff plan.
    TiedRow(usize),
    /// The row of that number, for all tariff plans.
    GeneralRow(usize),
    /// No row: the licence is offered for the sold period.
    SamePeriod,
    /// No row, and not offered for the sold period: the smallest one that is.
    Smallest,
    /// No row at a renewal: one month.
    OneMonth,
}

impl By {
    pub(crate) fn rule(self, renewal: bool) -> Rule {
        match self {
            Self::TiedRow(_) => rules::TIED_ROW,
            Self::GeneralRow(_) if renewal => rules::RENEWAL_ROW,
            Self::GeneralRow(_) => rules::GENERAL_ROW,
            Self::SamePeriod if renewal => rules::RENEWAL_SAME,
            Self::SamePeriod => rules::SAME_PERIOD,
            Self::Smallest => rules::SMALLEST,
            Self::OneMonth => rules::RENEWAL_MONTH,
        }
    }

    /// The number of the row, where one decided.
    pub(crate) fn row(self) -> Option<usize> {
        match self {
            Self::TiedRow(number) | Self::GeneralRow(number) => Some(number),
            Self::SamePeriod | Self::Smallest | Self::OneMonth => None,
        }
    }
}

/// Why no period can be told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Unresolved {
    #[error(
        "{}", t!("mapping #{row} asks for {target}, which the licence is not offered for (offered: {listed})", row = row, target = target, listed = listed(offered)))]
    NotOffered { row: usize, target: Period, offered: Vec<Period> },
    #[error("{}", t!("mappings #{one} and #{two} are both for {sold}, and which one wins is not known", one = one, two = two, sold = sold))]
    TwoRows { sold: Period, one: usize, two: usize },
    #[error("{}", t!("the licence is offered for no number of months (offered: {listed})", listed = listed(offered)))]
    NoMonths { offered: Vec<Period> },
}

fn listed(offered: &[Period]) -> String {
    if offered.is_empty() {
        return "nothing".to_owned();
    }
    offered.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

/// The period of the licence that a sale orders.
pub(crate) fn resolve_order(
    sold: Period,
    tariff: &str,
    rows: &[Row],
    offered: &BTreeSet<Period>,
    readings: &Readings,
) -> Result<Resolution, Unresolved> {
    if let Some(found) = by_row(sold, tariff, rows, offered, readings)? {
        return Ok(found);
    }
    if offered.contains(&sold) {
        return Ok(Resolution { period: sold, by: By::SamePeriod });
    }
    smallest(offered)
}

/// The period that the licence of an active service is renewed for.
pub(crate) fn resolve_renewal(
    sold: Period,
    tariff: &str,
    rows: &[Row],
    offered: &BTreeSet<Period>,
    readings: &Readings,
) -> Result<Resolution, Unresolved> {
    if let Some(found) = by_row(sold, tariff, rows, offered, readings)? {
        return Ok(found);
    }
    if readings.renewal_without_row == WithoutRow::SamePeriod {
        return if offered.contains(&sold) {
            Ok(Resolution { period: sold, by: By::SamePeriod })
        } else {
            smallest(offered)
        };
    }
    let Some(month) = Period::months(1).filter(|month| offered.contains(month)) else {
        return smallest(offered);
    };
    Ok(Resolution { period: month, by: By::OneMonth })
}

/// One hop: a row's target is never looked up again.
fn by_row(
    sold: Period,
    tariff: &str,
    rows: &[Row],
    offered: &BTreeSet<Period>,
    readings: &Readings,
) -> Result<Option<Resolution>, Unresolved> {
    let Some((row, by)) = the_row(sold, tariff, rows)? else { return Ok(None) };
    if offered.contains(&row.bought) {
        return Ok(Some(Resolution { period: row.bought, by }));
    }
    if readings.not_offered_fails {
        let offered = offered.iter().copied().collect();
        return Err(Unresolved::NotOffered { row: row.number, target: row.bought, offered });
    }
    smallest(offered).map(Some)
}

fn the_row<'a>(sold: Period, tariff: &str, rows: &'a [Row]) -> Result<Option<(&'a Row, By)>, Unresolved> {
    let pick = |tie: Option<&str>| {
        let mut fitting = rows.iter().filter(|row| row.sold == sold && row.tariff.as_deref() == tie);
        match (fitting.next(), fitting.next()) {
            (Some(one), Some(two)) => Err(Unresolved::TwoRows { sold, one: one.number, two: two.number }),
            (found, _) => Ok(found),
        }
    };
    if let Some(tied) = pick(Some(tariff))? {
        return Ok(Some((tied, By::TiedRow(tied.number))));
    }
    Ok(pick(None)?.map(|row| (row, By::GeneralRow(row.number))))
}

/// Periods sort trial, day, months, lifetime: the first number of months is the smallest.
fn smallest(offered: &BTreeSet<Period>) -> Result<Resolution, Unresolved> {
    let months = offered.iter().copied().find(|period| matches!(period, Period::Months(_)));
    let period = months.ok_or_else(|| Unresolved::NoMonths { offered: offered.iter().copied().collect() })?;
    Ok(Resolution { period, by: By::Smallest })
}
