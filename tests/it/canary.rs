//! No secret comes out: every command, in every format, at `-vvv`, when all is well and when the panel
//! misbehaves. Output, files and the panel's access log are searched for secrets in any encoding.
//!
//! One file is left out on purpose: the `--state` of the sandbox. It stands for the panel's own database,
//! which has the passwords of its processors.

use std::{
    collections::BTreeSet,
    fs,
    path::Path,
    process::{Command, Stdio},
};

use billform::sandbox::{ADMIN, Fault, FaultKind, LICENCE_READER, Pair, PairOptions, Sandbox};
use tempfile::TempDir;

use crate::harness::{Bench, Run, SEED, SMALL, all_at_once, in_parallel};

/// Each is spelt differently in a URL, in a form, in JSON, in markup and in base64.
const PANEL: &str = "Kanarie/+\"ü%&=\\42 <pq1>'Zx";
const WRONG: &str = "wr0ng/+\"ö%&=\\43 <pq5>'Yv";
const BY_ENV: &str = "Env7/+\"ä%&=\\44 <pq2>'Kd%41";
const BY_FILE: &str = "fil3/+\"é%&=\\45 <pq3>'Ws";
const BY_COMMAND: &str = "c0mm/+\"й%&=\\46 <pq4>'Rt";
const SECRETS: [&str; 5] = [PANEL, WRONG, BY_ENV, BY_FILE, BY_COMMAND];

const FORMATS: [&str; 3] = ["text", "json", "markdown"];

/// Finds secrets by undoing encodings, twice over, so that an encoding inside another is found too.
pub(crate) mod search {
    use std::collections::BTreeSet;

    /// How much of a secret's beginning or end is already too much, in characters.
    const PART: usize = 9;

