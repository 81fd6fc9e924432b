//! The whole configuration as people write it.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, de};

use super::{
    ChecksSpec, CostsSpec, EnumerationSpec, IgnoreSpec, MappingSpec, NotifySpec, PolicySpec, ProcessorSpec,
    RatesSpec, TariffSpec,
};
use crate::{
    codes::CodeSpec,
    dialect::DialectSpec,
    language::t,
    model::{Name, SecretSource, URL_PATTERN, distinct, url},
    plan::ObjectRef,
};

/// Desired state of the licence-resale part of a BILLmanager.
///
/// A directory of such files is read in sorted order and merged. What the files do not mention is
/// left alone.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "billform configuration")]
pub(crate) struct ConfigSpec {
    /// Version of this format; always 1.
    #[serde(deserialize_with = "version")]
    #[schemars(extend("const" = 1))]
    pub(crate) version: u32,
    /// The panel this configuration is for.
    pub(crate) panel: Option<PanelSpec>,
    /// Processing modules, by our own key.
    #[serde(default)]
    pub(crate) processors: BTreeMap<Name, ProcessorSpec>,
    /// Enumerations, by internal name.
    #[serde(default)]
    pub(crate) enumerations: BTreeMap<Name, EnumerationSpec>,
    /// What tariff plans offer and charge, by tariff plan.
    #[serde(default)]
    pub(crate) prices: BTreeMap<Name, TariffSpec>,
    /// Period mappings of licence servers, by processor: a key under `processors`, or the name of a
    /// live processor.
    #[serde(default)]
    pub(crate) period_mappings: BTreeMap<Name, Vec<MappingSpec>>,
    /// What licences cost on licence servers, by processor: a key under `processors`, or the name of a live
    /// processor.
    #[serde(default)]
    pub(crate) costs: BTreeMap<Name, CostsSpec>,
    /// Licence codes beside the shipped table, by code. What is said of a code that the table has is laid over
    /// its entry.
    #[serde(default)]
    pub(crate) codes: BTreeMap<Name, CodeSpec>,
    /// What currencies are worth, for costs and prices in different ones.
    pub(crate) rates: Option<RatesSpec>,
    /// How seriously the checks of `billform check` are taken, and where they begin to mind.
    #[serde(default)]
    pub(crate) checks: ChecksSpec,
    /// What may be deleted when it is live but not in these files. Nothing, unless listed here.
    #[serde(default, deserialize_with = "distinct")]
    pub(crate) prune: BTreeSet<Prune>,
    /// What a plan may do without being allowed by a flag of `apply`.
    #[serde(default)]
    pub(crate) policy: PolicySpec,
    /// Differences from the panel that are known and left alone for a while.
    #[serde(default)]
    pub(crate) ignore: Vec<IgnoreSpec>,
    /// Who is told of drift.
    #[serde(default)]
    pub(crate) notify: NotifySpec,
    /// Names of the panel's functions and fields, where they cannot be found without help.
    #[serde(default)]
    pub(crate) dialect: DialectSpec,
}

impl ConfigSpec {
    /// Whether unlisted objects of that kind may be deleted, below some parent at least.
    pub(crate) fn prunes(&self, kind: &str) -> bool {
        self.prune.iter().any(|rule| rule.0.split('/').next() == Some(kind))
    }

    /// The rule by which a live object may be deleted when the configuration does not describe it.
    pub(crate) fn prune_rule(&self, object: &ObjectRef) -> Option<&str> {
        let covers = |rule: &&str| match rule.split_once('/') {
            None => *rule == object.kind,
            Some((kind, parent)) => kind == object.kind && object.key.starts_with(&format!("{parent}/")),
        };
        self.prune.iter().map(|rule| rule.0.as_str()).find(covers)
    }
}

/// By what a block of the configuration says which live object it means.
#[derive(Clone, Copy)]
pub(super) struct Meant<'a> {
    /// Its name in the panel.
    pub(super) name: &'a str,
    pub(super) id: Option<u32>,
    pub(super) renamed_from: Option<&'a Name>,
}

impl<'a> Meant<'a> {
    /// Whether that is the live object of this id and name.
    pub(super) fn is(self, id: &str, name: &str) -> bool {
        self.id.is_some_and(|pin| pin.to_string() == id) || self.names().any(|meant| meant == name)
    }

    /// The names it may have, the present one first.
    pub(super) fn names(self) -> impl Iterator<Item = &'a str> {
        std::iter::once(self.name).chain(self.renamed_from.map(Name::as_str))
    }
}

/// How to reach the panel. Flags and environment variables come before it.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "Panel")]
pub(crate) struct PanelSpec {
    /// Full address of the panel's API; the path is never guessed.
    #[serde(deserialize_with = "url")]
    #[schemars(regex(pattern = URL_PATTERN), example = "https://bill.example.com/billmgr")]
    pub(crate) url: String,
    /// Login of an administrator.
    pub(crate) username: Option<Name>,
    /// Password of that login.
    pub(crate) password: Option<SecretSource>,
    /// What the panel is for: a test must not spend real money on the licence server.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) environment: Option<Environment>,
}

/// What a panel is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(title = "Environment")]
pub(crate) enum Environment {
    /// For trying things out: it must not order from a licence server that charges.
    Test,
    /// For clients.
    Production,
}

/// A kind whose unlisted live objects may be deleted, or `KIND/PARENT` for those of one parent only.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(transparent)]
#[schemars(title = "What may be deleted")]
pub(crate) struct Prune(
    #[schemars(regex(pattern = PRUNE_PATTERN), length(max = Name::MAX_CHARS), extend("examples" = PRUNE_EXAMPLES))]
    pub(crate) String,
);

const PRUNE_EXAMPLES: [&str; 6] = [
    "enumeration-item",
    "enumeration-item/panel",
    "period-mapping",
    "period-mapping/licences",
    "resource",
    "enumeration",
];

const PRUNE_PATTERN: &str = concat!(
    "^(processor|enumeration|(enumeration-item|resource|period-mapping)(/",
    crate::model::name_pattern!(),
    ")?)$"
);

impl Prune {
    /// The kinds that may be named, and whether one parent of theirs may be named after a slash.
    pub(crate) const KINDS: &[(&str, bool)] = &[
        ("processor", false),
        ("enumeration", false),
        ("enumeration-item", true),
        ("resource", true),
        ("period-mapping", true),
    ];
}

impl<'de> Deserialize<'de> for Prune {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let (kind, parent) =
            text.split_once('/').map_or((&*text, None), |(kind, parent)| (kind, Some(parent)));
        let known =
            Self::KINDS.iter().any(|&(known, parents)| known == kind && (parents || parent.is_none()));
        let named = parent.is_none_or(|parent| parent.parse::<Name>().is_ok());
        if known && named && text.chars().count() <= Name::MAX_CHARS {
            Ok(Self(text))
        } else {
            Err(de::Error::custom(t!("not a kind that can be deleted, nor KIND/PARENT")))
        }
    }
}

/// The one version of all formats so far.
pub(crate) fn version<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    match u32::deserialize(deserializer)? {
        1 => Ok(1),
        _ => Err(de::Error::custom(t!("the version of this format is 1"))),
    }
}
