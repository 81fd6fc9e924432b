//! How to read what no public page decides.

use serde::{Deserialize, Serialize};

/// One answer to each open question of the flow. The defaults are the dearer readings: a plan that bears
/// them bears the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Readings {
    /// Whether the release of a licence counts as a change of its IP, so that it rests for a month.
    pub(crate) release_restarts_cooldown: bool,
    /// What a licence is renewed for where no mapping row says it.
    pub(crate) renewal_without_row: WithoutRow,
    /// Whether an order for a period that is not offered fails; otherwise it is for the smallest one.
    pub(crate) not_offered_fails: bool,
    /// How long a trial lasts.
    pub(crate) trial_days: u16,
}

/// What a licence is renewed for where no mapping row says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
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
