//! What was read from a panel: objects, references, and the proof that lists were read to their end.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use super::Catalogue;
use crate::{
    billmgr::{Certificate, FilterState, Listing},
    dialect::{Sign, Unknown},
    language::t,
    plan::{ObjectRef, ReadProof, Reference, Target, Value},
    wire::{Button, Choice, Form},
};

/// An object of the panel.
#[derive(Clone, Debug)]
pub(crate) struct Live {
    /// Kind, and a key made of the panel's own names.
    pub(crate) object: ObjectRef,
    pub(crate) id: String,
    /// What the object is recognised by among those of its parent, for example its internal name.
    pub(crate) identity: String,
    /// Ids of the objects above it, nearest last: for a price its tariff plan and its resource.
    pub(crate) parents: Vec<String>,
    /// Its fields; nothing where only its row was read, because the configuration does not mention it.
    pub(crate) fields: Option<BTreeMap<String, Value>>,
    /// Fields that the form may have, under names that could not be told.
    pub(crate) unknown: BTreeMap<String, Unknown>,
}

impl Live {
    pub(crate) fn parent(&self) -> Option<&str> {
        self.parents.last().map(String::as_str)
    }

    /// What no two objects share. The id alone may repeat: the price of an item can have the item's id on
    /// every resource.
    pub(crate) fn place(&self) -> (&str, Option<&str>, &str) {
        (&self.object.kind, self.parent(), &self.id)
    }

    pub(crate) fn field(&self, name: &str) -> Option<&Value> {
        self.fields.as_ref()?.get(name)
    }

    pub(crate) fn text(&self, field: &str) -> Option<&str> {
        match self.fields.as_ref()?.get(field)? {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }
}

/// A reference to something that is live, under the name it is shown by.
pub(super) fn reference(kind: &str, key: impl Into<String>, id: &str) -> Value {
    Value::Ref(Reference { kind: kind.to_owned(), key: key.into(), id: Some(id.to_owned()) })
}

/// The live id of what is referred to.
pub(super) fn reference_id(value: &Value) -> Option<&str> {
    match value {
        Value::Ref(reference) => reference.id.as_deref(),
        _ => None,
    }
}

/// All that was read from a panel, before anything is compared.
#[derive(Clone, Debug, Default)]
pub(crate) struct Snapshot {
    /// Nothing was read: two configurations are compared, and references stand for themselves.
    pub(crate) offline: bool,
    pub(crate) target: Option<Target>,
    pub(crate) catalogue: Catalogue,
    pub(crate) objects: Vec<Live>,
    pub(crate) proofs: Vec<ReadProof>,
    pub(crate) notes: Vec<String>,
    /// Why a whole kind, or all of a parent's objects, cannot be managed: by `KIND` or `KIND PARENT-ID`.
    pub(crate) closed: BTreeMap<String, Unknown>,
    /// Buttons of the lists, by function: the way to functions nobody documents.
    pub(crate) toolbars: BTreeMap<String, Vec<Button>>,
    /// The form of the first tariff plan, where it was read: its labels can tell the currencies.
    pub(crate) tariff_form: Option<Form>,
    /// Types of resources on offer, by tariff plan.
    pub(crate) resource_types: BTreeMap<String, Vec<Choice>>,
    /// Key of the parameter "period mapping", by processor.
    pub(crate) mapping_parameters: BTreeMap<String, String>,
    /// Prices that their list shows as switched off, by the ids of resource and row.
    pub(crate) off_sale: BTreeSet<(String, String)>,
    /// Which parameters carry the parent of a child list or form, where that had to be found out.
    pub(crate) parent_styles: BTreeMap<String, ParentStyle>,
    /// How fields of forms that no document names were told: by the form's function, what they are, and what they
    /// are called, which may differ between processors.
    pub(crate) told: BTreeMap<(String, String, String), Sign>,
}

impl Snapshot {
    pub(crate) fn offline() -> Self {
        Self { offline: true, ..Self::default() }
    }

    pub(crate) fn of_kind<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = &'a Live> {
        self.objects.iter().filter(move |live| live.object.kind == kind)
    }

    pub(crate) fn by_id(&self, kind: &str, id: &str) -> Option<&Live> {
        self.objects.iter().find(|live| live.object.kind == kind && live.id == id)
    }

    /// The object of that id below that parent.
    pub(crate) fn child(&self, kind: &str, parent: &str, id: &str) -> Option<&Live> {
        self.objects.iter().find(|live| live.place() == (kind, Some(parent), id))
    }

    /// Keeps what a field of a form is called, and how that was told.
    pub(crate) fn learn(&mut self, form: &str, what: &str, name: &str, sign: Sign) {
        self.told.insert((form.to_owned(), what.to_owned(), name.to_owned()), sign);
    }

    /// Notes that a list was read to its end, and its buttons.
    pub(crate) fn record(&mut self, listing: &Listing, parent: Option<&str>) {
        let list = match parent {
            Some(parent) => format!("{} of {parent}", listing.func),
            None => listing.func.clone(),
        };
        self.proofs.push(proof(list, &listing.certificate));
        self.toolbars.entry(listing.func.clone()).or_insert_with(|| listing.toolbar.clone());
    }
}

fn proof(list: String, certificate: &Certificate) -> ReadProof {
    let filter = match certificate.filter {
        FilterState::None => "none",
        FilterState::NotOffered => "not offered",
    };
    ReadProof {
        list,
        pages: certificate.pages,
        rows: certificate.rows,
        total: certificate.total,
        filter: filter.to_owned(),
    }
}

/// Where the parent's id goes in calls of a child list or form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ParentStyle {
    Elid,
    Plid,
    /// The parent in `elid`, its own parent in `plid`.
    Both,
    /// The row in `elid` and no parent at all; only for forms.
    Nobody,
    /// The row in `elid` and the parent's own parent in `plid`; only for forms.
    Grand,
}

impl fmt::Display for ParentStyle {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&match self {
            Self::Elid => "elid".to_owned(),
            Self::Plid => "plid".to_owned(),
            Self::Both => t!("elid, with its own parent in plid"),
            Self::Nobody => t!("none, only the row in elid"),
            Self::Grand => t!("the parent's own parent in plid"),
        })
    }
}

/// The ids of those that fit.
pub(super) fn ids(objects: Vec<Live>, fits: impl Fn(&Live) -> bool) -> Vec<String> {
    objects.into_iter().filter(fits).map(|live| live.id).collect()
}
