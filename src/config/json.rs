//! Lets the JSON Schema validator read a [`Tree`] in place.

use std::{borrow::Cow, slice};

use jsonschema::{
    JsonType,
    json::{Array, Json, JsonNumber, Node, NodeIdentity, Object},
};
use serde_json::{Number, Value};

use crate::source::{
    scalar,
    tree::{NodeRef, Shape, Tree},
};

/// The representation: documents are [`Item`]s.
pub(super) struct TreeJson;

/// A node, or a key that is checked as if it were one.
#[derive(Clone, Copy)]
pub(super) enum Item<'a> {
    Node(NodeRef<'a>),
    Key(&'a str),
}

impl Json for TreeJson {
    type Node<'a> = Item<'a>;
    type PreparedKey = String;
    type StringBuffer = ();

    const ACYCLIC: bool = true;

    fn prepare_key(key: &str) -> String {
        key.to_owned()
    }

    fn with_string_node<T>(_: &mut (), string: &str, check: impl FnOnce(Item<'_>) -> T) -> T {
        check(Item::Key(string))
    }
}

impl<'a> Item<'a> {
    fn shape(self) -> Shape<'a> {
        match self {
            Self::Node(node) => node.shape(),
            Self::Key(key) => Shape::Text(key),
        }
    }
}

/// A number as it is written.
pub(super) struct Written<'a>(&'a str);

impl JsonNumber for Written<'_> {
    fn as_u64(&self) -> Option<u64> {
        scalar::integer(self.0).and_then(|number| u64::try_from(number).ok())
    }

    fn as_i64(&self) -> Option<i64> {
        scalar::integer(self.0).and_then(|number| i64::try_from(number).ok())
    }

    fn as_f64(&self) -> Option<f64> {
        self.0.parse().ok()
    }

    fn as_str(&self) -> Cow<'_, str> {
        Cow::Borrowed(self.0)
    }

    fn to_number(&self) -> Cow<'_, Number> {
        let whole = self.as_i64().map(Number::from).or_else(|| self.as_u64().map(Number::from));
        Cow::Owned(whole.or_else(|| Number::from_f64(self.as_f64()?)).unwrap_or_else(|| Number::from(0)))
    }

    fn is_integer(&self) -> bool {
        scalar::integer(self.0).is_some()
    }
}

impl<'a> Node<'a, TreeJson> for Item<'a> {
    type Object = Members<'a>;
    type Array = Elements<'a>;
    type Number = Written<'a>;

    fn as_object(&self) -> Option<Members<'a>> {
        match (self, self.shape()) {
            (Self::Node(node), Shape::Map(kids)) => Some(Members { node: *node, kids }),
            _ => None,
        }
    }

    fn as_array(&self) -> Option<Elements<'a>> {
        match (self, self.shape()) {
            (Self::Node(node), Shape::List(kids)) => Some(Elements { tree: node.tree, kids }),
            _ => None,
        }
    }

    fn as_string(&self) -> Option<Cow<'a, str>> {
        match self.shape() {
            Shape::Text(text) => Some(Cow::Borrowed(text)),
            _ => None,
        }
    }

    fn as_number(&self) -> Option<Written<'a>> {
        match self.shape() {
            Shape::Number(text) => Some(Written(text)),
            _ => None,
        }
    }

    fn as_boolean(&self) -> Option<bool> {
        match self.shape() {
            Shape::Flag(flag) => Some(flag),
            _ => None,
        }
    }

    fn is_null(&self) -> bool {
        matches!(self.shape(), Shape::Null)
    }

    fn json_type(&self) -> JsonType {
        match self.shape() {
            Shape::Null => JsonType::Null,
            Shape::Flag(_) => JsonType::Boolean,
            Shape::Number(_) => JsonType::Number,
            Shape::Text(_) => JsonType::String,
            Shape::List(_) => JsonType::Array,
            Shape::Map(_) => JsonType::Object,
        }
    }

    /// Constants and enumerations of our schemas are text and whole numbers.
    fn equals_value(&self, expected: &Value) -> bool {
        match (self.shape(), expected) {
            (Shape::Text(text), Value::String(expected)) => text == expected,
            (Shape::Number(text), Value::Number(expected)) => {
                expected.as_i64().is_some_and(|expected| scalar::integer(text) == Some(expected.into()))
            }
            _ => false,
        }
    }

    /// What an error holds of the value: nothing but the name of a key. A copy would cost as much as
    /// the document where the error is at its root, and it could be a secret.
    fn to_value(&self) -> Cow<'a, Value> {
        Cow::Owned(match self {
            Self::Node(_) => Value::Null,
            Self::Key(key) => Value::String((*key).to_owned()),
        })
    }

    fn identity(&self) -> Option<NodeIdentity> {
        match self {
            Self::Node(node) => {
                Some(NodeIdentity::tagged(std::ptr::from_ref::<Tree>(node.tree) as usize, node.at))
            }
            Self::Key(_) => None,
        }
    }
}

/// A mapping.
pub(super) struct Members<'a> {
    node: NodeRef<'a>,
    kids: &'a [u32],
}

impl<'a> Object<'a, TreeJson> for Members<'a> {
    type Node = Item<'a>;
    type MemberName = &'a str;
    type MembersIter = MembersIter<'a>;

    fn len(&self) -> usize {
        self.kids.len() / 2
    }

    fn get(&self, key: &String) -> Option<Item<'a>> {
        self.node.get(key).map(Item::Node)
    }

    fn members(&self) -> MembersIter<'a> {
        MembersIter { tree: self.node.tree, pairs: self.kids.chunks_exact(2) }
    }
}

pub(super) struct MembersIter<'a> {
    tree: &'a Tree,
    pairs: slice::ChunksExact<'a, u32>,
}

impl<'a> Iterator for MembersIter<'a> {
    type Item = (&'a str, Item<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        let pair = self.pairs.next()?;
        Some((self.tree.key(pair[0]), Item::Node(NodeRef { tree: self.tree, at: pair[1] })))
    }
}

/// A list.
pub(super) struct Elements<'a> {
    tree: &'a Tree,
    kids: &'a [u32],
}

impl<'a> Array<'a, TreeJson> for Elements<'a> {
    type Node = Item<'a>;
    type ElementsIter = ElementsIter<'a>;

    fn len(&self) -> usize {
        self.kids.len()
    }

    fn elements(&self) -> ElementsIter<'a> {
        ElementsIter { tree: self.tree, kids: self.kids.iter() }
    }

    /// Lists whose entries must differ hold text.
    fn is_unique(&self) -> bool {
        let mut texts: Vec<_> = self.elements().filter_map(|item| item.as_string()).collect();
        texts.sort_unstable();
        texts.windows(2).all(|pair| pair[0] != pair[1])
    }
}

pub(super) struct ElementsIter<'a> {
    tree: &'a Tree,
    kids: slice::Iter<'a, u32>,
}

impl<'a> Iterator for ElementsIter<'a> {
    type Item = Item<'a>;

    fn next(&mut self) -> Option<Item<'a>> {
        self.kids.next().map(|&at| Item::Node(NodeRef { tree: self.tree, at }))
    }
}
