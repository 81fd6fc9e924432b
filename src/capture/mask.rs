//! What stands for a value that is not recorded: the same for the same value, and of the same shape.

use std::collections::BTreeMap;

/// The stand-ins of one recording.
#[derive(Default)]
pub(super) struct Masks {
    known: BTreeMap<String, String>,
    keys: BTreeMap<String, String>,
    /// How many there are of each shape.
    used: BTreeMap<String, usize>,
}

/// The end of an address that is the vendor's.
const PANELS: [&str; 7] = ["billmgr", "vmmgr", "vmmanager", "dcimgr", "dcimanager", "ispmgr", "manager"];

impl Masks {
    /// What stands for the text.
    pub(super) fn of(&mut self, text: &str) -> String {
        if text.trim().is_empty() {
            return text.to_owned();
        }
        if let Some(known) = self.known.get(text) {
            return known.clone();
        }
        let mask = self.new_one(text);
        self.known.insert(text.to_owned(), mask.clone());
        mask
    }

    /// What stands for the key of an option: a number that is no id of anything listed where it is a number.
    pub(super) fn key(&mut self, key: &str) -> String {
        if key.parse::<i64>().is_err() {
            return self.of(key);
        }
        let next = self.keys.len() + 1;
        let mask = || format!("9000{next:07}");
        self.keys.entry(key.to_owned()).or_insert_with(mask).clone()
    }

    fn next(&mut self, shape: &str) -> usize {
        let used = self.used.entry(shape.to_owned()).or_default();
        *used += 1;
        *used
    }

    fn new_one(&mut self, text: &str) -> String {
        if let Some(number) = self.number(text) {
            return number;
        }
        if let Some(date) = self.date(text) {
            return date;
        }
        if let Some((scheme, rest)) = text.split_once("://").filter(|(scheme, _)| web(scheme)) {
            return self.address(scheme, rest);
        }
        if four_numbers(text) {
            // Addresses set apart for documentation by RFC 5737.
            let number = self.next("ip");
            let net = ["192.0.2", "198.51.100", "203.0.113"].get((number - 1) / 254);
            return net.map_or_else(
                || format!("text-ip-{number}"),
                |net| format!("{net}.{}", (number - 1) % 254 + 1),
            );
        }
        let plain = text.bytes().all(|byte| byte.is_ascii_graphic());
        if plain && text.contains('@') {
            return format!("user-{}@mail.invalid", self.next("mail"));
        }
        if plain && host(text) {
            return format!("host-{}.invalid", self.next("host"));
        }
        format!("text-{}", self.next("text"))
    }

    fn address(&mut self, scheme: &str, rest: &str) -> String {
        let (name, path) = rest.split_once('/').map_or((rest, ""), |(name, path)| (name, path));
        let host = match self.known.get(name) {
            Some(known) if known.starts_with("host-") => known.clone(),
            _ => format!("host-{}.invalid", self.next("host")),
        };
        self.known.insert(name.to_owned(), host.clone());
        let known = path.trim_end_matches('/').split('/').all(|part| PANELS.contains(&part));
        let end = if path.is_empty() {
            String::new()
        } else if known {
            format!("/{path}")
        } else {
            format!("/path-{}", self.next("path"))
        };
        let slash = if path.is_empty() && rest.ends_with('/') { "/" } else { "" };
        format!("{scheme}://{host}{end}{slash}")
    }

    /// As many digits before and after the point; zero stays, since what costs nothing is free.
    fn number(&mut self, text: &str) -> Option<String> {
        let (sign, digits) = text.strip_prefix('-').map_or(("", text), |digits| ("-", digits));
        let point = digits.find(['.', ',']);
        let (whole, rest) = digits.split_at(point.unwrap_or(digits.len()));
        let fraction = rest.get(1..).unwrap_or_default();
        let all = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let sound = !whole.is_empty() && all(whole) && all(fraction) && whole.len() <= 15;
        if !sound || (point.is_some() && fraction.is_empty()) {
            return None;
        }
        if digits.bytes().all(|byte| matches!(byte, b'0' | b'.' | b',')) {
            return Some(text.to_owned());
        }
        let places = u32::try_from(whole.len()).ok()?;
        let number = self.next(&format!("number {places} {}", fraction.len()));
        let first = if places == 1 { 1 } else { 10_u64.pow(places - 1) };
        let stand_in = first + u64::try_from(number).ok()? - 1;
        let zeros = "0".repeat(fraction.len());
        let mark = rest.get(..1).unwrap_or_default();
        Some(format!("{sign}{stand_in}{mark}{zeros}"))
    }

    /// `2026-01-31`, with or without a time behind it.
    fn date(&mut self, text: &str) -> Option<String> {
        let (day, time) = text.split_at_checked(10)?;
        let shape: String = day.chars().map(|ch| if ch.is_ascii_digit() { '0' } else { ch }).collect();
        if shape != "0000-00-00" || !(time.is_empty() || time.starts_with([' ', 'T'])) {
            return None;
        }
        let number = self.next("date") - 1;
        let time = if time.is_empty() { "" } else { " 00:00:00" };
        let (year, month, day) = (2000 + number / 336, number / 28 % 12 + 1, number % 28 + 1);
        Some(format!("{year}-{month:02}-{day:02}{time}"))
    }
}

fn web(scheme: &str) -> bool {
    matches!(scheme, "http" | "https" | "ftp" | "ssh")
}

fn four_numbers(text: &str) -> bool {
    text.split('.').count() == 4 && text.split('.').all(|part| part.parse::<u8>().is_ok())
}

fn host(text: &str) -> bool {
    let label = |part: &str| {
        !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    text.contains('.') && text.split('.').all(label)
}

#[cfg(test)]
mod tests {
    use super::Masks;

    #[test]
    fn a_stand_in_has_the_shape_of_what_it_stands_for() {
        let mut masks = Masks::default();
        for (text, mask) in [
            ("350.00", "100.00"),
            ("4711.5", "1000.0"),
            ("351.00", "101.00"),
            ("-7", "-1"),
            ("0.00", "0.00"),
            ("", ""),
            ("  ", "  "),
            ("2026-01-31", "2000-01-01"),
            ("2026-02-01 10:00:00", "2000-01-02 00:00:00"),
            ("https://licences.example.com/billmgr", "https://host-1.invalid/billmgr"),
            ("https://licences.example.com:1500/acme", "https://host-2.invalid/path-1"),
            ("licences.example.com", "host-1.invalid"),
            ("203.0.113.77", "192.0.2.1"),
            ("anna@example.com", "user-1@mail.invalid"),
            ("Anna Schmidt", "text-1"),
            ("Анна", "text-2"),
            ("a\u{202e}b\n\0", "text-3"),
        ] {
            assert_eq!(masks.of(text), mask, "{text}");
            assert_eq!(masks.of(text), mask, "the same again: {text}");
        }
    }

    #[test]
    fn what_stands_in_keeps_its_own_stand_in() {
        let mut first = Masks::default();
        let texts =
            ["350.00", "Anna", "https://a.example.com/billmgr", "a@b", "1.2.3.4", "9", "Otto", "2026-05-06"];
        let once: Vec<String> = texts.iter().map(|text| first.of(text)).collect();
        let mut second = Masks::default();
        let twice: Vec<String> = once.iter().map(|text| second.of(text)).collect();
        assert_eq!(once, twice);
    }
}
