//! The guard against stored filters.
//!
//! `X.filter` stores criteria per user and applies them every time the list is shown, to
//! API calls too, until removed (vendor's text on processing.customparam.filter). The total
//! then counts what is left, so counting rows cannot notice: a forgotten filter would make
//! live objects look absent.

use super::failure::Failure;
use super::link::{Call, Link};
use super::list::{FilterState, Pages, incomplete};
use super::trouble::Intent;
use crate::{
    language::t,
    wire::{Control, Field, Form, Page, Param},
};

impl Link {
    /// What is known of a filter on the list; an error if one is in force.
    pub(super) async fn filter_state(
        &self,
        pages: &Pages,
        lang: &str,
        params: &[Param],
    ) -> Result<FilterState, Failure> {
        let page = &pages.first;
        if page.filtered {
            return Err(incomplete(&page.func, in_force(page, "criteria")));
        }
        let Some(func) = filter_func(page) else {
            return Ok(FilterState::NotOffered);
        };
        let call = Call { func, lang, params, intent: Intent::Read };
        let answer = self.call(&call).await.map_err(|failure| match failure {
            Failure::NotShown { error, .. } => incomplete(
                &page.func,
                t!("whether a filter hides rows cannot be read: {error}", error = error),
            ),
            other => other,
        })?;
        let form = answer.form().ok_or_else(|| {
            incomplete(&page.func, t!("whether a filter hides rows cannot be read: its form is not one"))
        })?;
        let set = set_fields(&form);
        if set.is_empty() {
            return Ok(FilterState::None);
        }
        Err(incomplete(&page.func, in_force(page, &self.scrub.clean(&set.join(", ")))))
    }
}

fn filter_func(page: &Page) -> Option<&str> {
    let own = format!("{}.filter", page.func);
    page.toolbar
        .iter()
        .find(|button| button.func == own)
        .or_else(|| page.toolbar.iter().find(|b| b.name == "filter" && b.func.ends_with(".filter")))
        .map(|button| button.func.as_str())
}

fn set_fields(form: &Form) -> Vec<&str> {
    form.fields.iter().filter(|field| is_set(field)).map(|field| field.name.as_str()).collect()
}

/// Hidden inputs carry the parent's id and the like; "null" is a select's "not set".
fn is_set(field: &Field) -> bool {
    let value = field.value.as_deref().unwrap_or_default().trim();
    match field.control {
        Control::Hidden | Control::List | Control::Other => false,
        _ if field.readonly => false,
        Control::Checkbox => value == "on",
        _ => !matches!(value, "" | "null"),
    }
}

fn in_force(page: &Page, what: &str) -> String {
    t!(
        "a stored filter hides rows ({what}); open the list in the panel as this user and reset its filter \
         (or save `{func}.filter` with every field empty), and keep people off this account",
        what = what,
        func = page.func
    )
}
