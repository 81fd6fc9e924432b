//! Prices: the control-panel-licence resource of a tariff plan and the prices of its items.

use std::{borrow::Cow, collections::BTreeMap, fmt};

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, de};

use super::rule::{AmountPlus, COST_PLUS, CostPlus};
use crate::{
    kinds::TariffWaiver,
    language::t,
    model::{Billing, ClientChange, Money, Name, PriceField},
};

/// What one tariff plan offers and charges. The key names an existing tariff plan, by id, internal
/// name or name.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "Prices on a tariff plan")]
pub(crate) struct TariffSpec {
    /// Provider the tariff plan must belong to, by name or id. Needed where two providers have a
    /// tariff plan of this name.
    pub(crate) provider: Option<Name>,
    /// The resource "control panel licence" of the tariff plan.
    pub(crate) resource: ResourceSpec,
    /// Licence server whose costs and period mappings count for this tariff plan: a key under `costs`. Needed
    /// where several have costs for a code, and only to compute prices and costs.
    pub(crate) licence_server: Option<Name>,
    /// How prices are made of costs, for items and amounts that say `cost_plus`.
    pub(crate) cost_plus: Option<CostPlus>,
    /// Price of each item of the enumeration. Items that are not listed are left as they are.
    #[serde(default)]
    pub(crate) items: BTreeMap<Name, ItemPrice>,
    /// Findings about this tariff plan, or about one item on it, that are known and accepted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) waive: Vec<TariffWaiver>,
}

/// The resource of a tariff plan that lets a client choose an item of an enumeration.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "Resource of a tariff plan")]
pub(crate) struct ResourceSpec {
    /// Live id, where the tariff plan has several resources over this enumeration.
    pub(crate) id: Option<u32>,
    /// Enumeration: a key under `enumerations`, or the internal name of a live one.
    pub(crate) enumeration: Name,
    /// Item that applies when the client chooses nothing.
    pub(crate) default: Name,
    /// How the resource is billed; left as it is when left out, by order when the resource is new.
    pub(crate) billing: Option<Billing>,
    /// Whether the client may change the item later; left as it is when left out.
    pub(crate) client_change: Option<ClientChange>,
    /// Type of the resource: its internal name, label or id; the control panel licence when left out.
    #[serde(rename = "type")]
    pub(crate) resource_type: Option<Name>,
}

/// What one item costs on one tariff plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ItemPrice {
    /// Offered at no charge: every period in every currency costs 0.
    Free,
    /// Not offered on this tariff plan; its prices are left as they are.
    Off,
    /// Offered at prices made of costs, by this rule or, without one, by the tariff plan's. The loader puts
    /// prices in its place.
    CostPlus(Option<CostPlus>),
    /// Offered at these prices, by currency.
    Prices(BTreeMap<Name, CurrencyPrices>),
}

/// Prices in one currency. Periods that are not listed are left as they are.
pub(crate) type CurrencyPrices = BTreeMap<PriceField, Amount>;

impl Serialize for ItemPrice {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Free => serializer.serialize_str("free"),
            Self::Off => serializer.serialize_str("off"),
            Self::CostPlus(None) => serializer.serialize_str(COST_PLUS),
            Self::CostPlus(Some(rule)) => BTreeMap::from([(COST_PLUS, rule)]).serialize(serializer),
            Self::Prices(prices) => prices.serialize(serializer),
        }
    }
}

/// An amount, or no price at all, which is not the same as 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Amount {
    None,
    Money(Money),
    /// Made of the cost, by this rule or, without one, by the tariff plan's. The loader puts the amount in its
    /// place.
    CostPlus(Option<AmountPlus>),
}

impl Serialize for Amount {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::None => serializer.serialize_str("none"),
            Self::Money(money) => money.serialize(serializer),
            Self::CostPlus(None) => serializer.serialize_str(COST_PLUS),
            Self::CostPlus(Some(rule)) => BTreeMap::from([(COST_PLUS, rule)]).serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Amount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;

        impl<'de> de::Visitor<'de> for Visitor {
            type Value = Amount;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str(&t!("an amount, `none`, or `cost_plus`"))
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Amount, E> {
                match text {
                    "none" => Ok(Amount::None),
                    COST_PLUS => Ok(Amount::CostPlus(None)),
                    _ => text.parse().map(Amount::Money).map_err(E::custom),
                }
            }

            fn visit_map<A: de::MapAccess<'de>>(self, mut map: A) -> Result<Amount, A::Error> {
                let rule = match map.next_key::<String>()? {
                    Some(key) if key == COST_PLUS => map.next_value()?,
                    _ => return Err(de::Error::custom(t!("only `cost_plus` can stand here"))),
                };
                match map.next_key::<String>()? {
                    Some(_) => Err(de::Error::custom(t!("only `cost_plus` can stand here"))),
                    None => Ok(Amount::CostPlus(Some(rule))),
                }
            }
        }

        // Not `deserialize_any`: that hands on a number like `1.0` as text.
        deserializer.deserialize_str(Visitor)
    }
}

