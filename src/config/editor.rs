//! The schema as editors get it: it says the same, in the words that the YAML language server completes.
//!
//! That server offers values under `properties` and `additionalProperties`, never under `patternProperties`; keys
//! from choices in `propertyNames`; and collections, and text in quotes, only from snippets.

use serde_json::{Map, Value, json};

use crate::{
    model::Name,
    source::scalar::{Plain, resolve},
};

/// Puts a schema into those words. A test holds the two together.
pub(super) fn for_editors(schema: &mut Value) {
    match schema {
        Value::Object(object) => {
            offer_keys(object);
            offer_snippets(object);
            object.values_mut().for_each(for_editors);
        }
        Value::Array(list) => list.iter_mut().for_each(for_editors),
        _ => {}
    }
}

/// A map whose keys follow one pattern. The keys of its examples are offered.
fn offer_keys(object: &mut Map<String, Value>) {
    let Some((pattern, values)) = object.get("patternProperties").and_then(only) else { return };
    if object.get("additionalProperties") != Some(&Value::Bool(false)) {
        return;
    }
    let fields = object.get("properties").and_then(Value::as_object).into_iter().flat_map(Map::keys);
    let fields: Vec<&String> = fields.collect();
    let all = fields.iter().fold(pattern.clone(), |all, field| format!("({all})|^{field}$"));
    let examples = object.get("examples").and_then(Value::as_array).into_iter().flatten();
    let mut keys: Vec<String> = Vec::new();
    for key in examples.filter_map(Value::as_object).flat_map(Map::keys) {
        if !fields.contains(&key) && !keys.contains(key) {
            keys.push(key.clone());
        }
    }
    let mut names = json!({"pattern": all, "patternErrorMessage": "This key cannot stand here."});
    if let Some(text) = object.get("description") {
        names["description"] = text.clone();
    }
    if let Some(longest) = object.get("propertyNames").and_then(|names| names.get("maxLength")) {
        names["maxLength"] = longest.clone();
    }
    if pattern == Name::PATTERN || keys.is_empty() {
        names["doNotSuggest"] = true.into();
    } else {
        // The second branch takes all: choices to offer, not limits.
        names["anyOf"] = json!([{"enum": keys}, {}]);
    }
    object.remove("patternProperties");
    object.insert("propertyNames".to_owned(), names);
    object.insert("additionalProperties".to_owned(), values);
}

fn only(patterns: &Value) -> Option<(String, Value)> {
    let mut patterns = patterns.as_object()?.iter();
    let (pattern, schema) = patterns.next()?;
    patterns.next().is_none().then(|| (pattern.clone(), schema.clone()))
}

/// Examples that are collections, or text that needs quotes, as snippets: the server would leave the quotes out.
fn offer_snippets(object: &mut Map<String, Value>) {
    let Some(Value::Array(examples)) = object.get_mut("examples") else { return };
    let is_word = |example: &Value| example.as_str().is_none_or(|text| word(text) == text);
    let is_simple = |example: &Value| !example.is_object() && !example.is_array() && is_word(example);
    let snippets: Vec<Value> = examples
        .iter()
        .filter(|example| !is_simple(example))
        .map(|example| {
            let text = flow(example);
            json!({"label": text, "bodyText": text})
        })
        .collect();
    examples.retain(is_simple);
    if examples.is_empty() {
        object.remove("examples");
    }
    if !snippets.is_empty() {
        object.insert("defaultSnippets".to_owned(), snippets.into());
    }
}

/// A value as YAML on one line.
fn flow(value: &Value) -> String {
    match value {
        Value::Object(object) => {
            let entries = object.iter().map(|(key, value)| format!("{}: {}", word(key), flow(value)));
            format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
        }
        Value::Array(list) => format!("[{}]", list.iter().map(flow).collect::<Vec<_>>().join(", ")),
        Value::String(text) => word(text),
        other => other.to_string(),
    }
}

fn word(text: &str) -> String {
    let plain = |ch: char| ch.is_ascii_alphanumeric() || matches!(ch, '_' | '-' | '/');
    let bare = !text.starts_with('-') && text.chars().all(plain) && resolve(text) == Plain::Text;
    if bare { text.to_owned() } else { Value::from(text).to_string() }
}
