//! Prices of a resource's items per period and currency, and whether an item is offered at all.

mod export;
mod read;
mod rows;
mod rule;
mod spec;
mod want;
mod write;

use async_trait::async_trait;

pub(crate) use self::{
    export::exported,
    rule::{AmountPlus, COST_PLUS, CostPlus, Formulas, MoneyBy},
    spec::{Amount, CurrencyPrices, ItemPrice, ResourceSpec, TariffSpec},
};
use super::{
    ConfigSpec, Desired, Hand, Input, Kind, KindError, Live, Place, Scope, Site, Snapshot, item,
    live::reference_id, resource,
};
use crate::{
    language::t,
    model::PriceField,
    plan::{Change, ObjectRef},
};

pub(crate) const KIND: &str = "price";
const OFFERED: &str = "offered";
const FREE: &str = "free";

pub(crate) struct Prices;

#[async_trait]
impl Kind for Prices {
    fn name(&self) -> &'static str {
        KIND
    }

    fn comes_with_parent(&self) -> bool {
        true
    }

    fn parent_kind(&self) -> Option<&'static str> {
        Some(resource::KIND)
    }

    fn also_goes_with<'l>(&self, live: &'l Live) -> Option<(&'static str, &'l str)> {
        Some((item::KIND, &live.identity))
    }

    async fn read(&self, site: &Site, scope: Scope<'_>, snapshot: &mut Snapshot) -> Result<(), KindError> {
        read::items_that_go(site, scope, snapshot).await?;
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
    }

    fn want(&self, input: Input<'_>, desired: &mut Desired) {
        want::want(input, desired);
    }

    async fn reread(
        &self,
        site: &Site,
        snapshot: &mut Snapshot,
        place: Place<'_>,
    ) -> Result<Option<Live>, KindError> {
        let Some((resource, enumeration)) = above(snapshot, place.parents) else { return Ok(None) };
        let rows = rows::read(site, snapshot, &resource, &enumeration).await?;
        let Some(row) = rows.iter().find(|row| row.id == place.id) else { return Ok(None) };
        let (form, style, edit) = rows::view(site, snapshot, place.parents, place.id).await?;
        snapshot.parent_styles.insert(edit, style);
        Ok(Some(read::live(site, snapshot, &resource, row, Some(&form))))
    }

    async fn find(&self, _: &mut Hand<'_>, _: &Change, _: &[String]) -> Result<Vec<String>, KindError> {
        // The panel makes the row of an item together with its resource, so a new price always has one.
        Ok(Vec::new())
    }

    async fn create(
        &self,
        hand: &mut Hand<'_>,
        change: &Change,
        parents: &[String],
    ) -> Result<(), KindError> {
        let id = write::row_of(hand, change, parents).await?;
        write::untouched(hand, change, Place { id: &id, parents }).await?;
        self.update(hand, change, Place { id: &id, parents }).await
    }

    async fn created(
        &self,
        hand: &mut Hand<'_>,
        change: &Change,
        parents: &[String],
    ) -> Result<Vec<String>, KindError> {
        write::row_of(hand, change, parents).await.map(|id| vec![id])
    }

    async fn update(&self, hand: &mut Hand<'_>, change: &Change, place: Place<'_>) -> Result<(), KindError> {
        write::update(hand, change, place).await
    }

    async fn delete(&self, _: &mut Hand<'_>, _: Place<'_>) -> Result<(), KindError> {
        Err(KindError::Unreadable(t!("a price goes with its resource or its item, and is not deleted")))
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
