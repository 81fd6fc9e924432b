//! Text from outside, made harmless: nothing in a name can move the cursor, hide, or end a table.
//!
//! A panel's names are typed by people and by other programs. They may hold escape sequences, line
//! breaks, marks that turn the writing direction, or Markdown; each of these could make a plan show
//! something else than what would be written.

use std::borrow::Cow;

use crate::plan::Origin;

/// Longest name of an object in text and Markdown. Real ones have a few dozen characters.
pub(super) const LONGEST_NAME: usize = 80;
/// Longest path of a file of the configuration.
const LONGEST_PLACE: usize = 200;
/// Longest reason, help or note.
const LONGEST_REMARK: usize = 1000;

/// Replaces what cannot be seen by an escape that can: `\n`, `\t`, `\u{1b}`.
///
/// A backslash stays as it is: doubling it would spoil honest names, and an escape made of visible
/// characters does no harm.
pub(super) fn visible(text: &str) -> Cow<'_, str> {
    if !text.contains(is_hidden) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for ch in text.chars() {
        match ch {
            '\n' => shown.push_str("\\n"),
            '\r' => shown.push_str("\\r"),
            '\t' => shown.push_str("\\t"),
            _ if is_hidden(ch) => shown.extend(ch.escape_unicode()),
            _ => shown.push(ch),
        }
    }
    Cow::Owned(shown)
}

/// Whether a character is invisible, moves the cursor, turns the direction of writing, or is a blank
/// that only looks like a space: a change of such a character must not look like no change.
pub(super) fn is_hidden(ch: char) -> bool {
    ch.is_control()
        || matches!(ch,
            '\u{a0}' | '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{1680}'
            | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}' | '\u{2000}'..='\u{200f}'
            | '\u{2028}'..='\u{202f}' | '\u{205f}'..='\u{206f}' | '\u{2800}' | '\u{3000}' | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
            | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

/// Cuts a text to `most` characters, the last of which is then an ellipsis.
pub(super) fn cut(text: &str, most: usize) -> Cow<'_, str> {
    match text.char_indices().nth(most) {
        None => Cow::Borrowed(text),
        Some(_) => {
            let end = text.char_indices().nth(most.saturating_sub(1)).map_or(0, |(at, _)| at);
            Cow::Owned(format!("{}…", &text[..end]))
        }
    }
}

/// A name, visible and of bearable length. One that is empty must not look like a missing word.
pub(super) fn name(text: &str) -> String {
    if text.is_empty() {
        return "\"\"".to_owned();
    }
    cut(&visible(text), LONGEST_NAME).into_owned()
}

/// A name where none is needed: visible and of bearable length.
pub(super) fn brief(text: &str) -> String {
    cut(&visible(text), LONGEST_NAME).into_owned()
}

/// A place in the configuration. The line is kept however long the path is.
pub(super) fn place(origin: &Origin) -> String {
    format!("{}:{}", cut(&visible(&origin.file), LONGEST_PLACE), origin.line)
}

/// A sentence, of bearable length.
pub(super) fn remark(text: &str) -> Cow<'_, str> {
    cut(text, LONGEST_REMARK)
}

/// Text in Markdown, shown as code: neither links, mentions and issue numbers nor HTML work in there.
pub(super) fn code(text: &str) -> String {
    let shown = visible(text);
    let plain =
        !shown.is_empty() && shown.trim() == shown && !shown.contains(['`', '|', '\\', '<', '>', '&']);
    if plain { format!("`{shown}`") } else { format!("<code>{}</code>", literal(&shown)) }
}

/// Prose in Markdown. Words in single backticks become code; everything else is taken literally.
pub(super) fn prose(text: &str) -> String {
    let shown = visible(text);
    let pieces: Vec<&str> = shown.split('`').collect();
    // An even number of pieces means a backtick without its partner: then none of them is a mark.
    if pieces.len().is_multiple_of(2) {
        return entities(&shown);
    }
    let render = |(index, piece): (usize, &&str)| {
        if index % 2 == 1 { code(piece) } else { entities(piece) }
    };
    pieces.iter().enumerate().map(render).collect()
}

/// Escapes prose so that it neither marks anything up, nor notifies a person, nor links an issue.
pub(super) fn entities(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    escape(text, true, &mut out);
    // Text that starts a line could start a list.
    let digits = text.trim_start_matches(|ch: char| ch.is_ascii_digit());
    let numbered = digits.len() < text.len() && (digits.starts_with(". ") || digits.starts_with(") "));
    if numbered || text.starts_with(['-', '+', '=']) {
        let first = text.chars().next().map_or(0, u32::from);
        out.replace_range(..1, &format!("&#{first};"));
    }
    out
}

