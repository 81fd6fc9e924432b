//! Declarative licence-resale configuration for ISPsystem BILLmanager.

use std::process::ExitCode;

#[allow(dead_code, unused_imports)]
mod billmgr;
#[allow(dead_code, unused_imports)]
mod config;
#[allow(dead_code)]
mod dialect;
#[allow(dead_code, unused_imports)]
mod kinds;
#[allow(dead_code)]
mod model;
#[allow(dead_code)]
mod plan;
#[allow(dead_code, unused_imports)]
mod report;
pub mod sandbox;
#[allow(dead_code, unused_imports)]
mod wire;

/// Runs the program on this process's arguments.
pub fn run() -> ExitCode {
    ExitCode::SUCCESS
}
