//! A pair of panels: a hosting provider's, and the licence server it buys from.
//!
//! The two run on sockets of their own and talk over HTTP. The provider's panel knows of the licence server what
//! its configuration says and nothing else, so a configuration can be watched working. Both share a clock of
//! whole days, and every day that it moves is played: services are charged, licences renewed, what ran out is
//! suspended and later deleted.
//!
//! # The rules, and where they are from
//!
//! - Which licence an order takes, the pool and its conditions, the name a licence gets, release on an error:
//!   vendor page `ispsystem-licenses` (documented). That a deleted service's licence is suspended, named
//!   `free.lic` and given 0.0.0.0 is read in the vendor's public module for another panel.
//! - Which period is bought: vendor page `ispsystem-control-panel-license-vmmanager` (documented); that a row tied
//!   to a tariff plan wins over a general one, and that rows are not chained, is inferred.
//! - Renewal from the end date or from the day, suspension, deletion after 30 days: vendor page
//!   `license-renewal-and-deletion` (documented).
//! - What the record leaves open is a [`Readings`] with a default.
//!
//! Which processor serves a tariff plan: among the switched-on processors of the plan's product type that name a
//! licence server, the one with the lowest order priority, then the lowest id. The vendor says of several modules
//! on one plan that the lowest priority number is taken; that the plan's own choice of modules plays no part is
//! ours.

mod calendar;
mod clock;
mod licences;
mod provider;
mod reading;
mod remote;

mod start;

use std::time::Duration;

use super::auth::User;
use super::core::Cx;
use super::dialect::Dialect;
use super::document::Element;
use super::entity::Entity;
use super::refusal::Refusal;
use super::request::Params;

pub use clock::Moved;
pub(crate) use clock::{Clock, Stage};
pub use licences::{READER as LICENCE_READER, USER as LICENCE_USER};
pub use reading::{Reading, Readings};
pub use start::{Pair, PairCheckpoint, PairOptions};

/// What a panel is there for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// A panel without orders.
    Alone,
    Provider,
    Licences,
}

/// What both panels of a pair agree on.
#[derive(Clone, Debug)]
pub(crate) struct Play {
    pub(crate) clock: Clock,
    pub(crate) readings: Readings,
    /// How long the provider's panel waits for the licence server.
    pub(crate) patience: Duration,
}

impl Default for Play {
    fn default() -> Self {
        let today = jiff::Zoned::now().date();
        Self { clock: Clock::at(today), readings: Readings::default(), patience: Duration::from_secs(30) }
    }
}

/// The lists a panel has because of its role.
pub(crate) fn entities(role: Role, dialect: &Dialect) -> Vec<Entity> {
    match role {
        Role::Alone => Vec::new(),
        Role::Provider => provider::entities(),
        Role::Licences => licences::entities(dialect),
    }
}

/// The users of a panel, if they are not the usual ones.
pub(crate) fn users(role: Role) -> Option<&'static [User]> {
    (role == Role::Licences).then_some(&licences::USERS)
}

/// Whether a request changes something; `None` for functions that every panel has.
pub(crate) fn mutates(role: Role, params: &Params) -> Option<bool> {
    match role {
        Role::Alone => None,
        Role::Provider => provider::mutates(params),
        Role::Licences => licences::mutates(params),
    }
}

/// Whether a client may call the function, and not only an administrator.
pub(crate) fn open_to_clients(role: Role, func: &str) -> bool {
    match role {
        Role::Alone => false,
        Role::Provider => provider::open_to_clients(func),
        Role::Licences => true,
    }
}

/// Answers what only a panel of this role answers.
pub(crate) fn answer(cx: &mut Cx<'_>, role: Role) -> Option<Result<Element, Refusal>> {
    match role {
        Role::Alone => None,
        Role::Provider => provider::answer(cx),
        Role::Licences => licences::answer(cx),
    }
}

/// What a panel does by itself on the day the clock shows.
pub(crate) fn day(cx: &mut Cx<'_>, role: Role) {
    match role {
        Role::Alone => {}
        Role::Provider => provider::day::play(cx),
        Role::Licences => licences::day::play(cx),
    }
}
