//! How kinds reach the panel while reading, and how they notice that somebody else is at the same form.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use super::{KindError, Snapshot};
use crate::{
    billmgr::{Failure, Listing, Reader},
    dialect::Dialect,
    language::t,
    wire::{Field, Form},
};

/// How kinds reach the panel while reading. It cannot write.
#[derive(Clone)]
pub(crate) struct Site {
    pub(crate) reader: Reader,
    pub(crate) dialect: Dialect,
    watch: Watch,
}

type Watch = Arc<Mutex<Watched>>;

/// What was seen of an object on its way.
#[derive(Debug, Default)]
struct Watched {
    /// What its forms looked like when it was compared with the plan; nothing while nobody is about to write.
    forms: Option<BTreeMap<String, Vec<(String, String)>>>,
    /// What the fields that are written held before they first were.
    held: BTreeMap<String, String>,
}

/// What a field shows. A blank form and that of the object may show nothing in different ways.
fn shown(form: &Form, name: &str) -> String {
    let value = form.value(name).unwrap_or_default();
    if matches!(value, "null" | "off") { String::new() } else { value.to_owned() }
}

impl Site {
    pub(crate) fn new(reader: Reader, dialect: Dialect) -> Self {
        Self { reader, dialect, watch: Watch::default() }
    }

    fn watched(&self) -> MutexGuard<'_, Watched> {
        self.watch.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins to remember forms: from now on each form must be as it was when it was first read. A panel
    /// has no other means against two people who save the same form.
    pub(crate) fn watch(&self) {
        self.watched().forms = Some(BTreeMap::new());
    }

    pub(crate) fn unwatch(&self) {
        self.watched().forms = None;
    }

    /// Forgets all that was seen of the object: the next one begins.
    pub(crate) fn forget(&self) {
        *self.watched() = Watched::default();
    }

    pub(super) fn is_watching(&self) -> bool {
        self.watched().forms.is_some()
    }

    /// Notes what a field of a new object shows before it is written.
    pub(super) fn note(&self, form: &Form, name: &str) {
        self.watched().held.insert(name.to_owned(), shown(form, name));
    }

    /// Notes what a field holds that is about to be written. One that was written before and did not take
    /// holds what it held then; anything else is somebody's.
    pub(super) fn about_to_write(&self, form: &Form, name: &str, wanted: &str) -> Result<(), KindError> {
        let now = shown(form, name);
        let mut watched = self.watched();
        let held = watched.held.entry(name.to_owned()).or_insert_with(|| now.clone());
        if *held == now || now == wanted {
            return Ok(());
        }
        Err(KindError::Changed(t!(
            "somebody changed `{name}` in the form `{func}` right after it was written: it was `{held}` before, was to be `{wanted}` and is `{now}` now",
            name = name,
            func = form.func,
            held = held,
            wanted = wanted,
            now = now
        )))
    }

    /// Reads the form of an object; fails where it is watched and somebody has changed it.
    pub(super) async fn form(&self, func: &str, params: &[(&str, &str)]) -> Result<Form, KindError> {
        let form = self.reader.form(func, params).await?;
        let mut watched = self.watched();
        let Some(seen) = watched.forms.as_mut() else { return Ok(form) };
        let key = params.iter().fold(func.to_owned(), |key, (name, value)| format!("{key} {name}={value}"));
        let secret = |name: &str| form.field(name).is_none_or(Field::secret);
        let now: Vec<_> = form.postable().into_iter().filter(|(name, _)| !secret(name)).collect();
        let first = seen.entry(key).or_insert_with(|| now.clone());
        let old = first.iter().find(|field| !now.contains(field));
        let new = now.iter().find(|field| !first.contains(field));
        match old.or(new) {
            None => Ok(form),
            Some((name, _)) => {
                let value = |fields: &[(String, String)]| {
                    let field = fields.iter().find(|(other, _)| other == name);
                    field.map_or(t!("nothing"), |(_, value)| format!("`{value}`"))
                };
                let (was, is) = (value(first), value(&now));
                Err(KindError::Changed(t!(
                    "somebody changed `{name}` in the form `{func}` while it was being written: it was {was} and is {is} now",
                    name = name,
                    func = func,
                    was = was,
                    is = is
                )))
            }
        }
    }

    /// Reads a list to its end and notes the proof.
    pub(crate) async fn list(
        &self,
        snapshot: &mut Snapshot,
        func: &str,
        params: &[(&str, &str)],
    ) -> Result<Listing, KindError> {
        let listing = self.reader.list(func, params).await?;
        if !listing.certificate.complete() {
            let why = t!("the panel does not say how many rows there are");
            return Err(Failure::Incomplete { func: func.to_owned(), why }.into());
        }
        let parent =
            params.iter().find(|(name, _)| matches!(*name, "elid" | "plid")).map(|(_, value)| *value);
        snapshot.record(&listing, parent);
        Ok(listing)
    }
}
