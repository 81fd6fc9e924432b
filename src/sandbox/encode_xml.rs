//! `out=xml` and `out=devel`: the tree itself, `devel` with `metadata` and `messages`.

use super::document::Element;

/// Encodes a document. `full` keeps the two nodes that `out=xml` drops from the root.
pub(crate) fn encode(doc: &Element, full: bool) -> String {
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let keep: fn(&Element) -> bool =
        if full { |_| true } else { |child| !matches!(child.name.as_str(), "metadata" | "messages") };
    write(&mut out, doc, keep);
    out.push('\n');
    out
}

fn write(out: &mut String, element: &Element, keep: fn(&Element) -> bool) {
    out.push('<');
    out.push_str(&element.name);
    for (name, value) in &element.attrs {
        out.push(' ');
        out.push_str(name);
        out.push_str("=\"");
        escape(out, value);
        out.push('"');
    }
    if element.text.is_empty() && !element.children.iter().any(keep) {
        out.push_str("/>");
        return;
    }
    out.push('>');
    escape(out, &element.text);
    for child in element.children.iter().filter(|child| keep(child)) {
        write(out, child, |_| true);
    }
    out.push_str("</");
    out.push_str(&element.name);
    out.push('>');
}

/// Escapes text and attribute values alike. Control characters XML 1.0 cannot hold become spaces.
fn escape(out: &mut String, text: &str) {
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' | '\r' | '\t' => {
                out.push_str("&#");
                out.push_str(&u32::from(character).to_string());
                out.push(';');
            }
            other if other.is_control() => out.push(' '),
            other => out.push(other),
        }
    }
}
