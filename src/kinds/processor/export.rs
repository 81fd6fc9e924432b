//! From live processors to configuration.

use std::collections::BTreeMap;

use super::{KIND, ProcessorSpec};
use crate::{
    kinds::{Snapshot, catalogue, live::reference_id},
    language::later,
    model::Name,
    plan::Value,
};

/// A processor, unless its module cannot be told.
pub(super) fn processor(snapshot: &Snapshot, fields: &BTreeMap<String, Value>) -> Option<ProcessorSpec> {
    let name = |field: &str| match fields.get(field) {
        Some(Value::Text(text)) => text.parse::<Name>().ok(),
        Some(Value::Ref(reference)) => reference.key.parse().ok(),
        _ => None,
    };
    let server = fields.get("licence_server").and_then(reference_id);
    let server = server.and_then(|id| snapshot.by_id(KIND, id));
    Some(ProcessorSpec {
        id: None,
        renamed_from: None,
        name: None,
        product_type: product_type(snapshot, fields),
        module: name("module")?,
        url: fields.get("url").map(ToString::to_string).filter(|url| !url.is_empty()),
        username: name("username"),
        password: None,
        licence_server: server.and_then(|live| live.identity.parse().ok()),
        data_centre: name("data_centre"),
        parameters: BTreeMap::new(),
        waive: Vec::new(),
    })
}

/// The product type, where the form shows it under a name that speaks for itself.
fn product_type(snapshot: &Snapshot, fields: &BTreeMap<String, Value>) -> Option<Name> {
    let shown = ["parameters.itemtype", "parameters.type"]
        .into_iter()
        .find_map(|field| fields.get(field))?
        .to_string();
    let known = catalogue::find(later!("product type"), &snapshot.catalogue.product_types, &shown).ok()?;
    known.names.last().map_or(&shown, |name| name).parse().ok()
}
