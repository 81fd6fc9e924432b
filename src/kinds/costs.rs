//! What licences cost, and what currencies are worth. Neither is an object of the panel.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
};

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, de};

use super::Waiver;
use crate::{
    language::t,
    model::{Currency, Date, Exchange, Money, Name, Period, Rate, at_least_one},
};

/// What licences cost on one licence server. The key names it: a key under `processors`, or the name of a
/// live processor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "Costs on a licence server")]
pub(crate) struct CostsSpec {
    /// Day the figures are of.
    pub(crate) as_of: Date,
    /// Where the figures are from, for people.
    pub(crate) source: Option<Name>,
    /// Currency the account is charged in. Needed where a code has costs in several currencies and the one
    /// of the sale is not among them.
    pub(crate) currency: Option<Currency>,
    /// The costs, by licence code.
    #[serde(default)]
    pub(crate) codes: BTreeMap<Name, CodeCosts>,
    /// Findings about these costs that are known and accepted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) waive: Vec<Waiver>,
}

/// What licences of one code cost.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "Costs of a licence code")]
pub(crate) struct CodeCosts {
    /// Price of a licence, with the nodes that are ordered with it, by currency and period.
    pub(crate) price: CostTable,
    /// Periods the code can be ordered for; those that have a price when left out.
    #[serde(default, deserialize_with = "at_least_one", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<BTreeSet<Period>>", length(min = 1))]
    pub(crate) offered: Option<BTreeSet<Period>>,
    /// How many nodes are ordered with each licence; their price is part of `price`.
    pub(crate) nodes: Option<u32>,
    /// Price of each node beyond those, by currency and period.
    pub(crate) per_node: Option<CostTable>,
    /// What you charge for the licence alone, without a server, by currency and period.
    pub(crate) sold_alone: Option<CostTable>,
}

impl CodeCosts {
    /// The periods the code can be ordered for.
    pub(crate) fn offered(&self) -> BTreeSet<Period> {
        self.offered.clone().unwrap_or_else(|| self.price.periods())
    }
}

/// Costs by currency and period. Never empty where somebody wrote them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub(crate) struct CostTable(BTreeMap<Currency, BTreeMap<Period, Money>>);

impl CostTable {
    pub(crate) fn of(currency: Currency, costs: BTreeMap<Period, Money>) -> Self {
        Self(BTreeMap::from([(currency, costs)]))
    }

    pub(crate) fn get(&self, currency: &Currency, period: Period) -> Option<Money> {
        self.0.get(currency)?.get(&period).copied()
    }

    pub(crate) fn currencies(&self) -> impl Iterator<Item = &Currency> {
        self.0.keys()
    }

    /// The periods that have a price in some currency.
    pub(crate) fn periods(&self) -> BTreeSet<Period> {
        self.0.values().flat_map(BTreeMap::keys).copied().collect()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&Currency, &BTreeMap<Period, Money>)> {
        self.0.iter()
    }
}

impl<'de> Deserialize<'de> for CostTable {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let table = BTreeMap::<Currency, BTreeMap<Period, Money>>::deserialize(deserializer)?;
        if table.is_empty() || table.values().any(BTreeMap::is_empty) {
            return Err(de::Error::custom(t!("there are no costs here")));
        }
        Ok(Self(table))
    }
}

/// Schema of the inner mapping: a definition of its own, so that an error in it says what it is.
struct CostsByPeriod;

impl JsonSchema for CostsByPeriod {
    fn schema_name() -> Cow<'static, str> {
        "CostsByPeriod".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let money = generator.subschema_for::<Money>();
        json_schema!({
            "title": "Costs by period",
            "description": "What a licence costs, by the period it is ordered for.",
            "type": "object",
            "minProperties": 1,
            "patternProperties": {Period::PATTERN: money},
            "additionalProperties": false,
            "examples": [{"1m": "250.00", "12m": "2500.00"}]
        })
    }
}

impl JsonSchema for CostTable {
    fn schema_name() -> Cow<'static, str> {
        "CostTable".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let costs = generator.subschema_for::<CostsByPeriod>();
        json_schema!({
            "title": "Costs by currency and period",
            "description": "What a licence costs, by currency (ISO code) and period.",
            "type": "object",
            "minProperties": 1,
            "patternProperties": {Currency::PATTERN: costs},
            "additionalProperties": false,
            "examples": [{"RUB": {"1m": "250.00", "12m": "2500.00"}}]
        })
    }
}

/// What currencies are worth, on a day. Rates are never fetched or guessed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "Currency rates")]
pub(crate) struct RatesSpec {
    /// Day the rates are of.
    pub(crate) as_of: Date,
    /// How many days they are good for, after which nothing is computed with them; 7 when left out.
    pub(crate) max_age_days: Option<u32>,
    /// What one of a currency is worth in others: `{EUR: {RUB: "98.50"}}` says that 1 EUR is 98.50 RUB.
    pub(crate) per: BTreeMap<Currency, BTreeMap<Currency, Rate>>,
}

impl RatesSpec {
    pub(crate) fn max_age_days(&self) -> u32 {
        self.max_age_days.unwrap_or(7)
    }

    /// The way from one currency into another: by the rate that is given, else by the one the other way round;
    /// never through a third.
    pub(crate) fn exchange(&self, from: &Currency, to: &Currency) -> Option<Exchange> {
        let rate = |one: &Currency, two: &Currency| self.per.get(one)?.get(two).copied();
        let given = rate(from, to).map(|rate| (rate, false));
        let (rate, inverse) = given.or_else(|| Some((rate(to, from)?, true)))?;
        Some(Exchange { from: from.clone(), to: to.clone(), rate, inverse })
    }

    /// Why nothing is to be computed with the rates on that day.
    pub(crate) fn not_good_on(&self, today: Date) -> Option<String> {
        let (days, good) = (self.as_of.days_until(today), self.max_age_days());
        // Where the sun rises earlier it may be tomorrow already.
        if days < -1 {
            return Some(t!("are of {as_of}, which is yet to come", as_of = self.as_of));
        }
        (days > i64::from(good))
            .then(|| t!("are {days} days old, and good for {good}", days = days, good = good))
    }
}
