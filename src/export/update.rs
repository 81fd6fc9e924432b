//! Rounds of edits, until the configuration plans empty.

use std::path::Path;

use serde_yaml::Value;

use super::{
    Refusal, additions,
    edit::{self, Sheet},
    fresh,
    names::Names,
    render::Page,
    reverse::Reverse,
};
use crate::{
    config::{self, Config},
    format,
    kinds::Snapshot,
    language::t,
    plan::{self, Action, Change, Plan},
    reconcile::{self, Ask, Review},
    source::Problem,
};

/// One difference may bring up another: an item renamed, then its prices. More rounds than that can be.
const MOST_ROUNDS: usize = 8;

/// The files after an update.
#[derive(Debug)]
pub(crate) struct Updated {
    /// All files by name, as they are to be.
    pub(crate) files: Vec<(String, String)>,
    /// Those that differ from what was read, with the text that was read; none where the file is new.
    pub(crate) changed: Vec<(String, Option<String>)>,
    /// How many things cannot be managed on this panel, and stay as they are written.
    pub(crate) unmanaged: usize,
    /// Prices that the panel has otherwise, and whose rules stay in the files all the same.
    pub(crate) kept: Vec<String>,
}

/// Why there is no update.
#[derive(Debug)]
pub(crate) enum Trouble {
    /// The configuration does not fit the panel in a way that is not for us to settle.
    Live(Vec<Problem>),
    Refused(Refusal),
}

