//! Prices that are made of costs, turned into amounts before anything is planned. Pure.
//!
//! A figure is what the licence for a sold period costs, plus the rule's percentage, plus its fixed amount,
//! rounded up to a multiple: always to the provider's favour. Nothing is rounded on the way.

mod cost;
mod formula;
mod rule;

use std::collections::BTreeMap;

use self::{
    cost::Desk,
    rule::{Margin, Spread},
};
use crate::{
    kinds::{Amount, ConfigSpec, CostPlus, CurrencyPrices, Formulas, ItemPrice},
    language::t,
    model::{Currency, Name, Period, PriceField},
    source::{At, Sources, codes, fault::Fault},
};

/// Why there is no figure.
#[derive(Debug)]
struct Trouble {
    code: &'static str,
    message: String,
    help: String,
}

impl Trouble {
    fn new(code: &'static str, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { code, message: message.into(), help: help.into() }
    }
}

/// Puts amounts in place of all rules, and says how each was computed.
pub(super) fn compute(spec: &mut ConfigSpec, sources: &Sources) -> Result<Formulas, Vec<Fault>> {
    let mut office = Office { formulas: Formulas::default(), sources, faults: Vec::new() };
    let mut prices = std::mem::take(&mut spec.prices);
    for (key, tariff) in &mut prices {
        if !tariff.items.values().any(is_made) {
            tariff.cost_plus = None;
            continue;
        }
        let ours = tariff.clone();
        tariff.cost_plus = None;
        for (item, price) in &mut tariff.items {
            let desk = Desk { spec, key, tariff: &ours, item };
            match price {
                ItemPrice::CostPlus(own) => {
                    *price = ItemPrice::Prices(office.item(&desk, own.as_ref()));
                }
                ItemPrice::Prices(currencies) => office.amounts(&desk, currencies),
                ItemPrice::Free | ItemPrice::Off => {}
            }
        }
    }
    spec.prices = prices;
    if office.faults.is_empty() { Ok(office.formulas) } else { Err(office.faults) }
}

/// Whether anything of a price is made of costs. Most prices are not, and there may be very many.
fn is_made(price: &ItemPrice) -> bool {
    let amount = |amount: &Amount| matches!(amount, Amount::CostPlus(_));
    match price {
        ItemPrice::CostPlus(_) => true,
        ItemPrice::Prices(currencies) => currencies.values().flat_map(BTreeMap::values).any(amount),
        ItemPrice::Free | ItemPrice::Off => false,
    }
}

/// Where figures are made, and what came of it.
struct Office<'a> {
    formulas: Formulas,
    sources: &'a Sources,
    faults: Vec<Fault>,
}

impl Office<'_> {
    /// All prices of an item.
    fn item(&mut self, desk: &Desk<'_>, own: Option<&CostPlus>) -> BTreeMap<Name, CurrencyPrices> {
        let path = ["prices", desk.key.as_str(), "items", desk.item.as_str()];
        let made = own
            .or(desk.tariff.cost_plus.as_ref())
            .ok_or_else(|| no_rule(desk.key))
            .and_then(|rule| Spread::of(rule, &desk.costs()?));
        let spread = match made {
            Ok(spread) => spread,
            Err(trouble) => {
                self.fault(&path, At::Value, trouble);
                return BTreeMap::new();
            }
        };
        let mut prices = BTreeMap::new();
        for (currency, margin) in &spread.currencies {
            let periods = spread.periods.iter().filter_map(|period| {
                let amount = self.figure(desk, currency, *period, margin, &path)?;
                Some((PriceField::Period(*period), amount))
            });
            let periods: CurrencyPrices = periods.collect();
            if let Ok(name) = currency.as_str().parse() {
                prices.insert(name, periods);
            }
        }
        prices
    }

    /// The single amounts of an item that are made of costs.
    fn amounts(&mut self, desk: &Desk<'_>, currencies: &mut BTreeMap<Name, CurrencyPrices>) {
        for (iso, prices) in currencies {
            let Ok(currency) = iso.as_str().parse::<Currency>() else { continue };
            for (field, amount) in prices {
                let Amount::CostPlus(own) = amount else { continue };
                let name = field.to_string();
                let path = ["prices", desk.key.as_str(), "items", desk.item.as_str(), iso.as_str(), &name];
                let made = match (&own, *field) {
                    (_, PriceField::Setup) => Err(Trouble::new(
                        codes::COST_PLUS,
                        t!("a licence has no set-up cost, so no set-up charge can be made of it"),
                        t!("write an amount, like \"1000.00\""),
                    )),
                    (Some(own), PriceField::Period(period)) => {
                        Margin::of_amount(own).map(|margin| (margin, period))
                    }
                    (None, PriceField::Period(period)) => {
                        let rule = desk.tariff.cost_plus.as_ref().ok_or_else(|| no_rule(desk.key));
                        rule.and_then(|rule| Margin::of_rule(rule, &currency)).map(|margin| (margin, period))
                    }
                };
                match made {
                    Err(trouble) => self.fault(&path, At::Value, trouble),
                    Ok((margin, period)) => {
                        if let Some(made) = self.figure(desk, &currency, period, &margin, &path) {
                            *amount = made;
                        }
                    }
                }
            }
        }
    }

    fn figure(
        &mut self,
        desk: &Desk<'_>,
        currency: &Currency,
        period: Period,
        margin: &Margin,
        path: &[&str],
    ) -> Option<Amount> {
        let made = desk.cost(currency, period).and_then(|cost| Ok((margin.price(&cost)?, cost)));
        match made {
            Err(trouble) => {
                self.fault(path, At::Value, trouble);
                None
            }
            Ok((price, cost)) => {
                let (tariff, item) = (desk.key.as_str(), desk.item.as_str());
                if cost.rate.is_some() && self.formulas.needs_rates.is_none() {
                    self.formulas.needs_rates = Some((tariff.to_owned(), item.to_owned()));
                }
                let text = formula::words(&cost, margin, price);
                self.formulas.insert(tariff, item, currency.as_str(), period, text);
                Some(Amount::Money(price))
            }
        }
    }

    fn fault(&mut self, path: &[&str], at: At, trouble: Trouble) {
        let fault = self.sources.fault(path, at, trouble.code, trouble.message);
        self.faults.push(fault.label(t!("to be made of costs")).help(trouble.help));
    }
}

fn no_rule(tariff: &Name) -> Trouble {
    Trouble::new(
        codes::COST_PLUS,
        t!("`{tariff}` has no rule of its own for `cost_plus`", tariff = tariff),
        t!(
            "give it one: prices: {{{tariff}: {{cost_plus: {{percent: 25%}}}}}}; or write the rule here: {{cost_plus: {{percent: 25%}}}}",
            tariff = tariff
        ),
    )
}
