//! What people and programs read: plans, drift and outcomes as text, Markdown and JSON.
//!
//! Everything here writes to a `Write` that it is given and knows neither clock nor environment. Whether
//! there is colour and how wide a line may be is said by [`Style`]. Data only: talk goes to stderr
//! elsewhere.

mod diff;
mod doctor;
mod escape;
mod field;
mod graph;
mod html;
mod json;
mod layout;
mod markdown;
mod matrix;
mod news;
mod order;
mod pool;
mod problems;
mod result;
mod simulation;
#[cfg(test)]
pub(crate) mod tests;
mod text;
mod upstream;
mod value;
mod words;

use std::{fmt, io, str::FromStr};

use clap::ValueEnum;

pub(crate) use doctor::examination;
use graph::Graph;
pub(crate) use json::{schema, write as document};
pub(crate) use markdown::{CommentStyle, Marker, Platform, plan_marker};
pub(crate) use news::{news, news_lines, news_title};
pub(crate) use pool::{csv as pool_csv, text as pool};
pub(crate) use problems::{Listed, Listing, ProblemFormat, Rule, listing};
pub(crate) use simulation::{Played, SimulationFormat, answers, simulation};
pub(crate) use upstream::cost_differences;
use words::Told;

use crate::{
    kinds::ConfigSpec,
    language::t,
    plan::{Outcome, Plan},
};

/// How a report is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For a terminal or a log.
    #[default]
    Text,
    /// For a comment on a pull request.
    Markdown,
    /// For programs; has a schema and a version.
    Json,
    /// A page for a browser, in one file.
    Html,
    /// The graph of what hangs on what, for Graphviz.
    Dot,
    /// The same graph for Mermaid, which forges draw.
    Mermaid,
}

impl FromStr for Format {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        <Self as ValueEnum>::from_str(text, false).map_err(|_| not_a_format(text, Self::value_variants()))
    }
}

impl fmt::Display for Format {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.pad(match self {
            Self::Text => "text",
            Self::Markdown => "markdown",
            Self::Json => "json",
            Self::Html => "html",
            Self::Dot => "dot",
            Self::Mermaid => "mermaid",
        })
    }
}

/// What is said of a word that is none of the formats.
fn not_a_format(text: &str, all: &[impl fmt::Display]) -> String {
    t!("`{text}` is not a format: write {formats}", text = text, formats = alternatives(all))
}

/// Words to choose from: `text, markdown or json`.
fn alternatives(all: &[impl fmt::Display]) -> String {
    let words: Vec<String> = all.iter().map(ToString::to_string).collect();
    match words.split_last() {
        Some((last, first)) if !first.is_empty() => {
            t!("{first} or {last}", first = first.join(", "), last = last)
        }
        _ => words.concat(),
    }
}

/// A plan, and the configuration it was made from where that is at hand: a graph shows what does not change, too.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Subject<'a> {
    plan: &'a Plan,
    spec: Option<&'a ConfigSpec>,
}

impl<'a> Subject<'a> {
    pub(crate) fn new(plan: &'a Plan, spec: &'a ConfigSpec) -> Self {
        Self { plan, spec: Some(spec) }
    }
}

impl<'a> From<&'a Plan> for Subject<'a> {
    fn from(plan: &'a Plan) -> Self {
        Self { plan, spec: None }
    }
}

/// How a report looks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Style {
    /// Whether to write colours; the meaning is the same without.
    pub(crate) color: bool,
    /// Columns of the terminal. Very small and very large ones are taken as 30 and 110.
    pub(crate) width: usize,
    /// Whether to list everything that is left alone, each list that was read, and what waits for what.
    pub(crate) verbose: bool,
    /// What a report in Markdown is for.
    pub(crate) comment: CommentStyle,
}

/// Writes what `apply` would do.
pub(crate) fn plan(
    subject: Subject<'_>,
    format: Format,
    style: &Style,
    out: &mut impl io::Write,
) -> io::Result<()> {
    told(subject, Told::Plan, format, style, out)
}

/// Writes how the panel differs from the configuration. Before is the panel, after the configuration,
/// as in a plan: applying the plan mends the drift.
pub(crate) fn drift(
    subject: Subject<'_>,
    format: Format,
    style: &Style,
    out: &mut impl io::Write,
) -> io::Result<()> {
    told(subject, Told::Drift, format, style, out)
}

fn told(
    subject: Subject<'_>,
    told: Told,
    format: Format,
    style: &Style,
    out: &mut impl io::Write,
) -> io::Result<()> {
    let plan = subject.plan;
    match format {
        Format::Text => text::plan(plan, told, style, out),
        Format::Markdown => out.write_all(markdown::plan(plan, told, style).as_bytes()),
        Format::Json => json::write(plan, out),
        Format::Html => out.write_all(html::plan(subject, told, style).as_bytes()),
        Format::Dot => write!(out, "{}", graph::dot(Graph::of(subject), &title(plan, told))),
        Format::Mermaid => write!(out, "{}", graph::mermaid(&Graph::of(subject), &title(plan, told))),
    }
}

/// A title of bearable length: an address from outside is in it.
fn title(plan: &Plan, told: Told) -> String {
    escape::remark(&words::title(plan, told)).into_owned()
}

/// Writes what came of each object. What draws a plan has no picture of that, and writes text.
pub(crate) fn outcome(
    outcome: &Outcome,
    format: Format,
    style: &Style,
    out: &mut impl io::Write,
) -> io::Result<()> {
    match format {
        Format::Text | Format::Html | Format::Dot | Format::Mermaid => result::text(outcome, style, out),
        Format::Markdown => out.write_all(result::markdown(outcome, style.comment.platform).as_bytes()),
        Format::Json => json::write(outcome, out),
    }
}
