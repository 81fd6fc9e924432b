//! A login session, where `authinfo` is not allowed.

use std::sync::Arc;

use secrecy::{ExposeSecret, SecretString};

use super::failure::{Denied, Failure};
use super::http::Sent;
use super::link::Link;
use super::settings::AuthMode;
use super::trouble::{Intent, Trouble};
use crate::{language::t, wire::Answer};

/// A session id; two of them are equal only if they come from the same login.
#[derive(Clone)]
pub(super) struct Session(Arc<SecretString>);

impl Session {
    pub(super) fn id(&self) -> &str {
        self.0.expose_secret()
    }
}

impl Link {
    /// Logs in, if this panel is used with a session.
    pub(super) async fn open(&self) -> Result<(), Failure> {
        if self.settings().auth == AuthMode::AuthInfo {
            return Ok(());
        }
        let opened = self.session(None).await;
        opened.map(drop).map_err(|trouble| trouble.failure(self.host(), "auth", Intent::Read))
    }

    /// The session to use; a new one if the current is the one that has died.
    pub(super) async fn session(&self, dead: Option<Session>) -> Result<Session, Trouble> {
        let mut current = self.session.lock().await;
        if let Some(session) = current.as_ref() {
            // Another call may have logged in anew while this one waited.
            let same = dead.is_some_and(|dead| Arc::ptr_eq(&dead.0, &session.0));
            if !same {
                return Ok(session.clone());
            }
        }
        let session = self.login().await?;
        *current = Some(session.clone());
        Ok(session)
    }

    /// Repeated on transport trouble only: a bad password is never tried twice.
    async fn login(&self) -> Result<Session, Trouble> {
        let settings = self.settings();
        let form = [
            Sent::open("func", "auth"),
            Sent::open("out", "json"),
            Sent::open("lang", &settings.lang),
            Sent::open("username", &settings.user),
            Sent::secret("password", settings.password.expose_secret()),
        ];
        let answer = self
            .repeat(Intent::Read, || self.exchange(&form, Intent::Read))
            .await
            .map_err(|trouble| self.login_trouble(trouble))?;
        let id = session_id(&answer).map(SecretString::from);
        answer.wipe();
        let Some(id) = id else {
            let why = t!("the login was answered without a session");
            return Err(Trouble::Foreign { why });
        };
        self.scrub.learn(id.expose_secret());
        Ok(Session(Arc::new(id)))
    }

    /// On a login, `access` is about the login, whatever it was made for.
    fn login_trouble(&self, trouble: Trouble) -> Trouble {
        let trouble = match trouble {
            Trouble::Access { text } => Trouble::Denied { why: Denied::Password, text },
            other => other,
        };
        match trouble {
            Trouble::Denied { .. } => trouble,
            other => Trouble::Final(Box::new(other.failure(self.host(), "auth", Intent::Read))),
        }
    }
}

/// `doc.auth`: the id is both its attribute and its text.
fn session_id(answer: &Answer) -> Option<&str> {
    let auth = answer.root().child("auth")?;
    let id = auth.attr("id").or_else(|| auth.filled())?;
    (!id.is_empty()).then_some(id)
}
