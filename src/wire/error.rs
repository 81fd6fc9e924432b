//! The `<error>` of an answer.

use std::collections::BTreeMap;
use std::fmt;

use super::node::Node;
use super::text::one_line;

/// More of a message than anyone reads, in characters.
const MOST: usize = 4096;

/// What the panel says is wrong. `kind` and `object` are stable, the text is for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PanelError {
    /// The error's type: an open set (`value`, `exists`, `access`, any module's own).
    pub(crate) kind: String,
    /// What it is about: a field, `badpassword`, …
    pub(crate) object: Option<String>,
    /// The offending value, or the function for `access`.
    pub(crate) value: Option<String>,
    /// The text for people, on one line.
    pub(crate) message: String,
}

impl PanelError {
    /// Reads the error child of a document, if it has one.
    pub(super) fn of(doc: &Node) -> Option<Self> {
        let error = doc.child("error")?;
        let kind = error.attr("type").map(one_line).filter(|k| !k.is_empty());
        let object = error.attr("object").or_else(|| param(error, "object"));
        Some(Self {
            kind: kind.unwrap_or_else(|| "unknown".to_owned()),
            object: object.map(one_line).filter(|o| !o.is_empty()),
            value: param(error, "value").map(one_line).filter(|v| !v.is_empty()),
            message: message(error),
        })
    }
}

impl fmt::Display for PanelError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.kind)?;
        if let Some(object) = &self.object {
            write!(f, " ({object})")?;
        }
        if self.message.is_empty() {
            return Ok(());
        }
        write!(f, ": {}", self.message)
    }
}

fn param<'a>(error: &'a Node, name: &str) -> Option<&'a str> {
    error.all("param").find(|p| p.attr("name") == Some(name)).map(|p| p.text.as_str())
}

/// `msg`, else `detail`, else `group`, whose `__name__` stand for the parameters.
fn message(error: &Node) -> String {
    let text = ["msg", "detail", "group"]
        .iter()
        .find_map(|name| error.child(name)?.filled())
        .or_else(|| error.filled())
        .unwrap_or_default();
    one_line(&filled_in(text, error))
}

/// Puts the parameters in. What they bring is not looked into again, and there is an end to it: else a few
/// that name each other would fill the memory.
fn filled_in(text: &str, error: &Node) -> String {
    let params: BTreeMap<&str, &str> =
        error.all("param").filter_map(|p| Some((p.attr("name")?, p.text.as_str()))).collect();
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("__") {
        out.push_str(before);
        match after.split_once("__").and_then(|(name, tail)| Some((params.get(name)?, tail))) {
            Some((value, tail)) => {
                out.push_str(value);
                rest = tail;
            }
            None => {
                out.push_str("__");
                rest = after;
            }
        }
        if out.len() > MOST {
            break;
        }
    }
    out.push_str(rest);
    out.chars().take(MOST).collect()
}
