//! A billing period.

use std::{borrow::Cow, fmt, num::NonZeroU16, str::FromStr};

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::language::t;

/// How long something is sold or bought for. Orders as people list them: trial, day, months, lifetime.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Period {
    Trial,
    Day,
    /// Whole months, 1 to 999.
    Months(NonZeroU16),
    Lifetime,
}

impl Period {
    pub(crate) const PATTERN: &str = "^([1-9][0-9]{0,2}m|day|trial|lifetime)$";

    pub(crate) fn months(count: u16) -> Option<Self> {
        NonZeroU16::new(count).filter(|count| count.get() < 1000).map(Self::Months)
    }

    /// BILLmanager's id of the period: months as they are, -100 trial, -50 day, 0 lifetime
    /// (vendor page "Integration with website").
    pub(crate) fn panel_id(self) -> i32 {
        match self {
            Self::Trial => -100,
            Self::Day => -50,
            Self::Lifetime => 0,
            Self::Months(count) => i32::from(count.get()),
        }
    }

    pub(crate) fn from_panel_id(id: i32) -> Option<Self> {
        match id {
            -100 => Some(Self::Trial),
            -50 => Some(Self::Day),
            0 => Some(Self::Lifetime),
            months => u16::try_from(months).ok().and_then(Self::months),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", t!("`{text}` is not a period: write months like `1m`, `12m`, or one of `trial`, `day`, `lifetime`", text = .0))]
pub(crate) struct PeriodError(String);

impl FromStr for Period {
    type Err = PeriodError;

    fn from_str(text: &str) -> Result<Self, PeriodError> {
        let months = || {
            let digits = text.strip_suffix('m')?;
            let plain = !digits.starts_with('0') && digits.bytes().all(|byte| byte.is_ascii_digit());
            digits.parse().ok().filter(|_| plain).and_then(Self::months)
        };
        match text {
            "trial" => Ok(Self::Trial),
            "day" => Ok(Self::Day),
            "lifetime" => Ok(Self::Lifetime),
            _ => months().ok_or_else(|| PeriodError(text.to_owned())),
        }
    }
}

impl fmt::Display for Period {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Trial => out.pad("trial"),
            Self::Day => out.pad("day"),
            Self::Lifetime => out.pad("lifetime"),
            Self::Months(count) => out.pad(&format!("{count}m")),
        }
    }
}

impl Serialize for Period {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Period {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

impl JsonSchema for Period {
    fn schema_name() -> Cow<'static, str> {
        "Period".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "title": "Billing period",
            "description": "Months as `1m`, `3m`, `12m` and so on, or `trial`, `day`, `lifetime`.",
            "type": "string",
            "pattern": Self::PATTERN,
            "errorMessage": "Write months as `1m` or `12m`, or one of `trial`, `day`, `lifetime`.",
            "examples": ["1m", "12m", "trial"]
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Period;

    #[test]
    fn periods_survive_print_and_parse() {
        for text in ["1m", "12m", "999m", "trial", "day", "lifetime"] {
            let period: Period = text.parse().unwrap();
            assert_eq!(period.to_string(), text);
            assert_eq!(Period::from_panel_id(period.panel_id()), Some(period));
        }
        for text in ["", "m", "0m", "01m", "1000m", "+1m", "1 m", "1M", "month"] {
            assert!(text.parse::<Period>().is_err(), "{text:?}");
        }
    }
}
