//! One binary that drives the real program against the emulated panel over real HTTP.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test says what is wrong by panicking, in its helpers too"
)]

mod along;
mod browser;
mod canary;
mod capture;
mod captures;
mod check;
mod cli;
mod comment;
mod deletes;
mod dialects;
mod doctor;
mod drift;
mod editor;
mod errors;
mod failures;
mod findings;
mod flows;
mod fmt;
mod forges;
mod guards;
mod hands;
mod harness;
mod hostile;
mod hostile_server;
mod interruption;
mod journal;
mod layout;
mod notify;
mod pair;
mod pictures;
mod pipelines;
mod pool;
mod properties;
mod readme;
mod readonly;
mod reports;
mod russian;
mod saved;
mod scenarios;
mod secrets;
mod simulate;
mod tools;
mod transport;
mod upstream;
