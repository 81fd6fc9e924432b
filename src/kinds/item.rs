//! Items of enumerations. For licences the internal name is the code of a tariff plan on the licence server.

use std::collections::BTreeMap;

use futures_util::{StreamExt, TryStreamExt, future::BoxFuture, stream};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    ConfigSpec, Desired, Hand, IN_FLIGHT, Input, Kind, KindError, Live, Match, ParentStyle, Place, Scope,
    Site, Snapshot, Wanted, desired::Search, enumeration, enumeration::INTERNAL_NAME, forms, localname,
};
use crate::{
    billmgr::Listing,
    dialect::{Unknown, func},
    model::{LocalName, Name},
    plan::{Change, ObjectRef, Reference, Value},
    wire::Form,
};

pub(crate) const KIND: &str = "enumeration-item";

/// One value of an enumeration.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "Item of an enumeration")]
pub(crate) struct ItemSpec {
    /// Live id, where the internal name alone does not say which item is meant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) id: Option<u32>,
    /// Earlier internal name: the item is renamed instead of created anew.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) renamed_from: Option<Name>,
    /// Name by language.
    pub(crate) name: LocalName,
}

pub(crate) struct Items;

impl Kind for Items {
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
            let parents: Vec<Live> = snapshot
                .of_kind(enumeration::KIND)
                .filter(|live| live.fields.is_some() && enumeration::covers(scope, &live.id, &live.identity))
                .cloned()
                .collect();
            for parent in parents {
                let objects = read_items(site, scope, snapshot, &parent).await?;
                snapshot.objects.extend(objects);
            }
            Ok(())
        })
    }

    fn want(&self, input: Input<'_>, desired: &mut Desired) {
        for (parent_key, enumeration) in &input.spec.enumerations {
            let parent = enumeration::object(parent_key.as_str());
            let parent_id = desired.get(&parent).and_then(|wanted| wanted.fate.id()).map(str::to_owned);
            for (key, spec) in &enumeration.items {
                let pointer = ["enumerations", parent_key.as_str(), "items", key.as_str()];
                let mut names = vec![key.as_str()];
                names.extend(spec.renamed_from.as_ref().map(Name::as_str));
                let fate = match &parent_id {
                    None => Match::New,
                    Some(id) => {
                        let parent = Some(id.as_str());
                        desired.pick(
                            input,
                            &Search { kind: KIND, parent, pin: spec.id, names: &names, pointer: &pointer },
                        )
                    }
                };
                let mut fields: BTreeMap<String, Value> = localname::wanted(&spec.name).collect();
                fields.insert(INTERNAL_NAME.to_owned(), Value::Text(key.as_str().to_owned()));
                desired.push(Wanted {
                    object: object(parent_key.as_str(), key.as_str()),
                    parent: Some(Reference {
                        kind: parent.kind.clone(),
                        key: parent.key.clone(),
                        id: parent_id.clone(),
                    }),
                    pointer: pointer.map(str::to_owned).to_vec(),
                    fate,
                    fields,
                    places: BTreeMap::new(),
                    also_after: Vec::new(),
                });
            }
        }
    }

    fn reread<'a>(
        &'a self,
        site: &'a Site,
        snapshot: &'a mut Snapshot,
        place: Place<'a>,
    ) -> BoxFuture<'a, Result<Option<Live>, KindError>> {
        Box::pin(async move {
            let [parent] = place.parents else { return Ok(None) };
            let listing = list(site, snapshot, parent).await?;
            let Some(row) = listing.row(place.id) else { return Ok(None) };
            let form = view(site, parent, place.id).await?;
            let above = snapshot
                .by_id(enumeration::KIND, parent)
                .map_or("", |live| live.identity.as_str())
                .to_owned();
            Ok(Some(live(&above, parent, place.id, row.get("intname"), Some(&form))))
        })
    }

    fn find<'a>(
        &'a self,
        hand: &'a mut Hand<'_>,
        change: &'a Change,
        parents: &'a [String],
    ) -> BoxFuture<'a, Result<Option<String>, KindError>> {
        Box::pin(async move {
            let [parent] = parents else { return Ok(None) };
            let wanted = change
                .fields
                .iter()
                .find(|field| field.field == INTERNAL_NAME)
                .and_then(|field| field.after.clone());
            let parent = stub(parent);
            let found =
                read_items(hand.site, Scope::Config(&ConfigSpec::default()), hand.snapshot, &parent).await?;
            Ok(found
                .into_iter()
                .find(|live| wanted == Some(Value::Text(live.identity.clone())))
                .map(|live| live.id))
        })
    }

    fn create<'a>(
        &'a self,
        hand: &'a mut Hand<'_>,
        change: &'a Change,
        parents: &'a [String],
    ) -> BoxFuture<'a, Result<(), KindError>> {
        Box::pin(async move {
            let params = parents.iter().map(|parent| ("plid", parent.as_str())).collect();
            let target = forms::Target { func: func::ITEM_EDIT, params };
            forms::save(hand, &target, &enumeration::params(change)).await.map(drop)
        })
    }

    fn update<'a>(
        &'a self,
        hand: &'a mut Hand<'_>,
        change: &'a Change,
        place: Place<'a>,
    ) -> BoxFuture<'a, Result<(), KindError>> {
        Box::pin(async move {
            let mut params: Vec<(&str, &str)> =
                place.parents.iter().map(|parent| ("plid", parent.as_str())).collect();
            params.push(("elid", place.id));
            let target = forms::Target { func: func::ITEM_EDIT, params };
            forms::save(hand, &target, &enumeration::params(change)).await.map(drop)
        })
    }

    fn delete<'a>(
        &'a self,
        hand: &'a mut Hand<'_>,
        place: Place<'a>,
    ) -> BoxFuture<'a, Result<(), KindError>> {
        Box::pin(forms::delete(hand, func::ITEMS, place))
    }

    fn export(&self, snapshot: &Snapshot, spec: &mut ConfigSpec) {
        for live in snapshot.of_kind(KIND) {
            let parent = live.parent().and_then(|id| snapshot.by_id(enumeration::KIND, id));
            let above = parent.and_then(|parent| parent.identity.parse::<Name>().ok());
            let (Some(fields), Some(above), Ok(key)) = (&live.fields, above, live.identity.parse::<Name>())
            else {
                continue;
            };
            if let Some(enumeration) = spec.enumerations.get_mut(&above) {
                enumeration
                    .items
                    .insert(key, ItemSpec { id: None, renamed_from: None, name: localname::export(fields) });
            }
        }
    }
}

