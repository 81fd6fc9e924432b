//! What a project allows its plans to do without being asked.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, de};

use crate::{
    language::{later, t, told},
    model::{Name, Percent, distinct},
};

/// Limits that `apply` holds a plan against. All of them are on without this section; each can be
/// tightened or lifted here, and lifted for one run by a flag of `apply`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "Policy")]
pub(crate) struct PolicySpec {
    /// Objects that are neither deleted nor replaced, and prices that are not taken off sale. It holds
    /// whether or not the object is described.
    #[serde(default, deserialize_with = "distinct")]
    pub(crate) protect: BTreeSet<Pattern>,
    /// Objects that are not changed at all, besides being protected.
    #[serde(default, deserialize_with = "distinct")]
    pub(crate) freeze: BTreeSet<Pattern>,
    /// How many objects of a kind may be deleted or updated in one run.
    #[serde(default)]
    pub(crate) limits: Limits,
    /// How far an amount may move in one run.
    pub(crate) price_move: Option<PriceMoveSpec>,
    /// How many live objects may change in a run on a panel that nothing is known to have been applied to;
    /// more than 10 of them and more than 80 % of all where this is left out.
    pub(crate) first_run: Option<LimitSpec>,
}

/// The limits of each kind.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(title = "Limits by kind")]
pub(crate) struct Limits {
    /// Limits for processors.
    pub(crate) processor: Option<LimitsSpec>,
    /// Limits for enumerations.
    pub(crate) enumeration: Option<LimitsSpec>,
    /// Limits for the items of all enumerations.
    pub(crate) enumeration_item: Option<LimitsSpec>,
    /// Limits for the resources of all tariff plans.
    pub(crate) resource: Option<LimitsSpec>,
    /// Limits for the prices of all items on all tariff plans.
    pub(crate) price: Option<LimitsSpec>,
    /// Limits for the period mappings of all processors.
    pub(crate) period_mapping: Option<LimitsSpec>,
}

impl Limits {
    fn of(&self, kind: &str) -> Option<&LimitsSpec> {
        match kind {
            "processor" => self.processor.as_ref(),
            "enumeration" => self.enumeration.as_ref(),
            "enumeration-item" => self.enumeration_item.as_ref(),
            "resource" => self.resource.as_ref(),
            "price" => self.price.as_ref(),
            "period-mapping" => self.period_mapping.as_ref(),
            _ => None,
        }
    }
}

/// How many objects of one kind may be touched in one run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "Limits of a kind")]
pub(crate) struct LimitsSpec {
    /// Deleted or replaced objects; more than 2 and more than 50 % where this is left out. Each delete also
    /// has to be allowed by number on the command line.
    pub(crate) deletes: Option<LimitSpec>,
    /// Updated objects; more than 20 and more than 50 % where this is left out.
    pub(crate) updates: Option<LimitSpec>,
}

/// A limit that is passed by more than `count` objects that are also more than `share` of the live ones.
/// What is left out counts as 0, so that the other alone decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "Limit")]
pub(crate) struct LimitSpec {
    /// So many objects never pass the limit.
    pub(crate) count: Option<u32>,
    /// So much of the live objects never passes the limit.
    pub(crate) share: Option<Percent>,
}

impl LimitSpec {
    const fn count(&self) -> usize {
        match self.count {
            Some(count) => count as usize,
            None => 0,
        }
    }

    fn share(&self) -> Percent {
        self.share.unwrap_or(Percent::ZERO)
    }

    /// Whether `part` of `whole` objects are too many.
    pub(crate) fn is_passed(&self, part: usize, whole: usize) -> bool {
        part > self.count() && Percent::share(part, whole) > self.share()
    }
}

impl std::fmt::Display for LimitSpec {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(&t!("{count} or {share}", count = self.count(), share = self.share()))
    }
}

/// How far an amount may move in one run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "Limit of price moves")]
pub(crate) struct PriceMoveSpec {
    /// Up or down, against what the panel has; 30 % where this is left out.
    pub(crate) percent: Option<Percent>,
    /// Whether another number of digits before the decimal point is remarkable however small the move
    /// is, as from 990 to 1010; yes where this is left out.
    pub(crate) digits: Option<bool>,
    /// Whether it is remarkable that a free item gets an amount, or that an amount becomes free or is taken
    /// away; yes where this is left out.
    pub(crate) free: Option<bool>,
}

impl PolicySpec {
    pub(crate) fn deletes(&self, kind: &str) -> LimitSpec {
        let given = self.limits.of(kind).and_then(|limits| limits.deletes);
        given.unwrap_or(LimitSpec { count: Some(2), share: Some(Percent::whole(50)) })
    }

    pub(crate) fn updates(&self, kind: &str) -> LimitSpec {
        let given = self.limits.of(kind).and_then(|limits| limits.updates);
        given.unwrap_or(LimitSpec { count: Some(20), share: Some(Percent::whole(50)) })
    }

    pub(crate) fn first_run(&self) -> LimitSpec {
        self.first_run.unwrap_or(LimitSpec { count: Some(10), share: Some(Percent::whole(80)) })
    }

    pub(crate) fn price_percent(&self) -> Percent {
        self.price_move.and_then(|rule| rule.percent).unwrap_or(Percent::whole(30))
    }

    pub(crate) fn price_digits(&self) -> bool {
        self.price_move.and_then(|rule| rule.digits).unwrap_or(true)
    }

    pub(crate) fn price_free(&self) -> bool {
        self.price_move.and_then(|rule| rule.free).unwrap_or(true)
    }
}

/// An object as `KIND/KEY`, where the key is that of plans; `KIND/*` and `KIND/PARENT/*` name many.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(transparent)]
#[schemars(title = "Object or objects")]
pub(crate) struct Pattern(
    #[schemars(regex(pattern = PATTERN), length(max = Name::MAX_CHARS), example = "enumeration-item/panel/nopanel", example = "price/vds-start/*", example = "tariff/vds-start")]
     String,
);

const PATTERN: &str = concat!(
    "^(processor|enumeration|enumeration-item|resource|price|period-mapping|tariff)/",
    crate::model::name_pattern!(),
    "$"
);

impl Pattern {
    /// What can be named. A tariff plan stands for its resource and all prices on it.
    pub(crate) const KINDS: &[&str] =
        &["processor", "enumeration", "enumeration-item", "resource", "price", "period-mapping", "tariff"];
    pub(crate) const TARIFF: &str = "tariff";

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    pub(crate) fn kind(&self) -> &str {
        self.0.split_once('/').map_or("", |(kind, _)| kind)
    }

    pub(crate) fn key(&self) -> &str {
        self.0.split_once('/').map_or("", |(_, key)| key)
    }

    /// Whether it names that object.
    pub(crate) fn names(&self, kind: &str, key: &str) -> bool {
        if self.kind() != kind {
            return false;
        }
        match self.key().strip_suffix('*') {
            // A star stands for whole parts of a key only: `vds-*` is a name like any other.
            Some(start) if start.is_empty() || start.ends_with('/') => key.starts_with(start),
            _ => self.key() == key,
        }
    }
}

impl std::str::FromStr for Pattern {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let fits = text
            .split_once('/')
            .is_some_and(|(kind, key)| Self::KINDS.contains(&kind) && key.parse::<Name>().is_ok());
        if fits && text.chars().count() <= Name::MAX_CHARS {
            Ok(Self(text.to_owned()))
        } else {
            Err(told(later!("not an object written as KIND/KEY")))
        }
    }
}

impl<'de> Deserialize<'de> for Pattern {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}
