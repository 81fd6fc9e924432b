//! The socket: requests in, answers and accidents out.

use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{Method, Response, header};
use axum::serve::ListenerExt as _;
use tokio::sync::oneshot;

use super::document::Element;
use super::encode_bjson;
use super::encode_json;
use super::encode_xml;
use super::faults::{self, Fault, FaultKind};
use super::hands::{self, Hand};
use super::hostile::Hostile;
use super::pair::Stage;
use super::panel::Panel;
use super::refusal::Refusal;
use super::request::Params;
use super::server::RequestRecord;
use super::store;

/// The largest body read.
const BODY_LIMIT: usize = 8 << 20;

/// How many polls a long request needs before its answer is there.
const LONG_POLLS: usize = 2;

/// An answer that waits to be fetched.
struct Pending {
    reply: Reply,
    left: usize,
}

/// What the server's thread and the handle share.
pub(crate) struct Shared {
    pub(crate) panel: Panel,
    pub(crate) requests: Vec<RequestRecord>,
    pub(crate) access_log: Vec<String>,
    pub(crate) faults: Vec<Fault>,
    /// What others do, and after how many further requests.
    pub(crate) hands: Vec<(usize, Hand)>,
    pending: BTreeMap<String, Pending>,
    jobs: u64,
}

/// How an answer breaks off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Break {
    No,
    /// Nothing is sent.
    Before,
    /// Half of the body is sent.
    Half,
}

#[derive(Clone, Debug)]
struct Reply {
    status: u16,
    content: &'static str,
    body: String,
    delay: Duration,
    cut: Break,
}

const HTML: &str = "text/html; charset=UTF-8";

impl Reply {
    fn new(content: &'static str, body: String) -> Self {
        Self { status: 200, content, body, delay: Duration::ZERO, cut: Break::No }
    }

    fn html(status: u16, text: &str) -> Self {
        let body = format!(
            "<!DOCTYPE html><html><head><title>{text}</title></head><body><h1>{text}</h1></body></html>"
        );
        Self { status, ..Self::new(HTML, body) }
    }

    fn cut(self, cut: Break, delay: Duration) -> Self {
        Self { cut, delay, ..self }
    }
}

/// Serves until the other end of `stopped` is dropped.
pub(crate) async fn serve(
    listener: std::net::TcpListener,
    shared: Arc<Mutex<Shared>>,
    stage: Option<Arc<Stage>>,
    stopped: oneshot::Receiver<()>,
) {
    let Ok(listener) = tokio::net::TcpListener::from_std(listener) else {
        return;
    };
    let listener = listener.tap_io(|stream| drop(stream.set_nodelay(true)));
    let app = Router::new().fallback(handle).with_state((shared, stage));
    // Open connections are not waited for: the runtime ends with its thread and closes them.
    tokio::select! {
        _ = stopped => {}
        _ = axum::serve(listener, app) => {}
    }
}

type Served = (Arc<Mutex<Shared>>, Option<Arc<Stage>>);

async fn handle(State((shared, stage)): State<Served>, request: Request) -> Response<Body> {
    let (head, body) = request.into_parts();
    let query = Params::parse(head.uri.query().unwrap_or_default());
    let reply = match to_bytes(body, BODY_LIMIT).await {
        Err(_) => Reply::html(413, "Request entity too large"),
        Ok(body) => {
            let params = query.join(Params::parse(&String::from_utf8_lossy(&body)));
            match stage.filter(|_| head.uri.path() == CLOCK) {
                Some(stage) => clock(stage, head.method == Method::POST, params).await,
                None => {
                    let mut shared = shared.lock().unwrap_or_else(PoisonError::into_inner);
                    shared.reply(&head, &params)
                }
            }
        }
    };
    tokio::time::sleep(reply.delay).await;
    respond(reply)
}

/// Where a pair's clock is shown and moved: beside the panel's API, and for anybody on this machine.
const CLOCK: &str = "/sandbox/clock";

/// Moving the clock has one panel call the other, so it must not keep either of them from answering.
async fn clock(stage: Arc<Stage>, moves: bool, params: Params) -> Reply {
    let turned = tokio::task::spawn_blocking(move || stage.turn(moves, &params)).await;
    match turned {
        Ok(Ok(said)) => Reply::new("application/json", said),
        Ok(Err(said)) => Reply { status: 400, ..Reply::new("application/json", said) },
        Err(_) => Reply::html(500, "The clock has stopped"),
    }
}

