//! A plan for a terminal or a log.
//!
//! Colour only ever repeats what a sign or a word says, so that a log without it reads the same.

use std::{collections::BTreeMap, io};

use unicode_width::UnicodeWidthStr;

use super::{
    Style, escape,
    field::Fields,
    layout::{Page, Paint, Piece, blanks, pad, pad_left},
    order::{Risks, left_alone},
    words::{self, Moves, Told},
};
use crate::{
    language::{t, tn},
    plan::{Change, Finding, Ignored, LeftAlone, LeftOut, Plan, Unmanaged},
};

/// Columns in front of an object's fields.
const INDENT: usize = 6;
/// How many guards of one sort are shown without `verbose`.
const FIRST_GUARDS: usize = 10;
/// How many names of objects that are left alone are given without `verbose`.
const FIRST_NAMES: usize = 5;

/// Writes a plan.
pub(super) fn plan(plan: &Plan, told: Told, style: &Style, out: &mut impl io::Write) -> io::Result<()> {
    let mut page = Page::new(out, style.color, style.width);
    if plan.is_empty() {
        page.text(&[Piece::plain(words::nothing(plan, told))])?;
    } else {
        page.text(&[Piece::new(Paint::Strong, escape::remark(&words::title(plan, told)))])?;
        if let Some(legend) = words::legend(told) {
            page.text(&[Piece::plain(legend)])?;
        }
        changes(plan, told, style, &mut page)?;
    }
    unmanaged(&plan.unmanaged, &mut page)?;
    left_out(&plan.left_out, &mut page)?;
    ignored(&plan.ignored, &mut page)?;
    // One calm line stays one line: what is left alone is counted in it.
    if !plan.is_empty() || style.verbose {
        left_alone_part(plan, style.verbose, &mut page)?;
    }
    notes(&plan.notes, &mut page)?;
    if style.verbose {
        reads(plan, &mut page)?;
    }
    if plan.is_empty() {
        return Ok(());
    }
    findings(&plan.findings, &mut page)?;
    guards(plan, told, style.verbose, &mut page)?;
    summary(plan, told, &mut page)
}

fn changes<W: io::Write>(plan: &Plan, told: Told, style: &Style, page: &mut Page<'_, W>) -> io::Result<()> {
    let risks = Risks::of(plan);
    let headings = words::headings(told);
    let parts = [
        (headings.deletes, Paint::Delete, risks.deletes),
        (headings.replacements, Paint::Replace, risks.replacements),
        (headings.prices, Paint::Heading, risks.prices),
        (headings.others, Paint::Heading, risks.others),
    ];
    for (title, paint, list) in parts.into_iter().filter(|(_, _, list)| !list.is_empty()) {
        heading(page, paint, &title, list.len())?;
        for (index, change) in list.into_iter().enumerate() {
            // Air between objects that have fields; a list of bare lines stays a list.
            if index > 0 && !change.fields.is_empty() {
                page.gap()?;
            }
            object(change, told, style, page)?;
        }
    }
    Ok(())
}

/// What stands in front of a remark on an object, as wide as the widest of the labels beside it.
fn label(text: &str, widest: usize) -> Piece {
    Piece::faint(format!("{}{} ", blanks(INDENT), pad(&format!("{text}:"), widest + 1)))
}

fn widest(labels: &[&String]) -> usize {
    labels.iter().map(|label| label.width()).max().unwrap_or(0)
}

fn why() -> Piece {
    label(&t!("label" => "why"), 0)
}

fn heading<W: io::Write>(page: &mut Page<'_, W>, paint: Paint, title: &str, number: usize) -> io::Result<()> {
    page.gap()?;
    page.text(&[Piece::new(paint, title), Piece::plain(format!(" ({number})"))])
}

fn object<W: io::Write>(
    change: &Change,
    told: Told,
    style: &Style,
    page: &mut Page<'_, W>,
) -> io::Result<()> {
    let (sign, paint) = words::sign(change.action);
    let mut name = vec![
        Piece::plain(format!("{} ", escape::name(&change.object.kind))),
        Piece::new(Paint::Strong, escape::name(&change.object.key)),
    ];
    if let Some(id) = &change.id {
        name.push(Piece::faint(format!("  #{}", escape::name(id))));
    }
    let origin = change.origin.as_ref().map(|origin| Piece::faint(escape::place(origin)));
    page.flow(&[Piece::new(paint, pad_left(sign, 3)), Piece::plain(" ")], &name, origin.as_ref())?;
    if let Some(reason) = &change.reason {
        page.flow(&[why()], &[Piece::plain(escape::remark(reason))], None)?;
    }
    if style.verbose && !change.depends_on.is_empty() {
        let all: Vec<String> =
            change.depends_on.iter().map(|object| escape::name(&object.to_string())).collect();
        page.flow(&[label(&t!("label" => "after"), 0)], &[Piece::plain(all.join(", "))], None)?;
    }
    Fields::of(change, told).write(INDENT, page)
}

