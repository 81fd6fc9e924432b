//! `sandbox`: serves the emulated panel, or a pair of them, until it is interrupted.

use super::exit::{Exit, Stop};
use crate::{
    cli::{HostileArg, PairArgs, SandboxArgs},
    language::t,
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
        terminal.say(&pair_notice(&pair));
        exports(terminal, &[panel(pair.provider(), args), licence_server(&pair, &args.pair)].concat())?;
        pair.provider().wait();
    } else {
        let sandbox = Sandbox::start(options).map_err(|error| stopped(&error))?;
        terminal.say(&notice(&sandbox));
        exports(terminal, &panel(&sandbox, args))?;
        sandbox.wait();
    }
    Ok(Exit::Done)
}

/// What a person starting the sandbox should know about it.
pub(super) fn notice(sandbox: &Sandbox) -> String {
    if let Some(recording) = sandbox.recording() {
        return t!(
            "This is a recording, not BILLmanager: {recording}.\nIt answers what was asked when it was made, names and amounts replaced, and changes nothing.",
            recording = recording
        );
    }
    let hostile: Vec<String> = sandbox.hostile().iter().map(ToString::to_string).collect();
    let hostile = if hostile.is_empty() { t!("of hostile modes" => "none") } else { hostile.join(", ") };
    t!(
        "This is an emulation, not BILLmanager.\nShapes follow public documentation and recorded answers; what they do not name is invented and differs with --dialect-seed.\nThere are no orders, no money, no clients, no remote panels behind it, and nothing it accepts is proof that a real panel accepts it.\nHostile modes: {hostile}.",
        hostile = hostile
    )
}

/// What a person starting the pair should know about it.
fn pair_notice(pair: &Pair) -> String {
    let (panel, seller) = (pair.provider().url(), pair.licences().url());
    let clock = panel.replace("/billmgr", "/sandbox/clock");
    let call = "curl $BILLFORM_URL -d out=json --data-urlencode authinfo=$BILLFORM_USER:$BILLFORM_PASSWORD";
    let lines = [
        t!(
            "This is an emulation of two panels, not BILLmanager:\n  a hosting provider's at {panel}\n  a licence server     at {seller}\nOrders and money are played, and they call each other on this machine only, whatever\naddresses a configuration names. Nothing here is proof of what real panels do.\nApply a configuration whose licence server has $LICENCE_URL, $LICENCE_USER and\n$LICENCE_PASSWORD, order, and see what came of it:",
            panel = panel,
            seller = seller
        ),
        format!(
            "  {call} \\\n    -d func=vds.order.param -d sok=ok -d pricelist=vds-start -d panel=55227 -d period=1"
        ),
        format!("  {call} \\\n    -d func=licence.log"),
        t!("It is {today}. Move the clock, or look at it:", today = pair.today()),
        format!("  curl -X POST '{clock}?days=30'\n  curl {clock}"),
        t!("Open questions are read so:"),
        format!("  {}", pair.readings().to_string().replace(", ", "\n  ")),
    ];
    lines.join("\n")
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
    let code = match error {
        SandboxError::Recording(_) => "sandbox::recording",
        _ => "sandbox::start",
    };
    let help = match error {
        SandboxError::Recording(_) => t!("take the whole directory as `billform capture` wrote it"),
        SandboxError::Balance | SandboxError::Currency(_) => t!("see `billform sandbox --help`"),
        _ => t!("listen on a free port of 127.0.0.1, and check the state file"),
    };
    Stop::new(Exit::Invalid, code, told(error), Some(&help))
}

/// The sandbox speaks English only, as a panel does; this is for the person who starts it.
pub(super) fn told(error: &SandboxError) -> String {
    match error {
        SandboxError::NotLoopback(address) => t!(
            "the sandbox listens on loopback only, and {address} is not: use 127.0.0.1 or [::1]",
            address = address
        ),
        SandboxError::Listen { address, .. } => t!("cannot listen on {address}", address = address),
        SandboxError::Thread(_) => t!("cannot start the sandbox's thread"),
        SandboxError::Balance => {
            t!("the balance of the licence account is not an amount like 100000.00")
        }
        SandboxError::Currency(currency) => {
            t!("the licence server sells in RUB and EUR, not in {currency}", currency = currency)
        }
        SandboxError::Recording(damaged) => damaged.to_string(),
        SandboxError::State(error) => error.to_string(),
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::{Language, speaking};

    #[test]
    fn the_notice_says_what_it_is_not() {
        let options = Options { hostile: [Hostile::PageSizeTwo].into_iter().collect(), ..Options::default() };
        let sandbox = Sandbox::start(options).unwrap();
        for (language, what) in
            [(Language::English, "not BILLmanager"), (Language::Russian, "а не BILLmanager")]
        {
            let notice = speaking(language, || notice(&sandbox));
            assert!(notice.contains(what) && notice.contains("page-size-two"), "{notice}");
        }
    }

    #[test]
    fn the_notice_of_a_pair_tells_what_to_do_with_it() {
        let pair = Pair::start(PairOptions::default()).unwrap();
        let notice = pair_notice(&pair);
        for part in [pair.provider().url(), pair.licences().url(), "?days=30", "trial_days=14"] {
            assert!(notice.contains(part), "{notice}");
        }
        assert!(notice.contains("authinfo=$BILLFORM_USER:$BILLFORM_PASSWORD \\\n    -d func="), "{notice}");
    }
}
