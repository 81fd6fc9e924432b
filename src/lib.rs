//! Declarative licence-resale configuration for ISPsystem BILLmanager.

use std::process::ExitCode;

#[allow(dead_code, unused_imports)]
mod billmgr;
pub mod sandbox;
#[allow(dead_code, unused_imports)]
mod wire;

/// Runs the program on this process's arguments.
pub fn run() -> ExitCode {
    ExitCode::SUCCESS
}
