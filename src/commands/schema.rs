//! `schema`: the JSON Schemas, as they are in `schemas/`.

use clap::builder::PossibleValuesParser;

use super::exit::{Exit, Stop};
use crate::{
    cli::Schema,
    config::{self, SCHEMAS},
    report,
    terminal::Terminal,
};

/// What `schema` can be asked for besides the whole configuration.
pub(crate) fn names() -> PossibleValuesParser {
    PossibleValuesParser::new(SCHEMAS.iter().map(|name| name.as_str()).chain(["plan", "outcome"]))
}

pub(super) fn run(terminal: &Terminal, args: &Schema) -> Result<Exit, Stop> {
    let schema = match args.name.as_deref() {
        Some("plan") => report::plan_schema(),
        Some("outcome") => report::outcome_schema(),
        name => config::schema(name.and_then(|name| name.parse().ok())),
    };
    terminal.data(|out| writeln!(out, "{schema:#}"))?;
    Ok(Exit::Done)
}
