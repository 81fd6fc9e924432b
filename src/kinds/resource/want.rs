//! What the configuration wants of resources.

use std::collections::BTreeMap;

use super::{KIND, TARIFF, TYPE, object, of_provider, word};
use crate::{
    dialect::Unknown,
    kinds::{
        Desired, Entry, Input, Live, Match, ResourceSpec, TariffSpec, Wanted, catalogue,
        desired::{Search, UNKNOWN_REFERENCE},
        enumeration, item,
        live::{reference, reference_id},
    },
    language::{later, t},
    model::{Billing, Name},
    plan::{Reference, Value},
    source::At,
};

pub(super) fn want(input: Input<'_>, desired: &mut Desired, key: &Name, spec: &TariffSpec) {
    let pointer = ["prices", key.as_str(), "resource"];
    let resource = &spec.resource;
    let Some(tariff) = tariff(input, desired, key, spec) else { return };
    let Some((enumeration, default)) = references(input, desired, resource, &pointer) else { return };
    let mut fields = BTreeMap::new();
    match resource_type(input, &tariff, resource) {
        Ok(value) => fields.extend(value.map(|value| (TYPE.to_owned(), value))),
        Err(unknown) => {
            desired.cannot(input, &pointer, format!("{KIND} {key}"), &unknown);
            return closed(desired, key, &tariff);
        }
    }
    let fate = pick(input, desired, &tariff, resource, &fields, &enumeration, &pointer);
    let new = fate.id().is_none();
    fields.insert("enumeration".to_owned(), enumeration);
    fields.insert("default".to_owned(), default);
    let billing = resource.billing.or_else(|| new.then_some(Billing::ByOrder));
    fields.extend(billing.map(|billing| ("billing".to_owned(), word(&billing))));
    fields.extend(resource.client_change.map(|change| ("client_change".to_owned(), word(&change))));
    desired.push(Wanted {
        object: object(key.as_str()),
        parent: (!input.snapshot.offline).then(|| tariff_reference(key, &tariff)),
        pointer: pointer.map(str::to_owned).to_vec(),
        fate,
        fields,
        places: BTreeMap::new(),
        also_after: Vec::new(),
        formulas: BTreeMap::new(),
    });
}

/// The live tariff plan; an error has been noted where it is missing.
fn tariff(input: Input<'_>, desired: &mut Desired, key: &Name, spec: &TariffSpec) -> Option<Entry> {
    if input.snapshot.offline {
        return Some(Entry::default());
    }
    let catalogue = &input.snapshot.catalogue;
    // Without its provider no tariff plan would be found, and the error would name that.
    if let Some(provider) = &spec.provider {
        let pointer = ["prices", key.as_str(), "provider"];
        desired.entry(
            input,
            later!("provider"),
            &catalogue.providers,
            provider.as_str(),
            &pointer,
            At::Value,
        )?;
    }
    let pointer = ["prices", key.as_str()];
    match of_provider(&catalogue.tariffs, key.as_str(), spec) {
        Ok(tariff) => Some(tariff),
        Err(missing) => {
            desired.problem(input, &pointer, At::Key, UNKNOWN_REFERENCE, missing.message, missing.help);
            None
        }
    }
}

fn tariff_reference(key: &Name, tariff: &Entry) -> Reference {
    Reference { kind: TARIFF.to_owned(), key: key.as_str().to_owned(), id: Some(tariff.id.clone()) }
}

fn closed(desired: &mut Desired, key: &Name, tariff: &Entry) {
    desired.push(Wanted {
        object: object(key.as_str()),
        parent: Some(tariff_reference(key, tariff)),
        pointer: Vec::new(),
        fate: Match::Closed,
        fields: BTreeMap::new(),
        places: BTreeMap::new(),
        also_after: Vec::new(),
        formulas: BTreeMap::new(),
    });
}

