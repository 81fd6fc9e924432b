//! What the configuration wants, matched with what is live.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    ConfigSpec, Formulas, Live, Snapshot,
    catalogue::{self, Entry},
};
use crate::{
    dialect::{Dialect, Unknown},
    language::t,
    plan::{ObjectRef, Reference, Unmanaged, Value},
    source::{At, Problem, Sources},
};

/// The code of a name in the configuration that nothing on the panel goes by.
pub(super) const UNKNOWN_REFERENCE: &str = "live::unknown_reference";

/// What kinds decide from.
#[derive(Clone, Copy)]
pub(crate) struct Input<'a> {
    pub(crate) spec: &'a ConfigSpec,
    pub(crate) sources: &'a Sources,
    /// How the prices were computed that are made of costs.
    pub(crate) formulas: &'a Formulas,
    pub(crate) snapshot: &'a Snapshot,
    pub(crate) dialect: &'a Dialect,
    pub(crate) index: &'a Index<'a>,
    /// The other configuration, where two are compared: what is equal in both need not be described.
    pub(crate) twin: Option<&'a ConfigSpec>,
}

/// The live objects by what they are looked for by; a panel may have tens of thousands.
#[derive(Debug, Default)]
pub(crate) struct Index<'a> {
    places: BTreeMap<(&'a str, Option<&'a str>, &'a str), &'a Live>,
    identities: BTreeMap<(&'a str, Option<&'a str>, &'a str), Vec<&'a Live>>,
}

impl<'a> Index<'a> {
    pub(crate) fn new(snapshot: &'a Snapshot) -> Self {
        let mut index = Self::default();
        for live in &snapshot.objects {
            index.places.insert(live.place(), live);
            let identity = (live.object.kind.as_str(), live.parent(), live.identity.as_str());
            index.identities.entry(identity).or_default().push(live);
        }
        index
    }

    /// The object of that kind, parent and id.
    pub(crate) fn at<'q>(&'q self, kind: &'q str, parent: Option<&'q str>, id: &'q str) -> Option<&'q Live> {
        self.places.get(&(kind, parent, id)).copied()
    }

    /// The objects of that kind and parent that go by that identity.
    pub(crate) fn named<'q>(
        &'q self,
        kind: &'q str,
        parent: Option<&'q str>,
        identity: &'q str,
    ) -> &'q [&'q Live] {
        self.identities.get(&(kind, parent, identity)).map_or(&[], Vec::as_slice)
    }
}

/// One object as the configuration wants it.
#[derive(Clone, Debug)]
pub(crate) struct Wanted {
    pub(crate) object: ObjectRef,
    /// What it belongs to; with an id unless that is new too.
    pub(crate) parent: Option<Reference>,
    /// Where the configuration describes it, as a JSON pointer's parts.
    pub(crate) pointer: Vec<String>,
    pub(crate) fate: Match,
    /// Only these are compared; whatever else the panel has stays.
    pub(crate) fields: BTreeMap<String, Value>,
    /// Where a field stands in the configuration, below `pointer`, if not under its own name.
    pub(crate) places: BTreeMap<String, Vec<String>>,
    /// Objects that must exist first, besides those its fields refer to.
    pub(crate) also_after: Vec<Value>,
    /// How values were computed that the configuration does not spell out, by field.
    pub(crate) formulas: BTreeMap<String, String>,
}

/// Which live object is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Match {
    /// None: it is new.
    New,
    /// This one.
    Live(String),
    /// This one, but it cannot become what is wanted.
    Replace { id: String, reason: String },
    /// It cannot be managed; nothing is planned for it.
    Closed,
}

impl Match {
    /// The live object's id, unless it is going to be replaced.
    pub(crate) fn id(&self) -> Option<&str> {
        match self {
            Self::Live(id) => Some(id),
            Self::New | Self::Replace { .. } | Self::Closed => None,
        }
    }
}

/// All that is wanted, and all that stands in the way.
#[derive(Debug, Default)]
pub(crate) struct Desired {
    pub(crate) objects: Vec<Wanted>,
    by_ref: BTreeMap<ObjectRef, usize>,
    /// Errors in the configuration that only the live panel shows.
    pub(crate) problems: Vec<Problem>,
    /// What cannot be managed on this panel.
    pub(crate) unmanaged: Vec<Unmanaged>,
    /// How many objects were left out because the other configuration has them alike.
    pub(crate) alike: usize,
    /// Live objects that something in the configuration means, by kind, parent and id.
    pub(crate) claimed: BTreeSet<(String, Option<String>, String)>,
}

