//! One HTTP exchange: a form out, bytes back. Knows nothing of BILLmanager but its address.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use bytes::Bytes;
use reqwest::header::{CONTENT_TYPE, LOCATION, REFERER};
use reqwest::{Client, RequestBuilder, Response, Url};
use zeroize::Zeroizing;

use super::failure::Failure;
use super::settings::{Settings, bad};
use super::trouble::{Intent, Trouble};
use crate::{
    language::t,
    net::{self, Way, after, reasons},
};

/// The most an answer may have, unpacked. Lists come in pages far below it.
const MAX_BODY: usize = 64 << 20;

/// The HTTP client of a panel.
pub(super) struct Http {
    settings: Settings,
    url: Url,
    reads: Client,
    /// A write gets a fresh connection, so that "it surely never left" can be told: on a kept
    /// one, the server may have closed its end while the request was on its way.
    writes: OnceLock<Client>,
    sent: AtomicU64,
}

/// What came back.
pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) after: Option<Duration>,
    /// Where a redirect points: scheme and host only, the rest may hold anything.
    pub(super) location: Option<String>,
    /// Wiped after use: a login's answer holds the session, a form may hold passwords.
    pub(super) body: Zeroizing<Vec<u8>>,
}

/// One field of a posted form.
#[derive(Clone, Copy)]
pub(super) struct Sent<'a> {
    pub(super) name: &'a str,
    pub(super) value: &'a str,
    /// Whether the value must never be shown.
    pub(super) secret: bool,
}

impl<'a> Sent<'a> {
    pub(super) fn open(name: &'a str, value: &'a str) -> Self {
        Self { name, value, secret: false }
    }

    pub(super) fn secret(name: &'a str, value: &'a str) -> Self {
        Self { name, value, secret: true }
    }
}

impl Http {
    pub(super) fn new(settings: Settings) -> Result<Self, Failure> {
        settings.check()?;
        let url = settings.endpoint()?;
        let reads = client(&settings, &url, Intent::Read)?;
        Ok(Self { settings, url, reads, writes: OnceLock::new(), sent: AtomicU64::new(0) })
    }

    pub(super) fn settings(&self) -> &Settings {
        &self.settings
    }

    pub(super) fn url(&self) -> &Url {
        &self.url
    }

    pub(super) fn sent(&self) -> u64 {
        self.sent.load(Ordering::Relaxed)
    }

    /// Posts a form: parameters in a query would land in access logs.
    ///
    /// The body is wiped once the client lets go of it. Its own write buffer, that of TLS and that of the
    /// system have copies by then, which are out of reach.
    pub(super) async fn post(&self, form: &[Sent<'_>], intent: Intent) -> Result<Reply, Trouble> {
        let client = match intent {
            Intent::Read => &self.reads,
            Intent::Write => self.writer()?,
        };
        let request = client
            .post(self.url.clone())
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Bytes::from_owner(encoded(form)));
        self.send(request).await
    }

    /// Fetches the result of a long request.
    pub(super) async fn get(&self, url: Url) -> Result<Reply, Trouble> {
        self.send(self.reads.get(url)).await
    }

    fn writer(&self) -> Result<&Client, Trouble> {
        if let Some(client) = self.writes.get() {
            return Ok(client);
        }
        let built = client(&self.settings, &self.url, Intent::Write)
            .map_err(|failure| Trouble::Final(Box::new(failure)))?;
        Ok(self.writes.get_or_init(|| built))
    }

    async fn send(&self, request: RequestBuilder) -> Result<Reply, Trouble> {
        self.sent.fetch_add(1, Ordering::Relaxed);
        // Without it, sibling panels answer changes with `referer_confirm`.
        let request = request.header(REFERER, self.url.as_str());
        let response = request.send().await.map_err(|error| unsent_or_lost(&error))?;
        let (status, after) = (response.status().as_u16(), after(&response));
        let location = location(&response, &self.url);
        let body = body(response).await?;
        Ok(Reply { status, after, location, body })
    }
}

