//! What is sold: codes with their periods and costs.
//!
//! A row's id is the code. Costs are under `<period id>.<currency>`, those of one more node under
//! `node.<period id>.<currency>`; a period without a cost is not sold.

use super::super::super::core::Cx;
use super::super::super::document::Element;
use super::super::super::label::Label;
use super::super::super::money;
use super::super::super::refusal::Refusal;
use super::super::super::store::{Row, cell};
use super::super::calendar::{MONTH, TRIAL};
use super::ledger;

/// The periods anything is sold for here, in the order they are offered.
const PERIODS: [(&str, &str, &str); 3] =
    [(MONTH, "Month", "Месяц"), ("12", "Year", "Год"), (TRIAL, "Trial", "Пробный период")];

/// The most nodes a licence has.
const MOST_NODES: u64 = 50;

/// A code of the catalogue.
pub(crate) struct Tariff {
    pub(crate) code: u64,
    row: Row,
}

impl Tariff {
    /// Finds a code, sold or not.
    pub(crate) fn find(cx: &Cx<'_>, code: &str) -> Result<Self, Refusal> {
        let found = code.parse().ok().and_then(|id| Some((id, cx.store.row("tariff", id)?.clone())));
        let (code, row) = found.ok_or_else(|| Refusal::missed("pricelist", code))?;
        Ok(Self { code, row })
    }

    pub(crate) fn name(&self) -> &str {
        cell(&self.row, "name")
    }

    /// Refuses a code that is no longer sold.
    pub(crate) fn orderable(self) -> Result<Self, Refusal> {
        if cell(&self.row, "active") != "off" {
            return Ok(self);
        }
        let code = self.code.to_string();
        let message = Label::owned(
            format!("Tariff plan {code} is no longer sold"),
            format!("Тарифный план {code} больше не продаётся"),
        );
        Err(Refusal::new("pricelist_closed", "pricelist", &code, message))
    }

    /// The periods sold: id and label.
    pub(crate) fn periods(&self, currency: &str) -> Vec<(&'static str, Label)> {
        let sold = PERIODS.iter().filter(|(id, ..)| !self.cost_cell(id, currency).is_empty());
        sold.map(|(id, en, ru)| (*id, Label::new(en, ru))).collect()
    }

    fn cost_cell(&self, period: &str, currency: &str) -> &str {
        cell(&self.row, &format!("{period}.{currency}"))
    }

    /// The add-on that counts nodes, and how many are included; `None` where there are none.
    pub(crate) fn nodes(&self) -> Option<(String, u64)> {
        let addon = cell(&self.row, "addon");
        let included = cell(&self.row, "included").parse().unwrap_or_default();
        (!addon.is_empty()).then(|| (format!("addon_{addon}"), included))
    }

    /// How many nodes a request asks for, none for a code without nodes.
    pub(crate) fn asked_nodes(&self, cx: &Cx<'_>) -> Result<Option<u64>, Refusal> {
        let own = self.nodes();
        for (name, value) in cx.params.pairs() {
            let known = own.as_ref().is_some_and(|(own, _)| own == name);
            if name.starts_with("addon_") && !known {
                return Err(Refusal::value(name, value));
            }
        }
        let Some((name, included)) = own else { return Ok(None) };
        match cx.params.get(&name) {
            None => Ok(Some(included)),
            Some(text) => {
                let asked = text.parse().ok().filter(|asked| (included..=MOST_NODES).contains(asked));
                asked.map(Some).ok_or_else(|| Refusal::value(&name, text))
            }
        }
    }

    /// What a period costs with so many nodes, in minor units.
    pub(crate) fn cost(&self, period: &str, nodes: Option<u64>, currency: &str) -> Result<i64, Refusal> {
        let refuse = || Refusal::value("period", period);
        let base = money::minor(self.cost_cell(period, currency)).ok_or_else(refuse)?;
        let included = self.nodes().map_or(0, |(_, included)| included);
        let more = i64::try_from(nodes.unwrap_or(included).saturating_sub(included)).map_err(|_| refuse())?;
        let each = money::minor(self.cost_cell(&format!("node.{period}"), currency)).unwrap_or_default();
        Ok(base + more * each)
    }
}

/// `pricelist.export`: what is sold and what it costs, laid out as recorded of a real feed (6.3).
pub(crate) fn feed(cx: &Cx<'_>) -> Element {
    let wanted = cx.params.text("pricelist");
    let itemtype = cx.params.text("itemtype");
    let all = cx.params.text("onlyavailable") == "off";
    let rows = cx.store.rows("tariff").filter(|(id, row)| {
        (wanted.is_empty() || wanted == id.to_string())
            && matches!(itemtype, "" | "soft")
            && (all || cell(row, "active") != "off")
    });
    let plans = rows.map(|(code, row)| plan(cx, &Tariff { code, row: row.clone() }));
    cx.document("pricelist.export").with(plans.collect::<Vec<_>>())
}

fn plan(cx: &Cx<'_>, tariff: &Tariff) -> Element {
    let currency = ledger::currency(cx);
    let active = if cell(&tariff.row, "active") == "off" { "off" } else { "on" };
    let kind = Element::new("itemtype_info")
        .child(Element::leaf("id", "1"))
        .child(Element::leaf("name", "ISPsystem licenses"))
        .child(Element::leaf("intname", "soft"));
    let plan = Element::new("pricelist")
        .many()
        .child(Element::leaf("id", tariff.code.to_string()))
        .child(Element::leaf("name", tariff.name()))
        .child(Element::leaf("name_ru", tariff.name()))
        .child(Element::leaf("active", active))
        .child(Element::leaf("itemtype", "1"))
        .child(kind)
        .child(price(tariff, "", currency));
    let Some((_, included)) = tariff.nodes() else { return plan };
    let addon = Element::new("addon")
        .many()
        .child(Element::leaf("id", cell(&tariff.row, "addon")))
        .child(Element::leaf("name", "Cluster nodes"))
        .child(Element::leaf("name_ru", "Узлы кластера"))
        .child(Element::leaf("addonlimit", included.to_string()));
    plan.child(addon.child(price(tariff, "node.", currency)))
}

/// The price of each period; of the trial too, whose `type` says month as in the feed on record.
fn price(tariff: &Tariff, prefix: &str, currency: &str) -> Element {
    let periods = PERIODS.iter().filter_map(|(id, name, _)| {
        let stored = tariff.cost_cell(&format!("{prefix}{id}"), currency);
        (!stored.is_empty()).then(|| {
            Element::leaf("period", *name)
                .attr("cost", money::feed(stored))
                .attr("type", "month")
                .attr("length", *id)
                .many()
        })
    });
    Element::new("price").attr("currency", currency).with(periods)
}
