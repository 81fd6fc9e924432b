//! Carries out a plan, and nothing else: each object is read again before it is written and after.
//!
//! A write is never repeated blindly. What differs from the plan's `before` stops that object; what
//! already is as the plan wants it is done; what a write left unlike the plan is written once more,
//! because by then the state has been read, and then given up.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use secrecy::SecretString;

use crate::{
    billmgr::{FailureClass, Writer},
    kinds::{ALL, Hand, Kind, KindError, Live, Place, Site, Snapshot},
    plan::{
        Action, Change, FORMAT_VERSION, Fate, FieldChange, ObjectOutcome, ObjectRef, Outcome, Plan,
        Reference, Value,
    },
};

/// How often a write is looked for before it counts as not applied. One public script sleeps half a
/// second before it reads a new tariff plan back.
const LOOKS: u32 = 3;
const PAUSE: Duration = Duration::from_millis(250);

/// What an apply works with.
pub(crate) struct Tools<'a> {
    pub(crate) site: &'a Site,
    pub(crate) writer: &'a Writer,
    /// What the plan was made from.
    pub(crate) snapshot: Snapshot,
    pub(crate) secrets: &'a (dyn Fn(&ObjectRef, &str) -> Result<SecretString, String> + Sync),
    /// Set when the user wants to stop; the object in hand is finished first.
    pub(crate) stop: &'a AtomicBool,
}

