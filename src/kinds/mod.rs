//! One file per kind of thing that is managed.

mod enumeration;
mod parameter;
mod period_mapping;
mod price;
mod processor;
mod spec;

pub(crate) use enumeration::{EnumerationSpec, ItemSpec};
pub(crate) use parameter::Parameter;
pub(crate) use period_mapping::{MappingSpec, Sold};
pub(crate) use price::{
    Amount, Billing, ClientChange, CurrencyPrices, ItemPrice, PriceField, ResourceSpec, TariffSpec,
};
pub(crate) use processor::ProcessorSpec;
pub(crate) use spec::{ConfigSpec, PanelSpec, Prune};
