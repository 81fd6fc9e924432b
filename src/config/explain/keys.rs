//! Faults of keys: unknown fields, currencies, languages, periods and names.

use super::listed;
use crate::{
    config::suggest,
    kinds::{COST_PLUS, CheckCode},
    language::t,
    model::{Name, Period},
    source::{
        At, codes,
        fault::{Fault, nearest, pointer, shown},
        mark,
        tree::Found,
    },
};

/// An entry of a mapping, or a value taken on its own.
pub(super) struct Child<'a> {
    pub(super) file: usize,
    pub(super) found: Found<'a>,
    pub(super) path: Vec<String>,
}

impl Child<'_> {
    fn fault(&self, at: At, code: &'static str, message: String) -> Fault {
        let path = pointer(self.path.iter().map(String::as_str));
        Fault::new(self.file, mark(self.found, at), code, message).at(path)
    }

    pub(super) fn unknown_field(&self, key: &str, known: &[&str]) -> Fault {
        let fault = self
            .fault(At::Key, codes::UNKNOWN_FIELD, t!("unknown field `{text}`", text = shown(key)))
            .label(t!("not part of the format"));
        match nearest(key, known.iter().copied()) {
            Some(near) => fault.help(t!("did you mean `{near}`?", near = near)),
            None => fault.help(t!("the fields here are {list}", list = listed(known))),
        }
    }

    pub(super) fn bad_currency(&self, at: At, key: &str) -> Fault {
        let fault = self
            .fault(at, codes::BAD_CURRENCY, t!("`{text}` is not a currency code", text = shown(key)))
            .label(t!("not a currency"));
        if key.parse::<Period>().is_ok() || key == "setup" {
            return fault.help(t!("name the currency first: {{RUB: {{{key}: ...}}}}", key = key));
        }
        if nearest(key, [COST_PLUS]).is_some() {
            return fault.help(t!("did you mean `{near}`?", near = COST_PLUS));
        }
        match suggest::currency(key) {
            Some(code) => fault.help(t!("did you mean `{near}`?", near = code)),
            None => fault.help(t!("write the three capital letters of the ISO code, like RUB or EUR")),
        }
    }

    pub(super) fn bad_language(&self, key: &str) -> Fault {
        let fault = self
            .fault(At::Key, codes::BAD_LANGUAGE, t!("`{text}` is not a language code", text = shown(key)))
            .label(t!("not a language"));
        let short: String = key.to_lowercase().chars().take(2).collect();
        if short.len() == 2 && short.bytes().all(|byte| byte.is_ascii_lowercase()) {
            return fault.help(t!("did you mean `{short}`? The code has two small letters", short = short));
        }
        fault.help(t!("write two small letters, like en or ru"))
    }

    pub(super) fn bad_period(&self, at: At, text: &str) -> Fault {
        let fault = self
            .fault(at, codes::BAD_PERIOD, t!("`{text}` is not a period", text = shown(text)))
            .label(t!("not a period"));
        match suggest::period(text).map(|period| period.to_string()) {
            Some(period) => fault.help(t!("did you mean `{near}`?", near = period)),
            None => match nearest(text, ["setup", "trial", "day", "lifetime"]) {
                Some(near) if at == At::Key || near != "setup" => {
                    fault.help(t!("did you mean `{near}`?", near = near))
                }
                _ => fault.help(t!("write months like `1m`, `12m`, or one of `trial`, `day`, `lifetime`")),
            },
        }
    }

    pub(super) fn bad_check(&self, at: At, text: &str) -> Fault {
        let fault = self
            .fault(at, codes::BAD_CHECK, t!("`{text}` is not the code of a check", text = shown(text)))
            .label(t!("not a check"));
        let upper = text.trim().to_uppercase();
        let digits = upper.trim_start_matches('L').trim_start_matches(['-', '0']);
        let near = digits.parse::<u8>().ok().map(|number| format!("L{number:02}"));
        match near.filter(|near| near.parse::<CheckCode>().is_ok()) {
            Some(near) => fault.help(t!("did you mean `{near}`?", near = near)),
            None => fault.help(t!("the checks are `L01` to `L40`")),
        }
    }

    pub(super) fn bad_name(&self, at: At) -> Fault {
        let what = if at == At::Key { t!("this key") } else { t!("this name") };
        let text = match (at, self.found.key) {
            (At::Key, Some(key)) => key.key_text(),
            _ => self.found.value.text().unwrap_or_default(),
        };
        let why = if text.is_empty() {
            t!("is empty")
        } else if text.chars().count() > Name::MAX_CHARS {
            t!("is longer than 255 characters")
        } else if text.trim_matches(|ch: char| ch.is_whitespace() || ch == '\u{feff}').len() < text.len() {
            t!("begins or ends with a blank")
        } else {
            t!("holds a control character or a line break")
        };
        let fault = self.fault(at, codes::BAD_NAME, t!("{what} {why}", what = what, why = why)).label(why);
        fault.help(t!("a name has 1 to 255 characters, no control characters, and no blank at either end"))
    }
}
