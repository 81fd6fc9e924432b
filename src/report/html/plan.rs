//! A plan as a page: what is grave first, the prices as a heat map, the graph, and a box to filter by.

use std::fmt::Write as _;

use super::{
    super::{
        Style, Subject, escape,
        graph::Graph,
        order::{Risks, fields, left_alone, moves_money, price_of},
        text::{names, read_words},
        words::{self, Moves, Told},
    },
    WRITES, begin, changes, drawing, end, escape as text, heat, prose, table,
};
use crate::{
    language::t,
    plan::{Action, Change, FieldChange, Plan},
};

const STYLE: &str = include_str!("plan.css");
/// The filter; the page is whole without it.
const SCRIPT: &str = include_str!("filter.js");
/// SHA-256 of the script in base64: the page runs no other.
const DIGEST: &str = include_str!("filter.sha256");

/// More guards or findings than this are folded away.
const MANY: usize = 12;

/// The whole page.
pub(in crate::report) fn page(subject: Subject<'_>, told: Told, style: &Style) -> String {
    let plan = subject.plan;
    let mut out = begin(&escape::remark(&words::title(plan, told)), STYLE, Some(DIGEST.trim()));
    summary(plan, told, &mut out);
    out.push_str("</header>\n<main>\n");
    if !plan.is_empty() {
        filter(&mut out);
    }
    grave(plan, told, &mut out);
    calm(plan, told, &mut out);
    drawing::section(Graph::of(subject), &mut out);
    asides(plan, style.verbose, &mut out);
    let (tool, format) = (escape::name(&plan.tool_version), escape::name(&plan.format_version));
    let footer = t!("billform {tool}, plan format {format}", tool = tool, format = format);
    out.push_str(&end(&footer, SCRIPT));
    out
}

/// The box to filter by, which the script shows. It fills in the sentence that says how many rows are left.
fn filter(out: &mut String) {
    writeln!(
        out,
        "<form id=\"filter\" hidden><label>{} <input type=\"search\" autocomplete=\"off\" \
         placeholder=\"{}\"/></label> <output data-said=\"{}\"></output></form>",
        text(&t!("Show only")),
        text(&t!("a tariff plan, an item, a word")),
        text(&t!("{shown} of {all} rows", shown = "%1", all = "%2"))
    )
    .expect(WRITES);
}

/// What destroys and what costs money.
fn grave(plan: &Plan, told: Told, out: &mut String) {
    let risks = Risks::of(plan);
    let headings = words::headings(told);
    let number = plan.guards.len();
    section(&words::guards(told), number, "grave", out, |out| folded(number, out, |out| guards(plan, out)));
    let deletes = &risks.deletes;
    section(&headings.deletes, deletes.len(), "grave", out, |out| changes::deletes(deletes, out));
    let replaced: Vec<_> = risks.replacements.iter().map(|change| (*change, fields(change))).collect();
    section(&headings.replacements, replaced.len(), "grave", out, |out| {
        changes::updates(&replaced, told, out);
    });
    section(&headings.prices, risks.prices.len(), "", out, |out| heat::maps(&risks.prices, out));
    let number = plan.findings.len();
    section(&words::findings(), number, "grave", out, |out| folded(number, out, |out| findings(plan, out)));
}

/// The other changes, and what is left undone.
fn calm(plan: &Plan, told: Told, out: &mut String) {
    let risks = Risks::of(plan);
    let headings = words::headings(told);
    let (updates, creates) = (rest(&risks, Action::Update), rest(&risks, Action::Create));
    section(&headings.others, updates.len(), "", out, |out| changes::updates(&updates, told, out));
    section(&headings.creates, creates.len(), "", out, |out| changes::creates(&creates, out));
    section(&words::unmanaged(), plan.unmanaged.len(), "grave", out, |out| unmanaged(plan, out));
    section(&words::left_out(), plan.left_out.len(), "", out, |out| left_out(plan, out));
    section(&words::ignored(), plan.ignored.len(), "", out, |out| ignored(plan, out));
}

