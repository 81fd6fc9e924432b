//! One comment and some labels of a pull or merge request, on GitHub, GitLab and Gitea, without a server of ours.
//!
//! [`Place`] says where; [`Forge`] speaks each platform's REST API; [`comment`] and [`label_moves`] decide what
//! is to be done. The comment is found by its first line, a hidden marker, and only among those of the token's own user:
//! whoever quotes our comment in theirs keeps it.

mod api;
mod failure;
mod http;
mod place;
mod upsert;

pub(crate) use api::Forge;
pub(crate) use failure::{ForgeClass, ForgeFailure};
pub(crate) use place::{Given, Place, Platform, place};
pub(crate) use upsert::{Kept, LabelMoves, comment, label_moves, set_labels, standing};
