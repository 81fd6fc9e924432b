//! Prices of a resource's items per period and currency, and whether an item is offered at all.

use std::collections::BTreeMap;

use futures_util::{StreamExt, TryStreamExt, future::BoxFuture, stream};

use super::{
    Amount, ConfigSpec, CurrencyPrices, Desired, Hand, IN_FLIGHT, Input, ItemPrice, Kind, KindError, Live,
    Match, ParentStyle, Place, Scope, Site, Snapshot, TariffSpec, Wanted, catalogue, forms, item, price_rows,
    price_rows::PriceRow, resource,
};
use crate::{
    config::At,
    dialect::{PriceName, Unknown},
    model::{Money, Name, PriceField},
    plan::{Change, ObjectRef, Reference, Value},
    wire::{Form, Param},
};

pub(crate) const KIND: &str = "price";
const OFFERED: &str = "offered";
const FREE: &str = "free";

pub(crate) struct Prices;

impl Kind for Prices {
    fn name(&self) -> &'static str {
        KIND
    }

    fn prunable(&self) -> bool {
        false
    }

    fn read<'a>(
        &'a self,
        site: &'a Site,
        scope: Scope<'a>,
        snapshot: &'a mut Snapshot,
    ) -> BoxFuture<'a, Result<(), KindError>> {
        Box::pin(async move {
            let resources: Vec<(Live, String)> = snapshot
                .of_kind(resource::KIND)
                .filter_map(|live| Some((live.clone(), over(snapshot, live)?)))
                .collect();
            for (resource, enumeration) in resources {
                match read_prices(site, scope, snapshot, &resource, &enumeration).await {
                    Ok(objects) => snapshot.objects.extend(objects),
                    // Prices that cannot be read safely close this resource, not the whole plan.
                    Err(KindError::Unknown(unknown)) => {
                        drop(snapshot.closed.insert(closed_key(&resource.id), unknown));
                    }
                    Err(error) => return Err(error),
                }
            }
            Ok(())
        })
    }

    fn want(&self, input: Input<'_>, desired: &mut Desired) {
        for (tariff, spec) in &input.spec().prices {
            let parent = resource::object(tariff.as_str());
            let Some(wanted) = desired.get(&parent) else { continue };
            let Some(enumeration) = wanted.fields.get("enumeration").cloned() else { continue };
            let above = Above { parent, fate: wanted.fate.clone(), enumeration };
            let twin = input.twin.and_then(|twin| twin.prices.get(tariff));
            let twin = twin.filter(|twin| twin.resource.enumeration == spec.resource.enumeration);
            for (key, price) in &spec.items {
                // Prices are by far the most there is, and between two configurations most are equal.
                if twin.is_some_and(|twin| twin.items.get(key) == Some(price)) {
                    desired.alike += 1;
                    continue;
                }
                want(input, desired, &above, (tariff, spec), (key, price));
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
            let Some((resource, enumeration)) = above(snapshot, place.parents) else { return Ok(None) };
            let rows = price_rows::read(site, snapshot, &resource, &enumeration).await?;
            let Some(row) = rows.iter().find(|row| row.id == place.id) else { return Ok(None) };
            let (form, style, edit) = price_rows::view(site, snapshot, place.parents, place.id).await?;
            snapshot.parent_styles.insert(edit, style);
            Ok(Some(live(site, snapshot, &resource, row, Some(&form))))
        })
    }

    fn find<'a>(
        &'a self,
        _: &'a mut Hand<'_>,
        _: &'a Change,
        _: &'a [String],
    ) -> BoxFuture<'a, Result<Option<String>, KindError>> {
        // The panel makes the row of an item together with its resource, so a new price always has one.
        Box::pin(async { Ok(None) })
    }

    fn create<'a>(
        &'a self,
        hand: &'a mut Hand<'_>,
        change: &'a Change,
        parents: &'a [String],
    ) -> BoxFuture<'a, Result<(), KindError>> {
        Box::pin(async move {
            let id = row_of(hand, change, parents).await?;
            self.update(hand, change, Place { id: &id, parents }).await
        })
    }

    fn created<'a>(
        &'a self,
        hand: &'a mut Hand<'_>,
        change: &'a Change,
        parents: &'a [String],
    ) -> BoxFuture<'a, Result<Option<String>, KindError>> {
        Box::pin(async move { row_of(hand, change, parents).await.map(Some) })
    }

    fn update<'a>(
        &'a self,
        hand: &'a mut Hand<'_>,
        change: &'a Change,
        place: Place<'a>,
    ) -> BoxFuture<'a, Result<(), KindError>> {
        Box::pin(async move {
            let (form, style, edit) =
                price_rows::view(hand.site, hand.snapshot, place.parents, place.id).await?;
            let set = params(hand, change, &form)?;
            if !set.is_empty() {
                let target = forms::Target {
                    func: &edit,
                    params: price_rows::form_params(style, place.parents, place.id),
                };
                forms::save(hand, &target, &set).await?;
            }
            hand.snapshot.parent_styles.insert(edit, style);
            switch(hand, change, style, place).await
        })
    }

    fn delete<'a>(&'a self, _: &'a mut Hand<'_>, _: Place<'a>) -> BoxFuture<'a, Result<(), KindError>> {
        Box::pin(async {
            Err(KindError::Unreadable(
                "a price goes with its resource or its item, and is not deleted".to_owned(),
            ))
        })
    }

    fn export(&self, snapshot: &Snapshot, spec: &mut ConfigSpec) {
        for (key, _, resource) in resource::exported(snapshot) {
            if let Some(tariff) = spec.prices.get_mut(&key) {
                tariff.items.extend(export(snapshot, resource));
            }
        }
    }
}

