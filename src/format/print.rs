//! A [`Sheet`] → its text.

use super::sheet::{Block, Comment, Entry, Note, Sheet, Value};

/// Blanks per level.
const STEP: usize = 2;

/// The text, with line feeds.
pub(super) fn print(sheet: &Sheet) -> String {
    let mut out = Printer { text: sheet.prologue.clone(), empty: true };
    out.comments(&sheet.header, 0);
    out.block(&sheet.root, 0, false);
    out.text
}

struct Printer {
    text: String,
    /// Nothing stands in the collection or file yet that a blank line could set apart.
    empty: bool,
}

impl Printer {
    fn blank(&mut self, wanted: bool) {
        if wanted && !self.empty {
            self.text.push('\n');
        }
        self.empty = false;
    }

    fn indent(&mut self, indent: usize) {
        self.text.extend(std::iter::repeat_n(' ', indent));
    }

    fn comments(&mut self, comments: &[Comment], indent: usize) {
        for comment in comments {
            self.blank(comment.blank);
            self.indent(indent);
            self.text.push_str(&comment.text);
            self.text.push('\n');
        }
    }

    /// `begun` where its first entry goes on on the line that is there.
    fn block(&mut self, block: &Block, indent: usize, begun: bool) {
        for (at, entry) in block.entries.iter().enumerate() {
            self.entry(entry, indent, begun && at == 0);
        }
        self.comments(&block.tail, indent);
    }

    fn entry(&mut self, entry: &Entry, indent: usize, begun: bool) {
        if begun {
            self.empty = false;
        } else {
            self.comments(&entry.lead, indent);
            self.blank(entry.blank);
            self.indent(indent);
        }
        self.text.push_str(&entry.head);
        let moved = (entry.column, indent);
        match &entry.value {
            Value::Inline(lines) => {
                self.inline(lines, moved, entry.head.is_empty());
                self.note(entry.note.as_ref(), moved);
            }
            Value::Block(None, block) if entry.key.is_none() && entry.note.is_none() => {
                self.text.push(' ');
                self.block(block, indent + STEP, true);
            }
            Value::Block(anchor, block) => {
                if let Some(anchor) = anchor {
                    self.text.push(' ');
                    self.text.push_str(anchor);
                }
                self.note(entry.note.as_ref(), moved);
                self.empty = true;
                self.block(block, indent + STEP, false);
            }
        }
    }

    fn inline(&mut self, lines: &[String], moved: (usize, usize), alone: bool) {
        for (at, line) in lines.iter().enumerate() {
            if at > 0 {
                self.text.push('\n');
                self.text.push_str(&shifted(line, moved));
            } else if !line.is_empty() {
                self.text.push_str(if alone { "" } else { " " });
                self.text.push_str(line);
            }
        }
    }

    /// A comment behind a line, in its old column where the line leaves room, and the line break.
    fn note(&mut self, note: Option<&Note>, (from, to): (usize, usize)) {
        if let Some(note) = note {
            let start = self.text.rfind('\n').map_or(0, |end| end + 1);
            let width = self.text[start..].chars().count();
            let wanted = (note.column + to).saturating_sub(from);
            let column = if note.gap == 1 { width + 1 } else { wanted.max(width + 2) };
            self.indent(column - width);
            for (at, line) in note.lines.iter().enumerate() {
                if at > 0 {
                    self.text.push('\n');
                    self.indent(column);
                }
                self.text.push_str(line);
            }
        }
        self.text.push('\n');
    }
}

/// A further line of a value whose entry moved from one column to another.
fn shifted(line: &str, (from, to): (usize, usize)) -> String {
    if line.is_empty() {
        return String::new();
    }
    let blanks = line.len() - line.trim_start_matches(' ').len();
    let indent = (blanks + to).saturating_sub(from);
    format!("{:indent$}{}", "", &line[blanks..])
}
