//! What comes out, for people and programs.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    licence::Status,
    model::{Cash, Currency, Date, Period},
    upstream::Amount,
};

/// The licences of an account, sorted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(title = "Licence pool")]
pub(crate) struct PoolReport {
    /// Version of this document's format; a change of the first number breaks readers.
    pub(crate) format_version: String,
    /// The licence server, by its processor.
    pub(crate) server: String,
    /// The day everything is counted from.
    pub(crate) today: Date,
    /// How many days count as soon.
    pub(crate) soon_days: u32,
    /// What the account holds, where the licence server shows it.
    pub(crate) balance: Vec<Amount>,
    /// How many licences each group has, and what they are worth; groups without licences are left out.
    pub(crate) groups: Vec<GroupSum>,
    /// What the licences are worth that are on no service and expire soon. They are in their groups as well.
    pub(crate) expiring_soon: Total,
    /// Every licence of the account.
    pub(crate) licences: Vec<Entry>,
    /// Services whose licence is missing or not theirs alone.
    pub(crate) services: Vec<Finding>,
    /// What could not be told, and why.
    pub(crate) notes: Vec<String>,
}

/// Where a licence belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Group {
    /// In the pool: the next order of its code and nodes takes it.
    Free,
    /// In the pool once its IP and its key were last changed more than a month ago.
    CoolingDown,
    /// On no service, and kept from the pool by its name or its IP.
    OutOfPool,
    /// Named after a service that does not exist.
    Orphaned,
    /// On no service as far as can be told; something that decides is not known.
    Unproven,
    /// On a service.
    Used,
    /// Named otherwise and with an IP, so that the panel knows nothing of it; or not ready yet.
    Other,
    /// At its end, or deleted.
    Ended,
}

impl Group {
    pub(crate) const ALL: [Self; 8] = [
        Self::Free,
        Self::CoolingDown,
        Self::OutOfPool,
        Self::Orphaned,
        Self::Unproven,
        Self::Used,
        Self::Other,
        Self::Ended,
    ];

    /// As in JSON.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Free => "free",
            Self::CoolingDown => "cooling_down",
            Self::OutOfPool => "out_of_pool",
            Self::Orphaned => "orphaned",
            Self::Unproven => "unproven",
            Self::Used => "used",
            Self::Other => "other",
            Self::Ended => "ended",
        }
    }
}

/// How many licences there are, and what they are worth.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub(crate) struct Total {
    /// How many.
    pub(crate) count: usize,
    /// What they are worth, by currency.
    pub(crate) worth: Vec<Amount>,
    /// Of how many that is not known.
    pub(crate) worth_not_known: usize,
}

/// The total of a group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub(crate) struct GroupSum {
    /// The group.
    pub(crate) group: Group,
    /// How many.
    pub(crate) count: usize,
    /// What they are worth, by currency.
    pub(crate) worth: Vec<Amount>,
    /// Of how many that is not known.
    pub(crate) worth_not_known: usize,
}

/// A licence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub(crate) struct Entry {
    /// Its id on the licence server.
    pub(crate) id: String,
    /// The licence code.
    pub(crate) code: String,
    /// Its name on the licence server.
    pub(crate) name: String,
    /// Its IP.
    pub(crate) ip: String,
    /// Its status.
    #[schemars(with = "Option<String>")]
    pub(crate) status: Option<Status>,
    /// The term it was bought for.
    #[schemars(with = "Option<String>")]
    pub(crate) period: Option<Period>,
    /// Its nodes, where the licence server shows them.
    pub(crate) nodes: Option<u32>,
    /// The day it ends.
    pub(crate) expires: Option<Date>,
    /// Days until then.
    pub(crate) days_left: Option<i64>,
    /// Where it belongs.
    pub(crate) group: Group,
    /// The first day an order may take it, where it rests.
    pub(crate) usable_from: Option<Date>,
    /// Whether it is on no service and ends within the days that count as soon.
    pub(crate) expires_soon: bool,
    /// The service it is on, like `vds/12`.
    pub(crate) service: Option<String>,
    /// Paid time that is left; nothing where that is not known.
    pub(crate) worth: Option<Worth>,
    /// What is remarkable about it.
    pub(crate) remarks: Vec<String>,
    /// What neither the licence server nor the configuration says.
    pub(crate) not_known: Vec<String>,
}

/// What the time that is left has cost.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub(crate) struct Worth {
    /// The amount.
    pub(crate) amount: Cash,
    /// Its currency.
    pub(crate) currency: Currency,
    /// How it comes about.
    pub(crate) arithmetic: String,
}

/// What is wrong with a service's licence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Problem {
    /// It has a panel and no licence.
    NoLicence,
    /// It has several licences.
    SeveralLicences,
    /// Its licence is that of another service, too.
    SharedLicence,
}

impl Problem {
    /// As in JSON.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::NoLicence => "no_licence",
            Self::SeveralLicences => "several_licences",
            Self::SharedLicence => "shared_licence",
        }
    }
}

/// A service whose licence is missing or not its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub(crate) struct Finding {
    /// What is wrong.
    pub(crate) problem: Problem,
    /// The services, like `vds/12`.
    pub(crate) services: Vec<String>,
    /// In words.
    pub(crate) text: String,
    /// The licences it is about.
    pub(crate) licences: Vec<String>,
    /// What is paid for nothing: of several licences, all but the one that is worth most.
    pub(crate) worth: Vec<Amount>,
}

pub(super) fn sum<'e>(group: Group, entries: impl Iterator<Item = &'e Entry>) -> GroupSum {
    let Total { count, worth, worth_not_known } = total(entries);
    GroupSum { group, count, worth, worth_not_known }
}

pub(super) fn total<'e>(entries: impl Iterator<Item = &'e Entry>) -> Total {
    let mut total = Total::default();
    let mut sums: BTreeMap<Currency, Cash> = BTreeMap::new();
    for entry in entries {
        total.count += 1;
        match &entry.worth {
            Some(worth) => *sums.entry(worth.currency.clone()).or_default() += worth.amount,
            None => total.worth_not_known += 1,
        }
    }
    total.worth = sums.into_iter().map(|(currency, amount)| Amount { amount, currency }).collect();
    total
}
