//! Keeping a plan to some of its objects: `--target`, `--exclude`, and what the configuration ignores.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    str::FromStr,
};

use super::{Change, Leave, LeftOut, ObjectRef, Plan};

use crate::language::t;

/// An object, or all whose key starts alike: `enumeration-item/panel/3541`, `price/vds-start/*`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Selector {
    kind: String,
    key: String,
    prefix: bool,
}

impl Selector {
    pub(crate) fn kind(&self) -> &str {
        &self.kind
    }

    pub(crate) fn matches(&self, object: &ObjectRef) -> bool {
        let key = &object.key;
        self.kind == object.kind && if self.prefix { key.starts_with(&self.key) } else { *key == self.key }
    }
}

impl FromStr for Selector {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.split_once('/') {
            Some((kind, key)) if !kind.is_empty() && !key.is_empty() => {
                let cut = key.strip_suffix('*');
                let (kind, key) = (kind.to_owned(), cut.unwrap_or(key).to_owned());
                Ok(Self { kind, key, prefix: cut.is_some() })
            }
            _ => Err(t!("`{text}` is not KIND/KEY, for example enumeration-item/panel/3541", text = text)),
        }
    }
}

impl fmt::Display for Selector {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}/{}{}", self.kind, self.key, if self.prefix { "*" } else { "" })
    }
}

/// Which changes to keep. Without targets all are, but for those that are excluded.
#[derive(Clone, Debug, Default)]
pub(crate) struct Selection {
    pub(crate) targets: Vec<Selector>,
    pub(crate) excluded: Vec<Selector>,
    /// Objects that the configuration leaves alone, and by which rule.
    pub(crate) ignored: BTreeMap<ObjectRef, Leave>,
}

impl Selection {
    fn is_everything(&self) -> bool {
        self.targets.is_empty() && self.excluded.is_empty() && self.ignored.is_empty()
    }
}

impl Plan {
    /// Keeps the selected changes and what they need; what needs something excluded goes out with it. All
    /// that is kept out stays named in `left_out`.
    pub(crate) fn keep(&mut self, selection: &Selection) {
        if selection.is_everything() {
            return;
        }
        self.say_what_matches_nothing(selection);
        let mut reasons = reasons(&self.changes, selection);
        // What goes along with an object is kept with it, and left out with it.
        for change in &self.changes {
            let Some(cause) = &change.goes_with else { continue };
            match reasons.get(cause) {
                Some(_) => {
                    drop(reasons.insert(change.object.clone(), t!("goes with {cause}", cause = cause)));
                }
                None => drop(reasons.remove(&change.object)),
            }
        }
        let mut kept = Vec::new();
        for change in std::mem::take(&mut self.changes) {
            match reasons.get(&change.object) {
                Some(_) if selection.ignored.contains_key(&change.object) => {
                    self.ignored.extend(selection.ignored.get(&change.object).map(|rule| rule.whole(change)));
                }
                Some(why) => {
                    self.left_out.push(LeftOut {
                        action: change.action,
                        object: change.object,
                        why: why.clone(),
                    });
                }
                None => kept.push(change),
            }
        }
        self.changes = kept;
        let counted = Self::summarise(&self.changes, self.left_alone.len(), self.summary.unchanged);
        self.summary = super::Summary { left_out: self.left_out.len(), ..counted };
        self.count_ignored();
    }

    /// Counts the objects of which nothing but what is ignored differs.
    pub(crate) fn count_ignored(&mut self) {
        let changes = self.changes.iter().map(|change| &change.object);
        let told: BTreeSet<&ObjectRef> =
            changes.chain(self.left_out.iter().map(|left| &left.object)).collect();
        let ignored: BTreeSet<&ObjectRef> = self.ignored.iter().map(|ignored| &ignored.object).collect();
        self.summary.ignored = ignored.difference(&told).count();
    }

    fn say_what_matches_nothing(&mut self, selection: &Selection) {
        let flags = [("--target", &selection.targets), ("--exclude", &selection.excluded)];
        for (flag, patterns) in flags {
            for pattern in patterns {
                if !self.changes.iter().any(|change| pattern.matches(&change.object)) {
                    self.notes.push(t!("{flag} {pattern} matches no change", flag = flag, pattern = pattern));
                }
            }
        }
    }
}

