//! What the checks stand on.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    codes::CodeTable,
    kinds::{ConfigSpec, ItemPrice, ProcessorSpec, TariffSpec, ThresholdsSpec},
    language::t,
    licence::{Line, NO_PANEL, Readings, Sale, Server},
    model::{Date, Name, Period, PriceField},
    plan::Plan,
    simulate,
};

/// What is known besides the configuration.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Known<'a> {
    /// What applying the configuration would change, where the panel was read.
    pub(crate) plan: Option<&'a Plan>,
    /// What the licence servers offer, where they were asked: it comes before `costs`.
    pub(crate) offers: Option<&'a BTreeMap<String, Server>>,
    /// Another configuration that may use the same licence account.
    pub(crate) beside: Option<Beside<'a>>,
    /// Whether it is asked for by `check`, and so may depend on the calendar alone.
    pub(crate) calendar: bool,
}

/// Another configuration, and the name to call it by.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Beside<'a> {
    pub(crate) spec: &'a ConfigSpec,
    pub(crate) name: &'a str,
}

/// The configuration and all that follows from it.
pub(crate) struct Ground<'a> {
    pub(super) spec: &'a ConfigSpec,
    pub(super) today: Date,
    pub(super) known: Known<'a>,
    pub(super) codes: CodeTable,
    /// Licence servers with their rows and what they offer.
    pub(super) servers: BTreeMap<String, Server>,
    /// Every sale of a licence that has a price, on each licence server it may go to.
    pub(super) sales: Vec<Sold>,
    /// What had to be assumed for costs in other currencies.
    pub(super) notes: BTreeSet<String>,
}

/// A sale in a currency.
pub(super) struct Sold {
    pub(super) currency: String,
    pub(super) line: Line,
}

impl Sold {
    /// Where its price is written.
    pub(super) fn path(&self) -> [String; 6] {
        let sale = &self.line.sale;
        let (tariff, item, currency) = (sale.tariff.clone(), sale.item.clone(), self.currency.clone());
        ["prices".to_owned(), tariff, "items".to_owned(), item, currency, sale.period.to_string()]
    }

    /// `55227 on vds-start`.
    pub(super) fn what(&self) -> String {
        t!("{item} on {tariff}", item = self.line.sale.item, tariff = self.line.sale.tariff)
    }
}

impl<'a> Ground<'a> {
    pub(crate) fn new(spec: &'a ConfigSpec, today: Date, known: Known<'a>) -> Self {
        let mut ground = Self {
            spec,
            today,
            known,
            codes: CodeTable::with(&spec.codes),
            servers: BTreeMap::new(),
            sales: Vec::new(),
            notes: BTreeSet::new(),
        };
        // Of no currency: rows and offers are the same in all.
        ground.servers = ground.catalogue("").servers;
        for currency in simulate::currencies(spec) {
            let mut catalogue = ground.catalogue(&currency);
            for (key, tariff) in ground.tariffs() {
                let candidates = catalogue.tariffs.get(key.as_str()).map(|tariff| tariff.servers.clone());
                for server in candidates.into_iter().flatten() {
                    if let Some(tariff) = catalogue.tariffs.get_mut(key.as_str()) {
                        tariff.servers = vec![server];
                    }
                    let sales = prices(tariff).filter(|(item, in_currency, ..)| {
                        item.as_str() != NO_PANEL && in_currency.as_str() == currency
                    });
                    let lines = sales.filter_map(|(item, _, period, _)| {
                        let (tariff, item) = (key.as_str().to_owned(), item.as_str().to_owned());
                        catalogue.line(&Sale { tariff, item, period }, &currency, &Readings::default()).ok()
                    });
                    let lines: Vec<Sold> =
                        lines.map(|line| Sold { currency: currency.clone(), line }).collect();
                    ground.sales.extend(lines);
                }
            }
        }
        ground
    }

