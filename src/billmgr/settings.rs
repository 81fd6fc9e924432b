//! How to reach a panel, and which addresses are fit to carry a password.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use reqwest::Url;
use secrecy::SecretString;

use super::failure::Failure;
use super::tape::Tape;
use super::trace::Trace;
use crate::{language::t, net::loopback};

/// How a request proves who it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum AuthMode {
    /// User and password in every request: nothing can expire half way through an apply.
    #[default]
    AuthInfo,
    /// A session, where the administrator has limited `authinfo` to a list of addresses.
    Session,
}

/// Everything the client needs to know.
#[derive(Clone)]
pub(crate) struct Settings {
    /// The full address, path included: installations differ in it.
    pub(crate) url: String,
    pub(crate) user: String,
    pub(crate) password: SecretString,
    pub(crate) auth: AuthMode,
    /// The language of messages and list cells; matching relies on English.
    pub(crate) lang: String,
    pub(crate) connect_timeout: Duration,
    /// For one HTTP request, its answer included.
    pub(crate) timeout: Duration,
    /// For one call that the panel turns into a long request, or that it is too busy for.
    pub(crate) long_deadline: Duration,
    pub(crate) concurrency: usize,
    pub(crate) page_size: u32,
    pub(crate) proxy: Option<String>,
    /// More certificate authorities, as PEM: panels often have private certificates.
    pub(crate) ca_file: Option<PathBuf>,
    /// How often a read is repeated after the first attempt.
    pub(crate) retries: usize,
    /// The first pause between attempts; it doubles, and varies at random.
    pub(crate) pause: Duration,
    /// Who is told of each request, and how much.
    pub(crate) trace: Trace,
    /// What listens to the answers; nothing is written over a connection that is recorded.
    pub(crate) tape: Option<Tape>,
}

impl Settings {
    /// The defaults for a panel.
    pub(crate) fn new(url: impl Into<String>, user: impl Into<String>, password: SecretString) -> Self {
        Self {
            url: url.into(),
            user: user.into(),
            password,
            auth: AuthMode::default(),
            lang: "en".to_owned(),
            connect_timeout: Duration::from_secs(10),
            timeout: Duration::from_secs(120),
            long_deadline: Duration::from_secs(300),
            concurrency: 4,
            page_size: 500,
            proxy: None,
            ca_file: None,
            retries: 4,
            pause: Duration::from_millis(500),
            trace: Trace::default(),
            tape: None,
        }
    }

    /// The address, if a password may be sent there.
    pub(super) fn endpoint(&self) -> Result<Url, Failure> {
        let url = Url::parse(self.url.trim())
            .map_err(|error| bad(t!("the panel's address does not parse: {error}", error = error)))?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err(bad(t!("the panel's address contains a user or a password; set them on their own")));
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(bad(t!(
                "the panel's address ends with a query; give it up to and including /billmgr"
            )));
        }
        let host = url.host_str().ok_or_else(|| bad(t!("the panel's address has no host")))?;
        match url.scheme() {
            "https" => Ok(url),
            "http" if loopback(host) => Ok(url),
            "http" => Err(bad(t!(
                "plain http to {host} would show the password to the network; use https",
                host = host
            ))),
            other => Err(bad(t!("the panel's address starts with {other}:, not with https:", other = other))),
        }
    }

    /// Refuses values no request can be made with.
    pub(super) fn check(&self) -> Result<(), Failure> {
        if self.user.is_empty() {
            return Err(bad(t!("the panel's user is empty")));
        }
        // `authinfo` is cut at the first colon.
        if self.auth == AuthMode::AuthInfo && self.user.contains(':') {
            return Err(bad(t!("a user name with a colon needs session authentication")));
        }
        if self.concurrency == 0 || self.page_size == 0 {
            return Err(bad(t!("concurrency and page size start at 1")));
        }
        Ok(())
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The addresses of the panel and the proxy may have been given with passwords in them.
        f.debug_struct("Settings")
            .field("user", &self.user)
            .field("auth", &self.auth)
            .field("lang", &self.lang)
            .finish_non_exhaustive()
    }
}

/// A failure of the settings.
pub(super) fn bad(what: impl Into<String>) -> Failure {
    Failure::Settings { what: what.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn endpoint(url: &str) -> Result<Url, Failure> {
        Settings::new(url, "admin", SecretString::from("pw")).endpoint()
    }

    #[test]
    fn a_password_goes_out_over_https_or_stays_here() {
        for url in [
            "https://bill.example.com/billmgr",
            "https://bill.example.com:1500/manager/billmgr",
            "http://127.0.0.1:8080/billmgr",
            "http://127.9.9.9/billmgr",
            "http://[::1]:1/billmgr",
            "http://localhost/billmgr",
        ] {
            assert!(endpoint(url).is_ok(), "{url}");
        }
        for url in [
            "http://bill.example.com/billmgr",
            "http://localhost.example.com/",
            "http://10.0.0.1/billmgr",
            "https://u:canary@bill.example.com/billmgr",
            "https://bill.example.com/billmgr?authinfo=u:canary",
            "ftp://127.0.0.1/",
            "bill.example.com/billmgr",
            "",
        ] {
            let failure = endpoint(url).expect_err(url);
            assert!(!failure.to_string().contains("canary"), "{failure}");
        }
    }

    #[test]
    fn settings_hide_the_password() {
        let settings = Settings {
            proxy: Some("http://u:canary@proxy".into()),
            ..Settings::new("https://u:canary@x/", "u", SecretString::from("canary"))
        };
        assert!(!format!("{settings:?}").contains("canary"));
    }
}
