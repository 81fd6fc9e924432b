//! One comment, created or updated, and labels: what is there is read first, and what was written is read back.

use super::{ForgeFailure, api::Comment, api::Forge};
use crate::language::t;

/// Our comment as it is, before anything is written.
pub(crate) struct Standing(Option<Comment>);

impl Standing {
    /// Whether there is one.
    pub(crate) fn exists(&self) -> bool {
        self.0.is_some()
    }

    /// Whether it says this already.
    pub(crate) fn says(&self, text: &str) -> bool {
        self.0.as_ref().is_some_and(|comment| same(&comment.body, text))
    }
}

/// What was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Kept {
    Created,
    Updated,
    /// It said so already.
    Unchanged,
}

/// Labels to put on and to take off.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct LabelMoves {
    pub(crate) add: Vec<String>,
    pub(crate) remove: Vec<String>,
}

/// Looks for our comment: the oldest of ours that begins with the marker.
pub(crate) async fn standing(forge: &Forge, marker: &str) -> Result<Standing, ForgeFailure> {
    let us = forge.us().await?;
    let comments = forge.comments().await?;
    let ours = comments.into_iter().find(|comment| us.wrote(comment) && marked(&comment.body, marker));
    Ok(Standing(ours))
}

/// Creates or updates it. The text begins with the marker.
pub(crate) async fn comment(
    forge: &Forge,
    standing: &Standing,
    marker: &str,
    text: &str,
) -> Result<Kept, ForgeFailure> {
    let (id, kept) = match &standing.0 {
        Some(_) if standing.says(text) => return Ok(Kept::Unchanged),
        Some(comment) => {
            forge.update(comment.id, text).await?;
            (comment.id, Kept::Updated)
        }
        None => (create(forge, marker, text).await?, Kept::Created),
    };
    let gone = |why: String| ForgeFailure::NotKept { why };
    let now = forge.read(id).await?.ok_or_else(|| gone(t!("it is gone")))?;
    if !marked(&now.body, marker) {
        return Err(gone(t!("its first line is another one")));
    }
    if !same(&now.body, text) {
        return Err(gone(t!("its text is another one")));
    }
    Ok(kept)
}

/// Creates the comment, and never twice: after an answer that got lost, or that nobody can read, it is looked for.
async fn create(forge: &Forge, marker: &str, text: &str) -> Result<u64, ForgeFailure> {
    match forge.create(text).await {
        Err(failure @ (ForgeFailure::Unclear { .. } | ForgeFailure::Unreadable { .. })) => {
            match self::standing(forge, marker).await?.0 {
                Some(comment) if same(&comment.body, text) => Ok(comment.id),
                _ => Err(failure),
            }
        }
        other => other,
    }
}

fn marked(body: &str, marker: &str) -> bool {
    body.lines().next().is_some_and(|line| line.trim() == marker)
}

/// Whether two texts are one, but for line ends and blanks around them, which platforms change.
fn same(one: &str, other: &str) -> bool {
    let lines = |text: &str| text.trim().lines().map(|line| line.trim_end().to_owned()).collect::<Vec<_>>();
    lines(one) == lines(other)
}

/// How the labels that begin with our prefix come to be the wanted ones; others are not looked at.
pub(crate) async fn label_moves(
    forge: &Forge,
    prefix: &str,
    wanted: &[String],
) -> Result<LabelMoves, ForgeFailure> {
    let there = forge.labels().await?;
    let among = |all: &[String], one: &str| all.iter().any(|label| label.eq_ignore_ascii_case(one));
    let add = wanted.iter().filter(|label| !among(&there, label)).cloned().collect();
    let ours = there.iter().filter(|label| label.starts_with(prefix));
    let remove = ours.filter(|label| !among(wanted, label)).cloned().collect();
    Ok(LabelMoves { add, remove })
}

/// Moves the labels, and looks whether they moved.
pub(crate) async fn set_labels(
    forge: &Forge,
    prefix: &str,
    wanted: &[String],
    moves: &LabelMoves,
) -> Result<(), ForgeFailure> {
    if *moves == LabelMoves::default() {
        return Ok(());
    }
    forge.relabel(&moves.add, &moves.remove).await?;
    if label_moves(forge, prefix, wanted).await? == LabelMoves::default() {
        return Ok(());
    }
    Err(ForgeFailure::NotKept { why: t!("the labels are other ones") })
}
