//! A plan as a comment on a pull request.

use super::{
    diff::{self, Side},
    escape::{self, code, cut, entities, prose},
    order::{Risks, fields, left_alone, moves_money, price_of},
    prices,
    table::{Comment, Part, Table, Weight},
    text::{names, read_words},
    value::{self, Sign},
    words::{self, Moves, Told},
};
use crate::plan::{Action, Change, FieldChange, Origin, Plan, Value};

/// Longest value in a cell.
const LONGEST_VALUE: usize = 160;
/// Longest list of fields in a cell.
const LONGEST_CELL: usize = 4000;
/// More rows than this are folded away, except where they are grave.
const MANY_ROWS: usize = 40;
const WHOLE: &str = "The whole plan is in the output of `billform plan`, as text or with `--format json`.";

/// Renders a plan, with a hidden first line by which a bot finds its own comment again.
pub(super) fn plan(plan: &Plan, told: Told, verbose: bool) -> String {
    let comment = Comment {
        intro: intro(plan, told),
        parts: parts(plan, told, verbose),
        footer: footer(plan),
        whole: WHOLE,
    };
    comment.render()
}

fn intro(plan: &Plan, told: Told) -> String {
    let marker = match told {
        Told::Plan => "<!-- billform:plan -->",
        Told::Drift => "<!-- billform:drift -->",
    };
    let mut intro = format!("{marker}\n### {}\n\n", prose(&escape::remark(&words::title(plan, told))));
    if plan.is_empty() {
        intro.push_str(&format!("**{}**\n", words::nothing(plan, told)));
        return intro;
    }
    if let Some(legend) = words::legend(told) {
        intro.push_str(&format!("{}\n\n", entities(legend)));
    }
    let counts: Vec<String> = words::counts(plan, told).into_iter().map(|(_, words)| words).collect();
    let (touched, kept) = counts.split_at(counts.len() - words::untouched(plan));
    intro.push_str(&format!("**{}; {}.**\n", touched.join(", "), kept.join(", ")));
    if let Some(moves) = Moves::of(plan).words() {
        intro.push_str(&format!("\n**Prices: {moves}.**\n"));
    }
    intro
}

fn footer(plan: &Plan) -> String {
    let (tool, format) = (escape::name(&plan.tool_version), escape::name(&plan.format_version));
    format!("<sub>billform {}, plan format {}</sub>\n", entities(&tool), entities(&format))
}

fn parts(plan: &Plan, told: Told, verbose: bool) -> Vec<Part> {
    let risks = Risks::of(plan);
    let headings = words::headings(told);
    // What a price table does not show of a change of prices goes with the rest.
    let rest = |action: Action| -> Vec<(&Change, Vec<&FieldChange>)> {
        let with_rest = risks.prices.iter().map(|change| (*change, besides_prices(change)));
        let with_rest = with_rest.filter(|(_, fields)| !fields.is_empty());
        let others = risks.others.iter().map(|change| (*change, fields(change)));
        with_rest.chain(others).filter(|(change, _)| change.action == action).collect()
    };
    let replaced: Vec<_> = risks.replacements.iter().map(|change| (*change, fields(change))).collect();
    let (updates, creates) = (rest(Action::Update), rest(Action::Create));
    let (deletes, prices) = (delete_table(&risks.deletes), prices::tables(&risks.prices));
    let reads = if verbose { reads(plan) } else { Table::new(&[]) };
    use Weight as W;
    vec![
        part(words::guards(told), W::Guards, plan.guards.len(), vec![guards(plan)]),
        part(words::FINDINGS, W::Guards, plan.findings.len(), vec![findings(plan)]),
        part(headings.deletes, W::Deletes, risks.deletes.len(), vec![deletes]),
        part(headings.replacements, W::Replacements, replaced.len(), vec![field_table(&replaced, told)]),
        part(headings.prices, W::Prices, risks.prices.len(), prices),
        part(headings.others, W::Updates, updates.len(), vec![field_table(&updates, told)]),
        part(headings.creates, W::Creates, creates.len(), vec![create_table(&creates)]),
        part(words::UNMANAGED, W::Unmanaged, plan.unmanaged.len(), vec![unmanaged(plan)]),
        part(words::LEFT_OUT, W::LeftOut, plan.left_out.len(), vec![left_out(plan)]),
        part(words::IGNORED, W::Ignored, plan.ignored.len(), vec![ignored(plan)]),
        part("Notes", W::Notes, plan.notes.len(), vec![notes(plan)]),
        part(words::LEFT_ALONE, W::LeftAlone, plan.left_alone.len(), vec![left(plan, verbose)]),
        part(words::READS, W::Reads, plan.reads.len(), vec![reads]),
    ]
}

