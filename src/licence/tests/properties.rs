//! What holds whatever happens.

use std::collections::BTreeSet;

use jiff::{ToSpan, civil::date};
use proptest::prelude::*;

use super::table::{catalogue, line, rows};
use crate::licence::{
    Books, Event, FREE_NAME, Line, Readings, Source, What, WithoutRow, World, unmet, world::Snag,
};

#[derive(Clone, Debug)]
enum Deed {
    Days(u16),
    Order(u32, Option<bool>),
    Cancel(u32),
    Stop(u32),
    Panel(u32, u32),
    Ip(u32),
}

fn deed() -> impl Strategy<Value = Deed> {
    prop_oneof![
        3 => (1_u16..70).prop_map(Deed::Days),
        4 => (0_u32..6, prop::option::weighted(0.2, any::<bool>())).prop_map(|(line, snag)| Deed::Order(line, snag)),
        2 => (0_u32..12).prop_map(Deed::Cancel),
        1 => (0_u32..12).prop_map(Deed::Stop),
        1 => (0_u32..12, 0_u32..6).prop_map(|(service, line)| Deed::Panel(service, line)),
        1 => (0_u32..12).prop_map(Deed::Ip),
    ]
}

fn readings() -> impl Strategy<Value = Readings> {
    (any::<bool>(), any::<bool>()).prop_map(|(release_restarts_cooldown, same)| Readings {
        release_restarts_cooldown,
        renewal_without_row: if same { WithoutRow::SamePeriod } else { WithoutRow::OneMonth },
        ..Readings::default()
    })
}

fn lines(mapped: bool, readings: &Readings) -> Vec<Line> {
    let list: &[_] = if mapped { &[("1m", "12m", None), ("3m", "12m", Some("big"))] } else { &[] };
    let catalogue = catalogue(rows(list));
    let sales = [
        ("small", "55227", "1m"),
        ("big", "55227", "3m"),
        ("small", "55230", "12m"),
        ("big", "55230", "1m"),
        ("small", "nopanel", "1m"),
        ("big", "55227", "day"),
    ];
    sales.iter().map(|(tariff, item, sold)| line(&catalogue, tariff, item, sold, readings)).collect()
}

fn play(deeds: &[Deed], lines: &[Line], readings: Readings, check: impl Fn(&World<'_>, &[Event])) {
    let start = date(2026, 1, 31);
    let mut world = World::new(lines, readings, start);
    let mut events: Vec<Event> = Vec::new();
    for deed in deeds {
        let mut told = |event| events.push(event);
        match *deed {
            Deed::Days(days) => {
                world.advance(world.today().saturating_add(i32::from(days).days()), &mut told);
            }
            Deed::Order(line, snag) => {
                let today = world.today();
                let free: BTreeSet<u32> = usable(&world, &lines[line as usize], today);
                let mut refusals = 0;
                let decision = world.order_with(line, &mut told, |_| {
                    refusals += 1;
                    let snag = if snag? { Snag::Ip } else { Snag::Later };
                    (refusals == 1).then_some(snag)
                });
                match decision.source {
                    Source::Pool { licence } => assert!(free.contains(&licence), "{licence} was not free"),
                    Source::New(_) => assert!(free.len() <= refusals, "there were {free:?}"),
                    Source::Nothing | Source::Refused(_) => assert!(free.is_empty()),
                }
            }
            Deed::Cancel(service) => world.cancel(service, &mut told),
            Deed::Stop(service) => world.stop(service),
            Deed::Panel(service, line) => drop(world.change_panel(service, line, &mut told)),
            Deed::Ip(service) => drop(world.change_ip(service, &mut told)),
        }
        check(&world, &events);
    }
}

/// What the seven conditions say, looked up without any index.
fn usable(world: &World<'_>, line: &Line, today: jiff::civil::Date) -> BTreeSet<u32> {
    let Some(bought) = &line.licence else { return BTreeSet::new() };
    let fits = |number: &u32| {
        let licence = world.licence(*number).unwrap();
        unmet(&licence, &bought.code, bought.nodes, today).is_empty()
    };
    (0..world.licences()).filter(fits).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn a_free_licence_is_used_exactly_when_the_conditions_hold(
        deeds in prop::collection::vec(deed(), 1..60), mapped: bool, readings in readings()
    ) {
        play(&deeds, &lines(mapped, &readings), readings, |_, _| {});
    }

    #[test]
    fn a_licence_is_never_on_two_services(
        deeds in prop::collection::vec(deed(), 1..60), mapped: bool, readings in readings()
    ) {
        play(&deeds, &lines(mapped, &readings), readings, |world, events| {
            let services = events.iter().filter(|event| event.what == What::Sold).count();
            let held: Vec<u32> =
                (0..u32::try_from(services).unwrap()).filter_map(|service| world.licence_of(service)).collect();
            let unique: BTreeSet<u32> = held.iter().copied().collect();
            assert_eq!(unique.len(), held.len());
            assert!(held.iter().all(|number| world.licence(*number).unwrap().name != FREE_NAME));
        });
    }

    #[test]
    fn no_paid_day_is_lost_from_the_books(
        deeds in prop::collection::vec(deed(), 1..60), mapped: bool, readings in readings()
    ) {
        play(&deeds, &lines(mapped, &readings), readings, |world, _| {
            let days = world.days();
            assert_eq!(days.paid, days.used + days.idle + days.left, "{days:?}");
        });
    }

    #[test]
    fn the_pool_costs_nothing_and_the_books_hold_what_happened(
        deeds in prop::collection::vec(deed(), 1..60), mapped: bool, readings in readings()
    ) {
        play(&deeds, &lines(mapped, &readings), readings, |world, events| {
            let buys = |event: &&Event| matches!(event.what, What::Ordered | What::Renewed);
            assert!(events.iter().filter(|event| event.amount.is_negative()).all(|event| buys(&event)));
            let mut books = Books::open(date(2026, 1, 31), world.today());
            events.iter().for_each(|event| books.note(event));
            let total = books.total();
            assert_eq!(total.cash, events.iter().map(|event| event.amount).sum());
            let alive = (0..60).filter(|service| world.is_alive(*service)).count();
            assert_eq!(total.services, i64::try_from(alive).unwrap());
            let today = world.today();
            let free = (0..world.licences()).map(|number| world.licence(number).unwrap());
            let free = free.filter(|licence| licence.name == FREE_NAME && licence.expires > today).count();
            assert_eq!(total.pool, i64::try_from(free).unwrap());
        });
    }
}
