//! Period mappings: which period a licence server is asked for when a client buys another one.

mod export;
mod read;
mod spec;
mod want;
mod write;

use async_trait::async_trait;

pub(crate) use self::spec::{MappingSpec, Sold};
use super::{
    ConfigSpec, Desired, Hand, Input, Kind, KindError, Live, Place, Scope, Site, Snapshot,
    forms::{after, wire_value},
    live::ids,
    processor,
    resource::TARIFF,
    table::Table,
};
use crate::{
    dialect::func,
    model::Period,
    plan::{Change, ObjectRef},
};

pub(crate) const KIND: &str = "period-mapping";

const TABLE: Table = Table { list: func::PARAMETERS, form: func::PARAMETER_EDIT };

pub(crate) struct PeriodMappings;

#[async_trait]
impl Kind for PeriodMappings {
    fn name(&self) -> &'static str {
        KIND
    }

    fn parent_kind(&self) -> Option<&'static str> {
        Some(processor::KIND)
    }

    async fn read(&self, site: &Site, scope: Scope<'_>, snapshot: &mut Snapshot) -> Result<(), KindError> {
        for id in read::processors(scope, snapshot) {
            match read::mappings(site, snapshot, &id).await {
                Ok(objects) => snapshot.objects.extend(objects),
                Err(KindError::Unknown(unknown)) => {
                    drop(snapshot.closed.insert(format!("{KIND} {id}"), unknown));
                }
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    fn want(&self, input: Input<'_>, desired: &mut Desired) {
        for (key, mappings) in &input.spec.period_mappings {
            let Some(parent) = want::parent(input, desired, key) else { continue };
            for (index, mapping) in mappings.iter().enumerate() {
                want::want(input, desired, key, &parent, (index, mapping));
            }
        }
    }

    async fn reread(
        &self,
        site: &Site,
        snapshot: &mut Snapshot,
        place: Place<'_>,
    ) -> Result<Option<Live>, KindError> {
        let [above] = place.parents else { return Ok(None) };
        let listing = TABLE.list(site, snapshot, Some(above)).await?;
        let Some((row, form)) = TABLE.one(site, &listing, place).await? else { return Ok(None) };
        read::live(site, snapshot, above, &row.id, &form)
    }

    async fn find(
        &self,
        hand: &mut Hand<'_>,
        change: &Change,
        parents: &[String],
    ) -> Result<Vec<String>, KindError> {
        let [above] = parents else { return Ok(Vec::new()) };
        let rows = read::mappings(hand.site, hand.snapshot, above).await?;
        let sold = after(change, "sold").map(ToString::to_string).unwrap_or_default();
        let tariff = after(change, TARIFF).map(|value| wire_value(hand, value)).transpose()?;
        let wanted = identity(&sold, tariff.as_deref());
        Ok(ids(rows, |live| live.identity == wanted))
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
        for live in snapshot.of_kind(KIND) {
            let above = live.parent().and_then(|id| snapshot.by_id(processor::KIND, id));
            let Some((key, mapping)) = above.and_then(|above| export::mapping(snapshot, above, live)) else {
                continue;
            };
            spec.period_mappings.entry(key).or_default().push(mapping);
        }
    }
}

/// What a mapping is recognised by on its processor.
fn identity(sold: &str, tariff: Option<&str>) -> String {
    format!("{sold}@{}", tariff.unwrap_or("*"))
}

fn object(processor: &str, sold: Period, tariff: Option<&str>) -> ObjectRef {
    let key = match tariff {
        Some(tariff) => format!("{processor}/{sold}@{tariff}"),
        None => format!("{processor}/{sold}"),
    };
    ObjectRef { kind: KIND.to_owned(), key }
}
