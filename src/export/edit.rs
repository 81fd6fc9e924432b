//! Edits of configuration files that leave every byte alone that they are not about.
//!
//! A removed entry takes its own lines along, with the comment at their end. A comment on the lines
//! above stays: whether it speaks of the entry or of a group is not to be told, and words of a person
//! cannot be had back from the panel. Emptied collections go too, because the format has no empty ones.

use std::collections::{BTreeMap, BTreeSet};

use serde_yaml::Value;

use super::{
    Refusal,
    render::{self, Page},
    scalar::{self, Quotes},
    splice::{Splice, splice},
};
use crate::{
    model::Date,
    source::{Content, Outline},
};

/// One change of a configuration. Paths are keys and indices from the top.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Edit {
    /// Puts another value in place of one.
    Set(Vec<String>, Value),
    /// Takes an entry or element out.
    Remove(Vec<String>),
    /// Gives an entry another key.
    Rename(Vec<String>, String),
    /// Adds an entry at the end of a mapping.
    Insert(Vec<String>, String, Value),
    /// Adds an element at the end of a list.
    Push(Vec<String>, Value),
}

/// A file with the places of its values.
pub(super) struct Sheet<'c> {
    pub(super) name: &'c str,
    pub(super) text: &'c str,
    pub(super) root: Outline,
}

/// Indices of children from the root down.
type Trail = Vec<usize>;

/// A child of a collection: its key, where it has one, and itself.
type Child<'o> = (Option<&'o Outline>, &'o Outline);

/// The texts after all edits, in the order of the sheets.
pub(super) fn apply(sheets: &[Sheet<'_>], edits: &[Edit]) -> Result<Vec<String>, Refusal> {
    let mut by_file: BTreeMap<usize, Vec<(Trail, &Edit)>> = BTreeMap::new();
    for edit in edits {
        let (Edit::Set(path, _)
        | Edit::Remove(path)
        | Edit::Rename(path, _)
        | Edit::Insert(path, ..)
        | Edit::Push(path, _)) = edit;
        let (file, trail) = find(sheets, path).ok_or_else(|| lost(sheets, path))?;
        by_file.entry(file).or_default().push((trail, edit));
    }
    let text = |(file, sheet): (usize, &Sheet<'_>)| match by_file.get(&file) {
        Some(edits) => Hand { sheet, page: Page::new(sheet.text) }.edit(edits),
        None => Ok(sheet.text.to_owned()),
    };
    sheets.iter().enumerate().map(text).collect()
}

/// The file that has the whole path; of several, the last.
pub(super) fn find(sheets: &[Sheet<'_>], path: &[String]) -> Option<(usize, Trail)> {
    let trail = |sheet: &Sheet<'_>| {
        let mut here = &sheet.root;
        let mut trail = Trail::new();
        for step in path {
            let at = match &here.content {
                Content::Map(entries) => entries.iter().position(|(key, _)| key.text() == Some(step))?,
                Content::List(_) => step.parse().ok()?,
                _ => return None,
            };
            here = children(here).get(at)?.1;
            trail.push(at);
        }
        Some(trail)
    };
    sheets.iter().enumerate().rev().find_map(|(file, sheet)| Some((file, trail(sheet)?)))
}

/// Why a path is in no file: it leads through an alias, or there is nothing.
fn lost(sheets: &[Sheet<'_>], path: &[String]) -> Refusal {
    let aliased = |sheet: &&Sheet<'_>| {
        let mut here = &sheet.root;
        for step in path {
            let at = step.parse::<usize>().ok();
            let Some(next) = here.get(step).or_else(|| here.elements().get(at?)) else { break };
            here = next;
        }
        matches!(here.content, Content::Alias)
    };
    match sheets.iter().find(aliased) {
        Some(sheet) => Refusal::alias(sheet.name, &path.join(".")),
        None => Refusal::lost(path),
    }
}

pub(super) fn children(outline: &Outline) -> Vec<Child<'_>> {
    match &outline.content {
        Content::Map(entries) => entries.iter().map(|(key, value)| (Some(key), value)).collect(),
        Content::List(elements) => elements.iter().map(|element| (None, element)).collect(),
        _ => Vec::new(),
    }
}

