//! The hidden first line of a comment, by which it is found again.

/// The first line of a plan's comment: `<!-- billform:plan -->`, or `<!-- billform:plan NAME -->`.
pub(crate) fn marker(name: Option<&str>) -> String {
    let name = name.map_or(String::new(), |name| format!(" {name}"));
    format!("<!-- billform:plan{name} -->")
}

/// A report that begins with this marker, whichever it began with.
pub(crate) fn marked(report: &str, marker: &str) -> String {
    let rest = match report.split_once('\n') {
        Some((first, rest)) if first.starts_with("<!-- billform:") => rest,
        _ => report,
    };
    format!("{marker}\n{rest}")
}
