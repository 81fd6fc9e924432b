//! A fault as the checks find it: cheap to make, rendered later and only if it is shown.

use std::ops::Range;

/// Something wrong at a place of a file.
#[derive(Clone, Debug)]
pub(super) struct Fault {
    pub(super) place: Place,
    /// JSON pointer of the value at fault; none where the text is not YAML.
    pub(super) pointer: Option<String>,
    pub(super) code: &'static str,
    pub(super) message: String,
    /// Short text under the underlined place.
    pub(super) label: String,
    pub(super) help: Option<String>,
    /// A second place that belongs to it, with its label.
    pub(super) other: Option<(Place, String)>,
    /// The underlined text must not be shown.
    pub(super) secret: bool,
}

/// Bytes of one of the files.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    pub(super) file: usize,
    pub(super) start: usize,
    pub(super) end: usize,
}

impl Place {
    pub(super) fn new(file: usize, span: Range<usize>) -> Self {
        Self { file, start: span.start, end: span.end }
    }
}

impl Fault {
    pub(super) fn new(file: usize, span: Range<usize>, code: &'static str, message: String) -> Self {
        Self {
            place: Place::new(file, span),
            pointer: None,
            code,
            message,
            label: "here".to_owned(),
            help: None,
            other: None,
            secret: false,
        }
    }

    pub(super) fn at(mut self, pointer: String) -> Self {
        self.pointer = Some(pointer);
        self
    }

    pub(super) fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    pub(super) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    pub(super) fn other(mut self, place: Place, label: impl Into<String>) -> Self {
        self.other = Some((place, label.into()));
        self
    }
}

/// A JSON pointer from its steps.
pub(super) fn pointer<'s>(steps: impl IntoIterator<Item = &'s str>) -> String {
    steps.into_iter().fold(String::new(), |mut pointer, step| {
        pointer.push('/');
        pointer.push_str(&step.replace('~', "~0").replace('/', "~1"));
        pointer
    })
}

/// The steps of a JSON pointer.
pub(super) fn steps(pointer: &str) -> Vec<String> {
    pointer.split('/').skip(1).map(|step| step.replace("~1", "/").replace("~0", "~")).collect()
}

/// Text from a file, made fit for a message: short, on one line, without control characters.
pub(super) fn shown(text: &str) -> String {
    const MOST: usize = 60;
    let clean = |ch: char| if ch.is_control() { '\u{fffd}' } else { ch };
    let mut short: String = text.chars().take(MOST).map(clean).collect();
    if text.chars().nth(MOST).is_some() {
        short.push('…');
    }
    short
}

/// The candidate a typing error most likely meant.
pub(super) fn nearest<'c>(text: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    let lower = text.to_lowercase();
    let score = |candidate: &str| strsim::normalized_damerau_levenshtein(&lower, &candidate.to_lowercase());
    candidates
        .into_iter()
        .map(|candidate| (score(candidate), candidate))
        .filter(|(score, _)| *score > 0.6)
        .max_by(|left, right| left.0.total_cmp(&right.0))
        .map(|(_, candidate)| candidate)
}
