//! The catalogue of a licence server against the `costs` of a configuration.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::Serialize;

use super::{Offer, Upstream, costs::Figures};
use crate::{
    kinds::{CodeCosts, ConfigSpec, CostTable, CostsSpec, ItemPrice},
    language::t,
    licence::NO_PANEL,
    model::{Date, Money, Name, Period},
    simulate,
};

/// Version of the document.
const DOCUMENT_VERSION: &str = "1.0";

/// What a configuration says of the costs on a licence server, and what the server says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(title = "Costs compared")]
pub(crate) struct CostDifferences {
    /// Version of this document's format; a change of the first number breaks readers.
    pub(crate) format_version: String,
    /// The licence server, by its processor.
    pub(crate) server: String,
    /// The day of the comparison.
    pub(crate) today: Date,
    /// The day of the configuration's figures; nothing where it has none.
    pub(crate) as_of: Option<Date>,
    /// How many codes differ.
    pub(crate) different: usize,
    /// Each code that tariff plans offer or that has costs.
    pub(crate) codes: Vec<CodeDifference>,
    /// What is not compared.
    pub(crate) notes: Vec<String>,
}

/// What the licence server says of a code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub(crate) struct CodeDifference {
    /// The licence code.
    pub(crate) code: String,
    /// Its name on the licence server.
    pub(crate) name: Option<String>,
    /// Whether a tariff plan offers it.
    pub(crate) used: bool,
    /// Whether the configuration has costs of it.
    pub(crate) costed: bool,
    /// Whether it can be ordered.
    pub(crate) state: CodeState,
    /// The periods it has a cost for.
    #[schemars(with = "Vec<String>")]
    pub(crate) periods: Vec<Period>,
    /// The currency of its costs on the licence server.
    pub(crate) currency: Option<String>,
    /// What differs.
    pub(crate) changes: Vec<CostChange>,
}

/// Whether a code can be ordered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum CodeState {
    /// It can.
    Sold,
    /// The licence server has it and does not say whether it can be ordered.
    NotSaid,
    /// The licence server sells it no more.
    NotSold,
    /// The licence server has no such code.
    Absent,
    /// Its entry is not understood.
    Unreadable {
        /// Why not.
        why: String,
    },
}

/// A figure that differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub(crate) struct CostChange {
    /// Where it stands below the code, like `price.RUB.1m`, `per_node.RUB.1m`, `nodes` or `offered`.
    pub(crate) field: String,
    /// What the configuration says.
    pub(crate) before: Option<Figure>,
    /// What the licence server says.
    pub(crate) after: Option<Figure>,
    /// By how much a cost moves, in percent.
    pub(crate) percent: Option<String>,
}

