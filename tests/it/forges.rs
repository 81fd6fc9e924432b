//! Receivers that behave as the APIs of GitHub, GitLab and Gitea do, as far as their documentation says it for
//! comments and labels. They share no code with the client.
//!
//! GitHub: <https://docs.github.com/en/rest/issues/comments>, <https://docs.github.com/en/rest/issues/labels>;
//! GitLab: <https://docs.gitlab.com/api/notes/>, <https://docs.gitlab.com/api/merge_requests/>;
//! Gitea: <https://docs.gitea.com/api/1.24/>.

use std::{
    collections::VecDeque,
    io::{Read as _, Write as _},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex, MutexGuard},
    thread,
};

use serde_json::{Value, json};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Github,
    Gitlab,
    Gitea,
}

pub(crate) const ALL: [Kind; 3] = [Kind::Github, Kind::Gitlab, Kind::Gitea];
/// The token that is accepted; what a shell, a URL and JSON spell differently is in it.
pub(crate) const TOKEN: &str = "canary-token_%2F+x";
pub(crate) const NUMBER: u64 = 17;

impl Kind {
    pub(crate) fn repository(self) -> &'static str {
        if self == Self::Gitlab { "acme/infra/config" } else { "acme/config" }
    }

    /// Rows on a page where nothing else is asked for, and the most there are.
    fn page(self) -> (usize, usize) {
        match self {
            Self::Github => (30, 100),
            Self::Gitlab => (20, 100),
            Self::Gitea => (30, 50),
        }
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Comment {
    pub(crate) id: u64,
    pub(crate) author: String,
    pub(crate) body: String,
}

/// An answer in place of the right one.
#[derive(Clone, Debug)]
pub(crate) struct Canned {
    /// Requests that it is for: `POST /comments` is any that begins and ends so.
    pub(crate) method: &'static str,
    pub(crate) ends: &'static str,
    pub(crate) times: usize,
    pub(crate) answer: Answer,
}

#[derive(Clone, Debug)]
pub(crate) enum Answer {
    /// Status, headers, body.
    Says(u16, String, String),
    /// Carries the request out and closes the connection.
    Lost,
    /// Closes the connection.
    Hangs,
    /// Carries it out, and forgets it.
    Forgets,
    /// Carries it out, and answers what is no JSON.
    Garbles,
}

#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) headers: String,
    pub(crate) body: Value,
}

pub(crate) struct State {
    kind: Kind,
    base: String,
    pub(crate) comments: Vec<Comment>,
    /// On the pull request.
    pub(crate) labels: Vec<String>,
    /// In the repository, Gitea's with their numbers.
    pub(crate) known: Vec<String>,
    pub(crate) seen: Vec<Seen>,
    pub(crate) canned: VecDeque<Canned>,
    /// Whose the token is; none for that of a pipeline.
    pub(crate) me: Option<String>,
    next: u64,
}

pub(crate) struct Forge {
    pub(crate) kind: Kind,
    pub(crate) api: String,
    state: Arc<Mutex<State>>,
}

impl Forge {
    pub(crate) fn start(kind: Kind) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base = match kind {
            Kind::Github => "",
            Kind::Gitlab => "/api/v4",
            Kind::Gitea => "/api/v1",
        };
        let api = format!("http://{}{base}", listener.local_addr().unwrap());
        let state = Arc::new(Mutex::new(State {
            kind,
            base: api.clone(),
            comments: Vec::new(),
            labels: Vec::new(),
            known: Vec::new(),
            seen: Vec::new(),
            canned: VecDeque::new(),
            me: Some("robot".to_owned()),
            next: 1000,
        }));
        let shared = Arc::clone(&state);
        thread::spawn(move || {
            for mut stream in listener.incoming().map_while(Result::ok) {
                let state = Arc::clone(&shared);
                thread::spawn(move || while serve(&mut stream, &state).is_some() {});
            }
        });
        Self { kind, api, state }
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    pub(crate) fn can(&self, method: &'static str, ends: &'static str, times: usize, answer: Answer) {
        self.state().canned.push_back(Canned { method, ends, times, answer });
    }

