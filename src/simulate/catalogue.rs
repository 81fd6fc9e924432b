//! From a configuration to what the licence engine needs.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    codes::CodeTable,
    kinds::{Amount, ConfigSpec, ItemPrice, TariffSpec},
    language::t,
    licence::{Catalogue, Item, NO_PANEL, Offer, Row, Server, Tariff},
    model::{Cash, Currency, Date, Money, Name, PriceField},
};

/// A catalogue whose costs are in the currency that was asked for, with what had to be assumed for that.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Priced {
    pub(crate) catalogue: Catalogue,
    pub(crate) notes: Vec<String>,
}

/// What a configuration sells and buys, with costs in `currency` wherever there are costs or rates for it.
pub(crate) fn catalogue(spec: &ConfigSpec, currency: &str, today: Date) -> Priced {
    let mut servers = servers(spec);
    let mut notes = Vec::new();
    for (key, server) in &mut servers {
        convert(spec, key, server, currency, today, &mut notes);
    }
    let tariffs = spec.prices.iter().map(|(key, tariff)| (key.as_str().to_owned(), of_tariff(spec, tariff)));
    Priced { catalogue: Catalogue { tariffs: tariffs.collect(), servers }, notes }
}

/// The currencies that clients can pay in, the usual one first: the one the account is charged in, then those
/// there are costs in, then by how many prices there are.
pub(crate) fn currencies(spec: &ConfigSpec) -> Vec<String> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for price in spec.prices.values().flat_map(|tariff| tariff.items.values()) {
        if let ItemPrice::Prices(prices) = price {
            for (currency, amounts) in prices {
                *counts.entry(currency.as_str()).or_default() += amounts.len();
            }
        }
    }
    let costs = || spec.costs.values();
    let charged = |currency: &str| {
        costs().any(|costs| costs.currency.as_ref().is_some_and(|own| own.as_str() == currency))
    };
    let costed = |currency: &str| {
        let mut codes = costs().flat_map(|costs| costs.codes.values());
        codes.any(|code| code.price.currencies().any(|own| own.as_str() == currency))
    };
    let mut order: Vec<(&str, usize)> = counts.into_iter().collect();
    order.sort_by_key(|(currency, count)| {
        (!charged(currency), !costed(currency), std::cmp::Reverse(*count), *currency)
    });
    order.into_iter().map(|(currency, _)| currency.to_owned()).collect()
}

fn of_tariff(spec: &ConfigSpec, tariff: &TariffSpec) -> Tariff {
    Tariff {
        servers: servers_of(spec, tariff),
        default: tariff.resource.default.as_str().to_owned(),
        items: tariff.items.iter().map(|(code, price)| (code.as_str().to_owned(), item(price))).collect(),
    }
}

/// The licence servers that a tariff plan's orders may go to. Which processor serves a tariff plan is the
/// panel's knowledge: several servers are told apart only where the configuration says so.
fn servers_of(spec: &ConfigSpec, tariff: &TariffSpec) -> Vec<String> {
    if let Some(own) = &tariff.licence_server {
        return vec![own.as_str().to_owned()];
    }
    let named: BTreeSet<&str> = spec
        .processors
        .values()
        .filter_map(|processor| processor.licence_server.as_ref())
        .map(Name::as_str)
        .collect();
    if !named.is_empty() {
        return named.into_iter().map(str::to_owned).collect();
    }
    let described: BTreeSet<&str> =
        spec.costs.keys().chain(spec.period_mappings.keys()).map(Name::as_str).collect();
    described.into_iter().map(str::to_owned).collect()
}

fn item(price: &ItemPrice) -> Item {
    match price {
        ItemPrice::Off | ItemPrice::CostPlus(_) => Item::default(),
        ItemPrice::Free => Item { offered: true, free: true, prices: BTreeMap::new() },
        ItemPrice::Prices(currencies) => {
            let prices = currencies.iter().map(|(currency, prices)| {
                let amounts = prices.iter().filter_map(|(field, amount)| match amount {
                    Amount::Money(money) => Some((*field, *money)),
                    // A configuration that was loaded has amounts in the place of rules.
                    Amount::None | Amount::CostPlus(_) => None,
                });
                (currency.as_str().to_owned(), amounts.collect::<BTreeMap<PriceField, Money>>())
            });
            Item { offered: true, free: false, prices: prices.collect() }
        }
    }
}

