//! Price fields: one per period and currency, named `<stem><currency id>`.

use crate::model::{Period, PriceField};

/// Stems of the panel's price fields, from recorded requests of `itemtype.edit` and
/// `pricelist.add.step2`; the months of the longer ones are read from the words.
const STEMS: [(&str, i32); 11] = [
    ("day", -50),
    ("lifetime", 0),
    ("monthly", 1),
    ("quarterly", 3),
    ("semiannual", 6),
    ("annually", 12),
    ("biennial", 24),
    ("triennial", 36),
    ("quadrennial", 48),
    ("quinquennial", 60),
    ("decennial", 120),
];

/// What a form field's name says of prices.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum PriceName {
    /// The price of a period, or the set-up charge, in the currency of that id.
    Price(PriceField, u32),
    /// A stem that is not known; the field is left untouched.
    Unfamiliar(String),
    /// No price field.
    Other,
}

impl super::Dialect {
    /// Reads the name of a form field. `currencies` are the ids that exist: other numbers at the end of
    /// a name are part of something else.
    pub(crate) fn price_name(&self, name: &str, currencies: impl Fn(u32) -> bool) -> PriceName {
        let stem = name.trim_end_matches(|ch: char| ch.is_ascii_digit());
        let Some(currency) = name[stem.len()..].parse().ok().filter(|id| currencies(*id)) else {
            return PriceName::Other;
        };
        let overridden =
            self.spec.price_stems.iter().find(|(_, known)| *known == stem).map(|(period, _)| *period);
        let known =
            || STEMS.iter().find(|(known, _)| *known == stem).and_then(|(_, id)| Period::from_panel_id(*id));
        if stem == "setup" {
            return PriceName::Price(PriceField::Setup, currency);
        }
        match overridden.or_else(known) {
            Some(period) => PriceName::Price(PriceField::Period(period), currency),
            // These follow the same pattern and are no prices of a period (recorded requests).
            None if stem.contains('_')
                || ["stat", "transfer", "prolong", "suspendpenaltysum"].contains(&stem) =>
            {
                PriceName::Other
            }
            None => PriceName::Unfamiliar(stem.to_owned()),
        }
    }

    /// The name of the form field of a price.
    pub(crate) fn price_field(&self, field: PriceField, currency: u32) -> Option<String> {
        let stem = match field {
            PriceField::Setup => "setup".to_owned(),
            PriceField::Period(period) => match self.spec.price_stems.get(&period) {
                Some(stem) => stem.clone(),
                None => stem_of(period)?.to_owned(),
            },
        };
        Some(format!("{stem}{currency}"))
    }
}

/// The stem of a period's price field, where one is on record.
fn stem_of(period: Period) -> Option<&'static str> {
    STEMS.iter().find(|(_, id)| *id == period.panel_id()).map(|(stem, _)| *stem)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::Dialect;

    #[test]
    fn price_names_are_told_from_others() {
        let dialect = Dialect::default();
        let rub = |id| id == 126;
        let year = PriceField::Period("12m".parse().unwrap());
        assert_eq!(dialect.price_name("annually126", rub), PriceName::Price(year, 126));
        assert_eq!(dialect.price_name("setup126", rub), PriceName::Price(PriceField::Setup, 126));
        assert_eq!(dialect.price_name("fortnightly126", rub), PriceName::Unfamiliar("fortnightly".into()));
        for other in ["annually127", "disable_annually126", "prolong126", "stat126", "name", "addon_126"] {
            assert_eq!(dialect.price_name(other, rub), PriceName::Other, "{other}");
        }
        assert_eq!(dialect.price_field(year, 126).unwrap(), "annually126");
    }
}
