//! The books as a page that needs nothing else: no script, no font, no other file.

use std::fmt::Write as _;

use super::{
    books::{self, figures, money, number, titled},
    chart::Series,
    plot::{Curve, Plot},
    text::{columns, rows},
};
use crate::{
    language::t,
    report::html::{self, WRITES, begin, end},
    simulate::{Run, Simulation},
};

/// The whole page.
pub(super) fn page(simulation: &Simulation) -> String {
    let mut page = begin(&books::title(simulation), STYLE, None);
    writeln!(page, "<p>{}</p>", escape(&books::setting(simulation))).expect(WRITES);
    for sentence in books::verdict(simulation) {
        writeln!(page, "<p class=\"verdict\">{}</p>", escape(&sentence)).expect(WRITES);
    }
    page.push_str("</header>\n<main>\n<div class=\"cards\">\n");
    plots(simulation, &mut page);
    page.push_str("</div>\n");
    totals(simulation, &mut page);
    for run in simulation.runs() {
        let of = simulation.other.as_ref().map(|_| run.configuration.as_str());
        details(run, of, &mut page);
    }
    let footer = t!(
        "billform {tool}, simulation format {format}",
        tool = simulation.tool_version,
        format = simulation.format_version
    );
    page.push_str(&end(&footer, ""));
    page
}

fn plots(simulation: &Simulation, page: &mut String) {
    let months: Vec<String> = simulation.run.months.iter().map(|month| month.month.clone()).collect();
    let currency = &simulation.scenario.currency;
    let names: Vec<&str> = simulation.runs().map(|run| run.configuration.as_str()).collect();
    let several = names.len() > 1;
    let curves = |series: Series, classes: [&'static str; 2]| -> Vec<Curve> {
        let runs = simulation.runs().zip(classes).zip(&names);
        runs.map(|((run, class), name)| Curve {
            class,
            name: if several { format!("{}, {name}", series.name()) } else { series.name() },
            values: series.of(run),
        })
        .collect()
    };
    let title = t!("Cash over time, {currency}", currency = currency);
    let cash = Plot {
        title: &title,
        months: &months,
        unit: 100,
        curves: curves(Series::Cash, ["one", "one other"]),
    };
    card(&cash, &cash.lines(), page);
    // Each on a scale of its own: a pool is small beside all services.
    for (title, series, classes) in [
        (t!("Services over time"), Series::Services, ["two", "two other"]),
        (t!("Licences in the pool over time"), Series::Pool, ["three", "three other"]),
    ] {
        let plot = Plot { title: &title, months: &months, unit: 1, curves: curves(series, classes) };
        card(&plot, &plot.lines(), page);
    }
    for run in simulation.runs() {
        let of = if several { format!(", {}", run.configuration) } else { String::new() };
        let title = format!("{}{of}", t!("Licences bought and reused by month"));
        let curve = |series: Series, class| Curve { class, name: series.name(), values: series.of(run) };
        let curves = vec![curve(Series::Bought, "two"), curve(Series::Reused, "three")];
        let plot = Plot { title: &title, months: &months, unit: 1, curves };
        card(&plot, &plot.bars(), page);
    }
}

fn card(plot: &Plot<'_>, svg: &str, page: &mut String) {
    write!(page, "<figure>\n<figcaption>{}", escape(plot.title)).expect(WRITES);
    if plot.curves.len() > 1 {
        page.push_str("<ul class=\"legend\">");
        for curve in &plot.curves {
            write!(page, "<li class=\"{}\">{}</li>", curve.class, escape(&curve.name)).expect(WRITES);
        }
        page.push_str("</ul>");
    }
    writeln!(page, "</figcaption>\n{svg}\n</figure>").expect(WRITES);
}

