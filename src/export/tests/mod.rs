//! Text in, text out; and a panel of the sandbox with files about it.

mod edits;
mod panel;
