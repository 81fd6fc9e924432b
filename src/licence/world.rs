//! Services and licences in time.

use std::collections::BTreeMap;

use jiff::{ToSpan, civil::Date};

use super::{
    books::{Days, Worth},
    catalogue::{Bought, Line, Step},
    event::{Event, Refusal, What},
    pool::{Shelf, Status, later, renewed_from, usable_from},
    readings::Readings,
};
use crate::model::{Cash, Period};

/// An expired licence is deleted after so many days (vendor page "License renewal and deletion").
const DELETED_AFTER_DAYS: i32 = 30;

/// From where the licence of an order comes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    /// The item orders none.
    Nothing,
    /// A free licence of the account.
    Pool { licence: u32 },
    /// A new licence.
    New(Step),
    /// There is no licence for it.
    Refused(Refusal),
}

/// What an order on a day comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Decision {
    pub(crate) service: u32,
    pub(crate) source: Source,
    pub(crate) licence: Option<u32>,
}

/// Where the licence server says no while a free licence is taken. No scenario says that it does.
#[cfg_attr(not(test), expect(dead_code, reason = "tests have licence servers that say no"))]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Snag {
    /// At the change of name and IP: nothing happened to the licence.
    Ip,
    /// After it, at the new key or the activation.
    Later,
}

#[derive(Clone, Debug)]
struct Service {
    line: u32,
    licence: Option<u32>,
    paid_until: Option<Date>,
    /// How often it is still renewed; without end where nothing is said.
    renewals: Option<u32>,
    alive: bool,
}

#[derive(Clone, Debug)]
struct Held {
    line: u32,
    shelf: u32,
    status: Status,
    service: Option<u32>,
    /// Nothing for a licence without end.
    expires: Option<Date>,
    ip_changed: Date,
    key_changed: Date,
    /// The day its books were last brought up to date.
    since: Date,
    days: Days,
    /// What the last order or renewal cost, and for how many days.
    spent: (Cash, u32),
    /// The share of the cost of days on no service.
    wasted: Cash,
}

impl Held {
    fn usable_from(&self) -> Date {
        usable_from(self.ip_changed.max(self.key_changed))
    }

    /// Brings its books up to date, and says how many days were on no service. Nobody counts the days of a
    /// licence without end.
    fn settle(&mut self, day: Date) -> u32 {
        let Some(end) = self.expires else { return 0 };
        let days = days_between(self.since, end.min(day));
        self.since = day;
        if self.service.is_some() {
            self.days.used += u64::from(days);
            return 0;
        }
        self.days.idle += u64::from(days);
        self.wasted += self.worth(days);
        days
    }

    /// What days of the last order or renewal cost. A free licence is never renewed, so they are all of one.
    fn worth(&self, days: u32) -> Cash {
        let (cost, term) = self.spent;
        if days == 0 { Cash::ZERO } else { cost.share(days, term) }
    }
}

fn days_between(from: Date, to: Date) -> u32 {
    from.until(to).ok().and_then(|span| u32::try_from(span.get_days()).ok()).unwrap_or(0)
}

/// What is due on one day.
#[derive(Clone, Debug, Default)]
struct Due {
    /// Services whose time is up (0), and whose licence's is (1).
    services: Vec<(u32, u8)>,
    /// Licences that end.
    ends: Vec<u32>,
    /// Licences that are deleted.
    deletions: Vec<u32>,
}

/// Services and licences of one provider.
pub(crate) struct World<'a> {
    lines: &'a [Line],
    /// For each line, the number of its code and nodes.
    shelf_of: Vec<u32>,
    shelves: Vec<Shelf>,
    readings: Readings,
    today: Date,
    services: Vec<Service>,
    licences: Vec<Held>,
    due: BTreeMap<Date, Due>,
    /// What the licence account holds; without limit where nothing is said.
    balance: Option<Cash>,
}

impl<'a> World<'a> {
    pub(crate) fn new(lines: &'a [Line], readings: Readings, today: Date) -> Self {
        let mut kinds = BTreeMap::new();
        let shelf_of = lines.iter().map(|line| {
            let kind =
                line.licence.as_ref().map(|bought| (&bought.server, bought.code.as_str(), bought.nodes));
            let next = u32::try_from(kinds.len()).expect("there are fewer lines than u32 holds");
            *kinds.entry(kind).or_insert(next)
        });
        let shelf_of = shelf_of.collect();
        let shelves = vec![Shelf::default(); kinds.len()];
        Self {
            lines,
            shelf_of,
            shelves,
            readings,
            today,
            services: Vec::new(),
            licences: Vec::new(),
            due: BTreeMap::new(),
            balance: None,
        }
    }

    pub(crate) fn with_balance(self, balance: Option<Cash>) -> Self {
        Self { balance, ..self }
    }

