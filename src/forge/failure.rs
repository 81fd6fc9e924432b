//! Why a comment could not be written.

use thiserror::Error;

/// What kind of failure it is, for the exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ForgeClass {
    Usage,
    Settings,
    Denied,
    Refused,
    Unreachable,
    Unclear,
}

/// Why. No text has the token in it.
#[derive(Debug, Error)]
pub(crate) enum ForgeFailure {
    #[error("it is not known {what}")]
    Unknown { what: &'static str, help: String },
    #[error("{what}")]
    Settings { what: String },
    #[error("{host} does not accept the token: {why}")]
    Denied { host: String, why: String },
    #[error("{host} knows no {what}, or does not show it to this token: {why}")]
    NotFound { host: String, what: String, why: String },
    #[error("{host} refused ({status}): {why}")]
    Refused { host: String, status: u16, why: String },
    #[error("{host} sends on to {to}, and the token goes nowhere else")]
    Redirected { host: String, to: String },
    #[error("{host} cannot be reached: {why}")]
    Unreachable { host: String, why: String },
    #[error("it is not known whether {host} took the write: {why}")]
    Unclear { host: String, why: String },
    #[error("the answer of {host} is not what its API documents: {why}")]
    Unreadable { host: String, why: String },
    #[error("there is no comment with the marker `{marker}` to update")]
    NoComment { marker: String },
    #[error("the comment was written, but is not there when it is read back: {why}")]
    NotKept { why: String },
}

impl ForgeFailure {
    pub(crate) fn code(&self) -> &'static str {
        match self {
            Self::Unknown { .. } => "forge::unknown_place",
            Self::Settings { .. } => "forge::settings",
            Self::Denied { .. } => "forge::denied",
            Self::NotFound { .. } => "forge::not_found",
            Self::Refused { .. } => "forge::refused",
            Self::Redirected { .. } => "forge::redirected",
            Self::Unreachable { .. } => "forge::unreachable",
            Self::Unclear { .. } => "forge::unclear",
            Self::Unreadable { .. } => "forge::unreadable",
            Self::NoComment { .. } => "forge::no_comment",
            Self::NotKept { .. } => "forge::not_kept",
        }
    }

    pub(crate) fn class(&self) -> ForgeClass {
        match self {
            Self::Unknown { .. } => ForgeClass::Usage,
            Self::Settings { .. } => ForgeClass::Settings,
            Self::Denied { .. } | Self::NotFound { .. } => ForgeClass::Denied,
            Self::Refused { .. }
            | Self::Redirected { .. }
            | Self::Unreadable { .. }
            | Self::NoComment { .. } => ForgeClass::Refused,
            Self::Unreachable { .. } => ForgeClass::Unreachable,
            Self::Unclear { .. } | Self::NotKept { .. } => ForgeClass::Unclear,
        }
    }

    pub(crate) fn help(&self) -> String {
        match self {
            Self::Unknown { help, .. } => help.clone(),
            Self::Settings { .. } => "correct the setting".to_owned(),
            Self::Denied { .. } => "the token needs the right to write comments: `pull-requests: write` on GitHub \
                                    (`issues: write` for labels of issues), the scope `api` on GitLab, `write:issue` \
                                    on Gitea"
                .to_owned(),
            Self::NotFound { .. } => {
                "check --repository and --number, and that the token may see them".to_owned()
            }
            Self::Refused { .. } => "see what it says; a conversation may be locked".to_owned(),
            Self::Redirected { .. } => {
                "the repository may have been renamed: give --repository and --api-url as they are now".to_owned()
            }
            Self::Unreachable { .. } => "nothing was written; run it again".to_owned(),
            Self::Unclear { .. } => "run it again: it looks for the comment first".to_owned(),
            Self::Unreadable { .. } => {
                "check that --api-url is the address of the API, and --platform the platform".to_owned()
            }
            Self::NoComment { .. } => "leave --update-only out to create it".to_owned(),
            Self::NotKept { .. } => "somebody, or a rule of the platform, may have deleted it at once".to_owned(),
        }
    }
}
