//! What live objects are called that the configuration does not describe.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    kinds::{ALL, Kind, Live, Match, Snapshot, TARIFF, Wanted},
    plan::{ObjectRef, Reference, Value},
};

/// The panel's names of what other objects lie in or are tied to, and the keys these go by in a plan.
///
/// `prune`, `protect` and flags name a parent by its key in the configuration, which need not be its name in
/// the panel: a processor has a `name`, a tariff plan goes by any of its names, an enumeration is renamed.
pub(super) struct Names<'a> {
    by_id: BTreeMap<(&'a str, &'a str), Named<'a>>,
}

struct Named<'a> {
    panel: &'a str,
    key: String,
}

impl<'a> Names<'a> {
    pub(super) fn new(snapshot: &'a Snapshot, wanted: &'a [Wanted]) -> Self {
        let described = wanted.iter().filter_map(|wanted| match &wanted.fate {
            Match::Live(id) | Match::Replace { id, .. } => {
                Some(((wanted.object.kind.as_str(), id.as_str()), wanted.object.key.as_str()))
            }
            Match::New | Match::Closed => None,
        });
        let tied = |wanted: &'a Wanted| match wanted.fields.get(TARIFF) {
            Some(Value::Ref(reference)) => Some(reference),
            _ => None,
        };
        let referred = wanted.iter().flat_map(|wanted| wanted.parent.iter().chain(tied(wanted)));
        let tariffs = referred
            .filter(|reference| reference.kind == TARIFF)
            .filter_map(|reference| Some(((TARIFF, reference.id.as_deref()?), reference.key.as_str())));
        let mut keys = BTreeMap::new();
        for (place, key) in described.chain(tariffs) {
            // Several mappings may call a tariff plan differently; what `prices` calls it comes first.
            keys.entry(place).or_insert(key);
        }
        let key = |place: (&str, &str)| keys.get(&place).map(|key| (*key).to_owned());
        let tariffs = snapshot.catalogue.tariffs.iter().map(|tariff| {
            let (place, panel) = ((TARIFF, tariff.id.as_str()), tariff.shown());
            (place, Named { panel, key: key(place).unwrap_or_else(|| panel.to_owned()) })
        });
        let mut names = Self { by_id: tariffs.collect() };
        // The kinds come after what their objects lie in, so that a name is made of a known one.
        let parents: BTreeSet<&str> = ALL.iter().filter_map(|kind| kind.parent_kind()).collect();
        for kind in ALL.iter().filter(|kind| parents.contains(kind.name())) {
            for live in snapshot.of_kind(kind.name()) {
                let place = (live.object.kind.as_str(), live.id.as_str());
                let key = key(place).unwrap_or_else(|| names.of(*kind, live).key);
                names.by_id.insert(place, Named { panel: &live.object.key, key });
            }
        }
        names
    }

    /// The key of a live object that others lie in.
    pub(super) fn key<'b>(&'b self, kind: &'b str, id: &'b str) -> Option<&'b str> {
        self.by_id.get(&(kind, id)).map(|named| named.key.as_str())
    }

    /// A live object, named like its like in the configuration.
    pub(super) fn of(&self, kind: &dyn Kind, live: &Live) -> ObjectRef {
        let mut key = live.object.key.clone();
        let above = kind.parent_kind().unwrap_or(TARIFF);
        if let Some(above) = live.parent().and_then(|id| self.by_id.get(&(above, id)))
            && let Some(rest) = key.strip_prefix(above.panel)
        {
            key = format!("{}{rest}", above.key);
        }
        // A mapping ends in the tariff plan that it is tied to.
        if let Some(Value::Ref(Reference { key: panel, id: Some(id), .. })) = live.field(TARIFF)
            && let Some(tariff) = self.by_id.get(&(TARIFF, id))
            && let Some(rest) = key.strip_suffix(panel)
        {
            key = format!("{rest}{}", tariff.key);
        }
        ObjectRef { kind: live.object.kind.clone(), key }
    }
}
