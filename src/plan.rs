//! What is about to be done, as data: printed, compared, saved; never executed from here.
//!
//! A [`Plan`] comes out of `reconcile` and goes to `report` and `apply`. It holds no secret: a value of
//! that kind is [`Value::Secret`], which says only that there is one.

mod finding;
mod guard;
mod ignored;
mod select;

use std::{collections::BTreeMap, fmt};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub(crate) use finding::{Because, Finding, Level, Waived};
pub(crate) use guard::{Allowance, Guard};
pub(crate) use ignored::{Ignored, Leave};
pub(crate) use select::{Selection, Selector};

use crate::model::{Money, Period};

/// Version of the plan document. A change of the second number adds fields: whoever reads plans should
/// pass over what they do not know. `apply` takes saved plans of exactly its own version.
pub(crate) const FORMAT_VERSION: &str = "1.0";

/// The difference between a configuration and a live panel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Plan {
    /// Version of this document's format; a change of the first number breaks readers.
    pub(crate) format_version: String,
    /// Version of the tool that made the plan.
    pub(crate) tool_version: String,
    /// The panel the plan is for; nothing where two configurations were compared offline.
    pub(crate) target: Option<Target>,
    /// How many objects of each fate there are.
    pub(crate) summary: Summary,
    /// What would be written, in the order of writing.
    pub(crate) changes: Vec<Change>,
    /// What has to be allowed before `apply` carries this out.
    pub(crate) guards: Vec<Guard>,
    /// What the checks found in the configuration: errors, which stop an apply, and warnings. A finding that
    /// was accepted, and a note, are not among them.
    #[serde(default)]
    pub(crate) findings: Vec<Finding>,
    /// Live objects that the configuration does not mention.
    pub(crate) left_alone: Vec<LeftAlone>,
    /// What the configuration asks for and the tool cannot do on this panel.
    pub(crate) unmanaged: Vec<Unmanaged>,
    /// Changes that were kept out of this plan by `--target` or `--exclude`, or because they need what `ignore`
    /// leaves alone.
    pub(crate) left_out: Vec<LeftOut>,
    /// Differences that the configuration says to leave alone, under `ignore`: they are neither drift nor written.
    #[serde(default)]
    pub(crate) ignored: Vec<Ignored>,
    /// Remarks that change nothing, for example prices of unknown periods that were left untouched.
    pub(crate) notes: Vec<String>,
    /// Proof that each list was read to its end.
    pub(crate) reads: Vec<ReadProof>,
}

/// The panel that was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Target {
    /// Address of the panel.
    pub(crate) url: String,
    /// Login that read it.
    pub(crate) user: String,
    /// Version as the panel gives it.
    pub(crate) panel_version: Option<String>,
}

/// How many objects of each fate a plan has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Summary {
    /// Objects to create.
    pub(crate) create: usize,
    /// Objects to update.
    pub(crate) update: usize,
    /// Objects to delete and create anew.
    pub(crate) replace: usize,
    /// Objects to delete.
    pub(crate) delete: usize,
    /// Objects that are as the configuration says.
    pub(crate) unchanged: usize,
    /// Live objects that the configuration does not mention.
    pub(crate) left_alone: usize,
    /// Changes that were kept out of this plan.
    pub(crate) left_out: usize,
    /// Objects all of whose differences are left alone by `ignore`.
    #[serde(default)]
    pub(crate) ignored: usize,
}

/// What happens to one object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Action {
    /// It does not exist and is created.
    Create,
    /// It exists and is changed in place.
    Update,
    /// It is deleted and created anew, because something in it cannot be changed in place.
    Replace,
    /// It exists, is not in the configuration, and may be pruned.
    Delete,
}

/// Which object: its kind and its key among those of the kind, like `enumeration-item panel/3541`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ObjectRef {
    /// Kind of the object, for example `processor`.
    pub(crate) kind: String,
    /// Key of the object, for example `panel/3541`.
    pub(crate) key: String,
}

impl fmt::Display for ObjectRef {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} {}", self.kind, self.key)
    }
}

/// One object that would be written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Change {
    /// What happens to it.
    pub(crate) action: Action,
    /// Which object it is.
    pub(crate) object: ObjectRef,
    /// Its id in the panel; nothing for one that does not exist yet.
    pub(crate) id: Option<String>,
    /// What it belongs to, for example the enumeration of an item.
    pub(crate) parent: Option<Reference>,
    /// Why it must be replaced, renamed or deleted; nothing where the fields say it all.
    pub(crate) reason: Option<String>,
    /// Where the configuration asks for it; nothing for a delete.
    pub(crate) origin: Option<Origin>,
    /// Objects that must be written before it.
    pub(crate) depends_on: Vec<ObjectRef>,
    /// The object whose delete or replacement takes this one along; it is not deleted by a call of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) goes_with: Option<ObjectRef>,
    /// The fields that change. A create lists all it sets, a delete all it knew.
    pub(crate) fields: Vec<FieldChange>,
    /// All the panel had of the object when the plan was made. An object that differs from it by the time
    /// of the apply is not written.
    pub(crate) live: BTreeMap<String, Value>,
}

/// One field of an object, before and after.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FieldChange {
    /// Name of the field, for example `url` or `RUB.12m`.
    pub(crate) field: String,
    /// What the panel has now; nothing where the field has no value yet.
    pub(crate) before: Option<Value>,
    /// What the configuration asks for; nothing where the value goes with its object.
    pub(crate) after: Option<Value>,
    /// Where the configuration asks for it.
    pub(crate) origin: Option<Origin>,
    /// How the value was computed, for a price that is made of costs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) formula: Option<String>,
}