pub(super) fn object(enumeration: &str, item: &str) -> ObjectRef {
    ObjectRef { kind: KIND.to_owned(), key: format!("{enumeration}/{item}") }
}

async fn read_items(
    site: &Site,
    scope: Scope<'_>,
    snapshot: &mut Snapshot,
    parent: &Live,
) -> Result<Vec<Live>, KindError> {
    let listing = list(site, snapshot, &parent.id).await?;
    let parent = &parent;
    stream::iter(listing.rows)
        .map(|row| async move {
            let listed = row.get("intname");
            let managed = listed.is_none_or(|name| covers(scope, parent, &row.id, name));
            let form = if managed { Some(view(site, &parent.id, &row.id).await?) } else { None };
            Ok(live(&parent.identity, &parent.id, &row.id, listed, form.as_ref()))
        })
        .buffered(IN_FLIGHT)
        .try_collect()
        .await
}

/// Whether the configuration describes the live item, or prices items of its enumeration: the panel may
/// tell the rows of a price list apart by nothing but the names of all the items.
fn covers(scope: Scope<'_>, parent: &Live, id: &str, internal_name: &str) -> bool {
    let Scope::Config(spec) = scope else { return true };
    let goes_by = |name: &str| {
        let configured = spec.enumerations.iter().find(|(key, _)| key.as_str() == name);
        name == parent.identity
            || configured.is_some_and(|(_, enumeration)| {
                enumeration.id.is_some_and(|pin| pin.to_string() == parent.id)
                    || enumeration.renamed_from.as_ref().is_some_and(|name| name.as_str() == parent.identity)
            })
    };
    if spec.prices.values().any(|tariff| goes_by(tariff.resource.enumeration.as_str())) {
        return true;
    }
    let enumerations = spec.enumerations.iter().filter(|(key, enumeration)| {
        key.as_str() == parent.identity
            || enumeration.id.is_some_and(|pin| pin.to_string() == parent.id)
            || enumeration.renamed_from.as_ref().is_some_and(|name| name.as_str() == parent.identity)
    });
    enumerations.flat_map(|(_, enumeration)| &enumeration.items).any(|(key, item)| {
        key.as_str() == internal_name
            || item.id.is_some_and(|pin| pin.to_string() == id)
            || item.renamed_from.as_ref().is_some_and(|name| name.as_str() == internal_name)
    })
}

