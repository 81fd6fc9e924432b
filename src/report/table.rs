//! A Markdown comment that fits: parts give up rows, the least important part first.

use super::{escape, words::count};

/// Characters of a comment. GitHub refuses more than 65,536; the rest is for whoever adds a header.
const LIMIT: usize = 60_000;
/// Characters kept free for a part's title, its folding and the line that says what is not shown.
const PART_OVERHEAD: usize = 400;

/// A whole comment.
pub(super) struct Comment {
    /// What stands above the parts.
    pub(super) intro: String,
    /// The parts in the order of reading.
    pub(super) parts: Vec<Part>,
    /// The last line.
    pub(super) footer: String,
    /// Where everything is shown, for a reader of a comment that had to be cut.
    pub(super) whole: &'static str,
}

/// A titled part of a comment.
pub(super) struct Part {
    pub(super) title: String,
    pub(super) weight: Weight,
    /// How many things the part tells of; it may need more rows for them.
    pub(super) count: usize,
    /// Whether the part is folded away until somebody clicks on it.
    pub(super) folded: bool,
    pub(super) tables: Vec<Table>,
}

/// A table: its head, and a line for each row.
pub(super) struct Table {
    pub(super) head: String,
    pub(super) rows: Vec<String>,
}

/// How much a reader loses with a part; the first ones get their room first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Weight {
    Deletes,
    Prices,
    Replacements,
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
    pub(super) fn new(columns: &[&str]) -> Self {
        let rule: String = columns.iter().map(|_| "---|").collect();
        Self { head: format!("| {} |\n|{rule}\n", columns.join(" | ")), rows: Vec::new() }
    }

    /// Adds a row of cells that are Markdown already.
    pub(super) fn row(&mut self, cells: &[&str]) {
        self.rows.push(format!("| {} |\n", cells.join(" | ")));
    }
}

impl Part {
    fn rows(&self) -> usize {
        self.tables.iter().map(|table| table.rows.len()).sum()
    }

    /// How many rows of each table fit into `room`, which is reduced by what they take.
    fn fit(&self, room: &mut usize) -> Vec<usize> {
        let mut open = true;
        let mut fit_table = |table: &Table| {
            let mut kept = 0;
            for row in &table.rows {
                let head = if kept == 0 { table.head.chars().count() + 1 } else { 0 };
                let cost = head + row.chars().count();
                open = open && cost <= *room;
                if !open {
                    break;
                }
                *room -= cost;
                kept += 1;
            }
            kept
        };
        self.tables.iter().map(&mut fit_table).collect()
    }

    fn render(&self, kept: &[usize], whole: &str, out: &mut String) {
        let title = format!("{} ({})", escape::entities(&self.title), self.count);
        match self.folded {
            true => out.push_str(&format!("\n<details><summary>{title}</summary>\n\n")),
            false => out.push_str(&format!("\n#### {title}\n\n")),
        }
        let shown = self.tables.iter().zip(kept).filter(|(_, kept)| **kept > 0);
        for (index, (table, kept)) in shown.enumerate() {
            if index > 0 {
                out.push('\n');
            }
            out.push_str(&table.head);
            table.rows[..*kept].iter().for_each(|row| out.push_str(row));
        }
        let missing = self.rows() - kept.iter().sum::<usize>();
        if missing > 0 {
            let start = if missing < self.rows() { "\n" } else { "" };
            out.push_str(start);
            out.push_str(&self.missing(missing, whole));
        }
        if self.folded {
            out.push_str("\n</details>\n");
        }
    }

    fn missing(&self, missing: usize, whole: &str) -> String {
        if self.weight.is_grave() {
            let rows = count(missing, "row");
            format!(
                "> **Attention: {rows} of \"{}\" not shown, because a comment has no room for all. {whole}**\n",
                escape::entities(&self.title)
            )
        } else {
            {
                let more = if missing < self.rows() { " more" } else { "" };
                format!("{missing}{more} not shown. {whole}\n")
            }
        }
    }
}

impl Comment {
    pub(super) fn render(&self) -> String {
        let parts: Vec<&Part> = self.parts.iter().filter(|part| part.rows() > 0).collect();
        let kept = self.fit(&parts);
        let mut out = self.intro.clone();
        for (part, kept) in parts.iter().zip(&kept) {
            part.render(kept, self.whole, &mut out);
        }
        out.push('\n');
        out.push_str(&self.footer);
        out
    }

    fn fit(&self, parts: &[&Part]) -> Vec<Vec<usize>> {
        let fixed = self.intro.chars().count() + self.footer.chars().count() + parts.len() * PART_OVERHEAD;
        let mut room = LIMIT.saturating_sub(fixed);
        let mut order: Vec<usize> = (0..parts.len()).collect();
        order.sort_by_key(|index| parts[*index].weight);
        let mut kept = vec![Vec::new(); parts.len()];
        for index in order {
            kept[index] = parts[index].fit(&mut room);
        }
        kept
    }
}

#[cfg(test)]
mod tests {
    use super::{Comment, LIMIT, Part, Table, Weight};

    fn part(weight: Weight, rows: usize) -> Part {
        let mut table = Table::new(&["a"]);
        (0..rows).for_each(|row| table.row(&[&format!("{row:090}")]));
        Part { title: format!("{weight:?}"), weight, count: rows, folded: false, tables: vec![table] }
    }

    fn rendered(parts: Vec<Part>) -> String {
        let comment =
            Comment { intro: "intro\n".into(), parts, footer: "end\n".into(), whole: "See the log." };
        comment.render()
    }

    #[test]
    fn the_least_important_rows_go_first() {
        let text = rendered(vec![part(Weight::LeftAlone, 400), part(Weight::Deletes, 400)]);
        assert!(text.chars().count() <= LIMIT);
        assert!(text.contains(&format!("{:090}", 399)), "a delete was cut");
        assert!(text.contains("more not shown. See the log."));
        assert!(!text.contains("Attention"));
    }

    #[test]
    fn missing_deletes_are_loud() {
        let text = rendered(vec![part(Weight::Deletes, 1000), part(Weight::Reads, 5)]);
        assert!(text.chars().count() <= LIMIT);
        assert!(text.contains("Attention") && text.contains("\n5 not shown. See"));
    }
}
