//! From the panel to live prices.

use std::collections::BTreeMap;

use futures_util::{StreamExt, TryStreamExt, stream};

use super::{
    FREE, OFFERED, TariffSpec, field_name, object,
    rows::{self, PriceRow},
};
use crate::{
    dialect::{PriceName, Unknown},
    kinds::{
        ConfigSpec, IN_FLIGHT, KindError, Live, Scope, Site, Snapshot, enumeration, item, live::reference_id,
        resource,
    },
    language::t,
    model::{Money, Name},
    plan::Value,
    wire::Form,
};

/// Reads the prices of a resource, and the forms of those that `scope` covers.
pub(super) async fn prices(
    site: &Site,
    scope: Scope<'_>,
    snapshot: &mut Snapshot,
    resource: &Live,
    enumeration: &str,
) -> Result<Vec<Live>, KindError> {
    let rows = rows::read(site, snapshot, resource, enumeration).await?;
    let off = rows.iter().filter(|row| row.offered == Some(false));
    snapshot.off_sale.extend(off.map(|row| (resource.id.clone(), row.id.clone())));
    let parents = parents(resource);
    let tariffs = specs(scope, snapshot, resource);
    let goes = may_go(scope, &tariffs, snapshot, enumeration);
    let managed: Vec<bool> =
        rows.iter().map(|row| goes || covers(scope, &tariffs, snapshot, &row.item)).collect();
    let mut forms: Vec<Option<Form>> = vec![None; rows.len()];
    // The first form also shows where the parent goes, so it is read before the others.
    let mut wanted: Vec<usize> = (0..rows.len()).filter(|index| managed[*index]).collect();
    if let Some(first) = wanted.first().copied() {
        let (form, style, edit) = rows::view(site, snapshot, &parents, &rows[first].id).await?;
        snapshot.parent_styles.insert(edit, style);
        forms[first] = Some(form);
        wanted.remove(0);
    }
    let (shared, places) = (&*snapshot, &parents);
    let others: Vec<(usize, Form)> =
        stream::iter(wanted.into_iter().map(|index| (index, rows[index].id.clone())))
            .map(|(index, id)| async move {
                let (form, ..) = rows::view(site, shared, places, &id).await?;
                Ok::<_, KindError>((index, form))
            })
            .buffered(IN_FLIGHT)
            .try_collect()
            .await?;
    for (index, form) in others {
        forms[index] = Some(form);
    }
    let unfamiliar = unfamiliar(site, snapshot, forms.iter().flatten());
    snapshot.notes.extend(unfamiliar);
    snapshot.notes.dedup();
    Ok(rows
        .iter()
        .zip(&forms)
        .map(|(row, form)| live(site, snapshot, resource, row, form.as_ref()))
        .collect())
}

fn parents(resource: &Live) -> Vec<String> {
    resource.parents.iter().chain([&resource.id]).cloned().collect()
}

/// Reads the items of enumerations that the configuration does not speak of, where a resource over them may
/// be deleted: without them nobody can tell which prices go with it.
pub(super) async fn items_that_go(
    site: &Site,
    scope: Scope<'_>,
    snapshot: &mut Snapshot,
) -> Result<(), KindError> {
    if !scope.prunes(resource::KIND) {
        return Ok(());
    }
    let resources: Vec<Live> = snapshot.of_kind(resource::KIND).cloned().collect();
    for resource in resources {
        items_of(site, snapshot, &resource).await?;
    }
    Ok(())
}

/// Reads the items that a resource lets clients choose from, unless they are known.
pub(super) async fn items_of(site: &Site, snapshot: &mut Snapshot, resource: &Live) -> Result<(), KindError> {
    let Some(id) = resource.field("enumeration").and_then(reference_id) else { return Ok(()) };
    let known = snapshot.of_kind(item::KIND).any(|item| item.parent() == Some(id));
    match snapshot.by_id(enumeration::KIND, id).filter(|_| !known).cloned() {
        Some(parent) => item::read_below(site, snapshot, &parent, |_, _| true).await,
        None => Ok(()),
    }
}

/// Whether all prices may go with their resource: it may be deleted, or replaced by one over another
/// enumeration.
fn may_go(scope: Scope<'_>, tariffs: &[&TariffSpec], snapshot: &Snapshot, enumeration: &str) -> bool {
    let now = snapshot.by_id(enumeration::KIND, enumeration).map(|live| live.identity.as_str());
    let other = |tariff: &&TariffSpec| now != Some(tariff.resource.enumeration.as_str());
    scope.prunes(resource::KIND) || tariffs.iter().any(other)
}

