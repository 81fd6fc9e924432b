//! The resource of a tariff plan that lets a client choose an item of an enumeration: the control panel
//! licence.

use std::collections::BTreeMap;

use futures_util::{StreamExt, TryStreamExt, future::BoxFuture, stream};

use super::{
    ConfigSpec, Desired, Entry, Hand, IN_FLIGHT, Input, Kind, KindError, Live, Match, Place, ResourceSpec,
    Scope, Site, Snapshot, TariffSpec, Wanted, catalogue, enumeration, forms, item,
    processor::{after, wire_value},
};
use crate::{
    dialect::{Unknown, func, resource as names},
    model::{Billing, ClientChange, Name},
    plan::{Change, ObjectRef, Reference, Value},
    source::At,
    wire::{Choice, Field, Form, Param},
};

pub(crate) const KIND: &str = "resource";
pub(super) const TARIFF: &str = "tariff";
const TYPE: &str = "type";

pub(crate) struct Resources;

impl Kind for Resources {
    fn name(&self) -> &'static str {
        KIND
    }

    fn read<'a>(
        &'a self,
        site: &'a Site,
        scope: Scope<'a>,
        snapshot: &'a mut Snapshot,
    ) -> BoxFuture<'a, Result<(), KindError>> {
        Box::pin(async move {
            for tariff in tariffs(scope, snapshot) {
                let objects = read_resources(site, snapshot, &tariff).await?;
                snapshot.objects.extend(objects);
            }
            Ok(())
        })
    }

    fn want(&self, input: Input<'_>, desired: &mut Desired) {
        for (key, spec) in &input.spec.prices {
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
            let [tariff] = place.parents else { return Ok(None) };
            let listing = site.list(snapshot, func::RESOURCES, &[("elid", tariff)]).await?;
            let Some(row) = listing.row(place.id) else { return Ok(None) };
            let form = view(site, tariff, place.id).await?;
            let entry = Entry { id: tariff.clone(), ..Entry::default() };
            Ok(Some(live(site, &entry, place.id, row.shown("name"), &form)))
        })
    }

    fn find<'a>(
        &'a self,
        hand: &'a mut Hand<'_>,
        change: &'a Change,
        parents: &'a [String],
    ) -> BoxFuture<'a, Result<Option<String>, KindError>> {
        Box::pin(async move {
            let [tariff] = parents else { return Ok(None) };
            let entry = Entry { id: tariff.clone(), ..Entry::default() };
            let live = read_resources(hand.site, hand.snapshot, &entry).await?;
            let wanted_type = after(change, TYPE).cloned();
            let enumeration =
                after(change, "enumeration").map(|value| wire_value(hand, value)).transpose()?;
            let same = |live: &&Live| {
                let fields = live.fields.as_ref();
                let over = fields.and_then(|fields| fields.get("enumeration")).and_then(reference_id);
                over == enumeration.as_deref()
                    && fields.and_then(|fields| fields.get(TYPE)) == wanted_type.as_ref()
            };
            Ok(live.iter().find(same).map(|live| live.id.clone()))
        })
    }

    fn create<'a>(
        &'a self,
        hand: &'a mut Hand<'_>,
        change: &'a Change,
        parents: &'a [String],
    ) -> BoxFuture<'a, Result<(), KindError>> {
        Box::pin(async move {
            let [tariff] = parents else { return Err(no_tariff(change)) };
            let target = forms::Target { func: func::RESOURCE_EDIT, params: vec![("plid", tariff)] };
            let mut form = hand.site.reader.form(target.func, &target.params).await?;
            let mut set = vec![Param::text(
                names::TYPE,
                wire_value(hand, after(change, TYPE).ok_or_else(|| no_tariff(change))?)?,
            )];
            if let Some(field) = form.field(names::VALUE_TYPE) {
                let key = hand.site.dialect.enumeration_value_type(&field.choices)?.to_owned();
                set.push(Param::text(names::VALUE_TYPE, key));
            }
            if hand.site.dialect.resource_enumeration(&form).is_err() {
                form = shown_after(hand.site, &target, &form, &set).await?;
            }
            let enumeration_field = hand.site.dialect.resource_enumeration(&form)?.name.clone();
            let enumeration = after(change, "enumeration").ok_or_else(|| no_tariff(change))?;
            set.push(Param::text(&enumeration_field, wire_value(hand, enumeration)?));
            form = shown_after(hand.site, &target, &form, &set).await?;
            set.extend(params(hand, change, &form)?);
            forms::save(hand, &target, &set).await.map(drop)
        })
    }

    fn update<'a>(
        &'a self,
        hand: &'a mut Hand<'_>,
        change: &'a Change,
        place: Place<'a>,
    ) -> BoxFuture<'a, Result<(), KindError>> {
        Box::pin(async move {
            let [tariff] = place.parents else { return Err(no_tariff(change)) };
            let form = view(hand.site, tariff, place.id).await?;
            let target = forms::Target {
                func: func::RESOURCE_EDIT,
                params: vec![("plid", tariff), ("elid", place.id)],
            };
            let set = params(hand, change, &form)?;
            forms::save(hand, &target, &set).await.map(drop)
        })
    }

    fn delete<'a>(
        &'a self,
        hand: &'a mut Hand<'_>,
        place: Place<'a>,
    ) -> BoxFuture<'a, Result<(), KindError>> {
        Box::pin(forms::delete(hand, func::RESOURCES, place))
    }

    fn export(&self, snapshot: &Snapshot, spec: &mut ConfigSpec) {
        for (key, resource, _) in exported(snapshot) {
            let items = BTreeMap::new();
            spec.prices.insert(key, TariffSpec { provider: None, resource, items });
        }
    }
}

