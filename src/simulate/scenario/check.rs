//! What can be told of a scenario without a configuration: its clients, and what cannot happen.

use std::collections::BTreeMap;

use jiff::{ToSpan, civil::Date};

use super::{
    Mention, Scenario,
    events::Named,
    fault,
    spec::{ScenarioSpec, StreamSpec},
};
use crate::{
    language::t,
    licence::Sale,
    model::Cash,
    simulate::clients::{Deed, Stream, most_renewals},
    source::{
        At, Problems, Sources,
        fault::{Fault, shown},
    },
};

/// More renewals than this take longer than anybody waits.
const MOST_RENEWALS: u64 = 20_000_000;
/// More orders than this take more memory than a laptop has to spare.
const MOST_ORDERS: u64 = 2_000_000;

/// Checks a scenario, and draws its clients.
pub(super) fn check(spec: &ScenarioSpec, sources: Sources) -> Result<Scenario, Problems> {
    let from = spec.from.civil();
    let months = i32::try_from(spec.months).unwrap_or(i32::MAX);
    let to = from.saturating_add(months.months()).saturating_sub(1.day());
    let mut desk = Desk::new(spec, &sources, from, to);
    desk.events();
    desk.streams();
    let Desk { sales, mentions, mut deeds, faults, .. } = desk;
    if !faults.is_empty() {
        return Err(sources.problems(Vec::new(), faults));
    }
    // Stable: on one day events come before streams, and each in the order of the file.
    deeds.sort_by_key(|deed| deed.day);
    Ok(Scenario {
        from,
        to,
        months: spec.months,
        currency: spec.currency.as_str().to_owned(),
        seed: spec.seed.unwrap_or(1),
        readings: spec.readings,
        balance: spec.balance.map(Cash::from),
        sales,
        deeds,
        mentions,
        sources,
    })
}

/// A scenario that is being checked.
pub(super) struct Desk<'a> {
    pub(super) spec: &'a ScenarioSpec,
    sources: &'a Sources,
    pub(super) from: Date,
    pub(super) to: Date,
    /// Orders of events, by name.
    pub(super) named: BTreeMap<&'a str, Named>,
    /// How many clients there are so far.
    clients: u32,
    sales: Vec<Sale>,
    mentions: Vec<Mention>,
    pub(super) deeds: Vec<Deed>,
    pub(super) faults: Vec<Fault>,
}

impl<'a> Desk<'a> {
    fn new(spec: &'a ScenarioSpec, sources: &'a Sources, from: Date, to: Date) -> Self {
        Self {
            spec,
            sources,
            from,
            to,
            named: BTreeMap::new(),
            clients: 0,
            sales: Vec::new(),
            mentions: Vec::new(),
            deeds: Vec::new(),
            faults: Vec::new(),
        }
    }

    pub(super) fn fault(&self, path: &[&str], at: At, code: &'static str, message: String) -> Fault {
        fault(self.sources, path, at, code, message)
    }

    /// Numbers of so many clients more, of which this is the first.
    pub(super) fn welcome(&mut self, count: u32) -> u32 {
        let first = self.clients;
        self.clients += count;
        first
    }

    /// The number of a sale among all. The first mention of it is remembered.
    pub(super) fn line(&mut self, sale: &Sale, entry: [&str; 2], panel: &'static [&'static str]) -> u32 {
        let known = self.sales.iter().position(|known| known == sale);
        let at = known.unwrap_or_else(|| {
            self.sales.push(sale.clone());
            self.mentions.push(Mention { entry: entry.map(str::to_owned), panel });
            self.sales.len() - 1
        });
        u32::try_from(at).expect("a file has fewer sales than u32 holds")
    }

    fn streams(&mut self) {
        let spec = self.spec;
        if spec.clients.is_empty() && spec.events.is_empty() {
            let fault = self.nothing();
            return self.faults.push(fault);
        }
        let (mut renewals, mut orders) = (0, 0);
        for (index, clients) in spec.clients.iter().enumerate() {
            let number = index.to_string();
            let entry = ["clients", number.as_str()];
            orders += u64::from(clients.orders_per_month) * u64::from(spec.months);
            renewals += most_renewals(clients, spec.months);
            if orders > MOST_ORDERS || renewals > MOST_RENEWALS {
                let fault = self.too_many(entry, orders, renewals);
                return self.faults.push(fault);
            }
            self.stream(index, clients, entry);
        }
    }

    fn stream(&mut self, index: usize, clients: &StreamSpec, entry: [&str; 2]) {
        let sale = Sale {
            tariff: clients.tariff.to_string(),
            item: clients.panel.to_string(),
            period: clients.period,
        };
        let line = self.line(&sale, entry, &["panel"]);
        let other = clients.change_panel.as_ref().map(|change| {
            if change.to == clients.panel {
                let message = t!("the panel is `{panel}` already", panel = shown(clients.panel.as_str()));
                let path = [entry[0], entry[1], "change_panel", "to"];
                let fault = self.same_panel(&path, message);
                self.faults.push(fault);
            }
            let sale = Sale { item: change.to.to_string(), ..sale.clone() };
            self.line(&sale, entry, &["change_panel", "to"])
        });
        let first = self.welcome(clients.orders_per_month * self.spec.months);
        // Drawing clients takes its time, which a scenario that is not played is not worth.
        if self.faults.is_empty() {
            let stream = Stream {
                spec: clients,
                line,
                other,
                first,
                seed: [self.spec.seed.unwrap_or(1), u32::try_from(index).unwrap_or(u32::MAX)],
                readings: &self.spec.readings,
            };
            stream.draw(self.from, self.to, self.spec.months, &mut self.deeds);
        }
    }

    fn nothing(&self) -> Fault {
        let keys = ["clients", "events", "months"];
        let tree = self.sources.iter().next().and_then(|source| source.tree.as_ref());
        let key = keys.into_iter().find(|key| tree.is_some_and(|tree| tree.root().get(key).is_some()));
        let message = t!("nothing happens in this scenario");
        let fault = self.fault(&[key.unwrap_or("months")], At::Key, "scenario::nothing", message);
        fault.label(t!("and nobody comes")).help(t!("write streams of `clients`, or `events`"))
    }

    fn too_many(&self, entry: [&str; 2], orders: u64, renewals: u64) -> Fault {
        let message = if orders > MOST_ORDERS {
            t!(
                "{orders} orders are more than a simulation plays: {most}",
                orders = orders,
                most = MOST_ORDERS
            )
        } else {
            t!(
                "up to {renewals} renewals are more than a simulation plays: {most}",
                renewals = renewals,
                most = MOST_RENEWALS
            )
        };
        let path = [entry[0], entry[1], "orders_per_month"];
        let fault = self.fault(&path, At::Value, "scenario::too_many", message).label(t!("too many"));
        fault.help(t!("take fewer `orders_per_month`, fewer `months`, or a longer period"))
    }

    pub(super) fn same_panel(&self, path: &[&str], message: String) -> Fault {
        let fault = self.fault(path, At::Value, "scenario::same_panel", message);
        fault.label(t!("nothing changes")).help(t!("name another panel, or leave it out"))
    }
}
