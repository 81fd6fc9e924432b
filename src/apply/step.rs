//! One object on its way: read again, compared with the plan, written, read back.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use super::{
    Tools,
    ledger::{Act, Answer, Found},
};
use crate::{
    kinds::{ALL, Hand, Kind, KindError, Live, Place, Snapshot},
    language::t,
    plan::{Action, Change, FieldChange, ObjectRef, Reference, Value},
};

/// How often a write is looked for before it counts as not applied. One public script sleeps half a
/// second before it reads a new tariff plan back.
const LOOKS: u32 = 3;
const PAUSE: Duration = Duration::from_millis(250);

/// Why one object was not written as planned.
#[derive(Debug, thiserror::Error)]
pub(super) enum StepError {
    #[error(transparent)]
    Kind(#[from] KindError),
    #[error("{0}")]
    Conflict(String),
    #[error("{0}")]
    NotApplied(String),
    #[error("{}", t!("the journal cannot be written: {error}", error = error))]
    Journal {
        error: std::io::Error,
        /// Whether the write had gone out by then.
        sent: bool,
    },
}

/// What is known by now of the objects of the plan.
#[derive(Debug, Default)]
pub(super) struct Known {
    /// Ids of those that exist.
    pub(super) ids: BTreeMap<ObjectRef, String>,
    /// Those that this run has created.
    pub(super) made: BTreeSet<ObjectRef>,
}

/// One object on its way.
pub(super) struct Step<'s, 'a> {
    kind: &'static dyn Kind,
    change: &'s Change,
    /// Deletes of the plan that the delete of this object carries out.
    along: Vec<&'s Change>,
    parents: Vec<String>,
    tools: &'s mut Tools<'a>,
    known: &'s mut Known,
    /// Whether a write went out that the panel did not refuse.
    sent: bool,
}

impl<'s, 'a> Step<'s, 'a> {
    pub(super) fn new(
        tools: &'s mut Tools<'a>,
        known: &'s mut Known,
        change: &'s Change,
        along: Vec<&'s Change>,
    ) -> Result<Self, StepError> {
        let kind = kind_of(change)?;
        let parents = parents(&tools.snapshot, &known.ids, change)?;
        Ok(Self { kind, change, along, parents, tools, known, sent: false })
    }

    /// Makes the object what the plan says; gives the id of a new one.
    pub(super) async fn run(&mut self) -> Result<Option<String>, StepError> {
        let result = self.act().await;
        self.tools.site.forget();
        match result {
            Err(StepError::Kind(error)) if error.panel_error() => self.explain(error).await,
            result => result,
        }
    }

    /// Whether something may have been written, whatever came of it.
    pub(super) fn sent(&self) -> bool {
        self.sent
    }

    /// Why the panel refused to show or to save the object: often because somebody was quicker.
    async fn explain(&mut self, error: KindError) -> Result<Option<String>, StepError> {
        match self.change.action {
            Action::Create => match self.find().await? {
                Some(id) if !self.sent => self.adopt(id).await.map(Some),
                None if self.sent => Err(self.gone()),
                _ => Err(error.into()),
            },
            Action::Update | Action::Delete => {
                let id = self.id()?;
                match (self.reread(&id).await, self.change.action) {
                    (Ok(None), Action::Delete) => Ok(None),
                    (Ok(None), _) => Err(self.gone()),
                    _ => Err(error.into()),
                }
            }
            Action::Replace => Err(error.into()),
        }
    }

    async fn act(&mut self) -> Result<Option<String>, StepError> {
        match self.change.action {
            Action::Create => self.create().await.map(Some),
            Action::Update => self.update().await.map(|()| None),
            Action::Delete => self.delete().await.map(|()| None),
            Action::Replace => {
                self.delete().await?;
                self.create().await.map(Some)
            }
        }
    }

