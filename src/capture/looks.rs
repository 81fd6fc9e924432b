//! What a text looks like, by which it is decided whether it may stay.

use super::table::VENDOR_WORDS;

/// The longest caption that is kept.
const LONGEST: usize = 200;

/// Words that panels use for what is or is not set.
const WORDS: [&str; 12] =
    ["on", "off", "yes", "no", "null", "true", "false", "active", "inactive", "enabled", "disabled", "auto"];

pub(super) fn word(text: &str) -> bool {
    text.trim().is_empty() || WORDS.contains(&text)
}

/// A name that an element, a field or a function may have.
pub(super) fn named(name: &str) -> bool {
    let letter = |ch: char| ch.is_ascii_alphanumeric() || matches!(ch, '_' | '-' | '.' | ':');
    let first = name.chars().next();
    name.len() <= 80
        && first.is_some_and(|ch| ch.is_ascii_alphabetic() || ch == '_')
        && name.chars().all(letter)
}

/// A technical name or number, as it is.
pub(super) fn kept_token(text: &str) -> Option<String> {
    let letter = |ch: char| ch.is_ascii_alphanumeric() || matches!(ch, '_' | '-' | '.' | ',' | ':' | '+');
    (text.len() <= 80 && text.chars().all(letter)).then(|| text.to_owned())
}

/// A caption, as it is: no address of any kind, and nothing that a terminal shows otherwise than it is.
pub(super) fn phrase(text: &str) -> Option<String> {
    let turns = |ch: char| matches!(ch, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}');
    let odd = |ch: char| ch.is_control() || turns(ch) || ch == '@';
    (text.chars().count() <= LONGEST && !text.contains(odd) && !text.contains("://")).then(|| text.to_owned())
}

/// An id: a number, or several of them where a row belongs to two objects.
pub(super) fn serial(text: &str) -> bool {
    let parts: Vec<&str> = text.split(['_', '-', '.', '/', ',']).collect();
    let number =
        |part: &&str| (1..=10).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
    parts.len() <= 4 && parts.iter().all(number)
}

pub(super) fn code(text: &str) -> bool {
    let digits = (1..=6).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    digits || VENDOR_WORDS.contains(&text)
}

pub(super) fn state(text: &str) -> bool {
    text.len() <= 2 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The panel's number of a length of time: months, or less than none for what is no month.
pub(super) fn length(text: &str) -> bool {
    text.parse::<i32>().is_ok_and(|number| number.abs() < 1000)
}

/// A length of time, such as "3 months".
pub(super) fn period(text: &str) -> bool {
    const UNITS: [&str; 20] = [
        "day",
        "days",
        "month",
        "months",
        "year",
        "years",
        "week",
        "weeks",
        "lifetime",
        "monthly",
        "annually",
        "quarterly",
        "trial",
        "unlimited",
        "half",
        "a",
        "one",
        "two",
        "three",
        "six",
    ];
    let known = |word: &str| {
        UNITS.contains(&word.to_ascii_lowercase().as_str())
            || (word.len() <= 3 && word.bytes().all(|byte| byte.is_ascii_digit()))
    };
    !text.is_empty() && text.split_whitespace().all(known)
}
