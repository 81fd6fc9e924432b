//! Checks of prices against costs.

use std::collections::BTreeMap;

use super::{
    Found, Ground,
    ground::{Sold, prices},
    mappings::{row_path, step},
};
use crate::{
    language::t,
    licence::{By, Sum, Terms, months, rules},
    model::{Cash, Currency, Money, Period},
    plan::Level,
    simulate::arithmetic,
};

/// `208.33 RUB`.
pub(super) fn amount(cash: Cash, currency: &str) -> String {
    format!("{cash} {currency}")
}

/// `4800.00 x 1/12 = 400.00 RUB`, and just the amount where nothing is to be worked out.
pub(super) fn told(sum: Sum, currency: &str) -> String {
    let total = amount(sum.total(), currency);
    match sum {
        Sum::Whole { .. } => total,
        Sum::Share { .. } | Sum::Renewals { .. } => format!("{} = {total}", arithmetic(sum)),
    }
}

fn found(sold: &Sold, message: String, cure: String) -> Found {
    let path = sold.path();
    Found::new(&path.iter().map(String::as_str).collect::<Vec<_>>(), message, cure)
}

/// Sales at a price: what is free, and what costs nothing, is for other checks.
fn priced<'g>(ground: &'g Ground<'_>) -> impl Iterator<Item = (&'g Sold, Terms)> {
    let sales = ground.sales.iter().filter(|sold| !sold.line.price.is_zero());
    sales.filter_map(|sold| Some((sold, sold.line.terms()?)))
}

/// What is left of the price after the largest discount, and the words for it.
fn discounted(ground: &Ground<'_>, price: Cash, currency: &str) -> (Cash, String) {
    let discount = ground.thresholds().discount();
    let left = price.less(discount);
    if discount.decimal().is_zero() {
        return (left, amount(left, currency));
    }
    (
        left,
        t!(
            "{price} less {discount} = {amount}",
            price = price,
            discount = discount,
            amount = amount(left, currency)
        ),
    )
}

/// L13
pub(super) fn under_cost(ground: &Ground<'_>) -> Vec<Found> {
    let mut all = Vec::new();
    for (sold, terms) in priced(ground) {
        let (left, sale) = discounted(ground, sold.line.price, &sold.currency);
        let period = sold.line.sale.period;
        let at_least = |cost: Cash| {
            let price = cost.before(ground.thresholds().discount()).unwrap_or(cost);
            t!(
                "charge at least {amount} for {period}, or set the item to `off`",
                amount = amount(price, &sold.currency),
                period = period
            )
        };
        if left < terms.period {
            let message =
                t!("{what} is sold for {period} under its cost", what = sold.what(), period = period);
            let sum = t!(
                "cost {cost}, sale {sale}: {amount} lost",
                cost = told(terms.sum, &sold.currency),
                sale = sale,
                amount = amount(terms.period - left, &sold.currency)
            );
            all.push(found(sold, message, at_least(terms.period)).sum(sum));
            continue;
        }
        let Some(next) = terms.next.filter(|next| left < next.total()) else { continue };
        let message = t!(
            "{what} is sold for {period} over its cost at first, and under it at each renewal",
            what = sold.what(),
            period = period
        );
        let sum = t!("renewals {cost}, sale {sale}", cost = told(next, &sold.currency), sale = sale);
        let mut one = found(sold, message, at_least(next.total())).sum(sum);
        let by = sold
            .line
            .licence
            .as_ref()
            .and_then(|bought| bought.renewal.as_ref().ok())
            .map(|step| step.resolution.by);
        // Without a row, what the renewal is for depends on which page is right.
        if by == Some(By::OneMonth) && period != Period::months(1).unwrap_or(period) {
            one.rule = Some(rules::RENEWAL_SAME);
            one.cure = t!(
                "add `{{sold: {period}, bought: {period}}}` to the period mappings, or charge more",
                period = period
            );
        }
        all.push(one);
    }
    all
}

/// Months, the period they make, and its price.
type Cell = (u32, Period, Money);

