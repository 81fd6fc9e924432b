//! Prices: the control-panel-licence resource of a tariff plan and the prices of its items.

use std::{borrow::Cow, collections::BTreeMap, fmt};

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, de};

use crate::{
    kinds::TariffWaiver,
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
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ItemPrice {
    /// Offered at no charge: every period in every currency costs 0.
    Free,
    /// Not offered on this tariff plan; its prices are left as they are.
    Off,
    /// Offered at these prices, by currency.
    #[serde(untagged)]
    Prices(BTreeMap<Name, CurrencyPrices>),
}

/// Prices in one currency. Periods that are not listed are left as they are.
pub(crate) type CurrencyPrices = BTreeMap<PriceField, Amount>;

/// An amount, or no price at all, which is not the same as 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Amount {
    None,
    Money(Money),
}

impl Serialize for Amount {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::None => serializer.serialize_str("none"),
            Self::Money(money) => money.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Amount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        if text == "none" {
            return Ok(Self::None);
        }
        text.parse().map(Self::Money).map_err(de::Error::custom)
    }
}

impl JsonSchema for Amount {
    fn schema_name() -> Cow<'static, str> {
        "Amount".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "title": "Amount, or none",
            "description": "A decimal in quotes like \"350.00\", at most four decimals; or `none` for no price, which is not the same as \"0\". Without the quotes YAML reads a float, and floats lose money.",
            "type": "string",
            "pattern": r"^(none|(0|[1-9][0-9]{0,11})(\.[0-9]{1,4})?)$",
            "errorMessage": "Write the amount in quotes, like \"350.00\"; or `none` for no price.",
            "examples": ["350.00", "0", "none"]
        })
    }
}

impl<'de> Deserialize<'de> for ItemPrice {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;

        impl<'de> de::Visitor<'de> for Visitor {
            type Value = ItemPrice;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("`free`, `off`, or prices by currency")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<ItemPrice, E> {
                match text {
                    "free" => Ok(ItemPrice::Free),
                    "off" => Ok(ItemPrice::Off),
                    _ => Err(E::invalid_value(de::Unexpected::Str(text), &self)),
                }
            }

            fn visit_map<A: de::MapAccess<'de>>(self, map: A) -> Result<ItemPrice, A::Error> {
                let prices: BTreeMap<Name, CurrencyPrices> =
                    BTreeMap::deserialize(de::value::MapAccessDeserializer::new(map))?;
                if prices.is_empty() || prices.values().any(BTreeMap::is_empty) {
                    return Err(de::Error::custom("there are no prices here"));
                }
                match prices.keys().find(|code| !is_currency(code.as_str())) {
                    Some(code) => Err(de::Error::custom(format!("`{code}` is not a currency code"))),
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

impl JsonSchema for ItemPrice {
    fn schema_name() -> Cow<'static, str> {
        "ItemPrice".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let prices = generator.subschema_for::<PricesByPeriod>();
        json_schema!({
            "title": "Price of an item",
            "description": "`free`, `off` (not offered on this tariff plan), or prices by currency and period.",
            "examples": ["free", "off", {"RUB": {"1m": "350.00", "12m": "3500.00", "setup": "0"}}],
            "anyOf": [
                {"type": "string", "enum": ["free", "off"]},
                {
                    "type": "object",
                    "description": "Prices by currency (ISO code). Currencies that are not listed are left as they are.",
                    "minProperties": 1,
                    "patternProperties": {"^[A-Z]{3}$": prices},
                    "additionalProperties": false
                }
            ]
        })
    }
}
