//! One binary that drives the real program against the emulated panel over real HTTP.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test says what is wrong by panicking, in its helpers too"
)]

mod cli;
mod deletes;
mod dialects;
mod failures;
mod flows;
mod guards;
mod harness;
mod hostile;
mod layout;
mod properties;
mod readme;
mod readonly;
