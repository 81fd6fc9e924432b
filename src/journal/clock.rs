//! The time of day, for people to read; nothing is decided by it, so that it may jump.

use jiff::{Timestamp, Unit};

/// Now, in UTC: `2026-11-22T20:32:24Z`.
pub(crate) fn now() -> String {
    let now = Timestamp::now();
    now.round(Unit::Second).unwrap_or(now).to_string()
}
