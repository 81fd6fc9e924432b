//! The client against a small HTTP server of its own.