fn asides(plan: &Plan, verbose: bool, out: &mut String) {
    section(&t!("heading" => "Notes"), plan.notes.len(), "", out, |out| notes(plan, out));
    section(&words::left_alone(), plan.left_alone.len(), "", out, |out| left(plan, out));
    let reads = if verbose { plan.reads.len() } else { 0 };
    section(&words::reads(), reads, "", out, |out| read(plan, out));
}

fn summary(plan: &Plan, told: Told, out: &mut String) {
    if plan.is_empty() {
        writeln!(out, "<p class=\"verdict\">{}</p>", text(&words::nothing(plan, told))).expect(WRITES);
        return;
    }
    if let Some(legend) = words::legend(told) {
        writeln!(out, "<p>{}</p>", text(&legend)).expect(WRITES);
    }
    let counts: Vec<String> = words::counts(plan, told).into_iter().map(|(_, words)| words).collect();
    let (touched, kept) = counts.split_at(counts.len() - words::untouched(plan));
    writeln!(out, "<p class=\"verdict\">{}; {}.</p>", text(&touched.join(", ")), text(&kept.join(", ")))
        .expect(WRITES);
    if let Some(moves) = Moves::of(plan).words() {
        writeln!(out, "<p class=\"verdict\">{} {}.</p>", text(&t!("Prices:")), text(&moves)).expect(WRITES);
    }
}

/// A part of the page, if there is something in it.
fn section(title: &str, number: usize, class: &str, out: &mut String, fill: impl FnOnce(&mut String)) {
    if number == 0 {
        return;
    }
    writeln!(out, "<section class=\"{class}\">\n<h2>{} <span>{number}</span></h2>", text(title))
        .expect(WRITES);
    fill(out);
    out.push_str("</section>\n");
}

/// Folds a long list away, so that what comes after it is found; the filter unfolds it.
fn folded(number: usize, out: &mut String, fill: impl FnOnce(&mut String)) {
    if number <= MANY {
        return fill(out);
    }
    let all = t!("Show all {n}", n = number);
    writeln!(out, "<details class=\"many\"><summary>{}</summary>", text(&all)).expect(WRITES);
    fill(out);
    out.push_str("</details>\n");
}

/// What the heat maps do not show of changes of prices, and the changes that have no prices.
fn rest<'plan>(risks: &Risks<'plan>, action: Action) -> Vec<(&'plan Change, Vec<&'plan FieldChange>)> {
    let in_map = |field: &&FieldChange| moves_money(field) && price_of(&field.field).is_some();
    let besides = |change: &'plan Change| fields(change).into_iter().filter(|field| !in_map(field)).collect();
    let with_rest = risks.prices.iter().map(|change| (*change, besides(change)));
    let with_rest = with_rest.filter(|(_, fields): &(_, Vec<_>)| !fields.is_empty());
    let others = risks.others.iter().map(|change| (*change, fields(change)));
    with_rest.chain(others).filter(|(change, _)| change.action == action).collect()
}

fn code(name: &str) -> String {
    format!("<code>{}</code>", text(&escape::name(name)))
}

fn guards(plan: &Plan, out: &mut String) {
    let or = format!("<br>{} ", text(&t!("arguments" => "or")));
    let row = |guard: &crate::plan::Guard| {
        let lift: Vec<String> =
            guard.lift.iter().map(|flag| format!("<code>{}</code>", text(flag))).collect();
        let sum = guard.arithmetic.as_deref().map(prose).unwrap_or_default();
        vec![prose(&guard.message), sum, lift.join(&or), code(&guard.code)]
    };
    let rows: Vec<Vec<String>> = plan.guards.iter().map(row).collect();
    let head = [
        t!("column" => "What"),
        t!("column" => "Numbers"),
        t!("column" => "Allowed by"),
        t!("column" => "Guard"),
    ];
    table(&head, &rows, out);
}

