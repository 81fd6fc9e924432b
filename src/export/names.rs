//! What the configuration calls live objects.

use serde_yaml::{Mapping, Value};

use crate::{
    kinds::{Live, Match, Snapshot, Wanted, tariff_key},
    plan::{self, Reference},
};

/// The configuration's objects beside the live ones.
#[derive(Clone, Copy)]
pub(super) struct Names<'a> {
    pub(super) wanted: &'a [Wanted],
    pub(super) snapshot: &'a Snapshot,
}

impl<'a> Names<'a> {
    /// The object of the configuration that means this live one.
    pub(super) fn of_live(&self, live: &Live) -> Option<&'a Wanted> {
        self.wanted.iter().find(|wanted| {
            let parent = wanted.parent.as_ref().and_then(|parent| parent.id.as_deref());
            wanted.object.kind == live.object.kind
                && id(&wanted.fate) == Some(live.id.as_str())
                && (live.parents.is_empty() || parent == live.parent())
        })
    }

    /// Its key in the configuration.
    pub(super) fn key(&self, live: &Live) -> Option<&'a str> {
        self.of_live(live)?.pointer.last().map(String::as_str)
    }

    /// Its key in the configuration, or else its name in the panel.
    pub(super) fn name(&self, kind: &str, id: &str) -> Option<String> {
        let live = self.snapshot.by_id(kind, id)?;
        Some(self.key(live).unwrap_or(&live.identity).to_owned())
    }

    /// The live object that a wanted one means.
    pub(super) fn live(&self, wanted: &Wanted) -> Option<&'a Live> {
        let id = id(&wanted.fate)?;
        match wanted.parent.as_ref().and_then(|parent| parent.id.as_deref()) {
            Some(parent) => self.snapshot.child(&wanted.object.kind, parent, id),
            None => self.snapshot.by_id(&wanted.object.kind, id),
        }
    }

    /// A live value as the configuration writes it.
    pub(super) fn value(&self, value: &plan::Value) -> Value {
        match value {
            plan::Value::Flag(flag) => Value::Bool(*flag),
            plan::Value::Ref(reference) => Value::String(self.reference(reference)),
            other => Value::String(other.to_string()),
        }
    }

    fn reference(&self, reference: &Reference) -> String {
        let id = reference.id.as_deref().unwrap_or_default();
        let known = match reference.kind.as_str() {
            "tariff" => self.tariff(id),
            kind => self.name(kind, id),
        };
        known.unwrap_or_else(|| reference.key.clone())
    }

    /// What a tariff plan may be called.
    pub(super) fn tariff(&self, id: &str) -> Option<String> {
        let entry = self.snapshot.catalogue.tariffs.iter().find(|entry| entry.id == id)?;
        tariff_key(self.snapshot, entry).map(|name| name.as_str().to_owned())
    }

    /// A row of period mappings.
    pub(super) fn mapping(&self, live: &Live) -> Option<Value> {
        let fields = live.fields.as_ref()?;
        let entries = ["sold", "bought", "tariff"].into_iter();
        let entries = entries.filter_map(|name| Some((name.into(), self.value(fields.get(name)?))));
        Some(Value::Mapping(entries.collect::<Mapping>()))
    }
}

fn id(fate: &Match) -> Option<&str> {
    match fate {
        Match::Live(id) | Match::Replace { id, .. } => Some(id),
        Match::New | Match::Closed => None,
    }
}
