//! A plan as a comment on a pull request.

mod asides;
mod changes;
mod comment;
mod marker;
mod platform;
mod prices;
mod sums;

pub(super) use changes::sides;
pub(super) use comment::{Comment, Part, Table, Weight};
pub(crate) use marker::{Marker, plan_marker};
#[cfg(test)]
pub(crate) use platform::length;
pub(crate) use platform::{CommentStyle, Platform};

use super::{
    Style,
    escape::{self, code, entities, prose},
    order::{Risks, fields, moves_money, price_of},
    words::{self, Moves, Told},
};
use crate::{
    language::t,
    plan::{Action, Change, FieldChange, Origin, Plan},
};
use changes::Shown;
use comment::Form;

/// More rows than this are folded away, except where they are grave.
const MANY_ROWS: usize = 40;
/// No row is shorter than this, so that a comment of some length cannot have more than so many of them.
const SHORTEST_ROW: usize = 16;

/// Renders a plan, with a hidden first line by which a bot finds its own comment again.
pub(super) fn plan(plan: &Plan, told: Told, style: &Style) -> String {
    let limit = style.comment.platform.limit();
    let marker = marker::of(told, style.comment.marker.as_ref());
    let comment = Comment {
        intro: intro(plan, told, &marker),
        parts: parts(plan, told, style.verbose, limit),
        footer: footer(plan),
        whole: t!("The whole plan is in the output of `billform plan`, as text or with `--format json`."),
        limit,
    };
    comment.render()
}

fn intro(plan: &Plan, told: Told, marker: &str) -> String {
    let mut intro = format!("{marker}\n### {}\n\n", prose(&escape::remark(&words::title(plan, told))));
    if plan.is_empty() {
        intro.push_str(&format!("**{}**\n", words::nothing(plan, told)));
        return intro;
    }
    if let Some(legend) = words::legend(told) {
        intro.push_str(&format!("{}\n\n", entities(&legend)));
    }
    let counts: Vec<String> = words::counts(plan, told).into_iter().map(|(_, words)| words).collect();
    let (touched, kept) = counts.split_at(counts.len() - words::untouched(plan));
    intro.push_str(&format!("**{}; {}.**\n", touched.join(", "), kept.join(", ")));
    if let Some(moves) = Moves::of(plan).words() {
        intro.push_str(&format!("\n**{} {moves}.**\n", t!("Prices:")));
    }
    intro
}

fn footer(plan: &Plan) -> String {
    let (tool, format) = (escape::name(&plan.tool_version), escape::name(&plan.format_version));
    let words =
        t!("billform {tool}, plan format {format}", tool = entities(&tool), format = entities(&format));
    format!("<sub>{words}</sub>\n")
}

fn parts(plan: &Plan, told: Told, verbose: bool, limit: usize) -> Vec<Part> {
    let risks = Risks::of(plan);
    let room = Room { told, limit, most: limit / SHORTEST_ROW };
    let headings = words::headings(told);
    let aside = |title, weight, count, table| folded(Part::new(title, weight, count, vec![table]));
    vec![
        room.guards(plan),
        room.findings(plan),
        room.deletes(headings.deletes, &risks.deletes),
        room.replacements(headings.replacements, &risks.replacements),
        room.prices(headings.prices, &risks.prices),
        room.updates(headings.others, &rest(&risks, Action::Update)),
        room.creates(headings.creates, &rest(&risks, Action::Create)),
        aside(words::unmanaged(), Weight::Unmanaged, plan.unmanaged.len(), asides::unmanaged(plan)),
        aside(words::left_out(), Weight::LeftOut, plan.left_out.len(), asides::left_out(plan)),
        aside(words::ignored(), Weight::Ignored, plan.ignored.len(), asides::ignored(plan)),
        aside(t!("heading" => "Notes"), Weight::Notes, plan.notes.len(), asides::notes(plan)),
        aside(words::left_alone(), Weight::LeftAlone, plan.left_alone.len(), asides::left(plan, verbose)),
        aside(
            words::reads(),
            Weight::Reads,
            if verbose { plan.reads.len() } else { 0 },
            asides::reads(plan, verbose),
        ),
    ]
}

/// Folds a part away that is long and not grave.
fn folded(part: Part) -> Part {
    let weight = part.weight;
    let folded = weight >= Weight::LeftAlone || weight >= Weight::Updates && part.rows() > MANY_ROWS;
    Part { folded, ..part }
}

/// What a price table does not show of changes of prices, and the changes that have no prices.
fn rest<'plan>(risks: &Risks<'plan>, action: Action) -> Vec<Shown<'plan>> {
    let with_rest = risks.prices.iter().map(|change| (*change, besides_prices(change)));
    let with_rest = with_rest.filter(|(_, fields)| !fields.is_empty());
    let others = risks.others.iter().map(|change| (*change, fields(change)));
    let mut rest: Vec<Shown<'plan>> =
        with_rest.chain(others).filter(|(change, _)| change.action == action).collect();
    // Each kind has one table.
    rest.sort_by(|(one, _), (two, _)| one.object.kind.cmp(&two.object.kind));
    rest
}

/// Builds parts for a comment of some length.
struct Room {
    told: Told,
    limit: usize,
    /// More rows than this are not even made.
    most: usize,
}

