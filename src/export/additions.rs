//! What the configuration has to mention that it does not: as a tree of what to add where.

use std::collections::BTreeSet;

use serde_yaml::{Mapping, Value};

use super::{
    edit::{Edit, Sheet, find},
    fresh,
    names::Names,
    reverse::steps,
};
use crate::{
    kinds::{Live, exported_price},
    plan::{self, Action, Change},
    reconcile::Review,
};

/// Collects live objects as configuration.
pub(super) struct Additions<'a> {
    names: Names<'a>,
    /// The whole panel, as written from nothing.
    exported: Value,
    tree: Value,
}

/// The tree of what to add; empty where there is nothing.
pub(super) fn tree(review: &Review, names: Names<'_>, all: bool) -> Value {
    let empty = Value::Mapping(Mapping::new());
    let mut additions = Additions { names, exported: fresh::spec(names.snapshot), tree: empty };
    for change in &review.plan.changes {
        match change.action {
            // What `prune` would delete is there, so the configuration has to mention it. What only goes with
            // it is left alone then.
            Action::Delete if change.goes_with.is_none() => {
                let parent = change.parent.as_ref().and_then(|parent| parent.id.as_deref());
                let id = change.id.as_deref().unwrap_or_default();
                let same = |live: &&Live| live.place() == (change.object.kind.as_str(), parent, id);
                additions.extend(names.snapshot.objects.iter().filter(same));
            }
            _ if change.object.kind == "resource" => {
                let default = change.fields.iter().find(|field| field.field == "default");
                additions.default_item(default.and_then(|field| field.before.as_ref()));
            }
            _ => {}
        }
    }
    if all {
        let place = |change: &Change| {
            let parent = change.parent.as_ref().and_then(|parent| parent.id.clone());
            Some((change.object.kind.clone(), parent, change.id.clone()?))
        };
        let deletes = review.plan.changes.iter().filter(|change| change.action == Action::Delete);
        let deleted: BTreeSet<_> = deletes.filter_map(place).collect();
        let unmentioned = |live: &&Live| {
            let (kind, parent, id) = live.place();
            let place = (kind.to_owned(), parent.map(str::to_owned), id.to_owned());
            !review.claimed.contains(&place) && !deleted.contains(&place)
        };
        additions.extend(names.snapshot.objects.iter().filter(unmentioned));
    }
    additions.tree
}

impl<'a> Additions<'a> {
    fn extend(&mut self, objects: impl Iterator<Item = &'a Live>) {
        for live in objects {
            self.add(live);
        }
    }

    /// Adds one; what an export from nothing does not describe is left out here, too.
    fn add(&mut self, live: &Live) -> Option<()> {
        match live.object.kind.as_str() {
            "processor" => {
                let mut value = self.exported(&["processors", &live.identity])?;
                self.call_server(live, &mut value);
                self.put(&["processors", &live.identity], value);
            }
            "enumeration" => {
                let value = self.exported(&["enumerations", &live.identity])?;
                self.put(&["enumerations", &live.identity], value);
            }
            "enumeration-item" => self.item(live)?,
            "resource" => self.resource(live)?,
            "price" => self.price(live)?,
            "period-mapping" => self.mapping(live)?,
            _ => {}
        }
        Some(())
    }

    fn exported(&self, path: &[&str]) -> Option<Value> {
        path.iter().try_fold(&self.exported, |here, step| here.get(*step)).cloned()
    }

    /// Our own key of the licence server, not its name.
    fn call_server(&self, live: &Live, value: &mut Value) {
        let server = live.fields.as_ref().and_then(|fields| fields.get("licence_server"));
        if let (Some(server), Some(place)) = (server, value.get_mut("licence_server")) {
            *place = self.names.value(server);
        }
    }

    fn item(&mut self, live: &Live) -> Option<()> {
        let parent = self.names.snapshot.by_id("enumeration", live.parent()?)?;
        let value = self.exported(&["enumerations", &parent.identity, "items", &live.identity])?;
        // Items of an enumeration that is new itself come with it.
        let key = self.names.key(parent)?;
        self.put(&["enumerations", key, "items", &live.identity], value);
        Some(())
    }