fn object(tariff: &str, item: &str) -> ObjectRef {
    ObjectRef { kind: KIND.to_owned(), key: format!("{tariff}/{item}") }
}

fn closed_key(resource: &str) -> String {
    format!("{KIND} {resource}")
}

/// The enumeration a live resource is over.
fn over(snapshot: &Snapshot, resource: &Live) -> Option<String> {
    let Value::Ref(reference) = resource.fields.as_ref()?.get("enumeration")? else { return None };
    let id = reference.id.clone()?;
    // Only enumerations whose items were read can be held against the rows.
    snapshot.of_kind(item::KIND).any(|item| item.parent() == Some(&id)).then_some(id)
}

fn above(snapshot: &Snapshot, parents: &[String]) -> Option<(Live, String)> {
    let resource = snapshot.by_id(resource::KIND, parents.last()?)?.clone();
    let enumeration = over(snapshot, &resource)?;
    Some((resource, enumeration))
}

async fn read_prices(
    site: &Site,
    scope: Scope<'_>,
    snapshot: &mut Snapshot,
    resource: &Live,
    enumeration: &str,
) -> Result<Vec<Live>, KindError> {
    let rows = price_rows::read(site, snapshot, resource, enumeration).await?;
    let off = rows.iter().filter(|row| row.offered == Some(false));
    snapshot.off_sale.extend(off.map(|row| (resource.id.clone(), row.id.clone())));
    let parents = parents(resource);
    let tariffs = specs(scope, snapshot, resource);
    let managed: Vec<bool> = rows.iter().map(|row| covers(scope, &tariffs, snapshot, &row.item)).collect();
    let mut forms: Vec<Option<Form>> = vec![None; rows.len()];
    // The first form also shows where the parent goes, so it is read before the others.
    let mut wanted: Vec<usize> = (0..rows.len()).filter(|index| managed[*index]).collect();
    if let Some(first) = wanted.first().copied() {
        let (form, style, edit) = price_rows::view(site, snapshot, &parents, &rows[first].id).await?;
        snapshot.parent_styles.insert(edit, style);
        forms[first] = Some(form);
        wanted.remove(0);
    }
    let (shared, places) = (&*snapshot, &parents);
    let others: Vec<(usize, Form)> =
        stream::iter(wanted.into_iter().map(|index| (index, rows[index].id.clone())))
            .map(|(index, id)| async move {
                let (form, ..) = price_rows::view(site, shared, places, &id).await?;
                Ok::<_, KindError>((index, form))
            })
            .buffered(IN_FLIGHT)
            .try_collect()
            .await?;
    for (index, form) in others {
        forms[index] = Some(form);
    }
    let unfamiliar = unfamiliar(site, snapshot, forms.iter().flatten());
    snapshot.notes.extend(unfamiliar);
    snapshot.notes.dedup();
    Ok(rows
        .iter()
        .zip(&forms)
        .map(|(row, form)| live(site, snapshot, resource, row, form.as_ref()))
        .collect())
}

