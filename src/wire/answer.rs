//! A decoded answer and the views on it.

use super::error::PanelError;
use super::form::Form;
use super::node::Node;
use super::page::Page;

/// The `<doc>` BILLmanager answered with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    root: Node,
}

/// What a carried-out call says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Done {
    /// The function or address to open next, if any; `func=totp.confirm` asks for a second factor.
    pub(crate) text: Option<String>,
}

impl Answer {
    pub(crate) fn new(root: Node) -> Self {
        Self { root }
    }

    /// Overwrites all it says: the answer to a login holds the session.
    pub(crate) fn wipe(mut self) {
        self.root.wipe();
    }

    /// The document itself.
    pub(crate) fn root(&self) -> &Node {
        &self.root
    }

    /// The innermost `doc`: a wizard's answer may carry the next step in `doc.doc`.
    pub(crate) fn innermost(&self) -> &Node {
        let mut doc = &self.root;
        while let Some(inner) = doc.child("doc").filter(|d| !d.children.is_empty()) {
            doc = inner;
        }
        doc
    }

    /// The function that answered. In a wizard it differs from the one that was called.
    pub(crate) fn func(&self) -> Option<&str> {
        self.innermost().attr("func").or_else(|| self.root.attr("func")).filter(|func| !func.is_empty())
    }

    /// The error, which makes everything else in the answer void.
    pub(crate) fn error(&self) -> Option<PanelError> {
        PanelError::of(&self.root).or_else(|| PanelError::of(self.innermost()))
    }

    /// The sign that the call was carried out; a form view has none, whatever ids it shows.
    pub(crate) fn ok(&self) -> Option<Done> {
        if self.error().is_some() {
            return None;
        }
        let ok = self.root.child("ok").or_else(|| self.innermost().child("ok"))?;
        Some(Done { text: ok.filled().map(str::to_owned) })
    }

    /// The answer as a list.
    pub(crate) fn page(&self) -> Option<Page> {
        Page::of(self.innermost(), self.func().unwrap_or_default())
    }

    /// The answer as a form.
    pub(crate) fn form(&self) -> Option<Form> {
        Form::of(self.innermost(), self.func().unwrap_or_default())
    }

    /// The id of what was created: `id`, else `<table>.id`. Some functions give none.
    pub(crate) fn created_id(&self) -> Option<String> {
        self.ok()?;
        [&self.root, self.innermost()].into_iter().find_map(id_in)
    }
}

fn id_in(doc: &Node) -> Option<String> {
    let plain = doc.child("id").and_then(Node::filled);
    let by_table = || doc.children.iter().filter(|child| child.name.ends_with(".id")).find_map(Node::filled);
    plain.or_else(by_table).map(|id| id.trim().to_owned())
}
