//! From a change to the form of a resource.

use super::{BILLINGS, CHANGES, TABLE, TYPE, word};
use crate::{
    dialect::resource as names,
    kinds::{
        Hand, KindError, Place,
        forms::{self, after, wire_value},
    },
    language::t,
    plan::Change,
    wire::{Form, Param},
};

/// Creates a resource: the form shows what is to be filled in as its type and enumeration are chosen.
pub(super) async fn create(
    hand: &mut Hand<'_>,
    change: &Change,
    parents: &[String],
) -> Result<(), KindError> {
    let [tariff] = parents else { return Err(no_tariff(change)) };
    let target = TABLE.target(Some(tariff), None);
    let reader = &hand.site.reader;
    let dialect = &hand.site.dialect;
    let mut form = reader.form(target.func, &target.params).await?;
    let resource_type = after(change, TYPE).ok_or_else(|| no_tariff(change))?;
    let mut set = vec![Param::text(names::TYPE, wire_value(hand, resource_type)?)];
    if let Some(field) = form.field(names::VALUE_TYPE) {
        let key = dialect.enumeration_value_type(&field.choices)?.to_owned();
        set.push(Param::text(names::VALUE_TYPE, key));
    }
    if dialect.resource_enumeration(&form).is_err() {
        form = forms::rerender(reader, &target, &form, &set).await?;
    }
    let field = dialect.resource_enumeration(&form)?.name.clone();
    let enumeration = after(change, "enumeration").ok_or_else(|| no_tariff(change))?;
    set.push(Param::text(&field, wire_value(hand, enumeration)?));
    form = forms::rerender(reader, &target, &form, &set).await?;
    set.extend(params(hand, change, &form)?);
    TABLE.save(hand, Some(tariff), None, &set).await
}

pub(super) async fn update(hand: &mut Hand<'_>, change: &Change, place: Place<'_>) -> Result<(), KindError> {
    let [tariff] = place.parents else { return Err(no_tariff(change)) };
    let form = TABLE.form(hand.site, Some(tariff), Some(place.id)).await?;
    let set = params(hand, change, &form)?;
    TABLE.save(hand, Some(tariff), Some(place.id), &set).await
}

fn no_tariff(change: &Change) -> KindError {
    KindError::Unreadable(t!("{object} lacks its tariff plan, type or enumeration", object = change.object))
}

/// The form parameters of a change, the choices that others depend on first.
fn params(hand: &Hand<'_>, change: &Change, form: &Form) -> Result<Vec<Param>, KindError> {
    let mut params = Vec::new();
    for field in &change.fields {
        let Some(value) = &field.after else { continue };
        let text = value.to_string();
        let param = match field.field.as_str() {
            "default" => {
                Param::text(&hand.site.dialect.resource_default(form)?.name, wire_value(hand, value)?)
            }
            "billing" => match BILLINGS.iter().find(|billing| word(*billing).to_string() == text) {
                Some(billing) => Param::text(names::BILLING, names::billing_key(*billing)),
                None => continue,
            },
            "client_change" => match CHANGES.iter().find(|change| word(*change).to_string() == text) {
                Some(change) => Param::text(names::CLIENT_CHANGE, names::client_change_key(*change)),
                None => continue,
            },
            _ => continue,
        };
        params.push(param);
    }
    Ok(params)
}
