//! From the panel to live processors, and to the modules they show.

use std::collections::BTreeMap;

use super::{DATA_CENTRE, KIND, SEEN, TABLE, covers, object};
use crate::{
    dialect::{Found, Unknown, normal, processor::Known},
    kinds::{KindError, Live, Scope, Site, Snapshot, live::reference},
    plan::Value,
    wire::{Choice, Control, Field, Form, Row},
};

/// Reads the list, and the forms of what `scope` covers.
pub(super) async fn processors(
    site: &Site,
    scope: Scope<'_>,
    snapshot: &mut Snapshot,
) -> Result<Vec<Live>, KindError> {
    let listing = TABLE.list(site, snapshot, None).await?;
    remember(snapshot, listing.rows.iter().filter_map(row_module));
    let known = known(site, &listing.rows);
    let rows = TABLE.forms(site, None, listing.rows, |row| covers(scope, row)).await?;
    remember(snapshot, rows.iter().filter_map(|(row, form)| form_module(row, form.as_ref()?)));
    for form in rows.iter().filter_map(|(_, form)| form.as_ref()) {
        let told = names(site, form, &known)
            .into_iter()
            .chain([("password", site.dialect.processor_password(form))]);
        for (logical, found) in told.filter_map(|(logical, found)| Some((logical, found.ok()?))) {
            snapshot.learn(&form.func, logical, &found.name, found.sign);
        }
    }
    Ok(rows.iter().map(|(row, form)| live(site, row, form.as_ref(), &known)).collect())
}

/// The module of a row: internal name and label. A cell without an untranslated value may hold either;
/// the vendor's internal names always begin with `pm`.
pub(super) fn row_module(row: &Row) -> Option<Choice> {
    let cell = row.cells.get("module")?;
    let key = cell.orig.as_ref().or(Some(&cell.text).filter(|text| text.starts_with("pm")))?;
    Some(Choice { key: key.clone(), label: cell.text.clone(), depend: None })
}

/// The module of a processor's form: its internal name, with the label of its row or option.
pub(super) fn form_module(row: &Row, form: &Form) -> Option<Choice> {
    let key = form.value("module").filter(|key| !key.is_empty())?;
    let option = form.field("module").and_then(|field| field.choices.iter().find(|choice| choice.key == key));
    let label = option.map(|choice| choice.label.as_str()).or(row.shown("module")).unwrap_or(key);
    Some(Choice { key: key.to_owned(), label: label.to_owned(), depend: None })
}

/// Adds to the modules seen on live processors.
pub(super) fn remember(snapshot: &mut Snapshot, modules: impl Iterator<Item = Choice>) {
    let seen = snapshot.catalogue.modules.entry(SEEN.to_owned()).or_default();
    for module in modules {
        match seen.iter_mut().find(|known| known.key == module.key) {
            // A label that says more than the name itself is the better one.
            Some(known) if known.label == known.key => *known = module,
            Some(_) => {}
            None => seen.push(module),
        }
    }
}

/// The panel's processors. Licence servers are those whose module the vendor's guide calls "BILLmanager".
pub(super) fn known(site: &Site, rows: &[Row]) -> Known {
    let modules: Vec<Choice> = rows.iter().filter_map(row_module).collect();
    let module = site.dialect.module("billmanager", &modules).ok();
    let serves = |row: &Row| {
        row_module(row).is_some_and(|choice| Some(choice.key.as_str()) == module)
            || row.shown("module").is_some_and(|label| normal(label) == "billmanager")
    };
    let ids =
        |fits: &dyn Fn(&Row) -> bool| rows.iter().filter(|row| fits(row)).map(|row| row.id.clone()).collect();
    Known { processors: ids(&|_| true), licence_servers: ids(&serves) }
}

pub(super) fn live(site: &Site, row: &Row, form: Option<&Form>, known: &Known) -> Live {
    let name = form.and_then(|form| form.value("name")).or(row.get("name")).unwrap_or_default().to_owned();
    let mut live = Live {
        object: object(&name),
        id: row.id.clone(),
        identity: name.clone(),
        parents: Vec::new(),
        fields: None,
        unknown: BTreeMap::new(),
    };
    let Some(form) = form else { return live };
    let mut fields = parameters(form);
    fields.insert("name".to_owned(), Value::Text(name));
    if let Some(module) = form.value("module").filter(|text| !text.is_empty()).or(row.get("module")) {
        fields.insert("module".to_owned(), Value::Text(module.to_owned()));
    }
    for (logical, field) in names(site, form, known) {
        match field {
            Ok(field) if field.unread() => {
                live.unknown.insert(logical.to_owned(), Unknown::unread(&field));
            }
            Ok(field) => fields.extend(value(logical, &field).map(|value| (logical.to_owned(), value))),
            Err(unknown) => drop(live.unknown.insert(logical.to_owned(), unknown)),
        }
    }
    // Never read, but where it goes must be known before a plan promises to send it.
    if let Err(unknown) = site.dialect.processor_password(form) {
        live.unknown.insert("password".to_owned(), unknown);
    }
    live.fields = Some(fields);
    live
}

/// The fields whose names are on no record, by what the configuration calls them.
fn names<'f>(site: &Site, form: &'f Form, known: &Known) -> [(&'static str, Result<Found<'f>, Unknown>); 4] {
    [
        ("url", site.dialect.processor_url(form)),
        ("username", site.dialect.processor_username(form)),
        ("licence_server", site.dialect.processor_licence_server(form, known)),
        ("data_centre", site.dialect.processor_data_centre(form)),
    ]
}

/// What a field holds; nothing where it is empty or not set.
fn value(logical: &str, field: &Field) -> Option<Value> {
    let value = field.value.as_deref().filter(|value| !value.is_empty())?;
    let kind = match logical {
        "licence_server" => KIND,
        "data_centre" => DATA_CENTRE,
        _ => return Some(Value::Text(value.to_owned())),
    };
    (value != "null").then(|| reference(kind, field.chosen().unwrap_or(value), value))
}

/// All fields of the form under their own names, for what the configuration says in `parameters`.
fn parameters(form: &Form) -> BTreeMap<String, Value> {
    let shown = form.fields.iter().filter(|field| !field.secret()).map(|field| {
        let text = match field.value.as_deref().unwrap_or_default() {
            // A check box that is off may be shown as empty or not at all.
            "" if field.control == Control::Checkbox => "off",
            text => text,
        };
        (format!("parameters.{}", field.name), Value::Text(text.to_owned()))
    });
    shown.collect()
}
