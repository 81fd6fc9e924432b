//! Names as people and panels write them.

use std::{borrow::Cow, collections::BTreeMap, fmt, str::FromStr};

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, de};

use crate::language::t;

/// What no name may hold: control characters and the characters that some readers of YAML take for a
/// line break. Spelt out because `\s` and `.` differ between the regular expressions of JavaScript and Rust.
macro_rules! forbidden {
    () => {
        r"\u0000-\u001f\u007f-\u009f\u2028\u2029"
    };
}

/// Blanks, which no name may begin or end with.
macro_rules! blank {
    () => {
        r"\u0020\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000\ufeff"
    };
}

/// The regular expression of a name, without the anchors.
macro_rules! name_pattern {
    () => {
        concat!(
            "[^",
            $crate::model::forbidden!(),
            $crate::model::blank!(),
            "]([^",
            $crate::model::forbidden!(),
            "]*[^",
            $crate::model::forbidden!(),
            $crate::model::blank!(),
            "])?"
        )
    };
}

pub(crate) use {blank, forbidden, name_pattern};

/// A key or name: 1 to 255 characters, no control characters, no blank at either end.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub(crate) struct Name(String);

impl Name {
    pub(crate) const PATTERN: &str = concat!("^", name_pattern!(), "$");
    pub(crate) const MAX_CHARS: usize = 255;

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", t!("a name has 1 to 255 characters, no control characters, and no blank at either end"))]
pub(crate) struct NameError;

impl FromStr for Name {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        let control = |ch: char| ch.is_control() || matches!(ch, '\u{2028}' | '\u{2029}');
        let trimmed = text.trim_matches(|ch: char| ch.is_whitespace() || ch == '\u{feff}');
        let fits = (1..=Self::MAX_CHARS).contains(&text.chars().count());
        if !fits || trimmed.len() != text.len() || text.contains(control) {
            return Err(NameError);
        }
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Display for Name {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.pad(&self.0)
    }
}

impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

impl JsonSchema for Name {
    fn schema_name() -> Cow<'static, str> {
        "Name".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "title": "Name",
            "description": "1 to 255 characters, no control characters, no blank at either end.",
            "type": "string",
            "minLength": 1,
            "maxLength": Self::MAX_CHARS,
            "pattern": Self::PATTERN
        })
    }
}

/// A name in several languages, keyed by two-letter language code.
///
/// The panel keeps English in `name` and the others in `name_ru`, `name_de` and so on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub(crate) struct LocalName(pub(crate) BTreeMap<String, Name>);

impl LocalName {
    fn is_language(code: &str) -> bool {
        code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_lowercase())
    }
}

impl<'de> Deserialize<'de> for LocalName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let names = BTreeMap::<String, Name>::deserialize(deserializer)?;
        if names.is_empty() {
            return Err(de::Error::custom(t!("a name needs at least one language, like `{{en: ...}}`")));
        }
        match names.keys().find(|code| !Self::is_language(code)) {
            Some(code) => {
                Err(de::Error::custom(t!("`{code}` is not a two-letter language code", code = code)))
            }
            None => Ok(Self(names)),
        }
    }
}

impl JsonSchema for LocalName {
    fn schema_name() -> Cow<'static, str> {
        "LocalName".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let name = generator.subschema_for::<Name>();
        json_schema!({
            "title": "Name by language",
            "description": "The name in each language, by two-letter code. Languages that are not listed are left as they are in the panel.",
            "type": "object",
            "minProperties": 1,
            "patternProperties": {"^[a-z]{2}$": name},
            "additionalProperties": false,
            "examples": [{"en": "No control panel", "ru": "Без панели управления"}]
        })
    }
}
