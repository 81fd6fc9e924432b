//! A Code Quality report for GitLab: <https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format>.

use std::io;

use serde_json::{Value, json};

use super::{super::json, Listed, Listing};
use crate::plan::Level;

/// Writes an entry for each problem that counts and is about a file; GitLab takes no others.
pub(super) fn write(listing: &Listing, out: &mut impl io::Write) -> io::Result<()> {
    let fingerprints = listing.fingerprints();
    let all = listing.problems.iter().zip(&fingerprints);
    let counting = all.filter(|(problem, _)| problem.accepted.is_none());
    let entries = counting.filter_map(|(problem, fingerprint)| entry(problem, fingerprint));
    json::write(&entries.collect::<Vec<_>>(), out)
}

fn entry(problem: &Listed, fingerprint: &str) -> Option<Value> {
    let file = problem.file.as_deref()?;
    Some(json!({
        "description": problem.told(),
        "check_name": problem.code,
        "fingerprint": fingerprint,
        "severity": match problem.level {
            Level::Error => "critical",
            Level::Warning => "minor",
            Level::Note => "info",
        },
        "location": {
            "path": file.strip_prefix("./").unwrap_or(file),
            // Required; what a file as a whole lacks is shown at its top.
            "lines": {"begin": problem.spot.map_or(1, |(line, _)| line)},
        },
    }))
}
