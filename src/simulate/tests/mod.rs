//! Whole scenarios on a small catalogue.

mod play;
mod scenarios;

use std::collections::BTreeMap;

use super::{Scenario, Simulation, run, scenario};
use crate::{
    licence::{Catalogue, Item, Line, Offer, Row, Server, Tariff},
    model::{Cash, Money, Period, PriceField},
};

pub(crate) fn period(text: &str) -> Period {
    text.parse().unwrap()
}

pub(crate) fn cash(text: &str) -> Cash {
    Cash::from(text.parse::<Money>().unwrap())
}

/// Tariffs `small` and `big`; codes 55227 at 25 a month and 250 a year, 55228 at twice as much.
pub(crate) fn catalogue(rows: &[(&str, &str)]) -> Catalogue {
    let offer = |month: &str, year: &str| {
        let costs = [(period("1m"), cash(month)), (period("12m"), cash(year))];
        let periods = costs.iter().map(|(period, _)| *period).collect();
        Offer { periods, cost: BTreeMap::from([("RUB".to_owned(), costs.into())]), nodes: 0 }
    };
    let item = |month: u32| {
        let price = |months: u32| {
            let field = PriceField::Period(period(&format!("{months}m")));
            (field, (month * months).to_string().parse::<Money>().unwrap())
        };
        let prices = [1, 3, 12].map(price).into();
        Item { offered: true, free: false, prices: BTreeMap::from([("RUB".to_owned(), prices)]) }
    };
    let tariff = Tariff {
        servers: vec!["licences".to_owned()],
        default: "nopanel".to_owned(),
        items: BTreeMap::from([
            ("nopanel".to_owned(), Item { offered: true, free: true, prices: BTreeMap::new() }),
            ("55227".to_owned(), item(35)),
            ("55228".to_owned(), item(70)),
            ("55229".to_owned(), Item::default()),
        ]),
    };
    let rows = rows.iter().enumerate().map(|(index, (sold, bought))| Row {
        sold: period(sold),
        bought: period(bought),
        tariff: None,
        number: index + 1,
    });
    let server = Server {
        rows: rows.collect(),
        codes: BTreeMap::from([
            ("55227".to_owned(), offer("25", "250")),
            ("55228".to_owned(), offer("50", "500")),
        ]),
        currency: Some("RUB".to_owned()),
    };
    Catalogue {
        tariffs: BTreeMap::from([("small".to_owned(), tariff.clone()), ("big".to_owned(), tariff)]),
        servers: BTreeMap::from([("licences".to_owned(), server)]),
    }
}

/// What a yearly licence is bought for each period.
pub(crate) const YEARLY: &[(&str, &str)] = &[("1m", "12m"), ("3m", "12m"), ("12m", "12m")];

pub(crate) fn read(text: &str) -> Scenario {
    let head = "version: 1\nfrom: 2026-12-01\nmonths: 24\ncurrency: RUB\n";
    scenario::read_text(&format!("{head}{text}")).unwrap_or_else(|problems| panic!("{problems:?}"))
}

pub(crate) fn lines(scenario: &Scenario, rows: &[(&str, &str)]) -> Vec<Line> {
    scenario::lines(scenario, &catalogue(rows), "config").unwrap_or_else(|problems| panic!("{problems:?}"))
}

/// Clients who come and go.
pub(crate) const STREAM: &str = "clients:\n  - {tariff: small, panel: \"55227\", period: 1m, orders_per_month: 20, \
                                 leave: 15%, change_panel: {to: \"55228\", chance: 2%}, change_ip: 1%}\n";

pub(crate) fn simulation(text: &str) -> Simulation {
    let scenario = read(text);
    let (yearly, monthly) = (lines(&scenario, YEARLY), lines(&scenario, &[]));
    let runs = (run(&scenario, &yearly, "config"), run(&scenario, &monthly, "without-mapping"));
    Simulation::new(&scenario, "scenario.yaml", runs.0, Some(runs.1))
}