fn parents(resource: &Live) -> Vec<String> {
    resource.parents.iter().chain([&resource.id]).cloned().collect()
}

/// Whether the configuration prices the item on the tariff plan of the resource.
fn covers(scope: Scope<'_>, tariffs: &[&TariffSpec], snapshot: &Snapshot, item: &str) -> bool {
    let Scope::Config(spec) = scope else { return true };
    let Some(item) = snapshot.by_id(item::KIND, item) else { return false };
    let priced = |tariff: &TariffSpec| {
        tariff.items.keys().any(|name| name.as_str() == item.identity || renamed(spec, tariff, name, item))
    };
    tariffs.iter().any(|tariff| priced(tariff))
}

/// What the configuration says of the tariff plan of a resource.
fn specs<'a>(scope: Scope<'a>, snapshot: &Snapshot, resource: &Live) -> Vec<&'a TariffSpec> {
    let Scope::Config(spec) = scope else { return Vec::new() };
    let here = |(key, tariff): &(&Name, &TariffSpec)| {
        let entry = resource::of_provider(&snapshot.catalogue.tariffs, key.as_str(), tariff);
        entry.is_ok_and(|entry| Some(entry.id.as_str()) == resource.parent())
    };
    spec.prices.iter().filter(here).map(|(_, tariff)| tariff).collect()
}

/// Whether the configuration renames or pins the live item to the key under which it prices it.
fn renamed(spec: &ConfigSpec, tariff: &TariffSpec, key: &Name, item: &Live) -> bool {
    let enumeration = spec.enumerations.get(&tariff.resource.enumeration);
    let described = enumeration.and_then(|enumeration| enumeration.items.get(key));
    described.is_some_and(|described| {
        described.id.is_some_and(|pin| pin.to_string() == item.id)
            || described.renamed_from.as_ref().is_some_and(|name| name.as_str() == item.identity)
    })
}

/// Prices under names nobody knows are left untouched; people should know that they are there.
fn unfamiliar<'f>(site: &Site, snapshot: &Snapshot, forms: impl Iterator<Item = &'f Form>) -> Option<String> {
    let exists = |id: u32| snapshot.catalogue.iso(id).is_some();
    let mut stems: Vec<String> = forms
        .flat_map(|form| &form.fields)
        .filter_map(|field| match site.dialect.price_name(&field.name, exists) {
            PriceName::Unfamiliar(stem) => Some(stem),
            _ => None,
        })
        .collect();
    stems.sort();
    stems.dedup();
    (!stems.is_empty()).then(|| {
        format!("prices of unknown periods are left as they are: {}; name them with `dialect: {{price_stems: ...}}`", stems.join(", "))
    })
}

