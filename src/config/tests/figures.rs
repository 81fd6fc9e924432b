//! Prices that are made of costs.

use std::fmt::Write as _;

use proptest::prelude::*;
use rust_decimal::Decimal;

use super::{codes_of, load_text, rendered};
use crate::{
    config::Config,
    kinds::{Amount, ItemPrice},
    model::{Date, Money},
    source::codes,
};

const COSTS: &str = r#"
processors: {licences: {module: billmanager, name: Licences}}
costs:
  licences:
    as_of: 2026-11-01
    codes:
      "55227": {price: {RUB: {1m: "250.00", 12m: "2500.00"}, EUR: {1m: "3.00", 12m: "30.00"}}}
      "55228": {price: {RUB: {1m: "480.00", 12m: "4800.00"}}}
      "55239": {price: {RUB: {trial: "0"}}}
"#;

/// A tariff plan `vds` with these lines, beside the costs.
fn with(lines: &str, rest: &str) -> String {
    let mut text = format!(
        "version: 1{COSTS}{rest}\nprices:\n  vds:\n    resource: {{enumeration: panel, default: nopanel}}\n"
    );
    for line in lines.lines() {
        writeln!(text, "    {line}").unwrap();
    }
    text
}

#[track_caller]
fn load(text: &str) -> Config {
    load_text(text).unwrap_or_else(|problems| panic!("{}\n{text}", rendered(&problems)))
}

/// Every amount of the only tariff plan, with its formula: `55227 RUB.1m 320.00: 250.00 + 25 % …`.
fn figures(config: &Config) -> Vec<String> {
    let (tariff, spec) = config.spec.prices.first_key_value().unwrap();
    let mut found = Vec::new();
    for (item, price) in &spec.items {
        let ItemPrice::Prices(prices) = price else { panic!("{price:?}") };
        let formulas = config.formulas.of(tariff.as_str(), item.as_str());
        for (currency, prices) in prices {
            for (period, amount) in prices {
                let Amount::Money(amount) = amount else { panic!("{amount:?}") };
                let field = format!("{currency}.{period}");
                let formula = formulas.get(&field).map_or("as written", String::as_str);
                found.push(format!("{item} {field} {amount}: {formula}"));
            }
        }
    }
    found
}

#[test]
fn a_figure_is_cost_and_margin_rounded_up() {
    let mappings =
        "period_mappings: {Licences: [{sold: [1m, 3m], bought: 12m}, {sold: 1m, bought: 1m, tariff: other}]}";
    let items = r#"items:
  "55227":
    RUB:
      1m: {cost_plus: {percent: 25%, round_to: "10"}}
      3m: {cost_plus: {percent: 25%}}
      6m: {cost_plus: {fixed: "50.00"}}
      12m: {cost_plus: {percent: 0%}}
      24m: {cost_plus: {percent: 12.5%, fixed: "1", round_to: "0.05"}}
      day: {cost_plus: {percent: 10%}}
      setup: "100"
  "55239": {RUB: {trial: {cost_plus: {fixed: "0"}}}}"#;
    assert_eq!(
        figures(&load(&with(items, mappings))),
        [
            "55227 RUB.setup 100.00: as written",
            "55227 RUB.day 275.00: 250.00 + 10 % -> 275.00",
            "55227 RUB.1m 270.00: 2500.00 / 12 + 25 % -> 270.00, rounded up to a multiple of 10.00",
            "55227 RUB.3m 781.25: 2500.00 * 3 / 12 + 25 % -> 781.25",
            "55227 RUB.6m 1550.00: 6 * 250.00 + 50.00 -> 1550.00",
            "55227 RUB.12m 2500.00: 2500.00 -> 2500.00",
            "55227 RUB.24m 6751.00: 24 * 250.00 + 12.5 % + 1.00 -> 6751.00",
            "55239 RUB.trial 0.00: 0.00 -> 0.00",
        ]
    );
}

