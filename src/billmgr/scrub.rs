//! Removes this run's secrets from server text, in every spelling a server may echo them in.
//!
//! The second line of defence: the first is that secrets are a type nothing prints. An
//! echo is real: `tparams` repeats `auth`, and error parameters repeat posted values.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use zeroize::{Zeroize, Zeroizing};

use crate::wire::{PanelError, excerpt, one_line};

/// What a secret is replaced by.
const MASK: &str = "[secret]";
/// Below this many bytes, masking a secret would show which characters it has.
const SHORT: usize = 4;
/// How much server text an error shows, in characters.
const SHOWN: usize = 300;

/// The secrets of a run. Never printed: no `Debug`.
#[derive(Default)]
pub(crate) struct Scrub {
    /// Longest first, so that a secret inside another does not leave the rest of it.
    needles: Mutex<BTreeSet<(std::cmp::Reverse<usize>, String)>>,
}

impl Scrub {
    /// Learns a secret.
    pub(crate) fn learn(&self, secret: &str) {
        let mut needles = self.needles.lock().unwrap_or_else(PoisonError::into_inner);
        for form in spellings(secret) {
            needles.insert((std::cmp::Reverse(form.len()), form));
        }
    }

    /// Server text fit for an error: without secrets, on one line, not too long.
    pub(crate) fn clean(&self, text: &str) -> String {
        self.line(text, SHOWN)
    }

    /// The same, with another limit.
    pub(super) fn line(&self, text: &str, longest: usize) -> String {
        // Collapsing white space may join a secret's parts, and cutting may halve one.
        excerpt(&self.mask(&one_line(&self.mask(text))), longest)
    }

    /// A panel error fit to be shown.
    pub(super) fn error(&self, error: &PanelError) -> PanelError {
        PanelError {
            kind: self.clean(&error.kind),
            object: error.object.as_deref().map(|o| self.clean(o)),
            value: error.value.as_deref().map(|v| self.clean(v)),
            message: self.clean(&error.message),
        }
    }

    fn mask(&self, text: &str) -> String {
        let needles = self.needles.lock().unwrap_or_else(PoisonError::into_inner);
        let mut out = text.to_owned();
        for (_, needle) in needles.iter() {
            let mut from = 0;
            while let Some((start, end)) = find(&out, needle, from) {
                if needle.len() < SHORT {
                    return "[withheld: the text may contain a short secret]".to_owned();
                }
                out.replace_range(start..end, MASK);
                from = start + MASK.len();
            }
        }
        out
    }
}

impl Drop for Scrub {
    fn drop(&mut self) {
        let needles = self.needles.get_mut().unwrap_or_else(PoisonError::into_inner);
        for (_, mut needle) in std::mem::take(needles) {
            needle.zeroize();
        }
    }
}

/// Each is wiped with the [`Scrub`]; on the way there, encoders may leave parts of one behind.
fn spellings(secret: &str) -> BTreeSet<String> {
    let json = Zeroizing::new(serde_json::to_string(secret).unwrap_or_default());
    let json = json.get(1..json.len().saturating_sub(1)).unwrap_or_default();
    let markup = quick_xml::escape::escape(secret).into_owned();
    let mut all = BTreeSet::from([
        secret.to_owned(),
        one_line(secret),
        json.to_owned(),
        json.replace('/', "\\/"),
        markup.replace("&apos;", "&#39;").replace("&quot;", "&#34;"),
        quick_xml::escape::partial_escape(secret).into_owned(),
        markup,
    ]);
    for core in (0..3).filter_map(|shift| base64_core(secret, shift)) {
        all.insert(core.replace('+', "-").replace('/', "_"));
        all.insert(core);
    }
    all.retain(|needle| !needle.is_empty());
    all
}

/// Where the needle stands in the text, any of its bytes percent-encoded or not.
///
/// Encoders differ in what they leave alone and in the case of the digits.
fn find(text: &str, needle: &str, from: usize) -> Option<(usize, usize)> {
    let bytes = text.as_bytes();
    let ends = |start: usize, read: fn(&[u8], u8) -> Option<usize>| {
        needle.bytes().try_fold(start, |at, byte| Some(at + read(bytes.get(at..)?, byte)?))
    };
    (from..bytes.len()).find_map(|start| {
        // A percent sign of the needle may stand for itself or be encoded: both are tried.
        let end = ends(start, plain_first).or_else(|| ends(start, encoded_first))?;
        (text.is_char_boundary(start) && text.is_char_boundary(end)).then_some((start, end))
    })
}