fn live(site: &Site, snapshot: &Snapshot, resource: &Live, row: &PriceRow, form: Option<&Form>) -> Live {
    let item = snapshot.by_id(item::KIND, &row.item).map_or(row.item.as_str(), |item| item.identity.as_str());
    let mut live = Live {
        object: object(&resource.object.key, item),
        id: row.id.clone(),
        identity: row.item.clone(),
        parents: parents(resource),
        fields: None,
        unknown: BTreeMap::new(),
    };
    let Some(form) = form else { return live };
    let mut fields = prices_in(site, snapshot, form);
    let free = fields.values().all(|value| matches!(value, Value::Money(money) if money.is_zero()));
    fields.insert(FREE.to_owned(), Value::Flag(free && !fields.is_empty()));
    match row.offered {
        Some(offered) => drop(fields.insert(OFFERED.to_owned(), Value::Flag(offered))),
        None => {
            let why = "whether an item is offered is not to be told from the list of prices";
            live.unknown.insert(OFFERED.to_owned(), Unknown::new(why, Vec::new(), None));
        }
    }
    live.fields = Some(fields);
    live
}

/// `RUB.1m`, `EUR.setup` … of a form.
fn prices_in(site: &Site, snapshot: &Snapshot, form: &Form) -> BTreeMap<String, Value> {
    let exists = |id: u32| snapshot.catalogue.iso(id).is_some();
    let prices = form.fields.iter().filter_map(|field| {
        let PriceName::Price(price, currency) = site.dialect.price_name(&field.name, exists) else {
            return None;
        };
        let value = match field.value.as_deref().unwrap_or_default() {
            "" => Value::NoPrice,
            text => Money::from_panel(text).map_or_else(|_| Value::Text(text.to_owned()), Value::Money),
        };
        Some((field_name(snapshot.catalogue.iso(currency)?, price), value))
    });
    prices.collect()
}

fn field_name(iso: &str, price: PriceField) -> String {
    format!("{iso}.{price}")
}

/// The resource that prices belong to, as the configuration wants it.
struct Above {
    parent: ObjectRef,
    fate: Match,
    enumeration: Value,
}

fn want(
    input: Input<'_>,
    desired: &mut Desired,
    above: &Above,
    (tariff, spec): (&Name, &TariffSpec),
    (key, price): (&Name, &ItemPrice),
) {
    let pointer = ["prices", tariff.as_str(), "items", key.as_str()];
    let enumeration_key = spec.resource.enumeration.as_str();
    let Some(item) =
        resource::item_reference(input, desired, &above.enumeration, enumeration_key, key.as_str())
    else {
        let message = format!("the enumeration `{enumeration_key}` has no item `{key}`");
        let items = input.snapshot.of_kind(item::KIND).map(|live| live.identity.as_str());
        let help = catalogue::near(key.as_str(), items);
        return desired.problem(input.config.problem(
            &pointer,
            At::Key,
            "live::unknown_reference",
            message,
            Some(help),
        ));
    };
    let fate = pick(input, desired, above, &item, &pointer, tariff, key);
    let row = fate.id().and_then(|id| input.index.at(KIND, above.fate.id(), id));
    let fields = fields(input, desired, price, row, &pointer);
    let id = above.fate.id().map(str::to_owned);
    desired.push(Wanted {
        object: object(tariff.as_str(), key.as_str()),
        parent: Some(Reference { kind: above.parent.kind.clone(), key: above.parent.key.clone(), id }),
        pointer: pointer.map(str::to_owned).to_vec(),
        fate,
        fields,
        places: BTreeMap::new(),
        also_after: vec![item],
    });
}

fn pick(
    input: Input<'_>,
    desired: &mut Desired,
    above: &Above,
    item: &Value,
    pointer: &[&str],
    tariff: &Name,
    key: &Name,
) -> Match {
    let Match::Live(resource) = &above.fate else {
        return if above.fate == Match::Closed { Match::Closed } else { Match::New };
    };
    if let Some(unknown) = input.snapshot.closed.get(&closed_key(resource)) {
        desired.cannot(input, pointer, format!("{KIND} {tariff}/{key}"), unknown);
        return Match::Closed;
    }
    let Value::Ref(reference) = item else { return Match::Closed };
    let Some(id) = &reference.id else { return Match::New };
    let rows = input.index.named(KIND, Some(resource), id);
    rows.first().map_or(Match::New, |row| Match::Live(row.id.clone()))
}

