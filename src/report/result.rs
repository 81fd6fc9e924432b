//! What an apply did, object by object.

use std::io;

use unicode_width::UnicodeWidthStr;

use super::{
    Style, escape,
    layout::{Page, Paint, Piece, blanks, pad, pad_left},
    markdown::{Comment, Part, Platform, Table, Weight, named, words_of},
    words::sign,
};
use crate::{
    language::{t, tn},
    plan::{Fate, ObjectOutcome, Outcome},
};

fn in_doubt() -> String {
    t!("in doubt: it may have been written all the same. The next run reads the panel before it writes.")
}

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
            (0, 0) => t!("Nothing was to be applied."),
            (_, 0) => tn!(
                done,
                "Applied: {n} change, read back and found as planned.",
                "Applied: {n} changes, read back and found as planned."
            ),
            _ => {
                let doubts = self.failed.iter().filter(|(_, failure)| failure.in_doubt).count();
                let mut failed = t!("{n} failed", n = failed);
                if doubts > 0 {
                    failed = format!("{failed} {}", t!("({n} in doubt)", n = doubts));
                }
                let start = if done > 0 { t!("Partly applied:") } else { t!("Not applied:") };
                let (done, skipped) = (t!("{n} done", n = done), t!("{n} not tried", n = skipped));
                format!("{start} {done}, {failed}, {skipped}.")
            }
        }
    }
}

/// What came of an object, in a word, and the columns that the longest of these takes.
struct States {
    done: String,
    skipped: String,
    failed: String,
    widest: usize,
}

impl States {
    fn spoken() -> Self {
        let [done, skipped, failed] =
            [t!("state" => "done"), t!("state" => "not tried"), t!("state" => "FAILED")];
        let widest = [&done, &skipped, &failed].iter().map(|state| state.width()).max().unwrap_or(0);
        Self { done, skipped, failed, widest }
    }

    /// Where the name of an object begins: after its state and the sign of the action.
    fn indent(&self) -> usize {
        self.widest + 5
    }
}

/// Writes the results, with failures last: that is where a terminal stands when the run ends.
pub(super) fn text(outcome: &Outcome, style: &Style, out: &mut impl io::Write) -> io::Result<()> {
    let fates = Fates::of(outcome);
    let mut page = Page::new(out, style.color, style.width);
    let states = States::spoken();
    let (why, help) = (t!("label" => "why"), t!("label" => "help"));
    let state = |state: &str, paint| Piece::new(paint, pad(state, states.widest));
    for result in &fates.done {
        line(&mut page, state(&states.done, Paint::New), result)?;
    }
    for (result, because) in &fates.skipped {
        line(&mut page, state(&states.skipped, Paint::Warn), result)?;
        detail(&mut page, &states, &why, because)?;
    }
    for (result, failure) in &fates.failed {
        line(&mut page, state(&states.failed, Paint::Delete), result)?;
        detail(&mut page, &states, &why, &format!("{} ({})", failure.message, failure.code))?;
        failure.help.map_or(Ok(()), |text| detail(&mut page, &states, &help, text))?;
        if failure.in_doubt {
            let lead = Piece::plain(blanks(states.indent() + 2));
            page.flow(&[lead], &[Piece::new(Paint::Warn, in_doubt())], None)?;
        }
    }
    if !outcome.results.is_empty() {
        page.gap()?;
    }
    page.text(&[Piece::new(Paint::Strong, fates.summary())])
}

fn line<W: io::Write>(page: &mut Page<'_, W>, state: Piece, result: &ObjectOutcome) -> io::Result<()> {
    let (mark, mark_paint) = sign(result.action);
    let lead = [state, Piece::plain(" "), Piece::new(mark_paint, pad_left(mark, 3)), Piece::plain(" ")];
    let mut name = vec![
        Piece::plain(format!("{} ", escape::name(&result.object.kind))),
        Piece::new(Paint::Strong, escape::name(&result.object.key)),
    ];
    if let Some(id) = &result.id {
        name.push(Piece::faint(format!("  #{}", escape::name(id))));
    }
    page.flow(&lead, &name, None)
}

fn detail<W: io::Write>(page: &mut Page<'_, W>, states: &States, label: &str, text: &str) -> io::Result<()> {
    let lead = format!("{}: ", pad_left(label, states.indent()));
    page.flow(&[Piece::faint(lead)], &[Piece::plain(escape::remark(text))], None)
}

/// Renders the results as a comment, with failures first.
pub(super) fn markdown(outcome: &Outcome, platform: Platform) -> String {
    let fates = Fates::of(outcome);
    let version = escape::entities(&escape::name(&outcome.format_version));
    let comment = Comment {
        intro: format!(
            "<!-- billform:outcome -->\n### {}\n\n**{}**\n",
            t!("heading" => "Apply"),
            fates.summary()
        ),
        parts: vec![
            Part::new(t!("heading" => "Failed"), Weight::Failures, fates.failed.len(), vec![failed(&fates)]),
            Part::new(
                t!("heading" => "Not tried"),
                Weight::Updates,
                fates.skipped.len(),
                vec![skipped(&fates)],
            ),
            Part {
                folded: true,
                ..Part::new(t!("heading" => "Done"), Weight::Creates, fates.done.len(), vec![done(&fates)])
            },
        ],
        footer: format!(
            "<sub>{}</sub>\n",
            t!(
                "billform {tool}, outcome format {format}",
                tool = env!("CARGO_PKG_VERSION"),
                format = version
            )
        ),
        whole: t!("Every result is in the output of `billform apply`, as text or with `--format json`."),
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
    let mut table = Table::new(&[
        String::new(),
        t!("column" => "Object"),
        t!("column" => "Why"),
        t!("column" => "What to do"),
    ]);
    for (result, failure) in &fates.failed {
        let doubt = if failure.in_doubt { format!("<br>**{}**", in_doubt()) } else { String::new() };
        let why =
            format!("{} {}{doubt}", words_of(failure.message), escape::code(&escape::name(failure.code)));
        let help = failure.help.map(words_of).unwrap_or_default();
        table.row(&[&action(result), &cell(result), &why, &help]);
    }
    table
}

fn skipped(fates: &Fates<'_>) -> Table {
    let mut table = Table::new(&[String::new(), t!("column" => "Object"), t!("column" => "Why")]);
    for (result, because) in &fates.skipped {
        table.row(&[&action(result), &cell(result), &words_of(because)]);
    }
    table
}

fn done(fates: &Fates<'_>) -> Table {
    let mut table = Table::new(&[String::new(), t!("column" => "Object")]);
    fates.done.iter().for_each(|result| table.row(&[&action(result), &cell(result)]));
    table
}
