//! Pool, release and renewal, rule by rule.

use jiff::civil::{Date, date};

use super::table::{cash, catalogue, line, period, rows};
use crate::{
    licence::{
        Condition, Event, FREE_IP, FREE_NAME, Licence, Line, Readings, Refusal, Source, Status, What, World,
        later, pool::renewed_from, unmet, world::Snag,
    },
    model::Cash,
};

fn free() -> Licence {
    Licence {
        status: Status::Suspended,
        name: FREE_NAME.to_owned(),
        ip: FREE_IP.to_owned(),
        expires: date(2027, 1, 1),
        ip_changed: date(2026, 1, 1),
        key_changed: date(2026, 1, 1),
        code: "55227".to_owned(),
        nodes: 0,
    }
}

#[test]
fn a_licence_is_free_only_when_all_conditions_hold() {
    let today = date(2026, 6, 15);
    let unmet = |licence: &Licence| unmet(licence, "55227", 0, today);
    assert_eq!(unmet(&free()), []);
    assert_eq!(unmet(&Licence { status: Status::Active, ..free() }), []);
    for status in [Status::Ordered, Status::Deleted, Status::Processing] {
        assert_eq!(unmet(&Licence { status, ..free() }), [Condition::ActiveOrSuspended]);
    }
    for name in ["free", "Free.lic", "free.lic ", "Item #1\" addon vds1"] {
        assert_eq!(unmet(&Licence { name: name.to_owned(), ..free() }), [Condition::FreeName], "{name}");
    }
    assert_eq!(unmet(&Licence { ip: "192.0.2.1".to_owned(), ..free() }), [Condition::FreeIp]);
    assert_eq!(unmet(&Licence { expires: today, ..free() }), [Condition::NotExpired]);
    assert_eq!(unmet(&Licence { expires: date(2026, 6, 16), ..free() }), []);
    // More than a month ago: a month to the day is not.
    let a_month_ago = date(2026, 5, 15);
    assert_eq!(unmet(&Licence { ip_changed: a_month_ago, ..free() }), [Condition::IpCooled]);
    assert_eq!(unmet(&Licence { key_changed: a_month_ago, ..free() }), [Condition::KeyCooled]);
    assert_eq!(unmet(&Licence { ip_changed: date(2026, 5, 14), ..free() }), []);
    assert_eq!(unmet(&Licence { code: "55228".to_owned(), ..free() }), [Condition::SameCode]);
    assert_eq!(unmet(&Licence { nodes: 2, ..free() }), [Condition::SameCode]);
    let nothing = Licence { name: "x".to_owned(), expires: today, ..free() };
    assert_eq!(unmet(&nothing), [Condition::FreeName, Condition::NotExpired]);
    assert!(unmet(&nothing).iter().all(|condition| condition.rule().id.starts_with("pool.")));
}

#[test]
fn months_are_of_the_calendar() {
    let readings = Readings::default();
    let end = |from: Date, text: &str| later(from, period(text), &readings);
    assert_eq!(end(date(2026, 1, 31), "1m"), Some(date(2026, 2, 28)));
    assert_eq!(end(date(2028, 2, 29), "12m"), Some(date(2029, 2, 28)));
    assert_eq!(end(date(2026, 3, 1), "day"), Some(date(2026, 3, 2)));
    assert_eq!(end(date(2026, 3, 1), "trial"), Some(date(2026, 3, 15)));
    assert_eq!(end(date(2026, 3, 1), "lifetime"), None);
    assert_eq!(renewed_from(Status::Active, date(2026, 5, 1), date(2026, 4, 20)), date(2026, 5, 1));
    assert_eq!(renewed_from(Status::Suspended, date(2026, 4, 1), date(2026, 4, 20)), date(2026, 4, 20));
}

struct Play<'a> {
    world: World<'a>,
    events: Vec<Event>,
}

impl<'a> Play<'a> {
    fn new(lines: &'a [Line], readings: Readings) -> Self {
        Self { world: World::new(lines, readings, date(2026, 1, 10)), events: Vec::new() }
    }

    fn on(&mut self, day: Date) -> &mut Self {
        let events = &mut self.events;
        self.world.advance(day, &mut |event| events.push(event));
        self
    }

    fn order(&mut self, line: u32) -> Source {
        let events = &mut self.events;
        self.world.order(line, &mut |event| events.push(event)).source
    }

    fn cancel(&mut self, service: u32) {
        let events = &mut self.events;
        self.world.cancel(service, &mut |event| events.push(event));
    }

