//! Where the panel keeps the prices of a resource's items.
//!
//! The function behind the button "Prices" of a tariff plan's resources is on no public record, nor is
//! where it takes its parent or what its rows are called. All of it is found by reading, and held
//! against the items of the enumeration: prices on the wrong item would cost real money.

use crate::{
    billmgr::{FailureClass, Listing},
    dialect::{PriceName, Role, Unknown, button, func},
    kinds::{KindError, Live, ParentStyle, Site, Snapshot, item},
    language::t,
    wire::{Button, Form, Param, Row},
};

/// The prices of one item on one resource, as a row of the panel's list.
#[derive(Clone, Debug)]
pub(super) struct PriceRow {
    pub(super) id: String,
    /// Id of the enumeration item.
    pub(super) item: String,
    /// Whether clients may choose the item on this tariff plan; nothing where the list does not tell.
    pub(super) offered: Option<bool>,
}

const LIST_SETTING: &str = "functions: {item_prices: NAME}";
const EDIT_SETTING: &str = "functions: {item_price_edit: NAME}";

/// Reads the rows of a resource, each matched with its item.
pub(super) async fn read(
    site: &Site,
    snapshot: &mut Snapshot,
    resource: &Live,
    enumeration: &str,
) -> Result<Vec<PriceRow>, KindError> {
    let list = list_func(site, snapshot, resource).await?;
    let items: Vec<Live> =
        snapshot.of_kind(item::KIND).filter(|live| live.parent() == Some(enumeration)).cloned().collect();
    let known = snapshot.parent_styles.get(&list).copied();
    let styles =
        known.map_or(vec![ParentStyle::Elid, ParentStyle::Plid, ParentStyle::Both], |style| vec![style]);
    let mut incomplete = None;
    let mut why = t!("no way of naming the resource shows one row per item of its enumeration");
    for style in styles {
        let params = list_params(style, resource);
        let params: Vec<(&str, &str)> = params.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let listing = match site.reader.list(&list, &params).await {
            Ok(listing) => listing,
            Err(failure) if failure.panel_error().is_some() => continue,
            // Rows of all resources at once repeat their ids: then the parent goes elsewhere.
            Err(failure) if failure.class() == FailureClass::Incomplete => {
                incomplete = Some(failure);
                continue;
            }
            Err(failure) => return Err(failure.into()),
        };
        match match_items(&listing, &items) {
            Ok(rows) => {
                snapshot.parent_styles.insert(list.clone(), style);
                snapshot.record(&listing, Some(&resource.id));
                return Ok(rows);
            }
            Err(reason) => why = reason,
        }
    }
    if let Some(failure) = incomplete {
        return Err(failure.into());
    }
    Err(Unknown::new(
        t!("the prices of items (`{list}`) cannot be read safely: {why}", list = list, why = why),
        Vec::new(),
        None,
    )
    .into())
}

/// The list's function: what `dialect` says, or what the button "Prices" of the resources opens.
async fn list_func(site: &Site, snapshot: &mut Snapshot, resource: &Live) -> Result<String, KindError> {
    if let Some(name) = &site.dialect.spec.functions.item_prices {
        return Ok(name.as_str().to_owned());
    }
    if !snapshot.toolbars.contains_key(func::RESOURCES) {
        let tariff = resource.parent().unwrap_or_default();
        let listing = site.reader.list(func::RESOURCES, &[("elid", tariff)]).await?;
        snapshot.record(&listing, Some(tariff));
    }
    let toolbar = &snapshot.toolbars[func::RESOURCES];
    Ok(button(func::RESOURCES, toolbar, Role::Prices, Some(LIST_SETTING))?.func.clone())
}

fn list_params(style: ParentStyle, resource: &Live) -> Vec<(&'static str, String)> {
    let tariff = resource.parent().unwrap_or_default().to_owned();
    match style {
        ParentStyle::Plid => vec![("plid", resource.id.clone())],
        ParentStyle::Both => vec![("elid", resource.id.clone()), ("plid", tariff)],
        _ => vec![("elid", resource.id.clone())],
    }
}

