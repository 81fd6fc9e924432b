//! Who is told of drift: over real HTTP, and through a program in the place of `sendmail`.

use std::{
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
};

use ring::hmac;
use serde_json::Value;

use crate::harness::{Bench, SEED, SMALL};

/// What a receiver was sent.
#[derive(Clone, Debug)]
struct Message {
    path: String,
    head: String,
    body: String,
}

impl Message {
    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }
}

/// A server that keeps what it is sent. It answers with the codes it was given, then with 200.
struct Receiver {
    address: String,
    answers: Arc<Mutex<Vec<u16>>>,
    got: Arc<Mutex<Vec<Message>>>,
}

impl Receiver {
    fn start(answers: &[u16]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let answers = Arc::new(Mutex::new(answers.iter().rev().copied().collect::<Vec<_>>()));
        let got = Arc::new(Mutex::new(Vec::new()));
        let (left, kept) = (Arc::clone(&answers), Arc::clone(&got));
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let message = read(&mut stream);
                kept.lock().unwrap().push(message.clone());
                let code = left.lock().unwrap().pop().unwrap_or(200);
                let said = format!("you sent {} to {}", message.body.len(), message.path);
                let answer = format!("HTTP/1.1 {code} X\r\ncontent-length: {}\r\n\r\n{said}", said.len());
                drop(stream.write_all(answer.as_bytes()));
            }
        });
        Self { address, answers, got }
    }

    fn got(&self) -> Vec<Message> {
        std::mem::take(&mut self.got.lock().unwrap())
    }

    fn answers(&self, codes: &[u16]) {
        *self.answers.lock().unwrap() = codes.iter().rev().copied().collect();
    }
}

fn read(stream: &mut TcpStream) -> Message {
    let mut bytes = Vec::new();
    let mut buffer = [0; 65536];
    loop {
        let count = stream.read(&mut buffer).unwrap();
        bytes.extend(&buffer[..count]);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let length =
            head.lines().find_map(|line| line.to_lowercase().strip_prefix("content-length: ")?.parse().ok());
        if count == 0 || body.len() >= length.unwrap_or(0) {
            let path = head.split(' ').nth(1).unwrap().to_owned();
            return Message { path, head: head.to_owned(), body: body.to_owned() };
        }
    }
}

const PATH: &str = "/services/canary-T0K3N/canary-hook";
const SECRET: &str = "canary signing key";

/// A bench with a drift, and one receiver of each kind at that address. Names on the panel mean harm.
fn bench(address: &str) -> Bench {
    let notify = "notify:\n  webhooks: {ops: {secret_url: {env: HOOK}, signing_secret: {env: HOOK_SECRET}}}\n  \
                  slack: {chat: {secret_url: {env: HOOK}}}\n  mattermost: {chat: {secret_url: {env: HOOK}}}\n  \
                  telegram: {chat: {token: {env: TOKEN}, chat: \"-100\", api: {env: API}}}\n";
    let bench = Bench::new()
        .sandbox(SEED)
        .config(SMALL)
        .env("HOOK", &format!("{address}{PATH}"))
        .env("HOOK_SECRET", SECRET)
        .env("TOKEN", "123456:canary-bot-token")
        .env("API", address)
        .secret("canary-T0K3N")
        .secret("canary-hook")
        .secret(SECRET)
        .secret("canary-bot-token");
    bench.settle();
    let item = bench.row("enumerationitem", &[("intname", "55227")]);
    bench.edit("enumerationitem", item, "name", "<!channel> `@all`\u{202e} </script>");
    bench.config(&format!("{SMALL}{notify}"))
}

#[test]
fn each_receiver_is_told_in_its_own_way_and_only_what_is_new() {
    let receiver = Receiver::start(&[]);
    let bench = bench(&receiver.address);
    bench.run("drift config --news --quiet").exits(2);
    assert!(receiver.got().is_empty(), "nobody is told without being asked to");
    let run = bench.run("drift config --news --notify --quiet").exits(2);
    assert_eq!((run.stdout.as_str(), run.stderr.as_str()), ("", ""), "stdout knew it already");
    let got = receiver.got();
    assert_eq!(got.len(), 4, "{got:?}");
    let hook = got.iter().find(|message| message.head.contains("x-billform-signature-256: ")).unwrap();
    let signature = hook.head.lines().find_map(|line| line.strip_prefix("x-billform-signature-256: sha256="));
    let digits = signature.unwrap();
    let bytes: Vec<u8> =
        (0..digits.len()).step_by(2).map(|at| u8::from_str_radix(&digits[at..at + 2], 16).unwrap()).collect();
    let key = hmac::Key::new(hmac::HMAC_SHA256, SECRET.as_bytes());
    hmac::verify(&key, hook.body.as_bytes(), &bytes).unwrap();
    let schema = bench.run("schema drift-news").exits(0).json();
    assert!(jsonschema::validator_for(&schema).unwrap().is_valid(&hook.json()), "{hook:?}");
    assert_eq!(hook.json()["new"][0]["object"]["key"], "panel/55227");

    let telegram = got.iter().find(|message| message.path.starts_with("/bot")).unwrap();
    assert_eq!(telegram.path, "/bot123456:canary-bot-token/sendMessage");
    assert_eq!(telegram.json()["chat_id"], "-100");
    let texts: Vec<Value> = got.iter().map(|message| message.json()["text"].clone()).collect();
    let texts: Vec<&str> = texts.iter().filter_map(Value::as_str).collect();
    assert_eq!(texts.len(), 3);
    for text in &texts {
        assert!(text.contains("55227") && !text.contains('\u{202e}'), "{text}");
    }
    assert!(texts.iter().any(|text| text.contains("&lt;!channel&gt;")), "{texts:?}");
    assert!(
        texts.iter().any(|text| text.starts_with("```\n") && text.matches('`').count() == 6),
        "{texts:?}"
    );

    bench.run("drift config --news --notify --quiet").exits(2);
    assert!(receiver.got().is_empty(), "the same drift is not told twice");
    let item = bench.row("enumerationitem", &[("intname", "55227")]);
    bench.edit("enumerationitem", item, "name", "Panel lite");
    bench.run("drift config --news --notify --quiet").exits(0).says("1 resolved");
    let got = receiver.got();
    assert_eq!(got.len(), 4, "the end is told once");
    bench.run("drift config --news --notify --quiet").exits(0);
    assert!(receiver.got().is_empty());
}