fn unmanaged<W: io::Write>(list: &[Unmanaged], page: &mut Page<'_, W>) -> io::Result<()> {
    if list.is_empty() {
        return Ok(());
    }
    heading(page, Paint::Warn, &words::unmanaged(), list.len())?;
    let (why, help) = (t!("label" => "why"), t!("label" => "help"));
    let widest = widest(&[&why, &help]);
    for part in list {
        let origin = part.origin.as_ref().map(|origin| Piece::faint(escape::place(origin)));
        let lead = [Piece::new(Paint::Warn, "  !"), Piece::plain(" ")];
        page.flow(&lead, &[Piece::new(Paint::Strong, escape::name(&part.what))], origin.as_ref())?;
        for (name, says) in [(&why, &part.why), (&help, &part.help)] {
            page.flow(&[label(&pad_left(name, widest), 0)], &[Piece::plain(escape::remark(says))], None)?;
        }
    }
    Ok(())
}

fn left_out<W: io::Write>(list: &[LeftOut], page: &mut Page<'_, W>) -> io::Result<()> {
    if list.is_empty() {
        return Ok(());
    }
    heading(page, Paint::Warn, &words::left_out(), list.len())?;
    for left in list {
        let (sign, paint) = words::sign(left.action);
        let name = [
            Piece::plain(format!("{} ", escape::name(&left.object.kind))),
            Piece::new(Paint::Strong, escape::name(&left.object.key)),
        ];
        let why = Piece::faint(escape::remark(&left.why));
        page.flow(&[Piece::new(paint, pad_left(sign, 3)), Piece::plain(" ")], &name, Some(&why))?;
    }
    Ok(())
}

fn ignored<W: io::Write>(list: &[Ignored], page: &mut Page<'_, W>) -> io::Result<()> {
    if list.is_empty() {
        return Ok(());
    }
    heading(page, Paint::Heading, &words::ignored(), list.len())?;
    for ignored in list {
        let (sign, _) = words::sign(ignored.action);
        let name = [
            Piece::plain(format!("{} ", escape::name(&ignored.object.kind))),
            Piece::new(Paint::Strong, escape::name(&ignored.object.key)),
            Piece::plain(format!("  {}", escape::remark(&words::ignored_fields(ignored)))),
        ];
        page.flow(&[Piece::plain(format!("{} ", pad_left(sign, 3)))], &name, None)?;
        page.flow(&[why()], &[Piece::plain(words::ignored_reason(ignored))], None)?;
    }
    Ok(())
}

fn left_alone_part<W: io::Write>(plan: &Plan, verbose: bool, page: &mut Page<'_, W>) -> io::Result<()> {
    if plan.left_alone.is_empty() {
        return Ok(());
    }
    heading(page, Paint::Heading, &words::left_alone(), plan.left_alone.len())?;
    let kinds = left_alone(plan);
    let widest = kinds.keys().map(|kind| escape::name(kind).width()).max().unwrap_or(0).min(24);
    for (kind, list) in kinds {
        let lead =
            format!("    {} {}  ", pad(&escape::name(kind), widest), pad_left(&list.len().to_string(), 4));
        page.flow(&[Piece::plain(lead)], &[Piece::faint(names(&list, verbose))], None)?;
    }
    Ok(())
}

/// The first few names, or all of them with their ids.
pub(super) fn names(list: &[&LeftAlone], verbose: bool) -> String {
    let shown = if verbose { list.len() } else { FIRST_NAMES };
    let name = |left: &&LeftAlone| match verbose {
        true => format!("{} #{}", escape::name(&left.object.key), escape::name(&left.id)),
        false => escape::name(&left.object.key),
    };
    let names: Vec<String> = list.iter().take(shown).map(name).collect();
    match list.len().saturating_sub(shown) {
        0 => names.join(", "),
        more => t!("{names} and {more} more", names = names.join(", "), more = more),
    }
}

fn notes<W: io::Write>(list: &[String], page: &mut Page<'_, W>) -> io::Result<()> {
    if list.is_empty() {
        return Ok(());
    }
    heading(page, Paint::Heading, &t!("heading" => "Notes"), list.len())?;
    list.iter()
        .try_for_each(|note| page.flow(&[Piece::plain("  * ")], &[Piece::plain(escape::remark(note))], None))
}

fn reads<W: io::Write>(plan: &Plan, page: &mut Page<'_, W>) -> io::Result<()> {
    if plan.reads.is_empty() {
        return Ok(());
    }
    heading(page, Paint::Heading, &words::reads(), plan.reads.len())?;
    let widest = plan.reads.iter().map(|read| escape::name(&read.list).width()).max().unwrap_or(0);
    for read in &plan.reads {
        let lead = Piece::plain(format!("{}{}  ", blanks(4), pad(&escape::name(&read.list), widest.min(32))));
        page.flow(&[lead], &[Piece::faint(read_words(read))], None)?;
    }
    Ok(())
}

