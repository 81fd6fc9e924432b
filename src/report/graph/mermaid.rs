//! A graph for Mermaid, which forges draw in comments and files: <https://mermaid.js.org/syntax/flowchart.html>.

use std::fmt::Write as _;

use super::{super::escape::visible, Column, Graph, Node, class, colour, group_name, signed};
use crate::plan::Action;

/// Mermaid refuses more than 500 edges and 50,000 characters unless its site allows more.
const EDGES: usize = 400;
const CHARACTERS: usize = 48_000;
const WRITES: &str = "writing to a string does not fail";

/// Writes a graph under a title.
pub(in crate::report) fn write(graph: &Graph, title: &str) -> String {
    let mut edges = EDGES;
    loop {
        let text = text(&graph.clone().within(edges), title);
        if text.len() <= CHARACTERS || edges < 2 {
            return text;
        }
        edges /= 2;
    }
}

fn text(graph: &Graph, title: &str) -> String {
    let mut out = format!("flowchart LR\n  accTitle: {}\n", escaped(title));
    if let Some(remark) = graph.remark() {
        writeln!(out, "  without[\"{}\"]:::remark", escaped(&remark)).expect(WRITES);
    }
    for (place, node) in graph.nodes.iter().enumerate().filter(|(_, node)| node.column != Column::Item) {
        writeln!(out, "  {}", statement(place, node)).expect(WRITES);
    }
    for (number, (group, places)) in graph.groups().iter().enumerate() {
        let frame = places.iter().map(|place| &graph.nodes[*place]).find(|node| node.name.is_empty());
        let mark = frame.and_then(|node| node.mark);
        let name = escaped(&signed(mark, &group_name(group)));
        writeln!(out, "  subgraph g{number}[\"{name}\"]").expect(WRITES);
        for place in places.iter().filter(|place| !graph.nodes[**place].name.is_empty()) {
            writeln!(out, "    {}", statement(*place, &graph.nodes[*place])).expect(WRITES);
        }
        out.push_str("  end\n");
    }
    for edge in &graph.edges {
        let label = signed(edge.mark, &edge.label);
        let arrow = if edge.mark.is_some() { "==>" } else { "-->" };
        let label = if label.is_empty() { String::new() } else { format!("|\"{}\"|", escaped(&label)) };
        writeln!(out, "  n{} {arrow}{label} n{}", edge.from, edge.to).expect(WRITES);
    }
    styles(graph, &mut out);
    out
}

fn statement(place: usize, node: &Node) -> String {
    format!("n{place}[\"{}\"]:::{}", escaped(&node.label()), class(node.mark))
}

fn styles(graph: &Graph, out: &mut String) {
    for mark in
        [None, Some(Action::Create), Some(Action::Update), Some(Action::Replace), Some(Action::Delete)]
    {
        let width = if mark.is_some() { 3 } else { 1 };
        writeln!(out, "  classDef {} stroke:{},stroke-width:{width}px", class(mark), colour(mark))
            .expect(WRITES);
    }
    out.push_str("  classDef remark stroke:none,fill:none\n");
    for (number, edge) in graph.edges.iter().enumerate().filter(|(_, edge)| edge.mark.is_some()) {
        writeln!(out, "  linkStyle {number} stroke:{}", colour(edge.mark)).expect(WRITES);
    }
}

/// A text in which nothing means anything: neither to Mermaid's grammar, nor to its Markdown and HTML.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let shown = visible(text);
    let mut chars = shown.chars().peekable();
    let mut in_word = false;
    while let Some(ch) = chars.next() {
        // Inside a word these mark nothing, and names like `vds-start` should also read well undrawn.
        let joins =
            ['-', '.'].contains(&ch) && in_word && chars.peek().is_some_and(char::is_ascii_alphanumeric);
        in_word = ch.is_ascii_alphanumeric();
        if !ch.is_ascii() || in_word || joins || [' ', '/', ',', '(', ')'].contains(&ch) {
            out.push(ch);
        } else {
            write!(out, "#{};", u32::from(ch)).expect(WRITES);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn nothing_but_letters_and_digits_is_left_as_it_is() {
        assert_eq!(escaped("Тариф 1, (x)"), "Тариф 1, (x)");
        assert_eq!(escaped("\"]-->%%{init}"), "#34;#93;#45;#45;#62;#37;#37;#123;init#125;");
        assert_eq!(escaped("`a`\n"), "#96;a#96;#92;n");
        assert_eq!(escaped("- vds-start 1. x--y 3.5"), "#45; vds-start 1#46; x#45;#45;y 3.5");
    }
}
