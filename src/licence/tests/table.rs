//! A small catalogue to play with.

use std::collections::BTreeMap;

use crate::{
    licence::{Catalogue, Item, Line, Offer, Readings, Row, Sale, Server, Tariff},
    model::{Cash, Money, Period, PriceField},
};

pub(super) fn period(text: &str) -> Period {
    text.parse().unwrap()
}

pub(super) fn cash(text: &str) -> Cash {
    Cash::from(text.parse::<Money>().unwrap())
}

pub(super) fn rows(list: &[(&str, &str, Option<&str>)]) -> Vec<Row> {
    let row = |(index, (sold, bought, tariff)): (usize, &(&str, &str, Option<&str>))| Row {
        sold: period(sold),
        bought: period(bought),
        tariff: tariff.map(str::to_owned),
        number: index + 1,
    };
    list.iter().enumerate().map(row).collect()
}

/// Tariffs `small` and `big`, codes 55227 (25 a month, 250 a year) and 55230 (two nodes).
pub(super) fn catalogue(rows: Vec<Row>) -> Catalogue {
    let cost = |month: &str, year: &str| {
        let periods = [(period("1m"), cash(month)), (period("12m"), cash(year))];
        BTreeMap::from([("RUB".to_owned(), BTreeMap::from(periods))])
    };
    let offer = |month: &str, year: &str, nodes: u32| Offer {
        periods: [period("1m"), period("12m")].into(),
        cost: cost(month, year),
        nodes,
    };
    let prices = |month: u32| {
        let price = |months: u32| (month * months).to_string().parse::<Money>().unwrap();
        let all = [1, 3, 6, 12, 24].map(|months| {
            let field = PriceField::Period(period(&format!("{months}m")));
            (field, price(months))
        });
        let days = ["day", "trial"].map(|text| (PriceField::Period(period(text)), price(1)));
        let prices = all.into_iter().chain(days).collect();
        Item { offered: true, free: false, prices: BTreeMap::from([("RUB".to_owned(), prices)]) }
    };
    let tariff = || Tariff {
        servers: vec!["licences".to_owned()],
        default: "nopanel".to_owned(),
        items: BTreeMap::from([
            ("nopanel".to_owned(), Item { offered: true, free: true, prices: BTreeMap::new() }),
            ("55227".to_owned(), prices(35)),
            ("55230".to_owned(), prices(290)),
        ]),
    };
    Catalogue {
        tariffs: BTreeMap::from([("small".to_owned(), tariff()), ("big".to_owned(), tariff())]),
        servers: BTreeMap::from([(
            "licences".to_owned(),
            Server {
                rows,
                codes: BTreeMap::from([
                    ("55227".to_owned(), offer("25", "250", 0)),
                    ("55230".to_owned(), offer("190", "1900", 2)),
                ]),
                currency: Some("RUB".to_owned()),
            },
        )]),
    }
}

pub(super) fn line(catalogue: &Catalogue, tariff: &str, item: &str, sold: &str, readings: &Readings) -> Line {
    let sale = Sale { tariff: tariff.to_owned(), item: item.to_owned(), period: period(sold) };
    catalogue.line(&sale, "RUB", readings).unwrap()
}