    pub(crate) fn balance(&self) -> Option<Cash> {
        self.balance
    }

    pub(crate) fn top_up(&mut self, amount: Cash) {
        if let Some(balance) = &mut self.balance {
            *balance += amount;
        }
    }

    pub(crate) fn is_alive(&self, service: u32) -> bool {
        self.services.get(service as usize).is_some_and(|service| service.alive)
    }

    pub(crate) fn licence_of(&self, service: u32) -> Option<u32> {
        self.services.get(service as usize)?.licence
    }

    pub(crate) fn licences(&self) -> u32 {
        u32::try_from(self.licences.len()).unwrap_or(u32::MAX)
    }

    /// The days of all licences so far: paid, on a service, on none, still to come.
    pub(crate) fn days(&self) -> Days {
        let mut all = Days::default();
        for held in &self.licences {
            let mut held = held.clone();
            held.settle(self.today);
            let left = held.expires.map_or(0, |end| days_between(self.today, end));
            all += Days { left: u64::from(left), ..held.days };
        }
        all
    }

    /// What the days on no service cost so far, and those still to come.
    pub(crate) fn worth(&self) -> Worth {
        let mut all = Worth::default();
        for held in &self.licences {
            let mut held = held.clone();
            held.settle(self.today);
            all.idle += held.wasted;
            all.left += held.worth(held.expires.map_or(0, |end| days_between(self.today, end)));
        }
        all
    }

    /// Plays the daily jobs of every day up to and with `to`.
    pub(crate) fn advance(&mut self, to: Date, told: &mut impl FnMut(Event)) {
        while let Some(entry) = self.due.first_entry().filter(|entry| *entry.key() <= to) {
            self.today = *entry.key();
            let mut due = entry.remove();
            due.services.sort_unstable();
            for (service, step) in due.services {
                if step == 0 { self.service_due(service, told) } else { self.licence_due(service, told) }
            }
            due.ends.sort_unstable();
            due.ends.dedup();
            for licence in due.ends {
                self.expire(licence, told);
            }
            due.deletions.sort_unstable();
            for licence in due.deletions {
                self.delete(licence, told);
            }
        }
        self.today = self.today.max(to);
    }

    /// A client orders, today.
    pub(crate) fn order(&mut self, line: u32, told: &mut impl FnMut(Event)) -> Decision {
        self.order_with(line, told, |_| None)
    }

    /// As [`World::order`], with a licence server that may refuse free licences.
    pub(crate) fn order_with(
        &mut self,
        line: u32,
        told: &mut impl FnMut(Event),
        snag: impl FnMut(u32) -> Option<Snag>,
    ) -> Decision {
        let sold = &self.lines[line as usize];
        let service = u32::try_from(self.services.len()).expect("fewer services than u32 holds");
        let paid_until = later(self.today, sold.sale.period, &self.readings);
        self.services.push(Service { line, licence: None, paid_until, renewals: None, alive: true });
        if let Some(day) = paid_until {
            self.due.entry(day).or_default().services.push((service, 0));
        }
        let amount = sold.price + sold.setup;
        told(self.event(line, Some(service), None, What::Sold, Some(sold.sale.period), amount));
        let source = self.equip(service, told, snag);
        Decision { service, source, licence: self.services[service as usize].licence }
    }

    /// The service goes on no longer than it is paid for.
    pub(crate) fn stop(&mut self, service: u32) {
        self.renew(service, 0);
    }

    /// The service is renewed so many times from now on, and then ends.
    pub(crate) fn renew(&mut self, service: u32, times: u32) {
        if let Some(service) = self.services.get_mut(service as usize) {
            service.renewals = Some(times);
        }
    }

    /// The service is deleted today.
    pub(crate) fn cancel(&mut self, service: u32, told: &mut impl FnMut(Event)) {
        if !self.is_alive(service) {
            return;
        }
        let held = &mut self.services[service as usize];
        held.alive = false;
        let line = held.line;
        told(self.event(line, Some(service), None, What::Ended, None, Cash::ZERO));
        self.release(service, told);
    }

    /// The client changes to another line; what was paid for the old one stands.
    pub(crate) fn change_panel(
        &mut self,
        service: u32,
        line: u32,
        told: &mut impl FnMut(Event),
    ) -> Option<Source> {
        if !self.is_alive(service) {
            return None;
        }
        self.release(service, told);
        self.services[service as usize].line = line;
        Some(self.equip(service, told, |_| None))
    }

    /// The service gets another IP today, and its licence too unless the licence server refuses.
    pub(crate) fn change_ip(&mut self, service: u32, told: &mut impl FnMut(Event)) -> bool {
        let Some(number) = self.licence_of(service).filter(|_| self.is_alive(service)) else { return true };
        let today = self.today;
        let held = &mut self.licences[number as usize];
        let allowed = usable_from(held.ip_changed) <= today;
        if allowed {
            held.ip_changed = today;
        }
        let what = if allowed { What::IpChanged } else { What::Refused(Refusal::IpChange) };
        let line = self.services[service as usize].line;
        told(self.event(line, Some(service), Some(number), what, None, Cash::ZERO));
        allowed
    }

