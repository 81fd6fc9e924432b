//! What happens to services and licences, as data.

use std::fmt;

use jiff::civil::Date;

use super::rules::{self, Rule};
use crate::{
    language::{later, told},
    model::{Cash, Period},
};

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Event {
    pub(crate) day: Date,
    /// Number of the line that was sold.
    pub(crate) line: u32,
    pub(crate) service: Option<u32>,
    pub(crate) licence: Option<u32>,
    pub(crate) what: What,
    /// The period that was sold, bought or renewed.
    pub(crate) period: Option<Period>,
    /// What came in, or below zero what went out.
    pub(crate) amount: Cash,
}

impl Event {
    /// The rule by which it happened; nothing where a client decided.
    pub(crate) fn rule(&self) -> Option<Rule> {
        Some(match self.what {
            What::Sold | What::Prolonged | What::Ended => return None,
            What::Ordered => rules::NEW_LICENCE,
            What::Reused { .. } => rules::POOL_ORDER,
            What::Renewed => rules::RENEWAL_FROM,
            What::Released { .. } => rules::RELEASE,
            What::PutBack => rules::PUT_BACK,
            What::Refused(Refusal::IpChange) | What::IpChanged => rules::IP_MONTHLY,
            // A licence that is there already was to be renewed.
            What::Refused(_) if self.licence.is_some() => rules::RENEWAL_REFUSED,
            What::Refused(_) => rules::ORDER_REFUSED,
            What::Expired { .. } | What::Deleted => rules::EXPIRY,
        })
    }
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum What {
    /// A client ordered a server and paid.
    Sold,
    /// A client paid for another period.
    Prolonged,
    /// A licence was bought.
    Ordered,
    /// A free licence was taken, after that many days in the pool.
    Reused { idle: u32 },
    /// A licence was renewed.
    Renewed,
    /// A licence went into the pool; an expired one is of no use there.
    Released { expired: bool },
    /// A free licence that could not be taken went back into the pool.
    PutBack,
    /// The licence server or the rules said no.
    Refused(Refusal),
    /// A licence came to its end; that many days of it since the last change of hands were on no service.
    Expired { free: bool, idle: u32 },
    /// A licence is gone from the account.
    Deleted,
    /// The IP of a service and its licence changed.
    IpChanged,
    /// A service ended.
    Ended,
}

impl What {
    pub(crate) fn as_str(&self) -> &'static str {
        match self {
            Self::Sold => "sold",
            Self::Prolonged => "prolonged",
            Self::Ordered => "ordered",
            Self::Reused { .. } => "reused",
            Self::Renewed => "renewed",
            Self::Released { .. } => "released",
            Self::PutBack => "put_back",
            Self::Refused(_) => "refused",
            Self::Expired { .. } => "expired",
            Self::Deleted => "deleted",
            Self::IpChanged => "ip_changed",
            Self::Ended => "ended",
        }
    }
}

/// Why something was not done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// No period can be told for an order.
    Order,
    /// No period can be told for a renewal.
    Renewal,
    /// The balance on the licence server does not reach.
    Balance,
    /// The IP of the licence was changed less than a month ago.
    IpChange,
}

impl Refusal {
    pub(crate) fn as_str(self) -> &'static str {
        told(match self {
            Self::Order => later!("no period to order"),
            Self::Renewal => later!("no period to renew for"),
            Self::Balance => later!("balance too low"),
            Self::IpChange => later!("IP changed less than a month ago"),
        })
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.pad(self.as_str())
    }
}
