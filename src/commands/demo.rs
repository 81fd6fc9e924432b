//! `demo`: the whole tool at work on a sandbox of its own.
use super::exit::{Exit, Stop};
use crate::{cli::Demo, terminal::Terminal};
pub(super) fn run(_: &Terminal, _: &Demo) -> Result<Exit, Stop> {
    Ok(Exit::Done)
}