impl From<Refusal> for Trouble {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

/// A full reading of the panel that knows the names which the configuration uses: some are read only
/// where they are asked for.
pub(crate) fn with_names(mut full: Snapshot, asked: &Snapshot) -> Snapshot {
    for tariff in &mut full.catalogue.tariffs {
        let same = asked.catalogue.tariffs.iter().find(|other| other.id == tariff.id);
        for name in same.into_iter().flat_map(|other| &other.names) {
            if !tariff.names.contains(name) {
                tariff.names.push(name.clone());
            }
        }
    }
    for (product_type, modules) in &asked.catalogue.modules {
        full.catalogue.modules.entry(product_type.clone()).or_insert_with(|| modules.clone());
    }
    full
}

/// Edits a configuration so that it plans empty. It keeps its scope: objects that it does not mention
/// stay unmentioned, but for those that `prune` would delete; with `all` they are added.
pub(crate) fn update(
    directory: &Path,
    config: Config,
    snapshot: &Snapshot,
    all: bool,
) -> Result<Updated, Trouble> {
    let before: Vec<(String, String)> = texts(&config);
    let (mut config, mut add_all) = (config, all);
    let mut review = reconcile::review(&config, snapshot, &Ask::default()).map_err(Trouble::Live)?;
    for _ in 0..MOST_ROUNDS {
        let add = add_all && is_settled(&review.plan);
        if is_settled(&review.plan) && !add {
            break;
        }
        add_all &= !add;
        let files = round(directory, &config, snapshot, &review, add)?;
        if files == texts(&config) {
            continue;
        }
        config = config::load_texts(files).map_err(|problems| Refusal::unfit(problems.iter().next()))?;
        review = reconcile::review(&config, snapshot, &Ask::default())
            .map_err(|problems| Refusal::unfit(problems.first()))?;
    }
    if !is_settled(&review.plan) {
        let left = review.plan.changes.iter().filter(|change| !is_kept(change));
        let objects = left.map(|change| change.object.to_string()).take(5);
        let objects = objects.collect::<Vec<_>>().join(", ");
        return Err(Refusal::not_faithful(t!(
            "the edited files would not plan empty: {objects}",
            objects = objects
        ))
        .into());
    }
    let plan = &review.plan;
    let updated = compare(&before, texts(&config));
    Ok(Updated { unmanaged: plan.unmanaged.len(), kept: kept(plan), ..updated })
}

pub(super) fn texts(config: &Config) -> Vec<(String, String)> {
    config.sources.outlines().map(|(name, text, _)| (name.to_owned(), text.to_owned())).collect()
}

/// Whether there is nothing left to edit.
fn is_settled(plan: &Plan) -> bool {
    plan.changes.iter().all(is_kept)
}

/// Whether the panel only has other amounts than those that rules make. The rules stay: what was meant by them
/// is not to be told from the panel.
fn is_kept(change: &Change) -> bool {
    change.action == Action::Update && change.fields.iter().all(|field| field.formula.is_some())
}

/// Says of each price that keeps its rule what the panel has instead.
fn kept(plan: &Plan) -> Vec<String> {
    let words = |change: &Change| {
        let fields = change.fields.iter().map(|field| {
            let shown = |value: &Option<plan::Value>| {
                value.as_ref().map_or_else(|| t!("of a value" => "nothing"), ToString::to_string)
            };
            t!(
                "{field} is {configured}, and the panel has {actual}",
                field = field.field,
                configured = shown(&field.after),
                actual = shown(&field.before)
            )
        });
        t!(
            "{object} keeps `cost_plus`: {fields}",
            object = change.object,
            fields = fields.collect::<Vec<_>>().join("; ")
        )
    };
    plan.changes.iter().filter(|change| is_kept(change)).map(words).collect()
}

/// What is to be written, beside what was there.
pub(super) fn compare(before: &[(String, String)], files: Vec<(String, String)>) -> Updated {
    let old = |name: &str| before.iter().find(|(known, _)| known == name).map(|(_, text)| text);
    let mut files = files;
    for (name, text) in &mut files {
        // Additions stand behind what is there; in a file that was in the usual layout they go to their places.
        let tidy = old(name).is_some_and(|old| old != text && format::tidy(old.clone()) == *old);
        if tidy {
            *text = format::tidy(std::mem::take(text));
        }
    }
    let changed = files
        .iter()
        .filter(|(name, text)| old(name) != Some(text))
        .map(|(name, _)| (name.clone(), old(name).cloned()))
        .collect();
    Updated { files, changed, unmanaged: 0, kept: Vec::new() }
}

/// The texts after one round: first what has to be there for others to refer to, then the rest.
fn round(
    directory: &Path,
    config: &Config,
    snapshot: &Snapshot,
    review: &Review,
    all: bool,
) -> Result<Vec<(String, String)>, Refusal> {
    let outlines = config.sources.outlines();
    let sheets: Vec<Sheet<'_>> = outlines.map(|(name, text, root)| Sheet { name, text, root }).collect();
    let names = Names { wanted: &review.wanted, snapshot };
    let tree = additions::tree(review, names, all);
    let (mut edits, sections) = additions::edits(&sheets, &tree);
    if edits.is_empty() && sections.is_empty() {
        edits = Reverse { config, sheets: &sheets, review, names }.edits();
    }
    let texts = edit::apply(&sheets, &edits)?;
    let mut files: Vec<(String, String)> =
        sheets.iter().map(|sheet| sheet.name.to_owned()).zip(texts).collect();
    for (section, value) in &sections {
        add_section(directory, &mut files, section, value)?;
    }
    Ok(files)
}

/// A section that no file has goes to the file an export from nothing would write it to.
fn add_section(
    directory: &Path,
    files: &mut Vec<(String, String)>,
    section: &Value,
    value: &Value,
) -> Result<(), Refusal> {
    let key = section.as_str().unwrap_or_default().to_owned();
    let known = fresh::SECTIONS.iter().find(|(known, _)| *known == key);
    let name = directory.join(known.map_or("configuration.yaml", |(_, name)| *name)).display().to_string();
    if let Some((_, text)) = files.iter_mut().find(|(known, _)| *known == name) {
        let page = Page::new(text);
        let entry = page.entry(&key, value, 0, None);
        let (newline, body) = (page.newline, text.trim_end());
        *text = format!("{body}{newline}{newline}{entry}{newline}");
        return Ok(());
    }
    files.push((name, fresh::text(&[(&key, value)]).map_err(Refusal::not_faithful)?));
    files.sort();
    Ok(())
}
