//! Declarative licence-resale configuration for ISPsystem BILLmanager.

use std::process::ExitCode;

mod apply;
mod billmgr;
mod cli;
mod commands;
mod config;
mod dialect;
mod export;
mod guard;
mod kinds;
mod model;
mod plan;
mod reconcile;
mod report;
pub mod sandbox;
mod terminal;
mod wire;

/// Runs the program on this process's arguments.
pub fn run() -> ExitCode {
    commands::main()
}
