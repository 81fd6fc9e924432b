//! From the panel to live resources.

use std::collections::BTreeMap;

use super::{BILLINGS, CHANGES, TABLE, TYPE, object, word};
use crate::{
    dialect::{Found, Unknown, resource as names},
    kinds::{
        Entry, KindError, Live, Scope, Site, Snapshot, TariffSpec, catalogue, enumeration, item,
        live::reference,
    },
    language::later,
    model::Name,
    wire::{Choice, Field, Form, Row},
};

/// The tariff plans whose resources are read.
pub(super) fn tariffs(scope: Scope<'_>, snapshot: &Snapshot) -> Vec<Entry> {
    let all = &snapshot.catalogue.tariffs;
    match scope {
        Scope::Everything => all.clone(),
        Scope::Config(spec) => spec
            .prices
            .iter()
            .filter_map(|(key, tariff)| of_provider(all, key.as_str(), tariff).ok())
            .collect(),
    }
}

/// The tariff plan of that key, and of that provider where the configuration names one.
pub(in crate::kinds) fn of_provider(
    all: &[Entry],
    key: &str,
    spec: &TariffSpec,
) -> Result<Entry, catalogue::Missing> {
    let provider = spec.provider.as_ref().map(Name::as_str);
    let fits = |entry: &&Entry| provider.is_none() || entry.provider.as_deref() == provider;
    let entries: Vec<Entry> = all.iter().filter(fits).cloned().collect();
    catalogue::find(later!("tariff plan"), &entries, key).cloned()
}

/// Reads the resources of a tariff plan, and which types it may have.
pub(super) async fn resources(
    site: &Site,
    snapshot: &mut Snapshot,
    tariff: &Entry,
) -> Result<Vec<Live>, KindError> {
    let listing = TABLE.list(site, snapshot, Some(&tariff.id)).await?;
    let rows = TABLE.forms(site, Some(&tariff.id), listing.rows, |_| true).await?;
    let forms = rows.iter().filter_map(|(row, form)| Some((row, form.as_ref()?)));
    // The types on offer are the same for all tariff plans of a product type; any of its forms shows them.
    let types = match forms.clone().next().and_then(|(_, form)| type_choices(form)) {
        Some(types) => types,
        None => type_choices(&TABLE.form(site, Some(&tariff.id), None).await?).unwrap_or_default(),
    };
    snapshot.resource_types.insert(tariff.id.clone(), types);
    for (_, form) in forms.clone() {
        for (logical, found) in
            told(site, form).into_iter().filter_map(|(logical, _, found)| Some((logical, found.ok()?)))
        {
            snapshot.learn(&form.func, logical, &found.name, found.sign);
        }
    }
    Ok(forms.map(|(row, form)| live(site, tariff, row, form)).collect())
}

fn type_choices(form: &Form) -> Option<Vec<Choice>> {
    let choices = &form.field(names::TYPE)?.choices;
    (!choices.is_empty()).then(|| choices.clone())
}

/// The fields whose names are on no record: what the configuration calls them, and the kind they refer to.
fn told<'f>(site: &Site, form: &'f Form) -> [(&'static str, &'static str, Result<Found<'f>, Unknown>); 2] {
    [
        ("enumeration", enumeration::KIND, site.dialect.resource_enumeration(form)),
        ("default", item::KIND, site.dialect.resource_default(form)),
    ]
}

pub(super) fn live(site: &Site, tariff: &Entry, row: &Row, form: &Form) -> Live {
    let mut fields = BTreeMap::new();
    let mut unknown = BTreeMap::new();
    if let Some(kind) = form.value(names::TYPE) {
        let label = form.field(names::TYPE).and_then(Field::chosen).unwrap_or(kind);
        fields.insert(TYPE.to_owned(), reference("resource-type", label, kind));
    }
    for (logical, kind, field) in told(site, form) {
        match field {
            Ok(field) if field.unread() => {
                unknown.insert(logical.to_owned(), Unknown::unread(&field));
            }
            Ok(field) => {
                let id = field.value.as_deref().filter(|value| !matches!(*value, "" | "null" | "0"));
                let label = field.chosen().unwrap_or_default();
                fields.extend(id.map(|id| (logical.to_owned(), reference(kind, label, id))));
            }
            Err(refusal) => drop(unknown.insert(logical.to_owned(), refusal)),
        }
    }
    let billing = form
        .value(names::BILLING)
        .and_then(|key| BILLINGS.iter().find(|kind| names::billing_key(**kind) == key));
    fields.extend(billing.map(|billing| ("billing".to_owned(), word(billing))));
    let changes = form
        .value(names::CLIENT_CHANGE)
        .and_then(|key| CHANGES.iter().find(|kind| names::client_change_key(**kind) == key));
    fields.extend(changes.map(|change| ("client_change".to_owned(), word(change))));
    let name = form.value("name").filter(|name| !name.is_empty()).or(row.shown("name")).unwrap_or(&row.id);
    Live {
        object: object(&format!("{}/{name}", tariff.shown())),
        id: row.id.clone(),
        identity: row.id.clone(),
        parents: vec![tariff.id.clone()],
        fields: Some(fields),
        unknown,
    }
}
