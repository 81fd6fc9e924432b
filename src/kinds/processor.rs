//! Processors: BILLmanager's processing modules, the licence server among them.

use std::collections::BTreeMap;

use futures_util::{StreamExt, TryStreamExt, future::BoxFuture, stream};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    ConfigSpec, Desired, Hand, IN_FLIGHT, Input, Kind, KindError, Live, Match, Parameter, Place, Scope, Site,
    Snapshot, Wanted, desired::Search, forms, processor_wizard,
};
use crate::{
    config::At,
    dialect::{Unknown, func, normal, processor::Known},
    model::{Name, SecretSource, URL_PATTERN, url_if_given},
    plan::{Change, FieldChange, ObjectRef, Reference, Value},
    wire::{Choice, Form, Param, Row},
};

pub(crate) const KIND: &str = "processor";
const DATA_CENTRE: &str = "data-centre";
const PRODUCT_TYPE: &str = "product-type";
/// Under which modules seen on live processors are kept, whatever their product type.
pub(super) const SEEN: &str = "*";

/// A processing module of the panel: the licence server, or a server processor that points to it.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "Processor")]
pub(crate) struct ProcessorSpec {
    /// Live id, where the name alone does not say which processor is meant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) id: Option<u32>,
    /// Earlier name in the panel: the processor is renamed instead of created anew.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) renamed_from: Option<Name>,
    /// Name in the panel; the key of this block when left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) name: Option<Name>,
    /// Product type: its internal name, name or id, for example `soft` (licences), `vds`, `dedic`. Needed
    /// to create the processor; the panel may not show it afterwards.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("examples" = ["soft", "vds"]))]
    pub(crate) product_type: Option<Name>,
    /// Processing module: its internal name, or its label in any spelling (`vmmanager5` for "VMmanager 5").
    /// Resolved on the live panel.
    #[schemars(extend("examples" = ["billmanager", "vmmanager6"]))]
    pub(crate) module: Name,
    /// Address of the remote panel.
    #[serde(default, deserialize_with = "url_if_given", skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = URL_PATTERN), example = "https://api.ispsystem.com/manager/billmgr")]
    pub(crate) url: Option<String>,
    /// Login on the remote panel.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) username: Option<Name>,
    /// Password on the remote panel. The panel does not show it again, so it cannot be compared:
    /// it is sent when the processor is created or its login changes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) password: Option<SecretSource>,
    /// Licence server that orders panel licences for this processor: a key under `processors`,
    /// or the name of a live processor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) licence_server: Option<Name>,
    /// Data centre: its name or id in the panel.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) data_centre: Option<Name>,
    /// Further parameters of the module, by the field name of the panel's own form.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) parameters: BTreeMap<Name, Parameter>,
}

impl ProcessorSpec {
    /// The name in the panel.
    pub(crate) fn live_name<'a>(&'a self, key: &'a Name) -> &'a str {
        self.name.as_ref().unwrap_or(key).as_str()
    }
}

pub(crate) struct Processors;

