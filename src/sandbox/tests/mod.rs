//! Tests over a real socket, with a client written here so that nothing of the crate is shared.

mod entities;
mod faults;
mod hostile;
mod licences;
mod shapes;
mod state;

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use serde_json::Value;

use super::{ADMIN, Hostile, Options, Sandbox, Seed};

/// Enough seeds to meet every variant of the dialect.
pub(super) const SEEDS: std::ops::Range<u64> = 0..24;

pub(super) fn hosting(dialect_seed: u64, hostile: &[Hostile]) -> Sandbox {
    let options = Options {
        seed: Seed::Hosting,
        dialect_seed,
        hostile: hostile.iter().copied().collect(),
        ..Options::default()
    };
    Sandbox::start(options).unwrap()
}

/// Sends raw bytes and returns everything until the server closes.
pub(super) fn raw(sandbox: &Sandbox, request: &str) -> Vec<u8> {
    let address = sandbox.url().trim_start_matches("http://");
    let mut stream = TcpStream::connect(address.split('/').next().unwrap()).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = Vec::new();
    // A reset is an empty answer here.
    drop(stream.read_to_end(&mut answer));
    answer
}

fn encode(pairs: &[(&str, &str)]) -> String {
    let escape = |text: &str| {
        let bytes = text.bytes();
        bytes
            .map(|byte| match byte {
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'.' | b'_' | b'-' => char::from(byte).to_string(),
                b' ' => "+".to_owned(),
                other => format!("%{other:02X}"),
            })
            .collect::<String>()
    };
    let pairs = pairs.iter();
    let pairs = pairs.map(|(name, value)| format!("{}={}", escape(name), escape(value)));
    pairs.collect::<Vec<_>>().join("&")
}

/// Posts and gives the body, chunked or not.
pub(super) fn post(sandbox: &Sandbox, pairs: &[(&str, &str)]) -> String {
    let body = encode(pairs);
    let request = format!(
        "POST /billmgr HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {}\r\n\
         Content-Type: application/x-www-form-urlencoded\r\n\r\n{body}",
        body.len()
    );
    body_of(&raw(sandbox, &request))
}

pub(super) fn get(sandbox: &Sandbox, path: &str) -> String {
    let request = format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    body_of(&raw(sandbox, &request))
}

fn body_of(answer: &[u8]) -> String {
    let text = String::from_utf8_lossy(answer).into_owned();
    let body = text.split_once("\r\n\r\n").map(|(_, body)| body.to_owned());
    body.unwrap_or_default()
}

/// Calls a function as the administrator in JSON and gives `doc`.
pub(super) fn call(sandbox: &Sandbox, func: &str, pairs: &[(&str, &str)]) -> Value {
    call_as(ADMIN, sandbox, func, pairs)
}

/// Calls a function as any user, all of whom have one password.
pub(super) fn call_as(user: &str, sandbox: &Sandbox, func: &str, pairs: &[(&str, &str)]) -> Value {
    let login = format!("{user}:{}", sandbox.admin_password());
    let mut all = vec![("authinfo", login.as_str()), ("func", func), ("out", "json")];
    all.extend(pairs);
    let text = post(sandbox, &all);
    let document: Value = serde_json::from_str(&text).unwrap_or_else(|_| panic!("{func}: {text}"));
    document["doc"].clone()
}

/// Calls and insists on `ok`.
pub(super) fn save(sandbox: &Sandbox, func: &str, pairs: &[(&str, &str)]) -> Value {
    let mut all = pairs.to_vec();
    all.push(("sok", "ok"));
    let doc = call(sandbox, func, &all);
    assert!(doc.get("ok").is_some(), "{func} {pairs:?}: {doc}");
    doc
}

/// The rows of a list as objects of texts.
pub(super) fn rows(sandbox: &Sandbox, func: &str, pairs: &[(&str, &str)]) -> Vec<Value> {
    let doc = call(sandbox, func, pairs);
    assert!(doc.get("error").is_none(), "{func}: {doc}");
    match doc.get("elem") {
        None => Vec::new(),
        Some(Value::Array(rows)) => rows.clone(),
        Some(row) => vec![row.clone()],
    }
}

pub(super) fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key]["$"].as_str().unwrap_or_default()
}

/// The id of the row whose `key` is `wanted`.
pub(super) fn id_of(rows: &[Value], key: &str, wanted: &str) -> String {
    let row = rows.iter().find(|row| text(row, key) == wanted);
    text(row.unwrap_or_else(|| panic!("no {key}={wanted} in {rows:?}")), "id").to_owned()
}

/// Posts a form as a browser would: what the view shows, with some values changed.
pub(super) fn full_form(
    sandbox: &Sandbox,
    func: &str,
    ids: &[(&str, &str)],
    changes: &[(&str, &str)],
) -> Value {
    let view = call(sandbox, func, &[ids, changes].concat());
    let names = field_names(&view);
    let mut pairs = ids.to_vec();
    for name in &names {
        let value = changes.iter().find(|(key, _)| key == name).map(|(_, value)| *value);
        pairs.push((name, value.unwrap_or_else(|| text(&view, name))));
    }
    save(sandbox, func, &pairs)
}

/// Every field of a form, in pages or not.
pub(super) fn field_names(view: &Value) -> Vec<String> {
    let form = &view["metadata"]["form"];
    let list = |value: &Value| match value {
        Value::Array(items) => items.clone(),
        Value::Null => Vec::new(),
        one => vec![one.clone()],
    };
    let mut fields = list(&form["field"]);
    for page in list(&form["page"]) {
        fields.extend(list(&page["field"]));
    }
    let names = fields.iter().map(|field| field["$name"].as_str().unwrap().to_owned());
    names.collect()
}
