//! Licence codes: what each orders, where, how, and until when.
//!
//! Codes are retired, renumbered and tied to regions, so they are data with dates and never constants. A table
//! ships with the program; the section `codes` of a configuration adds to it.

mod spec;

use std::{collections::BTreeMap, fmt, sync::OnceLock};

use serde::Deserialize;

pub(crate) use spec::{CodeSpec, Host, OrderFunction};

use crate::{
    language::t,
    model::{Date, Mark, Name, Period},
};

/// The shipped table, laid out as a configuration.
const SHIPPED: &str = include_str!("../../data/licence-codes.yaml");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Shipped {
    #[expect(dead_code, reason = "the file is a configuration, which says its version")]
    version: u32,
    codes: BTreeMap<Name, CodeSpec>,
}

fn shipped() -> &'static BTreeMap<Name, CodeSpec> {
    static SHIPPED_CODES: OnceLock<BTreeMap<Name, CodeSpec>> = OnceLock::new();
    SHIPPED_CODES.get_or_init(|| {
        let table: Shipped = serde_yaml::from_str(SHIPPED).expect("a test reads the shipped table");
        table.codes
    })
}

/// Whether the shipped table has the code.
pub(crate) fn is_shipped(code: &str) -> bool {
    shipped().keys().any(|known| known.as_str() == code)
}

/// All codes that are known to a configuration.
#[derive(Clone, Debug)]
pub(crate) struct CodeTable(BTreeMap<Name, CodeEntry>);

/// A code and what is known of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct CodeEntry {
    pub(crate) code: Name,
    spec: CodeSpec,
    /// Product of the successor, where that is known.
    successor_product: Option<Name>,
}

impl CodeTable {
    /// The shipped table with a configuration's own codes laid over it, field by field.
    pub(crate) fn with(own: &BTreeMap<Name, CodeSpec>) -> Self {
        let mut specs = shipped().clone();
        for (code, spec) in own {
            let known = specs.remove(code).unwrap_or_default();
            specs.insert(code.clone(), laid_over(spec, known));
        }
        let entries = specs.iter().map(|(code, spec)| {
            let successor = spec.successor.as_ref().and_then(|code| specs.get(code));
            let successor_product = successor.and_then(|successor| successor.product.clone());
            (code.clone(), CodeEntry { code: code.clone(), spec: spec.clone(), successor_product })
        });
        Self(entries.collect())
    }

    pub(crate) fn lookup(&self, code: &str) -> Option<&CodeEntry> {
        self.0.iter().find(|(known, _)| known.as_str() == code).map(|(_, entry)| entry)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &CodeEntry> {
        self.0.values()
    }

    /// The codes that differ from this text in one character: mistyped, swapped, left out or too much.
    pub(crate) fn nearest(&self, code: &str) -> Vec<&CodeEntry> {
        let one_off = |entry: &&CodeEntry| strsim::osa_distance(entry.code.as_str(), code) == 1;
        self.iter().filter(one_off).collect()
    }
}

/// What `own` says, and what it leaves out as it was known.
fn laid_over(own: &CodeSpec, known: CodeSpec) -> CodeSpec {
    let own = own.clone();
    // How sure the old successor was says nothing of a new one.
    let known_mark = known.successor_mark.filter(|_| own.successor.is_none());
    CodeSpec {
        product: own.product.or(known.product),
        vendor: own.vendor.or(known.vendor),
        order: own.order.or(known.order),
        endpoints: own.endpoints.or(known.endpoints),
        periods: own.periods.or(known.periods),
        nodes: own.nodes.or(known.nodes),
        sold_until: own.sold_until.or(known.sold_until),
        renewed_until: own.renewed_until.or(known.renewed_until),
        successor: own.successor.or(known.successor),
        successor_mark: own.successor_mark.or(known_mark),
        note: own.note.or(known.note),
        source: own.source.or(known.source),
        mark: own.mark.or(known.mark),
    }
}

impl CodeEntry {
    /// What is licensed; the code itself where nobody has said.
    pub(crate) fn product(&self) -> &str {
        self.spec.product.as_ref().unwrap_or(&self.code).as_str()
    }

    pub(crate) fn order(&self) -> Option<OrderFunction> {
        self.spec.order
    }

    /// Hosts of the licence servers that sell it; none where that is not known.
    pub(crate) fn endpoints(&self) -> impl Iterator<Item = &str> {
        self.spec.endpoints.iter().flatten().map(Host::as_str)
    }

    /// The periods it can be ordered for; nothing where that is not known.
    pub(crate) fn periods(&self) -> Option<impl Iterator<Item = Period>> {
        self.spec.periods.as_ref().map(|periods| periods.iter().copied())
    }

    /// The parameter of the order that takes the number of nodes.
    pub(crate) fn nodes(&self) -> Option<&str> {
        self.spec.nodes.as_ref().map(Name::as_str)
    }

    pub(crate) fn sold_until(&self) -> Option<Date> {
        self.spec.sold_until
    }

    pub(crate) fn renewed_until(&self) -> Option<Date> {
        self.spec.renewed_until
    }

    /// The code that takes its place, and how sure that is.
    pub(crate) fn successor(&self) -> Option<(&str, Mark)> {
        let code = self.spec.successor.as_ref()?;
        Some((code.as_str(), self.spec.successor_mark.unwrap_or(self.mark())))
    }

    pub(crate) fn source(&self) -> Option<&str> {
        self.spec.source.as_ref().map(Name::as_str)
    }

    pub(crate) fn mark(&self) -> Mark {
        self.spec.mark.unwrap_or(Mark::Documented)
    }

    /// Whether it can no longer be ordered.
    pub(crate) fn is_retired(&self, today: Date) -> bool {
        self.spec.sold_until.is_some_and(|end| end <= today)
    }

    /// One sentence, without the code itself: what it is, whether it is sold, and what takes its place.
    pub(crate) fn sentence(&self, today: Date) -> String {
        Sentence { entry: self, today }.to_string()
    }
}

struct Sentence<'a> {
    entry: &'a CodeEntry,
    today: Date,
}

impl fmt::Display for Sentence<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let entry = self.entry;
        match entry.sold_until() {
            Some(end) if end <= self.today => {
                out.write_str(&t!("retired {end} ({product})", end = end, product = entry.product()))?;
            }
            Some(end) => {
                out.write_str(&t!("{product}, sold until {end}", product = entry.product(), end = end))?;
            }
            None => write!(out, "{}", entry.product())?,
        }
        if entry.mark() != Mark::Documented {
            write!(out, " ({})", entry.mark())?;
        }
        if let Some((code, mark)) = entry.successor() {
            out.write_str(&t!(", successor {code}", code = code))?;
            let product = entry.successor_product.iter().map(ToString::to_string);
            let mark = (mark != Mark::Documented).then(|| mark.to_string());
            let about: Vec<String> = product.chain(mark).collect();
            if !about.is_empty() {
                write!(out, " ({})", about.join("; "))?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
