//! What a licence server sells: the feed `pricelist.export` (vendor page on integration with a website).

use std::collections::BTreeMap;

use crate::{
    codes::CodeTable,
    language::t,
    licence,
    model::{Cash, Currency, Money, Period},
    wire::{Node, one_line},
};

/// The catalogue of a licence server.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Upstream {
    /// What can be read of it, by licence code.
    pub(crate) codes: BTreeMap<String, Offer>,
    /// Codes whose entry is not understood, with the reason.
    pub(crate) unread: BTreeMap<String, String>,
    /// The currency all costs are in; nothing where they are in several.
    pub(crate) currency: Option<Currency>,
}

/// A code of the catalogue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Offer {
    pub(crate) name: String,
    /// Whether it can be ordered now; nothing where the feed does not say.
    pub(crate) orderable: Option<bool>,
    pub(crate) currency: Currency,
    /// Cost with the nodes that are included, by period.
    pub(crate) cost: BTreeMap<Period, Money>,
    pub(crate) nodes: Option<Nodes>,
}

/// The nodes of a code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Nodes {
    /// How many the cost includes.
    pub(crate) included: u32,
    /// What each further one costs, by period.
    pub(crate) each: BTreeMap<Period, Money>,
}

impl Offer {
    /// What a licence with so many nodes costs; nothing where that is not for sale or not known.
    pub(crate) fn cost_with(&self, period: Period, nodes: u32) -> Option<Money> {
        let base = *self.cost.get(&period)?;
        let Some(own) = &self.nodes else { return Some(base) };
        match nodes.checked_sub(own.included)? {
            0 => Some(base),
            more => Some(base.with(*own.each.get(&period)?, more)),
        }
    }
}

impl Upstream {
    /// Reads the feed. The currency of the account stands in where a price names none.
    pub(super) fn of(feed: &Node, account: Option<&str>, table: &CodeTable) -> Result<Self, String> {
        let mut upstream = Self::default();
        for plan in feed.all("pricelist") {
            let id = plan.child_text("id").map(str::trim).filter(|id| !id.is_empty());
            let code = one_line(id.ok_or(t!("a tariff plan has no id"))?);
            if upstream.codes.contains_key(&code) || upstream.unread.contains_key(&code) {
                return Err(t!("the tariff plan {code} came twice", code = code));
            }
            match offer(plan, &code, account, table) {
                Ok(offer) => drop(upstream.codes.insert(code, offer)),
                Err(why) => drop(upstream.unread.insert(code, why)),
            }
        }
        if upstream.codes.is_empty() {
            // A server that sells nothing is no licence server: more likely this account may not see it.
            return Err(t!("it has no tariff plan that can be read"));
        }
        let mut currencies: Vec<&Currency> = upstream.codes.values().map(|offer| &offer.currency).collect();
        currencies.dedup();
        upstream.currency = <[&Currency; 1]>::try_from(currencies).ok().map(|[one]| one.clone());
        Ok(upstream)
    }

    /// The catalogue as the licence engine takes it: what can be ordered.
    pub(crate) fn offers(&self) -> BTreeMap<String, licence::Offer> {
        let sold = self.codes.iter().filter(|(_, offer)| offer.orderable != Some(false));
        sold.map(|(code, offer)| (code.clone(), offer.into())).collect()
    }
}

impl From<&Offer> for licence::Offer {
    fn from(offer: &Offer) -> Self {
        let cost = offer.cost.iter().map(|(period, money)| (*period, Cash::from(*money)));
        Self {
            periods: offer.cost.keys().copied().collect(),
            cost: BTreeMap::from([(offer.currency.as_str().to_owned(), cost.collect())]),
            nodes: offer.nodes.as_ref().map_or(0, |nodes| nodes.included),
        }
    }
}

fn offer(plan: &Node, code: &str, account: Option<&str>, table: &CodeTable) -> Result<Offer, String> {
    let price = plan.child("price");
    let currency = price.and_then(|price| price.attr("currency")).or(account);
    let currency = currency.ok_or(t!("its price names no currency"))?.parse().map_err(told)?;
    let orderable = match plan.child_text("active").map(str::trim) {
        Some("on") => Some(true),
        Some("off") => Some(false),
        _ => None,
    };
    Ok(Offer {
        name: one_line(plan.child_text("name").unwrap_or_default()),
        orderable,
        currency,
        cost: price.map_or(Ok(BTreeMap::new()), costs)?,
        nodes: nodes(plan, code, table)?,
    })
}

/// Costs by period. `length` is the period's id; `type` says month even of a trial, as parsers of a real feed know.
fn costs(price: &Node) -> Result<BTreeMap<Period, Money>, String> {
    let mut costs = BTreeMap::new();
    for entry in price.all("period") {
        let length = entry.attr("length").unwrap_or_default().trim();
        let period = super::cells::period(length)
            .ok_or_else(|| t!("`{text}` is no period", text = one_line(length)))?;
        let cost = Money::from_panel(entry.attr("cost").unwrap_or_default()).map_err(told)?;
        if costs.insert(period, cost).is_some_and(|other| other != cost) {
            return Err(t!("it has two costs for {period}", period = period));
        }
    }
    Ok(costs)
}

/// The add-on that counts nodes: the one that the code table names, else the only one that speaks of nodes.
fn nodes(plan: &Node, code: &str, table: &CodeTable) -> Result<Option<Nodes>, String> {
    let id = |addon: &&Node| addon.child_text("id").unwrap_or_default().trim().to_owned();
    let known = table.lookup(code).and_then(|entry| entry.nodes());
    let known = plan.all("addon").find(|addon| known == Some(format!("addon_{}", id(addon)).as_str()));
    let speaks = |addon: &&Node| {
        let names = ["name", "name_ru"].map(|name| addon.child_text(name).unwrap_or_default().to_lowercase());
        names.iter().any(|name| ["node", "узел", "узл"].iter().any(|word| name.contains(word)))
    };
    let mut speaking = plan.all("addon").filter(speaks);
    let found = known.or_else(|| speaking.next().filter(|_| speaking.next().is_none()));
    let Some(addon) = found else { return Ok(None) };
    let included = addon.child_text("addonlimit").unwrap_or_default().trim();
    let included = included.split_once('.').map_or(included, |(whole, _)| whole);
    let included = included.parse().map_err(|_| t!("how many nodes are included is not a number"))?;
    Ok(Some(Nodes { included, each: addon.child("price").map_or(Ok(BTreeMap::new()), costs)? }))
}

/// The error on one line: it repeats what the server sent.
fn told(error: impl Into<Box<dyn std::error::Error>>) -> String {
    one_line(&error.into().to_string())
}
