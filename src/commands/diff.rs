//! `diff`: two configurations, no panel.

use std::time::Instant;

use super::{
    exit::{Exit, Stop},
    plan::show,
};
use crate::{
    cli::Diff,
    config,
    language::t,
    reconcile,
    report::{self, Subject},
    terminal::Terminal,
};

pub(super) fn run(terminal: &Terminal, args: &Diff) -> Result<Exit, Stop> {
    let start = Instant::now();
    // Reading is most of the work, so both are read at once.
    let (before, after) = std::thread::scope(|scope| {
        let before = scope.spawn(|| config::load(&args.before));
        let after = config::load(&args.after);
        (before.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)), after)
    });
    let (before, after) = (before?, after?);
    let read = start.elapsed();
    let plan = reconcile::compare(&before, &after);
    let compared = start.elapsed() - read;
    terminal.whisper(&t!(
        "Read in {read} ms, compared in {compared} ms",
        read = read.as_millis(),
        compared = compared.as_millis()
    ));
    show(terminal, Subject::new(&plan, &after.spec), &args.output, report::plan)?;
    Ok(if plan.is_empty() { Exit::Done } else { Exit::Changes })
}