    fn resource(&mut self, live: &Live) -> Option<()> {
        let tariff = live.parent()?;
        let described = |parent: &plan::Reference| parent.id.as_deref() == Some(tariff);
        let mut wanted = self.names.wanted.iter().filter(|wanted| wanted.object.kind == "resource");
        if wanted.any(|wanted| wanted.parent.as_ref().is_some_and(described)) {
            return None;
        }
        let key = self.names.tariff(tariff)?;
        let mut value = self.exported(&["prices", &key])?;
        let enumeration = self.names.value(live.fields.as_ref()?.get("enumeration")?);
        if let Some(place) = value.get_mut("resource").and_then(|resource| resource.get_mut("enumeration")) {
            *place = enumeration;
        }
        self.put(&["prices", &key], value);
        Some(())
    }

    fn price(&mut self, live: &Live) -> Option<()> {
        let resource = self.names.snapshot.by_id("resource", live.parent()?)?;
        let tariff = self.names.of_live(resource)?.pointer.get(1)?;
        let item = self.names.name("enumeration-item", &live.identity)?;
        let value = serde_yaml::to_value(exported_price(live.fields.as_ref()?)).ok()?;
        self.put(&["prices", tariff, "items", &item], value);
        Some(())
    }

    fn mapping(&mut self, live: &Live) -> Option<()> {
        let processor = self.names.name("processor", live.parent()?)?;
        let row = self.names.mapping(live)?;
        let list = self.place(&["period_mappings", &processor]);
        match list {
            Value::Sequence(rows) => rows.push(row),
            empty => *empty = Value::Sequence(vec![row]),
        }
        Some(())
    }

    /// The default item of a live resource has to be among those of a described enumeration.
    fn default_item(&mut self, default: Option<&plan::Value>) {
        let Some(plan::Value::Ref(reference)) = default else { return };
        let item = reference.id.as_deref();
        let item = item.and_then(|id| self.names.snapshot.by_id("enumeration-item", id));
        if let Some(item) = item.filter(|item| self.names.key(item).is_none()) {
            self.extend(std::iter::once(item));
        }
    }

    fn put(&mut self, path: &[&str], value: Value) {
        let place = self.place(path);
        if place.is_null() {
            *place = value;
        }
    }

    fn place(&mut self, path: &[&str]) -> &mut Value {
        path.iter().fold(&mut self.tree, |here, step| {
            if !here.is_mapping() {
                *here = Value::Mapping(Mapping::new());
            }
            &mut here[*step]
        })
    }
}

/// The edits that add a tree to the files, and what is left for new files: sections that no file has.
pub(super) fn edits(sheets: &[Sheet<'_>], tree: &Value) -> (Vec<Edit>, Mapping) {
    let (mut edits, mut sections) = (Vec::new(), Mapping::new());
    for (section, value) in tree.as_mapping().into_iter().flatten() {
        let path = steps([section.as_str().unwrap_or_default()]);
        if find(sheets, &path).is_some() {
            merge(sheets, &path, value, &mut edits);
        } else {
            sections.insert(section.clone(), value.clone());
        }
    }
    (edits, sections)
}

fn merge(sheets: &[Sheet<'_>], path: &[String], value: &Value, edits: &mut Vec<Edit>) {
    match value {
        Value::Mapping(map) => {
            for (key, child) in map {
                let key = key.as_str().unwrap_or_default().to_owned();
                let below = [path, std::slice::from_ref(&key)].concat();
                match find(sheets, &below) {
                    Some(_) => merge(sheets, &below, child, edits),
                    None => edits.push(Edit::Insert(path.to_vec(), key, child.clone())),
                }
            }
        }
        Value::Sequence(list) => {
            edits.extend(list.iter().map(|element| Edit::Push(path.to_vec(), element.clone())));
        }
        _ => {}
    }
}
