//! The order in which fields are written: that of the schema, which is that of the spec types.

use serde::{
    Deserialize as _,
    de::{IntoDeserializer as _, value},
};
use serde_json::Map;

use super::{Document as _, describe::Node};
use crate::{
    kinds::ConfigSpec,
    model::{Name, PriceField},
};

/// A mapping or list of the format, with the order of what is in it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FieldOrder(Node<'static>);

impl FieldOrder {
    /// The whole file.
    pub(crate) fn root() -> Self {
        let root = ConfigSpec::compiled().schema();
        Self(Node { root, here: root })
    }

    /// What stands under a key; nothing where the format does not know it.
    pub(crate) fn under(self, key: &str) -> Option<Self> {
        self.0.property(key).or_else(|| self.0.inner()).map(Self)
    }

    /// What the elements of a list are.
    pub(crate) fn element(self) -> Option<Self> {
        self.0.inner().map(Self)
    }

    /// Positions of the keys in the order in which they are written. Fields stand as in the schema, and periods
    /// from the shortest to the longest. Names of a person's own stay as they are, for their order is that
    /// person's; so does a mapping with a field that the format does not know.
    pub(crate) fn of(self, keys: &[&str]) -> Vec<usize> {
        let mut order: Vec<usize> = (0..keys.len()).collect();
        let fields: Vec<&str> = (self.0.faces().iter())
            .filter_map(|face| face.here["properties"].as_object())
            .flat_map(Map::keys)
            .map(String::as_str)
            .collect();
        let places: Option<Vec<usize>> =
            keys.iter().map(|key| fields.iter().position(|field| field == key)).collect();
        if let Some(places) = places {
            order.sort_by_key(|&at| places[at]);
        } else if let Some(periods) = self.periods(keys) {
            order.sort_by_key(|&at| periods[at]);
        }
        order
    }

    /// The keys as periods, where the format has periods here.
    fn periods(self, keys: &[&str]) -> Option<Vec<PriceField>> {
        let faces = self.0.faces();
        let mut patterns = faces.iter().map(|face| &face.here["patternProperties"]);
        let named = patterns.any(|patterns| patterns.get(Name::PATTERN).is_some());
        let period = |key: &&str| {
            let key: value::StrDeserializer<'_, value::Error> = (*key).into_deserializer();
            PriceField::deserialize(key).ok()
        };
        if named { None } else { keys.iter().map(period).collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::FieldOrder;

    fn sorted<'k>(path: &[&str], keys: &[&'k str]) -> Vec<&'k str> {
        let place = path.iter().fold(FieldOrder::root(), |place, step| match *step {
            "-" => place.element().unwrap(),
            key => place.under(key).unwrap(),
        });
        place.of(keys).into_iter().map(|at| keys[at]).collect()
    }

    #[test]
    fn fields_stand_as_in_the_schema() {
        assert_eq!(sorted(&[], &["prices", "panel", "version"]), ["version", "panel", "prices"]);
        let row = ["period_mappings", "licences", "-"];
        assert_eq!(sorted(&row, &["tariff", "bought", "sold"]), ["sold", "bought", "tariff"]);
        assert_eq!(sorted(&["prices", "vds", "resource"], &["default", "id"]), ["id", "default"]);
    }

    #[test]
    fn periods_stand_by_length_and_names_as_their_owner_has_them() {
        let prices = ["prices", "vds", "items", "55227", "RUB"];
        assert_eq!(sorted(&prices, &["12m", "setup", "3m"]), ["setup", "3m", "12m"]);
        assert_eq!(sorted(&["prices"], &["vds", "12m", "1m"]), ["vds", "12m", "1m"]);
        assert_eq!(sorted(&["prices"], &["12m", "1m"]), ["12m", "1m"], "tariff plans, not periods");
        assert_eq!(
            sorted(&["costs", "licences", "codes", "1", "price", "RUB"], &["12m", "1m"]),
            ["1m", "12m"]
        );
    }

    #[test]
    fn beside_an_unknown_field_nothing_moves() {
        assert_eq!(sorted(&[], &["prices", "verson", "panel"]), ["prices", "verson", "panel"]);
    }
}
