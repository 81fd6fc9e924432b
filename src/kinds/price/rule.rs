//! Prices that are computed from what a licence costs.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, de};

use crate::{
    language::t,
    model::{Currency, Money, Percent, Period, at_least_one},
};

/// The word that stands for the tariff plan's own rule, and the key of a rule.
pub(crate) const COST_PLUS: &str = "cost_plus";

/// Prices made of what a licence costs, plus a percentage, plus a fixed amount, rounded up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "Prices from costs")]
pub(crate) struct CostPlus {
    /// How much of the cost is added to it; `0%` sells at cost.
    pub(crate) percent: Option<Percent>,
    /// What is added besides, in the currency of the price; by currency where there are several.
    pub(crate) fixed: Option<MoneyBy>,
    /// The price is rounded up to a multiple of this; to the smallest unit (0.01) when left out. By currency
    /// where there are several.
    pub(crate) round_to: Option<MoneyBy>,
    /// Currencies that get a price; those of the costs when left out.
    #[serde(default, deserialize_with = "at_least_one", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<BTreeSet<Currency>>", length(min = 1))]
    pub(crate) currencies: Option<BTreeSet<Currency>>,
    /// Periods that get a price; those of the costs when left out.
    #[serde(default, deserialize_with = "at_least_one", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<BTreeSet<Period>>", length(min = 1))]
    pub(crate) periods: Option<BTreeSet<Period>>,
}

/// One price made of what the licence costs, plus a percentage, plus a fixed amount, rounded up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "One price from costs")]
pub(crate) struct AmountPlus {
    /// How much of the cost is added to it; `0%` sells at cost.
    pub(crate) percent: Option<Percent>,
    /// What is added besides.
    pub(crate) fixed: Option<Money>,
    /// The price is rounded up to a multiple of this; to the smallest unit (0.01) when left out.
    pub(crate) round_to: Option<Money>,
}

/// An amount, or one for each currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub(crate) enum MoneyBy {
    /// In the one currency there is.
    One(Money),
    Each(BTreeMap<Currency, Money>),
}

impl<'de> Deserialize<'de> for MoneyBy {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;

        impl<'de> de::Visitor<'de> for Visitor {
            type Value = MoneyBy;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str(&t!("an amount, or amounts by currency"))
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<MoneyBy, E> {
                text.parse().map(MoneyBy::One).map_err(E::custom)
            }

            fn visit_map<A: de::MapAccess<'de>>(self, map: A) -> Result<MoneyBy, A::Error> {
                let each = BTreeMap::deserialize(de::value::MapAccessDeserializer::new(map))?;
                if each.is_empty() {
                    Err(de::Error::custom(t!("there is no amount")))
                } else {
                    Ok(MoneyBy::Each(each))
                }
            }
        }

        // Not `deserialize_any`: that hands on a number like `1.0` as text.
        deserializer.deserialize_str(Visitor)
    }
}

impl JsonSchema for MoneyBy {
    fn schema_name() -> Cow<'static, str> {
        "MoneyBy".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let money = generator.subschema_for::<Money>();
        json_schema!({
            "title": "Amount, or amounts by currency",
            "description": "One amount, or one for each currency (ISO code).",
            "anyOf": [
                money,
                {
                    "type": "object",
                    "minProperties": 1,
                    "patternProperties": {Currency::PATTERN: money},
                    "additionalProperties": false
                }
            ],
            "examples": ["50.00", {"RUB": "50.00", "EUR": "0.60"}]
        })
    }
}

/// How the amounts of a configuration were computed that are not written there.
#[derive(Clone, Debug, Default)]
pub(crate) struct Formulas {
    /// By tariff plan and item, then by field: `RUB.12m`.
    texts: BTreeMap<(String, String), BTreeMap<String, String>>,
    /// The first price that currency rates went into, by tariff plan and item.
    pub(crate) needs_rates: Option<(String, String)>,
}

impl Formulas {
    /// Whether no price is made of costs.
    pub(crate) fn is_empty(&self) -> bool {
        self.texts.is_empty()
    }

    /// The formulas of an item's prices, by field.
    pub(crate) fn of(&self, tariff: &str, item: &str) -> BTreeMap<String, String> {
        self.texts.get(&(tariff.to_owned(), item.to_owned())).cloned().unwrap_or_default()
    }

    pub(crate) fn insert(&mut self, tariff: &str, item: &str, currency: &str, period: Period, text: String) {
        let field = super::field_name(currency, crate::model::PriceField::Period(period));
        self.texts.entry((tariff.to_owned(), item.to_owned())).or_default().insert(field, text);
    }
}
