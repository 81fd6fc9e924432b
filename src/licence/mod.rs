//! Which licence a sale orders, for how long, from the pool or bought: the rules of BILLmanager, pure.
//!
//! Nothing here reads a file, a panel or a clock: what is sold comes in as a [`Catalogue`], days come in
//! as arguments, and what happens goes out as [`Event`]s. Days are whole: no public page gives hours.
//!
//! - [`rules`] has each rule with its source and how sure it is; [`Readings`] decides what is open.
//! - [`mapping`] finds the period that is ordered or renewed.
//! - [`pool`] tells which licences may be used again.
//! - [`catalogue`] puts what is sold and what it costs together, once, as [`Line`]s.
//! - [`World`] lets services and licences live.

mod books;
mod catalogue;
mod event;
mod mapping;
mod pool;
mod readings;
pub(crate) mod rules;
mod terms;
#[cfg(test)]
mod tests;
mod world;

pub(crate) use books::{Books, Days, Month, Worth};
pub(crate) use catalogue::{Bought, Catalogue, Item, Line, NoLine, Offer, Sale, Server, Step, Tariff};
pub(crate) use event::{Event, Refusal, What};
pub(crate) use mapping::{By, Resolution, Row, Unresolved, resolve_order, resolve_renewal};
pub(crate) use pool::{Condition, FREE_IP, FREE_NAME, Licence, Status, later, unmet, usable_from};
pub(crate) use readings::{Readings, WithoutRow};
pub(crate) use terms::{Sum, Terms, months};
pub(crate) use world::World;
#[cfg(test)]
pub(crate) use world::{Snag, Source};

/// The item that orders no licence (vendor page "Control panel licences").
pub(crate) const NO_PANEL: &str = "nopanel";
