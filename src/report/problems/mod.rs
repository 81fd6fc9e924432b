//! What is wrong with a configuration, in the formats that forges and pipelines show beside its lines.
//!
//! All of them are written from one [`Listing`]. Text and JSON are not here: each command has its own.

mod github;
mod gitlab;
mod junit;
mod sarif;
#[cfg(test)]
mod tests;

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
    fmt, io,
    str::FromStr,
};

use clap::ValueEnum;
use miette::{Diagnostic as _, Severity};
use sha2::{Digest, Sha256};

use super::escape::{cut, visible};
use crate::{language::t, plan::Level, source::Problem};

/// Longest message and longest help. Real ones have a few hundred characters.
const LONGEST: usize = 4000;

/// How what is wrong with a configuration is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum ProblemFormat {
    /// For a terminal or a log.
    #[default]
    Text,
    /// For programs.
    Json,
    /// SARIF 2.1.0, for GitHub code scanning and other viewers.
    Sarif,
    /// JUnit XML, for lists of tests.
    Junit,
    /// Workflow commands, which GitHub and Gitea show as annotations.
    Github,
    /// A Code Quality report for GitLab.
    Gitlab,
}

impl FromStr for ProblemFormat {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        <Self as ValueEnum>::from_str(text, false)
            .map_err(|_| super::not_a_format(text, Self::value_variants()))
    }
}

impl fmt::Display for ProblemFormat {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.pad(match self {
            Self::Text => "text",
            Self::Json => "json",
            Self::Sarif => "sarif",
            Self::Junit => "junit",
            Self::Github => "github",
            Self::Gitlab => "gitlab",
        })
    }
}

/// What one run found wrong.
#[derive(Clone, Debug)]
pub(crate) struct Listing {
    /// The command that looked.
    pub(crate) command: &'static str,
    /// The files of the configuration, as far as they are known.
    pub(crate) files: Vec<String>,
    pub(crate) problems: Vec<Listed>,
    /// How many more there are than are listed.
    pub(crate) more: usize,
    /// What each code stands for.
    pub(crate) rules: BTreeMap<String, Rule>,
    /// What was not looked at, and what else is worth knowing.
    pub(crate) notes: Vec<String>,
    /// What is taken as seriously as that fails the run.
    pub(crate) fails: Level,
    pub(crate) exit_code: u8,
}

/// What a code stands for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Rule {
    /// In one line.
    pub(crate) says: String,
    /// At length, in Markdown.
    pub(crate) page: Option<&'static str>,
}

/// One problem. Paths are relative to where forges look files up.
#[derive(Clone, Debug)]
pub(crate) struct Listed {
    pub(crate) code: String,
    pub(crate) level: Level,
    pub(crate) message: String,
    pub(crate) help: Option<String>,
    /// None where it is about no file: a panel that cannot be reached.
    pub(crate) file: Option<String>,
    /// Line and column, both from 1; none where the file as a whole is the trouble.
    pub(crate) spot: Option<(usize, usize)>,
    /// JSON pointer of the value.
    pub(crate) pointer: Option<String>,
    /// Why it does not count, where it was accepted.
    pub(crate) accepted: Option<String>,
}

impl From<&Problem> for Listed {
    fn from(problem: &Problem) -> Self {
        Self {
            code: problem.code.to_owned(),
            level: match problem.severity() {
                Some(Severity::Advice) => Level::Note,
                Some(Severity::Warning) => Level::Warning,
                Some(Severity::Error) | None => Level::Error,
            },
            message: problem.message.clone(),
            help: problem.help.clone(),
            file: Some(problem.file.clone()),
            spot: problem.spot.as_ref().map(|spot| (spot.line, spot.column)),
            pointer: problem.pointer.clone(),
            accepted: None,
        }
    }
}

impl Listed {
    /// The message, without invisible characters but its own line breaks.
    fn message(&self) -> String {
        lines(&self.message)
    }

    /// The message's first line.
    fn headline(&self) -> String {
        lines(self.message.lines().next().unwrap_or_default())
    }

    fn help(&self) -> Option<String> {
        self.help.as_deref().map(lines)
    }

    /// The message and what to do.
    fn told(&self) -> String {
        match self.help() {
            Some(help) => format!("{}\n{help}", self.message()),
            None => self.message(),
        }
    }
}

impl Listing {
    fn fails(&self, problem: &Listed) -> bool {
        problem.accepted.is_none() && problem.level <= self.fails
    }

    /// What names each problem from one run to the next, though lines move, figures change and another language
    /// is spoken: its code, its file, and the value it is about, or else the names that its message quotes.
    fn fingerprints(&self) -> Vec<String> {
        let mut taken: BTreeMap<String, usize> = BTreeMap::new();
        let of = |problem: &Listed| {
            let pointer = problem.pointer.as_deref().filter(|pointer| !pointer.is_empty());
            let about = pointer.map_or_else(|| quoted(&problem.message), str::to_owned);
            let parts = [&problem.code, problem.file.as_deref().unwrap_or_default(), &about];
            let count = taken.entry(parts.join("\0")).or_default();
            let mut hash = Sha256::new();
            for part in parts.into_iter().chain([count.to_string().as_str()]) {
                hash.update(part.len().to_le_bytes());
                hash.update(part);
            }
            *count += 1;
            hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
        };
        self.problems.iter().map(of).collect()
    }

    /// All files, those of problems too, in the order of their names.
    fn all_files(&self) -> BTreeSet<&str> {
        let of_problems = self.problems.iter().filter_map(|problem| problem.file.as_deref());
        self.files.iter().map(String::as_str).chain(of_problems).collect()
    }

    fn rest(&self) -> Option<String> {
        (self.more > 0).then(|| t!("problems" => "and {n} more errors", n = self.more))
    }
}

/// The names in backticks, which are the same in every language, but for their order.
fn quoted(message: &str) -> String {
    let mut names: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
    names.sort_unstable();
    names.dedup();
    names.join("\0")
}

/// Several lines, each without what cannot be seen, cut where nobody reads on.
fn lines(text: &str) -> String {
    let shown: Vec<Cow<'_, str>> = text.split('\n').map(visible).collect();
    // Neither of these two may stand in XML, and nobody has a use for them.
    let shown = shown.join("\n").replace(['\u{fffe}', '\u{ffff}'], "\u{fffd}");
    cut(&shown, LONGEST).into_owned()
}

/// A path as one that can be seen.
fn shown_path(path: &str) -> String {
    lines(&path.replace('\n', "\\n"))
}

/// Writes a listing in one of the formats that need no more than it; text and JSON are not among them.
pub(crate) fn listing(listing: &Listing, format: ProblemFormat, out: &mut impl io::Write) -> io::Result<()> {
    match format {
        ProblemFormat::Text | ProblemFormat::Json => Ok(()),
        ProblemFormat::Sarif => sarif::write(listing, out),
        ProblemFormat::Junit => junit::write(listing, out),
        ProblemFormat::Github => github::write(listing, out),
        ProblemFormat::Gitlab => gitlab::write(listing, out),
    }
}
