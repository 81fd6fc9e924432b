//! The words of the domain as types: each is parsed once and printed one way.
//!
//! Nothing here knows of YAML, HTTP or BILLmanager's field names.

mod cash;
mod currency;
mod date;
mod listed;
mod mark;
mod money;
mod name;
mod near;
mod percent;
mod period;
mod rate;
mod ratio;
mod resource;
mod secret;
mod url;

pub(crate) use cash::Cash;
pub(crate) use currency::Currency;
pub(crate) use date::Date;
pub(crate) use listed::{at_least_one, distinct};
pub(crate) use mark::Mark;
pub(crate) use money::Money;
pub(crate) use name::{LocalName, Name, blank, forbidden, name_pattern};
pub(crate) use near::{is_near, near};
pub(crate) use percent::Percent;
pub(crate) use period::Period;
pub(crate) use rate::{Exchange, Rate};
pub(crate) use ratio::Ratio;
pub(crate) use resource::{Billing, ClientChange, PriceField};
pub(crate) use secret::SecretSource;
pub(crate) use url::{URL_PATTERN, same_address, url, url_if_given};
