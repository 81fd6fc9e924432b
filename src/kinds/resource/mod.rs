//! The resource of a tariff plan that lets a client choose an item of an enumeration: the control panel
//! licence.

mod export;
mod read;
mod want;
mod write;

use std::collections::BTreeMap;

use async_trait::async_trait;
use serde::{Serialize, de::DeserializeOwned};

pub(crate) use self::export::tariff_key;
pub(super) use self::{export::exported, read::of_provider, want::item_reference};
use super::{
    ConfigSpec, Desired, Entry, Hand, Input, Kind, KindError, Live, Place, Scope, Site, Snapshot, TariffSpec,
    forms::{after, wire_value},
    live::{ids, reference_id},
    table::Table,
};
use crate::{
    dialect::func,
    model::{Billing, ClientChange},
    plan::{Change, ObjectRef, Value},
};

pub(crate) const KIND: &str = "resource";
pub(crate) const TARIFF: &str = "tariff";
const TYPE: &str = "type";

const TABLE: Table = Table { list: func::RESOURCES, form: func::RESOURCE_EDIT };

pub(crate) struct Resources;

#[async_trait]
impl Kind for Resources {
    fn name(&self) -> &'static str {
        KIND
    }

    async fn read(&self, site: &Site, scope: Scope<'_>, snapshot: &mut Snapshot) -> Result<(), KindError> {
        for tariff in read::tariffs(scope, snapshot) {
            let objects = read::resources(site, snapshot, &tariff).await?;
            snapshot.objects.extend(objects);
        }
        Ok(())
    }

    fn want(&self, input: Input<'_>, desired: &mut Desired) {
        for (key, spec) in &input.spec.prices {
            want::want(input, desired, key, spec);
        }
    }

    async fn reread(
        &self,
        site: &Site,
        snapshot: &mut Snapshot,
        place: Place<'_>,
    ) -> Result<Option<Live>, KindError> {
        let [tariff] = place.parents else { return Ok(None) };
        let listing = TABLE.list(site, snapshot, Some(tariff)).await?;
        let found = TABLE.one(site, &listing, place).await?;
        let entry = Entry { id: tariff.clone(), ..Entry::default() };
        Ok(found.map(|(row, form)| read::live(site, &entry, row, &form)))
    }

    async fn find(
        &self,
        hand: &mut Hand<'_>,
        change: &Change,
        parents: &[String],
    ) -> Result<Vec<String>, KindError> {
        let [tariff] = parents else { return Ok(Vec::new()) };
        let entry = Entry { id: tariff.clone(), ..Entry::default() };
        let live = read::resources(hand.site, hand.snapshot, &entry).await?;
        let wanted_type = after(change, TYPE).cloned();
        let enumeration = after(change, "enumeration").map(|value| wire_value(hand, value)).transpose()?;
        let same = |live: &Live| {
            let fields = live.fields.as_ref();
            let over = fields.and_then(|fields| fields.get("enumeration")).and_then(reference_id);
            over == enumeration.as_deref()
                && fields.and_then(|fields| fields.get(TYPE)) == wanted_type.as_ref()
        };
        Ok(ids(live, same))
    }

    async fn create(
        &self,
        hand: &mut Hand<'_>,
        change: &Change,
        parents: &[String],
    ) -> Result<(), KindError> {
        write::create(hand, change, parents).await
    }

    async fn update(&self, hand: &mut Hand<'_>, change: &Change, place: Place<'_>) -> Result<(), KindError> {
        write::update(hand, change, place).await
    }

    async fn delete(&self, hand: &mut Hand<'_>, place: Place<'_>) -> Result<(), KindError> {
        TABLE.delete(hand, place).await
    }

    fn export(&self, snapshot: &Snapshot, spec: &mut ConfigSpec) {
        for (key, resource, _) in exported(snapshot) {
            let items = BTreeMap::new();
            spec.prices.insert(
                key,
                TariffSpec {
                    provider: None,
                    resource,
                    licence_server: None,
                    cost_plus: None,
                    items,
                    waive: Vec::new(),
                },
            );
        }
    }
}

pub(super) fn object(tariff: &str) -> ObjectRef {
    ObjectRef { kind: KIND.to_owned(), key: tariff.to_owned() }
}

const BILLINGS: [Billing; 4] =
    [Billing::DoNotBill, Billing::ByOrder, Billing::ByStatistics, Billing::ByOtherResources];
const CHANGES: [ClientChange; 4] =
    [ClientChange::Allowed, ClientChange::Forbidden, ClientChange::UpOnly, ClientChange::DownOnly];

/// An enum's value as the configuration spells it.
fn word(value: &impl Serialize) -> Value {
    let spelt = serde_json::to_value(value).ok().and_then(|value| value.as_str().map(str::to_owned));
    Value::Text(spelt.unwrap_or_default())
}

/// The same read back.
fn unword<T: DeserializeOwned>(value: &Value) -> Option<T> {
    serde_json::from_value(serde_json::Value::String(value.to_string())).ok()
}
