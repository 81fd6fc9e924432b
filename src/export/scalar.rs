//! Text as a YAML scalar: in the quotes that were there, or in none where that is safe.

use std::fmt::Write as _;

/// How a scalar is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Quotes {
    None,
    Single,
    Double,
}

impl Quotes {
    /// Those around a scalar's source text.
    pub(super) fn of(source: &str) -> Self {
        match source.as_bytes().first() {
            Some(b'\'') => Self::Single,
            Some(b'"') => Self::Double,
            _ => Self::None,
        }
    }
}

/// The text with these quotes, or with double ones where it needs them.
pub(super) fn write(text: &str, quotes: Quotes) -> String {
    match quotes {
        Quotes::None if is_plain(text) => text.to_owned(),
        Quotes::Single if text.chars().all(is_printable) => format!("'{}'", text.replace('\'', "''")),
        _ => double(text),
    }
}

/// Whether the text may stand without quotes wherever it is, and means itself in YAML 1.1, too.
/// What is in doubt is quoted.
fn is_plain(text: &str) -> bool {
    let period = text
        .strip_suffix('m')
        .is_some_and(|months| !months.is_empty() && months.bytes().all(|byte| byte.is_ascii_digit()));
    let word = text.starts_with(|ch: char| ch.is_alphabetic() || ch == '/')
        && !text.ends_with([' ', ':'])
        && !text.contains(": ")
        && !text.contains(" #")
        && text.chars().all(|ch| is_printable(ch) && !"[]{},\"'`&*!|>%@\\".contains(ch));
    period || word && !is_reserved(text)
}

/// Words that are flags or nothing to some reader.
fn is_reserved(text: &str) -> bool {
    let words = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"];
    words.iter().any(|word| text.eq_ignore_ascii_case(word))
}

/// Line separators and byte order marks are no characters of a line.
fn is_printable(ch: char) -> bool {
    !ch.is_control() && !matches!(ch, '\u{2028}' | '\u{2029}' | '\u{feff}')
}

fn double(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for ch in text.chars() {
        match ch {
            '"' | '\\' => out.extend(['\\', ch]),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            ch if is_printable(ch) => out.push(ch),
            ch => write!(out, "\\u{:04X}", u32::from(ch)).expect("writing to a string does not fail"),
        }
    }
    out.push('"');
    out
}
