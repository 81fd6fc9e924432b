//! The day both panels believe it is, and what happens when it moves.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::ToSpan as _;
use jiff::civil::Date;

use super::super::http::Shared;
use super::super::request::Params;
use super::Play;

/// The furthest one move goes.
const FURTHEST: i64 = 3660;

/// The shared day.
#[derive(Clone, Debug)]
pub(crate) struct Clock(Arc<Mutex<Date>>);

impl Clock {
    pub(crate) fn at(date: Date) -> Self {
        Self(Arc::new(Mutex::new(date)))
    }

    pub(crate) fn today(&self) -> Date {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn set(&self, date: Date) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = date;
    }
}

/// Where a move of the clock began and ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moved {
    pub from: Date,
    pub to: Date,
}

/// Both panels and their clock: what is needed to play days.
pub(crate) struct Stage {
    pub(crate) play: Play,
    pub(crate) provider: Arc<Mutex<Shared>>,
    pub(crate) licences: Arc<Mutex<Shared>>,
    /// Days are played one at a time, whoever asks for them.
    pub(crate) moving: Mutex<()>,
}

fn lock<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Stage {
    /// Plays every day up to and including `to`: first the provider's jobs, then the licence server's.
    pub(crate) fn move_to(&self, to: Date) -> Result<Moved, String> {
        let _one_at_a_time = lock(&self.moving);
        let from = self.play.clock.today();
        if to < from {
            return Err(format!("it is {from}, and the clock does not go back to {to}"));
        }
        let mut today = from;
        while today < to {
            today = today.saturating_add(1.day());
            self.play.clock.set(today);
            // The licence server has to be free while the provider's panel calls it.
            lock(&self.provider).play_day();
            lock(&self.licences).play_day();
        }
        Ok(Moved { from, to })
    }

    pub(crate) fn move_by(&self, days: i64) -> Result<Moved, String> {
        if !(0..=FURTHEST).contains(&days) {
            return Err(format!("{days} days is not between 0 and {FURTHEST}"));
        }
        self.move_to(self.play.clock.today().saturating_add(days.days()))
    }

    /// Answers `GET /sandbox/clock` and `POST /sandbox/clock?days=30` or `?to=2027-01-01`, in JSON.
    pub(crate) fn turn(&self, moves: bool, params: &Params) -> Result<String, String> {
        let moved = match (params.get("days"), params.get("to")) {
            _ if !moves => {
                let today = self.play.clock.today();
                return Ok(serde_json::json!({"today": today.to_string()}).to_string() + "\n");
            }
            (Some(days), None) => days
                .parse()
                .map_err(|_| format!("`{days}` is no number of days"))
                .and_then(|n| self.move_by(n)),
            (None, Some(to)) => {
                let to = to.parse().map_err(|_| format!("`{to}` is no date; write 2027-01-31"));
                to.and_then(|to| self.within_reach(to))
            }
            _ => Err("say how far: ?days=30 or ?to=2027-01-31".to_owned()),
        };
        let said = |value: serde_json::Value| value.to_string() + "\n";
        match moved {
            Ok(Moved { from, to }) => {
                Ok(said(serde_json::json!({"from": from.to_string(), "today": to.to_string()})))
            }
            Err(error) => Err(said(serde_json::json!({"error": error}))),
        }
    }

    fn within_reach(&self, to: Date) -> Result<Moved, String> {
        let furthest = self.play.clock.today().saturating_add(FURTHEST.days());
        if to > furthest {
            return Err(format!("{to} is more than {FURTHEST} days away"));
        }
        self.move_to(to)
    }
}
