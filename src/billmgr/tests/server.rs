//! An HTTP server that does what a test says, broken answers included. One request per connection.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use secrecy::SecretString;

use crate::billmgr::{AuthMode, Panel, Settings};

/// The password of every test; no error may ever show it.
pub(super) const CANARY: &str = "canary+p&ss/w%rd é";

/// What a request said.
#[derive(Clone, Debug)]
pub(super) struct Request {
    pub(super) method: String,
    pub(super) path: String,
    pub(super) referer: Option<String>,
    pub(super) form: BTreeMap<String, String>,
}

impl Request {
    pub(super) fn get(&self, name: &str) -> &str {
        self.form.get(name).map_or("", String::as_str)
    }
}

/// What to answer.
pub(super) enum Act {
    Json(String),
    /// Status, further header lines, body.
    Http(u16, &'static str, String),
    /// Half of this body, then the connection breaks.
    Half(String),
    /// Nothing: the connection breaks.
    Hangup,
    /// Nothing, for longer than the client waits.
    Silence,
}

pub(super) struct Server {
    addr: SocketAddr,
    log: Arc<Mutex<Vec<Request>>>,
}

impl Server {
    /// The closure gets the request and how many came before it.
    pub(super) fn start(act: impl Fn(&Request, usize) -> Act + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let addr = listener.local_addr().unwrap();
        let log = Arc::new(Mutex::new(Vec::new()));
        let (act, shared) = (Arc::new(act), Arc::clone(&log));
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let (act, log) = (Arc::clone(&act), Arc::clone(&shared));
                thread::spawn(move || serve(stream, &*act, &log));
            }
        });
        Self { addr, log }
    }

    pub(super) fn url(&self) -> String {
        format!("http://{}/billmgr", self.addr)
    }

    pub(super) fn log(&self) -> Vec<Request> {
        self.log.lock().unwrap().clone()
    }

    pub(super) fn settings(&self) -> Settings {
        Settings {
            pause: Duration::from_millis(2),
            timeout: Duration::from_millis(400),
            long_deadline: Duration::from_millis(300),
            ..Settings::new(self.url(), "admin", SecretString::from(CANARY))
        }
    }

    pub(super) async fn panel(&self) -> Panel {
        Panel::connect(self.settings()).await.unwrap()
    }

    pub(super) async fn session(&self) -> Result<Panel, crate::billmgr::Failure> {
        let settings = Settings { auth: AuthMode::Session, ..self.settings() };
        Panel::connect(settings).await
    }
}

fn serve(mut stream: TcpStream, act: &dyn Fn(&Request, usize) -> Act, log: &Mutex<Vec<Request>>) {
    let Some(request) = read(&mut stream) else {
        return;
    };
    let before = {
        let mut log = log.lock().unwrap();
        log.push(request.clone());
        log.len() - 1
    };
    let head = |status: u16, len: usize, more: &str| {
        format!(
            "HTTP/1.1 {status} X\r\nContent-Length: {len}\r\nContent-Type: text/plain\r\nConnection: close\r\n{more}\r\n"
        )
    };
    let bytes = match act(&request, before) {
        Act::Json(body) => head(200, body.len(), "") + &body,
        Act::Http(status, more, body) => head(status, body.len(), more) + &body,
        Act::Half(body) => head(200, body.len(), "") + &body[..body.len() / 2],
        Act::Hangup => return,
        Act::Silence => return thread::sleep(Duration::from_secs(2)),
    };
    stream.write_all(bytes.as_bytes()).ok();
}

fn read(stream: &mut TcpStream) -> Option<Request> {
    let mut bytes = Vec::new();
    let mut chunk = [0; 4096];
    let split = loop {
        let n = stream.read(&mut chunk).ok().filter(|n| *n > 0)?;
        bytes.extend_from_slice(&chunk[..n]);
        if let Some(at) = bytes.windows(4).position(|w| w == b"\r\n\r\n") {
            break at + 4;
        }
    };
    let head = String::from_utf8_lossy(&bytes[..split]).into_owned();
    let header = |name: &str| {
        head.lines().find_map(|line| {
            let (key, value) = line.split_once(": ")?;
            key.eq_ignore_ascii_case(name).then(|| value.to_owned())
        })
    };
    let len: usize = header("content-length").and_then(|v| v.parse().ok()).unwrap_or(0);
    while bytes.len() < split + len {
        let n = stream.read(&mut chunk).ok().filter(|n| *n > 0)?;
        bytes.extend_from_slice(&chunk[..n]);
    }
    let mut first = head.split(' ');
    Some(Request {
        method: first.next()?.to_owned(),
        path: first.next()?.to_owned(),
        referer: header("referer"),
        form: form(&String::from_utf8_lossy(&bytes[split..])),
    })
}

fn form(body: &str) -> BTreeMap<String, String> {
    let url = reqwest::Url::parse(&format!("http://x/?{body}")).unwrap();
    url.query_pairs().into_owned().collect()
}
