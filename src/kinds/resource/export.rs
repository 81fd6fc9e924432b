//! From live resources to configuration.

use super::{KIND, TYPE, unword};
use crate::{
    dialect::Dialect,
    kinds::{Entry, Live, ResourceSpec, Snapshot, catalogue, enumeration, item, live::reference_id},
    language::later,
    model::Name,
    plan::Value,
};

/// The resources an export describes: one per tariff plan, the control panel licence.
pub(in crate::kinds) fn exported(snapshot: &Snapshot) -> Vec<(Name, ResourceSpec, &Live)> {
    let mut found: Vec<(Name, ResourceSpec, &Live)> = Vec::new();
    for live in snapshot.of_kind(KIND) {
        let tariff =
            snapshot.catalogue.tariffs.iter().find(|tariff| Some(tariff.id.as_str()) == live.parent());
        let Some((key, mut spec)) = tariff.and_then(|tariff| export(snapshot, tariff, live)) else {
            continue;
        };
        if let Some((_, first, other)) = found.iter_mut().find(|(known, ..)| *known == key) {
            // Two of a type: the first is described, and pinned so that it stays clear which it is.
            first.id = other.id.parse().ok();
        } else {
            spec.id = None;
            found.push((key, spec, live));
        }
    }
    found
}

fn export(snapshot: &Snapshot, tariff: &Entry, live: &Live) -> Option<(Name, ResourceSpec)> {
    let fields = live.fields.as_ref()?;
    let enumeration = snapshot.by_id(enumeration::KIND, reference_id(fields.get("enumeration")?)?)?;
    let default = snapshot.by_id(item::KIND, reference_id(fields.get("default")?)?)?;
    let Value::Ref(resource_type) = fields.get(TYPE)? else { return None };
    let types = snapshot.resource_types.get(&tariff.id)?;
    let usual = Dialect::default().resource_type(None, types).ok()?;
    if Some(usual.key.as_str()) != resource_type.id.as_deref() {
        return None;
    }
    let spec = ResourceSpec {
        id: None,
        enumeration: enumeration.identity.parse().ok()?,
        default: default.identity.parse().ok()?,
        billing: fields.get("billing").and_then(unword),
        client_change: fields.get("client_change").and_then(unword),
        resource_type: None,
    };
    Some((tariff_key(snapshot, tariff)?, spec))
}

/// What the configuration may call a tariff plan: its name, or its id where two share the name.
pub(crate) fn tariff_key(snapshot: &Snapshot, tariff: &Entry) -> Option<Name> {
    let shown = tariff.shown();
    let unique = catalogue::find(later!("tariff plan"), &snapshot.catalogue.tariffs, shown).is_ok();
    if unique { shown } else { &tariff.id }.parse().ok()
}
