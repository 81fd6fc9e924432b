//! What an apply did, object by object.

use std::io;

use super::{
    Style, escape,
    layout::{Page, Paint, Piece, pad_left},
    markdown::{Comment, Part, Platform, Table, Weight, named, words_of},
    words::{count, sign},
};
use crate::plan::{Fate, ObjectOutcome, Outcome};

const IN_DOUBT: &str =
    "in doubt: it may have been written all the same. The next run reads the panel before it writes.";
const WHOLE: &str = "Every result is in the output of `billform apply`, as text or with `--format json`.";

/// Results by what came of them; each list keeps the order of the plan.
struct Fates<'outcome> {
    done: Vec<&'outcome ObjectOutcome>,
    skipped: Vec<(&'outcome ObjectOutcome, &'outcome str)>,
    failed: Vec<(&'outcome ObjectOutcome, Failure<'outcome>)>,
}

struct Failure<'outcome> {
    code: &'outcome str,
    message: &'outcome str,
    help: Option<&'outcome str>,
    in_doubt: bool,
}

impl<'outcome> Fates<'outcome> {
    fn of(outcome: &'outcome Outcome) -> Self {
        let mut fates = Self { done: vec![], skipped: vec![], failed: vec![] };
        for result in &outcome.results {
            match &result.fate {
                Fate::Done => fates.done.push(result),
                Fate::Skipped { because } => fates.skipped.push((result, because)),
                Fate::Failed { code, message, help, in_doubt } => {
                    let help = help.as_deref();
                    fates.failed.push((result, Failure { code, message, help, in_doubt: *in_doubt }));
                }
            }
        }
        fates
    }

    fn summary(&self) -> String {
        let (done, skipped, failed) = (self.done.len(), self.skipped.len(), self.failed.len());
        match (done, skipped + failed) {
            (0, 0) => "Nothing was to be applied.".to_owned(),
            (_, 0) => format!("Applied: {}, read back and found as planned.", count(done, "change")),
            _ => {
                let doubts = self.failed.iter().filter(|(_, failure)| failure.in_doubt).count();
                let doubts = if doubts > 0 { format!(" ({doubts} in doubt)") } else { String::new() };
                let start = if done > 0 { "Partly applied" } else { "Not applied" };
                format!("{start}: {done} done, {failed} failed{doubts}, {skipped} not tried.")
            }
        }
    }
}

/// Writes the results, with failures last: that is where a terminal stands when the run ends.
pub(super) fn text(outcome: &Outcome, style: &Style, out: &mut impl io::Write) -> io::Result<()> {
    let fates = Fates::of(outcome);
    let mut page = Page::new(out, style.color, style.width);
    for result in &fates.done {
        line(&mut page, Paint::New, "done", result)?;
    }
    for (result, because) in &fates.skipped {
        line(&mut page, Paint::Warn, "not tried", result)?;
        detail(&mut page, "why", because)?;
    }
    for (result, failure) in &fates.failed {
        line(&mut page, Paint::Delete, "FAILED", result)?;
        detail(&mut page, "why", &format!("{} ({})", failure.message, failure.code))?;
        failure.help.map_or(Ok(()), |help| detail(&mut page, "help", help))?;
        if failure.in_doubt {
            page.flow(&[Piece::plain("                ")], &[Piece::new(Paint::Warn, IN_DOUBT)], None)?;
        }
    }
    if !outcome.results.is_empty() {
        page.gap()?;
    }
    page.text(&[Piece::new(Paint::Strong, fates.summary())])
}

fn line<W: io::Write>(
    page: &mut Page<'_, W>,
    paint: Paint,
    state: &str,
    result: &ObjectOutcome,
) -> io::Result<()> {
    let (mark, mark_paint) = sign(result.action);
    let lead = [
        Piece::new(paint, format!("{state:<9}")),
        Piece::plain(" "),
        Piece::new(mark_paint, pad_left(mark, 3)),
        Piece::plain(" "),
    ];
    let mut name = vec![
        Piece::plain(format!("{} ", escape::name(&result.object.kind))),
        Piece::new(Paint::Strong, escape::name(&result.object.key)),
    ];
    if let Some(id) = &result.id {
        name.push(Piece::faint(format!("  #{}", escape::name(id))));
    }
    page.flow(&lead, &name, None)
}

fn detail<W: io::Write>(page: &mut Page<'_, W>, label: &str, text: &str) -> io::Result<()> {
    page.flow(&[Piece::faint(format!("{label:>14}: "))], &[Piece::plain(escape::remark(text))], None)
}

/// Renders the results as a comment, with failures first.
pub(super) fn markdown(outcome: &Outcome, platform: Platform) -> String {
    let fates = Fates::of(outcome);
    let version = escape::entities(&escape::name(&outcome.format_version));
    let comment = Comment {
        intro: format!("<!-- billform:outcome -->\n### Apply\n\n**{}**\n", fates.summary()),
        parts: vec![
            Part::new("Failed", Weight::Failures, fates.failed.len(), vec![failed(&fates)]),
            Part::new("Not tried", Weight::Updates, fates.skipped.len(), vec![skipped(&fates)]),
            Part { folded: true, ..Part::new("Done", Weight::Creates, fates.done.len(), vec![done(&fates)]) },
        ],
        footer: format!("<sub>billform {}, outcome format {version}</sub>\n", env!("CARGO_PKG_VERSION")),
        whole: WHOLE,
        limit: platform.limit(),
    };
    comment.render()
}

fn cell(result: &ObjectOutcome) -> String {
    named(&result.object.kind, &result.object.key, result.id.as_deref())
}

fn action(result: &ObjectOutcome) -> String {
    format!("`{}`", sign(result.action).0)
}

fn failed(fates: &Fates<'_>) -> Table {
    let mut table = Table::new(&["", "Object", "Why", "What to do"]);
    for (result, failure) in &fates.failed {
        let doubt = if failure.in_doubt { format!("<br>**{IN_DOUBT}**") } else { String::new() };
        let why =
            format!("{} {}{doubt}", words_of(failure.message), escape::code(&escape::name(failure.code)));
        let help = failure.help.map(words_of).unwrap_or_default();
        table.row(&[&action(result), &cell(result), &why, &help]);
    }
    table
}

fn skipped(fates: &Fates<'_>) -> Table {
    let mut table = Table::new(&["", "Object", "Why"]);
    for (result, because) in &fates.skipped {
        table.row(&[&action(result), &cell(result), &words_of(because)]);
    }
    table
}

fn done(fates: &Fates<'_>) -> Table {
    let mut table = Table::new(&["", "Object"]);
    fates.done.iter().for_each(|result| table.row(&[&action(result), &cell(result)]));
    table
}
