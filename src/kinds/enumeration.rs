//! Enumerations and their items: what a client may choose, for example the control panels.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::{LocalName, Name};

/// A panel enumeration. Its key is the internal name.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "Enumeration")]
pub(crate) struct EnumerationSpec {
    /// Live id, where the internal name alone does not say which enumeration is meant.
    pub(crate) id: Option<u32>,
    /// Earlier internal name: the enumeration is renamed instead of created anew.
    pub(crate) renamed_from: Option<Name>,
    /// Name by language.
    pub(crate) name: LocalName,
    /// The items by internal name. For licences this is the code of the tariff plan on the licence
    /// server (`"3541"`), or `nopanel`.
    #[serde(default)]
    pub(crate) items: BTreeMap<Name, ItemSpec>,
}

/// One value of an enumeration.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "Item of an enumeration")]
pub(crate) struct ItemSpec {
    /// Live id, where the internal name alone does not say which item is meant.
    pub(crate) id: Option<u32>,
    /// Earlier internal name: the item is renamed instead of created anew.
    pub(crate) renamed_from: Option<Name>,
    /// Name by language.
    pub(crate) name: LocalName,
}
