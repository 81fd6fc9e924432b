//! Which period is bought for which period sold.

use super::super::calendar::MONTH;
use super::super::reading::Readings;

/// The mapping row that counts for a sale.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mapped {
    pub(crate) row: u64,
    pub(crate) target: String,
    /// Whether the row is tied to the tariff plan.
    pub(crate) tied: bool,
}

impl Mapped {
    fn why(&self, sold: &str) -> String {
        let kind = if self.tied { "tied to the tariff plan" } else { "general" };
        format!("{sold} -> {}: mapping row {}, {kind}", self.target, self.row)
    }
}

/// A period to buy, with the reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Bought {
    pub(crate) period: String,
    pub(crate) why: String,
}

/// The smallest number of months on offer: what an order falls back to.
fn smallest(offered: &[String]) -> Option<String> {
    let months = offered.iter().filter_map(|id| id.parse::<i64>().ok()).filter(|months| *months > 0);
    months.min().map(|months| months.to_string())
}

/// The period of a new licence: a mapping row, else the period sold, else the smallest offered.
pub(crate) fn order(
    sold: &str,
    mapped: Option<&Mapped>,
    offered: &[String],
    readings: &Readings,
) -> Result<Bought, String> {
    let is_offered = |period: &str| offered.iter().any(|id| id == period);
    match mapped {
        Some(row) if is_offered(&row.target) => Ok(Bought { period: row.target.clone(), why: row.why(sold) }),
        Some(row) if readings.target_not_offered_is_an_error => {
            Err(format!("{}, which the licence server does not offer", row.why(sold)))
        }
        Some(row) => fallback(&format!("{} is not offered", row.why(sold)), offered),
        None if is_offered(sold) => {
            let why = format!("{sold}: no mapping row, and the same period is offered");
            Ok(Bought { period: sold.to_owned(), why })
        }
        None => fallback(&format!("{sold}: no mapping row, and not offered"), offered),
    }
}

/// The period of a renewal: a mapping row, else one month, or the smallest offered. `offered` is asked only where
/// the answer matters.
pub(crate) fn renewal(
    sold: &str,
    mapped: Option<&Mapped>,
    readings: &Readings,
    offered: impl FnOnce() -> Vec<String>,
) -> Result<Bought, String> {
    let exact = readings.target_not_offered_is_an_error;
    if let Some(row) = mapped.filter(|_| exact) {
        return Ok(Bought { period: row.target.clone(), why: row.why(sold) });
    }
    let offered = offered();
    let is_offered = |period: &str| offered.iter().any(|id| id == period);
    let same = !readings.renewal_without_row_is_one_month && is_offered(sold);
    let (period, why) = match mapped {
        Some(row) if is_offered(&row.target) => (row.target.clone(), row.why(sold)),
        Some(row) => (String::new(), format!("{} is not offered", row.why(sold))),
        None if same => (sold.to_owned(), format!("{sold}: no mapping row, renewed for the same period")),
        None if is_offered(MONTH) => {
            (MONTH.to_owned(), format!("{sold}: no mapping row, renewed for one month"))
        }
        None => (String::new(), format!("{sold}: no mapping row, and a month is not offered")),
    };
    if !period.is_empty() {
        return Ok(Bought { period, why });
    }
    fallback(&why, &offered)
}

fn fallback(why: &str, offered: &[String]) -> Result<Bought, String> {
    let found = smallest(offered).ok_or("the licence server offers no months for this code")?;
    Ok(Bought { why: format!("{why}, so the smallest offered, {found}"), period: found })
}

#[cfg(test)]
mod tests {
    use super::*;

    const T1: &str = "T1";

