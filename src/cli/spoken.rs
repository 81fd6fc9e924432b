//! The command line in the language that is spoken: its own texts, whose English is the key as elsewhere, and the
//! words that clap knows in English only.
//!
//! Commands, flags and placeholders like FILE or `[OPTIONS]` are the same in every language. English is left to
//! clap altogether.

use std::{error::Error, net::AddrParseError, num::ParseIntError};

use clap::{
    Arg, Command, CommandFactory, ValueEnum as _,
    builder::{PossibleValue, PossibleValuesParser, StyledStr, Styles},
    error::{ContextKind, ContextValue, ErrorKind},
};

use super::Cli;
use crate::language::{Language, t, translated};

/// The language has to be known before the arguments are: they may be wrong, or ask for help.
pub(crate) fn asked_language() -> Language {
    let variable = |name: &str| std::env::var(name).ok();
    let mut arguments = std::env::args_os().skip(1).filter_map(|argument| argument.into_string().ok());
    let mut said = None;
    while let Some(argument) = arguments.next() {
        match argument.strip_prefix("--lang") {
            Some("") => said = arguments.next(),
            Some(rest) => said = rest.strip_prefix('=').map(str::to_owned).or(said),
            None if argument == "--" => break,
            None => {}
        }
    }
    let named =
        said.or_else(|| variable("BILLFORM_LANG")).and_then(|word| Language::from_str(&word, true).ok());
    named.unwrap_or_else(|| Language::of_environment(variable))
}

/// The command that arguments are parsed with, and that explains itself.
pub(crate) fn command() -> Command {
    let command = Cli::command();
    if Language::spoken() == Language::English { command } else { each(built(command), &asides) }
}

/// A command to make pages from. Nothing can be parsed with it: its values are words only.
pub(crate) fn page(command: Command) -> Command {
    if Language::spoken() == Language::English {
        return command;
    }
    each(built(command), &|argument| {
        let values = values(&argument);
        if values.is_empty() { argument } else { argument.value_parser(PossibleValuesParser::new(values)) }
    })
}

/// The command with its texts translated, and what clap adds to it.
fn built(command: Command) -> Command {
    let mut command = texts(command);
    command.build();
    added(command)
}

fn each(command: Command, change: &dyn Fn(Arg) -> Arg) -> Command {
    command.mut_args(change).mut_subcommands(|sub| each(sub, change))
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
    command.mut_args(argument).mut_subcommands(texts)
}

fn argument(mut argument: Arg) -> Arg {
    if let Some(text) = argument.get_help().and_then(told) {
        argument = argument.help(text);
    }
    if let Some(text) = argument.get_long_help().and_then(told) {
        argument = argument.long_help(text);
    }
    if let Some(text) = argument.get_help_heading().and_then(|heading| translated("", heading)) {
        argument = argument.help_heading(text);
    }
    argument
}

fn told(text: &StyledStr) -> Option<&'static str> {
    translated("", &text.to_string())
}

/// Translates what clap adds when it builds a command.
fn added(command: Command) -> Command {
    let command = command.mut_args(|argument| match argument.get_id().as_str() {
        "help" if argument.get_long_help().is_some() => argument
            .help(t!("Print help (see more with '--help')"))
            .long_help(t!("Print help (see a summary with '-h')")),
        "help" => argument.help(t!("Print help")),
        "version" => argument.help(t!("Print version")),
        _ => argument,
    });
    let command = command.subcommand_help_heading(t!("Commands")).subcommand_value_name("COMMAND");
    let command = match command.get_name() {
        "help" => command.about(t!("Print this message or the help of the given subcommand(s)")),
        _ => command,
    };
    command.mut_subcommands(added)
}

/// The values an argument can have, with what they mean.
fn values(argument: &Arg) -> Vec<PossibleValue> {
    let values = argument.get_possible_values().into_iter().filter(|value| !value.is_hide_set());
    let spoken = |value: PossibleValue| match value.get_help().and_then(told) {
        Some(help) => value.help(help),
        None => value,
    };
    values.map(spoken).collect()
}

