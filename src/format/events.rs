//! The values of a document with the bytes they stand in, anchors and aliases as they are written.

use std::ops::Range;

use granit_parser::{Event, Parser, ScalarStyle, Span, StructureStyle};

use crate::source::build;

/// A value.
pub(super) struct Node {
    /// Its bytes. Of a block collection only the start counts.
    pub(super) span: Range<usize>,
    /// Those of the anchor in front of it.
    pub(super) anchor: Option<Range<usize>>,
    pub(super) kind: Kind,
}

pub(super) enum Kind {
    Scalar {
        /// In block style, with `|` or `>`.
        block: bool,
    },
    Alias,
    List {
        flow: bool,
        elements: Vec<Node>,
    },
    Map {
        flow: bool,
        entries: Vec<Pair>,
    },
}

/// An entry of a mapping.
pub(super) struct Pair {
    /// The text of the key.
    pub(super) name: String,
    pub(super) key: Node,
    pub(super) value: Node,
}

/// The one document of a text.
pub(super) struct Document {
    /// The bytes of `---`, where it is written.
    pub(super) start: Option<Range<usize>>,
    pub(super) root: Node,
    /// Whether there is an anchor: its aliases have to stay behind it.
    pub(super) anchored: bool,
    /// The bytes of all scalars, in their order.
    pub(super) scalars: Vec<Range<usize>>,
}

/// Reads a text that the loader takes; nothing where it does not.
pub(super) fn read(text: &str) -> Option<Document> {
    let mut options = build::options();
    options.emit_anchor_events = true;
    let events = Parser::new_from_str_with_options(text, options).collect::<Result<Vec<_>, _>>().ok()?;
    let mut reader = Reader { events: events.into_iter().peekable(), anchored: false, scalars: Vec::new() };
    let start = loop {
        match reader.events.next()? {
            (Event::DocumentStart(explicit, _), span) => break span.byte_range().filter(|_| explicit),
            (Event::StreamStart, _) => {}
            _ => return None,
        }
    };
    let (_, root) = reader.node()?;
    Some(Document { start, root, anchored: reader.anchored, scalars: reader.scalars })
}

/// The comments of a text, with their signs.
pub(super) fn comments<'t>(text: &'t str, document: &Document) -> Vec<&'t str> {
    let (mut found, mut from) = (Vec::new(), 0);
    let end = text.len()..text.len();
    for scalar in document.scalars.iter().chain(std::iter::once(&end)) {
        while let Some(at) = text.get(from..scalar.start).and_then(|gap| gap.find('#')).map(|at| from + at) {
            if text[..at].ends_with(|ch: char| !ch.is_whitespace()) {
                from = at + 1;
                continue;
            }
            let end = text[at..].find('\n').map_or(text.len(), |end| at + end);
            found.push(text[at..end].trim_end());
            from = end;
        }
        from = from.max(scalar.end);
    }
    found
}

struct Reader<I: Iterator> {
    events: std::iter::Peekable<I>,
    anchored: bool,
    scalars: Vec<Range<usize>>,
}

impl<'t, I: Iterator<Item = (Event<'t>, Span)>> Reader<I> {
    /// The next value, with its text where it is a scalar.
    fn node(&mut self) -> Option<(String, Node)> {
        let (event, span) = self.events.next()?;
        let mut span = span.byte_range()?;
        let anchor = self.events.next_if(|(event, _)| matches!(event, Event::Anchor(..)));
        let anchor = anchor.and_then(|(_, span)| span.byte_range());
        self.anchored |= anchor.is_some();
        let mut name = String::new();
        let kind = match event {
            Event::Scalar(text, style, ..) => {
                self.scalars.push(span.clone());
                name = text.into_owned();
                Kind::Scalar { block: matches!(style, ScalarStyle::Literal | ScalarStyle::Folded) }
            }
            Event::Alias(_) => Kind::Alias,
            Event::SequenceStart(style, ..) => {
                let mut elements = Vec::new();
                span.end = loop {
                    if let Some(end) = self.end(&Event::SequenceEnd) {
                        break end;
                    }
                    elements.push(self.node()?.1);
                };
                Kind::List { flow: style == StructureStyle::Flow, elements }
            }
            Event::MappingStart(style, ..) => {
                let mut entries = Vec::new();
                span.end = loop {
                    if let Some(end) = self.end(&Event::MappingEnd) {
                        break end;
                    }
                    let (name, key) = self.node()?;
                    entries.push(Pair { name, key, value: self.node()?.1 });
                };
                Kind::Map { flow: style == StructureStyle::Flow, entries }
            }
            _ => return None,
        };
        Some((name, Node { span, anchor, kind }))
    }
    /// Where a collection ends, if that is here.
    fn end(&mut self, event: &Event<'_>) -> Option<usize> {
        let (_, span) = self.events.next_if(|(next, _)| next == event)?;
        span.byte_range().map(|range| range.end)
    }
}
