//! The words of the domain as types: each is parsed once and printed one way.
//!
//! Nothing here knows of YAML, HTTP or BILLmanager's field names.

mod money;
mod name;
mod period;
mod secret;

pub(crate) use money::Money;
pub(crate) use name::{LocalName, Name};
pub(crate) use period::Period;
pub(crate) use secret::SecretSource;
