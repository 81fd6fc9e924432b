//! `simulate`: which licences sales order, and what they earn.

mod run;

use std::{collections::BTreeSet, path::Path};

use super::{
    connect,
    exit::{Exit, Stop},
    saved,
    today::{self, today},
    upstream,
};
use crate::{
    cli::{Data, LinkArgs, PanelArgs, Simulate, SimulateCommand, SimulateOrder, is_plan_file},
    codes::CodeTable,
    config::Config,
    kinds::{ConfigSpec, Surroundings},
    language::t,
    licence::{Line, NoLine, Readings, Sale},
    model::{Date, Name, near},
    plan::Target,
    reconcile::Ask,
    report,
    simulate::{self, Answer, Circumstances, CostSource, DOCUMENT_VERSION, Simulated},
    terminal::Terminal,
    upstream::costs,
};

pub(super) async fn run(terminal: &Terminal, args: &Simulate) -> Result<Exit, Stop> {
    match &args.command {
        SimulateCommand::Order(args) => order(terminal, args).await,
        SimulateCommand::Run(args) => run::run(terminal, args).await,
    }
}

async fn order(terminal: &Terminal, args: &SimulateOrder) -> Result<Exit, Stop> {
    let (first, second) = states(terminal, &args.path, args.live, &args.connection).await?;
    let mut states: Vec<State> = [Some(first), second].into_iter().flatten().collect();
    if args.upstream {
        ask(terminal, &mut states, &args.connection.link).await?;
    }
    let now = today();
    let currency = currency(args, &states)?;
    let questions: Vec<Question<'_>> =
        states.iter().map(|state| Question::of(args, state, &currency, now)).collect();
    // What a plan begins or ends selling is sold on one side of it, and an answer says so of the other.
    if let (None, Some(Err(why))) = (
        questions.iter().find(|question| question.line.is_ok()),
        questions.last().map(|question| &question.line),
    ) {
        return Err(no_line(why));
    }
    let answers = questions.iter().map(Question::answer).collect();
    let simulated = Simulated { format_version: DOCUMENT_VERSION.to_owned(), answers };
    terminal.data(|mut out| match args.format {
        Data::Json => report::document(&simulated, &mut out),
        Data::Text => report::answers(&simulated, &terminal.style(), &mut out),
    })?;
    Ok(Exit::Done)
}

/// The currency that is asked for, or the usual one; the same before a plan and after it.
fn currency(args: &SimulateOrder, states: &[State]) -> Result<String, Stop> {
    let known = || states.iter().rev().find_map(|state| simulate::currencies(&state.spec).into_iter().next());
    args.currency.clone().or_else(known).ok_or_else(|| {
        let help = t!("describe prices under `prices`, or give --currency");
        let text = t!("there are no prices to sell at");
        Stop::new(Exit::Invalid, "simulate::no_prices", text, Some(&help))
    })
}

/// One state of the panel, as the configuration that describes it.
struct State {
    of: &'static str,
    spec: ConfigSpec,
    notes: Vec<String>,
    /// Licence servers that said themselves what licences cost.
    asked: BTreeSet<String>,
    /// Whether prices are made of the costs that are written.
    made: bool,
}

impl State {
    fn new(of: &'static str, (spec, notes): (ConfigSpec, Vec<String>)) -> Self {
        Self { of, spec, notes, asked: BTreeSet::new(), made: false }
    }

    fn of_config(config: Config) -> Self {
        let made = !config.formulas.is_empty();
        Self { made, ..Self::new("configuration", (config.spec, Vec::new())) }
    }
}

/// The state of the panel that is asked about; two where that is a plan, before it and after it.
async fn states(
    terminal: &Terminal,
    path: &Path,
    live: bool,
    connection: &PanelArgs,
) -> Result<(State, Option<State>), Stop> {
    if is_plan_file(path) {
        let saved = saved::read(path)?;
        let (spec, beside) = (&saved.config.spec, &saved.surroundings);
        let before = State::new("before the plan", simulate::rewind(spec, &saved.plan, beside));
        return Ok((before, Some(State::new("after the plan", simulate::beside(spec, beside)))));
    }
    let config = today::config(path)?;
    if !live {
        return Ok((State::of_config(config), None));
    }
    let ask = |_: &Target| Ask::default();
    let planned = connect::plan(terminal, &config, connection, ask).await?;
    let beside = Surroundings::of(&config.spec, &planned.snapshot, &planned.plan.left_alone);
    Ok((State::new("panel", simulate::rewind(&config.spec, &planned.plan, &beside)), None))
}

