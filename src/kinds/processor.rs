//! Processors: BILLmanager's processing modules, the licence server among them.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::parameter::Parameter;
use crate::model::{Name, SecretSource, URL_PATTERN, url_if_given};

/// A processing module of the panel: the licence server, or a server processor that points to it.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "Processor")]
pub(crate) struct ProcessorSpec {
    /// Live id, where the name alone does not say which processor is meant.
    pub(crate) id: Option<u32>,
    /// Earlier name in the panel: the processor is renamed instead of created anew.
    pub(crate) renamed_from: Option<Name>,
    /// Name in the panel; the key of this block when left out.
    pub(crate) name: Option<Name>,
    /// Product type: its internal name, name or id, for example `soft` (licences), `vds`, `dedic`.
    #[schemars(extend("examples" = ["soft", "vds"]))]
    pub(crate) product_type: Name,
    /// Processing module: its internal name, or its label in any spelling (`vmmanager5` for "VMmanager 5").
    /// Resolved on the live panel.
    #[schemars(extend("examples" = ["billmanager", "vmmanager6"]))]
    pub(crate) module: Name,
    /// Address of the remote panel.
    #[serde(default, deserialize_with = "url_if_given")]
    #[schemars(regex(pattern = URL_PATTERN), example = "https://api.ispsystem.com/manager/billmgr")]
    pub(crate) url: Option<String>,
    /// Login on the remote panel.
    pub(crate) username: Option<Name>,
    /// Password on the remote panel. The panel does not show it again, so it cannot be compared:
    /// it is sent when the processor is created or its login changes.
    pub(crate) password: Option<SecretSource>,
    /// Licence server that orders panel licences for this processor: a key under `processors`,
    /// or the name of a live processor.
    pub(crate) licence_server: Option<Name>,
    /// Data centre: its name or id in the panel.
    pub(crate) data_centre: Option<Name>,
    /// Further parameters of the module, by the field name of the panel's own form.
    #[serde(default)]
    pub(crate) parameters: BTreeMap<Name, Parameter>,
}