/// A figure of a code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(untagged)]
pub(crate) enum Figure {
    /// An amount of money, as text.
    Cost(Money),
    /// A number of nodes.
    Nodes(u32),
    /// Periods.
    Periods(#[schemars(with = "Vec<String>")] BTreeSet<Period>),
}

impl CodeDifference {
    pub(crate) fn differs(&self) -> bool {
        !self.changes.is_empty() || !matches!(self.state, CodeState::Sold | CodeState::NotSaid)
    }
}

impl CostDifferences {
    pub(crate) fn is_empty(&self) -> bool {
        self.different == 0
    }
}

/// Compares each code that is used or costed. Costs in another currency than the licence server's are not
/// compared, and said not to be.
pub(crate) fn differences(
    spec: &ConfigSpec,
    server: &str,
    upstream: &Upstream,
    today: Date,
) -> CostDifferences {
    let costs = spec.costs.iter().find(|(key, _)| key.as_str() == server).map(|(_, costs)| costs);
    let used = used(spec, server, today);
    let costed = costs.iter().flat_map(|costs| costs.codes.keys()).map(Name::as_str);
    let all: BTreeSet<&str> = used.iter().map(String::as_str).chain(costed).collect();
    let codes: Vec<CodeDifference> =
        all.into_iter().map(|code| compare(code, used.contains(code), costs, upstream)).collect();
    CostDifferences {
        format_version: DOCUMENT_VERSION.to_owned(),
        server: server.to_owned(),
        today,
        as_of: costs.map(|costs| costs.as_of),
        different: codes.iter().filter(|code| code.differs()).count(),
        notes: others(costs, &codes),
        codes,
    }
}

/// The codes that tariff plans offer and order on this server.
fn used(spec: &ConfigSpec, server: &str, today: Date) -> BTreeSet<String> {
    let catalogue = simulate::catalogue(spec, "", today).catalogue;
    // Where the configuration names no licence server at all, the one that is asked is the only one.
    let here = |key: &str| {
        let servers = catalogue.tariffs.get(key).map_or(&[][..], |tariff| &tariff.servers);
        servers.is_empty() || servers.iter().any(|own| own == server)
    };
    let tariffs = spec.prices.iter().filter(|(key, _)| here(key.as_str())).map(|(_, tariff)| tariff);
    let offered =
        tariffs.flat_map(|tariff| &tariff.items).filter(|(_, price)| !matches!(price, ItemPrice::Off));
    offered.map(|(code, _)| code.as_str().to_owned()).filter(|code| code != NO_PANEL).collect()
}

/// The currencies that are left as they are written.
fn others(costs: Option<&CostsSpec>, codes: &[CodeDifference]) -> Vec<String> {
    let mut left: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (code, own) in costs.iter().flat_map(|costs| &costs.codes) {
        let known = codes.iter().find(|other| other.code == code.as_str());
        let Some(feed) = known.and_then(|known| known.currency.as_deref()) else { continue };
        for currency in own.price.currencies().filter(|currency| currency.as_str() != feed) {
            left.entry(currency.as_str()).or_default().insert(feed);
        }
    }
    let note = |(currency, feed): (&str, BTreeSet<&str>)| {
        let feed = feed.into_iter().collect::<Vec<_>>().join(&t!(" and "));
        t!(
            "costs in {currency} are not compared: the licence server says what it charges in {feed} only",
            currency = currency,
            feed = feed
        )
    };
    left.into_iter().map(note).collect()
}

fn compare(code: &str, used: bool, costs: Option<&CostsSpec>, upstream: &Upstream) -> CodeDifference {
    let own = costs.and_then(|costs| costs.codes.iter().find(|(key, _)| key.as_str() == code));
    let own = own.map(|(_, costs)| costs);
    let offer = upstream.codes.get(code);
    // Costs with nodes cannot be held against those of a code whose nodes are not found.
    let nodeless =
        offer.is_some_and(|offer| offer.nodes.is_none()) && own.is_some_and(|own| own.nodes.is_some());
    let state = match (offer.map(|offer| offer.orderable), upstream.unread.get(code)) {
        (Some(_), _) if nodeless => CodeState::Unreadable {
            why: t!(
                "the configuration has nodes of it, and the licence server shows no add-on that counts them"
            ),
        },
        (Some(Some(true)), _) => CodeState::Sold,
        (Some(Some(false)), _) => CodeState::NotSold,
        (Some(None), _) => CodeState::NotSaid,
        (None, Some(why)) => CodeState::Unreadable { why: why.clone() },
        (None, None) => CodeState::Absent,
    };
    CodeDifference {
        code: code.to_owned(),
        name: offer.map(|offer| offer.name.clone()).filter(|name| !name.is_empty()),
        used,
        costed: own.is_some(),
        state,
        periods: offer.iter().flat_map(|offer| offer.cost.keys()).copied().collect(),
        currency: offer.map(|offer| offer.currency.as_str().to_owned()),
        // A code without any cost on the server has none to take over.
        changes: offer
            .filter(|offer| !offer.cost.is_empty() && !nodeless)
            .map_or(Vec::new(), |offer| changes(own, offer)),
    }
}

fn changes(own: Option<&CodeCosts>, offer: &Offer) -> Vec<CostChange> {
    let mut changes = Vec::new();
    let Figures { nodes, price, each } = Figures::of(own, offer);
    table("price", own.map(|own| &own.price), &price, offer, &mut changes);
    let figure = |count: Option<u32>| count.map(Figure::Nodes);
    changes.extend(CostChange::of("nodes".to_owned(), figure(own.and_then(|own| own.nodes)), figure(nodes)));
    table("per_node", own.and_then(|own| own.per_node.as_ref()), &each, offer, &mut changes);
    if let Some(offered) = own.and_then(|own| own.offered.clone()) {
        let now = offer.cost.keys().copied().collect();
        let (before, after) = (Figure::Periods(offered), Figure::Periods(now));
        changes.extend(CostChange::of("offered".to_owned(), Some(before), Some(after)));
    }
    changes
}

fn table(
    name: &str,
    own: Option<&CostTable>,
    now: &BTreeMap<Period, Money>,
    offer: &Offer,
    changes: &mut Vec<CostChange>,
) {
    let written = |period: &Period| own.and_then(|own| own.get(&offer.currency, *period));
    let of_currency = own.into_iter().flat_map(CostTable::iter);
    let of_currency = of_currency.filter(|(currency, _)| **currency == offer.currency);
    let periods = of_currency.flat_map(|(_, costs)| costs.keys()).chain(now.keys());
    for period in periods.copied().collect::<BTreeSet<Period>>() {
        let field = format!("{name}.{}.{period}", offer.currency);
        let cost = |cost: Option<Money>| cost.map(Figure::Cost);
        changes.extend(CostChange::of(field, cost(written(&period)), cost(now.get(&period).copied())));
    }
}

impl CostChange {
    fn of(field: String, before: Option<Figure>, after: Option<Figure>) -> Option<Self> {
        if before == after {
            return None;
        }
        let percent = match (&before, &after) {
            (Some(Figure::Cost(before)), Some(Figure::Cost(after))) => after.percent_from(*before),
            _ => None,
        };
        let percent = percent.map(|percent| percent.to_string());
        Some(Self { field, before, after, percent })
    }
}
