//! Who changed a tariff plan last, from the panel's own history of it.
//!
//! The list `pricelist.history` is documented with date, description, user, IP and function per tariff plan
//! (<https://www.ispsystem.com/docs/b6c/developer-section/billmanager-api/tariff-plans-pricelist>). It does not say
//! which field had which value, so that what is told is the last entry and nothing that would have to be guessed;
//! other objects have no such list.

use std::collections::BTreeSet;

use super::super::connect::Session;
use crate::{
    billmgr::FailureClass,
    dialect::{DialectSpec, HistoryColumns},
    kinds::{Entry, Snapshot},
    language::t,
    plan::Plan,
    wire::{Column, Row, one_line},
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
                Ok(list) => last_entry(&list.func, &list.columns, &list.rows, spec),
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
fn unknown(func: &str, what: &str, setting: &str) -> String {
    t!(
        "`{list}` has no column that is surely {what}; name it in `dialect: {{columns: {{{setting}: NAME}}}}`",
        list = func,
        what = what,
        setting = setting
    )
}

/// The entry with the latest date, in words.
fn last_entry(func: &str, columns: &[Column], rows: &[Row], spec: &DialectSpec) -> Result<String, String> {
    if rows.is_empty() {
        return Err(t!("its history (`{list}`) is empty", list = func));
    }
    let columns = HistoryColumns::of(func, columns, &spec.columns).map_err(|unknown| unknown.why)?;
    let date = columns.date.as_deref().ok_or_else(|| unknown(func, &t!("the date"), "history_date"))?;
    let mut latest: Option<(jiff::civil::DateTime, &Row)> = None;
    for row in rows {
        let text = row.get(date).unwrap_or_default().trim();
        let at =
            text.parse().map_err(|_| t!("`{text}` is no date that can be read", text = one_line(text)))?;
        if latest.is_none_or(|(known, _)| known <= at) {
            latest = Some((at, row));
        }
    }
    let (_, row) = latest.ok_or_else(|| t!("its history (`{list}`) is empty", list = func))?;
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
        list = func
    );
    Ok(match columns.user {
        Some(_) => told,
        None => t!(
            "{told}; by whom cannot be told: {why}",
            told = told,
            why = unknown(func, &t!("the user"), "history_user")
        ),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire;

    /// What is told of a list with these labels and rows.
    fn told(labels: [&str; 2], rows: &[[&str; 2]]) -> Result<String, String> {
        let [first, second] = labels;
        let rows = rows.iter().map(|[a, b]| format!("<elem><id>1</id><a>{a}</a><b>{b}</b></elem>"));
        let text = format!(
            r#"<doc lang="en"><metadata name="history" type="list" key="id"><coldata><col name="id" type="data"/>
<col name="a" type="data"/><col name="b" type="data"/></coldata></metadata><messages name="history">
<msg name="a">{first}</msg><msg name="b">{second}</msg></messages>{}<p_elems>2</p_elems></doc>"#,
            rows.collect::<String>()
        );
        let page = wire::decode(text.as_bytes()).unwrap().page().unwrap();
        last_entry(HISTORY, &page.columns, &page.rows, &DialectSpec::default())
    }

    #[test]
    fn a_column_that_is_not_surely_found_is_said_to_be_missing() {
        let rows = [["2026-11-20", "anna"], ["2026-11-22 10:00:00", "boris"]];
        let known = told(["Date", "User"], &rows).unwrap();
        assert!(known.contains("of 2026-11-22 10:00:00 by boris") && !known.contains("cannot"), "{known}");
        let anonymous = told(["Date", "Who"], &rows).unwrap();
        assert!(anonymous.contains("history_user: NAME") && !anonymous.contains("boris"), "{anonymous}");
        let timeless = told(["When", "User"], &rows).unwrap_err();
        assert!(timeless.contains("history_date: NAME"), "{timeless}");
        assert!(told(["Date", "User"], &[]).unwrap_err().contains("is empty"));
    }
}