#[test]
fn a_rule_makes_all_prices_of_an_item_or_of_a_tariff_plan() {
    let lines = r#"cost_plus: {percent: 30%, round_to: {RUB: "10", EUR: "0.50"}}
items:
  "55227": cost_plus
  "55228": {cost_plus: {fixed: "20", currencies: [RUB], periods: [1m]}}"#;
    let config = load(&with(lines, ""));
    assert_eq!(
        figures(&config),
        [
            "55227 EUR.1m 4.00: 3.00 + 30 % -> 4.00, rounded up to a multiple of 0.50",
            "55227 EUR.12m 39.00: 30.00 + 30 % -> 39.00",
            "55227 RUB.1m 330.00: 250.00 + 30 % -> 330.00, rounded up to a multiple of 10.00",
            "55227 RUB.12m 3250.00: 2500.00 + 30 % -> 3250.00",
            "55228 RUB.1m 500.00: 480.00 + 20.00 -> 500.00",
        ]
    );
    assert!(config.formulas.needs_rates.is_none(), "every currency has costs of its own");
}

#[test]
fn another_currency_goes_through_the_rates_in_either_direction() {
    let items = r#"items: {"55228": {EUR: {1m: {cost_plus: {percent: 10%}}}, USD: {1m: {cost_plus: {percent: 0%}}}}}"#;
    let rates = r#"rates: {as_of: 2026-11-20, per: {EUR: {RUB: "98.50"}, RUB: {USD: "0.0125"}}}"#;
    assert_eq!(
        figures(&load(&with(items, rates))),
        [
            "55228 EUR.1m 5.37: 480.00 RUB / 98.50 + 10 % -> 5.37, rounded up",
            "55228 USD.1m 6.00: 480.00 RUB * 0.0125 -> 6.00",
        ]
    );
}

