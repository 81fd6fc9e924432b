//! Checks of what tariff plans offer.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Found, Ground,
    ground::{licences, prices, some},
    money::amount,
};
use crate::{
    kinds::{Amount, ItemPrice, TariffSpec},
    language::t,
    licence::{NO_PANEL, months},
    model::{Billing, ClientChange, Name, Period, PriceField},
    plan::Level,
};

fn item<'a>(tariff: &'a TariffSpec, code: &str) -> Option<&'a ItemPrice> {
    tariff.items.iter().find(|(item, _)| item.as_str() == code).map(|(_, price)| price)
}

fn hidden(tariff: &TariffSpec) -> bool {
    tariff.resource.billing == Some(Billing::DoNotBill)
}

/// L20
pub(super) fn no_refusal(ground: &Ground<'_>) -> Vec<Found> {
    let mut found = Vec::new();
    for (key, tariff) in
        ground.tariffs().filter(|(_, tariff)| !hidden(tariff) && licences(tariff).next().is_some())
    {
        let path = ["prices", key.as_str(), "items", NO_PANEL];
        let cure = t!("write `nopanel: free` on the tariff plan");
        match item(tariff, NO_PANEL) {
            Some(ItemPrice::Off) => {
                let message =
                    t!("nobody can order {key} without a panel: every order buys a licence", key = key);
                found.push(Found::new(&path, message, cure));
            }
            // What is not listed is left as the panel has it.
            None => {
                let message = t!("whether {key} can be ordered without a panel is not said here", key = key);
                found.push(Found::new(&path[..2], message, cure).level(Level::Warning));
            }
            Some(ItemPrice::Free | ItemPrice::Prices(_) | ItemPrice::CostPlus(_)) => {}
        }
    }
    found
}

/// L22
pub(super) fn downgrade(ground: &Ground<'_>) -> Vec<Found> {
    let mut found = Vec::new();
    for (key, tariff) in ground.tariffs() {
        let change = tariff.resource.client_change;
        if !matches!(change, Some(ClientChange::Allowed | ClientChange::DownOnly)) {
            continue;
        }
        let terms =
            ground.sales.iter().filter(|sold| sold.line.sale.tariff == key.as_str()).filter_map(|sold| {
                months(sold.line.licence.as_ref()?.order.as_ref().ok()?.resolution.period)
            });
        let sold = prices(tariff)
            .filter(|(item, ..)| item.as_str() != NO_PANEL)
            .filter_map(|(_, _, period, _)| months(period));
        let Some(longest) = terms.chain(sold).max().filter(|longest| *longest > 1) else { continue };
        let message = t!(
            "a client of {key} may change to a cheaper panel, or none, while a licence of {longest}m runs",
            key = key,
            longest = longest
        );
        let path = ["prices", key.as_str(), "resource", "client_change"];
        let sum = t!("the licence is free from then on, and may rest for a month before it is used again");
        found.push(Found::new(&path, message, t!("write `client_change: up_only`")).sum(sum));
    }
    found
}

/// L23
pub(super) fn every_server(ground: &Ground<'_>) -> Vec<Found> {
    let mut found = Vec::new();
    for (key, tariff) in ground.tariffs().filter(|(_, tariff)| hidden(tariff)) {
        let default = tariff.resource.default.as_str();
        if default == NO_PANEL {
            continue;
        }
        let message = t!(
            "every server of {key} buys a licence {default}, and no client is asked or charged for it",
            key = key,
            default = default
        );
        let path = ["prices", key.as_str(), "resource", "default"];
        let cure = t!(
            "write `default: nopanel`, or see that the price of the tariff plan pays for it, and waive this"
        );
        let mut one = Found::new(&path, message, cure);
        let month = ground
            .sales
            .iter()
            .find(|sold| sold.line.sale.tariff == key.as_str() && sold.line.sale.item == default);
        one.arithmetic = month.and_then(|sold| {
            Some(t!(
                "{amount} for each server and month",
                amount = amount(sold.line.licence.as_ref()?.month?, &sold.currency)
            ))
        });
        found.push(one);
    }
    found
}

/// L24
pub(super) fn paid_default(ground: &Ground<'_>) -> Vec<Found> {
    let mut found = Vec::new();
    for (key, tariff) in ground.tariffs().filter(|(_, tariff)| !hidden(tariff)) {
        let default = tariff.resource.default.as_str();
        if default == NO_PANEL || !matches!(item(tariff, default), Some(ItemPrice::Prices(_))) {
            continue;
        }
        let message =
            t!("who chooses nothing on {key} gets {default}, and pays for it", key = key, default = default);
        let path = ["prices", key.as_str(), "resource", "default"];
        let mut one =
            Found::new(&path, message, t!("write `default: nopanel`, or make the default item `free`"));
        let price = prices(tariff).find(|(of, ..)| of.as_str() == default);
        one.arithmetic = price.map(|(_, currency, period, money)| {
            t!("{money} {currency} for {period}", money = money, currency = currency, period = period)
        });
        found.push(one);
    }
    found
}

type Cell<'a> = (&'a str, Period);