    /// The secret of which something is in the text, and how it got there.
    pub(crate) fn found<'s>(text: &[u8], secrets: &[&'s str]) -> Option<(&'s str, String)> {
        let mut seen = BTreeSet::new();
        let mut views = vec![(text.to_vec(), "plain".to_owned())];
        for depth in 0..3 {
            for (view, how) in &views {
                let squeezed = squeezed(view);
                for secret in secrets {
                    let all: Vec<char> = secret.chars().collect();
                    let parts = [&all[..PART], &all[all.len() - PART..]];
                    for part in parts.map(|part| self::squeezed(part.iter().collect::<String>().as_bytes())) {
                        if squeezed.contains(&part) {
                            return Some((*secret, how.clone()));
                        }
                    }
                }
            }
            if depth < 2 {
                let next = views.iter().flat_map(|(view, how)| {
                    undone(view).into_iter().map(move |(name, view)| (view, format!("{name} in {how}")))
                });
                views = next.filter(|(view, _)| seen.insert(view.clone())).collect();
            }
        }
        None
    }

    /// Without what wrapping and framing put between the parts of a text.
    fn squeezed(text: &[u8]) -> String {
        let text = String::from_utf8_lossy(text);
        let kept = |ch: &char| !ch.is_whitespace() && !('\u{2500}'..='\u{257f}').contains(ch) && *ch != '·';
        text.chars().filter(kept).collect()
    }

    /// The text with one kind of encoding undone, for each kind that changes it.
    fn undone(text: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
        let mut all = vec![
            ("percent", percent(text, false)),
            ("form", percent(text, true)),
            ("escapes", escapes(text)),
            ("markup", markup(text)),
        ];
        for offset in 0..4 {
            all.push(("base64", base64(text, offset)));
        }
        all.push(("hexadecimal", hexadecimal(text)));
        all.retain(|(_, view)| view != text && !view.is_empty());
        all
    }

    fn percent(text: &[u8], plus: bool) -> Vec<u8> {
        let mut out = Vec::new();
        let mut at = 0;
        while at < text.len() {
            let digits = text.get(at + 1..at + 3).and_then(|two| std::str::from_utf8(two).ok());
            let byte = digits.and_then(|two| u8::from_str_radix(two, 16).ok());
            match (text[at], byte) {
                (b'%', Some(byte)) => {
                    out.push(byte);
                    at += 2;
                }
                (b'+', _) if plus => out.push(b' '),
                (byte, _) => out.push(byte),
            }
            at += 1;
        }
        out
    }

    /// Escapes of JSON, of Rust's `Debug` and of shells.
    fn escapes(text: &[u8]) -> Vec<u8> {
        let text = String::from_utf8_lossy(text);
        let mut out = String::new();
        let mut rest = text.chars();
        while let Some(ch) = rest.next() {
            if ch != '\\' {
                out.push(ch);
                continue;
            }
            match rest.next() {
                Some('u') => {
                    let ahead: String = rest.clone().take(8).collect();
                    let (digits, length) = match ahead.strip_prefix('{').and_then(|text| text.split_once('}'))
                    {
                        Some((digits, _)) => (digits.to_owned(), digits.len() + 2),
                        None => (ahead.chars().take(4).collect(), 4),
                    };
                    match u32::from_str_radix(&digits, 16).ok().and_then(char::from_u32) {
                        Some(found) => {
                            out.push(found);
                            rest.nth(length - 1);
                        }
                        None => out.push('u'),
                    }
                }
                Some('n' | 'r' | 't') => out.push(' '),
                Some(other) => out.push(other),
                None => {}
            }
        }
        out.into_bytes()
    }

    fn markup(text: &[u8]) -> Vec<u8> {
        let text = String::from_utf8_lossy(text);
        let mut out = String::new();
        let mut parts = text.split('&');
        out.push_str(parts.next().unwrap_or_default());
        for part in parts {
            let entity = part.split_once(';').and_then(|(name, tail)| Some((character(name)?, tail)));
            match entity {
                Some((ch, tail)) => {
                    out.push(ch);
                    out.push_str(tail);
                }
                None => {
                    out.push('&');
                    out.push_str(part);
                }
            }
        }
        out.into_bytes()
    }

    fn character(name: &str) -> Option<char> {
        let number = match (name.strip_prefix("#x"), name.strip_prefix('#')) {
            (Some(digits), _) => u32::from_str_radix(digits, 16).ok(),
            (None, Some(digits)) => digits.parse().ok(),
            (None, None) => {
                let named =
                    [("amp", '&'), ("lt", '<'), ("gt", '>'), ("quot", '"'), ("apos", '\''), ("uuml", 'ü')];
                return named.iter().find(|(known, _)| *known == name).map(|(_, ch)| *ch);
            }
        };
        number.and_then(char::from_u32)
    }

    /// Every run of base64 characters of either alphabet, read from `offset` characters after its start.
    fn base64(text: &[u8], offset: usize) -> Vec<u8> {
        let value = |byte: u8| match byte {
            b'A'..=b'Z' => Some(byte - b'A'),
            b'a'..=b'z' => Some(byte - b'a' + 26),
            b'0'..=b'9' => Some(byte - b'0' + 52),
            b'+' | b'-' => Some(62),
            b'/' | b'_' => Some(63),
            _ => None,
        };
        let mut out = Vec::new();
        for run in text.split(|byte| value(*byte).is_none()).filter(|run| run.len() >= PART + offset) {
            let digits: Vec<u32> =
                run[offset..].iter().filter_map(|byte| value(*byte)).map(u32::from).collect();
            for four in digits.chunks(4) {
                let bits = four.iter().fold(0, |bits, digit| bits << 6 | digit) << (6 * (4 - four.len()));
                let bytes = [(bits >> 16) as u8, (bits >> 8) as u8, bits as u8];
                out.extend(&bytes[..four.len() - 1]);
            }
            out.push(b'\n');
        }
        out
    }

    fn hexadecimal(text: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        for run in text.split(|byte| !byte.is_ascii_hexdigit()).filter(|run| run.len() >= 2 * PART) {
            let digit = |byte: u8| char::from(byte).to_digit(16).unwrap_or(0) as u8;
            out.extend(run.chunks_exact(2).map(|two| digit(two[0]) << 4 | digit(two[1])));
            out.push(b'\n');
        }
        out
    }
}

