//! A server that means harm, or is broken beyond what the sandbox plays: each run ends in bounded time and
//! memory with a documented exit code, and says what was wrong.

use std::{
    io::{Read as _, Write as _},
    net::{TcpListener, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use crate::harness::{Bench, Run, SMALL, all_at_once};

/// What is sent after a request was read.
type Act = fn(&mut TcpStream) -> std::io::Result<()>;

/// More than any answer needs: the limit of 64 MiB for a body, decoded, with room for the program itself.
#[cfg(target_os = "linux")]
const MOST_MEMORY: u64 = 768 << 20;

struct Server {
    url: String,
    asked: Arc<AtomicUsize>,
}

impl Server {
    fn start(act: Act) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/billmgr", listener.local_addr().unwrap());
        let asked = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&asked);
        thread::spawn(move || {
            for mut stream in listener.incoming().map_while(Result::ok) {
                let count = Arc::clone(&count);
                thread::spawn(move || {
                    if request(&mut stream).is_some() {
                        count.fetch_add(1, Ordering::Relaxed);
                        // The client hangs up on most of this.
                        drop(act(&mut stream));
                    }
                });
            }
        });
        Self { url, asked }
    }
}

/// Reads a request; nothing where the connection closes first.
fn request(stream: &mut TcpStream) -> Option<()> {
    let mut bytes = Vec::new();
    let mut chunk = [0; 4096];
    loop {
        let count = stream.read(&mut chunk).ok().filter(|count| *count > 0)?;
        bytes.extend_from_slice(&chunk[..count]);
        let text = String::from_utf8_lossy(&bytes).to_lowercase();
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok());
        if body.len() >= length.unwrap_or(0) {
            return Some(());
        }
    }
}

fn answer(stream: &mut TcpStream, headers: &str, body: &[u8]) -> std::io::Result<()> {
    let length = body.len();
    let head = format!(
        "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n{headers}\r\n"
    );
    stream.write_all(head.as_bytes())?;
    stream.write_all(body)
}

