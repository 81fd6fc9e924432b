//! The languages that people are spoken to in: English, which is in the code, and Russian, which is in
//! `data/ru/*.po`, one catalogue per module.
//!
//! A sentence is written where it is said: `t!("{count} of them", count = 3)`. Where Russian is asked for, the
//! English text is the key of its translation, as with gettext; a test fails where one is missing.
//! Spoken to are people: codes of errors, names of fields and everything that programs read stays the same.
//!
//! The language is the process's, set once before anything is said, like the locale of any other program.

mod catalogue;
mod choice;
#[cfg(test)]
mod forgotten;
#[cfg(test)]
mod tests;

use std::fmt::Display;

pub(crate) use catalogue::{translated, translated_plural};
#[cfg(test)]
pub(crate) use choice::speaking;
pub(crate) use choice::{Language, speak};

/// A sentence in the language of the process.
///
/// `t!("text")`, `t!("{name} is new", name = value)`, or with a context where one English word has several
/// translations: `t!("of prices" => "new")`.
macro_rules! t {
    ($text:literal $(, $name:ident = $value:expr)* $(,)?) => {
        $crate::language::t!("" => $text $(, $name = $value)*)
    };
    ($context:literal => $text:literal $(, $name:ident = $value:expr)* $(,)?) => {
        match $crate::language::translated($context, $text) {
            None => ::std::format_args!($text $(, $name = $value)*).to_string(),
            Some(text) => $crate::language::filled(
                text,
                &[$((stringify!($name), &$value as &dyn ::std::fmt::Display)),*],
            ),
        }
    };
}

/// A sentence about a number of things, in the form that the number asks for: `tn!(3, "{n} page", "{n} pages")`.
/// The number is `{n}`; further values follow as in [`t!`].
macro_rules! tn {
    ($number:expr, $one:literal, $many:literal $(, $name:ident = $value:expr)* $(,)?) => {{
        let n = $number;
        match $crate::language::translated_plural($one, n) {
            None if n == 1 => ::std::format_args!($one, n = n $(, $name = $value)*).to_string(),
            None => ::std::format_args!($many, n = n $(, $name = $value)*).to_string(),
            Some(text) => $crate::language::filled(
                text,
                &[("n", &n as &dyn ::std::fmt::Display) $(, (stringify!($name), &$value))*],
            ),
        }
    }};
}

/// A text without values as a constant, which [`told`] gives in the language of the process.
macro_rules! later {
    ($text:literal) => {
        $text
    };
}

pub(crate) use {later, t, tn};

/// A text that was marked with [`later!`], or that the configuration's schema has, in the language of the process.
pub(crate) fn told(text: &str) -> &str {
    translated("", text).unwrap_or(text)
}

/// A translation with its values put in. Values are not looked into: braces in them stay.
pub(crate) fn filled(text: &str, values: &[(&str, &dyn Display)]) -> String {
    let mut filled = String::with_capacity(text.len() + 16 * values.len());
    let mut rest = text;
    while let Some(at) = rest.find(['{', '}']) {
        filled.push_str(&rest[..at]);
        let (brace, tail) = rest[at..].split_at(1);
        if let Some(tail) = tail.strip_prefix(brace) {
            filled.push_str(brace);
            rest = tail;
            continue;
        }
        let (name, after) = tail.split_once('}').unwrap_or((tail, ""));
        if let Some((_, value)) = values.iter().find(|(known, _)| *known == name) {
            filled.push_str(&value.to_string());
        }
        rest = after;
    }
    filled.push_str(rest);
    filled
}
