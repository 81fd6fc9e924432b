//! The day, for what is dated: currency rates, costs, licence codes.

use std::path::Path;

use jiff::{Timestamp, tz::TimeZone};

use crate::{
    config::{self, Config},
    model::Date,
    source::Problems,
};

/// Today, in UTC.
pub(super) fn today() -> Date {
    Timestamp::now().to_zoned(TimeZone::UTC).date().into()
}

/// The configuration, for commands that act on its prices or vouch for them.
pub(super) fn config(path: &Path) -> Result<Config, Problems> {
    config::load(path)?.on(today())
}
