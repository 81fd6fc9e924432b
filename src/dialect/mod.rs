//! All knowledge of how a logical name is called on the live panel.
//!
//! What BILLmanager's documentation names is a constant here. What it does not name is looked up in the
//! toolbars, forms and option lists that the caller has read; nothing is guessed: a name that is missing
//! or ambiguous is an [`Unknown`] with its candidates and the `dialect:` line that settles it.
//! Everything here is pure; reading is the business of `kinds`.

mod buttons;
mod columns;
mod find;
mod history;
pub(crate) mod mapping;
mod prices;
pub(crate) mod processor;
pub(crate) mod resource;
mod spec;

pub(crate) use buttons::{Role, button};
pub(crate) use columns::column;
pub(crate) use find::{Found, Sign, Unknown, normal};
pub(crate) use history::HistoryColumns;
pub(crate) use mapping::MappingFields;
pub(crate) use prices::PriceName;
pub(crate) use spec::{ColumnNames, DialectSpec};

/// The names in force for one panel: what the configuration says, then what is found.
#[derive(Clone, Debug, Default)]
pub(crate) struct Dialect {
    pub(crate) spec: DialectSpec,
}

impl Dialect {
    pub(crate) fn new(spec: DialectSpec) -> Self {
        Self { spec }
    }
}

/// Functions with documented names.
pub(crate) mod func {
    pub(crate) const TARIFFS: &str = "pricelist";
    pub(crate) const TARIFF_EDIT: &str = "pricelist.edit";
    pub(crate) const RESOURCES: &str = "pricelist.detail";
    pub(crate) const RESOURCE_EDIT: &str = "pricelist.detail.edit";
    pub(crate) const PRODUCT_TYPES: &str = "itemtype";
    pub(crate) const PROVIDERS: &str = "project";
    pub(crate) const ENUMERATIONS: &str = "enumeration";
    pub(crate) const ENUMERATION_EDIT: &str = "enumeration.edit";
    pub(crate) const ITEMS: &str = "enumerationitem";
    pub(crate) const ITEM_EDIT: &str = "enumerationitem.edit";
    pub(crate) const PROCESSORS: &str = "processing";
    pub(crate) const PROCESSOR_EDIT: &str = "processing.edit";
    pub(crate) const PROCESSOR_ADD: &str = "processing.add";
    /// The wizard's last step, which public scripts call directly.
    pub(crate) const PROCESSOR_ADD_LAST: &str = "processing.add.settings";
    pub(crate) const PARAMETERS: &str = "processing.customparam";
    pub(crate) const PARAMETER_EDIT: &str = "processing.customparam.edit";
    /// What is sold, with costs; a function for everybody.
    pub(crate) const CATALOGUE: &str = "pricelist.export";
    /// Licences of the account on a licence server.
    pub(crate) const LICENCES: &str = "soft";
    /// Named by public modules; its columns are on no public record.
    pub(crate) const ACCOUNTS: &str = "subaccount";
    /// Services that may have a panel licence, by product type.
    pub(crate) const SERVICES: [&str; 2] = ["vds", "dedic"];
    /// Names that follow the family pattern but that no document gives; tried as plain reads only.
    pub(crate) const CURRENCIES_GUESS: &str = "currency";
    pub(crate) const DATA_CENTRES_GUESS: &str = "datacenter";
}
