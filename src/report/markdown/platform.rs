//! How long a comment may be, by where it is to stand.

use clap::ValueEnum;

use super::marker::Marker;

/// What a Markdown report is to fit into.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Platform {
    /// A comment of 65,536 characters.
    #[default]
    Github,
    /// A note of 1,000,000 characters.
    Gitlab,
    /// A comment of 32,768 characters.
    Bitbucket,
    /// A comment that is as long as on GitHub; there is no limit that is known.
    Gitea,
}

/// What a comment is for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct CommentStyle {
    pub(crate) marker: Option<Marker>,
    pub(crate) platform: Platform,
}

/// Kept free for whoever sets a heading or a link beside the report.
const SPARE: usize = 1536;

impl Platform {
    /// How long a report may be, in the units of [`length`].
    pub(crate) fn limit(self) -> usize {
        let all = match self {
            Self::Github | Self::Gitea => 65_536,
            Self::Gitlab => 1_000_000,
            Self::Bitbucket => 32_768,
        };
        all - SPARE
    }
}

/// The length of a text for those who limit it. They count characters, and some of them count one outside of
/// the first plane as two; that is never less.
pub(crate) fn length(text: &str) -> usize {
    text.encode_utf16().count()
}
