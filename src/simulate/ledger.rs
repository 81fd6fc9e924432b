//! The books of a run, and of two runs side by side: what reports and programs get.

use std::collections::BTreeMap;

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Serialize;

use super::{CostSource, Scenario, clients::Act, play::Ending};
use crate::{
    language::t,
    licence::{Books, Days, Event, Line, Month, Readings, Refusal, Step, What, Worth},
    model::{Cash, Percent, Period},
};

/// Version of the document. A change of the second number adds fields: whoever reads simulations should pass
/// over what they do not know.
const FORMAT_VERSION: &str = "1.0";

/// A scenario that was played, on one configuration or on two.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(title = "billform simulation")]
pub(crate) struct Simulation {
    /// Version of this document's format; a change of the first number breaks readers.
    pub(crate) format_version: String,
    /// Version of the tool that played it.
    pub(crate) tool_version: String,
    /// What was played.
    pub(crate) scenario: Setting,
    /// What came of it.
    pub(crate) run: Run,
    /// What came of it on the other configuration.
    pub(crate) other: Option<Run>,
    /// How much more the first configuration has than the other.
    pub(crate) difference: Option<Difference>,
}

/// The scenario, as far as a reader of the results needs it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub(crate) struct Setting {
    /// The file it was read from.
    pub(crate) file: String,
    /// The first day.
    pub(crate) from: String,
    /// The last day.
    pub(crate) to: String,
    /// How many months that are.
    pub(crate) months: u32,
    /// What all amounts are in.
    pub(crate) currency: String,
    /// Number that the clients were drawn from.
    pub(crate) seed: u32,
    /// How many orders there were.
    pub(crate) orders: u64,
    /// How what no public page decides was read.
    pub(crate) readings: Readings,
}

/// What came of a scenario on one configuration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub(crate) struct Run {
    /// What was played on.
    pub(crate) configuration: String,
    /// Everything at once: sums, and what there is at the end.
    pub(crate) total: Month,
    /// What became of the days of licences.
    pub(crate) days: Days,
    /// Of the days that are over, how many a licence was on a service.
    pub(crate) used: Option<Percent>,
    /// What days that nobody used, and days still to come, cost.
    pub(crate) worth: Worth,
    /// The most that the provider was out of pocket at the end of a day.
    pub(crate) lowest: Lowest,
    /// The licence account, where it has a limit.
    pub(crate) balance: Option<Balance>,
    /// The months in order.
    pub(crate) months: Vec<MonthRow>,
    /// What is sold, each with its part.
    pub(crate) sales: Vec<LineTotal>,
    /// What was refused, and how often.
    pub(crate) refusals: Vec<Refused>,
    /// Where the costs are from, for each licence server.
    pub(crate) costs: Vec<CostSource>,
    /// Remarks on what this configuration cannot do.
    pub(crate) notes: Vec<String>,
}

/// Income less cost where it is lowest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub(crate) struct Lowest {
    /// The amount.
    pub(crate) cash: Cash,
    /// The first day it was so.
    pub(crate) on: String,
}

/// A licence account that has a limit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub(crate) struct Balance {
    /// At the beginning.
    pub(crate) start: Cash,
    /// What was paid in.
    pub(crate) topped_up: Cash,
    /// At the end.
    pub(crate) end: Cash,
}

/// A month.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub(crate) struct MonthRow {
    /// Year and month.
    pub(crate) month: String,
    #[serde(flatten)]
    pub(crate) books: Month,
}

/// One of the things that are sold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub(crate) struct LineTotal {
    /// The tariff plan.
    pub(crate) tariff: String,
    /// The panel, by internal name.
    pub(crate) panel: String,
    /// The period the client pays for.
    pub(crate) period: Period,
    /// What is bought for it at an order; nothing where there is no licence, or no period for one.
    pub(crate) bought_period: Option<Period>,
    /// What it is renewed for.
    pub(crate) renewed_period: Option<Period>,
    /// Servers that were ordered with it.
    pub(crate) sold: u64,
    /// Licences that were bought for it.
    pub(crate) bought: u64,
    /// Free licences that were taken instead.
    pub(crate) reused: u64,
    /// Licences that were renewed.
    pub(crate) renewed: u64,
    /// What clients paid for it.
    pub(crate) income: Cash,
    /// What licences for it cost.
    pub(crate) cost: Cash,
}

/// Something that was refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub(crate) struct Refused {
    /// Why.
    pub(crate) reason: String,
    /// The tariff plan.
    pub(crate) tariff: String,
    /// The panel, by internal name.
    pub(crate) panel: String,
    /// The period the client pays for.
    pub(crate) period: Period,
    /// How often.
    pub(crate) count: u64,
    /// The first day.
    pub(crate) first: String,
}

/// How much more the first run has than the other; below zero where it has less.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub(crate) struct Difference {
    /// What clients paid.
    pub(crate) income: Cash,
    /// What licences cost.
    pub(crate) cost: Cash,
    /// Income less cost.
    pub(crate) cash: Cash,
    /// What paid days still to come cost.
    pub(crate) left: Cash,
}

