//! Arguments of `check` and `explain`.

use std::path::PathBuf;

use clap::{Args, builder::NonEmptyStringValueParser};
use jiff::civil;

use super::{Data, PanelArgs, simulate::date};

#[derive(Debug, Args)]
pub(crate) struct Check {
    /// A YAML file, or a directory of them
    pub(crate) path: PathBuf,
    /// How the findings are written
    #[arg(long, value_enum, default_value_t = Data::Text)]
    pub(crate) format: Data,
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
    #[command(flatten)]
    pub(crate) panel: PanelArgs,
}

#[derive(Debug, Args)]
pub(crate) struct Explain {
    /// Code of a check, like L08
    #[arg(value_parser = NonEmptyStringValueParser::new())]
    pub(crate) code: String,
}
