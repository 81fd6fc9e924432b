//! What a configuration comes to in licences and money, before it is applied.
//!
//! [`catalogue()`] makes what the licence engine needs out of a configuration; a live panel is read as the
//! configuration that an export of it would be. [`answer()`] says of one sale what it orders and earns.
//!
//! [`scenario`] is what people write to see months at once: streams of clients, and single events. [`clients`]
//! draws from it what each client does and when, which no configuration has any say in: so two configurations
//! are played with the same clients. [`play()`] lets them loose on the rules of [`licence`](crate::licence), and
//! [`ledger`] keeps the books. The same scenario always ends in the same books.
//!
//! Pure but for [`scenario::read`]: days, rates and files come in as arguments.

mod answer;
mod catalogue;
mod clients;
mod ledger;
mod play;
mod rewind;
pub(crate) mod scenario;
mod source;
#[cfg(test)]
pub(crate) mod tests;

pub(crate) use answer::{
    Answer, Because, Circumstances, DOCUMENT_VERSION, Earns, Orders, Outcome, Simulated, answer, arithmetic,
    not_sold,
};
pub(crate) use catalogue::{catalogue, currencies};
pub(crate) use ledger::{Balance, LineTotal, MonthRow, Refused, Run, Simulation};
pub(crate) use play::{play, run};
pub(crate) use rewind::{beside, rewind};
pub(crate) use scenario::Scenario;
pub(crate) use source::CostSource;