impl Desired {
    pub(crate) fn push(&mut self, wanted: Wanted) {
        if let Match::Live(id) | Match::Replace { id, .. } = &wanted.fate {
            let parent = wanted.parent.as_ref().and_then(|parent| parent.id.clone());
            self.claimed.insert((wanted.object.kind.clone(), parent, id.clone()));
        }
        self.by_ref.insert(wanted.object.clone(), self.objects.len());
        self.objects.push(wanted);
    }

    pub(crate) fn get(&self, object: &ObjectRef) -> Option<&Wanted> {
        self.by_ref.get(object).map(|index| &self.objects[*index])
    }

    /// A reference to an object of the configuration, or else to a live one of that identity.
    pub(crate) fn reference(&self, input: Input<'_>, kind: &str, key: &str) -> Option<Value> {
        let object = ObjectRef { kind: kind.to_owned(), key: key.to_owned() };
        let id = match self.get(&object) {
            Some(wanted) => wanted.fate.id().map(str::to_owned),
            None if input.snapshot.offline => None,
            None => Some(input.index.named(kind, None, key).first()?.id.clone()),
        };
        Some(Value::Ref(Reference { kind: object.kind, key: object.key, id }))
    }

    /// The live object that is meant: the pinned one, or the only one of that parent that goes by one of
    /// `names` (earlier ones first). Two of a name are refused with their ids.
    pub(crate) fn pick(&mut self, input: Input<'_>, search: &Search<'_>) -> Match {
        if input.snapshot.offline {
            return Match::New;
        }
        if let Some(id) = search.pin {
            let id = id.to_string();
            if input.index.at(search.kind, search.parent, &id).is_some() {
                return Match::Live(id);
            }
            let siblings = input.snapshot.of_kind(search.kind).filter(|live| live.parent() == search.parent);
            let message = t!("the panel has no {kind} with id {id} here", kind = search.kind, id = id);
            let help = catalogue::near(&id, siblings.map(|live| live.identity.as_str()));
            let pointer: Vec<&str> = search.pointer.iter().copied().chain(["id"]).collect();
            self.problem(input, &pointer, At::Value, "live::unknown_id", message, help);
            return Match::Closed;
        }
        for name in search.names {
            match input.index.named(search.kind, search.parent, name) {
                [] => {}
                [one] => return Match::Live(one.id.clone()),
                many => {
                    let ids = many.iter().map(|live| live.id.as_str()).collect::<Vec<_>>().join(", ");
                    let message = t!(
                        "the panel has {many} objects of kind {kind} that go by `{name}`",
                        many = many.len(),
                        kind = search.kind,
                        name = name
                    );
                    let help = t!("say which is meant with `id:`, one of {ids}", ids = ids);
                    self.problem(input, search.pointer, At::Key, "live::ambiguous", message, help);
                    return Match::Closed;
                }
            }
        }
        Match::New
    }

    /// The reference that the configuration makes at `pointer`; a missing one becomes an error there.
    pub(crate) fn entry<'a>(
        &mut self,
        input: Input<'_>,
        what: &'static str,
        entries: &'a [Entry],
        key: &str,
        pointer: &[&str],
        at: At,
    ) -> Option<&'a Entry> {
        match catalogue::find(what, entries, key) {
            Ok(entry) => Some(entry),
            Err(missing) => {
                self.problem(input, pointer, at, UNKNOWN_REFERENCE, missing.message, missing.help);
                None
            }
        }
    }

    pub(crate) fn problem(
        &mut self,
        input: Input<'_>,
        pointer: &[&str],
        at: At,
        code: &'static str,
        message: String,
        help: String,
    ) {
        self.problems.push(input.sources.problem(pointer, at, code, message, Some(help)));
    }

    pub(crate) fn cannot(&mut self, input: Input<'_>, pointer: &[&str], what: String, unknown: &Unknown) {
        let origin = input.sources.origin(pointer);
        self.unmanaged.push(Unmanaged {
            what,
            delete: None,
            why: unknown.why.clone(),
            help: unknown.help(),
            origin,
        });
    }
}

/// What to look for among the live objects.
pub(crate) struct Search<'a> {
    pub(crate) kind: &'a str,
    pub(crate) parent: Option<&'a str>,
    pub(crate) pin: Option<u32>,
    pub(crate) names: &'a [&'a str],
    pub(crate) pointer: &'a [&'a str],
}