impl Simulation {
    pub(crate) fn new(scenario: &Scenario, file: &str, run: Run, other: Option<Run>) -> Self {
        let difference = other.as_ref().map(|other| Difference {
            income: run.total.income - other.total.income,
            cost: run.total.cost - other.total.cost,
            cash: run.total.cash - other.total.cash,
            left: run.worth.left - other.worth.left,
        });
        Self {
            format_version: FORMAT_VERSION.to_owned(),
            tool_version: env!("CARGO_PKG_VERSION").to_owned(),
            scenario: Setting {
                file: file.to_owned(),
                from: scenario.from.to_string(),
                to: scenario.to.to_string(),
                months: scenario.months,
                currency: scenario.currency.clone(),
                seed: scenario.seed,
                orders: run.total.sold,
                readings: scenario.readings,
            },
            run,
            other,
            difference,
        }
    }

    /// The runs, the first one first.
    pub(crate) fn runs(&self) -> impl Iterator<Item = &Run> {
        std::iter::once(&self.run).chain(&self.other)
    }
}

/// Books that are being kept.
pub(super) struct Tally<'a> {
    scenario: &'a Scenario,
    lines: &'a [Line],
    books: Books,
    totals: Vec<LineTotal>,
    refusals: BTreeMap<(u32, &'static str), Refused>,
    day: Date,
    cash: Cash,
    lowest: (Cash, Date),
}

impl<'a> Tally<'a> {
    pub(super) fn new(scenario: &'a Scenario, lines: &'a [Line]) -> Self {
        Self {
            scenario,
            lines,
            books: Books::open(scenario.from, scenario.to),
            totals: lines.iter().map(LineTotal::of).collect(),
            refusals: BTreeMap::new(),
            day: scenario.from,
            cash: Cash::ZERO,
            lowest: (Cash::ZERO, scenario.from),
        }
    }

    pub(super) fn note(&mut self, event: &Event) {
        if event.day != self.day {
            self.end_day();
            self.day = event.day;
        }
        self.cash += event.amount;
        self.books.note(event);
        if let Some(total) = self.totals.get_mut(event.line as usize) {
            total.note(event);
        }
        if let What::Refused(refusal) = event.what {
            self.refused(event, refusal);
        }
    }

    fn end_day(&mut self) {
        if self.cash < self.lowest.0 {
            self.lowest = (self.cash, self.day);
        }
    }

    fn refused(&mut self, event: &Event, refusal: Refusal) {
        let reason = refusal.as_str();
        let sale = &self.lines[event.line as usize].sale;
        let entry = self.refusals.entry((event.line, reason)).or_insert_with(|| Refused {
            reason: reason.to_owned(),
            tariff: sale.tariff.clone(),
            panel: sale.item.clone(),
            period: sale.period,
            count: 0,
            first: event.day.to_string(),
        });
        entry.count += 1;
    }

    /// Closes the books.
    pub(super) fn close(mut self, ending: &Ending, configuration: &str) -> Run {
        self.end_day();
        let Ending { days, worth, balance } = ending;
        let months = self.books.months().into_iter().map(|(month, books)| MonthRow { month, books });
        let top_ups = self.scenario.deeds.iter().filter_map(|deed| match deed.act {
            Act::TopUp(amount) => Some(amount),
            _ => None,
        });
        let topped_up = top_ups.sum();
        Run {
            configuration: configuration.to_owned(),
            total: self.books.total(),
            days: *days,
            used: Percent::of(days.used, days.used + days.idle),
            worth: *worth,
            lowest: Lowest { cash: self.lowest.0, on: self.lowest.1.to_string() },
            balance: self.scenario.balance.zip(*balance).map(|(start, end)| Balance {
                start,
                topped_up,
                end,
            }),
            months: months.collect(),
            sales: self.totals,
            refusals: self.refusals.into_values().collect(),
            costs: Vec::new(),
            notes: self.lines.iter().flat_map(notes).collect(),
        }
    }
}

impl LineTotal {
    fn of(line: &Line) -> Self {
        let bought = line.licence.as_ref();
        let period = |step: &Result<Step, _>| step.as_ref().ok().map(|step| step.resolution.period);
        Self {
            tariff: line.sale.tariff.clone(),
            panel: line.sale.item.clone(),
            period: line.sale.period,
            bought_period: bought.and_then(|bought| period(&bought.order)),
            renewed_period: bought.and_then(|bought| period(&bought.renewal)),
            sold: 0,
            bought: 0,
            reused: 0,
            renewed: 0,
            income: Cash::ZERO,
            cost: Cash::ZERO,
        }
    }

    fn note(&mut self, event: &Event) {
        if event.amount.is_negative() {
            self.cost -= event.amount;
        } else {
            self.income += event.amount;
        }
        match event.what {
            What::Sold => self.sold += 1,
            What::Ordered => self.bought += 1,
            What::Reused { .. } => self.reused += 1,
            What::Renewed => self.renewed += 1,
            _ => {}
        }
    }
}

/// What the configuration cannot do for a sale.
fn notes(line: &Line) -> Vec<String> {
    let Some(bought) = &line.licence else { return Vec::new() };
    let sale = t!(
        "{tariff}/{item} for {period}",
        tariff = line.sale.tariff,
        item = line.sale.item,
        period = line.sale.period
    );
    let order =
        bought.order.as_ref().err().map(|why| t!("{sale} gets no licence: {why}", sale = sale, why = why));
    let renewal =
        bought.renewal.as_ref().err().map(|why| t!("{sale} is not renewed: {why}", sale = sale, why = why));
    order.into_iter().chain(renewal).collect()
}
