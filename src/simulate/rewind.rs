//! The configuration with what the panel has beside it, before a plan and after it.

use std::collections::BTreeMap;

use crate::{
    kinds::{Amount, ConfigSpec, ItemPrice, MappingSpec, Sold, Surroundings},
    language::{t, tn},
    model::{Name, PriceField},
    plan::{Action, Change, Plan, Value},
};

/// The configuration with the rows that it leaves alone on the panel: they come after its own.
pub(crate) fn beside(spec: &ConfigSpec, surroundings: &Surroundings) -> (ConfigSpec, Vec<String>) {
    let mut spec = spec.clone();
    let mut notes = Vec::new();
    for (server, rows) in &surroundings.period_mappings {
        let own = spec.period_mappings.entry(server.clone()).or_default();
        notes.push(tn!(rows.len(), "the panel has {n} mapping of {server} beside those of the configuration, and orders go by them, too", "the panel has {n} mappings of {server} beside those of the configuration, and orders go by them, too", server = server));
        own.extend(rows.iter().cloned());
    }
    (spec, notes)
}

/// The same with each change of the plan laid back to what the panel has now.
///
/// Only what the simulation reads is laid back: prices, period mappings, and which licence server a
/// processor names. What cannot be laid back is noted.
pub(crate) fn rewind(
    spec: &ConfigSpec,
    plan: &Plan,
    surroundings: &Surroundings,
) -> (ConfigSpec, Vec<String>) {
    let (mut spec, mut notes) = beside(spec, surroundings);
    // Rows are found by their content: later ones are taken out first.
    for change in plan.changes.iter().rev() {
        match change.object.kind.as_str() {
            "price" => price(&mut spec, change),
            "period-mapping" => mapping(&mut spec, change, &mut notes),
            "processor" => processor(&mut spec, change),
            _ => {}
        }
    }
    (spec, notes)
}

fn name(text: &str) -> Option<Name> {
    text.parse().ok()
}

fn price(spec: &mut ConfigSpec, change: &Change) {
    let Some((tariff, item)) = change.object.key.split_once('/') else { return };
    let (Some(tariff), Some(item)) = (name(tariff), name(item)) else { return };
    let Some(prices) = spec.prices.get_mut(&tariff) else { return };
    if change.action == Action::Create {
        prices.items.remove(&item);
        return;
    }
    let before: BTreeMap<&str, &Value> = change
        .live
        .iter()
        .map(|(field, value)| (field.as_str(), value))
        .chain(change.fields.iter().filter_map(|field| Some((field.field.as_str(), field.before.as_ref()?))))
        .collect();
    prices.items.insert(item, priced(&before));
}

/// A price as the panel has it.
fn priced(fields: &BTreeMap<&str, &Value>) -> ItemPrice {
    if matches!(fields.get("offered"), Some(Value::Flag(false))) {
        return ItemPrice::Off;
    }
    let mut currencies: BTreeMap<Name, BTreeMap<PriceField, Amount>> = BTreeMap::new();
    for (field, value) in fields {
        let Some((currency, period)) = field.split_once('.') else { continue };
        let period = match period {
            "setup" => Some(PriceField::Setup),
            text => text.parse().ok().map(PriceField::Period),
        };
        let (Some(currency), Some(period)) = (name(currency), period) else { continue };
        let amount = match value {
            Value::Money(money) => Amount::Money(*money),
            _ => continue,
        };
        currencies.entry(currency).or_default().insert(period, amount);
    }
    if currencies.is_empty() { ItemPrice::Off } else { ItemPrice::Prices(currencies) }
}

fn mapping(spec: &mut ConfigSpec, change: &Change, notes: &mut Vec<String>) {
    // `PROCESSOR/SOLD` or `PROCESSOR/SOLD@TARIFF`, by the configuration's keys, also where it is deleted; a
    // processor's name may have a slash of its own.
    let Some((server, row)) = change.object.key.rsplit_once('/') else { return };
    let (sold, tie) = row.split_once('@').map_or((row, None), |(sold, tie)| (sold, Some(tie)));
    let (Some(server), Ok(sold)) = (name(server), sold.parse()) else { return };
    let known = |tie: &str| spec.prices.keys().any(|key| key.as_str() == tie);
    if let Some(tie) = tie.filter(|tie| change.action == Action::Delete && !known(tie)) {
        notes.push(t!("the plan deletes the mapping of {sold} for `{tie}`; whether that is a tariff plan of the configuration \
             cannot be told, so its orders before the plan may have differed", sold = sold, tie = tie));
    }
    let tariff = tie.and_then(name);
    let rows = spec.period_mappings.entry(server).or_default();
    let before =
        change.fields.iter().find(|field| field.field == "bought").and_then(|field| field.before.as_ref());
    for row in rows.iter_mut().filter(|row| row.tariff == tariff) {
        row.sold.0.retain(|period| *period != sold);
    }
    rows.retain(|row| !row.sold.0.is_empty());
    let bought = match (change.action, before.or(change.live.get("bought"))) {
        (Action::Create, _) => return,
        (_, Some(Value::Period(bought))) => *bought,
        _ => return,
    };
    rows.push(MappingSpec { id: None, sold: Sold(vec![sold]), bought, tariff, waive: Vec::new() });
}

fn processor(spec: &mut ConfigSpec, change: &Change) {
    let Some(processor) = name(&change.object.key).and_then(|key| spec.processors.get_mut(&key)) else {
        return;
    };
    if change.action == Action::Create {
        processor.licence_server = None;
        return;
    }
    let Some(field) = change.fields.iter().find(|field| field.field == "licence_server") else { return };
    processor.licence_server = match &field.before {
        Some(Value::Ref(reference)) => name(&reference.key),
        _ => None,
    };
}
