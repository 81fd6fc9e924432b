//! The pool: licences of the account that are paid for and on no service.
//!
//! The pool is not a place: a licence belongs to it by its name and its IP. So somebody who renames one, or
//! gives it a real IP, takes it out without knowing.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{ToSpan, civil::Date};
use serde::Serialize;

use super::{
    readings::Readings,
    rules::{self, Rule},
};
use crate::model::Period;

/// The name by which a free licence is known.
pub(crate) const FREE_NAME: &str = "free.lic";
/// The IP of a free licence.
pub(crate) const FREE_IP: &str = "0.0.0.0";

/// What the licence server says of a licence; its numbers are 1 to 5.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Status {
    Ordered,
    Active,
    Suspended,
    Deleted,
    Processing,
}

impl Status {
    /// As in JSON.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Ordered => "ordered",
            Self::Active => "active",
            Self::Suspended => "suspended",
            Self::Deleted => "deleted",
            Self::Processing => "processing",
        }
    }
}

/// A licence as far as the pool goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Licence {
    pub(crate) status: Status,
    pub(crate) name: String,
    pub(crate) ip: String,
    pub(crate) expires: Date,
    pub(crate) ip_changed: Date,
    pub(crate) key_changed: Date,
    pub(crate) code: String,
    pub(crate) nodes: u32,
}

/// What a licence must be to be used again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Condition {
    ActiveOrSuspended,
    FreeName,
    FreeIp,
    NotExpired,
    IpCooled,
    KeyCooled,
    SameCode,
}

impl Condition {
    pub(crate) fn rule(self) -> Rule {
        match self {
            Self::ActiveOrSuspended => rules::STATUS,
            Self::FreeName => rules::FREE_NAME,
            Self::FreeIp => rules::FREE_IP,
            Self::NotExpired => rules::NOT_EXPIRED,
            Self::IpCooled => rules::IP_COOLED,
            Self::KeyCooled => rules::KEY_COOLED,
            Self::SameCode => rules::SAME_CODE,
        }
    }
}

/// The conditions that a licence does not meet for an order of that code and number of nodes; it is in
/// the pool for it where there are none.
pub(crate) fn unmet(licence: &Licence, code: &str, nodes: u32, today: Date) -> Vec<Condition> {
    let met = [
        (Condition::ActiveOrSuspended, matches!(licence.status, Status::Active | Status::Suspended)),
        (Condition::FreeName, licence.name == FREE_NAME),
        (Condition::FreeIp, licence.ip == FREE_IP),
        (Condition::NotExpired, licence.expires > today),
        (Condition::IpCooled, usable_from(licence.ip_changed) <= today),
        (Condition::KeyCooled, usable_from(licence.key_changed) <= today),
        (Condition::SameCode, licence.code == code && licence.nodes == nodes),
    ];
    met.into_iter().filter(|(_, met)| !met).map(|(condition, _)| condition).collect()
}

/// The first day that is more than a month after a change.
pub(crate) fn usable_from(changed: Date) -> Date {
    changed.saturating_add(1.month()).saturating_add(1.day())
}

/// The day a period ends that begins on `from`; nothing for one that never ends.
///
/// Months are of the calendar, cut to the last day of a short one.
pub(crate) fn later(from: Date, period: Period, readings: &Readings) -> Option<Date> {
    match period {
        Period::Months(count) => Some(from.saturating_add(i32::from(count.get()).months())),
        Period::Day => Some(from.saturating_add(1.day())),
        Period::Trial => Some(from.saturating_add(i32::from(readings.trial_days.max(1)).days())),
        Period::Lifetime => None,
    }
}

/// The day from which a renewal counts: the end of an active licence, today for a suspended one.
pub(crate) fn renewed_from(status: Status, expires: Date, today: Date) -> Date {
    if status == Status::Active { expires } else { today }
}

/// The free licences of one code and number of nodes, so that the first usable one is found at once.
#[derive(Clone, Debug, Default)]
pub(super) struct Shelf {
    ready: BTreeSet<u32>,
    /// Those that rest, by the day they may be used again.
    resting: BTreeMap<Date, BTreeSet<u32>>,
}

impl Shelf {
    pub(super) fn put(&mut self, licence: u32, usable_from: Date) {
        self.resting.entry(usable_from).or_default().insert(licence);
    }

    pub(super) fn remove(&mut self, licence: u32, usable_from: Date) {
        if !self.ready.remove(&licence)
            && let Some(day) = self.resting.get_mut(&usable_from)
        {
            day.remove(&licence);
        }
    }

    /// The usable licence with the lowest number.
    pub(super) fn first(&mut self, today: Date) -> Option<u32> {
        while let Some(day) = self.resting.first_entry().filter(|day| *day.key() <= today) {
            self.ready.extend(day.remove());
        }
        self.ready.first().copied()
    }
}
