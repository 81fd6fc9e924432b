//! `diff`: two configurations, no panel.

use super::{
    exit::{Exit, Stop},
    plan::show,
};
use crate::{cli::Diff, config, reconcile, report, terminal::Terminal};

pub(super) fn run(terminal: &Terminal, args: &Diff) -> Result<Exit, Stop> {
    let before = config::load(&args.before)?;
    let after = config::load(&args.after)?;
    let plan = reconcile::compare(&before, &after);
    show(terminal, &plan, &args.output, report::plan)?;
    Ok(if plan.is_empty() { Exit::Done } else { Exit::Changes })
}