    /// Tells by reading what became of the object.
    pub(super) async fn look(&mut self) -> Result<(Found, Option<String>), StepError> {
        if self.change.action != Action::Create {
            let id = self.id()?;
            let live = self.reread(&id).await?;
            match (self.change.action, live) {
                (Action::Delete, None) => return Ok((Found::Applied, None)),
                (Action::Update, Some(live)) => return Ok((self.compare(&live), Some(id))),
                (Action::Update, None) => return Ok((Found::Neither, None)),
                (_, Some(_)) => return Ok((Found::NotApplied, Some(id))),
                (_, None) => {}
            }
        }
        let Some(id) = self.present().await? else {
            let replaced = self.change.action == Action::Replace;
            return Ok((if replaced { Found::Neither } else { Found::NotApplied }, None));
        };
        let live = self.reread(&id).await?.ok_or_else(|| self.gone())?;
        let found = if self.differing(&live).is_empty() { Found::Applied } else { Found::Neither };
        Ok((found, Some(id)))
    }

    fn compare(&self, live: &Live) -> Found {
        let open = self.differing(live);
        let untouched = |field: &&FieldChange| live.field(&field.field) == field.before.as_ref();
        let hidden = |field: &FieldChange| field.after == Some(Value::Secret);
        match open.len() {
            _ if self.change.fields.iter().all(hidden) => Found::Hidden,
            0 => Found::Applied,
            len if len == self.change.fields.len() && open.iter().all(untouched) => Found::NotApplied,
            _ => Found::Neither,
        }
    }

    async fn create(&mut self) -> Result<String, StepError> {
        if let Some(id) = self.present().await? {
            return self.adopt(id).await;
        }
        self.intend(Act::Create)?;
        let change = self.change;
        if self.kind.comes_with_parent() {
            self.tools.site.watch();
        }
        let written = {
            let (kind, parents) = (self.kind, self.parents.clone());
            kind.create(&mut self.hand(), change, &parents).await
        };
        self.tools.site.unwatch();
        self.answered(&written)?;
        // Whatever the answer was, the panel's own list says whether the object is there.
        let id = self.created(written).await?;
        self.known.made.insert(change.object.clone());
        self.known.ids.insert(change.object.clone(), id.clone());
        // What a form would not take while the object was new is written now; nobody else knew it before.
        self.settle(&id, &change.fields, true).await?;
        Ok(id)
    }

    /// What is there by now needs no creation if it is what the plan wants: an earlier run was cut short,
    /// or somebody else was quicker. Anything else of that name is not ours to change.
    async fn adopt(&mut self, id: String) -> Result<String, StepError> {
        let live = self.reread(&id).await?.ok_or_else(|| self.gone())?;
        if let Some(field) = self.differing(&live).first() {
            return Err(StepError::Conflict(t!(
                "{object} exists by now, with id {id}, and its `{field}` is {now} where the plan has {after}",
                object = self.change.object,
                id = id,
                field = field.field,
                now = shown(live.field(&field.field)),
                after = shown(field.after.as_ref())
            )));
        }
        self.known.ids.insert(self.change.object.clone(), id.clone());
        self.keep(live);
        Ok(id)
    }

    async fn created(&mut self, written: Result<(), KindError>) -> Result<String, StepError> {
        match written {
            Err(error) if !error.is_unclear() => return Err(error.into()),
            _ => {}
        }
        for look in 0..LOOKS {
            if look > 0 {
                tokio::time::sleep(PAUSE * look).await;
            }
            let (kind, change, parents) = (self.kind, self.change, self.parents.clone());
            let ids = kind.created(&mut self.hand(), change, &parents).await?;
            if let Some(id) = self.only(ids)? {
                return Ok(id);
            }
        }
        match written {
            Err(error) => Err(error.into()),
            Ok(()) => Err(StepError::NotApplied(t!(
                "{object} was saved and is not in the panel's list",
                object = self.change.object
            ))),
        }
    }

    /// The object that a create would make a second time. What comes with the object above it is always
    /// there by now; it is new if something that it came with was made in this run.
    async fn present(&mut self) -> Result<Option<String>, StepError> {
        if self.kind.comes_with_parent() {
            let fresh = self.change.depends_on.iter().any(|object| self.known.made.contains(object));
            if fresh {
                return Ok(None);
            }
            let (kind, change, parents) = (self.kind, self.change, self.parents.clone());
            let ids = kind.created(&mut self.hand(), change, &parents).await?;
            return self.only(ids);
        }
        self.find().await
    }

