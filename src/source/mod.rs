//! The configuration's text: YAML → nodes with their places, and problems that point at them.
//!
//! It knows nothing of what the text means. What is wrong with it is found in three stages, here and
//! above, all of which report the same [`Problem`]s: the YAML itself, the format, the live panel.

pub(crate) mod build;
pub(crate) mod codes;
mod excerpt;
pub(crate) mod fault;
mod outline;
mod problem;
pub(crate) mod scalar;
pub(crate) mod secrets;
mod syntax;
mod text;
pub(crate) mod tree;

use std::ops::Range;

pub(crate) use outline::{Content, Outline};
pub(crate) use problem::{Problem, Problems};
pub(crate) use text::Source;

use self::{
    fault::{Fault, pointer},
    tree::{Found, NodeRef, Shape},
};
use crate::plan::Origin;

/// The files of one configuration, in their order.
pub(crate) struct Sources(Vec<Source>);

/// Which part of an entry to underline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum At {
    Key,
    Value,
}

impl Sources {
    /// Reads texts, given with the names to show. A file that is not YAML has no tree.
    pub(crate) fn parse(files: Vec<(String, String)>) -> (Self, Vec<Fault>) {
        let mut faults = Vec::new();
        let read = files.into_iter().enumerate().map(|(file, (name, text))| {
            let (source, found) = Source::parse(file, name, &text);
            faults.extend(found);
            source
        });
        (Self(read.collect()), faults)
    }

    pub(crate) fn iter(&self) -> std::slice::Iter<'_, Source> {
        self.0.iter()
    }

    /// Where a value is written; the deepest part of its path that exists.
    pub(crate) fn origin(&self, path: &[&str]) -> Option<Origin> {
        let (file, found) = self.find(path)?;
        let source = &self.0[file];
        let node = found.key.unwrap_or(found.value);
        let line = u32::try_from(source.line_of(node.span().start)).unwrap_or(u32::MAX);
        Some(Origin { file: source.name.clone(), line })
    }

    /// A problem that another stage found, underlined in the YAML.
    pub(crate) fn problem(
        &self,
        path: &[&str],
        at: At,
        code: &'static str,
        message: String,
        help: Option<String>,
    ) -> Problem {
        Problem::of_fault(&self.0, Fault { help, ..self.fault(path, at, code, message) })
    }

    /// The same as a fault, to be reported among others.
    pub(crate) fn fault(&self, path: &[&str], at: At, code: &'static str, message: String) -> Fault {
        let (file, span) = match self.find(path) {
            None => (0, 0..0),
            Some((file, found)) => (file, mark(found, at)),
        };
        Fault::new(file, span, code, message).at(pointer(path.iter().copied()))
    }

    /// All that was found, as people and programs get it.
    pub(crate) fn problems(&self, paths: Vec<Problem>, faults: Vec<Fault>) -> Problems {
        Problems::new(&self.0, paths, faults)
    }

    /// The files for those who edit them: name, text, and the places of all values.
    pub(crate) fn outlines(&self) -> impl Iterator<Item = (&str, &str, Outline)> {
        self.iter().filter_map(|source| {
            Some((source.name.as_str(), &*source.text, Outline::of(source.tree.as_ref()?)))
        })
    }

    fn find(&self, path: &[&str]) -> Option<(usize, Found<'_>)> {
        let deepest = |best: Option<(usize, Found<'_>)>, found: (usize, Found<'_>)| {
            best.is_none_or(|best| found.1.depth > best.1.depth)
        };
        let mut best = None;
        for (file, source) in self.iter().enumerate() {
            let Some(tree) = &source.tree else { continue };
            let found = (file, tree.walk(path.iter().copied()));
            if deepest(best, found) {
                best = Some(found);
            }
            // A key of a section is in one file only.
            if found.1.depth >= 2 {
                break;
            }
        }
        best
    }
}

/// The bytes to underline for an entry.
pub(crate) fn mark(found: Found<'_>, at: At) -> Range<usize> {
    let value = found.value.span();
    match (found.key, at) {
        (Some(key), At::Key) => key.span(),
        (Some(key), At::Value) if value.is_empty() || is_block(found.value) => key.span(),
        _ => value,
    }
}

/// A collection over several lines: underlining its first one would point at something else.
fn is_block(value: NodeRef<'_>) -> bool {
    let text = value.tree.text.get(value.span()).unwrap_or_default();
    let collection = matches!(value.shape(), Shape::List(_) | Shape::Map(_));
    collection && (!text.starts_with(['{', '[']) || text.trim_end().contains('\n'))
}
