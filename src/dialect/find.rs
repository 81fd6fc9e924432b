//! Finding one field among a form's fields, or refusing.

use std::{fmt, ops::Deref};

use crate::{
    language::t,
    wire::{Choice, Field, Form},
};

/// A name that could not be found, with what there was to choose from.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{why}")]
pub(crate) struct Unknown {
    pub(crate) why: String,
    /// What was there to choose from, as `name ("label")`.
    pub(crate) candidates: Vec<String>,
    /// The `dialect:` line that settles it, for example `fields: {processor_url: NAME}`.
    pub(crate) setting: Option<String>,
}

impl Unknown {
    pub(crate) fn new(why: impl Into<String>, candidates: Vec<String>, setting: Option<&str>) -> Self {
        Self { why: why.into(), candidates, setting: setting.map(str::to_owned) }
    }

    /// The panel shows a select without its value, because that is none of its options (recorded in
    /// 6.94.1: "missed in slist and will be ignored").
    pub(crate) fn unread(field: &Field) -> Self {
        let why = t!(
            "the panel does not show the value of `{field}`, which is none of its options",
            field = field.name
        );
        Self::new(why, field.choices.iter().map(shown_choice).collect(), None)
    }

    pub(crate) fn help(&self) -> String {
        let candidates = match self.candidates.as_slice() {
            [] => t!("the panel offers no candidate"),
            some => t!("candidates: {some}", some = some.join(", ")),
        };
        match &self.setting {
            Some(setting) => {
                t!(
                    "{candidates}; say which in the configuration: `dialect: {{{setting}}}`",
                    candidates = candidates,
                    setting = setting
                )
            }
            None => candidates,
        }
    }
}

/// By which sign a name was told, strongest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sign {
    Configured,
    Name,
    NameEnd,
    Label,
    Options,
}

impl fmt::Display for Sign {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&match self {
            Self::Configured => t!("the configuration says so"),
            Self::Name => t!("by its name"),
            Self::NameEnd => t!("by the end of its name"),
            Self::Label => t!("by its label"),
            Self::Options => t!("by the options it offers"),
        })
    }
}

/// A field that was told from the others, and by what.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Found<'f> {
    field: &'f Field,
    pub(crate) sign: Sign,
}

impl<'f> Found<'f> {
    pub(super) fn new(field: &'f Field, sign: Sign) -> Self {
        Self { field, sign }
    }
}

impl Deref for Found<'_> {
    type Target = Field;

    fn deref(&self) -> &Field {
        self.field
    }
}

/// How a field is recognised, strongest sign first.
pub(super) struct Wanted<'a> {
    /// What people call it, for messages.
    pub(super) what: String,
    /// The name the configuration gives.
    pub(super) fixed: Option<&'a str>,
    /// Names seen in public modules.
    pub(super) names: &'a [&'a str],
    /// Parts of English and Russian labels.
    pub(super) labels: &'a [&'a str],
    /// The key under `dialect: {fields: ...}`.
    pub(super) setting: &'a str,
}

impl Wanted<'_> {
    /// The one field of `form` that fits, among those `fits` accepts.
    pub(super) fn field<'f>(
        &self,
        form: &'f Form,
        fits: impl Fn(&Field) -> bool,
    ) -> Result<Found<'f>, Unknown> {
        if let Some(name) = self.fixed {
            return form.field(name).map(|field| Found::new(field, Sign::Configured)).ok_or_else(|| {
                let why = t!(
                    "the form `{func}` has no field `{name}`, which `dialect` names as {what}",
                    func = form.func,
                    name = name,
                    what = self.what
                );
                self.unknown(why, form.fields.iter())
            });
        }
        let fitting: Vec<&Field> = form.fields.iter().filter(|field| fits(field)).collect();
        let named = |test: &dyn Fn(&str) -> bool| -> Vec<&Field> {
            fitting.iter().copied().filter(|field| test(&field.name)).collect()
        };
        let exact = named(&|name| self.names.contains(&name));
        let suffixed = named(&|name| {
            self.names.iter().any(|known| name.strip_suffix(known).is_some_and(|head| head.ends_with('_')))
        });
        let labelled: Vec<&Field> = fitting
            .iter()
            .copied()
            .filter(|field| field.label.as_deref().is_some_and(|label| contains_any(label, self.labels)))
            .collect();
        for (found, sign) in [(exact, Sign::Name), (suffixed, Sign::NameEnd), (labelled, Sign::Label)] {
            match found.as_slice() {
                [] => {}
                [one] => return Ok(Found::new(one, sign)),
                many => {
                    let why =
                        t!("several fields of `{func}` could be {what}", func = form.func, what = self.what);
                    return Err(self.unknown(why, many.iter().copied()));
                }
            }
        }
        let why = t!("no field of `{func}` looks like {what}", func = form.func, what = self.what);
        Err(self.unknown(why, fitting.into_iter()))
    }

    fn unknown<'f>(&self, why: String, fields: impl Iterator<Item = &'f Field>) -> Unknown {
        let setting = format!("fields: {{{}: NAME}}", self.setting);
        Unknown::new(why, fields.map(shown).collect(), Some(&setting))
    }
}

pub(super) fn shown(field: &Field) -> String {
    match &field.label {
        Some(label) => format!("{} (\"{label}\")", field.name),
        None => field.name.clone(),
    }
}

pub(super) fn shown_choice(choice: &Choice) -> String {
    format!("{} (\"{}\")", choice.key, choice.label)
}

pub(super) fn contains_any(text: &str, parts: &[&str]) -> bool {
    let text = text.to_lowercase();
    parts.iter().any(|part| text.contains(part))
}

/// Lower case letters and digits only, so that `VMmanager 5` and `vmmanager5` are one.
pub(crate) fn normal(text: &str) -> String {
    text.chars().filter(|ch| ch.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