/// Matches rows with items one to one, by the surest sign there is: internal names, then names, then ids.
fn match_items(listing: &Listing, items: &[Live]) -> Result<Vec<PriceRow>, String> {
    if listing.rows.len() != items.len() {
        return Err(t!(
            "the enumeration has {items} items, the list {rows} rows",
            items = items.len(),
            rows = listing.rows.len()
        ));
    }
    let by_internal_name = |row: &Row, item: &Live| row.get("intname") == Some(item.identity.as_str());
    let by_name = |row: &Row, item: &Live| {
        let names = item.fields.iter().flatten().filter(|(field, _)| field.starts_with("name."));
        let mut names = names.map(|(_, value)| value.to_string());
        names.any(|name| row.shown("name") == Some(&name) || row.get("name") == Some(&name))
    };
    let by_id =
        |row: &Row, item: &Live| row.id == item.id || row.get("enumerationitem") == Some(item.id.as_str());
    let signs: [&Sign<'_>; 3] = [&by_internal_name, &by_name, &by_id];
    let pairs = signs.into_iter().find_map(|same| one_to_one(&listing.rows, items, same));
    let pairs = pairs.ok_or(t!("its rows cannot be told apart by internal name, name or id"))?;
    let rows = listing.rows.iter().zip(pairs).map(|(row, item)| PriceRow {
        id: row.id.clone(),
        item,
        offered: offered(row, &listing.toolbar),
    });
    Ok(rows.collect())
}

/// By what a row and an item are recognised as one.
type Sign<'a> = dyn Fn(&Row, &Live) -> bool + 'a;

/// The item of each row, if each row has exactly one and no two the same.
fn one_to_one(rows: &[Row], items: &[Live], same: &Sign<'_>) -> Option<Vec<String>> {
    let mut taken = std::collections::BTreeSet::new();
    rows.iter()
        .map(|row| {
            let mut fitting = items.iter().filter(|item| same(row, item));
            let one = fitting.next().filter(|_| fitting.next().is_none())?;
            taken.insert(&one.id).then(|| one.id.clone())
        })
        .collect()
}

/// Whether a row is switched on. The buttons know: "enable" hides itself where the row is on already,
/// "disable" where it is off (conditions are on the shown text; recorded in 6.94.1). Without such
/// conditions a state column in plain words decides.
fn offered(row: &Row, toolbar: &[Button]) -> Option<bool> {
    let told = |role: Role, when_hidden: bool| {
        let button = button("", toolbar, role, None).ok()?;
        let conditions: Vec<bool> = button
            .hide
            .iter()
            .map(|(column, value)| row.shown(column).unwrap_or_default() == value)
            .collect();
        match (conditions.is_empty(), conditions.contains(&true)) {
            (true, _) => None,
            (false, true) => Some(when_hidden),
            (false, false) => Some(!when_hidden),
        }
    };
    match (told(Role::Enable, true), told(Role::Disable, false)) {
        (Some(one), Some(two)) if one != two => None,
        (Some(known), _) | (None, Some(known)) => Some(known),
        (None, None) => ["active", "status", "enabled"].iter().find_map(|column| match row.get(column)? {
            "on" | "yes" | "1" | "active" => Some(true),
            "off" | "no" | "0" | "" | "inactive" => Some(false),
            _ => None,
        }),
    }
}

/// The form of one item's prices. Where its parent goes is found by trying what shows prices.
pub(super) async fn view(
    site: &Site,
    snapshot: &Snapshot,
    parents: &[String],
    row: &str,
) -> Result<(Form, ParentStyle, String), KindError> {
    let (list, toolbar) = prices_toolbar(site, snapshot)?;
    let edit = match &site.dialect.spec.functions.item_price_edit {
        Some(name) => name.as_str().to_owned(),
        None => button(&list, toolbar, Role::Edit, Some(EDIT_SETTING))?.func.clone(),
    };
    let known = snapshot.parent_styles.get(&edit).copied();
    let all = [ParentStyle::Plid, ParentStyle::Grand, ParentStyle::Nobody];
    for style in known.map_or(all.to_vec(), |style| vec![style]) {
        let params = form_params(style, parents, row);
        match site.form(&edit, &params).await {
            Ok(form) if known.is_some() || has_prices(site, snapshot, &form) => {
                return Ok((form, style, edit));
            }
            Ok(_) => {}
            Err(KindError::Panel(failure)) if failure.panel_error().is_some() => {}
            Err(error) => return Err(error),
        }
    }
    Err(Unknown::new(t!("the form `{edit}` shows no prices", edit = edit), Vec::new(), Some(EDIT_SETTING))
        .into())
}

fn prices_toolbar<'s>(site: &Site, snapshot: &'s Snapshot) -> Result<(String, &'s [Button]), Unknown> {
    let list = match &site.dialect.spec.functions.item_prices {
        Some(name) => name.as_str().to_owned(),
        None => {
            let resources = snapshot.toolbars.get(func::RESOURCES).map_or(&[][..], Vec::as_slice);
            button(func::RESOURCES, resources, Role::Prices, Some(LIST_SETTING))?.func.clone()
        }
    };
    let toolbar = snapshot.toolbars.get(&list).map_or(&[][..], Vec::as_slice);
    Ok((list, toolbar))
}

/// The call that switches an item on or off.
pub(super) fn switch(site: &Site, snapshot: &Snapshot, on: bool) -> Result<String, Unknown> {
    let functions = &site.dialect.spec.functions;
    let (fixed, role, setting) = if on {
        (&functions.item_price_enable, Role::Enable, "functions: {item_price_enable: NAME}")
    } else {
        (&functions.item_price_disable, Role::Disable, "functions: {item_price_disable: NAME}")
    };
    if let Some(name) = fixed {
        return Ok(name.as_str().to_owned());
    }
    let (list, toolbar) = prices_toolbar(site, snapshot)?;
    Ok(button(&list, toolbar, role, Some(setting))?.func.clone())
}

pub(super) fn form_params<'a>(
    style: ParentStyle,
    parents: &'a [String],
    row: &'a str,
) -> Vec<(&'static str, &'a str)> {
    let parent = match style {
        ParentStyle::Grand => parents.first(),
        ParentStyle::Nobody => None,
        _ => parents.last(),
    };
    parent.map(|parent| ("plid", parent.as_str())).into_iter().chain([("elid", row)]).collect()
}

/// The same as parameters of an action.
pub(super) fn action_params(style: ParentStyle, parents: &[String], row: &str) -> Vec<Param> {
    form_params(style, parents, row).into_iter().map(Param::from).collect()
}

fn has_prices(site: &Site, snapshot: &Snapshot, form: &Form) -> bool {
    let exists = |id: u32| snapshot.catalogue.iso(id).is_some();
    form.fields
        .iter()
        .any(|field| matches!(site.dialect.price_name(&field.name, exists), PriceName::Price(..)))
}