fn servers(spec: &ConfigSpec) -> BTreeMap<String, Server> {
    let mut servers: BTreeMap<String, Server> = BTreeMap::new();
    let referenced = spec.processors.values().filter_map(|processor| processor.licence_server.as_ref());
    for key in referenced.chain(spec.costs.keys()).chain(spec.period_mappings.keys()) {
        servers.entry(key.as_str().to_owned()).or_default();
    }
    for (key, rows) in &spec.period_mappings {
        let server = servers.entry(key.as_str().to_owned()).or_default();
        for (index, row) in rows.iter().enumerate() {
            server.rows.extend(row.sold.0.iter().map(|sold| Row {
                sold: *sold,
                bought: row.bought,
                tariff: row.tariff.as_ref().map(|name| name.as_str().to_owned()),
                number: index + 1,
            }));
        }
    }
    let table = CodeTable::with(&spec.codes);
    for (key, server) in &mut servers {
        // What the table knows of a code is enough to tell periods, though not what they cost.
        let sold = spec.prices.values().flat_map(|tariff| tariff.items.keys()).map(Name::as_str);
        for code in sold.filter(|code| *code != NO_PANEL) {
            if let Some(periods) = table.lookup(code).and_then(|entry| entry.periods()) {
                let offer = Offer { periods: periods.collect(), ..Offer::default() };
                server.codes.insert(code.to_owned(), offer);
            }
        }
        let costs = spec.costs.iter().find(|(name, _)| name.as_str() == key);
        let Some((_, costs)) = costs else { continue };
        server.currency = costs.currency.as_ref().map(|currency| currency.as_str().to_owned());
        for (code, own) in &costs.codes {
            let cost = own.price.iter().map(|(currency, periods)| {
                let periods = periods.iter().map(|(period, money)| (*period, Cash::from(*money)));
                (currency.as_str().to_owned(), periods.collect())
            });
            let offer = Offer { periods: own.offered(), cost: cost.collect(), nodes: own.nodes.unwrap_or(0) };
            server.codes.insert(code.as_str().to_owned(), offer);
        }
    }
    servers
}

/// Brings the costs of a server into a currency it has none in, by the configuration's own rates.
fn convert(
    spec: &ConfigSpec,
    key: &str,
    server: &mut Server,
    currency: &str,
    today: Date,
    notes: &mut Vec<String>,
) {
    let lacking =
        server.codes.values().any(|offer| !offer.cost.is_empty() && !offer.cost.contains_key(currency));
    let Some(rates) = spec.rates.as_ref().filter(|_| lacking) else { return };
    if let Some(why) = rates.not_good_on(today) {
        notes.push(t!(
            "the currency rates {why}: costs of {key} are not brought into {currency}",
            why = why,
            key = key,
            currency = currency
        ));
        return;
    }
    let Ok(to) = currency.parse::<Currency>() else { return };
    let mut used = BTreeSet::new();
    for offer in server.codes.values_mut().filter(|offer| !offer.cost.contains_key(currency)) {
        let charged = server.currency.iter().chain(offer.cost.keys());
        let mut priced =
            charged.filter(|from| offer.cost.contains_key(*from)).filter_map(|from| from.parse().ok());
        let Some(exchange) = priced.find_map(|from: Currency| rates.exchange(&from, &to)) else {
            continue;
        };
        let costs = offer.cost.get(exchange.from.as_str()).into_iter().flatten();
        let converted = costs.filter_map(|(period, cost)| Some((*period, exchange.cash(*cost)?))).collect();
        offer.cost.insert(currency.to_owned(), converted);
        used.insert(exchange);
    }
    notes.extend(
        used.into_iter().map(|rate| {
            t!("costs of {key} at {rate}, of {as_of}", key = key, rate = rate, as_of = rates.as_of)
        }),
    );
}
