//! Processors: BILLmanager's processing modules, the licence server among them.

mod export;
mod read;
mod spec;
mod want;
mod wizard;
mod write;

use async_trait::async_trait;

pub(crate) use self::spec::ProcessorSpec;
pub(super) use self::want::missing;
pub(super) use self::wizard::first_step;
use super::{
    ConfigSpec, Desired, Hand, Input, Kind, KindError, Live, Place, Scope, Site, Snapshot, forms::after,
    table::Table,
};
use crate::{
    dialect::func,
    model::Name,
    plan::{Change, ObjectRef, Value},
    wire::Row,
};

pub(crate) const KIND: &str = "processor";
const DATA_CENTRE: &str = "data-centre";
const PRODUCT_TYPE: &str = "product-type";
/// Under which modules seen on live processors are kept, whatever their product type.
const SEEN: &str = "*";

const TABLE: Table = Table { list: func::PROCESSORS, form: func::PROCESSOR_EDIT };

pub(crate) struct Processors;

#[async_trait]
impl Kind for Processors {
    fn name(&self) -> &'static str {
        KIND
    }

    fn creation_only(&self) -> &'static [&'static str] {
        &["product_type", "password"]
    }

    /// The panel shows a module's internal name where the plan may still hold its alias.
    fn means(&self, site: &Site, snapshot: &Snapshot, field: &str, wanted: &Value, live: &Value) -> bool {
        let alias = || {
            let (Value::Text(wanted), Value::Text(live)) = (wanted, live) else { return false };
            let mut lists = snapshot.catalogue.modules.values();
            lists.any(|modules| site.dialect.module(wanted, modules).is_ok_and(|name| name == live))
        };
        wanted == live || field == "module" && alias()
    }

    async fn read(&self, site: &Site, scope: Scope<'_>, snapshot: &mut Snapshot) -> Result<(), KindError> {
        if !asked_for(scope) {
            return Ok(());
        }
        let objects = read::processors(site, scope, snapshot).await?;
        snapshot.objects.extend(objects);
        if let Scope::Config(spec) = scope {
            wizard::learn_modules(site, spec, snapshot).await?;
        }
        Ok(())
    }

    fn want(&self, input: Input<'_>, desired: &mut Desired) {
        let specs = &input.spec.processors;
        // Licence servers first: the others refer to them.
        let (servers, others): (Vec<_>, Vec<_>) =
            specs.iter().partition(|(_, spec)| spec.licence_server.is_none());
        for (key, spec) in servers.into_iter().chain(others) {
            want::want(input, desired, key, spec);
        }
    }

    async fn reread(
        &self,
        site: &Site,
        snapshot: &mut Snapshot,
        place: Place<'_>,
    ) -> Result<Option<Live>, KindError> {
        let listing = TABLE.list(site, snapshot, None).await?;
        let Some((row, form)) = TABLE.one(site, &listing, place).await? else { return Ok(None) };
        read::remember(snapshot, read::row_module(row).into_iter().chain(read::form_module(row, &form)));
        Ok(Some(read::live(site, row, Some(&form), &read::known(site, &listing.rows))))
    }

    async fn find(
        &self,
        hand: &mut Hand<'_>,
        change: &Change,
        _: &[String],
    ) -> Result<Vec<String>, KindError> {
        let listing = TABLE.list(hand.site, hand.snapshot, None).await?;
        let name = after(change, "name").map(ToString::to_string);
        let found = listing.rows.iter().filter(|row| row.get("name").map(str::to_owned) == name);
        Ok(found.map(|row| row.id.clone()).collect())
    }

    async fn create(&self, hand: &mut Hand<'_>, change: &Change, _: &[String]) -> Result<(), KindError> {
        wizard::create(hand, change).await
    }

    async fn update(&self, hand: &mut Hand<'_>, change: &Change, place: Place<'_>) -> Result<(), KindError> {
        write::update(hand, change, place).await
    }

    async fn delete(&self, hand: &mut Hand<'_>, place: Place<'_>) -> Result<(), KindError> {
        TABLE.delete(hand, place).await
    }

    fn export(&self, snapshot: &Snapshot, spec: &mut ConfigSpec) {
        for live in snapshot.of_kind(KIND) {
            let (Some(fields), Ok(key)) = (&live.fields, live.identity.parse::<Name>()) else { continue };
            spec.processors.extend(export::processor(snapshot, fields).map(|processor| (key, processor)));
        }
    }
}

pub(super) fn object(key: &str) -> ObjectRef {
    ObjectRef { kind: KIND.to_owned(), key: key.to_owned() }
}

fn asked_for(scope: Scope<'_>) -> bool {
    match scope {
        Scope::Everything => true,
        Scope::Config(spec) => {
            !spec.processors.is_empty() || !spec.period_mappings.is_empty() || spec.prunes(KIND)
        }
    }
}

/// Whether the form of a processor is read: the configuration describes it, or may delete it.
fn covers(scope: Scope<'_>, row: &Row) -> bool {
    let Scope::Config(spec) = scope else { return true };
    let name = row.get("name").unwrap_or_default();
    spec.processors.iter().any(|(key, processor)| processor.meant(key).is(&row.id, name))
        || scope.prunes(KIND)
}
