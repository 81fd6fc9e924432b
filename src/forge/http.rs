//! Requests to a forge: JSON both ways, no redirects, pauses as the forge asks for them.

use std::time::Duration;

use reqwest::header::{HeaderMap, HeaderName, HeaderValue, LINK, LOCATION};
use reqwest::{Client, Method, Response, StatusCode, Url};
use serde_json::Value;
use tokio::time::sleep;

use super::ForgeFailure;
use crate::billmgr::Scrub;
use crate::language::t;
use crate::net::{self, Way, after, loopback, reasons};

/// The most an answer may have. A page of a hundred comments is far below it.
const MAX_BODY: usize = 32 << 20;
/// How often a request is made again.
const RETRIES: u32 = 4;
/// The first pause between attempts; it doubles.
const PAUSE: Duration = Duration::from_millis(500);

pub(super) struct Http {
    client: Client,
    base: Url,
    headers: HeaderMap,
    scrub: Scrub,
    told: Box<dyn Fn(&str)>,
}

/// A request that may be made twice leaves the same behind; one that creates does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Twice {
    Harmless,
    Never,
}

pub(super) struct Reply {
    pub(super) value: Value,
    /// The next page.
    pub(super) next: Option<Url>,
}

/// What came of one attempt.
enum Attempt {
    Reply(Reply),
    /// It was surely not carried out; the forge may say when to come back.
    Later(Option<Duration>, ForgeFailure),
    /// It may have been carried out.
    Lost(ForgeFailure),
    Final(ForgeFailure),
}

impl Http {
    /// `told` hears of each request.
    pub(super) fn new(
        api: &str,
        way: &Way<'_>,
        headers: &[(&'static str, &str)],
        secret: &str,
        told: Box<dyn Fn(&str)>,
    ) -> Result<Self, ForgeFailure> {
        let bad = |what: String| ForgeFailure::Settings { what };
        let base = endpoint(api)?;
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            let mut value = HeaderValue::from_str(value)
                .map_err(|_| bad(t!("the token holds characters that no token has")))?;
            value.set_sensitive(value.to_str().is_ok_and(|value| value.contains(secret)));
            map.insert(HeaderName::from_static(name), value);
        }
        let client = net::client(&base, way).map_err(bad)?;
        let client = client
            .build()
            .map_err(|error| bad(t!("no HTTP client can be built: {why}", why = reasons(&error))))?;
        let scrub = Scrub::default();
        scrub.learn(secret);
        Ok(Self { client, base, headers: map, scrub, told })
    }

    pub(super) fn host(&self) -> String {
        let host = self.base.host_str().unwrap_or_default();
        self.base.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
    }

    /// An address below the API's, each part encoded.
    pub(super) fn url(&self, parts: &[&str]) -> Url {
        let mut url = self.base.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().extend(parts);
        }
        url
    }

    pub(super) async fn get(&self, url: Url) -> Result<Reply, ForgeFailure> {
        self.send(Method::GET, url, None, Twice::Harmless).await
    }

    /// Makes a request, again where that is called for.
    pub(super) async fn send(
        &self,
        method: Method,
        url: Url,
        body: Option<&Value>,
        twice: Twice,
    ) -> Result<Reply, ForgeFailure> {
        let mut pause = PAUSE;
        let mut left = RETRIES;
        loop {
            let (wait, failure) = match self.attempt(&method, url.clone(), body).await {
                Attempt::Reply(reply) => return Ok(reply),
                Attempt::Final(failure) => return Err(failure),
                Attempt::Lost(failure) if twice == Twice::Never => return Err(unclear(failure)),
                Attempt::Lost(failure) => (None, failure),
                Attempt::Later(wait, failure) => (wait, failure),
            };
            if left == 0 {
                return Err(failure);
            }
            left -= 1;
            sleep(wait.map_or(pause, |wait| wait.max(pause))).await;
            pause *= 2;
        }
    }

    async fn attempt(&self, method: &Method, url: Url, body: Option<&Value>) -> Attempt {
        let path = url.path().to_owned();
        let mut request = self.client.request(method.clone(), url).headers(self.headers.clone());
        if let Some(body) = body {
            request = request.header("content-type", "application/json").body(body.to_string());
        }
        let response = match request.send().await {
            Ok(response) => response,
            Err(error) => {
                let sent = !error.is_connect() && !error.is_builder();
                let why = if error.is_timeout() { t!("it took too long") } else { reasons(&error) };
                (self.told)(&format!("{method} {path}: {why}"));
                let failure = self.unreachable(why);
                return if sent { Attempt::Lost(failure) } else { Attempt::Later(None, failure) };
            }
        };
        (self.told)(&format!("{method} {path}: {}", response.status().as_u16()));
        self.read(&path, response).await
    }

