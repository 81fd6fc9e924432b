//! Whole days: what a period adds to a date, and how long a month's rest lasts.

use jiff::civil::Date;
use jiff::{Span, ToSpan as _};

use super::reading::Readings;

/// The period ids of a price list (billmanager-api, 2.1).
pub(crate) const TRIAL: &str = "-100";
pub(crate) const DAY: &str = "-50";
pub(crate) const LIFETIME: &str = "0";
pub(crate) const MONTH: &str = "1";

/// The end of a period that begins on `from`. `None` for one that never ends, and for a word that is no period.
///
/// A month is added on the calendar and clamped: 31 January + 1 = 28 February, + 1 = 28 March.
pub(crate) fn end(from: Date, period: &str, readings: &Readings) -> Option<Date> {
    let span = match period {
        LIFETIME => return None,
        DAY => 1.day(),
        TRIAL => Span::new().try_days(readings.trial_days).ok()?,
        months => Span::new().try_months(months.parse::<i64>().ok()?).ok()?,
    };
    Some(from.saturating_add(span))
}

/// Whether the month of rest after a change on `last` is over on `today`: strictly more than a month has passed.
/// The vendor says "more than a month ago" of the pool, and "not more than once a month" of an address.
pub(crate) fn rested(last: Option<Date>, today: Date) -> bool {
    last.is_none_or(|last| last.saturating_add(1.month()) < today)
}

/// A cell that holds a date.
pub(crate) fn date(cell: &str) -> Option<Date> {
    cell.parse().ok()
}

/// A date as a cell; a period that never ends leaves it empty.
pub(crate) fn cell(date: Option<Date>) -> String {
    date.map(|date| date.to_string()).unwrap_or_default()
}

/// Whether a cell's date is after `today`; an empty one never comes.
pub(crate) fn ahead(cell: &str, today: Date) -> bool {
    date(cell).is_none_or(|date| date > today)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plus(from: &str, period: &str) -> String {
        cell(end(from.parse().unwrap(), period, &Readings::default()))
    }

    #[test]
    fn months_are_clamped_to_the_end_of_a_month() {
        assert_eq!(plus("2026-01-31", "1"), "2026-02-28");
        assert_eq!(plus("2026-02-28", "1"), "2026-03-28");
        assert_eq!(plus("2028-01-31", "1"), "2028-02-29");
        assert_eq!(plus("2026-11-30", "3"), "2027-02-28");
        assert_eq!(plus("2028-02-29", "12"), "2029-02-28");
    }

    #[test]
    fn periods_that_are_no_months() {
        assert_eq!(plus("2026-12-31", DAY), "2027-01-01");
        assert_eq!(plus("2026-01-01", TRIAL), "2026-01-15");
        assert_eq!(plus("2026-01-01", LIFETIME), "");
    }

    #[test]
    fn a_month_of_rest_is_more_than_a_month() {
        let day = |text: &str| text.parse::<Date>().unwrap();
        let rested = |last: &str, today: &str| rested(date(last), day(today));
        assert!(!rested("2026-01-15", "2026-02-15"));
        assert!(rested("2026-01-15", "2026-02-16"));
        assert!(!rested("2026-01-31", "2026-02-28"));
        assert!(rested("2026-01-31", "2026-03-01"));
        assert!(rested("", "2026-01-01"));
    }
}