    pub(crate) fn says(
        &self,
        method: &'static str,
        ends: &'static str,
        times: usize,
        status: u16,
        headers: &str,
    ) {
        let answer = Answer::Says(status, headers.to_owned(), format!("{{\"message\": \"said {TOKEN}\"}}"));
        self.can(method, ends, times, answer);
    }

    /// Somebody writes a comment.
    pub(crate) fn wrote(&self, author: &str, body: &str) -> u64 {
        let mut state = self.state();
        state.next += 1;
        let id = state.next;
        state.comments.push(Comment { id, author: author.to_owned(), body: body.to_owned() });
        id
    }

    /// The bodies of all comments of an author.
    pub(crate) fn bodies(&self, author: &str) -> Vec<String> {
        let state = self.state();
        let own = state.comments.iter().filter(|comment| comment.author == author);
        own.map(|comment| comment.body.clone()).collect()
    }

    /// What was asked to change anything.
    pub(crate) fn writes(&self) -> Vec<String> {
        let state = self.state();
        let writes = state.seen.iter().filter(|seen| seen.method != "GET");
        writes.map(|seen| format!("{} {}", seen.method, seen.path)).collect()
    }
}

/// One request and its answer; nothing once the connection is over.
fn serve(stream: &mut TcpStream, state: &Mutex<State>) -> Option<()> {
    let seen = request(stream)?;
    let mut state = state.lock().unwrap();
    state.seen.push(seen.clone());
    let (path, _) = seen.path.split_once('?').unwrap_or((&seen.path, ""));
    let fits =
        |canned: &Canned| canned.times > 0 && canned.method == seen.method && path.ends_with(canned.ends);
    let canned = state.canned.iter_mut().find(|canned| fits(canned)).map(|canned| {
        canned.times -= 1;
        canned.answer.clone()
    });
    let (status, headers, body) = match canned {
        Some(Answer::Says(status, headers, body)) => (status, headers, body),
        Some(Answer::Lost) => {
            answer(&mut state, &seen);
            return None;
        }
        Some(Answer::Hangs) => return None,
        Some(Answer::Forgets) => {
            let answered = answer(&mut state, &seen);
            state.comments.pop();
            state.labels.clear();
            answered
        }
        Some(Answer::Garbles) => {
            let (status, headers, _) = answer(&mut state, &seen);
            (status, headers, "<html>".to_owned())
        }
        None => answer(&mut state, &seen),
    };
    drop(state);
    let length = body.len();
    let head = format!(
        "HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n{headers}\r\n"
    );
    stream.write_all(head.as_bytes()).ok()?;
    stream.write_all(body.as_bytes()).ok()
}

fn request(stream: &mut TcpStream) -> Option<Seen> {
    let mut bytes = Vec::new();
    let mut chunk = [0; 65536];
    loop {
        let count = stream.read(&mut chunk).ok().filter(|count| *count > 0)?;
        bytes.extend_from_slice(&chunk[..count]);
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n");
        let Some(end) = end else { continue };
        let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
        let length = head.lines().find_map(|line| {
            let (name, value) = line.split_once(": ")?;
            name.eq_ignore_ascii_case("content-length").then(|| value.parse::<usize>().ok())?
        });
        let body = &bytes[end + 4..];
        if body.len() < length.unwrap_or(0) {
            continue;
        }
        let mut first = head.lines().next().unwrap().split(' ');
        let (method, path) = (first.next().unwrap().to_owned(), first.next().unwrap().to_owned());
        let body = if body.is_empty() { Value::Null } else { serde_json::from_slice(body).unwrap() };
        return Some(Seen { method, path, headers: head.to_lowercase(), body });
    }
}

type Answered = (u16, String, String);

fn error(status: u16, message: &str) -> Answered {
    (status, String::new(), json!({"message": message}).to_string())
}

fn ok(status: u16, value: &Value) -> Answered {
    (status, String::new(), value.to_string())
}

