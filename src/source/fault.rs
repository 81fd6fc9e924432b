//! A fault as the checks find it: cheap to make, rendered later and only if it is shown.

use std::ops::Range;

use crate::language::t;

/// More faults than anyone counts. What a file has beyond them is left out, for a file of nothing but faults
/// would make many times its own size of them.
pub(crate) const MOST: usize = 10_000;
/// Longer than any pointer to a value that the format knows.
const LONGEST: usize = 8192;

/// Something wrong at a place of a file.
#[derive(Clone, Debug)]
pub(crate) struct Fault {
    pub(crate) place: Place,
    /// JSON pointer of the value at fault; none where the text is not YAML, or the keys are endless.
    pub(crate) pointer: Option<String>,
    pub(crate) code: &'static str,
    pub(crate) message: String,
    /// Short text under the underlined place.
    pub(crate) label: String,
    pub(crate) help: Option<String>,
    /// A second place that belongs to it, with its label.
    pub(crate) other: Option<(Place, String)>,
    /// The underlined text must not be shown.
    pub(crate) secret: bool,
}

/// Bytes of one of the files.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    pub(crate) file: usize,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

impl Place {
    pub(crate) fn new(file: usize, span: Range<usize>) -> Self {
        Self { file, start: span.start, end: span.end }
    }
}

impl Fault {
    pub(crate) fn new(file: usize, span: Range<usize>, code: &'static str, message: String) -> Self {
        Self {
            place: Place::new(file, span),
            pointer: None,
            code,
            message,
            label: t!("here"),
            help: None,
            other: None,
            secret: false,
        }
    }

    pub(crate) fn at(mut self, pointer: String) -> Self {
        self.pointer = (pointer.len() <= LONGEST).then_some(pointer);
        self
    }

    pub(crate) fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    pub(crate) fn other(mut self, place: Place, label: impl Into<String>) -> Self {
        self.other = Some((place, label.into()));
        self
    }
}

/// A JSON pointer from its steps.
pub(crate) fn pointer<'s>(steps: impl IntoIterator<Item = &'s str>) -> String {
    steps.into_iter().fold(String::new(), |mut pointer, step| {
        pointer.push('/');
        pointer.push_str(&step.replace('~', "~0").replace('/', "~1"));
        pointer
    })
}

/// The steps of a JSON pointer.
pub(crate) fn steps(pointer: &str) -> Vec<String> {
    pointer.split('/').skip(1).map(|step| step.replace("~1", "/").replace("~0", "~")).collect()
}

/// Text from a file, made fit for a message: short, on one line, without control characters.
pub(crate) fn shown(text: &str) -> String {
    const MOST: usize = 60;
    let clean = |ch: char| if ch.is_control() { '\u{fffd}' } else { ch };
    let mut short: String = text.chars().take(MOST).map(clean).collect();
    if text.chars().nth(MOST).is_some() {
        short.push('…');
    }
    short
}

/// The candidate a typing error most likely meant.
pub(crate) fn nearest<'c>(text: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    let lower = text.to_lowercase();
    let score = |candidate: &str| strsim::normalized_damerau_levenshtein(&lower, &candidate.to_lowercase());
    candidates
        .into_iter()
        .map(|candidate| (score(candidate), candidate))
        .filter(|(score, _)| *score > 0.6)
        .max_by(|left, right| left.0.total_cmp(&right.0))
        .map(|(_, candidate)| candidate)
}