#[test]
fn rates_are_refused_when_they_are_old_and_only_where_a_price_needs_them() {
    let rates = |days: &str| format!("rates: {{as_of: 2026-11-20, {days}per: {{EUR: {{RUB: \"98.50\"}}}}}}");
    let needs =
        |days: &str| with(r#"items: {"55228": {EUR: {1m: {cost_plus: {percent: 10%}}}}}"#, &rates(days));
    let on = |text: &str, today: &str| {
        let day: Date = today.parse().unwrap();
        load(text).on(day).map(|_| ()).map_err(|problems| rendered(&problems))
    };
    for (days, good, bad) in [
        ("", "2026-11-27", "2026-11-28"),
        ("max_age_days: 0, ", "2026-11-20", "2026-11-21"),
        ("max_age_days: 60, ", "2026-11-19", "2026-11-18"),
    ] {
        assert_eq!(on(&needs(days), good), Ok(()));
        let refused = on(&needs(days), bad).unwrap_err();
        assert!(refused.contains(codes::STALE_RATES), "{refused}");
    }
    let refused = on(&needs(""), "2026-12-24").unwrap_err();
    assert!(
        refused.contains("are 34 days old, and good for 7") && refused.contains("`55228` on `vds`"),
        "{refused}"
    );
    let not_needed = with(r#"items: {"55227": {EUR: {1m: {cost_plus: {percent: 10%}}}}}"#, &rates(""));
    assert_eq!(on(&not_needed, "2030-01-01"), Ok(()));
}

#[test]
fn the_licence_server_that_is_named_decides() {
    let others = "  others: {as_of: 2026-11-01, codes: {\"55228\": {price: {RUB: {1m: \"500.00\"}}}}}";
    let item = r#"items: {"55228": {RUB: {1m: {cost_plus: {percent: 10%}}}}}"#;
    assert_eq!(codes_of(&with(item, others)), [codes::WHICH_COSTS]);
    for (server, price) in [("licences", "528.00"), ("Licences", "528.00"), ("others", "550.00")] {
        let lines = format!("licence_server: {server}\n{item}");
        let found = figures(&load(&with(&lines, others)));
        assert!(found[0].starts_with(&format!("55228 RUB.1m {price}:")), "{found:?}");
    }
}

#[test]
fn costs_in_another_file_and_of_unknown_codes_are_fine() {
    let file = |name: &str, text: String| (name.to_owned(), text);
    let config = crate::config::load_texts(vec![
        file("a.yaml", "version: 1\nprices: {vds: {resource: {enumeration: panel, default: x}, items: {of nobody: {cost_plus: {percent: 10%}}}}}\n".to_owned()),
        file("b.yaml", "version: 1\ncosts: {live server: {as_of: 2026-11-01, codes: {of nobody: {price: {RUB: {1m: \"10\"}}}}}}\n".to_owned()),
        file("c.yaml", "version: 1\nperiod_mappings: {live server: [{sold: 3m, bought: 1m}]}\n".to_owned()),
    ]);
    let config = config.unwrap_or_else(|problems| panic!("{}", rendered(&problems)));
    assert_eq!(figures(&config), ["of nobody RUB.1m 11.00: 10.00 + 10 % -> 11.00"]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    /// Never less than cost and margin, always a multiple, and never a whole step too much.
    #[test]
    fn rounding_is_up_and_by_less_than_a_step(
        cost in 0_i64..100_000_000, percent in 0_i64..50_000, fixed in 0_i64..1_000_000, step in 1_i64..100_000,
        months in 1_u16..36, rate in 1_i64..10_000_000,
    ) {
        let money = |minor: i64| Decimal::new(minor, 2);
        let text = format!(
            "version: 1\ncosts: {{l: {{as_of: 2026-11-01, codes: {{c: {{price: {{EUR: {{12m: \"{cost}\"}}}}}}}}}}}}\n\
             period_mappings: {{l: [{{sold: {months}m, bought: 12m}}]}}\n\
             rates: {{as_of: 2026-11-20, per: {{EUR: {{RUB: \"{rate}\"}}}}}}\n\
             prices: {{vds: {{resource: {{enumeration: p, default: c}}, items: {{c: {{RUB: {{{months}m: \
             {{cost_plus: {{percent: {percent}%, fixed: \"{fixed}\", round_to: \"{step}\"}}}}}}}}}}}}}}\n",
            cost = money(cost), percent = money(percent).normalize(), fixed = money(fixed), step = money(step),
            rate = Decimal::new(rate, 4),
        );
        let config = load(&text);
        let ItemPrice::Prices(prices) = config.spec.prices.first_key_value().unwrap().1.items.first_key_value().unwrap().1 else {
            panic!("no prices")
        };
        let Amount::Money(price) = *prices.first_key_value().unwrap().1.first_key_value().unwrap().1 else {
            panic!("no amount")
        };
        let price: Decimal = price.to_string().parse().unwrap();
        // Everything times 12 * 10^4, so that nothing has to be divided.
        let months = i128::from(months);
        let twelfths = if months <= 12 { months } else { 12 * ((months + 11) / 12) };
        let cost = i128::from(cost) * twelfths * i128::from(rate) * i128::from(10_000 + percent);
        let exact = cost + i128::from(fixed) * 12 * 10_000 * 10_000;
        let scaled = (price * Decimal::from(100)).normalize();
        prop_assert_eq!(scaled.scale(), 0);
        let price = scaled.mantissa();
        prop_assert_eq!(price % i128::from(step), 0, "{}", text);
        let scale = 12 * 10_000 * 10_000;
        prop_assert!(price * scale >= exact, "{}", text);
        prop_assert!((price - i128::from(step)) * scale < exact, "{}", text);
    }
}

#[test]
fn amounts_that_do_not_fit_are_refused_and_never_rounded() {
    let large: Money = "999999999999.9999".parse().unwrap();
    let text =
        with(&format!("items: {{\"55228\": {{RUB: {{1m: {{cost_plus: {{fixed: \"{large}\"}}}}}}}}}}"), "");
    assert_eq!(codes_of(&text), [codes::COST_PLUS]);
}
