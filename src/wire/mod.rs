//! BILLmanager's API as data: a tolerant decoder and the views on a decoded answer.
//!
//! Owns what an answer looks like ([`Answer`]: lists, forms, errors) and what a
//! request parameter is ([`Param`]). Sends nothing: that is `billmgr`.

mod answer;
mod decode;
mod error;
mod field;
mod form;
mod json;
mod node;
mod page;
mod param;
#[cfg(test)]
mod proptests;
#[cfg(test)]
mod tests;
mod text;
mod xml;

pub(crate) use answer::Answer;
pub(crate) use decode::{DecodeError, decode};
pub(crate) use error::PanelError;
pub(crate) use field::{Choice, Control, Field};
pub(crate) use form::Form;
pub(crate) use node::Node;
pub(crate) use page::{Button, Column, Page, Row};
pub(crate) use param::{Param, ParamValue};
pub(crate) use text::{excerpt, one_line};
