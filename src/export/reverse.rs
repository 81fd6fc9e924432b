//! A plan the other way round: the edits that make the configuration say what is live.

use std::collections::BTreeSet;

use serde_yaml::{Mapping, Value};

use super::{
    edit::{Edit, Sheet, find},
    names::Names,
};
use crate::{
    config::Config,
    kinds::{Live, Wanted, exported_price},
    plan::{self, Action, Change, FieldChange},
    reconcile::Review,
    source::{Content, Outline},
};

/// Works out edits from the changes of a plan.
pub(super) struct Reverse<'a> {
    pub(super) config: &'a Config,
    pub(super) sheets: &'a [Sheet<'a>],
    pub(super) review: &'a Review,
    pub(super) names: Names<'a>,
}

impl Reverse<'_> {
    /// All edits but what has to be added: see [`super::additions`].
    pub(super) fn edits(&self) -> Vec<Edit> {
        let mut edits = Vec::new();
        let mut rows: BTreeSet<&[String]> = BTreeSet::new();
        for change in &self.review.plan.changes {
            let wanted = self.review.wanted.iter().find(|wanted| wanted.object == change.object);
            let Some(wanted) = wanted.filter(|_| change.action != Action::Delete) else { continue };
            match (change.object.kind.as_str(), change.action) {
                ("period-mapping", _) => drop(rows.insert(&wanted.pointer)),
                // The block of a tariff plan is nothing without its resource.
                ("resource", Action::Create) => self.remove(&wanted.pointer[..2], &mut edits),
                (_, Action::Create) => self.remove(&wanted.pointer, &mut edits),
                ("price", _) => self.price(change, wanted, &mut edits),
                _ => {
                    for field in change.fields.iter().filter(|field| differs(field)) {
                        self.field(field, wanted, &mut edits);
                    }
                }
            }
        }
        for row in rows {
            self.row(row, &mut edits);
        }
        edits
    }

    fn node(&self, path: &[String]) -> Option<&Outline> {
        let (file, trail) = find(self.sheets, path)?;
        trail.iter().try_fold(&self.sheets[file].root, |here, &at| match &here.content {
            Content::Map(entries) => entries.get(at).map(|(_, value)| value),
            _ => here.elements().get(at),
        })
    }

    fn remove(&self, path: &[String], edits: &mut Vec<Edit>) {
        edits.push(Edit::Remove(path.to_vec()));
        // What may be pruned below something that is not described is an error.
        let rule = match path {
            [section, key] if section == "enumerations" => format!("enumeration-item/{key}"),
            [section, key] if section == "processors" => format!("period-mapping/{key}"),
            [section, key] if section == "prices" => format!("resource/{key}"),
            _ => return,
        };
        edits.extend(self.prune_rule(&rule).map(Edit::Remove));
    }

    fn prune_rule(&self, rule: &str) -> Option<Vec<String>> {
        let list = self.node(&steps(["prune"]))?.elements();
        let at = list.iter().position(|element| element.text() == Some(rule))?;
        Some(steps(["prune", &at.to_string()]))
    }

    fn field(&self, field: &FieldChange, wanted: &Wanted, edits: &mut Vec<Edit>) {
        if field.field == "internal_name" {
            return self.rename(field, wanted, edits);
        }
        let below: Vec<String> = match wanted.places.get(&field.field) {
            Some(place) => place.clone(),
            None => field.field.split('.').map(str::to_owned).collect(),
        };
        let path = [&wanted.pointer[..], &below[..]].concat();
        let now = self.node(&path);
        match (&field.before, now) {
            (Some(live), Some(now)) => {
                let value = self.written_like(&path, now, live);
                edits.push(Edit::Set(path, value));
            }
            (Some(live), None) => {
                let Some((key, parent)) = path.split_last() else { return };
                edits.push(Edit::Insert(parent.to_vec(), key.clone(), self.names.value(live)));
            }
            (None, Some(_)) => edits.push(Edit::Remove(path)),
            (None, None) => {}
        }
        if field.field == "name" {
            self.renamed(&wanted.pointer, edits);
        }
    }

    /// The value in the type that the file has there: `on` of the panel is `true` where a flag stands.
    fn written_like(&self, path: &[String], now: &Outline, live: &plan::Value) -> Value {
        let new = self.names.value(live);
        let source =
            find(self.sheets, path).and_then(|(file, _)| self.sheets[file].text.get(now.span.clone()));
        // Within quotes it is text, whatever it looks like.
        let bare = now.text().filter(|text| source == Some(text));
        match (bare, &new) {
            (Some("true" | "false"), Value::String(text)) if text == "on" || text == "off" => {
                Value::Bool(text == "on")
            }
            (Some(old), Value::String(text)) if old.parse::<i64>().is_ok() => {
                let number = text.parse::<i64>().ok().filter(|number| number.to_string() == *text);
                number.map_or(new.clone(), |number| Value::Number(number.into()))
            }
            _ => new,
        }
    }

    /// The rename is not done, so that the name is still the earlier one.
    fn renamed(&self, pointer: &[String], edits: &mut Vec<Edit>) {
        let path = [pointer, &steps(["renamed_from"])[..]].concat();
        if self.node(&path).is_some() {
            edits.push(Edit::Remove(path));
        }
    }

    /// Gives an enumeration or item the key that it has live, and whatever refers to it the same.
    fn rename(&self, field: &FieldChange, wanted: &Wanted, edits: &mut Vec<Edit>) {
        let (Some(live), Some(old)) = (&field.before, wanted.pointer.last()) else { return };
        let new = live.to_string();
        edits.push(Edit::Rename(wanted.pointer.clone(), new.clone()));
        self.renamed(&wanted.pointer, edits);
        let enumeration = &wanted.pointer[1];
        let item = wanted.pointer.len() > 2;
        for (tariff, spec) in &self.config.spec.prices {
            if spec.resource.enumeration.as_str() != enumeration {
                continue;
            }
            let prices = |below: &[&str]| {
                let below = below.iter().map(|step| (*step).to_owned());
                steps(["prices", tariff.as_str()]).into_iter().chain(below).collect::<Vec<_>>()
            };
            if !item {
                let path = prices(&["resource", "enumeration"]);
                edits.push(Edit::Set(path, Value::String(new.clone())));
                continue;
            }
            if spec.resource.default.as_str() == old {
                edits.push(Edit::Set(prices(&["resource", "default"]), Value::String(new.clone())));
            }
            if spec.items.keys().any(|key| key.as_str() == old) {
                edits.push(Edit::Rename(prices(&["items", old]), new.clone()));
            }
        }
        if let Some(rule) = self.prune_rule(&format!("enumeration-item/{old}")).filter(|_| !item) {
            edits.push(Edit::Set(rule, Value::String(format!("enumeration-item/{new}"))));
        }
    }

    /// The prices of an item: one by one, or all at once where `off` and `free` come or go.
    fn price(&self, change: &Change, wanted: &Wanted, edits: &mut Vec<Edit>) {
        let Some(fields) = self.names.live(wanted).and_then(|live| live.fields.as_ref()) else { return };
        // Rules are what somebody means; an amount in their place would say less.
        let made = change.fields.iter().any(|field| field.formula.is_some());
        let shorthand = self.node(&wanted.pointer).is_some_and(|node| node.text().is_some());
        if shorthand && !made || change.fields.iter().any(|field| field.field == "offered") {
            let mut value = serde_yaml::to_value(exported_price(fields)).unwrap_or_default();
            without_unpriced(&mut value);
            edits.push(Edit::Set(wanted.pointer.clone(), value));
            return;
        }
        for field in change.fields.iter().filter(|field| differs(field) && field.formula.is_none()) {
            self.field(field, wanted, edits);
        }
    }

    /// A row of period mappings, which is several live rows where it lists several sold periods.
    fn row(&self, pointer: &[String], edits: &mut Vec<Edit>) {
        let row: Vec<&Wanted> =
            self.review.wanted.iter().filter(|wanted| wanted.pointer == pointer).collect();
        let live: Vec<Option<&Live>> = row.iter().map(|wanted| self.names.live(wanted)).collect();
        let below = |step: &str| [pointer, &steps([step])[..]].concat();
        if let ([wanted], [Some(live)]) = (&row[..], &live[..]) {
            return self.single(wanted, live, edits);
        }
        let bought = |live: &Live| live.fields.as_ref().and_then(|fields| fields.get("bought")).cloned();
        let kept: Vec<Option<plan::Value>> = live.iter().map(|live| live.and_then(bought)).collect();
        let written = row.first().and_then(|wanted| wanted.fields.get("bought")).cloned();
        let Some(first) = kept.iter().flatten().next() else {
            return edits.push(Edit::Remove(pointer.to_vec()));
        };
        let whole = if kept.contains(&written) { written.clone() } else { Some(first.clone()) };
        if whole != written {
            edits.extend(whole.iter().map(|value| Edit::Set(below("bought"), self.names.value(value))));
        }
        // Periods that are gone leave the list; those bought otherwise by now get rows of their own.
        let mut others: Vec<(&plan::Value, Vec<Value>)> = Vec::new();
        for (at, (wanted, bought)) in row.iter().zip(&kept).enumerate() {
            if *bought == whole {
                continue;
            }
            let place = steps(["sold", &at.to_string()]);
            edits.push(Edit::Remove([pointer, &place[..]].concat()));
            let (Some(bought), Some(sold)) = (bought, wanted.fields.get("sold")) else { continue };
            let sold = self.names.value(sold);
            match others.iter_mut().find(|(other, _)| *other == bought) {
                Some((_, periods)) => periods.push(sold),
                None => others.push((bought, vec![sold])),
            }
        }
        let tariff = self.node(&below("tariff")).and_then(Outline::text);
        edits.extend(others.into_iter().map(|(bought, sold)| {
            let sold = match <[Value; 1]>::try_from(sold) {
                Ok([one]) => one,
                Err(several) => Value::Sequence(several),
            };
            let mut row =
                Mapping::from_iter([("sold".into(), sold), ("bought".into(), self.names.value(bought))]);
            row.extend(tariff.map(|tariff| ("tariff".into(), tariff.into())));
            Edit::Push(pointer[..2].to_vec(), Value::Mapping(row))
        }));
    }

    /// A row of one sold period; by its id it can be told even where the period differs.
    fn single(&self, wanted: &Wanted, live: &Live, edits: &mut Vec<Edit>) {
        let now = live.fields.as_ref();
        for name in ["sold", "bought", "tariff"] {
            let before = now.and_then(|now| now.get(name)).cloned();
            let after = wanted.fields.get(name).cloned();
            if before != after {
                let field =
                    FieldChange { field: name.to_owned(), before, after, origin: None, formula: None };
                self.field(&field, wanted, edits);
            }
        }
    }
}

/// Whether there is something to take over. A secret cannot be read, and a new object has no fate.
fn differs(field: &FieldChange) -> bool {
    let known = !matches!(field.after, Some(plan::Value::Secret)) && field.field != "product_type";
    known && field.before != field.after
}

pub(super) fn steps<const N: usize>(steps: [&str; N]) -> Vec<String> {
    steps.map(str::to_owned).to_vec()
}

/// Drops `none` where there are prices: what is not listed is left as it is.
fn without_unpriced(price: &mut Value) {
    let Some(currencies) = price.as_mapping_mut() else { return };
    let mut kept = currencies.clone();
    for (_, prices) in kept.iter_mut() {
        if let Some(prices) = prices.as_mapping_mut() {
            prices.retain(|_, amount| amount.as_str() != Some("none"));
        }
    }
    kept.retain(|_, prices| prices.as_mapping().is_some_and(|prices| !prices.is_empty()));
    if !kept.is_empty() {
        *currencies = kept;
    }
}
