//! A running pair, and what a test or the command line may do with it.

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::civil::Date;

use super::super::money;
use super::super::seed::Seed;
use super::super::server::{self, Checkpoint, Options, Sandbox, SandboxError, Socket};
use super::{Clock, Moved, Play, Readings, Role, Stage, licences, provider};

/// How to start a pair. Equal options behave equally.
#[derive(Clone, Debug)]
pub struct PairOptions {
    /// The provider's panel. A pair keeps its state in memory, so `state` is not used.
    pub panel: Options,
    /// Where the licence server listens: loopback only. Port 0 takes a free one.
    pub licence_listen: SocketAddr,
    /// The password of the licence server's users. Without one, the dialect seed draws it.
    pub licence_password: Option<String>,
    /// The day on which the pair begins; the machine's own without one.
    pub at: Option<Date>,
    /// What the account at the licence server holds, `100000.00`.
    pub balance: String,
    /// The currency of that account: RUB or EUR.
    pub currency: String,
    pub readings: Readings,
    /// How long the provider's panel waits for the licence server.
    pub patience: Duration,
}

impl Default for PairOptions {
    fn default() -> Self {
        Self {
            panel: Options { seed: Seed::Hosting, ..Options::default() },
            licence_listen: SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0),
            licence_password: None,
            at: None,
            balance: "1000000.00".to_owned(),
            currency: "RUB".to_owned(),
            readings: Readings::default(),
            patience: Duration::from_secs(30),
        }
    }
}

/// A running pair: a provider's panel and a licence server; both stop when it is dropped.
pub struct Pair {
    provider: Sandbox,
    licences: Sandbox,
    stage: Arc<Stage>,
}

/// What both panels of a pair held on some day.
#[derive(Clone, Debug)]
pub struct PairCheckpoint {
    provider: Checkpoint,
    licences: Checkpoint,
    today: Date,
}

impl Pair {
    /// Starts both and returns when they can be connected to.
    pub fn start(options: PairOptions) -> Result<Self, SandboxError> {
        let balance = money::normalise(&options.balance).filter(|text| !text.is_empty());
        let balance = balance.ok_or(SandboxError::Balance)?;
        let currency = options.currency;
        if !["RUB", "EUR"].contains(&currency.as_str()) {
            return Err(SandboxError::Currency(currency));
        }
        let (socket, licence_socket) =
            (Socket::bind(options.panel.listen)?, Socket::bind(options.licence_listen)?);
        let clock = Clock::at(options.at.unwrap_or_else(|| jiff::Zoned::now().date()));
        let play = Play { clock, readings: options.readings, patience: options.patience };
        let panel = Options { state: None, ..options.panel };
        let seller = Options {
            seed: Seed::Empty,
            hostile: BTreeSet::new(),
            password: options.licence_password,
            ..panel.clone()
        };
        let licences = server::playing(seller, Role::Licences, play.clone(), |store, dialect| {
            licences::seed::fill(store, dialect.first_id("soft"), &balance, &currency);
        })?;
        let provider =
            server::playing(panel, Role::Provider, play.clone(), |store, _| provider::seed(store))?;
        let (at_provider, at_licences) = (Arc::clone(&provider), Arc::clone(&licences));
        let stage =
            Arc::new(Stage { play, provider: at_provider, licences: at_licences, moving: Mutex::new(()) });
        Ok(Self {
            licences: licence_socket.serve(licences, Some(Arc::clone(&stage)))?,
            provider: socket.serve(provider, Some(Arc::clone(&stage)))?,
            stage,
        })
    }

    /// The provider's panel, whose administrator is `ADMIN`.
    pub fn provider(&self) -> &Sandbox {
        &self.provider
    }

    /// The licence server, whose users are `LICENCE_USER` and, without the right to
    /// change anything, `LICENCE_READER`.
    pub fn licences(&self) -> &Sandbox {
        &self.licences
    }

    /// The day both believe it is.
    pub fn today(&self) -> Date {
        self.stage.play.clock.today()
    }

    /// Plays every day up to and including `to`; why not, if the clock cannot go there.
    pub fn advance_to(&self, to: Date) -> Result<Moved, String> {
        self.stage.move_to(to)
    }

    /// Plays so many days.
    pub fn advance(&self, days: i64) -> Result<Moved, String> {
        self.stage.move_by(days)
    }

    /// Both panels and the day, to be put back with [`Pair::rewind`].
    pub fn checkpoint(&self) -> PairCheckpoint {
        let (provider, licences) = (self.provider.checkpoint(), self.licences.checkpoint());
        PairCheckpoint { provider, licences, today: self.today() }
    }

    /// Makes it the day it was, and both panels what they were then.
    pub fn rewind(&self, checkpoint: &PairCheckpoint) {
        self.provider.rewind(&checkpoint.provider);
        self.licences.rewind(&checkpoint.licences);
        self.stage.play.clock.set(checkpoint.today);
    }

    /// How it reads what the public record leaves open.
    pub fn readings(&self) -> Readings {
        self.stage.play.readings.clone()
    }
}
