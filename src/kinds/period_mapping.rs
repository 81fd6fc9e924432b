//! Period mappings: which period a licence server is asked for when a client buys another one.

use std::{borrow::Cow, collections::BTreeMap, fmt};

use futures_util::{StreamExt, TryStreamExt, future::BoxFuture, stream};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, de};

use super::{
    ConfigSpec, Desired, Entry, Hand, IN_FLIGHT, Input, Kind, KindError, Live, Match, Place, Scope, Site,
    Snapshot, Wanted, catalogue,
    desired::Search,
    forms, processor,
    processor::{after, wire_value},
    resource::TARIFF,
};
use crate::{
    dialect::{MappingFields, Unknown, func, mapping::PARAMETER, normal},
    model::{Name, Period},
    plan::{Change, ObjectRef, Reference, Value},
    source::At,
    wire::{Form, Param},
};

pub(crate) const KIND: &str = "period-mapping";

/// Licences sold for these periods are bought for that one.
///
/// The words are sold and bought because the vendor's own worked example gets "source" and
/// "replacement" the wrong way round.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "Period mapping")]
pub(crate) struct MappingSpec {
    /// Live id of the row, where the periods alone do not say which row is meant. Only with one sold period.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) id: Option<u32>,
    /// Period, or list of periods, that the client buys.
    pub(crate) sold: Sold,
    /// Period that is ordered from the licence server instead.
    pub(crate) bought: Period,
    /// Tariff plan the mapping is for, by id, internal name or name; every tariff plan when left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) tariff: Option<Name>,
}

/// One period or several.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub(crate) struct Sold(pub(crate) Vec<Period>);

impl<'de> Deserialize<'de> for Sold {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;

        impl<'de> de::Visitor<'de> for Visitor {
            type Value = Sold;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("a period or a list of periods")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Sold, E> {
                text.parse().map(|period| Sold(vec![period])).map_err(E::custom)
            }

            fn visit_seq<A: de::SeqAccess<'de>>(self, mut seq: A) -> Result<Sold, A::Error> {
                let mut periods = Vec::new();
                while let Some(period) = seq.next_element()? {
                    if periods.contains(&period) {
                        return Err(de::Error::custom(format!("`{period}` is listed twice")));
                    }
                    periods.push(period);
                }
                if periods.is_empty() {
                    return Err(de::Error::invalid_length(0, &self));
                }
                Ok(Sold(periods))
            }
        }

        deserializer.deserialize_any(Visitor)
    }
}

impl JsonSchema for Sold {
    fn schema_name() -> Cow<'static, str> {
        "Sold".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let period = generator.subschema_for::<Period>();
        json_schema!({
            "title": "Sold period or periods",
            "description": "One period, or a list of periods.",
            "anyOf": [period, {"type": "array", "items": period, "minItems": 1, "uniqueItems": true}],
            "examples": ["1m", ["1m", "3m", "6m"]]
        })
    }
}

pub(crate) struct PeriodMappings;

