//! What a comment says besides the changes themselves.

use std::collections::BTreeMap;

use super::{
    super::{
        escape::{self, code, cut, entities},
        order::left_alone,
        text::{names, read_words},
        words,
    },
    changes::LONGEST_CELL,
    comment::Table,
    named, place, words_of,
};
use crate::{
    language::t,
    plan::{Finding, Guard, Plan},
};

pub(super) fn unmanaged(plan: &Plan) -> Table {
    let mut table = Table::new(&[
        t!("column" => "What"),
        t!("column" => "Why"),
        t!("column" => "What to do"),
        t!("column" => "Where"),
    ]);
    for part in &plan.unmanaged {
        let what = code(&escape::name(&part.what));
        table.row(&[&what, &words_of(&part.why), &words_of(&part.help), &place(part.origin.as_ref())]);
    }
    table
}

pub(super) fn left_out(plan: &Plan) -> Table {
    let mut table = Table::new(&[
        t!("column" => "Object"),
        t!("column" => "Change"),
        t!("column" => "Why it is left undone"),
    ]);
    for left in &plan.left_out {
        let (sign, _) = words::sign(left.action);
        table.row(&[&named(&left.object.kind, &left.object.key, None), &code(sign), &words_of(&left.why)]);
    }
    table
}

pub(super) fn ignored(plan: &Plan) -> Table {
    let mut table = Table::new(&[
        t!("column" => "Object"),
        t!("column" => "Change"),
        t!("column" => "What differs"),
        t!("column" => "Why it is ignored"),
    ]);
    for ignored in &plan.ignored {
        let (sign, _) = words::sign(ignored.action);
        let name = named(&ignored.object.kind, &ignored.object.key, None);
        let fields = words::ignored_fields(ignored);
        let fields = if fields.is_empty() { String::new() } else { code(&fields) };
        table.row(&[&name, &code(sign), &fields, &words_of(&words::ignored_reason(ignored))]);
    }
    table
}

pub(super) fn guards(guards: &[Guard]) -> Table {
    let mut table = Table::new(&[
        t!("column" => "Guard"),
        t!("column" => "What"),
        t!("column" => "Numbers"),
        t!("column" => "Allowed by"),
    ]);
    for guard in guards {
        let lift: Vec<String> = guard.lift.iter().map(|flag| code(flag)).collect();
        let sum = guard.arithmetic.as_deref().map(words_of).unwrap_or_default();
        let name = code(&escape::name(&guard.code));
        table.row(&[
            &name,
            &words_of(&guard.message),
            &sum,
            &lift.join(&format!("<br>{} ", t!("arguments" => "or"))),
        ]);
    }
    table
}

/// How many there are of each code.
pub(super) fn codes<'plan>(what: String, codes: impl Iterator<Item = &'plan str>) -> Table {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    codes.for_each(|code| *counts.entry(code).or_default() += 1);
    let mut table = Table::new(&[what, t!("column" => "How many")]);
    for (name, number) in counts {
        table.row(&[&code(&escape::name(name)), &number.to_string()]);
    }
    table
}

pub(super) fn findings(findings: &[Finding]) -> Table {
    let mut table = Table::new(&[
        t!("column" => "Check"),
        t!("column" => "What"),
        t!("column" => "Numbers"),
        t!("column" => "Cure"),
    ]);
    for finding in findings {
        let sum = finding.arithmetic.as_deref().map(words_of).unwrap_or_default();
        let message = format!("{}: {}", words::level(finding.level), words_of(&finding.message));
        table.row(&[&code(&escape::name(&finding.code)), &message, &sum, &words_of(&finding.cure)]);
    }
    table
}

pub(super) fn notes(plan: &Plan) -> Table {
    let rows = plan.notes.iter().map(|note| format!("- {}\n", words_of(note))).collect();
    Table { head: String::new(), rows }
}

pub(super) fn left(plan: &Plan, verbose: bool) -> Table {
    let mut table = Table::new(&[t!("column" => "Kind"), t!("column" => "Objects"), t!("column" => "Which")]);
    for (kind, list) in left_alone(plan) {
        let which = code(&cut(&names(&list, verbose), LONGEST_CELL));
        table.row(&[&entities(&escape::name(kind)), &list.len().to_string(), &which]);
    }
    table
}

pub(super) fn reads(plan: &Plan, verbose: bool) -> Table {
    let mut table = Table::new(&[t!("column" => "List"), t!("column" => "Read")]);
    for read in plan.reads.iter().filter(|_| verbose) {
        table.row(&[&code(&escape::name(&read.list)), &entities(&read_words(read))]);
    }
    table
}
