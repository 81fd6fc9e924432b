//! Programs of others that tests hold our output against, where they are installed.
//!
//! Without one of them its test says so and is over. `BILLFORM_TOOLS=1` makes that an error: CI sets it once it
//! has installed them.

use std::{
    io::ErrorKind,
    process::{Command, Output},
};

/// Runs a program; nothing where it is not installed.
#[expect(clippy::print_stderr, reason = "a test that checks less than it could has to say so")]
pub(crate) fn run(command: &mut Command) -> Option<Output> {
    match command.output() {
        Ok(output) => Some(output),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            let tool = command.get_program().display().to_string();
            let needed = std::env::var_os("BILLFORM_TOOLS").is_some_and(|value| value == "1");
            assert!(!needed, "{tool} is not installed, and BILLFORM_TOOLS=1 says that it has to be");
            eprintln!("notice: {tool} is not installed; what it would check is not checked");
            None
        }
        Err(error) => panic!("{command:?}: {error}"),
    }
}
