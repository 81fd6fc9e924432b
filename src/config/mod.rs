//! YAML text → a checked configuration.
//!
//! [`load()`] reads the files and runs all checks: YAML, JSON Schema, types, references. It ends in a
//! [`Config`], which still knows where everything is written, or in [`Problems`], all of them.

mod build;
mod codes;
mod excerpt;
mod explain;
mod fault;
mod json;
mod load;
mod merge;
mod outline;
mod problem;
mod references;
mod scalar;
mod schema;
mod secrets;
mod source;
mod suggest;
mod syntax;
#[cfg(test)]
mod tests;
mod tree;
mod typed;

pub(crate) use load::{At, Config, load, load_texts};
pub(crate) use outline::{Content, Outline};
pub(crate) use problem::{Problem, Problems};
pub(crate) use schema::{SCHEMAS, schema};
pub(crate) use source::holds_files;