    fn costs(&self) -> Vec<(Date, String)> {
        let paid = self.events.iter().filter(|event| event.amount.is_negative());
        paid.map(|event| (event.day, event.amount.to_string())).collect()
    }
}

fn yearly(readings: &Readings) -> Vec<Line> {
    let catalogue = catalogue(rows(&[("1m", "12m", None), ("3m", "12m", Some("big"))]));
    vec![
        line(&catalogue, "small", "55227", "1m", readings),
        line(&catalogue, "small", "nopanel", "1m", readings),
    ]
}

#[test]
fn a_licence_that_a_client_left_serves_the_next_one() {
    for (restarts, first_day) in [(true, date(2026, 5, 16)), (false, date(2026, 4, 15))] {
        let readings = Readings { release_restarts_cooldown: restarts, ..Readings::default() };
        let lines = yearly(&readings);
        let mut play = Play::new(&lines, readings);
        assert!(matches!(play.order(0), Source::New(step) if step.cost == Some(cash("250"))));
        play.on(date(2026, 4, 15)).cancel(0);
        // The day before it may be used again another one is bought.
        if restarts {
            assert!(matches!(play.on(date(2026, 5, 15)).order(0), Source::New(_)));
        }
        assert_eq!(play.on(first_day).order(0), Source::Pool { licence: 0 }, "{restarts}");
    }
}

#[test]
fn nopanel_orders_nothing() {
    let lines = yearly(&Readings::default());
    let mut play = Play::new(&lines, Readings::default());
    assert_eq!(play.order(1), Source::Nothing);
    assert_eq!(play.world.licences(), 0);
}

#[test]
fn a_refused_licence_goes_back_and_the_next_one_is_tried() {
    let readings = Readings { release_restarts_cooldown: false, ..Readings::default() };
    let lines = yearly(&readings);
    let mut play = Play::new(&lines, readings);
    play.order(0);
    play.order(0);
    play.on(date(2026, 3, 1)).cancel(0);
    play.cancel(1);
    let events = &mut play.events;
    let mut told = |event| events.push(event);
    let snag = |number| (number == 0).then_some(Snag::Later);
    let decision = play.world.order_with(0, &mut told, snag);
    assert_eq!(decision.source, Source::Pool { licence: 1 });
    // Its IP was changed before the new key failed: it rests for a month.
    let back = play.world.licence(0).unwrap();
    assert_eq!((back.name.as_str(), back.ip.as_str()), (FREE_NAME, FREE_IP));
    assert_eq!(back.ip_changed, date(2026, 3, 1));
    assert!(matches!(play.order(0), Source::New(_)));
    // One that was refused at once is tried again at the next order.
    play.on(date(2026, 3, 2)).cancel(2);
    let events = &mut play.events;
    let mut told = |event| events.push(event);
    let refused = play.world.order_with(0, &mut told, |_| Some(Snag::Ip));
    assert!(matches!(refused.source, Source::New(_) | Source::Pool { .. }));
}

#[test]
fn a_monthly_client_of_a_yearly_licence_costs_once_a_year() {
    let lines = yearly(&Readings::default());
    let mut play = Play::new(&lines, Readings::default());
    play.order(0);
    play.on(date(2027, 2, 1));
    let income = play.events.iter().filter(|event| !event.amount.is_negative());
    // 10 January 2026 to 10 January 2027, both days included.
    assert_eq!(income.map(|event| event.amount).sum::<Cash>(), cash("455"));
    let costs = [(date(2026, 1, 10), "-250.00".to_owned()), (date(2027, 1, 10), "-250.00".to_owned())];
    assert_eq!(play.costs(), costs);
}

#[test]
fn a_service_that_is_not_renewed_ends_with_its_period_and_frees_its_licence() {
    let lines = yearly(&Readings::default());
    let mut play = Play::new(&lines, Readings::default());
    play.order(0);
    play.world.stop(0);
    play.on(date(2026, 2, 9));
    assert!(play.world.is_alive(0));
    play.on(date(2026, 2, 10));
    assert!(!play.world.is_alive(0));
    assert_eq!(play.world.licence(0).unwrap().name, FREE_NAME);
    // Nobody takes it: it ends after its year, and is deleted 30 days later.
    play.on(date(2027, 2, 9));
    let last: Vec<_> =
        play.events.iter().rev().take(2).map(|event| (event.day, event.what.clone())).collect();
    assert_eq!(last[1], (date(2027, 1, 10), What::Expired { free: true, idle: 334 }));
    assert_eq!(last[0], (date(2027, 2, 9), What::Deleted));
}

