//! `pricelist.export`: the public feed of tariff plans and their prices, without a login (6.3).
//!
//! The layout follows parsers of a real feed: flat fields, `itemtype_info`, `price` with periods
//! of four decimals, `addon` with its `enumeration` twice, first the id and then the object.

use super::core::Cx;
use super::document::Element;
use super::entities::prices::PERIODS;
use super::money;
use super::refusal::Refusal;
use super::store::{Row, cell};

pub(crate) fn answer(cx: &Cx<'_>) -> Result<Element, Refusal> {
    let wanted = cx.params.text("pricelist");
    let itemtype = cx.params.text("itemtype");
    // Switched-off plans are shown only when asked for.
    let all = cx.params.text("onlyavailable") == "off";
    let plans = cx.store.rows("pricelist").filter(|(id, row)| {
        (wanted.is_empty() || wanted == id.to_string())
            && (itemtype.is_empty() || itemtype == type_name(cx, row) || itemtype == cell(row, "itemtype"))
            && (all || cell(row, "active") != "off")
    });
    let plans = plans.map(|(id, row)| plan(cx, id, row)).collect::<Vec<_>>();
    if plans.is_empty() && !wanted.is_empty() {
        return Err(Refusal::missed("pricelist", wanted));
    }
    Ok(cx.document("pricelist.export").with(plans))
}

fn type_name<'a>(cx: &'a Cx<'_>, row: &Row) -> &'a str {
    cx.store.lookup("itemtype", cell(row, "itemtype"), "intname")
}

fn leaf(row: &Row, key: &str) -> Element {
    Element::leaf(key, cell(row, key))
}

fn info(cx: &Cx<'_>, name: &str, id: &str) -> Element {
    let column = |key: &str| Element::leaf(key, cx.store.lookup("itemtype", id, key));
    let info = Element::new(name).child(Element::leaf("id", id));
    info.child(column("name")).child(column("intname"))
}

fn plan(cx: &Cx<'_>, id: u64, row: &Row) -> Element {
    let project = cell(row, "project");
    let currency = cx.store.lookup("project", project, "currency").to_owned();
    let resources = cx.store.ids_where("resource", "pricelist", &id.to_string());
    let addons = resources.into_iter().filter_map(|id| {
        let row = cx.store.row("resource", id)?;
        (cell(row, "active") != "off").then(|| addon(cx, id, row, &currency))
    });
    Element::new("pricelist")
        .many()
        .child(Element::leaf("id", id.to_string()))
        .child(leaf(row, "name"))
        .child(leaf(row, "name_ru"))
        .child(leaf(row, "intname"))
        .child(Element::leaf("active", if cell(row, "active") == "off" { "off" } else { "on" }))
        .child(Element::leaf("project", project))
        .child(leaf(row, "itemtype"))
        .child(info(cx, "itemtype_info", cell(row, "itemtype")))
        .child(price(cx, row, &currency))
        .with(addons)
}

/// Prices in the provider's currency. A period without a price is not in the feed.
fn price(cx: &Cx<'_>, row: &Row, currency: &str) -> Element {
    let iso = cx.store.lookup("currency", currency, "iso");
    let periods = PERIODS.iter().filter_map(|period| {
        let stored = cell(row, &format!("{}.{currency}", period.stem));
        (!stored.is_empty()).then(|| {
            Element::leaf("period", period.stem)
                .attr("cost", money::feed(stored))
                .attr("type", "month")
                .attr("length", period.id)
                .many()
        })
    });
    Element::new("price").attr("currency", iso).with(periods)
}

fn addon(cx: &Cx<'_>, id: u64, row: &Row, currency: &str) -> Element {
    let addon = Element::new("addon")
        .many()
        .child(Element::leaf("id", id.to_string()))
        .child(leaf(row, "name"))
        .child(leaf(row, "name_ru"))
        .child(leaf(row, "intname"))
        .child(leaf(row, "addonlimit"))
        .child(leaf(row, "billtype"))
        .child(info(cx, "addon_itemtype_info", cell(row, "itemtype")));
    if cell(row, "addontype") != "3" {
        return addon.child(price(cx, row, currency));
    }
    let enumeration = cell(row, "enumeration");
    let items = cx.store.ids_where("item_price", "resource", &id.to_string());
    let items = items.into_iter().filter_map(|price_id| {
        let priced = cx.store.row("item_price", price_id)?;
        (cell(priced, "active") != "off").then(|| item(cx, priced, currency))
    });
    addon
        .child(Element::leaf("enumeration", enumeration))
        .child(Element::new("enumeration").child(Element::leaf("id", enumeration)).with(items))
        .child(leaf(row, "enumerationitem"))
}

fn item(cx: &Cx<'_>, priced: &Row, currency: &str) -> Element {
    let id = cell(priced, "enumerationitem");
    let column = |key: &str| Element::leaf(key, cx.store.lookup("enumerationitem", id, key));
    Element::new("enumerationitem")
        .many()
        .child(Element::leaf("id", id))
        .child(column("name"))
        .child(column("name_ru"))
        .child(column("intname"))
        .child(price(cx, priced, currency))
}
