//! A currency rate: a decimal, never a float.

use std::{borrow::Cow, fmt, str::FromStr};

use rust_decimal::Decimal;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::{Cash, Currency, Ratio};

use crate::language::t;

/// How much of one currency one of another is: more than zero, at most eight decimals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Rate(Decimal);

impl Rate {
    pub(crate) const PATTERN: &str = r"^(?!0(\.0+)?$)(0|[1-9][0-9]{0,11})(\.[0-9]{1,8})?$";

    fn ratio(self) -> Option<Ratio> {
        Ratio::of(self.0)
    }
}

/// How amounts get from one currency into another: by a rate as it is given, or by one the other way round.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Exchange {
    pub(crate) from: Currency,
    pub(crate) to: Currency,
    pub(crate) rate: Rate,
    /// Whether amounts are divided by it.
    pub(crate) inverse: bool,
}

impl Exchange {
    /// The amount in the other currency, without any rounding.
    pub(crate) fn exact(&self, amount: Ratio) -> Option<Ratio> {
        let rate = self.rate.ratio()?;
        if self.inverse { amount.over(rate) } else { amount.times(rate) }
    }

    /// The same of an amount that may be below zero, as far as a decimal goes.
    pub(crate) fn cash(&self, amount: Cash) -> Option<Cash> {
        if self.inverse { amount.divided(self.rate.0) } else { Some(amount.multiplied(self.rate.0)) }
    }
}

impl fmt::Display for Exchange {
    /// The rate as it is written: `1 EUR = 98.50 RUB`.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (one, two) = if self.inverse { (&self.to, &self.from) } else { (&self.from, &self.to) };
        write!(out, "1 {one} = {} {two}", self.rate)
    }
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", t!("`{text}` is not a rate: write digits with at most eight decimals after a dot, like \"98.50\"", text = .0))]
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
    use super::{Exchange, Rate};
    use crate::model::{Cash, Money};

    #[test]
    fn an_exchange_is_the_same_for_prices_and_for_balances() {
        let exchange = |inverse| {
            let (from, to) = if inverse { ("RUB", "EUR") } else { ("EUR", "RUB") };
            Exchange {
                from: from.parse().unwrap(),
                to: to.parse().unwrap(),
                rate: "98.50".parse().unwrap(),
                inverse,
            }
        };
        let amount: Money = "985.00".parse().unwrap();
        for (inverse, expected) in [(false, "97022.50"), (true, "10.00")] {
            let exchange = exchange(inverse);
            let exact = exchange.exact(amount.ratio().unwrap()).unwrap();
            assert_eq!(Money::rounded_up(exact, Money::UNIT).unwrap().to_string(), expected);
            assert_eq!(exchange.cash(Cash::from(amount)).unwrap().to_string(), expected);
            assert_eq!(exchange.to_string(), "1 EUR = 98.50 RUB");
        }
    }

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
