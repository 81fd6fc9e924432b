//! Removes this run's secrets from server text, in every spelling a server may echo them in.
//!
//! The second line of defence: the first is that secrets are a type nothing prints. An
//! echo is real: `tparams` repeats `auth`, and error parameters repeat posted values.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use base64::{Engine as _, prelude::BASE64_STANDARD_NO_PAD};
use zeroize::{Zeroize, Zeroizing};

use crate::{
    language::t,
    wire::{PanelError, excerpt, one_line},
};

/// What a secret is replaced by.
const MASK: &str = "[secret]";
/// Below this many bytes, masking a secret would show which characters it has.
const SHORT: usize = 4;
/// Below this many bytes, a bare secret may be found where there is none.
const DISTINCT: usize = 6;
/// How many encodings one inside the other are looked through, plain text included.
const LAYERS: usize = 8;
/// How much server text an error shows, in characters.
const SHOWN: usize = 300;

/// The secrets of a run. Never printed: no `Debug`.
#[derive(Default)]
pub(crate) struct Scrub {
    /// Longest first, so that a secret inside another does not leave the rest of it.
    needles: Mutex<BTreeSet<(std::cmp::Reverse<usize>, String)>>,
    /// The secrets as they look once encodings are undone, by which what was encoded twice is known.
    bare: Mutex<BTreeSet<String>>,
}

impl Scrub {
    /// Learns a secret.
    pub(crate) fn learn(&self, secret: &str) {
        let mut needles = self.needles.lock().unwrap_or_else(PoisonError::into_inner);
        for form in spellings(secret) {
            needles.insert((std::cmp::Reverse(form.len()), form));
        }
        drop(needles);
        let mut bare = self.bare.lock().unwrap_or_else(PoisonError::into_inner);
        // A secret may itself look encoded, and undoing the text's encoding undoes that, too.
        bare.extend(layers(secret).into_iter().filter(|layer| layer.len() >= DISTINCT));
    }

    /// Server text fit for an error: without secrets, on one line, not too long.
    pub(crate) fn clean(&self, text: &str) -> String {
        self.line(text, SHOWN)
    }

    /// The same, with another limit.
    pub(super) fn line(&self, text: &str, longest: usize) -> String {
        // Collapsing white space may join a secret's parts, and cutting may halve one.
        let masked = self.mask(&one_line(&self.mask(text)));
        if self.shines_through(&masked) {
            return t!("[withheld: the text holds a secret in some encoding]");
        }
        excerpt(&masked, longest)
    }

