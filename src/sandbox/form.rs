//! Forms as data: what a form consists of and how it is shown.
//!
//! Recorded layout (billmanager-api, 1.5.2): metadata with `form`, fields either directly under it
//! or in pages, options in `slist`, values as children of the root.

use super::core::Cx;
use super::document::Element;
use super::hostile::Hostile;
use super::label::Label;
use super::store::{Row, cell};

/// An option of a select.
#[derive(Clone, Debug)]
pub(crate) struct Choice {
    pub(crate) key: String,
    pub(crate) label: Label,
    /// The value of the master field under which the option is offered.
    pub(crate) depend: Option<String>,
}

impl Choice {
    pub(crate) fn new(key: impl Into<String>, label: Label) -> Self {
        Self { key: key.into(), label, depend: None }
    }

    /// The option every optional select begins with: its key is the literal `null` (8).
    pub(crate) fn unset() -> Self {
        Self::new("null", Label::new("-- not set --", "-- не указано --"))
    }

    pub(crate) fn under(mut self, master: impl Into<String>) -> Self {
        self.depend = Some(master.into());
        self
    }
}

#[derive(Clone, Debug)]
pub(crate) enum Control {
    Text,
    Hidden,
    Checkbox,
    Password,
    Money,
    Number,
    Select(Vec<Choice>),
}

/// One field of a form.
#[derive(Clone, Debug)]
pub(crate) struct Field {
    /// Its name on the wire.
    pub(crate) name: String,
    /// Its column in the store.
    pub(crate) key: String,
    pub(crate) label: Label,
    pub(crate) control: Control,
    pub(crate) default: String,
    pub(crate) required: bool,
    pub(crate) readonly: bool,
    /// No documentation names it; a save that leaves it out loses it.
    pub(crate) extra: bool,
    /// Changing it renders the form anew.
    pub(crate) setvalues: bool,
    /// The wire name of the master of a dependent select.
    pub(crate) depend: Option<String>,
    /// `value`, then the field hidden while this one has that value.
    pub(crate) hides: Vec<(String, String)>,
    /// The select whose change the first save ignores under `select-ignored`.
    pub(crate) fickle: bool,
    pub(crate) page: &'static str,
}

impl Field {
    pub(crate) fn new(name: impl Into<String>, key: &str, control: Control, label: Label) -> Self {
        Self {
            name: name.into(),
            key: key.to_owned(),
            label,
            control,
            default: String::new(),
            required: false,
            readonly: false,
            extra: false,
            setvalues: false,
            depend: None,
            hides: Vec::new(),
            fickle: false,
            page: "common",
        }
    }

    pub(crate) fn text(name: &str, label: Label) -> Self {
        Self::new(name, name, Control::Text, label)
    }

    pub(crate) fn flag(name: impl Into<String>, key: &str, label: Label) -> Self {
        Self::new(name, key, Control::Checkbox, label).default("off")
    }

    pub(crate) fn hidden(name: impl Into<String>, key: &str) -> Self {
        let name = name.into();
        let label = Label::same(name.clone());
        Self::new(name, key, Control::Hidden, label)
    }

    pub(crate) fn select(name: impl Into<String>, key: &str, label: Label, choices: Vec<Choice>) -> Self {
        Self::new(name, key, Control::Select(choices), label)
    }

    pub(crate) fn default(mut self, value: &str) -> Self {
        self.default = value.to_owned();
        self
    }

    pub(crate) fn required(mut self) -> Self {
        self.required = true;
        self
    }

    pub(crate) fn readonly_if(mut self, yes: bool) -> Self {
        self.readonly = yes;
        self
    }

    pub(crate) fn extra(mut self) -> Self {
        self.extra = true;
        self
    }

    pub(crate) fn setvalues(mut self) -> Self {
        self.setvalues = true;
        self
    }

    pub(crate) fn depend(mut self, master: &str) -> Self {
        self.depend = Some(master.to_owned());
        self
    }

