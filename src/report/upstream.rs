//! Costs of the configuration against those of the licence server, as text.

use std::io;

use unicode_width::UnicodeWidthStr;

use super::{
    Style,
    escape::{brief, remark},
    layout::{Page, Paint, Piece, pad, pad_left},
    pool::note_lead,
};
use crate::{
    language::{t, tn},
    upstream::{CodeDifference, CodeState, CostChange, CostDifferences, Figure},
};

/// Writes one block for each code that differs, and one line for the others.
pub(crate) fn cost_differences(
    found: &CostDifferences,
    style: &Style,
    out: &mut impl io::Write,
) -> io::Result<()> {
    let mut page = Page::new(out, style.color, style.width);
    let age = found.as_of.map(|day| (day, day.days_until(found.today)));
    let of = match age {
        None => t!("the configuration has none"),
        Some((day, 0)) => t!("the configuration has those of today, {day}", day = day),
        Some((day, 1)) => t!("the configuration has those of yesterday, {day}", day = day),
        Some((day, days)) => tn!(
            days,
            "the configuration has those of {day}, {n} day ago",
            "the configuration has those of {day}, {n} days ago",
            day = day
        ),
    };
    page.text(&[
        Piece::new(Paint::Heading, t!("Costs of {server}", server = found.server)),
        Piece::plain(format!(" {}", t!("on {day}; {of}", day = found.today, of = of))),
    ])?;
    page.gap()?;
    for code in found.codes.iter().filter(|code| code.differs()) {
        one(&mut page, code)?;
    }
    let (same, all) = (found.codes.len() - found.different, found.codes.len());
    if found.different > 0 {
        page.gap()?;
    }
    page.text(&[Piece::new(
        Paint::Strong,
        match (found.different, all) {
            (0, 0) => t!("No code is offered on a tariff plan or has costs."),
            (0, _) => tn!(
                all,
                "No difference: {n} code as the licence server says.",
                "No difference: {n} codes as the licence server says."
            ),
            (different, _) => tn!(
                different,
                "{n} code differs; {same} as the licence server says.",
                "{n} codes differ; {same} as the licence server says.",
                same = same
            ),
        },
    )])?;
    for note in &found.notes {
        page.flow(&[note_lead()], &[Piece::plain(remark(note))], None)?;
    }
    Ok(())
}

fn one<W: io::Write>(page: &mut Page<'_, W>, code: &CodeDifference) -> io::Result<()> {
    let (mark, paint) = match (&code.state, code.costed) {
        (CodeState::Sold | CodeState::NotSaid, true) => ("  ~ ", Paint::Update),
        (CodeState::Sold | CodeState::NotSaid, false) => ("  + ", Paint::Create),
        _ => ("  ! ", Paint::Delete),
    };
    let name = code.name.as_ref().map_or(String::new(), |name| format!("  {}", brief(name)));
    let mut body = vec![Piece::new(Paint::Strong, brief(&code.code)), Piece::plain(name)];
    let state = match &code.state {
        CodeState::Absent => Some(t!("is not in its catalogue")),
        CodeState::NotSold => Some(t!("is sold no more")),
        CodeState::Unreadable { why } => Some(t!("is not understood there: {why}", why = remark(why))),
        CodeState::Sold | CodeState::NotSaid => None,
    };
    body.extend(state.map(|state| Piece::new(Paint::Delete, format!("  {state}"))));
    if code.used && code.changes.is_empty() {
        body.push(Piece::plain(t!(", and a tariff plan offers it")));
    }
    let periods: Vec<String> = code.periods.iter().map(ToString::to_string).collect();
    let tail = match periods.is_empty() {
        true => String::new(),
        false => t!("for {periods}", periods = periods.join(" ")),
    };
    page.flow(&[Piece::new(paint, mark)], &body, Some(&Piece::faint(tail)))?;
    let shown = |figure: &Option<Figure>| figure.as_ref().map_or(String::new(), text);
    let widest = |of: fn(&CostChange) -> &Option<Figure>| {
        code.changes.iter().map(|change| shown(of(change)).width()).max().unwrap_or(0)
    };
    let (before, after) = (widest(|change| &change.before), widest(|change| &change.after));
    let field = code.changes.iter().map(|change| change.field.width()).max().unwrap_or(0);
    for change in &code.changes {
        let mark = match (&change.before, &change.after) {
            (None, _) => Piece::new(Paint::Create, "      + "),
            (_, None) => Piece::new(Paint::Delete, "      - "),
            _ => Piece::new(Paint::Update, "      ~ "),
        };
        let arrow = if before == 0 {
            ""
        } else if change.before.is_some() && change.after.is_some() {
            " -> "
        } else {
            "    "
        };
        let percent = change.percent.as_ref().map_or(String::new(), |percent| {
            let sign = if percent.starts_with('-') { "" } else { "+" };
            format!("  {sign}{percent} %")
        });
        let body = [
            Piece::plain(pad(&change.field, field + 2)),
            Piece::new(Paint::Old, pad_left(&shown(&change.before), before)),
            Piece::faint(arrow),
            Piece::new(Paint::New, pad_left(&shown(&change.after), after)),
            Piece::plain(percent),
        ];
        page.flow(&[mark], &body, None)?;
    }
    Ok(())
}

fn text(figure: &Figure) -> String {
    match figure {
        Figure::Cost(cost) => cost.to_string(),
        Figure::Nodes(count) => count.to_string(),
        Figure::Periods(periods) => periods.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "),
    }
}
