//! Arguments of the commands that read a licence server.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum, builder::NonEmptyStringValueParser};

use super::{Data, LinkArgs, PanelArgs};
use crate::model::Date;

#[derive(Debug, Args)]
pub(crate) struct Costs {
    #[command(subcommand)]
    pub(crate) command: CostsCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum CostsCommand {
    /// Show where `costs` differ from the licence server: exit code 2 on difference
    #[command(
        after_help = "Examples:\n  billform costs diff config/\n  billform costs diff config/ --server licences --format json"
    )]
    Diff(CostsDiff),
    /// Write the licence server's costs into the configuration, where they stand
    #[command(after_help = "Example:\n  billform costs pull config/ && git diff")]
    Pull(CostsPull),
}

#[derive(Debug, Args)]
pub(crate) struct CostsDiff {
    #[command(flatten)]
    pub(crate) from: FromServer,
    /// How the differences are written
    #[arg(long, value_enum, default_value_t = Data::Text)]
    pub(crate) format: Data,
    #[command(flatten)]
    pub(crate) link: LinkArgs,
}

#[derive(Debug, Args)]
pub(crate) struct CostsPull {
    #[command(flatten)]
    pub(crate) from: FromServer,
    #[command(flatten)]
    pub(crate) link: LinkArgs,
}

#[derive(Debug, Args)]
pub(crate) struct Pool {
    #[command(flatten)]
    pub(crate) from: FromServer,
    /// How many days count as soon
    #[arg(long, default_value_t = 30, value_name = "DAYS", value_parser = clap::value_parser!(u32).range(0..=3650))]
    pub(crate) soon: u32,
    /// Day to count from [default: today]
    #[arg(long, value_name = "DATE")]
    pub(crate) at: Option<Date>,
    /// How the pool is written
    #[arg(long, value_enum, default_value_t = PoolFormat::Text)]
    pub(crate) format: PoolFormat,
    #[command(flatten)]
    pub(crate) panel: PanelArgs,
}

/// Text for people, data for programs, a table for spreadsheets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum PoolFormat {
    Text,
    Json,
    Csv,
}

/// Which licence server is read. Its address and login are those of its processor in the configuration.
#[derive(Debug, Args)]
pub(crate) struct FromServer {
    /// A YAML file, or a directory of them
    pub(crate) path: PathBuf,
    /// The licence server: a key under `processors` [default: the only one]
    #[arg(long, value_name = "KEY", value_parser = NonEmptyStringValueParser::new())]
    pub(crate) server: Option<String>,
}
