//! A YAML document as an arena of nodes with their places in the text.
//!
//! Scalars are ranges of the text wherever possible, so that a file of 10 MB costs little more than
//! itself. Numbers keep their spelling: no float ever touches a price.

use std::{ops::Range, sync::Arc};

use super::scalar;

/// A document. Built by [`super::build::parse`].
pub(crate) struct Tree {
    pub(crate) text: Arc<str>,
    pub(crate) nodes: Vec<Node>,
    /// Children of all collections; of mappings key and value in turn.
    pub(crate) kids: Vec<u32>,
    /// Positions of the pairs of large mappings, ordered by key.
    pub(crate) sorted: Vec<u32>,
    /// Texts that are not a range of the source: escapes, folded lines.
    pub(crate) owned: Vec<Box<str>>,
    pub(crate) root: u32,
}

#[derive(Clone, Copy)]
pub(crate) struct Node {
    pub(crate) start: u32,
    pub(crate) end: u32,
    pub(crate) kind: Kind,
}

#[derive(Clone, Copy)]
pub(crate) enum Kind {
    Null,
    Flag(bool),
    /// A number as it is written, a range of the text.
    Number {
        from: u32,
        to: u32,
    },
    /// Text that is a range of the source.
    Text {
        from: u32,
        to: u32,
    },
    /// Text that is not.
    Owned(u32),
    List {
        first: u32,
        len: u32,
    },
    /// `sorted` is where the order by key begins, or [`UNSORTED`].
    Map {
        first: u32,
        len: u32,
        sorted: u32,
    },
}

/// Mappings up to this size are searched from front to back.
pub(crate) const SMALL: usize = 16;
pub(crate) const UNSORTED: u32 = u32::MAX;

/// A node of a tree, with the tree.
#[derive(Clone, Copy)]
pub(crate) struct NodeRef<'a> {
    pub(crate) tree: &'a Tree,
    pub(crate) at: u32,
}

/// What a node holds.
#[derive(Clone, Copy)]
pub(crate) enum Shape<'a> {
    Null,
    Flag(bool),
    Number(&'a str),
    Text(&'a str),
    List(&'a [u32]),
    Map(&'a [u32]),
}

impl Tree {
    pub(crate) fn root(&self) -> NodeRef<'_> {
        NodeRef { tree: self, at: self.root }
    }

    fn slice(&self, from: u32, to: u32) -> &str {
        &self.text[from as usize..to as usize]
    }

    /// The text of a key, which is text by construction.
    pub(crate) fn key(&self, at: u32) -> &str {
        match self.nodes[at as usize].kind {
            Kind::Text { from, to } => self.slice(from, to),
            Kind::Owned(index) => &self.owned[index as usize],
            _ => "",
        }
    }

    /// Walks a path as far as it exists: how many steps, the last key, the last value.
    pub(crate) fn walk<'p>(&self, path: impl IntoIterator<Item = &'p str>) -> Found<'_> {
        let mut found = Found { depth: 0, key: None, value: self.root() };
        for step in path {
            let Some((key, value)) = found.value.step(step) else { break };
            found = Found { depth: found.depth + 1, key, value };
        }
        found
    }
}

/// The deepest part of a path that exists.
#[derive(Clone, Copy)]
pub(crate) struct Found<'a> {
    pub(crate) depth: usize,
    pub(crate) key: Option<NodeRef<'a>>,
    pub(crate) value: NodeRef<'a>,
}

impl<'a> NodeRef<'a> {
    fn node(self) -> &'a Node {
        &self.tree.nodes[self.at as usize]
    }

    fn of(self, at: u32) -> Self {
        Self { at, ..self }
    }

    pub(crate) fn shape(self) -> Shape<'a> {
        let kids = |first: u32, len: u32| &self.tree.kids[first as usize..(first + len) as usize];
        match self.node().kind {
            Kind::Null => Shape::Null,
            Kind::Flag(flag) => Shape::Flag(flag),
            Kind::Number { from, to } => Shape::Number(self.tree.slice(from, to)),
            Kind::Text { from, to } => Shape::Text(self.tree.slice(from, to)),
            Kind::Owned(index) => Shape::Text(&self.tree.owned[index as usize]),
            Kind::List { first, len } => Shape::List(kids(first, len)),
            Kind::Map { first, len, .. } => Shape::Map(kids(first, len)),
        }
    }

    /// Bytes of the text this node was read from.
    pub(crate) fn span(self) -> Range<usize> {
        let node = self.node();
        node.start as usize..node.end as usize
    }

    pub(crate) fn text(self) -> Option<&'a str> {
        match self.shape() {
            Shape::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The whole number this node holds.
    pub(crate) fn integer(self) -> Option<i128> {
        match self.shape() {
            Shape::Number(text) => scalar::integer(text),
            _ => None,
        }
    }

    /// Elements of a list; none where it is not one.
    pub(crate) fn elements(self) -> impl Iterator<Item = NodeRef<'a>> {
        let kids: &[u32] = if let Shape::List(kids) = self.shape() { kids } else { &[] };
        kids.iter().map(move |&at| self.of(at))
    }

    /// Keys and values of a mapping in the order of the file; none where it is not one.
    pub(crate) fn entries(self) -> impl Iterator<Item = (NodeRef<'a>, NodeRef<'a>)> {
        let kids: &[u32] = if let Shape::Map(kids) = self.shape() { kids } else { &[] };
        kids.chunks_exact(2).map(move |pair| (self.of(pair[0]), self.of(pair[1])))
    }

    pub(crate) fn key_text(self) -> &'a str {
        self.tree.key(self.at)
    }

    /// The entry of a mapping with this key.
    pub(crate) fn entry(self, key: &str) -> Option<(Self, Self)> {
        let Kind::Map { first, len, sorted } = self.node().kind else { return None };
        let pair = |index: u32| {
            let at = (first + 2 * index) as usize;
            (self.of(self.tree.kids[at]), self.of(self.tree.kids[at + 1]))
        };
        if sorted == UNSORTED {
            return (0..len / 2).map(pair).find(|(found, _)| found.key_text() == key);
        }
        let order = &self.tree.sorted[sorted as usize..(sorted + len / 2) as usize];
        let found = order.binary_search_by(|&index| pair(index).0.key_text().cmp(key)).ok()?;
        Some(pair(order[found]))
    }

    pub(crate) fn get(self, key: &str) -> Option<Self> {
        self.entry(key).map(|(_, value)| value)
    }

    /// One step of a path: into a mapping by key, into a list by index.
    pub(crate) fn step(self, step: &str) -> Option<(Option<Self>, Self)> {
        match self.shape() {
            Shape::Map(_) => self.entry(step).map(|(key, value)| (Some(key), value)),
            Shape::List(kids) => {
                let at = kids.get(step.parse::<usize>().ok()?)?;
                Some((None, self.of(*at)))
            }
            _ => None,
        }
    }
}
