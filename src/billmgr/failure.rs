//! What can go wrong with a panel, in classes that decide the exit code.

use crate::{
    language::{later, t, told},
    wire::PanelError,
};

/// A failed call. No variant holds a secret, a query or more than one line of server text.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Failure {
    #[error("{what}")]
    Settings { what: String },
    #[error("{}", t!("{host} refused the login: {why}{said}", host = host, why = why, said = said(text)))]
    Credentials { host: String, why: Denied, text: String },
    #[error("{}", t!("the account may not call `{func}` on {host}{said}", func = func, host = host, said = said(text)))]
    Rights { host: String, func: String, text: String },
    #[error("{}", t!("no answer from {host} to `{func}`: {why}", host = host, func = func, why = why))]
    Unreachable { host: String, func: String, why: String },
    #[error("{}", t!("the answer to `{func}` cannot be relied on: {why}", func = func, why = why))]
    Incomplete { func: String, why: String },
    /// A read the panel answered with an error.
    #[error("{}", t!("the panel refused to show `{func}`: {error}", func = func, error = error))]
    NotShown { func: String, error: Box<PanelError> },
    #[error("{}", t!("the panel refused `{func}`: {error}", func = func, error = error))]
    Refused { func: String, error: Box<PanelError> },
    #[error("{}", t!("`{func}` was not saved: {why}", func = func, why = why))]
    NotSaved { func: String, why: String },
    #[error("{}", t!("whether `{func}` was carried out is unknown: {why}", func = func, why = why))]
    Unclear { func: String, why: String },
}

/// Why a login was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Denied {
    #[error("{}", t!("wrong user or password, or this way of logging in is not allowed"))]
    Password,
    #[error("{}", t!("the account has a second factor"))]
    SecondFactor,
    #[error("{}", t!("access from this address is denied"))]
    Address,
}

/// What a failure means to the caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum FailureClass {
    /// The run was started wrong (exit code 3).
    Settings,
    /// Exit code 7.
    Credentials,
    /// Exit code 7.
    Rights,
    /// Nothing was changed by this call (exit code 8).
    Unreachable,
    /// The read proves nothing (exit code 9).
    Incomplete,
    /// The panel said no to a write, and nothing was changed by it.
    Refused,
    /// The panel showed the form again instead of saving it.
    NotSaved,
    /// A write with unknown outcome: read the live state before anything else.
    Unclear,
}

impl Failure {
    /// The class, which decides the exit code.
    pub(crate) fn class(&self) -> FailureClass {
        match self {
            Self::Settings { .. } => FailureClass::Settings,
            Self::Credentials { .. } => FailureClass::Credentials,
            Self::Rights { .. } => FailureClass::Rights,
            Self::Unreachable { .. } => FailureClass::Unreachable,
            Self::Incomplete { .. } | Self::NotShown { .. } => FailureClass::Incomplete,
            Self::Refused { .. } => FailureClass::Refused,
            Self::NotSaved { .. } => FailureClass::NotSaved,
            Self::Unclear { .. } => FailureClass::Unclear,
        }
    }

    /// A stable name for scripts and searches.
    pub(crate) fn code(&self) -> &'static str {
        match self {
            Self::Settings { .. } => "panel::settings",
            Self::Credentials { why: Denied::Password, .. } => "panel::credentials",
            Self::Credentials { why: Denied::SecondFactor, .. } => "panel::second_factor",
            Self::Credentials { why: Denied::Address, .. } => "panel::address_denied",
            Self::Rights { .. } => "panel::rights",
            Self::Unreachable { .. } => "panel::unreachable",
            Self::Incomplete { .. } => "panel::incomplete",
            Self::NotShown { .. } => "panel::not_shown",
            Self::Refused { .. } => "panel::refused",
            Self::NotSaved { .. } => "panel::not_saved",
            Self::Unclear { .. } => "panel::unclear",
        }
    }

    /// What to do about it.
    pub(crate) fn help(&self) -> &'static str {
        match self {
            Self::Settings { .. } => told(later!("correct the connection settings and run again")),
            Self::Credentials { why, .. } => why.help(),
            Self::Rights { .. } => {
                told(later!("use an administrator account (access level 29) that may use this function"))
            }
            Self::Unreachable { .. } => told(later!(
                "nothing was changed by this call; check the address, the certificate and the proxy, then run again"
            )),
            Self::Incomplete { .. } => told(later!(
                "nothing is planned from an answer that may hide objects; remove the cause, then run again"
            )),
            Self::NotShown { .. } => told(later!(
                "check that the object still exists and that the function name is right for this panel"
            )),
            Self::Refused { .. } => told(later!(
                "the panel changed nothing; correct the value it names, or the object that stands in the way"
            )),
            Self::NotSaved { .. } => {
                told(later!("the panel showed the form again; open it there and see which field it wants"))
            }
            Self::Unclear { .. } => {
                told(later!("nothing is repeated blindly; run plan again to see what the panel holds now"))
            }
        }
    }

    /// What the panel itself said, where it said it as an error document.
    pub(crate) fn panel_error(&self) -> Option<&PanelError> {
        match self {
            Self::NotShown { error, .. } | Self::Refused { error, .. } => Some(error),
            _ => None,
        }
    }
}

impl Denied {
    fn help(self) -> &'static str {
        match self {
            Self::Password => told(later!(
                "check user and password; they are not tried again, lest the panel block the address. If only some addresses may use authinfo, use session authentication"
            )),
            Self::SecondFactor => told(later!(
                "use an account without a second factor: the vendor requires one for integrations"
            )),
            Self::Address => told(later!("add this machine's address to those the account may log in from")),
        }
    }
}

fn said(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!(" ({text})") }
}
