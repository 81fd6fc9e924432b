//! What the configuration wants of period mappings.

use std::collections::BTreeMap;

use super::{KIND, MappingSpec, TARIFF, identity, object};
use crate::{
    kinds::{Desired, Input, Match, Wanted, desired::Search, processor},
    language::later,
    model::Name,
    plan::{Reference, Value},
    source::At,
};

/// The processor whose mappings are described; an error has been noted where it is missing.
pub(super) fn parent(input: Input<'_>, desired: &mut Desired, key: &Name) -> Option<Reference> {
    let pointer = ["period_mappings", key.as_str()];
    let Some(Value::Ref(reference)) = desired.reference(input, processor::KIND, key.as_str()) else {
        processor::missing(input, desired, key, &pointer, At::Key);
        return None;
    };
    let closed = |id: &String| input.snapshot.closed.get(&format!("{KIND} {id}"));
    if let Some(unknown) = reference.id.as_ref().and_then(closed) {
        desired.cannot(input, &pointer, format!("{KIND} {key}"), unknown);
        return None;
    }
    Some(reference)
}

pub(super) fn want(
    input: Input<'_>,
    desired: &mut Desired,
    key: &Name,
    parent: &Reference,
    (index, spec): (usize, &MappingSpec),
) {
    let index = index.to_string();
    let pointer = ["period_mappings", key.as_str(), &index];
    let Ok(tariff) = tariff(input, desired, spec, &pointer) else { return };
    for sold in &spec.sold.0 {
        let name = identity(&sold.to_string(), tariff.as_ref().and_then(|tariff| tariff.id.as_deref()));
        let fate = match parent.id.as_deref() {
            None if spec.id.is_none() => Match::New,
            // Below something new there is nothing with an id, which is said.
            parent => {
                let (pin, names) = (spec.id, &[name.as_str()]);
                desired.pick(input, &Search { kind: KIND, parent, pin, names, pointer: &pointer })
            }
        };
        let mut fields = BTreeMap::from([
            ("sold".to_owned(), Value::Period(*sold)),
            ("bought".to_owned(), Value::Period(spec.bought)),
        ]);
        fields.extend(tariff.clone().map(|tariff| (TARIFF.to_owned(), Value::Ref(tariff))));
        desired.push(Wanted {
            object: object(key.as_str(), *sold, spec.tariff.as_ref().map(Name::as_str)),
            parent: Some(parent.clone()),
            pointer: pointer.map(str::to_owned).to_vec(),
            fate,
            fields,
            places: BTreeMap::new(),
            also_after: Vec::new(),
            formulas: BTreeMap::new(),
        });
    }
}

/// The tariff plan a mapping is tied to; an error has been noted where it is missing.
fn tariff(
    input: Input<'_>,
    desired: &mut Desired,
    spec: &MappingSpec,
    pointer: &[&str],
) -> Result<Option<Reference>, ()> {
    let Some(name) = &spec.tariff else { return Ok(None) };
    let (kind, key) = (TARIFF.to_owned(), name.as_str().to_owned());
    if input.snapshot.offline {
        return Ok(Some(Reference { kind, key, id: None }));
    }
    let place: Vec<&str> = pointer.iter().copied().chain(["tariff"]).collect();
    let entry = desired
        .entry(input, later!("tariff plan"), &input.snapshot.catalogue.tariffs, &key, &place, At::Value)
        .ok_or(())?;
    Ok(Some(Reference { kind, key, id: Some(entry.id.clone()) }))
}
