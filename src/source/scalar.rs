//! What a plain (unquoted) scalar means: YAML 1.2, core schema.
//!
//! `yes`, `no`, `on` and `off` are text, as YAML 1.2 says. One deviation: digits with a leading zero
//! (`017`) stay text, because YAML 1.1 reads them as octal and the writer of `export` leaves them bare.

/// The meaning of a plain scalar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Plain {
    Null,
    Flag(bool),
    Number,
    Text,
}

pub(crate) fn resolve(text: &str) -> Plain {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Plain::Null,
        "true" | "True" | "TRUE" => Plain::Flag(true),
        "false" | "False" | "FALSE" => Plain::Flag(false),
        _ if is_number(text) => Plain::Number,
        _ => Plain::Text,
    }
}

fn is_number(text: &str) -> bool {
    // Most plain scalars are words: decide those on their first byte.
    if !text.starts_with(|ch: char| ch.is_ascii_digit() || matches!(ch, '+' | '-' | '.')) {
        return false;
    }
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if matches!(digits, ".inf" | ".Inf" | ".INF") || matches!(text, ".nan" | ".NaN" | ".NAN") {
        return true;
    }
    if let Some(hex) = text.strip_prefix("0x") {
        return !hex.is_empty() && hex.bytes().all(|byte| byte.is_ascii_hexdigit());
    }
    if let Some(octal) = text.strip_prefix("0o") {
        return !octal.is_empty() && octal.bytes().all(|byte| matches!(byte, b'0'..=b'7'));
    }
    if digits.len() > 1 && digits.starts_with('0') && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return false;
    }
    let shape = digits.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-'));
    shape && digits.bytes().any(|byte| byte.is_ascii_digit()) && text.parse().is_ok_and(f64::is_finite)
}

/// The whole number that a number stands for; `42.0` and `4.2e1` are whole too, as in JSON Schema.
pub(crate) fn integer(text: &str) -> Option<i128> {
    let radix = |digits: &str, radix| i128::from_str_radix(digits, radix).ok();
    if let Some(hex) = text.strip_prefix("0x") {
        return radix(hex, 16);
    }
    if let Some(octal) = text.strip_prefix("0o") {
        return radix(octal, 8);
    }
    text.parse().ok().or_else(|| {
        let float = text.parse::<f64>().ok()?;
        // Beyond 2^53 a float is no longer exact, and nothing here needs such numbers.
        let exact = float.fract() == 0.0 && float.abs() <= 9_007_199_254_740_992.0;
        #[expect(clippy::cast_possible_truncation, reason = "checked above")]
        exact.then_some(float as i128)
    })
}

/// Whether the number is written the way it would be printed, so that reading it loses nothing.
pub(crate) fn is_canonical(text: &str) -> bool {
    integer(text).is_some_and(|number| number.to_string() == text)
}

#[cfg(test)]
mod tests {
    use super::{Plain, integer, resolve};

    #[test]
    fn plain_scalars_follow_yaml_1_2() {
        for text in [
            "yes",
            "no",
            "on",
            "off",
            "y",
            "1_000",
            "12:30",
            "2024-01-01",
            "017",
            "1m",
            "-",
            ".",
            "e3",
            "1e999",
            "+",
            "0x",
        ] {
            assert_eq!(resolve(text), Plain::Text, "{text}");
        }
        for text in [
            "1", "-1", "+1", "350.00", ".5", "1.", "1e3", "0x1F", "0o17", ".inf", "-.inf", ".nan", "0",
            "0.50",
        ] {
            assert_eq!(resolve(text), Plain::Number, "{text}");
        }
        assert_eq!(resolve("~"), Plain::Null);
        assert_eq!(resolve("True"), Plain::Flag(true));
    }

    #[test]
    fn whole_numbers_are_recognised_in_any_spelling() {
        for (text, number) in [
            ("42", Some(42)),
            ("42.0", Some(42)),
            ("4.2e1", Some(42)),
            ("0x2A", Some(42)),
            ("+42", Some(42)),
            ("4.5", None),
            (".nan", None),
        ] {
            assert_eq!(integer(text), number, "{text}");
        }
    }
}
