//! A Markdown comment that fits: parts become shorter, the least important one first.
//!
//! What is grave gets its room first: deletes, replacements, prices and guards. Where even that is too much,
//! their counts and sums stand in place of the rows that are missing, and those are complete.

use super::{super::escape, platform::length};
use crate::language::{t, tn};

/// Characters kept free for a part's title, its folding, and what is said where it is cut.
const PART_OVERHEAD: usize = 400;

/// A whole comment.
pub(crate) struct Comment {
    /// What stands above the parts.
    pub(crate) intro: String,
    /// The parts in the order of reading.
    pub(crate) parts: Vec<Part>,
    /// The last line.
    pub(crate) footer: String,
    /// Where everything is shown, for a reader of a comment that had to be cut.
    pub(crate) whole: String,
    /// How long it may be.
    pub(crate) limit: usize,
}

/// A titled part of a comment.
pub(crate) struct Part {
    pub(crate) title: String,
    pub(crate) weight: Weight,
    /// How many things the part tells of; it may need more rows for them.
    pub(crate) count: usize,
    /// Whether the part is folded away until somebody clicks on it.
    pub(crate) folded: bool,
    /// The ways to tell it, from the fullest to the shortest. The last one may lose rows.
    pub(crate) forms: Vec<Form>,
    /// Complete counts, in place of what is lost of the last form.
    pub(crate) sums: Vec<Table>,
    /// Things that have no row even in the tables: more than any comment has room for.
    pub(crate) beyond: usize,
}

/// One way to tell a part.
pub(crate) struct Form {
    pub(crate) tables: Vec<Table>,
    /// What a fuller form has, for example `the values of what is created`.
    pub(crate) without: String,
}

/// A table: its head, and a line for each row.
pub(crate) struct Table {
    pub(crate) head: String,
    pub(crate) rows: Vec<String>,
}

/// How much a reader loses with a part; the first ones get their room first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Weight {
    Deletes,
    Replacements,
    Prices,
    Guards,
    Failures,
    Unmanaged,
    Updates,
    Creates,
    LeftOut,
    Ignored,
    Notes,
    LeftAlone,
    Reads,
}

impl Weight {
    /// Whether it must be loud that rows are missing.
    fn is_grave(self) -> bool {
        self <= Self::Failures
    }
}

impl Table {
    pub(crate) fn new(columns: &[impl AsRef<str>]) -> Self {
        Self::titled("", columns)
    }

    /// A table under a line of its own, which is Markdown already.
    pub(crate) fn titled(title: &str, columns: &[impl AsRef<str>]) -> Self {
        let title = if title.is_empty() { String::new() } else { format!("{title}\n\n") };
        let rule: String = columns.iter().map(|_| "---|").collect();
        let columns: Vec<&str> = columns.iter().map(AsRef::as_ref).collect();
        Self { head: format!("{title}| {} |\n|{rule}\n", columns.join(" | ")), rows: Vec::new() }
    }

    /// Adds a row of cells that are Markdown already.
    pub(crate) fn row(&mut self, cells: &[&str]) {
        self.rows.push(format!("| {} |\n", cells.join(" | ")));
    }

    /// How long its head and the first rows are.
    fn length(&self, rows: usize) -> usize {
        if rows == 0 {
            return 0;
        }
        // The blank line after the table before.
        1 + length(&self.head) + self.rows[..rows].iter().map(|row| length(row)).sum::<usize>()
    }

    fn write(&self, rows: usize, out: &mut String) {
        if rows == 0 {
            return;
        }
        if !out.ends_with("\n\n") {
            out.push('\n');
        }
        out.push_str(&self.head);
        self.rows[..rows].iter().for_each(|row| out.push_str(row));
    }
}

impl Form {
    /// The only way to tell something.
    pub(crate) fn whole(tables: Vec<Table>) -> Self {
        Self { tables, without: String::new() }
    }

    fn rows(&self) -> usize {
        self.tables.iter().map(|table| table.rows.len()).sum()
    }

    fn length(&self) -> usize {
        self.tables.iter().map(|table| table.length(table.rows.len())).sum()
    }
}

/// How a part is told.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Choice {
    /// The form of this number, whole.
    Whole(usize),
    /// The counts, and so many rows of each table of the last form.
    Cut(Vec<usize>),
}

impl Part {
    /// A part that is told in one way.
    pub(crate) fn new(title: String, weight: Weight, count: usize, tables: Vec<Table>) -> Self {
        let forms = vec![Form::whole(tables)];
        Self { title, weight, count, folded: false, forms, sums: vec![], beyond: 0 }
    }

    pub(crate) fn rows(&self) -> usize {
        self.forms.first().map_or(0, Form::rows)
    }

    fn sums_length(&self) -> usize {
        self.sums.iter().map(|table| table.length(table.rows.len())).sum()
    }

