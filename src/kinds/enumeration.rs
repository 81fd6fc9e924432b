//! Enumerations: what a client may choose, for example the control panels.

use std::collections::BTreeMap;

use futures_util::{StreamExt, TryStreamExt, future::BoxFuture, stream};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    ConfigSpec, Desired, Hand, IN_FLIGHT, Input, ItemSpec, Kind, KindError, Live, Place, Scope, Site,
    Snapshot, Wanted, desired::Search, forms, localname,
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
}

pub(crate) struct Enumerations;

impl Kind for Enumerations {
    fn name(&self) -> &'static str {
        KIND
    }

    fn read<'a>(
        &'a self,
        site: &'a Site,
        scope: Scope<'a>,
        snapshot: &'a mut Snapshot,
    ) -> BoxFuture<'a, Result<(), KindError>> {
        Box::pin(async move { if asked_for(scope) { read_all(site, scope, snapshot).await } else { Ok(()) } })
    }

    fn want(&self, input: Input<'_>, desired: &mut Desired) {
        for (key, spec) in &input.spec.enumerations {
            let pointer = ["enumerations", key.as_str()];
            let mut names = vec![key.as_str()];
            names.extend(spec.renamed_from.as_ref().map(Name::as_str));
            let search = Search { kind: KIND, parent: None, pin: spec.id, names: &names, pointer: &pointer };
            let fate = desired.pick(input, &search);
            let mut fields: BTreeMap<String, Value> = localname::wanted(&spec.name).collect();
            fields.insert(INTERNAL_NAME.to_owned(), Value::Text(key.as_str().to_owned()));
            desired.push(Wanted {
                object: object(key.as_str()),
                parent: None,
                pointer: pointer.map(str::to_owned).to_vec(),
                fate,
                fields,
                places: BTreeMap::new(),
                also_after: Vec::new(),
            });
        }
    }

    fn reread<'a>(
        &'a self,
        site: &'a Site,
        snapshot: &'a mut Snapshot,
        place: Place<'a>,
    ) -> BoxFuture<'a, Result<Option<Live>, KindError>> {
        Box::pin(async move {
            let listing = site.list(snapshot, func::ENUMERATIONS, &[]).await?;
            let Some(row) = listing.row(place.id) else { return Ok(None) };
            let form = view(site, place.id).await?;
            Ok(Some(live(place.id, row.get("intname"), Some(&form))))
        })
    }

    fn find<'a>(
        &'a self,
        hand: &'a mut Hand<'_>,
        change: &'a Change,
        _: &'a [String],
    ) -> BoxFuture<'a, Result<Option<String>, KindError>> {
        Box::pin(async move {
            let mut fresh = Snapshot::default();
            read_all(hand.site, Scope::Config(&ConfigSpec::default()), &mut fresh).await?;
            Ok(fresh
                .of_kind(KIND)
                .find(|live| live.identity == change.object.key)
                .map(|live| live.id.clone()))
        })
    }

    fn create<'a>(
        &'a self,
        hand: &'a mut Hand<'_>,
        change: &'a Change,
        _: &'a [String],
    ) -> BoxFuture<'a, Result<(), KindError>> {
        Box::pin(async move {
            let target = forms::Target { func: func::ENUMERATION_EDIT, params: Vec::new() };
            forms::save(hand, &target, &params(change)).await.map(drop)
        })
    }

    fn update<'a>(
        &'a self,
        hand: &'a mut Hand<'_>,
        change: &'a Change,
        place: Place<'a>,
    ) -> BoxFuture<'a, Result<(), KindError>> {
        Box::pin(async move {
            let target = forms::Target { func: func::ENUMERATION_EDIT, params: vec![("elid", place.id)] };
            forms::save(hand, &target, &params(change)).await.map(drop)
        })
    }

    fn delete<'a>(
        &'a self,
        hand: &'a mut Hand<'_>,
        place: Place<'a>,
    ) -> BoxFuture<'a, Result<(), KindError>> {
        Box::pin(forms::delete(hand, func::ENUMERATIONS, place))
    }

    fn export(&self, snapshot: &Snapshot, spec: &mut ConfigSpec) {
        for live in snapshot.of_kind(KIND) {
            let (Some(fields), Ok(key)) = (&live.fields, live.identity.parse::<Name>()) else { continue };
            let name = localname::export(fields);
            let items = BTreeMap::new();
            spec.enumerations.insert(key, EnumerationSpec { id: None, renamed_from: None, name, items });
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
pub(super) fn covers(scope: Scope<'_>, id: &str, internal_name: &str) -> bool {
    let Scope::Config(spec) = scope else { return true };
    let managed = spec.enumerations.iter().any(|(key, enumeration)| {
        key.as_str() == internal_name
            || enumeration.id.is_some_and(|pin| pin.to_string() == id)
            || enumeration.renamed_from.as_ref().is_some_and(|name| name.as_str() == internal_name)
    });
    managed || spec.prices.values().any(|tariff| tariff.resource.enumeration.as_str() == internal_name)
}

/// Reads the list, and the forms of what `scope` covers and of what the list does not name.
async fn read_all(site: &Site, scope: Scope<'_>, snapshot: &mut Snapshot) -> Result<(), KindError> {
    let listing = site.list(snapshot, func::ENUMERATIONS, &[]).await?;
    let needs_form = |row: &Row| row.get("intname").is_none_or(|name| covers(scope, &row.id, name));
    let objects: Vec<Live> = stream::iter(listing.rows.clone())
        .map(|row| async move {
            let form = if needs_form(&row) { Some(view(site, &row.id).await?) } else { None };
            Ok::<Live, KindError>(live(&row.id, row.get("intname"), form.as_ref()))
        })
        .buffered(IN_FLIGHT)
        .try_collect()
        .await?;
    snapshot.objects.extend(objects);
    Ok(())
}

async fn view(site: &Site, id: &str) -> Result<Form, KindError> {
    Ok(site.reader.form(func::ENUMERATION_EDIT, &[("elid", id)]).await?)
}

fn live(id: &str, listed: Option<&str>, form: Option<&Form>) -> Live {
    let internal_name = form.and_then(|form| form.value("intname")).or(listed).unwrap_or_default().to_owned();
    let fields = form.map(|form| {
        let mut fields = localname::live(form);
        fields.insert(INTERNAL_NAME.to_owned(), Value::Text(internal_name.clone()));
        fields
    });
    Live {
        object: object(&internal_name),
        id: id.to_owned(),
        identity: internal_name,
        parents: Vec::new(),
        fields,
        unknown: BTreeMap::new(),
    }
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
