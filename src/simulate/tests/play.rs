//! What comes of a scenario.

use std::collections::BTreeSet;

use super::{STREAM, YEARLY, cash, lines, read, simulation};
use crate::{
    licence::{Event, What},
    model::Cash,
    simulate::{
        LineTotal,
        clients::{Act, Deed},
        play, run,
    },
};

fn told(text: &str, rows: &[(&str, &str)]) -> Vec<Event> {
    let scenario = read(text);
    let mut events = Vec::new();
    play(&scenario, &lines(&scenario, rows), &mut |event| events.push(event));
    events
}

#[test]
fn the_same_scenario_ends_in_the_same_ledger() {
    let (one, two) = (told(STREAM, YEARLY), told(STREAM, YEARLY));
    assert!(one == two && one.len() > 2000, "{}", one.len());
    assert_ne!(one, told(&format!("seed: 2\n{STREAM}"), YEARLY));
}

/// What clients do, as they see it.
fn seen_by_clients(events: &[Event]) -> Vec<(String, Option<u32>, String)> {
    let theirs =
        events.iter().filter(|event| matches!(event.what, What::Sold | What::Prolonged | What::Ended));
    theirs.map(|event| (event.day.to_string(), event.service, event.amount.to_string())).collect()
}

#[test]
fn two_configurations_see_the_same_clients() {
    let (yearly, monthly) = (told(STREAM, YEARLY), told(STREAM, &[]));
    assert_ne!(yearly, monthly);
    assert_eq!(seen_by_clients(&yearly), seen_by_clients(&monthly));
}

#[test]
fn those_who_were_there_before_live_as_before() {
    let alone = read(STREAM);
    let more = format!("{STREAM}  - {{tariff: big, panel: \"55228\", period: 12m, orders_per_month: 5}}\n");
    // Twenty a month in two years.
    let theirs = |deed: &&Deed| match deed.act {
        Act::Order { client, .. } | Act::ChangePanel { client, .. } | Act::ChangeIp(client) => client < 480,
        Act::Cancel(_) | Act::Stop(_) | Act::TopUp(_) => false,
    };
    let together: Vec<Deed> = read(&more).deeds.iter().filter(theirs).copied().collect();
    assert_eq!(alone.deeds, together);
}

#[test]
fn as_many_order_in_each_month_and_about_as_many_leave_as_the_chance_says() {
    let scenario = read(
        "clients:\n  - {tariff: small, panel: nopanel, period: 1m, orders_per_month: 1000, leave: 10%}\n",
    );
    let run = run(&scenario, &lines(&scenario, &[]), "config");
    assert_eq!(run.months.len(), 24);
    assert!(run.months.iter().all(|month| month.books.sold == 1000));
    assert_eq!((run.total.bought, run.total.cost), (0, cash("0")));
    let mut events = Vec::new();
    play(&scenario, &lines(&scenario, &[]), &mut |event| events.push(event));
    let count = |what: &What| events.iter().filter(|event| event.what == *what).count();
    let (left, stayed) = (count(&What::Ended), count(&What::Prolonged));
    let tenth = left * 1000 / (left + stayed);
    assert!((97..=103).contains(&tenth), "{left} of {} left", left + stayed);
}

