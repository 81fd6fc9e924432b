//! What a reader sees first: what destroys, then what costs money, then the rest.

use std::{cmp::Ordering, collections::BTreeMap};

use crate::{
    model::Period,
    plan::{Action, Change, FieldChange, LeftAlone, Plan},
};

/// The changes of a plan by risk; each list is sorted by kind in the order of writing, then by key.
pub(super) struct Risks<'plan> {
    pub(super) deletes: Vec<&'plan Change>,
    pub(super) replacements: Vec<&'plan Change>,
    pub(super) prices: Vec<&'plan Change>,
    pub(super) others: Vec<&'plan Change>,
}

impl<'plan> Risks<'plan> {
    pub(super) fn of(plan: &'plan Plan) -> Self {
        let mut risks = Self { deletes: vec![], replacements: vec![], prices: vec![], others: vec![] };
        let ranks = kind_ranks(&plan.changes);
        let ranked = |change: &'plan Change| (ranks.get(change.object.kind.as_str()).copied(), change);
        let mut changes: Vec<_> = plan.changes.iter().map(ranked).collect();
        // By key itself last, so that the order does not depend on that of the plan.
        changes.sort_by(|(rank, one), (other, two)| {
            let keys = || natural(&one.object.key, &two.object.key);
            rank.cmp(other).then_with(keys).then_with(|| one.object.cmp(&two.object))
        });
        for (_, change) in changes {
            let list = match change.action {
                Action::Delete => &mut risks.deletes,
                Action::Replace => &mut risks.replacements,
                _ if change.fields.iter().any(moves_money) => &mut risks.prices,
                _ => &mut risks.others,
            };
            list.push(change);
        }
        risks
    }
}

/// Whether an amount changes; one that stays does not make a change of prices.
pub(super) fn moves_money(field: &FieldChange) -> bool {
    field.is_money() && field.before != field.after
}

/// Kinds in the order in which they are written; kinds that are only deleted come last, and since
/// deletes run from the dependent to what it depends on, in the opposite order.
fn kind_ranks(changes: &[Change]) -> BTreeMap<&str, usize> {
    let mut ranks = BTreeMap::new();
    let kind = |change: &'_ Change| change.action != Action::Delete;
    let (written, deleted): (Vec<&Change>, Vec<&Change>) = changes.iter().partition(|change| kind(change));
    for change in written.into_iter().chain(deleted.into_iter().rev()) {
        let next = ranks.len();
        ranks.entry(change.object.kind.as_str()).or_insert(next);
    }
    ranks
}

/// The fields of a change: settings in the order of the plan, then prices by currency and period.
pub(super) fn fields(change: &Change) -> Vec<&FieldChange> {
    let (money, mut fields): (Vec<_>, Vec<_>) =
        change.fields.iter().partition(|field| price_of(&field.field).is_some());
    let mut money: Vec<&FieldChange> = money;
    money.sort_by(|one, two| price_of(&one.field).cmp(&price_of(&two.field)));
    fields.extend(money);
    fields
}

/// Currency and period of a field like `RUB.12m`.
pub(super) fn price_of(field: &str) -> Option<(&str, PriceOf<'_>)> {
    let (currency, period) = field.split_once('.')?;
    let iso = currency.len() == 3 && currency.bytes().all(|byte| byte.is_ascii_uppercase());
    let known = period.parse().map_or(PriceOf::Other(period), PriceOf::Period);
    iso.then_some((currency, if period == "setup" { PriceOf::Setup } else { known }))
}

/// What a price is for, in the order of columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum PriceOf<'name> {
    Setup,
    Period(Period),
    Other(&'name str),
}

impl std::fmt::Display for PriceOf<'_> {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Setup => out.write_str("setup"),
            Self::Period(period) => period.fmt(out),
            Self::Other(name) => out.write_str(name),
        }
    }
}

/// Live objects that are left alone, by kind.
pub(super) fn left_alone(plan: &Plan) -> BTreeMap<&str, Vec<&LeftAlone>> {
    let mut kinds: BTreeMap<&str, Vec<&LeftAlone>> = BTreeMap::new();
    for left in &plan.left_alone {
        kinds.entry(&left.object.kind).or_default().push(left);
    }
    for list in kinds.values_mut() {
        list.sort_by(|one, two| natural(&one.object.key, &two.object.key).then_with(|| one.id.cmp(&two.id)));
    }
    kinds
}

/// Compares keys as people do: `item/9` comes before `item/10`.
pub(super) fn natural(one: &str, two: &str) -> Ordering {
    let (mut one, mut two) = (one, two);
    loop {
        let digits = |text: &str| text.len() - text.trim_start_matches(|ch: char| ch.is_ascii_digit()).len();
        let (left, right) = (digits(one), digits(two));
        if left > 0 && right > 0 {
            let (a, b) = (one[..left].trim_start_matches('0'), two[..right].trim_start_matches('0'));
            match a.len().cmp(&b.len()).then_with(|| a.cmp(b)) {
                Ordering::Equal => (one, two) = (&one[left..], &two[right..]),
                unequal => return unequal,
            }
            continue;
        }
        let (mut left, mut right) = (one.chars(), two.chars());
        match (left.next(), right.next()) {
            (Some(a), Some(b)) if a == b => (one, two) = (left.as_str(), right.as_str()),
            (a, b) => return a.cmp(&b),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{natural, price_of};

    #[test]
    fn keys_sort_as_people_count() {
        let mut keys = vec!["panel/10", "panel/9", "panel/nopanel", "other/1", "panel/9a", "panel/09"];
        keys.sort_by(|one, two| natural(one, two));
        assert_eq!(keys, ["other/1", "panel/9", "panel/09", "panel/9a", "panel/10", "panel/nopanel"]);
    }

    #[test]
    fn prices_sort_by_length_of_period() {
        let mut fields = vec!["RUB.12m", "EUR.1m", "RUB.3m", "RUB.trial", "RUB.setup", "RUB.lifetime"];
        fields.sort_by(|one, two| price_of(one).cmp(&price_of(two)));
        assert_eq!(fields, ["EUR.1m", "RUB.setup", "RUB.trial", "RUB.3m", "RUB.12m", "RUB.lifetime"]);
        assert_eq!(price_of("name.en"), None);
        assert_eq!(price_of("url"), None);
    }
}