/// Spellings that a server, a log or an error may use: what the search has to find, and what the panel of
/// these tests echoes.
mod spell {
    pub(super) type Spell = fn(&str) -> String;

    pub(super) const ALL: [(&str, Spell); 16] = [
        ("plain", str::to_owned),
        ("form", |text| percent(text, b"*-._", "+", false)),
        ("percent, all", |text| percent(text, b"-_.~", "%20", false)),
        ("percent, lower case", |text| percent(text, b"-_.~", "%20", true)),
        ("percent, some", |text| percent(text, b"-_.~!$'()*,;:@/?=&+", "%20", false)),
        ("percent, twice", |text| percent(&percent(text, b"", "%20", false), b"", "%20", false)),
        ("json", |text| serde_json::to_string(text).unwrap()),
        ("json, slashes and all", |text| {
            let quoted = serde_json::to_string(text).unwrap().replace('/', "\\/");
            let spell =
                |ch: char| if ch.is_ascii() { ch.to_string() } else { format!("\\u{:04x}", ch as u32) };
            quoted.chars().map(spell).collect()
        }),
        ("debug", |text| format!("{text:?}")),
        ("html", |text| {
            let html = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
            html.replace('"', "&quot;").replace('\'', "&#39;")
        }),
        ("xml, by number", |text| text.chars().map(|ch| format!("&#x{:x};", ch as u32)).collect()),
        ("base64", |text| base64(text, false)),
        ("base64 after one byte", |text| base64(&format!("x{text}"), false)),
        ("base64 after two bytes", |text| base64(&format!("xy{text}"), false)),
        ("base64 for addresses", |text| base64(&format!("admin:{text}"), true)),
        ("two lines", |text| text.replacen("\\4", "\\\n      4", 1)),
    ];

    fn percent(text: &str, plain: &[u8], space: &str, lower: bool) -> String {
        let spell = |byte: u8| match byte {
            b' ' => space.to_owned(),
            byte if byte.is_ascii_alphanumeric() || plain.contains(&byte) => char::from(byte).to_string(),
            byte if lower => format!("%{byte:02x}"),
            byte => format!("%{byte:02X}"),
        };
        text.bytes().map(spell).collect()
    }

    fn base64(text: &str, address: bool) -> String {
        const DIGITS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        let mut out = String::new();
        for three in text.as_bytes().chunks(3) {
            let at = |index: usize| usize::from(three.get(index).copied().unwrap_or(0));
            let bits = at(0) << 16 | at(1) << 8 | at(2);
            let digits = [18, 12, 6, 0].map(|shift| char::from(DIGITS[bits >> shift & 63]));
            out.extend(&digits[..=three.len()]);
        }
        if address { out.replace('+', "-").replace('/', "_") } else { out }
    }
}

#[test]
fn the_search_finds_each_encoding_of_each_secret() {
    for secret in SECRETS {
        for (how, spell) in spell::ALL {
            for around in ["", "x", "pass=", "words before it: "] {
                let text = format!("{around}{}\n", spell(secret));
                assert!(search::found(text.as_bytes(), &[secret]).is_some(), "{how} of {secret}: {text}");
            }
        }
        let framed = secret.replacen("\\4", "\\\n   │   4", 1);
        assert!(search::found(framed.as_bytes(), &[secret]).is_some(), "{framed}");
        // A part that was cut off shows too much as well.
        let start: String = secret.chars().take(12).collect();
        assert!(search::found(start.as_bytes(), &[secret]).is_some(), "{start}");
        let other = SECRETS.iter().filter(|other| **other != secret).copied().collect::<Vec<_>>();
        assert_eq!(search::found(secret.as_bytes(), &other), None);
    }
    let harmless = "password: not comparable; Kanarie is a bird, c0mm is not: 4242424242 Zm9vYmFyYmF6";
    assert_eq!(search::found(harmless.as_bytes(), &SECRETS), None);
}

/// A bench whose configuration takes a password from each kind of source, kept outside of it.
struct Cage {
    bench: Bench,
    _keep: TempDir,
}

