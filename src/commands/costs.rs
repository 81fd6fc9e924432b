//! `costs`: what licences cost, held against the licence server or taken over from it.

use super::{
    exit::{Exit, Stop},
    export::write_changed,
    today::today,
    upstream,
};
use crate::{
    cli::{Costs, CostsCommand, CostsDiff, CostsPull, Data, FromServer, LinkArgs},
    config::{self, Config},
    export::{self, Updated},
    language::{t, tn},
    report,
    terminal::Terminal,
    upstream::{CodeState, Upstream, differences},
};

pub(super) async fn run(terminal: &Terminal, args: &Costs) -> Result<Exit, Stop> {
    match &args.command {
        CostsCommand::Diff(args) => diff(terminal, args).await,
        CostsCommand::Pull(args) => pull(terminal, args).await,
    }
}

/// The configuration, the licence server's key, and what it sells.
async fn load(
    terminal: &Terminal,
    from: &FromServer,
    link: &LinkArgs,
) -> Result<(Config, String, Upstream), Stop> {
    let config = config::load(&from.path)?;
    let (key, catalogue) = upstream::catalogue(terminal, &config.spec, from.server.as_deref(), link).await?;
    Ok((config, key, catalogue))
}

async fn diff(terminal: &Terminal, args: &CostsDiff) -> Result<Exit, Stop> {
    let (config, server, catalogue) = load(terminal, &args.from, &args.link).await?;
    let found = differences(&config.spec, &server, &catalogue, today());
    terminal.data(|mut out| match args.format {
        Data::Json => report::document(&found, &mut out),
        Data::Text => report::cost_differences(&found, &terminal.style(), &mut out),
    })?;
    Ok(if found.is_empty() { Exit::Done } else { Exit::Changes })
}

async fn pull(terminal: &Terminal, args: &CostsPull) -> Result<Exit, Stop> {
    let (config, server, catalogue) = load(terminal, &args.from, &args.link).await?;
    let found = differences(&config.spec, &server, &catalogue, today());
    let updated = export::pull(&config, &server, &catalogue, today())?;
    write_changed(&updated.files, &updated.changed)?;
    let count = found.codes.iter().filter(|code| !code.changes.is_empty()).count();
    let Updated { changed, .. } = &updated;
    terminal.say(&match count {
        0 => {
            t!(
                "The costs of {server} are those of the licence server, as of {day}.",
                server = server,
                day = today()
            )
        }
        count => tn!(
            count,
            "Took over the costs of {n} code from {server}, as of {day}:",
            "Took over the costs of {n} codes from {server}, as of {day}:",
            server = server,
            day = today()
        ),
    });
    for (name, _) in changed {
        terminal.say(&format!("  {name}"));
    }
    for code in &found.codes {
        let name = &code.code;
        terminal.say(&match &code.state {
            CodeState::Absent => t!("Code {code} is not in its catalogue; look at it by hand.", code = name),
            CodeState::NotSold => t!("Code {code} is sold no more; look at it by hand.", code = name),
            CodeState::Unreadable { why } => {
                t!("Code {code} is not understood there: {why}; look at it by hand.", code = name, why = why)
            }
            CodeState::Sold | CodeState::NotSaid => continue,
        });
    }
    Ok(Exit::Done)
}
