//! BILLmanager over HTTP: requests, sessions, retries, whole lists, writes that are never repeated blindly.
//!
//! [`Reader`] cannot save: it never sends `sok` and refuses action functions. [`Writer`] is
//! handed out apart. What an answer means is `wire`'s business.

mod failure;
mod filter;
mod gate;
mod http;
mod link;
mod list;
mod long;
mod reader;
mod scrub;
mod session;
mod settings;
mod tape;
#[cfg(test)]
mod tests;
mod trace;
mod trouble;
mod writer;

use std::sync::Arc;

pub(crate) use failure::{Failure, FailureClass};
pub(crate) use list::{Certificate, FilterState, Listing};
pub(crate) use reader::{Reader, Whoami};
pub(crate) use scrub::Scrub;
pub(crate) use settings::{AuthMode, Settings};
pub(crate) use tape::{Heard, Tape};
pub(crate) use trace::Trace;
pub(crate) use writer::{Writer, Written};

use link::Link;

/// A panel this run talks to.
#[derive(Clone)]
pub(crate) struct Panel {
    link: Arc<Link>,
}

impl Panel {
    /// Checks the settings, builds the client and, with session authentication, logs in.
    pub(crate) async fn connect(settings: Settings) -> Result<Self, Failure> {
        let link = Arc::new(Link::new(settings)?);
        link.open().await?;
        Ok(Self { link })
    }

    /// What reads.
    pub(crate) fn reader(&self) -> Reader {
        Reader::new(Arc::clone(&self.link))
    }

    /// What writes.
    pub(crate) fn writer(&self) -> Writer {
        Writer::new(Arc::clone(&self.link))
    }

    /// How many HTTP requests went out so far.
    pub(crate) fn requests_sent(&self) -> u64 {
        self.link.sent()
    }
}