fn fields(
    input: Input<'_>,
    desired: &mut Desired,
    price: &ItemPrice,
    row: Option<&Live>,
    pointer: &[&str],
) -> BTreeMap<String, Value> {
    let mut fields = BTreeMap::from([(OFFERED.to_owned(), Value::Flag(*price != ItemPrice::Off))]);
    match (price, row.and_then(|row| row.fields.as_ref())) {
        (ItemPrice::Off, _) => {}
        // Said price by price where the prices are known, so that the plan shows what each was.
        (ItemPrice::Free, Some(now)) => {
            let zero = |field: &String| (field.clone(), Value::Money(Money::ZERO));
            fields.extend(now.keys().filter(|field| field.contains('.')).map(zero));
        }
        (ItemPrice::Free, None) => drop(fields.insert(FREE.to_owned(), Value::Flag(true))),
        (ItemPrice::Prices(currencies), now) => {
            for (iso, prices) in currencies {
                if known_currency(input, desired, iso, pointer) {
                    for (period, amount) in prices {
                        let name = field_name(iso.as_str(), *period);
                        if sold(input, desired, now, &name, *period, pointer) {
                            fields.insert(name, amount_value(*amount));
                        }
                    }
                }
            }
        }
    }
    fields
}

fn amount_value(amount: Amount) -> Value {
    match amount {
        Amount::None => Value::NoPrice,
        Amount::Money(money) => Value::Money(money),
    }
}

fn known_currency(input: Input<'_>, desired: &mut Desired, iso: &Name, pointer: &[&str]) -> bool {
    let known = &input.snapshot.catalogue.currencies;
    if input.snapshot.offline || known.contains_key(iso.as_str()) {
        return true;
    }
    let place: Vec<&str> = pointer.iter().copied().chain([iso.as_str()]).collect();
    let message = format!("the panel has no currency `{iso}`");
    let help = catalogue::near(iso.as_str(), known.keys().map(String::as_str));
    desired.problem(input.config.problem(&place, At::Key, "live::unknown_reference", message, Some(help)));
    false
}

/// Whether the panel has a field for this period; where it has none, the price cannot be managed.
fn sold(
    input: Input<'_>,
    desired: &mut Desired,
    now: Option<&BTreeMap<String, Value>>,
    name: &str,
    period: PriceField,
    pointer: &[&str],
) -> bool {
    if now.is_some_and(|now| now.contains_key(name)) || input.snapshot.offline {
        return true;
    }
    let named = input.dialect.price_field(period, 0).is_some();
    if now.is_none() && named {
        return true;
    }
    let why = if named {
        format!("the panel has no price field for `{name}`")
    } else {
        format!("how the panel calls the price of `{period}` is not known")
    };
    let setting = format!("price_stems: {{{period}: STEM}}");
    let unknown = Unknown::new(why, Vec::new(), (!named).then_some(setting.as_str()));
    desired.cannot(input, pointer, format!("{KIND} {}", pointer[1..].join("/")), &unknown);
    false
}

/// The row of a new price: the panel has made it by now.
async fn row_of(hand: &mut Hand<'_>, change: &Change, parents: &[String]) -> Result<String, KindError> {
    let missing = || KindError::Unreadable(format!("the panel has made no row for {}", change.object));
    let (resource, enumeration) = above(hand.snapshot, parents).ok_or_else(missing)?;
    let rows = price_rows::read(hand.site, hand.snapshot, &resource, &enumeration).await?;
    let prefix = change.parent.as_ref().map(|parent| format!("{}/", parent.key)).unwrap_or_default();
    let name = change.object.key.strip_prefix(&prefix).unwrap_or_default();
    let mut items = hand.snapshot.of_kind(item::KIND).filter(|live| live.parent() == Some(&enumeration));
    let item = items.find(|live| live.identity == name).map(|live| live.id.clone()).ok_or_else(missing)?;
    rows.into_iter().find(|row| row.item == item).map(|row| row.id).ok_or_else(missing)
}

