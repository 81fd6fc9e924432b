//! How a price was computed, in words and signs.

use super::{
    cost::{Cost, Sum},
    rule::Margin,
};
use crate::{language::t, model::Money};

/// `2500.00 / 12 + 25 % -> 270.00, rounded up to a multiple of 10.00`.
pub(super) fn words(cost: &Cost, margin: &Margin, price: Money) -> String {
    let mut text = match cost.sum {
        Sum::Whole { cost } => cost.to_string(),
        Sum::Share { cost, sold: 1, bought } => format!("{cost} / {bought}"),
        Sum::Share { cost, sold, bought } => format!("{cost} * {sold} / {bought}"),
        Sum::Renewals { cost, count, renewal } if cost == renewal => format!("{} * {cost}", count + 1),
        Sum::Renewals { cost, count, renewal } => format!("{cost} + {count} * {renewal}"),
    };
    if let Some(rate) = &cost.rate {
        let mixed = matches!(cost.sum, Sum::Renewals { cost, renewal, .. } if cost != renewal);
        let sign = if rate.inverse { "/" } else { "*" };
        text = if mixed { format!("({text})") } else { text };
        text = format!("{text} {} {sign} {}", rate.from, rate.rate);
    }
    let fixed = margin.fixed.filter(|fixed| !fixed.is_zero());
    if let Some(percent) = margin.percent.filter(|percent| !percent.is_zero()) {
        text = match (&cost.sum, &cost.rate) {
            (Sum::Renewals { cost, renewal, .. }, None) if cost != renewal => format!("({text})"),
            _ => text,
        };
        text.push_str(&format!(" + {percent}"));
    }
    if let Some(fixed) = fixed {
        text.push_str(&format!(" + {fixed}"));
    }
    text.push_str(&format!(" -> {price}"));
    let exact = margin.exact(cost.exact);
    if exact.is_none() || exact != price.ratio() {
        if margin.step == Money::UNIT {
            text.push_str(&t!(", rounded up"));
        } else {
            text.push_str(&t!(", rounded up to a multiple of {step}", step = margin.step));
        }
    }
    text
}
