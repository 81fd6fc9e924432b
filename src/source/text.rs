//! One file's text by lines and columns, with the document that it is.

use std::{
    ops::Range,
    sync::{Arc, OnceLock},
};

use super::{build, fault::Fault, secrets, tree::Tree};

/// A file's name as it is shown, and its text.
pub(crate) struct Source {
    pub(crate) name: String,
    pub(crate) text: Arc<str>,
    /// None where the text is not YAML.
    pub(crate) tree: Option<Tree>,
    /// Where each line begins.
    lines: OnceLock<Vec<u32>>,
    /// What no excerpt may show.
    hidden: OnceLock<Vec<Range<usize>>>,
}

/// A position for people: both count from 1, columns in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Position {
    pub(super) line: usize,
    pub(super) column: usize,
}

impl Source {
    /// Reads the text of the file with that number.
    pub(super) fn parse(file: usize, name: String, text: &str) -> (Self, Vec<Fault>) {
        let text: Arc<str> = text.into();
        let (tree, faults) = match build::parse(file, &text) {
            Ok(tree) => (Some(tree), Vec::new()),
            Err(faults) => (None, faults),
        };
        (Self { name, text, tree, lines: OnceLock::new(), hidden: OnceLock::new() }, faults)
    }

    /// Spans of secrets that are written out; looked for once, when there is something to report.
    pub(super) fn hidden(&self) -> &[Range<usize>] {
        self.hidden.get_or_init(|| self.tree.as_ref().map(secrets::in_tree).unwrap_or_default())
    }

    /// The whole text as it may be shown.
    pub(crate) fn starred(&self) -> String {
        let mut hidden = self.hidden().to_vec();
        hidden.sort_by_key(|span| span.start);
        let (mut text, mut from) = (String::with_capacity(self.text.len()), 0);
        for span in hidden.into_iter().filter(|span| !span.is_empty()) {
            if span.start >= from {
                text.push_str(&self.text[from..span.start]);
                text.push_str("***");
            }
            from = from.max(span.end);
        }
        text.push_str(&self.text[from..]);
        text
    }

    fn lines(&self) -> &[u32] {
        self.lines.get_or_init(|| {
            let breaks = self.text.bytes().enumerate().filter(|&(_, byte)| byte == b'\n');
            let starts = breaks.map(|(at, _)| u32::try_from(at + 1).unwrap_or(u32::MAX));
            std::iter::once(0).chain(starts).collect()
        })
    }

    /// The number of the line that holds this byte, from 1.
    pub(super) fn line_of(&self, offset: usize) -> usize {
        self.lines().partition_point(|&start| start as usize <= offset)
    }

    /// The bytes of a line, without its break.
    pub(super) fn line(&self, number: usize) -> Option<Range<usize>> {
        let start = *self.lines().get(number.checked_sub(1)?)? as usize;
        let end = self.lines().get(number).map_or(self.text.len(), |&next| next as usize - 1);
        let text = &self.text[start..end];
        // A byte order mark is no character of the first line.
        let start = if start == 0 && text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { start };
        Some(start..start.max(end - usize::from(text.ends_with('\r'))))
    }

    pub(super) fn position(&self, offset: usize) -> Position {
        let line = self.line_of(offset);
        let start = self.line(line).map_or(0, |line| line.start);
        let before = self.text.get(start..offset).unwrap_or_default();
        Position { line, column: before.chars().count() + 1 }
    }
}
