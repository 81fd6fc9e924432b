//! Makes server text fit to print: one line, no control characters, bounded.

/// Collapses white space and drops what a terminal would obey instead of show.
///
/// Besides control characters these are the marks that reorder or hide text, with
/// which a tariff name could make a reviewed plan read differently from what it does.
pub(crate) fn one_line(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut gap = false;
    for c in text.chars() {
        if c.is_whitespace() {
            gap = true;
        } else if !unprintable(c) {
            if gap && !out.is_empty() {
                out.push(' ');
            }
            gap = false;
            out.push(c);
        }
    }
    out
}

/// The first `limit` characters of a text already on one line.
pub(crate) fn excerpt(text: &str, limit: usize) -> String {
    let mut chars = text.chars();
    let mut out: String = chars.by_ref().take(limit).collect();
    if chars.next().is_some() {
        out.push('…');
    }
    out
}

fn unprintable(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strips_control_and_reordering_marks() {
        assert_eq!(one_line(" a\n\tb\u{1b}[31m\u{202e}c \u{7} "), "a b[31mc");
        assert_eq!(excerpt("абвг", 3), "абв…");
        assert_eq!(excerpt("абв", 3), "абв");
    }
}
