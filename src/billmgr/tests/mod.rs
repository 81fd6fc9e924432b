//! The client against a small HTTP server of its own.

mod lists;
mod repeat;
mod secrets;
mod server;
mod sessions;
mod writes;