    fn length(&self, choice: &Choice) -> usize {
        match choice {
            Choice::Whole(form) => self.forms.get(*form).map_or(0, Form::length),
            Choice::Cut(_) => self.sums_length(),
        }
    }

    /// The next shorter way to tell it.
    fn shorter(&self, choice: &Choice) -> Option<Choice> {
        match choice {
            Choice::Whole(form) if form + 1 < self.forms.len() => Some(Choice::Whole(form + 1)),
            Choice::Whole(_) => Some(Choice::Cut(Vec::new())),
            Choice::Cut(_) => None,
        }
    }

    fn fullest(&self) -> Choice {
        if self.beyond == 0 { Choice::Whole(0) } else { Choice::Cut(Vec::new()) }
    }

    /// How many rows of each table of the last form fit into `room`, which is reduced by what they take.
    fn fill(&self, room: &mut usize) -> Choice {
        let mut open = true;
        let mut fit_table = |table: &Table| {
            let mut kept = 0;
            for row in &table.rows {
                let cost = length(row) + if kept == 0 { 1 + length(&table.head) } else { 0 };
                open = open && cost <= *room;
                if !open {
                    break;
                }
                *room -= cost;
                kept += 1;
            }
            kept
        };
        let tables = self.forms.last().map_or(&[][..], |form| &form.tables);
        Choice::Cut(tables.iter().map(&mut fit_table).collect())
    }

    fn render(&self, choice: &Choice, whole: &str, out: &mut String) {
        let title = format!("{} ({})", escape::entities(&self.title), self.count);
        match self.folded {
            true => out.push_str(&format!("\n<details><summary>{title}</summary>\n\n")),
            false => out.push_str(&format!("\n#### {title}\n\n")),
        }
        match choice {
            Choice::Whole(form) => {
                let tables = self.forms.get(*form).map_or(&[][..], |form| &form.tables);
                tables.iter().for_each(|table| table.write(table.rows.len(), out));
            }
            Choice::Cut(kept) => {
                self.sums.iter().for_each(|table| table.write(table.rows.len(), out));
                let tables = self.forms.last().map_or(&[][..], |form| &form.tables);
                tables.iter().zip(kept).for_each(|(table, rows)| table.write(*rows, out));
                out.push_str(&self.missing(kept, whole));
            }
        }
        if self.folded {
            out.push_str("\n</details>\n");
        }
    }

    fn missing_rows(&self, kept: &[usize]) -> usize {
        self.forms.last().map_or(0, Form::rows) + self.beyond - kept.iter().sum::<usize>()
    }

    fn missing(&self, kept: &[usize], whole: &str) -> String {
        let missing = self.missing_rows(kept);
        let start = if kept.iter().any(|rows| *rows > 0) || !self.sums.is_empty() { "\n" } else { "" };
        match (missing, self.weight.is_grave()) {
            (0, _) => String::new(),
            (_, true) => {
                let loud = tn!(
                    missing,
                    "Attention: {n} row of \"{title}\" not shown, because a comment has no room for all.",
                    "Attention: {n} rows of \"{title}\" not shown, because a comment has no room for all.",
                    title = escape::entities(&self.title)
                );
                format!("{start}> **{loud} {whole}**\n")
            }
            (_, false) => {
                let said = match start.is_empty() {
                    true => t!("{n} not shown.", n = missing),
                    false => t!("{n} more not shown.", n = missing),
                };
                format!("{start}{said} {whole}\n")
            }
        }
    }

    /// What a reader of this choice does not see, in a few words.
    fn lost(&self, choice: &Choice) -> Option<String> {
        match choice {
            Choice::Whole(form) => {
                let without: Vec<&str> =
                    self.forms[1..=*form].iter().map(|form| form.without.as_str()).collect();
                (!without.is_empty()).then(|| without.join(", "))
            }
            Choice::Cut(kept) => {
                let (missing, rows) = (self.missing_rows(kept), self.forms.last().map_or(0, Form::rows));
                let (title, all) = (escape::entities(&self.title), rows + self.beyond);
                let lost = || {
                    tn!(
                        all,
                        "{missing} of {n} rows of \"{title}\"",
                        "{missing} of {n} rows of \"{title}\"",
                        missing = missing,
                        title = title
                    )
                };
                let complete = || match self.sums.is_empty() {
                    true => String::new(),
                    false => format!(" {}", t!("(its counts and sums are complete)")),
                };
                (missing > 0).then(|| lost() + &complete())
            }
        }
    }
}

