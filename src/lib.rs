//! Declarative licence-resale configuration for ISPsystem BILLmanager.

use std::process::ExitCode;

mod apply;
mod billmgr;
mod capture;
mod check;
mod cli;
mod codes;
mod commands;
mod config;
mod dialect;
mod doctor;
mod export;
mod forge;
mod format;
#[cfg(any(test, fuzzing))]
#[doc(hidden)]
pub mod fuzz;
mod guard;
mod journal;
mod kinds;
mod language;
mod licence;
mod model;
mod net;
mod news;
mod notify;
mod plan;
mod pool;
mod reconcile;
mod report;
mod rollback;
pub mod sandbox;
mod saved;
mod simulate;
mod source;
mod terminal;
#[cfg(test)]
mod tests;
mod upstream;
mod wire;

/// Runs the program on this process's arguments.
pub fn run() -> ExitCode {
    commands::main()
}
