//! An answer as JSON: one element a line, so that people can read it and compare two.

use serde_json::{Map, Value};

use crate::wire::Node;

/// The document's text.
pub(super) fn written(document: &Node) -> String {
    let mut out = String::new();
    write(&mut out, document, 0);
    out.push('\n');
    out
}

fn write(out: &mut String, node: &Node, depth: usize) {
    let indent = " ".repeat(depth);
    let head = Value::Object(head(node)).to_string();
    out.push_str(&indent);
    if node.children.is_empty() {
        out.push_str(&head);
        return;
    }
    out.push_str(head.strip_suffix('}').unwrap_or(&head));
    out.push_str(",\"children\":[\n");
    for (index, child) in node.children.iter().enumerate() {
        if index > 0 {
            out.push_str(",\n");
        }
        write(out, child, depth + 1);
    }
    out.push_str(&format!("\n{indent}]}}"));
}

/// All of an element but its children; what is empty is left out.
fn head(node: &Node) -> Map<String, Value> {
    let mut map = Map::new();
    map.insert("name".to_owned(), Value::String(node.name.clone()));
    if !node.attrs.is_empty() {
        let attrs = node.attrs.iter().map(|(name, value)| (name.clone(), Value::String(value.clone())));
        map.insert("attrs".to_owned(), Value::Object(attrs.collect()));
    }
    if !node.text.is_empty() {
        map.insert("text".to_owned(), Value::String(node.text.clone()));
    }
    map
}
