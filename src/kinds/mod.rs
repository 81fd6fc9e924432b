//! One module per kind of thing that is managed: what people write of it (`spec`), how it is read from a
//! panel (`read`), what is wanted of it (`want`), and how a change of it is written (`write`). A kind that
//! needs few words has them in one file.
//!
//! # Adding a kind
//!
//! 1. A module here with the spec types and an implementation of [`Kind`]; one line in [`ALL`]. A list with
//!    a form behind each row is read and written through a [`table::Table`].
//! 2. Its section in `spec::ConfigSpec`. The schema follows from it: run the tests with
//!    `BILLFORM_UPDATE=1` and commit what they write.
//! 3. An example in `examples/` and fixtures in `tests/kinds/<kind>/`.
//!
//! Nothing in `reconcile`, `apply` or `report` knows the kinds by name.

mod blank;
mod catalogue;
mod checks;
mod costs;
mod desired;
mod enumeration;
mod forms;
mod ignore;
mod item;
mod live;
mod localname;
mod notify;
mod parameter;
mod period_mapping;
mod policy;
mod price;
mod processor;
mod resource;
mod site;
mod spec;
mod surroundings;
mod table;

use async_trait::async_trait;

pub(crate) use blank::read as read_blank_forms;
pub(crate) use catalogue::{Catalogue, Entry};
pub(crate) use checks::{CheckCode, ChecksSpec, Severity, TariffWaiver, ThresholdsSpec, Waiver};
pub(crate) use costs::{CodeCosts, CostTable, CostsSpec, RatesSpec};
pub(crate) use desired::{Desired, Index, Input, Match, Wanted};
pub(crate) use enumeration::EnumerationSpec;
pub(crate) use ignore::IgnoreSpec;
pub(crate) use item::ItemSpec;
pub(crate) use live::{Live, ParentStyle, Snapshot};
pub(crate) use notify::NotifySpec;
pub(crate) use parameter::Parameter;
pub(crate) use period_mapping::{MappingSpec, Sold};
pub(crate) use policy::{Pattern, PolicySpec};
pub(crate) use price::{
    Amount, AmountPlus, COST_PLUS, CostPlus, CurrencyPrices, Formulas, ItemPrice, MoneyBy, ResourceSpec,
    TariffSpec, exported as exported_price,
};
pub(crate) use processor::ProcessorSpec;
pub(crate) use resource::TARIFF;
pub(crate) use resource::tariff_key;
pub(crate) use site::Site;
pub(crate) use spec::{ConfigSpec, Environment, PanelSpec, Prune, version};
pub(crate) use surroundings::Surroundings;

use crate::{
    billmgr::{Failure, Writer},
    dialect::Unknown,
    language::t,
    plan::{Change, ObjectRef, Value},
};

/// The kinds, each after those its objects refer to.
pub(crate) static ALL: &[&dyn Kind] = &[
    &processor::Processors,
    &enumeration::Enumerations,
    &item::Items,
    &resource::Resources,
    &price::Prices,
    &period_mapping::PeriodMappings,
];

/// How many forms of one list are asked for at a time; the client lowers it to what the panel bears.
const IN_FLIGHT: usize = 8;

/// What a read is for.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Scope<'a> {
    /// What the configuration mentions.
    Config(&'a ConfigSpec),
    /// Everything, for an export.
    Everything,
}

impl Scope<'_> {
    /// Whether live objects of that kind may be deleted where the configuration does not describe them. Below
    /// which parents can only be told once it is clear what the configuration calls these.
    pub(crate) fn prunes(self, kind: &str) -> bool {
        matches!(self, Self::Config(spec) if spec.prunes(kind))
    }
}

/// Where an object is, for calls about it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place<'a> {
    pub(crate) id: &'a str,
    /// Ids of the objects above it, nearest last.
    pub(crate) parents: &'a [String],
}

impl<'a> Place<'a> {
    /// The object it belongs to.
    pub(crate) fn parent(&self) -> Option<&'a str> {
        self.parents.last().map(String::as_str)
    }
}

/// How kinds reach the panel while writing.
pub(crate) struct Hand<'a> {
    pub(crate) site: &'a Site,
    pub(crate) writer: &'a Writer,
    /// What was read for the plan; what is found out later is added to it.
    pub(crate) snapshot: &'a mut Snapshot,
    /// The spec of the object, for what a plan never holds: secrets.
    pub(crate) secrets: &'a (dyn Fn(&ObjectRef, &str) -> Result<secrecy::SecretString, String> + Sync),
    /// Ids of all objects that exist by now, by kind and the configuration's key.
    pub(crate) ids: &'a std::collections::BTreeMap<ObjectRef, String>,
}

/// One kind of managed object.
#[async_trait]
pub(crate) trait Kind: Sync {
    /// Its name in plans and flags.
    fn name(&self) -> &'static str;

    /// Whether its objects are made and deleted together with the object above them, never alone.
    fn comes_with_parent(&self) -> bool {
        false
    }

