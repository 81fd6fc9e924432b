//! A day of the calendar.

use std::{borrow::Cow, fmt, str::FromStr};

use jiff::civil;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::language::t;

/// A day from 2000 to 2099, written `2026-11-01`. Whoever writes another century mistyped it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Date(civil::Date);

impl Date {
    /// Exact: 29 February in leap years only, of which this century has every fourth.
    pub(crate) const PATTERN: &str = concat!(
        r"^(20[0-9]{2}-((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)",
        r"|02-(0[1-9]|1[0-9]|2[0-8]))|20([02468][048]|[13579][26])-02-29)$"
    );

    pub(crate) fn civil(self) -> civil::Date {
        self.0
    }

    /// How many days later `other` is; below zero where it is earlier.
    pub(crate) fn days_until(self, other: Self) -> i64 {
        other.0.duration_since(self.0).as_hours() / 24
    }
}

impl From<civil::Date> for Date {
    fn from(date: civil::Date) -> Self {
        Self(date)
    }
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", t!("`{text}` is not a date: write year, month and day, like 2026-11-01", text = .0))]
pub(crate) struct DateError(String);

impl FromStr for Date {
    type Err = DateError;

    fn from_str(text: &str) -> Result<Self, DateError> {
        let fail = || DateError(text.to_owned());
        // The shape is checked here because jiff's own parser also takes `20261101` and times of day.
        let shape = |(at, byte): (usize, u8)| match at {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        };
        if text.len() != 10 || !text.starts_with("20") || !text.bytes().enumerate().all(shape) {
            return Err(fail());
        }
        text.parse().map(Self).map_err(|_| fail())
    }
}

impl fmt::Display for Date {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.pad(&self.0.to_string())
    }
}

impl Serialize for Date {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

impl JsonSchema for Date {
    fn schema_name() -> Cow<'static, str> {
        "Date".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "title": "Date",
            "description": "Year, month and day, from 2000-01-01 to 2099-12-31; with or without quotes.",
            "type": "string",
            "format": "date",
            "pattern": Self::PATTERN,
            "errorMessage": "Write year, month and day, like 2026-11-01.",
            "examples": ["2026-11-01"]
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Date;

    #[test]
    fn dates_survive_print_and_parse() {
        for text in ["2026-11-01", "2000-02-29", "2024-02-29", "2099-12-31"] {
            assert_eq!(text.parse::<Date>().unwrap().to_string(), text);
        }
        for text in [
            "",
            "2026",
            "2026-11",
            "2026-11-1",
            "2026-13-01",
            "2026-02-29",
            "2026-04-31",
            "1999-12-31",
            "2100-01-01",
            "20261101",
            "2026/11/01",
            "2026-11-01T00:00",
            "+026-11-01",
            "2026-11-00",
        ] {
            assert!(text.parse::<Date>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn days_are_counted_with_their_sign() {
        let date = |text: &str| text.parse::<Date>().unwrap();
        assert_eq!(date("2026-11-01").days_until(date("2026-11-20")), 19);
        assert_eq!(date("2026-11-20").days_until(date("2026-11-01")), -19);
        assert_eq!(date("2024-01-01").days_until(date("2025-01-01")), 366);
    }
}
