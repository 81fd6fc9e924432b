//! What the panel's configuration says about a sale. Nothing else is known here: no code, no cost, no address.

use super::super::super::core::Cx;
use super::super::super::entities::modules::{self, Kind};
use super::super::super::entities::prices;
use super::super::super::money;
use super::super::super::store::{Row, cell};
use super::super::calendar::TRIAL;
use super::super::remote::Remote;
use super::periods::Mapped;

/// The internal name of the item that means no panel.
pub(crate) const NO_PANEL: &str = "nopanel";

/// The resource "control panel licence" of a tariff plan.
pub(crate) fn resource(cx: &Cx<'_>, tariff: u64) -> Option<(u64, Row)> {
    let kind = cx.dialect.panel_type_intname.as_str();
    let of_plan = cx.store.ids_where("resource", "pricelist", &tariff.to_string());
    let rows = of_plan.into_iter().filter_map(|id| Some((id, cx.store.row("resource", id)?)));
    let mut panels = rows.filter(|(_, row)| {
        cell(row, "addontype") == "3"
            && cell(row, "active") != "off"
            && cx.store.lookup("itemtype", cell(row, "itemtype"), "intname") == kind
    });
    panels.next().map(|(id, row)| (id, row.clone()))
}

/// The price row of an item on a resource, if the item is switched on there.
pub(crate) fn offer(cx: &Cx<'_>, resource: u64, item: &str) -> Option<Row> {
    let priced = cx.store.ids_where("item_price", "resource", &resource.to_string());
    let rows = priced.into_iter().filter_map(|id| cx.store.row("item_price", id));
    let mut own = rows.filter(|row| cell(row, "enumerationitem") == item && cell(row, "active") != "off");
    own.next().cloned()
}

/// The provider's currency of a tariff plan: id and ISO code.
pub(crate) fn currency(cx: &Cx<'_>, tariff: u64) -> (String, String) {
    let project = cx.store.lookup("pricelist", &tariff.to_string(), "project");
    let id = cx.store.lookup("project", project, "currency").to_owned();
    let iso = cx.store.lookup("currency", &id, "iso").to_owned();
    (id, iso)
}

/// What an item costs the client for a period; `None` where it is not sold for that period. A trial is free.
pub(crate) fn price(offer: &Row, period: &str, currency: &str) -> Option<i64> {
    if period == TRIAL {
        return Some(0);
    }
    let stem = prices::stem(period)?;
    if cell(offer, &format!("disable_{stem}.{currency}")) == "on" {
        return None;
    }
    money::minor(cell(offer, &format!("{stem}.{currency}")))
}

pub(crate) fn setup(offer: &Row, currency: &str) -> i64 {
    money::minor(cell(offer, &format!("setup.{currency}"))).unwrap_or_default()
}

/// A licence server, as its processor says.
#[derive(Clone, Debug)]
pub(crate) struct Server {
    pub(crate) processor: u64,
    pub(crate) name: String,
    pub(crate) remote: Remote,
}

/// The licence server of a tariff plan: that of the switched-on processor of the plan's product type with the
/// lowest order priority, then id, among those that name one.
pub(crate) fn server(cx: &Cx<'_>, tariff: u64) -> Result<Server, String> {
    let kind = cx.store.lookup("pricelist", &tariff.to_string(), "itemtype");
    let serving = cx.store.rows("processing").filter(|(_, row)| {
        cell(row, "itemtype") == kind
            && cell(row, "active") != "off"
            && !matches!(cell(row, "licence_server"), "" | "null")
    });
    let priority = |row: &Row| cell(row, "orderpriority").parse::<i64>().unwrap_or_default();
    let first = serving.min_by_key(|(id, row)| (priority(row), *id));
    let (_, processor) =
        first.ok_or("no switched-on processor of the tariff plan's product type names a licence server")?;
    server_of(cx, cell(processor, "licence_server"))
}

/// A licence server by the id of its processor.
pub(crate) fn server_of(cx: &Cx<'_>, processor: &str) -> Result<Server, String> {
    let row = processor.parse().ok().and_then(|id| Some((id, cx.store.row("processing", id)?)));
    let (processor, row) = row.ok_or("the licence server's processor does not exist")?;
    let name = cell(row, "name");
    if modules::kind(cx.dialect, cell(row, "module")) != Kind::Licence {
        return Err(format!("the processor {name} is no licence server"));
    }
    if cell(row, "active") == "off" {
        return Err(format!("the licence server {name} is switched off"));
    }
    let own = |key: &str| cell(row, key).to_owned();
    let patience = cx.play.patience;
    let remote = Remote { url: own("url"), username: own("username"), password: own("password"), patience };
    Ok(Server { processor, name: name.to_owned(), remote })
}

/// The mapping row of a licence server that counts: one tied to the tariff plan, else a general one.
pub(crate) fn mapped(cx: &Cx<'_>, server: &Server, tariff: u64, sold: &str) -> Option<Mapped> {
    let own = cx.store.ids_where("customparam", "processing", &server.processor.to_string());
    let rows = own.into_iter().filter_map(|id| Some((id, cx.store.row("customparam", id)?)));
    let of_period = rows
        .filter(|(_, row)| cell(row, "param") == cx.dialect.mapping_param && cell(row, "source") == sold)
        .collect::<Vec<_>>();
    let tariff = tariff.to_string();
    let tie =
        |row: &Row| if cell(row, "bind") == "on" { cell(row, "tariff").to_owned() } else { String::new() };
    let tied = of_period.iter().find(|(_, row)| tie(row) == tariff);
    let general = || of_period.iter().find(|(_, row)| tie(row).is_empty());
    let (row, cells) = tied.or_else(general)?;
    Some(Mapped { row: *row, target: cell(cells, "target").to_owned(), tied: tied.is_some() })
}
