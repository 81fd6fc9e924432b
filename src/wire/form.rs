//! A form answer: an object as the panel shows it, or the defaults of a new one.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use secrecy::SecretString;

use super::field::{Field, Source};
use super::node::Node;
use super::page::messages;
use super::param::Param;

/// A form.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Form {
    pub(crate) func: String,
    /// In order of appearance, those inside pages included.
    pub(crate) fields: Vec<Field>,
    pub(crate) messages: BTreeMap<String, String>,
    pub(crate) buttons: Vec<String>,
    /// Whether it is a step of a wizard.
    pub(crate) wizard: bool,
    /// Values the metadata describes no control for.
    pub(crate) extra: BTreeMap<String, String>,
}

impl Form {
    pub(super) fn of(doc: &Node, func: &str) -> Option<Self> {
        let metadata = doc.child("metadata").filter(|m| m.attr("type").is_none_or(|t| t == "form"))?;
        let form = metadata.child("form")?;
        let messages = messages(doc);
        let mut parts = Parts::default();
        parts.walk(form);
        let source = Source { doc, messages: &messages };
        let mut taken = BTreeSet::new();
        let fields: Vec<Field> =
            parts.fields.iter().flat_map(|field| Field::of(field, &source, &mut taken)).collect();
        Some(Self {
            func: func.to_owned(),
            wizard: parts.wizard || fields.iter().any(|f| f.name == "snext"),
            extra: extra(doc, &taken),
            buttons: parts.buttons,
            fields,
            messages,
        })
    }

    /// The field of that name.
    pub(crate) fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// The value of that name, described by a field or not.
    pub(crate) fn value(&self, name: &str) -> Option<&str> {
        match self.field(name) {
            Some(field) => field.value.as_deref(),
            None => self.extra.get(name).map(String::as_str),
        }
    }

    /// What the panel's own page would post if nobody changed anything.
    ///
    /// The UI always posts every field (recorded submissions), and nothing says that an
    /// omitted one keeps its value. Secrets that read back in clear are left out: only
    /// [`Form::unchanged`] has them, typed.
    pub(crate) fn postable(&self) -> Vec<(String, String)> {
        self.kept()
            .filter(|(field, _)| !field.secret())
            .map(|(field, value)| (field.name.clone(), value.to_owned()))
            .collect()
    }

    /// What the page would post, as parameters, secrets as secrets.
    pub(crate) fn unchanged(&self) -> Vec<Param> {
        self.kept()
            .map(|(field, value)| {
                if field.secret() {
                    Param::secret(&field.name, SecretString::from(value))
                } else {
                    Param::text(&field.name, value)
                }
            })
            .collect()
    }

    fn kept(&self) -> impl Iterator<Item = (&Field, &str)> {
        self.fields.iter().filter_map(|field| Some((field, field.kept()?)))
    }
}

/// The form's elements that matter, at whatever depth pages put them.
#[derive(Default)]
struct Parts<'a> {
    fields: Vec<&'a Node>,
    buttons: Vec<String>,
    wizard: bool,
}

impl<'a> Parts<'a> {
    fn walk(&mut self, node: &'a Node) {
        self.wizard |= node.attr("wizard").is_some_and(|w| !matches!(w, "" | "no"));
        for child in &node.children {
            match child.name.as_str() {
                "field" => self.fields.push(child),
                "button" => self.buttons.extend(child.attr("name").map(str::to_owned)),
                _ => self.walk(child),
            }
        }
    }
}

fn extra(doc: &Node, taken: &BTreeSet<&str>) -> BTreeMap<String, String> {
    doc.children
        .iter()
        .filter(|child| child.children.is_empty() && !plumbing(&child.name))
        .filter(|child| !taken.contains(child.name.as_str()))
        .map(|child| (child.name.clone(), child.text.clone()))
        .collect()
}

/// Children of a document that are not values.
fn plumbing(name: &str) -> bool {
    const NAMES: [&str; 15] = [
        "metadata",
        "messages",
        "tparams",
        "slist",
        "flist",
        "list",
        "saved_filters",
        "filter",
        "page",
        "elem",
        "ok",
        "error",
        "doc",
        "tip",
        "banner",
    ];
    NAMES.contains(&name) || name.starts_with("p_")
}

impl fmt::Debug for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Nothing says which of the undescribed values are secret, so only their names are shown.
        let extra: Vec<&String> = self.extra.keys().collect();
        f.debug_struct("Form")
            .field("func", &self.func)
            .field("fields", &self.fields)
            .field("extra", &extra)
            .finish_non_exhaustive()
    }
}