impl Cage {
    fn new() -> Self {
        let keep = tempfile::tempdir().unwrap();
        let file = keep.path().join("file");
        fs::write(&file, format!("{BY_FILE}\n")).unwrap();
        let printed = keep.path().join("printed");
        fs::write(&printed, format!("{BY_COMMAND}\n")).unwrap();
        let more = format!(
            r#"
  vds-msk:
    product_type: vds
    module: vmmanager6
    url: https://vm.example.com/vmmgr
    username: admin
    password: {{file: '{}'}}
    licence_server: licences
  dedic-msk:
    product_type: dedic
    module: dcimanager6
    url: https://dc.example.com/dcimgr
    username: admin
    password: {{command: [cat, '{}']}}
    licence_server: licences
enumerations:"#,
            file.display(),
            printed.display()
        );
        let config = SMALL.replacen("\nenumerations:", &more, 1);
        let bench = Bench::new()
            .locked_sandbox(SEED, PANEL)
            .config(&config)
            .env("LICENCE_PASSWORD", BY_ENV)
            .env("PATH", "/usr/bin:/bin")
            .env("RUST_BACKTRACE", "1")
            .env("BILLFORM_TIMEOUT", "5");
        Self { bench, _keep: keep }
    }

    /// Runs the program as talkative as it gets and looks at all that is left of it.
    #[track_caller]
    fn run(&self, arguments: &str) -> Run {
        let run = self.bench.run(&format!("-vvv {arguments}"));
        self.is_clean(&run);
        run
    }

    #[track_caller]
    fn is_clean(&self, run: &Run) {
        is_clean(&self.bench, &[self.bench.panel()], run);
    }
}

/// Looks at all that is left of a run for secrets.
#[track_caller]
fn is_clean(bench: &Bench, panels: &[&Sandbox], run: &Run) {
    let mut places = vec![("standard output".to_owned(), run.stdout.clone().into_bytes())];
    places.push(("standard error".to_owned(), run.stderr.clone().into_bytes()));
    places.extend(files(&bench.path("")));
    // Session ids are secrets of the run.
    let mut sessions = BTreeSet::new();
    for panel in panels {
        places.push(("an access log".to_owned(), panel.access_log().join("\n").into_bytes()));
        let params = panel.requests().into_iter().flat_map(|request| request.params);
        sessions.extend(params.filter(|(name, _)| name == "auth").map(|(_, id)| id));
    }
    let secrets: Vec<&str> = SECRETS.into_iter().chain(sessions.iter().map(String::as_str)).collect();
    for (place, text) in places {
        if let Some((secret, how)) = search::found(&text, &secrets) {
            panic!("{secret:?} is in {place}, as {how}, after {run}");
        }
    }
    assert!(!run.stderr.contains("panicked"), "{run}");
}

/// All files below a directory, read.
fn files(directory: &Path) -> Vec<(String, Vec<u8>)> {
    let entries = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path());
    let read = |path: std::path::PathBuf| match path.is_dir() {
        true => files(&path),
        false => vec![(path.display().to_string(), fs::read(&path).unwrap())],
    };
    entries.flat_map(read).collect()
}

const FINDINGS: &str =
    "--report sarif=f.sarif --report junit=f.xml --report github=f.txt --report gitlab=f.json";

