//! What the configuration wants of processors.

use std::collections::BTreeMap;

use super::{DATA_CENTRE, KIND, PRODUCT_TYPE, ProcessorSpec, SEEN, object};
use crate::{
    dialect::Unknown,
    kinds::{
        Desired, Input, Live, Match, Wanted, catalogue,
        desired::{Search, UNKNOWN_REFERENCE},
        live,
    },
    language::{later, t},
    model::Name,
    plan::{Reference, Value},
    source::At,
};

pub(super) fn want(input: Input<'_>, desired: &mut Desired, key: &Name, spec: &ProcessorSpec) {
    let pointer = ["processors", key.as_str()];
    let (fate, module) = fate(input, desired, key, spec);
    let mut fields = fields(input, desired, key, spec);
    fields.insert("module".to_owned(), Value::Text(module));
    // The form of a live processor may not show its product type, so it counts at creation only.
    let product_type = product_type(input, desired, key, spec, &fate);
    fields.extend(product_type.map(|value| ("product_type".to_owned(), value)));
    let parameters = spec.parameters.keys().map(Name::as_str);
    let place = |name: &str| vec!["parameters".to_owned(), name.to_owned()];
    desired.push(Wanted {
        object: object(key.as_str()),
        parent: None,
        pointer: pointer.map(str::to_owned).to_vec(),
        fate,
        fields,
        places: parameters.map(|name| (format!("parameters.{name}"), place(name))).collect(),
        also_after: Vec::new(),
        formulas: BTreeMap::new(),
    });
}

/// Which live processor is meant, and the internal name of its module.
fn fate(input: Input<'_>, desired: &mut Desired, key: &Name, spec: &ProcessorSpec) -> (Match, String) {
    let pointer = ["processors", key.as_str()];
    let names: Vec<&str> = spec.meant(key).names().collect();
    let search = Search { kind: KIND, parent: None, pin: spec.id, names: &names, pointer: &pointer };
    let fate = desired.pick(input, &search);
    let live: Option<&Live> = fate.id().and_then(|id| input.snapshot.by_id(KIND, id));
    let module = match module(input, spec) {
        Ok(module) => module,
        // A new panel may tell only when the processor is added; a live one is compared now or not at all.
        Err(unknown) if unknown.is_some() || live.is_some() => {
            let unknown = unknown.unwrap_or_else(|| no_module(spec));
            let place = ["processors", key.as_str(), "module"];
            desired.cannot(input, &place, format!("{KIND} {key}"), &unknown);
            return (Match::Closed, spec.module.as_str().to_owned());
        }
        Err(_) => spec.module.as_str().to_owned(),
    };
    match live.and_then(|live| Some((live, live.text("module")?))) {
        Some((live, now)) if now != module => {
            let reason = t!("a processor's module cannot be changed: it is `{now}`", now = now);
            (Match::Replace { id: live.id.clone(), reason }, module)
        }
        _ => (fate, module),
    }
}

/// What the configuration says of a processor, but for its module and product type.
fn fields(
    input: Input<'_>,
    desired: &mut Desired,
    key: &Name,
    spec: &ProcessorSpec,
) -> BTreeMap<String, Value> {
    let place = |field: &'static str| ["processors", key.as_str(), field];
    let text = |text: &str| Value::Text(text.to_owned());
    let server = spec.licence_server.as_ref().and_then(|name| {
        let server = desired.reference(input, KIND, name.as_str());
        if server.is_none() {
            missing(input, desired, name, &place("licence_server"), At::Value);
        }
        server
    });
    let data_centre = (spec.data_centre.as_ref())
        .and_then(|name| reference(input, desired, DATA_CENTRE, name, &place("data_centre")));
    let fields = [
        ("name", Some(text(spec.live_name(key)))),
        ("url", spec.url.as_deref().map(text)),
        ("username", spec.username.as_ref().map(|name| text(name.as_str()))),
        ("password", spec.password.as_ref().map(|_| Value::Secret)),
        ("licence_server", server),
        ("data_centre", data_centre),
    ];
    let fields = fields.into_iter().filter_map(|(field, value)| Some((field.to_owned(), value?)));
    let parameters = spec.parameters.iter();
    let parameters = parameters.map(|(name, value)| (format!("parameters.{name}"), text(&value.to_string())));
    fields.chain(parameters).collect()
}

/// The product type, where the processor is new; an error has been noted where it is missing.
fn product_type(
    input: Input<'_>,
    desired: &mut Desired,
    key: &Name,
    spec: &ProcessorSpec,
    fate: &Match,
) -> Option<Value> {
    let new = fate.id().is_none();
    if let Some(name) = &spec.product_type {
        let place = ["processors", key.as_str(), "product_type"];
        return reference(input, desired, PRODUCT_TYPE, name, &place).filter(|_| new);
    }
    if new && *fate != Match::Closed && !input.snapshot.offline {
        let name = spec.live_name(key);
        let message =
            t!("the panel has no processor `{name}`, and a new one needs its product type", name = name);
        let help = t!("say `product_type:`, or correct the name");
        let pointer = ["processors", key.as_str()];
        desired.problem(input, &pointer, At::Key, "live::no_product_type", message, help);
    }
    None
}

/// Notes that neither the configuration nor the panel has a processor of this name.
pub(in crate::kinds) fn missing(
    input: Input<'_>,
    desired: &mut Desired,
    name: &Name,
    pointer: &[&str],
    at: At,
) {
    let keys = input.spec.processors.keys().map(Name::as_str);
    let live = input.snapshot.of_kind(KIND).map(|live| live.identity.as_str());
    let help = catalogue::near(name.as_str(), keys.chain(live));
    let message = t!("neither the configuration nor the panel has a processor `{name}`", name = name);
    desired.problem(input, pointer, at, UNKNOWN_REFERENCE, message, help);
}

fn no_module(spec: &ProcessorSpec) -> Unknown {
    let why = t!("the panel does not show which module `{module}` is", module = spec.module);
    Unknown::new(why, Vec::new(), Some(&format!("modules: {{{}: NAME}}", spec.module)))
}

/// The internal name of the module, or why it cannot be told; nothing where the panel shows no modules
/// of this product type before one is added.
fn module(input: Input<'_>, spec: &ProcessorSpec) -> Result<String, Option<Unknown>> {
    let wanted = spec.module.as_str();
    if input.snapshot.offline {
        return Ok(wanted.to_owned());
    }
    let dialect = input.dialect;
    let modules = &input.snapshot.catalogue.modules;
    let offered = spec.product_type.as_ref().and_then(|name| modules.get(name.as_str()));
    let seen = modules.get(SEEN).and_then(|choices| dialect.module(wanted, choices).ok());
    match (seen, offered) {
        (Some(name), _) => Ok(name.to_owned()),
        (None, Some(choices)) => dialect.module(wanted, choices).map(str::to_owned).map_err(Some),
        (None, None) => Err(None),
    }
}

/// A reference to a product type or data centre.
fn reference(
    input: Input<'_>,
    desired: &mut Desired,
    kind: &str,
    name: &Name,
    pointer: &[&str],
) -> Option<Value> {
    let (what, entries) = match kind {
        DATA_CENTRE => (later!("data centre"), &input.snapshot.catalogue.data_centres),
        _ => (later!("product type"), &input.snapshot.catalogue.product_types),
    };
    let key = name.as_str().to_owned();
    if input.snapshot.offline {
        return Some(Value::Ref(Reference { kind: kind.to_owned(), key, id: None }));
    }
    let entry = desired.entry(input, what, entries, &key, pointer, At::Value)?;
    Some(live::reference(kind, key, &entry.id))
}
