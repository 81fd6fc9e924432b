//! The stages in their order, and the checked configuration they end in.

use std::path::Path;

use super::{explain, figures, files, json::Item, merge::Merged, references, schema::Document, typed};
use crate::{
    kinds::{ConfigSpec, Formulas},
    language::t,
    model::Date,
    source::{
        At, Problem, Problems, Sources, codes,
        fault::{Fault, MOST},
        tree::Tree,
    },
};

/// A configuration that passed all offline checks, with the places of everything in it.
pub(crate) struct Config {
    /// What is wanted; prices that are made of costs are amounts by now.
    pub(crate) spec: ConfigSpec,
    pub(crate) sources: Sources,
    /// How those amounts were computed.
    pub(crate) formulas: Formulas,
    /// The day on which it is acted on, by which what it says for a while has ended or not.
    pub(crate) today: Option<Date>,
}

impl Config {
    /// The configuration, unless prices in it were computed with currency rates that are not good for that
    /// day. Whoever acts on prices asks for this.
    pub(crate) fn on(mut self, today: Date) -> Result<Self, Problems> {
        self.today = Some(today);
        let needed = self.formulas.needs_rates.as_ref().zip(self.spec.rates.as_ref());
        let Some(((tariff, item), rates)) = needed else { return Ok(self) };
        let Some(why) = rates.not_good_on(today) else { return Ok(self) };
        let message = t!(
            "the currency rates {why}, and the price of `{item}` on `{tariff}` needs them",
            why = why,
            item = item,
            tariff = tariff
        );
        let help = t!(
            "bring `rates` up to date, with the day in `as_of`; `max_age_days` says how long they are good for"
        );
        let fault = self.sources.fault(&["rates", "as_of"], At::Value, codes::STALE_RATES, message);
        Err(self.sources.problems(Vec::new(), vec![fault.label(t!("the day of the rates")).help(help)]))
    }
}

/// Reads a file, or all `*.yaml` and `*.yml` files of a directory in sorted order, and checks them.
pub(crate) fn load(path: &Path) -> Result<Config, Problems> {
    let (files, problems) = files::read(path);
    check(files, problems)
}

/// Checks texts that were read elsewhere, given as shown name and text.
pub(crate) fn load_texts(files: Vec<(String, String)>) -> Result<Config, Problems> {
    check(files, Vec::new())
}

fn check(files: Vec<files::File>, unread: Vec<Problem>) -> Result<Config, Problems> {
    let (sources, mut faults) = Sources::parse(files);
    let mut specs = Vec::new();
    for (file, source) in sources.iter().enumerate() {
        let Some(tree) = &source.tree else { continue };
        match check_one(file, tree) {
            Ok(spec) => specs.push(spec),
            Err(found) => faults.extend(found),
        }
    }
    let (merged, twice) = Merged::of(&sources);
    faults.extend(twice);
    let complete = unread.is_empty() && sources.iter().all(|source| source.tree.is_some());
    faults.extend(references::check(&merged, complete));
    if !faults.is_empty() || !unread.is_empty() {
        return Err(sources.problems(unread, faults));
    }
    let mut spec = specs.into_iter().reduce(join).unwrap_or_default();
    match figures::compute(&mut spec, &sources) {
        Ok(formulas) => Ok(Config { spec, sources, formulas, today: None }),
        Err(faults) => Err(sources.problems(unread, faults)),
    }
}

/// Reads one file of another sort than a configuration, and checks its format.
pub(crate) fn load_one<T: Document>(path: &Path) -> Result<(T, Sources), Problems> {
    let (files, unread) = match files::read_file(path) {
        Ok(file) => (vec![file], Vec::new()),
        Err(problem) => (Vec::new(), vec![*problem]),
    };
    read_one(files, unread)
}

/// As [`load_one`], for a text that was read elsewhere.
#[cfg(test)]
pub(crate) fn load_one_text<T: Document>(name: &str, text: &str) -> Result<(T, Sources), Problems> {
    read_one(vec![(name.to_owned(), text.to_owned())], Vec::new())
}

fn read_one<T: Document>(files: Vec<files::File>, unread: Vec<Problem>) -> Result<(T, Sources), Problems> {
    let (sources, mut faults) = Sources::parse(files);
    let tree = sources.iter().next().and_then(|source| source.tree.as_ref());
    match tree.map(|tree| check_one(0, tree)) {
        Some(Ok(spec)) => return Ok((spec, sources)),
        Some(Err(found)) => faults.extend(found),
        None => {}
    }
    Err(sources.problems(unread, faults))
}

/// JSON Schema, then types. Where the schema is content the types are, too: a test holds them together.
fn check_one<T: Document>(file: usize, tree: &Tree) -> Result<T, Vec<Fault>> {
    let compiled = T::compiled();
    let faults: Vec<Fault> = (compiled.validator.iter_errors(Item::Node(tree.root())))
        .flat_map(|error| explain::explain(file, tree, compiled.schema(), &error))
        .take(MOST)
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
        costs,
        codes,
        rates,
        checks,
        prune,
        policy,
        ignore,
        notify,
        dialect,
    } = right;
    left.panel = left.panel.or(panel);
    left.processors.extend(processors);
    left.enumerations.extend(enumerations);
    left.prices.extend(prices);
    left.period_mappings.extend(period_mappings);
    left.costs.extend(costs);
    left.codes.extend(codes);
    left.rates = left.rates.or(rates);
    if left.checks == Default::default() {
        left.checks = checks;
    }
    left.prune.extend(prune);
    if left.policy == Default::default() {
        left.policy = policy;
    }
    left.ignore.extend(ignore);
    if left.notify == Default::default() {
        left.notify = notify;
    }
    if left.dialect == Default::default() {
        left.dialect = dialect;
    }
    left
}
