//! Reading secrets from where they are kept. Buffers of our own are wiped after use.
//!
//! What cannot be wiped: the environment, whose copies belong to the system and to the program's start-up
//! (changing it would be `unsafe` besides), and what the kernel keeps of files and pipes.

use std::{
    collections::BTreeSet,
    io::{self, Read},
    process::{Child, Command, Stdio},
    sync::mpsc::{self, Receiver},
    thread,
    time::{Duration, Instant},
};

use secrecy::SecretString;
use zeroize::{Zeroize, Zeroizing};

use super::exit::{Exit, Stop};
use crate::{
    billmgr::Scrub,
    kinds::ConfigSpec,
    language::t,
    model::{self, SecretSource},
    plan::ObjectRef,
};

/// The kind whose objects have secrets.
const KIND: &str = "processor";
/// No password is as long; a larger file or output is a mistake.
const MOST: usize = 64 << 10;
/// How long a program may take. It may have to ask a server, or a person for a token's touch.
const PATIENCE: Duration = Duration::from_secs(60);
/// How much of a program's complaints is kept.
const COMPLAINT: usize = 4 << 10;

/// What is looked for, as errors call it.
#[derive(Clone, Copy)]
enum Sought {
    Password,
    Token,
}

impl Sought {
    fn any(self) -> String {
        match self {
            Self::Password => t!("a password"),
            Self::Token => t!("a token"),
        }
    }

    fn empty(self) -> String {
        match self {
            Self::Password => t!("the password is empty"),
            Self::Token => t!("the token is empty"),
        }
    }
}

/// Reads a password from where it is kept.
pub(super) fn read(source: &SecretSource) -> Result<SecretString, String> {
    from(source, Sought::Password)
}

/// Reads a token from where it is kept.
pub(super) fn read_token(source: &SecretSource) -> Result<SecretString, String> {
    from(source, Sought::Token)
}

fn from(source: &SecretSource, sought: Sought) -> Result<SecretString, String> {
    match source {
        SecretSource::Env(name) => variable(name, sought),
        SecretSource::File(path) => {
            let shown = path.display();
            let bytes = std::fs::File::open(path).and_then(|file| limited(file, MOST)).map_err(|error| {
                t!(
                    "{place}, which should hold {secret}, cannot be read: {error}",
                    place = shown,
                    secret = sought.any(),
                    error = error
                )
            })?;
            one_line(&bytes, &shown.to_string(), sought)
        }
        SecretSource::Command(line) => command(line, PATIENCE, sought),
    }
}

/// The objects that `--rotate-secret` names, as `KEY` or `processor/KEY`.
pub(super) fn to_rotate(spec: &ConfigSpec, keys: &[String]) -> Result<BTreeSet<ObjectRef>, Stop> {
    keys.iter().map(|key| one_to_rotate(spec, key)).collect()
}

fn one_to_rotate(spec: &ConfigSpec, key: &str) -> Result<ObjectRef, Stop> {
    let wrong = |text: String, help: &str| Stop::new(Exit::Usage, "usage::rotate_secret", text, Some(help));
    let processor = |key: &str| spec.processors.iter().find(|(known, _)| known.as_str() == key);
    let bare = key.strip_prefix(KIND).and_then(|key| key.strip_prefix('/'));
    let Some((name, found)) = processor(key).or_else(|| processor(bare?)) else {
        let text = t!("--rotate-secret: the configuration has no processor `{key}`", key = key);
        return Err(wrong(text, &near(spec, bare.unwrap_or(key))));
    };
    if found.password.is_none() {
        let text =
            t!("--rotate-secret: the processor `{name}` has no password in the configuration", name = name);
        return Err(wrong(text, &t!("say `password:` there: where to take it from")));
    }
    Ok(ObjectRef { kind: KIND.to_owned(), key: name.as_str().to_owned() })
}

/// The processors that have a password and are called much like `key`, or the first of all that have one.
fn near(spec: &ConfigSpec, key: &str) -> String {
    let having = spec.processors.iter().filter(|(_, processor)| processor.password.is_some());
    let none = t!("no processor of the configuration has a password");
    model::near(key, having.map(|(name, _)| name.as_str()), &t!("processors with a password"), &none)
}

fn variable(name: &str, sought: Sought) -> Result<SecretString, String> {
    let value = std::env::var_os(name).ok_or_else(|| {
        t!(
            "the environment variable {name}, which should hold {secret}, is not set",
            name = name,
            secret = sought.any()
        )
    })?;
    let value = Zeroizing::new(value.into_encoded_bytes());
    filled(text(&value, &t!("the environment variable {name}", name = name), sought)?, sought)
}

