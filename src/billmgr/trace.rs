//! What `-vv` and `-vvv` hear of each request. Values of secrets are never among it.

use std::{fmt::Write as _, sync::Arc, time::Duration};

use super::{
    http::{Reply, Sent},
    scrub::Scrub,
    trouble::Trouble,
};
use crate::wire::{Answer, one_line};

/// The longest line, in characters: a form may have hundreds of fields.
const LONGEST: usize = 2000;

/// Who is told, and how much.
#[derive(Clone, Default)]
pub(crate) enum Trace {
    #[default]
    Off,
    /// A line for each request.
    Requests(Listener),
    /// What was sent and the shape of the answer, too.
    Contents(Listener),
}

pub(crate) type Listener = Arc<dyn Fn(&str) + Send + Sync>;

/// What came of a request.
pub(super) struct Heard<'a> {
    pub(super) took: Duration,
    pub(super) size: usize,
    pub(super) answer: Option<&'a Answer>,
    pub(super) trouble: Option<&'a Trouble>,
}

/// Tells of one request.
pub(super) fn tell(trace: &Trace, scrub: &Scrub, form: &[Sent<'_>], heard: &Heard<'_>) {
    let (listener, contents) = match trace {
        Trace::Off => return,
        Trace::Requests(listener) => (listener, false),
        Trace::Contents(listener) => (listener, true),
    };
    let say = |indent: &str, line: &str| listener(&format!("{indent}{}", scrub.line(line, LONGEST)));
    let func = form.iter().find(|sent| sent.name == "func").map_or("", |sent| sent.value);
    let (took, size) = (heard.took.as_millis(), heard.size);
    let outcome = heard.trouble.map_or("ok".to_owned(), Trouble::words);
    say("", &format!("{func}: {took} ms, {size} bytes, {outcome}"));
    if !contents {
        return;
    }
    let sent: Vec<String> = form.iter().map(shown).collect();
    say("  ", &format!("sent {}", sent.join(" ")));
    if let Some(answer) = heard.answer {
        say("  ", &format!("got {}", shape(answer)));
    }
}

/// Tells of a look for the result of a long request.
pub(super) fn polled(trace: &Trace, took: Duration, reply: Option<&Reply>) {
    let (Trace::Requests(listener) | Trace::Contents(listener)) = trace else { return };
    let size = reply.map_or("no answer".to_owned(), |reply| format!("{} bytes", reply.body.len()));
    listener(&format!("(waiting for a long request: {} ms, {size})", took.as_millis()));
}

/// A field as it may be shown.
fn shown(sent: &Sent<'_>) -> String {
    match sent.secret || speaks_of_secrets(sent.name) {
        true => format!("{}=[not shown]", sent.name),
        false => format!("{}={:?}", sent.name, one_line(sent.value)),
    }
}

/// Fields of modules that nobody documents may hold keys in plain text fields.
fn speaks_of_secrets(name: &str) -> bool {
    const WORDS: [&str; 7] = ["pass", "pwd", "secret", "token", "key", "auth", "cred"];
    let lower = name.to_ascii_lowercase();
    WORDS.iter().any(|word| lower.contains(word))
}

/// Names of a document's children, repeated ones counted; no values.
fn shape(answer: &Answer) -> String {
    let mut parts: Vec<(&str, usize)> = Vec::new();
    for child in &answer.root().children {
        match parts.iter_mut().find(|(name, _)| *name == child.name) {
            Some((_, count)) => *count += 1,
            None => parts.push((&child.name, 1)),
        }
    }
    let mut text = answer.func().unwrap_or("a document").to_owned();
    for (name, count) in parts {
        let times = if count > 1 { format!("*{count}") } else { String::new() };
        // Writing to a string cannot fail.
        write!(text, " {name}{times}").ok();
    }
    text
}
