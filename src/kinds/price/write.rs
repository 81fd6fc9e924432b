//! From a change to the form of an item's prices.

use super::{FREE, OFFERED, above, period, read, rows};
use crate::{
    dialect::PriceName,
    kinds::{Hand, KindError, ParentStyle, Place, forms, forms::after, item, resource},
    language::t,
    model::Money,
    plan::{Change, Value},
    wire::{Form, Param, ParamValue},
};

/// Writes the prices that changed, then whether the item is offered.
pub(super) async fn update(hand: &mut Hand<'_>, change: &Change, place: Place<'_>) -> Result<(), KindError> {
    let (form, style, edit) = rows::view(hand.site, hand.snapshot, place.parents, place.id).await?;
    let set = params(hand, change, &form)?;
    if !set.is_empty() {
        let params = rows::form_params(style, place.parents, place.id);
        forms::save(hand, &forms::Target { func: &edit, params }, &set).await?;
    }
    hand.snapshot.parent_styles.insert(edit, style);
    switch(hand, change, style, place).await
}

/// The row of a new price: the panel has made it by now.
pub(super) async fn row_of(
    hand: &mut Hand<'_>,
    change: &Change,
    parents: &[String],
) -> Result<String, KindError> {
    let missing =
        || KindError::Unreadable(t!("the panel has made no row for {object}", object = change.object));
    // Of a resource that comes back, nothing may have asked for the items.
    let resource = parents.last().and_then(|id| hand.snapshot.by_id(resource::KIND, id)).cloned();
    read::items_of(hand.site, hand.snapshot, &resource.ok_or_else(missing)?).await?;
    let (resource, enumeration) = above(hand.snapshot, parents).ok_or_else(missing)?;
    let rows = rows::read(hand.site, hand.snapshot, &resource, &enumeration).await?;
    let prefix = change.parent.as_ref().map(|parent| format!("{}/", parent.key)).unwrap_or_default();
    let name = change.object.key.strip_prefix(&prefix).unwrap_or_default();
    let mut items = hand.snapshot.of_kind(item::KIND).filter(|live| live.parent() == Some(&enumeration));
    let item = items.find(|live| live.identity == name).map(|live| live.id.clone()).ok_or_else(missing)?;
    rows.into_iter().find(|row| row.item == item).map(|row| row.id).ok_or_else(missing)
}

/// Refuses a new row that already has prices: they are somebody's, and no plan has shown them.
pub(super) async fn untouched(
    hand: &mut Hand<'_>,
    change: &Change,
    place: Place<'_>,
) -> Result<(), KindError> {
    let (form, ..) = rows::view(hand.site, hand.snapshot, place.parents, place.id).await?;
    for param in params(hand, change, &form)? {
        let now = form.value(&param.name).unwrap_or_default();
        let wanted = matches!(&param.value, ParamValue::Text(wanted) if wanted == now);
        let none = now.is_empty() || Money::from_panel(now).is_ok_and(Money::is_zero);
        if !none && !wanted {
            return Err(KindError::Changed(t!(
                "somebody set `{param}` of {object} to `{now}` before it was written for the first time",
                param = param.name,
                object = change.object,
                now = now
            )));
        }
    }
    Ok(())
}

/// The form parameters of changed prices.
fn params(hand: &Hand<'_>, change: &Change, form: &Form) -> Result<Vec<Param>, KindError> {
    let (site, snapshot) = (hand.site, &*hand.snapshot);
    let exists = |id: u32| snapshot.catalogue.iso(id).is_some();
    let mut set = Vec::new();
    for changed in &change.fields {
        if changed.field == FREE {
            if changed.after != Some(Value::Flag(true)) {
                continue;
            }
            let said: Vec<String> = set.iter().map(|param: &Param| param.name.clone()).collect();
            let prices = form.fields.iter().filter(|field| {
                !said.contains(&field.name)
                    && matches!(site.dialect.price_name(&field.name, exists), PriceName::Price(..))
            });
            set.extend(prices.map(|field| Param::text(&field.name, Money::ZERO.to_string())));
            continue;
        }
        let Some((iso, name)) = changed.field.split_once('.') else { continue };
        let currency = snapshot.catalogue.currencies.get(iso).copied();
        let name = (currency.zip(period(name)))
            .and_then(|(currency, period)| site.dialect.price_field(period, currency));
        let name = name.ok_or_else(|| {
            KindError::Unreadable(t!("`{field}` has no price field", field = changed.field))
        })?;
        let value = match &changed.after {
            Some(Value::Money(money)) => money.to_string(),
            _ => String::new(),
        };
        set.push(Param::text(name, value));
    }
    Ok(set)
}

/// Switches the item on or off, unless it is by now.
async fn switch(
    hand: &Hand<'_>,
    change: &Change,
    style: ParentStyle,
    place: Place<'_>,
) -> Result<(), KindError> {
    let Some(Value::Flag(on)) = after(change, OFFERED) else { return Ok(()) };
    if let Some((resource, enumeration)) = above(hand.snapshot, place.parents) {
        let mut fresh = hand.snapshot.clone();
        let rows = rows::read(hand.site, &mut fresh, &resource, &enumeration).await?;
        if rows.iter().any(|row| row.id == place.id && row.offered == Some(*on)) {
            return Ok(());
        }
    }
    let func = rows::switch(hand.site, hand.snapshot, *on)?;
    Ok(hand.writer.act(&func, rows::action_params(style, place.parents, place.id)).await?)
}
