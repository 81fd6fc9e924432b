//! Differences that are known and left alone for a while.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Pattern;
use crate::model::{Date, Name};

/// A difference from the panel that is known and left alone for a while: it is neither drift nor written, and
/// each report lists it with its reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "Ignored difference")]
pub(crate) struct IgnoreSpec {
    /// The object whose differences are left alone, or the objects.
    pub(crate) object: Pattern,
    /// The only field, as plans name it: `url`, `RUB.12m`, `RUB.*`. It is about objects that are there: one that
    /// is created is created whole. The whole object when left out, also whether it exists.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(example = "RUB.*")]
    pub(crate) field: Option<Name>,
    /// Why it is left alone, for people.
    pub(crate) reason: Name,
    /// Last day on which it is.
    pub(crate) until: Date,
}

impl IgnoreSpec {
    /// Whether it is about that object. A tariff plan stands for its resource and all prices on it.
    pub(crate) fn covers(&self, kind: &str, key: &str, parent: Option<&str>) -> bool {
        let tariff = match kind {
            "resource" => Some(key),
            "price" => parent,
            _ => None,
        };
        self.object.names(kind, key)
            || tariff.is_some_and(|tariff| self.object.names(Pattern::TARIFF, tariff))
    }

    /// Whether it is about that field alone.
    pub(crate) fn names_field(&self, field: &str) -> bool {
        let Some(rule) = self.field.as_ref().map(Name::as_str) else { return false };
        match rule.strip_suffix('*') {
            // As with objects, a star stands for whole parts only.
            Some(start) if start.is_empty() || start.ends_with('.') => field.starts_with(start),
            _ => field == rule,
        }
    }

    /// The rule in few words: the object, and the field where there is one.
    pub(crate) fn shown(&self) -> String {
        match &self.field {
            Some(field) => format!("{} {field}", self.object.as_str()),
            None => self.object.as_str().to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::IgnoreSpec;

    fn rule(object: &str, field: Option<&str>) -> IgnoreSpec {
        IgnoreSpec {
            object: object.parse().unwrap(),
            field: field.map(|field| field.parse().unwrap()),
            reason: "why".parse().unwrap(),
            until: "2026-12-31".parse().unwrap(),
        }
    }

    #[test]
    fn a_rule_covers_what_it_names_and_no_more() {
        let price = |rule: &str| self::rule(rule, None).covers("price", "vds-start/55227", Some("vds-start"));
        for covering in
            ["price/vds-start/55227", "price/vds-start/*", "price/*", "tariff/vds-start", "tariff/*"]
        {
            assert!(price(covering), "{covering}");
        }
        for other in
            ["price/vds-start", "price/vds-*", "price/vds-start/5522*", "tariff/vds", "resource/vds-start"]
        {
            assert!(!price(other), "{other}");
        }
        assert!(rule("tariff/vds-start", None).covers("resource", "vds-start", None));
        assert!(!rule("tariff/vds-start", None).covers("processor", "vds-start", None));
    }

    #[test]
    fn a_field_is_named_whole_or_by_its_first_parts() {
        for (field, rule, named) in [
            ("RUB.12m", "RUB.12m", true),
            ("RUB.12m", "RUB.*", true),
            ("RUB.12m", "*", true),
            ("RUB.12m", "RUB", false),
            ("RUB.12m", "RU*", false),
            ("url", "url", true),
        ] {
            assert_eq!(self::rule("price/*", Some(rule)).names_field(field), named, "{field} by {rule}");
        }
        assert!(!rule("price/*", None).names_field("url"), "a rule without a field is about objects");
    }
}
