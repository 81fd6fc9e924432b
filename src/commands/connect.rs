//! From arguments, environment and configuration to a panel, and from a panel to a plan.

use std::{future::Future, sync::Arc, time::Duration};

use secrecy::SecretString;

use super::{
    exit::{Exit, Stop},
    secret,
};
use crate::{
    billmgr::{AuthMode, Panel, Settings, Tape, Trace, Whoami},
    cli::{AuthArg, LinkArgs, PanelArgs},
    config::Config,
    dialect::Dialect,
    kinds::{self, ConfigSpec, KindError, PanelSpec, Scope, Site, Snapshot},
    language::t,
    model::SecretSource,
    plan::{Plan, Target},
    reconcile::{self, Ask},
    terminal::Terminal,
};

/// Runs a command that talks to a panel.
pub(super) fn block_on<T>(future: impl Future<Output = Result<T, Stop>>) -> Result<T, Stop> {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?.block_on(future)
}

/// A panel that was asked who we are.
pub(super) struct Session {
    pub(super) panel: Panel,
    pub(super) site: Site,
    pub(super) target: Target,
}

/// A session, what was read, and the plan.
pub(super) struct Planned {
    pub(super) session: Session,
    pub(super) snapshot: Snapshot,
    pub(super) plan: Plan,
}

/// Reads the panel and plans what is asked for.
pub(super) async fn plan(
    terminal: &Terminal,
    config: &Config,
    args: &PanelArgs,
    ask: impl FnOnce(&Target) -> Ask,
) -> Result<Planned, Stop> {
    let session = open(terminal, args, &config.spec).await?;
    let snapshot = read(terminal, &session, Scope::Config(&config.spec)).await?;
    let plan = reconcile::plan(config, &snapshot, &ask(&session.target)).map_err(Stop::Live)?;
    Ok(Planned { session, snapshot, plan })
}

/// A sign of life while a panel is read.
pub(super) fn reading(url: &str) -> String {
    t!("Reading {url}", url = url)
}

/// A sign of life before the first answer.
pub(super) fn connecting(url: &str) -> String {
    t!("Connecting to {url}", url = url)
}

/// Reads what `scope` covers, with a sign of life.
pub(super) async fn read(terminal: &Terminal, session: &Session, scope: Scope<'_>) -> Result<Snapshot, Stop> {
    let spinner = terminal.spinner(reading(&session.target.url));
    let mut read = kinds::read(&session.site, scope).await;
    // What somebody deletes between the read of its list and that of its form looks like an error, once.
    if read.as_ref().is_err_and(KindError::panel_error) {
        read = kinds::read(&session.site, scope).await;
    }
    spinner.finish_and_clear();
    terminal.whisper(&t!("{count} requests so far", count = session.panel.requests_sent()));
    let mut snapshot = read?;
    snapshot.target = Some(session.target.clone());
    Ok(snapshot)
}

/// Logs in and checks that the account may do what is needed.
pub(super) async fn open(terminal: &Terminal, args: &PanelArgs, spec: &ConfigSpec) -> Result<Session, Stop> {
    let (session, level) = meet(terminal, args, spec).await?;
    // 29 is an administrator; every function used here is documented as theirs.
    if let Some(level) = level.filter(|level| *level < 29) {
        let Target { url, user, .. } = &session.target;
        let text = t!(
            "the account `{user}` has access level {level} on {url}; an administrator's is 29",
            user = user,
            level = level,
            url = url
        );
        let help = t!("use an administrator account");
        return Err(Stop::new(Exit::Denied, "panel::rights", text, Some(&help)));
    }
    Ok(session)
}

/// Logs in, whatever the account may do then, and says its access level.
pub(super) async fn meet(
    terminal: &Terminal,
    args: &PanelArgs,
    spec: &ConfigSpec,
) -> Result<(Session, Option<u32>), Stop> {
    listened(terminal, args, spec, None).await
}

/// The same, with a tape that hears all that is read in the session.
pub(super) async fn listened(
    terminal: &Terminal,
    args: &PanelArgs,
    spec: &ConfigSpec,
    tape: Option<Tape>,
) -> Result<(Session, Option<u32>), Stop> {
    let settings = Settings { tape, ..settings(args, spec.panel.as_ref())? };
    let (url, user) = (settings.url.clone(), settings.user.clone());
    let Connected { panel, whoami } = connected(terminal, settings).await?;
    let site = Site::new(panel.reader(), Dialect::new(spec.dialect.clone()));
    let target = Target { url, user, panel_version: whoami.version };
    Ok((Session { panel, site, target }, whoami.level))
}

