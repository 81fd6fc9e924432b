//! From the panel to live period mappings.

use std::collections::BTreeMap;

use super::{TABLE, TARIFF, identity, object};
use crate::{
    dialect::{MappingFields, func, mapping::PARAMETER},
    kinds::{KindError, Live, Scope, Site, Snapshot, forms, live::reference, processor},
    language::t,
    model::Period,
    plan::Value,
    wire::{Field, Form, Param},
};

/// Ids of the processors whose mappings are read.
pub(super) fn processors(scope: Scope<'_>, snapshot: &Snapshot) -> Vec<String> {
    let live = snapshot.of_kind(processor::KIND);
    let Scope::Config(spec) = scope else { return live.map(|live| live.id.clone()).collect() };
    let meant = |live: &&Live| {
        spec.period_mappings.keys().any(|key| match spec.processors.get(key) {
            Some(described) => described.meant(key).is(&live.id, &live.identity),
            None => key.as_str() == live.identity || key.as_str() == live.id,
        })
    };
    live.filter(meant).map(|live| live.id.clone()).collect()
}

/// The form of a new mapping, and what it tells of names.
pub(super) struct Blank {
    pub(super) parameter: String,
    pub(super) form: Form,
    pub(super) fields: MappingFields,
}

/// Which parameter a mapping is, and how its fields are called: the form of a new row says both.
pub(super) async fn blank(site: &Site, above: &str) -> Result<Blank, KindError> {
    let form = TABLE.form(site, Some(above), None).await?;
    let choices = form.field(PARAMETER).map_or(&[][..], |field| field.choices.as_slice());
    let parameter = site.dialect.mapping_parameter(choices)?.to_owned();
    let target = TABLE.target(Some(above), None);
    let form = forms::rerender(&site.reader, &target, &form, &[Param::text(PARAMETER, &parameter)]).await?;
    let fields = site.dialect.mapping_fields(&form)?;
    Ok(Blank { parameter, form, fields })
}

/// Reads the mappings of a processor.
pub(super) async fn mappings(
    site: &Site,
    snapshot: &mut Snapshot,
    above: &str,
) -> Result<Vec<Live>, KindError> {
    let listing = TABLE.list(site, snapshot, Some(above)).await?;
    // Read also where there is no row yet, so that a processor without mappings is found out now.
    let blank = blank(site, above).await?;
    for (what, name, sign) in &blank.fields.signs {
        snapshot.learn(func::PARAMETER_EDIT, what, name, *sign);
    }
    snapshot.mapping_parameters.insert(above.to_owned(), blank.parameter);
    let rows = TABLE.forms(site, Some(above), listing.rows, |_| true).await?;
    let forms = rows.iter().filter_map(|(row, form)| Some((row, form.as_ref()?)));
    let found = forms.map(|(row, form)| live(site, snapshot, above, &row.id, form));
    found.filter_map(Result::transpose).collect()
}

/// A row as a mapping; nothing where it is another parameter of the processor.
pub(super) fn live(
    site: &Site,
    snapshot: &Snapshot,
    above: &str,
    id: &str,
    form: &Form,
) -> Result<Option<Live>, KindError> {
    let ours = snapshot.mapping_parameters.get(above).map(String::as_str);
    if form.value(PARAMETER) != ours {
        return Ok(None);
    }
    let names = site.dialect.mapping_fields(form)?;
    let period = |name: &str| {
        let text = form.value(name).unwrap_or_default();
        let unreadable = || {
            KindError::Unreadable(t!(
                "the period `{text}` of a period mapping (row {id}) is not one",
                text = text,
                id = id
            ))
        };
        text.parse().ok().and_then(Period::from_panel_id).ok_or_else(unreadable)
    };
    let (sold, bought) = (period(&names.sold)?, period(&names.bought)?);
    let bound = form.value(&names.bound).is_some_and(|value| matches!(value, "on" | "yes"));
    let tariff = form.value(&names.tariff).filter(|value| bound && !matches!(*value, "" | "null" | "0"));
    if bound && tariff.is_none() {
        return Err(KindError::Unreadable(t!(
            "the period mapping in row {id} is tied to a tariff plan that its form does not show",
            id = id
        )));
    }
    let mut fields = BTreeMap::from([
        ("sold".to_owned(), Value::Period(sold)),
        ("bought".to_owned(), Value::Period(bought)),
    ]);
    let label = form.field(&names.tariff).and_then(Field::chosen).or(tariff);
    let shown = tariff.zip(label);
    fields.extend(shown.map(|(id, label)| (TARIFF.to_owned(), reference(TARIFF, label, id))));
    let above_name = snapshot.by_id(processor::KIND, above).map_or(above, |live| live.identity.as_str());
    Ok(Some(Live {
        object: object(above_name, sold, shown.map(|(_, label)| label)),
        id: id.to_owned(),
        identity: identity(&sold.to_string(), tariff),
        parents: vec![above.to_owned()],
        fields: Some(fields),
        unknown: BTreeMap::new(),
    }))
}
