//! `sandbox`: serves the emulated panel, or a pair of them, until it is interrupted.

use super::exit::{Exit, Stop};
use crate::{
    cli::{HostileArg, PairArgs, SandboxArgs},
    sandbox::{
        ADMIN, Hostile, LICENCE_READER, LICENCE_USER, Options, Pair, PairOptions, Readings, Sandbox,
        SandboxError, quoted,
    },
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
        replay: args.replay.clone(),
        ..Options::default()
    };
    if args.pair.pair {
        let pair = Pair::start(pair_options(&args.pair, options)).map_err(|error| stopped(&error))?;
        terminal.say(&pair.notice());
        exports(terminal, &[panel(pair.provider(), args), licence_server(&pair, &args.pair)].concat())?;
        pair.provider().wait();
    } else {
        let sandbox = Sandbox::start(options).map_err(|error| stopped(&error))?;
        terminal.say(&sandbox.notice());
        exports(terminal, &panel(&sandbox, args))?;
        sandbox.wait();
    }
    Ok(Exit::Done)
}

fn pair_options(args: &PairArgs, panel: Options) -> PairOptions {
    PairOptions {
        panel,
        licence_listen: args.licence_listen,
        licence_password: Some(args.licence_password.clone()),
        at: args.at,
        balance: args.balance.clone(),
        currency: args.currency.clone(),
        readings: args.reading.iter().copied().fold(Readings::default(), Readings::with),
        ..PairOptions::default()
    }
}

fn stopped(error: &SandboxError) -> Stop {
    if let SandboxError::Recording(damaged) = error {
        let help = "take the whole directory as `billform capture` wrote it";
        return Stop::new(Exit::Invalid, "sandbox::recording", damaged.to_string(), Some(help));
    }
    let help = match error {
        SandboxError::Balance | SandboxError::Currency(_) => "see `billform sandbox --help`",
        _ => "listen on a free port of 127.0.0.1, and check the state file",
    };
    Stop::new(Exit::Invalid, "sandbox::start", error.to_string(), Some(help))
}

type Export = (&'static str, String);

fn panel(sandbox: &Sandbox, args: &SandboxArgs) -> Vec<Export> {
    vec![
        ("BILLFORM_URL", sandbox.url().to_owned()),
        ("BILLFORM_USER", ADMIN.to_owned()),
        ("BILLFORM_PASSWORD", args.password.clone()),
    ]
}

fn licence_server(pair: &Pair, args: &PairArgs) -> Vec<Export> {
    vec![
        ("LICENCE_URL", pair.licences().url().to_owned()),
        ("LICENCE_USER", LICENCE_USER.to_owned()),
        ("LICENCE_READER", LICENCE_READER.to_owned()),
        ("LICENCE_PASSWORD", args.licence_password.clone()),
    ]
}

/// What a shell takes over with `eval`.
fn exports(terminal: &Terminal, exports: &[Export]) -> Result<(), Stop> {
    terminal.data(|out| {
        exports.iter().try_for_each(|(name, value)| writeln!(out, "export {name}={}", quoted(value)))
    })?;
    Ok(())
}