impl FieldChange {
    /// Whether the field is an amount, so that the change costs or brings somebody money.
    pub(crate) fn is_money(&self) -> bool {
        let money = |value: &Option<Value>| matches!(value, Some(Value::Money(_)));
        money(&self.before) || money(&self.after)
    }
}

/// A place in the configuration.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Origin {
    /// File, as it was named on the command line or found in its directory.
    pub(crate) file: String,
    /// Line, counted from 1.
    pub(crate) line: u32,
}

impl fmt::Display for Origin {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}:{}", self.file, self.line)
    }
}

/// The value of a field, comparable across the configuration and the panel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Value {
    /// Text.
    Text(String),
    /// An amount of money, without its currency.
    Money(Money),
    /// No price at all, which is not the same as 0.
    NoPrice,
    /// A check box.
    Flag(bool),
    /// A billing period.
    Period(Period),
    /// Another object.
    Ref(Reference),
    /// A secret, which is neither shown nor comparable.
    Secret,
}

/// Another object, by key; by id too once it exists.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Reference {
    /// Kind of the object, for example `tariff`.
    pub(crate) kind: String,
    /// Key or name of the object.
    pub(crate) key: String,
    /// Its id in the panel; nothing where the plan creates it.
    pub(crate) id: Option<String>,
}

impl PartialEq for Reference {
    /// The id decides: the same object may be named by key on one side and by name on the other.
    fn eq(&self, other: &Self) -> bool {
        match (&self.id, &other.id) {
            (Some(one), Some(two)) => self.kind == other.kind && one == two,
            (None, None) => self.kind == other.kind && self.key == other.key,
            _ => false,
        }
    }
}

impl Eq for Reference {}

impl fmt::Display for Value {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => out.write_str(text),
            Self::Money(money) => money.fmt(out),
            Self::NoPrice => out.write_str("none"),
            Self::Flag(flag) => out.write_str(if *flag { "yes" } else { "no" }),
            Self::Period(period) => period.fmt(out),
            Self::Ref(reference) => out.write_str(&reference.key),
            Self::Secret => out.write_str("(secret)"),
        }
    }
}

/// A live object that the configuration does not mention.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LeftAlone {
    /// Which object it is.
    pub(crate) object: ObjectRef,
    /// Its id in the panel.
    pub(crate) id: String,
}

/// A change that was kept out of the plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LeftOut {
    /// What would have happened to it.
    pub(crate) action: Action,
    /// Which object it is.
    pub(crate) object: ObjectRef,
    /// Why it was kept out, for example `not a --target`.
    pub(crate) why: String,
}

/// Something the configuration asks for and the tool cannot do on this panel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Unmanaged {
    /// What is meant, for example `prices` or `period-mapping licences/1m`.
    pub(crate) what: String,
    /// The object, where it is a delete that is meant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) delete: Option<ObjectRef>,
    /// Why it cannot be managed.
    pub(crate) why: String,
    /// What to do about it.
    pub(crate) help: String,
    /// Where the configuration asks for it.
    pub(crate) origin: Option<Origin>,
}

/// That one list of the panel was read to its end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReadProof {
    /// Function of the panel, for example `enumeration`, with its parent where it has one.
    pub(crate) list: String,
    /// Pages read.
    pub(crate) pages: u32,
    /// Rows read.
    pub(crate) rows: u64,
    /// Rows the panel says there are.
    pub(crate) total: Option<u64>,
    /// State of the stored filter, for example `none`.
    pub(crate) filter: String,
}

impl Plan {
    /// A plan without changes, for nothing yet.
    pub(crate) fn empty() -> Self {
        Self {
            format_version: FORMAT_VERSION.to_owned(),
            tool_version: env!("CARGO_PKG_VERSION").to_owned(),
            target: None,
            summary: Summary::default(),
            changes: Vec::new(),
            guards: Vec::new(),
            findings: Vec::new(),
            left_alone: Vec::new(),
            unmanaged: Vec::new(),
            left_out: Vec::new(),
            ignored: Vec::new(),
            notes: Vec::new(),
            reads: Vec::new(),
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    /// Counts the fates of `changes` and `left_alone`; `unchanged` is what the diff counted.
    pub(crate) fn summarise(changes: &[Change], left_alone: usize, unchanged: usize) -> Summary {
        let mut summary = Summary { unchanged, left_alone, ..Summary::default() };
        for change in changes {
            match change.action {
                Action::Create => summary.create += 1,
                Action::Update => summary.update += 1,
                Action::Replace => summary.replace += 1,
                Action::Delete => summary.delete += 1,
            }
        }
        summary
    }
}

/// What came of one change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Fate {
    /// Written, read back, and found as asked for.
    Done,
    /// Not written, or written and found different.
    Failed {
        /// Stable code of the error.
        code: String,
        /// What went wrong.
        message: String,
        /// What to do about it.
        help: Option<String>,
        /// Whether something may have been written all the same.
        in_doubt: bool,
    },
    /// Not tried, because something it depends on failed or the run was stopped.
    Skipped {
        /// Why it was not tried.
        because: String,
    },
}

/// What came of an apply, object by object, in the order of the plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Outcome {
    /// Version of this document's format.
    pub(crate) format_version: String,
    /// One entry per change of the plan.
    pub(crate) results: Vec<ObjectOutcome>,
}

/// What came of one change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ObjectOutcome {
    /// What was to be done.
    pub(crate) action: Action,
    /// To which object.
    pub(crate) object: ObjectRef,
    /// Its id in the panel, where one is known.
    pub(crate) id: Option<String>,
    /// What came of it.
    pub(crate) fate: Fate,
}
