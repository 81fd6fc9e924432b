//! Where entries begin and end in the text: lines, colons, dashes and blanks.

use super::{edit::children, render::Page};
use crate::source::{Content, Outline};

impl Page<'_> {
    /// A scalar with the header of its block style, where it has one.
    pub(super) fn scalar_span(&self, key: Option<&Outline>, value: &Outline) -> std::ops::Range<usize> {
        let colon = key.and_then(|key| self.colon(key));
        let header = colon.and_then(|colon| {
            let between = self.text.get(colon + 1..value.span.start)?;
            Some(colon + 1 + between.find(['|', '>']).filter(|at| between[..*at].trim().is_empty())?)
        });
        match header {
            Some(header) => {
                let body = self.text[header..value.span.end].trim_end();
                header..header + body.len()
            }
            None => value.span.clone(),
        }
    }

    pub(super) fn colon(&self, key: &Outline) -> Option<usize> {
        let rest = &self.text[key.span.end..];
        let colon = rest.find(|ch: char| !ch.is_whitespace())?;
        rest[colon..].starts_with(':').then_some(key.span.end + colon)
    }

    /// The last byte of an entry, without what follows it on its line.
    pub(super) fn end(&self, key: Option<&Outline>, value: &Outline) -> usize {
        let from = key.map_or(value.span.start, |key| key.span.end);
        match &value.content {
            Content::Alias => from,
            Content::Scalar(_) => {
                let end = value.span.end.max(from);
                from + self.text[from..end].trim_end().len()
            }
            _ if value.flow => value.span.end,
            _ => children(value).last().map_or(value.span.end, |(key, value)| self.end(*key, value)),
        }
    }

    /// The end of a byte's line, in front of its break.
    pub(super) fn line_end(&self, at: usize) -> usize {
        let end = self.text[at..].find('\n').map_or(self.text.len(), |next| at + next);
        if self.text[at..end].ends_with('\r') { end - 1 } else { end }
    }

    /// The beginning of the line after a byte's.
    pub(super) fn next_line(&self, at: usize) -> usize {
        self.text[at..].find('\n').map_or(self.text.len(), |next| at + next + 1)
    }

    /// Lines to cut; between two blank lines, or a blank line and the end, with one of them.
    pub(super) fn with_blank(&self, start: usize, end: usize) -> std::ops::Range<usize> {
        let text = self.text;
        let before = text[..start].trim_end_matches([' ', '\t']);
        let blank = |line: &str| line.trim().is_empty();
        let above = before.strip_suffix('\n').map(|above| self.line_start(above.len()));
        let above = above.filter(|above| blank(&text[*above..start]));
        match above {
            Some(above) if end == text.len() => above..end,
            Some(_) if blank(&text[end..self.next_line(end)]) => start..self.next_line(end),
            _ => start..end,
        }
    }

    /// The dash of an element of a block list.
    pub(super) fn dash(&self, element: &Outline) -> Option<usize> {
        let mut before = self.text[..element.span.start].trim_end();
        if let Some(space) = before.rfind([' ', '\n']).filter(|at| before[at + 1..].starts_with('&')) {
            before = before[..space].trim_end();
        }
        before.ends_with('-').then(|| before.len() - 1)
    }
}
