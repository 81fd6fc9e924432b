//! How the checks of `billform check` are set, and which of their findings are accepted.

use std::{borrow::Cow, collections::BTreeMap, fmt, str::FromStr};

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, de};

use crate::{
    language::t,
    model::{Currency, Date, Money, Name, Percent},
};

/// How seriously the checks are taken, and where they begin to mind. What is left out keeps its default.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "Checks")]
pub(crate) struct ChecksSpec {
    /// Severity of checks, by their code, where it is not to be the usual one.
    #[serde(default)]
    pub(crate) severity: BTreeMap<CheckCode, Severity>,
    /// Where checks begin to mind.
    #[serde(default)]
    pub(crate) thresholds: ThresholdsSpec,
}

/// The limits that checks measure against.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "Thresholds of checks")]
pub(crate) struct ThresholdsSpec {
    /// How far a price may move against the panel before it is remarked on; 30 % when left out.
    pub(crate) price_move: Option<Percent>,
    /// How much of its cost a sale must earn on top where the two are in different currencies; 10 % when left
    /// out.
    pub(crate) margin: Option<Percent>,
    /// How many days the figures under `costs` are taken for current; 30 when left out.
    pub(crate) cost_age_days: Option<u32>,
    /// How much more than the client has paid a single order may cost, by currency. Where nothing is said for
    /// a currency, there is no limit in it.
    #[serde(default)]
    pub(crate) exposure: BTreeMap<Currency, Money>,
    /// The largest discount a client may get on a panel: prices are held against costs after it; 0 % when left
    /// out.
    pub(crate) discount: Option<Percent>,
    /// Which part of a licence's term is expected to be sold, when a longer one is bought than was ordered;
    /// 60 % when left out.
    pub(crate) expected_use: Option<Percent>,
}

impl ThresholdsSpec {
    pub(crate) fn price_move(&self) -> Percent {
        self.price_move.unwrap_or(Percent::whole(30))
    }

    pub(crate) fn margin(&self) -> Percent {
        self.margin.unwrap_or(Percent::whole(10))
    }

    pub(crate) fn cost_age_days(&self) -> u32 {
        self.cost_age_days.unwrap_or(30)
    }

    pub(crate) fn discount(&self) -> Percent {
        self.discount.unwrap_or(Percent::ZERO)
    }

    pub(crate) fn expected_use(&self) -> Percent {
        self.expected_use.unwrap_or(Percent::whole(60))
    }
}

/// How seriously a finding is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(title = "Severity")]
pub(crate) enum Severity {
    /// The check is not made.
    Off,
    /// Worth knowing.
    Note,
    /// Worth a look before the change is applied.
    Warning,
    /// Stops an apply.
    Error,
}

/// The code of a check: `L01` to `L40`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub(crate) struct CheckCode(String);

impl CheckCode {
    pub(crate) const PATTERN: &str = "^L(0[1-9]|[123][0-9]|40)$";

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", t!("`{text}` is not the code of a check: they are L01 to L40", text = .0))]
pub(crate) struct CheckCodeError(String);

impl FromStr for CheckCode {
    type Err = CheckCodeError;

    fn from_str(text: &str) -> Result<Self, CheckCodeError> {
        let digits = text.strip_prefix('L').filter(|digits| digits.len() == 2);
        let plain = digits.filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()));
        match plain.and_then(|digits| digits.parse::<u8>().ok()) {
            Some(1..=40) => Ok(Self(text.to_owned())),
            _ => Err(CheckCodeError(text.to_owned())),
        }
    }
}

impl fmt::Display for CheckCode {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.pad(&self.0)
    }
}

impl<'de> Deserialize<'de> for CheckCode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

impl JsonSchema for CheckCode {
    fn schema_name() -> Cow<'static, str> {
        "CheckCode".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "title": "Code of a check",
            "description": "`L01` to `L40`, as findings show it.",
            "type": "string",
            "pattern": Self::PATTERN,
            "examples": ["L15"]
        })
    }
}

/// A finding that is known and accepted for a while.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "Waiver")]
pub(crate) struct Waiver {
    /// Code of the check whose finding is accepted here.
    pub(crate) check: CheckCode,
    /// Why it is accepted, for people.
    pub(crate) reason: Name,
    /// Last day on which it is accepted.
    pub(crate) until: Date,
}

/// A finding about a tariff plan's prices that is known and accepted for a while.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "Waiver on a tariff plan")]
pub(crate) struct TariffWaiver {
    /// Code of the check whose finding is accepted here.
    pub(crate) check: CheckCode,
    /// The only item it is accepted for; the whole tariff plan when left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) item: Option<Name>,
    /// Why it is accepted, for people.
    pub(crate) reason: Name,
    /// Last day on which it is accepted.
    pub(crate) until: Date,
}
