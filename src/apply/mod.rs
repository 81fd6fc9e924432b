//! Carries out a plan, and nothing else: each object is read again before it is written and after.
//!
//! A write is never repeated blindly. What differs from what the plan saw stops that object; what
//! already is as the plan wants it is done; what a write left unlike the plan is an error, for somebody may
//! have set it back. Only what the form of a new object did not take is written once more.

mod ledger;
mod step;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::atomic::{AtomicBool, Ordering},
};

use ledger::Closed;
pub(crate) use ledger::{Act, Answer, Found, Ledger};
use secrecy::SecretString;
use step::{Known, Step, StepError};

use crate::{
    billmgr::{FailureClass, Writer},
    kinds::{ALL, KindError, Site, Snapshot},
    language::t,
    plan::{Action, Change, FORMAT_VERSION, Fate, ObjectOutcome, ObjectRef, Outcome, Plan},
};

/// What an apply works with.
pub(crate) struct Tools<'a> {
    pub(crate) site: &'a Site,
    pub(crate) writer: &'a Writer,
    /// What was read of the panel before.
    pub(crate) snapshot: Snapshot,
    pub(crate) secrets: &'a (dyn Fn(&ObjectRef, &str) -> Result<SecretString, String> + Sync),
    pub(crate) ledger: &'a mut dyn Ledger,
    /// Set when the user wants to stop; the object in hand is finished first.
    pub(crate) stop: &'a AtomicBool,
}

/// What happens while a plan is carried out.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Event<'a> {
    Started(&'a Change),
    Ended(&'a ObjectOutcome),
}

/// Carries out the plan object by object.
pub(crate) async fn apply(plan: &Plan, mut tools: Tools<'_>, mut on: impl FnMut(Event<'_>)) -> Outcome {
    let mut known = Known::default();
    let mut broken: BTreeSet<ObjectRef> = BTreeSet::new();
    let mut lost: Option<String> = None;
    let mut results = Vec::new();
    for change in &plan.changes {
        let failed = change.depends_on.iter().find(|object| broken.contains(object));
        let skip = match (&lost, failed) {
            (Some(why), _) => Some(why.clone()),
            (None, Some(object)) => Some(t!("{object} was not written", object = object)),
            (None, None) => tools.stop.load(Ordering::Relaxed).then(|| t!("the run was interrupted")),
        };
        let (id, fate) = match skip {
            // The object above it is gone, and was read back.
            _ if change.goes_with.is_some() && failed.is_none() => (change.id.clone(), Fate::Done),
            Some(because) => (change.id.clone(), Fate::Skipped { because }),
            None => {
                on(Event::Started(change));
                let along =
                    plan.changes.iter().filter(|other| other.goes_with.as_ref() == Some(&change.object));
                let result = one(&mut tools, &mut known, change, along.collect()).await;
                if let Err((error, _)) = &result {
                    lost = hopeless(error);
                }
                fate(change, result)
            }
        };
        if fate != Fate::Done {
            broken.insert(change.object.clone());
        }
        let result = ObjectOutcome { action: change.action, object: change.object.clone(), id, fate };
        if let Err(error) = tools.ledger.result(&result) {
            lost.get_or_insert(t!("the journal cannot be written: {error}", error = error));
        }
        on(Event::Ended(&result));
        results.push(result);
    }
    Outcome { format_version: FORMAT_VERSION.to_owned(), results }
}

/// With an error comes whether something was written before it.
async fn one(
    tools: &mut Tools<'_>,
    known: &mut Known,
    change: &Change,
    along: Vec<&Change>,
) -> Result<Option<String>, (StepError, bool)> {
    let mut step = Step::new(tools, known, change, along).map_err(|error| (error, false))?;
    let result = step.run().await;
    result.map_err(|error| (error, step.sent()))
}

