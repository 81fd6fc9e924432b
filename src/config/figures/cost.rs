//! What the licence for a sold period costs, in the currency of the sale.

use std::collections::{BTreeMap, BTreeSet};

use super::{Trouble, rule::too_large};
use crate::{
    kinds::{CodeCosts, ConfigSpec, CostsSpec, TariffSpec},
    language::t,
    licence::{NO_PANEL, Readings, Resolution, Row, Unresolved, months, resolve_order, resolve_renewal},
    model::{Currency, Exchange, Money, Name, Period, Ratio},
    source::codes,
};

/// The item whose prices are being made, and all that bears on them.
pub(super) struct Desk<'a> {
    pub(super) spec: &'a ConfigSpec,
    /// The tariff plan's key, and what is said of it.
    pub(super) key: &'a Name,
    pub(super) tariff: &'a TariffSpec,
    /// The licence code.
    pub(super) item: &'a Name,
}

/// The costs that count for an item.
pub(super) struct Costs<'a> {
    server: &'a Name,
    spec: &'a CostsSpec,
    pub(super) code: &'a CodeCosts,
}

/// What a sold period costs, and how that is made up.
pub(super) struct Cost {
    /// In the currency of the sale.
    pub(super) exact: Ratio,
    /// In the currency of the cost.
    pub(super) sum: Sum,
    /// Where the currencies differ.
    pub(super) rate: Option<Exchange>,
}

/// How the cost of a sold period is made up.
#[derive(Clone, Copy, Debug)]
pub(super) enum Sum {
    /// One order.
    Whole { cost: Money },
    /// A part of one order: `sold` of `bought` months.
    Share { cost: Money, sold: u32, bought: u32 },
    /// One order, and renewals until the sold period is over.
    Renewals { cost: Money, count: u32, renewal: Money },
}

impl Sum {
    fn exact(self) -> Option<Ratio> {
        match self {
            Self::Whole { cost } => cost.ratio(),
            Self::Share { cost, sold, bought } => {
                cost.ratio()?.times(Ratio::whole(sold))?.over(Ratio::whole(bought))
            }
            Self::Renewals { cost, count, renewal } => {
                cost.ratio()?.plus(renewal.ratio()?.times(Ratio::whole(count))?)
            }
        }
    }
}

