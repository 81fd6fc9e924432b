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
