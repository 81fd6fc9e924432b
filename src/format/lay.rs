//! Values and the text between them → a [`Sheet`]: which comment belongs to what.
//!
//! A comment on a line of its own speaks of what follows, unless it is indented deeper than that: then it is
//! the end of the collection before. A comment behind an entry stays behind it.

use std::{collections::VecDeque, ops::Range};

use super::{
    events::{Document, Kind, Node, Pair},
    flow,
    sheet::{Block, Comment, Entry, Note, Sheet, Value},
};
use crate::config::FieldOrder;

/// How editors are told the schema. It has to stay at the top.
const MODELINE: &str = "# yaml-language-server:";

/// Where in the text something stands that is not understood.
pub(super) struct Unfit(pub(super) Range<usize>);

type Laid<T> = Result<T, Unfit>;

/// Lays a document out.
pub(super) fn lay(text: &str, document: &Document) -> Laid<Sheet> {
    let mut layer = Layer { text, cursor: 0, sort: !document.anchored };
    let mut prologue = String::new();
    if let Some(start) = &document.start {
        layer.cursor = start.end;
        layer.note()?;
        layer.cursor = (layer.cursor + 1).min(text.len());
        text[..layer.cursor].trim_end().clone_into(&mut prologue);
        prologue.push('\n');
    }
    let begin = layer.next();
    let Gap { comments, blank } = layer.gap(begin)?;
    let (header, lead) = header(comments, blank);
    let order = Some(FieldOrder::root());
    let mut root = match document.root.is_block() {
        true => layer.block(&document.root, order, Gap { comments: lead, blank })?,
        false => {
            let column = layer.column(begin);
            let (value, note) = layer.inline(&document.root, order)?;
            let entry = Entry { key: None, lead, blank, head: String::new(), column, value, note };
            Block { column, entries: vec![entry], tail: Vec::new(), order: None }
        }
    };
    let mut rest = layer.gap(text.len())?.comments.into();
    settle(&mut root, &mut rest, None);
    Ok(Sheet { prologue, header, root })
}

/// Comments about the file, and those about its first entry.
fn header(mut comments: Vec<Comment>, blank: bool) -> (Vec<Comment>, Vec<Comment>) {
    let of_file = match comments.iter().rposition(|comment| comment.blank) {
        _ if blank => comments.len(),
        Some(last) if last > 0 => last,
        _ => comments.iter().take_while(|comment| comment.text.starts_with(MODELINE)).count(),
    };
    let lead = comments.split_off(of_file);
    (comments, lead)
}

/// Hands comments to the collections that have ended, the innermost first: each takes what is indented deeper
/// than the one around it.
fn settle(block: &mut Block, comments: &mut VecDeque<Comment>, around: Option<usize>) {
    if let Some(Value::Block(_, inner)) = block.entries.last_mut().map(|entry| &mut entry.value) {
        settle(inner, comments, Some(block.column));
    }
    let ours = |comment: &Comment| around.is_none_or(|around| comment.column > around);
    while comments.front().is_some_and(ours) {
        block.tail.extend(comments.pop_front());
    }
}

/// What stands on the lines between two entries.
#[derive(Default)]
struct Gap {
    comments: Vec<Comment>,
    /// The last of these lines is blank.
    blank: bool,
}

struct Layer<'t> {
    text: &'t str,
    /// All before it is laid out.
    cursor: usize,
    sort: bool,
}

impl<'t> Layer<'t> {
    fn unfit<T>(&self, at: usize) -> Laid<T> {
        let line = self.text[at..].lines().next().unwrap_or_default();
        Err(Unfit(at..at + line.len()))
    }

    fn line_end(&self, at: usize) -> usize {
        self.text[at..].find('\n').map_or(self.text.len(), |end| at + end)
    }

    /// How many characters stand before a byte in its line.
    fn column(&self, at: usize) -> usize {
        let start = self.text[..at].rfind('\n').map_or(0, |end| end + 1);
        self.text[start..at].chars().count()
    }

    /// The next byte that is neither blank nor of a comment.
    fn next(&self) -> usize {
        let mut at = self.cursor;
        loop {
            let rest = self.text[at..].trim_start();
            at = self.text.len() - rest.len();
            if !rest.starts_with('#') {
                return at;
            }
            at = self.line_end(at);
        }
    }

