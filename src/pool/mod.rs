//! The licences of an account sorted: on a service, free, resting, lost. Pure.
//!
//! The pool is not a place: a licence belongs to it by its name, its IP and its dates (vendor page
//! `ispsystem-licenses`). So what the lists of a licence server and of the provider's panel say is all there is
//! to know, and what they do not say is named as not known.

mod document;
mod services;
mod sort;
#[cfg(test)]
mod tests;
mod worth;

use std::collections::BTreeSet;

pub(crate) use document::{Entry, Finding, Group, PoolReport, Problem};

use crate::{
    kinds::CostsSpec,
    model::Date,
    upstream::{Amount, Licence, Services},
};

/// Version of the document.
const DOCUMENT_VERSION: &str = "1.0";

/// All that was read, and the day.
pub(crate) struct Account<'a> {
    /// The licence server, by its processor.
    pub(crate) server: &'a str,
    pub(crate) licences: &'a [Licence],
    pub(crate) services: &'a Services,
    pub(crate) balance: Vec<Amount>,
    pub(crate) costs: Option<&'a CostsSpec>,
    /// Currency of the account, as the licence server says.
    pub(crate) currency: Option<&'a str>,
    /// What the panels show where a service has no panel.
    pub(crate) no_panel: BTreeSet<String>,
    pub(crate) today: Date,
    /// How many days count as soon.
    pub(crate) soon: u32,
}

/// Sorts and prices everything.
pub(crate) fn report(account: &Account<'_>) -> PoolReport {
    let licences: Vec<Entry> = account.licences.iter().map(|licence| sort::entry(account, licence)).collect();
    let groups =
        Group::ALL.map(|group| document::sum(group, licences.iter().filter(|entry| entry.group == group)));
    let soon = licences.iter().filter(|entry| entry.expires_soon);
    PoolReport {
        format_version: DOCUMENT_VERSION.to_owned(),
        server: account.server.to_owned(),
        today: account.today,
        soon_days: account.soon,
        balance: account.balance.clone(),
        groups: groups.into_iter().filter(|sum| sum.count > 0).collect(),
        expiring_soon: document::total(soon.clone()),
        services: services::findings(account, &licences),
        notes: services::notes(account),
        licences,
    }
}
