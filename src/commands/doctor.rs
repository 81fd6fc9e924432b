//! `doctor`: what can be managed on a panel, and what stands in the way.

use super::{
    connect,
    exit::{Exit, Stop},
};
use crate::{
    cli::{Data, Doctor},
    config,
    doctor::{Examination, Verdict},
    kinds::{self, ConfigSpec, Scope},
    report,
    terminal::Terminal,
};

pub(super) async fn run(terminal: &Terminal, args: &Doctor) -> Result<Exit, Stop> {
    let config = args.path.as_deref().map(config::load).transpose()?;
    let spec = config.map(|config| config.spec).unwrap_or_default();
    let (examination, exit) = examine(terminal, args, &spec).await?;
    terminal.data(|mut out| match args.format {
        Data::Json => report::document(&examination, &mut out),
        Data::Text => report::examination(&examination, &terminal.style(), &mut out),
    })?;
    Ok(exit)
}

async fn examine(terminal: &Terminal, args: &Doctor, spec: &ConfigSpec) -> Result<(Examination, Exit), Stop> {
    let (session, level) = connect::meet(terminal, &args.panel, spec).await?;
    let spinner = terminal.spinner(connect::reading(&session.target.url));
    let (snapshot, reads) = kinds::read_each(&session.site, Scope::Everything).await;
    spinner.finish_and_clear();
    let examination = Examination::new(session.target, level, &snapshot, &reads);
    let first = reads.into_iter().find_map(|(_, read)| read.err());
    let exit = match (examination.worst(), first) {
        (Verdict::Ok | Verdict::Note, _) => Exit::Done,
        (Verdict::Missing, _) => Exit::Refused,
        (Verdict::Failed, Some(error)) => Stop::from(error).exit(),
        (Verdict::Failed, None) => Exit::Denied,
    };
    Ok((examination, exit))
}