/// A panel that took the login, whoever that is.
pub(super) struct Connected {
    pub(super) panel: Panel,
    pub(super) whoami: Whoami,
}

/// Logs in and asks who we are, with a sign of life.
pub(super) async fn connected(terminal: &Terminal, settings: Settings) -> Result<Connected, Stop> {
    let settings = Settings { trace: trace(terminal), ..settings };
    let url = settings.url.clone();
    let spinner = terminal.spinner(connecting(&url));
    let panel = Panel::connect(settings).await;
    let reader = match &panel {
        Ok(panel) => Ok(panel.reader()),
        Err(failure) => Err(failure.clone()),
    };
    let whoami = match reader {
        Ok(reader) => reader.whoami().await,
        Err(failure) => Err(failure),
    };
    spinner.finish_and_clear();
    Ok(Connected { panel: panel?, whoami: whoami? })
}

/// What is to be told of requests.
fn trace(terminal: &Terminal) -> Trace {
    let told = terminal.clone();
    let listener = Arc::new(move |line: &str| told.complain(line));
    match terminal.verbosity() {
        0 | 1 => Trace::Off,
        2 => Trace::Requests(listener),
        _ => Trace::Contents(listener),
    }
}

fn settings(args: &PanelArgs, spec: Option<&PanelSpec>) -> Result<Settings, Stop> {
    let missing = |what: String, help: String| Stop::new(Exit::Usage, "usage::missing", what, Some(&help));
    let url = args.url.clone().or_else(|| spec.map(|spec| spec.url.clone()));
    let url = url.ok_or_else(|| {
        missing(
            t!("no panel is named"),
            t!("give --url or BILLFORM_URL, or `panel: {{url: ...}}` in the configuration"),
        )
    })?;
    let user = args.user.clone().or_else(|| spec?.username.as_ref().map(|name| name.as_str().to_owned()));
    let user = user.ok_or_else(|| {
        missing(
            t!("no login is given"),
            t!("give --user or BILLFORM_USER, or `panel: {{username: ...}}` in the configuration"),
        )
    })?;
    let mut settings = Settings::new(url, user, password(args, spec)?);
    settings.auth = match args.auth {
        AuthArg::Authinfo => AuthMode::AuthInfo,
        AuthArg::Session => AuthMode::Session,
    };
    Ok(over(&args.link, settings))
}

/// The settings with what the arguments say of the connection.
pub(super) fn over(link: &LinkArgs, settings: Settings) -> Settings {
    Settings {
        concurrency: usize::from(link.concurrency),
        connect_timeout: Duration::from_secs(u64::from(link.connect_timeout)),
        timeout: Duration::from_secs(u64::from(link.timeout)),
        proxy: link.proxy.clone(),
        ca_file: link.ca_file.clone(),
        ..settings
    }
}

/// The password: from the file that is named, the environment, or where the configuration says.
fn password(args: &PanelArgs, spec: Option<&PanelSpec>) -> Result<SecretString, Stop> {
    let source = match &args.password_file {
        Some(file) => SecretSource::File(file.clone()),
        None if std::env::var_os("BILLFORM_PASSWORD").is_some() => SecretSource::Env("BILLFORM_PASSWORD".to_owned()),
        None => spec.and_then(|spec| spec.password.clone()).ok_or_else(|| {
            let help = t!(
                "set BILLFORM_PASSWORD or give --password-file, or `panel: {{password: {{env: ...}}}}` in the configuration"
            );
            Stop::new(Exit::Usage, "usage::missing", t!("no password is given"), Some(&help))
        })?,
    };
    secret::read(&source).map_err(no_secret)
}

/// A password is not where it should be.
pub(super) fn no_secret(text: String) -> Stop {
    let help = t!(
        "set the variable, write the file or correct the command; the password itself never goes into the configuration"
    );
    Stop::new(Exit::Invalid, "secret::unreadable", text, Some(&help))
}