    /// The one of that natural key; with two, nobody can say which is ours.
    fn only(&self, mut ids: Vec<String>) -> Result<Option<String>, StepError> {
        match ids.len() {
            0 | 1 => Ok(ids.pop()),
            many => Err(StepError::Conflict(t!(
                "the panel has {many} objects that go by {object}, with the ids {ids}",
                many = many,
                object = self.change.object,
                ids = ids.join(", ")
            ))),
        }
    }

    async fn find(&mut self) -> Result<Option<String>, StepError> {
        let (kind, change, parents) = (self.kind, self.change, self.parents.clone());
        let ids = kind.find(&mut self.hand(), change, &parents).await?;
        self.only(ids)
    }

    async fn update(&mut self) -> Result<(), StepError> {
        let id = self.id()?;
        self.tools.site.watch();
        let live = self.reread(&id).await?.ok_or_else(|| self.gone())?;
        self.unchanged(&live)?;
        let open: Vec<FieldChange> =
            self.change.fields.iter().filter(|field| self.is_open(&live, field)).cloned().collect();
        if open.is_empty() {
            return Ok(());
        }
        let written = self.write(&id, &open).await?;
        match written {
            Err(error) if !error.is_unclear() => Err(error.into()),
            // Never written again: what looks like a save that was ignored may be somebody who set it back.
            _ => self.settle(&id, &self.change.fields, false).await,
        }
    }

    /// Refuses an object that somebody changed since the plan was made, be it in a field that the plan
    /// does not touch. What already is as wanted is no reason to stop.
    fn unchanged(&self, live: &Live) -> Result<(), StepError> {
        let stale = stale(self.change, live, |field, now| self.is_wanted(now, field));
        stale.map_or(Ok(()), |stale| Err(StepError::Conflict(stale)))
    }

    async fn delete(&mut self) -> Result<(), StepError> {
        let id = self.id()?;
        self.nothing_else_goes(&id).await?;
        let Some(live) = self.reread(&id).await? else { return Ok(()) };
        if let Some(stale) = stale(self.change, &live, |_, _| false) {
            return Err(StepError::Conflict(stale));
        }
        self.intend(Act::Delete)?;
        let written = {
            let (kind, parents) = (self.kind, self.parents.clone());
            kind.delete(&mut self.hand(), Place { id: &id, parents: &parents }).await
        };
        self.answered(&written)?;
        match written {
            Err(error) if !error.is_unclear() => return Err(error.into()),
            _ => {}
        }
        match self.reread(&id).await? {
            None => {
                self.forget(&live);
                Ok(())
            }
            Some(_) => Err(StepError::NotApplied(t!(
                "{object} was deleted and is still there",
                object = self.change.object
            ))),
        }
    }

    /// Refuses a delete that would take along what the plan does not show, or shows otherwise.
    async fn nothing_else_goes(&mut self, id: &str) -> Result<(), StepError> {
        let place = Place { id, parents: &self.parents };
        let there = self.kind.takes_along(self.tools.site, &mut self.tools.snapshot, place).await?;
        let planned = |kind: &str, id: &String| {
            self.along.iter().any(|change| change.object.kind == kind && change.id.as_ref() == Some(id))
        };
        if let Some((kind, id)) = there.iter().find(|(kind, id)| !planned(kind, id)) {
            return Err(StepError::Conflict(t!(
                "the {kind} with id {id} came to {object} since the plan was made, and would go with it",
                kind = kind,
                id = id,
                object = self.change.object
            )));
        }
        for change in self.along.clone() {
            let (kind, parents) = (kind_of(change)?, parents(&self.tools.snapshot, &self.known.ids, change)?);
            let Some(id) = change.id.as_deref() else { continue };
            let place = Place { id, parents: &parents };
            let live = kind.reread(self.tools.site, &mut self.tools.snapshot, place).await?;
            if let Some(stale) = live.and_then(|live| stale(change, &live, |_, _| false)) {
                return Err(StepError::Conflict(stale));
            }
        }
        Ok(())
    }

