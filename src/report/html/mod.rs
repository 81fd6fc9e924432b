//! Pages that need nothing else: no font, no other file, no network, and no script to be read.

mod changes;
mod drawing;
mod heat;
mod plan;

use std::fmt::Write as _;

pub(super) use plan::page as plan;

use super::escape::{remark, visible};
use crate::language::Language;

pub(super) const WRITES: &str = "writing to a string does not fail";

/// What all pages look like; colours are variables, for light and for dark.
const STYLE: &str = include_str!("base.css");

/// The start of a page, to the end of its head. A script must be named by its digest, or it does not run.
pub(super) fn begin(title: &str, style: &str, script: Option<&str>) -> String {
    let script = script.map_or(String::new(), |digest| format!("; script-src 'sha256-{digest}'"));
    let title = escape(title);
    format!(
        "<!doctype html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\"/>\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n\
         <meta name=\"color-scheme\" content=\"light dark\"/>\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'{script}\"/>\n\
         <title>{title}</title>\n<style>\n{STYLE}{style}</style>\n</head>\n<body>\n<header>\n<h1>{title}</h1>\n",
        Language::spoken().tag()
    )
}

/// The end of a page, from the end of its main part.
pub(super) fn end(footer: &str, script: &str) -> String {
    let script = if script.is_empty() { String::new() } else { format!("<script>{script}</script>\n") };
    format!("</main>\n<footer>{}</footer>\n{script}</body>\n</html>\n", escape(footer))
}

/// Text in a page: what cannot be seen is spelt out, and nothing is markup.
pub(super) fn escape(text: &str) -> String {
    let mut shown = String::with_capacity(text.len() + 8);
    for ch in visible(text).chars() {
        match ch {
            '&' => shown.push_str("&amp;"),
            '<' => shown.push_str("&lt;"),
            '>' => shown.push_str("&gt;"),
            '"' => shown.push_str("&quot;"),
            '\'' => shown.push_str("&#39;"),
            _ => shown.push(ch),
        }
    }
    shown
}

/// A sentence, of bearable length. Words in single backticks become code.
fn prose(sentence: &str) -> String {
    let shown = remark(sentence);
    let pieces: Vec<&str> = shown.split('`').collect();
    // An even number of pieces means a backtick without its partner: then none of them is a mark.
    if pieces.len().is_multiple_of(2) {
        return escape(&shown);
    }
    let render = |(index, piece): (usize, &&str)| match index % 2 {
        0 => escape(piece),
        _ => format!("<code>{}</code>", escape(piece)),
    };
    pieces.iter().enumerate().map(render).collect()
}

/// A table of cells that are HTML already. The first column names the rows.
fn table(head: &[String], rows: &[Vec<String>], out: &mut String) {
    out.push_str("<div class=\"wide\"><table class=\"list\">\n<thead><tr>");
    head.iter().for_each(|cell| write!(out, "<th scope=\"col\">{}</th>", escape(cell)).expect(WRITES));
    out.push_str("</tr></thead>\n<tbody>\n");
    for row in rows {
        out.push_str("<tr>");
        // A narrow screen sets the cells under each other, each after its column's name.
        for (column, (cell, name)) in row.iter().zip(head).enumerate() {
            match column {
                0 => write!(out, "<th scope=\"row\">{cell}</th>").expect(WRITES),
                _ => write!(out, "<td data-label=\"{}\">{cell}</td>", escape(name)).expect(WRITES),
            }
        }
        out.push_str("</tr>\n");
    }
    out.push_str("</tbody>\n</table></div>\n");
}

#[cfg(test)]
mod tests {
    use super::{escape, prose};

    #[test]
    fn nothing_is_markup() {
        assert_eq!(
            escape("<script>alert('&\"')</script>"),
            "&lt;script&gt;alert(&#39;&amp;&quot;&#39;)&lt;/script&gt;"
        );
        assert_eq!(escape("Панель\u{202e}\n"), "Панель\\u{202e}\\n");
        assert_eq!(prose("set `a<b` to *on*"), "set <code>a&lt;b</code> to *on*");
        assert_eq!(prose("a lone ` mark"), "a lone ` mark");
    }
}
