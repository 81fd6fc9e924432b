//! What the paid time of a licence is worth: the cost of its term by the days that are left of it.

use jiff::ToSpan;

use super::{Account, document::Worth};
use crate::{
    language::t,
    model::{Cash, Currency, Date, Period},
    upstream::{Amount, Licence},
};

/// The worth, or what is missing to know it. A licence that was renewed ahead is worth more than one term.
pub(super) fn of(account: &Account<'_>, licence: &Licence) -> Result<Worth, Vec<String>> {
    let cost = licence.cost.clone().or_else(|| from_costs(account, licence));
    let term = licence.period.zip(licence.expires).and_then(|(period, end)| days(period, end));
    let (Some(cost), Some(term), Some(end)) = (cost.clone(), term, licence.expires) else {
        let missing = [
            (t!("what it costs"), cost.is_none()),
            (t!("how many days its term has"), licence.expires.is_some() && term.is_none()),
        ];
        return Err(missing.into_iter().filter(|(_, missing)| *missing).map(|(what, _)| what).collect());
    };
    let left = u32::try_from(account.today.days_until(end).max(0)).unwrap_or(u32::MAX);
    let Amount { amount, currency } = cost;
    Ok(Worth {
        amount: amount.share(left, term),
        currency,
        arithmetic: t!("{amount} x {left} of {term} days", amount = amount, left = left, term = term),
    })
}

/// What the configuration says that the licence's term costs.
fn from_costs(account: &Account<'_>, licence: &Licence) -> Option<Amount> {
    let costs = account.costs?;
    let (_, code) = costs.codes.iter().find(|(code, _)| code.as_str() == licence.code)?;
    let told = account.currency.and_then(|text| text.parse::<Currency>().ok());
    let only = || {
        let mut all = code.price.currencies();
        all.next().filter(|_| all.next().is_none()).cloned()
    };
    let currency = costs.currency.clone().or(told).or_else(only)?;
    let period = licence.period?;
    let mut amount = Cash::from(code.price.get(&currency, period)?);
    let own = code.nodes.unwrap_or_default();
    // Without a number of nodes it is one that is ordered as usual.
    let more = licence.nodes.map_or(Some(0), |nodes| nodes.checked_sub(own))?;
    if more > 0 {
        amount += Cash::from(code.per_node.as_ref()?.get(&currency, period)?).times(more);
    }
    Some(Amount { amount, currency })
}

/// The days of the term that ends then; nothing for one that never ends, or whose length is on no record.
fn days(period: Period, end: Date) -> Option<u32> {
    let days = match period {
        Period::Months(count) => {
            let start = Date::from(end.civil().saturating_sub(i32::from(count.get()).months()));
            start.days_until(end)
        }
        Period::Day => 1,
        Period::Trial | Period::Lifetime => return None,
    };
    u32::try_from(days).ok().filter(|days| *days > 0)
}
