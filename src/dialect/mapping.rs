//! The parameter "period mapping" of a processor and the fields of its form.

use super::{
    Dialect, Sign, Unknown,
    find::{Wanted, contains_any, shown_choice},
};
use crate::{
    language::t,
    model::Name,
    wire::{Choice, Control, Field, Form},
};

/// The select that says which parameter a row is; documented as a column, seen as a field.
pub(crate) const PARAMETER: &str = "param";

/// Names of the fields of a period mapping's form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct MappingFields {
    pub(crate) sold: String,
    pub(crate) bought: String,
    pub(crate) bound: String,
    pub(crate) product_type: Option<String>,
    pub(crate) tariff: String,
    /// What each was told by, under its name in the configuration.
    pub(crate) signs: Vec<(&'static str, String, Sign)>,
}

impl Dialect {
    /// The key of the parameter "period mapping": the one option that speaks of periods; where several
    /// do, the one that also speaks of comparing or mapping (the labels the vendor's guides use).
    pub(crate) fn mapping_parameter<'c>(&self, choices: &'c [Choice]) -> Result<&'c str, Unknown> {
        const SETTING: &str = "period_mapping_parameter: KEY";
        if let Some(fixed) = &self.spec.period_mapping_parameter {
            let found = choices.iter().find(|choice| choice.key == fixed.as_str());
            return found.map(|choice| choice.key.as_str()).ok_or_else(|| {
                let why = t!(
                    "this processor has no parameter `{fixed}`, which `dialect` names as the period mapping",
                    fixed = fixed
                );
                Unknown::new(why, choices.iter().map(shown_choice).collect(), Some(SETTING))
            });
        }
        let periods: Vec<&Choice> =
            choices.iter().filter(|choice| contains_any(&choice.label, &["period", "период"])).collect();
        let mapping: Vec<&Choice> = periods
            .iter()
            .copied()
            .filter(|choice| contains_any(&choice.label, &["compar", "mapp", "match", "сопоставл"]))
            .collect();
        match (periods.as_slice(), mapping.as_slice()) {
            ([one], _) | (_, [one]) => Ok(&one.key),
            _ => {
                let why = t!(
                    "the parameter \"period mapping\" of this processor is not to be told from its parameters"
                );
                let from = if periods.is_empty() {
                    choices.iter().map(shown_choice).collect()
                } else {
                    periods.iter().map(|choice| shown_choice(choice)).collect()
                };
                Err(Unknown::new(why, from, Some(SETTING)))
            }
        }
    }

    pub(crate) fn mapping_fields(&self, form: &Form) -> Result<MappingFields, Unknown> {
        let fields = &self.spec.fields;
        let find = |what: String,
                    fixed: &Option<crate::model::Name>,
                    labels: &[&str],
                    setting,
                    fits: &dyn Fn(&Field) -> bool| {
            let fixed = fixed.as_ref().map(Name::as_str);
            Wanted { what, fixed, names: &[], labels, setting }
                .field(form, fits)
                .map(|found| (setting, found.name.clone(), found.sign))
        };
        let period = |field: &Field| offers_periods(field);
        let select = |field: &Field| {
            field.control == Control::Select && field.name != PARAMETER && !offers_periods(field)
        };
        let check = |field: &Field| field.control == Control::Checkbox;
        let sold = find(
            t!("the sold (\"source\") period"),
            &fields.mapping_sold,
            &["source", "исход"],
            "mapping_sold",
            &period,
        )?;
        let bought = find(
            t!("the bought (\"replace with\") period"),
            &fields.mapping_bought,
            &["replac", "change", "замен"],
            "mapping_bought",
            &period,
        )?;
        let bound = find(
            t!("the check box \"bind to a tariff plan\""),
            &fields.mapping_bound,
            &["bind", "tie", "attach", "привяз"],
            "mapping_bound",
            &check,
        )?;
        let tariff = find(
            t!("the tariff plan"),
            &fields.mapping_tariff,
            &["tariff", "pricelist", "тариф"],
            "mapping_tariff",
            &select,
        )?;
        let product_type = find(
            t!("the product type"),
            &fields.mapping_product_type,
            &["product type", "тип продукт", "тип услуг", "тип товар"],
            "mapping_product_type",
            &select,
        );
        let signs: Vec<_> =
            [&sold, &bought, &bound, &tariff].into_iter().chain(&product_type).cloned().collect();
        let ((_, sold, _), (_, bought, _), (_, bound, _), (_, tariff, _)) = (sold, bought, bound, tariff);
        if sold == bought {
            let why = t!("the field `{sold}` looks like both the sold and the bought period", sold = sold);
            return Err(Unknown::new(
                why,
                Vec::new(),
                Some("fields: {mapping_sold: NAME, mapping_bought: NAME}"),
            ));
        }
        Ok(MappingFields {
            sold,
            bought,
            bound,
            product_type: product_type.ok().map(|(_, name, _)| name),
            tariff,
            signs,
        })
    }
}

/// Whether a select offers periods: all its keys are numbers, one and twelve months among them.
fn offers_periods(field: &Field) -> bool {
    let real: Vec<&str> = field
        .choices
        .iter()
        .map(|choice| choice.key.as_str())
        .filter(|key| !matches!(*key, "" | "null"))
        .collect();
    field.control == Control::Select
        && real.iter().all(|key| key.parse::<i32>().is_ok())
        && real.contains(&"1")
        && real.contains(&"12")
}
