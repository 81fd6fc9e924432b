//! Items of enumerations. For licences the internal name is the code of a tariff plan on the licence server.

use std::collections::BTreeMap;

use async_trait::async_trait;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    ConfigSpec, Desired, EnumerationSpec, Hand, Input, Kind, KindError, Live, Match, ParentStyle, Place,
    Scope, Site, Snapshot, Waiver, Wanted,
    desired::Search,
    enumeration::{self, INTERNAL_NAME},
    forms::after,
    live::ids,
    localname,
    spec::Meant,
    table::Table,
};
use crate::{
    billmgr::Listing,
    dialect::{Unknown, func},
    language::t,
    model::{LocalName, Name},
    plan::{Change, ObjectRef, Reference},
    wire::{Form, Row},
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
    /// Findings about this item that are known and accepted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) waive: Vec<Waiver>,
}

impl ItemSpec {
    pub(super) fn meant<'a>(&'a self, key: &'a Name) -> Meant<'a> {
        Meant { name: key.as_str(), id: self.id, renamed_from: self.renamed_from.as_ref() }
    }
}

const TABLE: Table = Table { list: func::ITEMS, form: func::ITEM_EDIT };

pub(crate) struct Items;

#[async_trait]
impl Kind for Items {
    fn name(&self) -> &'static str {
        KIND
    }

    fn parent_kind(&self) -> Option<&'static str> {
        Some(enumeration::KIND)
    }

    async fn read(&self, site: &Site, scope: Scope<'_>, snapshot: &mut Snapshot) -> Result<(), KindError> {
        let parents: Vec<Live> = snapshot
            .of_kind(enumeration::KIND)
            .filter(|live| live.fields.is_some() && enumeration::covers(scope, &live.id, &live.identity))
            .cloned()
            .collect();
        for parent in parents {
            let needs_form = |row: &Row, name: &str| covers(scope, &parent, &row.id, name);
            read_below(site, snapshot, &parent, needs_form).await?;
        }
        Ok(())
    }

    fn want(&self, input: Input<'_>, desired: &mut Desired) {
        for (parent_key, enumeration) in &input.spec.enumerations {
            let parent = enumeration::object(parent_key.as_str());
            let parent_id = desired.get(&parent).and_then(|wanted| wanted.fate.id()).map(str::to_owned);
            for (key, spec) in &enumeration.items {
                let pointer = ["enumerations", parent_key.as_str(), "items", key.as_str()];
                let names: Vec<&str> = spec.meant(key).names().collect();
                let fate = match parent_id.as_deref() {
                    None if spec.id.is_none() => Match::New,
                    // Below something new there is nothing with an id, which is said.
                    parent => {
                        let pin = spec.id;
                        desired.pick(
                            input,
                            &Search { kind: KIND, parent, pin, names: &names, pointer: &pointer },
                        )
                    }
                };
                desired.push(Wanted {
                    object: object(parent_key.as_str(), key.as_str()),
                    parent: Some(Reference {
                        kind: parent.kind.clone(),
                        key: parent.key.clone(),
                        id: parent_id.clone(),
                    }),
                    pointer: pointer.map(str::to_owned).to_vec(),
                    fate,
                    fields: enumeration::fields(key, &spec.name),
                    places: BTreeMap::new(),
                    also_after: Vec::new(),
                    formulas: BTreeMap::new(),
                });
            }
        }
    }

    async fn reread(
        &self,
        site: &Site,
        snapshot: &mut Snapshot,
        place: Place<'_>,
    ) -> Result<Option<Live>, KindError> {
        let [parent] = place.parents else { return Ok(None) };
        let listing = list(site, snapshot, parent).await?;
        let found = TABLE.one(site, &listing, place).await?;
        let above = snapshot.by_id(enumeration::KIND, parent).map_or("", |live| &live.identity);
        Ok(found.map(|(row, form)| live(parent, above, row, Some(&form))))
    }

    async fn find(
        &self,
        hand: &mut Hand<'_>,
        change: &Change,
        parents: &[String],
    ) -> Result<Vec<String>, KindError> {
        let [parent] = parents else { return Ok(Vec::new()) };
        let listing = list(hand.site, hand.snapshot, parent).await?;
        let found = read(hand.site, listing, parent, "", |_, _| false).await?;
        let wanted = after(change, INTERNAL_NAME).map(ToString::to_string);
        Ok(ids(found, |live| wanted.as_ref() == Some(&live.identity)))
    }

    async fn create(
        &self,
        hand: &mut Hand<'_>,
        change: &Change,
        parents: &[String],
    ) -> Result<(), KindError> {
        let parent = parents.last().map(String::as_str);
        TABLE.save(hand, parent, None, &enumeration::params(change)).await
    }

    async fn update(&self, hand: &mut Hand<'_>, change: &Change, place: Place<'_>) -> Result<(), KindError> {
        TABLE.save(hand, place.parent(), Some(place.id), &enumeration::params(change)).await
    }

    async fn delete(&self, hand: &mut Hand<'_>, place: Place<'_>) -> Result<(), KindError> {
        TABLE.delete(hand, place).await
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
                enumeration.items.insert(
                    key,
                    ItemSpec {
                        id: None,
                        renamed_from: None,
                        name: localname::export(fields),
                        waive: Vec::new(),
                    },
                );
            }
        }
    }
}

