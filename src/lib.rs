//! Declarative licence-resale configuration for ISPsystem BILLmanager.

use std::process::ExitCode;

#[allow(dead_code, unused_imports)]
mod config;
#[allow(dead_code, unused_imports)]
mod dialect;
#[allow(dead_code, unused_imports)]
mod kinds;
#[allow(dead_code)]
mod model;
pub mod sandbox;

/// Runs the program on this process's arguments.
pub fn run() -> ExitCode {
    ExitCode::SUCCESS
}