    pub(crate) fn fickle(mut self) -> Self {
        self.fickle = true;
        self
    }

    pub(crate) fn page(mut self, page: &'static str) -> Self {
        self.page = page;
        self
    }

    /// The choices offered for the current values of the form.
    pub(crate) fn offered<'a>(&'a self, fields: &[Self], row: &Row) -> Vec<&'a Choice> {
        let Control::Select(choices) = &self.control else {
            return Vec::new();
        };
        let master = self.depend.as_deref().and_then(|name| {
            let master = fields.iter().find(|field| field.name == name)?;
            Some(cell(row, &master.key))
        });
        let offered = |choice: &&Choice| match (&choice.depend, master) {
            (Some(wanted), Some(master)) => wanted == master,
            _ => true,
        };
        choices.iter().filter(offered).collect()
    }
}

/// The two fields of a form that no documentation names.
pub(crate) fn extras(cx: &Cx<'_>, form: &str) -> Vec<Field> {
    let visible = cx.dialect.extra(form, "visible");
    let caption = Label::owned(format!("Accounting {visible}"), format!("Учёт {visible}"));
    vec![
        Field::hidden(cx.dialect.extra(form, "hidden"), "extra_hidden").default("h1").extra(),
        Field::new(visible, "extra_visible", Control::Text, caption).default("v1").extra(),
    ]
}

/// A form to be shown.
pub(crate) struct Shape<'a> {
    pub(crate) func: &'a str,
    pub(crate) fields: &'a [Field],
    pub(crate) row: &'a Row,
    /// The stored values, for passwords: they are never shown as they are.
    pub(crate) id: Option<&'a str>,
    pub(crate) parent: Option<&'a str>,
    /// `first`, `middle` or `last` in a wizard.
    pub(crate) wizard: Option<&'a str>,
}

/// Renders a form as a document.
pub(crate) fn view(cx: &Cx<'_>, shape: &Shape<'_>) -> Element {
    let mut doc = cx.document(shape.func);
    doc = doc.child(metadata(cx, shape)).child(messages(cx, shape));
    for field in shape.fields {
        if let Control::Select(_) = field.control {
            doc = doc.child(slist(cx, field, shape));
        }
    }
    if let Some(id) = shape.id {
        doc = doc.child(Element::leaf("elid", id).value());
        if !shape.fields.iter().any(|field| field.name == "id") {
            doc = doc.child(Element::leaf("id", id).value());
        }
    }
    if let Some(parent) = shape.parent {
        doc = doc.child(Element::leaf("plid", parent).value());
    }
    let values = shape.fields.iter().filter_map(|field| value(cx, field, shape));
    doc.with(values).child(Element::new("saved_filters")).child(cx.tparams())
}

fn metadata(cx: &Cx<'_>, shape: &Shape<'_>) -> Element {
    let mut form = Element::new("form").attr("title", "name");
    if let Some(place) = shape.wizard {
        form = form.attr("wizard", place);
    }
    if cx.dialect.form_pages {
        let mut pages: Vec<&str> = Vec::new();
        for field in shape.fields {
            if !pages.contains(&field.page) {
                pages.push(field.page);
            }
        }
        for page in pages {
            let fields = shape.fields.iter().filter(|field| field.page == page);
            form = form.child(Element::new("page").attr("name", page).many().with(fields.map(control)));
        }
    } else {
        form = form.with(shape.fields.iter().map(control));
    }
    let button = |name: &str, kind: &str| Element::new("button").attr("name", name).attr("type", kind).many();
    let mut buttons = Element::new("buttons");
    buttons = match shape.wizard {
        Some(place) => {
            let forward = if place == "last" { "finish" } else { "next" };
            buttons.attr("wizard", place).child(button(forward, forward))
        }
        None => buttons.child(button("ok", "ok")),
    };
    buttons = buttons.child(button("cancel", "cancel"));
    Element::new("metadata")
        .attr("name", shape.func)
        .attr("type", "form")
        .attr("mgr", "billmgr")
        .attr("decorated", "yes")
        .child(form.child(buttons))
}

