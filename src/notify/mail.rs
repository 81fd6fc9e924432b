//! News as a mail, handed to `sendmail`.
//!
//! The message is that of RFC 5322, with headers of RFC 2047 and a body in base64 (RFC 2045): nothing that a
//! panel says can begin a header or end the message.

use std::{
    hash::{BuildHasher, Hasher, RandomState},
    io::{Read, Write},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use jiff::{Zoned, fmt::rfc2822};

use crate::language::t;

/// How long `sendmail` may take; most only put the mail in a queue.
const PATIENCE: Duration = Duration::from_secs(30);
/// The longest line of base64 (RFC 2045, section 6.8).
const LINE: usize = 76;
/// Bytes of text in one encoded word, which may have 75 characters (RFC 2047, section 2).
const WORD: usize = 42;
/// How much of a complaint is repeated.
const SAID: u64 = 500;

/// A whole message.
pub(super) fn message(from: &str, to: &str, subject: &str, lines: &[String]) -> Result<String, String> {
    let (from, to) = (address(from)?, address(to)?);
    let date = rfc2822::to_string(&Zoned::now()).map_err(|error| error.to_string())?;
    let number = RandomState::new().build_hasher().finish();
    let domain = from.rsplit_once('@').map_or("localhost", |(_, domain)| domain);
    let body = BASE64_STANDARD.encode(format!("{}\r\n", lines.join("\r\n")).as_bytes());
    let headers = [
        ("From", from.to_owned()),
        ("To", to.to_owned()),
        ("Subject", words(subject)),
        ("Date", date),
        ("Message-ID", format!("<billform-{number:016x}@{domain}>")),
        ("MIME-Version", "1.0".to_owned()),
        ("Content-Type", "text/plain; charset=utf-8".to_owned()),
        ("Content-Transfer-Encoding", "base64".to_owned()),
        // So that nobody's absence answers it (RFC 3834, section 5).
        ("Auto-Submitted", "auto-generated".to_owned()),
    ];
    let mut message: String = headers.iter().map(|(name, value)| format!("{name}: {value}\n")).collect();
    let body = body.as_bytes().chunks(LINE).map(|line| format!("\n{}", String::from_utf8_lossy(line)));
    message.extend(body);
    message.push('\n');
    Ok(message)
}

/// An address that is one and nothing else, since it goes into a header as it is.
fn address(text: &str) -> Result<&str, String> {
    let plain = |ch: char| ch.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(ch);
    let fits = text.rsplit_once('@').is_some_and(|(local, domain)| {
        !local.is_empty() && !domain.is_empty() && local.chars().all(plain) && domain.chars().all(plain)
    });
    if fits {
        Ok(text)
    } else {
        Err(t!("an address under `from` or `to` is not of the form name@example.com"))
    }
}

/// A header's text: as it is where it is short and plain, else in encoded words, one to a line.
fn words(text: &str) -> String {
    let plain = text.chars().all(|ch| ch == ' ' || ch.is_ascii_graphic());
    if plain && text.len() <= LINE - "Subject: ".len() && !text.contains("=?") {
        return text.to_owned();
    }
    let mut words = vec![String::new()];
    for ch in text.chars() {
        let full = words.last().is_some_and(|word| word.len() + ch.len_utf8() > WORD);
        if full {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut() {
            word.push(ch);
        }
    }
    let encoded = words.iter().map(|word| format!("=?utf-8?B?{}?=", BASE64_STANDARD.encode(word.as_bytes())));
    encoded.collect::<Vec<_>>().join("\n ")
}

/// Hands the message over. `-t` takes the reader from the message, `-i` does not end it at a lone dot.
pub(super) async fn send(sendmail: String, message: String) -> Result<(), String> {
    let handed = tokio::task::spawn_blocking(move || hand_over(&sendmail, &message)).await;
    handed.map_err(|error| error.to_string())?
}

fn hand_over(sendmail: &str, message: &str) -> Result<(), String> {
    let mut child = Command::new(sendmail)
        .args(["-i", "-t"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| t!("{program} cannot be started: {why}", program = sendmail, why = error))?;
    // One that reads nothing ends with an error of its own, which says more.
    drop(child.stdin.take().map(|mut pipe| pipe.write_all(message.as_bytes())));
    let status = wait(&mut child).map_err(|error| {
        drop(child.kill());
        drop(child.wait());
        format!("{sendmail}: {error}")
    })?;
    if status.success() {
        return Ok(());
    }
    let mut said = Vec::new();
    drop(child.stderr.take().map(|pipe| pipe.take(SAID).read_to_end(&mut said)));
    Err(t!(
        "{program} ended with {status} ({said})",
        program = sendmail,
        status = status,
        said = String::from_utf8_lossy(&said).trim()
    ))
}

fn wait(child: &mut Child) -> std::io::Result<std::process::ExitStatus> {
    let deadline = Instant::now() + PATIENCE;
    loop {
        match child.try_wait()? {
            Some(status) => return Ok(status),
            None if Instant::now() >= deadline => return Err(std::io::ErrorKind::TimedOut.into()),
            None => std::thread::sleep(Duration::from_millis(5)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_ascii_and_short_whatever_they_say() {
        let subject = "Отклонение панели: цена «vds-start» изменена вручную\nBcc: x".repeat(5);
        let lines = ["Привет".to_owned(), ".".to_owned(), "From x".to_owned()];
        let message = message("billform@example.com", "a@b", &subject, &lines).unwrap();
        assert!(message.is_ascii() && message.lines().all(|line| line.len() <= 78), "{message}");
        let (head, body) = message.split_once("\n\n").unwrap();
        assert!(!head.lines().any(|line| line.starts_with("Bcc")), "{head}");
        assert_eq!(body.replace('\n', ""), BASE64_STANDARD.encode("Привет\r\n.\r\nFrom x\r\n".as_bytes()));
        assert_eq!(words("Drift of x"), "Drift of x");
        assert!(words("=?utf-8?q?x?=").starts_with("=?utf-8?B?"));
    }

    #[test]
    fn an_address_is_nothing_but_an_address() {
        for wrong in ["", "a", "a@", "@b", "a@b, c@d", "a@b\nBcc: c@d", "A <a@b>", "a b@c", "ы@b"] {
            assert!(address(wrong).is_err(), "{wrong}");
        }
        assert_eq!(address("bill+drift@mail.example.com"), Ok("bill+drift@mail.example.com"));
    }
}