/// Reads up to `most` bytes and one more, by which too much is known, into a buffer that never moves.
fn limited(mut from: impl Read, most: usize) -> io::Result<Zeroizing<Vec<u8>>> {
    let mut bytes = Zeroizing::new(vec![0; most + 1]);
    let mut end = 0;
    while end < bytes.len() {
        match from.read(&mut bytes[end..]) {
            Ok(0) => break,
            Ok(count) => end += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    bytes.truncate(end);
    Ok(bytes)
}

/// The text without the line break that editors and programs put at its end.
fn one_line(bytes: &[u8], from: &str, sought: Sought) -> Result<SecretString, String> {
    if bytes.len() > MOST {
        let size = MOST >> 10;
        return Err(match sought {
            Sought::Password => {
                t!("{place} gives more than {size} KiB, which is no password", place = from, size = size)
            }
            Sought::Token => {
                t!("{place} gives more than {size} KiB, which is no token", place = from, size = size)
            }
        });
    }
    let text = text(bytes, from, sought)?;
    filled(text.strip_suffix('\n').map_or(text, |text| text.strip_suffix('\r').unwrap_or(text)), sought)
}

fn text<'a>(bytes: &'a [u8], from: &str, sought: Sought) -> Result<&'a str, String> {
    // The error of the conversion is left out: it would tell where in the secret the fault is.
    std::str::from_utf8(bytes)
        .map_err(|_| t!("{place} gives {secret} that is not UTF-8 text", place = from, secret = sought.any()))
}

fn filled(text: &str, sought: Sought) -> Result<SecretString, String> {
    // From a slice, so that the text is copied once, into a box of just its size.
    if text.is_empty() { Err(sought.empty()) } else { Ok(SecretString::from(text)) }
}

/// What a program prints. Its arguments are not repeated in errors: they may hold secrets themselves.
fn command(line: &[String], patience: Duration, sought: Sought) -> Result<SecretString, String> {
    let (program, arguments) = line.split_first().ok_or_else(|| t!("no program is named"))?;
    let shown = t!("the program `{program}`", program = program);
    let secret = sought.any();
    let deadline = Instant::now() + patience;
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| {
            t!(
                "{program}, which should print {secret}, cannot be started: {error}",
                program = shown,
                secret = secret,
                error = error
            )
        })?;
    let printed = gather(child.stdout.take(), MOST);
    let complaint = gather(child.stderr.take(), COMPLAINT);
    let ended = finish(&mut child, &printed, deadline);
    if ended.is_err() {
        // Gone already, or not ours to end; either way there is nothing left to do about it.
        drop(child.kill());
        drop(child.wait());
    }
    let (printed, ended) = ended.map_err(|error| match error.kind() {
        io::ErrorKind::TimedOut => {
            t!(
                "{program}, which should print {secret}, did not end within {seconds} s",
                program = shown,
                secret = secret,
                seconds = patience.as_secs()
            )
        }
        _ => t!(
            "{program}, which should print {secret}, failed: {error}",
            program = shown,
            secret = secret,
            error = error
        ),
    })?;
    if printed.len() > MOST || ended.success() {
        return one_line(&printed, &shown, sought).map_err(|error| {
            match printed.iter().all(u8::is_ascii_whitespace) {
                true => t!(
                    "{program} printed nothing, and should have printed {secret}",
                    program = shown,
                    secret = secret
                ),
                false => error,
            }
        });
    }
    let wait = deadline.saturating_duration_since(Instant::now()).min(Duration::from_secs(1));
    let said = complaint.recv_timeout(wait).ok().and_then(Result::ok).map(|said| fit(&said, &printed));
    let said = said.filter(|said| !said.is_empty()).map_or(String::new(), |said| format!(": {said}"));
    let text = t!(
        "{program}, which should print {secret}, ended with {status}",
        program = shown,
        secret = secret,
        status = ended
    );
    Err(format!("{text}{said}"))
}

/// Reads a stream to its end beside the program; of what is more than `most`, the rest is thrown away.
fn gather<R: Read + Send + 'static>(
    from: Option<R>,
    most: usize,
) -> Receiver<io::Result<Zeroizing<Vec<u8>>>> {
    let (send, receive) = mpsc::channel();
    let Some(mut from) = from else { return receive };
    thread::spawn(move || {
        // Nobody waits any more where the program took too long.
        drop(send.send(limited(&mut from, most)));
        drop(io::copy(&mut from, &mut io::sink()));
    });
    receive
}

