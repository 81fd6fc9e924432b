//! What a configuration would cost: months of orders, renewals and cancellations, played on a catalogue.
//!
//! [`scenario`] is what people write: streams of clients, and single events. [`clients`] draws from it what each
//! client does and when, which no configuration has any say in: so two configurations are played with the same
//! clients. [`play()`] lets them loose on the rules of [`licence`](crate::licence), and [`ledger`] keeps the
//! books. Nothing here reads a clock, and the same scenario always ends in the same ledger.

mod clients;
mod ledger;
mod play;
pub(crate) mod scenario;
#[cfg(test)]
pub(crate) mod tests;

pub(crate) use ledger::{Difference, LineTotal, MonthRow, Run, Simulation};
pub(crate) use play::{play, run};
pub(crate) use scenario::Scenario;