impl Kind for PeriodMappings {
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
            for id in processors(scope, snapshot) {
                match read_mappings(site, snapshot, &id).await {
                    Ok(objects) => snapshot.objects.extend(objects),
                    Err(KindError::Unknown(unknown)) => {
                        drop(snapshot.closed.insert(format!("{KIND} {id}"), unknown));
                    }
                    Err(error) => return Err(error),
                }
            }
            Ok(())
        })
    }

    fn want(&self, input: Input<'_>, desired: &mut Desired) {
        for (key, mappings) in &input.spec.period_mappings {
            let Some((parent, place)) = parent(input, desired, key) else { continue };
            for (index, mapping) in mappings.iter().enumerate() {
                want(input, desired, key, (&parent, place.as_deref()), index, mapping);
            }
        }
    }

    fn reread<'a>(
        &'a self,
        site: &'a Site,
        snapshot: &'a mut Snapshot,
        place: Place<'a>,
    ) -> BoxFuture<'a, Result<Option<Live>, KindError>> {
        Box::pin(async move {
            let [above] = place.parents else { return Ok(None) };
            let listing = site.list(snapshot, func::PARAMETERS, &[("elid", above)]).await?;
            if listing.row(place.id).is_none() {
                return Ok(None);
            }
            let form = view(site, above, place.id).await?;
            live(site, snapshot, above, place.id, &form)
        })
    }

    fn find<'a>(
        &'a self,
        hand: &'a mut Hand<'_>,
        change: &'a Change,
        parents: &'a [String],
    ) -> BoxFuture<'a, Result<Option<String>, KindError>> {
        Box::pin(async move {
            let [above] = parents else { return Ok(None) };
            let rows = read_mappings(hand.site, hand.snapshot, above).await?;
            let sold = after(change, "sold").map(ToString::to_string).unwrap_or_default();
            let tariff = after(change, TARIFF).map(|value| wire_value(hand, value)).transpose()?;
            let wanted = identity(&sold, tariff.as_deref());
            Ok(rows.into_iter().find(|live| live.identity == wanted).map(|live| live.id))
        })
    }

    fn create<'a>(
        &'a self,
        hand: &'a mut Hand<'_>,
        change: &'a Change,
        parents: &'a [String],
    ) -> BoxFuture<'a, Result<(), KindError>> {
        Box::pin(async move {
            let [above] = parents else { return Err(no_processor(change)) };
            let blank = blank(hand.site, above).await?;
            let mut set = vec![Param::text(PARAMETER, &blank.parameter)];
            set.extend(params(hand, change, &blank.fields, &blank.form)?);
            let target = forms::Target { func: func::PARAMETER_EDIT, params: vec![("plid", above)] };
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
            let [above] = place.parents else { return Err(no_processor(change)) };
            let form = view(hand.site, above, place.id).await?;
            let fields = hand.site.dialect.mapping_fields(&form)?;
            let set = params(hand, change, &fields, &form)?;
            let target = forms::Target {
                func: func::PARAMETER_EDIT,
                params: vec![("plid", above), ("elid", place.id)],
            };
            forms::save(hand, &target, &set).await.map(drop)
        })
    }

    fn delete<'a>(
        &'a self,
        hand: &'a mut Hand<'_>,
        place: Place<'a>,
    ) -> BoxFuture<'a, Result<(), KindError>> {
        Box::pin(forms::delete(hand, func::PARAMETERS, place))
    }

    fn export(&self, snapshot: &Snapshot, spec: &mut ConfigSpec) {
        for live in snapshot.of_kind(KIND) {
            let above = live.parent().and_then(|id| snapshot.by_id(processor::KIND, id));
            let Some((key, mapping)) = above.and_then(|above| export(snapshot, above, live)) else {
                continue;
            };
            spec.period_mappings.entry(key).or_default().push(mapping);
        }
    }
}

fn no_processor(change: &Change) -> KindError {
    KindError::Unreadable(format!("{} has no processor", change.object))
}

/// What a mapping is recognised by on its processor.
fn identity(sold: &str, tariff: Option<&str>) -> String {
    format!("{sold}@{}", tariff.unwrap_or("*"))
}

/// Ids of the processors whose mappings are read.
fn processors(scope: Scope<'_>, snapshot: &Snapshot) -> Vec<String> {
    let live = snapshot.of_kind(processor::KIND);
    let Scope::Config(spec) = scope else { return live.map(|live| live.id.clone()).collect() };
    let meant = |live: &&Live| {
        spec.period_mappings.keys().any(|key| match spec.processors.get(key) {
            Some(described) => {
                described.live_name(key) == live.identity
                    || described.id.is_some_and(|pin| pin.to_string() == live.id)
                    || described.renamed_from.as_ref().is_some_and(|name| name.as_str() == live.identity)
            }
            None => key.as_str() == live.identity || key.as_str() == live.id,
        })
    };
    live.filter(meant).map(|live| live.id.clone()).collect()
}

/// The form of a new mapping, and what it tells of names.
struct Blank {
    parameter: String,
    form: Form,
    fields: MappingFields,
}