/// What is run of each command when all is well. A command that is not here fails the test.
fn runs_of(command: &str) -> Vec<String> {
    let formats = |command: &str| FORMATS.map(|format| format!("{command} --format {format}")).to_vec();
    let report = "--report text=p.txt --report json=p.json --report markdown=p.md --report html=p.html \
                  --report dot=p.dot --report mermaid=p.mmd";
    let one = |text: &str| vec![text.to_owned()];
    match command {
        "validate" => ["", "--format json", FINDINGS].map(|rest| format!("validate config {rest}")).to_vec(),
        "check" => ["", "--format json", "--live", FINDINGS].map(|rest| format!("check config {rest}")).to_vec(),
        "explain" => one("explain L31"),
        "fmt" => ["fmt config --check -v", "fmt config"].map(str::to_owned).to_vec(),
        "plan" => [
            formats("plan config --rotate-secret licences"),
            formats(&format!("plan config {report}")),
            one("plan config --out plan.json --rotate-secret licences"),
        ]
        .concat(),
        "apply" => [
            formats("apply config"),
            one(&format!("apply config --yes {report}")),
            formats("apply config --yes --rotate-secret licences --rotate-secret vds-msk --rotate-secret dedic-msk"),
            formats("apply config --yes"),
            one("apply plan.json --yes"),
        ]
        .concat(),
        "show" => formats("show plan.json"),
        "history" => {
            ["", "--format json", "show last", "show last --format json"].map(|rest| format!("history {rest}")).to_vec()
        }
        "rollback" => [formats("rollback last"), one("rollback last --out back.json")].concat(),
        "export" => one("export").into_iter().chain(one("export --out exported")).chain(one("export --out exported --all")).collect(),
        "drift" => [formats(&format!("drift config {report}")), one("drift config --attribute")].concat(),
        "diff" => formats("diff config other"),
        "simulate" => {
            let sale = "--tariff vds-start --panel nopanel --period 1m --currency RUB";
            ["config", "config --live", "config --format json", "plan.json"]
                .map(|rest| format!("simulate order {rest} {sale}"))
                .to_vec()
        }
        "schema" => ["", "processors", "plan", "saved-plan", "outcome"].map(|name| format!("schema {name}")).to_vec(),
        "demo" => one("demo"),
        "init" => one("init begun"),
        "doctor" => ["doctor -v", "doctor config --format json"].map(str::to_owned).to_vec(),
        "capture" => ["capture recording", "capture recording -v --yes"].map(str::to_owned).to_vec(),
        "completions" => ["bash", "zsh", "fish"].map(|shell| format!("completions {shell}")).to_vec(),
        "man" => vec!["man".to_owned(), "man --out pages".to_owned()],
        "help" => one("help plan"),
        // They need a licence server or a forge, so their own tests look for secrets.
        "costs" | "pool" | "comment" => Vec::new(),
        // It runs until it is stopped, so it has a test of its own.
        "sandbox" => Vec::new(),
        other => panic!("say in `runs_of` what is to be run of the new command `{other}`"),
    }
}

/// The commands as the program itself lists them.
fn commands(bench: &Bench) -> Vec<String> {
    let help = bench.run("--help").exits(0).stdout;
    let list = help.split("Commands:\n").nth(1).unwrap().split("\n\n").next().unwrap();
    let names = list.lines().filter_map(|line| line.strip_prefix("  ").filter(|line| !line.starts_with(' ')));
    names.map(|line| line.split_whitespace().next().unwrap().to_owned()).collect()
}

#[cfg(unix)]
#[test]
fn no_command_shows_a_secret_when_all_is_well() {
    let sessions = ["authinfo", "session"];
    in_parallel(sessions, |auth| {
        let cage = Cage::new();
        let cage = Cage { bench: cage.bench.env("BILLFORM_AUTH", auth), ..cage };
        cage.bench.write("other/billform.yaml", "version: 1\n");
        let all = commands(&cage.bench);
        assert!(all.len() >= 12, "{all:?}");
        // The order of the list: `apply` comes after `plan` and before `drift`.
        for run in all.iter().flat_map(|command| runs_of(command)) {
            let run = cage.run(&run);
            assert!([0, 2, 4].contains(&run.code), "{run}");
        }
        // The test is about something: the secrets were used.
        let requests = cage.bench.panel().requests();
        let sent: BTreeSet<&str> =
            requests.iter().flat_map(|request| &request.params).map(|(_, value)| value.as_str()).collect();
        for secret in [BY_ENV, BY_FILE, BY_COMMAND] {
            assert!(sent.contains(secret), "{secret} was never sent");
        }
        assert!(requests.iter().all(|request| request.http_method == "POST"));
    });
}

/// A body that repeats what was posted, spelt in one way, as one kind of document.
macro_rules! echoes {
    ($($way:literal)+) => { [$((echo::<{ $way }> as fn(&[(String, String)]) -> String, $way)),+] };
}

