//! Declarative licence-resale configuration for ISPsystem BILLmanager.

use std::process::ExitCode;

mod apply;
mod billmgr;
mod cli;
#[expect(dead_code, reason = "for the checks and the simulation, which are yet to come")]
mod codes;
mod commands;
mod config;
mod dialect;
mod export;
#[cfg(any(test, fuzzing))]
#[doc(hidden)]
pub mod fuzz;
mod guard;
mod journal;
mod kinds;
#[allow(dead_code, unused_imports, reason = "what uses it comes next")]
mod licence;
mod model;
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
