//! Arguments of `simulate`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use jiff::civil;

use super::{Data, PanelArgs, ReportTo, parse_report};
use crate::{
    language::t,
    licence::{Readings, WithoutRow},
    model::Period,
    report::SimulationFormat,
};

#[derive(Debug, Args)]
pub(crate) struct Simulate {
    #[command(subcommand)]
    pub(crate) command: SimulateCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum SimulateCommand {
    /// Say which licence one sale orders, for how long, and what it earns
    #[command(
        after_help = "Examples:\n  billform simulate order config/ --tariff vds-start --panel 55227 --period 3m\n  \
                            billform simulate order plan.json --tariff vds-start --panel 55227 --period 3m --at 2027-01-01"
    )]
    Order(Box<SimulateOrder>),
    /// Play months of orders, renewals and cancellations, and show the books
    #[command(after_help = "Examples:\n  billform simulate run scenario.yaml config/\n  \
                            billform simulate run scenario.yaml config/ --compare main/ --report html=simulation.html\n  \
                            billform simulate run scenario.yaml plan.json --format csv > ledger.csv\n\n\
                            `billform schema scenario` describes scenarios.")]
    Run(Box<SimulateRun>),
}

#[derive(Debug, Args)]
pub(crate) struct SimulateOrder {
    /// The configuration: a YAML file or a directory; or a saved plan (*.json), for before and after it
    #[arg(value_name = "PATH|PLAN")]
    pub(crate) path: PathBuf,
    /// Tariff plan that the client orders, as the configuration names it
    #[arg(long, value_name = "KEY")]
    pub(crate) tariff: String,
    /// Panel that the client chooses: a licence code, or nopanel
    #[arg(long, value_name = "CODE")]
    pub(crate) panel: String,
    /// Period that the client pays for, like 3m
    #[arg(long)]
    pub(crate) period: Period,
    /// Day of the order [default: today]
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub(crate) at: Option<civil::Date>,
    /// Currency of prices and costs [default: the one the account is charged in, or most prices are in]
    #[arg(long, value_name = "CODE")]
    pub(crate) currency: Option<String>,
    #[command(flatten)]
    pub(crate) readings: ReadingArgs,
    /// How the answer is written
    #[arg(long, value_enum, default_value_t = Data::Text)]
    pub(crate) format: Data,
    /// Answer for the live panel as it is now, as far as the configuration mentions it
    #[arg(long)]
    pub(crate) live: bool,
    /// Ask the licence servers what licences cost and for which periods they are sold, in place of `costs`
    #[arg(long)]
    pub(crate) upstream: bool,
    #[command(flatten)]
    pub(crate) connection: PanelArgs,
}

#[derive(Debug, Args)]
pub(crate) struct SimulateRun {
    /// The scenario: a YAML file
    pub(crate) scenario: PathBuf,
    /// The configuration: a YAML file or a directory; or a saved plan (*.json), compared with what is there before it
    #[arg(value_name = "PATH|PLAN")]
    pub(crate) path: PathBuf,
    /// Play the same clients on another configuration, too, and show both side by side
    #[arg(long, value_name = "PATH")]
    pub(crate) compare: Option<PathBuf>,
    /// How the books are written to standard output; csv is the ledger, with a row for each event
    #[arg(long, value_enum, default_value_t = SimulationFormat::Text)]
    pub(crate) format: SimulationFormat,
    /// Write the books to a file too (repeatable)
    #[arg(long, value_name = "FORMAT=FILE", value_parser = parse_report::<SimulationFormat>)]
    pub(crate) report: Vec<ReportTo<SimulationFormat>>,
    /// Play on the live panel as it is now, as far as the configuration mentions it
    #[arg(long)]
    pub(crate) live: bool,
    /// Ask the licence servers what licences cost and for which periods they are sold, in place of `costs`
    #[arg(long)]
    pub(crate) upstream: bool,
    #[command(flatten)]
    pub(crate) connection: PanelArgs,
}

/// How to read what no public page decides.
#[derive(Clone, Debug, Args)]
pub(crate) struct ReadingArgs {
    /// How to read an open question (repeatable): release_restarts_cooldown=yes|no,
    /// renewal_without_row=one_month|same_period, target_not_offered=error|smallest, trial_days=N
    #[arg(long = "reading", value_name = "NAME=VALUE", value_parser = reading)]
    readings: Vec<Reading>,
}

#[derive(Clone, Copy, Debug)]
enum Reading {
    ReleaseRestarts(bool),
    WithoutRow(WithoutRow),
    NotOfferedFails(bool),
    TrialDays(u16),
}

impl ReadingArgs {
    /// The readings, the usual ones where nothing else is said.
    pub(crate) fn over(&self, mut readings: Readings) -> Readings {
        for reading in &self.readings {
            match *reading {
                Reading::ReleaseRestarts(yes) => readings.release_restarts_cooldown = yes,
                Reading::WithoutRow(without) => readings.renewal_without_row = without,
                Reading::NotOfferedFails(fails) => readings.not_offered_fails = fails,
                Reading::TrialDays(days) => readings.trial_days = days,
            }
        }
        readings
    }
}

fn reading(text: &str) -> Result<Reading, String> {
    let parsed = match text.split_once('=') {
        Some(("release_restarts_cooldown", "yes")) => Some(Reading::ReleaseRestarts(true)),
        Some(("release_restarts_cooldown", "no")) => Some(Reading::ReleaseRestarts(false)),
        Some(("renewal_without_row", "one_month")) => Some(Reading::WithoutRow(WithoutRow::OneMonth)),
        Some(("renewal_without_row", "same_period")) => Some(Reading::WithoutRow(WithoutRow::SamePeriod)),
        Some(("target_not_offered", "error")) => Some(Reading::NotOfferedFails(true)),
        Some(("target_not_offered", "smallest")) => Some(Reading::NotOfferedFails(false)),
        Some(("trial_days", days)) => days.parse().ok().filter(|days| *days > 0).map(Reading::TrialDays),
        _ => None,
    };
    parsed.ok_or_else(|| t!("not a reading; write one of those that the help lists"))
}

/// A day as `YYYY-MM-DD`.
pub(crate) fn date(text: &str) -> Result<civil::Date, String> {
    let day = text.parse::<civil::Date>().ok().filter(|day| day.to_string() == text);
    day.ok_or_else(|| t!("not a day; write it like 2026-12-01"))
}