impl<'a> Desk<'a> {
    /// The costs of the code: those of the licence server that is named, or of the only one that has any.
    pub(super) fn costs(&self) -> Result<Costs<'a>, Trouble> {
        let item = self.item;
        if item.as_str() == NO_PANEL {
            let message = t!("`{item}` orders no licence, so it has no cost", item = NO_PANEL);
            return Err(Trouble::new(codes::NO_COST, message, t!("write `free`, or an amount")));
        }
        let all = self.spec.costs.iter();
        let mut with_code =
            all.filter_map(|(server, spec)| spec.codes.get(item).map(|code| Costs { server, spec, code }));
        if let Some(named) = &self.tariff.licence_server {
            let found = with_code.find(|costs| self.is_same(costs.server, named));
            return found.ok_or_else(|| self.no_code(named.as_str(), true));
        }
        match (with_code.next(), with_code.next()) {
            (None, _) => {
                let mut servers = self.spec.costs.keys().chain(self.spec.period_mappings.keys());
                Err(self.no_code(servers.next().map_or("LICENCE_SERVER", Name::as_str), false))
            }
            (Some(one), None) => Ok(one),
            (Some(one), Some(two)) => Err(Trouble::new(
                codes::WHICH_COSTS,
                t!(
                    "`{item}` has costs on `{server}` and on `{other}`",
                    item = item,
                    server = one.server,
                    other = two.server
                ),
                t!(
                    "say which counts: prices: {{{key}: {{licence_server: {server}}}}}",
                    key = self.key,
                    server = one.server
                ),
            )),
        }
    }

    fn no_code(&self, server: &str, named: bool) -> Trouble {
        let item = self.item;
        let on = if named { t!(" on `{server}`", server = server) } else { String::new() };
        Trouble::new(
            codes::NO_COST,
            t!("what `{item}` costs{on} is not said", item = item, on = on),
            t!(
                "add it: costs: {{{server}: {{as_of: DATE, codes: {{\"{item}\": {{price: {{RUB: {{1m: \"...\", 12m: \"...\"}}}}}}}}}}}}",
                server = server,
                item = item
            ),
        )
    }

    /// Whether two keys name one processor: by our own key or by its name in the panel.
    fn is_same(&self, one: &Name, two: &Name) -> bool {
        let name = |key: &'_ Name| {
            let spec = self.spec.processors.get(key);
            spec.map_or(key.as_str(), |spec| spec.live_name(key)).to_owned()
        };
        one == two || name(one) == name(two)
    }

    /// The period mappings of the licence server, numbered as they are written.
    fn rows(&self, server: &Name) -> Vec<Row> {
        let lists = self.spec.period_mappings.iter().filter(|(key, _)| self.is_same(key, server));
        let rows = lists.flat_map(|(_, rows)| rows.iter().enumerate()).flat_map(|(index, row)| {
            row.sold.0.iter().map(move |sold| Row {
                sold: *sold,
                bought: row.bought,
                tariff: row.tariff.as_ref().map(Name::to_string),
                number: index + 1,
            })
        });
        rows.collect()
    }

    /// What the licence for a sold period costs.
    pub(super) fn cost(&self, currency: &Currency, sold: Period) -> Result<Cost, Trouble> {
        let costs = self.costs()?;
        let (rows, offered) = (self.rows(costs.server), costs.code.offered());
        let readings = Readings::default();
        let resolve = |how: Resolve| {
            how(sold, self.key.as_str(), &rows, &offered, &readings)
                .map(|resolution| resolution.period)
                .map_err(|error| self.unresolved(sold, &error))
        };
        let bought = resolve(resolve_order)?;
        let (from, cost) = self.price(&costs, currency, bought)?;
        let sum = match (months(sold), months(bought)) {
            (Some(sold), Some(bought)) if bought > sold => Sum::Share { cost, sold, bought },
            (Some(all), Some(first)) if first < all => {
                let next = resolve(resolve_renewal)?;
                let (_, renewal) = self.price(&costs, from, next)?;
                let count = (all - first).div_ceil(months(next).unwrap_or(1));
                Sum::Renewals { cost, count, renewal }
            }
            // A trial or a day buys a whole licence, if there is nothing smaller.
            _ => Sum::Whole { cost },
        };
        let exact = sum.exact().ok_or_else(too_large)?;
        if from == currency {
            return Ok(Cost { exact, sum, rate: None });
        }
        let rate = self.exchange(from, currency, bought)?;
        let exact = rate.exact(exact).ok_or_else(too_large)?;
        Ok(Cost { exact, sum, rate: Some(rate) })
    }

    fn unresolved(&self, sold: Period, error: &Unresolved) -> Trouble {
        Trouble::new(
            codes::NO_COST,
            t!(
                "which licence `{item}` orders for {sold} cannot be told: {error}",
                item = self.item,
                sold = sold,
                error = error
            ),
            t!("correct the period mapping, or the periods the code is `offered` for under `costs`"),
        )
    }

    /// The cost for a period that is bought, in the currency of the sale if there is one in it, else in that
    /// of the account.
    fn price<'c>(
        &self,
        costs: &Costs<'c>,
        currency: &'c Currency,
        period: Period,
    ) -> Result<(&'c Currency, Money), Trouble>
    where
        'a: 'c,
    {
        let table = &costs.code.price;
        if let Some(money) = table.get(currency, period) {
            return Ok((currency, money));
        }
        let given: BTreeMap<&Currency, Money> = (table.currencies())
            .filter_map(|currency| Some((currency, table.get(currency, period)?)))
            .collect();
        let account = costs.spec.currency.as_ref().filter(|account| given.contains_key(account));
        match (account, given.first_key_value(), given.len()) {
            (Some(account), ..) => Ok((account, given[account])),
            (None, Some((only, money)), 1) => Ok((*only, *money)),
            (None, Some(_), _) => {
                let names: Vec<&str> = given.keys().map(|currency| currency.as_str()).collect();
                Err(Trouble::new(
                    codes::WHICH_COSTS,
                    t!(
                        "the cost of `{item}` is given in {names}, and which of them to turn into {currency} is not said",
                        item = self.item,
                        names = names.join(" and "),
                        currency = currency
                    ),
                    t!(
                        "say in which currency the account is charged: costs: {{{server}: {{currency: {currency}}}}}",
                        server = costs.server,
                        currency = names[0]
                    ),
                ))
            }
            (None, None, _) => Err(Trouble::new(
                codes::NO_COST,
                t!(
                    "what `{item}` costs for {period} on `{server}` is not said",
                    item = self.item,
                    period = period,
                    server = costs.server
                ),
                t!(
                    "add it: costs: {{{server}: {{codes: {{\"{item}\": {{price: {{{currency}: {{{period}: \"...\"}}}}}}}}}}}}",
                    server = costs.server,
                    item = self.item,
                    currency = currency,
                    period = period
                ),
            )),
        }
    }

    /// The way between two currencies.
    fn exchange(&self, from: &Currency, to: &Currency, period: Period) -> Result<Exchange, Trouble> {
        let found = self.spec.rates.as_ref().and_then(|rates| rates.exchange(from, to));
        found.ok_or_else(|| {
            let (large, small) = if from.as_str() == "RUB" { (to, from) } else { (from, to) };
            let dated = if self.spec.rates.is_some() { "" } else { "as_of: DATE, " };
            Trouble::new(
                codes::NO_RATE,
                t!("what `{item}` costs for {period} is given in {from}, not in {to}, and there is no rate between them", item = self.item, period = period, from = from, to = to),
                t!("add the cost, or the rate: rates: {{{dated}per: {{{large}: {{{small}: \"...\"}}}}}}, which is what 1 {large} is worth in {small}", dated = dated, large = large, small = small),
            )
        })
    }
}

/// How the period of a licence is found.
type Resolve = fn(Period, &str, &[Row], &BTreeSet<Period>, &Readings) -> Result<Resolution, Unresolved>;
