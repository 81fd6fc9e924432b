//! The hidden first line of a comment, by which a bot finds its own comment again.

use std::{fmt, str::FromStr};

use super::super::words::Told;
use crate::language::t;

/// Name of one plan among those of a pull request, for example of the directory it is made from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Marker(String);

impl Marker {
    const LONGEST: usize = 64;
}

impl FromStr for Marker {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._/-".contains(&byte);
        let ends = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
        let (bytes, short) = (text.as_bytes(), text.len() <= Self::LONGEST);
        // Two hyphens end a comment of HTML for some of its readers.
        if short
            && bytes.iter().copied().all(plain)
            && ends(bytes.first())
            && ends(bytes.last())
            && !text.contains("--")
        {
            return Ok(Self(text.to_owned()));
        }
        Err(t!(
            "write at most {most} letters, digits and single `.`, `_`, `/`, `-` between them, like production",
            most = Self::LONGEST
        ))
    }
}

impl fmt::Display for Marker {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.pad(&self.0)
    }
}

/// The first line of a plan's comment: `<!-- billform:plan -->`, or `<!-- billform:plan NAME -->`.
///
/// Whoever updates the comment looks for exactly this line; it stays the same from version to version.
pub(crate) fn plan_marker(name: Option<&Marker>) -> String {
    line("plan", name)
}

pub(super) fn of(told: Told, name: Option<&Marker>) -> String {
    match told {
        Told::Plan => plan_marker(name),
        Told::Drift => line("drift", name),
    }
}

fn line(what: &str, name: Option<&Marker>) -> String {
    let name = name.map_or(String::new(), |name| format!(" {name}"));
    format!("<!-- billform:{what}{name} -->")
}

#[cfg(test)]
mod tests {
    use super::{Marker, plan_marker};

    #[test]
    fn a_name_cannot_end_the_comment() {
        let name: Marker = "eu/production-2".parse().unwrap();
        assert_eq!(plan_marker(None), "<!-- billform:plan -->");
        assert_eq!(plan_marker(Some(&name)), "<!-- billform:plan eu/production-2 -->");
        for wrong in ["", " ", "a--b", "a->", "-a", "a-", "a b", "тест", "a\n", &"a".repeat(65)] {
            assert!(wrong.parse::<Marker>().is_err(), "{wrong:?}");
        }
    }
}
