//! The graph of what hangs on what as a drawing in the page.
//!
//! Columns stand beside each other, and a node's place is its number in its column. All sums are of whole numbers.

use std::fmt::Write as _;

use super::{
    super::graph::{Column, Edge, Graph, Node, class, group_name, signed},
    WRITES, escape as text,
};
use crate::language::t;

/// More edges than this make a drawing that nobody reads.
const EDGES: usize = 160;
/// Units are pixels: on a narrow screen the drawing is moved, not shrunk.
const WIDTH: usize = 146;
const HEIGHT: usize = 26;
const GAP: usize = 8;
/// Between columns, where the edges are.
const ROOM: usize = 38;
/// Of the headings.
const TOP: usize = 30;
/// Letters that fit into a box.
const LETTERS: usize = 20;

/// The drawing under its heading, if there is more than one thing in it.
pub(super) fn section(graph: Graph, out: &mut String) {
    let graph = graph.within(EDGES);
    if graph.edges.is_empty() {
        return;
    }
    let title = t!("What hangs on what");
    write!(out, "<section class=\"graph\">\n<h2>{}</h2>\n", text(&title)).expect(WRITES);
    if let Some(remark) = graph.remark() {
        writeln!(out, "<p>{}</p>", text(&remark)).expect(WRITES);
    }
    let layout = Layout::of(&graph);
    let (wide, tall) = (layout.wide, layout.tall);
    writeln!(
        out,
        "<div class=\"wide\"><svg width=\"{wide}\" height=\"{tall}\" viewBox=\"0 0 {wide} {tall}\" role=\"img\" aria-label=\"{}\">",
        text(&title)
    )
    .expect(WRITES);
    for (title, x) in &layout.titles {
        writeln!(out, "<text class=\"title\" x=\"{x}\" y=\"16\">{}</text>", text(title)).expect(WRITES);
    }
    // What changes is drawn last, over the rest.
    let (moved, calm): (Vec<&Edge>, Vec<&Edge>) = graph.edges.iter().partition(|edge| edge.mark.is_some());
    calm.into_iter().chain(moved).for_each(|edge| line(&graph, &layout, edge, out));
    for (place, node) in graph.nodes.iter().enumerate() {
        shape(node, layout.places[place], out);
    }
    out.push_str("</svg></div>\n</section>\n");
}

/// Where everything stands.
struct Layout {
    /// The upper left corner of each node.
    places: Vec<(usize, usize)>,
    titles: Vec<(String, usize)>,
    wide: usize,
    tall: usize,
}

impl Layout {
    fn of(graph: &Graph) -> Self {
        let mut layout =
            Self { places: vec![(0, 0); graph.nodes.len()], titles: Vec::new(), wide: 0, tall: 0 };
        let columns = [
            (Column::Processor, t!("graph" => "Processors")),
            (Column::LicenceServer, t!("graph" => "Licence servers")),
            (Column::Mapping, t!("graph" => "Period mappings")),
            (Column::AnyTariff, String::new()),
            (Column::Tariff, t!("graph" => "Tariff plans")),
            (Column::Item, t!("graph" => "Items")),
        ];
        for (column, title) in columns {
            let nodes: Vec<usize> =
                (0..graph.nodes.len()).filter(|place| graph.nodes[*place].column == column).collect();
            if nodes.is_empty() {
                continue;
            }
            layout.titles.push((title, layout.wide));
            layout.column(graph, &nodes);
            layout.wide += WIDTH + ROOM;
        }
        layout.wide = layout.wide.saturating_sub(ROOM).max(1) + 2;
        layout
    }

    fn column(&mut self, graph: &Graph, nodes: &[usize]) {
        let mut y = TOP;
        let mut group: Option<&str> = None;
        for place in nodes {
            let node = &graph.nodes[*place];
            // An item stands under the name of its enumeration, which may be a node of its own.
            if node.column == Column::Item && group != Some(&node.group) {
                group = Some(&node.group);
                y += if y > TOP { GAP } else { 0 };
            }
            self.places[*place] = (self.wide + 1, y);
            y += HEIGHT + GAP;
        }
        self.tall = self.tall.max(y);
    }
}

fn line(graph: &Graph, layout: &Layout, edge: &Edge, out: &mut String) {
    let ((x1, y1), (x2, y2)) = (layout.places[edge.from], layout.places[edge.to]);
    let (x1, y1, y2) = (x1 + WIDTH, y1 + HEIGHT / 2, y2 + HEIGHT / 2);
    let (near, far) = (x1 + ROOM / 2, x2.saturating_sub(ROOM / 2));
    let names = format!("{} → {}", graph.nodes[edge.from].label(), graph.nodes[edge.to].label());
    let label = signed(edge.mark, &edge.label);
    let hint = if label.is_empty() { names } else { format!("{names}: {label}") };
    writeln!(
        out,
        "<path class=\"edge {}\" d=\"M{x1} {y1}C{near} {y1} {far} {y2} {x2} {y2}\"><title>{}</title></path>",
        class(edge.mark),
        text(&hint)
    )
    .expect(WRITES);
}

fn shape(node: &Node, (x, y): (usize, usize), out: &mut String) {
    let frame = node.column == Column::Item && node.name.is_empty();
    let label = if frame { signed(node.mark, &group_name(&node.group)) } else { node.label() };
    let group = if node.column == Column::Item && !frame && !node.group.is_empty() {
        format!("{}/", group_name(&node.group))
    } else {
        String::new()
    };
    let kind = if frame { "frame" } else { "node" };
    writeln!(
        out,
        "<g class=\"{kind} {}\"><title>{}{}</title><rect x=\"{x}\" y=\"{y}\" width=\"{WIDTH}\" height=\"{HEIGHT}\" rx=\"5\"/>\
         <text x=\"{}\" y=\"{}\">{}</text></g>",
        class(node.mark),
        text(&group),
        text(&label),
        x + 8,
        y + 18,
        text(&super::super::escape::cut(&label, LETTERS))
    )
    .expect(WRITES);
}
