//! The running sandbox and what a test or the command line may do with it.

use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use tokio::sync::oneshot;

use super::dialect::Dialect;
use super::faults::Fault;
use super::hands::Hand;
use super::hostile::Hostile;
use super::http::{self, Shared};
use super::pair::{Play, Role, Stage};
use super::panel::Panel;
use super::replay::{DamagedRecording, Replay};
use super::seed::{self, Seed};
use super::store::{State, StateError, Store};

/// How to start a sandbox. Equal options behave equally.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where to listen: loopback only. Port 0 takes a free one.
    pub listen: SocketAddr,
    /// What a fresh panel holds; unused when `state` names an existing file.
    pub seed: Seed,
    /// Chooses what the public record does not name.
    pub dialect_seed: u64,
    pub hostile: BTreeSet<Hostile>,
    /// Where to keep the state.
    pub state: Option<PathBuf>,
    /// The password of every user. Without one, the dialect seed draws it, with characters that
    /// need encoding on the wire and quoting in a shell.
    pub password: Option<String>,
    /// A recording to answer from, instead of all that is seeded.
    pub replay: Option<PathBuf>,
    /// How long a session lives without a request. The vendor says one hour.
    pub session_idle: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            listen: SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0),
            seed: Seed::default(),
            dialect_seed: 0,
            hostile: BTreeSet::new(),
            state: None,
            password: None,
            replay: None,
            session_idle: Duration::from_secs(60 * 60),
        }
    }
}

