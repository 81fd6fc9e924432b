//! `out=bjson`: no `doc`, flat string values, attributes as a suffix (`status_orig`).
//!
//! Recorded are the lists, the `model` of a form, the created id `{"id":{"v":"1"}}` and the error
//! (billmanager-api, 1.5.5). How bjson shows metadata is in no record: it is left out here.

use serde_json::{Map, Value};

use super::document::{Element, Role};

/// Encodes a document. `wrapped_error` gives `error.msg` as `{"$": text}`: both are on record.
pub(crate) fn encode(doc: &Element, single: bool, wrapped_error: bool) -> String {
    let mut map = Map::new();
    if let Some(func) = doc.get_attr("func") {
        map.insert("func".to_owned(), Value::String(func.to_owned()));
    }
    let saved = doc.get("ok").is_some();
    let mut model = Map::new();
    for child in &doc.children {
        match (child.name.as_str(), child.role) {
            ("metadata" | "messages" | "tparams" | "saved_filters" | "p_possible_filters", _) => {}
            ("slist", _) => slist(&mut map, child),
            ("error", _) => {
                map.insert("error".to_owned(), error(child, wrapped_error));
            }
            (_, Role::Value) => flatten(&mut model, child, single),
            (name, _) if saved && (name == "id" || name.ends_with(".id")) => {
                let id = Map::from_iter([("v".to_owned(), Value::String(child.text.clone()))]);
                map.insert(name.to_owned(), Value::Object(id));
            }
            _ => flatten(&mut map, child, single),
        }
    }
    if !model.is_empty() {
        map.insert("model".to_owned(), Value::Object(model));
    }
    Value::Object(map).to_string()
}

/// Puts one element into `map`: a string if it has no children, else an object.
fn flatten(map: &mut Map<String, Value>, element: &Element, single: bool) {
    let mut attrs = Map::new();
    for (name, value) in &element.attrs {
        attrs.insert(name.clone(), Value::String(value.clone()));
    }
    if element.children.is_empty() {
        push(map, element, Value::String(element.text.clone()), single);
        for (name, value) in attrs {
            map.insert(format!("{}_{name}", element.name), value);
        }
        return;
    }
    let mut inner = attrs;
    if !element.text.is_empty() {
        inner.insert("v".to_owned(), Value::String(element.text.clone()));
    }
    for child in &element.children {
        flatten(&mut inner, child, single);
    }
    push(map, element, Value::Object(inner), single);
}

fn push(map: &mut Map<String, Value>, element: &Element, value: Value, single: bool) {
    match map.get_mut(&element.name) {
        Some(Value::Array(items)) => items.push(value),
        Some(first) => *first = Value::Array(vec![first.take(), value]),
        None if element.role == Role::Many && !single && !element.children.is_empty() => {
            map.insert(element.name.clone(), Value::Array(vec![value]));
        }
        None => {
            map.insert(element.name.clone(), value);
        }
    }
}

fn slist(map: &mut Map<String, Value>, element: &Element) {
    let options = element.children.iter().map(|option| {
        let mut entry = Map::new();
        for (name, value) in &option.attrs {
            entry.insert(name.clone(), Value::String(value.clone()));
        }
        entry.insert("v".to_owned(), Value::String(option.text.clone()));
        Value::Object(entry)
    });
    let name = element.get_attr("name").unwrap_or_default().to_owned();
    let all = map.entry("slist").or_insert_with(|| Value::Object(Map::new()));
    if let Value::Object(all) = all {
        all.insert(name, Value::Array(options.collect()));
    }
}

fn error(element: &Element, wrapped: bool) -> Value {
    let mut map = Map::new();
    for (name, value) in &element.attrs {
        map.insert(name.clone(), Value::String(value.clone()));
    }
    let text = element.get("msg").map(|msg| msg.text.clone()).unwrap_or_default();
    let text = Value::String(text);
    let message = if wrapped { Value::Object(Map::from_iter([("$".to_owned(), text)])) } else { text };
    map.insert("msg".to_owned(), message);
    Value::Object(map)
}