    fn event(
        &self,
        line: u32,
        service: Option<u32>,
        licence: Option<u32>,
        what: What,
        period: Option<Period>,
        amount: Cash,
    ) -> Event {
        Event { day: self.today, line, service, licence, what, period, amount }
    }

    fn bought(&self, line: u32) -> Option<&'a Bought> {
        self.lines[line as usize].licence.as_ref()
    }

    /// Finds a licence for a service that has none: from the pool, or a new one.
    fn equip(
        &mut self,
        service: u32,
        told: &mut impl FnMut(Event),
        snag: impl FnMut(u32) -> Option<Snag>,
    ) -> Source {
        let line = self.services[service as usize].line;
        let Some(bought) = self.bought(line) else { return Source::Nothing };
        if let Some(licence) = self.take(service, line, told, snag) {
            return Source::Pool { licence };
        }
        let Ok(step) = bought.order else {
            let what = What::Refused(Refusal::Order);
            told(self.event(line, Some(service), None, what, None, Cash::ZERO));
            return Source::Refused(Refusal::Order);
        };
        let cost = step.cost.unwrap_or_default();
        if !self.pay(cost) {
            let what = What::Refused(Refusal::Balance);
            told(self.event(line, Some(service), None, what, None, Cash::ZERO));
            return Source::Refused(Refusal::Balance);
        }
        let number = self.licences();
        let period = step.resolution.period;
        let expires = later(self.today, period, &self.readings);
        let term = expires.map_or(0, |end| days_between(self.today, end));
        self.licences.push(Held {
            line,
            shelf: self.shelf_of[line as usize],
            status: Status::Active,
            service: Some(service),
            expires,
            ip_changed: self.today,
            key_changed: self.today,
            since: self.today,
            days: Days { paid: u64::from(term), ..Days::default() },
            spent: (cost, term),
            wasted: Cash::ZERO,
        });
        self.services[service as usize].licence = Some(number);
        self.schedule(number);
        told(self.event(line, Some(service), Some(number), What::Ordered, Some(period), -cost));
        Source::New(step)
    }

    /// Takes the first free licence that the licence server lets go.
    fn take(
        &mut self,
        service: u32,
        line: u32,
        told: &mut impl FnMut(Event),
        mut snag: impl FnMut(u32) -> Option<Snag>,
    ) -> Option<u32> {
        let today = self.today;
        let shelf = self.shelf_of[line as usize] as usize;
        let mut refused = Vec::new();
        let mut taken = None;
        while let Some(number) = self.shelves[shelf].first(today) {
            let held = &mut self.licences[number as usize];
            self.shelves[shelf].remove(number, held.usable_from());
            if held.expires.is_some_and(|end| end <= today) {
                // It comes back to the pool never: nobody renews it.
                continue;
            }
            match snag(number) {
                None => {
                    let idle = held.settle(today);
                    held.line = line;
                    held.service = Some(service);
                    held.status = Status::Active;
                    held.ip_changed = today;
                    held.key_changed = today;
                    self.services[service as usize].licence = Some(number);
                    self.schedule(number);
                    told(self.event(
                        line,
                        Some(service),
                        Some(number),
                        What::Reused { idle },
                        None,
                        Cash::ZERO,
                    ));
                    taken = Some(number);
                    break;
                }
                Some(snag) => {
                    // A change of the IP that was carried out counts, whatever comes after it.
                    if snag == Snag::Later {
                        held.ip_changed = today;
                    }
                    refused.push(number);
                    told(self.event(line, Some(service), Some(number), What::PutBack, None, Cash::ZERO));
                }
            }
        }
        for number in refused {
            let rested = self.licences[number as usize].usable_from();
            self.shelves[shelf].put(number, rested);
        }
        taken
    }

    fn release(&mut self, service: u32, told: &mut impl FnMut(Event)) {
        let Some(number) = self.services[service as usize].licence.take() else { return };
        let today = self.today;
        let restarts = self.readings.release_restarts_cooldown;
        let held = &mut self.licences[number as usize];
        held.settle(today);
        held.service = None;
        held.status = Status::Suspended;
        let expired = held.expires.is_some_and(|end| end < today);
        if restarts {
            held.ip_changed = today;
        }
        let (shelf, rested, line) = (held.shelf as usize, held.usable_from(), held.line);
        self.shelves[shelf].put(number, rested);
        let what = What::Released { expired };
        told(self.event(line, Some(service), Some(number), what, None, Cash::ZERO));
    }

    /// Notes the days on which something is due with a licence.
    fn schedule(&mut self, number: u32) {
        let held = &self.licences[number as usize];
        let (Some(end), service) = (held.expires, held.service) else { return };
        let due = self.due.entry(end).or_default();
        due.ends.push(number);
        if let Some(service) = service {
            due.services.push((service, 1));
        }
    }

    fn pay(&mut self, cost: Cash) -> bool {
        let Some(balance) = &mut self.balance else { return true };
        if *balance < cost {
            return false;
        }
        *balance -= cost;
        true
    }

    fn service_due(&mut self, number: u32, told: &mut impl FnMut(Event)) {
        let service = &mut self.services[number as usize];
        if !service.alive || service.paid_until != Some(self.today) {
            return;
        }
        match &mut service.renewals {
            None => {}
            Some(0) => return self.cancel(number, told),
            Some(times) => *times -= 1,
        }
        let line = service.line;
        let sold = &self.lines[line as usize];
        let until = later(self.today, sold.sale.period, &self.readings);
        self.services[number as usize].paid_until = until;
        if let Some(day) = until {
            self.due.entry(day).or_default().services.push((number, 0));
        }
        let (period, price) = (Some(sold.sale.period), sold.price);
        told(self.event(line, Some(number), None, What::Prolonged, period, price));
    }

    fn licence_due(&mut self, service: u32, told: &mut impl FnMut(Event)) {
        let Some(number) = self.licence_of(service).filter(|_| self.is_alive(service)) else { return };
        if self.licences[number as usize].expires != Some(self.today) {
            return;
        }
        let line = self.services[service as usize].line;
        let refused = |refusal| What::Refused(refusal);
        let Some(Ok(step)) = self.bought(line).map(|bought| &bought.renewal) else {
            let what = refused(Refusal::Renewal);
            return told(self.event(line, Some(service), Some(number), what, None, Cash::ZERO));
        };
        let cost = step.cost.unwrap_or_default();
        if !self.pay(cost) {
            let what = refused(Refusal::Balance);
            return told(self.event(line, Some(service), Some(number), what, None, Cash::ZERO));
        }
        let (today, period) = (self.today, step.resolution.period);
        let held = &mut self.licences[number as usize];
        held.settle(today);
        let from = renewed_from(held.status, held.expires.unwrap_or(today), today);
        let end = later(from, period, &self.readings);
        held.expires = end;
        let term = end.map_or(0, |end| days_between(from, end));
        held.days.paid += u64::from(term);
        held.spent = (cost, term);
        self.schedule(number);
        told(self.event(line, Some(service), Some(number), What::Renewed, Some(period), -cost));
    }

    fn expire(&mut self, number: u32, told: &mut impl FnMut(Event)) {
        let today = self.today;
        let held = &mut self.licences[number as usize];
        if held.expires.is_none_or(|end| end > today) || held.status == Status::Deleted {
            return;
        }
        let idle = held.settle(today);
        held.status = Status::Suspended;
        let (line, service) = (held.line, held.service);
        let what = What::Expired { free: service.is_none(), idle };
        let gone = today.saturating_add(DELETED_AFTER_DAYS.days());
        self.due.entry(gone).or_default().deletions.push(number);
        told(self.event(line, service, Some(number), what, None, Cash::ZERO));
    }

    fn delete(&mut self, number: u32, told: &mut impl FnMut(Event)) {
        let held = &mut self.licences[number as usize];
        if held.status == Status::Deleted {
            return;
        }
        held.status = Status::Deleted;
        let (shelf, rested, line, service) =
            (held.shelf as usize, held.usable_from(), held.line, held.service.take());
        self.shelves[shelf].remove(number, rested);
        if let Some(service) = service {
            self.services[service as usize].licence = None;
        }
        told(self.event(line, service, Some(number), What::Deleted, None, Cash::ZERO));
    }
}

/// What tests look at.
#[cfg(test)]
impl World<'_> {
    pub(crate) fn today(&self) -> Date {
        self.today
    }

    /// A licence as the licence server shows it.
    pub(crate) fn licence(&self, number: u32) -> Option<super::pool::Licence> {
        let held = self.licences.get(number as usize)?;
        let bought = self.lines[held.line as usize].licence.as_ref()?;
        let (name, ip) = match held.service {
            Some(service) => (format!("Item #{service}"), format!("service {service}")),
            None => (super::FREE_NAME.to_owned(), super::FREE_IP.to_owned()),
        };
        Some(super::pool::Licence {
            status: held.status,
            name,
            ip,
            expires: held.expires.unwrap_or(Date::MAX),
            ip_changed: held.ip_changed,
            key_changed: held.key_changed,
            code: bought.code.clone(),
            nodes: bought.nodes,
        })
    }
}
