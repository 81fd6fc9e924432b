//! Names as people and panels write them.

use std::{borrow::Cow, collections::BTreeMap, fmt, str::FromStr};

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, de};

/// A key or name: 1 to 255 characters, no control characters, no blank at either end.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub(crate) struct Name(String);

impl Name {
    pub(crate) const PATTERN: &str = r"^[^\s\x00-\x1f\x7f]([^\x00-\x1f\x7f]*[^\s\x00-\x1f\x7f])?$";

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a name has 1 to 255 characters, no control characters, and no blank at either end")]
pub(crate) struct NameError;

impl FromStr for Name {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        let control = |ch: char| ch <= '\u{1f}' || ch == '\u{7f}';
        let trimmed = text.trim_matches(|ch: char| ch.is_whitespace() || ch == '\u{feff}');
        let fits = (1..=255).contains(&text.chars().count());
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
            "maxLength": 255,
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
            return Err(de::Error::custom("a name needs at least one language, like `{en: ...}`"));
        }
        match names.keys().find(|code| !Self::is_language(code)) {
            Some(code) => Err(de::Error::custom(format!("`{code}` is not a two-letter language code"))),
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