    /// Reads until the object is as wanted, and gives up after a while; of an object that this run has made,
    /// what is missing `may_write` once more.
    async fn settle(
        &mut self,
        id: &str,
        fields: &[FieldChange],
        mut may_write: bool,
    ) -> Result<(), StepError> {
        for look in 0..LOOKS {
            if look > 0 {
                tokio::time::sleep(PAUSE * look).await;
            }
            if may_write {
                self.tools.site.watch();
            }
            let live = self.reread(id).await?.ok_or_else(|| self.gone())?;
            let left: Vec<FieldChange> =
                fields.iter().filter(|field| self.differs(&live, field)).cloned().collect();
            if left.is_empty() {
                self.keep(live);
                return Ok(());
            }
            if self.change.action == Action::Update {
                self.nobody_was_here(&live, &left)?;
            }
            if may_write {
                may_write = false;
                self.write(id, &left).await??;
            } else if look + 1 == LOOKS {
                let names =
                    left.iter().map(|field| format!("`{}`", field.field)).collect::<Vec<_>>().join(", ");
                return Err(StepError::NotApplied(t!(
                    "the panel did not take {names} of {object}, or somebody set it back at once",
                    names = names,
                    object = self.change.object
                )));
            }
        }
        Ok(())
    }

    /// What is neither as it was nor as it was written is somebody's.
    fn nobody_was_here(&self, live: &Live, left: &[FieldChange]) -> Result<(), StepError> {
        let old = |field: &FieldChange| live.field(&field.field) == field.before.as_ref();
        let Some(field) = left.iter().find(|field| !old(field)) else { return Ok(()) };
        Err(StepError::Conflict(t!(
            "somebody changed `{field}` of {object} right after it was written: it was {before} before, was to be {after} and is {now} now",
            field = field.field,
            object = self.change.object,
            before = shown(field.before.as_ref()),
            after = shown(field.after.as_ref()),
            now = shown(live.field(&field.field))
        )))
    }

    /// The fields that can be compared and are not as the plan wants them.
    fn differing(&self, live: &Live) -> Vec<&'s FieldChange> {
        let change = self.change;
        change.fields.iter().filter(|field| self.differs(live, field)).collect()
    }

    fn differs(&self, live: &Live, field: &FieldChange) -> bool {
        !matches!(field.after, Some(Value::Secret))
            && self.compared(live, field)
            && !self.is_wanted(live.field(&field.field), field)
    }

    /// Whether the field is still to be written. A secret always is: nobody can see what it is.
    fn is_open(&self, live: &Live, field: &FieldChange) -> bool {
        matches!(field.after, Some(Value::Secret)) || !self.is_wanted(live.field(&field.field), field)
    }

    /// Whether the panel shows the field at all: a product type, for one, is only asked for at creation.
    fn compared(&self, live: &Live, field: &FieldChange) -> bool {
        self.change.action == Action::Update
            || live.field(&field.field).is_some()
            || !self.kind.creation_only().contains(&field.field.as_str())
    }

    fn keep(&mut self, live: Live) {
        self.forget(&live);
        self.tools.snapshot.objects.push(live);
    }

    fn forget(&mut self, live: &Live) {
        self.tools.snapshot.objects.retain(|known| known.place() != live.place());
    }

    async fn write(&mut self, id: &str, fields: &[FieldChange]) -> Result<Result<(), KindError>, StepError> {
        self.intend(Act::Update)?;
        let change = Change { fields: fields.to_vec(), ..self.change.clone() };
        let written = {
            let (kind, parents) = (self.kind, self.parents.clone());
            kind.update(&mut self.hand(), &change, Place { id, parents: &parents }).await
        };
        self.tools.site.unwatch();
        self.answered(&written)?;
        Ok(written)
    }

    fn intend(&mut self, act: Act) -> Result<(), StepError> {
        let intent = self.tools.ledger.intent(&self.change.object, act);
        intent.map_err(|error| StepError::Journal { error, sent: false })
    }

    fn answered(&mut self, written: &Result<(), KindError>) -> Result<(), StepError> {
        let answer = match written {
            Ok(()) => Answer::Accepted,
            Err(error) if error.is_unclear() => Answer::Unclear,
            Err(_) => Answer::Refused,
        };
        self.sent |= answer != Answer::Refused;
        let noted = self.tools.ledger.answer(&self.change.object, answer);
        noted.map_err(|error| StepError::Journal { error, sent: answer != Answer::Refused })
    }