/// The form as a body, in a buffer that never moves and so leaves no copies behind.
fn encoded(form: &[Sent<'_>]) -> Zeroizing<Vec<u8>> {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    let most = form.iter().map(|sent| 3 * (sent.name.len() + sent.value.len()) + 2).sum();
    let mut body = Zeroizing::new(Vec::with_capacity(most));
    for sent in form {
        if !body.is_empty() {
            body.push(b'&');
        }
        for (index, text) in [sent.name, sent.value].into_iter().enumerate() {
            if index > 0 {
                body.push(b'=');
            }
            for byte in text.bytes() {
                match byte {
                    b' ' => body.push(b'+'),
                    b'*' | b'-' | b'.' | b'_' => body.push(byte),
                    _ if byte.is_ascii_alphanumeric() => body.push(byte),
                    _ => body.extend([b'%', DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]]),
                }
            }
        }
    }
    body
}

/// Builds a client.
fn client(settings: &Settings, url: &Url, intent: Intent) -> Result<Client, Failure> {
    let way = Way {
        connect_timeout: settings.connect_timeout,
        timeout: settings.timeout,
        proxy: settings.proxy.as_deref(),
        ca_file: settings.ca_file.as_ref(),
    };
    let mut builder = net::client(url, &way).map_err(bad)?;
    if intent == Intent::Write {
        builder = builder.pool_max_idle_per_host(0);
    }
    builder
        .build()
        .map_err(|error| bad(t!("no HTTP client can be built: {reasons}", reasons = reasons(&error))))
}

fn unsent_or_lost(error: &reqwest::Error) -> Trouble {
    let why = reasons(error);
    if error.is_connect() || error.is_builder() {
        // A certificate does not get better by trying again, and a login at the proxy may get it locked. Why
        // else a proxy opens no tunnel, it does not say.
        let refused = ["certificate", "proxy authorization required"];
        let hopeless = error.is_builder() || refused.iter().any(|words| why.contains(words));
        return Trouble::NotSent { why, hopeless };
    }
    let why = if error.is_timeout() { t!("it took too long") } else { why };
    Trouble::Lost { why }
}

async fn body(mut response: Response) -> Result<Zeroizing<Vec<u8>>, Trouble> {
    // A buffer of the announced size does not move, which would leave copies behind.
    let announced = response.content_length().and_then(|size| usize::try_from(size).ok()).unwrap_or(0);
    let mut body = Zeroizing::new(Vec::with_capacity(announced.min(1 << 20)));
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) if body.len() + chunk.len() > MAX_BODY => {
                let why = t!("it is longer than {size} MiB", size = MAX_BODY >> 20);
                return Err(Trouble::TooLarge { why });
            }
            Ok(Some(chunk)) => body.extend_from_slice(&chunk),
            Ok(None) => return Ok(body),
            Err(error) if error.is_timeout() => {
                return Err(Trouble::Lost { why: t!("it took too long") });
            }
            Err(error) => {
                let why = t!("the answer broke off: {reasons}", reasons = reasons(&error));
                return Err(Trouble::Cut { why });
            }
        }
    }
}

fn location(response: &Response, base: &Url) -> Option<String> {
    let target = base.join(response.headers().get(LOCATION)?.to_str().ok()?).ok()?;
    Some(format!("{}://{}", target.scheme(), target.host_str()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_are_encoded_as_browsers_do() {
        let form = [Sent::open("a b", "c&d=é"), Sent::secret("x", "~*-._+%\0"), Sent::open("", "")];
        let body = encoded(&form);
        assert_eq!(std::str::from_utf8(&body), Ok("a+b=c%26d%3D%C3%A9&x=%7E*-._%2B%25%00&="));
        assert!(body.capacity() >= body.len());
        let url = Url::parse(&format!("http://x/?{}", std::str::from_utf8(&body).unwrap())).unwrap();
        let pairs: Vec<(String, String)> = url.query_pairs().into_owned().collect();
        let sent = form.map(|sent| (sent.name.to_owned(), sent.value.to_owned()));
        assert_eq!(pairs, sent);
    }
}