impl Kind for Processors {
    fn name(&self) -> &'static str {
        KIND
    }

    fn creation_only(&self) -> &'static [&'static str] {
        &["product_type"]
    }

    /// The panel shows a module's internal name where the plan may still hold its alias.
    fn means(&self, site: &Site, snapshot: &Snapshot, field: &str, wanted: &Value, live: &Value) -> bool {
        let alias = || {
            let (Value::Text(wanted), Value::Text(live)) = (wanted, live) else { return false };
            let mut lists = snapshot.catalogue.modules.values();
            lists.any(|modules| site.dialect.module(wanted, modules).is_ok_and(|name| name == live))
        };
        wanted == live || field == "module" && alias()
    }

    fn read<'a>(
        &'a self,
        site: &'a Site,
        scope: Scope<'a>,
        snapshot: &'a mut Snapshot,
    ) -> BoxFuture<'a, Result<(), KindError>> {
        Box::pin(async move {
            if !asked_for(scope) {
                return Ok(());
            }
            let listing = site.list(snapshot, func::PROCESSORS, &[]).await?;
            remember(snapshot, listing.rows.iter().filter_map(row_module));
            let known = known(site, &listing.rows);
            let known = &known;
            let found: Vec<(Live, Option<Choice>)> = stream::iter(listing.rows)
                .map(|row| async move {
                    let form = if covers(scope, &row) { Some(view(site, &row.id).await?) } else { None };
                    let module = form.as_ref().and_then(|form| form_module(&row, form));
                    Ok::<_, KindError>((live(site, &row, form.as_ref(), known), module))
                })
                .buffered(IN_FLIGHT)
                .try_collect()
                .await?;
            let (objects, modules): (Vec<Live>, Vec<Option<Choice>>) = found.into_iter().unzip();
            remember(snapshot, modules.into_iter().flatten());
            snapshot.objects.extend(objects);
            if let Scope::Config(spec) = scope {
                processor_wizard::learn_modules(site, spec, snapshot).await?;
            }
            Ok(())
        })
    }

    fn want(&self, input: Input<'_>, desired: &mut Desired) {
        let specs = &input.spec().processors;
        // Licence servers first: the others refer to them.
        let (servers, others): (Vec<_>, Vec<_>) =
            specs.iter().partition(|(_, spec)| spec.licence_server.is_none());
        for (key, spec) in servers.into_iter().chain(others) {
            want(input, desired, key, spec);
        }
    }

    fn reread<'a>(
        &'a self,
        site: &'a Site,
        snapshot: &'a mut Snapshot,
        place: Place<'a>,
    ) -> BoxFuture<'a, Result<Option<Live>, KindError>> {
        Box::pin(async move {
            let listing = site.list(snapshot, func::PROCESSORS, &[]).await?;
            let Some(row) = listing.row(place.id) else { return Ok(None) };
            let form = view(site, place.id).await?;
            remember(snapshot, row_module(row).into_iter().chain(form_module(row, &form)));
            Ok(Some(live(site, row, Some(&form), &known(site, &listing.rows))))
        })
    }

    fn find<'a>(
        &'a self,
        hand: &'a mut Hand<'_>,
        change: &'a Change,
        _: &'a [String],
    ) -> BoxFuture<'a, Result<Option<String>, KindError>> {
        Box::pin(async move {
            let listing = hand.site.list(hand.snapshot, func::PROCESSORS, &[]).await?;
            let name = after(change, "name").map(ToString::to_string);
            let mut found = listing.rows.iter().filter(|row| row.get("name").map(str::to_owned) == name);
            Ok(found.next().map(|row| row.id.clone()))
        })
    }

    fn create<'a>(
        &'a self,
        hand: &'a mut Hand<'_>,
        change: &'a Change,
        _: &'a [String],
    ) -> BoxFuture<'a, Result<(), KindError>> {
        Box::pin(processor_wizard::create(hand, change))
    }

    fn update<'a>(
        &'a self,
        hand: &'a mut Hand<'_>,
        change: &'a Change,
        place: Place<'a>,
    ) -> BoxFuture<'a, Result<(), KindError>> {
        Box::pin(async move {
            let form = view(hand.site, place.id).await?;
            let listing = hand.site.list(hand.snapshot, func::PROCESSORS, &[]).await?;
            let known = known(hand.site, &listing.rows);
            let mut set = Vec::new();
            for field in &change.fields {
                set.push(param(hand, change, field, &form, &known)?);
            }
            let target = forms::Target { func: func::PROCESSOR_EDIT, params: vec![("elid", place.id)] };
            forms::save(hand, &target, &set).await.map(drop)
        })
    }

    fn delete<'a>(
        &'a self,
        hand: &'a mut Hand<'_>,
        place: Place<'a>,
    ) -> BoxFuture<'a, Result<(), KindError>> {
        Box::pin(forms::delete(hand, func::PROCESSORS, place))
    }

    fn export(&self, snapshot: &Snapshot, spec: &mut ConfigSpec) {
        for live in snapshot.of_kind(KIND) {
            let (Some(fields), Ok(key)) = (&live.fields, live.identity.parse::<Name>()) else { continue };
            spec.processors.extend(export(snapshot, fields).map(|processor| (key, processor)));
        }
    }
}