/// What was read of one list.
pub(super) fn read_words(read: &crate::plan::ReadProof) -> String {
    let rows = match read.total {
        Some(total) => tn!(total, "{rows} of {n} rows", "{rows} of {n} rows", rows = read.rows),
        None => tn!(read.rows, "{n} row, total not given", "{n} rows, total not given"),
    };
    let pages = tn!(read.pages, "{n} page", "{n} pages");
    let filter = match read.filter.as_str() {
        "none" => t!("filter" => "none"),
        filter => escape::name(filter),
    };
    t!("{rows}, {pages}, filter {filter}", rows = rows, pages = pages, filter = filter)
}

fn findings<W: io::Write>(list: &[Finding], page: &mut Page<'_, W>) -> io::Result<()> {
    if list.is_empty() {
        return Ok(());
    }
    heading(page, Paint::Warn, &words::findings(), list.len())?;
    let (numbers, cure) = (t!("label" => "numbers"), t!("label" => "cure"));
    let widest = widest(&[&numbers, &cure]);
    for finding in list {
        let lead = [Piece::new(Paint::Warn, "  !"), Piece::plain(" ")];
        let message = format!("{}: {}", words::level(finding.level), escape::remark(&finding.message));
        page.flow(
            &lead,
            &[Piece::new(Paint::Strong, message)],
            Some(&Piece::faint(escape::name(&finding.code))),
        )?;
        if let Some(sum) = &finding.arithmetic {
            page.flow(&[label(&numbers, widest)], &[Piece::plain(escape::remark(sum))], None)?;
        }
        page.flow(&[label(&cure, widest)], &[Piece::plain(escape::remark(&finding.cure))], None)?;
    }
    Ok(())
}

/// The last thing before the summary, where nobody overlooks it.
fn guards<W: io::Write>(plan: &Plan, told: Told, verbose: bool, page: &mut Page<'_, W>) -> io::Result<()> {
    if plan.guards.is_empty() {
        return Ok(());
    }
    heading(page, Paint::Warn, &words::guards(told), plan.guards.len())?;
    let (numbers, allow) = (t!("label" => "numbers"), t!("label" => "allow"));
    let widest = widest(&[&numbers, &allow]);
    let or = format!("  {}  ", t!("arguments" => "or"));
    let mut shown: BTreeMap<&str, usize> = BTreeMap::new();
    for guard in &plan.guards {
        let number = shown.entry(&guard.code).or_default();
        *number += 1;
        if *number > FIRST_GUARDS && !verbose {
            continue;
        }
        let lead = [Piece::new(Paint::Warn, "  !"), Piece::plain(" ")];
        let code = Piece::faint(escape::name(&guard.code));
        let message = Piece::new(Paint::Strong, escape::remark(&guard.message));
        page.flow(&lead, &[message], Some(&code))?;
        if let Some(sum) = &guard.arithmetic {
            page.flow(&[label(&numbers, widest)], &[Piece::plain(escape::remark(sum))], None)?;
        }
        // A flag that is cut short could be pasted and mean something else, so it is shown whole.
        page.flow(&[label(&allow, widest)], &[Piece::plain(guard.lift.join(&or))], None)?;
    }
    for (code, number) in shown.into_iter().filter(|(_, number)| *number > FIRST_GUARDS && !verbose) {
        let more = t!(
            "and {more} more of {code}; --verbose shows them all",
            more = number - FIRST_GUARDS,
            code = escape::name(code)
        );
        page.flow(&[Piece::plain("    ")], &[Piece::plain(more)], None)?;
    }
    Ok(())
}

fn summary<W: io::Write>(plan: &Plan, told: Told, page: &mut Page<'_, W>) -> io::Result<()> {
    page.gap()?;
    let start = match told {
        Told::Plan => t!("Plan:"),
        Told::Drift => t!("Drift:"),
    };
    let mut line = vec![Piece::new(Paint::Strong, format!("{start} "))];
    let counts = words::counts(plan, told);
    let touched = counts.len() - words::untouched(plan);
    for (index, (paint, words)) in counts.into_iter().enumerate() {
        match index {
            0 => {}
            _ if index == touched => line.push(Piece::plain("; ")),
            _ => line.push(Piece::plain(", ")),
        }
        line.push(Piece::new(paint, words));
    }
    line.push(Piece::plain("."));
    page.text(&line)?;
    if let Some(moves) = Moves::of(plan).words() {
        let start = format!("{} ", t!("Prices:"));
        page.text(&[Piece::new(Paint::Strong, start), Piece::plain(format!("{moves}."))])?;
    }
    Ok(())
}