/// The form parameters of changed prices.
fn params(hand: &Hand<'_>, change: &Change, form: &Form) -> Result<Vec<Param>, KindError> {
    let (site, snapshot) = (hand.site, &*hand.snapshot);
    let exists = |id: u32| snapshot.catalogue.iso(id).is_some();
    let mut set = Vec::new();
    for changed in &change.fields {
        if changed.field == FREE {
            let prices = form
                .fields
                .iter()
                .filter(|field| matches!(site.dialect.price_name(&field.name, exists), PriceName::Price(..)));
            set.extend(prices.map(|field| Param::text(&field.name, Money::ZERO.to_string())));
            continue;
        }
        let Some((iso, period)) = changed.field.split_once('.') else { continue };
        let currency = snapshot.catalogue.currencies.get(iso).copied();
        let field: Option<PriceField> =
            serde_json::from_value(serde_json::Value::String(period.to_owned())).ok();
        let name =
            currency.zip(field).and_then(|(currency, field)| site.dialect.price_field(field, currency));
        let name =
            name.ok_or_else(|| KindError::Unreadable(format!("`{}` has no price field", changed.field)))?;
        let value = match &changed.after {
            Some(Value::Money(money)) => money.to_string(),
            _ => String::new(),
        };
        set.push(Param::text(name, value));
    }
    Ok(set)
}

async fn switch(
    hand: &Hand<'_>,
    change: &Change,
    style: ParentStyle,
    place: Place<'_>,
) -> Result<(), KindError> {
    let changed = change.fields.iter().find(|field| field.field == OFFERED);
    let Some(Value::Flag(on)) = changed.and_then(|field| field.after.as_ref()) else { return Ok(()) };
    if let Some((resource, enumeration)) = above(hand.snapshot, place.parents) {
        let mut fresh = hand.snapshot.clone();
        let rows = price_rows::read(hand.site, &mut fresh, &resource, &enumeration).await?;
        if rows.iter().any(|row| row.id == place.id && row.offered == Some(*on)) {
            return Ok(());
        }
    }
    let func = price_rows::switch(hand.site, hand.snapshot, *on)?;
    Ok(hand.writer.act(&func, price_rows::action_params(style, place.parents, place.id)).await?)
}

fn export(snapshot: &Snapshot, resource: &Live) -> Vec<(Name, ItemPrice)> {
    let rows = snapshot.of_kind(KIND).filter(|live| live.parent() == Some(&resource.id));
    let prices = rows.filter_map(|row| {
        let item = snapshot.by_id(item::KIND, &row.identity)?;
        Some((item.identity.parse().ok()?, exported(row.fields.as_ref()?)))
    });
    prices.collect()
}

/// The prices of a live row as configuration.
pub(crate) fn exported(fields: &BTreeMap<String, Value>) -> ItemPrice {
    if fields.get(OFFERED) == Some(&Value::Flag(false)) {
        return ItemPrice::Off;
    }
    if fields.get(FREE) == Some(&Value::Flag(true)) {
        return ItemPrice::Free;
    }
    let mut prices: BTreeMap<Name, CurrencyPrices> = BTreeMap::new();
    for (field, value) in fields {
        let Some((iso, period)) = field.split_once('.') else { continue };
        let amount = match value {
            Value::Money(money) => Amount::Money(*money),
            _ => Amount::None,
        };
        let period = serde_json::from_value(serde_json::Value::String(period.to_owned()));
        if let (Ok(iso), Ok(period)) = (iso.parse::<Name>(), period) {
            prices.entry(iso).or_default().insert(period, amount);
        }
    }
    ItemPrice::Prices(prices)
}
