//! From a configuration to the licence server that it names.

use std::collections::BTreeSet;

use super::{
    connect::{self, Connected},
    exit::{Exit, Stop},
    secret,
};
use crate::{
    billmgr::{Reader, Settings},
    cli::LinkArgs,
    codes::CodeTable,
    kinds::{ConfigSpec, ProcessorSpec},
    language::t,
    model::{Name, near},
    terminal::Terminal,
    upstream::{Upstream, read},
};

/// A licence server that answered.
pub(super) struct Server {
    pub(super) key: String,
    pub(super) reader: Reader,
    /// Currency of the account, where the server says.
    pub(super) currency: Option<String>,
}

/// Logs in on the licence server with the account of its processor. It need not be one that may order.
pub(super) async fn open(
    terminal: &Terminal,
    spec: &ConfigSpec,
    key: Option<&str>,
    link: &LinkArgs,
) -> Result<Server, Stop> {
    let (key, processor) = choose(spec, key)?;
    let settings = settings(key.as_str(), processor, link)?;
    let Connected { panel, whoami } = connect::connected(terminal, settings).await?;
    Ok(Server { key: key.as_str().to_owned(), reader: panel.reader(), currency: whoami.currency })
}

/// What a licence server sells, with the server's key.
pub(super) async fn catalogue(
    terminal: &Terminal,
    spec: &ConfigSpec,
    key: Option<&str>,
    link: &LinkArgs,
) -> Result<(String, Upstream), Stop> {
    let server = open(terminal, spec, key, link).await?;
    let table = CodeTable::with(&spec.codes);
    let catalogue = read::catalogue(&server.reader, server.currency.as_deref(), &table).await?;
    Ok((server.key, catalogue))
}

/// What each licence server sells that servers of the configuration order from, by the server's key.
pub(super) async fn catalogues(
    terminal: &Terminal,
    spec: &ConfigSpec,
    link: &LinkArgs,
) -> Result<Vec<(String, Upstream)>, Stop> {
    let named = spec.processors.values().filter_map(|processor| processor.licence_server.as_ref());
    let described = spec.costs.keys().chain(spec.period_mappings.keys());
    let keys: BTreeSet<&Name> =
        named.chain(described).filter(|key| spec.processors.contains_key(*key)).collect();
    let mut servers = Vec::new();
    for key in keys {
        servers.push(catalogue(terminal, spec, Some(key.as_str()), link).await?);
    }
    Ok(servers)
}

/// The processor that is named, or the only one that is a licence server.
fn choose<'s>(spec: &'s ConfigSpec, key: Option<&str>) -> Result<(&'s Name, &'s ProcessorSpec), Stop> {
    let wrong =
        |text: String, help: &str| Stop::new(Exit::Invalid, "upstream::which_server", text, Some(help));
    if let Some(key) = key {
        return spec.processors.iter().find(|(known, _)| known.as_str() == key).ok_or_else(|| {
            let names = spec.processors.keys().map(Name::as_str);
            let none = t!("describe it under `processors`");
            let text = t!("the configuration has no processor `{key}`", key = key);
            wrong(text, &near(key, names, &t!("there are"), &none))
        });
    }
    let named = spec.processors.values().filter_map(|processor| processor.licence_server.as_ref());
    let named: BTreeSet<&Name> = named.chain(spec.costs.keys()).chain(spec.period_mappings.keys()).collect();
    let is_server = |(key, processor): &(&Name, &ProcessorSpec)| {
        named.contains(*key) || processor.product_type.as_ref().is_some_and(|name| name.as_str() == "soft")
    };
    let servers: Vec<_> = spec.processors.iter().filter(is_server).collect();
    match servers.as_slice() {
        [one] => Ok(*one),
        [] => Err(no_server()),
        several => {
            let names: Vec<&str> = several.iter().map(|(key, _)| key.as_str()).collect();
            let help = t!("say which with --server: {names}", names = names.join(", "));
            Err(wrong(t!("the configuration has several licence servers"), &help))
        }
    }
}

/// The configuration describes nothing that could be asked.
pub(super) fn no_server() -> Stop {
    let help = t!("describe the licence server under `processors`, with url, username and password");
    let text = t!("the configuration describes no licence server");
    Stop::new(Exit::Invalid, "upstream::which_server", text, Some(&help))
}

fn settings(key: &str, processor: &ProcessorSpec, link: &LinkArgs) -> Result<Settings, Stop> {
    let missing = |field: &str| {
        let text = t!(
            "the processor `{key}` has no `{field}`, so its licence server cannot be asked",
            key = key,
            field = field
        );
        let help = t!("give it url, username and password; an account that may only read is enough");
        Stop::new(Exit::Invalid, "upstream::no_login", text, Some(&help))
    };
    let url = processor.url.as_deref().ok_or_else(|| missing("url"))?;
    let user = processor.username.as_ref().ok_or_else(|| missing("username"))?;
    let source = processor.password.as_ref().ok_or_else(|| missing("password"))?;
    let password = secret::read(source).map_err(connect::no_secret)?;
    Ok(connect::over(link, Settings::new(url, user.as_str(), password)))
}
