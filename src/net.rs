//! HTTP clients: which certificates count, which proxy, and why a request failed. What is asked is others' business.

use std::error::Error as _;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use reqwest::header::RETRY_AFTER;
use reqwest::{Certificate, Client, ClientBuilder, Proxy, Response, Url};
use rustls::pki_types::{CertificateDer, pem::PemObject as _};

use crate::language::t;

/// The longest `Retry-After` that is obeyed; a longer one is shortened to it.
const MAX_WAIT: Duration = Duration::from_secs(60);

/// How to get to a server.
pub(crate) struct Way<'a> {
    pub(crate) connect_timeout: Duration,
    pub(crate) timeout: Duration,
    pub(crate) proxy: Option<&'a str>,
    pub(crate) ca_file: Option<&'a PathBuf>,
}

/// A client that follows no redirect, repeats nothing and tells nobody where it was before. Reads the system's
/// certificate store, some 20 ms: once per run, if possible.
pub(crate) fn client(url: &Url, way: &Way<'_>) -> Result<ClientBuilder, String> {
    // The process may have one already; any will do.
    rustls::crypto::ring::default_provider().install_default().ok();
    let builder = Client::builder()
        .user_agent(concat!("billform/", env!("CARGO_PKG_VERSION")))
        // Connecting must give up first: only then is it known that nothing was sent.
        .connect_timeout(way.connect_timeout.min(way.timeout / 2))
        .timeout(way.timeout)
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .referer(false)
        // A slim image has no certificate store, without which no client can be built at all.
        .tls_certs_merge(certificates(way.ca_file.map(PathBuf::as_path))?);
    Ok(match way.proxy {
        // Plain http is for this machine alone: a proxy would carry the password off it.
        _ if url.scheme() == "http" => builder.no_proxy(),
        Some(address) => builder.proxy(proxy(address)?),
        None => builder,
    })
}

/// A proxy of a kind that there is: one of another scheme would be passed by without a word.
fn proxy(address: &str) -> Result<Proxy, String> {
    let schemed = address.split_once("://").map_or("http", |(scheme, _)| scheme);
    if !["http", "https"].iter().any(|known| schemed.eq_ignore_ascii_case(known)) {
        return Err(t!("the proxy's address starts neither with http: nor with https:"));
    }
    Proxy::all(address).map_err(|_| t!("the proxy's address does not parse"))
}

fn certificates(ca_file: Option<&Path>) -> Result<Vec<Certificate>, String> {
    let bundled = webpki_root_certs::TLS_SERVER_ROOT_CERTS.iter();
    let mut all: Vec<Certificate> = bundled.filter_map(|der| Certificate::from_der(der).ok()).collect();
    if let Some(path) = ca_file {
        all.extend(authorities(path)?);
    }
    Ok(all)
}

/// The certificates of a file. What is none is told here, where the file is known.
fn authorities(path: &Path) -> Result<Vec<Certificate>, String> {
    let shown = path.display();
    let pem = std::fs::read(path)
        .map_err(|error| t!("the CA file {path} cannot be read: {error}", path = shown, error = error))?;
    let damaged = || t!("the CA file {path} holds a damaged certificate", path = shown);
    let mut own = Vec::new();
    for der in CertificateDer::pem_slice_iter(&pem) {
        let der = der.map_err(|_| damaged())?;
        rustls::RootCertStore::empty().add(der.clone()).map_err(|_| damaged())?;
        own.push(Certificate::from_der(&der).map_err(|_| damaged())?);
    }
    if own.is_empty() {
        return Err(t!("the CA file {path} holds no PEM certificates", path = shown));
    }
    Ok(own)
}

/// The causes of an error without its address, which reqwest prints in front.
pub(crate) fn reasons(error: &reqwest::Error) -> String {
    let mut causes = Vec::new();
    let mut next = error.source();
    while let Some(cause) = next {
        let text = crate::wire::one_line(&cause.to_string());
        if causes.last() != Some(&text) {
            causes.push(text);
        }
        next = cause.source();
    }
    if causes.is_empty() {
        return t!("the request failed");
    }
    causes.join(": ")
}

/// How long the server asks to wait.
pub(crate) fn after(response: &Response) -> Option<Duration> {
    let seconds = response.headers().get(RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()?;
    Some(Duration::from_secs(seconds).min(MAX_WAIT))
}

/// Whether a host is this machine, so that plain http shows nothing to the network.
pub(crate) fn loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || bare.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}
