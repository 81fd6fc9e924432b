//! What the `ignore` rules of a configuration leave alone.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    config::Config,
    kinds::{IgnoreSpec, Wanted},
    language::t,
    plan::{Action, Change, FieldChange, Ignored, Leave, ObjectRef},
};

/// The rules that are good today, and what they were about so far.
pub(super) struct Rules<'a> {
    good: Vec<&'a IgnoreSpec>,
    used: BTreeSet<usize>,
    notes: Vec<String>,
    /// Single fields that are left alone.
    pub(super) ignored: Vec<Ignored>,
}

impl<'a> Rules<'a> {
    pub(super) fn new(config: &'a Config) -> Self {
        let ended = |rule: &&IgnoreSpec| config.today.is_some_and(|today| rule.until < today);
        let (ended, good): (Vec<_>, Vec<_>) = config.spec.ignore.iter().partition(ended);
        let told = |rule: &IgnoreSpec| {
            t!(
                "`ignore` of `{shown}` ended on {until} and no longer counts ({reason}): renew it or remove it",
                shown = rule.shown(),
                until = rule.until,
                reason = rule.reason
            )
        };
        let notes = ended.into_iter().map(told).collect();
        Self { good, used: BTreeSet::new(), notes, ignored: Vec::new() }
    }

    /// The fields of an update that are not left alone.
    pub(super) fn keep(&mut self, wanted: &Wanted, fields: Vec<FieldChange>) -> Vec<FieldChange> {
        let (object, parent) = (&wanted.object, wanted.parent.as_ref().map(|parent| parent.key.as_str()));
        if self.good.is_empty() || self.whole(object, parent).is_some() {
            return fields;
        }
        let mut kept = Vec::new();
        let mut left: BTreeMap<usize, Vec<FieldChange>> = BTreeMap::new();
        for field in fields {
            let named = |rule: &&IgnoreSpec| {
                rule.names_field(&field.field) && rule.covers(&object.kind, &object.key, parent)
            };
            match self.good.iter().position(named) {
                Some(index) => left.entry(index).or_default().push(field),
                None => kept.push(field),
            }
        }
        for (index, fields) in left {
            self.used.insert(index);
            self.ignored.push(leave(self.good[index]).ignored(Action::Update, object.clone(), fields));
        }
        kept
    }

    /// The changes of objects that are left alone as a whole.
    pub(super) fn objects(&mut self, changes: &[Change]) -> BTreeMap<ObjectRef, Leave> {
        let mut left = BTreeMap::new();
        for change in changes {
            let parent = change.parent.as_ref().map(|parent| parent.key.as_str());
            if let Some(index) = self.whole(&change.object, parent) {
                self.used.insert(index);
                left.insert(change.object.clone(), leave(self.good[index]));
            }
        }
        left
    }

    /// Remarks on rules that have ended, and on those that leave nothing alone: one of them may be mistyped.
    pub(super) fn notes(self) -> Vec<String> {
        let idle = self.good.iter().enumerate().filter(|(index, _)| !self.used.contains(index));
        let idle =
            idle.map(|(_, rule)| t!("`ignore` of `{shown}` matches no difference", shown = rule.shown()));
        self.notes.into_iter().chain(idle).collect()
    }

    /// Whether some field of the object, the last one that was looked at, was left alone.
    pub(super) fn left_of(&self, object: &ObjectRef) -> bool {
        self.ignored.last().is_some_and(|ignored| ignored.object == *object)
    }

    fn whole(&self, object: &ObjectRef, parent: Option<&str>) -> Option<usize> {
        let whole =
            |rule: &&IgnoreSpec| rule.field.is_none() && rule.covers(&object.kind, &object.key, parent);
        self.good.iter().position(whole)
    }
}

fn leave(rule: &IgnoreSpec) -> Leave {
    Leave { rule: rule.shown(), reason: rule.reason.as_str().to_owned(), until: rule.until }
}
