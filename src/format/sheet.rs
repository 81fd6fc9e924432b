//! A file as entries that can be moved and printed, each with the comments that speak of it.

use crate::config::FieldOrder;

/// A comment on a line of its own.
#[derive(Debug)]
pub(super) struct Comment {
    pub(super) text: String,
    pub(super) column: usize,
    /// A blank line stands above.
    pub(super) blank: bool,
}

/// A comment behind an entry, and the lines that go on right under it.
#[derive(Debug)]
pub(super) struct Note {
    /// Blanks in front of it.
    pub(super) gap: usize,
    pub(super) column: usize,
    pub(super) lines: Vec<String>,
}

/// A key with its value, or an element of a list.
#[derive(Debug)]
pub(super) struct Entry {
    /// The text of the key; nothing in a list.
    pub(super) key: Option<String>,
    /// Comments above.
    pub(super) lead: Vec<Comment>,
    /// A blank line stands right above.
    pub(super) blank: bool,
    /// What it begins with: `key:`, or a dash.
    pub(super) head: String,
    pub(super) column: usize,
    pub(super) value: Value,
    pub(super) note: Option<Note>,
}

#[derive(Debug)]
pub(super) enum Value {
    /// Scalars, aliases and brackets: the lines from behind the head, the later ones as they are indented.
    Inline(Vec<String>),
    /// A collection on lines of its own, with its anchor.
    Block(Option<String>, Block),
}

/// A collection in block style.
#[derive(Debug)]
pub(super) struct Block {
    pub(super) column: usize,
    pub(super) entries: Vec<Entry>,
    /// Comments behind the last entry.
    pub(super) tail: Vec<Comment>,
    pub(super) order: Option<FieldOrder>,
}

/// A whole file.
#[derive(Debug)]
pub(super) struct Sheet {
    /// All up to the line with `---`.
    pub(super) prologue: String,
    /// Comments about the file.
    pub(super) header: Vec<Comment>,
    pub(super) root: Block,
}

impl Entry {
    /// Whether a blank line stands above it and its comments.
    pub(super) fn is_apart(&self) -> bool {
        self.lead.first().map_or(self.blank, |comment| comment.blank)
    }

    pub(super) fn set_apart(&mut self, blank: bool) {
        *self.lead.first_mut().map_or(&mut self.blank, |comment| &mut comment.blank) = blank;
    }
}

impl Sheet {
    /// Puts fields in their order, and one blank line between sections.
    pub(super) fn arrange(&mut self, sort: bool) {
        let first = self.root.entries.first().is_some_and(Entry::is_apart);
        let key = self.root.entries.first().and_then(|entry| entry.key.clone());
        arrange(&mut self.root, sort);
        let mut above: Option<bool> = None;
        for entry in &mut self.root.entries {
            let inline = matches!(entry.value, Value::Inline(_));
            let apart = match above {
                None if entry.key == key => first,
                // Settings of one line may stand together.
                Some(true) if inline => entry.is_apart(),
                _ => entry.key.is_some() || entry.is_apart(),
            };
            entry.set_apart(apart);
            above = Some(inline);
        }
    }
}

fn arrange(block: &mut Block, sort: bool) {
    for entry in &mut block.entries {
        let Value::Block(anchor, inner) = &mut entry.value else { continue };
        arrange(inner, sort);
        // Comments above the first field of an element stand above its dash.
        let joined = entry.key.is_none() && anchor.is_none() && entry.note.is_none();
        if let Some(first) = inner.entries.first_mut().filter(|_| joined) {
            if first.blank && !first.lead.is_empty() {
                first.blank = false;
            }
            entry.lead.append(&mut first.lead);
        }
    }
    let keys: Option<Vec<&str>> = block.entries.iter().map(|entry| entry.key.as_deref()).collect();
    let order = block.order.zip(keys).filter(|_| sort).map(|(order, keys)| order.of(&keys));
    if let Some(order) = order {
        let mut entries: Vec<Option<Entry>> =
            std::mem::take(&mut block.entries).into_iter().map(Some).collect();
        block.entries = order.into_iter().filter_map(|at| entries[at].take()).collect();
    }
}
