//! What somebody most likely meant by a name that nothing has.

/// The nearest names as a question; else the first of all of them after `all`; else `none`.
pub(crate) fn near<'a>(key: &str, names: impl Iterator<Item = &'a str>, all: &str, none: &str) -> String {
    let lower = key.to_lowercase();
    let mut scored: Vec<(f64, &str)> =
        names.map(|name| (strsim::jaro_winkler(&lower, &name.to_lowercase()), name)).collect();
    scored.sort_by(|one, two| two.0.total_cmp(&one.0).then(one.1.cmp(two.1)));
    scored.dedup_by_key(|(_, name)| *name);
    let close = scored.iter().take_while(|(score, _)| *score > 0.8).count();
    let shown = if close > 0 { close.min(3) } else { 10 };
    let names: Vec<String> = scored.iter().take(shown).map(|(_, name)| format!("`{name}`")).collect();
    match (names.is_empty(), close) {
        (true, _) => none.to_owned(),
        (false, 0) => format!("{all}: {}", names.join(", ")),
        (false, _) => format!("did you mean {}?", names.join(", ")),
    }
}
