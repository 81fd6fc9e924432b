//! From a change to the form of a period mapping.

use super::{TABLE, TARIFF, read};
use crate::{
    dialect::{MappingFields, Unknown, mapping::PARAMETER, normal},
    kinds::{
        Entry, Hand, KindError, Place,
        forms::{after, wire_value},
    },
    language::t,
    plan::{Change, Value},
    wire::{Choice, Form, Param},
};

pub(super) async fn create(
    hand: &mut Hand<'_>,
    change: &Change,
    parents: &[String],
) -> Result<(), KindError> {
    let [above] = parents else { return Err(no_processor(change)) };
    let blank = read::blank(hand.site, above).await?;
    let mut set = vec![Param::text(PARAMETER, &blank.parameter)];
    set.extend(params(hand, change, &blank.fields, &blank.form)?);
    TABLE.save(hand, Some(above), None, &set).await
}

pub(super) async fn update(hand: &mut Hand<'_>, change: &Change, place: Place<'_>) -> Result<(), KindError> {
    let [above] = place.parents else { return Err(no_processor(change)) };
    let form = TABLE.form(hand.site, Some(above), Some(place.id)).await?;
    let fields = hand.site.dialect.mapping_fields(&form)?;
    let set = params(hand, change, &fields, &form)?;
    TABLE.save(hand, Some(above), Some(place.id), &set).await
}

fn no_processor(change: &Change) -> KindError {
    KindError::Unreadable(t!("{object} has no processor", object = change.object))
}

/// The form parameters of a change, the check box before what it reveals.
fn params(
    hand: &Hand<'_>,
    change: &Change,
    names: &MappingFields,
    form: &Form,
) -> Result<Vec<Param>, KindError> {
    let mut set = Vec::new();
    for (logical, name) in [("sold", &names.sold), ("bought", &names.bought)] {
        if let Some(Value::Period(period)) = after(change, logical) {
            set.push(Param::text(name, period.panel_id().to_string()));
        }
    }
    let Some(tariff) = after(change, TARIFF) else { return Ok(set) };
    let id = wire_value(hand, tariff)?;
    set.push(Param::text(&names.bound, "on"));
    if let Some(field) = &names.product_type {
        let entry = hand.snapshot.catalogue.tariffs.iter().find(|entry| entry.id == id);
        set.extend(product_type(form, field, entry)?.map(|key| Param::text(field, key)));
    }
    set.push(Param::text(&names.tariff, id));
    Ok(set)
}

/// The option of the product type that the tariff plan belongs to.
fn product_type(form: &Form, field: &str, tariff: Option<&Entry>) -> Result<Option<String>, KindError> {
    let Some(field) = form.field(field) else { return Ok(None) };
    let name = tariff.and_then(|tariff| tariff.product_type.as_deref()).unwrap_or_default();
    let fits = |choice: &&Choice| choice.key == name || normal(&choice.label) == normal(name);
    let mut found = field.choices.iter().filter(fits);
    match (found.next(), found.next()) {
        (Some(choice), None) => Ok(Some(choice.key.clone())),
        _ => {
            let offered =
                field.choices.iter().map(|choice| format!("{} (\"{}\")", choice.key, choice.label)).collect();
            let why = t!(
                "the product type `{name}` of the tariff plan is not among those of a period mapping",
                name = name
            );
            Err(Unknown::new(why, offered, None).into())
        }
    }
}