    fn catalogue(&mut self, currency: &str) -> crate::licence::Catalogue {
        let priced = simulate::catalogue(self.spec, currency, self.today);
        if !currency.is_empty() {
            self.notes.extend(priced.notes);
        }
        let mut catalogue = priced.catalogue;
        for (key, offered) in self.known.offers.into_iter().flatten() {
            let server = catalogue.servers.entry(key.clone()).or_default();
            let written = std::mem::take(&mut server.codes);
            // The licence server knows the account's currency only; costs in others are as they are written.
            let offers = offered.codes.iter().map(|(code, offer)| {
                let mut offer = offer.clone();
                for (currency, costs) in written.get(code).into_iter().flat_map(|own| &own.cost) {
                    offer.cost.entry(currency.clone()).or_insert_with(|| costs.clone());
                }
                (code.clone(), offer)
            });
            server.codes = offers.collect();
        }
        catalogue
    }

    pub(super) fn thresholds(&self) -> &'a ThresholdsSpec {
        &self.spec.checks.thresholds
    }

    /// The tariff plans whose resource is about licences: another type may have codes of its own.
    pub(super) fn tariffs(&self) -> impl Iterator<Item = (&'a Name, &'a TariffSpec)> + use<'a> {
        let codes = self.codes.clone();
        self.spec.prices.iter().filter(move |(_, tariff)| {
            let licences = |item: &Name| codes.lookup(item.as_str()).is_some();
            tariff.resource.resource_type.is_none() || tariff.items.keys().any(licences)
        })
    }

    /// The items with a licence that clients can order, by tariff plan.
    pub(super) fn offered(&self) -> impl Iterator<Item = (&'a Name, &'a Name, &'a ItemPrice)> + use<'a> {
        self.tariffs().flat_map(|(key, tariff)| licences(tariff).map(move |(item, price)| (key, item, price)))
    }

    /// Whether any licence is sold at all: else there is nothing that costs are needed for.
    pub(super) fn sells_licences(&self) -> bool {
        self.offered().next().is_some()
    }

    /// The licence servers of the configuration: what others name, or what has rows or costs.
    pub(super) fn licence_servers(&self) -> impl Iterator<Item = (&'a Name, &'a ProcessorSpec)> {
        self.spec.processors.iter().filter(|(key, processor)| {
            let module = plain(processor.module.as_str());
            self.servers.contains_key(key.as_str())
                || module == "billmanager"
                    && processor.product_type.as_ref().is_some_and(|name| name.as_str() == "soft")
        })
    }

    /// The enumerations that clients choose panels from.
    pub(super) fn panels(&self) -> impl Iterator<Item = (&'a Name, &'a crate::kinds::EnumerationSpec)> {
        let used: BTreeSet<&Name> = self.tariffs().map(|(_, tariff)| &tariff.resource.enumeration).collect();
        self.spec.enumerations.iter().filter(move |(key, enumeration)| {
            let known = |item: &Name| self.codes.lookup(item.as_str()).is_some();
            used.contains(key) || enumeration.items.keys().any(known)
        })
    }
}

/// The items with a licence that a tariff plan offers.
pub(super) fn licences(tariff: &TariffSpec) -> impl Iterator<Item = (&Name, &ItemPrice)> {
    tariff.items.iter().filter(|(item, price)| item.as_str() != NO_PANEL && **price != ItemPrice::Off)
}

/// The prices of a tariff plan, cell by cell, without set-up charges.
pub(super) fn prices(
    tariff: &TariffSpec,
) -> impl Iterator<Item = (&Name, &Name, Period, crate::model::Money)> {
    tariff.items.iter().flat_map(|(item, price)| {
        let currencies = match price {
            ItemPrice::Prices(currencies) => Some(currencies),
            // A configuration that was loaded has amounts in the place of rules.
            ItemPrice::Free | ItemPrice::Off | ItemPrice::CostPlus(_) => None,
        };
        currencies.into_iter().flatten().flat_map(move |(currency, prices)| {
            prices.iter().filter_map(move |(field, amount)| match (field, amount) {
                (PriceField::Period(period), crate::kinds::Amount::Money(money)) => {
                    Some((item, currency, *period, *money))
                }
                _ => None,
            })
        })
    })
}

/// A name without case and punctuation.
pub(super) fn plain(text: &str) -> String {
    text.chars().filter(|ch| ch.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Text with a few of many names.
pub(super) fn some(names: &BTreeSet<String>) -> String {
    const SHOWN: usize = 3;
    let shown: Vec<&str> = names.iter().take(SHOWN).map(String::as_str).collect();
    match names.len().saturating_sub(SHOWN) {
        0 => shown.join(", "),
        more => t!("{names} and {more} more", names = shown.join(", "), more = more),
    }
}
