//! What a licence server says, and what the provider's panel says of its services: read, never written.
//!
//! A licence server is another BILLmanager, on which the provider is a client. [`read`] asks it; everything
//! else here is pure: [`Upstream`] is its catalogue, [`Licence`] one licence of the account, [`Service`] what a
//! licence may be on, [`differences()`] holds the catalogue against the `costs` of a configuration, and [`costs()`] puts it in
//! their place.
//! What no public record names is found by its label or is not known; nothing is guessed.

mod catalogue;
mod cells;
mod costs;
mod differences;
mod licences;
pub(crate) mod read;
mod services;
#[cfg(test)]
mod tests;

pub(crate) use catalogue::{Offer, Upstream};
pub(crate) use cells::Amount;
pub(crate) use costs::costs;
pub(crate) use differences::{CodeDifference, CodeState, CostChange, CostDifferences, Figure, differences};
pub(crate) use licences::Licence;
pub(crate) use services::{Service, Services};