pub(super) fn object(key: &str) -> ObjectRef {
    ObjectRef { kind: KIND.to_owned(), key: key.to_owned() }
}

fn asked_for(scope: Scope<'_>) -> bool {
    match scope {
        Scope::Everything => true,
        Scope::Config(spec) => {
            !spec.processors.is_empty() || !spec.period_mappings.is_empty() || spec.prunes(KIND)
        }
    }
}

fn covers(scope: Scope<'_>, row: &Row) -> bool {
    let Scope::Config(spec) = scope else { return true };
    let name = row.get("name").unwrap_or_default();
    spec.processors.iter().any(|(key, processor)| {
        processor.live_name(key) == name
            || processor.id.is_some_and(|pin| pin.to_string() == row.id)
            || processor.renamed_from.as_ref().is_some_and(|earlier| earlier.as_str() == name)
    })
}

async fn view(site: &Site, id: &str) -> Result<Form, KindError> {
    Ok(site.reader.form(func::PROCESSOR_EDIT, &[("elid", id)]).await?)
}

/// The module of a row: internal name and label. A cell without an untranslated value may hold either;
/// the vendor's internal names always begin with `pm`.
fn row_module(row: &Row) -> Option<Choice> {
    let cell = row.cells.get("module")?;
    let key = cell.orig.as_ref().or(Some(&cell.text).filter(|text| text.starts_with("pm")))?;
    Some(Choice { key: key.clone(), label: cell.text.clone(), depend: None })
}

/// The module of a processor's form: its internal name, with the label of its row or option.
fn form_module(row: &Row, form: &Form) -> Option<Choice> {
    let key = form.value("module").filter(|key| !key.is_empty())?;
    let option = form.field("module").and_then(|field| field.choices.iter().find(|choice| choice.key == key));
    let label = option.map(|choice| choice.label.as_str()).or(row.shown("module")).unwrap_or(key);
    Some(Choice { key: key.to_owned(), label: label.to_owned(), depend: None })
}