/// Puts what the licence servers say of costs and periods in the place of what is written. The states are of one
/// panel: each server is asked once.
async fn ask(terminal: &Terminal, states: &mut [State], link: &LinkArgs) -> Result<(), Stop> {
    let Some(last) = states.last() else { return Ok(()) };
    let servers = upstream::catalogues(terminal, &last.spec, link).await?;
    if servers.is_empty() {
        return Err(upstream::no_server());
    }
    for (key, sold) in &servers {
        let Ok(name) = key.parse::<Name>() else { continue };
        for state in &mut *states {
            let (costs, notes) = costs(&state.spec, key, sold, today());
            state.spec.costs.insert(name.clone(), costs);
            state.notes.extend(notes);
            state.asked.insert(key.clone());
        }
    }
    for state in states.iter_mut().filter(|state| state.made) {
        state.notes.push(t!("prices that are made of costs are those that the written `costs` make"));
    }
    Ok(())
}

/// What is asked about one state.
struct Question<'a> {
    sale: Sale,
    line: Result<Line, NoLine>,
    about: Circumstances<'a>,
}

impl<'a> Question<'a> {
    fn of(args: &SimulateOrder, state: &'a State, currency: &'a str, now: Date) -> Self {
        let State { of, spec, notes, asked, made: _ } = state;
        let priced = simulate::catalogue(spec, currency, now);
        let readings = args.readings.over(Readings::default());
        let sale = Sale { tariff: args.tariff.clone(), item: args.panel.clone(), period: args.period };
        let line = priced.catalogue.line(&sale, currency, &readings);
        let table = CodeTable::with(&spec.codes);
        let entry = table.lookup(&args.panel);
        let mut notes: Vec<String> = notes.iter().cloned().chain(priced.notes).collect();
        notes.extend(entry.filter(|entry| entry.is_retired(now)).map(|entry| {
            let source = entry.source().map(|source| format!(" ({source})")).unwrap_or_default();
            format!("{}{source}", t!("{code} is {state}", code = args.panel, state = entry.sentence(now)))
        }));
        let about = Circumstances {
            of,
            currency,
            on: args.at.unwrap_or(now.civil()),
            readings,
            costs: line
                .as_ref()
                .ok()
                .and_then(|line| CostSource::of(spec, &line.licence.as_ref()?.server, asked)),
            product: entry.map(|entry| entry.product().to_owned()),
            node_parameter: entry.and_then(|entry| entry.nodes()).map(str::to_owned),
            notes,
        };
        Self { sale, line, about }
    }

    fn answer(&self) -> Answer {
        match &self.line {
            Ok(line) => simulate::answer(line, &self.about),
            Err(why) => simulate::not_sold(&self.sale, why.to_string(), &self.about),
        }
    }
}

/// Why a sale cannot be simulated, and what to do.
pub(super) fn no_line(error: &NoLine) -> Stop {
    let (code, help) = match error {
        NoLine::Tariff { tariff, known } => ("simulate::unknown_tariff", listed(tariff, known)),
        NoLine::Item { item, known, .. } => ("simulate::unknown_panel", listed(item, known)),
        NoLine::Off { .. } => {
            ("simulate::not_offered", t!("give it prices instead of `off`, or choose another panel"))
        }
        NoLine::Price { known, .. } => {
            let help = match known.as_slice() {
                [] => t!("it has no prices at all"),
                known => t!("it is sold for {periods}", periods = known.join(", ")),
            };
            ("simulate::no_price", help)
        }
        NoLine::Server { servers, .. } => {
            let help = if servers.is_empty() {
                t!("give the processor of its servers a `licence_server`")
            } else {
                t!("only one licence server can be simulated for a tariff plan")
            };
            ("simulate::which_server", help)
        }
        NoLine::Offer { code, .. } => (
            "simulate::unknown_offer",
            t!("write what {code} costs under `costs`, or its periods under `codes`", code = code),
        ),
    };
    Stop::new(Exit::Invalid, code, error.to_string(), Some(&help))
}

fn listed(key: &str, known: &[String]) -> String {
    let none = t!("the configuration prices none");
    near(key, known.iter().map(String::as_str), &t!("there are"), &none)
}