/// What happens while a plan is carried out.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Event<'a> {
    Started(&'a Change),
    Ended(&'a ObjectOutcome),
}

/// Why one object was not written as planned.
#[derive(Debug, thiserror::Error)]
enum ApplyError {
    #[error(transparent)]
    Kind(#[from] KindError),
    #[error("{0}")]
    Conflict(String),
    #[error("{0}")]
    NotApplied(String),
}

/// Carries out the plan object by object.
pub(crate) async fn apply(plan: &Plan, mut tools: Tools<'_>, mut on: impl FnMut(Event<'_>)) -> Outcome {
    let mut ids = BTreeMap::new();
    let mut broken: BTreeSet<ObjectRef> = BTreeSet::new();
    let mut lost: Option<String> = None;
    let mut results = Vec::new();
    for change in &plan.changes {
        let failed = change.depends_on.iter().find(|object| broken.contains(object));
        let skip = match (&lost, failed) {
            (Some(why), _) => Some(why.clone()),
            (None, Some(object)) => Some(format!("{object} was not written")),
            (None, None) => tools.stop.load(Ordering::Relaxed).then(|| "the run was interrupted".to_owned()),
        };
        let (id, fate) = match skip {
            Some(because) => (change.id.clone(), Fate::Skipped { because }),
            None => {
                on(Event::Started(change));
                let result = one(&mut tools, &mut ids, change).await;
                if let Err(error) = &result {
                    lost = hopeless(error);
                }
                fate(change, result)
            }
        };
        if fate != Fate::Done {
            broken.insert(change.object.clone());
        }
        let result = ObjectOutcome { action: change.action, object: change.object.clone(), id, fate };
        on(Event::Ended(&result));
        results.push(result);
    }
    Outcome { format_version: FORMAT_VERSION.to_owned(), results }
}

/// Whether nothing more can be done after this error, and why.
fn hopeless(error: &ApplyError) -> Option<String> {
    let ApplyError::Kind(KindError::Panel(failure)) = error else { return None };
    match failure.class() {
        FailureClass::Credentials => Some("the panel refuses the login".to_owned()),
        FailureClass::Unreachable => Some("the panel cannot be reached".to_owned()),
        _ => None,
    }
}

fn fate(change: &Change, result: Result<Option<String>, ApplyError>) -> (Option<String>, Fate) {
    let error = match result {
        Ok(id) => return (id.or_else(|| change.id.clone()), Fate::Done),
        Err(error) => error,
    };
    let (code, help, in_doubt) = match &error {
        ApplyError::Conflict(_) => {
            ("apply::conflict".to_owned(), "run plan again and review what changed".to_owned(), false)
        }
        ApplyError::NotApplied(_) => (
            "apply::not_applied".to_owned(),
            "the panel took the write and shows something else; look at the object there".to_owned(),
            true,
        ),
        ApplyError::Kind(error) => (error.code().to_owned(), error.help(), error.is_unclear()),
    };
    (change.id.clone(), Fate::Failed { code, message: error.to_string(), help: Some(help), in_doubt })
}

async fn one(
    tools: &mut Tools<'_>,
    ids: &mut BTreeMap<ObjectRef, String>,
    change: &Change,
) -> Result<Option<String>, ApplyError> {
    let kind = ALL.iter().find(|kind| kind.name() == change.object.kind).copied();
    let kind = kind.ok_or_else(|| {
        ApplyError::Conflict(format!("the plan has an unknown kind `{}`", change.object.kind))
    })?;
    let parents = parents(&tools.snapshot, ids, change)?;
    let mut step = Step { kind, change, parents, tools, ids };
    match change.action {
        Action::Create => step.create().await.map(Some),
        Action::Update => step.update().await.map(|()| None),
        Action::Delete => step.delete().await.map(|()| None),
        Action::Replace => {
            step.delete().await?;
            step.create().await.map(Some)
        }
    }
}

/// Ids of the objects above, nearest last.
fn parents(
    snapshot: &Snapshot,
    ids: &BTreeMap<ObjectRef, String>,
    change: &Change,
) -> Result<Vec<String>, ApplyError> {
    let Some(parent) = &change.parent else { return Ok(Vec::new()) };
    let id = id_of(ids, parent)
        .ok_or_else(|| ApplyError::Conflict(format!("{} {} does not exist yet", parent.kind, parent.key)))?;
    let above = snapshot.by_id(&parent.kind, &id).map(|live| live.parents.clone()).unwrap_or_default();
    Ok(above.into_iter().chain([id]).collect())
}

/// The id of something the plan refers to, be it created in this run.
fn id_of(ids: &BTreeMap<ObjectRef, String>, reference: &Reference) -> Option<String> {
    let object = ObjectRef { kind: reference.kind.clone(), key: reference.key.clone() };
    ids.get(&object).or(reference.id.as_ref()).cloned()
}

/// One object on its way.
struct Step<'s, 'a> {
    kind: &'static dyn Kind,
    change: &'s Change,
    parents: Vec<String>,
    tools: &'s mut Tools<'a>,
    ids: &'s mut BTreeMap<ObjectRef, String>,
}

impl Step<'_, '_> {
    async fn create(&mut self) -> Result<String, ApplyError> {
        let found = self.find().await?;
        if let Some(id) = found {
            return Err(ApplyError::Conflict(format!("{} exists by now, with id {id}", self.change.object)));
        }
        let change = self.change.clone();
        let written = {
            let (kind, parents) = (self.kind, self.parents.clone());
            kind.create(&mut self.hand(), &change, &parents).await
        };
        // Whatever the answer was, the panel's own list says whether the object is there.
        let id = self.created(written).await?;
        self.ids.insert(self.change.object.clone(), id.clone());
        self.settle(&id, &change.fields, true).await?;
        Ok(id)
    }

    async fn created(&mut self, written: Result<(), KindError>) -> Result<String, ApplyError> {
        match written {
            Err(error) if !error.is_unclear() => return Err(error.into()),
            _ => {}
        }
        for look in 0..LOOKS {
            if look > 0 {
                tokio::time::sleep(PAUSE * look).await;
            }
            let (kind, change, parents) = (self.kind, self.change, self.parents.clone());
            if let Some(id) = kind.created(&mut self.hand(), change, &parents).await? {
                return Ok(id);
            }
        }
        match written {
            Err(error) => Err(error.into()),
            Ok(()) => Err(ApplyError::NotApplied(format!(
                "{} was saved and is not in the panel's list",
                self.change.object
            ))),
        }
    }

    async fn find(&mut self) -> Result<Option<String>, ApplyError> {
        let (kind, change, parents) = (self.kind, self.change, self.parents.clone());
        Ok(kind.find(&mut self.hand(), change, &parents).await?)
    }

    async fn update(&mut self) -> Result<(), ApplyError> {
        let id = self.id()?;
        let live = self.reread(&id).await?.ok_or_else(|| self.gone())?;
        let open = self.open(&live)?;
        if open.is_empty() {
            return Ok(());
        }
        let written = self.write(&id, &open).await;
        match written {
            Err(error) if !error.is_unclear() => Err(error.into()),
            _ => self.settle(&id, &self.change.fields.clone(), written.is_ok()).await,
        }
    }

    /// The fields that still are as they were when the plan was made; those that already are as wanted
    /// need nothing, and any other value is somebody else's.
    fn open(&self, live: &Live) -> Result<Vec<FieldChange>, ApplyError> {
        let mut open = Vec::new();
        for field in &self.change.fields {
            let now = live.fields.as_ref().and_then(|fields| fields.get(&field.field));
            let secret = matches!(field.after, Some(Value::Secret));
            if !secret && self.is_wanted(now, field) {
                continue;
            }
            if !secret && now != field.before.as_ref() {
                let shown =
                    |value: Option<&Value>| value.map_or("nothing".to_owned(), |value| format!("`{value}`"));
                return Err(ApplyError::Conflict(format!(
                    "`{}` of {} was {} when the plan was made and is {} now",
                    field.field,
                    self.change.object,
                    shown(field.before.as_ref()),
                    shown(now)
                )));
            }
            open.push(field.clone());
        }
        Ok(open)
    }

    async fn delete(&mut self) -> Result<(), ApplyError> {
        let id = self.id()?;
        let Some(live) = self.reread(&id).await? else { return Ok(()) };
        for field in self.change.fields.iter().filter(|field| field.before.is_some()) {
            let now = live.fields.as_ref().and_then(|fields| fields.get(&field.field));
            if now.is_some() && now != field.before.as_ref() {
                return Err(ApplyError::Conflict(format!(
                    "`{}` of {} changed since the plan was made",
                    field.field, self.change.object
                )));
            }
        }
        let written = {
            let (kind, parents) = (self.kind, self.parents.clone());
            kind.delete(&mut self.hand(), Place { id: &id, parents: &parents }).await
        };
        match written {
            Err(error) if !error.is_unclear() => return Err(error.into()),
            _ => {}
        }
        match self.reread(&id).await? {
            None => {
                self.forget(&live);
                Ok(())
            }
            Some(_) => {
                Err(ApplyError::NotApplied(format!("{} was deleted and is still there", self.change.object)))
            }
        }
    }

    /// Reads until the object is as wanted; writes what is missing once more, and then gives up.
    async fn settle(
        &mut self,
        id: &str,
        fields: &[FieldChange],
        mut may_write: bool,
    ) -> Result<(), ApplyError> {
        for look in 0..LOOKS {
            if look > 0 {
                tokio::time::sleep(PAUSE * look).await;
            }
            let live = self.reread(id).await?.ok_or_else(|| self.gone())?;
            let left: Vec<FieldChange> = fields
                .iter()
                .filter(|field| !matches!(field.after, Some(Value::Secret)) && self.compared(&live, field))
                .filter(|field| {
                    !self.is_wanted(live.fields.as_ref().and_then(|now| now.get(&field.field)), field)
                })
                .cloned()
                .collect();
            if left.is_empty() {
                self.keep(live);
                return Ok(());
            }
            if may_write {
                may_write = false;
                self.write(id, &left).await?;
            } else if look + 1 == LOOKS {
                let names =
                    left.iter().map(|field| format!("`{}`", field.field)).collect::<Vec<_>>().join(", ");
                return Err(ApplyError::NotApplied(format!(
                    "the panel did not take {names} of {}",
                    self.change.object
                )));
            }
        }
        Ok(())
    }

    /// Whether the panel shows the field at all: a product type, for one, is only asked for at creation.
    fn compared(&self, live: &Live, field: &FieldChange) -> bool {
        self.change.action == Action::Update
            || live.fields.as_ref().is_some_and(|fields| fields.contains_key(&field.field))
            || !self.kind.creation_only().contains(&field.field.as_str())
    }

    fn keep(&mut self, live: Live) {
        self.forget(&live);
        self.tools.snapshot.objects.push(live);
    }

    fn forget(&mut self, live: &Live) {
        self.tools.snapshot.objects.retain(|known| known.place() != live.place());
    }

    async fn write(&mut self, id: &str, fields: &[FieldChange]) -> Result<(), KindError> {
        let change = Change { fields: fields.to_vec(), ..self.change.clone() };
        let (kind, parents) = (self.kind, self.parents.clone());
        kind.update(&mut self.hand(), &change, Place { id, parents: &parents }).await
    }

    async fn reread(&mut self, id: &str) -> Result<Option<Live>, ApplyError> {
        let place = Place { id, parents: &self.parents };
        Ok(self.kind.reread(self.tools.site, &mut self.tools.snapshot, place).await?)
    }

    fn is_wanted(&self, now: Option<&Value>, field: &FieldChange) -> bool {
        match (&field.after, now) {
            (Some(Value::Ref(wanted)), Some(Value::Ref(now))) => {
                wanted.kind == now.kind && now.id.is_some() && id_of(self.ids, wanted) == now.id
            }
            (Some(wanted), Some(now)) => {
                self.kind.means(self.tools.site, &self.tools.snapshot, &field.field, wanted, now)
            }
            (after, now) => after.as_ref() == now,
        }
    }

    fn id(&self) -> Result<String, ApplyError> {
        self.change
            .id
            .clone()
            .ok_or_else(|| ApplyError::Conflict(format!("the plan gives no id for {}", self.change.object)))
    }

    fn gone(&self) -> ApplyError {
        ApplyError::Conflict(format!("{} is gone", self.change.object))
    }

    fn hand(&mut self) -> Hand<'_> {
        Hand {
            site: self.tools.site,
            writer: self.tools.writer,
            snapshot: &mut self.tools.snapshot,
            secrets: self.tools.secrets,
            ids: self.ids,
        }
    }
}
