//! Period mappings as people write them.

use std::{borrow::Cow, fmt};

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, de};

use crate::{
    kinds::Waiver,
    language::t,
    model::{Name, Period},
};

/// Licences sold for these periods are bought for that one.
///
/// The words are sold and bought because the vendor's own worked example gets "source" and
/// "replacement" the wrong way round.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "Period mapping")]
pub(crate) struct MappingSpec {
    /// Live id of the row, where the periods alone do not say which row is meant. Only with one sold period.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) id: Option<u32>,
    /// Period, or list of periods, that the client buys.
    pub(crate) sold: Sold,
    /// Period that is ordered from the licence server instead.
    pub(crate) bought: Period,
    /// Tariff plan the mapping is for, by id, internal name or name; every tariff plan when left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) tariff: Option<Name>,
    /// Findings about this mapping that are known and accepted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) waive: Vec<Waiver>,
}

/// One period or several.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub(crate) struct Sold(pub(crate) Vec<Period>);

impl<'de> Deserialize<'de> for Sold {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;

        impl<'de> de::Visitor<'de> for Visitor {
            type Value = Sold;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str(&t!("a period or a list of periods"))
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Sold, E> {
                text.parse().map(|period| Sold(vec![period])).map_err(E::custom)
            }

            fn visit_seq<A: de::SeqAccess<'de>>(self, mut seq: A) -> Result<Sold, A::Error> {
                let mut periods = Vec::new();
                while let Some(period) = seq.next_element()? {
                    if periods.contains(&period) {
                        return Err(de::Error::custom(t!("`{period}` is listed twice", period = period)));
                    }
                    periods.push(period);
                }
                if periods.is_empty() {
                    return Err(de::Error::invalid_length(0, &self));
                }
                Ok(Sold(periods))
            }
        }

        deserializer.deserialize_any(Visitor)
    }
}

impl JsonSchema for Sold {
    fn schema_name() -> Cow<'static, str> {
        "Sold".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let period = generator.subschema_for::<Period>();
        json_schema!({
            "title": "Sold period or periods",
            "description": "One period, or a list of periods.",
            "anyOf": [period, {"type": "array", "items": period, "minItems": 1, "uniqueItems": true}],
            "examples": ["1m", ["1m", "3m", "6m"]]
        })
    }
}
