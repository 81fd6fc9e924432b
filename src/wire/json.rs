//! The JSON mapping: attribute `x` is the key `$x`, text is `$`, an empty element is `{}`.
//!
//! A repeated child is an array, a single one an object or an array of one; recorded
//! answers have both for the same tag. `messages.msg` alone is an object name -> text
//! (recorded in an ISPmanager answer); it becomes the XML form, `<msg name="…">`.

use std::cell::Cell;
use std::fmt;

use serde::de::{DeserializeSeed, Error, MapAccess, SeqAccess, Visitor};

use super::decode::{DecodeError, MAX_DEPTH, MAX_NAMES, MAX_NODES, foreign};
use super::node::Node;

use crate::language::t;

/// Decodes a whole JSON text.
pub(super) fn decode(text: &str) -> Result<Node, DecodeError> {
    let budget = Budget::default();
    let mut input = serde_json::Deserializer::from_str(text);
    let seed = Value { name: "", parent: "", depth: 0, budget: &budget };
    match seed.deserialize(&mut input).and_then(|nodes| input.end().map(|()| nodes)) {
        Ok(nodes) => nodes
            .into_iter()
            .flat_map(|top| top.children)
            .find(|child| child.name == "doc")
            .ok_or_else(|| foreign(text)),
        Err(_) if budget.spent.get() => Err(DecodeError::TooLarge),
        Err(error) if error.is_eof() => Err(DecodeError::Truncated),
        Err(_) => Err(foreign(text)),
    }
}

#[derive(Default)]
struct Budget {
    nodes: Cell<usize>,
    /// Bytes of all names: each element of an array has its own copy of the key.
    names: Cell<usize>,
    spent: Cell<bool>,
}

impl Budget {
    fn take<E: Error>(&self, depth: usize, name: &str) -> Result<(), E> {
        self.nodes.set(self.nodes.get() + 1);
        self.names.set(self.names.get() + name.len());
        if self.nodes.get() > MAX_NODES || self.names.get() > MAX_NAMES || depth > MAX_DEPTH {
            self.spent.set(true);
            return Err(E::custom(t!("too large")));
        }
        Ok(())
    }
}

/// The value under a key: becomes no, one or many nodes of that name.
#[derive(Clone, Copy)]
struct Value<'a> {
    name: &'a str,
    parent: &'a str,
    depth: usize,
    budget: &'a Budget,
}

impl Value<'_> {
    fn leaf<E: Error>(self, text: String) -> Result<Vec<Node>, E> {
        self.budget.take(self.depth, self.name)?;
        let node = Node { text, ..Node::new(self.name) };
        Ok(vec![node])
    }

    fn object<'de, A: MapAccess<'de>>(self, mut map: A) -> Result<Node, A::Error> {
        self.budget.take(self.depth, self.name)?;
        let mut node = Node::new(self.name);
        while let Some(key) = map.next_key::<String>()? {
            let seed = Value { name: &key, parent: self.name, depth: self.depth + 1, budget: self.budget };
            let mut nodes = map.next_value_seed(seed)?;
            if let Some(attr) = key.strip_prefix('$') {
                let text = nodes.pop().map(|n| n.text).unwrap_or_default();
                if attr.is_empty() {
                    node.text = text;
                } else {
                    node.attrs.insert(attr.to_owned(), text);
                }
            } else {
                node.children.append(&mut nodes);
            }
        }
        Ok(node)
    }

    /// Whether this object is the `messages.msg` map rather than an element.
    fn is_message_map(self, node: &Node) -> bool {
        self.name == "msg" && self.parent == "messages" && node.attrs.is_empty() && node.text.is_empty()
    }
}

fn named_message(entry: Node) -> Node {
    let mut node = Node { text: entry.text, ..Node::new("msg") };
    node.attrs.insert("name".to_owned(), entry.name);
    node
}

impl<'de> DeserializeSeed<'de> for Value<'_> {
    type Value = Vec<Node>;

    fn deserialize<D: serde::Deserializer<'de>>(self, input: D) -> Result<Vec<Node>, D::Error> {
        input.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Value<'_> {
    type Value = Vec<Node>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_str<E: Error>(self, v: &str) -> Result<Vec<Node>, E> {
        self.leaf(v.to_owned())
    }

    fn visit_string<E: Error>(self, v: String) -> Result<Vec<Node>, E> {
        self.leaf(v)
    }

    fn visit_bool<E: Error>(self, v: bool) -> Result<Vec<Node>, E> {
        self.leaf(v.to_string())
    }

    fn visit_u64<E: Error>(self, v: u64) -> Result<Vec<Node>, E> {
        self.leaf(v.to_string())
    }

    fn visit_i64<E: Error>(self, v: i64) -> Result<Vec<Node>, E> {
        self.leaf(v.to_string())
    }

    fn visit_f64<E: Error>(self, v: f64) -> Result<Vec<Node>, E> {
        self.leaf(v.to_string())
    }

    fn visit_unit<E: Error>(self) -> Result<Vec<Node>, E> {
        self.leaf(String::new())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Vec<Node>, A::Error> {
        self.budget.take::<A::Error>(self.depth, self.name)?;
        let mut out = Vec::new();
        // An array is no level of the tree, but a tower of them must still end.
        let item = Value { depth: self.depth + 1, ..self };
        while let Some(mut nodes) = seq.next_element_seed(item)? {
            out.append(&mut nodes);
        }
        Ok(out)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Vec<Node>, A::Error> {
        let node = self.object(map)?;
        if self.is_message_map(&node) {
            return Ok(node.children.into_iter().map(named_message).collect());
        }
        Ok(vec![node])
    }
}