fn findings(plan: &Plan, out: &mut String) {
    let row = |finding: &crate::plan::Finding| {
        let sum = finding.arithmetic.as_deref().map(prose).unwrap_or_default();
        let message = format!("{}: {}", text(&words::level(finding.level)), prose(&finding.message));
        vec![message, sum, prose(&finding.cure), code(&finding.code)]
    };
    let rows: Vec<Vec<String>> = plan.findings.iter().map(row).collect();
    let head =
        [t!("column" => "What"), t!("column" => "Numbers"), t!("column" => "Cure"), t!("column" => "Check")];
    table(&head, &rows, out);
}

fn unmanaged(plan: &Plan, out: &mut String) {
    let row = |part: &crate::plan::Unmanaged| {
        vec![code(&part.what), prose(&part.why), prose(&part.help), changes::place(part.origin.as_ref())]
    };
    let rows: Vec<Vec<String>> = plan.unmanaged.iter().map(row).collect();
    let head = [
        t!("column" => "What"),
        t!("column" => "Why"),
        t!("column" => "What to do"),
        t!("column" => "Where"),
    ];
    table(&head, &rows, out);
}

fn left_out(plan: &Plan, out: &mut String) {
    let row = |left: &crate::plan::LeftOut| {
        let object = format!("{} {}", text(&escape::name(&left.object.kind)), code(&left.object.key));
        vec![object, words::sign(left.action).0.to_owned(), prose(&left.why)]
    };
    let rows: Vec<Vec<String>> = plan.left_out.iter().map(row).collect();
    let head = [t!("column" => "Object"), t!("column" => "Change"), t!("column" => "Why it is left undone")];
    table(&head, &rows, out);
}

fn ignored(plan: &Plan, out: &mut String) {
    let row = |ignored: &crate::plan::Ignored| {
        let object = format!("{} {}", text(&escape::name(&ignored.object.kind)), code(&ignored.object.key));
        let fields = text(&words::ignored_fields(ignored));
        let why = prose(&words::ignored_reason(ignored));
        vec![object, words::sign(ignored.action).0.to_owned(), fields, why]
    };
    let rows: Vec<Vec<String>> = plan.ignored.iter().map(row).collect();
    let head = [
        t!("column" => "Object"),
        t!("column" => "Change"),
        t!("column" => "What differs"),
        t!("column" => "Why it is ignored"),
    ];
    table(&head, &rows, out);
}

fn notes(plan: &Plan, out: &mut String) {
    out.push_str("<ul class=\"remarks\">\n");
    plan.notes.iter().for_each(|note| writeln!(out, "<li>{}</li>", prose(note)).expect(WRITES));
    out.push_str("</ul>\n");
}

fn left(plan: &Plan, out: &mut String) {
    let row = |(kind, list): (&str, Vec<&crate::plan::LeftAlone>)| {
        vec![text(&escape::name(kind)), list.len().to_string(), text(&names(&list, true))]
    };
    let rows: Vec<Vec<String>> = left_alone(plan).into_iter().map(row).collect();
    writeln!(out, "<details><summary>{}</summary>", text(&t!("column" => "Which"))).expect(WRITES);
    table(&[t!("column" => "Kind"), t!("column" => "Objects"), t!("column" => "Which")], &rows, out);
    out.push_str("</details>\n");
}

fn read(plan: &Plan, out: &mut String) {
    let row = |read: &crate::plan::ReadProof| vec![code(&read.list), text(&read_words(read))];
    let rows: Vec<Vec<String>> = plan.reads.iter().map(row).collect();
    table(&[t!("column" => "List"), t!("column" => "Read")], &rows, out);
}

#[cfg(test)]
mod tests {
    use sha2::{Digest as _, Sha256};

    use super::{DIGEST, SCRIPT};

    #[test]
    fn the_script_is_the_one_that_the_page_allows() {
        let letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        let digest = Sha256::digest(SCRIPT.as_bytes());
        let mut bits = digest.iter().flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1)).peekable();
        let mut text = String::new();
        while bits.peek().is_some() {
            let place = (0..6).fold(0, |place, _| place << 1 | usize::from(bits.next().unwrap_or(0)));
            text.push(char::from(letters[place]));
        }
        assert_eq!(DIGEST.trim().trim_end_matches('='), text, "write it to filter.sha256");
    }
}
