//! What one exchange ran into, before it is known whether it may be repeated.

use std::time::Duration;

use super::failure::{Denied, Failure};
use crate::{language::t, wire::PanelError};

/// Whether a call may change the panel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Intent {
    Read,
    Write,
}

/// An exchange without a usable answer. Texts are free of secrets and on one line.
#[derive(Clone, Debug)]
pub(super) enum Trouble {
    /// The request surely never left: name, connection or TLS failed.
    NotSent { why: String, hopeless: bool },
    /// It left, and no whole answer came back.
    Lost { why: String },
    /// The answer broke off.
    Cut { why: String },
    /// A server error or "too many requests".
    Busy { why: String, after: Option<Duration> },
    /// "Request in process": an identical one is running, this one was not carried out.
    InProcess { text: String },
    /// Some other server's page, a redirect, an unknown status.
    Foreign { why: String },
    /// More than this client will hold.
    TooLarge { why: String },
    /// The credentials are no good.
    Denied { why: Denied, text: String },
    /// No right to the function, or no session any more: the panel says the same for both.
    Access { text: String },
    /// Any other error document.
    Panel(PanelError),
    /// A finished failure, such as one of a login on the way.
    Final(Box<Failure>),
}

impl Trouble {
    /// Whether the call may be made again as it is.
    pub(super) fn repeatable(&self, intent: Intent) -> bool {
        match self {
            Self::NotSent { hopeless, .. } => !hopeless,
            Self::Lost { .. } | Self::Cut { .. } | Self::Busy { .. } => intent == Intent::Read,
            _ => false,
        }
    }

    /// In a few words, for the log.
    pub(super) fn words(&self) -> String {
        match self {
            Self::NotSent { why, .. } => t!("not sent: {why}", why = why),
            Self::Lost { why }
            | Self::Cut { why }
            | Self::Busy { why, .. }
            | Self::Foreign { why }
            | Self::TooLarge { why } => why.clone(),
            Self::InProcess { text } => text.clone(),
            Self::Denied { why, text } => format!("{why} {text}"),
            Self::Access { text } => t!("no access: {text}", text = text),
            Self::Panel(error) => t!("the panel's error: {error}", error = error),
            Self::Final(failure) => failure.to_string(),
        }
    }

    /// How long the server wants us to wait.
    pub(super) fn wait(&self) -> Option<Duration> {
        match self {
            Self::Busy { after, .. } => *after,
            _ => None,
        }
    }

    /// The failure of a call that is not repeated any more.
    pub(super) fn failure(self, host: &str, func: &str, intent: Intent) -> Failure {
        let (host, func) = (host.to_owned(), func.to_owned());
        match self {
            Self::NotSent { why, .. } => Failure::Unreachable { host, func, why },
            Self::InProcess { text } => {
                let why = t!("it is still busy with an identical request ({text})", text = text);
                Failure::Unreachable { host, func, why }
            }
            Self::Denied { why, text } => Failure::Credentials { host, why, text },
            Self::Access { text } => Failure::Rights { host, func, text },
            Self::Panel(error) if intent == Intent::Write => {
                Failure::Refused { func, error: Box::new(error) }
            }
            Self::Panel(error) => Failure::NotShown { func, error: Box::new(error) },
            Self::Final(failure) => *failure,
            Self::Lost { why }
            | Self::Cut { why }
            | Self::Busy { why, .. }
            | Self::Foreign { why }
            | Self::TooLarge { why }
                if intent == Intent::Write =>
            {
                Failure::Unclear { func, why }
            }
            Self::Cut { why } | Self::TooLarge { why } => Failure::Incomplete { func, why },
            Self::Lost { why } | Self::Busy { why, .. } | Self::Foreign { why } => {
                Failure::Unreachable { host, func, why }
            }
        }
    }
}