fn totals(simulation: &Simulation, page: &mut String) {
    let names: Vec<String> = simulation.runs().map(|run| run.configuration.clone()).collect();
    let head: Vec<String> = std::iter::once(String::new()).chain(names).collect();
    let row = |figure: &books::Figure| {
        let part = if figure.part { "\u{2003}" } else { "" };
        let name = format!("{part}{}", figure.name);
        (figure.begins, std::iter::once(name).chain(figure.values.iter().cloned()).collect())
    };
    let rows: Vec<(bool, Vec<String>)> = figures(simulation).iter().map(row).collect();
    writeln!(page, "<h2>{}</h2>", escape(&t!("Totals"))).expect(WRITES);
    table(&head, &rows, page);
}

fn details(run: &Run, of: Option<&str>, page: &mut String) {
    for (title, list) in [
        (t!("heading" => "Refused"), run.refusals.iter().map(books::refusal).collect::<Vec<_>>()),
        (t!("heading" => "Notes"), books::notes(run)),
    ] {
        if list.is_empty() {
            continue;
        }
        writeln!(page, "<h2>{}</h2>\n<ul class=\"remarks\">", escape(&titled(title, of))).expect(WRITES);
        for remark in list {
            writeln!(page, "<li>{}</li>", escape(&remark)).expect(WRITES);
        }
        page.push_str("</ul>\n");
    }
    writeln!(page, "<h2>{}</h2>", escape(&titled(t!("heading" => "Sales"), of))).expect(WRITES);
    let head = [
        t!("column" => "sale"),
        t!("column" => "ordered"),
        t!("column" => "bought"),
        t!("column" => "reused"),
        t!("column" => "renewed"),
        t!("column" => "paid"),
        t!("column" => "cost"),
        t!("column" => "result"),
    ];
    let row = |line: &crate::simulate::LineTotal| {
        let cells = vec![
            books::sale(line),
            number(line.sold),
            number(line.bought),
            number(line.reused),
            number(line.renewed),
            money(line.income),
            money(line.cost),
            money(line.income - line.cost),
        ];
        (false, cells)
    };
    table(&head, &run.sales.iter().map(row).collect::<Vec<_>>(), page);
    writeln!(page, "<h2>{}</h2>", escape(&titled(t!("heading" => "Months"), of))).expect(WRITES);
    let rows: Vec<(bool, Vec<String>)> = rows(run).into_iter().map(|row| (false, row.to_vec())).collect();
    table(&columns(), &rows, page);
}

/// A table whose first column is words and whose others are figures. Rows that begin a group stand off.
fn table(head: &[String], rows: &[(bool, Vec<String>)], page: &mut String) {
    page.push_str("<div class=\"wide\"><table>\n<thead><tr>");
    for cell in head {
        write!(page, "<th scope=\"col\">{}</th>", escape(cell)).expect(WRITES);
    }
    page.push_str("</tr></thead>\n<tbody>\n");
    for (begins, cells) in rows {
        page.push_str(if *begins { "<tr class=\"begins\">" } else { "<tr>" });
        for (column, cell) in cells.iter().enumerate() {
            let below_zero = column > 0 && cell.starts_with('-');
            match (column, below_zero) {
                (0, _) => write!(page, "<th scope=\"row\">{}</th>", escape(cell)),
                (_, true) => write!(page, "<td class=\"minus\">{}</td>", escape(cell)),
                (_, false) => write!(page, "<td>{}</td>", escape(cell)),
            }
            .expect(WRITES);
        }
        page.push_str("</tr>\n");
    }
    page.push_str("</tbody>\n</table></div>\n");
}

/// Text in a page. The blank that sets parts of a figure in is ours.
fn escape(text: &str) -> String {
    match text.strip_prefix('\u{2003}') {
        Some(rest) => format!("\u{2003}{}", html::escape(rest)),
        None => html::escape(text),
    }
}

/// Colours are of a palette that people who see few colours can tell apart (Okabe and Ito), and lines of the
/// other run are dashed besides.
const STYLE: &str = include_str!("page.css");