/// L14
pub(super) fn dearer_longer(ground: &Ground<'_>) -> Vec<Found> {
    let mut all = Vec::new();
    for (key, tariff) in ground.tariffs() {
        let mut cells: BTreeMap<(&str, &str), Vec<Cell>> = BTreeMap::new();
        for (item, currency, period, money) in prices(tariff).filter(|(.., money)| !money.is_zero()) {
            let Some(count) = months(period) else { continue };
            cells.entry((item.as_str(), currency.as_str())).or_default().push((count, period, money));
        }
        for ((item, currency), row) in cells {
            // Cells are in the order of their periods: each is held against the cheapest month before it.
            let mut best: Option<Cell> = None;
            for (count, period, money) in row {
                let monthly = |count: u32, money: Money| Cash::from(money).share(1, count);
                if let Some((fewer, shorter, price)) = best
                    && Cash::from(price).times(count) < Cash::from(money).times(fewer)
                {
                    let path = ["prices", key.as_str(), "items", item, currency, &period.to_string()];
                    let message = t!(
                        "{item} on {key} costs more per month for {period} than for {shorter}",
                        item = item,
                        key = key,
                        period = period,
                        shorter = shorter
                    );
                    let sum = t!(
                        "{money} {currency} for {period} is {monthly} a month, {price} for {shorter} is {other}",
                        money = money,
                        currency = currency,
                        period = period,
                        monthly = monthly(count, money),
                        price = price,
                        shorter = shorter,
                        other = monthly(fewer, price)
                    );
                    let cure = t!(
                        "charge at most {share} {currency} for {period}",
                        share = Cash::from(price).share(count, fewer),
                        currency = currency,
                        period = period
                    );
                    all.push(Found::new(&path, message, cure).sum(sum));
                    continue;
                }
                best = Some((count, period, money));
            }
        }
    }
    all
}

/// Sales by licence server, mapping row and currency.
type ByRow<'g> = BTreeMap<(&'g str, usize, &'g str), Vec<(&'g Sold, Terms)>>;

/// Sales that one mapping row buys a longer licence for.
fn overbought<'g>(ground: &'g Ground<'_>) -> ByRow<'g> {
    let mut groups = ByRow::new();
    for (sold, terms) in priced(ground).filter(|(_, terms)| matches!(terms.sum, Sum::Share { .. })) {
        let Some(bought) = &sold.line.licence else { continue };
        let row = bought.order.as_ref().ok().and_then(|step| step.resolution.by.row());
        if let Some(row) = row {
            groups.entry((&bought.server, row, &sold.currency)).or_default().push((sold, terms));
        }
    }
    groups
}

/// L15
pub(super) fn exposure(ground: &Ground<'_>) -> Vec<Found> {
    let mut all = Vec::new();
    for ((server, row, currency), sales) in overbought(ground) {
        let worst = sales.iter().filter_map(|(sold, terms)| Some((terms.exposure?, sold, terms)));
        let Some((exposure, sold, terms)) = worst.max_by_key(|(exposure, ..)| *exposure) else { continue };
        let limit = ground.thresholds().exposure.iter().find(|(of, _)| of.as_str() == currency);
        if limit.is_some_and(|(_, limit)| exposure <= Cash::from(*limit)) {
            continue;
        }
        let period = sold.line.sale.period;
        let message = t!(
            "mapping #{row} of {server} buys a longer term of {what} than the {period} that is paid for",
            row = row,
            server = server,
            what = sold.what(),
            period = period
        );
        let mut sum = t!(
            "{now} paid for {amount} sold, {ahead} ahead",
            now = terms.now,
            amount = amount(sold.line.price, currency),
            ahead = amount(exposure, currency)
        );
        if let Some((_, limit)) = limit {
            sum.push_str(&t!(", over the limit of {limit}", limit = limit));
        }
        if let Some(count) = terms.months_to_recover {
            sum.push_str(&t!("; back after {count} paid months", count = count));
        }
        if let Some(share) = terms.break_even {
            sum.push_str(&t!("; cheaper than by the month only above {share} % use", share = share));
        }
        let cure = match limit {
            Some(_) => {
                t!(
                    "take {period} out of `sold`, or raise `checks: thresholds: exposure: {currency}`",
                    period = period,
                    currency = currency
                )
            }
            None => t!(
                "take {period} out of `sold`, or accept it with `checks: {{thresholds: {{exposure: {{{currency}: \"{exposure}\"}}}}}}`",
                period = period,
                currency = currency,
                exposure = exposure
            ),
        };
        let mut one = Found::new(&row_path(server, &step(row)), message, cure).sum(sum);
        one.level = limit.is_some().then_some(Level::Error);
        all.push(one);
    }
    all
}