#[test]
fn what_was_not_delivered_is_said_and_told_the_next_time() {
    let receiver = Receiver::start(&[503, 200]);
    let bench = bench(&receiver.address);
    // The first attempt of the first receiver is repeated; all are told.
    let run = bench.run("drift config --news --notify --quiet").exits(2);
    assert_eq!(run.stderr, "");
    assert_eq!(receiver.got().len(), 5);
    let item = bench.row("enumerationitem", &[("intname", "55227")]);
    bench.edit("enumerationitem", item, "name", "Other");
    receiver.answers(&[403]);
    let run = bench.run("drift config --news --notify --quiet").exits(2).says("notify::undelivered");
    run.says("the news did not reach").says("it answered 403");
    assert_eq!(receiver.got().len(), 4, "a refusal is not argued with");
    let run = bench.run("drift config --news --notify --quiet").exits(2);
    assert_eq!((run.stdout.as_str(), run.stderr.as_str()), ("", ""));
    assert_eq!(receiver.got().len(), 1, "only who missed it is told");
}

#[test]
fn an_unreachable_receiver_does_not_change_how_the_run_ends() {
    let gone = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let bench = bench(&format!("http://{gone}"));
    let run = bench.run("drift config --news --notify --quiet").exits(2).says("notify::undelivered");
    assert_eq!(run.stderr.matches("notify::undelivered").count(), 4, "{run}");
    let run = bench.without("HOOK").without("TOKEN").run("drift config --news --notify --quiet").exits(2);
    run.says("HOOK").says("is not set");
}

#[cfg(unix)]
#[test]
fn a_mail_goes_through_sendmail_and_is_a_message() {
    use std::os::unix::fs::PermissionsExt as _;
    let bench = Bench::new().sandbox(SEED).config(SMALL);
    bench.settle();
    let item = bench.row("enumerationitem", &[("intname", "55227")]);
    bench.edit("enumerationitem", item, "name", "Панель\nBcc: victim@example.com");
    let script = bench.path("sendmail");
    std::fs::write(&script, "#!/bin/sh\necho \"$@\" > arguments\ncat > mail\n").unwrap();
    std::fs::set_permissions(&script, std::fs::Permissions::from_mode(0o755)).unwrap();
    let notify = format!(
        "notify: {{email: {{ops: {{from: billform@example.com, to: billing@example.com, sendmail: {}}}}}}}\n",
        script.display()
    );
    let bench = bench.config(&format!("{SMALL}{notify}"));
    let run = bench.run("drift config --news --notify --quiet").exits(2);
    assert_eq!(run.stderr, "");
    assert_eq!(bench.read("arguments").trim(), "-i -t");
    let mail = bench.read("mail");
    let (head, body) = mail.split_once("\n\n").unwrap();
    assert!(mail.is_ascii() && mail.lines().all(|line| line.len() <= 78), "{mail}");
    let names: Vec<&str> = head
        .lines()
        .filter(|line| !line.starts_with(' '))
        .map(|line| line.split_once(": ").unwrap().0)
        .collect();
    for needed in ["From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type"] {
        assert_eq!(names.iter().filter(|name| **name == needed).count(), 1, "{needed}: {head}");
    }
    assert!(!names.contains(&"Bcc"), "{head}");
    assert!(!body.contains("Bcc"), "{body}");
    std::fs::write(&script, "#!/bin/sh\necho 'queue is full' >&2\nexit 75\n").unwrap();
    bench.edit("enumerationitem", item, "name", "Other");
    let run = bench.run("drift config --news --notify --quiet").exits(2).says("notify::undelivered");
    run.says("exit status: 75").says("queue is full");
}
