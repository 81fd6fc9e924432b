//! The answer as one tree, before any output format is chosen.
//!
//! COREmanager builds one XML tree per answer and every `out=` is a mapping of it. The tree here
//! carries the two things the mappings cannot guess from a tag: whether a repeated child is always
//! an array in JSON, and whether a child of the root is a value of the form.

/// How the encoders treat an element beside its siblings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// One child under its own name.
    Plain,
    /// A repeated child: an array in JSON even when it is alone.
    Many,
    /// A value of the form: bjson moves it under `model`.
    Value,
}

/// One element of the answer.
#[derive(Clone, Debug)]
pub(crate) struct Element {
    pub(crate) name: String,
    pub(crate) attrs: Vec<(String, String)>,
    pub(crate) text: String,
    pub(crate) children: Vec<Self>,
    pub(crate) role: Role,
}

impl Element {
    pub(crate) fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            attrs: Vec::new(),
            text: String::new(),
            children: Vec::new(),
            role: Role::Plain,
        }
    }

    /// An element with nothing but text.
    pub(crate) fn leaf(name: impl Into<String>, text: impl Into<String>) -> Self {
        Self::new(name).text(text)
    }

    pub(crate) fn attr(mut self, name: &str, value: impl Into<String>) -> Self {
        self.attrs.push((name.to_owned(), value.into()));
        self
    }

    pub(crate) fn attr_if(self, yes: bool, name: &str, value: &str) -> Self {
        if yes { self.attr(name, value) } else { self }
    }

    pub(crate) fn text(mut self, text: impl Into<String>) -> Self {
        self.text = text.into();
        self
    }

    pub(crate) fn child(mut self, child: Self) -> Self {
        self.children.push(child);
        self
    }

    pub(crate) fn with(mut self, children: impl IntoIterator<Item = Self>) -> Self {
        self.children.extend(children);
        self
    }

    pub(crate) fn many(mut self) -> Self {
        self.role = Role::Many;
        self
    }

    pub(crate) fn value(mut self) -> Self {
        self.role = Role::Value;
        self
    }

    pub(crate) fn get_attr(&self, name: &str) -> Option<&str> {
        let found = self.attrs.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.as_str())
    }

    pub(crate) fn get(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.name == name)
    }
}
