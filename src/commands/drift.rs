//! `drift`: the plan read the other way round, with an exit code for cron.

mod attribute;
mod metrics;
mod notify;
mod remembered;
mod watch;

use std::time::Instant;

use super::{
    connect,
    exit::{Exit, Stop},
    plan::{managed, show},
    today,
};
use crate::{
    cli::Drift,
    config::Config,
    journal::now,
    plan::Plan,
    reconcile::{self, Ask},
    report::{self, Subject},
    terminal::Terminal,
};
use metrics::Round;
use remembered::Remembered;

/// What stdout is called among those that are told.
const REPORT: &str = "report";

pub(super) async fn run(terminal: &Terminal, args: &Drift) -> Result<Exit, Stop> {
    match args.watch {
        None => once(terminal, args).await,
        Some(every) => watch::run(terminal, args, every).await,
    }
}

/// One look at the panel, with its figures.
async fn once(terminal: &Terminal, args: &Drift) -> Result<Exit, Stop> {
    let mut round = Round::new(args.path.display().to_string());
    let began = Instant::now();
    let result = look(terminal, args, &mut round).await;
    let Some(file) = &args.metrics else { return result };
    let exit = result.as_ref().map_or_else(Stop::exit, |exit| *exit);
    let errors = result.as_ref().map_or_else(|stop| stop.diagnostics().len() + stop.more(), |_| 0);
    let written = metrics::write(file, &round, exit, errors, began.elapsed());
    match (result, written) {
        (Ok(_), Err(unwritten)) => Err(unwritten),
        (result, Ok(())) => result,
        (Err(stop), Err(unwritten)) => {
            unwritten.diagnostics().into_iter().for_each(|one| terminal.complain(&terminal.report(one)));
            Err(stop)
        }
    }
}

async fn look(terminal: &Terminal, args: &Drift, round: &mut Round) -> Result<Exit, Stop> {
    let config = today::config(&args.path)?;
    let session = connect::open(terminal, &args.panel, &config.spec).await?;
    let read = connect::read(terminal, &session, crate::kinds::Scope::Config(&config.spec)).await;
    round.requests = Some(session.panel.requests_sent());
    let snapshot = read?;
    let ask = Ask { known_target: true, ..Ask::default() };
    let mut plan = reconcile::plan(&config, &snapshot, &ask).map_err(Stop::Live)?;
    round.seen(&plan);
    if args.attribute {
        plan.notes.extend(attribute::notes(&session, &config.spec.dialect, &snapshot, &plan).await);
        round.requests = Some(session.panel.requests_sent());
    }
    tell(terminal, args, &config, plan, &session.target.url).await
}

/// Reports a drift: all of it, or what is news.
async fn tell(
    terminal: &Terminal,
    args: &Drift,
    config: &Config,
    mut plan: Plan,
    url: &str,
) -> Result<Exit, Stop> {
    let exit = match (managed(&plan), plan.is_empty()) {
        (_, false) => Exit::Changes,
        (false, true) => Exit::Refused,
        (true, true) => Exit::Done,
    };
    let now = now();
    if !args.news {
        // Whoever asks for everything is told since when it is known; what is remembered stays as it is.
        if let Some(mut remembered) = Remembered::known(args, url) {
            remembered.memory.see(&plan, &now);
            plan.notes.extend(remembered.memory.ages(&now));
        }
        show(terminal, Subject::new(&plan, &config.spec), &args.output, report::drift)?;
        return Ok(exit);
    }
    let mut remembered = Remembered::open(terminal, args, url)?;
    remembered.memory.see(&plan, &now);
    let news = remembered.memory.news(REPORT, url, &now);
    plan.notes.extend(remembered.memory.ages(&now));
    super::plan::reports(terminal, Subject::new(&plan, &config.spec), &args.output, report::drift)?;
    if !news.is_empty() {
        let mut text = Vec::new();
        report::news(&news, args.output.format, &terminal.style(), &mut text)?;
        terminal.data(|out| out.write_all(&text))?;
    }
    remembered.memory.told(REPORT);
    if args.notify {
        notify::all(terminal, args, &config.spec.notify, &mut remembered.memory, (url, &now)).await;
    }
    remembered.memory.keep(&notify::names(&config.spec.notify));
    remembered.save()?;
    Ok(exit)
}
