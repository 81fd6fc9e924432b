//! Processors as people write them.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    kinds::{Parameter, Waiver, spec::Meant},
    model::{Name, SecretSource, URL_PATTERN, url_if_given},
};

/// A processing module of the panel: the licence server, or a server processor that points to it.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "Processor")]
pub(crate) struct ProcessorSpec {
    /// Live id, where the name alone does not say which processor is meant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) id: Option<u32>,
    /// Earlier name in the panel: the processor is renamed instead of created anew.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) renamed_from: Option<Name>,
    /// Name in the panel; the key of this block when left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) name: Option<Name>,
    /// Product type: its internal name, name or id, for example `soft` (licences), `vds`, `dedic`. Needed
    /// to create the processor; the panel may not show it afterwards.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("examples" = ["soft", "vds"]))]
    pub(crate) product_type: Option<Name>,
    /// Processing module: its internal name, or its label in any spelling (`vmmanager5` for "VMmanager 5").
    /// Resolved on the live panel.
    #[schemars(extend("examples" = ["billmanager", "vmmanager6"]))]
    pub(crate) module: Name,
    /// Address of the remote panel.
    #[serde(default, deserialize_with = "url_if_given", skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = URL_PATTERN), example = "https://api.ispsystem.com/manager/billmgr")]
    pub(crate) url: Option<String>,
    /// Login on the remote panel.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) username: Option<Name>,
    /// Password on the remote panel. The panel does not show it again, so it cannot be compared:
    /// it is sent when the processor is created or its login changes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) password: Option<SecretSource>,
    /// Licence server that orders panel licences for this processor: a key under `processors`,
    /// or the name of a live processor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) licence_server: Option<Name>,
    /// Data centre: its name or id in the panel.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) data_centre: Option<Name>,
    /// Further parameters of the module, by the field name of the panel's own form.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) parameters: BTreeMap<Name, Parameter>,
    /// Findings about this processor that are known and accepted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) waive: Vec<Waiver>,
}

impl ProcessorSpec {
    /// The name in the panel.
    pub(crate) fn live_name<'a>(&'a self, key: &'a Name) -> &'a str {
        self.name.as_ref().unwrap_or(key).as_str()
    }

    pub(in crate::kinds) fn meant<'a>(&'a self, key: &'a Name) -> Meant<'a> {
        Meant { name: self.live_name(key), id: self.id, renamed_from: self.renamed_from.as_ref() }
    }
}
