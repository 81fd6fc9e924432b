//! The sales of a scenario in a catalogue, or what the catalogue lacks for them.

use super::{Mention, Scenario, fault};
use crate::{
    language::t,
    licence::{Catalogue, Line, NoLine},
    model::{Period, near},
    source::{At, Problems, fault::Fault},
};

/// Looks up all sales of a scenario. `whose` names the catalogue in messages.
pub(crate) fn lines(scenario: &Scenario, catalogue: &Catalogue, whose: &str) -> Result<Vec<Line>, Problems> {
    let (mut lines, mut faults) = (Vec::new(), Vec::new());
    for (sale, mention) in scenario.sales.iter().zip(&scenario.mentions) {
        let desk = Desk { scenario, mention, whose };
        match catalogue.line(sale, &scenario.currency, &scenario.readings) {
            Ok(line) => {
                faults.extend(desk.no_cost(&line));
                lines.push(line);
            }
            Err(why) => faults.push(desk.no_line(&why)),
        }
    }
    if faults.is_empty() { Ok(lines) } else { Err(scenario.sources.problems(Vec::new(), faults)) }
}

struct Desk<'a> {
    scenario: &'a Scenario,
    mention: &'a Mention,
    whose: &'a str,
}

impl Desk<'_> {
    fn fault(&self, below: &[&str], code: &'static str, message: String) -> Fault {
        fault(&self.scenario.sources, &self.mention.path(below), At::Value, code, message)
    }

    fn no_line(&self, why: &NoLine) -> Fault {
        let (whose, panel) = (self.whose, self.mention.panel);
        let names = |known: &[String], key: &str, all: &str, none: &str| {
            near(key, known.iter().map(String::as_str), all, none)
        };
        match why {
            NoLine::Tariff { tariff, known } => {
                let fault = self.fault(
                    &["tariff"],
                    "scenario::unknown_tariff",
                    t!("{why} in {whose}", why = why, whose = whose),
                );
                let none = t!("there are no prices at all: describe tariff plans under `prices:`");
                fault.label(t!("no such tariff plan")).help(names(
                    known,
                    tariff,
                    &t!("the tariff plans are"),
                    &none,
                ))
            }
            NoLine::Item { item, known, .. } => {
                let fault = self.fault(
                    panel,
                    "scenario::unknown_panel",
                    t!("{why} in {whose}", why = why, whose = whose),
                );
                let none = t!("this tariff plan offers no panel at all");
                fault.label(t!("no such panel")).help(names(known, item, &t!("its panels are"), &none))
            }
            NoLine::Off { .. } => {
                let fault = self.fault(
                    panel,
                    "scenario::panel_off",
                    t!("{why} in {whose}", why = why, whose = whose),
                );
                fault.label(t!("nobody can order it")).help(t!("give it a price, or name another panel"))
            }
            NoLine::Price { period, known, .. } => {
                let fault = self.fault(
                    &["period"],
                    "scenario::no_price",
                    t!("{why} in {whose}", why = why, whose = whose),
                );
                let sold = match known.is_empty() {
                    true => t!("it has no price at all"),
                    false => t!("it has prices for {known}", known = known.join(", ")),
                };
                let help = t!(
                    "give it a price for {period} in {currency}; {sold}",
                    period = period,
                    currency = self.scenario.currency,
                    sold = sold
                );
                fault.label(t!("nobody can order it")).help(help)
            }
            NoLine::Server { servers, .. } => {
                let fault = self.fault(
                    &["tariff"],
                    "scenario::no_server",
                    t!("{why} in {whose}", why = why, whose = whose),
                );
                let help = match servers.is_empty() {
                    true => t!("give a processor of this tariff plan a `licence_server`"),
                    false => t!("the processors of a tariff plan need one `licence_server` between them"),
                };
                fault.label(t!("from which licence server?")).help(help)
            }
            NoLine::Offer { server, code } => {
                let fault =
                    self.fault(panel, "scenario::no_offer", t!("{why} in {whose}", why = why, whose = whose));
                let month = Period::months(1).into_iter().collect::<Vec<_>>();
                fault.label(t!("costs unknown")).help(self.give_costs(server, code, &month))
            }
        }
    }

    /// A cost that an order or a renewal will need and nobody told.
    fn no_cost(&self, line: &Line) -> Option<Fault> {
        let bought = line.licence.as_ref()?;
        let steps = [&bought.order, &bought.renewal];
        let mut missing: Vec<Period> = steps
            .into_iter()
            .filter_map(|step| step.as_ref().ok())
            .filter(|step| step.cost.is_none())
            .map(|step| step.resolution.period)
            .collect();
        missing.dedup();
        if missing.is_empty() {
            return None;
        }
        let periods = missing.iter().map(ToString::to_string).collect::<Vec<_>>().join(&t!(" and for "));
        let message = t!(
            "what the licence {code} costs for {periods} in {currency} is not known in {whose}",
            code = bought.code,
            periods = periods,
            currency = self.scenario.currency,
            whose = self.whose
        );
        let fault = self.fault(self.mention.panel, "scenario::no_cost", message).label(t!("cost unknown"));
        Some(fault.help(self.give_costs(&bought.server, &bought.code, &missing)))
    }

    fn give_costs(&self, server: &str, code: &str, periods: &[Period]) -> String {
        let amounts: Vec<String> = periods.iter().map(|period| format!("{period}: \"...\"")).collect();
        t!(
            "say what it costs in the configuration: `costs: {{{server}: {{as_of: {from}, codes: {{\"{code}\": \
             {{price: {{{currency}: {{{amounts}}}}}}}}}}}}}`",
            server = server,
            from = self.scenario.from,
            code = code,
            currency = self.scenario.currency,
            amounts = amounts.join(", ")
        )
    }
}
