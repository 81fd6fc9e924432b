//! A running pair, and what a test or the command line may do with it.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};

use jiff::civil::Date;

use super::super::auth::ADMIN;
use super::super::money;
use super::super::seed::Seed;
use super::super::server::{self, Options, Sandbox, SandboxError, Socket};
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
        }
    }
}

/// A running pair: a provider's panel and a licence server; both stop when it is dropped.
pub struct Pair {
    provider: Sandbox,
    licences: Sandbox,
    stage: Arc<Stage>,
}

impl Pair {
    /// Starts both and returns when they can be connected to.
    pub fn start(options: PairOptions) -> Result<Self, SandboxError> {
        let PairOptions { panel, licence_listen, licence_password, at, balance, currency, readings } =
            options;
        let balance = money::normalise(&balance).filter(|text| !text.is_empty());
        let balance = balance.ok_or(SandboxError::Balance)?;
        if !["RUB", "EUR"].contains(&currency.as_str()) {
            return Err(SandboxError::Currency(currency));
        }
        let (socket, licence_socket) = (Socket::bind(panel.listen)?, Socket::bind(licence_listen)?);
        let clock = Clock::at(at.unwrap_or_else(|| jiff::Zoned::now().date()));
        let play = Play { clock: clock.clone(), readings };
        let seller = Options {
            listen: licence_listen,
            seed: Seed::Empty,
            hostile: [].into(),
            state: None,
            password: licence_password,
            ..panel.clone()
        };
        let panel = Options { state: None, ..panel };
        let licences = server::playing(seller, Role::Licences, play.clone(), |store, dialect| {
            licences::seed::fill(store, dialect.first_id("soft"), &balance, &currency);
        })?;
        let provider = server::playing(panel, Role::Provider, play, |store, _| provider::seed(store))?;
        let (at_provider, at_licences) = (Arc::clone(&provider), Arc::clone(&licences));
        let stage = Stage { clock, provider: at_provider, licences: at_licences, moving: Mutex::new(()) };
        let stage = Arc::new(stage);
        Ok(Self {
            licences: licence_socket.serve(licences, Some(Arc::clone(&stage)))?,
            provider: socket.serve(provider, Some(Arc::clone(&stage)))?,
            stage,
        })
    }

    /// The provider's panel, whose administrator is [`ADMIN`](super::super::ADMIN).
    pub fn provider(&self) -> &Sandbox {
        &self.provider
    }

    /// The licence server, whose users are [`LICENCE_USER`](super::super::LICENCE_USER) and, without the right to
    /// change anything, [`LICENCE_READER`](super::super::LICENCE_READER).
    pub fn licences(&self) -> &Sandbox {
        &self.licences
    }

    /// The day both believe it is.
    pub fn today(&self) -> Date {
        self.stage.clock.today()
    }

    /// Plays every day up to and including `to`; why not, if the clock cannot go there.
    pub fn advance_to(&self, to: Date) -> Result<Moved, String> {
        self.stage.move_to(to)
    }

    /// Plays so many days.
    pub fn advance(&self, days: i64) -> Result<Moved, String> {
        self.stage.move_by(days)
    }

    /// What a person starting the pair should know about it.
    pub fn notice(&self) -> String {
        let (panel, seller) = (self.provider.url(), self.licences.url());
        let clock = panel.replace("/billmgr", "/sandbox/clock");
        let password = self.provider.admin_password();
        let login = server::quoted(&format!("{ADMIN}:{password}"));
        format!(
            "This is an emulation of two panels, not BILLmanager: a hosting provider's at {panel} and a licence \
             server at {seller}.\n\
             They call each other on this machine only, whatever addresses a configuration names; orders and money \
             are played, and nothing here is proof of what real panels do.\n\
             It is {today}. In the configuration, give the processor of the licence server the address {seller}, the \
             username and the password below; then apply it, and order:\n  \
             curl {panel} -d out=json --data-urlencode authinfo={login} -d func=vds.order.param -d sok=ok \
             -d pricelist=vds-start -d panel=55227 -d period=1\n  \
             curl {panel} -d out=json --data-urlencode authinfo={login} -d func=licence.log\n\
             Move the clock, and look at it:\n  \
             curl -X POST '{clock}?days=30'\n  \
             curl {clock}",
            today = self.today(),
        )
    }
}
