//! From live period mappings to configuration.

use super::{MappingSpec, Sold, TARIFF};
use crate::{
    kinds::{Live, Snapshot, live::reference_id, tariff_key},
    model::Name,
    plan::Value,
};

/// A mapping of the processor `above`, with the key it stands under.
pub(super) fn mapping(snapshot: &Snapshot, above: &Live, live: &Live) -> Option<(Name, MappingSpec)> {
    let fields = live.fields.as_ref()?;
    let period = |field: &str| match fields.get(field) {
        Some(Value::Period(period)) => Some(*period),
        _ => None,
    };
    let tariff = match fields.get(TARIFF) {
        Some(tariff) => {
            let id = reference_id(tariff)?;
            let entry = snapshot.catalogue.tariffs.iter().find(|entry| entry.id == id)?;
            Some(tariff_key(snapshot, entry)?)
        }
        None => None,
    };
    let spec = MappingSpec {
        id: None,
        sold: Sold(vec![period("sold")?]),
        bought: period("bought")?,
        tariff,
        waive: Vec::new(),
    };
    Some((above.identity.parse().ok()?, spec))
}
