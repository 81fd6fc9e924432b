//! What hangs on what: processors, the licence server, its period mappings, tariff plans, and items.
//!
//! All of the configuration is drawn where it is at hand, with what the plan changes marked. [`build`] finds the
//! nodes and edges, [`shrink`] makes a graph small enough for those who draw it, [`mod@dot`] and [`mod@mermaid`] write it
//! down for others.

mod build;
mod dot;
mod mermaid;
mod shrink;

use std::borrow::Cow;

pub(super) use dot::write as dot;
pub(super) use mermaid::write as mermaid;

use super::{escape, words};
use crate::{language::t, plan::Action};

/// A graph whose edges go from one column of nodes to a later one.
#[derive(Clone, Debug, Default)]
pub(super) struct Graph {
    /// By column, then by name.
    pub(super) nodes: Vec<Node>,
    pub(super) edges: Vec<Edge>,
    /// What was left out of it, in words; nothing where it is whole.
    pub(super) without: Vec<String>,
}

/// One object, or several that are drawn as one.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub(super) column: Column,
    /// The enumeration an item belongs to.
    pub(super) group: String,
    /// Its name, as it came from outside.
    pub(super) name: String,
    /// What happens to it.
    pub(super) mark: Option<Action>,
}

/// What a node leads to, by their places in [`Graph::nodes`]. One between a tariff plan and an item is a price.
#[derive(Clone, Debug)]
pub(super) struct Edge {
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) mark: Option<Action>,
    /// How the price moves, for example `2 up (at most +14.3 %)`.
    pub(super) label: String,
}

/// Where a node stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Column {
    Processor,
    LicenceServer,
    Mapping,
    /// One node that stands for every tariff plan.
    AnyTariff,
    Tariff,
    Item,
}

/// Longest name that is drawn.
const LONGEST: usize = 40;

impl Node {
    /// The name as it is shown, with the sign of what happens.
    pub(super) fn label(&self) -> String {
        signed(self.mark, &escape::cut(&escape::name(&self.name), LONGEST))
    }
}

/// A text after the sign of what happens.
pub(super) fn signed(mark: Option<Action>, text: &str) -> String {
    mark.map_or_else(|| text.to_owned(), |action| format!("{} {text}", words::sign(action).0))
}

/// The name of a mark in classes and styles.
pub(super) fn class(mark: Option<Action>) -> &'static str {
    match mark {
        None => "same",
        Some(Action::Create) => "create",
        Some(Action::Update) => "update",
        Some(Action::Replace) => "replace",
        Some(Action::Delete) => "delete",
    }
}

/// Colours of lines for those who have no style of ours, of a palette that people who see few colours can tell
/// apart (Okabe and Ito).
fn colour(mark: Option<Action>) -> &'static str {
    match mark {
        None => "#888888",
        Some(Action::Create) => "#009e73",
        Some(Action::Update) => "#e69f00",
        Some(Action::Replace) => "#cc79a7",
        Some(Action::Delete) => "#d55e00",
    }
}

impl Graph {
    /// The groups of items, and the nodes of each by their places.
    fn groups(&self) -> Vec<(&str, Vec<usize>)> {
        let mut groups: Vec<(&str, Vec<usize>)> = Vec::new();
        for (place, node) in self.nodes.iter().enumerate().filter(|(_, node)| node.column == Column::Item) {
            match groups.last_mut() {
                Some((group, nodes)) if *group == node.group => nodes.push(place),
                _ => groups.push((&node.group, vec![place])),
            }
        }
        groups
    }

    /// What was left out, in one sentence.
    pub(super) fn remark(&self) -> Option<String> {
        (!self.without.is_empty())
            .then(|| t!("Left out, to keep this readable: {parts}.", parts = self.without.join(", ")))
    }
}

/// What stands for a group without a name.
pub(super) fn group_name(group: &str) -> Cow<'_, str> {
    if group.is_empty() {
        t!("graph" => "items").into()
    } else {
        escape::cut(&escape::name(group), LONGEST).into_owned().into()
    }
}
