//! The examination of a panel as text.

use std::io;

use super::{
    Style,
    layout::{Page, Paint, Piece, pad},
};
use crate::doctor::{Check, Examination, Verdict};

/// Writes one line for each thing that was looked at, and what is to be done about it.
pub(crate) fn examination(
    examination: &Examination,
    style: &Style,
    out: &mut impl io::Write,
) -> io::Result<()> {
    let mut page = Page::new(out, style.color, style.width);
    let target = &examination.target;
    let version = target.panel_version.as_deref().unwrap_or("of unknown version");
    page.text(&[
        Piece::new(Paint::Heading, &target.url),
        Piece::plain(format!(" (BILLmanager {version}), asked as {}", target.user)),
    ])?;
    page.gap()?;
    let column = examination.checks.iter().map(|check| check.about.len()).max().unwrap_or_default();
    for check in &examination.checks {
        line(&mut page, check, column)?;
    }
    if style.verbose && !examination.found.is_empty() {
        page.gap()?;
        page.text(&[Piece::new(Paint::Strong, "Found on this panel")])?;
        for found in &examination.found {
            let lead = [Piece::plain(format!("  {}  ", found.what))];
            page.flow(&lead, &[Piece::new(Paint::Strong, &found.name)], Some(&Piece::faint(&found.how)))?;
        }
    }
    page.gap()?;
    page.text(&[verdict(examination.worst())])?;
    match examination.found.len() {
        found if found > 0 && !style.verbose => {
            page.text(&[Piece::faint("--verbose lists what was found out about this panel, and how.")])
        }
        _ => Ok(()),
    }
}

fn line<W: io::Write>(page: &mut Page<'_, W>, check: &Check, column: usize) -> io::Result<()> {
    let (word, paint) = match check.verdict {
        Verdict::Ok => ("ok", Paint::Create),
        Verdict::Note => ("note", Paint::Strong),
        Verdict::Missing => ("missing", Paint::Warn),
        Verdict::Failed => ("FAILED", Paint::Delete),
    };
    let lead = [
        Piece::new(paint, format!("  {}  ", pad(word, 7))),
        Piece::plain(format!("{}  ", pad(&check.about, column))),
    ];
    page.flow(&lead, &[Piece::plain(&check.says)], None)?;
    match &check.help {
        Some(help) => page.flow(&[Piece::faint("             help: ")], &[Piece::plain(help)], None),
        None => Ok(()),
    }
}

fn verdict(worst: Verdict) -> Piece {
    match worst {
        Verdict::Ok | Verdict::Note => Piece::new(Paint::Create, "Every kind can be managed on this panel."),
        Verdict::Missing => Piece::new(
            Paint::Warn,
            "Some things cannot be managed until the configuration says what they are called.",
        ),
        Verdict::Failed => Piece::new(Paint::Delete, "Something could not be read, so it cannot be managed."),
    }
}
