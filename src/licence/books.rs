//! The books: what came in, what went out, and what became of the days that were paid.

use std::{collections::BTreeMap, ops::AddAssign};

use jiff::civil::Date;
use serde::Serialize;

use super::event::{Event, What};
use crate::model::Cash;

/// Days of licences. What is paid is used, idle or left: no day is lost from the books.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub(crate) struct Days {
    /// Days that were bought.
    pub(crate) paid: u64,
    /// Days on a service.
    pub(crate) used: u64,
    /// Days on no service.
    pub(crate) idle: u64,
    /// Days still to come.
    pub(crate) left: u64,
}

impl AddAssign for Days {
    fn add_assign(&mut self, other: Self) {
        self.paid += other.paid;
        self.used += other.used;
        self.idle += other.idle;
        self.left += other.left;
    }
}

/// What days of licences cost that nobody used or that are still to come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub(crate) struct Worth {
    /// Of the days on no service.
    pub(crate) idle: Cash,
    /// Of the days still to come.
    pub(crate) left: Cash,
}

/// What happened in one month, and what there is at its end.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub(crate) struct Month {
    /// Servers that were ordered.
    pub(crate) sold: u64,
    /// Licences that were bought.
    pub(crate) bought: u64,
    /// Free licences that were taken instead.
    pub(crate) reused: u64,
    /// Licences that were renewed.
    pub(crate) renewed: u64,
    /// Licences that went into the pool.
    pub(crate) released: u64,
    /// Free licences that came to their end in the pool.
    pub(crate) expired_free: u64,
    /// Orders, renewals and changes that were refused.
    pub(crate) refused: u64,
    /// Days that licences spent in the pool, counted when they leave it.
    pub(crate) idle_days: u64,
    /// What clients paid for panels.
    pub(crate) income: Cash,
    /// What licences cost.
    pub(crate) cost: Cash,
    /// Income less cost since the beginning.
    pub(crate) cash: Cash,
    /// Licences in the pool at the end of the month.
    pub(crate) pool: i64,
    /// Services at the end of the month.
    pub(crate) services: i64,
}

/// The books of a run, by month.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Books {
    months: BTreeMap<(i16, i8), Month>,
}

impl Books {
    /// Opens the books, so that a month in which nothing happens is in them too.
    pub(crate) fn open(from: Date, to: Date) -> Self {
        let mut books = Self::default();
        let (mut year, mut month) = (from.year(), from.month());
        while (year, month) <= (to.year(), to.month()) {
            books.months.insert((year, month), Month::default());
            (year, month) = if month == 12 { (year + 1, 1) } else { (year, month + 1) };
        }
        books
    }

    pub(crate) fn note(&mut self, event: &Event) {
        let month = self.months.entry((event.day.year(), event.day.month())).or_default();
        if event.amount.is_negative() {
            month.cost -= event.amount;
        } else {
            month.income += event.amount;
        }
        match &event.what {
            What::Sold => {
                month.sold += 1;
                month.services += 1;
            }
            What::Ended => month.services -= 1,
            What::Ordered => month.bought += 1,
            What::Renewed => month.renewed += 1,
            What::Reused { idle } => {
                month.reused += 1;
                month.pool -= 1;
                month.idle_days += u64::from(*idle);
            }
            What::Released { expired } => {
                month.released += 1;
                month.pool += i64::from(!expired);
            }
            What::Expired { free: true, idle } => {
                month.expired_free += 1;
                month.pool -= 1;
                month.idle_days += u64::from(*idle);
            }
            What::Refused(_) => month.refused += 1,
            What::Prolonged
            | What::PutBack
            | What::Expired { free: false, .. }
            | What::Deleted
            | What::IpChanged => {}
        }
    }

    /// The months in order, each with what there is at its end.
    pub(crate) fn months(&self) -> Vec<(String, Month)> {
        let (mut cash, mut pool, mut services) = (Cash::ZERO, 0, 0);
        let months = self.months.iter().map(|((year, number), month)| {
            cash += month.income - month.cost;
            pool += month.pool;
            services += month.services;
            (format!("{year:04}-{number:02}"), Month { cash, pool, services, ..month.clone() })
        });
        months.collect()
    }

    /// Everything at once: sums, and what there is at the end.
    pub(crate) fn total(&self) -> Month {
        let mut total = Month::default();
        for month in self.months.values() {
            total.sold += month.sold;
            total.bought += month.bought;
            total.reused += month.reused;
            total.renewed += month.renewed;
            total.released += month.released;
            total.expired_free += month.expired_free;
            total.refused += month.refused;
            total.idle_days += month.idle_days;
            total.income += month.income;
            total.cost += month.cost;
            total.pool += month.pool;
            total.services += month.services;
        }
        total.cash = total.income - total.cost;
        total
    }
}