impl JsonSchema for Amount {
    fn schema_name() -> Cow<'static, str> {
        "Amount".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let rule = generator.subschema_for::<AmountPlus>();
        json_schema!({
            "title": "Amount, or none",
            "description": "A decimal in quotes like \"350.00\", at most four decimals; `none` for no price, which is not the same as \"0\"; or `cost_plus`, alone for the tariff plan's rule, or with one of its own. Without the quotes YAML reads a float, and floats lose money.",
            "anyOf": [
                {
                    "type": "string",
                    "pattern": r"^(none|cost_plus|(0|[1-9][0-9]{0,11})(\.[0-9]{1,4})?)$",
                    "errorMessage": "Write the amount in quotes, like \"350.00\"; `none` for no price; or `cost_plus`."
                },
                {
                    "type": "object",
                    "properties": {COST_PLUS: {"description": "How the price is made of the cost.", "allOf": [rule]}},
                    "required": [COST_PLUS],
                    "additionalProperties": false
                }
            ],
            "examples": ["350.00", "0", "none", {"cost_plus": {"percent": "25%", "round_to": "10"}}]
        })
    }
}

impl<'de> Deserialize<'de> for ItemPrice {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;

        impl<'de> de::Visitor<'de> for Visitor {
            type Value = ItemPrice;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str(&t!("`free`, `off`, `cost_plus`, or prices by currency"))
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<ItemPrice, E> {
                match text {
                    "free" => Ok(ItemPrice::Free),
                    "off" => Ok(ItemPrice::Off),
                    COST_PLUS => Ok(ItemPrice::CostPlus(None)),
                    _ => Err(E::invalid_value(de::Unexpected::Str(text), &self)),
                }
            }

            fn visit_map<A: de::MapAccess<'de>>(self, mut map: A) -> Result<ItemPrice, A::Error> {
                let mut prices: BTreeMap<Name, CurrencyPrices> = BTreeMap::new();
                let mut rule = None;
                while let Some(key) = map.next_key::<Name>()? {
                    if key.as_str() == COST_PLUS {
                        rule = Some(map.next_value()?);
                    } else {
                        prices.insert(key, map.next_value()?);
                    }
                }
                match rule {
                    Some(rule) if prices.is_empty() => return Ok(ItemPrice::CostPlus(Some(rule))),
                    Some(_) => return Err(de::Error::custom(t!("`cost_plus` stands beside prices"))),
                    None => {}
                }
                if prices.is_empty() || prices.values().any(BTreeMap::is_empty) {
                    return Err(de::Error::custom(t!("there are no prices here")));
                }
                match prices.keys().find(|code| !is_currency(code.as_str())) {
                    Some(code) => Err(de::Error::custom(t!("`{code}` is not a currency code", code = code))),
                    None => Ok(ItemPrice::Prices(prices)),
                }
            }
        }

        deserializer.deserialize_any(Visitor)
    }
}

fn is_currency(code: &str) -> bool {
    code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_uppercase())
}

/// Schema of [`CurrencyPrices`]: a definition of its own, so that an error in it says what it is.
struct PricesByPeriod;

impl JsonSchema for PricesByPeriod {
    fn schema_name() -> Cow<'static, str> {
        "PricesByPeriod".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let amount = generator.subschema_for::<Amount>();
        json_schema!({
            "title": "Prices by period",
            "description": "Prices by period; `setup` is the one-time set-up charge. Periods that are not listed are left as they are.",
            "type": "object",
            "minProperties": 1,
            "patternProperties": {"^([1-9][0-9]{0,2}m|day|trial|lifetime|setup)$": amount},
            "additionalProperties": false,
            "examples": [{"1m": "350.00", "12m": "3500.00", "setup": "0"}]
        })
    }
}

/// What `free`, `off` and `cost_plus` mean.
const WORDS: [&str; 3] = [
    "Offered at no charge: every period in every currency costs 0.",
    "Not offered on this tariff plan; its prices are left as they are.",
    "Offered at prices made of costs, by the tariff plan's rule.",
];

impl JsonSchema for ItemPrice {
    fn schema_name() -> Cow<'static, str> {
        "ItemPrice".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let prices = generator.subschema_for::<PricesByPeriod>();
        let rule = generator.subschema_for::<CostPlus>();
        json_schema!({
            "title": "Price of an item",
            "description": "`free`, `off` (not offered on this tariff plan), prices by currency and period, or `cost_plus` for prices made of costs: alone by the tariff plan's rule, or with one of its own.",
            "anyOf": [
                {
                    "type": "string",
                    "enum": ["free", "off", COST_PLUS],
                    "enumDescriptions": WORDS,
                    "markdownEnumDescriptions": WORDS
                },
                {
                    "type": "object",
                    "description": "Prices by currency (ISO code), or `cost_plus` alone. Currencies that are not listed are left as they are.",
                    "minProperties": 1,
                    "properties": {COST_PLUS: {"description": "How all prices of the item are made of costs.", "allOf": [rule]}},
                    "dependentSchemas": {COST_PLUS: {"maxProperties": 1}},
                    "patternProperties": {"^[A-Z]{3}$": prices},
                    "additionalProperties": false,
                    "examples": [
                        {"RUB": {"1m": "350.00", "12m": "3500.00"}},
                        {"RUB": {"1m": "350.00"}, "EUR": {"1m": "4.50"}},
                        {"cost_plus": {"percent": "25%", "round_to": {"RUB": "10", "EUR": "0.50"}}}
                    ]
                }
            ]
        })
    }
}