    async fn reread(&mut self, id: &str) -> Result<Option<Live>, StepError> {
        let place = Place { id, parents: &self.parents };
        Ok(self.kind.reread(self.tools.site, &mut self.tools.snapshot, place).await?)
    }

    fn is_wanted(&self, now: Option<&Value>, field: &FieldChange) -> bool {
        match (&field.after, now) {
            (Some(Value::Ref(wanted)), Some(Value::Ref(now))) => {
                wanted.kind == now.kind && now.id.is_some() && id_of(&self.known.ids, wanted) == now.id
            }
            (Some(wanted), Some(now)) => {
                self.kind.means(self.tools.site, &self.tools.snapshot, &field.field, wanted, now)
            }
            (after, now) => after.as_ref() == now,
        }
    }

    fn id(&self) -> Result<String, StepError> {
        self.change.id.clone().ok_or_else(|| {
            StepError::Conflict(t!("the plan gives no id for {object}", object = self.change.object))
        })
    }

    fn gone(&self) -> StepError {
        StepError::Conflict(t!("{object} is gone", object = self.change.object))
    }

    fn hand(&mut self) -> Hand<'_> {
        Hand {
            site: self.tools.site,
            writer: self.tools.writer,
            snapshot: &mut self.tools.snapshot,
            secrets: self.tools.secrets,
            ids: &self.known.ids,
        }
    }
}

fn kind_of(change: &Change) -> Result<&'static dyn Kind, StepError> {
    let kind = ALL.iter().find(|kind| kind.name() == change.object.kind).copied();
    kind.ok_or_else(|| {
        StepError::Conflict(t!("the plan has an unknown kind `{kind}`", kind = change.object.kind))
    })
}

/// Ids of the objects above, nearest last.
fn parents(
    snapshot: &Snapshot,
    ids: &BTreeMap<ObjectRef, String>,
    change: &Change,
) -> Result<Vec<String>, StepError> {
    let Some(parent) = &change.parent else { return Ok(Vec::new()) };
    let id = id_of(ids, parent).ok_or_else(|| {
        StepError::Conflict(t!(
            "{object} does not exist yet",
            object = format_args!("{} {}", parent.kind, parent.key)
        ))
    })?;
    let above = snapshot.by_id(&parent.kind, &id).map(|live| live.parents.clone()).unwrap_or_default();
    Ok(above.into_iter().chain([id]).collect())
}

/// The id of something the plan refers to, be it created in this run.
fn id_of(ids: &BTreeMap<ObjectRef, String>, reference: &Reference) -> Option<String> {
    let object = ObjectRef { kind: reference.kind.clone(), key: reference.key.clone() };
    ids.get(&object).or(reference.id.as_ref()).cloned()
}

/// What is not as it was when the plan was made; a field that is as wanted counts as unchanged.
pub(super) fn stale(
    change: &Change,
    live: &Live,
    is_wanted: impl Fn(&FieldChange, Option<&Value>) -> bool,
) -> Option<String> {
    let planned: BTreeMap<&str, &FieldChange> =
        change.fields.iter().map(|field| (field.field.as_str(), field)).collect();
    let known = change.live.keys().map(String::as_str);
    let new = planned.keys().copied().filter(|name| !change.live.contains_key(*name));
    for name in known.chain(new) {
        let before = change.live.get(name).or_else(|| planned.get(name)?.before.as_ref());
        let now = live.field(name);
        let secret = before == Some(&Value::Secret)
            || planned.get(name).is_some_and(|field| field.after == Some(Value::Secret));
        let done = planned.get(name).is_some_and(|field| is_wanted(field, now));
        if !secret && !done && now != before {
            return Some(t!(
                "`{name}` of {object} was {before} when the plan was made and is {now} now",
                name = name,
                object = change.object,
                before = shown(before),
                now = shown(now)
            ));
        }
    }
    None
}

fn shown(value: Option<&Value>) -> String {
    value.map_or(t!("nothing"), |value| format!("`{value}`"))
}
