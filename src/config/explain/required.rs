//! What required fields are, for whoever left one out: the beginnings of their descriptions in the schemas, which
//! stay English.

use crate::language::{later, told};

const REQUIRED: &[&str] = &[
    later!("full address of the panel's API"),
    later!("processing module"),
    later!("code of the check whose finding is accepted here"),
    later!("why it is accepted, for people"),
    later!("last day on which it is accepted"),
    later!("name by language"),
    later!("the resource \"control panel licence\" of the tariff plan"),
    later!("enumeration"),
    later!("item that applies when the client chooses nothing"),
    later!("how the price is made of the cost"),
    later!("period, or list of periods, that the client buys"),
    later!("period that is ordered from the licence server instead"),
    later!("day the figures are of"),
    later!("price of a licence, with the nodes that are ordered with it, by currency and period"),
    later!("day the rates are of"),
    later!("what one of a currency is worth in others"),
    later!("the object whose differences are left alone, or the objects"),
    later!("why it is left alone, for people"),
    later!("last day on which it is"),
    later!("where its address is kept"),
    later!(
        "where the secret is kept that messages are signed with, so that the receiver knows whose they are"
    ),
    later!("where the address of the webhook is kept"),
    later!("where the token of the bot is kept"),
    later!("the chat"),
    later!("address of the sender"),
    later!("address of the reader"),
    later!("the first day that is played"),
    later!("how many months are played"),
    later!("what clients pay in and the books are kept in"),
    later!("the tariff plan they order"),
    later!("the panel they choose, by internal name"),
    later!("the period they pay for"),
    later!("how many of them order in each month"),
    later!("the panel they change to, by internal name"),
    later!("chance at each renewal"),
    later!("the day it happens"),
];

/// The beginning of a description in the language of the process.
pub(super) fn spoken(text: &str) -> &str {
    REQUIRED.iter().find(|known| **known == text).map_or(text, |known| told(known))
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::{super::beginning, REQUIRED};

    fn required(schema: &Value, found: &mut Vec<String>) {
        if let Some(fields) = schema.get("required").and_then(Value::as_array) {
            let about = |field: &Value| schema.get("properties")?.get(field.as_str()?)?.get("description");
            let texts = fields.iter().filter(|field| *field != "version").filter_map(about);
            found.extend(texts.map(|text| beginning(text.as_str().unwrap())));
        }
        match schema {
            Value::Object(fields) => fields.values().for_each(|value| required(value, found)),
            Value::Array(list) => list.iter().for_each(|value| required(value, found)),
            _ => {}
        }
    }

    #[test]
    fn every_required_field_is_told_of() {
        let mut found = Vec::new();
        for schema in [
            include_str!("../../../schemas/billform.schema.json"),
            include_str!("../../../schemas/scenario.schema.json"),
        ] {
            required(&serde_json::from_str(schema).unwrap(), &mut found);
        }
        found.sort();
        found.dedup();
        let mut known = REQUIRED.to_vec();
        known.sort_unstable();
        assert_eq!(found, known);
    }
}