/// The cells in which an item has an amount.
fn cells(price: &ItemPrice) -> BTreeSet<Cell<'_>> {
    let ItemPrice::Prices(currencies) = price else { return BTreeSet::new() };
    let cells = currencies.iter().flat_map(|(currency, prices)| {
        prices.iter().filter_map(move |(field, amount)| match (field, amount) {
            (PriceField::Period(period), Amount::Money(_)) => Some((currency.as_str(), *period)),
            _ => None,
        })
    });
    cells.collect()
}

/// L25
pub(super) fn missing_price(ground: &Ground<'_>) -> Vec<Found> {
    let mut found = Vec::new();
    for (key, tariff) in ground.tariffs() {
        let priced: Vec<(&Name, BTreeSet<Cell<'_>>)> = licences(tariff)
            .filter(|(_, price)| matches!(price, ItemPrice::Prices(_)))
            .map(|(item, price)| (item, cells(price)))
            .collect();
        let all = || priced.iter().flat_map(|(_, cells)| cells);
        let currencies: BTreeSet<&str> = all().map(|(currency, _)| *currency).collect();
        let periods: BTreeSet<Period> = all().map(|(_, period)| *period).collect();
        for (item, cells) in &priced {
            let every =
                currencies.iter().flat_map(|currency| periods.iter().map(move |period| (*currency, *period)));
            let missing: BTreeSet<String> = every
                .filter(|cell| !cells.contains(cell))
                .map(|(currency, period)| t!("{period} in {currency}", period = period, currency = currency))
                .collect();
            if missing.is_empty() {
                continue;
            }
            let message = t!(
                "{item} is offered on {key} and has no price for {list}",
                item = item,
                key = key,
                list = some(&missing)
            );
            let path = ["prices", key.as_str(), "items", item.as_str()];
            let cure =
                t!("write the price; or sell the period, or in the currency, no item of the tariff plan");
            found.push(Found::new(&path, message, cure));
        }
    }
    found
}

/// L26
pub(super) fn zero_price(ground: &Ground<'_>) -> Vec<Found> {
    let mut found = Vec::new();
    for (key, tariff) in ground.tariffs() {
        // One finding for an item: a panel's export may have a zero for every period that is not sold.
        let mut zeros: BTreeMap<&Name, BTreeSet<String>> = BTreeMap::new();
        for (item, currency, period, money) in prices(tariff) {
            if item.as_str() != NO_PANEL && money.is_zero() {
                zeros.entry(item).or_default().insert(t!(
                    "{period} in {currency}",
                    period = period,
                    currency = currency
                ));
            }
        }
        for (item, cells) in zeros {
            let path = ["prices", key.as_str(), "items", item.as_str()];
            let message =
                t!("{item} costs nothing on {key} for {list}", item = item, key = key, list = some(&cells));
            let cure = t!(
                "write the price or `none`; or `{item}: free` if the panel is part of the tariff plan",
                item = item
            );
            found.push(Found::new(&path, message, cure));
        }
    }
    found
}

/// L35
pub(super) fn short_sale(ground: &Ground<'_>) -> Vec<Found> {
    let mut found = Vec::new();
    for (key, tariff) in ground.tariffs() {
        let short = prices(tariff).filter(|(item, _, period, _)| {
            item.as_str() != NO_PANEL && matches!(period, Period::Trial | Period::Day)
        });
        for (item, currency, period, money) in short {
            let line = ground.sales.iter().find(|sold| {
                let sale = &sold.line.sale;
                sale.tariff == key.as_str()
                    && sale.item == item.as_str()
                    && sale.period == period
                    && sold.currency == currency.as_str()
            });
            let order = line.and_then(|sold| sold.line.licence.as_ref()?.order.as_ref().ok());
            // A code of its own for the trial buys no month.
            if order.is_some_and(|step| months(step.resolution.period).is_none()) {
                continue;
            }
            let path =
                ["prices", key.as_str(), "items", item.as_str(), currency.as_str(), &period.to_string()];
            let message = t!(
                "a {period} of {item} on {key} may buy a whole month's licence",
                period = period,
                item = item,
                key = key
            );
            let cure = t!("write `{period}: none`, or offer the vendor's trial code for it", period = period);
            let mut one = Found::new(&path, message, cure);
            let cost = order.and_then(|step| step.cost);
            one.arithmetic = cost.map(|cost| {
                t!("cost {amount}, sale {money}", amount = amount(cost, currency.as_str()), money = money)
            });
            found.push(one);
        }
    }
    found
}

/// L37
pub(super) fn shared(ground: &Ground<'_>) -> Vec<Found> {
    let mut found = Vec::new();
    for (key, _) in ground.panels() {
        let using = ground.tariffs().filter(|(_, tariff)| &tariff.resource.enumeration == key);
        let (tariffs, providers): (Vec<&Name>, Vec<Option<&Name>>) =
            using.map(|(tariff, spec)| (tariff, spec.provider.as_ref())).unzip();
        let providers: BTreeSet<String> = providers.into_iter().flatten().map(ToString::to_string).collect();
        if providers.len() < 2 {
            continue;
        }
        let message = t!(
            "a change of {key} touches {tariffs} tariff plans of {list}",
            key = key,
            tariffs = tariffs.len(),
            list = some(&providers)
        );
        let cure =
            t!("give each provider an enumeration of its own, or review changes of this one for all of them");
        found.push(Found::new(&["enumerations", key.as_str()], message, cure));
    }
    found
}
