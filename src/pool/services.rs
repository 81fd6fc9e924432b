//! Services whose licence is missing or not theirs alone.

use std::collections::BTreeMap;

use super::{
    Account,
    document::{Entry, Finding, Group, Problem, total},
    sort::{lives, service_of, shown},
};
use crate::{language::t, licence::Status, upstream::Service};

/// What is wrong with services, in the order of the lists.
pub(super) fn findings(account: &Account<'_>, entries: &[Entry]) -> Vec<Finding> {
    let mut held: BTreeMap<String, Vec<&Entry>> = BTreeMap::new();
    for (licence, entry) in account.licences.iter().zip(entries) {
        if let Some(service) = service_of(account, licence) {
            held.entry(shown(service)).or_default().push(entry);
        }
    }
    let mut found = Vec::new();
    for service in account.services.list.iter().filter(|service| lives(service)) {
        let own = held.get(&shown(service)).map_or(&[][..], Vec::as_slice);
        let good: Vec<&Entry> = own.iter().copied().filter(|entry| entry.group != Group::Ended).collect();
        if good.len() > 1 {
            found.push(several(service, &good));
        } else if good.is_empty() && has_panel(account, service) && service.status == Some(Status::Active) {
            found.push(missing(account, service, own));
        }
    }
    found.extend(shared(account));
    found.sort_by_key(|finding| finding.problem);
    found
}

fn has_panel(account: &Account<'_>, service: &Service) -> bool {
    service.panel.as_ref().is_some_and(|panel| !panel.is_empty() && !account.no_panel.contains(panel))
}

fn missing(account: &Account<'_>, service: &Service, ended: &[&Entry]) -> Finding {
    let panel = service.panel.as_deref().unwrap_or_default();
    let named = service.licence.as_deref().filter(|licence| !licence.is_empty());
    let strange = named.filter(|id| !account.licences.iter().any(|licence| licence.id == **id));
    let why = match (ended, strange) {
        ([first, ..], _) => match first.expires {
            Some(end) => t!("its licence {id} ended on {end}", id = first.id, end = end),
            None => t!("its licence {id} ended", id = first.id),
        },
        ([], Some(id)) => t!("its licence {id} is not on this account", id = id),
        ([], None) => t!("no licence is named after it"),
    };
    Finding {
        problem: Problem::NoLicence,
        services: vec![shown(service)],
        text: t!("{service} has the panel {panel}; {why}", service = service.name, panel = panel, why = why),
        licences: ended.iter().map(|entry| entry.id.clone()).collect(),
        worth: Vec::new(),
    }
}

fn several(service: &Service, licences: &[&Entry]) -> Finding {
    let dearest = licences.iter().max_by_key(|entry| entry.worth.as_ref().map(|worth| worth.amount));
    let spare = licences.iter().filter(|entry| dearest.is_none_or(|kept| kept.id != entry.id));
    let ids: Vec<String> = licences.iter().map(|entry| entry.id.clone()).collect();
    Finding {
        problem: Problem::SeveralLicences,
        services: vec![shown(service)],
        text: t!("{service} has the licences {ids}", service = service.name, ids = ids.join(", ")),
        licences: ids,
        worth: total(spare.copied()).worth,
    }
}

/// Licences that several services name as theirs.
fn shared(account: &Account<'_>) -> Vec<Finding> {
    let mut by_licence: BTreeMap<&str, Vec<&Service>> = BTreeMap::new();
    for service in account.services.list.iter().filter(|service| lives(service)) {
        if let Some(licence) = service.licence.as_deref().filter(|licence| !licence.is_empty()) {
            by_licence.entry(licence).or_default().push(service);
        }
    }
    let several = by_licence.into_iter().filter(|(_, services)| services.len() > 1);
    several
        .map(|(licence, services)| {
            let names: Vec<&str> = services.iter().map(|service| service.name.as_str()).collect();
            Finding {
                problem: Problem::SharedLicence,
                services: services.iter().map(|service| shown(service)).collect(),
                text: t!(
                    "{names} have the one licence {licence}",
                    names = names.join(", "),
                    licence = licence
                ),
                licences: vec![licence.to_owned()],
                worth: Vec::new(),
            }
        })
        .collect()
}

/// What the lists do not show, and what therefore is not told.
pub(super) fn notes(account: &Account<'_>) -> Vec<String> {
    let services = || account.services.list.iter();
    let mut notes = Vec::new();
    for list in &account.services.unread {
        notes
            .push(t!("the panel does not show the list `{list}`: services in it are not known", list = list));
    }
    if services().next().is_some() && services().all(|service| service.panel.is_none()) {
        notes.push(t!("the lists of services show no panel: which services lack a licence is not known (`dialect: {{columns: {{service_panel: NAME}}}}`)"));
    }
    if services().next().is_some() && services().all(|service| service.licence.is_none()) {
        notes.push(t!("the lists of services show no licence: two services on one licence are not found (`dialect: {{columns: {{service_licence: NAME}}}}`)"));
    }
    for (what, column, gone) in [
        (
            t!("when an IP was last changed"),
            "licence_ip_changed",
            account.licences.iter().all(|own| own.ip_changed.is_none()),
        ),
        (
            t!("when a key was last changed"),
            "licence_key_changed",
            account.licences.iter().all(|own| own.key_changed.is_none()),
        ),
    ] {
        if gone && !account.licences.is_empty() {
            notes.push(t!("the list of licences does not say {what}, so none is proven free (`dialect: {{columns: {{{column}: NAME}}}}`)", what = what, column = column));
        }
    }
    notes
}
