//! A control of a form: what it is called, holds, offers and depends on.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::node::Node;

/// A form field.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Field {
    /// The name the value is posted under.
    pub(crate) name: String,
    pub(crate) label: Option<String>,
    pub(crate) control: Control,
    pub(crate) readonly: bool,
    pub(crate) required: bool,
    pub(crate) private: bool,
    /// Changing it makes the panel render the form anew (`setvalues`).
    pub(crate) rerenders: bool,
    /// The field whose value chooses among this one's options.
    pub(crate) depends_on: Option<String>,
    /// `None`: the answer has no such value; `Some("")`: it has an empty one. A secret that the panel shows
    /// in clear is not printed, but ordinary text in memory: decoded answers are not wiped.
    pub(crate) value: Option<String>,
    pub(crate) choices: Vec<Choice>,
    pub(crate) multiple: bool,
}

/// The kind of control, as far as posting differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Control {
    Text,
    Hidden,
    Checkbox,
    Password,
    Select,
    Textarea,
    Slider,
    List,
    Other,
}

/// An option of a select.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Choice {
    pub(crate) key: String,
    pub(crate) label: String,
    /// The value of the master field this option belongs to.
    pub(crate) depend: Option<String>,
}

impl Field {
    /// Whether its value must never be shown.
    pub(crate) fn secret(&self) -> bool {
        self.private || self.control == Control::Password
    }

    /// Whether there is an option of that key.
    pub(crate) fn offers(&self, key: &str) -> bool {
        self.choices.iter().any(|choice| choice.key == key)
    }

    /// The label of the option that is chosen.
    pub(crate) fn chosen(&self) -> Option<&str> {
        let value = self.value.as_deref()?;
        self.choices.iter().find(|choice| choice.key == value).map(|choice| choice.label.as_str())
    }

    /// Whether the value on the panel cannot be told from this view.
    ///
    /// A select whose stored value is not among its options is rendered without it
    /// (recorded in BILLmanager 6.94.1 logs as "missed in slist and will be ignored"),
    /// so an empty select that offers no empty choice says nothing.
    pub(crate) fn unread(&self) -> bool {
        self.control == Control::Select
            && !self.multiple
            && self.value.as_deref().is_none_or(str::is_empty)
            && !self.offers("null")
            && !self.offers("")
    }

    /// What to post so that the field keeps its value; `None`: leave it out.
    pub(super) fn kept(&self) -> Option<&str> {
        if self.readonly {
            return None;
        }
        let value = self.value.as_deref();
        match self.control {
            Control::List | Control::Other => None,
            Control::Checkbox => Some(value.filter(|v| !v.is_empty()).unwrap_or("off")),
            Control::Select => self.kept_choice(value),
            // A blank or starred secret is not the stored one.
            _ if self.secret() => value.filter(|v| !masked(v)),
            _ => value,
        }
    }

    fn kept_choice<'a>(&self, value: Option<&'a str>) -> Option<&'a str> {
        match value {
            Some(value) if !value.is_empty() => Some(value),
            _ if self.offers("null") => Some("null"),
            Some(empty) if self.multiple || self.offers("") => Some(empty),
            _ => None,
        }
    }

    /// The controls of one `field` element of the metadata, but for those of names that are `taken`: the
    /// buttons of a radio group share a name, and one value is posted for it.
    pub(super) fn of<'a>(node: &'a Node, source: &Source<'_>, taken: &mut BTreeSet<&'a str>) -> Vec<Self> {
        let field = node.attr("name").unwrap_or_default();
        let mut controls = Vec::new();
        for child in &node.children {
            let name = child.attr("name").filter(|n| !n.is_empty()).unwrap_or(field);
            let is_control = child.attr("name").is_some() || Control::of(child) != Control::Other;
            if is_control && !name.is_empty() && taken.insert(name) {
                controls.push(control(child, name, field, source));
            }
        }
        controls
    }
}

/// The parts of an answer a field is put together from.
pub(super) struct Source<'a> {
    pub(super) doc: &'a Node,
    pub(super) messages: &'a BTreeMap<String, String>,
}

impl Control {
    fn of(node: &Node) -> Self {
        match (node.name.as_str(), node.attr("type").unwrap_or("text")) {
            ("input", "hidden") => Self::Hidden,
            ("input", "checkbox") => Self::Checkbox,
            ("input", "password") => Self::Password,
            ("input", "file" | "button" | "submit" | "image") => Self::Other,
            ("input", _) => Self::Text,
            ("select", _) => Self::Select,
            ("textarea", _) => Self::Textarea,
            ("slider", _) => Self::Slider,
            ("list", _) => Self::List,
            _ => Self::Other,
        }
    }
}

fn control(node: &Node, name: &str, field: &str, source: &Source<'_>) -> Field {
    let label = source.messages.get(name).or_else(|| source.messages.get(field));
    Field {
        name: name.to_owned(),
        label: label.filter(|l| !l.is_empty()).cloned(),
        control: Control::of(node),
        readonly: node.flag("readonly"),
        required: node.flag("required"),
        private: node.flag("private"),
        // Recorded values are "yes" and "blocking".
        rerenders: node.attr("setvalues").is_some_and(|v| !matches!(v, "" | "no" | "off")),
        depends_on: node.attr("depend").filter(|d| !d.is_empty()).map(str::to_owned),
        value: value(source.doc, name),
        choices: choices(source.doc, name),
        multiple: node.attr("type") == Some("multiple") || node.flag("multiple"),
    }
}

/// Current values are children of the document; a repeated one is a multi-value.
fn value(doc: &Node, name: &str) -> Option<String> {
    let parts: Vec<&str> = doc.all(name).map(|v| v.text.as_str()).collect();
    (!parts.is_empty()).then(|| parts.join(","))
}

fn choices(doc: &Node, name: &str) -> Vec<Choice> {
    doc.all("slist")
        .filter(|list| list.attr("name") == Some(name))
        .flat_map(|list| &list.children)
        .filter(|option| matches!(option.name.as_str(), "val" | "msg"))
        .map(|option| Choice {
            key: option.attr("key").unwrap_or(&option.text).to_owned(),
            label: super::text::one_line(&option.text),
            depend: option.attr("depend").map(str::to_owned),
        })
        .collect()
}

fn masked(value: &str) -> bool {
    value.chars().all(|c| matches!(c, '*' | '•' | '●'))
}

impl fmt::Debug for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value = match &self.value {
            Some(value) if self.secret() && !value.is_empty() => Some("[hidden]"),
            other => other.as_deref(),
        };
        f.debug_struct("Field")
            .field("name", &self.name)
            .field("control", &self.control)
            .field("readonly", &self.readonly)
            .field("value", &value)
            .field("choices", &self.choices)
            .finish_non_exhaustive()
    }
}
