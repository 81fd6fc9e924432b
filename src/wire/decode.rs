//! Bytes to [`Answer`], by content: BILLmanager sends JSON as `text/plain` and HTML with status 200.

use super::text::one_line;
use super::{Answer, json, xml};

use crate::language::t;

/// How deep an answer may nest; recorded ones stay under 12.
pub(super) const MAX_DEPTH: usize = 64;
/// How many elements and attributes an answer may have.
pub(super) const MAX_NODES: usize = 1_000_000;
/// How many bytes the names of all elements may have together: as many as the longest answer.
pub(super) const MAX_NAMES: usize = 64 << 20;
/// How much of a foreign body an error keeps, in characters.
const EXCERPT: usize = 4096;

/// Why a body is not an answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum DecodeError {
    #[error("{}", t!("the answer nests deeper than {levels} levels or has over {elements} elements", levels = MAX_DEPTH, elements = MAX_NODES))]
    TooLarge,
    #[error("{}", t!("the answer is a web page{titled}", titled = titled(title.as_deref())))]
    Html { title: Option<String> },
    #[error("{}", t!("the answer breaks off before its end"))]
    Truncated,
    /// The excerpt is one line, not yet free of secrets: the client, which knows them, shows it.
    #[error("{}", t!("the answer is not a BILLmanager document"))]
    NotADocument { excerpt: String },
}

fn titled(title: Option<&str>) -> String {
    title.map(|t| t!(" titled \"{title}\"", title = t)).unwrap_or_default()
}

/// Decodes `{"doc":…}` or `<doc>…</doc>`; a byte order mark is skipped.
pub(crate) fn decode(bytes: &[u8]) -> Result<Answer, DecodeError> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text.trim(),
        // A cut inside a character is a cut, not another encoding.
        Err(error) if error.error_len().is_none() => return Err(DecodeError::Truncated),
        Err(_) => return Err(foreign(&String::from_utf8_lossy(bytes))),
    };
    match text.as_bytes().first() {
        None => Err(DecodeError::Truncated),
        Some(b'{') => json::decode(text),
        Some(b'<') => match html(text) {
            Some(page) => Err(page),
            None => xml::decode(text),
        },
        Some(_) => Err(foreign(text)),
    }
    .map(Answer::new)
}

/// The error for a body that is something else altogether.
pub(super) fn foreign(text: &str) -> DecodeError {
    html(text).unwrap_or_else(|| DecodeError::NotADocument {
        excerpt: one_line(text).chars().take(EXCERPT).collect(),
    })
}

/// Recognises a web page by its first tags; XHTML may open with an XML declaration.
fn html(text: &str) -> Option<DecodeError> {
    let head: String = text.chars().take(EXCERPT).collect::<String>().to_ascii_lowercase();
    let first = head.trim_start_matches(|c: char| c != '<');
    let is_page = ["<!doctype html", "<html", "<head", "<body", "<title", "<script", "<meta"]
        .iter()
        .any(|tag| first.starts_with(tag))
        || (first.starts_with("<?xml") || first.starts_with("<!--")) && html_first(first);
    is_page.then(|| DecodeError::Html { title: title(text) })
}

/// Whether the page's tag comes before the document's; a document may quote a page.
fn html_first(head: &str) -> bool {
    head.find("<html").is_some_and(|html| head.find("<doc").is_none_or(|doc| html < doc))
}

fn title(text: &str) -> Option<String> {
    let lower = text.to_ascii_lowercase();
    let open = lower.find("<title")?;
    let start = open + lower.get(open..)?.find('>')? + 1;
    let end = start + lower.get(start..)?.find("</title")?;
    let title = one_line(text.get(start..end)?);
    (!title.is_empty()).then_some(title)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_byte_order_mark_is_skipped() {
        let answer = decode(b"\xef\xbb\xbf {\"doc\":{\"$func\":\"enumeration\"}}").unwrap();
        assert_eq!(answer.func(), Some("enumeration"));
        let answer = decode(b"\xef\xbb\xbf<?xml version=\"1.0\"?>\n<doc func=\"a\"/>").unwrap();
        assert_eq!(answer.func(), Some("a"));
    }

    #[test]
    fn other_bodies_are_told_apart() {
        let page = b"<!DOCTYPE html><html><head><TITLE>Log\n in</TITLE></head></html>";
        let titled = DecodeError::Html { title: Some("Log in".into()) };
        assert_eq!(decode(page), Err(titled.clone()));
        let xhtml = b"<?xml version=\"1.0\"?><html><title>Log in</title></html>";
        assert_eq!(decode(xhtml), Err(titled));
        let quoting = b"<?xml version=\"1.0\"?><doc><note><![CDATA[<html>]]></note></doc>";
        assert!(decode(quoting).is_ok());
        assert_eq!(decode(b""), Err(DecodeError::Truncated));
        assert_eq!(decode(b"{\"doc\":{\"elem\":[{\"id\":"), Err(DecodeError::Truncated));
        assert_eq!(decode(b"<doc><elem><id>1</id>"), Err(DecodeError::Truncated));
        assert_eq!(
            decode("{\"doc\":{\"a\":\"п".as_bytes().split_last().unwrap().1),
            Err(DecodeError::Truncated)
        );
        for other in [
            "ERROR access",
            "{\"content\":1}",
            "<feed/>",
            "[1]",
            "{\"doc\":{}} tail",
            "<doc></foo>",
            "<doc/><doc/>",
            "<doc>&bomb;</doc>",
        ] {
            assert!(matches!(decode(other.as_bytes()), Err(DecodeError::NotADocument { .. })), "{other}");
        }
    }

    #[test]
    fn size_is_bounded() {
        let deep = format!("{{\"doc\":{}1{}}}", "{\"a\":".repeat(70), "}".repeat(70));
        assert_eq!(decode(deep.as_bytes()), Err(DecodeError::TooLarge));
        let deep = format!("<doc>{}{}</doc>", "<a>".repeat(70), "</a>".repeat(70));
        assert_eq!(decode(deep.as_bytes()), Err(DecodeError::TooLarge));
        let arrays = format!("{{\"doc\":{{\"a\":{}{}}}}}", "[".repeat(500), "]".repeat(500));
        assert_eq!(decode(arrays.as_bytes()), Err(DecodeError::TooLarge));
        let wide = format!("{{\"doc\":{{\"a\":[{}1]}}}}", "1,".repeat(MAX_NODES));
        assert_eq!(decode(wide.as_bytes()), Err(DecodeError::TooLarge));
    }
}
