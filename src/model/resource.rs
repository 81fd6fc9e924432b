//! The words of a resource: what is priced, how it is billed, and whether the client may change it.

use std::{borrow::Cow, fmt};

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, de};

use super::Period;

/// How a resource is billed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(title = "Billing")]
pub(crate) enum Billing {
    /// Hidden from the client and not charged: a licence of the default item is ordered for every server.
    DoNotBill,
    /// By what the client ordered.
    ByOrder,
    /// By statistics.
    ByStatistics,
    /// By the values of other resources.
    ByOtherResources,
}

/// Whether the client may change the item after the order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(title = "Change by the client")]
pub(crate) enum ClientChange {
    /// In both directions.
    Allowed,
    /// Not at all.
    Forbidden,
    /// To a dearer item only.
    UpOnly,
    /// To a cheaper item only.
    DownOnly,
}

/// A period, or the one-time set-up charge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum PriceField {
    Setup,
    Period(Period),
}

impl fmt::Display for PriceField {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Setup => out.write_str("setup"),
            Self::Period(period) => period.fmt(out),
        }
    }
}

impl Serialize for PriceField {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for PriceField {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        if text == "setup" {
            return Ok(Self::Setup);
        }
        text.parse().map(Self::Period).map_err(de::Error::custom)
    }
}

impl JsonSchema for PriceField {
    fn schema_name() -> Cow<'static, str> {
        "PriceField".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "title": "Period or set-up",
            "description": "A billing period, or `setup` for the one-time set-up charge.",
            "type": "string",
            "pattern": "^([1-9][0-9]{0,2}m|day|trial|lifetime|setup)$"
        })
    }
}