fn answer(state: &mut State, seen: &Seen) -> Answered {
    let token = TOKEN.to_lowercase();
    let (header, needed) = match state.kind {
        Kind::Github => (format!("authorization: bearer {token}"), "x-github-api-version: 2022-11-28"),
        Kind::Gitlab => (format!("private-token: {token}"), "accept: "),
        Kind::Gitea => (format!("authorization: token {token}"), "accept: "),
    };
    if !seen.headers.lines().any(|line| line == header) {
        return error(401, "Bad credentials");
    }
    // GitHub answers 403 to requests without it.
    if !seen.headers.contains(needed) || !seen.headers.contains("user-agent: billform/") {
        return error(403, "Request forbidden by administrative rules");
    }
    let prefix = reqwest_path(&state.base);
    let Some(path) = seen.path.strip_prefix(&prefix) else { return error(404, "Not Found") };
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let parts: Vec<&str> = path.split('/').skip(1).collect();
    let (method, number) = (seen.method.as_str(), NUMBER.to_string());
    if parts == ["user"] {
        let name = if state.kind == Kind::Gitlab { "username" } else { "login" };
        return match &state.me {
            Some(me) => ok(200, &json!({name: me})),
            None => error(403, "Resource not accessible by integration"),
        };
    }
    if state.kind == Kind::Gitlab {
        let ["projects", "acme%2Finfra%2Fconfig", "merge_requests", of, rest @ ..] = parts.as_slice() else {
            return error(404, "404 Project Not Found");
        };
        return match (*of == number, method, rest) {
            (false, ..) => error(404, "404 Not found"),
            (_, "GET", []) => ok(200, &json!({"iid": NUMBER, "labels": state.labels})),
            (_, "PUT", []) => relabel_gitlab(state, &seen.body),
            (_, method, ["notes", id @ ..]) => comments(state, method, id, query, &seen.body),
            _ => error(405, "405 Method Not Allowed"),
        };
    }
    let ["repos", "acme", "config", rest @ ..] = parts.as_slice() else { return error(404, "Not Found") };
    match (method, rest) {
        (method, ["issues", "comments", id]) => comments(state, method, &[*id], query, &seen.body),
        (method, ["issues", of, "comments"]) if *of == number => {
            comments(state, method, &[], query, &seen.body)
        }
        ("GET", ["issues", of, "labels"]) if *of == number => {
            let rows: Vec<Value> = state.labels.iter().map(|name| label(state, name)).collect();
            list(state, &rows, query, &format!("/repos/acme/config/issues/{of}/labels"))
        }
        ("POST", ["issues", of, "labels"]) if *of == number => relabel(state, &seen.body),
        ("DELETE", ["issues", of, "labels", which]) if *of == number => unlabel(state, which),
        ("GET", ["labels"]) if state.kind == Kind::Gitea => {
            let rows: Vec<Value> = state.known.iter().map(|name| label(state, name)).collect();
            list(state, &rows, query, "/repos/acme/config/labels")
        }
        ("POST", ["labels"]) if state.kind == Kind::Gitea => {
            let (name, color) = (seen.body["name"].as_str().unwrap(), seen.body["color"].as_str().unwrap());
            assert!(color.len() == 7 && color.starts_with('#'), "{color}");
            state.known.push(name.to_owned());
            ok(201, &label(state, name))
        }
        _ => error(404, "Not Found"),
    }
}

/// The path of an address.
fn reqwest_path(url: &str) -> String {
    url.splitn(4, '/').nth(3).map_or(String::new(), |path| format!("/{path}"))
}

/// One page of a list, with the header that leads to the next one.
fn list(state: &State, rows: &[Value], query: &str, path: &str) -> Answered {
    let number = |name: &str| {
        query.split('&').find_map(|pair| pair.strip_prefix(&format!("{name}="))?.parse::<usize>().ok())
    };
    let size_name = if state.kind == Kind::Gitea { "limit" } else { "per_page" };
    let (usual, most) = state.kind.page();
    let (size, page) = (number(size_name).unwrap_or(usual).min(most), number("page").unwrap_or(1));
    let shown: Vec<Value> = rows.iter().skip((page - 1) * size).take(size).cloned().collect();
    let mut headers = String::new();
    if rows.len() > page * size {
        let base = &state.base;
        let at = |page: usize| format!("{base}{path}?{size_name}={size}&page={page}");
        headers = format!("Link: <{}>; rel=\"last\", <{}>; rel=\"next\"\r\n", at(99), at(page + 1));
    }
    (200, headers, json!(shown).to_string())
}