/// Edits one file.
struct Hand<'s> {
    sheet: &'s Sheet<'s>,
    page: Page<'s>,
}

impl<'s> Hand<'s> {
    fn edit(&self, edits: &[(Trail, &Edit)]) -> Result<String, Refusal> {
        let removed = self.removals(edits);
        let mut splices = Vec::new();
        let gone = |trail: &Trail| (1..=trail.len()).any(|depth| removed.contains(&trail[..depth]));
        for (trail, edit) in edits {
            self.check(trail, matches!(edit, Edit::Remove(_)))?;
            if gone(trail) {
                continue;
            }
            match edit {
                Edit::Set(_, value) => self.set(trail, value, &mut splices)?,
                Edit::Rename(_, key) => splices.extend(self.rename(trail, key)),
                Edit::Insert(_, key, value) => splices.push(self.insert(trail, &removed, key, value)?),
                Edit::Push(_, value) => splices.push(self.push(trail, &removed, value)?),
                Edit::Remove(_) => {}
            }
        }
        let parents: BTreeSet<&[usize]> =
            removed.iter().filter_map(|trail| Some(trail.split_last()?.1)).collect();
        for parent in parents {
            let here: BTreeSet<usize> = removed
                .iter()
                .filter_map(|trail| trail.split_last())
                .filter(|(_, above)| *above == parent)
                .map(|(at, _)| *at)
                .collect();
            self.check(parent, false)?;
            self.remove(self.at(parent).1, &here, &mut splices)?;
        }
        splice(self.page.text, splices).ok_or_else(|| self.tangled())
    }

    /// What goes: what was asked for, and collections that are left with nothing.
    fn removals(&self, edits: &[(Trail, &Edit)]) -> BTreeSet<Trail> {
        let asked = edits.iter().filter(|(_, edit)| matches!(edit, Edit::Remove(_)));
        let mut removed: BTreeSet<Trail> = asked.map(|(trail, _)| trail.clone()).collect();
        let fed: BTreeSet<&Trail> = edits
            .iter()
            .filter(|(_, edit)| matches!(edit, Edit::Insert(..) | Edit::Push(..)))
            .map(|(trail, _)| trail)
            .collect();
        let mut above: Vec<Trail> = removed.iter().cloned().collect();
        while let Some(mut trail) = above.pop() {
            trail.pop();
            let count = children(self.at(&trail).1).len();
            let emptied = (0..count).all(|at| removed.contains(&[&trail[..], &[at]].concat()));
            if emptied && !trail.is_empty() && !fed.contains(&trail) && removed.insert(trail.clone()) {
                above.push(trail);
            }
        }
        // What goes with something above it needs no cut of its own.
        let inner = |trail: &Trail| (1..trail.len()).any(|depth| removed.contains(&trail[..depth]));
        removed.iter().filter(|trail| !inner(trail)).cloned().collect()
    }

