//! Names by language, as fields of an object and as fields of a form.

use std::collections::BTreeMap;

use crate::{
    model::{LocalName, Name},
    plan::{FieldChange, Value},
    wire::Form,
};

/// `name.en`, `name.ru` … as wanted.
pub(super) fn wanted(name: &LocalName) -> impl Iterator<Item = (String, Value)> {
    name.0.iter().map(|(language, text)| (format!("name.{language}"), Value::Text(text.as_str().to_owned())))
}

/// `name.en`, `name.ru` … as a form shows them: English is `name`, another language `name_<language>`.
pub(super) fn live(form: &Form) -> BTreeMap<String, Value> {
    let named = |field: &str| match field.strip_prefix("name") {
        Some("") => Some("en".to_owned()),
        Some(rest) => rest.strip_prefix('_').filter(|language| language.len() == 2).map(str::to_owned),
        None => None,
    };
    let fields = form.fields.iter().filter_map(|field| Some((named(&field.name)?, field.value.clone()?)));
    fields
        .filter(|(_, text)| !text.is_empty())
        .map(|(language, text)| (format!("name.{language}"), Value::Text(text)))
        .collect()
}

/// The form field of a change of `name.<language>`.
pub(super) fn form_field(change: &FieldChange) -> Option<String> {
    match change.field.strip_prefix("name.")? {
        "en" => Some("name".to_owned()),
        language => Some(format!("name_{language}")),
    }
}

/// The names of a live object as configuration.
pub(super) fn export(fields: &BTreeMap<String, Value>) -> LocalName {
    let texts = fields.iter().filter_map(|(field, value)| match (field.strip_prefix("name."), value) {
        (Some(language), Value::Text(text)) => Some((language.to_owned(), text.trim().parse::<Name>().ok()?)),
        _ => None,
    });
    LocalName(texts.collect())
}