/// Whether the configuration prices the item on the tariff plan of the resource, or may delete the item.
fn covers(scope: Scope<'_>, tariffs: &[&TariffSpec], snapshot: &Snapshot, item: &str) -> bool {
    let Scope::Config(spec) = scope else { return true };
    let Some(item) = snapshot.by_id(item::KIND, item) else { return false };
    if scope.prunes(item::KIND) {
        return true;
    }
    let priced = |tariff: &TariffSpec| {
        tariff.items.keys().any(|name| name.as_str() == item.identity || renamed(spec, tariff, name, item))
    };
    tariffs.iter().any(|tariff| priced(tariff))
}

/// What the configuration says of the tariff plan of a resource.
fn specs<'a>(scope: Scope<'a>, snapshot: &Snapshot, resource: &Live) -> Vec<&'a TariffSpec> {
    let Scope::Config(spec) = scope else { return Vec::new() };
    let here = |(key, tariff): &(&Name, &TariffSpec)| {
        let entry = resource::of_provider(&snapshot.catalogue.tariffs, key.as_str(), tariff);
        entry.is_ok_and(|entry| Some(entry.id.as_str()) == resource.parent())
    };
    spec.prices.iter().filter(here).map(|(_, tariff)| tariff).collect()
}

/// Whether the configuration renames or pins the live item to the key under which it prices it.
fn renamed(spec: &ConfigSpec, tariff: &TariffSpec, key: &Name, item: &Live) -> bool {
    let enumeration = spec.enumerations.get(&tariff.resource.enumeration);
    let described = enumeration.and_then(|enumeration| enumeration.items.get(key));
    described.is_some_and(|described| {
        described.id.is_some_and(|pin| pin.to_string() == item.id)
            || described.renamed_from.as_ref().is_some_and(|name| name.as_str() == item.identity)
    })
}

/// Prices under names nobody knows are left untouched; people should know that they are there.
fn unfamiliar<'f>(site: &Site, snapshot: &Snapshot, forms: impl Iterator<Item = &'f Form>) -> Option<String> {
    let exists = |id: u32| snapshot.catalogue.iso(id).is_some();
    let mut stems: Vec<String> = forms
        .flat_map(|form| &form.fields)
        .filter_map(|field| match site.dialect.price_name(&field.name, exists) {
            PriceName::Unfamiliar(stem) => Some(stem),
            _ => None,
        })
        .collect();
    stems.sort();
    stems.dedup();
    (!stems.is_empty()).then(|| {
        t!("prices of unknown periods are left as they are: {stems}; name them with `dialect: {{price_stems: ...}}`", stems = stems.join(", "))
    })
}

pub(super) fn live(
    site: &Site,
    snapshot: &Snapshot,
    resource: &Live,
    row: &PriceRow,
    form: Option<&Form>,
) -> Live {
    let item = snapshot.by_id(item::KIND, &row.item).map_or(row.item.as_str(), |item| item.identity.as_str());
    let mut live = Live {
        object: object(&resource.object.key, item),
        id: row.id.clone(),
        identity: row.item.clone(),
        parents: parents(resource),
        fields: None,
        unknown: BTreeMap::new(),
    };
    let Some(form) = form else { return live };
    let mut fields = prices_in(site, snapshot, form);
    let free = fields.values().all(|value| matches!(value, Value::Money(money) if money.is_zero()));
    fields.insert(FREE.to_owned(), Value::Flag(free && !fields.is_empty()));
    match row.offered {
        Some(offered) => drop(fields.insert(OFFERED.to_owned(), Value::Flag(offered))),
        None => {
            let why = t!("whether an item is offered is not to be told from the list of prices");
            live.unknown.insert(OFFERED.to_owned(), Unknown::new(why, Vec::new(), None));
        }
    }
    live.fields = Some(fields);
    live
}

/// `RUB.1m`, `EUR.setup` … of a form.
fn prices_in(site: &Site, snapshot: &Snapshot, form: &Form) -> BTreeMap<String, Value> {
    let exists = |id: u32| snapshot.catalogue.iso(id).is_some();
    let prices = form.fields.iter().filter_map(|field| {
        let PriceName::Price(price, currency) = site.dialect.price_name(&field.name, exists) else {
            return None;
        };
        let value = match field.value.as_deref().unwrap_or_default() {
            "" => Value::NoPrice,
            text => Money::from_panel(text).map_or_else(|_| Value::Text(text.to_owned()), Value::Money),
        };
        Some((field_name(snapshot.catalogue.iso(currency)?, price), value))
    });
    prices.collect()
}
