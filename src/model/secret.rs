//! Where a secret comes from. The value itself never is part of the configuration.

use std::{borrow::Cow, path::PathBuf};

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, de};

use crate::language::t;

/// Where to read a secret when it is needed: an environment variable, a file, or what a program prints.
///
/// A literal is refused: it would live in Git.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum SecretSource {
    /// Name of an environment variable that holds the secret.
    Env(#[serde(deserialize_with = "env_name")] String),
    /// Path of a file that holds the secret; one line break at its end is dropped.
    File(#[serde(deserialize_with = "file_path")] PathBuf),
    /// A program and its arguments, run without a shell; what it prints is the secret.
    Command(#[serde(deserialize_with = "command_line")] Vec<String>),
}

impl SecretSource {
    pub(crate) const ENV_PATTERN: &str = "^[A-Za-z_][A-Za-z0-9_]{0,254}$";
}

fn env_name<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let name = String::deserialize(deserializer)?;
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let fits = (1..=255).contains(&name.len()) && !name.starts_with(|ch: char| ch.is_ascii_digit());
    // The text is not repeated: whoever writes a password here must not find it in a log.
    if fits && name.bytes().all(plain) {
        Ok(name)
    } else {
        Err(de::Error::custom(t!("not the name of a variable")))
    }
}

fn file_path<'de, D: Deserializer<'de>>(deserializer: D) -> Result<PathBuf, D::Error> {
    let path = crate::model::Name::deserialize(deserializer)?;
    Ok(PathBuf::from(path.as_str()))
}

fn command_line<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    let line = Vec::<String>::deserialize(deserializer)?;
    if line.is_empty() { Err(de::Error::custom(t!("no program is named"))) } else { Ok(line) }
}

// By hand, because the derived one is a `oneOf`, whose errors do not say which alternative was meant.
impl JsonSchema for SecretSource {
    fn schema_name() -> Cow<'static, str> {
        "SecretSource".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let path = generator.subschema_for::<crate::model::Name>();
        json_schema!({
            "title": "Where a secret comes from",
            "description": "`{env: VARIABLE}`, `{file: path}` or `{command: [program, argument]}`. A literal is refused: it would live in Git.",
            "type": "object",
            "properties": {
                "env": {
                    "description": "Name of an environment variable that holds the secret.",
                    "type": "string",
                    "pattern": Self::ENV_PATTERN,
                    "examples": ["LICENCE_PASSWORD"]
                },
                "file": {
                    "description": "Path of a file that holds the secret; one line break at its end is dropped.",
                    "allOf": [path],
                    "examples": ["/run/secrets/licence-password"]
                },
                "command": {
                    "description": "Program to run, and its arguments; no shell is involved. What it prints is the secret; one line break at its end is dropped.",
                    "type": "array",
                    "items": {"type": "string"},
                    "minItems": 1,
                    "examples": [["pass", "show", "billmanager/licences"]]
                }
            },
            "minProperties": 1,
            "maxProperties": 1,
            "additionalProperties": false,
            "examples": [
                {"env": "LICENCE_PASSWORD"},
                {"file": "/run/secrets/licence-password"},
                {"command": ["pass", "show", "billmanager/licences"]}
            ]
        })
    }
}
