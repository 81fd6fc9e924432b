//! What a sale earns: cost, margin, exposure, and when the money is back.

use rust_decimal::Decimal;

use super::catalogue::{Bought, Line};
use crate::model::{Cash, Period};

/// The money of a sale whose licence is bought new, in one currency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Terms {
    /// What the order costs at once.
    pub(crate) now: Cash,
    /// What the licence costs for the sold period: its share of a longer term, or all orders and renewals
    /// that it takes.
    pub(crate) period: Cash,
    /// How that sum is made up.
    pub(crate) sum: Sum,
    /// How the cost of every further period is made up, by renewals alone; nothing where that is not known.
    pub(crate) next: Option<Sum>,
    /// Price less cost of the sold period, without the set-up.
    pub(crate) margin: Cash,
    /// How much more is paid at once than the client has paid; nothing where it is not more.
    pub(crate) exposure: Option<Cash>,
    /// How many months a client must pay until the order is paid for; nothing where it is at once, or never.
    pub(crate) months_to_recover: Option<u32>,
    /// Which part of the term must be sold so that buying it is not dearer than buying by the month, in percent.
    pub(crate) break_even: Option<Decimal>,
}

/// How the cost of a sold period is made up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sum {
    /// One order, for just that period.
    Whole { cost: Cash },
    /// A part of one order: `sold` of `bought` months.
    Share { cost: Cash, sold: u32, bought: u32 },
    /// One order, and renewals until the sold period is over.
    Renewals { cost: Cash, count: u32, renewal: Cash },
}

impl Line {
    /// What the sale earns where its licence is bought; nothing where a cost is not known, or no licence is
    /// bought.
    pub(crate) fn terms(&self) -> Option<Terms> {
        let bought = self.licence.as_ref()?;
        let order = bought.order.as_ref().ok()?;
        let now = order.cost?;
        let sold = months(self.sale.period);
        let term = months(order.resolution.period);
        let sum = match (sold, term) {
            (Some(sold), Some(term)) if term < sold => renewals(bought, now, sold - term)?,
            _ => covering(now, sold, term),
        };
        let period = sum.total();
        let longer = matches!(sum, Sum::Share { .. });
        let exposure =
            Some(now - self.price).filter(|gap| longer && !gap.is_negative() && *gap != Cash::ZERO);
        let monthly = sold.map(|sold| self.price.share(1, sold));
        Some(Terms {
            now,
            period,
            sum,
            next: next(bought, sold),
            margin: self.price - period,
            exposure,
            months_to_recover: exposure.and(monthly).and_then(|monthly| now.times_of(monthly)),
            break_even: (bought.month.zip(term))
                .filter(|(_, term)| longer && *term > 1)
                .and_then(|(month, term)| now.percent_of(month.times(term))),
        })
    }
}

/// The cost of a sold period that one licence covers.
fn covering(cost: Cash, sold: Option<u32>, term: Option<u32>) -> Sum {
    match (sold, term) {
        (Some(sold), Some(bought)) if bought > sold => Sum::Share { cost, sold, bought },
        // A trial or a day buys a whole licence: what is left of it is worth nothing until somebody takes it.
        _ => Sum::Whole { cost },
    }
}

/// The cost of a period that renewals alone pay for.
fn next(bought: &Bought, sold: Option<u32>) -> Option<Sum> {
    let step = bought.renewal.as_ref().ok()?;
    let (cost, term) = (step.cost?, months(step.resolution.period));
    match (sold, term) {
        (Some(sold), Some(term)) if term < sold => renewals(bought, cost, sold - term),
        _ => Some(covering(cost, sold, term)),
    }
}

fn renewals(bought: &Bought, cost: Cash, rest: u32) -> Option<Sum> {
    let step = bought.renewal.as_ref().ok()?;
    let count = rest.div_ceil(months(step.resolution.period)?);
    Some(Sum::Renewals { cost, count, renewal: step.cost? })
}

impl Sum {
    pub(crate) fn total(self) -> Cash {
        match self {
            Self::Whole { cost } => cost,
            Self::Share { cost, sold, bought } => cost.share(sold, bought),
            Self::Renewals { cost, count, renewal } => cost + renewal.times(count),
        }
    }
}

/// A period as a number of months, where it is one.
pub(crate) fn months(period: Period) -> Option<u32> {
    match period {
        Period::Months(count) => Some(u32::from(count.get())),
        Period::Trial | Period::Day | Period::Lifetime => None,
    }
}
