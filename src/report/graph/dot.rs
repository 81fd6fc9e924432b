//! A graph in the language of Graphviz: <https://graphviz.org/doc/info/lang.html>.

use std::fmt::Write as _;

use super::{super::escape::visible, Column, Graph, Node, class, colour, group_name, signed};
use crate::plan::Action;

/// More than this nobody can follow in a drawing.
const EDGES: usize = 2000;
const WRITES: &str = "writing to a string does not fail";

/// Writes a graph under a title.
pub(in crate::report) fn write(graph: Graph, title: &str) -> String {
    let graph = graph.within(EDGES);
    let title = graph.remark().map_or_else(|| title.to_owned(), |remark| format!("{title}\n{remark}"));
    let mut out = format!(
        "digraph billform {{\n  graph [rankdir=LR, ranksep=1.2, label={}, labelloc=t];\n  \
         node [shape=box, style=rounded, color=\"#888888\"];\n  edge [color=\"#888888\"];\n",
        lines(&title)
    );
    let plain = |node: &&(usize, &Node)| node.1.column != Column::Item;
    for (place, node) in graph.nodes.iter().enumerate().collect::<Vec<_>>().iter().filter(plain) {
        writeln!(out, "  {}", statement(*place, node)).expect(WRITES);
    }
    for (number, (group, places)) in graph.groups().iter().enumerate() {
        let frame = places.iter().map(|place| &graph.nodes[*place]).find(|node| node.name.is_empty());
        let mark = frame.and_then(|node| node.mark);
        let label = quoted(&signed(mark, &group_name(group)));
        writeln!(out, "  subgraph cluster_{number} {{\n    label={label}; color=\"{}\";", colour(mark))
            .expect(WRITES);
        for place in places {
            writeln!(out, "    {}", statement(*place, &graph.nodes[*place])).expect(WRITES);
        }
        out.push_str("  }\n");
    }
    for edge in &graph.edges {
        write!(out, "  n{} -> n{}", edge.from, edge.to).expect(WRITES);
        if edge.mark.is_some() || !edge.label.is_empty() {
            write!(out, " [label={}{}]", quoted(&signed(edge.mark, &edge.label)), line(edge.mark))
                .expect(WRITES);
        }
        out.push_str(";\n");
    }
    out.push_str("}\n");
    out
}

fn statement(place: usize, node: &Node) -> String {
    // What stands for the enumeration itself keeps its frame from being empty.
    if node.name.is_empty() && node.column == Column::Item {
        return format!("n{place} [shape=point, style=invis];");
    }
    let (label, class) = (quoted(&node.label()), class(node.mark));
    format!("n{place} [label={label}, class={class}{}];", line(node.mark))
}

/// What a changed thing looks like, besides its sign.
fn line(mark: Option<Action>) -> String {
    match mark {
        None => String::new(),
        Some(_) => format!(", color=\"{0}\", fontcolor=\"{0}\", penwidth=2", colour(mark)),
    }
}

/// A text in quotes.
fn quoted(text: &str) -> String {
    format!("\"{}\"", inner(text))
}

/// The same for a text of several lines of ours.
fn lines(text: &str) -> String {
    let lines: Vec<String> = text.split('\n').map(inner).collect();
    format!("\"{}\"", lines.join("\\n"))
}

/// A text between quotes. A backslash would begin an escape like `\N`, and `&` an entity.
fn inner(text: &str) -> String {
    visible(text).replace('&', "&amp;").replace('\\', "\\\\").replace('"', "\\\"")
}

#[cfg(test)]
mod tests {
    use super::{lines, quoted};

    #[test]
    fn quotes_and_escapes_stay_text() {
        assert_eq!(quoted(r#"a"] -> \N & <b>"#), r#""a\"] -> \\N &amp; <b>""#);
        assert_eq!(quoted("one\ntwo"), r#""one\\ntwo""#);
        assert_eq!(lines("one\n\"two\""), r#""one\n\"two\"""#);
    }
}
