//! Fields and options of a tariff plan's resource.

use super::{
    Dialect, Found, Unknown,
    find::{Wanted, contains_any, normal, shown_choice},
};
use crate::{
    language::t,
    model::{Billing, ClientChange, Name},
    wire::{Choice, Control, Form},
};

/// Documented fields of `pricelist.detail.edit`.
pub(crate) const TYPE: &str = "itemtype";
pub(crate) const VALUE_TYPE: &str = "addontype";
pub(crate) const BILLING: &str = "billtype";
pub(crate) const CLIENT_CHANGE: &str = "restrictclientchange";

impl Dialect {
    pub(crate) fn resource_enumeration<'f>(&self, form: &'f Form) -> Result<Found<'f>, Unknown> {
        let wanted = Wanted {
            what: t!("the enumeration"),
            fixed: self.spec.fields.resource_enumeration.as_ref().map(Name::as_str),
            names: &["enumeration"],
            labels: &["enumeration", "перечислен"],
            setting: "resource_enumeration",
        };
        wanted.field(form, |field| field.control == Control::Select)
    }

    pub(crate) fn resource_default<'f>(&self, form: &'f Form) -> Result<Found<'f>, Unknown> {
        let wanted = Wanted {
            what: t!("the default item"),
            fixed: self.spec.fields.resource_default.as_ref().map(Name::as_str),
            names: &["enumerationitem"],
            labels: &["default", "по умолчанию"],
            setting: "resource_default",
        };
        wanted.field(form, |field| field.control == Control::Select)
    }

    /// The type "control panel licence": what the configuration says (name, label or id), else the one
    /// option whose label speaks of a panel and of a licence.
    pub(crate) fn resource_type<'c>(
        &self,
        wanted: Option<&str>,
        choices: &'c [Choice],
    ) -> Result<&'c Choice, Unknown> {
        let wanted = wanted.or(self.spec.resource_type.as_ref().map(Name::as_str));
        let fits = |choice: &&Choice| match wanted {
            Some(name) => choice.key == name || normal(&choice.label) == normal(name),
            None => {
                contains_any(&choice.label, &["panel", "панел"])
                    && contains_any(&choice.label, &["licen", "лиценз"])
            }
        };
        let found: Vec<&Choice> = choices.iter().filter(fits).collect();
        match found.as_slice() {
            [one] => Ok(one),
            many => {
                let what = wanted.map_or_else(|| t!("control panel licence"), str::to_owned);
                let why = match many.len() {
                    0 => t!("this tariff plan has no resource type `{what}`", what = what),
                    _ => t!("several resource types could be `{what}`", what = what),
                };
                let from = if many.is_empty() {
                    choices.iter().map(shown_choice).collect()
                } else {
                    many.iter().map(|choice| shown_choice(choice)).collect()
                };
                Err(Unknown::new(why, from, Some("resource_type: ID")))
            }
        }
    }

    /// The key of value type "enumeration"; the numbers depend on the installation, so the label decides.
    pub(crate) fn enumeration_value_type<'c>(&self, choices: &'c [Choice]) -> Result<&'c str, Unknown> {
        let found: Vec<&Choice> = choices
            .iter()
            .filter(|choice| contains_any(&choice.label, &["enumeration", "перечислен"]))
            .collect();
        match found.as_slice() {
            [one] => Ok(&one.key),
            _ => {
                let why =
                    t!("the value type \"enumeration\" of a resource is not to be told from the options");
                Err(Unknown::new(why, choices.iter().map(shown_choice).collect(), None))
            }
        }
    }
}

/// Numbers of the vendor's API page for `pricelist.detail.edit`.
pub(crate) fn billing_key(billing: Billing) -> &'static str {
    match billing {
        Billing::DoNotBill => "1",
        Billing::ByOrder => "2",
        Billing::ByStatistics => "3",
        Billing::ByOtherResources => "5",
    }
}

/// Values of the vendor's API page: `on` forbids the change.
pub(crate) fn client_change_key(change: ClientChange) -> &'static str {
    match change {
        ClientChange::Forbidden => "on",
        ClientChange::Allowed => "off",
        ClientChange::UpOnly => "uponly",
        ClientChange::DownOnly => "downonly",
    }
}
