//! A scenario on a catalogue, day by day.

use super::{
    Scenario,
    clients::Act,
    ledger::{Run, Tally},
};
use crate::{
    licence::{Days, Event, Line, World, Worth},
    model::Cash,
};

/// What there is when the time is over.
pub(crate) struct Ending {
    pub(crate) days: Days,
    pub(crate) worth: Worth,
    /// What the licence account holds, where there is a limit.
    pub(crate) balance: Option<Cash>,
}

/// Plays a scenario on its lines and tells of everything that happens, in order. Playing it again tells the
/// same, so that nobody has to keep millions of events.
pub(crate) fn play(scenario: &Scenario, lines: &[Line], told: &mut impl FnMut(Event)) -> Ending {
    let mut world = World::new(lines, scenario.readings, scenario.from).with_balance(scenario.balance);
    let mut services: Vec<u32> = Vec::new();
    for deed in &scenario.deeds {
        world.advance(deed.day, told);
        let service = |client: u32| services.get(client as usize).copied().unwrap_or(u32::MAX);
        match deed.act {
            Act::Order { client, line, renewals } => {
                let service = world.order(line, told).service;
                if let Some(times) = renewals {
                    world.renew(service, times);
                }
                let client = client as usize;
                if services.len() <= client {
                    services.resize(client + 1, u32::MAX);
                }
                services[client] = service;
            }
            Act::Cancel(client) => world.cancel(service(client), told),
            Act::Stop(client) => world.stop(service(client)),
            Act::ChangePanel { client, line } => drop(world.change_panel(service(client), line, told)),
            Act::ChangeIp(client) => drop(world.change_ip(service(client), told)),
            Act::TopUp(amount) => world.top_up(amount),
        }
    }
    world.advance(scenario.to, told);
    Ending { days: world.days(), worth: world.worth(), balance: world.balance() }
}

/// Plays a scenario and keeps the books. `configuration` is what the lines are from, as people call it.
pub(crate) fn run(scenario: &Scenario, lines: &[Line], configuration: &str) -> Run {
    let mut tally = Tally::new(scenario, lines);
    let ending = play(scenario, lines, &mut |event| tally.note(&event));
    tally.close(&ending, configuration)
}
