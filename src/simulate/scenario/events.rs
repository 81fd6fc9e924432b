//! Single events: what each does, and whether it can.

use jiff::civil::Date;

use super::{check::Desk, spec::EventSpec};
use crate::{
    language::t,
    licence::{Readings, Sale, later},
    model::{Cash, Name, Period, near},
    simulate::clients::{Act, Deed},
    source::{
        At,
        fault::{Fault, Place, shown},
    },
};

/// An order that has a name.
pub(super) struct Named {
    client: u32,
    day: Date,
    sale: Sale,
    place: Place,
    /// The day from which there is no such server any more, and what says so.
    gone: Option<(Date, Place)>,
}

/// What an event asks for.
enum Wish<'a> {
    Order(&'a Name, Sale),
    Cancel(&'a Name),
    Stop(&'a Name),
    ChangePanel(&'a Name, &'a Name),
    ChangeIp(&'a Name),
    TopUp(Cash),
}

/// Boxed because it is large and rare.
type Outcome<T> = Result<T, Box<Fault>>;

/// An event at its place in the file.
struct Entry<'a> {
    event: &'a EventSpec,
    number: String,
}

impl Entry<'_> {
    fn whole(&self) -> [&str; 2] {
        ["events", &self.number]
    }

    fn field<'s>(&'s self, field: &'s str) -> [&'s str; 3] {
        ["events", &self.number, field]
    }
}

