//! Properties of the decoder, checked with encoders of their own.

use std::collections::BTreeMap;
use std::fmt::Write;

use proptest::prelude::*;

use super::node::Node;
use super::{Answer, decode};

fn leaf_text() -> impl Strategy<Value = String> {
    // XML knows no other control characters, and reads a carriage return as a line feed.
    "[ -~а-яё€\n\t]{0,12}"
}

fn name() -> impl Strategy<Value = String> {
    // `msg` is the one name whose JSON form differs; it has its own test.
    "[a-z][a-z0-9_.]{0,5}".prop_filter("reserved", |n| n != "msg" && n != "doc")
}

fn attrs() -> impl Strategy<Value = BTreeMap<String, String>> {
    prop::collection::btree_map("[a-z]{1,5}", "[ -~а-я]{0,8}", 0..3)
}

/// A tree whose children of one name stand together, as JSON must put them.
fn tree() -> impl Strategy<Value = Node> {
    let leaf = (name(), attrs(), leaf_text()).prop_map(|(name, attrs, text)| Node {
        name,
        attrs,
        text,
        children: vec![],
    });
    leaf.prop_recursive(5, 40, 5, |inner| {
        (name(), attrs(), prop::collection::vec(inner, 1..5)).prop_map(|(name, attrs, mut children)| {
            children.sort_by(|a, b| a.name.cmp(&b.name));
            Node { name, attrs, text: String::new(), children }
        })
    })
}

fn xml(node: &Node, out: &mut String) {
    write!(out, "<{}", node.name).unwrap();
    for (key, value) in &node.attrs {
        write!(out, " {key}=\"{}\"", quick_xml::escape::escape(value.as_str())).unwrap();
    }
    write!(out, ">{}", quick_xml::escape::escape(node.text.as_str())).unwrap();
    for child in &node.children {
        out.push_str(if node.children.len() > 1 { "\n  " } else { "" });
        xml(child, out);
    }
    write!(out, "</{}>", node.name).unwrap();
}

/// `arrays` puts single children into arrays of one.
fn json(node: &Node, arrays: bool) -> serde_json::Value {
    let mut map = serde_json::Map::new();
    for (key, value) in &node.attrs {
        map.insert(format!("${key}"), value.clone().into());
    }
    if !node.text.is_empty() {
        map.insert("$".into(), node.text.clone().into());
    }
    for group in node.children.chunk_by(|a, b| a.name == b.name) {
        let mut values: Vec<serde_json::Value> = group.iter().map(|n| json(n, arrays)).collect();
        let value = match values.pop() {
            Some(only) if values.is_empty() && !arrays => only,
            last => values.into_iter().chain(last).collect(),
        };
        map.insert(group[0].name.clone(), value);
    }
    map.into()
}

fn root(children: Vec<Node>) -> Node {
    let mut doc = Node { children, ..Node::new("doc") };
    doc.children.sort_by(|a, b| a.name.cmp(&b.name));
    doc
}

/// Everything a caller may ask of an answer.
fn look(answer: &Answer) {
    let _all = (answer.error(), answer.ok(), answer.page(), answer.created_id());
    if let Some(form) = answer.form() {
        let _posted = (form.postable(), form.unchanged().len());
        let _seen = form.fields.iter().filter(|f| f.unread()).count();
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn json_and_xml_of_one_tree_are_equal(children in prop::collection::vec(tree(), 0..4), arrays: bool) {
        let tree = root(children);
        let mut text = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        xml(&tree, &mut text);
        let from_xml = decode(text.as_bytes()).unwrap();
        prop_assert_eq!(from_xml.root(), &tree);
        let value = serde_json::json!({"doc": json(&tree, arrays)});
        let from_json = decode(value.to_string().as_bytes()).unwrap();
        prop_assert_eq!(from_json.root(), &tree);
        look(&from_json);
    }

    #[test]
    fn a_cut_answer_is_never_taken_for_a_whole_one(children in prop::collection::vec(tree(), 0..4), at: prop::sample::Index) {
        let tree = root(children);
        let mut text = String::new();
        xml(&tree, &mut text);
        for whole in [text, serde_json::json!({"doc": json(&tree, false)}).to_string()] {
            let cut = at.index(whole.len());
            let failed = decode(&whole.as_bytes()[..cut]);
            prop_assert_eq!(failed, Err(super::DecodeError::Truncated));
        }
    }

    #[test]
    fn no_bytes_are_too_strange(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        if let Ok(answer) = decode(&bytes) {
            look(&answer);
        }
    }

    #[test]
    fn no_text_is_too_strange(text in "(\\{|\\[|\\]|\\}|\"doc\"|\"msg\"|\"elem\"|\"form\"|:|,|\"\\$\"|<doc>|</doc>|<elem|/>|<!\\[CDATA\\[|\\]\\]>|<!--|-->|&amp;|&#0;|&|<\\?xml|\\?>|a=\"1\"|1e9){0,30}") {
        if let Ok(answer) = decode(text.as_bytes()) {
            look(&answer);
        }
        if let Ok(answer) = decode(format!("{{\"doc\":{text}}}").as_bytes()) {
            look(&answer);
        }
    }
}