impl Comment {
    pub(crate) fn render(&self) -> String {
        let parts: Vec<&Part> = self.parts.iter().filter(|part| part.rows() > 0).collect();
        let choices = self.fit(&parts);
        let mut out = self.intro.clone();
        let lost = parts.iter().zip(&choices).filter_map(|(part, choice)| part.lost(choice));
        let lost: Vec<String> = lost.collect();
        if !lost.is_empty() {
            let said =
                t!("A comment has no room for all of it. Not shown: {parts}.", parts = lost.join("; "));
            out.push_str(&format!("\n> {said} {}\n", self.whole));
        }
        for (part, choice) in parts.iter().zip(&choices) {
            part.render(choice, &self.whole, &mut out);
        }
        out.push('\n');
        out.push_str(&self.footer);
        out
    }

    fn fit(&self, parts: &[&Part]) -> Vec<Choice> {
        let fixed = length(&self.intro) + length(&self.footer) + parts.len() * PART_OVERHEAD;
        let mut room = self.limit.saturating_sub(fixed);
        let mut order: Vec<usize> = (0..parts.len()).collect();
        order.sort_by_key(|index| parts[*index].weight);
        let (grave, rest): (Vec<usize>, Vec<usize>) =
            order.into_iter().partition(|index| parts[*index].weight.is_grave());
        let mut choices: Vec<Choice> = parts.iter().map(|part| part.fullest()).collect();
        shorten(parts, &grave, room, &mut choices);
        for index in &grave {
            room = room.saturating_sub(parts[*index].length(&choices[*index]));
        }
        for index in grave {
            if matches!(choices[index], Choice::Cut(_)) {
                choices[index] = parts[index].fill(&mut room);
            }
        }
        for index in rest {
            choices[index] = fullest_that_fits(parts[index], &mut room);
        }
        choices
    }
}

/// Shortens the longest of the parts until all of them fit.
fn shorten(parts: &[&Part], grave: &[usize], room: usize, choices: &mut [Choice]) {
    while grave.iter().map(|index| parts[*index].length(&choices[*index])).sum::<usize>() > room {
        let can = grave.iter().filter_map(|index| Some((*index, parts[*index].shorter(&choices[*index])?)));
        let Some((index, choice)) = can.max_by_key(|(index, _)| parts[*index].length(&choices[*index]))
        else {
            break;
        };
        choices[index] = choice;
    }
}

fn fullest_that_fits(part: &Part, room: &mut usize) -> Choice {
    let forms = if part.beyond == 0 { part.forms.len() } else { 0 };
    for form in 0..forms {
        let choice = Choice::Whole(form);
        let length = part.length(&choice);
        if length <= *room {
            *room -= length;
            return choice;
        }
    }
    *room = room.saturating_sub(part.sums_length());
    part.fill(room)
}

#[cfg(test)]
mod tests {
    use super::{Comment, Form, Part, Table, Weight, length};

    const LIMIT: usize = 60_000;

    fn table(title: &str, width: usize, rows: usize) -> Table {
        let mut table = Table::titled(title, &["a"]);
        (0..rows).for_each(|row| table.row(&[&format!("{row:0width$}")]));
        table
    }

    fn part(weight: Weight, rows: usize) -> Part {
        Part::new(format!("{weight:?}"), weight, rows, vec![table("", 90, rows)])
    }

    fn rendered(parts: Vec<Part>) -> String {
        let (intro, footer) = ("intro\n".to_owned(), "end\n".to_owned());
        let text = Comment { intro, parts, footer, whole: "See the log.".to_owned(), limit: LIMIT }.render();
        assert!(length(&text) <= LIMIT, "{}", length(&text));
        text
    }

    #[test]
    fn the_least_important_rows_go_first() {
        let text = rendered(vec![part(Weight::LeftAlone, 400), part(Weight::Deletes, 400)]);
        assert!(text.contains(&format!("{:090}", 399)), "a delete was cut");
        assert!(text.contains("more not shown. See the log."));
        assert!(
            !text.contains("Attention")
                && text.contains("> A comment has no room for all of it. Not shown: ")
        );
    }

    #[test]
    fn missing_deletes_are_loud_and_counted() {
        let mut deletes = part(Weight::Deletes, 1000);
        deletes.sums = vec![table("sums", 9, 3)];
        deletes.beyond = 500;
        let text = rendered(vec![deletes, part(Weight::Reads, 5)]);
        assert!(text.contains("Attention") && text.contains("\n5 not shown. See"), "{text}");
        assert!(text.contains("of 1500 rows of \"Deletes\" (its counts and sums are complete)"), "{text}");
        assert!(text.contains("sums\n") && text.contains("000000002"));
    }

    #[test]
    fn a_shorter_form_comes_before_the_loss_of_rows() {
        let mut creates = part(Weight::Creates, 1000);
        creates
            .forms
            .push(Form { tables: vec![table("", 20, 1000)], without: "the values of creates".to_owned() });
        let text = rendered(vec![creates, part(Weight::Notes, 400)]);
        assert!(text.contains("Not shown: the values of creates; "), "{text}");
        assert!(
            text.contains(&format!("{:020}", 999)) && text.contains(" of 400 rows of \"Notes\""),
            "{text}"
        );
    }
}
