//! A licence code as people, and the shipped table, describe it.

use std::{borrow::Cow, collections::BTreeSet, fmt, str::FromStr};

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, de};

use crate::{
    language::t,
    model::{Date, Mark, Name, Period, at_least_one},
};

/// What is known of a licence code: the id of a tariff plan on a licence server. Added to the shipped table,
/// or laid over its entry field by field.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "Licence code")]
pub(crate) struct CodeSpec {
    /// What is licensed. Needed for a code that the shipped table does not have.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) product: Option<Name>,
    /// Who makes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) vendor: Option<Name>,
    /// Function of the licence server that orders it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) order: Option<OrderFunction>,
    /// Hosts of the licence servers that sell it.
    #[serde(default, deserialize_with = "at_least_one", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<BTreeSet<Host>>", length(min = 1))]
    pub(crate) endpoints: Option<BTreeSet<Host>>,
    /// Periods it can be ordered for.
    #[serde(default, deserialize_with = "at_least_one", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<BTreeSet<Period>>", length(min = 1))]
    pub(crate) periods: Option<BTreeSet<Period>>,
    /// Parameter of the order that takes the number of nodes, like `addon_55236`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) nodes: Option<Name>,
    /// Day its sale ended or ends.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) sold_until: Option<Date>,
    /// Day its renewal ended or ends.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) renewed_until: Option<Date>,
    /// Code that takes its place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) successor: Option<Name>,
    /// How sure the successor is; as sure as the rest when left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) successor_mark: Option<Mark>,
    /// What else there is to know, for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) note: Option<Name>,
    /// Page that says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) source: Option<Name>,
    /// How sure it is; documented when left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) mark: Option<Mark>,
}

/// The function of a licence server that orders a licence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(title = "Function of an order")]
pub(crate) enum OrderFunction {
    /// `soft.order.param`: by IP address, as control panels are.
    Soft,
    /// `platform.order.param`: without an IP address.
    Platform,
    /// `softexternal.order.param`: software of other vendors.
    SoftExternal,
    /// `addition.order.param`: an addition to another licence.
    Addition,
}

impl OrderFunction {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Soft => "soft.order.param",
            Self::Platform => "platform.order.param",
            Self::SoftExternal => "softexternal.order.param",
            Self::Addition => "addition.order.param",
        }
    }
}

/// The name of a host, in small letters, as it stands in an address.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub(crate) struct Host(String);

impl Host {
    pub(crate) const PATTERN: &str = "^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$";

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", t!("`{text}` is not the name of a host: write it alone and in small letters, like api.example.com", text = .0))]
pub(crate) struct HostError(String);

impl FromStr for Host {
    type Err = HostError;

    fn from_str(text: &str) -> Result<Self, HostError> {
        let word = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
        let ends = text.bytes().next().is_some_and(word) && text.bytes().last().is_some_and(word);
        let inner = text.bytes().all(|byte| word(byte) || matches!(byte, b'.' | b'-'));
        if ends && inner && text.len() <= 253 {
            Ok(Self(text.to_owned()))
        } else {
            Err(HostError(text.to_owned()))
        }
    }
}

impl fmt::Display for Host {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.pad(&self.0)
    }
}

impl<'de> Deserialize<'de> for Host {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

impl JsonSchema for Host {
    fn schema_name() -> Cow<'static, str> {
        "Host".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "title": "Host",
            "description": "The name of a host alone, in small letters: no `https://`, no path.",
            "type": "string",
            "pattern": Self::PATTERN,
            "examples": ["api-eu.ispmanager.com"]
        })
    }
}
