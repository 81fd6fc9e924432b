//! New values as YAML, in the style of their neighbours.

use serde_yaml::Value;

use super::scalar::{self, Quotes};
use crate::source::{Content, Outline};

/// Spaces per level where no neighbour shows how many.
const STEP: usize = 2;

/// What the new text goes into.
#[derive(Clone, Copy)]
pub(super) struct Page<'t> {
    pub(super) text: &'t str,
    /// The file's line break.
    pub(super) newline: &'static str,
}

impl<'t> Page<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        let windows = text.find('\n').is_some_and(|at| text[..at].ends_with('\r'));
        Self { text, newline: if windows { "\r\n" } else { "\n" } }
    }

    /// Where the line of a byte begins.
    pub(super) fn line_start(&self, at: usize) -> usize {
        self.text[..at].rfind('\n').map_or(0, |at| at + 1)
    }

    /// How many characters stand before a byte in its line.
    pub(super) fn column(&self, at: usize) -> usize {
        self.text[self.line_start(at)..at].trim_start_matches('\u{feff}').chars().count()
    }

    /// An entry of a block mapping, without its last line break.
    pub(super) fn entry(&self, key: &str, value: &Value, indent: usize, like: Option<&Outline>) -> String {
        let mut out = format!("{:indent$}{}:", "", scalar::write(key, Quotes::None));
        self.after_colon(&mut out, value, indent, like);
        out
    }

    fn after_colon(&self, out: &mut String, value: &Value, indent: usize, like: Option<&Outline>) {
        if is_inline(value, like) {
            out.push(' ');
            out.push_str(&flow(value));
            return;
        }
        let inner = like.map_or(indent + STEP, |like| self.inner(like, indent));
        match value {
            Value::Mapping(map) => {
                for (key, child) in map {
                    out.push_str(self.newline);
                    let key = key.as_str().unwrap_or_default();
                    out.push_str(&self.entry(key, child, inner, model(like, Some(key), child)));
                }
            }
            Value::Sequence(list) => {
                for element in list {
                    out.push_str(self.newline);
                    out.push_str(&self.element(element, inner, model(like, None, element)));
                }
            }
            _ => {}
        }
    }

    /// An element of a block list, without its last line break.
    pub(super) fn element(&self, value: &Value, indent: usize, like: Option<&Outline>) -> String {
        let dash = format!("{:indent$}- ", "");
        match value {
            Value::Mapping(map) if !is_inline(value, like) => {
                let entry = |(key, child): (&Value, &Value)| {
                    let key = key.as_str().unwrap_or_default();
                    self.entry(key, child, indent + 2, model(like, Some(key), child))
                };
                let entries: Vec<String> = map.iter().map(entry).collect();
                dash + entries.join(self.newline).trim_start()
            }
            _ => dash + &flow(value),
        }
    }

    /// The indentation of what is in a collection like this one, when it stands at `indent`.
    fn inner(&self, like: &Outline, indent: usize) -> usize {
        let first = like.entries().first().map(|(key, _)| key.span.start);
        let Some(first) = first else { return indent + STEP };
        // Steps are as wide as those of the neighbour: from its key's column to its children's.
        let above = self.text[..first].trim_end().rfind('\n').map_or(0, |at| at + 1);
        let column = |from: usize| self.text[from..].chars().take_while(|ch| *ch == ' ').count();
        let step = self.column(first).saturating_sub(column(above));
        indent + if (1..=8).contains(&step) { step } else { STEP }
    }
}

/// The neighbour whose style a new value takes: the same key's, else the last of the same sort.
pub(super) fn model<'o>(like: Option<&'o Outline>, key: Option<&str>, value: &Value) -> Option<&'o Outline> {
    let like = like?;
    if let Some(same) = key.and_then(|key| like.get(key)) {
        return Some(same);
    }
    let fits = |outline: &&Outline| match value {
        Value::Mapping(_) => matches!(outline.content, Content::Map(_)),
        Value::Sequence(_) => matches!(outline.content, Content::List(_)),
        _ => matches!(outline.content, Content::Scalar(_)),
    };
    let mut values = like.entries().iter().map(|(_, value)| value).chain(like.elements());
    values.rfind(fits)
}

fn is_inline(value: &Value, like: Option<&Outline>) -> bool {
    match value {
        Value::Mapping(map) if map.is_empty() => true,
        Value::Sequence(list) if list.is_empty() => true,
        // Scalars in a row, like periods, are as readable as one.
        Value::Sequence(list) if !list.iter().any(Value::is_mapping) => true,
        Value::Mapping(_) | Value::Sequence(_) => like.is_some_and(|like| like.flow),
        _ => true,
    }
}

/// A value on one line.
pub(super) fn flow(value: &Value) -> String {
    match value {
        Value::Mapping(map) => {
            let entries = map.iter().map(|(key, value)| {
                format!("{}: {}", scalar::write(key.as_str().unwrap_or_default(), Quotes::None), flow(value))
            });
            format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
        }
        Value::Sequence(list) => format!("[{}]", list.iter().map(flow).collect::<Vec<_>>().join(", ")),
        Value::String(text) => word(text),
        Value::Bool(flag) => flag.to_string(),
        Value::Number(number) => number.to_string(),
        _ => String::new(),
    }
}

/// `off` of a price is written bare, as everywhere in the documentation: to our loader it is text.
fn word(text: &str) -> String {
    if text == "off" { text.to_owned() } else { scalar::write(text, Quotes::None) }
}
