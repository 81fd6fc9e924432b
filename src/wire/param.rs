//! A request parameter. Secrets are a type, so that they cannot be printed or serialised.

use secrecy::{ExposeSecret, SecretString};

/// One `name=value` of a request.
#[derive(Clone, Debug)]
pub(crate) struct Param {
    pub(crate) name: String,
    pub(crate) value: ParamValue,
}

/// What a parameter carries; `Debug` hides secrets.
#[derive(Clone, Debug)]
pub(crate) enum ParamValue {
    Text(String),
    Secret(SecretString),
}

impl Param {
    /// An ordinary parameter.
    pub(crate) fn text(name: impl Into<String>, value: impl Into<String>) -> Self {
        Self { name: name.into(), value: ParamValue::Text(value.into()) }
    }

    /// A parameter that must never be shown.
    pub(crate) fn secret(name: impl Into<String>, value: SecretString) -> Self {
        Self { name: name.into(), value: ParamValue::Secret(value) }
    }

    /// The value as it goes on the wire; for the client only.
    pub(crate) fn wire(&self) -> &str {
        match &self.value {
            ParamValue::Text(text) => text,
            ParamValue::Secret(secret) => secret.expose_secret(),
        }
    }
}

impl From<(String, String)> for Param {
    fn from((name, value): (String, String)) -> Self {
        Self::text(name, value)
    }
}

impl From<(&str, &str)> for Param {
    fn from((name, value): (&str, &str)) -> Self {
        Self::text(name, value)
    }
}
