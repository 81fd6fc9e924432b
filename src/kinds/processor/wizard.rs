//! Adding a processor: the panel's wizard, whose first steps are on no record.
//!
//! Each step's form is filled with what it asks for and sent on; a step that asks for nothing we know is
//! passed as it is. Nothing is final before the last step, and the last step is sent only when every
//! wanted field has found its place.

use super::{SEEN, TABLE, read, write};
use crate::{
    billmgr::Written,
    dialect::{Unknown, func, normal, processor::Known},
    kinds::{ConfigSpec, Entry, Hand, KindError, Site, Snapshot, catalogue, forms},
    language::{later, t},
    model::Name,
    plan::{Change, FieldChange, Value},
    wire::{Choice, Control, Field, Form, Param},
};

/// More steps than any wizard on record has.
const MOST_STEPS: usize = 10;

/// Finds which modules are offered for the product types of new processors, as far as forms show them
/// without saving anything.
pub(super) async fn learn_modules(
    site: &Site,
    spec: &ConfigSpec,
    snapshot: &mut Snapshot,
) -> Result<(), KindError> {
    let seen = snapshot.catalogue.modules.get(SEEN).cloned().unwrap_or_default();
    for processor in spec.processors.values() {
        let Some(product_type) = processor.product_type.as_ref().map(Name::as_str) else { continue };
        let known = site.dialect.module(processor.module.as_str(), &seen).is_ok();
        if known || snapshot.catalogue.modules.contains_key(product_type) {
            continue;
        }
        let entry = catalogue::find(later!("product type"), &snapshot.catalogue.product_types, product_type);
        let Ok(entry) = entry.cloned() else { continue };
        let Ok(mut form) = site.reader.form(&first_step(site, snapshot), &[]).await else { return Ok(()) };
        for _ in 0..MOST_STEPS {
            if let Some(modules) = modules(&form, &entry) {
                snapshot.catalogue.modules.insert(product_type.to_owned(), modules);
                break;
            }
            let Some(field) = product_type_field(&form, &entry) else { break };
            let chosen = choice_of(field, &entry).unwrap_or_default();
            let mut values = form.postable();
            values.retain(|(name, _)| *name != field.name && name != "snext");
            values.push((field.name.clone(), chosen));
            let mut params: Vec<(&str, &str)> =
                values.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            params.push(("snext", "ok"));
            match site.reader.form(&form.func, &params).await {
                Ok(next) if next.func != form.func => form = next,
                _ => break,
            }
        }
    }
    Ok(())
}

/// The function behind the button "new" of the list of processors, or what `dialect` says.
pub(in crate::kinds) fn first_step(site: &Site, snapshot: &Snapshot) -> String {
    let fixed = site.dialect.spec.functions.processor_add.as_ref().map(Name::as_str);
    let toolbar = snapshot.toolbars.get(func::PROCESSORS);
    let button = toolbar
        .and_then(|buttons| buttons.iter().find(|button| button.kind == "new" || button.name == "new"));
    fixed.or(button.map(|button| button.func.as_str())).unwrap_or(func::PROCESSOR_ADD).to_owned()
}

/// The wizard's first step; where the panel has none, the last one, which public scripts call directly.
async fn start(hand: &Hand<'_>, change: &Change) -> Result<Form, KindError> {
    let reader = &hand.site.reader;
    match reader.form(&first_step(hand.site, hand.snapshot), &[]).await {
        Ok(form) => Ok(form),
        Err(failure) if failure.panel_error().is_some() => {
            let module = forms::after(change, "module").map(ToString::to_string).unwrap_or_default();
            Ok(reader.form(func::PROCESSOR_ADD_LAST, &[("module", &module)]).await?)
        }
        Err(failure) => Err(failure.into()),
    }
}

/// Walks the wizard and saves.
pub(super) async fn create(hand: &mut Hand<'_>, change: &Change) -> Result<(), KindError> {
    let listing = TABLE.list(hand.site, hand.snapshot, None).await?;
    let known = read::known(hand.site, &listing.rows);
    let mut step = start(hand, change).await?;
    let mut placed: Vec<&str> = Vec::new();
    for _ in 0..MOST_STEPS {
        let mut set = Vec::new();
        for field in &change.fields {
            let asked = ask(hand, change, field, &step, &known)?;
            if let Some(param) = asked {
                forms::check(&step, &param)?;
                if step.field(&param.name).is_some_and(|field| !field.secret()) {
                    hand.site.note(&step, &param.name);
                }
                set.push(param);
                placed.push(&field.field);
            }
        }
        let last = step.buttons.iter().any(|button| button == "finish");
        let params = forms::overlay(&step, &set);
        if last {
            return finish(hand, change, &step, params, &placed).await;
        }
        match hand.writer.wizard_step(&step.func, params).await? {
            Written::Saved { .. } => return all_placed(change, &placed, &step),
            Written::Step(next) if next.func == step.func && set.is_empty() => {
                return Err(KindError::Unreadable(t!(
                    "the wizard does not go on from its step `{func}`",
                    func = step.func
                )));
            }
            Written::Step(next) => step = *next,
        }
    }
    Err(KindError::Unreadable(t!(
        "the wizard for a new processor did not end after {count} steps",
        count = MOST_STEPS
    )))
}

