//! What a licence server sells, as the `costs` of a configuration.

use std::collections::{BTreeMap, BTreeSet};

use super::{CodeState, Offer, Upstream, differences};
use crate::{
    kinds::{CodeCosts, ConfigSpec, CostTable, CostsSpec},
    language::t,
    model::{Date, Money, Name, Period},
};

/// What a licence of a code costs, with as many nodes as are ordered with it.
pub(super) struct Figures {
    pub(super) nodes: Option<u32>,
    pub(super) price: BTreeMap<Period, Money>,
    pub(super) each: BTreeMap<Period, Money>,
}

impl Figures {
    pub(super) fn of(own: Option<&CodeCosts>, offer: &Offer) -> Self {
        let included = offer.nodes.as_ref().map(|nodes| nodes.included);
        let written = own.and_then(|own| own.nodes);
        // Fewer nodes than are included cannot be ordered.
        let nodes = included.map(|included| written.unwrap_or(included).max(included));
        let costs = offer
            .cost
            .keys()
            .filter_map(|period| Some((*period, offer.cost_with(*period, nodes.unwrap_or_default())?)));
        Self {
            nodes,
            price: costs.collect(),
            each: offer.nodes.as_ref().map_or(BTreeMap::new(), |nodes| nodes.each.clone()),
        }
    }
}

/// The costs on a licence server in the place of those that are written, and what is to be said of them. A
/// code that the server does not sell is offered for no period; what is not understood has no costs.
pub(crate) fn costs(
    spec: &ConfigSpec,
    server: &str,
    upstream: &Upstream,
    today: Date,
) -> (CostsSpec, Vec<String>) {
    let written = spec.costs.iter().find(|(key, _)| key.as_str() == server).map(|(_, costs)| costs);
    let (mut codes, mut notes) = (BTreeMap::new(), Vec::new());
    for found in differences(spec, server, upstream, today).codes {
        let Ok(key) = found.code.parse::<Name>() else { continue };
        let own = written.and_then(|costs| costs.codes.get(&key));
        let why = match found.state {
            CodeState::Sold | CodeState::NotSaid => None,
            CodeState::NotSold => Some(t!("it is sold no more")),
            CodeState::Absent => Some(t!("it is not in its catalogue")),
            CodeState::Unreadable { why } => {
                notes.push(t!(
                    "what {key} costs on {server} is not understood: {why}",
                    key = key,
                    server = server,
                    why = why
                ));
                continue;
            }
        };
        let costs = match (why, upstream.codes.get(&found.code)) {
            (None, Some(offer)) => sold(own, offer),
            (why, _) => {
                let why = why.unwrap_or_default();
                notes.extend(found.used.then(|| {
                    t!("{key} cannot be ordered from {server}: {why}", key = key, server = server, why = why)
                }));
                closed()
            }
        };
        codes.insert(key, costs);
    }
    let currency = upstream.currency.clone();
    (CostsSpec { as_of: today, source: None, currency, codes, waive: Vec::new() }, notes)
}

fn sold(own: Option<&CodeCosts>, offer: &Offer) -> CodeCosts {
    let Figures { nodes, price, each } = Figures::of(own, offer);
    CodeCosts {
        price: CostTable::of(offer.currency.clone(), price),
        offered: Some(offer.cost.keys().copied().collect()),
        nodes,
        per_node: (!each.is_empty()).then(|| CostTable::of(offer.currency.clone(), each)),
        sold_alone: own.and_then(|own| own.sold_alone.clone()),
    }
}

/// Costs of a code that cannot be ordered.
fn closed() -> CodeCosts {
    CodeCosts {
        price: CostTable::default(),
        offered: Some(BTreeSet::new()),
        nodes: None,
        per_node: None,
        sold_alone: None,
    }
}
