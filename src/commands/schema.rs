//! `schema`: the JSON Schemas, as they are in `schemas/`.

use super::exit::{Exit, Stop};
use crate::{
    capture,
    check::Report,
    cli::Schema,
    config,
    doctor::Examination,
    news::News,
    plan::{Outcome, Plan},
    pool::PoolReport,
    report,
    saved::SavedPlan,
    simulate::{Simulated, Simulation, scenario},
    terminal::Terminal,
    upstream::CostDifferences,
};

pub(super) fn run(terminal: &Terminal, args: &Schema) -> Result<Exit, Stop> {
    let schema = match args.name.as_deref() {
        Some("plan") => report::schema::<Plan>(),
        Some("saved-plan") => report::schema::<SavedPlan>(),
        Some("simulated-orders") => report::schema::<Simulated>(),
        Some("costs-diff") => report::schema::<CostDifferences>(),
        Some("drift-news") => report::schema::<News>(),
        Some("doctor") => report::schema::<Examination>(),
        Some("capture") => report::schema::<capture::Index>(),
        Some("pool") => report::schema::<PoolReport>(),
        Some("outcome") => report::schema::<Outcome>(),
        Some("scenario") => scenario::schema().clone(),
        Some("simulation") => report::schema::<Simulation>(),
        Some("findings") => report::schema::<Report>(),
        name => config::schema(name.and_then(|name| name.parse().ok())),
    };
    terminal.data(|out| writeln!(out, "{schema:#}"))?;
    Ok(Exit::Done)
}
