//! An error of the configuration as people and programs get it.

use std::{fmt, ops::Range, path::Path};

use miette::{Diagnostic, LabeledSpan, Severity, SourceCode};
use serde_json::{Value, json};

use super::{
    excerpt::{self, Excerpt, Mark},
    fault::{Fault, Place},
    text::Source,
};

use crate::language::t;

/// More reports than anyone reads; all are counted.
const MOST: usize = 100;

/// One error: what, where, and what to do.
#[derive(Clone, Debug)]
pub(crate) struct Problem {
    pub(crate) code: &'static str,
    pub(crate) message: String,
    pub(crate) help: Option<String>,
    pub(crate) file: String,
    /// The place in the file; none where the file itself is the trouble.
    pub(crate) spot: Option<Spot>,
    /// JSON pointer of the value.
    pub(crate) pointer: Option<String>,
    excerpt: Option<Box<Excerpt>>,
    /// A second place that belongs to it, where it is too far away for the same excerpt.
    related: Vec<Self>,
    severity: Severity,
}

/// A place in a file: line and column from 1, the column in characters, the span in bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Spot {
    pub(crate) line: usize,
    pub(crate) column: usize,
    pub(crate) span: Range<usize>,
}

impl Problem {
    /// A problem with a file or directory as a whole.
    pub(crate) fn of_path(path: &Path, code: &'static str, message: String) -> Self {
        Self {
            code,
            message,
            help: None,
            file: path.display().to_string(),
            spot: None,
            pointer: None,
            excerpt: None,
            related: Vec::new(),
            severity: Severity::Error,
        }
    }

    pub(crate) fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    pub(crate) fn with_severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }

    pub(super) fn of_fault(sources: &[Source], fault: Fault) -> Self {
        let source = &sources[fault.place.file];
        let span = fault.place.start..fault.place.end;
        let together = (fault.other.as_ref()).filter(|(other, _)| {
            other.file == fault.place.file && excerpt::near(source, other.start, span.start)
        });
        let mut marks = vec![Mark { span: span.clone(), label: &fault.label }];
        marks.extend(together.map(|(place, label)| Mark { span: place.start..place.end, label }));
        let mut hidden = source.hidden().to_vec();
        if fault.secret {
            hidden.push(span.clone());
        }
        let excerpt = Excerpt::cut(source, &hidden, &marks);
        let related = match &fault.other {
            Some((place, label)) if together.is_none() => vec![Self::note(sources, place, label)],
            _ => Vec::new(),
        };
        let position = source.position(span.start);
        Self {
            code: fault.code,
            message: fault.message,
            help: fault.help,
            file: source.name.clone(),
            spot: Some(Spot { line: position.line, column: position.column, span }),
            pointer: fault.pointer,
            excerpt: Some(Box::new(excerpt)),
            related,
            severity: Severity::Error,
        }
    }

    /// The second place of an error.
    fn note(sources: &[Source], place: &Place, label: &str) -> Self {
        let fault =
            Fault::new(place.file, place.start..place.end, "", label.to_owned()).label(t!("this one"));
        Self { severity: Severity::Advice, ..Self::of_fault(sources, fault) }
    }

    /// The same as data. No text of the file is in it but what the message quotes.
    pub(crate) fn to_json(&self) -> Value {
        let spot = self.spot.as_ref();
        let mut value = json!({
            "code": self.code,
            "message": self.message,
            "help": self.help,
            "file": self.file,
            "line": spot.map(|spot| spot.line),
            "column": spot.map(|spot| spot.column),
            "span": spot.map(|spot| json!({"start": spot.span.start, "end": spot.span.end})),
            "pointer": self.pointer,
        });
        if let (Some(object), false) = (value.as_object_mut(), self.related.is_empty()) {
            let related = self.related.iter().map(|related| {
                let mut value = related.to_json();
                if let Some(object) = value.as_object_mut() {
                    object.retain(|key, value| key != "code" && !value.is_null());
                }
                value
            });
            object.insert("related".to_owned(), related.collect());
        }
        value
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.message)
    }
}

impl std::error::Error for Problem {}

impl Diagnostic for Problem {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        (!self.code.is_empty()).then(|| Box::new(self.code) as Box<dyn fmt::Display>)
    }

    fn severity(&self) -> Option<Severity> {
        Some(self.severity)
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help.as_ref().map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.excerpt.as_deref().map(|excerpt| excerpt as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let excerpt = self.excerpt.as_deref()?;
        Some(Box::new(excerpt.labels().into_iter()))
    }

    fn related<'a>(&'a self) -> Option<Box<dyn Iterator<Item = &'a dyn Diagnostic> + 'a>> {
        let related = self.related.iter().map(|problem| problem as &dyn Diagnostic);
        (!self.related.is_empty()).then(|| Box::new(related) as Box<dyn Iterator<Item = _>>)
    }
}

/// All errors of one run, by file and place. Never empty.
#[derive(Clone, Debug)]
pub(crate) struct Problems {
    shown: Vec<Problem>,
    total: usize,
}

impl Problems {
    /// Problems with paths come first, then the faults by file and offset.
    pub(super) fn new(sources: &[Source], paths: Vec<Problem>, mut faults: Vec<Fault>) -> Self {
        // Stable: of two faults of one place the earlier stage's stays, which says more.
        faults.sort_by(|left, right| left.place.cmp(&right.place));
        faults.dedup_by(|later, earlier| later.place == earlier.place);
        let total = paths.len() + faults.len();
        let faults = faults.into_iter().map(|fault| Problem::of_fault(sources, fault));
        Self { shown: paths.into_iter().chain(faults).take(MOST).collect(), total }
    }

    pub(crate) fn iter(&self) -> std::slice::Iter<'_, Problem> {
        self.shown.iter()
    }

    /// How many there are, shown or not.
    pub(crate) fn total(&self) -> usize {
        self.total
    }

    /// How many are counted but not shown.
    pub(crate) fn more(&self) -> usize {
        self.total - self.shown.len()
    }
}

impl<'a> IntoIterator for &'a Problems {
    type Item = &'a Problem;
    type IntoIter = std::slice::Iter<'a, Problem>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}
