//! What a panel has beside a configuration, and the orders that it describes depend on.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    ConfigSpec, Live, MappingSpec, Snapshot, Sold,
    live::reference_id,
    period_mapping, processor,
    resource::{self, TARIFF},
};
use crate::{
    model::{Name, Period},
    plan::{LeftAlone, Value},
};

/// What the panel has beside the configuration: its licence orders go by that, too.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Surroundings {
    /// What the configuration calls the tariff plans that it prices, by their ids on the panel.
    pub(crate) tariffs: BTreeMap<String, String>,
    /// Period mappings of its licence servers that it does not mention.
    pub(crate) period_mappings: BTreeMap<Name, Vec<MappingSpec>>,
}

impl Surroundings {
    pub(crate) fn of(spec: &ConfigSpec, snapshot: &Snapshot, left_alone: &[LeftAlone]) -> Self {
        let tariffs = snapshot.catalogue.keys_of_tariffs(spec);
        let mut period_mappings: BTreeMap<Name, Vec<MappingSpec>> = BTreeMap::new();
        let left =
            |live: &&Live| left_alone.iter().any(|left| left.object == live.object && left.id == live.id);
        for live in snapshot.of_kind(period_mapping::KIND).filter(left) {
            let server = parent_as_written(spec, snapshot, live).and_then(|key| key.parse().ok());
            let (Some(server), Some(row)) = (server, row(live, &tariffs)) else { continue };
            period_mappings.entry(server).or_default().push(row);
        }
        Self { tariffs, period_mappings }
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

/// What the configuration calls the object that a live one belongs to, where it has a key of its own for it.
pub(crate) fn parent_as_written(spec: &ConfigSpec, snapshot: &Snapshot, live: &Live) -> Option<String> {
    let above = live.parent()?;
    match live.object.kind.as_str() {
        period_mapping::KIND => {
            let above = snapshot.by_id(processor::KIND, above)?;
            let is = |(key, described): &(&Name, &super::ProcessorSpec)| {
                described.meant(key).is(&above.id, &above.identity)
            };
            let key = spec.processors.iter().find(is).map(|(key, _)| key.as_str());
            Some(key.unwrap_or(&above.identity).to_owned())
        }
        resource::KIND => snapshot.catalogue.keys_of_tariffs(spec).remove(above),
        _ => None,
    }
}
