//! Writing. A write is sent once; what became of it is either known or said to be unknown.

use super::failure::Failure;
use super::link::{Call, Shared};
use super::trouble::Intent;
use crate::{
    language::t,
    wire::{Answer, Form, Param},
};

/// Changes a panel.
#[derive(Clone)]
pub(crate) struct Writer {
    link: Shared,
}

/// What a save came to.
#[derive(Clone, Debug)]
pub(crate) enum Written {
    /// Carried out. Some functions give no id: then the object is found by its natural key.
    Saved { id: Option<String> },
    /// A wizard shows its next step; nothing is final yet.
    Step(Box<Form>),
}

impl Writer {
    pub(super) fn new(link: Shared) -> Self {
        Self { link }
    }

    /// Saves a form: adds `sok`, and `clicked_button` unless given (`finish` ends a wizard).
    pub(crate) async fn save(&self, func: &str, mut params: Vec<Param>) -> Result<Written, Failure> {
        add(&mut params, "clicked_button", "ok");
        add(&mut params, "sok", "ok");
        let answer = self.send(func, &params).await?;
        match written(&answer) {
            Some(Written::Step(form)) if form.func == func || form.func.is_empty() => {
                Err(self.not_saved(func, &came_back(&form)))
            }
            Some(written) => Ok(written),
            None => Err(no_sign(func)),
        }
    }

    /// Goes one step on in a wizard, whose last step is saved with `clicked_button=finish`.
    ///
    /// A step that comes back as itself is returned too: some wizards keep one function.
    pub(crate) async fn wizard_step(&self, func: &str, mut params: Vec<Param>) -> Result<Written, Failure> {
        add(&mut params, "clicked_button", "next");
        add(&mut params, "snext", "ok");
        add(&mut params, "sok", "ok");
        let answer = self.send(func, &params).await?;
        written(&answer).ok_or_else(|| no_sign(func))
    }

    /// Deletes, suspends, resumes …; confirms if the panel shows a form first.
    ///
    /// Such a call was recorded without `sok` (user.suspend). A form instead of `ok` means
    /// that nothing has happened yet, so the second request repeats nothing.
    pub(crate) async fn act(&self, func: &str, params: Vec<Param>) -> Result<(), Failure> {
        let answer = self.send(func, &params).await?;
        if answer.ok().is_some() {
            return Ok(());
        }
        let form = answer.form().ok_or_else(|| no_sign(func))?;
        let confirm = match form.func.as_str() {
            "" => func,
            own if own == func || own.strip_prefix(func).is_some_and(|r| r.starts_with('.')) => own,
            other => return Err(self.not_saved(func, &t!("the form of `{other}` came", other = other))),
        };
        match self.save(confirm, confirmation(&form, params)).await? {
            Written::Saved { .. } => Ok(()),
            Written::Step(next) => Err(self.not_saved(func, &came_back(&next))),
        }
    }

    fn not_saved(&self, func: &str, why: &str) -> Failure {
        Failure::NotSaved { func: func.to_owned(), why: self.link.scrub.clean(why) }
    }

    async fn send(&self, func: &str, params: &[Param]) -> Result<Answer, Failure> {
        let lang = &self.link.settings().lang;
        self.link.call(&Call { func, lang, params, intent: Intent::Write }).await
    }
}

/// Adds a parameter unless it is given. A form's own hidden input of that name may be empty,
/// as a wizard's `snext` is, and then gives nothing.
fn add(params: &mut Vec<Param>, name: &str, value: &str) {
    params.retain(|param| param.name != name || !param.wire().is_empty());
    if params.iter().all(|param| param.name != name) {
        params.push(Param::text(name, value));
    }
}

/// The confirmation form as shown, with what was asked for on top.
fn confirmation(form: &Form, params: Vec<Param>) -> Vec<Param> {
    let asked = |name: &str| params.iter().any(|param| param.name == name);
    let mut all: Vec<Param> = form.unchanged().into_iter().filter(|p| !asked(&p.name)).collect();
    all.extend(params);
    all
}

fn written(answer: &Answer) -> Option<Written> {
    if answer.ok().is_some() {
        return Some(Written::Saved { id: answer.created_id() });
    }
    answer.form().map(|form| Written::Step(Box::new(form)))
}

fn came_back(form: &Form) -> String {
    let empty: Vec<&str> = form
        .fields
        .iter()
        .filter(|f| f.required && !f.readonly && f.value.as_deref().is_none_or(str::is_empty))
        .map(|f| f.name.as_str())
        .collect();
    match empty.is_empty() {
        true => t!("the form of `{func}` came back", func = form.func),
        false => t!("the form came back with required fields empty: {empty}", empty = empty.join(", ")),
    }
}

/// Neither `ok` nor a form: a document nobody has recorded, so nothing is concluded from it.
fn no_sign(func: &str) -> Failure {
    Failure::Unclear { func: func.to_owned(), why: t!("the answer has neither `ok` nor a form") }
}
