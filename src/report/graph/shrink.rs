//! Makes a graph small enough to be drawn: what does not change gives way, then items stand together.

use std::collections::{BTreeMap, BTreeSet};

use super::{Column, Edge, Graph, Node};
use crate::language::{t, tn};

impl Graph {
    /// A graph of at most so many edges, and about as many nodes.
    pub(in crate::report) fn within(self, edges: usize) -> Self {
        if self.edges.len() <= edges && self.nodes.len() <= edges + edges / 2 {
            return self;
        }
        let changed = self.changed();
        if changed.edges.len() <= edges && changed.nodes.len() <= edges + edges / 2 {
            return changed;
        }
        changed.bundled().first(edges)
    }

    /// What changes, and what that touches directly.
    fn changed(self) -> Self {
        let mut kept: BTreeSet<usize> =
            (0..self.nodes.len()).filter(|place| self.nodes[*place].mark.is_some()).collect();
        for edge in self.edges.iter().filter(|edge| edge.mark.is_some()) {
            kept.extend([edge.from, edge.to]);
        }
        let touched = |edge: &&Edge| {
            let changes = |place: usize| self.nodes[place].mark.is_some();
            edge.mark.is_some()
                || self.nodes[edge.from].column < Column::Tariff && (changes(edge.from) || changes(edge.to))
        };
        let edges: Vec<Edge> = self.edges.iter().filter(touched).cloned().collect();
        edges.iter().for_each(|edge| kept.extend([edge.from, edge.to]));
        let left = self.nodes.len() - kept.len();
        let mut without = self.without.clone();
        if left > 0 {
            without.push(tn!(
                left,
                "{n} object that no change touches",
                "{n} objects that no change touches"
            ));
        }
        self.only(&kept, edges, without)
    }

    /// The items of each tariff plan as one.
    fn bundled(self) -> Self {
        let mut items: BTreeMap<usize, usize> = BTreeMap::new();
        for edge in self.edges.iter().filter(|edge| self.nodes[edge.to].column == Column::Item) {
            *items.entry(edge.from).or_default() += 1;
        }
        let kept: BTreeSet<usize> =
            (0..self.nodes.len()).filter(|place| self.nodes[*place].column != Column::Item).collect();
        let edges =
            self.edges.iter().filter(|edge| self.nodes[edge.to].column != Column::Item).cloned().collect();
        let mut without = self.without.clone();
        without.push(t!("the names of items"));
        let places: BTreeMap<usize, usize> = kept.iter().enumerate().map(|(new, old)| (*old, new)).collect();
        let mut graph = self.only(&kept, edges, without);
        for (tariff, number) in items {
            let Some(from) = places.get(&tariff) else { continue };
            let name = tn!(number, "{n} price", "{n} prices");
            graph.nodes.push(Node { column: Column::Item, group: String::new(), name, mark: None });
            let to = graph.nodes.len() - 1;
            graph.edges.push(Edge { from: *from, to, mark: None, label: t!("prices" => "changed") });
        }
        graph
    }

    /// The first edges, and what they connect.
    fn first(self, edges: usize) -> Self {
        if self.edges.len() <= edges && self.nodes.len() <= edges + edges / 2 {
            return self;
        }
        let mut order: Vec<&Edge> = self.edges.iter().collect();
        order.sort_by_key(|edge| {
            (self.nodes[edge.from].mark.max(self.nodes[edge.to].mark).is_none(), edge.from, edge.to)
        });
        let first: Vec<Edge> = order.into_iter().take(edges).cloned().collect();
        let kept: BTreeSet<usize> = first.iter().flat_map(|edge| [edge.from, edge.to]).collect();
        let mut without = self.without.clone();
        without.push(tn!(self.nodes.len() - kept.len(), "{n} more object", "{n} more objects"));
        self.only(&kept, first, without)
    }

    /// The graph of some of the nodes; the edges are between those.
    fn only(&self, kept: &BTreeSet<usize>, edges: Vec<Edge>, without: Vec<String>) -> Self {
        let places: BTreeMap<usize, usize> = kept.iter().enumerate().map(|(new, old)| (*old, new)).collect();
        let moved =
            |edge: Edge| Some(Edge { from: *places.get(&edge.from)?, to: *places.get(&edge.to)?, ..edge });
        Self {
            nodes: kept.iter().map(|place| self.nodes[*place].clone()).collect(),
            edges: edges.into_iter().filter_map(moved).collect(),
            without,
        }
    }
}
