//! What cells of lists hold: strictly read, or not known.

use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    model::{Cash, Currency, Date, Money, Period},
    wire::Row,
};

/// An amount with its currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub(crate) struct Amount {
    pub(crate) amount: Cash,
    pub(crate) currency: Currency,
}

/// The text of a cell, unless it is empty or says that there is nothing.
pub(super) fn filled<'r>(row: &'r Row, column: &str) -> Option<&'r str> {
    row.get(column).map(str::trim).filter(|text| !matches!(*text, "" | "null" | "-"))
}

/// A day; a time after it is left out. `0000-00-00` is none.
pub(super) fn date(text: &str) -> Option<Date> {
    let day = text.split_once([' ', 'T']).map_or(text, |(day, _)| day);
    day.parse().ok()
}

/// A period by its id, as the record has it for orders.
pub(super) fn period(text: &str) -> Option<Period> {
    text.parse().ok().and_then(Period::from_panel_id)
}

/// What lists show as `10.00 RUB`, a debt with its sign. Spelt otherwise it is not known.
pub(super) fn amount(text: &str) -> Option<Amount> {
    let (number, currency) = text.trim().rsplit_once([' ', '\u{a0}'])?;
    let (sign, number) = match number.strip_prefix('-') {
        Some(number) => (true, number),
        None => (false, number),
    };
    let cash = Cash::from(number.trim().parse::<Money>().ok()?);
    Some(Amount { amount: if sign { -cash } else { cash }, currency: currency.parse().ok()? })
}

#[cfg(test)]
mod tests {
    use super::{amount, date, period};

    #[test]
    fn cells_are_read_strictly() {
        assert_eq!(date("2026-11-01 10:00:00").unwrap().to_string(), "2026-11-01");
        assert_eq!(date("0000-00-00"), None);
        assert_eq!(date("01.11.2026"), None);
        assert_eq!(period("12").unwrap().to_string(), "12m");
        assert_eq!(period("-100").unwrap().to_string(), "trial");
        assert_eq!(period("Year"), None);
        assert_eq!(amount("-10.50 RUB").unwrap().amount.to_string(), "-10.50");
        for text in ["10.00", "10,00 RUB", "10.00 руб.", "1 000.00 RUB", "", "free"] {
            assert_eq!(amount(text), None, "{text}");
        }
    }
}
