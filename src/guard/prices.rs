//! Amounts that move far, or gain or lose a digit.

use crate::{
    kinds::PolicySpec,
    model::{Money, Percent},
    plan::{Action, Allowance, Change, FieldChange, Guard, Plan, Value},
};

/// One guard for each object with amounts that move too far. New amounts beside others are no move: there
/// is nothing to hold them against.
pub(super) fn moves(plan: &Plan, policy: &PolicySpec) -> Vec<Guard> {
    let changes = plan.changes.iter().filter(|change| change.action != Action::Create);
    changes.filter_map(|change| of_change(change, policy)).collect()
}

/// An amount that moves too far.
struct Move {
    words: String,
    /// Nothing where an amount comes or goes.
    percent: Option<Percent>,
}

fn of_change(change: &Change, policy: &PolicySpec) -> Option<Guard> {
    // What goes with a deleted object was allowed with its delete.
    let kept = |field: &&FieldChange| change.action != Action::Delete && field.before != field.after;
    let moves: Vec<Move> =
        change.fields.iter().filter(kept).filter_map(|field| of_field(field, policy)).collect();
    let first = moves.first()?;
    let known: Option<Vec<Percent>> = moves.iter().map(|one| one.percent).collect();
    let percent = known.and_then(|all| all.into_iter().max());
    let message = match moves.len() {
        1 => format!("the amount of {} moves far", change.object),
        many => format!("{many} amounts of {} move far", change.object),
    };
    let mut sum = moves.iter().map(|one| one.words.as_str()).collect::<Vec<_>>().join("; ");
    if first.percent.is_some() {
        sum.push_str(&format!("; the limit is {}", policy.price_percent()));
    }
    let price = change.object.key.clone();
    Some(Guard::new(Allowance::PriceMove { price, percent }, message, Some(sum)))
}

fn of_field(field: &FieldChange, policy: &PolicySpec) -> Option<Move> {
    let name = &field.field;
    let (before, after) = match (field.before.as_ref()?, field.after.as_ref()?) {
        (Value::Money(before), Value::Money(after)) => (*before, *after),
        (Value::Money(before), Value::NoPrice) if policy.price_free() && !before.is_zero() => {
            return Some(Move { words: format!("{name} {before} is taken away"), percent: None });
        }
        (Value::NoPrice, Value::Money(after)) if policy.price_free() && after.is_zero() => {
            return Some(Move { words: format!("{name} becomes free"), percent: None });
        }
        _ => return None,
    };
    if before.is_zero() || after.is_zero() {
        let words = match after.is_zero() {
            true => format!("{name} {before} becomes free"),
            false => format!("{name} was free and becomes {after}"),
        };
        return policy.price_free().then_some(Move { words, percent: None });
    }
    let signed = after.percent_from(before)?;
    let percent = Percent::magnitude(signed);
    let digits = (digits(before), digits(after));
    let far = percent > policy.price_percent();
    let longer = policy.price_digits() && digits.0 != digits.1;
    let sign = if after > before { "+" } else { "" };
    let note = if longer { format!(", {} digits become {}", digits.0, digits.1) } else { String::new() };
    let words = format!("{name} {before} -> {after}, {sign}{signed} %{note}");
    (far || longer).then_some(Move { words, percent: Some(percent) })
}

/// How many digits stand before the decimal point.
fn digits(amount: Money) -> usize {
    let text = amount.to_string();
    text.split('.').next().map_or(0, str::len)
}