fn endless_body(stream: &mut TcpStream) -> std::io::Result<()> {
    stream.write_all(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{\"doc\":{\"a\":{\"$\":\"")?;
    let chunk = vec![b'x'; 1 << 20];
    loop {
        stream.write_all(&chunk)?;
    }
}

fn slow_drip(stream: &mut TcpStream) -> std::io::Result<()> {
    stream.write_all(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 100000\r\n\r\n{\"doc\":{")?;
    loop {
        stream.write_all(b" ")?;
        thread::sleep(Duration::from_millis(100));
    }
}

fn endless_headers(stream: &mut TcpStream) -> std::io::Result<()> {
    stream.write_all(b"HTTP/1.1 200 OK\r\n")?;
    loop {
        stream.write_all(b"X-More: and more and more and more and more and more\r\n")?;
    }
}

fn endless_header_line(stream: &mut TcpStream) -> std::io::Result<()> {
    stream.write_all(b"HTTP/1.1 200 OK\r\nX-More: ")?;
    loop {
        stream.write_all(&[b'x'; 4096])?;
    }
}

fn deep_json(stream: &mut TcpStream) -> std::io::Result<()> {
    let (open, close) = ("{\"a\":".repeat(1_000_000), "}".repeat(1_000_000));
    answer(stream, "", format!("{{\"doc\":{open}1{close}}}").as_bytes())
}

fn deep_json_arrays(stream: &mut TcpStream) -> std::io::Result<()> {
    answer(stream, "", format!("{{\"doc\":{}", "[".repeat(1_000_000)).as_bytes())
}

fn deep_xml(stream: &mut TcpStream) -> std::io::Result<()> {
    let (open, close) = ("<a>".repeat(1_000_000), "</a>".repeat(1_000_000));
    answer(stream, "", format!("<doc>{open}{close}</doc>").as_bytes())
}

fn invalid_utf8(stream: &mut TcpStream) -> std::io::Result<()> {
    answer(stream, "", b"{\"doc\":{\"user\":{\"$name\":\"\xff\xfe\xc0\xaf\"}}}")
}

fn no_http(stream: &mut TcpStream) -> std::io::Result<()> {
    stream.write_all(b"SSH-2.0-OpenSSH_9.6\r\n\x00\xff\x1b[31mred\r\n\r\n")
}

fn short_body(stream: &mut TcpStream) -> std::io::Result<()> {
    stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999999\r\n\r\n{\"doc\":{}}")
}

/// Zeroes, packed as stored-length tricks cannot be: fixed Huffman blocks of the longest match, 1000 to 1.
fn gzip_bomb(stream: &mut TcpStream) -> std::io::Result<()> {
    stream.write_all(
        b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Encoding: gzip\r\n\r\n\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03",
    )?;
    // A fixed block: one zero byte, then matches of length 258 at distance 1 without end. Length code 285
    // is 11000101 and distance code 0 is 00000, so each match is 13 bits, and 8 of them are 13 bytes.
    let mut bits = Bits::default();
    bits.push("1").push("10").push("00110000");
    for _ in 0..8 * 8192 {
        bits.push("11000101").push("00000");
    }
    stream.write_all(&bits.bytes)?;
    loop {
        bits.bytes.clear();
        for _ in 0..8 * 8192 {
            bits.push("11000101").push("00000");
        }
        stream.write_all(&bits.bytes)?;
    }
}

/// Bits in the order of deflate: the first one is the lowest of its byte.
#[derive(Default)]
struct Bits {
    bytes: Vec<u8>,
    next: u8,
    count: u8,
}

impl Bits {
    fn push(&mut self, bits: &str) -> &mut Self {
        for bit in bits.bytes() {
            self.next |= (bit - b'0') << self.count;
            self.count += 1;
            if self.count == 8 {
                self.bytes.push(self.next);
                (self.next, self.count) = (0, 0);
            }
        }
        self
    }
}

#[test]
fn each_attack_ends_soon_and_with_its_exit_code() {
    let attacks: [(&str, Act, i32, &str); 12] = [
        ("endless body", endless_body, 9, "longer than 64 MiB"),
        ("gzip bomb", gzip_bomb, 9, "longer than 64 MiB"),
        ("deep JSON", deep_json, 9, "nests deeper"),
        ("deep JSON arrays", deep_json_arrays, 9, "nests deeper"),
        ("deep XML", deep_xml, 9, "nests deeper"),
        ("invalid UTF-8", invalid_utf8, 8, "not a BILLmanager document"),
        ("slow drip", slow_drip, 8, "took too long"),
        ("endless headers", endless_headers, 8, "no answer"),
        ("an endless header", endless_header_line, 8, "no answer"),
        ("no HTTP", no_http, 8, "no answer"),
        ("less than announced", short_body, 9, "broke off"),
        ("a closed connection", |_| Ok(()), 8, "no answer"),
    ];
    all_at_once(attacks, |(name, act, code, words)| {
        let server = Server::start(act);
        let bench = Bench::new()
            .config(SMALL)
            .env("BILLFORM_URL", &server.url)
            .env("BILLFORM_USER", "admin")
            .env("BILLFORM_PASSWORD", "canary hostile/&+%")
            .env("BILLFORM_TIMEOUT", "2");
        let started = Instant::now();
        let run = bench.run("apply config --yes --report json=plan.json");
        assert_eq!(run.code, code, "{name}: {run}");
        let run = run.says(words).silent("panicked").silent("\u{1b}");
        assert!(run.stdout.len() + run.stderr.len() < 10_000, "{name}");
        // Five attempts of at most two seconds, and the pauses between them.
        assert!(started.elapsed() < Duration::from_secs(60), "{name}: {:?}", started.elapsed());
        assert!((1..=5).contains(&server.asked.load(Ordering::Relaxed)), "{name}");
        assert!(!bench.path("plan.json").exists(), "{name}");
    });
}

#[cfg(target_os = "linux")]
#[test]
fn what_does_not_end_does_not_fill_the_memory() {
    let attacks: [(&str, Act); 5] = [
        ("endless body", endless_body),
        ("gzip bomb", gzip_bomb),
        ("endless header", endless_header_line),
        ("deep JSON", deep_json),
        ("deep XML", deep_xml),
    ];
    all_at_once(attacks, |(name, act)| {
        let server = Server::start(act);
        let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_billform"))
            .args(["export", "--quiet"])
            .env_clear()
            .env("BILLFORM_URL", &server.url)
            .env("BILLFORM_USER", "admin")
            .env("BILLFORM_PASSWORD", "canary")
            .env("BILLFORM_TIMEOUT", "5")
            .stdin(std::process::Stdio::null())
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null())
            .spawn()
            .unwrap();
        let status = format!("/proc/{}/status", child.id());
        let mut peak = 0;
        while child.try_wait().unwrap().is_none() {
            // The high-water mark only grows, so a look now and then is enough.
            let text = std::fs::read_to_string(&status).unwrap_or_default();
            let mark = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
            let kib = mark.and_then(|mark| mark.trim().trim_end_matches(" kB").parse::<u64>().ok());
            peak = peak.max(kib.unwrap_or(0) << 10);
            thread::sleep(Duration::from_millis(2));
        }
        assert!(peak > 0, "{name}: the memory was never looked at");
        assert!(peak < MOST_MEMORY, "{name}: {} MiB", peak >> 20);
    });
}

#[test]
fn a_redirect_does_not_take_the_login_along() {
    static ELSEWHERE: AtomicUsize = AtomicUsize::new(0);
    let thief = TcpListener::bind("127.0.0.1:0").unwrap();
    ELSEWHERE.store(usize::from(thief.local_addr().unwrap().port()), Ordering::Relaxed);
    thief.set_nonblocking(true).unwrap();
    let server = Server::start(|stream| {
        let port = ELSEWHERE.load(Ordering::Relaxed);
        let head = format!(
            "HTTP/1.1 307 Moved\r\nLocation: http://127.0.0.1:{port}/billmgr\r\nContent-Length: 0\r\n\r\n"
        );
        stream.write_all(head.as_bytes())
    });
    let bench = Bench::new()
        .config(SMALL)
        .env("BILLFORM_URL", &server.url)
        .env("BILLFORM_USER", "admin")
        .env("BILLFORM_PASSWORD", "canary hostile/&+%");
    for auth in ["authinfo", "session"] {
        let _: Run = bench.run(&format!("plan config --auth {auth}")).exits(8).says("redirects to");
    }
    assert!(thief.accept().is_err(), "somebody followed the redirect");
}