    /// Whether undoing encodings, one inside the other, brings a secret to light.
    fn shines_through(&self, text: &str) -> bool {
        let bare = self.bare.lock().unwrap_or_else(PoisonError::into_inner);
        layers(text).iter().any(|layer| bare.iter().any(|secret| layer.contains(secret.as_str())))
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
                    return t!("[withheld: the text may contain a short secret]");
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
        let bare = self.bare.get_mut().unwrap_or_else(PoisonError::into_inner);
        for mut secret in std::mem::take(bare) {
            secret.zeroize();
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

/// The text with ever more layers of encoding undone, without what a line may be broken at, and without
/// backslashes: of those, layers of quoting have ever more.
fn layers(text: &str) -> Vec<String> {
    let next = |layer: &String| Some(undone(layer)).filter(|next| next != layer);
    let all = std::iter::successors(Some(text.to_owned()), next).take(LAYERS);
    all.map(|layer| layer.chars().filter(|ch| !ch.is_whitespace() && !matches!(ch, '+' | '\\')).collect())
        .collect()
}

/// Undoes what percent signs, backslashes and ampersands begin, as far as it is an encoding.
fn undone(text: &str) -> String {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['%', '\\', '&']) {
        out.extend_from_slice(&rest.as_bytes()[..at]);
        rest = &rest[at..];
        let length = match rest.as_bytes()[0] {
            b'%' => encoded_byte(rest, &mut out),
            b'\\' => escape(rest, &mut out),
            _ => entity(rest, &mut out),
        };
        if length == 0 {
            out.push(rest.as_bytes()[0]);
        }
        rest = &rest[length.max(1)..];
    }
    out.extend_from_slice(rest.as_bytes());
    String::from_utf8_lossy(&out).into_owned()
}

/// `%2F`; how many bytes were read.
fn encoded_byte(text: &str, out: &mut Vec<u8>) -> usize {
    let byte = text.get(1..3).and_then(|digits| u8::from_str_radix(digits, 16).ok());
    out.extend(byte);
    if byte.is_some() { 3 } else { 0 }
}

/// `\\`, `\"`, `\/`, `\n`, `\u00fc` and `\u{fc}`; how many bytes were read.
fn escape(text: &str, out: &mut Vec<u8>) -> usize {
    let Some(next) = text[1..].chars().next() else { return 0 };
    if next == 'u' {
        let braced = text[2..].strip_prefix('{').and_then(|text| text.split_once('}'));
        let (digits, length) = match braced {
            Some((digits, _)) => (digits, digits.len() + 4),
            None => (text.get(2..6).unwrap_or_default(), 6),
        };
        return push(u32::from_str_radix(digits, 16).ok(), length, out);
    }
    if !matches!(next, 'n' | 'r' | 't') {
        out.extend_from_slice(next.encode_utf8(&mut [0; 4]).as_bytes());
    }
    1 + next.len_utf8()
}

/// `&amp;`, `&#38;` and `&#x26;`; how many bytes were read.
fn entity(text: &str, out: &mut Vec<u8>) -> usize {
    let Some(end) = text.bytes().take(12).position(|byte| byte == b';') else { return 0 };
    let name = &text[1..end];
    let code = match (name.strip_prefix("#x"), name.strip_prefix('#')) {
        (Some(digits), _) => u32::from_str_radix(digits, 16).ok(),
        (None, Some(digits)) => digits.parse().ok(),
        (None, None) => {
            let named = quick_xml::escape::resolve_xml_entity(name);
            named.and_then(|text| text.chars().next()).map(u32::from)
        }
    };
    push(code, end + 1, out)
}

fn push(code: Option<u32>, length: usize, out: &mut Vec<u8>) -> usize {
    let Some(ch) = code.and_then(char::from_u32) else { return 0 };
    out.extend_from_slice(ch.encode_utf8(&mut [0; 4]).as_bytes());
    length
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
    let text = Zeroizing::new(BASE64_STANDARD_NO_PAD.encode(&*bytes));
    let whole = bytes.len() * 8 / 6;
    let core = text.get((shift * 8).div_ceil(6)..whole)?;
    (core.len() >= SHORT).then(|| core.to_owned())
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
        let scrub = Scrub::default();
        scrub.learn("canary-value");
        for before in ["", "a", "ab", "admin:"] {
            let text = BASE64_STANDARD_NO_PAD.encode(format!("{before}canary-value{before}"));
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
    fn what_is_encoded_twice_or_oddly_is_withheld() {
        for secret in ["Canary p&ss/w\"rd+й", "ca%41n\\u0041&amp;ry", "can\\\\ary%2541"] {
            let scrub = Scrub::default();
            scrub.learn(secret);
            let percent: fn(&str) -> String =
                |text| text.bytes().map(|byte| format!("%{byte:02x}")).collect();
            let json: fn(&str) -> String = |text| serde_json::to_string(text).unwrap().replace('/', "\\/");
            let unicode: fn(&str) -> String =
                |text| text.chars().map(|ch| format!("\\u{:04x}", u32::from(ch))).collect();
            let debug: fn(&str) -> String = |text| format!("{text:?}");
            let numbers: fn(&str) -> String =
                |text| text.chars().map(|ch| format!("&#{};", u32::from(ch))).collect();
            let xml: fn(&str) -> String = |text| quick_xml::escape::escape(text).into_owned();
            let all = [percent, json, unicode, debug, numbers, xml];
            for outer in all {
                for inner in all {
                    let shown = scrub.clean(&format!("before {} after", outer(&inner(secret))));
                    assert!(shown.contains("[withheld") || shown.contains(MASK), "{shown}");
                }
            }
        }
        let scrub = Scrub::default();
        scrub.learn("canary-value");
        for text in
            ["100 % of &amp; \\ and %zz &# &#x; \\u12 é%", "%", "\\", "&", "\\u{", "&é;", "%é", "\\ué"]
        {
            assert_eq!(scrub.clean(text), text);
        }
    }

    #[test]
    fn a_cut_does_not_show_half_a_secret() {
        let scrub = Scrub::default();
        scrub.learn("canary-value");
        let text = format!("{}canary-value", "x".repeat(SHOWN - 5));
        assert!(!scrub.clean(&text).contains("canar"));
    }
}
