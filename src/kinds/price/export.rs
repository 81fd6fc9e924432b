//! From live prices to configuration.

use std::collections::BTreeMap;

use super::{Amount, CurrencyPrices, FREE, ItemPrice, KIND, OFFERED, period};
use crate::{
    kinds::{Live, Snapshot, item},
    model::Name,
    plan::Value,
};

/// The prices of the items of a live resource.
pub(super) fn items(snapshot: &Snapshot, resource: &Live) -> Vec<(Name, ItemPrice)> {
    let rows = snapshot.of_kind(KIND).filter(|live| live.parent() == Some(&resource.id));
    let prices = rows.filter_map(|row| {
        let item = snapshot.by_id(item::KIND, &row.identity)?;
        Some((item.identity.parse().ok()?, exported(row.fields.as_ref()?)))
    });
    prices.collect()
}

/// The prices of a live row as configuration.
pub(crate) fn exported(fields: &BTreeMap<String, Value>) -> ItemPrice {
    if fields.get(OFFERED) == Some(&Value::Flag(false)) {
        return ItemPrice::Off;
    }
    if fields.get(FREE) == Some(&Value::Flag(true)) {
        return ItemPrice::Free;
    }
    let mut prices: BTreeMap<Name, CurrencyPrices> = BTreeMap::new();
    for (field, value) in fields {
        let Some((iso, name)) = field.split_once('.') else { continue };
        let amount = match value {
            Value::Money(money) => Amount::Money(*money),
            _ => Amount::None,
        };
        if let (Ok(iso), Some(period)) = (iso.parse::<Name>(), period(name)) {
            prices.entry(iso).or_default().insert(period, amount);
        }
    }
    ItemPrice::Prices(prices)
}
