//! What is added to a cost, and for which currencies and periods.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Trouble,
    cost::{Cost, Costs},
};
use crate::{
    kinds::{AmountPlus, CostPlus, MoneyBy},
    language::t,
    model::{Currency, Money, Percent, Period, Ratio},
    source::codes,
};

/// What is added to a cost in one currency, and to what the sum is rounded up.
#[derive(Clone, Copy, Debug)]
pub(super) struct Margin {
    pub(super) percent: Option<Percent>,
    pub(super) fixed: Option<Money>,
    pub(super) step: Money,
}

impl Margin {
    pub(super) fn of_amount(rule: &AmountPlus) -> Result<Self, Trouble> {
        Self::new(rule.percent, rule.fixed, rule.round_to)
    }

    pub(super) fn of_rule(rule: &CostPlus, currency: &Currency) -> Result<Self, Trouble> {
        let fixed = in_currency("fixed", rule.fixed.as_ref(), currency)?;
        Self::new(rule.percent, fixed, in_currency("round_to", rule.round_to.as_ref(), currency)?)
    }

    fn new(percent: Option<Percent>, fixed: Option<Money>, step: Option<Money>) -> Result<Self, Trouble> {
        if percent.is_none() && fixed.is_none() {
            let help = t!("write `percent: 25%`, `fixed: \"50.00\"`, or both; `percent: 0%` sells at cost");
            return Err(Trouble::new(
                codes::COST_PLUS,
                t!("the rule does not say what is added to the cost"),
                help,
            ));
        }
        let step = step.unwrap_or(Money::UNIT);
        if step.is_zero() {
            let help =
                t!("write what the price is to be a multiple of, like \"10\", or leave `round_to` out");
            return Err(Trouble::new(
                codes::COST_PLUS,
                t!("nothing can be rounded to a multiple of 0"),
                help,
            ));
        }
        Ok(Self { percent, fixed, step })
    }

    /// The price: cost and margin, rounded up.
    pub(super) fn price(&self, cost: &Cost) -> Result<Money, Trouble> {
        let exact = self.exact(cost.exact);
        exact.and_then(|exact| Money::rounded_up(exact, self.step)).ok_or_else(too_large)
    }

    pub(super) fn exact(&self, cost: Ratio) -> Option<Ratio> {
        let percent = self.percent.unwrap_or(Percent::ZERO).ratio()?;
        let with_percent = cost.times(Ratio::whole(1).plus(percent)?)?;
        with_percent.plus(self.fixed.unwrap_or(Money::ZERO).ratio()?)
    }
}

pub(super) fn too_large() -> Trouble {
    Trouble::new(
        codes::COST_PLUS,
        t!("the price is too large to be computed"),
        t!("check the digits of the cost, the rate and the rule"),
    )
}

/// One amount must not stand for several currencies: 10 roubles are not 10 euros.
fn in_currency(field: &str, by: Option<&MoneyBy>, currency: &Currency) -> Result<Option<Money>, Trouble> {
    match by {
        None => Ok(None),
        Some(MoneyBy::One(money)) => Ok(Some(*money)),
        Some(MoneyBy::Each(each)) => match each.get(currency) {
            Some(money) => Ok(Some(*money)),
            None => Err(Trouble::new(
                codes::COST_PLUS,
                t!("`{field}` says nothing of {currency}", field = field, currency = currency),
                t!("add the amount: `{field}: {{{currency}: \"...\"}}`", field = field, currency = currency),
            )),
        },
    }
}

/// The prices that a rule makes of an item.
pub(super) struct Spread {
    pub(super) currencies: BTreeMap<Currency, Margin>,
    pub(super) periods: BTreeSet<Period>,
}

impl Spread {
    pub(super) fn of(rule: &CostPlus, costs: &Costs<'_>) -> Result<Self, Trouble> {
        let currencies: BTreeSet<Currency> = match &rule.currencies {
            Some(currencies) => currencies.clone(),
            None => costs.code.price.currencies().cloned().collect(),
        };
        let one = |by: &Option<MoneyBy>| matches!(by, Some(MoneyBy::One(_)));
        for (field, by) in [("fixed", &rule.fixed), ("round_to", &rule.round_to)] {
            if one(by) && currencies.len() > 1 {
                let names: Vec<&str> = currencies.iter().map(Currency::as_str).collect();
                let each: Vec<String> = names.iter().map(|name| format!("{name}: \"...\"")).collect();
                return Err(Trouble::new(
                    codes::COST_PLUS,
                    t!(
                        "`{field}` is one amount, and the rule makes prices in {names}",
                        field = field,
                        names = names.join(" and ")
                    ),
                    t!(
                        "write it by currency: `{field}: {{{each}}}`, or limit the rule: `currencies: [{currency}]`",
                        field = field,
                        each = each.join(", "),
                        currency = names[0]
                    ),
                ));
            }
        }
        let margins =
            currencies.into_iter().map(|currency| Ok((currency.clone(), Margin::of_rule(rule, &currency)?)));
        Ok(Self {
            currencies: margins.collect::<Result<_, Trouble>>()?,
            periods: rule.periods.clone().unwrap_or_else(|| costs.code.price.periods()),
        })
    }
}
