//! Which group a licence belongs to.

use jiff::civil;

use super::{
    Account,
    document::{Entry, Group},
    worth,
};
use crate::{
    language::t,
    licence::{self, Condition, FREE_IP, FREE_NAME, Status, unmet, usable_from},
    model::{Date, Period},
    upstream::{Licence, Service},
};

/// A licence with all that can be told of it.
pub(super) fn entry(account: &Account<'_>, licence: &Licence) -> Entry {
    let mut place = place(account, licence);
    let days_left = licence.expires.map(|end| account.today.days_until(end));
    let worth = match worth::of(account, licence) {
        Ok(worth) => Some(worth),
        Err(missing) => {
            place.not_known.extend(missing);
            None
        }
    };
    let ended = place.group == Group::Ended;
    let soon = days_left.is_some_and(|days| days <= i64::from(account.soon));
    Entry {
        id: licence.id.clone(),
        code: licence.code.clone(),
        name: licence.name.clone(),
        ip: licence.ip.clone(),
        status: licence.status,
        period: licence.period,
        nodes: licence.nodes,
        expires: licence.expires,
        days_left,
        expires_soon: soon && !ended && place.group != Group::Used,
        group: place.group,
        usable_from: place.usable_from,
        service: place.service.map(shown),
        worth,
        remarks: place.remarks,
        not_known: place.not_known,
    }
}

/// A service as reports name it.
pub(super) fn shown(service: &Service) -> String {
    format!("{}/{}", service.list, service.id)
}

pub(super) fn lives(service: &Service) -> bool {
    service.status != Some(Status::Deleted)
}

/// The id of the service after which a licence is named: `Item #12" addon name`, quotation mark and all
/// (vendor page `ispsystem-licenses`).
pub(super) fn item(name: &str) -> Option<&str> {
    let rest = name.strip_prefix("Item #")?;
    let end = rest.find(|ch: char| !ch.is_ascii_digit())?;
    (end > 0 && rest[end..].trim_start_matches('"').starts_with(" addon")).then(|| &rest[..end])
}

struct Place<'a> {
    group: Group,
    usable_from: Option<Date>,
    service: Option<&'a Service>,
    remarks: Vec<String>,
    not_known: Vec<String>,
}

impl Place<'_> {
    fn of(group: Group, remarks: Vec<String>) -> Self {
        Self { group, usable_from: None, service: None, remarks, not_known: Vec::new() }
    }

    fn unproven(not_known: Vec<String>) -> Self {
        Self { not_known, ..Self::of(Group::Unproven, Vec::new()) }
    }
}

fn place<'a>(account: &Account<'a>, licence: &Licence) -> Place<'a> {
    let service = service_of(account, licence);
    match licence.status {
        Some(Status::Deleted) => return Place::of(Group::Ended, vec![t!("it is deleted")]),
        Some(Status::Ordered | Status::Processing) => {
            return Place::of(Group::Other, vec![t!("it is not ready yet")]);
        }
        _ => {}
    }
    if licence.expires.is_some_and(|end| end <= account.today) {
        let remark =
            service.map(|service| t!("the service {service} is left without it", service = shown(service)));
        return Place { service, ..Place::of(Group::Ended, remark.into_iter().collect()) };
    }
    if let Some(service) = service {
        return Place { service: Some(service), ..Place::of(Group::Used, mismatches(licence, service)) };
    }
    if let Some(id) = item(&licence.name) {
        if account.services.unread.is_empty() {
            return Place::of(Group::Orphaned, vec![t!("there is no service {id}", id = id)]);
        }
        let lists = account.services.unread.join(&t!("` and `"));
        return Place::unproven(vec![t!(
            "whether the service {id} is in the list `{lists}`",
            id = id,
            lists = lists
        )]);
    }
    match (licence.name == FREE_NAME, licence.ip == FREE_IP) {
        (true, true) => free(account.today, licence),
        (true, false) => Place::of(
            Group::OutOfPool,
            vec![t!("it is named {free} and has the IP {ip}", free = FREE_NAME, ip = licence.ip)],
        ),
        (false, true) => Place::of(
            Group::OutOfPool,
            vec![t!("it has the IP {ip} and is not named {free}", ip = FREE_IP, free = FREE_NAME)],
        ),
        (false, false) => Place::of(Group::Other, Vec::new()),
    }
}

/// The service that the licence is named after, or that names it.
pub(super) fn service_of<'a>(account: &Account<'a>, licence: &Licence) -> Option<&'a Service> {
    let mut living = account.services.list.iter().filter(|service| lives(service));
    let named = item(&licence.name).and_then(|id| living.clone().find(|service| service.id == id));
    named.or_else(|| living.find(|service| service.licence.as_deref() == Some(licence.id.as_str())))
}

fn mismatches(licence: &Licence, service: &Service) -> Vec<String> {
    let mut remarks = Vec::new();
    if item(&licence.name) != Some(service.id.as_str()) {
        remarks.push(t!("it is named {licence}", licence = licence.name));
    }
    if let Some(ip) = service.ip.as_ref().filter(|ip| **ip != licence.ip) {
        remarks.push(t!("it has the IP {ip}, its service {other}", ip = licence.ip, other = ip));
    }
    if service.status == Some(Status::Suspended) {
        remarks.push(t!("its service is suspended"));
    }
    remarks
}

/// A licence with the name and the IP of the pool.
fn free<'a>(today: Date, licence: &Licence) -> Place<'a> {
    let never = (licence.period == Some(Period::Lifetime)).then_some(civil::Date::MAX);
    let expires = licence.expires.map(Date::civil).or(never);
    let (Some(status), Some(expires), Some(ip_changed), Some(key_changed)) =
        (licence.status, expires, licence.ip_changed, licence.key_changed)
    else {
        let missing = [
            (t!("its status"), licence.status.is_none()),
            (t!("when it ends"), expires.is_none()),
            (t!("when its IP was last changed"), licence.ip_changed.is_none()),
            (t!("when its key was last changed"), licence.key_changed.is_none()),
        ];
        let missing = missing.into_iter().filter(|(_, missing)| *missing).map(|(what, _)| what.to_owned());
        return Place::unproven(missing.collect());
    };
    let asked = licence::Licence {
        status,
        name: licence.name.clone(),
        ip: licence.ip.clone(),
        expires,
        ip_changed: ip_changed.civil(),
        key_changed: key_changed.civil(),
        code: licence.code.clone(),
        nodes: licence.nodes.unwrap_or_default(),
    };
    let unmet = unmet(&asked, &asked.code, asked.nodes, today.civil());
    let cools = |condition: &Condition| matches!(condition, Condition::IpCooled | Condition::KeyCooled);
    if unmet.is_empty() {
        return Place::of(Group::Free, Vec::new());
    }
    if !unmet.iter().all(cools) {
        return Place::of(Group::Other, unmet.iter().map(|unmet| unmet.rule().says().to_owned()).collect());
    }
    let from = Date::from(usable_from(asked.ip_changed).max(usable_from(asked.key_changed)));
    let mut place = Place { usable_from: Some(from), ..Place::of(Group::CoolingDown, Vec::new()) };
    if licence.expires.is_some_and(|end| end <= from) {
        place.remarks.push(t!("it ends before an order may take it"));
    }
    place
}