fn part(title: &str, weight: Weight, count: usize, tables: Vec<Table>) -> Part {
    let rows: usize = tables.iter().map(|table| table.rows.len()).sum();
    let folded = weight >= Weight::LeftAlone || weight >= Weight::Updates && rows > MANY_ROWS;
    Part { title: title.to_owned(), weight, count, folded, tables }
}

/// The fields of a change that the price tables have no place for.
fn besides_prices(change: &Change) -> Vec<&FieldChange> {
    let in_table = |field: &&FieldChange| moves_money(field) && price_of(&field.field).is_some();
    fields(change).into_iter().filter(|field| !in_table(field)).collect()
}

pub(super) fn object(kind: &str, key: &str, id: Option<&str>) -> String {
    let id = id.map_or(String::new(), |id| format!(" {}", code(&format!("#{}", escape::name(id)))));
    format!("{} {}{id}", entities(&escape::name(kind)), code(&escape::name(key)))
}

fn object_of(change: &Change) -> String {
    object(&change.object.kind, &change.object.key, change.id.as_deref())
}

fn place(origin: Option<&Origin>) -> String {
    origin.map_or(String::new(), |origin| code(&escape::place(origin)))
}

pub(super) fn words_of(text: &str) -> String {
    prose(&escape::remark(text))
}

fn delete_table(changes: &[&Change]) -> Table {
    let mut table = Table::new(&["Object", "Why", "What it held"]);
    for change in changes {
        let held = joined(&fields(change), |field| field.before.as_ref());
        let why = change.reason.as_deref().map(words_of).unwrap_or_default();
        table.row(&[&object_of(change), &why, &held]);
    }
    table
}

