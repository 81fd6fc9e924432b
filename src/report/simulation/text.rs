//! The books for a terminal or a log.

use std::io;

use super::{
    books::{self, apart_signed, figures, money, number},
    chart::{Series, range},
};
use crate::{
    report::{
        Style, escape,
        layout::{Page, Paint, Piece, blanks, pad, pad_left},
    },
    simulate::{Run, Simulation},
};

/// Columns of the names of figures.
const NAMES: usize = 26;
/// Columns of the names of charts.
const CHARTS: usize = 12;
/// The longest chart: more than a month in a column is bearable.
const LONGEST: usize = 60;

/// Writes the books.
pub(super) fn write(simulation: &Simulation, style: &Style, out: &mut impl io::Write) -> io::Result<()> {
    let mut page = Page::new(out, style.color, style.width);
    page.text(&[Piece::new(Paint::Strong, escape::remark(&books::title(simulation)))])?;
    page.text(&[Piece::faint(books::setting(simulation))])?;
    let verdict = books::verdict(simulation);
    if !verdict.is_empty() {
        page.gap()?;
        page.text(&[Piece::new(Paint::Strong, escape::remark(&verdict.join(" ")))])?;
    }
    compared(simulation, &mut page)?;
    over_time(simulation, &mut page)?;
    for run in simulation.runs() {
        let of = simulation.other.as_ref().map_or(String::new(), |_| format!(" of {}", run.configuration));
        sales(run, &of, &mut page)?;
        remarks(&format!("Refused{of}"), run.refusals.iter().map(books::refusal), &mut page)?;
        remarks(&format!("Notes{of}"), books::notes(run).into_iter(), &mut page)?;
        if style.verbose {
            months(run, &of, &mut page)?;
        }
    }
    Ok(())
}

fn heading<W: io::Write>(page: &mut Page<'_, W>, title: &str) -> io::Result<()> {
    page.gap()?;
    page.text(&[Piece::new(Paint::Heading, escape::remark(title))])
}

/// All figures, in a column for each run.
fn compared<W: io::Write>(simulation: &Simulation, page: &mut Page<'_, W>) -> io::Result<()> {
    let figures = figures(simulation);
    let widest = figures.iter().flat_map(|figure| &figure.values).map(String::len).max().unwrap_or(0);
    let columns = figures.first().map_or(0, |figure| figure.values.len());
    let fits = NAMES + columns * (widest + 2) <= page.width() + 2 || columns == 1;
    if simulation.other.is_some() {
        page.gap()?;
        // Long names in narrow columns would push the figures apart.
        let legend = ["this", "other"].into_iter().zip(simulation.runs());
        for (word, run) in legend {
            let name = escape::name(&run.configuration);
            page.flow(&[Piece::faint(pad(word, 7))], &[Piece::plain(name)], None)?;
        }
        page.gap()?;
        if fits {
            let head = format!("{}  {}", pad_left("this", widest), pad_left("other", widest));
            page.flow(&[Piece::plain(blanks(NAMES))], &[Piece::faint(head)], None)?;
        }
    }
    for figure in &figures {
        if figure.begins && (simulation.other.is_none() || figure.name != figures[0].name) {
            page.gap()?;
        }
        // Parts of a figure stand below it, further in.
        let part = figure.name.starts_with(char::is_lowercase);
        let name = if part { format!("  {}", figure.name) } else { figure.name.to_owned() };
        let values: Vec<String> = figure.values.iter().map(|value| pad_left(value, widest)).collect();
        let paint = match figure.name {
            "Result" if figure.values.iter().any(|value| value.starts_with('-')) => Paint::Delete,
            "Result" => Paint::Strong,
            "Refused" if figure.values.iter().any(|value| value != "0") => Paint::Warn,
            _ => Paint::Plain,
        };
        if fits {
            page.flow(&[Piece::plain(pad(&name, NAMES))], &[Piece::new(paint, values.join("  "))], None)?;
        } else {
            page.text(&[Piece::plain(name)])?;
            let values = figure.values.iter().zip(["this", "other"]);
            for (value, word) in values {
                page.flow(
                    &[Piece::faint(pad(&format!("    {word}"), 11))],
                    &[Piece::new(paint, value)],
                    None,
                )?;
            }
        }
    }
    Ok(())
}

