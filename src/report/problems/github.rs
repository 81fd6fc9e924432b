//! Workflow commands of GitHub Actions, which Gitea and Forgejo understand too.
//!
//! A command is a line `::error file=F,line=N::MESSAGE`; whatever could end its line or one of its parts is
//! escaped as the runner unescapes it:
//! <https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands>,
//! <https://github.com/actions/toolkit/blob/main/packages/core/src/command.ts>.

use std::io;

use super::{Listed, Listing, shown_path};
use crate::plan::Level;

/// Writes a command for each problem that counts.
pub(super) fn write(listing: &Listing, out: &mut impl io::Write) -> io::Result<()> {
    for problem in listing.problems.iter().filter(|problem| problem.accepted.is_none()) {
        writeln!(out, "{}", command(problem, listing.fails(problem)))?;
    }
    if let Some(rest) = listing.rest() {
        writeln!(out, "::error title=billform::{}", data(&rest))?;
    }
    Ok(())
}

fn command(problem: &Listed, fails: bool) -> String {
    let name = match problem.level {
        _ if fails => "error",
        Level::Error | Level::Warning => "warning",
        Level::Note => "notice",
    };
    let mut properties = Vec::new();
    if let Some(file) = &problem.file {
        properties.push(format!("file={}", property(&shown_path(file))));
    }
    if let Some((line, column)) = problem.spot {
        properties.push(format!("line={line},col={column}"));
    }
    properties.push(format!("title={}", property(&problem.code)));
    format!("::{name} {}::{}", properties.join(","), data(&problem.told()))
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