/// Says in the argument's own help what clap would say beside it: where else its value comes from, and which
/// values there are.
fn asides(argument: Arg) -> Arg {
    if !argument.get_num_args().is_some_and(|number| number.takes_values()) {
        return argument;
    }
    let mut beside = Vec::new();
    if let Some(name) = argument.get_env() {
        let value = std::env::var_os(name).unwrap_or_default();
        let set = format!("{}={}", name.display(), value.display());
        beside.push(t!("[env: {set}]", set = set));
    }
    let defaults: Vec<String> =
        argument.get_default_values().iter().map(|value| value.display().to_string()).collect();
    if !defaults.is_empty() {
        // As clap does it: what has blanks at its ends is quoted.
        let quoted = |text: &String| if text.trim() == text { text.clone() } else { format!("{text:?}") };
        let defaults: Vec<String> = defaults.iter().map(quoted).collect();
        beside.push(t!("[default: {values}]", values = defaults.join(" ")));
    }
    let values = values(&argument);
    let names: Vec<&str> = values.iter().map(PossibleValue::get_name).collect();
    let listed = (!values.is_empty()).then(|| t!("[possible values: {names}]", names = names.join(", ")));
    let described = values.iter().any(|value| value.get_help().is_some());

    let text = |own: Option<&StyledStr>| own.map(ToString::to_string).filter(|text| !text.is_empty());
    let help = text(argument.get_help());
    let long = text(argument.get_long_help()).or_else(|| help.clone());
    let short: Vec<String> = help.into_iter().chain(beside.clone()).chain(listed.clone()).collect();
    let list = described.then(|| list(&values));
    beside.extend(listed.filter(|_| !described));
    let beside = Some(beside.join("\n")).filter(|text| !text.is_empty());
    let long: Vec<String> = long.into_iter().chain(list).chain(beside).collect();
    argument
        .help(short.join(" "))
        .long_help(long.join("\n\n"))
        .hide_env(true)
        .hide_default_value(true)
        .hide_possible_values(true)
}

fn list(values: &[PossibleValue]) -> String {
    let width = values.iter().map(|value| value.get_name().len()).max().unwrap_or_default();
    let line = |value: &PossibleValue| match value.get_help() {
        Some(help) => format!("\n- {:<width$} {help}", format!("{}:", value.get_name()), width = width + 1),
        None => format!("\n- {}", value.get_name()),
    };
    t!("Possible values:") + &values.iter().map(line).collect::<String>()
}

/// A help or a usage error in the language that is spoken, with colours.
pub(crate) fn explained(error: &clap::Error) -> String {
    if Language::spoken() == Language::English {
        return error.render().ansi().to_string();
    }
    match error.kind() {
        ErrorKind::DisplayHelp
        | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand
        | ErrorKind::DisplayVersion => headed(&error.render()),
        _ => refusal(error),
    }
}

/// Clap's own headings, each at the beginning of a line of its own.
fn headed(text: &StyledStr) -> String {
    let headings = [("Usage:", t!("Usage:")), ("Arguments:", t!("Arguments:")), ("Options:", t!("Options:"))];
    headings.iter().fold(text.ansi().to_string(), |text, (own, spoken)| text.replace(own, spoken))
}

fn refusal(error: &clap::Error) -> String {
    let styles = Styles::styled();
    let (red, green) = (styles.get_error(), styles.get_valid());
    let mut text = format!("{red}{}{red:#} {}", t!("error:"), wrong(error));
    let tips = tips(error);
    if !tips.is_empty() {
        text.push('\n');
    }
    for tip in tips {
        text.push_str(&format!("\n  {green}{}{green:#} {tip}", t!("tip:")));
    }
    if let Some(ContextValue::StyledStr(usage)) = error.get(ContextKind::Usage) {
        text.push_str(&format!("\n\n{}", headed(usage)));
    }
    format!("{text}\n\n{}\n", t!("For more information, try '{flag}'.", flag = "--help"))
}

