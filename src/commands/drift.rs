//! `drift`: the plan read the other way round, with an exit code for cron.

use super::{
    connect,
    exit::{Exit, Stop},
    plan::{managed, show},
    today,
};
use crate::{
    cli::Drift,
    reconcile::Ask,
    report::{self, Subject},
    terminal::Terminal,
};

pub(super) async fn run(terminal: &Terminal, args: &Drift) -> Result<Exit, Stop> {
    let config = today::config(&args.path)?;
    let planned =
        connect::plan(terminal, &config, &args.panel, |_| Ask { known_target: true, ..Ask::default() })
            .await?;
    show(terminal, Subject::new(&planned.plan, &config.spec), &args.output, report::drift)?;
    Ok(match (managed(&planned.plan), planned.plan.is_empty()) {
        (_, false) => Exit::Changes,
        (false, true) => Exit::Refused,
        (true, true) => Exit::Done,
    })
}
