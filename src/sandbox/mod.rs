//! An emulated BILLmanager on loopback.
//!
//! The sandbox is a stateful server on a real socket. It answers the functions `billform` needs in
//! the shapes that are on public record, and it is written apart from the client: it shares no
//! encoder, no table and no type with the rest of the crate, so that a test in which the two agree
//! means something.
//!
//! # What is attested
//!
//! - The transport: one address, GET and POST, flat parameters, `func`, `out`, `lang`, `authinfo`,
//!   `auth`, errors inside HTTP 200, the failed-login document, long requests as an HTML page.
//! - The document: `$` keys, `{}` for an empty element, `messages.msg` as an object, `tparams`,
//!   `slist`, `orig`, toolbars, the pager, `ok`, the error layout, `bjson` lists and models.
//! - The functions `processing`, `processing.edit`, `processing.add.user`,
//!   `processing.add.settings`, `processing.customparam` and its edit and filter, `enumeration` and
//!   its edit and delete, `enumerationitem` and its edit, `pricelist`, `pricelist.edit`,
//!   `pricelist.add.step2`, `pricelist.detail`, `pricelist.detail.edit`, `pricelist.export`,
//!   `itemtype`, `project`, `datacenter.edit`, `whoami`, and their documented fields and columns.
//! - Price fields `<stem><currencyId>`, period ids, `null` for an unset select, `on` and `off`.
//!
//! # What is invented, and differs with every dialect seed
//!
//! The first two steps of the processor wizard, the licence module's internal name, the fields of
//! the licence server, of the department and of the minimal balance, the period mapping's key and
//! fields, the prices of enumeration values (functions, parent parameter, row ids, defaults), the
//! field names of a resource's enumeration, the name of the currency list, extra fields no
//! documentation knows; and the behaviours the record leaves open: what an omitted field means,
//! what a key outside the options does, which key holds a created id, what a list without its
//! parent answers. [`Sandbox::names`] tells what a seed chose.
//!
//! # What it is not
//!
//! It has no orders, no money, no clients' services, no mail, no remote panels and no database.
//! A rule it enforces may be looser or stricter than a real panel's. Passing against it is
//! evidence, not proof. It listens on loopback only.
//!
//! # A pair
//!
//! A [`Pair`] is two of them, with orders, money and a clock: a provider's panel that buys from a licence server
//! over HTTP, on loopback only, using what its own configuration says.
//!
//! Attested there: `soft` and its id, address and end date; `soft.edit` with `licname`, `ip`, `newkey` and its
//! view; `soft.order.param` and its parameters; `soft.checkip`; `soft.suspend`, `soft.resume`, `soft.delete`;
//! `service.prolong` and `newexpiredate`; `pricelist.export`; `vds.order.param`; the status numbers. Drawn by
//! the dialect: the columns for the last changes of address and key, for nodes and cost, where an order's id and
//! the new end date stand. Invented and always the same: the columns of `subaccount`, `licence.ledger` of the
//! licence server, `licence.log` of the provider's panel, `panel` and `nodes` of an order, `/sandbox/clock`.
//! Questions about the flow that the record leaves open are [`Readings`].
//!
//! # A recording
//!
//! With [`Options::replay`] it answers from the files of a recorded panel (`docs/capture.md`), and holds nothing of
//! its own but the login.
//!
//! # How it is built
//!
//! `core`, `entity`, `form`, `list` and `save` are COREmanager: lists, forms, saves and toolbars
//! from data. `entities` holds the data, one file each. `dialect` draws the names, `hostile` and
//! `faults` are what goes wrong, `http` is the socket. `pair` is what two panels do to each other.

mod auth;
mod core;
mod dialect;
mod document;
mod encode_bjson;
mod encode_json;
mod encode_xml;
mod entities;
mod entity;
mod export_feed;
mod faults;
mod form;
mod hands;
mod hostile;
mod http;
mod label;
mod list;
mod money;
mod pair;
mod panel;
mod reference;
mod refusal;
mod replay;
mod request;
mod save;
mod seed;
mod server;
mod store;
#[cfg(test)]
mod tests;
mod wizard;

pub use auth::{ADMIN, CLIENT, DENIED, TWO_FACTOR};
pub use faults::{Fault, FaultKind};
pub use hands::Hand;
pub use hostile::{Hostile, UnknownWord};
pub use pair::{LICENCE_READER, LICENCE_USER, Moved, Pair, PairCheckpoint, PairOptions, Reading, Readings};
pub use replay::DamagedRecording;
pub use seed::Seed;
pub use server::{Checkpoint, Options, RequestRecord, Sandbox, SandboxError, quoted};
#[cfg(test)]
pub(crate) use store::State;
pub use store::StateError;
