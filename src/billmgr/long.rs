//! Long requests: a slow call is answered with a page that names an address to poll.
//!
//! A production front end takes whatever matches `long.+billmgr` out of an HTML body and
//! fetches it until the document arrives; the page's markup is recorded nowhere.

use std::time::Duration;

use reqwest::Url;
use tokio::time::{Instant, sleep};

use super::http::Reply;
use super::link::Link;
use super::trace;
use super::trouble::{Intent, Trouble};
use crate::{language::t, wire::Answer};

/// A page with an address is short; a longer body is not searched.
const MAX_PAGE: usize = 256 << 10;
/// The longest pause between two looks.
const MAX_PAUSE: Duration = Duration::from_secs(5);

impl Link {
    /// The address to poll, if the reply is such a page. Only on the panel's own origin.
    pub(super) fn long_address(&self, reply: &Reply) -> Option<Url> {
        if reply.status != 200 || reply.body.len() > MAX_PAGE {
            return None;
        }
        let text = String::from_utf8_lossy(&reply.body);
        // An answer is JSON or `<doc>`; what merely quotes such an address is not a page.
        let start = text.trim_start_matches('\u{feff}').trim_start();
        if start.starts_with('{') || start.starts_with("<doc") || crate::wire::decode(&reply.body).is_ok() {
            return None;
        }
        same_origin(self.http.url(), &address(&text)?)
    }

    /// Polls until the document is there or the deadline has passed.
    pub(super) async fn long_result(&self, mut url: Url, intent: Intent) -> Result<Answer, Trouble> {
        let deadline = Instant::now() + self.settings().long_deadline;
        let mut pause = self.settings().pause;
        loop {
            if Instant::now() + pause > deadline {
                let why = t!("the panel took it as a long request and did not finish it in time");
                // Not repeated, for reads either: it would start the same work again.
                return Err(if intent == Intent::Read {
                    Trouble::Foreign { why }
                } else {
                    Trouble::Lost { why }
                });
            }
            sleep(pause).await;
            pause = (pause * 2).min(MAX_PAUSE);
            let started = Instant::now();
            let reply = self.http.get(url.clone()).await;
            trace::polled(&self.settings().trace, started.elapsed(), reply.as_ref().ok());
            match reply {
                Ok(reply) if self.long_address(&reply).is_some() => {
                    url = self.long_address(&reply).unwrap_or(url);
                }
                Ok(reply) => match self.document(reply) {
                    // Looking is harmless, so whatever may pass is waited out.
                    Err(trouble) if trouble.repeatable(Intent::Read) => {}
                    done => return done,
                },
                Err(trouble) if trouble.repeatable(Intent::Read) => {}
                Err(trouble) => return Err(after_sending(self.cleaned(trouble))),
            }
        }
    }
}

/// The call itself was sent, whatever its result's address suffers from.
fn after_sending(trouble: Trouble) -> Trouble {
    match trouble {
        Trouble::NotSent { why, .. } => Trouble::Lost { why },
        other => other,
    }
}

/// The first word of the page that has `billmgr` after `long`, cut out of its markup.
fn address(text: &str) -> Option<String> {
    text.split(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '<' | '>' | '\\')).find_map(|word| {
        let long = word.find("long")?;
        let (before, rest) = word.split_at(long);
        let end = long + rest.rfind("billmgr")? + "billmgr".len();
        // `url=/long/…` and `href=/long/…` are written without quotes.
        let start = before.rfind(['=', ';', '(', ',']).map_or(0, |at| at + 1);
        Some(word.get(start..end)?.replace("&amp;", "&"))
    })
}

fn same_origin(base: &Url, address: &str) -> Option<Url> {
    let url = base.join(address).ok()?;
    let origin =
        |u: &Url| (u.scheme().to_owned(), u.host_str().map(str::to_owned), u.port_or_known_default());
    (origin(&url) == origin(base) && url.username().is_empty()).then_some(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_is_found_in_any_markup() {
        for page in [
            "<html><script>location='/long/a1b2/billmgr'</script></html>",
            "<html><meta http-equiv=\"refresh\" content=\"1;url=/long/a1b2/billmgr\"></html>",
            "<a href=/long/a1b2/billmgr>wait</a>",
            "<p>it may take long</p><a href=\"/long/a1b2/billmgr\">wait</a>",
        ] {
            assert_eq!(address(page).as_deref(), Some("/long/a1b2/billmgr"), "{page}");
        }
        assert_eq!(address("'long?id=1&amp;to=billmgr'").as_deref(), Some("long?id=1&to=billmgr"));
        assert_eq!(address("<p>no address here, long ago; billmgr</p>"), None);
    }

    #[test]
    fn another_origin_is_not_polled() {
        let base = Url::parse("https://bill.example.com:1500/billmgr").unwrap();
        let ok = same_origin(&base, "long/x/billmgr").unwrap();
        assert_eq!(ok.as_str(), "https://bill.example.com:1500/long/x/billmgr");
        for other in [
            "//evil.example.com/long/billmgr",
            "https://bill.example.com/long/billmgr",
            "http://bill.example.com:1500/long/billmgr",
        ] {
            assert!(same_origin(&base, other).is_none(), "{other}");
        }
    }
}
