//! An amount of money: a decimal, never a float.

use std::{fmt, str::FromStr};

use rust_decimal::Decimal;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::Ratio;

use crate::language::t;

/// A non-negative amount with at most four decimals, compared by value: `5` equals `5.00`.
///
/// Four decimals because `pricelist.export` and the panel's database print four
/// (`490.0000`), while its forms print two.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Money(Decimal);

impl Money {
    pub(crate) const ZERO: Self = Self(Decimal::ZERO);
    /// The smallest unit of money that is in use.
    pub(crate) const UNIT: Self = Self(Decimal::from_parts(1, 0, 0, false, 2));
    pub(crate) const PATTERN: &str = r"^(0|[1-9][0-9]{0,11})(\.[0-9]{1,4})?$";

    pub(crate) fn is_zero(self) -> bool {
        self.0.is_zero()
    }

    pub(crate) fn ratio(self) -> Option<Ratio> {
        Ratio::of(self.0)
    }

    /// The smallest multiple of `step` that is not less than `exact`; nothing where that is no amount.
    pub(crate) fn rounded_up(exact: Ratio, step: Self) -> Option<Self> {
        let steps = i64::try_from(exact.over(step.ratio()?)?.ceil()).ok()?;
        let amount = step.0.checked_mul(Decimal::from(steps))?;
        // Read again, so that it keeps to the digits an amount may have.
        amount.normalize().to_string().parse().ok()
    }

    pub(super) fn decimal(self) -> Decimal {
        self.0
    }

    /// This and so many more of `each`.
    pub(crate) fn with(self, each: Self, count: u32) -> Self {
        Self(self.0 + each.0 * Decimal::from(count))
    }

    /// Reads what a panel prints: as [`FromStr`], but `0490.0000` style zeros are harmless there.
    pub(crate) fn from_panel(text: &str) -> Result<Self, MoneyError> {
        let trimmed = text.trim();
        let stripped = trimmed.trim_start_matches('0');
        match stripped.chars().next() {
            Some(first) if first.is_ascii_digit() => stripped.parse(),
            _ if stripped.len() < trimmed.len() => format!("0{stripped}").parse(),
            _ => trimmed.parse(),
        }
    }

    /// The change from `before` to `self` in percent with one decimal; nothing where `before` is zero.
    pub(crate) fn percent_from(self, before: Self) -> Option<Decimal> {
        let ratio = (self.0 - before.0).checked_div(before.0)?;
        Some((ratio * Decimal::ONE_HUNDRED).round_dp(1).normalize())
    }
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", t!("`{text}` is not an amount: write digits with at most four decimals after a dot, like \"350.00\"", text = .0))]
pub(crate) struct MoneyError(String);

impl FromStr for Money {
    type Err = MoneyError;

    fn from_str(text: &str) -> Result<Self, MoneyError> {
        let fail = || MoneyError(text.to_owned());
        // The syntax is checked here because Decimal's own parser also takes `1_000`, `.5` and `1.`.
        let (whole, fraction) = text.split_once('.').map_or((text, None), |(w, f)| (w, Some(f)));
        let digits = |part: &str, most: usize| {
            (1..=most).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
        };
        let canonical_whole = whole == "0" || !whole.starts_with('0');
        if !digits(whole, 12) || !canonical_whole || fraction.is_some_and(|part| !digits(part, 4)) {
            return Err(fail());
        }
        Decimal::from_str_exact(text).map(Self).map_err(|_| fail())
    }
}

impl fmt::Display for Money {
    /// Two decimals at least, as the panel's forms print them; more only where they are not zero.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let short = self.0.normalize();
        let shown = if short.scale() < 2 { format!("{short:.2}") } else { short.to_string() };
        out.pad(&shown)
    }
}

impl Serialize for Money {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Money {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

impl JsonSchema for Money {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Money".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "title": "Amount of money",
            "description": "A decimal in quotes, at most four decimals, without the currency. Quotes are needed: without them YAML reads a float, and floats lose money.",
            "type": "string",
            "pattern": Self::PATTERN,
            "examples": ["350.00", "0", "1050.50"]
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Money;

    #[test]
    fn amounts_compare_by_value_and_print_two_decimals() {
        for (text, shown) in [("5", "5.00"), ("5.1", "5.10"), ("0.0001", "0.0001"), ("490.0000", "490.00")] {
            let money: Money = text.parse().unwrap();
            assert_eq!(money.to_string(), shown);
            assert_eq!(shown.parse::<Money>().unwrap(), money);
        }
    }

    #[test]
    fn loose_decimals_are_refused() {
        for text in
            ["", ".5", "1.", "1_000", "+1", "-1", "1e3", "01", "1.00000", "1,5", " 1", "1234567890123"]
        {
            assert!(text.parse::<Money>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn panel_amounts_may_have_leading_zeros() {
        for (text, shown) in [("00.50", "0.50"), ("0", "0.00"), ("0490.0000", "490.00"), (" 7 ", "7.00")] {
            assert_eq!(Money::from_panel(text).unwrap().to_string(), shown);
        }
        assert!(Money::from_panel("free").is_err());
    }
}
