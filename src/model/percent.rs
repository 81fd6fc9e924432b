//! A share or a move in percent: a decimal, never a float.

use std::{fmt, str::FromStr};

use rust_decimal::{Decimal, RoundingStrategy};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::Ratio;

use crate::language::t;

/// A non-negative number of percent with at most two decimals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Percent(Decimal);

impl Percent {
    pub(crate) const ZERO: Self = Self(Decimal::ZERO);
    pub(crate) const PATTERN: &str = r"^(0|[1-9][0-9]{0,18})(\.[0-9]{1,2})?%?$";

    /// As files and flags take it: without the blank that is printed for people.
    pub(crate) fn plain(self) -> String {
        format!("{}%", self.0)
    }

    pub(crate) fn is_zero(self) -> bool {
        self.0.is_zero()
    }

    /// 25 % as a quarter.
    pub(crate) fn ratio(self) -> Option<Ratio> {
        Ratio::of(self.0)?.over(Ratio::whole(100))
    }

    pub(crate) fn decimal(self) -> Decimal {
        self.0
    }

    pub(crate) fn whole(percent: u32) -> Self {
        Self(Decimal::from(percent))
    }

    /// How much `part` is of `whole`, rounded up: who allows what is shown allows what there is.
    pub(crate) fn share(part: usize, whole: usize) -> Self {
        let percent = (Decimal::from(part) * Decimal::ONE_HUNDRED).checked_div(Decimal::from(whole));
        Self::magnitude(percent.unwrap_or(Decimal::ONE_HUNDRED))
    }

    /// How much `part` is of `whole`, to the nearest tenth; nothing of nothing.
    pub(crate) fn of(part: u64, whole: u64) -> Option<Self> {
        let percent = (Decimal::from(part) * Decimal::ONE_HUNDRED).checked_div(Decimal::from(whole))?;
        Some(Self(percent.round_dp_with_strategy(1, RoundingStrategy::MidpointAwayFromZero).normalize()))
    }

    /// A move without its sign, rounded up to one decimal.
    pub(crate) fn magnitude(percent: Decimal) -> Self {
        let percent = percent.abs().round_dp_with_strategy(1, RoundingStrategy::AwayFromZero);
        Self(percent.normalize())
    }
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", t!("`{text}` is not a percentage: write digits, like 30 or 12.5%", text = .0))]
pub(crate) struct PercentError(String);

impl FromStr for Percent {
    type Err = PercentError;

    fn from_str(text: &str) -> Result<Self, PercentError> {
        let fail = || PercentError(text.to_owned());
        let number = text.strip_suffix('%').unwrap_or(text);
        let (whole, fraction) = number.split_once('.').map_or((number, None), |(w, f)| (w, Some(f)));
        let digits = |part: &str, most: usize| {
            (1..=most).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
        };
        let canonical = whole == "0" || !whole.starts_with('0');
        if !digits(whole, 19) || !canonical || fraction.is_some_and(|part| !digits(part, 2)) {
            return Err(fail());
        }
        Decimal::from_str_exact(number).map(|percent| Self(percent.normalize())).map_err(|_| fail())
    }
}

impl fmt::Display for Percent {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} %", self.0)
    }
}

impl Serialize for Percent {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.plain())
    }
}

impl<'de> Deserialize<'de> for Percent {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

impl JsonSchema for Percent {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Percent".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "title": "Percentage",
            "description": "Digits with at most two decimals and a percent sign, which makes it text in YAML; in quotes without the sign.",
            "type": "string",
            "pattern": Self::PATTERN,
            "examples": ["30%", "12.5%", "80"]
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Percent;

    #[test]
    fn percentages_print_and_parse() {
        for (text, shown) in [("30", "30%"), ("30%", "30%"), ("12.50%", "12.5%"), ("0", "0%")] {
            let percent: Percent = text.parse().unwrap();
            assert_eq!(percent.plain(), shown);
            assert_eq!(shown.parse(), Ok(percent));
        }
        for text in
            ["", "%", "-1", "+1", "030", "1.", ".5", "1e3", "30 %", "1,5", "1.234", "12345678901234567890"]
        {
            assert!(text.parse::<Percent>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn shares_are_rounded_up() {
        assert_eq!(Percent::share(2, 3).to_string(), "66.7 %");
        assert_eq!(Percent::share(3, 4).to_string(), "75 %");
        assert_eq!(Percent::share(1, 0).to_string(), "100 %");
        assert!(Percent::share(1, 3) > Percent::whole(33));
        assert_eq!(Percent::of(1, 3).map(|percent| percent.to_string()).as_deref(), Some("33.3 %"));
        assert_eq!(Percent::of(0, 0), None);
    }
}
