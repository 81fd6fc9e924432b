//! One tree for JSON and XML answers.
//!
//! COREmanager builds an XML tree and maps it to JSON mechanically, so both decode to
//! the same [`Node`]: attributes, text, children in order of appearance.

use std::collections::BTreeMap;

use zeroize::Zeroize;

/// An element of an answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Node {
    pub(crate) name: String,
    pub(crate) attrs: BTreeMap<String, String>,
    pub(crate) text: String,
    pub(crate) children: Vec<Self>,
}

impl Node {
    /// An element without attributes, text and children: how BILLmanager writes "present and empty".
    pub(crate) fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), ..Self::default() }
    }

    /// Overwrites attributes and texts.
    pub(super) fn wipe(&mut self) {
        self.text.zeroize();
        self.attrs.values_mut().for_each(Zeroize::zeroize);
        self.children.iter_mut().for_each(Self::wipe);
    }

    /// The first child of that name.
    pub(crate) fn child(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.name == name)
    }

    /// All children of that name: none, one or many make no difference to the caller.
    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Self> {
        self.children.iter().filter(move |child| child.name == name)
    }

    /// The descendant reached by taking the first child of each name in turn.
    pub(crate) fn at(&self, path: &[&str]) -> Option<&Self> {
        path.iter().try_fold(self, |node, name| node.child(name))
    }

    /// The attribute of that name.
    pub(crate) fn attr(&self, name: &str) -> Option<&str> {
        self.attrs.get(name).map(String::as_str)
    }

    /// Whether a flag attribute is set; metadata says `yes`, values say `on`.
    pub(crate) fn flag(&self, name: &str) -> bool {
        matches!(self.attr(name), Some("yes" | "on"))
    }

    /// The text of the first child of that name; empty text counts as present.
    pub(crate) fn child_text(&self, name: &str) -> Option<&str> {
        self.child(name).map(|child| child.text.as_str())
    }

    /// The text, unless it is empty.
    pub(crate) fn filled(&self) -> Option<&str> {
        (!self.text.is_empty()).then_some(self.text.as_str())
    }
}