/// Which parameter a mapping is, and how its fields are called: the form of a new row says both.
async fn blank(site: &Site, above: &str) -> Result<Blank, KindError> {
    let form = site.reader.form(func::PARAMETER_EDIT, &[("plid", above)]).await?;
    let choices = form.field(PARAMETER).map_or(&[][..], |field| field.choices.as_slice());
    let parameter = site.dialect.mapping_parameter(choices)?.to_owned();
    let target = forms::Target { func: func::PARAMETER_EDIT, params: vec![("plid", above)] };
    let form = forms::rerender(&site.reader, &target, &form, &[Param::text(PARAMETER, &parameter)]).await?;
    let fields = site.dialect.mapping_fields(&form)?;
    Ok(Blank { parameter, form, fields })
}

async fn view(site: &Site, above: &str, id: &str) -> Result<Form, KindError> {
    Ok(site.reader.form(func::PARAMETER_EDIT, &[("plid", above), ("elid", id)]).await?)
}

async fn read_mappings(site: &Site, snapshot: &mut Snapshot, above: &str) -> Result<Vec<Live>, KindError> {
    let listing = site.list(snapshot, func::PARAMETERS, &[("elid", above)]).await?;
    // Read also where there is no row yet, so that a processor without mappings is found out now.
    let parameter = blank(site, above).await?.parameter;
    snapshot.mapping_parameters.insert(above.to_owned(), parameter);
    let forms: Vec<(String, Form)> = stream::iter(listing.rows)
        .map(|row| async move { Ok::<_, KindError>((row.id.clone(), view(site, above, &row.id).await?)) })
        .buffered(IN_FLIGHT)
        .try_collect()
        .await?;
    let mut objects = Vec::new();
    for (id, form) in forms {
        objects.extend(live(site, snapshot, above, &id, &form)?);
    }
    Ok(objects)
}

/// A row as a mapping; nothing where it is another parameter of the processor.
fn live(
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
            KindError::Unreadable(format!("the period `{text}` of a period mapping (row {id}) is not one"))
        };
        text.parse().ok().and_then(Period::from_panel_id).ok_or_else(unreadable)
    };
    let (sold, bought) = (period(&names.sold)?, period(&names.bought)?);
    let bound = form.value(&names.bound).is_some_and(|value| matches!(value, "on" | "yes"));
    let tariff = form.value(&names.tariff).filter(|value| bound && !matches!(*value, "" | "null" | "0"));
    if bound && tariff.is_none() {
        return Err(KindError::Unreadable(format!(
            "the period mapping in row {id} is tied to a tariff plan that its form does not show"
        )));
    }
    let mut fields = BTreeMap::from([
        ("sold".to_owned(), Value::Period(sold)),
        ("bought".to_owned(), Value::Period(bought)),
    ]);
    let shown = tariff.map(|tariff| {
        let choice = form
            .field(&names.tariff)
            .and_then(|field| field.choices.iter().find(|choice| choice.key == tariff));
        (tariff, choice.map_or(tariff, |choice| choice.label.as_str()))
    });
    if let Some((id, label)) = shown {
        let reference = Reference { kind: TARIFF.to_owned(), key: label.to_owned(), id: Some(id.to_owned()) };
        fields.insert(TARIFF.to_owned(), Value::Ref(reference));
    }
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

fn object(processor: &str, sold: Period, tariff: Option<&str>) -> ObjectRef {
    let key = match tariff {
        Some(tariff) => format!("{processor}/{sold}@{tariff}"),
        None => format!("{processor}/{sold}"),
    };
    ObjectRef { kind: KIND.to_owned(), key }
}

/// The processor whose mappings are described, and its live id.
fn parent(input: Input<'_>, desired: &mut Desired, key: &Name) -> Option<(Reference, Option<String>)> {
    let pointer = ["period_mappings", key.as_str()];
    match desired.reference(input, processor::KIND, key.as_str()) {
        Some(Value::Ref(reference)) => {
            let id = reference.id.clone();
            if let Some(unknown) =
                id.as_ref().and_then(|id| input.snapshot.closed.get(&format!("{KIND} {id}")))
            {
                desired.cannot(input, &pointer, format!("{KIND} {key}"), unknown);
                return None;
            }
            Some((reference, id))
        }
        _ => {
            let keys = input.spec.processors.keys().map(Name::as_str);
            let live = input.snapshot.of_kind(processor::KIND).map(|live| live.identity.as_str());
            let help = catalogue::near(key.as_str(), keys.chain(live));
            let message = format!("neither the configuration nor the panel has a processor `{key}`");
            desired.problem(input.sources.problem(
                &pointer,
                At::Key,
                "live::unknown_reference",
                message,
                Some(help),
            ));
            None
        }
    }
}

