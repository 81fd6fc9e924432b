//! `sandbox`: serves the emulated panel until it is interrupted.

use super::exit::{Exit, Stop};
use crate::{
    cli::{HostileArg, SandboxArgs},
    sandbox::{ADMIN, Hostile, Options, Sandbox},
    terminal::Terminal,
};

pub(super) fn run(terminal: &Terminal, args: &SandboxArgs) -> Result<Exit, Stop> {
    let hostile = args.hostile.iter().flat_map(|mode| match mode {
        HostileArg::All => Hostile::ALL.to_vec(),
        HostileArg::One(mode) => vec![*mode],
    });
    let options = Options {
        listen: args.listen,
        seed: args.seed,
        dialect_seed: args.dialect_seed,
        hostile: hostile.collect(),
        state: args.state.clone(),
        password: Some(args.password.clone()),
        ..Options::default()
    };
    let sandbox = Sandbox::start(options).map_err(|error| {
        let help = "listen on a free port of 127.0.0.1, and check the state file";
        Stop::new(Exit::Invalid, "sandbox::start", error.to_string(), Some(help))
    })?;
    terminal.say(&sandbox.notice());
    terminal.data(|out| {
        writeln!(out, "export BILLFORM_URL={}", sandbox.url())?;
        writeln!(out, "export BILLFORM_USER={ADMIN}")?;
        writeln!(out, "export BILLFORM_PASSWORD={}", quoted(&args.password))
    })?;
    sandbox.wait();
    Ok(Exit::Done)
}

/// A value that a shell takes as it is.
fn quoted(value: &str) -> String {
    let plain = |ch: char| ch.is_ascii_alphanumeric() || matches!(ch, '-' | '_' | '.');
    if value.chars().all(plain) { value.to_owned() } else { format!("'{}'", value.replace('\'', r"'\''")) }
}
