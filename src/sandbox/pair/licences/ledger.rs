//! The account's money: its balance, and what was charged.

use super::super::super::core::Cx;
use super::super::super::entity::{Entity, Shown, column};
use super::super::super::label::label;
use super::super::super::money;
use super::super::super::refusal::Refusal;
use super::super::super::store::{cell, row};

/// The one row of the table `account`.
const ACCOUNT: u64 = 1;

pub(crate) fn entity() -> Entity {
    let columns = vec![
        column("id", "Id", "Код"),
        column("date", "Date", "Дата"),
        column("operation", "Operation", "Операция"),
        column("licence", "License", "Лицензия"),
        column("pricelist", "Tariff plan", "Тарифный план"),
        column("period", "Period", "Период"),
        column("amount", "Amount", "Сумма"),
        column("balance", "Balance", "Баланс"),
        column("currency", "Currency", "Валюта"),
    ];
    let mut entity = Entity::new("ledger", label("Charges", "Списания"), columns);
    entity.list = "licence.ledger".to_owned();
    entity.cells = |cx, _, row| {
        let plain = |key| Shown::plain(cell(row, key));
        vec![
            plain("date"),
            plain("operation"),
            plain("licence"),
            plain("code"),
            plain("period"),
            plain("amount"),
            plain("balance"),
            Shown::plain(currency(cx)),
        ]
    };
    entity
}

/// `subaccount`: the name is on record, the columns are not. The balance is shown as lists show money (1.5.1).
pub(crate) fn account() -> Entity {
    let columns = vec![
        column("id", "Id", "Код"),
        column("name", "Name", "Наименование"),
        column("balance", "Balance", "Баланс"),
        column("currency", "Currency", "Валюта"),
    ];
    let mut entity = Entity::new("account", label("Accounts", "Лицевые счета"), columns);
    entity.list = "subaccount".to_owned();
    entity.cells = |_, _, row| {
        let (balance, currency) = (cell(row, "balance"), cell(row, "currency"));
        vec![
            Shown::plain(cell(row, "name")),
            Shown::plain(format!("{balance} {currency}")),
            Shown::plain(currency),
        ]
    };
    entity
}

/// The currency of the account.
pub(crate) fn currency<'a>(cx: &'a Cx<'_>) -> &'a str {
    cx.store.lookup("account", &ACCOUNT.to_string(), "currency")
}

pub(crate) fn balance(cx: &Cx<'_>) -> i64 {
    money::signed(cx.store.lookup("account", &ACCOUNT.to_string(), "balance"))
}

/// What is being paid for.
pub(crate) struct Charge<'a> {
    pub(crate) operation: &'static str,
    pub(crate) licence: u64,
    pub(crate) code: &'a str,
    pub(crate) period: &'a str,
    pub(crate) amount: i64,
}

/// Whether the account can pay: it has no credit.
pub(crate) fn affords(cx: &Cx<'_>, amount: i64) -> Result<(), Refusal> {
    let balance = balance(cx);
    if balance >= amount {
        return Ok(());
    }
    let iso = currency(cx);
    let (amount, balance) = (money::text(amount), money::text(balance));
    let message = super::super::super::label::Label::owned(
        format!("Not enough money: {amount} {iso} is needed, the balance is {balance} {iso}"),
        format!("Недостаточно средств: нужно {amount} {iso}, на счёте {balance} {iso}"),
    );
    Err(Refusal::new("balance", "account", &amount, message))
}

/// Takes the money at once, and writes it down.
pub(crate) fn charge(cx: &mut Cx<'_>, charge: &Charge<'_>) {
    let left = money::text(balance(cx) - charge.amount);
    cx.store.set("account", ACCOUNT, "balance", &left);
    let today = cx.play.clock.today().to_string();
    let entry = row([
        ("date", &today),
        ("operation", charge.operation),
        ("licence", &charge.licence.to_string()),
        ("code", charge.code),
        ("period", charge.period),
        ("amount", &money::text(charge.amount)),
        ("balance", &left),
    ]);
    cx.store.insert("ledger", entry);
}
