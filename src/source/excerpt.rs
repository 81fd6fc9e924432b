//! The few lines of a file around a problem.
//!
//! A report over the whole file would cost tens of milliseconds and print everything between two
//! labels, so each gets its own lines, with their real numbers. What looks like a secret is starred.

use std::ops::Range;

use miette::{LabeledSpan, MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};

use super::{secrets, text::Source};

/// Lines longer than this are shown in part.
const LONG_LINE: usize = 300;
/// How much of a long line is shown before the underlined place.
const BEFORE: usize = 100;
/// Two places this many lines apart are shown in one excerpt.
const NEAR: usize = 3;

/// Some lines of a file with one or two underlined places.
#[derive(Clone, Debug)]
pub(super) struct Excerpt {
    file: String,
    text: String,
    /// Number of the first line, from 0.
    first: usize,
    /// Column of the underlined place, from 0.
    column: usize,
    labels: Vec<LabeledSpan>,
}

/// An underlined place.
pub(super) struct Mark<'m> {
    pub(super) span: Range<usize>,
    pub(super) label: &'m str,
}

impl Excerpt {
    /// Cuts the lines around the first mark; the second must be [`near`].
    pub(super) fn cut(source: &Source, hidden: &[Range<usize>], marks: &[Mark<'_>]) -> Self {
        let marks: Vec<_> = marks.iter().map(|mark| (on_one_line(source, &mark.span), mark.label)).collect();
        let lines = || marks.iter().map(|(span, _)| source.line_of(span.start));
        let first = lines().min().unwrap_or(1).saturating_sub(1).max(1);
        let last = lines().max().unwrap_or(1) + 1;
        let mut text = String::new();
        let mut spans: Vec<Range<usize>> = vec![0..0; marks.len()];
        for number in first..=last {
            let Some(line) = source.line(number) else { break };
            // What follows the last line break is a line only if there is something in it.
            if line.is_empty() && line.start == source.text.len() && number == last {
                break;
            }
            copy_line(source, line, hidden, &marks, &mut text, &mut spans);
            text.push('\n');
        }
        let labels = (spans.into_iter().zip(&marks).enumerate())
            .map(|(index, (span, (_, label)))| {
                let (label, len) = (Some((*label).to_owned()), span.len());
                let label = LabeledSpan::new(label, span.start, len);
                if index == 0 {
                    LabeledSpan::new_primary_with_span(label.label().map(str::to_owned), *label.inner())
                } else {
                    label
                }
            })
            .collect();
        let column = marks.first().map_or(0, |(span, _)| source.position(span.start).column - 1);
        Self { file: source.name.clone(), text, first: first - 1, column, labels }
    }

    pub(super) fn labels(&self) -> Vec<LabeledSpan> {
        self.labels.clone()
    }
}

/// Whether two places of one file can share an excerpt.
pub(super) fn near(source: &Source, one: usize, other: usize) -> bool {
    source.line_of(one).abs_diff(source.line_of(other)) <= NEAR
}

/// The part of a span on its first line, without blanks at its end.
fn on_one_line(source: &Source, span: &Range<usize>) -> Range<usize> {
    let start = span.start.min(source.text.len());
    let line = source.line(source.line_of(start)).unwrap_or(start..start);
    let start = start.clamp(line.start, line.end);
    let end = span.end.clamp(start, line.end);
    let kept = source.text.get(start..end).map_or(0, |text| text.trim_end().len());
    // A span of blanks only is a tab that is itself the fault.
    if kept == 0 { start..end } else { start..start + kept }
}

/// Adds a line as it may be shown, and notes where the marks come to lie.
fn copy_line(
    source: &Source,
    line: Range<usize>,
    hidden: &[Range<usize>],
    marks: &[(Range<usize>, &str)],
    out: &mut String,
    spans: &mut [Range<usize>],
) {
    let mut starred = secrets::in_line(&source.text[line.clone()]);
    for range in &mut starred {
        *range = range.start + line.start..range.end + line.start;
    }
    starred.extend(hidden.iter().filter(|range| range.start < line.end && line.start < range.end).cloned());
    let window = window(&source.text, &line, marks);
    if window.start > line.start {
        out.push('…');
    }
    let note = |at: usize, to: usize, spans: &mut [Range<usize>]| {
        for ((mark, _), span) in marks.iter().zip(spans) {
            if mark.start == at {
                *span = to..to;
            }
            if mark.end == at && mark.start >= line.start {
                span.end = to.max(span.start);
            }
        }
    };
    for (at, ch) in source.text[window.clone()].char_indices() {
        let at = at + window.start;
        note(at, out.len(), spans);
        out.push(match ch {
            _ if starred.iter().any(|range| range.contains(&at)) => '*',
            '\t' => '\t',
            _ if ch.is_control() => '\u{fffd}',
            _ => ch,
        });
    }
    // A mark may end at, or beyond, the last character that is shown.
    let end = out.len();
    for ((mark, _), span) in marks.iter().zip(spans.iter_mut()) {
        if mark.start == window.end {
            *span = end..end;
        } else if window.contains(&mark.start) && mark.end >= window.end {
            span.end = end;
        }
    }
    if window.end < line.end {
        out.push('…');
    }
}

/// The part of a line that is shown.
fn window(text: &str, line: &Range<usize>, marks: &[(Range<usize>, &str)]) -> Range<usize> {
    if line.len() <= LONG_LINE {
        return line.clone();
    }
    let mark =
        marks.iter().map(|(span, _)| span.start).find(|start| line.contains(start) || *start == line.end);
    let boundary =
        |at: usize| (line.start..=at).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(line.start);
    let start = boundary(mark.map_or(line.start, |mark| mark.saturating_sub(BEFORE).max(line.start)));
    start..boundary((start + LONG_LINE).min(line.end))
}

impl SourceCode for Excerpt {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let read = self.text.as_str().read_span(span, before, after)?;
        // Without context miette asks for the position to print; the column may lie outside the window.
        let primary = self.labels.first().is_some_and(|label| label.offset() == span.offset());
        let column = if before == 0 && primary { self.column } else { read.column() };
        let contents = MietteSpanContents::new_named(
            self.file.clone(),
            read.data(),
            *read.span(),
            read.line() + self.first,
            column,
            read.line_count(),
        );
        Ok(Box::new(contents))
    }
}