pub(super) fn object(tariff: &str) -> ObjectRef {
    ObjectRef { kind: KIND.to_owned(), key: tariff.to_owned() }
}

fn no_tariff(change: &Change) -> KindError {
    KindError::Unreadable(format!("{} lacks its tariff plan, type or enumeration", change.object))
}

/// The tariff plans whose resources are read.
fn tariffs(scope: Scope<'_>, snapshot: &Snapshot) -> Vec<Entry> {
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
pub(super) fn of_provider(all: &[Entry], key: &str, spec: &TariffSpec) -> Result<Entry, catalogue::Missing> {
    let provider = spec.provider.as_ref().map(Name::as_str);
    let fits = |entry: &&Entry| provider.is_none() || entry.provider.as_deref() == provider;
    let entries: Vec<Entry> = all.iter().filter(fits).cloned().collect();
    catalogue::find("tariff plan", &entries, key).cloned()
}

async fn view(site: &Site, tariff: &str, id: &str) -> Result<Form, KindError> {
    Ok(site.reader.form(func::RESOURCE_EDIT, &[("plid", tariff), ("elid", id)]).await?)
}

async fn read_resources(
    site: &Site,
    snapshot: &mut Snapshot,
    tariff: &Entry,
) -> Result<Vec<Live>, KindError> {
    let listing = site.list(snapshot, func::RESOURCES, &[("elid", &tariff.id)]).await?;
    let forms: Vec<(String, Option<String>, Form)> = stream::iter(listing.rows)
        .map(|row| async move {
            let form = view(site, &tariff.id, &row.id).await?;
            Ok::<_, KindError>((row.id.clone(), row.shown("name").map(str::to_owned), form))
        })
        .buffered(IN_FLIGHT)
        .try_collect()
        .await?;
    // The types on offer are the same for all tariff plans of a product type; any of its forms shows them.
    let types = match forms.first().and_then(|(_, _, form)| type_choices(form)) {
        Some(types) => types,
        None => {
            let form = site.reader.form(func::RESOURCE_EDIT, &[("plid", &tariff.id)]).await?;
            type_choices(&form).unwrap_or_default()
        }
    };
    snapshot.resource_types.insert(tariff.id.clone(), types);
    Ok(forms.iter().map(|(id, name, form)| live(site, tariff, id, name.as_deref(), form)).collect())
}

fn type_choices(form: &Form) -> Option<Vec<Choice>> {
    let choices = &form.field(names::TYPE)?.choices;
    (!choices.is_empty()).then(|| choices.clone())
}

fn live(site: &Site, tariff: &Entry, id: &str, name: Option<&str>, form: &Form) -> Live {
    let mut fields = BTreeMap::new();
    let mut unknown = BTreeMap::new();
    if let Some(kind) = form.value(names::TYPE) {
        let label = form.field(names::TYPE).and_then(|field| chosen(field)).unwrap_or(kind).to_owned();
        fields.insert(TYPE.to_owned(), reference("resource-type", label, kind));
    }
    for (logical, kind, field) in [
        ("enumeration", enumeration::KIND, site.dialect.resource_enumeration(form)),
        ("default", item::KIND, site.dialect.resource_default(form)),
    ] {
        match field {
            Ok(field) if field.unread() => {
                unknown.insert(logical.to_owned(), Unknown::unread(field));
            }
            Ok(field) => {
                let id = field.value.as_deref().filter(|value| !matches!(*value, "" | "null" | "0"));
                let label = || chosen(field).unwrap_or_default().to_owned();
                fields.extend(id.map(|id| (logical.to_owned(), reference(kind, label(), id))));
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
    let name = form.value("name").filter(|name| !name.is_empty()).or(name).unwrap_or(id);
    Live {
        object: object(&format!("{}/{name}", tariff.shown())),
        id: id.to_owned(),
        identity: id.to_owned(),
        parents: vec![tariff.id.clone()],
        fields: Some(fields),
        unknown,
    }
}

const BILLINGS: [Billing; 4] =
    [Billing::DoNotBill, Billing::ByOrder, Billing::ByStatistics, Billing::ByOtherResources];
const CHANGES: [ClientChange; 4] =
    [ClientChange::Allowed, ClientChange::Forbidden, ClientChange::UpOnly, ClientChange::DownOnly];

/// An enum's value as the configuration spells it.
fn word(value: &impl serde::Serialize) -> Value {
    let spelt = serde_json::to_value(value).ok().and_then(|value| value.as_str().map(str::to_owned));
    Value::Text(spelt.unwrap_or_default())
}

fn reference(kind: &str, key: String, id: &str) -> Value {
    Value::Ref(Reference { kind: kind.to_owned(), key, id: Some(id.to_owned()) })
}

fn reference_id(value: &Value) -> Option<&str> {
    match value {
        Value::Ref(reference) => reference.id.as_deref(),
        _ => None,
    }
}

fn chosen(field: &Field) -> Option<&str> {
    let value = field.value.as_deref()?;
    field.choices.iter().find(|choice| choice.key == value).map(|choice| choice.label.as_str())
}

fn want(input: Input<'_>, desired: &mut Desired, key: &Name, spec: &TariffSpec) {
    let pointer = ["prices", key.as_str(), "resource"];
    let resource = &spec.resource;
    let tariff = if input.snapshot.offline {
        Entry::default()
    } else {
        match of_provider(&input.snapshot.catalogue.tariffs, key.as_str(), spec) {
            Ok(tariff) => tariff,
            Err(missing) => {
                let problem = input.sources.problem(
                    &pointer[..2],
                    At::Key,
                    "live::unknown_reference",
                    missing.message,
                    Some(missing.help),
                );
                return desired.problem(problem);
            }
        }
    };
    if let Some(provider) = &spec.provider {
        let place = ["prices", key.as_str(), "provider"];
        if !input.snapshot.offline {
            desired.entry(
                input,
                "provider",
                &input.snapshot.catalogue.providers,
                provider.as_str(),
                &place,
                At::Value,
            );
        }
    }
    let mut fields = BTreeMap::new();
    let Some(enumeration) = desired.reference(input, enumeration::KIND, resource.enumeration.as_str()) else {
        return missing(
            input,
            desired,
            &["prices", key.as_str(), "resource", "enumeration"],
            enumeration::KIND,
            resource.enumeration.as_str(),
        );
    };
    let default = item_reference(
        input,
        desired,
        &enumeration,
        resource.enumeration.as_str(),
        resource.default.as_str(),
    );
    let Some(default) = default else {
        return missing(
            input,
            desired,
            &["prices", key.as_str(), "resource", "default"],
            item::KIND,
            resource.default.as_str(),
        );
    };
    let dialect = input.dialect;
    if !input.snapshot.offline {
        let types = input.snapshot.resource_types.get(&tariff.id).map_or(&[][..], Vec::as_slice);
        match dialect.resource_type(resource.resource_type.as_ref().map(Name::as_str), types) {
            Ok(choice) => drop(
                fields.insert(TYPE.to_owned(), reference("resource-type", choice.label.clone(), &choice.key)),
            ),
            Err(unknown) => {
                desired.cannot(input, &pointer, format!("{KIND} {key}"), &unknown);
                return closed(desired, key, &tariff);
            }
        }
    }
    let fate = pick(input, desired, &tariff, resource, &fields, &enumeration, &pointer);
    let new = fate.id().is_none();
    fields.insert("enumeration".to_owned(), enumeration);
    fields.insert("default".to_owned(), default);
    let billing = resource.billing.or_else(|| new.then_some(Billing::ByOrder));
    fields.extend(billing.map(|billing| ("billing".to_owned(), word(&billing))));
    fields.extend(resource.client_change.map(|change| ("client_change".to_owned(), word(&change))));
    desired.push(Wanted {
        object: object(key.as_str()),
        parent: (!input.snapshot.offline).then(|| tariff_reference(key, &tariff)),
        pointer: pointer.map(str::to_owned).to_vec(),
        fate,
        fields,
        places: BTreeMap::new(),
        also_after: Vec::new(),
    });
}

fn tariff_reference(key: &Name, tariff: &Entry) -> Reference {
    Reference { kind: TARIFF.to_owned(), key: key.as_str().to_owned(), id: Some(tariff.id.clone()) }
}

fn closed(desired: &mut Desired, key: &Name, tariff: &Entry) {
    desired.push(Wanted {
        object: object(key.as_str()),
        parent: Some(tariff_reference(key, tariff)),
        pointer: Vec::new(),
        fate: Match::Closed,
        fields: BTreeMap::new(),
        places: BTreeMap::new(),
        also_after: Vec::new(),
    });
}

fn missing(input: Input<'_>, desired: &mut Desired, pointer: &[&str], kind: &str, key: &str) {
    let live = input.snapshot.of_kind(kind).map(|live| live.identity.as_str());
    let help = catalogue::near(key, live);
    let message = format!("neither the configuration nor the panel has {kind} `{key}`");
    desired.problem(input.sources.problem(
        pointer,
        At::Value,
        "live::unknown_reference",
        message,
        Some(help),
    ));
}

/// An item of the configuration's enumeration, or of the live one it names.
pub(super) fn item_reference(
    input: Input<'_>,
    desired: &Desired,
    enumeration: &Value,
    above: &str,
    key: &str,
) -> Option<Value> {
    let object = item::object(above, key);
    if desired.get(&object).is_some() || input.snapshot.offline {
        return desired.reference(input, item::KIND, &object.key);
    }
    let parent = reference_id(enumeration)?;
    let live = input.index.named(item::KIND, Some(parent), key).first()?;
    Some(reference(item::KIND, object.key, &live.id))
}

/// The resource of the tariff plan that is over the enumeration; one of the same type over another
/// enumeration must be replaced, because clients' choices hang on it.
fn pick(
    input: Input<'_>,
    desired: &mut Desired,
    tariff: &Entry,
    spec: &ResourceSpec,
    fields: &BTreeMap<String, Value>,
    enumeration: &Value,
    pointer: &[&str],
) -> Match {
    if spec.id.is_some() {
        let search = super::desired::Search {
            kind: KIND,
            parent: Some(&tariff.id),
            pin: spec.id,
            names: &[],
            pointer,
        };
        return desired.pick(input, &search);
    }
    let of_type: Vec<&Live> = input
        .snapshot
        .of_kind(KIND)
        .filter(|live| live.parent() == Some(tariff.id.as_str()))
        .filter(|live| live.fields.as_ref().is_some_and(|live| live.get(TYPE) == fields.get(TYPE)))
        .collect();
    let over = |live: &&&Live| {
        live.fields.as_ref().and_then(|fields| fields.get("enumeration")) == Some(enumeration)
    };
    let same: Vec<&&Live> = of_type.iter().filter(over).collect();
    match (same.as_slice(), of_type.as_slice()) {
        ([one], _) => Match::Live(one.id.clone()),
        ([], []) => Match::New,
        ([], [one]) => Match::Replace {
            id: one.id.clone(),
            reason:
                "a resource's enumeration cannot be changed: prices and ordered services hang on its items"
                    .to_owned(),
        },
        (_, many) => {
            let ids = many.iter().map(|live| live.id.as_str()).collect::<Vec<_>>().join(", ");
            let message = format!("the tariff plan has {} resources of this type", many.len());
            let help = format!("say which is meant with `id:`, one of {ids}");
            desired.problem(input.sources.problem(pointer, At::Key, "live::ambiguous", message, Some(help)));
            Match::Closed
        }
    }
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

/// The form as it shows itself once `set` is chosen; nothing is saved.
async fn shown_after(
    site: &Site,
    target: &forms::Target<'_>,
    form: &Form,
    set: &[Param],
) -> Result<Form, KindError> {
    forms::rerender(&site.reader, target, form, set).await
}

/// The resources an export describes: one per tariff plan, the control panel licence.
pub(super) fn exported(snapshot: &Snapshot) -> Vec<(Name, ResourceSpec, &Live)> {
    let mut found: Vec<(Name, ResourceSpec, &Live)> = Vec::new();
    for live in snapshot.of_kind(KIND) {
        let tariff =
            snapshot.catalogue.tariffs.iter().find(|tariff| Some(tariff.id.as_str()) == live.parent());
        let Some((key, mut spec)) = tariff.and_then(|tariff| export(snapshot, tariff, live)) else {
            continue;
        };
        if let Some((_, first, other)) = found.iter_mut().find(|(known, ..)| *known == key) {
            // Two of a type: the first is described, and pinned so that it stays clear which it is.
            first.id = other.id.parse().ok();
        } else {
            spec.id = None;
            found.push((key, spec, live));
        }
    }
    found
}

fn export(snapshot: &Snapshot, tariff: &Entry, live: &Live) -> Option<(Name, ResourceSpec)> {
    let fields = live.fields.as_ref()?;
    let enumeration = snapshot.by_id(enumeration::KIND, reference_id(fields.get("enumeration")?)?)?;
    let default = snapshot.by_id(item::KIND, reference_id(fields.get("default")?)?)?;
    let Value::Ref(resource_type) = fields.get(TYPE)? else { return None };
    let types = snapshot.resource_types.get(&tariff.id)?;
    let usual = crate::dialect::Dialect::default().resource_type(None, types).ok()?;
    if Some(usual.key.as_str()) != resource_type.id.as_deref() {
        return None;
    }
    let spec = ResourceSpec {
        id: None,
        enumeration: enumeration.identity.parse().ok()?,
        default: default.identity.parse().ok()?,
        billing: fields.get("billing").and_then(unword),
        client_change: fields.get("client_change").and_then(unword),
        resource_type: None,
    };
    Some((tariff_key(snapshot, tariff)?, spec))
}

/// What the configuration may call a tariff plan: its name, or its id where two share the name.
pub(crate) fn tariff_key(snapshot: &Snapshot, tariff: &Entry) -> Option<Name> {
    let shown = tariff.shown();
    let unique = catalogue::find("tariff plan", &snapshot.catalogue.tariffs, shown).is_ok();
    if unique { shown } else { &tariff.id }.parse().ok()
}

fn unword<T: serde::de::DeserializeOwned>(value: &Value) -> Option<T> {
    serde_json::from_value(serde_json::Value::String(value.to_string())).ok()
}