    /// The lines up to that byte, which is on the last of them or the end of the text.
    fn gap(&mut self, until: usize) -> Laid<Gap> {
        let mut gap = Gap::default();
        let mut at = self.cursor;
        if at > 0 && !self.text[..at].ends_with('\n') {
            let end = self.line_end(at).min(until);
            if !self.text[at..end].trim().is_empty() {
                return self.unfit(at);
            }
            at = (end + 1).min(until);
        }
        while at < until {
            let end = self.line_end(at).min(until);
            let line = &self.text[at..end];
            let start = end - line.trim_start().len();
            if line.trim_start().starts_with('#') {
                let text = line.trim().to_owned();
                gap.comments.push(Comment { text, column: self.column(start), blank: gap.blank });
                gap.blank = false;
            } else if !line.trim().is_empty() {
                return self.unfit(start);
            } else if end < until {
                gap.blank = self.cursor > 0 || !gap.comments.is_empty();
            }
            at = end + 1;
        }
        self.cursor = until;
        Ok(gap)
    }

    /// The comment on the rest of the line.
    fn note(&mut self) -> Laid<Option<Note>> {
        let end = self.line_end(self.cursor);
        let rest = &self.text[self.cursor..end];
        let gap = rest.len() - rest.trim_start().len();
        if rest.trim().is_empty() {
            self.cursor = end;
            return Ok(None);
        }
        if gap == 0 || !rest.trim_start().starts_with('#') {
            return self.unfit(self.cursor + gap);
        }
        let column = self.column(self.cursor + gap);
        let gap = if rest[..gap].contains('\t') { 2 } else { gap };
        self.cursor = end;
        Ok(Some(Note { gap, column, lines: vec![rest.trim().to_owned()] }))
    }

    /// The same, with the lines of comment that go on right under it.
    fn long_note(&mut self) -> Laid<Option<Note>> {
        let mut note = self.note()?;
        while let Some(note) = note.as_mut().filter(|_| self.cursor < self.text.len()) {
            let start = self.cursor + 1;
            let end = self.line_end(start);
            let line = &self.text[start..end];
            let begin = end - line.trim_start().len();
            if !line.trim_start().starts_with('#') || self.column(begin) != note.column || line.contains('\t')
            {
                break;
            }
            note.lines.push(line.trim().to_owned());
            self.cursor = end;
        }
        Ok(note)
    }

    /// A block collection whose first entry is next.
    fn block(&mut self, node: &Node, order: Option<FieldOrder>, first: Gap) -> Laid<Block> {
        let column = self.column(self.next());
        let mut block = Block { column, entries: Vec::new(), tail: Vec::new(), order };
        let mut first = Some(first);
        let pairs: Vec<(Option<&Pair>, &Node)> = match &node.kind {
            Kind::Map { entries, .. } => entries.iter().map(|pair| (Some(pair), &pair.value)).collect(),
            Kind::List { elements, .. } => elements.iter().map(|element| (None, element)).collect(),
            Kind::Scalar { .. } | Kind::Alias => Vec::new(),
        };
        for (pair, value) in pairs {
            let at = self.next();
            let gap = match first.take() {
                Some(gap) => gap,
                None => {
                    let gap = self.gap(at)?;
                    let mut comments = gap.comments.into();
                    let ended = block.entries.last_mut().map(|entry| &mut entry.value);
                    if let Some(Value::Block(_, inner)) = ended {
                        settle(inner, &mut comments, Some(column));
                    }
                    Gap { comments: comments.into(), ..gap }
                }
            };
            let entry_column = self.column(at);
            let (head, inner) = match pair {
                Some(pair) => (self.key(at, &pair.key)?, order.and_then(|order| order.under(&pair.name))),
                None => (self.dash(at)?, order.and_then(FieldOrder::element)),
            };
            let (value, note) = self.value(value, inner)?;
            block.entries.push(Entry {
                key: pair.map(|pair| pair.name.clone()),
                lead: gap.comments,
                blank: gap.blank,
                head,
                column: entry_column,
                value,
                note,
            });
        }
        Ok(block)
    }