/// Adds to the modules seen on live processors.
fn remember(snapshot: &mut Snapshot, modules: impl Iterator<Item = Choice>) {
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

fn live(site: &Site, row: &Row, form: Option<&Form>, known: &Known) -> Live {
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
    let mut fields = BTreeMap::from([("name".to_owned(), Value::Text(name))]);
    if let Some(module) = form.value("module").filter(|text| !text.is_empty()).or(row.get("module")) {
        fields.insert("module".to_owned(), Value::Text(module.to_owned()));
    }
    let found = [
        ("url", site.dialect.processor_url(form)),
        ("username", site.dialect.processor_username(form)),
        ("licence_server", site.dialect.processor_licence_server(form, known)),
        ("data_centre", site.dialect.processor_data_centre(form)),
    ];
    for (logical, field) in found {
        let field = match field {
            Ok(field) if field.unread() => {
                live.unknown.insert(logical.to_owned(), Unknown::unread(field));
                continue;
            }
            Ok(field) => field,
            Err(unknown) => {
                live.unknown.insert(logical.to_owned(), unknown);
                continue;
            }
        };
        let Some(value) = field.value.as_deref().filter(|value| !matches!(*value, "" | "null")) else {
            continue;
        };
        let shown =
            field.choices.iter().find(|choice| choice.key == value).map_or(value, |choice| &choice.label);
        let reference = |kind: &str| {
            Value::Ref(Reference { kind: kind.to_owned(), key: shown.to_owned(), id: Some(value.to_owned()) })
        };
        let value = match logical {
            "licence_server" => reference(KIND),
            "data_centre" => reference(DATA_CENTRE),
            _ => Value::Text(value.to_owned()),
        };
        fields.insert(logical.to_owned(), value);
    }
    // Never read, but where it goes must be known before a plan promises to send it.
    if let Err(unknown) = site.dialect.processor_password(form) {
        live.unknown.insert("password".to_owned(), unknown);
    }
    for field in form.fields.iter().filter(|field| !field.secret()) {
        let text = field.value.clone().unwrap_or_default();
        // A check box that is off may be shown as empty or not at all.
        let text = if text.is_empty() && field.control == crate::wire::Control::Checkbox {
            "off".to_owned()
        } else {
            text
        };
        fields.insert(format!("parameters.{}", field.name), Value::Text(text));
    }
    live.fields = Some(fields);
    live
}

fn want(input: Input<'_>, desired: &mut Desired, key: &Name, spec: &ProcessorSpec) {
    let pointer = ["processors", key.as_str()];
    let place = |field: &'static str| [pointer[0], pointer[1], field];
    let mut names = vec![spec.live_name(key)];
    names.extend(spec.renamed_from.as_ref().map(Name::as_str));
    let search = Search { kind: KIND, parent: None, pin: spec.id, names: &names, pointer: &pointer };
    let mut fate = desired.pick(input, &search);
    let mut fields = BTreeMap::from([("name".to_owned(), Value::Text(spec.live_name(key).to_owned()))]);
    let live = fate.id().and_then(|id| input.snapshot.by_id(KIND, id));
    let module = match module(input, spec) {
        Ok(module) => module,
        // A new panel may tell only when the processor is added; a live one is compared now or not at all.
        Err(unknown) if unknown.is_some() || live.is_some() => {
            let unknown = unknown.unwrap_or_else(|| no_module(spec));
            desired.cannot(input, &place("module"), format!("{KIND} {key}"), &unknown);
            fate = Match::Closed;
            spec.module.as_str().to_owned()
        }
        Err(_) => spec.module.as_str().to_owned(),
    };
    if let (Match::Live(id), Some(now)) = (&fate, live.and_then(|live| live.text("module")))
        && now != module
    {
        let reason = format!("a processor's module cannot be changed: it is `{now}`");
        fate = Match::Replace { id: id.clone(), reason };
    }
    let new = fate.id().is_none();
    fields.insert("module".to_owned(), Value::Text(module));
    // The form of a live processor may not show its product type, so it counts at creation only.
    match &spec.product_type {
        Some(name) => {
            let value = reference(input, desired, PRODUCT_TYPE, name, &place("product_type"));
            fields.extend(value.filter(|_| new).map(|value| ("product_type".to_owned(), value)));
        }
        None if new && fate != Match::Closed && !input.snapshot.offline => {
            let message = format!(
                "the panel has no processor `{}`, and a new one needs its product type",
                spec.live_name(key)
            );
            let help = Some("say `product_type:`, or correct the name".to_owned());
            desired.problem(input.config.problem(&pointer, At::Key, "live::no_product_type", message, help));
        }
        None => {}
    }
    fields.extend(spec.url.as_ref().map(|url| ("url".to_owned(), Value::Text(url.clone()))));
    fields.extend(
        spec.username.as_ref().map(|name| ("username".to_owned(), Value::Text(name.as_str().to_owned()))),
    );
    fields.extend(spec.password.as_ref().map(|_| ("password".to_owned(), Value::Secret)));
    if let Some(name) = &spec.licence_server {
        match desired.reference(input, KIND, name.as_str()) {
            Some(value) => drop(fields.insert("licence_server".to_owned(), value)),
            None => missing_server(input, desired, name, &place("licence_server")),
        }
    }
    if let Some(name) = &spec.data_centre {
        let value = reference(input, desired, DATA_CENTRE, name, &place("data_centre"));
        fields.extend(value.map(|value| ("data_centre".to_owned(), value)));
    }
    for (name, parameter) in &spec.parameters {
        fields.insert(format!("parameters.{name}"), Value::Text(parameter.to_string()));
    }
    let places = spec
        .parameters
        .keys()
        .map(|name| (format!("parameters.{name}"), vec!["parameters".to_owned(), name.as_str().to_owned()]));
    desired.push(Wanted {
        object: object(key.as_str()),
        parent: None,
        pointer: pointer.map(str::to_owned).to_vec(),
        fate,
        fields,
        places: places.collect(),
        also_after: Vec::new(),
    });
}

fn missing_server(input: Input<'_>, desired: &mut Desired, name: &Name, pointer: &[&str]) {
    let keys = input.spec().processors.keys().map(Name::as_str);
    let live = input.snapshot.of_kind(KIND).map(|live| live.identity.as_str());
    let help = super::catalogue::near(name.as_str(), keys.chain(live));
    let message = format!("neither the configuration nor the panel has a processor `{name}`");
    desired.problem(input.config.problem(pointer, At::Value, "live::unknown_reference", message, Some(help)));
}

fn no_module(spec: &ProcessorSpec) -> Unknown {
    let why = format!("the panel does not show which module `{}` is", spec.module);
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
        DATA_CENTRE => ("data centre", &input.snapshot.catalogue.data_centres),
        _ => ("product type", &input.snapshot.catalogue.product_types),
    };
    let key = name.as_str().to_owned();
    if input.snapshot.offline {
        return Some(Value::Ref(Reference { kind: kind.to_owned(), key, id: None }));
    }
    let id = Some(desired.entry(input, what, entries, &key, pointer, At::Value)?.id.clone());
    Some(Value::Ref(Reference { kind: kind.to_owned(), key, id }))
}