impl<'a> Desk<'a> {
    /// Takes the events day by day, as they will happen.
    pub(super) fn events(&mut self) {
        let mut order: Vec<(usize, &'a EventSpec)> = self.spec.events.iter().enumerate().collect();
        order.sort_by_key(|(_, event)| event.on);
        for (index, event) in order {
            match self.event(&Entry { event, number: index.to_string() }) {
                Ok(act) => self.deeds.push(Deed { day: event.on.civil(), act }),
                Err(fault) => self.faults.push(*fault),
            }
        }
    }

    fn event(&mut self, entry: &Entry<'a>) -> Outcome<Act> {
        let (field, wish) = self.wish(entry)?;
        self.within_time(entry)?;
        match wish {
            Wish::TopUp(amount) => Ok(Act::TopUp(amount)),
            Wish::Order(name, sale) => self.order(entry, name, sale),
            Wish::Cancel(name) => {
                let client = self.server(entry, field, name)?.client;
                self.ends(entry, field, name, Some(entry.event.on.civil()));
                Ok(Act::Cancel(client))
            }
            Wish::Stop(name) => {
                let day = entry.event.on.civil();
                let server = self.server(entry, field, name)?;
                let client = server.client;
                let end = paid_until(server.day, server.sale.period, day, &self.spec.readings);
                self.ends(entry, field, name, end);
                Ok(Act::Stop(client))
            }
            Wish::ChangeIp(name) => Ok(Act::ChangeIp(self.server(entry, field, name)?.client)),
            Wish::ChangePanel(name, panel) => {
                let server = self.server(entry, field, name)?;
                let sale = Sale { item: panel.to_string(), ..server.sale.clone() };
                if sale == server.sale {
                    let message = t!(
                        "`{name}` has the panel `{panel}` already",
                        name = shown(name.as_str()),
                        panel = shown(&sale.item)
                    );
                    return Err(Box::new(self.same_panel(&entry.field("panel"), message)));
                }
                let client = server.client;
                let line = self.line(&sale, entry.whole(), &["panel"]);
                self.named.entry(name.as_str()).and_modify(|server| server.sale = sale);
                Ok(Act::ChangePanel { client, line })
            }
        }
    }

    /// What an event asks for, and the field that says so. It is one thing, with all that it needs.
    fn wish(&self, entry: &Entry<'a>) -> Outcome<(&'static str, Wish<'a>)> {
        let EventSpec { on: _, order, cancel, stop, change_panel, change_ip, top_up, tariff, panel, period } =
            entry.event;
        let asked = [
            ("order", order.is_some()),
            ("cancel", cancel.is_some()),
            ("stop", stop.is_some()),
            ("change_panel", change_panel.is_some()),
            ("change_ip", change_ip.is_some()),
            ("top_up", top_up.is_some()),
        ];
        let asked: Vec<&str> = asked.iter().filter(|(_, there)| *there).map(|(field, _)| *field).collect();
        if let [one, two, ..] = asked[..] {
            return Err(
                self.not_one(entry, t!("this event is `{one}` and `{two}` at once", one = one, two = two))
            );
        }
        let spare = |field: &'static str, fields: &[(&'static str, bool)]| {
            let extra = fields.iter().find(|(_, there)| *there);
            extra.map_or(Ok(()), |(extra, _)| Err(self.spare(entry, field, extra)))
        };
        let (tariff_there, panel_there, period_there) =
            (("tariff", tariff.is_some()), ("panel", panel.is_some()), ("period", period.is_some()));
        let nothing_else = |field| spare(field, &[tariff_there, panel_there, period_there]);
        let lacks = |field, missing| self.lacks(entry, field, missing);
        if let Some(name) = order {
            let tariff = tariff.as_ref().ok_or_else(|| lacks("order", "tariff"))?;
            let panel = panel.as_ref().ok_or_else(|| lacks("order", "panel"))?;
            let period = period.ok_or_else(|| lacks("order", "period"))?;
            let sale = Sale { tariff: tariff.to_string(), item: panel.to_string(), period };
            return Ok(("order", Wish::Order(name, sale)));
        }
        if let Some(name) = change_panel {
            spare("change_panel", &[tariff_there, period_there])?;
            let panel = panel.as_ref().ok_or_else(|| lacks("change_panel", "panel"))?;
            return Ok(("change_panel", Wish::ChangePanel(name, panel)));
        }
        let (field, wish) = match (cancel, stop, change_ip, top_up) {
            (Some(name), ..) => ("cancel", Wish::Cancel(name)),
            (_, Some(name), ..) => ("stop", Wish::Stop(name)),
            (_, _, Some(name), _) => ("change_ip", Wish::ChangeIp(name)),
            (.., Some(amount)) => ("top_up", Wish::TopUp((*amount).into())),
            _ => return Err(self.not_one(entry, t!("nothing happens in this event"))),
        };
        nothing_else(field)?;
        if matches!(wish, Wish::TopUp(_)) && self.spec.balance.is_none() {
            return Err(self.no_balance(entry));
        }
        Ok((field, wish))
    }

    fn within_time(&self, entry: &Entry<'_>) -> Outcome<()> {
        let day = entry.event.on.civil();
        let (when, edge) = match day {
            _ if day < self.from => (t!("before the first"), self.from),
            _ if day > self.to => (t!("after the last"), self.to),
            _ => return Ok(()),
        };
        let message = t!("{day} is {when} day of the scenario, {edge}", day = day, when = when, edge = edge);
        let fault = self.fault(&entry.field("on"), At::Value, "scenario::outside", message);
        let help = t!("choose a day within the time, or change `from` or `months`");
        Err(Box::new(fault.label(t!("outside of the time")).help(help)))
    }

    fn order(&mut self, entry: &Entry<'a>, name: &'a Name, sale: Sale) -> Outcome<Act> {
        let place = self.place(&entry.field("order"));
        if let Some(first) = self.named.get(name.as_str()) {
            let message = t!("two orders are called `{name}`", name = shown(name.as_str()));
            let fault = self.fault(&entry.field("order"), At::Value, "scenario::named_twice", message);
            let fault = fault.label(t!("again here")).other(first.place.clone(), t!("first here"));
            return Err(Box::new(fault.help(t!("give one of them another name"))));
        }
        let line = self.line(&sale, entry.whole(), &["panel"]);
        let client = self.welcome(1);
        let server = Named { client, day: entry.event.on.civil(), sale, place, gone: None };
        self.named.insert(name.as_str(), server);
        Ok(Act::Order { client, line, renewals: None })
    }

    /// The server of an order, which has to be there on the day of the event.
    fn server(&self, entry: &Entry<'_>, field: &'static str, name: &Name) -> Outcome<&Named> {
        let (day, key) = (entry.event.on.civil(), name.as_str());
        let Some(server) = self.named.get(key) else {
            return Err(Box::new(self.unknown(&entry.field(field), key)));
        };
        let Some((end, by)) = server.gone.as_ref().filter(|(end, _)| day >= *end) else { return Ok(server) };
        let message = t!("on {day} there is no `{name}` any more", day = day, name = shown(key));
        let fault = self.fault(&entry.field(field), At::Value, "scenario::out_of_order", message);
        let fault = fault.label(t!("too late")).other(by.clone(), t!("this ends it, on {end}", end = end));
        Err(Box::new(fault.help(t!("put the event before the end, or leave it out"))))
    }

    fn ends(&mut self, entry: &Entry<'_>, field: &'static str, name: &Name, day: Option<Date>) {
        let place = self.place(&entry.field(field));
        if let Some(server) = self.named.get_mut(name.as_str()) {
            server.gone = day.map(|day| (day, place));
        }
    }

    fn place(&self, path: &[&str]) -> Place {
        self.fault(path, At::Value, "", String::new()).place
    }

    /// A name that no order has, or none yet.
    fn unknown(&self, path: &[&str], key: &str) -> Fault {
        let orders = || {
            let events = self.spec.events.iter().enumerate();
            events.filter_map(|(at, event)| Some((at, event.on, event.order.as_ref()?.as_str())))
        };
        if let Some((at, day, _)) = orders().find(|(.., name)| *name == key) {
            let message = t!("`{name}` is not ordered before {day}", name = shown(key), day = day);
            let there = self.place(&["events", &at.to_string(), "on"]);
            let fault = self.fault(path, At::Value, "scenario::out_of_order", message);
            let fault = fault.label(t!("too early")).other(there, t!("ordered on this day"));
            return fault.help(t!("put it after the order; on the same day, it has to stand after it, too"));
        }
        let message = t!("no order is called `{name}`", name = shown(key));
        let fault = self.fault(path, At::Value, "scenario::unknown_name", message).label(t!("no such order"));
        let none = t!("no order has a name: write an event with `order: NAME` first");
        fault.help(near(key, orders().map(|(.., name)| name), &t!("the orders are"), &none))
    }

    fn not_one(&self, entry: &Entry<'_>, message: String) -> Box<Fault> {
        let fault = self.fault(&entry.whole(), At::Value, "scenario::event", message);
        let help = t!(
            "write one of `order`, `cancel`, `stop`, `change_panel`, `change_ip` and `top_up` in each event"
        );
        Box::new(fault.label(t!("one thing each")).help(help))
    }

    fn lacks(&self, entry: &Entry<'_>, field: &'static str, missing: &'static str) -> Box<Fault> {
        let message = t!("the event `{field}` has no `{missing}`", field = field, missing = missing);
        let fault = self.fault(&entry.field(field), At::Key, "scenario::event", message);
        Box::new(
            fault
                .label(t!("`{missing}` is missing", missing = missing))
                .help(t!("add `{missing}`", missing = missing)),
        )
    }

    fn spare(&self, entry: &Entry<'_>, field: &'static str, extra: &'static str) -> Box<Fault> {
        let message = t!("`{extra}` says nothing about the event `{field}`", extra = extra, field = field);
        let fault = self.fault(&entry.field(extra), At::Key, "scenario::event", message);
        Box::new(fault.label(t!("does not belong here")).help(t!("leave it out")))
    }

    fn no_balance(&self, entry: &Entry<'_>) -> Box<Fault> {
        let message = t!("money goes into an account that has no limit");
        let fault = self.fault(&entry.field("top_up"), At::Key, "scenario::event", message);
        let help = t!("say what the licence account holds at first: `balance: \"50000.00\"`");
        Box::new(fault.label(t!("there is no `balance`")).help(help))
    }
}

/// The end of the period that is paid for, once what is due on a day is paid.
fn paid_until(from: Date, period: Period, day: Date, readings: &Readings) -> Option<Date> {
    let mut end = later(from, period, readings)?;
    while end <= day {
        end = later(end, period, readings)?;
    }
    Some(end)
}
