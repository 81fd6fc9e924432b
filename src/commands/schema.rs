//! `schema`: the JSON Schemas, as they are in `schemas/`.

use super::exit::{Exit, Stop};
use crate::{
    check::Report,
    cli::Schema,
    config,
    plan::{Outcome, Plan},
    report,
    saved::SavedPlan,
    terminal::Terminal,
};

pub(super) fn run(terminal: &Terminal, args: &Schema) -> Result<Exit, Stop> {
    let schema = match args.name.as_deref() {
        Some("plan") => report::schema::<Plan>(),
        Some("saved-plan") => report::schema::<SavedPlan>(),
        Some("outcome") => report::schema::<Outcome>(),
        Some("findings") => report::schema::<Report>(),
        name => config::schema(name.and_then(|name| name.parse().ok())),
    };
    terminal.data(|out| writeln!(out, "{schema:#}"))?;
    Ok(Exit::Done)
}
