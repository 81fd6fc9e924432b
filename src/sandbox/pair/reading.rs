//! The questions the public record leaves open, and how the pair answers them.

use std::fmt;
use std::str::FromStr;

/// One reading of each open question. The defaults are the dearer or the more literal ones.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Readings {
    /// Setting a released licence's address to 0.0.0.0 counts as a change of address: it has to rest for a
    /// month again.
    pub release_restarts_cooldown: bool,
    /// A renewal for which no mapping row is set is for one month, whatever the service's period. If not, it is
    /// for the service's period where the licence server sells it.
    pub renewal_without_row_is_one_month: bool,
    /// An order whose mapping row names a period that the licence server does not sell is an error. If not, it
    /// falls back to the smallest number of months sold.
    pub target_not_offered_is_an_error: bool,
    /// The licence server refuses a second new key within a month, as it refuses a second address.
    pub newkey_has_a_cooldown: bool,
    /// How long a trial lasts.
    pub trial_days: i64,
}

impl Default for Readings {
    fn default() -> Self {
        Self {
            release_restarts_cooldown: true,
            renewal_without_row_is_one_month: true,
            target_not_offered_is_an_error: true,
            newkey_has_a_cooldown: false,
            trial_days: 14,
        }
    }
}

/// One open question with the answer chosen, `release_restarts_cooldown=no`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reading {
    ReleaseRestartsCooldown(bool),
    RenewalWithoutRow { one_month: bool },
    TargetNotOffered { error: bool },
    NewkeyCooldown(bool),
    TrialDays(i64),
}

/// A word that is no reading.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is no reading; there are release_restarts_cooldown=yes|no, renewal_without_row=one_month|same_period, \
     target_not_offered=error|smallest, newkey_cooldown=no|yes and trial_days=1..365"
)]
pub struct UnknownReading(String);

impl FromStr for Reading {
    type Err = UnknownReading;

    fn from_str(text: &str) -> Result<Self, UnknownReading> {
        Ok(match text.split_once('=') {
            Some(("release_restarts_cooldown", "yes")) => Self::ReleaseRestartsCooldown(true),
            Some(("release_restarts_cooldown", "no")) => Self::ReleaseRestartsCooldown(false),
            Some(("renewal_without_row", "one_month")) => Self::RenewalWithoutRow { one_month: true },
            Some(("renewal_without_row", "same_period")) => Self::RenewalWithoutRow { one_month: false },
            Some(("target_not_offered", "error")) => Self::TargetNotOffered { error: true },
            Some(("target_not_offered", "smallest")) => Self::TargetNotOffered { error: false },
            Some(("newkey_cooldown", "yes")) => Self::NewkeyCooldown(true),
            Some(("newkey_cooldown", "no")) => Self::NewkeyCooldown(false),
            Some(("trial_days", days)) => {
                let days = days.parse().ok().filter(|days| (1..=365).contains(days));
                Self::TrialDays(days.ok_or_else(|| UnknownReading(text.to_owned()))?)
            }
            _ => return Err(UnknownReading(text.to_owned())),
        })
    }
}

impl Readings {
    /// Takes one answer; the last one to a question counts.
    #[must_use]
    pub fn with(mut self, reading: Reading) -> Self {
        match reading {
            Reading::ReleaseRestartsCooldown(yes) => self.release_restarts_cooldown = yes,
            Reading::RenewalWithoutRow { one_month } => self.renewal_without_row_is_one_month = one_month,
            Reading::TargetNotOffered { error } => self.target_not_offered_is_an_error = error,
            Reading::NewkeyCooldown(yes) => self.newkey_has_a_cooldown = yes,
            Reading::TrialDays(days) => self.trial_days = days,
        }
        self
    }
}

impl fmt::Display for Readings {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let yes = |yes: bool| if yes { "yes" } else { "no" };
        let row = if self.renewal_without_row_is_one_month { "one_month" } else { "same_period" };
        let target = if self.target_not_offered_is_an_error { "error" } else { "smallest" };
        write!(
            out,
            "release_restarts_cooldown={}, renewal_without_row={row}, target_not_offered={target}, \
             newkey_cooldown={}, trial_days={}",
            yes(self.release_restarts_cooldown),
            yes(self.newkey_has_a_cooldown),
            self.trial_days
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reading_is_printed_as_it_is_written() {
        let mut readings = Readings::default();
        assert_eq!(
            readings.to_string(),
            "release_restarts_cooldown=yes, renewal_without_row=one_month, target_not_offered=error, \
             newkey_cooldown=no, trial_days=14"
        );
        let others = [
            "release_restarts_cooldown=no",
            "renewal_without_row=same_period",
            "target_not_offered=smallest",
            "newkey_cooldown=yes",
            "trial_days=30",
        ];
        for other in others {
            readings = readings.with(other.parse().unwrap());
        }
        assert_eq!(readings.to_string(), others.join(", "));
    }

    #[test]
    fn a_wrong_reading_is_answered_with_the_right_ones() {
        for wrong in ["", "trial_days", "trial_days=0", "trial_days=x", "release_restarts_cooldown=maybe"] {
            let error = wrong.parse::<Reading>().unwrap_err().to_string();
            assert!(error.contains("renewal_without_row=one_month|same_period"), "{error}");
        }
    }
}