    /// The kind of the objects above its own, where it is one that is managed.
    fn parent_kind(&self) -> Option<&'static str> {
        None
    }

    /// Another object whose delete takes this one along, by kind and id.
    fn also_goes_with<'l>(&self, _: &'l Live) -> Option<(&'static str, &'l str)> {
        None
    }

    /// The objects that the panel deletes along with that one, by kind and id, as their list shows them now.
    async fn takes_along(
        &self,
        _: &Site,
        _: &mut Snapshot,
        _: Place<'_>,
    ) -> Result<Vec<(&'static str, String)>, KindError> {
        Ok(Vec::new())
    }

    /// Fields that count when the object is created and that its form may not show afterwards.
    fn creation_only(&self) -> &'static [&'static str] {
        &[]
    }

    /// Whether the panel's value is what the plan wants, though it may be spelt otherwise.
    fn means(&self, _: &Site, _: &Snapshot, _field: &str, wanted: &Value, live: &Value) -> bool {
        wanted == live
    }

    /// Reads the objects of the kind into the snapshot: the rows of its lists, and the forms of those
    /// that `scope` covers.
    async fn read(&self, site: &Site, scope: Scope<'_>, snapshot: &mut Snapshot) -> Result<(), KindError>;

    /// Says what the configuration wants of this kind, each object matched with the live one it means.
    fn want(&self, input: Input<'_>, desired: &mut Desired);

    /// Reads one object anew; nothing where it is gone.
    async fn reread(
        &self,
        site: &Site,
        snapshot: &mut Snapshot,
        place: Place<'_>,
    ) -> Result<Option<Live>, KindError>;

    /// Looks for live objects that the change would create a second time, by natural key.
    async fn find(
        &self,
        hand: &mut Hand<'_>,
        change: &Change,
        parents: &[String],
    ) -> Result<Vec<String>, KindError>;

    /// Creates the object. The id the panel gives is a hint: the caller looks for it by natural key.
    async fn create(&self, hand: &mut Hand<'_>, change: &Change, parents: &[String])
    -> Result<(), KindError>;

    /// The id of what [`Kind::create`] made; several where somebody else made the like.
    async fn created(
        &self,
        hand: &mut Hand<'_>,
        change: &Change,
        parents: &[String],
    ) -> Result<Vec<String>, KindError> {
        self.find(hand, change, parents).await
    }

    /// Changes the object's fields in place.
    async fn update(&self, hand: &mut Hand<'_>, change: &Change, place: Place<'_>) -> Result<(), KindError>;

    /// Deletes the object.
    async fn delete(&self, hand: &mut Hand<'_>, place: Place<'_>) -> Result<(), KindError>;

    /// Describes the live objects of the kind as configuration.
    fn export(&self, snapshot: &Snapshot, spec: &mut ConfigSpec);
}

/// Reads all that `scope` covers.
pub(crate) async fn read(site: &Site, scope: Scope<'_>) -> Result<Snapshot, KindError> {
    let mut snapshot = Snapshot::default();
    catalogue::read(site, scope, &mut snapshot).await?;
    for kind in ALL {
        kind.read(site, scope, &mut snapshot).await?;
    }
    Ok(snapshot)
}

/// What became of each part of a read: the lists that objects refer to, then each kind.
pub(crate) type Reads = Vec<(&'static str, Result<(), KindError>)>;

/// Reads all that can be read, and says of each part whether it could.
pub(crate) async fn read_each(site: &Site, scope: Scope<'_>) -> (Snapshot, Reads) {
    let mut snapshot = Snapshot::default();
    let mut reads: Reads = vec![("references", catalogue::read(site, scope, &mut snapshot).await)];
    for kind in ALL {
        reads.push((kind.name(), kind.read(site, scope, &mut snapshot).await));
    }
    (snapshot, reads)
}

/// Why a kind could not read or write.
#[derive(Debug, thiserror::Error)]
pub(crate) enum KindError {
    #[error(transparent)]
    Panel(#[from] Failure),
    /// A name of the panel could not be told.
    #[error(transparent)]
    Unknown(#[from] Unknown),
    /// A secret could not be read.
    #[error("{0}")]
    Secret(String),
    /// Something the panel shows is not what this kind of object has.
    #[error("{0}")]
    Unreadable(String),
    /// Somebody changed the object while it was being written.
    #[error("{0}")]
    Changed(String),
}

impl KindError {
    /// Whether a read failed because the panel has no such function, or not for this account.
    pub(crate) fn is_unknown_function(&self) -> bool {
        matches!(self, Self::Panel(Failure::NotShown { .. } | Failure::Rights { .. }))
    }

    /// Whether the panel answered with an error of its own.
    pub(crate) fn panel_error(&self) -> bool {
        matches!(self, Self::Panel(failure) if failure.panel_error().is_some())
    }

    /// Whether a write may have been carried out all the same.
    pub(crate) fn is_unclear(&self) -> bool {
        matches!(self, Self::Panel(Failure::Unclear { .. }))
    }

    pub(crate) fn code(&self) -> &'static str {
        match self {
            Self::Panel(failure) => failure.code(),
            Self::Unknown(_) => "panel::unknown_name",
            Self::Secret(_) => "secret::unreadable",
            Self::Unreadable(_) => "panel::unreadable",
            Self::Changed(_) => "apply::conflict",
        }
    }

    pub(crate) fn help(&self) -> String {
        match self {
            Self::Panel(failure) => failure.help().to_owned(),
            Self::Unknown(unknown) => unknown.help(),
            Self::Secret(_) => {
                t!("set the environment variable or write the file that the configuration names")
            }
            Self::Unreadable(_) => t!(
                "nothing is planned or written from a form that is not understood; see it in the panel's own interface"
            ),
            Self::Changed(_) => t!("run plan again and review what changed"),
        }
    }
}
