//! Checks of what a plan changes on the panel.

use super::{Found, Ground};
use crate::{
    language::t,
    model::{Money, Percent},
    plan::{Action, Change, Level, Value},
};

/// The steps to a price: `vds-start/55227` and `RUB.12m`.
fn price_path(change: &Change, field: &str) -> Option<Vec<String>> {
    let (tariff, item) = change.object.key.split_once('/')?;
    let steps = ["prices", tariff, "items", item].into_iter().chain(field.split('.'));
    Some(steps.map(str::to_owned).collect())
}

fn digits(money: Money) -> usize {
    money.to_string().split('.').next().map_or(0, str::len)
}

fn changes<'g>(ground: &'g Ground<'_>, kind: &'static str) -> impl Iterator<Item = &'g Change> {
    ground
        .known
        .plan
        .into_iter()
        .flat_map(|plan| &plan.changes)
        .filter(move |change| change.object.kind == kind)
}

/// L29
pub(super) fn price_move(ground: &Ground<'_>) -> Vec<Found> {
    let limit = ground.thresholds().price_move();
    let mut found = Vec::new();
    for change in changes(ground, "price") {
        for field in &change.fields {
            let (Some(Value::Money(before)), Some(Value::Money(after))) = (&field.before, &field.after)
            else {
                continue;
            };
            let Some(percent) = after.percent_from(*before) else { continue };
            let far = Percent::magnitude(percent) > limit;
            let longer = digits(*before) != digits(*after);
            let Some(path) = price_path(change, &field.field).filter(|_| far || longer) else { continue };
            let message = t!("the price of {price} moves far", price = change.object.key.replace('/', ": "));
            let sum = t!(
                "{before} -> {after}, {percent} %; the limit is {limit}",
                before = before,
                after = after,
                percent = percent,
                limit = limit
            );
            let path: Vec<&str> = path.iter().map(String::as_str).collect();
            let one = Found::new(
                &path,
                message,
                t!("correct the price; if it is meant, waive this on the tariff plan"),
            )
            .sum(sum);
            found.push(if far && longer { one.level(Level::Error) } else { one });
        }
    }
    found
}

/// L36
pub(super) fn stranded(ground: &Ground<'_>) -> Vec<Found> {
    let mut found = Vec::new();
    for change in changes(ground, "price") {
        for field in &change.fields {
            let gone = matches!(field.before, Some(Value::Money(_)))
                && matches!(field.after, None | Some(Value::NoPrice));
            let Some(path) =
                price_path(change, &field.field).filter(|_| gone && !field.field.ends_with("setup"))
            else {
                continue;
            };
            let message = t!(
                "{price} loses its price for {period}, which services may have",
                price = change.object.key.replace('/', ": "),
                period = field.field.replace('.', " ")
            );
            let path: Vec<&str> = path.iter().map(String::as_str).collect();
            found.push(Found::new(
                &path,
                message,
                t!("leave the price, and set the item to `off` for new orders"),
            ));
        }
    }
    for change in changes(ground, "enumeration-item").filter(|change| change.action == Action::Delete) {
        let enumeration = change.object.key.split('/').next().unwrap_or_default();
        let message =
            t!("the item {object} is deleted, and services may have it", object = change.object.key);
        let cure = t!("keep the item, and set it to `off` on each tariff plan");
        found.push(Found::new(&["enumerations", enumeration], message, cure));
    }
    found
}
