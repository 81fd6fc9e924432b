//! A currency rate: a decimal, never a float.

use std::{borrow::Cow, fmt, str::FromStr};

use rust_decimal::Decimal;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::Ratio;

/// How much of one currency one of another is: more than zero, at most eight decimals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Rate(Decimal);

impl Rate {
    pub(crate) const PATTERN: &str = r"^(?!0(\.0+)?$)(0|[1-9][0-9]{0,11})(\.[0-9]{1,8})?$";

    pub(crate) fn decimal(self) -> Decimal {
        self.0
    }

    pub(crate) fn ratio(self) -> Option<Ratio> {
        Ratio::of(self.0)
    }
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a rate: write digits with at most eight decimals after a dot, like \"98.50\"")]
pub(crate) struct RateError(String);

impl FromStr for Rate {
    type Err = RateError;

    fn from_str(text: &str) -> Result<Self, RateError> {
        let fail = || RateError(text.to_owned());
        let (whole, fraction) = text.split_once('.').map_or((text, None), |(w, f)| (w, Some(f)));
        let digits = |part: &str, most: usize| {
            (1..=most).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
        };
        let canonical = whole == "0" || !whole.starts_with('0');
        if !digits(whole, 12) || !canonical || fraction.is_some_and(|part| !digits(part, 8)) {
            return Err(fail());
        }
        let rate = Decimal::from_str_exact(text).map_err(|_| fail())?;
        if rate.is_zero() { Err(fail()) } else { Ok(Self(rate.normalize())) }
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = if self.0.scale() < 2 { format!("{:.2}", self.0) } else { self.0.to_string() };
        out.pad(&shown)
    }
}

impl Serialize for Rate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Rate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

impl JsonSchema for Rate {
    fn schema_name() -> Cow<'static, str> {
        "Rate".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "title": "Currency rate",
            "description": "A decimal in quotes, more than zero, at most eight decimals. Without the quotes YAML reads a float, and floats lose money.",
            "type": "string",
            "pattern": Self::PATTERN,
            "errorMessage": "Write the rate in quotes, like \"98.50\".",
            "examples": ["98.50", "0.01015"]
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Rate;

    #[test]
    fn rates_survive_print_and_parse() {
        for (text, shown) in
            [("98.5", "98.50"), ("1", "1.00"), ("0.00000001", "0.00000001"), ("98.1250", "98.125")]
        {
            let rate: Rate = text.parse().unwrap();
            assert_eq!(rate.to_string(), shown);
            assert_eq!(shown.parse(), Ok(rate));
        }
        for text in
            ["", "0", "0.00", "-1", "+1", ".5", "1.", "01", "1e3", "1,5", "0.000000001", "1234567890123"]
        {
            assert!(text.parse::<Rate>().is_err(), "{text:?}");
        }
    }
}