fn over_time<W: io::Write>(simulation: &Simulation, page: &mut Page<'_, W>) -> io::Result<()> {
    let months = &simulation.run.months;
    let (Some(first), Some(last)) = (months.first(), months.last()) else { return Ok(()) };
    heading(page, &format!("Over time, {} to {}", first.month, last.month))?;
    let room = page.width().saturating_sub(CHARTS + 22).clamp(8, LONGEST);
    for series in Series::ALL {
        let values: Vec<Vec<i64>> = simulation.runs().map(|run| series.of(run)).collect();
        let (low, high) = range(&values);
        for (index, (values, run)) in values.iter().zip(simulation.runs()).enumerate() {
            let name = match (simulation.other.is_some(), index) {
                (false, _) | (true, 0) => series.name().to_owned(),
                (true, _) => "  other".to_owned(),
            };
            let bars = series.bars(values, room, low, high);
            let most = apart_signed(values.iter().max().copied().unwrap_or(0));
            let words = match series {
                Series::Cash if run.lowest.cash.is_zero() => "never below zero".to_owned(),
                Series::Cash => format!("lowest {} on {}", money(run.lowest.cash), run.lowest.on),
                _ if series.is_level() => format!("at most {most}"),
                _ => format!("at most {most} in a month"),
            };
            let lead = [Piece::plain("  "), Piece::faint(pad(&name, CHARTS - 2))];
            page.flow(&lead, &[Piece::plain(bars), Piece::faint(format!("  {words}"))], None)?;
        }
    }
    Ok(())
}

fn sales<W: io::Write>(run: &Run, of: &str, page: &mut Page<'_, W>) -> io::Result<()> {
    heading(page, &format!("Sales{of}"))?;
    for line in &run.sales {
        page.flow(&[Piece::plain("  ")], &[Piece::plain(escape::remark(&books::sale(line)))], None)?;
        let counts = [
            (line.sold, "ordered"),
            (line.bought, "bought"),
            (line.reused, "reused"),
            (line.renewed, "renewed"),
        ];
        let counts: Vec<String> =
            counts.iter().map(|(count, word)| format!("{} {word}", number(*count))).collect();
        let result = line.income - line.cost;
        let paint = if result.is_negative() { Paint::Delete } else { Paint::Plain };
        let sum = format!("{} - {} = ", money(line.income), money(line.cost));
        let body = [
            Piece::faint(format!("{};  ", counts.join(", "))),
            Piece::faint(sum),
            Piece::new(paint, money(result)),
        ];
        page.flow(&[Piece::plain("      ")], &body, None)?;
    }
    Ok(())
}

fn remarks<W: io::Write>(
    title: &str,
    list: impl ExactSizeIterator<Item = String>,
    page: &mut Page<'_, W>,
) -> io::Result<()> {
    if list.len() == 0 {
        return Ok(());
    }
    page.gap()?;
    page.text(&[Piece::new(Paint::Warn, escape::remark(title))])?;
    for remark in list {
        page.flow(&[Piece::plain("  * ")], &[Piece::plain(escape::remark(&remark))], None)?;
    }
    Ok(())
}

/// The columns of the months.
pub(super) const MONTHS: [&str; 10] =
    ["month", "ordered", "bought", "reused", "renewed", "pool", "services", "paid", "cost", "cash"];

/// The columns that a narrow page does without, the first one first. JSON has them all.
const SPARE: [usize; 8] = [1, 4, 7, 8, 6, 5, 3, 2];

/// A row for each month.
pub(super) fn rows(run: &Run) -> Vec<[String; 10]> {
    let row = |month: &crate::simulate::MonthRow| {
        let books = &month.books;
        [
            month.month.clone(),
            number(books.sold),
            number(books.bought),
            number(books.reused),
            number(books.renewed),
            apart_signed(books.pool),
            apart_signed(books.services),
            money(books.income),
            money(books.cost),
            money(books.cash),
        ]
    };
    run.months.iter().map(row).collect()
}

fn months<W: io::Write>(run: &Run, of: &str, page: &mut Page<'_, W>) -> io::Result<()> {
    heading(page, &format!("Months{of}"))?;
    let rows = rows(run);
    let head = MONTHS.map(str::to_owned);
    let widths: Vec<usize> = (0..MONTHS.len())
        .map(|column| rows.iter().chain([&head]).map(|row| row[column].len()).max().unwrap_or(0))
        .collect();
    let mut shown: Vec<usize> = (0..MONTHS.len()).collect();
    let mut spare = SPARE.iter();
    while shown.iter().map(|column| widths[*column] + 2).sum::<usize>() > page.width() {
        let Some(column) = spare.next() else { break };
        shown.retain(|kept| kept != column);
    }
    for (index, row) in std::iter::once(&head).chain(&rows).enumerate() {
        let cells: Vec<String> =
            shown.iter().map(|column| pad_left(&row[*column], widths[*column])).collect();
        let paint = if index == 0 { Paint::Faint } else { Paint::Plain };
        page.flow(&[Piece::plain("  ")], &[Piece::new(paint, cells.join("  "))], None)?;
    }
    Ok(())
}
