//! YAML text → a checked configuration.
//!
//! [`load()`] reads the files and runs all checks: YAML, JSON Schema, types, references; then prices that
//! are made of costs become amounts. It ends in a
//! [`Config`], which still knows where everything is written, or in all the
//! [`Problems`](crate::source::Problems) there are.

mod describe;
mod editor;
mod explain;
mod figures;
mod files;
mod json;
mod load;
mod merge;
mod order;
mod references;
mod schema;
mod suggest;
#[cfg(test)]
pub(crate) mod tests;
mod typed;

pub(crate) use describe::{FieldPage, describe};
pub(crate) use files::{File, holds_files, read as read_files};
#[cfg(test)]
pub(crate) use load::load_one_text;
pub(crate) use load::{Config, load, load_one, load_texts};
pub(crate) use order::FieldOrder;
pub(crate) use schema::{Compiled, Document, SCHEMAS, schema};
