//! Declarative licence-resale configuration for ISPsystem BILLmanager.

use std::process::ExitCode;

pub mod sandbox;

/// Runs the program on this process's arguments.
pub fn run() -> ExitCode {
    ExitCode::SUCCESS
}
