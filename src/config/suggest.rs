//! What a person most likely meant by a period, an amount or a currency.

use crate::{
    codes::Host,
    model::{Date, Money, Period, Rate},
};

/// A period for `12`, `1y`, `month`, `12 months` and the like.
pub(super) fn period(text: &str) -> Option<Period> {
    let lower = text.trim().to_lowercase();
    let digits = lower.trim_end_matches(|ch: char| !ch.is_ascii_digit());
    let unit =
        lower[digits.len()..].trim_matches(|ch: char| ch.is_whitespace() || matches!(ch, '-' | '_' | '.'));
    let count = if digits.is_empty() { Some(1) } else { digits.trim().parse::<u16>().ok() };
    let months = |times: u16| count.and_then(|count| Period::months(count.checked_mul(times)?));
    match unit {
        "" if !digits.is_empty() => months(1),
        "m" | "mo" | "mon" | "month" | "months" | "monthly" | "м" | "мес" | "месяц" | "месяца"
        | "месяцев" => months(1),
        "q" | "quarter" | "quarterly" => months(3),
        "y" | "yr" | "year" | "years" | "yearly" | "annual" | "annually" | "г" | "год" | "года" | "лет" => {
            months(12)
        }
        "d" | "days" | "daily" | "день" if count == Some(1) => Some(Period::Day),
        "test" | "demo" if digits.is_empty() => Some(Period::Trial),
        "forever" | "unlimited" | "eternal" | "lifelong" | "life" if digits.is_empty() => {
            Some(Period::Lifetime)
        }
        _ => None,
    }
}

/// An amount for `350,00`, `1 050.00`, `350 RUB`, `1_000`; as text, so that nothing is rounded.
pub(super) fn money(text: &str) -> Option<String> {
    let digits: String = (text.trim().chars())
        .filter(|ch| {
            !ch.is_whitespace() && !matches!(ch, '_' | '\'' | '₽' | '€' | '$' | '+') && !ch.is_alphabetic()
        })
        .collect();
    let digits = digits.trim_end_matches('.');
    let plain = plain(digits)?;
    plain.parse::<Money>().ok().map(|_| plain)
}

/// A rate for `98,5` and the like.
pub(super) fn rate(text: &str) -> Option<String> {
    let digits: String = text.chars().filter(|ch| !ch.is_whitespace()).collect();
    let plain = plain(&digits)?;
    plain.parse::<Rate>().ok().map(|_| plain)
}

/// Digits with a decimal point, whatever they were written with.
fn plain(digits: &str) -> Option<String> {
    let plain = match (digits.matches(',').count(), digits.contains('.')) {
        // One comma with one or two digits after it is a decimal comma; with three it could be either.
        (1, false) if digits.rsplit(',').next().is_some_and(|part| part.len() < 3) => {
            digits.replace(',', ".")
        }
        (0, _) => digits.to_owned(),
        _ => return None,
    };
    let plain = if plain.starts_with('.') { format!("0{plain}") } else { plain };
    let stripped = plain.trim_start_matches('0');
    Some(if stripped.starts_with(|ch: char| ch.is_ascii_digit()) { stripped.to_owned() } else { plain })
}

/// A date for `1.11.2026`, `2026/11/1` and the like; nothing where day and month could be either.
pub(super) fn date(text: &str) -> Option<Date> {
    let parts: Vec<&str> = text.trim().split(['.', '-', '/', ' ']).collect();
    let [one, two, three] = parts[..] else { return None };
    let (year, month, day) = match (one.len(), three.len(), text.contains('/')) {
        (4, ..) => (one, two, three),
        (_, 4, false) => (three, two, one),
        _ => return None,
    };
    let number = |part: &str| part.parse::<u16>().ok();
    format!("{:04}-{:02}-{:02}", number(year)?, number(month)?, number(day)?).parse().ok()
}

/// A host for an address.
pub(super) fn host(text: &str) -> Option<Host> {
    let lower = text.trim().to_lowercase();
    let rest = lower.split_once("://").map_or(&*lower, |(_, rest)| rest);
    rest.split(['/', ':', '?', '#']).next()?.parse().ok()
}

/// A currency code for `rub`, `₽`, `руб`, `euro`.
pub(super) fn currency(text: &str) -> Option<String> {
    let upper = text.trim().to_uppercase();
    let code = match upper.trim_end_matches('.') {
        "₽" | "РУБ" | "RUR" | "RUBLE" | "RUBLES" | "RUBL" => "RUB",
        "€" | "EURO" | "ЕВРО" => "EUR",
        "$" | "DOLLAR" | "US$" => "USD",
        code if code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_uppercase()) => code,
        _ => return None,
    };
    Some(code.to_owned())
}

#[cfg(test)]
mod tests {
    use super::{currency, date, host, money, period, rate};

    #[test]
    fn likely_meanings_are_found() {
        for (text, meant) in [
            ("12", "12m"),
            ("1y", "12m"),
            ("month", "1m"),
            ("12 months", "12m"),
            ("1M", "1m"),
            ("год", "12m"),
            ("1d", "day"),
        ] {
            assert_eq!(period(text).map(|period| period.to_string()).as_deref(), Some(meant), "{text}");
        }
        for (text, meant) in [
            ("350,00", "350.00"),
            ("1 050.00", "1050.00"),
            ("350 RUB", "350"),
            ("1_000", "1000"),
            (".5", "0.5"),
            ("05", "5"),
        ] {
            assert_eq!(money(text).as_deref(), Some(meant), "{text}");
        }
        for text in ["1,050", "abc", "", "-1", "1.00000"] {
            assert_eq!(money(text), None, "{text}");
        }
        for (text, meant) in [
            ("1.11.2026", Some("2026-11-01")),
            ("2026/11/1", Some("2026-11-01")),
            ("31-12-2026", Some("2026-12-31")),
            ("01/11/2026", None),
            ("2026-02-30", None),
            ("soon", None),
        ] {
            assert_eq!(date(text).map(|date| date.to_string()).as_deref(), meant, "{text}");
        }
        assert_eq!(rate("98,5").as_deref(), Some("98.5"));
        assert_eq!((rate("0"), rate("x")), (None, None));
        let meant = host("https://API-EU.ispmanager.com:1500/billmgr");
        assert_eq!(meant.map(|host| host.to_string()).as_deref(), Some("api-eu.ispmanager.com"));
        assert_eq!(currency("rub").as_deref(), Some("RUB"));
        assert_eq!(period("soon"), None);
        assert_eq!(period("3d"), None);
    }
}
