//! Who asks: `authinfo`, sessions, one-time keys, access levels (billmanager-api, 1.2).

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use super::dialect::SplitMix;
use super::document::Element;
use super::label::Lang;
use super::refusal::{self, Refusal};
use super::request::Params;

/// The administrator, level 29.
pub const ADMIN: &str = "admin";
/// A client, level 16: administrative functions answer `access`.
pub const CLIENT: &str = "client";
/// An administrator with a second factor: every call answers `func=totp.confirm`.
pub const TWO_FACTOR: &str = "twofactor";
/// An administrator whose allowed addresses do not include loopback.
pub const DENIED: &str = "denied";

/// The level an administrative function asks for.
pub(crate) const ADMIN_LEVEL: u8 = 29;

/// How many requests a session serves under `session-expiry`.
const SESSION_REQUESTS: usize = 20;

/// A user of a panel.
#[derive(Debug)]
pub(crate) struct User {
    pub(crate) name: &'static str,
    pub(crate) id: &'static str,
    pub(crate) level: u8,
    /// Whether it may change anything.
    pub(crate) writes: bool,
}

static USERS: [User; 4] = [
    User { name: ADMIN, id: "1", level: 29, writes: true },
    User { name: CLIENT, id: "4", level: 16, writes: true },
    User { name: TWO_FACTOR, id: "2", level: 29, writes: true },
    User { name: DENIED, id: "3", level: 29, writes: true },
];

/// The user behind a request.
#[derive(Clone, Debug)]
pub(crate) struct Login {
    pub(crate) name: String,
    pub(crate) id: String,
    pub(crate) level: u8,
    /// Whether it may change anything.
    pub(crate) writes: bool,
}

impl Login {
    fn of(user: &User) -> Self {
        let User { name, id, level, writes } = *user;
        Self { name: name.to_owned(), id: id.to_owned(), level, writes }
    }

    /// Nobody: for the functions that ask for no login.
    pub(crate) fn nobody() -> Self {
        Self { name: String::new(), id: String::new(), level: 0, writes: false }
    }
}

#[derive(Debug)]
struct Session {
    user: String,
    last: Instant,
    served: usize,
}

/// What stands in the way of a request.
pub(crate) enum Gate {
    /// A wrong name, password or key: the bare error document.
    BadPassword,
    Refused(Refusal),
    /// The second factor is not confirmed: every call is answered with where to go.
    SecondFactor,
}

/// Sessions, keys and the seeded password.
#[derive(Debug)]
pub(crate) struct Guard {
    users: &'static [User],
    sessions: BTreeMap<String, Session>,
    keys: BTreeMap<String, String>,
    random: SplitMix,
    password: String,
    idle: Duration,
    expire: bool,
}

impl Guard {
    pub(crate) fn new(seed: u64, idle: Duration, expire: bool) -> Self {
        let mut random = SplitMix::new(seed ^ 0x005E_5510);
        Self {
            users: &USERS,
            sessions: BTreeMap::new(),
            keys: BTreeMap::new(),
            password: format!("pa+ss {:08x}:&я", random.next() >> 32),
            random,
            idle,
            expire,
        }
    }

    /// The password of every user. Each start has its own, with characters that need encoding.
    pub(crate) fn password(&self) -> &str {
        &self.password
    }

    pub(crate) fn set_password(&mut self, password: String) {
        self.password = password;
    }

    /// Gives the panel other users than a provider's.
    pub(crate) fn set_users(&mut self, users: &'static [User]) {
        self.users = users;
    }

    /// Finds out who asks.
    pub(crate) fn admit(&mut self, params: &Params, now: Instant, denied_kind: &str) -> Result<Login, Gate> {
        let user = if let Some((name, password)) = params.text("authinfo").split_once(':') {
            self.by_password(name, password)?
        } else if params.has("authinfo") {
            return Err(Gate::BadPassword);
        } else {
            let func = params.text("func");
            self.by_session(params.text("auth"), now).ok_or_else(|| Gate::Refused(Refusal::access(func)))?
        };
        match user.name {
            TWO_FACTOR => Err(Gate::SecondFactor),
            DENIED => Err(Gate::Refused(Refusal::denied(denied_kind, "127.0.0.1"))),
            _ => self.impersonate(user, params),
        }
    }

    fn by_password(&self, name: &str, password: &str) -> Result<&'static User, Gate> {
        let user = self.users.iter().find(|user| user.name == name);
        user.filter(|_| password == self.password).ok_or(Gate::BadPassword)
    }

    fn by_session(&mut self, id: &str, now: Instant) -> Option<&'static User> {
        let session = self.sessions.get_mut(id)?;
        let idle = now.saturating_duration_since(session.last) > self.idle;
        if idle || (self.expire && session.served >= SESSION_REQUESTS) {
            self.sessions.remove(id);
            return None;
        }
        session.served += 1;
        session.last = now;
        let name = session.user.as_str();
        self.users.iter().find(|user| user.name == name)
    }

    /// `su=LOGIN` lets an administrator act as another user.
    fn impersonate(&self, user: &User, params: &Params) -> Result<Login, Gate> {
        let other = params.text("su");
        if other.is_empty() {
            return Ok(Login::of(user));
        }
        if user.level < ADMIN_LEVEL {
            return Err(Gate::Refused(Refusal::access("su")));
        }
        let found = self.users.iter().find(|user| user.name == other);
        let missed = || Gate::Refused(Refusal::missed("su", other));
        found.map(Login::of).ok_or_else(missed)
    }

    /// Answers `func=auth`: a session for a name and a password or a one-time key.
    pub(crate) fn log_in(&mut self, params: &Params, now: Instant, lang: Lang) -> Element {
        let name = params.text("username");
        let key = params.text("key");
        let allowed = if key.is_empty() {
            self.by_password(name, params.text("password")).is_ok()
        } else {
            self.keys.get(key).is_some_and(|owner| owner == name)
        };
        self.keys.remove(key);
        let user = self.users.iter().find(|user| user.name == name);
        let Some(user) = user.filter(|_| allowed) else {
            return refusal::bad_password("127.0.0.1", lang);
        };
        let id = format!("{:012x}", self.random.next() >> 16);
        let session = Session { user: user.name.to_owned(), last: now, served: 0 };
        self.sessions.insert(id.clone(), session);
        let auth = Element::leaf("auth", &id).attr("id", &id).attr("level", user.level.to_string());
        Element::new("doc").child(auth)
    }

    /// Answers `session.newkey`: the key must have at least 16 characters.
    pub(crate) fn new_key(&mut self, params: &Params) -> Result<(), Refusal> {
        let (name, key) = (params.text("username"), params.text("key"));
        if !self.users.iter().any(|user| user.name == name) {
            return Err(Refusal::missed("username", name));
        }
        if key.chars().count() < 16 {
            return Err(Refusal::value("key", key));
        }
        self.keys.insert(key.to_owned(), name.to_owned());
        Ok(())
    }

    /// Ends every session: what a restart or an administrator does.
    pub(crate) fn expire_all(&mut self) {
        self.sessions.clear();
    }
}

/// The answer that asks for the second factor.
pub(crate) fn second_factor() -> Element {
    Element::new("doc").child(Element::leaf("ok", "func=totp.confirm"))
}
