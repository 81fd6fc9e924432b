//! How to read what no public page decides.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One answer to each open question of the licence flow. The defaults are the dearer readings: a
/// configuration that bears them bears the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(title = "Readings")]
pub(crate) struct Readings {
    /// Whether the release of a licence counts as a change of its IP, so that it rests for a month; yes where
    /// this is left out.
    pub(crate) release_restarts_cooldown: bool,
    /// What a licence is renewed for where no mapping row says it; one month where this is left out.
    pub(crate) renewal_without_row: WithoutRow,
    /// Whether an order for a period that is not offered fails; yes where this is left out. Otherwise it is
    /// for the smallest one.
    pub(crate) not_offered_fails: bool,
    /// How many days a trial lasts; 14 where this is left out.
    #[schemars(range(min = 1, max = 366))]
    pub(crate) trial_days: u16,
}

/// What a licence is renewed for where no mapping row says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(title = "Renewal without a row")]
pub(crate) enum WithoutRow {
    /// One month, as the page on the licences' details says.
    OneMonth,
    /// The sold period where it is offered, as at the order.
    SamePeriod,
}

impl Default for Readings {
    fn default() -> Self {
        Self {
            release_restarts_cooldown: true,
            renewal_without_row: WithoutRow::OneMonth,
            not_offered_fails: true,
            trial_days: 14,
        }
    }
}
