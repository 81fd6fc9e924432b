//! Prices of a resource's items per period and currency, and whether an item is offered at all.

mod export;
mod read;
mod rows;
mod spec;
mod want;
mod write;

use futures_util::future::BoxFuture;

use self::spec::{Amount, CurrencyPrices, ItemPrice};
pub(crate) use self::{
    export::exported,
    spec::{ResourceSpec, TariffSpec},
};
use super::{
    ConfigSpec, Desired, Hand, Input, Kind, KindError, Live, Place, Scope, Site, Snapshot, item,
    live::reference_id, resource,
};
use crate::{
    model::PriceField,
    plan::{Change, ObjectRef},
};

pub(crate) const KIND: &str = "price";
const OFFERED: &str = "offered";
const FREE: &str = "free";

pub(crate) struct Prices;

impl Kind for Prices {
    fn name(&self) -> &'static str {
        KIND
    }

    fn comes_with_parent(&self) -> bool {
        true
    }

    fn read<'a>(
        &'a self,
        site: &'a Site,
        scope: Scope<'a>,
        snapshot: &'a mut Snapshot,
    ) -> BoxFuture<'a, Result<(), KindError>> {
        Box::pin(async move {
            let resources: Vec<(Live, String)> = snapshot
                .of_kind(resource::KIND)
                .filter_map(|live| Some((live.clone(), over(snapshot, live)?)))
                .collect();
            for (resource, enumeration) in resources {
                match read::prices(site, scope, snapshot, &resource, &enumeration).await {
                    Ok(objects) => snapshot.objects.extend(objects),
                    // Prices that cannot be read safely close this resource, not the whole plan.
                    Err(KindError::Unknown(unknown)) => {
                        drop(snapshot.closed.insert(closed_key(&resource.id), unknown));
                    }
                    Err(error) => return Err(error),
                }
            }
            Ok(())
        })
    }

    fn want(&self, input: Input<'_>, desired: &mut Desired) {
        want::want(input, desired);
    }

    fn reread<'a>(
        &'a self,
        site: &'a Site,
        snapshot: &'a mut Snapshot,
        place: Place<'a>,
    ) -> BoxFuture<'a, Result<Option<Live>, KindError>> {
        Box::pin(async move {
            let Some((resource, enumeration)) = above(snapshot, place.parents) else { return Ok(None) };
            let rows = rows::read(site, snapshot, &resource, &enumeration).await?;
            let Some(row) = rows.iter().find(|row| row.id == place.id) else { return Ok(None) };
            let (form, style, edit) = rows::view(site, snapshot, place.parents, place.id).await?;
            snapshot.parent_styles.insert(edit, style);
            Ok(Some(read::live(site, snapshot, &resource, row, Some(&form))))
        })
    }

    fn find<'a>(
        &'a self,
        _: &'a mut Hand<'_>,
        _: &'a Change,
        _: &'a [String],
    ) -> BoxFuture<'a, Result<Vec<String>, KindError>> {
        // The panel makes the row of an item together with its resource, so a new price always has one.
        Box::pin(async { Ok(Vec::new()) })
    }

    fn create<'a>(
        &'a self,
        hand: &'a mut Hand<'_>,
        change: &'a Change,
        parents: &'a [String],
    ) -> BoxFuture<'a, Result<(), KindError>> {
        Box::pin(async move {
            let id = write::row_of(hand, change, parents).await?;
            write::untouched(hand, change, Place { id: &id, parents }).await?;
            self.update(hand, change, Place { id: &id, parents }).await
        })
    }

    fn created<'a>(
        &'a self,
        hand: &'a mut Hand<'_>,
        change: &'a Change,
        parents: &'a [String],
    ) -> BoxFuture<'a, Result<Vec<String>, KindError>> {
        Box::pin(async move { write::row_of(hand, change, parents).await.map(|id| vec![id]) })
    }

    fn update<'a>(
        &'a self,
        hand: &'a mut Hand<'_>,
        change: &'a Change,
        place: Place<'a>,
    ) -> BoxFuture<'a, Result<(), KindError>> {
        Box::pin(write::update(hand, change, place))
    }

    fn delete<'a>(&'a self, _: &'a mut Hand<'_>, _: Place<'a>) -> BoxFuture<'a, Result<(), KindError>> {
        Box::pin(async {
            Err(KindError::Unreadable(
                "a price goes with its resource or its item, and is not deleted".to_owned(),
            ))
        })
    }

    fn export(&self, snapshot: &Snapshot, spec: &mut ConfigSpec) {
        for (key, _, resource) in resource::exported(snapshot) {
            if let Some(tariff) = spec.prices.get_mut(&key) {
                tariff.items.extend(export::items(snapshot, resource));
            }
        }
    }
}

fn object(tariff: &str, item: &str) -> ObjectRef {
    ObjectRef { kind: KIND.to_owned(), key: format!("{tariff}/{item}") }
}

fn closed_key(resource: &str) -> String {
    format!("{KIND} {resource}")
}

/// The enumeration a live resource is over.
fn over(snapshot: &Snapshot, resource: &Live) -> Option<String> {
    let id = reference_id(resource.fields.as_ref()?.get("enumeration")?)?.to_owned();
    // Only enumerations whose items were read can be held against the rows.
    snapshot.of_kind(item::KIND).any(|item| item.parent() == Some(&id)).then_some(id)
}

fn above(snapshot: &Snapshot, parents: &[String]) -> Option<(Live, String)> {
    let resource = snapshot.by_id(resource::KIND, parents.last()?)?.clone();
    let enumeration = over(snapshot, &resource)?;
    Some((resource, enumeration))
}

fn field_name(iso: &str, price: PriceField) -> String {
    format!("{iso}.{price}")
}

/// A period of a price as it stands in the name of a field.
fn period(text: &str) -> Option<PriceField> {
    serde_json::from_value(serde_json::Value::String(text.to_owned())).ok()
}
