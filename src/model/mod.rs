//! The words of the domain as types: each is parsed once and printed one way.
//!
//! Nothing here knows of YAML, HTTP or BILLmanager's field names.

#[allow(dead_code, reason = "what uses it comes next")]
mod cash;
mod currency;
#[allow(dead_code, reason = "what uses it comes next")]
mod date;
mod money;
mod name;
mod near;
mod percent;
mod period;
mod resource;
mod secret;
mod url;

pub(crate) use cash::Cash;
pub(crate) use currency::Currency;
pub(crate) use date::Date;
pub(crate) use money::Money;
pub(crate) use name::{LocalName, Name, blank, forbidden, name_pattern};
pub(crate) use near::near;
pub(crate) use percent::Percent;
pub(crate) use period::Period;
pub(crate) use resource::{Billing, ClientChange, PriceField};
pub(crate) use secret::SecretSource;
pub(crate) use url::{URL_PATTERN, same_address, url, url_if_given};
