//! Filling a form as the panel's own page would: read it, lay the change over it, let it render anew
//! where a choice changes what it offers.

use super::{Hand, KindError, Place, Site};
use crate::{
    billmgr::{Reader, Written},
    dialect::{Role, Unknown, button},
    language::t,
    plan::{Change, ObjectRef, Value},
    wire::{Control, Form, Param, ParamValue},
};

/// Which form, and where the object stands.
pub(super) struct Target<'a> {
    pub(super) func: &'a str,
    pub(super) params: Vec<(&'a str, &'a str)>,
}

/// Reads the form, lays `set` over it in order, and returns all there is to post.
///
/// A value that a select does not offer is refused here: what a save does with one is on no record.
pub(super) async fn fill(site: &Site, target: &Target<'_>, set: &[Param]) -> Result<Vec<Param>, KindError> {
    let reader = &site.reader;
    let mut form = site.form(target.func, &target.params).await?;
    let mut last_look = true;
    let mut done: Vec<Param> = Vec::new();
    for param in set {
        if !takes(&form, param) && !done.is_empty() {
            form = rerender(reader, target, &form, &done).await?;
            last_look = false;
        }
        check(&form, param)?;
        if let Some(wanted) = text(param) {
            site.about_to_write(&form, &param.name, wanted)?;
        }
        done.push(param.clone());
        let master = form.field(&param.name).is_some_and(|field| field.rerenders);
        let changed = form.value(&param.name) != text(param);
        if master && changed {
            form = rerender(reader, target, &form, &done).await?;
            last_look = false;
        }
    }
    // Nothing but the save itself may come between the last look at the object and the save.
    if !last_look && site.is_watching() {
        site.form(target.func, &target.params).await?;
    }
    Ok(overlay(&form, &done))
}

/// Posts a form filled by [`fill`].
pub(super) async fn save(
    hand: &Hand<'_>,
    target: &Target<'_>,
    set: &[Param],
) -> Result<Option<String>, KindError> {
    let mut params = fill(hand.site, target, set).await?;
    for (name, value) in &target.params {
        params.retain(|param| param.name != *name);
        params.push(Param::text(*name, *value));
    }
    match hand.writer.save(target.func, params).await? {
        Written::Saved { id } => Ok(id),
        Written::Step(form) => Err(KindError::Unreadable(t!(
            "the panel answered a save of `{func}` with the form `{other}`",
            func = target.func,
            other = form.func
        ))),
    }
}

/// Deletes an object through the button of its list; an account without the button may not.
pub(super) async fn delete(hand: &mut Hand<'_>, list: &str, place: Place<'_>) -> Result<(), KindError> {
    let toolbar = hand.snapshot.toolbars.get(list).map_or(&[][..], Vec::as_slice);
    let delete = button(list, toolbar, Role::Delete, None)?;
    let parent = place.parent().map(|parent| Param::text("plid", parent));
    let params = parent.into_iter().chain([Param::text("elid", place.id)]).collect();
    Ok(hand.writer.act(&delete.func, params).await?)
}

/// What a change makes of a field; nothing where it leaves it as it is.
pub(super) fn after<'a>(change: &'a Change, field: &str) -> Option<&'a Value> {
    change.fields.iter().find(|changed| changed.field == field)?.after.as_ref()
}

/// A value as forms take it; a reference to something created in this run has its id by now.
pub(super) fn wire_value(hand: &Hand<'_>, value: &Value) -> Result<String, KindError> {
    let Value::Ref(reference) = value else { return Ok(value.to_string()) };
    let object = ObjectRef { kind: reference.kind.clone(), key: reference.key.clone() };
    let id = reference.id.as_ref().or_else(|| hand.ids.get(&object));
    id.cloned().ok_or_else(|| {
        Unknown::new(t!("{object} does not exist yet", object = object), Vec::new(), None).into()
    })
}

/// The form as it stands, with `set` on top.
pub(super) fn overlay(form: &Form, set: &[Param]) -> Vec<Param> {
    let asked = |name: &str| set.iter().any(|param| param.name == name);
    let mut params: Vec<Param> = form.unchanged().into_iter().filter(|param| !asked(&param.name)).collect();
    params.extend(set.iter().cloned());
    params
}

/// Whether the form has the field, and offers the value where it is a choice.
fn takes(form: &Form, param: &Param) -> bool {
    check(form, param).is_ok()
}

pub(super) fn check(form: &Form, param: &Param) -> Result<(), KindError> {
    let Some(field) = form.field(&param.name) else {
        let names = form.fields.iter().map(|field| field.name.clone()).collect();
        let why = t!("the form `{func}` has no field `{param}`", func = form.func, param = param.name);
        return Err(Unknown::new(why, names, None).into());
    };
    let unchanged = form.value(&param.name) == text(param);
    if field.readonly && !unchanged {
        return Err(KindError::Unreadable(t!(
            "the panel does not let `{param}` be changed",
            param = param.name
        )));
    }
    let ParamValue::Text(value) = &param.value else { return Ok(()) };
    if field.control == Control::Select && !field.choices.is_empty() && !unchanged && !field.offers(value) {
        let offered =
            field.choices.iter().map(|choice| format!("{} (\"{}\")", choice.key, choice.label)).collect();
        let why = t!(
            "the field `{field}` of `{func}` does not offer `{value}`",
            field = field.name,
            func = form.func,
            value = value
        );
        return Err(Unknown::new(why, offered, None).into());
    }
    Ok(())
}

/// The form after the last field of `done` was changed; nothing is saved.
pub(super) async fn rerender(
    reader: &Reader,
    target: &Target<'_>,
    form: &Form,
    done: &[Param],
) -> Result<Form, KindError> {
    let mut values: Vec<(String, String)> = form.postable();
    for param in done {
        if let Some(value) = text(param) {
            values.retain(|(name, _)| *name != param.name);
            values.push((param.name.clone(), value.to_owned()));
        }
    }
    let last = done.last().map_or("", |param| param.name.as_str());
    let mut params: Vec<(&str, &str)> = target.params.clone();
    params.extend(values.iter().map(|(name, value)| (name.as_str(), value.as_str())));
    params.push(("sv_field", last));
    Ok(reader.form(target.func, &params).await?)
}

fn text(param: &Param) -> Option<&str> {
    match &param.value {
        ParamValue::Text(text) => Some(text),
        ParamValue::Secret(_) => None,
    }
}
