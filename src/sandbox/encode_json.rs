//! `out=json`, `sjson` and `xjson`: attribute `x` is `$x`, text is `$`, a child is a key.
//!
//! Recorded rules (billmanager-api, 1.5): an empty element is `{}`, every scalar is a string, and
//! `messages.msg` is an object from name to text although it is a repeated element in XML.

use serde_json::{Map, Value};

use super::document::{Element, Role};

/// Encodes a document. With `single`, a repeated child that is alone is an object.
pub(crate) fn encode(doc: &Element, single: bool) -> String {
    let mut root = Map::new();
    root.insert(doc.name.clone(), node(doc, single));
    Value::Object(root).to_string()
}

fn node(element: &Element, single: bool) -> Value {
    let mut map = Map::new();
    for (name, value) in &element.attrs {
        map.insert(format!("${name}"), Value::String(value.clone()));
    }
    if !element.text.is_empty() {
        map.insert("$".to_owned(), Value::String(element.text.clone()));
    }
    if element.name == "messages" {
        map.insert("msg".to_owned(), messages(element));
        return Value::Object(map);
    }
    for child in &element.children {
        insert(&mut map, child, single);
    }
    Value::Object(map)
}

fn insert(map: &mut Map<String, Value>, child: &Element, single: bool) {
    let value = node(child, single);
    match map.get_mut(&child.name) {
        Some(Value::Array(items)) => items.push(value),
        Some(first) => *first = Value::Array(vec![first.take(), value]),
        None if child.role == Role::Many && !single => {
            map.insert(child.name.clone(), Value::Array(vec![value]));
        }
        None => {
            map.insert(child.name.clone(), value);
        }
    }
}

fn messages(element: &Element) -> Value {
    let pairs = element.children.iter().map(|msg| {
        let name = msg.get_attr("name").unwrap_or_default().to_owned();
        (name, Value::String(msg.text.clone()))
    });
    Value::Object(pairs.collect())
}
