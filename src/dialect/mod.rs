//! All knowledge of how a logical name is called on the live panel.

mod spec;

pub(crate) use spec::{DialectSpec, FieldNames, FunctionNames};
