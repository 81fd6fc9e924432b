//! The value of a module parameter: text, a whole number, or a flag.

use std::{borrow::Cow, fmt};

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, de};

use crate::language::t;

/// One value as the panel's forms hold it: flags are `on` and `off` there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub(crate) enum Parameter {
    Flag(bool),
    Number(i64),
    Text(String),
}

impl Parameter {
    /// The largest whole number that every reader of JSON and YAML keeps exactly.
    pub(crate) const LARGEST: i64 = (1 << 53) - 1;

    fn number<E: de::Error>(number: i64) -> Result<Self, E> {
        if number.unsigned_abs() <= Self::LARGEST.unsigned_abs() {
            Ok(Self::Number(number))
        } else {
            Err(E::custom(t!("the number is too large: quote it")))
        }
    }
}

impl<'de> Deserialize<'de> for Parameter {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;

        impl de::Visitor<'_> for Visitor {
            type Value = Parameter;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str(&t!("text, a whole number, `true` or `false`"))
            }

            fn visit_bool<E>(self, flag: bool) -> Result<Parameter, E> {
                Ok(Parameter::Flag(flag))
            }

            fn visit_i64<E: de::Error>(self, number: i64) -> Result<Parameter, E> {
                Parameter::number(number)
            }

            fn visit_u64<E: de::Error>(self, number: u64) -> Result<Parameter, E> {
                Parameter::number(i64::try_from(number).unwrap_or(i64::MAX))
            }

            fn visit_str<E>(self, text: &str) -> Result<Parameter, E> {
                Ok(Parameter::Text(text.to_owned()))
            }
        }

        deserializer.deserialize_any(Visitor)
    }
}

impl fmt::Display for Parameter {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag(flag) => out.write_str(if *flag { "on" } else { "off" }),
            Self::Number(number) => write!(out, "{number}"),
            Self::Text(text) => out.write_str(text),
        }
    }
}

impl JsonSchema for Parameter {
    fn schema_name() -> Cow<'static, str> {
        "Parameter".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "title": "Module parameter",
            "description": "Text, a whole number, or `true`/`false` for a check box. Quote decimals: they are text.",
            "type": ["string", "integer", "boolean"],
            "minimum": -Self::LARGEST,
            "maximum": Self::LARGEST
        })
    }
}
