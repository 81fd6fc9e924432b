//! What a panel has beside a configuration, and the orders that it describes depend on.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    ConfigSpec, Live, MappingSpec, ProcessorSpec, Snapshot, Sold, live::reference_id, period_mapping,
    processor, resource::TARIFF,
};
use crate::{
    model::{Name, Period},
    plan::{LeftAlone, Value},
};

/// What the panel has beside the configuration: its licence orders go by that, too.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Surroundings {
    /// Period mappings of its licence servers that it does not mention.
    pub(crate) period_mappings: BTreeMap<Name, Vec<MappingSpec>>,
}

impl Surroundings {
    pub(crate) fn of(spec: &ConfigSpec, snapshot: &Snapshot, left_alone: &[LeftAlone]) -> Self {
        let tariffs = snapshot.catalogue.keys_of_tariffs(spec);
        let mut period_mappings: BTreeMap<Name, Vec<MappingSpec>> = BTreeMap::new();
        for live in snapshot.of_kind(period_mapping::KIND) {
            let Some(server) = server(spec, snapshot, live) else { continue };
            let left = left_alone.iter().any(|left| {
                left.object.kind == period_mapping::KIND
                    && left.id == live.id
                    && left.object.key.starts_with(server.as_str())
            });
            if let Some(row) = row(live, &tariffs).filter(|_| left) {
                period_mappings.entry(server).or_default().push(row);
            }
        }
        Self { period_mappings }
    }
}

/// A row as somebody would write it; nothing where it is for a tariff plan that the configuration does not price.
fn row(live: &Live, tariffs: &BTreeMap<String, String>) -> Option<MappingSpec> {
    let period = |field: &str| -> Option<Period> {
        match live.field(field)? {
            Value::Period(period) => Some(*period),
            _ => None,
        }
    };
    let tariff = match live.field(TARIFF).map(|value| reference_id(value).and_then(|id| tariffs.get(id))) {
        None => None,
        Some(key) => Some(key?.parse().ok()?),
    };
    let (sold, bought) = (period("sold")?, period("bought")?);
    Some(MappingSpec { id: None, sold: Sold(vec![sold]), bought, tariff, waive: Vec::new() })
}

/// The licence server of a row, by the configuration's key where it has one.
fn server(spec: &ConfigSpec, snapshot: &Snapshot, row: &Live) -> Option<Name> {
    let above = snapshot.by_id(processor::KIND, row.parent()?)?;
    let is = |(key, described): &(&Name, &ProcessorSpec)| described.meant(key).is(&above.id, &above.identity);
    match spec.processors.iter().find(is) {
        Some((key, _)) => Some(key.clone()),
        None => above.identity.parse().ok(),
    }
}
