//! What is sold and what it costs, put together once.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    NO_PANEL,
    mapping::{Resolution, Row, Unresolved, resolve_order, resolve_renewal},
    readings::Readings,
};
use crate::{
    language::t,
    model::{Cash, Money, Period, PriceField},
};

/// Tariff plans and licence servers, from a configuration or from a panel.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Catalogue {
    pub(crate) tariffs: BTreeMap<String, Tariff>,
    pub(crate) servers: BTreeMap<String, Server>,
}

/// What a tariff plan offers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tariff {
    /// The licence servers its orders may go to; one, where that can be told.
    pub(crate) servers: Vec<String>,
    /// The item that applies where the client chooses nothing.
    pub(crate) default: String,
    pub(crate) items: BTreeMap<String, Item>,
}

/// An item on a tariff plan.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Item {
    pub(crate) offered: bool,
    /// Every price is zero.
    pub(crate) free: bool,
    /// Prices by currency.
    pub(crate) prices: BTreeMap<String, BTreeMap<PriceField, Money>>,
}

/// A licence server as the provider sees it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Server {
    pub(crate) rows: Vec<Row>,
    /// Offers by licence code.
    pub(crate) codes: BTreeMap<String, Offer>,
    /// The currency the account is charged in, where it is known.
    pub(crate) currency: Option<String>,
}

/// One licence on offer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Offer {
    pub(crate) periods: BTreeSet<Period>,
    /// Cost by currency, nodes included.
    pub(crate) cost: BTreeMap<String, BTreeMap<Period, Cash>>,
    /// Nodes that each licence is ordered with; 0 for a licence without nodes.
    pub(crate) nodes: u32,
}

impl Offer {
    pub(crate) fn cost(&self, currency: &str, period: Period) -> Option<Cash> {
        self.cost.get(currency)?.get(&period).copied()
    }
}

/// What a client buys.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Sale {
    pub(crate) tariff: String,
    pub(crate) item: String,
    pub(crate) period: Period,
}

/// A sale with all that follows from it on any day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Line {
    pub(crate) sale: Sale,
    /// What the client pays for each period.
    pub(crate) price: Cash,
    /// What the client pays once.
    pub(crate) setup: Cash,
    /// What is bought for it; nothing for `nopanel`.
    pub(crate) licence: Option<Bought>,
}

/// What is bought for a sale.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Bought {
    pub(crate) server: String,
    pub(crate) code: String,
    pub(crate) nodes: u32,
    pub(crate) order: Result<Step, Unresolved>,
    pub(crate) renewal: Result<Step, Unresolved>,
    /// Cost of one month, where it is offered: what the fallback would pay.
    pub(crate) month: Option<Cash>,
}

/// An order or a renewal with its cost, where that is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Step {
    pub(crate) resolution: Resolution,
    pub(crate) cost: Option<Cash>,
}

/// Why there is no such sale.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NoLine {
    #[error("{}", t!("there is no tariff plan `{tariff}`", tariff = tariff))]
    Tariff { tariff: String, known: Vec<String> },
    #[error("{}", t!("the tariff plan `{tariff}` has no panel `{item}`", tariff = tariff, item = item))]
    Item { tariff: String, item: String, known: Vec<String> },
    #[error("{}", t!("the panel `{item}` is off on the tariff plan `{tariff}`", item = item, tariff = tariff))]
    Off { tariff: String, item: String },
    #[error("{}", t!("the panel `{item}` has no price for {period} in {currency} on the tariff plan `{tariff}`", item = item, period = period, currency = currency, tariff = tariff))]
    Price { tariff: String, item: String, period: Period, currency: String, known: Vec<String> },
    #[error("{}", t!("which licence server serves the tariff plan `{tariff}` cannot be told: {candidates}", tariff = tariff, candidates = candidates(servers)))]
    Server { tariff: String, servers: Vec<String> },
    #[error("{}", t!("for which periods the licence server `{server}` offers the code {code} is not known", server = server, code = code))]
    Offer { server: String, code: String },
}

fn candidates(servers: &[String]) -> String {
    match servers {
        [] => t!("no processor names one"),
        several => t!("it may be {several}", several = several.join(" or ")),
    }
}

impl Catalogue {
    /// All that follows from a sale in that currency.
    pub(crate) fn line(&self, sale: &Sale, currency: &str, readings: &Readings) -> Result<Line, NoLine> {
        let Sale { tariff: key, item: code, period } = sale.clone();
        let tariff = self.tariffs.get(&key).ok_or_else(|| NoLine::Tariff {
            tariff: key.clone(),
            known: self.tariffs.keys().cloned().collect(),
        })?;
        let item = tariff.items.get(&code).ok_or_else(|| NoLine::Item {
            tariff: key.clone(),
            item: code.clone(),
            known: tariff.items.keys().cloned().collect(),
        })?;
        if !item.offered {
            return Err(NoLine::Off { tariff: key, item: code });
        }
        let (price, setup) = item.charge(period, currency).ok_or_else(|| NoLine::Price {
            tariff: key.clone(),
            item: code.clone(),
            period,
            currency: currency.to_owned(),
            known: item.sold().iter().map(ToString::to_string).collect(),
        })?;
        let licence = match code.as_str() {
            NO_PANEL => None,
            _ => Some(self.bought(tariff, sale, currency, readings)?),
        };
        Ok(Line { sale: sale.clone(), price, setup, licence })
    }

    fn bought(
        &self,
        tariff: &Tariff,
        sale: &Sale,
        currency: &str,
        readings: &Readings,
    ) -> Result<Bought, NoLine> {
        let [key] = tariff.servers.as_slice() else {
            return Err(NoLine::Server { tariff: sale.tariff.clone(), servers: tariff.servers.clone() });
        };
        let server = self.servers.get(key);
        let offer = server.and_then(|server| server.codes.get(&sale.item));
        let (Some(server), Some(offer)) = (server, offer) else {
            return Err(NoLine::Offer { server: key.clone(), code: sale.item.clone() });
        };
        let (rows, periods) = (&server.rows, &offer.periods);
        let step =
            |resolution: Resolution| Step { resolution, cost: offer.cost(currency, resolution.period) };
        let month = Period::months(1).and_then(|month| offer.cost(currency, month));
        Ok(Bought {
            server: key.clone(),
            code: sale.item.clone(),
            nodes: offer.nodes,
            order: resolve_order(sale.period, &sale.tariff, rows, periods, readings).map(step),
            renewal: resolve_renewal(sale.period, &sale.tariff, rows, periods, readings).map(step),
            month,
        })
    }
}

impl Item {
    /// What a period costs, and the set-up; nothing where it is not for sale in that currency.
    fn charge(&self, period: Period, currency: &str) -> Option<(Cash, Cash)> {
        if self.free {
            return Some((Cash::ZERO, Cash::ZERO));
        }
        let prices = self.prices.get(currency)?;
        let price = prices.get(&PriceField::Period(period))?;
        let setup = prices.get(&PriceField::Setup).copied().unwrap_or(Money::ZERO);
        Some(((*price).into(), setup.into()))
    }

    /// The periods that have a price in any currency.
    pub(crate) fn sold(&self) -> BTreeSet<Period> {
        let fields = self.prices.values().flat_map(BTreeMap::keys);
        fields
            .filter_map(|field| match field {
                PriceField::Period(period) => Some(*period),
                PriceField::Setup => None,
            })
            .collect()
    }
}