/// The enumeration and its default item; an error has been noted where one is missing.
fn references(
    input: Input<'_>,
    desired: &mut Desired,
    spec: &ResourceSpec,
    pointer: &[&str],
) -> Option<(Value, Value)> {
    let above = spec.enumeration.as_str();
    let Some(enumeration) = desired.reference(input, enumeration::KIND, above) else {
        return missing(input, desired, pointer, "enumeration", enumeration::KIND, above);
    };
    let Some(default) = item_reference(input, desired, &enumeration, above, spec.default.as_str()) else {
        return missing(input, desired, pointer, "default", item::KIND, spec.default.as_str());
    };
    Some((enumeration, default))
}

fn missing<T>(
    input: Input<'_>,
    desired: &mut Desired,
    pointer: &[&str],
    field: &str,
    kind: &str,
    key: &str,
) -> Option<T> {
    let pointer: Vec<&str> = pointer.iter().copied().chain([field]).collect();
    let live = input.snapshot.of_kind(kind).map(|live| live.identity.as_str());
    let help = catalogue::near(key, live);
    let message = t!("neither the configuration nor the panel has {kind} `{key}`", kind = kind, key = key);
    desired.problem(input, &pointer, At::Value, UNKNOWN_REFERENCE, message, help);
    None
}

/// An item of the configuration's enumeration, or of the live one it names.
pub(in crate::kinds) fn item_reference(
    input: Input<'_>,
    desired: &Desired,
    enumeration: &Value,
    above: &str,
    key: &str,
) -> Option<Value> {
    let object = item::object(above, key);
    if desired.get(&object).is_some() || input.snapshot.offline {
        return desired.reference(input, item::KIND, &object.key);
    }
    let parent = reference_id(enumeration)?;
    let live = input.index.named(item::KIND, Some(parent), key).first()?;
    Some(reference(item::KIND, object.key, &live.id))
}

/// The type as the panel offers it; nothing where there is no panel to ask.
fn resource_type(input: Input<'_>, tariff: &Entry, spec: &ResourceSpec) -> Result<Option<Value>, Unknown> {
    if input.snapshot.offline {
        return Ok(None);
    }
    let types = input.snapshot.resource_types.get(&tariff.id).map_or(&[][..], Vec::as_slice);
    let choice = input.dialect.resource_type(spec.resource_type.as_ref().map(Name::as_str), types)?;
    Ok(Some(reference("resource-type", choice.label.as_str(), &choice.key)))
}

/// The resource of the tariff plan that is over the enumeration; one of the same type over another
/// enumeration must be replaced, because clients' choices hang on it.
fn pick(
    input: Input<'_>,
    desired: &mut Desired,
    tariff: &Entry,
    spec: &ResourceSpec,
    fields: &BTreeMap<String, Value>,
    enumeration: &Value,
    pointer: &[&str],
) -> Match {
    if spec.id.is_some() {
        let parent = Some(tariff.id.as_str());
        return desired.pick(input, &Search { kind: KIND, parent, pin: spec.id, names: &[], pointer });
    }
    let has = |live: &Live, field: &str, value: Option<&Value>| {
        live.fields.as_ref().is_some_and(|fields| fields.get(field) == value)
    };
    let here = input.snapshot.of_kind(KIND).filter(|live| live.parent() == Some(tariff.id.as_str()));
    let of_type: Vec<&Live> = here.filter(|live| has(live, TYPE, fields.get(TYPE))).collect();
    let over = |live: &&&Live| has(live, "enumeration", Some(enumeration));
    let same: Vec<&&Live> = of_type.iter().filter(over).collect();
    match (same.as_slice(), of_type.as_slice()) {
        ([one], _) => Match::Live(one.id.clone()),
        ([], []) => Match::New,
        ([], [one]) => Match::Replace {
            id: one.id.clone(),
            reason: t!(
                "a resource's enumeration cannot be changed: prices and ordered services hang on its items"
            ),
        },
        (_, many) => {
            let ids = many.iter().map(|live| live.id.as_str()).collect::<Vec<_>>().join(", ");
            let message = t!("the tariff plan has {many} resources of this type", many = many.len());
            let help = t!("say which is meant with `id:`, one of {ids}", ids = ids);
            desired.problem(input, pointer, At::Key, "live::ambiguous", message, help);
            Match::Closed
        }
    }
}