pub(super) fn object(enumeration: &str, item: &str) -> ObjectRef {
    ObjectRef { kind: KIND.to_owned(), key: format!("{enumeration}/{item}") }
}

/// Reads the items of an enumeration into the snapshot, with the forms of what `covers` picks.
pub(super) async fn read_below(
    site: &Site,
    snapshot: &mut Snapshot,
    parent: &Live,
    covers: impl Fn(&Row, &str) -> bool,
) -> Result<(), KindError> {
    let listing = list(site, snapshot, &parent.id).await?;
    let objects = read(site, listing, &parent.id, &parent.identity, covers).await?;
    snapshot.objects.extend(objects);
    Ok(())
}

/// The items of a list, with the forms of what `covers` picks and of what the list does not name.
async fn read(
    site: &Site,
    listing: Listing,
    parent: &str,
    above: &str,
    covers: impl Fn(&Row, &str) -> bool,
) -> Result<Vec<Live>, KindError> {
    let needs_form = |row: &Row| row.get("intname").is_none_or(|name| covers(row, name));
    let rows = TABLE.forms(site, Some(parent), listing.rows, needs_form).await?;
    Ok(rows.iter().map(|(row, form)| live(parent, above, row, form.as_ref())).collect())
}

/// Whether the form of the live item is read: the configuration describes it, may delete it or its
/// enumeration, or prices items of that. The panel may tell the rows of a price list apart by nothing but the names of all the
/// items.
fn covers(scope: Scope<'_>, parent: &Live, id: &str, internal_name: &str) -> bool {
    let Scope::Config(spec) = scope else { return true };
    let above = |key: &Name| {
        key.as_str() == parent.identity
            || spec
                .enumerations
                .get(key)
                .is_some_and(|enumeration| enumeration.meant(key).is(&parent.id, &parent.identity))
    };
    let described = |(_, enumeration): (&Name, &EnumerationSpec)| {
        enumeration.items.iter().any(|(key, item)| item.meant(key).is(id, internal_name))
    };
    spec.prices.values().any(|tariff| above(&tariff.resource.enumeration))
        || spec.enumerations.iter().any(described)
        || scope.prunes(KIND)
        || scope.prunes(enumeration::KIND)
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
        let why = t!(
            "how the items of an enumeration are listed is not to be told: neither `elid` nor `plid` chooses the enumeration"
        );
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

fn live(parent: &str, above: &str, row: &Row, form: Option<&Form>) -> Live {
    let (internal_name, fields) = enumeration::read_named(row, form);
    Live {
        object: object(above, &internal_name),
        id: row.id.clone(),
        identity: internal_name,
        parents: vec![parent.to_owned()],
        fields,
        unknown: BTreeMap::new(),
    }
}