/// Why a sandbox cannot start.
#[derive(Debug, thiserror::Error)]
pub enum SandboxError {
    #[error("the sandbox listens on loopback only, and {0} is not: use 127.0.0.1 or [::1]")]
    NotLoopback(SocketAddr),
    #[error("cannot listen on {address}")]
    Listen { address: SocketAddr, source: std::io::Error },
    #[error("cannot start the sandbox's thread")]
    Thread(#[source] std::io::Error),
    #[error("the balance of the licence account is not an amount like 100000.00")]
    Balance,
    #[error("the licence server sells in RUB and EUR, not in {0}")]
    Currency(String),
    #[error(transparent)]
    Recording(#[from] DamagedRecording),
    #[error(transparent)]
    State(#[from] StateError),
}

/// One request the sandbox received.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestRecord {
    pub func: String,
    /// As received, credentials included: tests search them.
    pub params: Vec<(String, String)>,
    /// Whether the request would change the panel if it is carried out.
    pub mutating: bool,
    pub http_method: String,
}

/// What a panel held at some time.
#[derive(Clone, Debug)]
pub struct Checkpoint(State);

/// A running sandbox: its own thread, its own runtime; it stops when dropped.
pub struct Sandbox {
    url: String,
    shared: Arc<Mutex<Shared>>,
    stop: Mutex<Option<oneshot::Sender<()>>>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl Sandbox {
    /// Starts a sandbox and returns when it can be connected to.
    pub fn start(options: Options) -> Result<Self, SandboxError> {
        let socket = Socket::bind(options.listen)?;
        let panel = panel(options)?;
        socket.serve(Arc::new(Mutex::new(Shared::new(panel))), None)
    }

    fn lock(&self) -> MutexGuard<'_, Shared> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The panel's address, `http://127.0.0.1:PORT/billmgr`.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The password of every user: of [`ADMIN`](super::ADMIN) and of the others.
    pub fn admin_password(&self) -> String {
        self.lock().panel.guard.password().to_owned()
    }

    /// What it serves a recording of; nothing where it is a panel of its own.
    pub fn recording(&self) -> Option<String> {
        self.lock().panel.replay.as_ref().map(|replay| replay.about.to_string())
    }

    /// The ways in which it is hostile.
    pub fn hostile(&self) -> Vec<Hostile> {
        self.lock().panel.hostile.iter().copied().collect()
    }

    /// The names and behaviours the dialect seed chose, by meaning.
    pub fn names(&self) -> BTreeMap<&'static str, String> {
        self.lock().panel.dialect.names()
    }

    /// The requests so far, oldest first. Polls for a long request's answer are not among them.
    pub fn requests(&self) -> Vec<RequestRecord> {
        self.lock().requests.clone()
    }

    /// What a web server would write of the requests into its access log: the first line of each, address
    /// and query as they came. Secrets never belong there, so clients post them.
    pub fn access_log(&self) -> Vec<String> {
        self.lock().access_log.clone()
    }

    pub fn clear_requests(&self) {
        self.lock().requests.clear();
    }

    /// Adds a fault. Faults are tried in the order added; a spent one is gone.
    pub fn inject(&self, fault: Fault) {
        self.lock().faults.push(fault);
    }

    /// Drops the faults that have not struck.
    pub fn clear_faults(&self) {
        self.lock().faults.clear();
    }

    /// Has somebody else act once that many further requests have been answered (at least one).
    pub fn later(&self, requests: usize, hand: Hand) {
        self.lock().hands.push((requests, hand));
    }

    /// Everything the panel holds, to be put back with [`Sandbox::rewind`].
    pub fn checkpoint(&self) -> Checkpoint {
        Checkpoint(self.lock().panel.store.state())
    }

    /// Makes the panel what it was, and forgets requests, faults, hands and all that it remembers besides.
    pub fn rewind(&self, checkpoint: &Checkpoint) {
        self.lock().rewind(checkpoint.0.clone());
    }

    /// Every table under the sandbox's own names, in a stable order, empty cells left out.
    pub fn export_state(&self) -> serde_json::Value {
        self.lock().panel.store.export()
    }

    /// A human hand: changes one cell behind the tool's back. False if there is no such row.
    pub fn edit(&self, table: &str, id: u64, field: &str, value: &str) -> bool {
        let mut shared = self.lock();
        let done = shared.panel.store.set(table, id, field, value);
        shared.keep();
        done
    }

    /// A human hand: adds a row and gives its id.
    pub fn insert(&self, table: &str, fields: &[(&str, &str)]) -> u64 {
        let owned = fields.iter();
        let row = owned.map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
        let mut shared = self.lock();
        let id = shared.panel.store.insert(table, row);
        shared.keep();
        id
    }

    /// A human hand: removes a row. False if there is none.
    pub fn remove(&self, table: &str, id: u64) -> bool {
        let mut shared = self.lock();
        let done = shared.panel.store.remove(table, id);
        shared.keep();
        done
    }

    /// A human hand: stores a filter on a list for a user; empty texts clear it.
    pub fn set_filter(&self, user: &str, list: &str, fields: &[(&str, &str)]) {
        let owned = fields.iter();
        let row = owned.map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
        let mut shared = self.lock();
        shared.panel.store.set_filter(user, list, row);
        shared.keep();
    }

    /// Ends every session, as a restart of the panel does.
    pub fn expire_sessions(&self) {
        self.lock().panel.guard.expire_all();
    }

    /// How many requests have come in.
    #[cfg(test)]
    pub(crate) fn arrived(&self) -> usize {
        self.lock().requests.len()
    }

    /// All the panel remembers, to be put back later.
    #[cfg(test)]
    pub(crate) fn state(&self) -> super::store::State {
        self.lock().panel.store.state()
    }

    /// Puts a state back, and forgets requests, faults and hands.
    #[cfg(test)]
    pub(crate) fn restore(&self, state: super::store::State) {
        let mut shared = self.lock();
        shared.panel.store.restore(state);
        shared.requests.clear();
        shared.access_log.clear();
        shared.faults.clear();
        shared.hands.clear();
    }

    /// Drops the hands that have not acted.
    #[cfg(test)]
    pub(crate) fn clear_hands(&self) {
        self.lock().hands.clear();
    }

    /// Stops serving: the port closes and requests under way are cut off. The state can still be
    /// read, so a test can kill the panel and look at what it had done.
    pub fn stop(&self) {
        drop(self.stop.lock().unwrap_or_else(PoisonError::into_inner).take());
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(thread) = thread {
            // A panic in the server's thread has been reported by the thread itself.
            drop(thread.join());
        }
    }

    /// Blocks until the process is interrupted or asked to end.
    pub fn wait(&self) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        if let Ok(runtime) = runtime {
            runtime.block_on(interrupted());
        }
    }
}

/// A value that a shell takes as it is.
pub fn quoted(value: &str) -> String {
    let plain = |ch: char| ch.is_ascii_alphanumeric() || matches!(ch, '-' | '_' | '.' | ':' | '/');
    if value.chars().all(plain) { value.to_owned() } else { format!("'{}'", value.replace('\'', r"'\''")) }
}

/// A socket that is listened on and not yet served.
pub(crate) struct Socket {
    listener: TcpListener,
    pub(crate) address: SocketAddr,
}

impl Socket {
    pub(crate) fn bind(address: SocketAddr) -> Result<Self, SandboxError> {
        if !address.ip().is_loopback() {
            return Err(SandboxError::NotLoopback(address));
        }
        let failed = |source| SandboxError::Listen { address, source };
        let listener = TcpListener::bind(address).map_err(failed)?;
        listener.set_nonblocking(true).map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        Ok(Self { listener, address })
    }

