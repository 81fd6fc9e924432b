//! The stages in their order, and the checked configuration they end in.

use std::path::Path;

use super::{
    build, codes, explain,
    fault::{Fault, pointer},
    merge::Merged,
    outline::Outline,
    problem::{Files, Problem, Problems},
    references, schema, source,
    source::Source,
    tree::{Found, Tree},
    typed,
};
use crate::{kinds::ConfigSpec, plan::Origin};

/// A configuration that passed all offline checks, with the places of everything in it.
pub(crate) struct Config {
    pub(crate) spec: ConfigSpec,
    sources: Vec<Source>,
    trees: Vec<Option<Tree>>,
}

/// Which part of an entry to underline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum At {
    Key,
    Value,
}

/// Reads a file, or all `*.yaml` and `*.yml` files of a directory in sorted order, and checks them.
pub(crate) fn load(path: &Path) -> Result<Config, Problems> {
    let (sources, problems) = source::read(path);
    check(sources, problems)
}

/// Checks texts that were read elsewhere, given as shown name and text.
pub(crate) fn load_texts(files: Vec<(String, String)>) -> Result<Config, Problems> {
    check(files.into_iter().map(|(name, text)| Source::new(name, &text)).collect(), Vec::new())
}

fn check(sources: Vec<Source>, unread: Vec<Problem>) -> Result<Config, Problems> {
    let mut faults = Vec::new();
    let trees: Vec<Option<Tree>> = (sources.iter().enumerate())
        .map(|(file, source)| build::parse(file, &source.text).map_err(|found| faults.extend(found)).ok())
        .collect();
    let mut specs = Vec::with_capacity(trees.len());
    for (file, tree) in trees.iter().enumerate() {
        let Some(tree) = tree else { continue };
        match check_one(file, tree) {
            Ok(spec) => specs.push(spec),
            Err(found) => faults.extend(found),
        }
    }
    let (merged, twice) = Merged::of(&trees);
    faults.extend(twice);
    faults.extend(references::check(&merged, unread.is_empty() && trees.iter().all(Option::is_some)));
    if !faults.is_empty() || !unread.is_empty() {
        return Err(Problems::new(&Files { sources: &sources, trees: &trees }, unread, faults));
    }
    Ok(Config { spec: specs.into_iter().reduce(join).unwrap_or_default(), sources, trees })
}

/// JSON Schema, then types. Where the schema is content the types are, too: a test holds them together.
fn check_one(file: usize, tree: &Tree) -> Result<ConfigSpec, Vec<Fault>> {
    let (schema, validator) = schema::compiled();
    let faults: Vec<Fault> = (validator.iter_errors(super::json::Item::Node(tree.root())))
        .flat_map(|error| explain::explain(file, tree, schema, &error))
        .collect();
    if !faults.is_empty() {
        return Err(faults);
    }
    typed::read(tree).map_err(|error| {
        let span = error.node.map_or(0..0, |at| {
            let node = tree.nodes[at as usize];
            node.start as usize..node.end as usize
        });
        vec![Fault::new(file, span, codes::INVALID, error.message)]
    })
}

/// Two files as one. No key is in both: [`Merged`] saw to that.
fn join(mut left: ConfigSpec, right: ConfigSpec) -> ConfigSpec {
    let ConfigSpec {
        version: _,
        panel,
        processors,
        enumerations,
        prices,
        period_mappings,
        prune,
        policy,
        dialect,
    } = right;
    left.panel = left.panel.or(panel);
    left.processors.extend(processors);
    left.enumerations.extend(enumerations);
    left.prices.extend(prices);
    left.period_mappings.extend(period_mappings);
    left.prune.extend(prune);
    if left.policy == Default::default() {
        left.policy = policy;
    }
    if left.dialect == Default::default() {
        left.dialect = dialect;
    }
    left
}

impl Config {
    /// Where a value is written; the deepest part of its path that exists.
    pub(crate) fn origin(&self, path: &[&str]) -> Option<Origin> {
        let (file, found) = self.find(path)?;
        let source = &self.sources[file];
        let node = found.key.unwrap_or(found.value);
        let line = u32::try_from(source.line_of(node.span().start)).unwrap_or(u32::MAX);
        Some(Origin { file: source.name.clone(), line })
    }

    /// A problem that another stage found, underlined in the YAML.
    pub(crate) fn problem(
        &self,
        path: &[&str],
        at: At,
        code: &'static str,
        message: String,
        help: Option<String>,
    ) -> Problem {
        let (file, span) = match self.find(path) {
            None => (0, 0..0),
            Some((file, found)) => (file, explain::mark(found, at)),
        };
        let fault = Fault { help, ..Fault::new(file, span, code, message).at(pointer(path.iter().copied())) };
        Problem::of_fault(&Files { sources: &self.sources, trees: &self.trees }, fault)
    }

    /// The names of the files in their order.
    pub(crate) fn files(&self) -> impl Iterator<Item = &str> {
        self.sources.iter().map(|source| source.name.as_str())
    }

    /// The files for those who edit them: name, text, and the places of all values.
    pub(crate) fn outlines(&self) -> impl Iterator<Item = (&str, &str, Outline)> {
        let files = self.sources.iter().zip(&self.trees);
        files.filter_map(|(source, tree)| {
            Some((source.name.as_str(), &*source.text, Outline::of(tree.as_ref()?)))
        })
    }

    fn find(&self, path: &[&str]) -> Option<(usize, Found<'_>)> {
        let deepest = |best: Option<(usize, Found<'_>)>, found: (usize, Found<'_>)| {
            best.is_none_or(|best| found.1.depth > best.1.depth)
        };
        let mut best = None;
        for (file, tree) in self.trees.iter().enumerate() {
            let Some(tree) = tree else { continue };
            let found = (file, tree.walk(path.iter().copied()));
            if deepest(best, found) {
                best = Some(found);
            }
            // A key of a section is in one file only.
            if found.1.depth >= 2 {
                break;
            }
        }
        best
    }
}