/// Fields and values of one side in one cell.
fn joined<'plan>(
    fields: &[&'plan FieldChange],
    side: impl Fn(&'plan FieldChange) -> Option<&'plan Value>,
) -> String {
    let mut cell = String::new();
    for (index, field) in fields.iter().enumerate() {
        let value = side(field).map(|value| code(&cut(&value::shown(value), LONGEST_VALUE)));
        let line = format!("{}: {}", entities(&escape::name(&field.field)), value.unwrap_or_default());
        if cell.len() + line.len() > LONGEST_CELL {
            cell.push_str(&format!("<br>and {} more fields", fields.len() - index));
            break;
        }
        if index > 0 {
            cell.push_str("<br>");
        }
        cell.push_str(&line);
    }
    cell
}

fn create_table(changes: &[(&Change, Vec<&FieldChange>)]) -> Table {
    let mut table = Table::new(&["Object", "Values", "Where"]);
    for (change, fields) in changes {
        let why = change.reason.as_deref().map_or(String::new(), |why| format!("<br>{}", words_of(why)));
        let name = format!("{}{why}", object_of(change));
        table.row(&[&name, &joined(fields, |field| field.after.as_ref()), &place(change.origin.as_ref())]);
    }
    table
}

/// A row for each field; the object stands in the first one.
fn field_table(changes: &[(&Change, Vec<&FieldChange>)], told: Told) -> Table {
    let mut table = match told {
        Told::Plan => Table::new(&["Object", "Field", "Now", "After", "Where"]),
        Told::Drift => Table::new(&["Object", "Field", "Panel", "Configuration", "Where"]),
    };
    for (change, fields) in changes {
        let why = change.reason.as_deref().map_or(String::new(), |why| format!("<br>{}", words_of(why)));
        let name = format!("{}{why}", object_of(change));
        if fields.is_empty() {
            table.row(&[&name, "", "", "", &place(change.origin.as_ref())]);
        }
        for (index, field) in fields.iter().enumerate() {
            let (before, after) = cells(field, told);
            let origin = field.origin.as_ref().or(change.origin.as_ref());
            let first = if index == 0 { name.as_str() } else { "" };
            table.row(&[first, &entities(&escape::name(&field.field)), &before, &after, &place(origin)]);
        }
    }
    table
}

/// Old and new value of a field, with the changed words marked where only a part changes.
fn cells(field: &FieldChange, told: Told) -> (String, String) {
    let one = |value: Option<&Value>| {
        value.map(|value| code(&cut(&value::shown(value), LONGEST_VALUE))).unwrap_or_default()
    };
    if field.after == Some(Value::Secret) {
        return (one(field.before.as_ref()), entities(value::secret(told)));
    }
    match (&field.before, &field.after) {
        (Some(before), Some(after)) if Sign::of(field) == Sign::Changed => {
            let (before, after) = value::pair(before, after);
            let percent = value::move_of(field).map_or(String::new(), |percent| format!(" ({percent})"));
            let caution = value::caution(&before, &after).map_or(String::new(), |text| format!("<br>{text}"));
            let (old, new) = marked(&before, &after);
            (old, format!("{new}{percent}{caution}"))
        }
        (before, after) => (one(before.as_ref()), one(after.as_ref())),
    }
}

fn marked(before: &str, after: &str) -> (String, String) {
    let mut segments = diff::words(before, after);
    diff::shorten(&mut segments);
    // Marks are worth their noise only where they leave something unmarked.
    if !segments.iter().any(|segment| segment.side == Side::Both && !segment.text.trim().is_empty()) {
        return (code(&cut(before, LONGEST_VALUE)), code(&cut(after, LONGEST_VALUE)));
    }
    let render = |side: Side, tag: &str| -> String {
        let mut out = String::from("<code>");
        for segment in diff::side(&segments, side) {
            let text = escape::literal(&cut(&segment.text, LONGEST_VALUE));
            match segment.side {
                Side::Both => out.push_str(&text),
                _ => out.push_str(&format!("<{tag}>{text}</{tag}>")),
            }
        }
        out + "</code>"
    };
    (render(Side::Old, "del"), render(Side::New, "ins"))
}

fn unmanaged(plan: &Plan) -> Table {
    let mut table = Table::new(&["What", "Why", "What to do", "Where"]);
    for part in &plan.unmanaged {
        let what = code(&escape::name(&part.what));
        table.row(&[&what, &words_of(&part.why), &words_of(&part.help), &place(part.origin.as_ref())]);
    }
    table
}

fn left_out(plan: &Plan) -> Table {
    let mut table = Table::new(&["Object", "Change", "Why it is left undone"]);
    for left in &plan.left_out {
        let (sign, _) = words::sign(left.action);
        table.row(&[&object(&left.object.kind, &left.object.key, None), &code(sign), &words_of(&left.why)]);
    }
    table
}

fn ignored(plan: &Plan) -> Table {
    let mut table = Table::new(&["Object", "Change", "What differs", "Why it is ignored"]);
    for ignored in &plan.ignored {
        let (sign, _) = words::sign(ignored.action);
        let name = object(&ignored.object.kind, &ignored.object.key, None);
        let fields = words::ignored_fields(ignored);
        let fields = if fields.is_empty() { String::new() } else { code(&cut(&fields, LONGEST_CELL)) };
        table.row(&[&name, &code(sign), &fields, &words_of(&words::ignored_reason(ignored))]);
    }
    table
}

fn guards(plan: &Plan) -> Table {
    let mut table = Table::new(&["Guard", "What", "Numbers", "Allowed by"]);
    for guard in &plan.guards {
        let lift: Vec<String> = guard.lift.iter().map(|flag| code(flag)).collect();
        let sum = guard.arithmetic.as_deref().map(words_of).unwrap_or_default();
        let name = code(&escape::name(&guard.code));
        table.row(&[&name, &words_of(&guard.message), &sum, &lift.join("<br>or ")]);
    }
    table
}

fn findings(plan: &Plan) -> Table {
    let mut table = Table::new(&["Check", "What", "Numbers", "Cure"]);
    for finding in &plan.findings {
        let sum = finding.arithmetic.as_deref().map(words_of).unwrap_or_default();
        let message = format!("{}: {}", finding.level, words_of(&finding.message));
        table.row(&[&code(&escape::name(&finding.code)), &message, &sum, &words_of(&finding.cure)]);
    }
    table
}

fn notes(plan: &Plan) -> Table {
    let rows = plan.notes.iter().map(|note| format!("- {}\n", words_of(note))).collect();
    Table { head: String::new(), rows }
}

fn left(plan: &Plan, verbose: bool) -> Table {
    let mut table = Table::new(&["Kind", "Objects", "Which"]);
    for (kind, list) in left_alone(plan) {
        let which = code(&cut(&names(&list, verbose), LONGEST_CELL));
        table.row(&[&entities(&escape::name(kind)), &list.len().to_string(), &which]);
    }
    table
}

fn reads(plan: &Plan) -> Table {
    let mut table = Table::new(&["List", "Read"]);
    for read in &plan.reads {
        table.row(&[&code(&escape::name(&read.list)), &entities(&read_words(read))]);
    }
    table
}