fn echo<const WAY: usize>(params: &[(String, String)]) -> String {
    let secret = |name: &str| ["pass", "auth"].iter().any(|word| name.contains(word));
    // What is secret comes first: messages are cut.
    let (first, rest): (Vec<_>, Vec<_>) = params.iter().partition(|(name, _)| secret(name));
    let all = first.iter().rev().chain(&rest);
    let (_, spell) = spell::ALL[WAY % spell::ALL.len()];
    let pairs: Vec<String> = all.map(|(name, value)| format!("{name}={}", spell(value))).collect();
    let text = pairs.join("; ");
    let json = serde_json::to_string(&text).unwrap();
    match WAY / spell::ALL.len() {
        0 => format!(
            r#"{{"doc":{{"error":{{"$type":"value","$object":"password","$lang":"en","msg":{{"$":{json}}},"param":{{"$name":"value","$":{json}}}}}}}}}"#
        ),
        1 => format!("<html><head><title>{text}</title></head><body>{text}</body></html>"),
        _ => format!("{}{text}", "x".repeat(WAY)),
    }
}

/// What a panel may answer instead: (status, what, how often it may be asked again).
fn misbehaviour() -> Vec<FaultKind> {
    let mut all = vec![
        FaultKind::Reset { commit: false },
        FaultKind::Reset { commit: true },
        FaultKind::Html,
        FaultKind::Status { code: 500, commit: false },
        FaultKind::Status { code: 403, commit: false },
        FaultKind::Truncated,
        FaultKind::ErrorDoc { kind: "value".to_owned(), object: "password".to_owned() },
        FaultKind::ErrorDoc { kind: "access".to_owned(), object: String::new() },
    ];
    let ways = echoes!(0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31 32 33 34 35 36 37 38 39 40 41 42 43 44 45 46 47);
    all.extend(ways.map(|(body, way)| FaultKind::Say { status: if way % 5 == 4 { 403 } else { 200 }, body }));
    all
}

#[cfg(unix)]
#[test]
fn no_command_shows_a_secret_when_every_answer_is_bad() {
    let cases: Vec<_> = misbehaviour().into_iter().enumerate().collect();
    for some in cases.chunks(16) {
        all_at_once(some.to_vec(), |(number, kind)| {
            let cage = Cage::new();
            let auth = if number % 2 == 0 { "authinfo" } else { "session" };
            let cage = Cage { bench: cage.bench.env("BILLFORM_AUTH", auth), ..cage };
            cage.bench.fault(None, 0, usize::MAX, kind.clone());
            for (index, command) in ["plan config", "drift config", "apply config --yes"].iter().enumerate() {
                let format = FORMATS[(number + index) % FORMATS.len()];
                // What is tried again for seconds is run once.
                if index > 0 && !matches!(kind, FaultKind::Say { .. } | FaultKind::ErrorDoc { .. }) {
                    continue;
                }
                let run = cage.run(&format!("{command} --format {format} --report markdown=p.md"));
                assert!([7, 8, 9].contains(&run.code), "{kind:?}: {run}");
            }
        });
    }
}

/// A provider's panel and its licence server, each with a password of its own.
struct Couple {
    bench: Bench,
    pair: Pair,
}

impl Couple {
    fn new() -> Self {
        let mut options = PairOptions { licence_password: Some(BY_ENV.to_owned()), ..PairOptions::default() };
        options.panel.dialect_seed = SEED;
        options.panel.password = Some(PANEL.to_owned());
        let pair = Pair::start(options).unwrap();
        let config = SMALL
            .replacen("https://licences.example.com/billmgr", pair.licences().url(), 1)
            .replacen("username: provider", &format!("username: {LICENCE_READER}"), 1);
        let bench = Bench::new()
            .config(&config)
            .env("BILLFORM_URL", pair.provider().url())
            .env("BILLFORM_USER", ADMIN)
            .env("BILLFORM_PASSWORD", PANEL)
            .env("LICENCE_PASSWORD", BY_ENV)
            .env("RUST_BACKTRACE", "1")
            .env("BILLFORM_TIMEOUT", "5");
        bench.write("scenario.yaml", "version: 1\nfrom: 2026-12-01\nmonths: 2\ncurrency: RUB\nclients: [{tariff: vds-start, panel: \"55227\", period: 1m, orders_per_month: 1}]\n");
        Self { bench, pair }
    }

