//! What the licence server does by itself each day.

use jiff::ToSpan as _;

use super::super::super::core::Cx;
use super::super::super::store::cell;
use super::super::calendar::{ahead, date};
use super::soft::Status;

/// How long an expired licence is kept (vendor page `license-renewal-and-deletion`).
const KEPT_DAYS: i64 = 30;

/// Suspends what has run out, and deletes what ran out 30 days ago.
pub(crate) fn play(cx: &mut Cx<'_>) {
    let today = cx.play.clock.today();
    let all =
        cx.store.rows("soft").map(|(id, row)| (id, cell(row, "expiredate").to_owned(), Status::of(row)));
    for (id, expiry, status) in all.collect::<Vec<_>>() {
        if status == Status::Deleted || ahead(&expiry, today) {
            continue;
        }
        let gone = date(&expiry).is_some_and(|expiry| expiry.saturating_add(KEPT_DAYS.days()) <= today);
        if gone {
            Status::Deleted.put(cx.store, id);
        } else if status == Status::Active {
            Status::Suspended.put(cx.store, id);
        }
    }
}
