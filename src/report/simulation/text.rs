//! The books for a terminal or a log.

use std::io;

use unicode_width::UnicodeWidthStr;

use super::{
    books::{self, Figure, Weight, apart_signed, figures, money, number, titled},
    chart::{Series, range},
};
use crate::{
    language::t,
    report::{
        Style, escape,
        layout::{Page, Paint, Piece, blanks, pad, pad_left},
    },
    simulate::{Run, Simulation},
};

/// Columns of the names of figures, at the least.
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
        let of = simulation.other.as_ref().map(|_| run.configuration.as_str());
        sales(run, of, &mut page)?;
        let refused = titled(t!("heading" => "Refused"), of);
        remarks(&refused, run.refusals.iter().map(books::refusal), &mut page)?;
        remarks(&titled(t!("heading" => "Notes"), of), books::notes(run).into_iter(), &mut page)?;
        if style.verbose {
            months(run, of, &mut page)?;
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
    let (this, other) = (t!("run" => "this"), t!("run" => "other"));
    let words = this.width().max(other.width());
    let widest = figures.iter().flat_map(|figure| &figure.values).map(|value| value.width()).max();
    let widest = widest.unwrap_or(0).max(if simulation.other.is_some() { words } else { 0 });
    let names = figures.iter().map(|figure| name(figure).width()).max().unwrap_or(0);
    let names = NAMES.max(names + 2);
    let columns = figures.first().map_or(0, |figure| figure.values.len());
    let fits = names + columns * (widest + 2) <= page.width() + 2 || columns == 1;
    if simulation.other.is_some() {
        page.gap()?;
        // Long names in narrow columns would push the figures apart.
        let legend = [&this, &other].into_iter().zip(simulation.runs());
        for (word, run) in legend {
            let name = escape::name(&run.configuration);
            page.flow(&[Piece::faint(pad(word, words + 2))], &[Piece::plain(name)], None)?;
        }
        page.gap()?;
        if fits {
            let head = format!("{}  {}", pad_left(&this, widest), pad_left(&other, widest));
            page.flow(&[Piece::plain(blanks(names))], &[Piece::faint(head)], None)?;
        }
    }
    for figure in &figures {
        if figure.begins && (simulation.other.is_none() || figure.name != figures[0].name) {
            page.gap()?;
        }
        let values: Vec<String> = figure.values.iter().map(|value| pad_left(value, widest)).collect();
        let paint = match figure.weight {
            Weight::Result if figure.values.iter().any(|value| value.starts_with('-')) => Paint::Delete,
            Weight::Result => Paint::Strong,
            Weight::Trouble if figure.values.iter().any(|value| value != "0") => Paint::Warn,
            Weight::Trouble | Weight::Plain => Paint::Plain,
        };
        if fits {
            page.flow(
                &[Piece::plain(pad(&name(figure), names))],
                &[Piece::new(paint, values.join("  "))],
                None,
            )?;
        } else {
            page.text(&[Piece::plain(name(figure))])?;
            let values = figure.values.iter().zip([&this, &other]);
            for (value, word) in values {
                page.flow(
                    &[Piece::faint(pad(&format!("    {word}"), words + 6))],
                    &[Piece::new(paint, value)],
                    None,
                )?;
            }
        }
    }
    Ok(())
}

/// What a figure is called. Parts of one stand below it, further in.
fn name(figure: &Figure) -> String {
    if figure.part { format!("  {}", figure.name) } else { figure.name.clone() }
}

fn over_time<W: io::Write>(simulation: &Simulation, page: &mut Page<'_, W>) -> io::Result<()> {
    let months = &simulation.run.months;
    let (Some(first), Some(last)) = (months.first(), months.last()) else { return Ok(()) };
    heading(page, &t!("Over time, {from} to {to}", from = first.month, to = last.month))?;
    let room = page.width().saturating_sub(CHARTS + 22).clamp(8, LONGEST);
    for series in Series::ALL {
        let values: Vec<Vec<i64>> = simulation.runs().map(|run| series.of(run)).collect();
        let (low, high) = range(&values);
        for (index, (values, run)) in values.iter().zip(simulation.runs()).enumerate() {
            let name = match (simulation.other.is_some(), index) {
                (false, _) | (true, 0) => series.name(),
                (true, _) => format!("  {}", t!("run" => "other")),
            };
            let bars = series.bars(values, room, low, high);
            let most = apart_signed(values.iter().max().copied().unwrap_or(0));
            let words = match series {
                Series::Cash if run.lowest.cash.is_zero() => t!("never below zero"),
                Series::Cash => {
                    t!("lowest {amount} on {day}", amount = money(run.lowest.cash), day = run.lowest.on)
                }
                _ if series.is_level() => t!("at most {most}", most = most),
                _ => t!("at most {most} in a month", most = most),
            };
            let lead = [Piece::plain("  "), Piece::faint(pad(&name, CHARTS - 2))];
            page.flow(&lead, &[Piece::plain(bars), Piece::faint(format!("  {words}"))], None)?;
        }
    }
    Ok(())
}

fn sales<W: io::Write>(run: &Run, of: Option<&str>, page: &mut Page<'_, W>) -> io::Result<()> {
    heading(page, &titled(t!("heading" => "Sales"), of))?;
    for line in &run.sales {
        page.flow(&[Piece::plain("  ")], &[Piece::plain(escape::remark(&books::sale(line)))], None)?;
        let counts = [
            t!("{n} ordered", n = number(line.sold)),
            t!("{n} bought", n = number(line.bought)),
            t!("{n} reused", n = number(line.reused)),
            t!("{n} renewed", n = number(line.renewed)),
        ];
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
pub(super) fn columns() -> [String; 10] {
    [
        t!("column" => "month"),
        t!("column" => "ordered"),
        t!("column" => "bought"),
        t!("column" => "reused"),
        t!("column" => "renewed"),
        t!("column" => "pool"),
        t!("column" => "services"),
        t!("column" => "paid"),
        t!("column" => "cost"),
        t!("column" => "cash"),
    ]
}

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

fn months<W: io::Write>(run: &Run, of: Option<&str>, page: &mut Page<'_, W>) -> io::Result<()> {
    heading(page, &titled(t!("heading" => "Months"), of))?;
    let rows = rows(run);
    let head = columns();
    let widths: Vec<usize> = (0..head.len())
        .map(|column| rows.iter().chain([&head]).map(|row| row[column].width()).max().unwrap_or(0))
        .collect();
    let mut shown: Vec<usize> = (0..head.len()).collect();
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