type Ended = (Zeroizing<Vec<u8>>, std::process::ExitStatus);

/// Waits for the program's output and end. One that prints without end is not waited for.
fn finish(
    child: &mut Child,
    printed: &Receiver<io::Result<Zeroizing<Vec<u8>>>>,
    deadline: Instant,
) -> io::Result<Ended> {
    let late = || io::Error::from(io::ErrorKind::TimedOut);
    let left = deadline.saturating_duration_since(Instant::now());
    let bytes = printed.recv_timeout(left).map_err(|_| late())??;
    if bytes.len() > MOST {
        child.kill()?;
    }
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok((bytes, status));
        }
        if Instant::now() >= deadline {
            return Err(late());
        }
        thread::sleep(Duration::from_millis(5));
    }
}

/// What a failed program said, on one line and without what it printed: that may be the secret.
fn fit(said: &[u8], printed: &[u8]) -> String {
    let scrub = Scrub::default();
    let mut words = Zeroizing::new(String::from_utf8_lossy(printed).into_owned());
    scrub.learn(words.trim());
    words.zeroize();
    let said = Zeroizing::new(String::from_utf8_lossy(said).into_owned());
    scrub.clean(&said)
}

#[cfg(all(test, unix))]
mod tests {
    use secrecy::ExposeSecret as _;

    use super::*;

    fn run(script: &str) -> Result<String, String> {
        let line = ["sh", "-c", script].map(str::to_owned);
        command(&line, Duration::from_secs(20), Sought::Password)
            .map(|secret| secret.expose_secret().to_owned())
    }

    #[test]
    fn one_line_break_is_dropped() {
        for (script, secret) in [
            ("printf 'a b'", "a b"),
            ("printf 'a\\n'", "a"),
            ("printf 'a\\r\\n'", "a"),
            ("printf ' a\\n\\n'", " a\n"),
            ("echo a; echo warning >&2", "a"),
            ("head -c 65536 /dev/zero | tr '\\0' x", &"x".repeat(MOST)),
            ("head -c 1000000 /dev/zero >&2; echo a", "a"),
        ] {
            assert_eq!(run(script).as_deref(), Ok(secret), "{script}");
        }
    }

    #[test]
    fn what_is_no_password_is_refused_and_not_repeated() {
        for (script, why) in [
            ("exit 3", "ended with exit status: 3"),
            ("echo canary; exit 1", "ended with exit status: 1"),
            ("echo canary; echo bad canary >&2; exit 1", "exit status: 1: bad [secret]"),
            ("kill -9 $$", "signal: 9"),
            ("true", "printed nothing"),
            ("echo", "printed nothing"),
            ("printf 'canary\\377'", "is not UTF-8"),
            ("head -c 65537 /dev/zero | tr '\\0' x", "more than 64 KiB"),
            ("while :; do echo canary; done", "more than 64 KiB"),
        ] {
            let error = run(script).expect_err(script);
            assert!(error.contains(why) && error.contains("`sh`"), "{script}: {error}");
            assert!(!error.contains("canary"), "{script}: {error}");
        }
        let missing = command(&["/nowhere/x".to_owned(), "canary".to_owned()], PATIENCE, Sought::Password);
        let error = missing.expect_err("there is no such program");
        assert!(error.contains("cannot be started") && !error.contains("canary"), "{error}");
    }

    #[test]
    fn a_program_that_hangs_is_ended() {
        for script in ["sleep 30", "exec sleep 30 >&-", "echo canary; sleep 30"] {
            let start = Instant::now();
            let line = ["sh", "-c", script].map(str::to_owned);
            let error = command(&line, Duration::from_millis(300), Sought::Password).expect_err(script);
            assert!(error.contains("did not end within"), "{error}");
            assert!(start.elapsed() < Duration::from_secs(10), "{script}");
        }
    }

    #[test]
    fn files_are_read_to_a_limit() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("secret");
        let source = SecretSource::File(path.clone());
        std::fs::write(&path, "a b\r\n").unwrap();
        assert_eq!(read(&source).unwrap().expose_secret(), "a b");
        for (bytes, why) in [(vec![b'x'; MOST + 1], "more than 64 KiB"), (vec![0xff], "not UTF-8")] {
            std::fs::write(&path, bytes).unwrap();
            assert!(read(&source).expect_err(why).contains(why));
        }
        let missing = read(&SecretSource::File(directory.path().join("none"))).expect_err("no file");
        assert!(missing.contains("cannot be read"), "{missing}");
    }
}