/// What became of the objects that an earlier run of the plan left in doubt, told by reading alone; or why
/// that cannot be told. `ids` are those of the objects which that run created.
pub(crate) async fn look<'o>(
    plan: &Plan,
    in_doubt: impl Iterator<Item = &'o ObjectRef>,
    ids: &BTreeMap<ObjectRef, String>,
    (site, writer, snapshot): (&Site, &Writer, &Snapshot),
) -> Vec<(ObjectRef, Result<(Found, Option<String>), String>)> {
    let mut seen = Vec::new();
    for object in in_doubt {
        let mut tools = Tools {
            site,
            writer,
            snapshot: snapshot.clone(),
            secrets: &|_, _| Err(t!("nothing is written while looking")),
            ledger: &mut Closed,
            stop: &AtomicBool::new(false),
        };
        let mut known = Known { ids: ids.clone(), ..Known::default() };
        let found = match plan.changes.iter().find(|change| change.object == *object) {
            None => Err(t!("its plan does not have it")),
            Some(change) => {
                let look = async { Step::new(&mut tools, &mut known, change, Vec::new())?.look().await };
                look.await.map_err(|error: StepError| error.to_string())
            }
        };
        seen.push((object.clone(), found));
    }
    seen
}

/// What the plan would write and somebody changed since it was made, object by object. Pure: `snapshot`
/// was read after the plan was made.
pub(crate) fn conflicts(plan: &Plan, site: &Site, snapshot: &Snapshot) -> Vec<String> {
    let places: BTreeMap<_, _> = snapshot.objects.iter().map(|live| (live.place(), live)).collect();
    let check = |change: &Change| {
        let kind = ALL.iter().find(|kind| kind.name() == change.object.kind)?;
        let parent = change.parent.as_ref().and_then(|parent| parent.id.as_deref());
        let place = (change.object.kind.as_str(), parent, change.id.as_deref()?);
        let Some(live) = places.get(&place) else {
            // What is to be deleted may be gone.
            let update = change.action == Action::Update;
            return update.then(|| t!("{object} is gone, or can no longer be read", object = change.object));
        };
        step::stale(change, live, |field, now| match (&field.after, now) {
            _ if change.action != Action::Update => false,
            (Some(wanted), Some(now)) => kind.means(site, snapshot, &field.field, wanted, now),
            (after, now) => after.as_ref() == now,
        })
    };
    plan.changes.iter().filter_map(check).collect()
}

/// Whether nothing more can be done after this error, and why.
fn hopeless(error: &StepError) -> Option<String> {
    match error {
        StepError::Kind(KindError::Panel(failure)) => match failure.class() {
            FailureClass::Credentials => Some(t!("the panel refuses the login")),
            FailureClass::Unreachable => Some(t!("the panel cannot be reached")),
            _ => None,
        },
        StepError::Journal { .. } => Some(t!("the journal cannot be written")),
        _ => None,
    }
}

fn fate(change: &Change, result: Result<Option<String>, (StepError, bool)>) -> (Option<String>, Fate) {
    let (error, sent) = match result {
        Ok(id) => return (id.or_else(|| change.id.clone()), Fate::Done),
        Err(error) => error,
    };
    let (code, help, in_doubt) = match &error {
        StepError::Conflict(_) => {
            ("apply::conflict".to_owned(), t!("run plan again and review what changed"), false)
        }
        StepError::NotApplied(_) => (
            "apply::not_applied".to_owned(),
            t!("the panel took the write and shows something else; look at the object there, then run again"),
            true,
        ),
        StepError::Journal { sent, .. } => (
            "journal::unwritable".to_owned(),
            t!("make room or give another --state-dir, then run again"),
            *sent,
        ),
        StepError::Kind(error) => (error.code().to_owned(), error.help(), error.is_unclear()),
    };
    let in_doubt = in_doubt || sent;
    (change.id.clone(), Fate::Failed { code, message: error.to_string(), help: Some(help), in_doubt })
}