fn row(state: &State, comment: &Comment) -> Value {
    let Comment { id, author, body } = comment;
    if state.kind == Kind::Gitlab {
        return json!({"id": id, "body": body, "system": author == "system", "author": {"username": author}});
    }
    let kind = if author.ends_with("[bot]") { "Bot" } else { "User" };
    json!({"id": id, "body": body, "user": {"login": author, "type": kind}})
}

fn comments(state: &mut State, method: &str, id: &[&str], query: &str, body: &Value) -> Answered {
    let me = state.me.clone().unwrap_or("github-actions[bot]".to_owned());
    let text = || body["body"].as_str().map(str::to_owned);
    let at = id.first().map(|id| {
        let id: u64 = id.parse().unwrap();
        state.comments.iter().position(|comment| comment.id == id)
    });
    let updates = if state.kind == Kind::Gitlab { "PUT" } else { "PATCH" };
    match (method, at) {
        ("GET", None) => {
            let rows: Vec<Value> = state.comments.iter().map(|comment| row(state, comment)).collect();
            let path = match state.kind {
                Kind::Gitlab => format!("/projects/acme%2Finfra%2Fconfig/merge_requests/{NUMBER}/notes"),
                _ => format!("/repos/acme/config/issues/{NUMBER}/comments"),
            };
            list(state, &rows, query, &path)
        }
        ("POST", None) => {
            let Some(text) = text() else { return error(422, "body is missing") };
            // https://github.com/orgs/community/discussions/27190
            if state.kind == Kind::Github && text.chars().count() > 65_536 {
                return error(422, "Body is too long (maximum is 65536 characters)");
            }
            state.next += 1;
            let comment = Comment { id: state.next, author: me, body: text };
            state.comments.push(comment.clone());
            ok(201, &row(state, &comment))
        }
        (_, Some(None)) => error(404, "Not Found"),
        ("GET", Some(Some(at))) => ok(200, &row(state, &state.comments[at])),
        (method, Some(Some(at))) if method == updates => {
            if state.comments[at].author != me {
                return error(403, "Must have admin rights to Repository.");
            }
            state.comments[at].body = text().unwrap();
            ok(200, &row(state, &state.comments[at]))
        }
        _ => error(405, "Method Not Allowed"),
    }
}

fn label(state: &State, name: &str) -> Value {
    let id = state.known.iter().position(|known| known == name).map(|at| at + 500);
    json!({"id": id, "name": name, "color": "ededed"})
}

/// GitHub takes names and makes those it does not know; Gitea takes numbers.
fn relabel(state: &mut State, body: &Value) -> Answered {
    for one in body["labels"].as_array().unwrap() {
        let name = match (state.kind, one) {
            (Kind::Gitea, one) => {
                let at = usize::try_from(one.as_u64().expect("Gitea's labels have numbers")).unwrap() - 500;
                state.known[at].clone()
            }
            (_, one) => one.as_str().unwrap().to_owned(),
        };
        if !state.labels.contains(&name) {
            state.labels.push(name);
        }
    }
    ok(200, &json!([]))
}

fn unlabel(state: &mut State, which: &str) -> Answered {
    let name = match state.kind {
        Kind::Gitea => state.known[which.parse::<usize>().unwrap() - 500].clone(),
        _ => which.replace("%20", " ").replace("%3A", ":"),
    };
    let before = state.labels.len();
    state.labels.retain(|label| *label != name);
    if state.labels.len() == before { error(404, "Label does not exist") } else { ok(200, &json!([])) }
}

/// <https://docs.gitlab.com/api/merge_requests/#update-mr>: names with commas between them.
fn relabel_gitlab(state: &mut State, body: &Value) -> Answered {
    let names = |field: &str| -> Vec<String> {
        let text = body[field].as_str().unwrap_or_default();
        text.split(',').filter(|name| !name.is_empty()).map(str::to_owned).collect()
    };
    let (add, remove) = (names("add_labels"), names("remove_labels"));
    state.labels.retain(|label| !remove.contains(label));
    for name in add {
        if !state.labels.contains(&name) {
            state.labels.push(name);
        }
    }
    ok(200, &json!({"iid": NUMBER, "labels": state.labels}))
}
