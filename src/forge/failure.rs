//! Why a comment could not be written.

use std::fmt;

use crate::language::t;

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
#[derive(Debug)]
pub(crate) enum ForgeFailure {
    Unknown { what: String, help: String },
    Settings { what: String },
    Denied { host: String, why: String },
    NotFound { host: String, what: String, why: String },
    Refused { host: String, status: u16, why: String },
    Redirected { host: String, to: String },
    Unreachable { host: String, why: String },
    Unclear { host: String, why: String },
    Unreadable { host: String, why: String },
    NoComment { marker: String },
    NotKept { why: String },
}

impl fmt::Display for ForgeFailure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&match self {
            Self::Unknown { what, .. } => t!("it is not known {what}", what = what),
            Self::Settings { what } => what.clone(),
            Self::Denied { host, why } => {
                t!("{host} does not accept the token: {why}", host = host, why = why)
            }
            Self::NotFound { host, what, why } => t!(
                "{host} knows no {what}, or does not show it to this token: {why}",
                host = host,
                what = what,
                why = why
            ),
            Self::Refused { host, status, why } => {
                t!("{host} refused ({status}): {why}", host = host, status = status, why = why)
            }
            Self::Redirected { host, to } => {
                t!("{host} sends on to {to}, and the token goes nowhere else", host = host, to = to)
            }
            Self::Unreachable { host, why } => {
                t!("{host} cannot be reached: {why}", host = host, why = why)
            }
            Self::Unclear { host, why } => {
                t!("it is not known whether {host} took the write: {why}", host = host, why = why)
            }
            Self::Unreadable { host, why } => {
                t!("the answer of {host} is not what its API documents: {why}", host = host, why = why)
            }
            Self::NoComment { marker } => {
                t!("there is no comment with the marker `{marker}` to update", marker = marker)
            }
            Self::NotKept { why } => {
                t!("the comment was written, but is not there when it is read back: {why}", why = why)
            }
        })
    }
}

impl std::error::Error for ForgeFailure {}

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
            Self::Settings { .. } => t!("correct the setting"),
            Self::Denied { .. } => t!(
                "the token needs the right to write comments: `pull-requests: write` on GitHub (`issues: write` for \
                 labels of issues), the scope `api` on GitLab, `write:issue` on Gitea"
            ),
            Self::NotFound { .. } => t!("check --repository and --number, and that the token may see them"),
            Self::Refused { .. } => t!("see what it says; a conversation may be locked"),
            Self::Redirected { .. } => {
                t!("the repository may have been renamed: give --repository and --api-url as they are now")
            }
            Self::Unreachable { .. } => t!("nothing was written; run it again"),
            Self::Unclear { .. } => t!("run it again: it looks for the comment first"),
            Self::Unreadable { .. } => {
                t!("check that --api-url is the address of the API, and --platform the platform")
            }
            Self::NoComment { .. } => t!("leave --update-only out to create it"),
            Self::NotKept { .. } => t!("somebody, or a rule of the platform, may have deleted it at once"),
        }
    }
}
