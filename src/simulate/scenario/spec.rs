//! The format of scenarios. Doc comments are the descriptions of the JSON Schema.

use std::{borrow::Cow, fmt, str::FromStr, sync::OnceLock};

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, de};

use crate::{
    config::{Compiled, Document},
    kinds::version,
    language::t,
    licence::Readings,
    model::{Currency, Date, Money, Name, Period},
};

/// Months of orders, renewals and cancellations to play on a configuration.
///
/// `clients` are many and drawn by chance, the same ones for the same seed; `events` are single things on
/// their days.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "billform scenario")]
pub(crate) struct ScenarioSpec {
    /// Version of this format; always 1.
    #[serde(deserialize_with = "version")]
    #[schemars(extend("const" = 1))]
    #[expect(dead_code, reason = "there is one so far, which reading it makes sure of")]
    pub(crate) version: u32,
    /// The first day that is played.
    pub(crate) from: Date,
    /// How many months are played.
    #[schemars(range(min = 1, max = 120))]
    pub(crate) months: u32,
    /// What clients pay in and the books are kept in.
    pub(crate) currency: Currency,
    /// Number that the clients are drawn from; 1 where this is left out.
    pub(crate) seed: Option<u32>,
    /// What the licence account holds at the beginning. Without it there is no limit.
    pub(crate) balance: Option<Money>,
    /// How to read what no public page decides.
    #[serde(default)]
    pub(crate) readings: Readings,
    /// Streams of clients.
    #[serde(default)]
    pub(crate) clients: Vec<StreamSpec>,
    /// Single things that happen. Those of one day happen in the order in which they are written, after the
    /// renewals of that day and before the orders of `clients`.
    #[serde(default)]
    pub(crate) events: Vec<EventSpec>,
}

impl Document for ScenarioSpec {
    fn compiled() -> &'static Compiled {
        static COMPILED: OnceLock<Compiled> = OnceLock::new();
        COMPILED.get_or_init(Compiled::of::<Self>)
    }
}

/// Clients who all buy the same. Each month brings as many orders, on days drawn by chance.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "Stream of clients")]
pub(crate) struct StreamSpec {
    /// The tariff plan they order.
    pub(crate) tariff: Name,
    /// The panel they choose, by internal name.
    pub(crate) panel: Name,
    /// The period they pay for.
    pub(crate) period: Period,
    /// How many of them order in each month.
    #[schemars(range(min = 1, max = 100_000))]
    pub(crate) orders_per_month: u32,
    /// Chance at the end of each paid period that a client leaves; never where this is left out.
    pub(crate) leave: Option<Chance>,
    /// Another panel that some of them change to, once.
    pub(crate) change_panel: Option<ChangeSpec>,
    /// Chance at each renewal that the service gets another IP; never where this is left out.
    pub(crate) change_ip: Option<Chance>,
}

/// A change of the panel. It happens the day before a renewal, which is then for the new panel.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "Change of the panel")]
pub(crate) struct ChangeSpec {
    /// The panel they change to, by internal name.
    pub(crate) to: Name,
    /// Chance at each renewal.
    pub(crate) chance: Chance,
}

/// One thing that happens on a day: exactly one of `order`, `cancel`, `stop`, `change_panel`, `change_ip` and
/// `top_up`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "Event")]
pub(crate) struct EventSpec {
    /// The day it happens.
    pub(crate) on: Date,
    /// A server is ordered; this is what the other events call it. Needs `tariff`, `panel` and `period`.
    pub(crate) order: Option<Name>,
    /// The server of that order is deleted.
    pub(crate) cancel: Option<Name>,
    /// The server of that order is not renewed any more.
    pub(crate) stop: Option<Name>,
    /// The server of that order gets another panel. Needs `panel`.
    pub(crate) change_panel: Option<Name>,
    /// The server of that order gets another IP.
    pub(crate) change_ip: Option<Name>,
    /// Money goes into the licence account. Needs a `balance`.
    pub(crate) top_up: Option<Money>,
    /// The tariff plan of an order.
    pub(crate) tariff: Option<Name>,
    /// The panel of an order, or the one that is changed to, by internal name.
    pub(crate) panel: Option<Name>,
    /// The period of an order.
    pub(crate) period: Option<Period>,
}

/// A chance, from never to always, in hundredths of a percent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Chance(u32);

impl Chance {
    pub(crate) const NEVER: Self = Self(0);
    /// What [`Chance::parts`] are parts of.
    pub(crate) const WHOLE: u32 = 10_000;
    const PATTERN: &str = r"^((0|[1-9][0-9]?)(\.[0-9]{1,2})?|100(\.00?)?)%$";

    pub(crate) fn parts(self) -> u32 {
        self.0
    }
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", t!("`{text}` is not a chance: write digits and a percent sign, from `0%` to `100%`", text = .0))]
pub(crate) struct ChanceError(String);

impl FromStr for Chance {
    type Err = ChanceError;

    fn from_str(text: &str) -> Result<Self, ChanceError> {
        let parts = || {
            let number = text.strip_suffix('%')?;
            let (whole, fraction) = number.split_once('.').map_or((number, None), |(w, f)| (w, Some(f)));
            let digits = |part: &str, most: usize| {
                (1..=most).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
            };
            let canonical = whole == "0" || !whole.starts_with('0');
            if !digits(whole, 3) || !canonical || fraction.is_some_and(|part| !digits(part, 2)) {
                return None;
            }
            let hundredths: u32 = format!("{:0<2}", fraction.unwrap_or_default()).parse().ok()?;
            let parts = whole.parse::<u32>().ok()? * 100 + hundredths;
            (parts <= Self::WHOLE).then_some(Self(parts))
        };
        parts().ok_or_else(|| ChanceError(text.to_owned()))
    }
}

impl fmt::Display for Chance {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.0 / 100, self.0 % 100) {
            (whole, 0) => write!(out, "{whole}%"),
            (whole, part) if part % 10 == 0 => write!(out, "{whole}.{}%", part / 10),
            (whole, part) => write!(out, "{whole}.{part:02}%"),
        }
    }
}

impl<'de> Deserialize<'de> for Chance {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

impl JsonSchema for Chance {
    fn schema_name() -> Cow<'static, str> {
        "Chance".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "title": "Chance",
            "description": "Digits with at most two decimals and a percent sign, from `0%` to `100%`.",
            "type": "string",
            "pattern": Self::PATTERN,
            "errorMessage": "Write digits and a percent sign, from `0%` to `100%`.",
            "examples": ["8%", "0.5%", "100%"]
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Chance;

    #[test]
    fn chances_print_and_parse() {
        for (text, shown, parts) in [
            ("0%", "0%", 0),
            ("8%", "8%", 800),
            ("0.5%", "0.5%", 50),
            ("12.50%", "12.5%", 1250),
            ("0.05%", "0.05%", 5),
            ("100.00%", "100%", 10_000),
        ] {
            let chance: Chance = text.parse().unwrap();
            assert_eq!((chance.to_string().as_str(), chance.parts()), (shown, parts));
        }
        for text in ["", "8", "%", "08%", "100.01%", "101%", "-1%", "8 %", "8,5%", "8.555%", "1e1%"] {
            assert!(text.parse::<Chance>().is_err(), "{text:?}");
        }
    }
}
