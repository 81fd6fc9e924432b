//! Exit codes and the errors that lead to them, decided in one place.

use std::{fmt, process::ExitCode};

use miette::Diagnostic;
use serde_json::{Value, json};

use crate::{
    billmgr::{Failure, FailureClass},
    kinds::KindError,
    language::t,
    plan::{Fate, Guard, Level, Outcome},
    report::Listed,
    source::{Problem, Problems},
};

/// More errors than anybody reads in a terminal; the plan above them, or JSON, has them all.
const MOST_MESSAGES: usize = 10;

/// How the program ends. The numbers are documented in `--help` and the README, and stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    Done = 0,
    Bug = 1,
    Changes = 2,
    Invalid = 3,
    Refused = 4,
    Conflict = 5,
    Partial = 6,
    Denied = 7,
    Unreachable = 8,
    Incomplete = 9,
    Usage = 64,
    Interrupted = 130,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// Why a command ends early.
#[derive(Debug)]
pub(crate) enum Stop {
    /// Errors in configuration files.
    Config(Problems),
    /// Errors in the configuration that only the panel shows.
    Live(Vec<Problem>),
    /// Anything else.
    Other(Vec<Message>),
}

/// One error that is not about a place in a file.
#[derive(Debug)]
pub(crate) struct Message {
    pub(crate) exit: Exit,
    pub(crate) code: String,
    pub(crate) text: String,
    pub(crate) help: Option<String>,
}

impl Stop {
    pub(crate) fn new(exit: Exit, code: &str, text: impl Into<String>, help: Option<&str>) -> Self {
        let help = help.map(str::to_owned);
        Self::Other(vec![Message { exit, code: code.to_owned(), text: text.into(), help }])
    }

    /// Refuses a plan for each of its guards at once, so that one more run is enough.
    pub(crate) fn guarded(guards: &[&Guard]) -> Self {
        let message = |guard: &&Guard| Message {
            exit: Exit::Refused,
            code: guard.code.clone(),
            text: match &guard.arithmetic {
                Some(sum) => format!("{} ({sum})", guard.message),
                None => guard.message.clone(),
            },
            help: Some(t!(
                "if that is meant, allow it with {flags}; nothing was written",
                flags = guard.lift.join(&format!(" {} ", t!("or")))
            )),
        };
        Self::Other(guards.iter().map(message).collect())
    }

    pub(crate) fn exit(&self) -> Exit {
        match self {
            Self::Config(_) | Self::Live(_) => Exit::Invalid,
            Self::Other(messages) => messages.first().map_or(Exit::Bug, |message| message.exit),
        }
    }

    /// The errors one by one, for rendering.
    pub(crate) fn diagnostics(&self) -> Vec<&dyn Diagnostic> {
        match self {
            Self::Config(problems) => problems.iter().map(|problem| problem as &dyn Diagnostic).collect(),
            Self::Live(problems) => problems.iter().map(|problem| problem as &dyn Diagnostic).collect(),
            Self::Other(messages) => {
                messages.iter().take(MOST_MESSAGES).map(|message| message as &dyn Diagnostic).collect()
            }
        }
    }

    /// How many errors there are that [`Stop::diagnostics`] leaves out.
    pub(crate) fn more(&self) -> usize {
        match self {
            Self::Config(problems) => problems.more(),
            Self::Other(messages) => messages.len().saturating_sub(MOST_MESSAGES),
            Self::Live(_) => 0,
        }
    }

    /// The same errors as data.
    pub(crate) fn to_json(&self) -> Value {
        let errors: Vec<Value> = match self {
            Self::Config(problems) => problems.iter().map(Problem::to_json).collect(),
            Self::Live(problems) => problems.iter().map(Problem::to_json).collect(),
            Self::Other(messages) => messages.iter().map(Message::to_json).collect(),
        };
        let total = match self {
            Self::Config(problems) => problems.total(),
            Self::Live(_) | Self::Other(_) => errors.len(),
        };
        json!({"outcome": "error", "exit_code": self.exit() as u8, "errors": errors, "total": total})
    }
}

impl Message {
    /// The error beside those that are about a file.
    pub(crate) fn listed(&self) -> Listed {
        Listed {
            code: self.code.clone(),
            level: Level::Error,
            message: self.text.clone(),
            help: self.help.clone(),
            file: None,
            spot: None,
            pointer: None,
            accepted: None,
        }
    }

    fn to_json(&self) -> Value {
        json!({"code": self.code, "message": self.text, "help": self.help})
    }
}

impl fmt::Display for Message {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.text)
    }
}

impl std::error::Error for Message {}

impl Diagnostic for Message {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(&self.code))
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help.as_ref().map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }
}

impl From<Problems> for Stop {
    fn from(problems: Problems) -> Self {
        Self::Config(problems)
    }
}

impl From<Failure> for Stop {
    fn from(failure: Failure) -> Self {
        KindError::from(failure).into()
    }
}

impl From<KindError> for Stop {
    fn from(error: KindError) -> Self {
        let exit = match &error {
            KindError::Panel(failure) => of_class(failure.class()),
            KindError::Unknown(_) => Exit::Refused,
            KindError::Secret(_) => Exit::Invalid,
            KindError::Unreadable(_) => Exit::Incomplete,
            KindError::Changed(_) => Exit::Conflict,
        };
        Self::new(exit, error.code(), error.to_string(), Some(&error.help()))
    }
}

impl From<std::io::Error> for Stop {
    fn from(error: std::io::Error) -> Self {
        let help = t!("check that the place exists and may be written to");
        Self::new(Exit::Invalid, "file::unwritable", error.to_string(), Some(&help))
    }
}

fn of_class(class: FailureClass) -> Exit {
    match class {
        FailureClass::Settings => Exit::Invalid,
        FailureClass::Credentials | FailureClass::Rights => Exit::Denied,
        FailureClass::Unreachable => Exit::Unreachable,
        FailureClass::Incomplete => Exit::Incomplete,
        FailureClass::Refused | FailureClass::NotSaved => Exit::Refused,
        FailureClass::Unclear => Exit::Partial,
    }
}

/// How an apply ends, by what came of its objects.
pub(crate) fn of_outcome(outcome: &Outcome, interrupted: bool) -> Exit {
    let fates = || outcome.results.iter().map(|result| &result.fate);
    let failed = || {
        fates().filter_map(|fate| match fate {
            Fate::Failed { code, in_doubt, .. } => Some((code.as_str(), *in_doubt)),
            _ => None,
        })
    };
    let skipped = fates().any(|fate| matches!(fate, Fate::Skipped { .. }));
    let written = fates().any(|fate| *fate == Fate::Done) || failed().any(|(_, in_doubt)| in_doubt);
    match failed().next() {
        None if !skipped => Exit::Done,
        _ if interrupted => Exit::Interrupted,
        _ if written => Exit::Partial,
        Some(("apply::conflict", _)) => Exit::Conflict,
        Some((
            "panel::credentials" | "panel::rights" | "panel::second_factor" | "panel::address_denied",
            _,
        )) => Exit::Denied,
        Some(("panel::unreachable", _)) => Exit::Unreachable,
        Some(("panel::incomplete" | "panel::not_shown" | "panel::unreadable", _)) => Exit::Incomplete,
        _ => Exit::Refused,
    }
}
