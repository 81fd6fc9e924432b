//! The provider's panel as a client of the licence server: HTTP by hand, and to this machine only.
//!
//! A configuration under test may name a real licence server. The sandbox must never spend money there, so
//! whatever is not plain HTTP on loopback counts as unreachable.

use std::fmt;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream, ToSocketAddrs as _};
use std::time::Duration;

use serde_json::Value;

/// How to reach a licence server: what its processor says.
#[derive(Clone, Debug)]
pub(crate) struct Remote {
    pub(crate) url: String,
    pub(crate) username: String,
    pub(crate) password: String,
    pub(crate) patience: Duration,
}

/// Why a call did not do what it was for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// There is no answer, or none that can be read. Whether the request was carried out is not known.
    Silent(String),
    /// The licence server says no.
    Refused { kind: String, message: String },
}

impl fmt::Display for Trouble {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Silent(why) => write!(out, "no answer from the licence server ({why})"),
            Self::Refused { kind, message } => write!(out, "the licence server refuses ({kind}): {message}"),
        }
    }
}

/// An answer without an error in it.
pub(crate) struct Answer(Value);

impl Answer {
    /// The text of an element, empty when it is not there.
    pub(crate) fn text(&self, name: &str) -> &str {
        text(&self.0, name)
    }

    /// The rows of a list; a row that is alone may come without an array.
    pub(crate) fn rows(&self) -> &[Value] {
        several(self.0.get("elem"))
    }

    /// An answer inside the answer.
    pub(crate) fn nested(&self) -> Option<Self> {
        self.0.get("doc").cloned().map(Self)
    }

    /// The keys of a select.
    pub(crate) fn options(&self, select: &str) -> Vec<String> {
        let lists = several(self.0.get("slist")).iter().filter(|list| list["$name"] == select);
        let options = lists.flat_map(|list| several(list.get("val")));
        options.filter_map(|option| option["$key"].as_str().map(str::to_owned)).collect()
    }

    /// The names of the elements, fields of a form among them.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.as_object().into_iter().flat_map(|doc| doc.keys().map(String::as_str))
    }
}

fn several(value: Option<&Value>) -> &[Value] {
    match value {
        None => &[],
        Some(Value::Array(items)) => items,
        Some(one) => std::slice::from_ref(one),
    }
}

/// The text of a child.
pub(crate) fn text<'a>(element: &'a Value, name: &str) -> &'a str {
    element[name]["$"].as_str().unwrap_or_default()
}

impl Remote {
    /// Calls a function.
    pub(crate) fn call(&self, func: &str, pairs: &[(&str, &str)]) -> Result<Answer, Trouble> {
        let login = format!("{}:{}", self.username, self.password);
        let mut all = vec![("authinfo", login.as_str()), ("func", func), ("out", "json"), ("lang", "en")];
        all.extend(pairs);
        let body = self.post(&form(&all)).map_err(Trouble::Silent)?;
        let document: Value = serde_json::from_str(&body)
            .map_err(|_| Trouble::Silent("what came is not an answer of a panel".to_owned()))?;
        let doc = document.get("doc").cloned().unwrap_or_default();
        match doc.get("error") {
            None => Ok(Answer(doc)),
            Some(error) => Err(Trouble::Refused {
                kind: error["$type"].as_str().unwrap_or_default().to_owned(),
                message: text(error, "msg").to_owned(),
            }),
        }
    }

    /// Calls a function that has to say `ok`.
    pub(crate) fn save(&self, func: &str, pairs: &[(&str, &str)]) -> Result<Answer, Trouble> {
        let answer = self.call(func, &[pairs, &[("sok", "ok")]].concat())?;
        match answer.0.get("ok") {
            Some(_) => Ok(answer),
            None => Err(Trouble::Silent(format!("{func} does not say that it is done"))),
        }
    }

    fn post(&self, body: &str) -> Result<String, String> {
        let (address, path) = self.address()?;
        let failed = |error: std::io::Error| error.to_string();
        let mut stream = TcpStream::connect_timeout(&address, self.patience).map_err(failed)?;
        stream.set_read_timeout(Some(self.patience)).map_err(failed)?;
        // HTTP/1.0 has no chunks: the answer ends with the connection.
        let request = format!(
            "POST {path} HTTP/1.0\r\nHost: {address}\r\nReferer: {}\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
            self.url,
            body.len()
        );
        stream.write_all(request.as_bytes()).map_err(failed)?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).map_err(|error| match error.kind() {
            std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut => "timed out".to_owned(),
            _ => error.to_string(),
        })?;
        let answer = String::from_utf8_lossy(&answer);
        let (head, body) = answer.split_once("\r\n\r\n").ok_or("the connection was closed")?;
        match head.split(' ').nth(1) {
            Some("200") => Ok(body.to_owned()),
            status => Err(format!("HTTP {}", status.unwrap_or_default())),
        }
    }

    /// Where the licence server is: a socket of this machine, and a path.
    fn address(&self) -> Result<(SocketAddr, String), String> {
        let elsewhere = || "the sandbox calls plain HTTP on this machine only".to_owned();
        let rest = self.url.strip_prefix("http://").ok_or_else(elsewhere)?;
        let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
        let named = if host.contains(':') { host.to_owned() } else { format!("{host}:80") };
        // Names other than this one would be looked up elsewhere.
        let local = named.starts_with("localhost:") || named.parse::<SocketAddr>().is_ok();
        let found = if local { named.to_socket_addrs().ok() } else { None };
        let mut found = found.into_iter().flatten().filter(|address| address.ip().is_loopback());
        let address = found.next().ok_or_else(elsewhere)?;
        Ok((address, format!("/{path}")))
    }
}

fn form(pairs: &[(&str, &str)]) -> String {
    let escape = |text: &str| -> String {
        let bytes = text.bytes().map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'.' | b'_' | b'-' => char::from(byte).to_string(),
            other => format!("%{other:02X}"),
        });
        bytes.collect()
    };
    let pairs = pairs.iter().map(|(name, value)| format!("{}={}", escape(name), escape(value)));
    pairs.collect::<Vec<_>>().join("&")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn remote(url: &str) -> Remote {
        let (username, password) = ("provider".to_owned(), "x".to_owned());
        Remote { url: url.to_owned(), username, password, patience: Duration::from_millis(200) }
    }

    #[test]
    fn nothing_beyond_this_machine_is_called() {
        for url in [
            "https://api.ispsystem.com/manager/billmgr",
            "http://api.ispsystem.com/manager/billmgr",
            "http://192.0.2.1/billmgr",
            "http://0.0.0.0:80/billmgr",
            "https://127.0.0.1/billmgr",
            "http://localhost.example.com:80/billmgr",
            "127.0.0.1:80",
        ] {
            let trouble = remote(url).call("soft", &[]).err().unwrap();
            assert!(trouble.to_string().contains("on this machine only"), "{url}: {trouble}");
        }
        for url in
            ["http://127.0.0.1:8080/billmgr", "http://[::1]:8080/billmgr", "http://localhost:8080/a/billmgr"]
        {
            assert!(remote(url).address().is_ok(), "{url}");
        }
    }

    #[test]
    fn a_form_is_encoded() {
        assert_eq!(
            form(&[("licname", "Item #1\" addon я"), ("sok", "ok")]),
            "licname=Item%20%231%22%20addon%20%D1%8F&sok=ok"
        );
    }
}