    /// Mapping rows as (sold, bought, tied to).
    type Rows = &'static [(&'static str, &'static str, Option<&'static str>)];

    const YEARS: Rows = &[("1", "12", None), ("3", "12", None), ("6", "12", None)];

    /// The row that counts, found as the panel finds it.
    fn mapped(rows: Rows, sold: &str, tariff: &str) -> Option<Mapped> {
        let of = |tie: Option<&str>| {
            let at = rows.iter().position(|(source, _, to)| *source == sold && *to == tie)?;
            Some(Mapped { row: at as u64 + 1, target: rows[at].1.to_owned(), tied: tie.is_some() })
        };
        of(Some(tariff)).or_else(|| of(None))
    }

    fn ordered(rows: Rows, sold: &str, tariff: &str, readings: &Readings) -> Result<String, String> {
        let offered = ["1".to_owned(), "12".to_owned()];
        order(sold, mapped(rows, sold, tariff).as_ref(), &offered, readings).map(|bought| bought.period)
    }

    #[test]
    fn the_vectors_of_an_order() {
        let expected: &[(Rows, &str, &str, &str)] = &[
            (&[], "1", T1, "1"),
            (&[], "12", T1, "12"),
            (&[], "3", T1, "1"),
            (&[], "6", T1, "1"),
            (&[], "24", T1, "1"),
            (YEARS, "1", T1, "12"),
            (YEARS, "3", T1, "12"),
            (YEARS, "6", T1, "12"),
            (YEARS, "12", T1, "12"),
            (YEARS, "24", T1, "1"),
            (&[("1", "12", Some(T1))], "1", T1, "12"),
            (&[("1", "12", Some(T1))], "1", "T2", "1"),
            (&[("1", "12", None), ("1", "1", Some(T1))], "1", T1, "1"),
            (&[("1", "12", None), ("1", "1", Some(T1))], "1", "T2", "12"),
            (&[], "-100", T1, "1"),
            (&[], "-50", T1, "1"),
            (&[("12", "1", None)], "12", T1, "1"),
        ];
        for (rows, sold, tariff, bought) in expected {
            let found = ordered(rows, sold, tariff, &Readings::default());
            assert_eq!(found.as_deref(), Ok(*bought), "{rows:?} {sold} {tariff}");
        }
    }

    #[test]
    fn a_target_that_is_not_offered_is_an_error_or_falls_back() {
        let smallest = Readings { target_not_offered_is_an_error: false, ..Readings::default() };
        let reversed: [(Rows, &str); 2] =
            [(&[("12", "3", None)], "12"), (&[("1", "3", None), ("3", "12", None)], "1")];
        for (rows, sold) in reversed {
            assert!(ordered(rows, sold, T1, &Readings::default()).unwrap_err().contains("does not offer"));
            assert_eq!(ordered(rows, sold, T1, &smallest).as_deref(), Ok("1"));
        }
    }

    #[test]
    fn a_code_without_months_falls_back_to_nothing() {
        let trial = ["-100".to_owned()];
        assert!(order("1", None, &trial, &Readings::default()).is_err());
        assert_eq!(order("-100", None, &trial, &Readings::default()).unwrap().period, "-100");
    }

    #[test]
    fn a_renewal_without_a_row_is_for_a_month_or_for_the_same_period() {
        let same = Readings { renewal_without_row_is_one_month: false, ..Readings::default() };
        let bought = |rows: Rows, sold: &str, readings: &Readings| {
            let offered = || vec!["1".to_owned(), "12".to_owned()];
            renewal(sold, mapped(rows, sold, T1).as_ref(), readings, offered).unwrap().period
        };
        let literal = Readings::default();
        assert_eq!(bought(&[], "12", &literal), "1");
        assert_eq!(bought(&[], "12", &same), "12");
        assert_eq!(bought(&[], "6", &same), "1", "half a year is not offered");
        assert_eq!(bought(YEARS, "3", &literal), "12");
        assert_eq!(bought(&[("12", "12", None)], "12", &literal), "12");
        assert_eq!(bought(&[("1", "12", None), ("1", "1", Some(T1))], "1", &literal), "1");
        assert_eq!(bought(&[("1", "3", None)], "1", &literal), "3", "the licence server says no to that");
        let lenient = Readings { target_not_offered_is_an_error: false, ..literal };
        assert_eq!(bought(&[("1", "3", None)], "1", &lenient), "1");
        let yearly = || vec!["12".to_owned()];
        assert_eq!(renewal("6", None, &Readings::default(), yearly).unwrap().period, "12");
        assert!(renewal("6", None, &Readings::default(), Vec::new).is_err());
    }
}
