//! One file per command: turn arguments into values, call the layers, hand results to `report`.

mod apply;
mod capture;
mod check;
mod comment;
mod connect;
mod costs;
mod demo;
mod diff;
mod doctor;
mod drift;
mod exit;
mod explain;
mod export;
mod files;
mod fmt;
mod found;
mod history;
mod hosting;
mod init;
mod pages;
mod plan;
mod pool;
mod sandbox;
mod saved;
mod schema;
mod secret;
mod simulate;
mod state;
mod today;
mod upstream;
mod validate;

use std::{io::Write as _, process::ExitCode};

use clap::{FromArgMatches, error::ErrorKind};

use crate::{
    cli::{Cli, Command, CostsCommand, Data, HistoryCommand, PoolFormat, SimulateCommand, spoken},
    language::{self, t, tn},
    report::{Format, ProblemFormat, SimulationFormat},
    terminal::Terminal,
};
use exit::{Exit, Stop};

/// Parses the arguments, runs the command, and reports how it ended.
pub(crate) fn main() -> ExitCode {
    language::speak(spoken::asked_language());
    let cli = match parsed() {
        Ok(cli) => cli,
        Err(error) => return usage(&error),
    };
    let terminal = Terminal::new(&cli.talk);
    let json = speaks_json(&cli.command);
    let result = match unknown_variables() {
        Some(stop) => Err(stop),
        None => run(&terminal, &cli.command),
    };
    match result {
        Ok(exit) => exit.into(),
        Err(stop) => ended(&terminal, &stop, json).into(),
    }
}

fn parsed() -> Result<Cli, clap::Error> {
    let mut command = spoken::command();
    let mut matches = command.try_get_matches_from_mut(std::env::args_os())?;
    Cli::from_arg_matches_mut(&mut matches).map_err(|error| error.format(&mut command))
}

fn run(terminal: &Terminal, command: &Command) -> Result<Exit, Stop> {
    match command {
        Command::Validate(args) => validate::run(terminal, args),
        Command::Check(args) => connect::block_on(check::run(terminal, args)),
        Command::Explain(args) => explain::run(terminal, args),
        Command::Plan(args) => connect::block_on(plan::run(terminal, args)),
        Command::Apply(args) => connect::block_on(apply::run(terminal, args)),
        Command::Show(args) => saved::run(terminal, args),
        Command::Comment(args) => connect::block_on(comment::run(terminal, args)),
        Command::History(args) => history::run(terminal, args),
        Command::Rollback(args) => connect::block_on(history::rollback(terminal, args)),
        Command::Fmt(args) => fmt::run(terminal, args),
        Command::Export(args) => connect::block_on(export::run(terminal, args)),
        Command::Drift(args) => connect::block_on(drift::run(terminal, args)),
        Command::Diff(args) => diff::run(terminal, args),
        Command::Simulate(args) => connect::block_on(simulate::run(terminal, args)),
        Command::Costs(args) => connect::block_on(costs::run(terminal, args)),
        Command::Pool(args) => connect::block_on(pool::run(terminal, args)),
        Command::Init(args) => connect::block_on(init::run(terminal, args)),
        Command::Doctor(args) => connect::block_on(doctor::run(terminal, args)),
        Command::Capture(args) => connect::block_on(capture::run(terminal, args)),
        Command::Schema(args) => schema::run(terminal, args),
        Command::Sandbox(args) => sandbox::run(terminal, args),
        Command::Demo(args) => demo::run(terminal, args),
        Command::Completions(args) => pages::completions(terminal, args),
        Command::Man(args) => pages::man(terminal, args),
    }
}

/// clap ends with 2 on wrong usage, which would read as "changes present" here.
fn usage(error: &clap::Error) -> ExitCode {
    let asked = matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion);
    // Nobody is left to tell when the stream is gone.
    let text = spoken::explained(error);
    drop(if error.use_stderr() {
        write!(anstream::stderr(), "{text}")
    } else {
        write!(anstream::stdout(), "{text}")
    });
    if asked { ExitCode::SUCCESS } else { Exit::Usage.into() }
}

/// A mistyped variable would otherwise be ignored in silence.
fn unknown_variables() -> Option<Stop> {
    const KNOWN: [&str; 13] = [
        "BILLFORM_URL",
        "BILLFORM_USER",
        "BILLFORM_PASSWORD",
        "BILLFORM_PASSWORD_FILE",
        "BILLFORM_AUTH",
        "BILLFORM_CONCURRENCY",
        "BILLFORM_CONNECT_TIMEOUT",
        "BILLFORM_TIMEOUT",
        "BILLFORM_PROXY",
        "BILLFORM_CA_FILE",
        "BILLFORM_STATE_DIR",
        "BILLFORM_MARKER",
        "BILLFORM_LANG",
    ];
    let names = std::env::vars_os().filter_map(|(name, _)| name.into_string().ok());
    let mut unknown: Vec<String> =
        names.filter(|name| name.starts_with("BILLFORM_") && !KNOWN.contains(&name.as_str())).collect();
    unknown.sort();
    let first = unknown.first()?;
    let text = t!("the environment variable {name} means nothing to billform", name = first);
    let help = t!("unset it, or correct its name; the variables are {names}", names = KNOWN.join(", "));
    Some(Stop::new(Exit::Usage, "usage::unknown_variable", text, Some(&help)))
}

/// Whether the command's data is asked for as JSON; its errors then are too.
fn speaks_json(command: &Command) -> bool {
    match command {
        Command::Validate(args) => args.output.format == ProblemFormat::Json,
        Command::Check(args) => args.output.format == ProblemFormat::Json,
        Command::Plan(args) => args.output.format == Format::Json,
        Command::Apply(args) => args.output.format == Format::Json,
        Command::Drift(args) => args.output.format == Format::Json,
        Command::Diff(args) => args.output.format == Format::Json,
        Command::Show(args) => args.output.format == Format::Json,
        Command::Rollback(args) => args.output.format == Format::Json,
        Command::Simulate(args) => match &args.command {
            SimulateCommand::Order(order) => order.format == Data::Json,
            SimulateCommand::Run(run) => run.format == SimulationFormat::Json,
        },
        Command::Costs(args) => match &args.command {
            CostsCommand::Diff(diff) => diff.format == Data::Json,
            CostsCommand::Pull(_) => false,
        },
        Command::Pool(args) => args.format == PoolFormat::Json,
        Command::Doctor(args) => args.format == Data::Json,
        Command::History(args) => {
            let list = args.command.as_ref().map_or(&args.list, |HistoryCommand::Show(show)| &show.list);
            list.format == Data::Json
        }
        _ => false,
    }
}

fn ended(terminal: &Terminal, stop: &Stop, json: bool) -> Exit {
    if json {
        let text = format!("{:#}\n", stop.to_json());
        return match terminal.data(|out| out.write_all(text.as_bytes())) {
            Ok(()) => stop.exit(),
            Err(_) => Exit::Bug,
        };
    }
    for diagnostic in stop.diagnostics() {
        terminal.complain(&terminal.report(diagnostic));
    }
    if stop.more() > 0 {
        terminal.complain(&tn!(stop.more(), "and {n} more error", "and {n} more errors"));
    }
    stop.exit()
}
