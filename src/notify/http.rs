//! Posting JSON to somebody, with patience.

use std::{fmt, time::Duration};

use reqwest::{Client, Response, Url};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::Value;

use crate::{
    language::{t, tn},
    net::{self, Way},
};

/// The pauses between attempts.
const PAUSES: [Duration; 3] = [Duration::from_millis(500), Duration::from_secs(1), Duration::from_secs(2)];
/// The longest `Retry-After` that is waited for: the next look tells what this one could not.
const LONGEST: Duration = Duration::from_secs(10);
/// How much of a refusal is repeated.
const SAID: usize = 200;

/// An attempt that failed.
struct Failed {
    why: String,
    /// Whether another attempt may do better, and when the server asks for it.
    again: Option<Option<Duration>>,
}

impl fmt::Display for Failed {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.why)
    }
}

/// Posts a message until it is taken or refused for good.
pub(super) async fn post(
    url: &SecretString,
    message: &Value,
    headers: &[(&'static str, String)],
    way: &Way<'_>,
) -> Result<(), String> {
    let url = address(url)?;
    let client = net::client(&url, way)?.build().map_err(|error| net::reasons(&error))?;
    let body = message.to_string();
    let mut pauses = PAUSES.into_iter();
    loop {
        let failed = match attempt(&client, &url, &body, headers).await {
            Ok(()) => return Ok(()),
            Err(failed) => failed,
        };
        match (failed.again, pauses.next()) {
            (Some(asked), Some(pause)) => tokio::time::sleep(asked.unwrap_or(pause).min(LONGEST)).await,
            (Some(_), None) => {
                return Err(tn!(PAUSES.len() + 1, "{why}, {n} time", "{why}, {n} times", why = failed));
            }
            (None, _) => return Err(failed.why),
        }
    }
}

/// An address that news may be sent to. It is a secret: no error repeats it.
fn address(url: &SecretString) -> Result<Url, String> {
    let url = Url::parse(url.expose_secret().trim()).map_err(|_| t!("its address does not parse"))?;
    let host = url.host_str().unwrap_or_default();
    match url.scheme() {
        "https" => Ok(url),
        "http" if net::loopback(host) => Ok(url),
        "http" => {
            Err(t!("its address is plain http, which would show your prices to the network: use https"))
        }
        _ => Err(t!("its address does not start with https:")),
    }
}

async fn attempt(
    client: &Client,
    url: &Url,
    body: &str,
    headers: &[(&'static str, String)],
) -> Result<(), Failed> {
    let mut request =
        client.post(url.clone()).header("content-type", "application/json").body(body.to_owned());
    for (name, value) in headers {
        request = request.header(*name, value);
    }
    let response = request.send().await.map_err(|error| Failed {
        why: if error.is_timeout() { t!("it took too long") } else { net::reasons(&error) },
        again: Some(None),
    })?;
    let status = response.status();
    if status.is_success() {
        return Ok(());
    }
    let again = status.as_u16() == 429 || status.is_server_error();
    let after = net::after(&response);
    let said = said(response).await;
    Err(Failed {
        why: t!("it answered {status}{said}", status = status.as_u16(), said = said),
        again: again.then_some(after),
    })
}

/// The beginning of what a refusal says.
async fn said(mut response: Response) -> String {
    let Ok(Some(chunk)) = response.chunk().await else { return String::new() };
    let text: String = String::from_utf8_lossy(&chunk).chars().take(SAID).collect();
    if text.trim().is_empty() { String::new() } else { format!(" ({})", text.trim()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn news_goes_out_over_https_or_stays_here() {
        let check = |url: &str| address(&SecretString::from(url));
        for url in
            ["https://hooks.example.com/a?b=c", "http://127.0.0.1:1/", "http://[::1]/", "http://localhost/x"]
        {
            assert!(check(url).is_ok(), "{url}");
        }
        for url in
            ["http://hooks.canary.com/x", "ftp://canary/", "canary", "", "http://localhost.canary.com/"]
        {
            let error = check(url).expect_err(url);
            assert!(!error.contains("canary"), "{error}");
        }
    }
}