#[test]
fn single_events_happen_on_their_days() {
    let events = told(
        "events:\n\
         - {on: 2027-01-05, change_panel: first, panel: \"55228\"}\n\
         - {on: 2026-12-05, order: first, tariff: small, panel: \"55227\", period: 1m}\n\
         - {on: 2027-03-01, change_ip: first}\n\
         - {on: 2027-03-10, stop: first}\n\
         - {on: 2026-12-05, order: second, tariff: big, panel: nopanel, period: 3m}\n\
         - {on: 2026-12-24, cancel: second}\n",
        YEARLY,
    );
    let story: Vec<String> = events
        .iter()
        .map(|event| {
            let service = event.service.map_or("-".to_owned(), |service| service.to_string());
            format!("{} {service} {} {}", event.day, event.what.as_str(), event.amount)
        })
        .collect();
    let expected = [
        "2026-12-05 0 sold 35.00",
        "2026-12-05 0 ordered -250.00",
        "2026-12-05 1 sold 0.00",
        "2026-12-24 1 ended 0.00",
        // The period that begins on this day is paid before the panel changes.
        "2027-01-05 0 prolonged 35.00",
        "2027-01-05 0 released 0.00",
        "2027-01-05 0 ordered -500.00",
        "2027-02-05 0 prolonged 70.00",
        "2027-03-01 0 ip_changed 0.00",
        "2027-03-05 0 prolonged 70.00",
        "2027-04-05 0 ended 0.00",
        "2027-04-05 0 released 0.00",
        "2027-12-05 - expired 0.00",
        "2028-01-04 - deleted 0.00",
        "2028-01-05 - expired 0.00",
        "2028-02-04 - deleted 0.00",
    ];
    assert_eq!(story, expected);
}

#[test]
fn the_books_agree_with_the_events() {
    let simulation = simulation(STREAM);
    for (run, rows) in simulation.runs().zip([YEARLY, &[]]) {
        let events = told(STREAM, rows);
        assert_eq!(run.total.cash, events.iter().map(|event| event.amount).sum());
        assert_eq!(run.total.cash, run.months.last().unwrap().books.cash);
        let sales = |part: fn(&LineTotal) -> Cash| run.sales.iter().map(part).sum();
        assert_eq!((run.total.income, run.total.cost), (sales(|sale| sale.income), sales(|sale| sale.cost)));
        assert_eq!(run.days.paid, run.days.used + run.days.idle + run.days.left);
        let refused: u64 = run.refusals.iter().map(|refused| refused.count).sum();
        assert_eq!(run.total.refused, refused);
        let mut days: Vec<_> =
            events.iter().map(|event| event.day).collect::<BTreeSet<_>>().into_iter().collect();
        days.sort();
        let after = |day| events.iter().filter(|event| event.day <= day).map(|event| event.amount).sum();
        let lowest: Cash = days.into_iter().map(after).min().unwrap();
        assert_eq!(run.lowest.cash, lowest.min(Cash::ZERO));
    }
    let difference = simulation.difference.unwrap();
    assert_eq!(difference.income, cash("0"));
    assert_eq!(difference.cash, -difference.cost);
}

#[test]
fn an_account_that_runs_dry_refuses_until_it_is_topped_up() {
    let scenario = read(
        "balance: \"300\"\nevents:\n\
         - {on: 2026-12-05, order: one, tariff: small, panel: \"55227\", period: 1m}\n\
         - {on: 2026-12-06, order: two, tariff: small, panel: \"55227\", period: 1m}\n\
         - {on: 2026-12-07, top_up: \"1000.00\"}\n\
         - {on: 2026-12-08, order: three, tariff: small, panel: \"55227\", period: 1m}\n",
    );
    let run = run(&scenario, &lines(&scenario, YEARLY), "config");
    let balance = run.balance.unwrap();
    // Two orders and two renewals after a year.
    assert_eq!((balance.start, balance.topped_up, balance.end), (cash("300"), cash("1000"), cash("300")));
    let [refused] = &run.refusals[..] else { panic!("{:?}", run.refusals) };
    assert_eq!((refused.reason.as_str(), refused.count), ("balance too low", 1));
    assert_eq!(refused.first, "2026-12-06");
}

#[test]
fn what_the_mapping_forbids_is_played_and_told() {
    let scenario =
        read("clients:\n  - {tariff: small, panel: \"55227\", period: 12m, orders_per_month: 1}\n");
    let run = run(&scenario, &lines(&scenario, &[("12m", "3m")]), "config");
    assert_eq!((run.total.bought, run.total.refused), (0, 24));
    assert!(
        run.notes[0].starts_with("small/55227 for 12m gets no licence: mapping #1 asks for 3m"),
        "{:?}",
        run.notes
    );
}
