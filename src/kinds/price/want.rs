//! What the configuration wants of prices.

use std::collections::BTreeMap;

use super::{Amount, FREE, ItemPrice, KIND, OFFERED, TariffSpec, closed_key, field_name, object};
use crate::{
    dialect::Unknown,
    kinds::{Desired, Input, Live, Match, Wanted, catalogue, desired::UNKNOWN_REFERENCE, item, resource},
    language::t,
    model::{Money, Name, PriceField},
    plan::{ObjectRef, Reference, Value},
    source::At,
};

/// The resource that prices belong to, as the configuration wants it.
struct Above {
    parent: ObjectRef,
    fate: Match,
    enumeration: Value,
}

pub(super) fn want(input: Input<'_>, desired: &mut Desired) {
    for (tariff, spec) in &input.spec.prices {
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
            want_item(input, desired, &above, (tariff, spec), (key, price));
        }
    }
}

fn want_item(
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
        let message = t!(
            "the enumeration `{enumeration}` has no item `{key}`",
            enumeration = enumeration_key,
            key = key
        );
        let items = input.snapshot.of_kind(item::KIND).map(|live| live.identity.as_str());
        let help = catalogue::near(key.as_str(), items);
        return desired.problem(input, &pointer, At::Key, UNKNOWN_REFERENCE, message, help);
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
        formulas: input.formulas.of(tariff.as_str(), key.as_str()),
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
        // A rule has become prices by now.
        (ItemPrice::Off | ItemPrice::CostPlus(_), _) => {}
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
                        let Some(value) = amount_value(*amount) else { continue };
                        if sold(input, desired, now, &name, *period, pointer) {
                            fields.insert(name, value);
                        }
                    }
                }
            }
        }
    }
    fields
}

/// Nothing for a rule: it has become an amount by now.
fn amount_value(amount: Amount) -> Option<Value> {
    match amount {
        Amount::None => Some(Value::NoPrice),
        Amount::Money(money) => Some(Value::Money(money)),
        Amount::CostPlus(_) => None,
    }
}

fn known_currency(input: Input<'_>, desired: &mut Desired, iso: &Name, pointer: &[&str]) -> bool {
    let known = &input.snapshot.catalogue.currencies;
    if input.snapshot.offline || known.contains_key(iso.as_str()) {
        return true;
    }
    let place: Vec<&str> = pointer.iter().copied().chain([iso.as_str()]).collect();
    let message = t!("the panel has no currency `{iso}`", iso = iso);
    let help = catalogue::near(iso.as_str(), known.keys().map(String::as_str));
    desired.problem(input, &place, At::Key, UNKNOWN_REFERENCE, message, help);
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
        t!("the panel has no price field for `{name}`", name = name)
    } else {
        t!("how the panel calls the price of `{period}` is not known", period = period)
    };
    let setting = format!("price_stems: {{{period}: STEM}}");
    let unknown = Unknown::new(why, Vec::new(), (!named).then_some(setting.as_str()));
    desired.cannot(input, pointer, format!("{KIND} {}", pointer[1..].join("/")), &unknown);
    false
}
