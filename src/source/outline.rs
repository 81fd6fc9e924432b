//! A document as its values and the bytes they stand in, for those who edit it.
//!
//! Unlike the tree it is cut from, it does not repeat what an alias stands for: where the alias is
//! written there is [`Content::Alias`], and the anchored value knows that it is [`Outline::shared`].

use std::ops::Range;

use super::tree::{NodeRef, Shape, Tree};

/// A value, or a key, with its place in the text.
#[derive(Clone, Debug)]
pub(crate) struct Outline {
    /// Bytes of the value. Of a block collection only the start counts: its end is where the parser
    /// noticed it, behind blanks and comments.
    pub(crate) span: Range<usize>,
    pub(crate) content: Content,
    /// An alias elsewhere means this value, too.
    pub(crate) shared: bool,
    /// A collection written in brackets.
    pub(crate) flow: bool,
}

/// What an [`Outline`] holds.
#[derive(Clone, Debug)]
pub(crate) enum Content {
    Scalar(String),
    List(Vec<Outline>),
    Map(Vec<(Outline, Outline)>),
    /// An alias; its place in the text is not known.
    Alias,
}

impl Outline {
    pub(super) fn of(tree: &Tree) -> Self {
        let mut uses = vec![0_u8; tree.nodes.len()];
        for &kid in &tree.kids {
            let count = &mut uses[kid as usize];
            *count = count.saturating_add(1);
        }
        cut(tree.root(), &uses, &mut vec![false; tree.nodes.len()])
    }

    /// The value of a key.
    pub(crate) fn get(&self, key: &str) -> Option<&Self> {
        self.entries().iter().find(|(found, _)| found.text() == Some(key)).map(|(_, value)| value)
    }

    /// Keys and values; none where it is no mapping.
    pub(crate) fn entries(&self) -> &[(Self, Self)] {
        if let Content::Map(entries) = &self.content { entries } else { &[] }
    }

    /// Elements; none where it is no list.
    pub(crate) fn elements(&self) -> &[Self] {
        if let Content::List(elements) = &self.content { elements } else { &[] }
    }

    /// The text of a scalar: of numbers and flags as they are written.
    pub(crate) fn text(&self) -> Option<&str> {
        if let Content::Scalar(text) = &self.content { Some(text) } else { None }
    }
}

fn cut(node: NodeRef<'_>, uses: &[u8], seen: &mut [bool]) -> Outline {
    let at = node.at as usize;
    // The anchor stands before its aliases.
    if std::mem::replace(&mut seen[at], true) {
        return Outline { span: node.span(), content: Content::Alias, shared: true, flow: false };
    }
    let content = match node.shape() {
        Shape::List(_) => Content::List(node.elements().map(|element| cut(element, uses, seen)).collect()),
        Shape::Map(_) => Content::Map(
            node.entries().map(|(key, value)| (cut(key, uses, seen), cut(value, uses, seen))).collect(),
        ),
        Shape::Text(text) | Shape::Number(text) => Content::Scalar(text.to_owned()),
        Shape::Flag(flag) => Content::Scalar(flag.to_string()),
        Shape::Null => Content::Scalar(String::new()),
    };
    let flow = is_flow(node, &content);
    Outline { span: node.span(), content, shared: uses[at] > 1, flow }
}

/// A block collection begins with a dash or its first key; brackets there are those of a child.
fn is_flow(node: NodeRef<'_>, content: &Content) -> bool {
    let (bracket, first) = match content {
        Content::List(elements) => ('[', elements.first()),
        Content::Map(entries) => ('{', entries.first().map(|(key, _)| key)),
        Content::Scalar(_) | Content::Alias => return false,
    };
    let start = node.span().start;
    node.tree.text[start..].starts_with(bracket) && first.is_none_or(|first| first.span.start > start)
}
