//! The books of simulations, in all formats.

use jsonschema::Validator;
use quick_xml::events::Event;
use serde_json::Value;

use super::{PLAIN, golden, samples};
use crate::{
    report::{Played, SimulationFormat, Style, schema, simulation},
    simulate::{
        Simulation, run,
        tests::{self as scenes, STREAM, YEARLY},
    },
};

pub(super) fn written(simulation: &Simulation, format: SimulationFormat, style: &Style) -> String {
    let scenario = scenes::read(STREAM);
    let lines = [scenes::lines(&scenario, YEARLY), scenes::lines(&scenario, &[])];
    let lines = lines.iter().map(Vec::as_slice).collect();
    let mut out = Vec::new();
    self::simulation(&Played { simulation, scenario: &scenario, lines }, format, style, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

pub(super) fn two() -> Simulation {
    scenes::simulation(STREAM)
}

pub(super) fn one() -> Simulation {
    Simulation { other: None, difference: None, ..two() }
}

/// One whose every name is `text`.
fn hostile(text: &str) -> Simulation {
    let mut simulation = two();
    simulation.scenario.file = text.to_owned();
    let other = simulation.other.as_mut().unwrap();
    for run in [&mut simulation.run, other] {
        run.configuration = text.to_owned();
        run.notes = vec![text.to_owned()];
        for sale in &mut run.sales {
            (sale.tariff, sale.panel) = (text.to_owned(), text.to_owned());
        }
    }
    simulation
}

#[test]
fn the_books_as_text() {
    for width in [30, 80] {
        let style = Style { width, ..PLAIN };
        golden(&format!("simulation-{width}.txt"), &written(&two(), SimulationFormat::Text, &style));
    }
    let verbose = Style { verbose: true, ..PLAIN };
    golden("simulation-one.txt", &written(&one(), SimulationFormat::Text, &verbose));
}

#[test]
fn no_line_of_the_books_is_wider_than_the_page_and_colour_changes_no_word() {
    for width in [30, 50, 80, 110] {
        let style = Style { width, verbose: true, ..PLAIN };
        let text = written(&two(), SimulationFormat::Text, &style);
        let widest = text.lines().map(|line| line.chars().count()).max();
        assert!(widest <= Some(width), "{widest:?} of {width}\n{text}");
        let coloured = written(&two(), SimulationFormat::Text, &Style { color: true, ..style });
        assert!(coloured.contains('\u{1b}'));
        assert_eq!(anstream::adapter::strip_str(&coloured).to_string(), text);
    }
}

#[test]
fn ten_years_fit_a_narrow_page() {
    let scenario =
        scenes::read("clients: [{tariff: small, panel: nopanel, period: 1m, orders_per_month: 3}]\n");
    let mut long = run(&scenario, &scenes::lines(&scenario, &[]), "config");
    let month = long.months[0].clone();
    long.months = vec![month; 120];
    let simulation = Simulation { run: long, ..one() };
    let text = written(&simulation, SimulationFormat::Text, &Style { width: 40, ..PLAIN });
    assert!(text.lines().all(|line| line.chars().count() <= 40), "{text}");
    assert!(written(&simulation, SimulationFormat::Html, &PLAIN).contains("<polyline"));
}

#[test]
fn what_programs_get_matches_its_schema() {
    let schema: Validator = jsonschema::draft202012::new(&schema::<Simulation>()).unwrap();
    for simulation in [one(), two(), hostile("Панель \u{202e}")] {
        let json = written(&simulation, SimulationFormat::Json, &PLAIN);
        let value: Value = serde_json::from_str(&json).unwrap();
        assert!(schema.is_valid(&value), "{:?}", schema.iter_errors(&value).next());
    }
}

#[test]
fn the_page_is_whole_and_needs_nothing_else() {
    let page = written(&two(), SimulationFormat::Html, &PLAIN);
    assert!(page.starts_with("<!doctype html>\n<html lang=\"en\">"));
    // Cash, services, pool, and bars for each of the two.
    assert_eq!(page.matches("<svg ").count(), 5);
    for alien in ["<script", "http://", "https://", "@import", "url(", "<link", "<img"] {
        assert!(!page.contains(alien), "{alien}");
    }
    let mut reader = quick_xml::Reader::from_str(&page);
    reader.config_mut().check_end_names = true;
    let mut open = 0_i32;
    loop {
        match reader.read_event().unwrap() {
            Event::Start(_) => open += 1,
            Event::End(_) => open -= 1,
            Event::Eof => break,
            _ => {}
        }
    }
    assert_eq!(open, 0);
}

#[test]
fn no_name_is_markup_a_formula_or_an_order_to_the_terminal() {
    for text in samples::HOSTILE.into_iter().chain(["</title><script>alert(1)</script>", "=1+1,\"x\""]) {
        let simulation = hostile(text);
        let page = written(&simulation, SimulationFormat::Html, &PLAIN);
        assert!(!page.contains("<script") && !page.contains('\u{1b}') && !page.contains('\u{202e}'));
        assert_eq!(
            page.matches("</title>").count(),
            written(&two(), SimulationFormat::Html, &PLAIN).matches("</title>").count()
        );
        let shown = written(&simulation, SimulationFormat::Text, &PLAIN);
        assert!(!shown.contains('\u{1b}') && !shown.contains('\u{202e}'), "{shown:?}");
        let ledger = written(&simulation, SimulationFormat::Csv, &PLAIN);
        assert!(!ledger.lines().any(|line| line.starts_with(['=', '+', '@'])));
    }
}

#[test]
fn the_ledger_adds_up() {
    let simulation = two();
    let ledger = written(&simulation, SimulationFormat::Csv, &PLAIN);
    let mut lines = ledger.lines();
    let head: Vec<&str> = lines.next().unwrap().split(',').collect();
    let column = |name: &str| head.iter().position(|cell| *cell == name).unwrap();
    let (of, amount) = (column("configuration"), column("amount"));
    for run in simulation.runs() {
        let rows = ledger.lines().map(|line| line.split(',').collect::<Vec<_>>());
        let mine: Vec<_> = rows.filter(|row| row[of] == run.configuration).collect();
        let hundredths = |text: &str| text.replace('.', "").parse::<i64>().unwrap();
        let sum: i64 = mine.iter().map(|row| hundredths(row[amount])).sum();
        assert_eq!(sum, run.total.cash.hundredths());
        assert!(mine.iter().all(|row| row.len() == head.len()));
    }
    assert!(lines.count() > 4000);
}