/// Why each change that is kept out is.
fn reasons(changes: &[Change], selection: &Selection) -> BTreeMap<ObjectRef, String> {
    let any = |patterns: &[Selector], object: &ObjectRef| patterns.iter().any(|it| it.matches(object));
    let mut reasons = BTreeMap::new();
    // To keep what goes along with an object is to keep that object.
    let spared = |change: &Change| {
        let along = changes.iter().filter(|other| other.goes_with.as_ref() == Some(&change.object));
        let kept =
            |object: &&ObjectRef| any(&selection.excluded, object) || selection.ignored.contains_key(*object);
        along.map(|other| &other.object).find(kept)
    };
    let ignored = selection.ignored.iter();
    reasons
        .extend(ignored.map(|(object, rule)| (object.clone(), t!("`ignore` of `{rule}`", rule = rule.rule))));
    if !selection.targets.is_empty() {
        let wanted = closure(changes, |object| any(&selection.targets, object));
        for change in changes.iter().filter(|change| !wanted.contains(&change.object)) {
            reasons.entry(change.object.clone()).or_insert_with(|| t!("not a --target"));
        }
    }
    // The changes stand in the order of writing, so what a change needs has been judged before it.
    for change in changes {
        if reasons.contains_key(&change.object) {
            continue;
        }
        if any(&selection.excluded, &change.object) {
            reasons.insert(change.object.clone(), "--exclude".to_owned());
        } else if let Some(object) = spared(change) {
            reasons.insert(
                change.object.clone(),
                t!("would take {object} along, which is left out", object = object),
            );
        } else if let Some(object) = change.depends_on.iter().find(|object| reasons.contains_key(*object)) {
            reasons.insert(change.object.clone(), t!("needs {object}, which is left out", object = object));
        }
    }
    reasons
}

/// The objects that `is_root` says, and all that they need.
fn closure(changes: &[Change], is_root: impl Fn(&ObjectRef) -> bool) -> BTreeSet<&ObjectRef> {
    let mut wanted = BTreeSet::new();
    for change in changes.iter().rev() {
        if is_root(&change.object) || wanted.contains(&change.object) {
            wanted.insert(&change.object);
            wanted.extend(&change.depends_on);
        }
    }
    wanted
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::{Action, Change};

    fn object(text: &str) -> ObjectRef {
        let (kind, key) = text.split_once('/').expect("KIND/KEY");
        ObjectRef { kind: kind.to_owned(), key: key.to_owned() }
    }

    fn change(text: &str, needs: &[&str]) -> Change {
        Change {
            action: Action::Create,
            object: object(text),
            id: None,
            parent: None,
            reason: None,
            origin: None,
            depends_on: needs.iter().map(|text| object(text)).collect(),
            goes_with: None,
            fields: Vec::new(),
            live: BTreeMap::new(),
        }
    }

    fn kept(targets: &[&str], excluded: &[&str]) -> (Vec<String>, Vec<String>) {
        let parse = |patterns: &[&str]| patterns.iter().map(|text| text.parse().expect("pattern")).collect();
        let mut plan = Plan::empty();
        plan.changes = vec![
            change("processor/licences", &[]),
            change("processor/vds", &["processor/licences"]),
            change("enumeration/panel", &[]),
            change("enumeration-item/panel/3541", &["enumeration/panel"]),
            change("enumeration-item/panel/4601", &["enumeration/panel"]),
        ];
        plan.keep(&Selection { targets: parse(targets), excluded: parse(excluded), ..Selection::default() });
        assert_eq!(plan.summary.create, plan.changes.len());
        assert_eq!(plan.summary.left_out, plan.left_out.len());
        let names = |object: &ObjectRef| format!("{}/{}", object.kind, object.key);
        let left = plan.left_out.iter().map(|left| format!("{}: {}", names(&left.object), left.why));
        (plan.changes.iter().map(|change| names(&change.object)).collect(), left.collect())
    }

    #[test]
    fn a_target_brings_what_it_needs() {
        let (kept, left) = kept(&["enumeration-item/panel/3541"], &[]);
        assert_eq!(kept, ["enumeration/panel", "enumeration-item/panel/3541"]);
        assert_eq!(left.len(), 3);
        assert!(left.contains(&"processor/vds: not a --target".to_owned()));
    }

    #[test]
    fn what_needs_an_excluded_object_is_left_out_with_it() {
        let (kept, left) = kept(&[], &["enumeration/panel", "processor/v*"]);
        assert_eq!(kept, ["processor/licences"]);
        assert!(
            left.contains(
                &"enumeration-item/panel/3541: needs enumeration panel, which is left out".to_owned()
            )
        );
        assert!(left.contains(&"processor/vds: --exclude".to_owned()));
    }

    #[test]
    fn a_pattern_that_matches_nothing_is_said() {
        let mut plan = Plan::empty();
        plan.keep(&Selection { targets: vec!["price/*".parse().expect("pattern")], ..Selection::default() });
        assert_eq!(plan.notes, ["--target price/* matches no change"]);
    }

    #[test]
    fn only_kind_and_key_make_a_pattern() {
        for wrong in ["panel", "/panel", "enumeration/", ""] {
            assert!(wrong.parse::<Selector>().is_err(), "{wrong}");
        }
    }
}
