//! Who changed a tariff plan last, from the panel's own history of it.
//!
//! The list `pricelist.history` is documented with date, description, user, IP and function per tariff plan
//! (<https://www.ispsystem.com/docs/b6c/developer-section/billmanager-api/tariff-plans-pricelist>). It does not say
//! which field had which value, so that what is told is the last entry and nothing that would have to be guessed;
//! other objects have no such list.

use std::collections::BTreeSet;

use super::super::connect::Session;
use crate::{
    billmgr::{FailureClass, Listing},
    dialect::{DialectSpec, HistoryColumns},
    kinds::{Entry, Snapshot},
    language::t,
    plan::Plan,
    wire::{Row, one_line},
};

const HISTORY: &str = "pricelist.history";

/// A remark for each tariff plan with drift in its resource or its prices.
pub(super) async fn notes(
    session: &Session,
    spec: &DialectSpec,
    snapshot: &Snapshot,
    plan: &Plan,
) -> Vec<String> {
    let keys: BTreeSet<&str> = plan
        .changes
        .iter()
        .filter(|change| matches!(change.object.kind.as_str(), "price" | "resource"))
        .filter_map(|change| change.parent.as_ref())
        .map(|above| above.key.as_str())
        .collect();
    let named = spec.functions.tariff_history.as_ref();
    let func = named.map_or(HISTORY, |name| name.as_str());
    let mut notes = Vec::new();
    for key in keys {
        let goes_by = |entry: &&Entry| entry.id == key || entry.names.iter().any(|name| name == key);
        let mut tariffs = snapshot.catalogue.tariffs.iter().filter(goes_by);
        let mut gone = false;
        let told = match (tariffs.next(), tariffs.next()) {
            (Some(tariff), None) => match session.panel.reader().list(func, &[("elid", &tariff.id)]).await {
                Ok(list) => last_entry(&list, spec),
                Err(failure) => {
                    gone = failure.class() == FailureClass::Unreachable;
                    Err(failure.to_string())
                }
            },
            _ => Err(t!("not just one tariff plan goes by that name")),
        };
        notes.push(match told {
            Ok(entry) => t!("tariff plan {key}: {entry}", key = key, entry = entry),
            Err(why) => t!("tariff plan {key}: who changed it cannot be told: {why}", key = key, why = why),
        });
        // The drift itself is known: it is not to wait for one lost panel after the other.
        if gone {
            break;
        }
    }
    notes
}

/// What to do about a column that is not surely found.
fn unknown(list: &Listing, what: &str, setting: &str) -> String {
    t!(
        "`{list}` has no column that is surely {what}; name it in `dialect: {{columns: {{{setting}: NAME}}}}`",
        list = list.func,
        what = what,
        setting = setting
    )
}

/// The entry with the latest date, in words.
fn last_entry(list: &Listing, spec: &DialectSpec) -> Result<String, String> {
    if list.rows.is_empty() {
        return Err(t!("its history (`{list}`) is empty", list = list.func));
    }
    let columns =
        HistoryColumns::of(&list.func, &list.columns, &spec.columns).map_err(|unknown| unknown.why)?;
    let date = columns.date.as_deref().ok_or_else(|| unknown(list, &t!("the date"), "history_date"))?;
    let mut latest: Option<(jiff::civil::DateTime, &Row)> = None;
    for row in &list.rows {
        let text = row.get(date).unwrap_or_default().trim();
        let at =
            text.parse().map_err(|_| t!("`{text}` is no date that can be read", text = one_line(text)))?;
        if latest.is_none_or(|(known, _)| known <= at) {
            latest = Some((at, row));
        }
    }
    let (_, row) = latest.ok_or_else(|| t!("its history (`{list}`) is empty", list = list.func))?;
    let cell = |column: &Option<String>, told: &dyn Fn(String) -> String| {
        let text = column.as_ref().and_then(|column| row.get(column)).map(one_line).unwrap_or_default();
        if text.is_empty() { text } else { told(text) }
    };
    let parts = [
        cell(&columns.user, &|user| t!(" by {user}", user = user)),
        cell(&columns.ip, &|address| t!(" from {address}", address = address)),
        cell(&columns.function, &|function| t!(" with {function}", function = function)),
        cell(&columns.description, &|text| format!(": {text}")),
    ];
    // In the panel's own words: which time zone it is in is not known.
    let when = row.get(date).map(one_line).unwrap_or_default();
    let told = t!(
        "the last entry of its history is of {when}{parts} (`{list}`, in the panel's time)",
        when = when,
        parts = parts.concat(),
        list = list.func
    );
    Ok(match columns.user {
        Some(_) => told,
        None => t!(
            "{told}; by whom cannot be told: {why}",
            told = told,
            why = unknown(list, &t!("the user"), "history_user")
        ),
    })
}