    async fn read(&self, path: &str, response: Response) -> Attempt {
        let (status, after, headers) = (response.status(), after(&response), response.headers().clone());
        let body = match body(response).await {
            Ok(body) => body,
            Err(why) => return Attempt::Lost(self.unreachable(why)),
        };
        let value = || serde_json::from_slice::<Value>(&body);
        let why = || self.why(status, value().ok().as_ref());
        let host = self.host();
        match status.as_u16() {
            200..=299 if body.is_empty() => Attempt::Reply(Reply { value: Value::Null, next: None }),
            200..=299 => match (value(), self.next(&headers)) {
                (Ok(value), Ok(next)) => Attempt::Reply(Reply { value, next }),
                (_, Err(failure)) => Attempt::Final(failure),
                (Err(error), _) => {
                    Attempt::Final(ForgeFailure::Unreadable { host, why: format!("{path}: {error}") })
                }
            },
            300..=399 => Attempt::Final(self.redirected(headers.get(LOCATION))),
            // GitHub tells of its limits with 403, too:
            // https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api
            429 => Attempt::Later(after, self.unreachable(why())),
            403 if after.is_some() => Attempt::Later(after, self.unreachable(why())),
            503 if after.is_some() => Attempt::Later(after, self.unreachable(why())),
            401 | 403 => Attempt::Final(ForgeFailure::Denied { host, why: why() }),
            404 | 410 => Attempt::Final(ForgeFailure::NotFound { host, what: path.to_owned(), why: why() }),
            500..=599 => Attempt::Lost(self.unreachable(why())),
            status => Attempt::Final(ForgeFailure::Refused { host, status, why: why() }),
        }
    }

    fn unreachable(&self, why: String) -> ForgeFailure {
        ForgeFailure::Unreachable { host: self.host(), why }
    }

    /// What the forge says, without the token, should it repeat it.
    fn why(&self, status: StatusCode, value: Option<&Value>) -> String {
        let said = value.and_then(|value| {
            let told = [&value["message"], &value["error"], &value["error_description"]];
            told.into_iter().find(|told| !told.is_null()).map(|told| match told {
                Value::String(text) => text.clone(),
                other => other.to_string(),
            })
        });
        let said = said.map(|said| self.scrub.clean(&said)).filter(|said| !said.is_empty());
        said.unwrap_or_else(|| status.to_string())
    }

    fn redirected(&self, location: Option<&HeaderValue>) -> ForgeFailure {
        let target = location.and_then(|value| self.base.join(value.to_str().ok()?).ok());
        let to = target.and_then(|url| Some(format!("{}://{}", url.scheme(), url.host_str()?)));
        ForgeFailure::Redirected { host: self.host(), to: to.unwrap_or_else(|| t!("another address")) }
    }

    /// The next page by the header `Link`, which all three platforms send; it must lead nowhere else.
    fn next(&self, headers: &HeaderMap) -> Result<Option<Url>, ForgeFailure> {
        let links = headers.get_all(LINK).iter().filter_map(|value| value.to_str().ok());
        let next = links.flat_map(|links| links.split(',')).find_map(|link| {
            let (target, rest) = link.trim().strip_prefix('<')?.split_once('>')?;
            rest.split(';').any(|part| part.trim() == "rel=\"next\"").then(|| target.to_owned())
        });
        let Some(next) = next else { return Ok(None) };
        let url = self.base.join(&next).ok().filter(|url| url.origin() == self.base.origin());
        let to = || t!("another host for the next page");
        url.map(Some).ok_or_else(|| ForgeFailure::Redirected { host: self.host(), to: to() })
    }
}

/// A failure that leaves open whether the request was carried out.
fn unclear(failure: ForgeFailure) -> ForgeFailure {
    match failure {
        ForgeFailure::Unreachable { host, why } => ForgeFailure::Unclear { host, why },
        other => other,
    }
}

/// An address that a token may be sent to.
fn endpoint(api: &str) -> Result<Url, ForgeFailure> {
    let bad = |what: String| ForgeFailure::Settings { what };
    let url = Url::parse(api).map_err(|_| bad(t!("the API's address does not parse")))?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(bad(t!("the API's address contains a user or a password")));
    }
    let here = url.host_str().is_some_and(loopback);
    match url.scheme() {
        "https" => Ok(url),
        "http" if here => Ok(url),
        _ => Err(bad(t!(
            "the API's address does not start with https:, and the token must not be shown to the network"
        ))),
    }
}

async fn body(mut response: Response) -> Result<Vec<u8>, String> {
    let mut body = Vec::new();
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) if body.len() + chunk.len() > MAX_BODY => {
                return Err(t!("the answer is longer than {size} MiB", size = MAX_BODY >> 20));
            }
            Ok(Some(chunk)) => body.extend_from_slice(&chunk),
            Ok(None) => return Ok(body),
            Err(error) => return Err(t!("the answer broke off: {why}", why = reasons(&error))),
        }
    }
}
