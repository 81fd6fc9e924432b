//! The resource of a tariff plan that lets a client choose an item of an enumeration: the control panel
//! licence.

mod export;
mod read;
mod want;
mod write;

use std::collections::BTreeMap;

use futures_util::future::BoxFuture;
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
pub(super) const TARIFF: &str = "tariff";
const TYPE: &str = "type";

const TABLE: Table = Table { list: func::RESOURCES, form: func::RESOURCE_EDIT };

pub(crate) struct Resources;

impl Kind for Resources {
    fn name(&self) -> &'static str {
        KIND
    }

    fn read<'a>(
        &'a self,
        site: &'a Site,
        scope: Scope<'a>,
        snapshot: &'a mut Snapshot,
    ) -> BoxFuture<'a, Result<(), KindError>> {
        Box::pin(async move {
            for tariff in read::tariffs(scope, snapshot) {
                let objects = read::resources(site, snapshot, &tariff).await?;
                snapshot.objects.extend(objects);
            }
            Ok(())
        })
    }

    fn want(&self, input: Input<'_>, desired: &mut Desired) {
        for (key, spec) in &input.spec.prices {
            want::want(input, desired, key, spec);
        }
    }

    fn reread<'a>(
        &'a self,
        site: &'a Site,
        snapshot: &'a mut Snapshot,
        place: Place<'a>,
    ) -> BoxFuture<'a, Result<Option<Live>, KindError>> {
        Box::pin(async move {
            let [tariff] = place.parents else { return Ok(None) };
            let listing = TABLE.list(site, snapshot, Some(tariff)).await?;
            let found = TABLE.one(site, &listing, place).await?;
            let entry = Entry { id: tariff.clone(), ..Entry::default() };
            Ok(found.map(|(row, form)| read::live(site, &entry, row, &form)))
        })
    }

    fn find<'a>(
        &'a self,
        hand: &'a mut Hand<'_>,
        change: &'a Change,
        parents: &'a [String],
    ) -> BoxFuture<'a, Result<Vec<String>, KindError>> {
        Box::pin(async move {
            let [tariff] = parents else { return Ok(Vec::new()) };
            let entry = Entry { id: tariff.clone(), ..Entry::default() };
            let live = read::resources(hand.site, hand.snapshot, &entry).await?;
            let wanted_type = after(change, TYPE).cloned();
            let enumeration =
                after(change, "enumeration").map(|value| wire_value(hand, value)).transpose()?;
            let same = |live: &Live| {
                let fields = live.fields.as_ref();
                let over = fields.and_then(|fields| fields.get("enumeration")).and_then(reference_id);
                over == enumeration.as_deref()
                    && fields.and_then(|fields| fields.get(TYPE)) == wanted_type.as_ref()
            };
            Ok(ids(live, same))
        })
    }

    fn create<'a>(
        &'a self,
        hand: &'a mut Hand<'_>,
        change: &'a Change,
        parents: &'a [String],
    ) -> BoxFuture<'a, Result<(), KindError>> {
        Box::pin(write::create(hand, change, parents))
    }

    fn update<'a>(
        &'a self,
        hand: &'a mut Hand<'_>,
        change: &'a Change,
        place: Place<'a>,
    ) -> BoxFuture<'a, Result<(), KindError>> {
        Box::pin(write::update(hand, change, place))
    }

    fn delete<'a>(
        &'a self,
        hand: &'a mut Hand<'_>,
        place: Place<'a>,
    ) -> BoxFuture<'a, Result<(), KindError>> {
        Box::pin(TABLE.delete(hand, place))
    }

    fn export(&self, snapshot: &Snapshot, spec: &mut ConfigSpec) {
        for (key, resource, _) in exported(snapshot) {
            let items = BTreeMap::new();
            spec.prices.insert(key, TariffSpec { provider: None, resource, items });
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
