//! What somebody most likely meant by a name that nothing has.

use crate::language::t;

/// Names by how much they look like one that nothing has, and how many of them look much like it.
fn scored<'a>(key: &str, names: impl Iterator<Item = &'a str>) -> (Vec<&'a str>, usize) {
    let lower = key.to_lowercase();
    let mut scored: Vec<(f64, &str)> =
        names.map(|name| (strsim::jaro_winkler(&lower, &name.to_lowercase()), name)).collect();
    scored.sort_by(|one, two| two.0.total_cmp(&one.0).then(one.1.cmp(two.1)));
    scored.dedup_by_key(|(_, name)| *name);
    let close = scored.iter().take_while(|(score, _)| *score > 0.8).count();
    (scored.into_iter().map(|(_, name)| name).collect(), close)
}

/// The nearest names as a question; else the first of all of them after `all`; else `none`.
pub(crate) fn near<'a>(key: &str, names: impl Iterator<Item = &'a str>, all: &str, none: &str) -> String {
    let (names, close) = scored(key, names);
    let shown = if close > 0 { close.min(3) } else { 10 };
    let names: Vec<String> = names.iter().take(shown).map(|name| format!("`{name}`")).collect();
    match (names.is_empty(), close) {
        (true, _) => none.to_owned(),
        (false, 0) => format!("{all}: {}", names.join(", ")),
        (false, _) => t!("did you mean {names}?", names = names.join(", ")),
    }
}

/// Whether one of the names is so near that it may be what was meant.
pub(crate) fn is_near<'a>(key: &str, names: impl Iterator<Item = &'a str>) -> bool {
    scored(key, names).1 > 0
}