/// Escapes text that stands within `<code>`: no forge looks for mentions there, and a copy is exact.
pub(super) fn literal(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    escape(text, false, &mut out);
    out
}

/// Escapes every character that means something in Markdown or HTML.
///
/// Numbers of entities instead of backslashes: they also hold in table cells and inside HTML tags.
fn escape(text: &str, guarded: bool, out: &mut String) {
    let mut chars = text.chars().peekable();
    let mut in_word = false;
    while let Some(ch) = chars.next() {
        let goes_on = chars.peek().is_some_and(|next| next.is_alphanumeric());
        match ch {
            // The zero-width space keeps a forge from finding `@name` and `#1`, and from linking an address;
            // it does the last even within `<code>`.
            '@' => out.push_str("@&#8203;"),
            '#' if guarded => out.push_str("#&#8203;"),
            ':' if chars.peek() == Some(&'/') => out.push_str(if guarded { ":&#8203;" } else { "&#58;" }),
            '.' if ends_in_www(out) => out.push_str(if guarded { ".&#8203;" } else { "&#46;" }),
            // Inside a word it marks nothing, and `product_type` should also read well unrendered.
            '_' if in_word && goes_on => out.push('_'),
            '&' | '<' | '>' | '"' | '\'' | '`' | '|' | '\\' | '*' | '_' | '~' | '[' | ']' | '!' | '$'
            | '^' | '{' | '}' => {
                out.push_str("&#");
                out.push_str(&u32::from(ch).to_string());
                out.push(';');
                // GitLab looks for merge requests, labels and the like behind these, entities or not.
                if guarded && goes_on && matches!(ch, '&' | '~' | '!' | '$' | '^') {
                    out.push_str("&#8203;");
                }
            }
            '%' if guarded && goes_on => out.push_str("%&#8203;"),
            _ => out.push(ch),
        }
        in_word = ch.is_alphanumeric();
    }
}

/// Whether a forge would take what follows for the address of a site.
fn ends_in_www(text: &str) -> bool {
    let letters = text.as_bytes().last_chunk::<3>();
    letters.is_some_and(|letters| letters.eq_ignore_ascii_case(b"www"))
}

#[cfg(test)]
mod tests {
    use super::{code, cut, entities, prose, visible};

    #[test]
    fn what_cannot_be_seen_is_escaped() {
        for (text, shown) in [
            ("Панель управления", "Панель управления"),
            ("\u{1b}[2Jgone", "\\u{1b}[2Jgone"),
            ("one\ntwo\r\tthree", "one\\ntwo\\r\\tthree"),
            ("abc\u{202e}fdp", "abc\\u{202e}fdp"),
            ("C1 \u{9b}31m", "C1 \\u{9b}31m"),
            ("no\u{a0}break", "no\\u{a0}break"),
            ("C:\\new", "C:\\new"),
        ] {
            assert_eq!(visible(text), shown);
        }
    }

    #[test]
    fn long_text_ends_in_an_ellipsis() {
        assert_eq!(cut("абвгд", 5), "абвгд");
        assert_eq!(cut("абвгде", 5), "абвг…");
        assert_eq!(cut("абв", 0), "…");
    }

    #[test]
    fn markdown_takes_names_literally() {
        assert_eq!(code("vds-start"), "`vds-start`");
        assert_eq!(code("a|b`c"), "<code>a&#124;b&#96;c</code>");
        assert_eq!(code("<https://a>"), "<code>&#60;https&#58;//a&#62;</code>");
        assert_eq!(code("</details>"), "<code>&#60;/details&#62;</code>");
        assert_eq!(code(""), "<code></code>");
        assert_eq!(entities("@all #1"), "@&#8203;all #&#8203;1");
        assert_eq!(entities("- item"), "&#45; item");
        assert_eq!(entities("1. item costs 4.50"), "&#49;. item costs 4.50");
        assert_eq!(entities("4.50"), "4.50");
        assert_eq!(entities("product_type _x_"), "product_type &#95;x&#95;");
        assert_eq!(entities("[x](y)"), "&#91;x&#93;(y)");
        assert_eq!(entities("https://a www.b"), "https:&#8203;//a www.&#8203;b");
        assert_eq!(entities("!1 5 % %2"), "&#33;&#8203;1 5 % %&#8203;2");
    }

    #[test]
    fn prose_keeps_its_code_words() {
        assert_eq!(prose("set `prune` to *on*"), "set `prune` to &#42;on&#42;");
        assert_eq!(prose("a lone ` mark"), "a lone &#96; mark");
        assert_eq!(prose("run `a|b`"), "run <code>a&#124;b</code>");
    }
}
