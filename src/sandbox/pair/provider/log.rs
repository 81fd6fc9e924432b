//! The log of what the panel decided and what came of it. The function is invented: `licence.log`.

use super::super::super::core::Cx;
use super::super::super::entity::{Entity, Shown, column};
use super::super::super::label::label;
use super::super::super::money;
use super::super::super::store::{Row, cell, row};

const COLUMNS: [(&str, &str, &str); 9] = [
    ("date", "Date", "Дата"),
    ("service", "Service", "Услуга"),
    ("event", "Event", "Событие"),
    ("licence", "License", "Лицензия"),
    ("code", "Tariff plan of the license", "Тарифный план лицензии"),
    ("period", "Period", "Период"),
    ("amount", "Amount", "Сумма"),
    ("currency", "Currency", "Валюта"),
    ("reason", "Reason", "Причина"),
];

pub(crate) fn entity() -> Entity {
    let mut columns = vec![column("id", "Id", "Код")];
    columns.extend(COLUMNS.map(|(name, en, ru)| column(name, en, ru)));
    let mut entity = Entity::new("event", label("License log", "Журнал лицензий"), columns);
    entity.list = "licence.log".to_owned();
    entity.cells = |_, _, row| COLUMNS.map(|(name, ..)| Shown::plain(cell(row, name))).to_vec();
    entity
}

/// What happened.
#[derive(Clone, Copy, Debug)]
pub(crate) enum What {
    /// The client pays.
    Charged,
    /// No licence is needed.
    Skipped,
    /// A licence is bought.
    Ordered,
    /// A licence comes from the pool.
    Reused,
    /// A licence that could not be used goes back to the pool.
    PutBack,
    Renewed,
    /// A licence goes to the pool.
    Released,
    /// A licence follows its service to another address.
    Moved,
    /// Something was not done, and why.
    Refused,
    /// A licence has run out while its service lives on.
    Expired,
    /// The service is gone.
    Deleted,
}

impl What {
    const fn word(self) -> &'static str {
        match self {
            Self::Charged => "charged",
            Self::Skipped => "skipped",
            Self::Ordered => "ordered",
            Self::Reused => "reused",
            Self::PutBack => "put_back",
            Self::Renewed => "renewed",
            Self::Released => "released",
            Self::Moved => "moved",
            Self::Refused => "refused",
            Self::Expired => "expired",
            Self::Deleted => "deleted",
        }
    }
}

/// An entry that is being written.
pub(crate) struct Entry(Row);

impl Entry {
    pub(crate) fn new(service: &str, what: What) -> Self {
        Self(row([("service", service), ("event", what.word())]))
    }

    fn put(mut self, column: &str, value: impl Into<String>) -> Self {
        self.0.insert(column.to_owned(), value.into());
        self
    }

    pub(crate) fn licence(self, licence: impl Into<String>, code: &str) -> Self {
        self.put("licence", licence).put("code", code)
    }

    pub(crate) fn period(self, period: &str) -> Self {
        self.put("period", period)
    }

    pub(crate) fn amount(self, amount: i64, currency: &str) -> Self {
        self.put("amount", money::text(amount)).put("currency", currency)
    }

    /// An amount as the licence server shows it: `250.00 RUB`.
    pub(crate) fn shown_amount(self, shown: &str) -> Self {
        let (amount, currency) = shown.split_once(' ').unwrap_or((shown, ""));
        self.put("amount", amount).put("currency", currency)
    }

    pub(crate) fn why(self, reason: impl Into<String>) -> Self {
        self.put("reason", reason)
    }

    pub(crate) fn write(self, cx: &mut Cx<'_>) {
        let today = cx.play.clock.today().to_string();
        cx.store.insert("event", self.put("date", today).0);
    }
}
