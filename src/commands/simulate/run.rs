//! `simulate run`: months of clients on a configuration, or on two.

use std::collections::BTreeSet;

use super::{
    super::{
        exit::{Exit, Stop},
        files,
        today::{self, today},
    },
    State, ask, states,
};
use crate::{
    cli::{SimulateRun, is_plan_file},
    language::t,
    licence::Line,
    report::{self, Played},
    simulate::{self, CostSource, Run, Scenario, Simulation, scenario},
    terminal::Terminal,
};

pub(super) async fn run(terminal: &Terminal, args: &SimulateRun) -> Result<Exit, Stop> {
    if is_plan_file(&args.path) && args.compare.is_some() {
        let text = t!("a saved plan is compared with what is there before it");
        return Err(Stop::new(Exit::Usage, "usage::conflict", text, Some(&t!("leave --compare out"))));
    }
    let scenario = scenario::read(&args.scenario)?;
    let (first, other) = configurations(terminal, args).await?;
    let mut first = Stage::set(&scenario, first)?;
    let other = match other.map(|other| Stage::set(&scenario, other)).transpose() {
        // What a plan begins to sell nobody could order before it.
        Err(Stop::Config(problems)) if is_plan_file(&args.path) => {
            let why = problems.iter().map(ToString::to_string).next().unwrap_or_default();
            first.notes.push(t!("not compared with what is there before the plan: {why}", why = why));
            None
        }
        other => other?,
    };

    let runs = (first.play(&scenario), other.as_ref().map(|other| other.play(&scenario)));
    let simulation = Simulation::new(&scenario, &args.scenario.display().to_string(), runs.0, runs.1);
    let lines = std::iter::once(&first).chain(&other).map(|stage| stage.lines.as_slice()).collect();
    let played = Played { simulation: &simulation, scenario: &scenario, lines };
    for to in &args.report {
        let style = terminal.file_style();
        files::write(&to.file, |mut out| report::simulation(&played, to.format, &style, &mut out))?;
    }
    terminal.data(|mut out| report::simulation(&played, args.format, &terminal.style(), &mut out))?;
    Ok(Exit::Done)
}

/// A configuration, and what reports call it.
type Named = (String, State);

/// What to play on, and what to compare that with.
async fn configurations(terminal: &Terminal, args: &SimulateRun) -> Result<(Named, Option<Named>), Stop> {
    let path = args.path.display();
    let (mut first, second) = states(terminal, &args.path, args.live, &args.connection).await?;
    if let Some(after) = second {
        let mut both = [first, after];
        ask_if(terminal, args, &mut both).await?;
        let [before, after] = both;
        let names = (t!("after {plan}", plan = path), t!("before {plan}", plan = path));
        return Ok(((names.0, after), Some((names.1, before))));
    }
    ask_if(terminal, args, std::slice::from_mut(&mut first)).await?;
    let name = if args.live { t!("the live panel") } else { path.to_string() };
    let Some(other) = &args.compare else { return Ok(((name, first), None)) };
    let mut state = State::of_config(today::config(other)?);
    ask_if(terminal, args, std::slice::from_mut(&mut state)).await?;
    Ok(((name, first), Some((other.display().to_string(), state))))
}

async fn ask_if(terminal: &Terminal, args: &SimulateRun, states: &mut [State]) -> Result<(), Stop> {
    if args.upstream { ask(terminal, states, &args.connection.link).await } else { Ok(()) }
}

/// A configuration that is ready to be played on.
struct Stage {
    name: String,
    lines: Vec<Line>,
    costs: Vec<CostSource>,
    /// What had to be assumed of it.
    notes: Vec<String>,
}

impl Stage {
    fn set(scenario: &Scenario, (name, state): Named) -> Result<Self, Stop> {
        let State { of: _, spec, notes, asked, made: _ } = state;
        let priced = simulate::catalogue(&spec, &scenario.currency, today());
        let lines = scenario::lines(scenario, &priced.catalogue, &name)?;
        let servers: BTreeSet<&str> =
            lines.iter().filter_map(|line| Some(line.licence.as_ref()?.server.as_str())).collect();
        let costs = servers.into_iter().filter_map(|server| CostSource::of(&spec, server, &asked)).collect();
        Ok(Self { name, lines, costs, notes: notes.into_iter().chain(priced.notes).collect() })
    }

    fn play(&self, scenario: &Scenario) -> Run {
        let mut run = simulate::run(scenario, &self.lines, &self.name);
        run.costs.clone_from(&self.costs);
        run.notes.splice(0..0, self.notes.iter().cloned());
        run
    }
}