    /// Serves a panel on a thread of its own; a `stage` gives it the clock of a pair.
    pub(crate) fn serve(
        self,
        shared: Arc<Mutex<Shared>>,
        stage: Option<Arc<Stage>>,
    ) -> Result<Sandbox, SandboxError> {
        let url = format!("http://{}/billmgr", self.address);
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_io()
            .enable_time()
            .build()
            .map_err(SandboxError::Thread)?;
        let (stop, stopped) = oneshot::channel();
        let (state, listener) = (Arc::clone(&shared), self.listener);
        let thread = std::thread::Builder::new()
            .name("sandbox".to_owned())
            .spawn(move || runtime.block_on(http::serve(listener, state, stage, stopped)))
            .map_err(SandboxError::Thread)?;
        Ok(Sandbox { url, shared, stop: Mutex::new(Some(stop)), thread: Mutex::new(Some(thread)) })
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.stop();
    }
}

#[cfg(unix)]
async fn interrupted() {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut end) = signal(SignalKind::terminate()) else {
        return;
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = end.recv() => {}
    }
}

#[cfg(not(unix))]
async fn interrupted() {
    drop(tokio::signal::ctrl_c().await);
}

/// A panel of a pair, without a file; `fill` adds what only a pair has.
pub(crate) fn playing(
    options: Options,
    role: Role,
    play: Play,
    fill: impl FnOnce(&mut Store, &Dialect),
) -> Result<Arc<Mutex<Shared>>, SandboxError> {
    let mut panel = panel(options)?;
    fill(&mut panel.store, &panel.dialect);
    Ok(Arc::new(Mutex::new(Shared::new(panel.playing(role, play)))))
}

/// Opens or seeds the state.
fn panel(options: Options) -> Result<Panel, SandboxError> {
    let dialect = Dialect::new(options.dialect_seed);
    let path = options.state.as_deref();
    let replay = options.replay.as_deref().map(Replay::open).transpose()?;
    let store = match Store::open(path)? {
        Some(store) => store,
        None if replay.is_some() => Store::empty(None),
        None => {
            let mut store = Store::empty(path);
            seed::fill(&mut store, &dialect, options.seed);
            if options.hostile.contains(&Hostile::StoredFilter) {
                seed::store_filters(&mut store);
            }
            store.save()?;
            store
        }
    };
    let (seed, idle) = (options.dialect_seed, options.session_idle);
    let mut panel = Panel::new(store, dialect, options.hostile, seed, idle);
    panel.replay = replay;
    if let Some(password) = options.password {
        panel.guard.set_password(password);
    }
    Ok(panel)
}