    fn run(&self, arguments: &str) -> Run {
        let run = self.bench.run(&format!("-vvv {arguments}"));
        is_clean(&self.bench, &[self.pair.provider(), self.pair.licences()], &run);
        run
    }
}

/// What asks a licence server.
const ASKING: [&str; 10] = [
    "costs diff config",
    "costs diff config --format json",
    "pool config",
    "pool config --format json",
    "pool config --format csv",
    "check config --upstream --live",
    "check config --upstream --format json",
    "simulate order config --upstream --tariff vds-start --panel 55227 --period 1m",
    "simulate run scenario.yaml config --upstream --report html=page.html --report csv=ledger.csv",
    "costs pull config",
];

#[cfg(unix)]
#[test]
fn what_asks_a_licence_server_shows_no_secret() {
    in_parallel(["authinfo", "session"], |auth| {
        let couple = Couple::new();
        let couple = Couple { bench: couple.bench.env("BILLFORM_AUTH", auth), ..couple };
        for command in ASKING {
            let run = couple.run(command);
            assert!([0, 2, 3].contains(&run.code), "{run}");
        }
        let asked = couple.pair.licences().requests();
        assert!(asked.iter().any(|request| request.params.iter().any(|(_, value)| value.contains(BY_ENV))));
        // And by a wrong password.
        let couple = Couple { bench: couple.bench.env("LICENCE_PASSWORD", WRONG), ..couple };
        for command in ASKING {
            let _: Run = couple.run(command).exits(7);
        }
    });
}

#[cfg(unix)]
#[test]
fn what_asks_a_licence_server_that_answers_badly_shows_no_secret() {
    let cases: Vec<_> = misbehaviour().into_iter().enumerate().collect();
    for some in cases.chunks(16) {
        all_at_once(some.to_vec(), |(number, kind)| {
            let couple = Couple::new();
            let fault = Fault { func: None, skip: 0, times: usize::MAX, kind: kind.clone() };
            couple.pair.licences().inject(fault);
            // What is tried again for seconds is run once.
            let quick = matches!(kind, FaultKind::Say { .. } | FaultKind::ErrorDoc { .. });
            for command in ASKING.iter().cycle().skip(number).step_by(3).take(if quick { 3 } else { 1 }) {
                let run = couple.run(command);
                assert!([7, 8, 9].contains(&run.code), "{kind:?}: {run}");
            }
        });
    }
}

/// How many requests an apply makes before those that carry passwords of processors.
fn sends(arguments: &str, settle: bool) -> Vec<usize> {
    let twin = Cage::new();
    if settle {
        twin.bench.settle();
    }
    twin.bench.panel().clear_requests();
    twin.bench.run(arguments).exits(0);
    let requests = twin.bench.panel().requests();
    let carries = |(at, request): (usize, &billform::sandbox::RequestRecord)| {
        let secret = |value: &str| [BY_ENV, BY_FILE, BY_COMMAND].contains(&value);
        request.params.iter().any(|(_, value)| secret(value)).then_some(at)
    };
    requests.iter().enumerate().filter_map(carries).collect()
}

#[cfg(unix)]
#[test]
fn no_apply_shows_a_password_when_its_save_goes_wrong() {
    let create = "apply config --yes";
    let rotate =
        "apply config --yes --rotate-secret licences --rotate-secret vds-msk --rotate-secret dedic-msk";
    let creates = sends(create, false);
    let rotations = sends(rotate, true);
    assert!(creates.len() >= 3 && rotations.len() >= 3, "{creates:?} {rotations:?}");
    let cases: Vec<_> = misbehaviour().into_iter().enumerate().collect();
    for some in cases.chunks(16) {
        all_at_once(some.to_vec(), |(number, kind)| {
            let cage = Cage::new();
            let settled = number % 2 == 1;
            let (arguments, at) = match settled {
                true => (rotate, rotations[number / 2 % rotations.len()]),
                false => (create, creates[number / 2 % creates.len()]),
            };
            if settled {
                cage.bench.settle();
            }
            cage.bench.fault(None, at, 1, kind.clone());
            let run = cage.run(&format!("{arguments} --format {}", FORMATS[number % 3]));
            assert!([0, 4, 6, 7, 8].contains(&run.code), "{kind:?}: {run}");
            // And again, to see what a later run says of the first one's remains.
            let _: Run = cage.run("apply config --yes --format json");
        });
    }
}