    fn at(&self, trail: &[usize]) -> Child<'_> {
        trail.iter().fold((None, &self.sheet.root), |(_, here), &at| children(here)[at])
    }

    /// A value that is written once and meant twice is not ours to change.
    fn check(&self, trail: &[usize], whole: bool) -> Result<(), Refusal> {
        let path = (0..=trail.len()).map(|depth| self.at(&trail[..depth]).1);
        let touched = path.into_iter().any(|outline| outline.shared);
        if touched || whole && has_shared(self.at(trail).1) { Err(self.alias(trail)) } else { Ok(()) }
    }

    fn alias(&self, trail: &[usize]) -> Refusal {
        let keys = (1..=trail.len()).map(|depth| match self.at(&trail[..depth]).0 {
            Some(key) => key.text().unwrap_or_default().to_owned(),
            None => trail[depth - 1].to_string(),
        });
        let path = keys.collect::<Vec<_>>().join(".");
        Refusal::alias(self.sheet.name, &path)
    }

    fn tangled(&self) -> Refusal {
        Refusal::tangled(self.sheet.name)
    }

    fn rename(&self, trail: &[usize], key: &str) -> Option<Splice> {
        let old = self.at(trail).0?;
        let quotes = Quotes::of(&self.page.text[old.span.clone()]);
        Some(Splice::new(old.span.clone(), scalar::write(key, quotes)))
    }

    fn set(&self, trail: &[usize], value: &Value, splices: &mut Vec<Splice>) -> Result<(), Refusal> {
        let (key, old) = self.at(trail);
        let new = match (value, &old.content) {
            (Value::String(text), Content::Scalar(_)) if text != "off" => {
                let source = &self.page.text[old.span.clone()];
                let bare_dates = source.parse::<Date>().is_ok() && text.parse::<Date>().is_ok();
                if bare_dates { text.clone() } else { scalar::write(text, Quotes::of(source)) }
            }
            _ => render::flow(value),
        };
        match old.content {
            Content::Scalar(_) => splices.push(Splice::new(self.page.scalar_span(key, old), new)),
            _ if old.flow => splices.push(Splice::new(old.span.clone(), new)),
            _ => {
                // The value moves up to its key; what follows the key on that line stays.
                let key = key.ok_or_else(|| self.tangled())?;
                let colon = self.page.colon(key).ok_or_else(|| self.tangled())?;
                splices.push(Splice::new(colon + 1..colon + 1, format!(" {new}")));
                let end = self.page.end(Some(key), old);
                splices.push(Splice::cut(self.page.line_end(colon)..self.page.line_end(end)));
            }
        }
        Ok(())
    }

    fn remove(
        &self,
        parent: &Outline,
        gone: &BTreeSet<usize>,
        splices: &mut Vec<Splice>,
    ) -> Result<(), Refusal> {
        let children = children(parent);
        if parent.flow {
            return self.remove_flow(&children, gone, splices);
        }
        for &at in gone {
            let (key, value) = children[at];
            let start = match key {
                Some(key) => key.span.start,
                None => self.page.dash(value).ok_or_else(|| self.tangled())?,
            };
            let line = self.page.line_start(start);
            let end = self.page.next_line(self.page.end(key, value));
            if self.page.text[line..start].trim_start_matches('\u{feff}').trim().is_empty() {
                splices.push(Splice::cut(self.page.with_blank(start.min(line), end)));
            } else {
                // The first key after a dash: the next one moves up to it.
                let next = (at + 1..children.len()).find(|next| !gone.contains(next));
                let (next, _) = next.map(|next| children[next]).ok_or_else(|| self.tangled())?;
                splices.push(Splice::cut(start..next.map_or(end, |next| next.span.start)));
            }
        }
        Ok(())
    }

    /// Cuts elements between brackets, each with the comma in front; leading ones with that behind.
    fn remove_flow(
        &self,
        children: &[Child<'_>],
        gone: &BTreeSet<usize>,
        splices: &mut Vec<Splice>,
    ) -> Result<(), Refusal> {
        if children.iter().any(|(_, value)| matches!(value.content, Content::Alias)) {
            return Err(self.tangled());
        }
        let leading = (0..children.len()).take_while(|at| gone.contains(at)).count();
        if leading == children.len() {
            return Err(self.tangled());
        }
        if leading > 0 {
            let start = children[0].0.map_or(children[0].1.span.start, |key| key.span.start);
            let rest = &self.page.text[children[leading - 1].1.span.end..];
            let comma = rest.find(',').ok_or_else(|| self.tangled())? + 1;
            let space = rest[comma..].len() - rest[comma..].trim_start().len();
            splices.push(Splice::cut(start..children[leading - 1].1.span.end + comma + space));
        }
        for &at in gone.iter().filter(|at| **at >= leading) {
            splices.push(Splice::cut(children[at - 1].1.span.end..children[at].1.span.end));
        }
        Ok(())
    }

    fn insert(
        &self,
        trail: &[usize],
        removed: &BTreeSet<Trail>,
        key: &str,
        value: &Value,
    ) -> Result<Splice, Refusal> {
        let map = self.at(trail).1;
        let last = self.last_kept(trail, removed);
        let like = render::model(Some(map), None, value);
        if map.flow {
            let key = scalar::write(key, Quotes::None);
            return self.between_brackets(map, last, &format!("{key}: {}", render::flow(value)));
        }
        let Some((first, _)) = map.entries().first() else { return Err(self.tangled()) };
        let entry = self.page.entry(key, value, self.page.column(first.span.start), like);
        self.below(map, last, trail.is_empty(), &entry)
    }

    /// The child that new ones follow.
    fn last_kept(&self, trail: &[usize], removed: &BTreeSet<Trail>) -> Option<Child<'_>> {
        let children = children(self.at(trail).1);
        let stays = |at: &usize| !removed.contains(&[trail, &[*at]].concat());
        (0..children.len()).rev().find(stays).map(|at| children[at])
    }

    fn push(&self, trail: &[usize], removed: &BTreeSet<Trail>, value: &Value) -> Result<Splice, Refusal> {
        let list = self.at(trail).1;
        let last = self.last_kept(trail, removed);
        if list.flow {
            return self.between_brackets(list, last, &render::flow(value));
        }
        let first = list.elements().first().ok_or_else(|| self.tangled())?;
        let dash = self.page.dash(first).ok_or_else(|| self.tangled())?;
        let like = render::model(Some(list), None, value);
        let element = self.page.element(value, self.page.column(dash), like);
        self.below(list, last, false, &element)
    }

    /// New lines after the last entry of a block, set off by a blank line where the others are.
    fn below(
        &self,
        block: &Outline,
        last: Option<Child<'_>>,
        section: bool,
        lines: &str,
    ) -> Result<Splice, Refusal> {
        let (key, value) = last.ok_or_else(|| self.tangled())?;
        let several = block.entries().len().max(block.elements().len()) > 1;
        let line = self.page.line_end(self.page.end(key, value));
        let newline = self.page.newline;
        let gap = if section || several && self.is_set_off(key.unwrap_or(value)) { newline } else { "" };
        Ok(Splice::new(line..line, format!("{newline}{gap}{lines}")))
    }

    /// Whether there is a blank line above an entry and its comments.
    fn is_set_off(&self, entry: &Outline) -> bool {
        let above = &self.page.text[..self.page.line_start(entry.span.start)];
        above.lines().rev().map(str::trim).find(|line| !line.starts_with('#')) == Some("")
    }

    /// A new last element between brackets, on a line of its own where the last one is.
    fn between_brackets(
        &self,
        flow: &Outline,
        last: Option<Child<'_>>,
        new: &str,
    ) -> Result<Splice, Refusal> {
        if last.is_none() && !children(flow).is_empty() {
            return Err(self.tangled());
        }
        let Some((key, value)) = last else {
            let inside = flow.span.start + 1..flow.span.end - 1;
            return Ok(Splice::new(inside, new.to_owned()));
        };
        if matches!(value.content, Content::Alias) {
            return Err(self.tangled());
        }
        let start = key.unwrap_or(value).span.start;
        let line = self.page.line_start(start);
        let indent = &self.page.text[line..start];
        let gap =
            if indent.trim().is_empty() { format!("{}{indent}", self.page.newline) } else { " ".to_owned() };
        let end = self.page.end(key, value);
        Ok(Splice::new(end..end, format!(",{gap}{new}")))
    }
}

fn has_shared(outline: &Outline) -> bool {
    outline.shared && !matches!(outline.content, Content::Alias)
        || children(outline).into_iter().any(|(_, child)| has_shared(child))
}
