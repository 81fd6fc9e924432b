//! Arguments of `check` and `explain`.

use std::path::PathBuf;

use clap::{Args, builder::NonEmptyStringValueParser};
use jiff::civil;

use super::{PanelArgs, ReportTo, parse_report, simulate::date};
use crate::report::ProblemFormat;

/// How what is found is written.
#[derive(Clone, Debug, Args)]
pub(crate) struct Findings {
    /// How the result is written to standard output
    #[arg(long, value_enum, default_value_t = ProblemFormat::Text)]
    pub(crate) format: ProblemFormat,
    /// Write the result to a file too, also when it is an error (repeatable)
    #[arg(long, value_name = "FORMAT=FILE", value_parser = parse_report::<ProblemFormat>)]
    pub(crate) report: Vec<ReportTo<ProblemFormat>>,
}

#[derive(Debug, Args)]
pub(crate) struct Check {
    /// A YAML file, or a directory of them
    pub(crate) path: PathBuf,
    #[command(flatten)]
    pub(crate) output: Findings,
    /// Fail on warnings too
    #[arg(long)]
    pub(crate) strict: bool,
    /// Day to check for [default: today]
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub(crate) at: Option<civil::Date>,
    /// Another configuration, of a test panel for example, that must not use the same licence account
    #[arg(long, value_name = "PATH")]
    pub(crate) beside: Option<PathBuf>,
    /// Read the panel, for what depends on what it has now
    #[arg(long)]
    pub(crate) live: bool,
    /// Ask the licence servers what they sell, for which periods and at what cost
    #[arg(long)]
    pub(crate) upstream: bool,
    #[command(flatten)]
    pub(crate) panel: PanelArgs,
}

#[derive(Debug, Args)]
pub(crate) struct Explain {
    /// Code of a check, like L08, or a field of the configuration, like prices.items
    #[arg(value_name = "CODE|FIELD", value_parser = NonEmptyStringValueParser::new())]
    pub(crate) about: String,
}
