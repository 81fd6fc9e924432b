//! Sorting and pricing, case by case.

use std::collections::BTreeSet;

use super::{Account, Entry, Group, PoolReport, report, sort::item};
use crate::{
    licence::Status,
    model::{Cash, Date, Money},
    upstream::{Amount, Licence, Service, Services},
};

fn date(text: &str) -> Date {
    text.parse().unwrap()
}

fn free() -> Licence {
    let money: Money = "3650.00".parse().unwrap();
    Licence {
        id: "1".to_owned(),
        name: "free.lic".to_owned(),
        ip: "0.0.0.0".to_owned(),
        code: "55227".to_owned(),
        status: Some(Status::Active),
        period: "12m".parse().ok(),
        created: None,
        expires: Some(date("2027-03-01")),
        ip_changed: Some(date("2026-10-31")),
        key_changed: Some(date("2026-10-01")),
        nodes: None,
        cost: Some(Amount { amount: Cash::from(money), currency: "RUB".parse().unwrap() }),
    }
}

fn service(id: &str) -> Service {
    Service {
        list: "vds".to_owned(),
        id: id.to_owned(),
        name: "name".to_owned(),
        ip: Some("192.0.2.1".to_owned()),
        status: Some(Status::Active),
        panel: Some("55227".to_owned()),
        licence: Some(String::new()),
    }
}

fn told(licences: &[Licence], services: &Services, today: &str) -> PoolReport {
    report(&Account {
        server: "licences",
        licences,
        services,
        balance: Vec::new(),
        costs: None,
        currency: None,
        no_panel: BTreeSet::from(["nopanel".to_owned()]),
        today: date(today),
        soon: 30,
    })
}

fn one(licence: Licence, today: &str) -> Entry {
    told(&[licence], &Services::default(), today).licences.remove(0)
}

#[test]
fn a_licence_cools_for_more_than_a_month() {
    // The month after 31 October ends on 30 November; more than that is 1 December.
    let resting = one(free(), "2026-11-30");
    assert_eq!((resting.group, resting.usable_from), (Group::CoolingDown, Some(date("2026-12-01"))));
    let ready = one(free(), "2026-12-01");
    assert_eq!((ready.group, ready.usable_from), (Group::Free, None));
    let short = one(Licence { expires: Some(date("2026-11-30")), ..free() }, "2026-11-20");
    assert_eq!(short.remarks, ["it ends before an order may take it"]);
}

#[test]
fn worth_is_the_share_of_the_term_that_is_left() {
    let whole = one(free(), "2026-03-01").worth.unwrap();
    assert_eq!(
        (whole.amount.to_string(), whole.arithmetic.as_str()),
        ("3650.00".into(), "3650.00 x 365 of 365 days")
    );
    assert_eq!(one(free(), "2027-02-28").worth.unwrap().amount.to_string(), "10.00");
    let month = Licence { period: "1m".parse().ok(), ..free() };
    assert_eq!(one(month, "2027-02-15").worth.unwrap().arithmetic, "3650.00 x 14 of 28 days");
    let ended = one(free(), "2027-03-01");
    assert_eq!((ended.group, ended.worth.unwrap().amount), (Group::Ended, Cash::ZERO));
    let trial = one(Licence { period: "trial".parse().ok(), ..free() }, "2026-12-01");
    assert_eq!((trial.worth, trial.not_known), (None, vec!["how many days its term has".to_owned()]));
}

#[test]
fn what_decides_and_is_not_known_is_named() {
    for (licence, missing) in [
        (Licence { status: None, ..free() }, "its status"),
        (Licence { expires: None, ..free() }, "when it ends"),
        (Licence { ip_changed: None, ..free() }, "when its IP was last changed"),
        (Licence { key_changed: None, ..free() }, "when its key was last changed"),
    ] {
        let entry = one(licence, "2026-12-10");
        assert_eq!((entry.group, entry.not_known[0].as_str()), (Group::Unproven, missing));
    }
}

#[test]
fn a_list_of_services_that_was_not_read_makes_no_orphans() {
    let named = Licence { name: "Item #7\" addon x".to_owned(), ip: "192.0.2.1".to_owned(), ..free() };
    let licences = [named];
    let unread = Services { list: Vec::new(), unread: vec!["dedic".to_owned()] };
    assert_eq!(told(&licences, &unread, "2026-12-01").licences[0].group, Group::Unproven);
    let read = Services { list: vec![service("8")], unread: Vec::new() };
    let report = told(&licences, &read, "2026-12-01");
    assert_eq!(report.licences[0].group, Group::Orphaned);
    assert_eq!(report.services.len(), 1, "service 8 has a panel and no licence");
    let alive = Services { list: vec![service("7")], unread: Vec::new() };
    let report = told(&licences, &alive, "2026-12-01");
    assert_eq!((report.licences[0].group, report.services.len()), (Group::Used, 0));
    let gone = Services {
        list: vec![Service { status: Some(Status::Deleted), ..service("7") }],
        unread: Vec::new(),
    };
    assert_eq!(told(&licences, &gone, "2026-12-01").licences[0].group, Group::Orphaned);
}

#[test]
fn a_licence_that_is_used_under_another_name_is_remarked() {
    let services = Services {
        list: vec![Service { licence: Some("1".to_owned()), ..service("7") }],
        unread: Vec::new(),
    };
    let report = told(&[free()], &services, "2026-12-01");
    assert_eq!(report.licences[0].group, Group::Used);
    assert_eq!(
        report.licences[0].remarks,
        ["it is named free.lic", "it has the IP 0.0.0.0, its service 192.0.2.1"]
    );
}

#[test]
fn groups_add_up_to_all() {
    let licences = [free(), Licence { id: "2".to_owned(), cost: None, ..free() }];
    let report = told(&licences, &Services::default(), "2026-12-01");
    assert_eq!(report.groups.iter().map(|sum| sum.count).sum::<usize>(), licences.len());
    assert_eq!(report.groups[0].worth_not_known, 1);
    assert_eq!(report.groups[0].worth[0].amount.to_string(), "900.00");
}

#[test]
fn names_of_services_are_read_as_the_vendor_writes_them() {
    for (name, id) in [
        ("Item #12\" addon vds.example.com", Some("12")),
        ("Item #12 addon x", Some("12")),
        ("Item # addon x", None),
        ("Item #12", None),
        ("item 12", None),
        ("free.lic", None),
    ] {
        assert_eq!(item(name), id, "{name}");
    }
}