/// What is wrong with the arguments.
fn wrong(error: &clap::Error) -> String {
    let one = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => Some(text.as_str()),
        _ => None,
    };
    let several = |kind| match error.get(kind) {
        Some(ContextValue::Strings(texts)) => texts.as_slice(),
        _ => &[],
    };
    let lines = |texts: &[String]| texts.iter().map(|text| format!("\n  {text}")).collect::<String>();
    let name = one(ContextKind::InvalidArg).unwrap_or_default();
    let value = one(ContextKind::InvalidValue).unwrap_or_default();
    let command = one(ContextKind::InvalidSubcommand).unwrap_or_default();
    match error.kind() {
        ErrorKind::UnknownArgument => t!("unexpected argument '{name}' found", name = name),
        ErrorKind::InvalidSubcommand => t!("unrecognized subcommand '{name}'", name = command),
        ErrorKind::MissingSubcommand => {
            t!("'{name}' requires a subcommand but one was not provided", name = command)
        }
        ErrorKind::MissingRequiredArgument => {
            t!("the following required arguments were not provided:")
                + &lines(several(ContextKind::InvalidArg))
        }
        ErrorKind::ArgumentConflict => match (one(ContextKind::PriorArg), several(ContextKind::PriorArg)) {
            (Some(prior), _) if prior == name => {
                t!("the argument '{name}' cannot be used multiple times", name = name)
            }
            (Some(prior), _) => {
                t!("the argument '{name}' cannot be used with '{other}'", name = name, other = prior)
            }
            (None, others) => {
                let name = if name.is_empty() { command } else { name };
                t!("the argument '{name}' cannot be used with:", name = name) + &lines(others)
            }
        },
        ErrorKind::InvalidValue => {
            let text = if value.is_empty() {
                t!("a value is required for '{name}' but none was supplied", name = name)
            } else {
                t!("invalid value '{value}' for '{name}'", value = value, name = name)
            };
            let known = several(ContextKind::ValidValue);
            let names = t!("[possible values: {names}]", names = known.join(", "));
            if known.is_empty() { text } else { format!("{text}\n  {names}") }
        }
        ErrorKind::ValueValidation => {
            let text = t!("invalid value '{value}' for '{name}'", value = value, name = name);
            error.source().map_or(text.clone(), |source| format!("{text}: {}", reason(source)))
        }
        ErrorKind::TooManyValues => t!(
            "unexpected value '{value}' for '{name}' found; no more were expected",
            value = value,
            name = name
        ),
        ErrorKind::InvalidUtf8 => t!("invalid UTF-8 was detected in one or more arguments"),
        // None of our arguments can be wrong in the ways that are left.
        _ => t!("the arguments are wrong"),
    }
}

/// Why a value is not taken. Parsers of ours speak the language; those of others are known by their errors.
fn reason(error: &(dyn Error + 'static)) -> String {
    if error.is::<ParseIntError>() {
        return t!("this is no whole number, or one too large");
    }
    if error.is::<AddrParseError>() {
        return t!("this is no address with a port, like 127.0.0.1:8080");
    }
    let text = error.to_string();
    match text.split_once(" is not in ") {
        Some((value, range)) => t!("{value} is not in {range}", value = value, range = range),
        None => text,
    }
}

/// What may have been meant.
fn tips(error: &clap::Error) -> Vec<String> {
    use ContextKind::{Suggested, SuggestedArg, SuggestedSubcommand, SuggestedValue};
    let mut tips = Vec::new();
    for kind in [SuggestedSubcommand, SuggestedArg, SuggestedValue] {
        let names: Vec<String> = match error.get(kind) {
            Some(ContextValue::String(name)) => vec![format!("'{name}'")],
            Some(ContextValue::Strings(names)) => names.iter().map(|name| format!("'{name}'")).collect(),
            _ => continue,
        };
        if !names.is_empty() {
            tips.push(t!("much like it: {names}", names = names.join(", ")));
        }
    }
    if let Some(ContextValue::StyledStrs(suggested)) = error.get(Suggested) {
        tips.extend(suggested.iter().filter_map(|text| tip(&text.to_string())));
    }
    tips
}

fn tip(text: &str) -> Option<String> {
    let inner = |start: &str, end: &str| Some(text.strip_prefix(start)?.strip_suffix(end)?.to_owned());
    if let Some((value, how)) =
        inner("to pass '", "'").as_deref().and_then(|t| t.split_once("' as a value, use '"))
    {
        return Some(t!("to pass '{value}' as a value, use '{how}'", value = value, how = how));
    }
    if let Some(name) = inner("subcommand '", "' exists; to use it, remove the '--' before it") {
        return Some(t!("there is a subcommand '{name}'; to use it, remove the '--' before it", name = name));
    }
    inner("'", "' exists").map(|what| t!("there is '{what}'", what = what))
}

/// A manual page with headings in the language that is spoken.
pub(crate) fn manual(page: String) -> String {
    if Language::spoken() == Language::English {
        return page;
    }
    let headings = [
        ("NAME", t!("NAME")),
        ("SYNOPSIS", t!("SYNOPSIS")),
        ("DESCRIPTION", t!("DESCRIPTION")),
        ("OPTIONS", t!("OPTIONS")),
        ("EXTRA", t!("EXTRA")),
        ("VERSION", t!("VERSION")),
    ];
    let page = headings
        .iter()
        .fold(page, |page, (own, spoken)| page.replace(&format!(".SH {own}\n"), &format!(".SH {spoken}\n")));
    page.replace("[default: ", &t!("[default: "))
        .replace("Possible values:", &t!("Possible values:"))
        .replace(
            "May also be specified with the ",
            &t!("May also be specified with the environment variable "),
        )
        .replace(" environment variable. ", ".")
}