/// How many bytes of the text stand for the byte.
fn plain_first(text: &[u8], byte: u8) -> Option<usize> {
    plain(text, byte).or_else(|| encoded(text, byte))
}

fn encoded_first(text: &[u8], byte: u8) -> Option<usize> {
    encoded(text, byte).or_else(|| plain(text, byte))
}

fn plain(text: &[u8], byte: u8) -> Option<usize> {
    let first = *text.first()?;
    (first == byte || (byte == b' ' && first == b'+')).then_some(1)
}

fn encoded(text: &[u8], byte: u8) -> Option<usize> {
    let [b'%', high, low, ..] = text else {
        return None;
    };
    let digit = |c: u8| char::from(c).to_digit(16);
    (digit(*high)? * 16 + digit(*low)? == u32::from(byte)).then_some(3)
}

/// The characters of base64 that depend on the secret alone when `shift` bytes precede it.
///
/// With them `base64(user:password)` is recognised without knowing what stands around.
fn base64_core(secret: &str, shift: usize) -> Option<String> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(shift + secret.len()));
    bytes.resize(shift, 0);
    bytes.extend_from_slice(secret.as_bytes());
    let text = Zeroizing::new(base64(&bytes));
    let whole = bytes.len() * 8 / 6;
    let core = text.get((shift * 8).div_ceil(6)..whole)?;
    (core.len() >= SHORT).then(|| core.to_owned())
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let at = |i: usize| u32::from(chunk.get(i).copied().unwrap_or(0));
        let word = (at(0) << 16) | (at(1) << 8) | at(2);
        for digit in 0..=chunk.len() {
            let index = (word >> (18 - 6 * digit)) & 63;
            out.push(char::from(DIGITS[index as usize]));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_goes() {
        let scrub = Scrub::default();
        scrub.learn("Canary p&ss/w\"rd+й");
        for text in [
            "a Canary p&ss/w\"rd+й b",
            "a Canary+p%26ss%2Fw%22rd%2B%D0%B9 b",
            "a Canary%20p%26ss%2fw%22rd%2b%d0%b9 b",
            "a Canary%20p&ss/w%22rd+%D0%B9 b",
            "a Canary p&ss\\/w\\\"rd+й b",
            "a Canary p&amp;ss/w&quot;rd+й b",
            "a Canary \n p&ss/w\"rd+й b",
        ] {
            assert_eq!(scrub.clean(text), "a [secret] b", "{text}");
        }
    }

    #[test]
    fn percent_signs_are_found_either_way() {
        let scrub = Scrub::default();
        scrub.learn("ca%25n%ry");
        for text in ["ca%25n%ry", "ca%2525n%25ry"] {
            assert_eq!(scrub.clean(text), MASK, "{text}");
        }
    }

    #[test]
    fn base64_is_found_at_every_offset() {
        assert_eq!(base64(b"Man"), "TWFu");
        assert_eq!(base64(b"light w"), "bGlnaHQgdw");
        let scrub = Scrub::default();
        scrub.learn("canary-value");
        for before in ["", "a", "ab", "admin:"] {
            let text = base64(format!("{before}canary-value{before}").as_bytes());
            let clean = scrub.clean(&text);
            assert!(clean.contains(MASK), "{text} -> {clean}");
            assert!(clean.len() < MASK.len() + 2 * before.len() + 6, "{text} -> {clean}");
        }
    }

    #[test]
    fn short_secrets_withhold_the_text() {
        let scrub = Scrub::default();
        scrub.learn("7x");
        assert!(!scrub.clean("a value 7x here").contains("7x"));
        assert_eq!(scrub.clean("all fine"), "all fine");
    }

    #[test]
    fn a_cut_does_not_show_half_a_secret() {
        let scrub = Scrub::default();
        scrub.learn("canary-value");
        let text = format!("{}canary-value", "x".repeat(SHOWN - 5));
        assert!(!scrub.clean(&text).contains("canar"));
    }
}
