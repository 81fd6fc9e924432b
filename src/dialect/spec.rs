//! The `dialect:` section: what discovery would find, said by hand.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};

use crate::model::{Name, Period};

/// Names of the panel's functions and fields that its documentation does not give. They are found on
/// the live panel; what stands here is used instead, and checked against the live panel all the same.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(title = "Dialect of the panel")]
pub(crate) struct DialectSpec {
    /// Functions of the panel.
    pub(crate) functions: FunctionNames,
    /// Form fields of the panel.
    pub(crate) fields: FieldNames,
    /// Columns of lists.
    pub(crate) columns: ColumnNames,
    /// Internal names of processing modules, by the alias used in `processors`.
    pub(crate) modules: BTreeMap<Name, Name>,
    /// Ids of currencies, by ISO code.
    pub(crate) currencies: BTreeMap<Name, u32>,
    /// Price field stems, by period, for example `2m: bimonthly`.
    #[schemars(with = "BTreeMap<Period, Name>")]
    #[serde(deserialize_with = "price_stems")]
    pub(crate) price_stems: BTreeMap<Period, String>,
    /// Type of the resource "control panel licence": its internal name, label or id.
    pub(crate) resource_type: Option<Name>,
    /// Key of the parameter "period mapping" of a processor.
    pub(crate) period_mapping_parameter: Option<Name>,
}

/// Functions that are found through toolbars.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(title = "Names of functions")]
pub(crate) struct FunctionNames {
    /// List of a resource's item prices (button "Prices" of the resources of a tariff plan).
    pub(crate) item_prices: Option<Name>,
    /// Form of one item's prices.
    pub(crate) item_price_edit: Option<Name>,
    /// Action that offers an item.
    pub(crate) item_price_enable: Option<Name>,
    /// Action that withdraws an item.
    pub(crate) item_price_disable: Option<Name>,
    /// List of currencies.
    pub(crate) currencies: Option<Name>,
    /// List of data centres.
    pub(crate) data_centres: Option<Name>,
    /// First step of adding a processor.
    pub(crate) processor_add: Option<Name>,
    /// List of what was done to a tariff plan; `pricelist.history` when left out.
    pub(crate) tariff_history: Option<Name>,
}

/// Fields that are found through labels and option lists.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(title = "Names of fields")]
pub(crate) struct FieldNames {
    /// Address of the remote panel, on a processor.
    pub(crate) processor_url: Option<Name>,
    /// Login on the remote panel, on a processor.
    pub(crate) processor_username: Option<Name>,
    /// Password on the remote panel, on a processor.
    pub(crate) processor_password: Option<Name>,
    /// Licence server, on a processor.
    pub(crate) processor_licence_server: Option<Name>,
    /// Data centre, on a processor.
    pub(crate) processor_data_centre: Option<Name>,
    /// Enumeration, on a resource.
    pub(crate) resource_enumeration: Option<Name>,
    /// Default item, on a resource.
    pub(crate) resource_default: Option<Name>,
    /// Sold ("source") period, on a period mapping.
    pub(crate) mapping_sold: Option<Name>,
    /// Bought ("replace with") period, on a period mapping.
    pub(crate) mapping_bought: Option<Name>,
    /// Check box "bind to a tariff plan", on a period mapping.
    pub(crate) mapping_bound: Option<Name>,
    /// Product type, on a period mapping.
    pub(crate) mapping_product_type: Option<Name>,
    /// Tariff plan, on a period mapping.
    pub(crate) mapping_tariff: Option<Name>,
}

/// Columns that are found through labels. What has no column is not known, and said to be.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(title = "Names of columns")]
pub(crate) struct ColumnNames {
    /// Day of the last change of the IP, in the list of licences on the licence server.
    pub(crate) licence_ip_changed: Option<Name>,
    /// Day of the last change of the key, in the list of licences on the licence server.
    pub(crate) licence_key_changed: Option<Name>,
    /// Number of nodes, in the list of licences on the licence server.
    pub(crate) licence_nodes: Option<Name>,
    /// Cost of the term, in the list of licences on the licence server.
    pub(crate) licence_cost: Option<Name>,
    /// Control panel, in the lists of services of the provider's panel.
    pub(crate) service_panel: Option<Name>,
    /// Licence, in the lists of services of the provider's panel.
    pub(crate) service_licence: Option<Name>,
    /// Date, in the history of a tariff plan.
    pub(crate) history_date: Option<Name>,
    /// User, in the history of a tariff plan.
    pub(crate) history_user: Option<Name>,
    /// IP address, in the history of a tariff plan.
    pub(crate) history_ip: Option<Name>,
    /// Function, in the history of a tariff plan.
    pub(crate) history_function: Option<Name>,
    /// Description, in the history of a tariff plan.
    pub(crate) history_description: Option<Name>,
}

fn price_stems<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BTreeMap<Period, String>, D::Error> {
    let stems = BTreeMap::<Period, Name>::deserialize(deserializer)?;
    Ok(stems.into_iter().map(|(period, stem)| (period, stem.to_string())).collect())
}