/// The metadata of one field.
fn control(field: &Field) -> Element {
    // A wizard carries an earlier step's password in a hidden input: still a secret.
    let secret = matches!(field.control, Control::Password) || field.key == "password";
    let kind = match &field.control {
        Control::Select(_) => None,
        Control::Text | Control::Money | Control::Number => Some("text"),
        Control::Hidden => Some("hidden"),
        Control::Checkbox => Some("checkbox"),
        Control::Password => Some("password"),
    };
    let mut control = match kind {
        Some(kind) => Element::new("input").attr("type", kind),
        None => Element::new("select"),
    };
    control = control
        .attr("name", &field.name)
        .many()
        .attr_if(field.required, "required", "yes")
        .attr_if(field.readonly, "readonly", "yes")
        .attr_if(secret, "private", "yes")
        .attr_if(matches!(field.control, Control::Money), "check", "money")
        .attr_if(matches!(field.control, Control::Number), "check", "int")
        .attr_if(field.setvalues, "setvalues", "yes");
    if let Some(master) = &field.depend {
        control = control.attr("depend", master);
    }
    for (value, hidden) in &field.hides {
        let rule = Element::new("if").attr("value", value).attr("hide", hidden);
        control = control.child(rule.many());
    }
    Element::new("field").attr("name", &field.name).many().child(control)
}

fn messages(cx: &Cx<'_>, shape: &Shape<'_>) -> Element {
    let message = |name: &str, text: &str| Element::leaf("msg", text).attr("name", name).many();
    let fields = shape.fields.iter();
    let labels = fields.map(|field| message(&field.name, field.label.get(cx.lang)));
    Element::new("messages")
        .attr("name", shape.func)
        .attr("checked", shape.func)
        .child(message("title", shape.func))
        .with(labels)
}

fn slist(cx: &Cx<'_>, field: &Field, shape: &Shape<'_>) -> Element {
    let offered = if cx.dialect.depend_listed || field.depend.is_none() {
        match &field.control {
            Control::Select(choices) => choices.iter().collect(),
            _ => Vec::new(),
        }
    } else {
        field.offered(shape.fields, shape.row)
    };
    let options = offered.into_iter().map(|choice| {
        let mut option = Element::leaf("val", choice.label.get(cx.lang))
            .many()
            .attr("key", &choice.key)
            .attr_if(choice.label.translated(), "msg", "yes");
        if let Some(master) = &choice.depend {
            option = option.attr("depend", master);
        }
        option
    });
    Element::new("slist").attr("name", &field.name).many().with(options)
}

/// The value of one field as a child of the root, or nothing under `omitted-booleans`.
fn value(cx: &Cx<'_>, field: &Field, shape: &Shape<'_>) -> Option<Element> {
    let stored = cell(shape.row, &field.key);
    let shown = match &field.control {
        Control::Checkbox if stored != "on" => {
            if cx.is(Hostile::OmittedBooleans) {
                return None;
            }
            if cx.is(Hostile::EmptyValues) { "" } else { "off" }
        }
        // Level 29 is assumed never to get a password back (4.3).
        Control::Password if cx.is(Hostile::MaskedPasswords) && !stored.is_empty() => MASK,
        Control::Password => "",
        Control::Select(choices) => {
            let known = choices.iter().any(|choice| choice.key == stored);
            match stored {
                "" | "null" if cx.is(Hostile::EmptyValues) => "",
                "" if choices.iter().any(|choice| choice.key == "null") => "null",
                // A value that is not among the options is dropped from the view (1.5.2).
                _ if !known => "",
                stored => stored,
            }
        }
        _ => stored,
    };
    Some(Element::leaf(&field.name, shown).value())
}

/// What a masked password looks like.
pub(crate) const MASK: &str = "********";
