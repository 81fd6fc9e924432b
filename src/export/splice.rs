//! Replacing byte ranges of a text, all at once.

use std::ops::Range;

/// New text for a range of the old one.
#[derive(Clone, Debug)]
pub(super) struct Splice {
    range: Range<usize>,
    text: String,
}

impl Splice {
    pub(super) fn new(range: Range<usize>, text: String) -> Self {
        Self { range, text }
    }

    pub(super) fn cut(range: Range<usize>) -> Self {
        Self::new(range, String::new())
    }
}

/// The text with all splices applied; nothing where two of them are about the same bytes. Cuts may
/// overlap each other.
pub(super) fn splice(text: &str, mut splices: Vec<Splice>) -> Option<String> {
    // Stable, so that what is added at one place keeps its order; in front of what is cut from there on.
    splices.sort_by_key(|splice| (splice.range.start, splice.range.end));
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    let mut after_cut = true;
    for splice in splices {
        let cut = splice.text.is_empty();
        let start = if cut && after_cut { splice.range.start.max(done) } else { splice.range.start };
        out.push_str(text.get(done..start)?);
        out.push_str(&splice.text);
        done = done.max(splice.range.end);
        after_cut = cut;
    }
    out.push_str(text.get(done..)?);
    Some(out)
}