#[cfg(unix)]
#[test]
fn a_wrong_password_is_not_shown_either() {
    for auth in ["authinfo", "session"] {
        let cage = Cage::new();
        let cage =
            Cage { bench: cage.bench.env("BILLFORM_PASSWORD", WRONG).env("BILLFORM_AUTH", auth), ..cage };
        for command in ["plan config", "drift config", "apply config --yes"] {
            for format in FORMATS {
                let _: Run = cage.run(&format!("{command} --format {format}")).exits(7);
            }
        }
        let _: Run = cage.run("export").exits(7);
    }
}

#[cfg(unix)]
#[test]
fn a_secret_where_none_belongs_is_not_repeated() {
    let quoted = BY_ENV.replace('\'', "''");
    let wrong = [
        format!("password: '{quoted}'"),
        format!("password: {{env: '{quoted}'}}"),
        format!("password: {{env: LICENCE_PASSWORD, file: '{quoted}'}}"),
        format!("password: {{command: '{quoted}'}}"),
        format!("password: {{command: [echo, '{quoted}', 1]}}"),
        format!("password: {{command: [echo, '{quoted}']}}\n    modul: x"),
        format!("password: {{command: [echo, '{quoted}']\n    module: x"),
        format!("password: '{quoted}\n    x"),
        format!("url: 'https://admin:{quoted}@x.example.com/'"),
    ];
    in_parallel(wrong, |wrong| {
        // The configuration has the secret, so it stays out of the directory that is searched.
        let cage = Cage::new();
        let config = tempfile::tempdir().unwrap();
        let text = SMALL.replace("password: {env: LICENCE_PASSWORD}", &wrong);
        fs::write(config.path().join("billform.yaml"), text).unwrap();
        let path = config.path().display();
        for command in ["validate", "plan", "drift", "apply --yes"] {
            for format in ["text", "json"] {
                let _: Run = cage.run(&format!("{command} {path} --format {format}")).exits(3);
            }
        }
        let _: Run = cage.run(&format!("diff {path} {path}")).exits(3);
    });
}

/// The state file is not searched: see the top. It is checked to be there, lest the exception be forgotten.
#[cfg(unix)]
#[test]
fn the_sandbox_shows_no_secret_but_the_password_it_was_given_to_show() {
    use std::io::{BufRead as _, BufReader, Read as _};

    let cage = Cage::new();
    let mut sandbox = Command::new(env!("CARGO_BIN_EXE_billform"))
        .args(["sandbox", "--state", "panel.json", "-vvv", "--dialect-seed", "3", "--password", "harmless"])
        .current_dir(cage.bench.path(""))
        .env_clear()
        .env("BILLFORM_PASSWORD", PANEL)
        .env("LICENCE_PASSWORD", BY_ENV)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(sandbox.stdout.take().unwrap());
    let mut first = String::new();
    lines.read_line(&mut first).unwrap();
    let url = first.trim().split_once('=').unwrap().1.to_owned();
    let bench = cage.bench.env("BILLFORM_URL", &url).env("BILLFORM_PASSWORD", "harmless");
    let run = bench.run("apply config --yes -vvv").exits(0);
    sandbox.kill().unwrap();
    sandbox.wait().unwrap();
    let mut stderr = String::new();
    sandbox.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
    lines.read_to_string(&mut first).unwrap();
    for text in [&first, &stderr, &run.stdout, &run.stderr] {
        assert_eq!(search::found(text.as_bytes(), &SECRETS), None, "{text}");
    }
    let state = fs::read(bench.path("panel.json")).unwrap();
    assert!(search::found(&state, &[BY_ENV]).is_some(), "the panel keeps no password: search its state, too");
}