fn want(
    input: Input<'_>,
    desired: &mut Desired,
    key: &Name,
    parent: (&Reference, Option<&str>),
    index: usize,
    spec: &MappingSpec,
) {
    let index = index.to_string();
    let pointer = ["period_mappings", key.as_str(), &index];
    let Ok(tariff) = tariff(input, desired, spec, &pointer) else { return };
    for sold in &spec.sold.0 {
        let id = tariff.as_ref().and_then(|tariff| tariff.id.as_deref());
        let name = identity(&sold.to_string(), id);
        let fate = match parent.1 {
            None => Match::New,
            Some(above) => {
                let search = Search {
                    kind: KIND,
                    parent: Some(above),
                    pin: spec.id,
                    names: &[&name],
                    pointer: &pointer,
                };
                desired.pick(input, &search)
            }
        };
        let mut fields = BTreeMap::from([
            ("sold".to_owned(), Value::Period(*sold)),
            ("bought".to_owned(), Value::Period(spec.bought)),
        ]);
        fields.extend(tariff.clone().map(|tariff| (TARIFF.to_owned(), Value::Ref(tariff))));
        desired.push(Wanted {
            object: object(key.as_str(), *sold, spec.tariff.as_ref().map(Name::as_str)),
            parent: Some(parent.0.clone()),
            pointer: pointer.map(str::to_owned).to_vec(),
            fate,
            fields,
            places: BTreeMap::new(),
            also_after: Vec::new(),
        });
    }
}

/// The tariff plan a mapping is tied to; an error has been noted where it is missing.
fn tariff(
    input: Input<'_>,
    desired: &mut Desired,
    spec: &MappingSpec,
    pointer: &[&str],
) -> Result<Option<Reference>, ()> {
    let Some(name) = &spec.tariff else { return Ok(None) };
    let (kind, key) = (TARIFF.to_owned(), name.as_str().to_owned());
    if input.snapshot.offline {
        return Ok(Some(Reference { kind, key, id: None }));
    }
    let place: Vec<&str> = pointer.iter().copied().chain(["tariff"]).collect();
    let entry = desired
        .entry(input, "tariff plan", &input.snapshot.catalogue.tariffs, &key, &place, At::Value)
        .ok_or(())?;
    Ok(Some(Reference { kind, key, id: Some(entry.id.clone()) }))
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
    let fits = |choice: &&crate::wire::Choice| choice.key == name || normal(&choice.label) == normal(name);
    let mut found = field.choices.iter().filter(fits);
    match (found.next(), found.next()) {
        (Some(choice), None) => Ok(Some(choice.key.clone())),
        _ => {
            let offered =
                field.choices.iter().map(|choice| format!("{} (\"{}\")", choice.key, choice.label)).collect();
            let why = format!(
                "the product type `{name}` of the tariff plan is not among those of a period mapping"
            );
            Err(Unknown::new(why, offered, None).into())
        }
    }
}

fn export(snapshot: &Snapshot, above: &Live, live: &Live) -> Option<(Name, MappingSpec)> {
    let fields = live.fields.as_ref()?;
    let period = |field: &str| match fields.get(field) {
        Some(Value::Period(period)) => Some(*period),
        _ => None,
    };
    let tariff = match fields.get(TARIFF) {
        Some(Value::Ref(reference)) => {
            let entry =
                snapshot.catalogue.tariffs.iter().find(|entry| Some(&entry.id) == reference.id.as_ref())?;
            Some(super::resource::tariff_key(snapshot, entry)?)
        }
        _ => None,
    };
    let spec = MappingSpec { id: None, sold: Sold(vec![period("sold")?]), bought: period("bought")?, tariff };
    Some((above.identity.parse().ok()?, spec))
}
