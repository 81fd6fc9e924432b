//! What clients do and when. No configuration has any say in it.

use jiff::{ToSpan, civil::Date};

use super::scenario::{Chance, StreamSpec};
use crate::{
    licence::{Readings, later},
    model::{Cash, Period},
};

/// Something that a client or the provider does on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Deed {
    pub(crate) day: Date,
    pub(crate) act: Act,
}

/// What is done. Clients and lines are numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Act {
    /// A server is ordered; it is renewed so many times, or without end.
    Order {
        client: u32,
        line: u32,
        renewals: Option<u32>,
    },
    Cancel(u32),
    Stop(u32),
    ChangePanel {
        client: u32,
        line: u32,
    },
    ChangeIp(u32),
    /// Money goes into the licence account.
    TopUp(Cash),
}

/// How many renewals the clients of a stream have at most.
pub(super) fn most_renewals(clients: &StreamSpec, months: u32) -> u64 {
    let each = match clients.period {
        Period::Months(count) => u64::from(months) / u64::from(count.get()) + 1,
        // A trial may be as short as a day.
        Period::Day | Period::Trial => u64::from(months) * 31,
        Period::Lifetime => 1,
    };
    u64::from(clients.orders_per_month) * u64::from(months) * each
}

/// Clients who all buy the same.
pub(super) struct Stream<'a> {
    pub(super) spec: &'a StreamSpec,
    /// What they order.
    pub(super) line: u32,
    /// What some of them change to.
    pub(super) other: Option<u32>,
    /// The number of the first client.
    pub(super) first: u32,
    /// The scenario's seed, and the number of the stream.
    pub(super) seed: [u32; 2],
    pub(super) readings: &'a Readings,
}

impl Stream<'_> {
    /// Adds what the clients of all months do.
    pub(super) fn draw(&self, from: Date, to: Date, months: u32, deeds: &mut Vec<Deed>) {
        let start_of = |month: u32| from.saturating_add(i64::from(month).months());
        let mut client = self.first;
        for month in 0..months {
            let start = start_of(month);
            let days = start.until(start_of(month + 1)).map_or(1, |span| span.get_days());
            for number in 0..self.spec.orders_per_month {
                let [seed, stream] = self.seed;
                let mut dice = Dice::new([seed, stream, month, number]);
                let day = start.saturating_add(i64::from(dice.below(days.unsigned_abs())).days());
                self.live(client, day, to, &mut dice, deeds);
                client += 1;
            }
        }
    }

    /// Adds what a client does from the order to the end of the time.
    fn live(&self, client: u32, day: Date, to: Date, dice: &mut Dice, deeds: &mut Vec<Deed>) {
        let order = deeds.len();
        deeds.push(Deed { day, act: Act::Order { client, line: self.line, renewals: None } });
        let leave = self.spec.leave.unwrap_or(Chance::NEVER);
        let move_on = self.spec.change_panel.as_ref().map_or(Chance::NEVER, |change| change.chance);
        let change_ip = self.spec.change_ip.unwrap_or(Chance::NEVER);
        let (mut other, mut renewed, mut since) = (self.other, 0, day);
        while let Some(end) = later(since, self.spec.period, self.readings).filter(|end| *end <= to) {
            // All three are drawn each time, so that none depends on whether the others are asked for.
            let (leaves, moves, changes) = (dice.hits(leave), dice.hits(move_on), dice.hits(change_ip));
            if leaves {
                deeds[order].act = Act::Order { client, line: self.line, renewals: Some(renewed) };
                break;
            }
            if let Some(line) = other.filter(|_| moves) {
                let eve = end.saturating_sub(1.day()).max(since);
                deeds.push(Deed { day: eve, act: Act::ChangePanel { client, line } });
                other = None;
            }
            if changes {
                deeds.push(Deed { day: end, act: Act::ChangeIp(client) });
            }
            renewed += 1;
            since = end;
        }
    }
}

/// Numbers drawn from a seed: splitmix64 (<https://prng.di.unimi.it/splitmix64.c>).
///
/// Each client has a die of its own, made from where the client stands in the scenario: with more months, more
/// orders or more streams, those who were there before live as before. That takes a generator which may begin
/// at any number, and this one is four lines and the same on every machine for ever.
struct Dice(u64);

impl Dice {
    fn new(seed: [u32; 4]) -> Self {
        let mut dice = Self(0);
        for part in seed {
            // What comes out for one part is what the next begins from.
            dice.0 = dice.next() ^ u64::from(part);
        }
        dice
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `limit`, each as likely as any other but for one in 2^32.
    fn below(&mut self, limit: u32) -> u32 {
        let scaled = u128::from(self.next()) * u128::from(limit);
        u32::try_from(scaled >> 64).unwrap_or(0)
    }

    fn hits(&mut self, chance: Chance) -> bool {
        self.below(Chance::WHOLE) < chance.parts()
    }
}

#[cfg(test)]
mod tests {
    use super::Dice;

    #[test]
    fn the_numbers_are_those_of_the_published_generator() {
        // The first two that splitmix64.c gives from a state of 0.
        let mut dice = Dice(0);
        assert_eq!([dice.next(), dice.next()], [0xe220_a839_7b1d_cdaf, 0x6e78_9e6a_a1b9_65f4]);
    }

    #[test]
    fn numbers_below_a_limit_are_all_drawn_about_as_often() {
        let mut seen = [0_u32; 7];
        for client in 0..7000 {
            seen[Dice::new([1, 0, 0, client]).below(7) as usize] += 1;
        }
        assert!(seen.iter().all(|count| (880..1120).contains(count)), "{seen:?}");
    }
}