/// The items of an enumeration.
///
/// That the parent's id goes into `elid` is the rule for child lists, but on no record for this one. So
/// the first time the answer is held against that for an enumeration which cannot exist: a list that
/// shows the same rows for both takes its parent elsewhere.
pub(super) async fn list(site: &Site, snapshot: &mut Snapshot, parent: &str) -> Result<Listing, KindError> {
    if let Some(style) = snapshot.parent_styles.get(func::ITEMS).copied() {
        return site.list(snapshot, func::ITEMS, &[(parameter(style), parent)]).await;
    }
    let mut empty = None;
    for style in [ParentStyle::Elid, ParentStyle::Plid] {
        let listing = match site.reader.list(func::ITEMS, &[(parameter(style), parent)]).await {
            Ok(listing) => listing,
            Err(error) if error.panel_error().is_some() => continue,
            Err(error) => return Err(error.into()),
        };
        if listing.rows.is_empty() {
            empty.get_or_insert(listing);
            continue;
        }
        if !ignores_parent(site, style, &listing).await? {
            snapshot.parent_styles.insert(func::ITEMS.to_owned(), style);
            snapshot.record(&listing, Some(parent));
            return Ok(listing);
        }
    }
    let Some(listing) = empty else {
        let why = "how the items of an enumeration are listed is not to be told: neither `elid` nor `plid` chooses the enumeration";
        return Err(Unknown::new(why, Vec::new(), None).into());
    };
    snapshot.record(&listing, Some(parent));
    Ok(listing)
}

async fn ignores_parent(site: &Site, style: ParentStyle, listing: &Listing) -> Result<bool, KindError> {
    /// No panel numbers its objects from the far end.
    const NOBODY: &str = "2147483646";
    match site.reader.list(func::ITEMS, &[(parameter(style), NOBODY)]).await {
        Ok(other) => Ok(other.rows.iter().map(|row| &row.id).eq(listing.rows.iter().map(|row| &row.id))),
        Err(error) if error.panel_error().is_some() => Ok(false),
        Err(error) => Err(error.into()),
    }
}

fn parameter(style: ParentStyle) -> &'static str {
    if style == ParentStyle::Plid { "plid" } else { "elid" }
}

async fn view(site: &Site, parent: &str, id: &str) -> Result<Form, KindError> {
    Ok(site.reader.form(func::ITEM_EDIT, &[("plid", parent), ("elid", id)]).await?)
}

fn live(above: &str, parent: &str, id: &str, listed: Option<&str>, form: Option<&Form>) -> Live {
    let internal_name = form.and_then(|form| form.value("intname")).or(listed).unwrap_or_default().to_owned();
    let fields = form.map(|form| {
        let mut fields = localname::live(form);
        fields.insert(INTERNAL_NAME.to_owned(), Value::Text(internal_name.clone()));
        fields
    });
    Live {
        object: object(above, &internal_name),
        id: id.to_owned(),
        identity: internal_name,
        parents: vec![parent.to_owned()],
        fields,
        unknown: BTreeMap::new(),
    }
}

/// An enumeration of which only the id matters.
fn stub(id: &str) -> Live {
    Live {
        object: enumeration::object(id),
        id: id.to_owned(),
        identity: String::new(),
        parents: Vec::new(),
        fields: None,
        unknown: BTreeMap::new(),
    }
}