impl Room {
    /// The first ones of a list, and how many are beyond any comment.
    fn first<'list, T>(&self, list: &'list [T]) -> (&'list [T], usize) {
        let first = &list[..list.len().min(self.most)];
        (first, list.len() - first.len())
    }

    fn guards(&self, plan: &Plan) -> Part {
        let (first, beyond) = self.first(&plan.guards);
        let part = Part::new(
            words::guards(self.told),
            Weight::Guards,
            plan.guards.len(),
            vec![asides::guards(first)],
        );
        Part {
            beyond,
            sums: vec![asides::codes(
                t!("column" => "Guard"),
                plan.guards.iter().map(|guard| guard.code.as_str()),
            )],
            ..part
        }
    }

    fn findings(&self, plan: &Plan) -> Part {
        let (first, beyond) = self.first(&plan.findings);
        let part =
            Part::new(words::findings(), Weight::Guards, plan.findings.len(), vec![asides::findings(first)]);
        let codes = plan.findings.iter().map(|finding| finding.code.as_str());
        Part { beyond, sums: vec![asides::codes(t!("column" => "Check"), codes)], ..part }
    }

    fn deletes(&self, title: String, all: &[&Change]) -> Part {
        let (first, beyond) = self.first(all);
        let form = |room| by_kind(first, |kind, some| changes::deletes(kind, some, room));
        let part = Part::new(title, Weight::Deletes, all.len(), form(true));
        let short = Form {
            tables: form(false),
            without: t!("what the deleted objects held, and why they are deleted"),
        };
        Part { beyond, sums: vec![sums::kinds(all)], ..with_form(part, short) }
    }

    fn replacements(&self, title: String, all: &[&Change]) -> Part {
        let (first, beyond) = self.first(all);
        let shown: Vec<Shown<'_>> = first.iter().map(|change| (*change, fields(change))).collect();
        let part = Part::new(title, Weight::Replacements, all.len(), self.update_tables(&shown));
        let bare: Vec<Shown<'_>> = first.iter().map(|change| (*change, vec![])).collect();
        let tables = by_kind(&bare, |kind, some| changes::creates(kind, some, false));
        let short = Form { tables, without: t!("the fields of what is replaced") };
        Part { beyond, sums: vec![sums::kinds(all)], ..with_form(part, short) }
    }

    fn prices(&self, title: String, all: &[&Change]) -> Part {
        let (first, beyond) = self.first(all);
        let part = Part::new(title, Weight::Prices, all.len(), prices::tables(first, true));
        let without = t!("where prices are written, and how they were computed");
        let short = Form { tables: prices::tables(first, false), without };
        Part { beyond, sums: vec![sums::prices(all, self.limit)], ..with_form(part, short) }
    }

    fn updates(&self, title: String, all: &[Shown<'_>]) -> Part {
        let (first, beyond) = self.first(all);
        let part = folded(Part::new(title, Weight::Updates, all.len(), self.update_tables(first)));
        Part { beyond, ..part }
    }

    fn creates(&self, title: String, all: &[Shown<'_>]) -> Part {
        let (first, beyond) = self.first(all);
        let form = |room| by_kind(first, |kind, some| changes::creates(kind, some, room));
        let part = folded(Part::new(title, Weight::Creates, all.len(), form(true)));
        let short = Form { tables: form(false), without: t!("the values of what is created") };
        Part { beyond, ..with_form(part, short) }
    }

    fn update_tables(&self, shown: &[Shown<'_>]) -> Vec<Table> {
        by_kind(shown, |kind, some| changes::updates(kind, some, self.told))
    }
}

fn with_form(mut part: Part, form: Form) -> Part {
    part.forms.push(form);
    part
}

/// A table for each kind, in the order in which the kinds come.
fn by_kind<T: OfChange>(list: &[T], table: impl Fn(&str, &[T]) -> Table) -> Vec<Table> {
    list.chunk_by(|one, two| one.kind() == two.kind()).map(|some| table(some[0].kind(), some)).collect()
}

trait OfChange {
    fn kind(&self) -> &str;
}

impl OfChange for &Change {
    fn kind(&self) -> &str {
        &self.object.kind
    }
}

impl OfChange for Shown<'_> {
    fn kind(&self) -> &str {
        &self.0.object.kind
    }
}

/// The fields of a change that the price tables have no place for.
fn besides_prices(change: &Change) -> Vec<&FieldChange> {
    let in_table = |field: &&FieldChange| moves_money(field) && price_of(&field.field).is_some();
    fields(change).into_iter().filter(|field| !in_table(field)).collect()
}

/// An object by kind and key; by id too, where it has one.
pub(super) fn named(kind: &str, key: &str, id: Option<&str>) -> String {
    let id = id.map_or(String::new(), |id| format!(" {}", code(&format!("#{}", escape::name(id)))));
    format!("{} {}{id}", entities(&escape::name(kind)), code(&escape::name(key)))
}

/// An object in a table of its kind.
fn object(change: &Change) -> String {
    let id = change.id.as_deref().map(|id| format!(" {}", code(&format!("#{}", escape::name(id)))));
    format!("{}{}", code(&escape::name(&change.object.key)), id.unwrap_or_default())
}

fn place(origin: Option<&Origin>) -> String {
    origin.map_or(String::new(), |origin| code(&escape::place(origin)))
}

pub(super) fn words_of(text: &str) -> String {
    prose(&escape::remark(text))
}
