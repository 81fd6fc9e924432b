//! Differences that the configuration says to leave alone, as data.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Action, Change, FieldChange, ObjectRef};
use crate::model::Date;

/// A difference that is left alone for a while: it is neither drift nor written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "Ignored difference")]
pub(crate) struct Ignored {
    /// What would happen to the object without the rule.
    pub(crate) action: Action,
    /// Which object it is.
    pub(crate) object: ObjectRef,
    /// The fields that differ.
    pub(crate) fields: Vec<FieldChange>,
    /// The rule under `ignore`: its object, and its field where it has one.
    pub(crate) rule: String,
    /// Why, in the words of the configuration.
    pub(crate) reason: String,
    /// Last day.
    #[schemars(with = "String")]
    pub(crate) until: Date,
}

/// A rule by which something is left alone.
#[derive(Clone, Debug)]
pub(crate) struct Leave {
    pub(crate) rule: String,
    pub(crate) reason: String,
    pub(crate) until: Date,
}

impl Leave {
    /// What of an object is left alone by this rule.
    pub(crate) fn ignored(&self, action: Action, object: ObjectRef, fields: Vec<FieldChange>) -> Ignored {
        let Self { rule, reason, until } = self.clone();
        Ignored { action, object, fields, rule, reason, until }
    }

    pub(super) fn whole(&self, change: Change) -> Ignored {
        self.ignored(change.action, change.object, change.fields)
    }
}