fn respond(reply: Reply) -> Response<Body> {
    let body = match reply.cut {
        Break::No => Body::from(reply.body),
        Break::Before => broken(None),
        Break::Half => {
            let mut half = reply.body.into_bytes();
            half.truncate(half.len() / 2);
            broken(Some(Bytes::from(half)))
        }
    };
    let response = Response::builder()
        .status(reply.status)
        .header(header::CONTENT_TYPE, reply.content)
        .header(header::SERVER, "billform-sandbox")
        .body(body);
    response.unwrap_or_default()
}

/// A body that fails, which makes the server close the connection: at once, so that nothing has
/// been sent yet, or after `first` is out.
fn broken(first: Option<Bytes>) -> Body {
    let stream = futures_util::stream::unfold((first, 0_u8), |(first, turn)| async move {
        if let Some(first) = first {
            return Some((Ok(first), (None, 1)));
        }
        if turn == 1 {
            // Long enough for the first part to be flushed.
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        let error = io::Error::from(io::ErrorKind::ConnectionReset);
        Some((Err::<Bytes, io::Error>(error), (None, 2)))
    });
    Body::from_stream(stream)
}

impl Shared {
    pub(crate) fn new(panel: Panel) -> Self {
        Self {
            panel,
            requests: Vec::new(),
            access_log: Vec::new(),
            faults: Vec::new(),
            hands: Vec::new(),
            pending: BTreeMap::new(),
            jobs: 0,
        }
    }

    /// Writes the state file, if there is one. A sandbox whose disk is full keeps serving: the
    /// next write tries again.
    pub(crate) fn keep(&self) {
        drop(self.panel.store.save());
    }

    /// Plays one day of a pair.
    pub(crate) fn play_day(&mut self) {
        self.panel.day();
        self.keep();
    }

    /// Puts an earlier state back and forgets what was under way.
    pub(crate) fn rewind(&mut self, state: store::State) {
        self.panel.rewind(state);
        self.requests.clear();
        self.access_log.clear();
        self.faults.clear();
        self.hands.clear();
        self.pending.clear();
        self.keep();
    }

    fn reply(&mut self, head: &Parts, params: &Params) -> Reply {
        let path = head.uri.path();
        self.access_log.push(format!("{} {} {:?}", head.method, head.uri, head.version));
        if path.contains("/long/") {
            return self.poll(path);
        }
        if !path.ends_with("/billmgr") {
            return Reply::html(404, "Not found");
        }
        let reply = self.carry_out(head, params);
        if hands::reach(&mut self.hands, &mut self.panel.store) {
            self.keep();
        }
        reply
    }

    fn carry_out(&mut self, head: &Parts, params: &Params) -> Reply {
        let func = params.text("func").to_owned();
        let mutating = self.panel.mutates(params);
        self.requests.push(RequestRecord {
            func: func.clone(),
            params: params.pairs().to_vec(),
            mutating,
            http_method: head.method.to_string(),
        });
        let fault = faults::take(&mut self.faults, &func);
        match fault {
            Some(FaultKind::FormAgain) => {
                let doc = self.panel.answer(&params.without("sok"), Instant::now());
                return self.encode(params, &doc);
            }
            Some(FaultKind::Ignored) => {
                let before = self.panel.store.state();
                let doc = self.panel.answer(params, Instant::now());
                self.panel.store.restore(before);
                return self.encode(params, &doc);
            }
            _ => {}
        }
        if fault.as_ref().is_some_and(|fault| !fault.commits()) {
            return self.accident(fault, params, None);
        }
        let doc = self.panel.answer(params, Instant::now());
        if mutating {
            self.keep();
        }
        let reply = self.encode(params, &doc);
        match fault {
            None if self.is_long(params) => self.postpone(reply),
            fault => self.accident(fault, params, Some(reply)),
        }
    }

    /// Turns a fault into what is sent; `done` is the answer if the request was carried out.
    fn accident(&self, fault: Option<FaultKind>, params: &Params, done: Option<Reply>) -> Reply {
        let empty = || Reply::html(200, "Nothing");
        let lost = |delay| empty().cut(Break::Before, delay);
        match fault {
            None | Some(FaultKind::FormAgain | FaultKind::Ignored) => done.unwrap_or_else(empty),
            Some(FaultKind::Reset { .. }) => lost(Duration::ZERO),
            Some(FaultKind::Timeout { hold, .. }) => lost(hold),
            Some(FaultKind::Status { code, .. }) => Reply::html(code, "Server error"),
            Some(FaultKind::Truncated) => done.unwrap_or_else(empty).cut(Break::Half, Duration::ZERO),
            Some(FaultKind::Html) => Reply::html(200, "Checking your browser"),
            Some(FaultKind::HugeBody { bytes }) => {
                let doc = Element::new("doc").child(Element::leaf("blob", "x".repeat(bytes)));
                self.encode(params, &doc)
            }
            Some(FaultKind::ManyElements { count }) => {
                let elements = (0..count).map(|_| Element::new("elem").many());
                self.encode(params, &Element::new("doc").with(elements))
            }
            Some(FaultKind::Delay(delay)) => done.unwrap_or_else(empty).cut(Break::No, delay),
            Some(FaultKind::Say { status, body }) => {
                let plain = Reply::new("text/plain; charset=UTF-8", body(params.pairs()));
                Reply { status, ..plain }
            }
            Some(FaultKind::ErrorDoc { kind, object }) => {
                let message = super::label::Label::same(format!("Injected error '{kind}'"));
                let refusal = Refusal::new(&kind, &object, "", message);
                let lang = super::label::Lang::parse(params.text("lang"));
                let func = params.text("func");
                let error = refusal.element(func, "", 0, lang);
                let doc = Element::new("doc").attr("func", func).child(error);
                self.encode(params, &doc)
            }
        }
    }

    fn encode(&self, params: &Params, doc: &Element) -> Reply {
        let single = self.panel.hostile.contains(&Hostile::SingleObject);
        // The content type is not reliable on a real panel (1.5), so it is not here either.
        let plain = self.panel.dialect.plain_content_type;
        let json = if plain { "text/plain; charset=UTF-8" } else { "application/json" };
        match params.text("out") {
            "json" | "sjson" | "xjson" => Reply::new(json, encode_json::encode(doc, single)),
            "bjson" => {
                let wrapped = self.panel.dialect.wrapped_error;
                Reply::new(json, encode_bjson::encode(doc, single, wrapped))
            }
            "xml" => Reply::new("text/xml; charset=UTF-8", encode_xml::encode(doc, false)),
            "devel" => Reply::new("text/xml; charset=UTF-8", encode_xml::encode(doc, true)),
            // Without a machine format a panel answers with a page of its interface.
            _ => Reply::html(200, "Sandbox of BILLmanager"),
        }
    }

    /// Whether the function is one that talks to remote panels or is slow for another reason.
    fn is_long(&self, params: &Params) -> bool {
        let func = params.text("func");
        let slow = match func {
            "processing" | "pricelist" => true,
            "processing.edit" | "processing.add.user" | "processing.add.settings" => params.has("sok"),
            _ => false,
        };
        slow && self.panel.hostile.contains(&Hostile::LongRequest)
    }

    /// Keeps an answer for later and gives the page that tells where it will be.
    fn postpone(&mut self, reply: Reply) -> Reply {
        self.jobs += 1;
        let job = format!("{:08x}", self.jobs.wrapping_mul(0x9E37_79B9) & 0xFFFF_FFFF);
        let left = LONG_POLLS;
        self.pending.insert(job.clone(), Pending { reply, left });
        self.waiting(&job)
    }

    fn waiting(&self, job: &str) -> Reply {
        let root = if self.panel.dialect.long_rooted { "/" } else { "" };
        let address = format!("{root}long/{job}/billmgr");
        let body = format!(
            "<!DOCTYPE html><html><head><meta http-equiv=\"refresh\" content=\"1;url={address}\"></head>\
             <body>Please wait<script>setTimeout(function(){{location.href='{address}'}},1000)</script></body></html>"
        );
        Reply::new(HTML, body)
    }

    fn poll(&mut self, path: &str) -> Reply {
        let mut parts = path.rsplit('/').skip(1);
        let job = parts.next().unwrap_or_default();
        let Some(pending) = self.pending.get_mut(job) else {
            return Reply::html(404, "No such job");
        };
        if pending.left > 1 {
            pending.left -= 1;
            return self.waiting(job);
        }
        let finished = self.pending.remove(job);
        finished.map_or_else(|| Reply::html(404, "No such job"), |pending| pending.reply)
    }
}
