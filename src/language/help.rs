//! The help of the command line in the language that is spoken: its English text is the key, as elsewhere.

use clap::{Arg, Command, builder::StyledStr};

use super::catalogue::translated;

/// The command with its help, and that of its subcommands, in the language that is spoken.
pub(crate) fn spoken(command: Command) -> Command {
    let names: Vec<String> = command.get_subcommands().map(|sub| sub.get_name().to_owned()).collect();
    let mut command = texts(command).mut_args(argument);
    for name in names {
        command = command.mut_subcommand(name, spoken);
    }
    command
}

fn texts(mut command: Command) -> Command {
    if let Some(text) = command.get_about().and_then(told) {
        command = command.about(text);
    }
    if let Some(text) = command.get_long_about().and_then(told) {
        command = command.long_about(text);
    }
    if let Some(text) = command.get_after_help().and_then(told) {
        command = command.after_help(text);
    }
    command
}

fn argument(mut argument: Arg) -> Arg {
    if let Some(text) = argument.get_help().and_then(told) {
        argument = argument.help(text);
    }
    if let Some(text) = argument.get_long_help().and_then(told) {
        argument = argument.long_help(text);
    }
    argument
}

fn told(text: &StyledStr) -> Option<&'static str> {
    translated("", &text.to_string())
}
