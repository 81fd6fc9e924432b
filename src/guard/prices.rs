//! Amounts that move far, or gain or lose a digit.

use std::collections::BTreeMap;

use super::World;
use crate::{
    kinds::{Live, PolicySpec},
    language::{t, tn},
    model::{Money, Percent},
    plan::{Action, Allowance, Change, FieldChange, Guard, Value},
};

const ITEM: &str = "enumeration-item";
const PRICE: &str = "price";
const FREE: &str = "free";

/// One guard for each object with amounts that move too far. New amounts beside others are no move: there
/// is nothing to hold them against.
pub(super) fn moves(world: &World<'_>, policy: &PolicySpec) -> Vec<Guard> {
    let replaced: BTreeMap<(&str, &str), &str> = world
        .plan
        .changes
        .iter()
        .filter(|change| change.action == Action::Replace)
        .filter_map(|change| {
            Some(((change.object.kind.as_str(), change.object.key.as_str()), change.id.as_deref()?))
        })
        .collect();
    let guard = |change: &Change| match earlier(world, &replaced, change) {
        Some(earlier) => of_change(&against(change, earlier), policy),
        None => of_change(change, policy),
    };
    world.plan.changes.iter().filter(|change| !world.continues(change)).filter_map(guard).collect()
}

/// The live price that a new one takes the place of, because its resource is replaced.
fn earlier<'a>(
    world: &World<'a>,
    replaced: &BTreeMap<(&str, &str), &str>,
    change: &Change,
) -> Option<&'a BTreeMap<String, Value>> {
    let above = change.parent.as_ref()?;
    if change.action != Action::Create || change.object.kind != PRICE {
        return None;
    }
    let resource = *replaced.get(&(above.kind.as_str(), above.key.as_str()))?;
    let item = change.object.key.strip_prefix(above.key.as_str())?.strip_prefix('/')?;
    let sells = |live: &&Live| {
        let sold = world.facts.snapshot.by_id(ITEM, &live.identity);
        live.parent() == Some(resource) && sold.is_some_and(|sold| sold.identity == item)
    };
    world.facts.snapshot.of_kind(PRICE).find(sells)?.fields.as_ref()
}

/// Whether all amounts of a new price are 0.
pub(super) fn makes_free(change: &Change) -> bool {
    change.fields.iter().any(|field| field.field == FREE && field.after == Some(Value::Flag(true)))
}

/// A new price as a change of an earlier one.
fn against(change: &Change, earlier: &BTreeMap<String, Value>) -> Change {
    let free = makes_free(change);
    let now = |name: &str| change.fields.iter().find(|field| field.field == name);
    let fields = earlier.iter().filter_map(|(name, before)| {
        let after = match (free, now(name)) {
            (true, _) => Value::Money(Money::ZERO),
            (false, field) => field?.after.clone()?,
        };
        Some(FieldChange {
            field: name.clone(),
            before: Some(before.clone()),
            after: Some(after),
            origin: None,
            formula: None,
        })
    });
    Change { fields: fields.collect(), ..change.clone() }
}

/// An amount that moves too far.
struct Move {
    words: String,
    /// Nothing where an amount comes or goes.
    percent: Option<Percent>,
}

pub(super) fn of_change(change: &Change, policy: &PolicySpec) -> Option<Guard> {
    // What goes with a deleted object was allowed with its delete.
    let kept = |field: &&FieldChange| change.action != Action::Delete && field.before != field.after;
    let moves: Vec<Move> =
        change.fields.iter().filter(kept).filter_map(|field| of_field(field, policy)).collect();
    let first = moves.first()?;
    let known: Option<Vec<Percent>> = moves.iter().map(|one| one.percent).collect();
    let percent = known.and_then(|all| all.into_iter().max());
    let message = match moves.len() {
        1 => t!("the amount of {object} moves far", object = change.object),
        many => tn!(
            many,
            "{n} amount of {object} moves far",
            "{n} amounts of {object} move far",
            object = change.object
        ),
    };
    let mut sum = moves.iter().map(|one| one.words.as_str()).collect::<Vec<_>>().join("; ");
    if first.percent.is_some() {
        sum.push_str(&t!("; the limit is {limit}", limit = policy.price_percent()));
    }
    let price = change.object.key.clone();
    Some(Guard::new(Allowance::PriceMove { price, percent }, message, Some(sum)))
}

fn of_field(field: &FieldChange, policy: &PolicySpec) -> Option<Move> {
    let name = &field.field;
    let (before, after) = match (field.before.as_ref()?, field.after.as_ref()?) {
        (Value::Money(before), Value::Money(after)) => (*before, *after),
        (Value::Money(before), Value::NoPrice) if policy.price_free() && !before.is_zero() => {
            return Some(Move {
                words: t!("{name} {before} is taken away", name = name, before = before),
                percent: None,
            });
        }
        (Value::NoPrice, Value::Money(after)) if policy.price_free() && after.is_zero() => {
            return Some(Move { words: t!("{name} becomes free", name = name), percent: None });
        }
        _ => return None,
    };
    if before.is_zero() || after.is_zero() {
        let words = match after.is_zero() {
            true => t!("{name} {before} becomes free", name = name, before = before),
            false => t!("{name} was free and becomes {after}", name = name, after = after),
        };
        return policy.price_free().then_some(Move { words, percent: None });
    }
    let signed = after.percent_from(before)?;
    let percent = Percent::magnitude(signed);
    let digits = (digits(before), digits(after));
    let far = percent > policy.price_percent();
    let longer = policy.price_digits() && digits.0 != digits.1;
    let sign = if after > before { "+" } else { "" };
    let note = if longer {
        t!(", {before} digits become {after}", before = digits.0, after = digits.1)
    } else {
        String::new()
    };
    let words = format!("{name} {before} -> {after}, {sign}{signed} %{note}");
    (far || longer).then_some(Move { words, percent: Some(percent) })
}

/// How many digits stand before the decimal point.
fn digits(amount: Money) -> usize {
    let text = amount.to_string();
    text.split('.').next().map_or(0, str::len)
}
