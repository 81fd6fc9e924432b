//! What a configuration comes to in licences and money, before it is applied.
//!
//! [`catalogue`] makes what the licence engine needs out of a configuration; a live panel is read as the
//! configuration that an export of it would be. [`answer`] says of one sale what it orders and earns.
//! Pure: days, rates and files come in as arguments.

mod answer;
mod catalogue;
mod rewind;
#[cfg(test)]
mod tests;

pub(crate) use answer::{
    Answer, Because, Circumstances, DOCUMENT_VERSION, Earns, Orders, Outcome, Simulated, answer, arithmetic,
};
pub(crate) use catalogue::{catalogue, currencies};
pub(crate) use rewind::rewind;
