//! Money as text: a dot, at most two decimals, kept with exactly two. No floats anywhere.

/// Reads what a form was sent and gives what is stored: `10` becomes `10.00` (2.2, `check.money`).
/// Empty stays empty, which is "no price" and not zero.
pub(crate) fn normalise(text: &str) -> Option<String> {
    if text.is_empty() {
        return Some(String::new());
    }
    let (whole, cents) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole) || !digits(cents) || whole.len() > 12 || cents.len() > 2 {
        return None;
    }
    let whole = whole.trim_start_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    Some(format!("{whole}.{cents:0<2}"))
}

/// The four decimals of the export feed and of the database (2.2).
pub(crate) fn feed(stored: &str) -> String {
    match normalise(stored) {
        Some(text) if !text.is_empty() => format!("{text}00"),
        _ => "0.0000".to_owned(),
    }
}

/// An amount in minor units; an empty text is none.
pub(crate) fn minor(stored: &str) -> Option<i64> {
    let text = normalise(stored).filter(|text| !text.is_empty())?;
    text.replace('.', "").parse().ok()
}

/// Minor units as text, a debt with its sign.
pub(crate) fn text(minor: i64) -> String {
    let sign = if minor < 0 { "-" } else { "" };
    let minor = minor.unsigned_abs();
    format!("{sign}{}.{:02}", minor / 100, minor % 100)
}

/// Minor units of a text that may be a debt; nothing counts as zero.
pub(crate) fn signed(stored: &str) -> i64 {
    match stored.strip_prefix('-') {
        Some(debt) => -minor(debt).unwrap_or_default(),
        None => minor(stored).unwrap_or_default(),
    }
}