async fn finish(
    hand: &Hand<'_>,
    change: &Change,
    step: &Form,
    mut params: Vec<Param>,
    placed: &[&str],
) -> Result<(), KindError> {
    all_placed(change, placed, step)?;
    params.push(Param::text("clicked_button", "finish"));
    match hand.writer.save(&step.func, params).await? {
        Written::Saved { .. } => Ok(()),
        Written::Step(next) => Err(KindError::Unreadable(t!(
            "the last step `{func}` was answered with the form `{other}`",
            func = step.func,
            other = next.func
        ))),
    }
}

/// Refuses to create a processor that would lack something the plan shows.
fn all_placed(change: &Change, placed: &[&str], step: &Form) -> Result<(), KindError> {
    let left: Vec<String> = change
        .fields
        .iter()
        .filter(|field| field.after.is_some() && !placed.contains(&field.field.as_str()))
        .map(|field| format!("`{}`", field.field))
        .collect();
    if left.is_empty() {
        return Ok(());
    }
    let fields = step.fields.iter().map(|field| field.name.clone()).collect();
    let why = t!("the wizard for a new processor did not ask for {left}", left = left.join(", "));
    Err(Unknown::new(why, fields, Some("fields: {processor_...: NAME}")).into())
}

/// What this step's form wants of one field of the plan, if anything.
fn ask(
    hand: &Hand<'_>,
    change: &Change,
    field: &FieldChange,
    step: &Form,
    known: &Known,
) -> Result<Option<Param>, KindError> {
    let Some(value) = &field.after else { return Ok(None) };
    match field.field.as_str() {
        "product_type" => {
            let Value::Ref(reference) = value else { return Ok(None) };
            let id = reference.id.clone().unwrap_or_default();
            let entry = hand.snapshot.catalogue.product_types.iter().find(|entry| entry.id == id);
            let Some(entry) = entry else { return Ok(None) };
            let found =
                product_type_field(step, entry).and_then(|field| Some((field, choice_of(field, entry)?)));
            Ok(found.map(|(field, key)| Param::text(&field.name, key)))
        }
        "module" => {
            let Some(select) = step.field("module").filter(|field| !field.choices.is_empty()) else {
                return Ok(carried(step, "module")
                    .then(|| Param::text("module", step.value("module").unwrap_or_default())));
            };
            let key = hand.site.dialect.module(&value.to_string(), &select.choices)?;
            Ok(Some(Param::text("module", key)))
        }
        _ => match write::param(hand, change, field, step, known) {
            Ok(param) => Ok(step.field(&param.name).is_some().then_some(param)),
            // This step does not ask for it; a later one may, and the last is not sent without it.
            Err(KindError::Unknown(_)) => Ok(None),
            Err(error) => Err(error),
        },
    }
}

/// Whether a step only carries an earlier answer along.
fn carried(step: &Form, name: &str) -> bool {
    step.field(name).is_some_and(|field| field.control == Control::Hidden)
}

/// The select that offers the product type, by id or internal name.
fn product_type_field<'f>(form: &'f Form, entry: &Entry) -> Option<&'f Field> {
    let mut selects = form
        .fields
        .iter()
        .filter(|field| field.control == Control::Select && choice_of(field, entry).is_some());
    selects.next().filter(|_| selects.next().is_none())
}

fn choice_of(field: &Field, entry: &Entry) -> Option<String> {
    let by_name = |choice: &&Choice| entry.names.contains(&choice.key);
    let by_id = |choice: &&Choice| {
        choice.key == entry.id && entry.names.iter().any(|name| normal(name) == normal(&choice.label))
    };
    let found = field.choices.iter().find(by_name).or_else(|| field.choices.iter().find(by_id));
    found.map(|choice| choice.key.clone())
}

fn modules(form: &Form, entry: &Entry) -> Option<Vec<Choice>> {
    let field = form.field("module").filter(|field| !field.choices.is_empty())?;
    let offered = field.choices.iter().filter(|choice| {
        choice.depend.as_ref().is_none_or(|master| *master == entry.id || entry.names.contains(master))
    });
    Some(offered.cloned().collect())
}
