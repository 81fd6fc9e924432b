//! `schema`: the JSON Schemas, as they are in `schemas/`.

use super::exit::{Exit, Stop};
use crate::{cli::Schema, config, report, terminal::Terminal};

pub(super) fn run(terminal: &Terminal, args: &Schema) -> Result<Exit, Stop> {
    let schema = match args.name.as_deref() {
        Some("plan") => report::plan_schema(),
        Some("outcome") => report::outcome_schema(),
        name => config::schema(name.and_then(|name| name.parse().ok())),
    };
    terminal.data(|out| writeln!(out, "{schema:#}"))?;
    Ok(Exit::Done)
}
