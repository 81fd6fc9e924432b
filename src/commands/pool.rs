//! `pool`: the licences of the account, sorted and priced.

use std::collections::BTreeSet;

use super::{
    connect,
    exit::{Exit, Stop},
    today::today,
    upstream,
};
use crate::{
    cli::{Pool, PoolFormat},
    config,
    kinds::ConfigSpec,
    licence::NO_PANEL,
    pool::{self, Account},
    report,
    terminal::Terminal,
    upstream::read,
};

pub(super) async fn run(terminal: &Terminal, args: &Pool) -> Result<Exit, Stop> {
    let config = config::load(&args.from.path)?;
    let spec = &config.spec;
    let server = upstream::open(terminal, spec, args.from.server.as_deref(), &args.panel.link).await?;
    let own = &spec.dialect.columns;
    // Licences first: a service that is ordered meanwhile is seen, and none of its licences looks orphaned.
    let licences = read::licences(&server.reader, own).await?;
    let balance = read::balance(&server.reader).await?;
    let session = connect::open(terminal, &args.panel, spec).await?;
    let services = read::services(&session.panel.reader(), own).await?;
    let report = pool::report(&Account {
        server: &server.key,
        licences: &licences,
        services: &services,
        balance,
        costs: spec.costs.iter().find(|(key, _)| key.as_str() == server.key).map(|(_, costs)| costs),
        currency: server.currency.as_deref(),
        no_panel: no_panel(spec),
        today: args.at.unwrap_or_else(today),
        soon: args.soon,
    });
    terminal.data(|mut out| match args.format {
        PoolFormat::Json => report::document(&report, &mut out),
        PoolFormat::Text => report::pool(&report, &terminal.style(), &mut out),
        PoolFormat::Csv => report::pool_csv(&report, &mut out),
    })?;
    Ok(Exit::Done)
}

/// What the panel may show of a service without a panel: the internal name, or the item's name.
fn no_panel(spec: &ConfigSpec) -> BTreeSet<String> {
    let items = spec.enumerations.values().flat_map(|enumeration| &enumeration.items);
    let free = items.filter(|(key, _)| key.as_str() == NO_PANEL);
    let names = free.flat_map(|(_, item)| item.name.0.values().map(|name| name.as_str().to_owned()));
    std::iter::once(NO_PANEL.to_owned()).chain(names).collect()
}
