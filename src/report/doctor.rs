//! The examination of a panel as text.

use std::io;

use unicode_width::UnicodeWidthStr;

use super::{
    Style,
    escape::{brief, remark},
    layout::{Page, Paint, Piece, blanks, pad},
};
use crate::{
    doctor::{Check, Examination, Verdict},
    language::t,
};

/// Writes one line for each thing that was looked at, and what is to be done about it.
pub(crate) fn examination(
    examination: &Examination,
    style: &Style,
    out: &mut impl io::Write,
) -> io::Result<()> {
    let mut page = Page::new(out, style.color, style.width);
    let target = &examination.target;
    let version = target.panel_version.as_deref().map_or_else(|| t!("of unknown version"), brief);
    let asked = t!("(BILLmanager {version}), asked as {user}", version = version, user = brief(&target.user));
    page.text(&[Piece::new(Paint::Heading, remark(&target.url)), Piece::plain(format!(" {asked}"))])?;
    page.gap()?;
    let column = examination.checks.iter().map(|check| check.about.width()).max().unwrap_or_default();
    let words =
        [Verdict::Ok, Verdict::Note, Verdict::Missing, Verdict::Failed].map(|verdict| word(verdict).0);
    let widest = words.iter().map(|word| word.width()).max().unwrap_or_default();
    for check in &examination.checks {
        line(&mut page, check, widest, column)?;
    }
    if style.verbose && !examination.found.is_empty() {
        page.gap()?;
        page.text(&[Piece::new(Paint::Strong, t!("Found on this panel"))])?;
        for found in &examination.found {
            let lead = [Piece::plain(format!("  {}  ", brief(&found.what)))];
            page.flow(
                &lead,
                &[Piece::new(Paint::Strong, brief(&found.name))],
                Some(&Piece::faint(brief(&found.how))),
            )?;
        }
    }
    page.gap()?;
    page.text(&[verdict(examination.worst())])?;
    match examination.found.len() {
        found if found > 0 && !style.verbose => {
            page.text(&[Piece::faint(t!("--verbose lists what was found out about this panel, and how."))])
        }
        _ => Ok(()),
    }
}

fn word(verdict: Verdict) -> (String, Paint) {
    match verdict {
        Verdict::Ok => (t!("verdict" => "ok"), Paint::Create),
        Verdict::Note => (t!("verdict" => "note"), Paint::Strong),
        Verdict::Missing => (t!("verdict" => "missing"), Paint::Warn),
        Verdict::Failed => (t!("verdict" => "FAILED"), Paint::Delete),
    }
}

fn line<W: io::Write>(page: &mut Page<'_, W>, check: &Check, widest: usize, column: usize) -> io::Result<()> {
    let (word, paint) = word(check.verdict);
    let lead = [
        Piece::new(paint, format!("  {}  ", pad(&word, widest))),
        Piece::plain(format!("{}  ", pad(&check.about, column))),
    ];
    page.flow(&lead, &[Piece::plain(remark(&check.says))], None)?;
    match &check.help {
        Some(help) => {
            let lead = format!("{}{}: ", blanks(widest + 6), t!("label" => "help"));
            page.flow(&[Piece::faint(lead)], &[Piece::plain(remark(help))], None)
        }
        None => Ok(()),
    }
}

fn verdict(worst: Verdict) -> Piece {
    match worst {
        Verdict::Ok | Verdict::Note => {
            Piece::new(Paint::Create, t!("Every kind can be managed on this panel."))
        }
        Verdict::Missing => Piece::new(
            Paint::Warn,
            t!("Some things cannot be managed until the configuration says what they are called."),
        ),
        Verdict::Failed => {
            Piece::new(Paint::Delete, t!("Something could not be read, so it cannot be managed."))
        }
    }
}
