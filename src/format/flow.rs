//! Collections in brackets, on one line.

use std::ops::Range;

use super::events::{Kind, Node};
use crate::config::FieldOrder;

/// The value in the usual spacing; nothing where there is more to it than values, commas and colons.
pub(super) fn one_line(text: &str, node: &Node, order: Option<FieldOrder>) -> Option<String> {
    let mut out = String::new();
    write(text, node, order, &mut out)?;
    Some(out)
}

fn write(text: &str, node: &Node, order: Option<FieldOrder>, out: &mut String) -> Option<()> {
    match &node.kind {
        Kind::Scalar { .. } | Kind::Alias => out.push_str(text.get(node.span.clone())?),
        Kind::List { elements, .. } => {
            is_plain(text, node, elements.iter(), ('[', ']'))?;
            out.push('[');
            for (at, element) in elements.iter().enumerate() {
                out.push_str(if at == 0 { "" } else { ", " });
                write(text, element, order.and_then(FieldOrder::element), out)?;
            }
            out.push(']');
        }
        Kind::Map { entries, .. } => {
            let parts = entries.iter().flat_map(|pair| [&pair.key, &pair.value]);
            is_plain(text, node, parts, ('{', '}'))?;
            let keys: Vec<&str> = entries.iter().map(|pair| pair.name.as_str()).collect();
            let places = order.map_or_else(|| (0..entries.len()).collect(), |order| order.of(&keys));
            out.push('{');
            for (at, place) in places.into_iter().enumerate() {
                let pair = &entries[place];
                out.push_str(if at == 0 { "" } else { ", " });
                out.push_str(text.get(pair.key.span.clone())?);
                out.push_str(": ");
                write(text, &pair.value, order.and_then(|order| order.under(&pair.name)), out)?;
            }
            out.push('}');
        }
    }
    Some(())
}

/// Whether there is nothing but these parts in the brackets, apart from blanks, commas and colons. Anchors,
/// keys without a value and pairs without braces are left as they are written.
fn is_plain<'n>(
    text: &str,
    node: &Node,
    parts: impl Iterator<Item = &'n Node>,
    (open, close): (char, char),
) -> Option<()> {
    let inner = text.get(node.span.clone())?.strip_prefix(open)?.strip_suffix(close)?;
    let from = node.span.start + 1;
    let mut at = from;
    let between = |range: Range<usize>| -> Option<()> {
        let gap = text.get(range)?;
        gap.chars().all(|ch| matches!(ch, ' ' | '\t' | ',' | ':')).then_some(())
    };
    for part in parts {
        if part.span.is_empty() || part.anchor.is_some() {
            return None;
        }
        between(at..part.span.start)?;
        at = part.span.end;
    }
    between(at..from + inner.len())
}
