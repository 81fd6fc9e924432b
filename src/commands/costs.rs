//! `costs`: what licences cost, held against the licence server or taken over from it.

use super::{
    exit::{Exit, Stop},
    export::write_changed,
    today::today,
    upstream,
};
use crate::{
    cli::{Costs, CostsCommand, CostsDiff, CostsPull, Data, FromServer, LinkArgs},
    codes::CodeTable,
    config::{self, Config},
    export::{self, Updated},
    report,
    terminal::Terminal,
    upstream::{CodeState, Upstream, differences, read},
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
    let server = upstream::open(terminal, &config.spec, from.server.as_deref(), link).await?;
    let table = CodeTable::with(&config.spec.codes);
    let catalogue = read::catalogue(&server.reader, server.currency.as_deref(), &table).await?;
    Ok((config, server.key, catalogue))
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
    let updated = export::costs(&config, &server, &catalogue, today())?;
    write_changed(&updated.files, &updated.changed)?;
    let count = found.codes.iter().filter(|code| !code.changes.is_empty()).count();
    let Updated { changed, .. } = &updated;
    terminal.say(&match count {
        0 => format!("The costs of {server} are those of the licence server, as of {}.", today()),
        1 => format!("Took over the costs of 1 code from {server}, as of {}:", today()),
        count => format!("Took over the costs of {count} codes from {server}, as of {}:", today()),
    });
    for (name, _) in changed {
        terminal.say(&format!("  {name}"));
    }
    for code in &found.codes {
        let why = match &code.state {
            CodeState::Absent => "is not in its catalogue".to_owned(),
            CodeState::NotSold => "is sold no more".to_owned(),
            CodeState::Unreadable { why } => format!("is not understood there: {why}"),
            CodeState::Sold | CodeState::NotSaid => continue,
        };
        terminal.say(&format!("Code {} {why}; look at it by hand.", code.code));
    }
    Ok(Exit::Done)
}