    /// A key with its colon.
    fn key(&mut self, at: usize, key: &Node) -> Laid<String> {
        let start = key.anchor.as_ref().map_or(key.span.start, |anchor| anchor.start);
        let rest = &self.text[key.span.end..];
        let colon = key.span.end + (rest.len() - rest.trim_start_matches([' ', '\t']).len());
        // Not `? key`, and nothing over several lines.
        let plain = start == at && !self.text[start..colon].contains('\n');
        if !plain || !self.text[colon..].starts_with(':') {
            return self.unfit(at);
        }
        self.cursor = colon + 1;
        Ok(format!("{}:", &self.text[start..key.span.end]))
    }

    fn dash(&mut self, at: usize) -> Laid<String> {
        if !self.text[at..].starts_with('-') {
            return self.unfit(at);
        }
        self.cursor = at + 1;
        Ok("-".to_owned())
    }

    fn value(&mut self, node: &Node, order: Option<FieldOrder>) -> Laid<(Value, Option<Note>)> {
        if !node.is_block() {
            return self.inline(node, order);
        }
        let mut anchor = None;
        if let Some(span) = &node.anchor {
            if !self.text[self.cursor..span.start].trim_matches([' ', '\t']).is_empty() {
                return self.unfit(span.start);
            }
            anchor = Some(self.text[span.clone()].to_owned());
            self.cursor = span.end;
        }
        let next = self.next();
        if !self.text[self.cursor..next].contains('\n') {
            self.cursor = next;
            return Ok((Value::Block(anchor, self.block(node, order, Gap::default())?), None));
        }
        // Under a dash, such lines are those above the first entry.
        let dashed = self.text[..self.cursor].ends_with('-');
        let note = if dashed { self.note()? } else { self.long_note()? };
        let gap = self.gap(next)?;
        Ok((Value::Block(anchor, self.block(node, order, gap)?), note))
    }

    /// A value that is not taken apart but for brackets on one line.
    fn inline(&mut self, node: &Node, order: Option<FieldOrder>) -> Laid<(Value, Option<Note>)> {
        let (text, from) = (self.text, self.cursor);
        let anchor = node.anchor.as_ref().map(|anchor| &text[anchor.clone()]).unwrap_or_default();
        let after_anchor = node.anchor.as_ref().map_or(from, |anchor| anchor.end);
        let own = if node.span.is_empty() { after_anchor..after_anchor } else { node.span.clone() };
        if own.start < from {
            return self.unfit(from);
        }
        let block = matches!(node.kind, Kind::Scalar { block: true });
        self.cursor = if block { from + block_scalar(&text[from..own.end]) } else { own.end };
        let raw = text[from..self.cursor].trim_start_matches([' ', '\t']);
        let joined = !block && text[from..own.start].trim() == anchor && !text[own.clone()].contains('\n');
        let lines = if joined {
            let value = flow::one_line(text, node, order.filter(|_| self.sort));
            let value = value.unwrap_or_else(|| text[own].to_owned());
            let blank = if anchor.is_empty() || value.is_empty() { "" } else { " " };
            vec![format!("{anchor}{blank}{value}")]
        } else {
            raw.split('\n').map(str::to_owned).collect()
        };
        // A comment cannot stand behind the text of a block scalar, only be part of it.
        let note = if block { None } else { self.long_note()? };
        Ok((Value::Inline(lines), note))
    }
}

/// How much of a block scalar's text to keep: blank lines at its end count only where the header says so.
fn block_scalar(raw: &str) -> usize {
    let header = raw.lines().next().unwrap_or_default();
    let header = header.split('#').next().unwrap_or_default();
    let mut kept = raw.strip_suffix('\n').unwrap_or(raw);
    while !header.contains('+')
        && let Some((rest, last)) = kept.rsplit_once('\n')
        && last.trim().is_empty()
    {
        kept = rest;
    }
    kept.len()
}

impl Node {
    fn is_block(&self) -> bool {
        matches!(self.kind, Kind::List { flow: false, .. } | Kind::Map { flow: false, .. })
    }
}
