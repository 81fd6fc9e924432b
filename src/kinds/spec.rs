//! The whole configuration as people write it.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{EnumerationSpec, MappingSpec, ProcessorSpec, TariffSpec};
use crate::{
    dialect::DialectSpec,
    model::{Name, SecretSource},
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
    /// What may be deleted when it is live but not in these files. Nothing, unless listed here.
    #[serde(default)]
    pub(crate) prune: BTreeSet<Prune>,
    /// Names of the panel's functions and fields, where they cannot be found without help.
    #[serde(default)]
    pub(crate) dialect: DialectSpec,
}

/// How to reach the panel. Flags and environment variables come before it.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PanelSpec {
    /// Full address of the panel's API; the path is never guessed.
    #[schemars(
        url,
        regex(pattern = r"^https?://[^\s/@]+(/\S*)?$"),
        example = "https://bill.example.com/billmgr"
    )]
    pub(crate) url: String,
    /// Login of an administrator.
    pub(crate) username: Option<Name>,
    /// Password of that login.
    pub(crate) password: Option<SecretSource>,
}

/// A kind whose unlisted live objects may be deleted, or `KIND/PARENT` for those of one parent only.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub(crate) struct Prune(
    #[schemars(
        regex(
            pattern = r"^(processor|enumeration|enumeration-item(/.+)?|resource(/.+)?|period-mapping(/.+)?)$"
        ),
        example = "enumeration-item/panel"
    )]
    pub(crate) String,
);
