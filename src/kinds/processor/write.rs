//! From a change to the form of a processor.

use super::{TABLE, read};
use crate::{
    dialect::processor::Known,
    kinds::{Hand, KindError, Place, forms::wire_value},
    language::t,
    plan::{Change, FieldChange},
    wire::{Form, Param},
};

pub(super) async fn update(hand: &mut Hand<'_>, change: &Change, place: Place<'_>) -> Result<(), KindError> {
    let form = TABLE.form(hand.site, None, Some(place.id)).await?;
    let listing = TABLE.list(hand.site, hand.snapshot, None).await?;
    let known = read::known(hand.site, &listing.rows);
    let mut set = Vec::new();
    for field in &change.fields {
        set.push(param(hand, change, field, &form, &known)?);
    }
    TABLE.save(hand, None, Some(place.id), &set).await
}

/// The form parameter of one changed field.
pub(super) fn param(
    hand: &Hand<'_>,
    change: &Change,
    field: &FieldChange,
    form: &Form,
    known: &Known,
) -> Result<Param, KindError> {
    let dialect = &hand.site.dialect;
    let Some(value) = &field.after else {
        return Err(KindError::Unreadable(t!("`{field}` has no value to write", field = field.field)));
    };
    let name = match field.field.as_str() {
        "name" => "name".to_owned(),
        "url" => dialect.processor_url(form)?.name.clone(),
        "username" => dialect.processor_username(form)?.name.clone(),
        "password" => {
            let name = dialect.processor_password(form)?.name.clone();
            let secret = (hand.secrets)(&change.object, "password").map_err(KindError::Secret)?;
            return Ok(Param::secret(name, secret));
        }
        "licence_server" => dialect.processor_licence_server(form, known)?.name.clone(),
        "data_centre" => dialect.processor_data_centre(form)?.name.clone(),
        other => match other.strip_prefix("parameters.") {
            Some(name) => name.to_owned(),
            None => {
                return Err(KindError::Unreadable(t!(
                    "`{other}` of a processor cannot be changed",
                    other = other
                )));
            }
        },
    };
    Ok(Param::text(name, wire_value(hand, value)?))
}
