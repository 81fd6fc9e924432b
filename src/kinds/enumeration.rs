//! Enumerations: what a client may choose, for example the control panels.

use std::collections::BTreeMap;

use async_trait::async_trait;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    ConfigSpec, Desired, Hand, Input, ItemSpec, Kind, KindError, Live, Place, Scope, Site, Snapshot, Waiver,
    Wanted, desired::Search, item, live::ids, localname, spec::Meant, table::Table,
};
use crate::{
    dialect::func,
    model::{LocalName, Name},
    plan::{Change, ObjectRef, Value},
    wire::{Form, Param, Row},
};

pub(crate) const KIND: &str = "enumeration";
pub(super) const INTERNAL_NAME: &str = "internal_name";

/// A panel enumeration. Its key is the internal name.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "Enumeration")]
pub(crate) struct EnumerationSpec {
    /// Live id, where the internal name alone does not say which enumeration is meant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) id: Option<u32>,
    /// Earlier internal name: the enumeration is renamed instead of created anew.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) renamed_from: Option<Name>,
    /// Name by language.
    pub(crate) name: LocalName,
    /// The items by internal name. For licences this is the code of the tariff plan on the licence
    /// server (`"3541"`), or `nopanel`.
    #[serde(default)]
    pub(crate) items: BTreeMap<Name, ItemSpec>,
    /// Findings about this enumeration that are known and accepted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) waive: Vec<Waiver>,
}

impl EnumerationSpec {
    pub(super) fn meant<'a>(&'a self, key: &'a Name) -> Meant<'a> {
        Meant { name: key.as_str(), id: self.id, renamed_from: self.renamed_from.as_ref() }
    }
}

const TABLE: Table = Table { list: func::ENUMERATIONS, form: func::ENUMERATION_EDIT };

pub(crate) struct Enumerations;

#[async_trait]
impl Kind for Enumerations {
    fn name(&self) -> &'static str {
        KIND
    }

    async fn read(&self, site: &Site, scope: Scope<'_>, snapshot: &mut Snapshot) -> Result<(), KindError> {
        if asked_for(scope) {
            let objects = read(site, snapshot, |row, name| covers(scope, &row.id, name)).await?;
            snapshot.objects.extend(objects);
        }
        Ok(())
    }

    fn want(&self, input: Input<'_>, desired: &mut Desired) {
        for (key, spec) in &input.spec.enumerations {
            let pointer = ["enumerations", key.as_str()];
            let names: Vec<&str> = spec.meant(key).names().collect();
            let search = Search { kind: KIND, parent: None, pin: spec.id, names: &names, pointer: &pointer };
            let fate = desired.pick(input, &search);
            desired.push(Wanted {
                object: object(key.as_str()),
                parent: None,
                pointer: pointer.map(str::to_owned).to_vec(),
                fate,
                fields: fields(key, &spec.name),
                places: BTreeMap::new(),
                also_after: Vec::new(),
                formulas: BTreeMap::new(),
            });
        }
    }

    async fn reread(
        &self,
        site: &Site,
        snapshot: &mut Snapshot,
        place: Place<'_>,
    ) -> Result<Option<Live>, KindError> {
        let listing = TABLE.list(site, snapshot, None).await?;
        let found = TABLE.one(site, &listing, place).await?;
        Ok(found.map(|(row, form)| live(row, Some(&form))))
    }

    async fn find(
        &self,
        hand: &mut Hand<'_>,
        change: &Change,
        _: &[String],
    ) -> Result<Vec<String>, KindError> {
        let found = read(hand.site, hand.snapshot, |_, _| false).await?;
        Ok(ids(found, |live| live.identity == change.object.key))
    }

    async fn create(&self, hand: &mut Hand<'_>, change: &Change, _: &[String]) -> Result<(), KindError> {
        TABLE.save(hand, None, None, &params(change)).await
    }

    async fn update(&self, hand: &mut Hand<'_>, change: &Change, place: Place<'_>) -> Result<(), KindError> {
        TABLE.save(hand, None, Some(place.id), &params(change)).await
    }

    async fn delete(&self, hand: &mut Hand<'_>, place: Place<'_>) -> Result<(), KindError> {
        TABLE.delete(hand, place).await
    }

    async fn takes_along(
        &self,
        site: &Site,
        snapshot: &mut Snapshot,
        place: Place<'_>,
    ) -> Result<Vec<(&'static str, String)>, KindError> {
        let items = item::list(site, snapshot, place.id).await?;
        Ok(items.rows.into_iter().map(|row| (item::KIND, row.id)).collect())
    }

    fn export(&self, snapshot: &Snapshot, spec: &mut ConfigSpec) {
        for live in snapshot.of_kind(KIND) {
            let (Some(fields), Ok(key)) = (&live.fields, live.identity.parse::<Name>()) else { continue };
            let name = localname::export(fields);
            let items = BTreeMap::new();
            spec.enumerations.insert(
                key,
                EnumerationSpec { id: None, renamed_from: None, name, items, waive: Vec::new() },
            );
        }
    }
}