/// L16
pub(super) fn unused(ground: &Ground<'_>) -> Vec<Found> {
    let expected = ground.thresholds().expected_use();
    let mut all = Vec::new();
    for ((server, row, currency), sales) in overbought(ground) {
        let worst = sales.iter().filter_map(|(sold, terms)| Some((terms.break_even?, sold, terms)));
        let Some((share, sold, terms)) = worst.max_by_key(|(share, ..)| *share) else { continue };
        if share <= expected.decimal() {
            continue;
        }
        let period = sold.line.sale.period;
        let message = t!(
            "mapping #{row} of {server} pays only if {share} % of a term is sold, and {expected} is expected: {what}",
            row = row,
            server = server,
            share = share,
            expected = expected,
            what = sold.what()
        );
        let month = sold.line.licence.as_ref().and_then(|bought| bought.month).unwrap_or_default();
        let sum = t!(
            "{term} for the term, {month} for each month bought singly",
            term = amount(terms.now, currency),
            month = amount(month, currency)
        );
        let cure = t!(
            "take {period} out of `sold`, or set `checks: thresholds: expected_use` to what you see",
            period = period
        );
        all.push(Found::new(&row_path(server, &step(row)), message, cure).sum(sum));
    }
    all
}

/// L28
pub(super) fn thin_margin(ground: &Ground<'_>) -> Vec<Found> {
    let Some(rates) = &ground.spec.rates else { return Vec::new() };
    let mut all = Vec::new();
    let costs = |server: &str, code: &str| {
        let costs = ground.spec.costs.iter().find(|(key, _)| key.as_str() == server)?.1;
        costs.codes.iter().find(|(key, _)| key.as_str() == code).map(|(_, costs)| costs)
    };
    let least = ground.thresholds().margin();
    for (sold, terms) in priced(ground) {
        let Some(bought) = &sold.line.licence else { continue };
        let Some(cost) = costs(&bought.server, &bought.code) else { continue };
        let foreign = |currency: &Currency| currency.as_str() != sold.currency;
        if !cost.price.currencies().all(foreign) {
            continue;
        }
        let (left, sale) = discounted(ground, sold.line.price, &sold.currency);
        // A sale at a loss is another check's.
        let margin = (left - terms.period).percent_of(terms.period);
        let Some(margin) = margin.filter(|margin| !margin.is_sign_negative() && *margin < least.decimal())
        else {
            continue;
        };
        let message = t!(
            "{what} earns {margin} % on a cost in another currency, less than {least}",
            what = sold.what(),
            margin = margin,
            least = least
        );
        let sum = t!(
            "cost {amount} at the rates of {as_of}, sale {sale}",
            amount = amount(terms.period, &sold.currency),
            as_of = rates.as_of,
            sale = sale
        );
        let cure = t!("charge more, or lower `checks: thresholds: margin`");
        all.push(found(sold, message, cure).sum(sum));
    }
    let stale = rates.not_good_on(ground.today);
    if let Some(why) = stale.filter(|_| ground.sells_licences() && !ground.spec.costs.is_empty()) {
        let message = t!("the rates {why}, so nothing is computed with them", why = why);
        all.push(Found::new(
            &["rates", "as_of"],
            message,
            t!("write the rates of today, or a longer `max_age_days`"),
        ));
    }
    all
}

/// L30
pub(super) fn old_costs(ground: &Ground<'_>) -> Vec<Found> {
    let limit = ground.thresholds().cost_age_days();
    let old = ground.spec.costs.iter().filter_map(|(key, costs)| {
        let age = costs.as_of.days_until(ground.today);
        (age > i64::from(limit)).then(|| {
            let message = t!(
                "the costs of {key} are of {as_of}: a rise since then is not seen",
                key = key,
                as_of = costs.as_of
            );
            let cure = t!("look the figures up, and write the day in `as_of`");
            Found::new(&["costs", key.as_str(), "as_of"], message, cure).sum(t!(
                "{age} days old; the limit is {limit}",
                age = age,
                limit = limit
            ))
        })
    });
    old.collect()
}

/// L39
pub(super) fn sold_alone(ground: &Ground<'_>) -> Vec<Found> {
    let mut all = Vec::new();
    for sold in ground.sales.iter().filter(|sold| !sold.line.price.is_zero()) {
        let Some(bought) = &sold.line.licence else { continue };
        let costs = ground.spec.costs.iter().find(|(key, _)| key.as_str() == bought.server);
        let code =
            costs.and_then(|(_, costs)| costs.codes.iter().find(|(key, _)| key.as_str() == bought.code));
        let alone = code.and_then(|(_, code)| {
            let currency = sold.currency.parse().ok()?;
            code.sold_alone.as_ref()?.get(&currency, sold.line.sale.period)
        });
        let Some(alone) = alone.map(Cash::from).filter(|alone| sold.line.price < *alone) else { continue };
        let message = t!(
            "{what} costs less for {period} than the same licence alone",
            what = sold.what(),
            period = sold.line.sale.period
        );
        let sum = t!(
            "{amount} with the server, {alone} alone",
            amount = amount(sold.line.price, &sold.currency),
            alone = amount(alone, &sold.currency)
        );
        all.push(found(sold, message, t!("bring the two prices together, or accept it")).sum(sum));
    }
    all
}