pub(super) fn after<'a>(change: &'a Change, field: &str) -> Option<&'a Value> {
    change.fields.iter().find(|changed| changed.field == field)?.after.as_ref()
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
        return Err(KindError::Unreadable(format!("`{}` has no value to write", field.field)));
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
            None => return Err(KindError::Unreadable(format!("`{other}` of a processor cannot be changed"))),
        },
    };
    Ok(Param::text(name, wire_value(hand, value)?))
}

/// A value as forms take it; a reference to something created in this run has its id by now.
pub(super) fn wire_value(hand: &Hand<'_>, value: &Value) -> Result<String, KindError> {
    let Value::Ref(reference) = value else { return Ok(value.to_string()) };
    let object = ObjectRef { kind: reference.kind.clone(), key: reference.key.clone() };
    let id = reference.id.as_ref().or_else(|| hand.ids.get(&object));
    id.cloned().ok_or_else(|| Unknown::new(format!("{object} does not exist yet"), Vec::new(), None).into())
}

fn export(snapshot: &Snapshot, fields: &BTreeMap<String, Value>) -> Option<ProcessorSpec> {
    let name = |field: &str| match fields.get(field) {
        Some(Value::Text(text)) => text.parse::<Name>().ok(),
        Some(Value::Ref(reference)) => reference.key.parse().ok(),
        _ => None,
    };
    let server = match fields.get("licence_server") {
        Some(Value::Ref(Reference { id: Some(id), .. })) => snapshot.by_id(KIND, id),
        _ => None,
    };
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
    })
}

/// The product type, where the form shows it under a name that speaks for itself.
fn product_type(snapshot: &Snapshot, fields: &BTreeMap<String, Value>) -> Option<Name> {
    let shown = ["parameters.itemtype", "parameters.type"]
        .into_iter()
        .find_map(|field| fields.get(field))?
        .to_string();
    let known = super::catalogue::find("product type", &snapshot.catalogue.product_types, &shown).ok()?;
    known.names.last().map_or(&shown, |name| name).parse().ok()
}