#[test]
fn a_service_is_renewed_so_often_and_ends() {
    let lines = yearly(&Readings::default());
    let mut play = Play::new(&lines, Readings::default());
    play.order(0);
    play.world.renew(0, 2);
    play.on(date(2026, 4, 9));
    assert!(play.world.is_alive(0));
    play.on(date(2026, 4, 10));
    assert!(!play.world.is_alive(0));
    let paid = play.events.iter().filter(|event| matches!(event.what, What::Sold | What::Prolonged));
    assert_eq!(paid.count(), 3);
}

#[test]
fn days_that_nobody_uses_are_worth_what_they_cost() {
    let lines = yearly(&Readings::default());
    let mut play = Play::new(&lines, Readings::default());
    play.order(0);
    play.on(date(2026, 4, 20)).cancel(0);
    play.on(date(2026, 5, 1));
    // 250.00 for the 365 days to 10 January 2027: 100 used, 11 idle, 254 to come.
    let (days, worth) = (play.world.days(), play.world.worth());
    assert_eq!((days.paid, days.used, days.idle, days.left), (365, 100, 11, 254));
    assert_eq!((worth.idle.to_string(), worth.left.to_string()), ("7.53".to_owned(), "173.97".to_owned()));
    play.on(date(2028, 1, 1));
    let worth = play.world.worth();
    assert_eq!((worth.idle.to_string(), worth.left), ("181.51".to_owned(), Cash::ZERO));
}

#[test]
fn a_balance_that_does_not_reach_leaves_the_service_without_a_licence() {
    let lines = yearly(&Readings::default());
    let mut world =
        World::new(&lines, Readings::default(), date(2026, 1, 10)).with_balance(Some(cash("499")));
    let mut events = Vec::new();
    world.order(0, &mut |event| events.push(event));
    let second = world.order(0, &mut |event| events.push(event));
    assert_eq!(second.source, Source::Refused(Refusal::Balance));
    assert!(world.is_alive(second.service) && world.licence_of(second.service).is_none());
    // Nor is the first one renewed a year later.
    world.advance(date(2027, 1, 10), &mut |event| events.push(event));
    assert!(
        events.iter().any(|event| event.what == What::Refused(Refusal::Balance) && event.licence == Some(0))
    );
    assert_eq!(world.balance(), Some(cash("249")));
    world.top_up(cash("1"));
    assert!(matches!(world.order(0, &mut |_| {}).source, Source::New(_)));
}

#[test]
fn an_order_for_a_period_that_is_not_offered_gets_no_licence() {
    let readings = Readings::default();
    let catalogue = catalogue(rows(&[("12m", "3m", None)]));
    let lines = [line(&catalogue, "small", "55227", "12m", &readings)];
    let mut play = Play::new(&lines, readings);
    assert_eq!(play.order(0), Source::Refused(Refusal::Order));
}

#[test]
fn an_ip_changes_once_a_month() {
    let lines = yearly(&Readings::default());
    let mut world = World::new(&lines, Readings::default(), date(2026, 1, 10));
    let mut events = Vec::new();
    world.order(0, &mut |event| events.push(event));
    for (day, allowed) in [(date(2026, 2, 10), false), (date(2026, 2, 11), true), (date(2026, 3, 11), false)]
    {
        world.advance(day, &mut |event| events.push(event));
        assert_eq!(world.change_ip(0, &mut |event| events.push(event)), allowed, "{day}");
    }
}

#[test]
fn a_change_of_the_panel_frees_one_licence_and_orders_another() {
    let readings = Readings::default();
    let catalogue = catalogue(Vec::new());
    let lines = [
        line(&catalogue, "small", "55227", "1m", &readings),
        line(&catalogue, "small", "55230", "1m", &readings),
        line(&catalogue, "small", "nopanel", "1m", &readings),
    ];
    let mut play = Play::new(&lines, readings);
    play.order(0);
    play.on(date(2026, 1, 20));
    let events = &mut play.events;
    let source = play.world.change_panel(0, 1, &mut |event| events.push(event));
    assert!(matches!(source, Some(Source::New(step)) if step.cost == Some(cash("190"))));
    assert_eq!(play.world.licence(0).unwrap().name, FREE_NAME);
    assert_eq!(play.world.licence(1).unwrap().nodes, 2);
    let events = &mut play.events;
    assert_eq!(play.world.change_panel(0, 2, &mut |event| events.push(event)), Some(Source::Nothing));
    assert_eq!(play.world.licence_of(0), None);
}