pub(super) fn object(key: &str) -> ObjectRef {
    ObjectRef { kind: KIND.to_owned(), key: key.to_owned() }
}

fn asked_for(scope: Scope<'_>) -> bool {
    match scope {
        Scope::Everything => true,
        Scope::Config(spec) => !spec.enumerations.is_empty() || !spec.prices.is_empty() || spec.prunes(KIND),
    }
}

/// Whether the configuration speaks of the live enumeration, as its own or for prices.
pub(super) fn managed(scope: Scope<'_>, id: &str, internal_name: &str) -> bool {
    let Scope::Config(spec) = scope else { return true };
    spec.enumerations.iter().any(|(key, enumeration)| enumeration.meant(key).is(id, internal_name))
        || spec.prices.values().any(|tariff| tariff.resource.enumeration.as_str() == internal_name)
}

/// Whether its form is read: what may be deleted is shown with all that goes.
pub(super) fn covers(scope: Scope<'_>, id: &str, internal_name: &str) -> bool {
    managed(scope, id, internal_name) || scope.prunes(KIND)
}

/// Reads the list, and the forms of what `covers` picks and of what the list does not name.
async fn read(
    site: &Site,
    snapshot: &mut Snapshot,
    covers: impl Fn(&Row, &str) -> bool,
) -> Result<Vec<Live>, KindError> {
    let listing = TABLE.list(site, snapshot, None).await?;
    let needs_form = |row: &Row| row.get("intname").is_none_or(|name| covers(row, name));
    let rows = TABLE.forms(site, None, listing.rows, needs_form).await?;
    Ok(rows.iter().map(|(row, form)| live(row, form.as_ref())).collect())
}

fn live(row: &Row, form: Option<&Form>) -> Live {
    let (internal_name, fields) = read_named(row, form);
    Live {
        object: object(&internal_name),
        id: row.id.clone(),
        identity: internal_name,
        parents: Vec::new(),
        fields,
        unknown: BTreeMap::new(),
    }
}

/// The internal name and the fields of an enumeration or an item.
pub(super) fn read_named(row: &Row, form: Option<&Form>) -> (String, Option<BTreeMap<String, Value>>) {
    let shown = form.and_then(|form| form.value("intname"));
    let internal_name = shown.or(row.get("intname")).unwrap_or_default().to_owned();
    let fields = form.map(|form| {
        let mut fields = localname::live(form);
        fields.insert(INTERNAL_NAME.to_owned(), Value::Text(internal_name.clone()));
        fields
    });
    (internal_name, fields)
}

/// The fields that the configuration wants of an enumeration or an item.
pub(super) fn fields(key: &Name, name: &LocalName) -> BTreeMap<String, Value> {
    let internal_name = (INTERNAL_NAME.to_owned(), Value::Text(key.as_str().to_owned()));
    localname::wanted(name).chain([internal_name]).collect()
}

/// The form fields of an enumeration's or an item's changed fields.
pub(super) fn params(change: &Change) -> Vec<Param> {
    let fields = change.fields.iter().filter_map(|field| {
        let name = if field.field == INTERNAL_NAME {
            Some("intname".to_owned())
        } else {
            localname::form_field(field)
        };
        Some(Param::text(name?, field.after.as_ref()?.to_string()))
    });
    fields.collect()
}
