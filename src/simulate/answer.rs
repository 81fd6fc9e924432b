//! What one sale orders, and what it earns, with every reason.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Serialize;

use super::CostSource;
use crate::{
    language::t,
    licence::{
        Bought, By, Line, Readings, Sale, Step, Sum, Terms, WithoutRow, months,
        rules::{self, Rule},
    },
    model::{Cash, Mark, Period},
};

/// Version of the document.
pub(crate) const DOCUMENT_VERSION: &str = "1.0";

/// Simulated orders: one, or one before and one after a plan.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(title = "Simulated orders")]
pub(crate) struct Simulated {
    /// Version of this document's format; a change of the first number breaks readers.
    pub(crate) format_version: String,
    /// One answer for each state of the panel that was asked about.
    pub(crate) answers: Vec<Answer>,
}

/// What a sale comes to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub(crate) struct Answer {
    /// What the answer is about: `configuration`, `panel`, `before the plan` or `after the plan`.
    pub(crate) of: String,
    /// The tariff plan.
    pub(crate) tariff: String,
    /// The panel that the client chooses: a licence code, or `nopanel`.
    pub(crate) panel: String,
    /// Name of the product, where the code is known.
    pub(crate) product: Option<String>,
    /// The period the client buys.
    #[schemars(with = "String")]
    pub(crate) period: Period,
    /// The currency of all amounts.
    pub(crate) currency: String,
    /// The day of the order.
    pub(crate) on: String,
    /// What is ordered.
    pub(crate) outcome: Outcome,
    /// Why, step by step.
    pub(crate) because: Vec<Because>,
    /// What happens when the licence comes to its end while the service is active; nothing without a licence.
    pub(crate) renewal: Option<Renews>,
    /// Where the costs are from; nothing where no licence is ordered, or there are none.
    pub(crate) costs: Option<CostSource>,
    /// What is paid and earned; nothing where no licence is ordered, or a cost is not known.
    pub(crate) money: Option<Earns>,
    /// What else is worth knowing.
    pub(crate) notes: Vec<String>,
}

/// What is ordered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Outcome {
    /// Nothing: the client wants no panel.
    Nothing,
    /// A licence, unless a free one is there.
    Licence(Orders),
    /// Nothing: nobody can buy it in this state of the panel.
    NotSold {
        /// Why not.
        why: String,
    },
    /// Nothing can be ordered, though the client has paid.
    Refused {
        /// Why not.
        why: String,
    },
}

/// An order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub(crate) struct Orders {
    /// The licence server, by its processor.
    pub(crate) server: String,
    /// The licence code.
    pub(crate) code: String,
    /// The period that is ordered.
    #[schemars(with = "String")]
    pub(crate) period: Period,
    /// The day the licence ends if it is not renewed.
    pub(crate) until: Option<String>,
    /// Nodes that are ordered with it, where the code has nodes.
    pub(crate) nodes: Option<Node>,
    /// What is sent to the licence server; values in angle brackets are known at the order only.
    pub(crate) sent: Vec<(String, String)>,
}

/// Nodes of a licence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub(crate) struct Node {
    /// Parameter of the order, like `addon_55236`, where the code table has it.
    pub(crate) parameter: Option<String>,
    /// How many.
    pub(crate) count: u32,
}

/// A reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub(crate) struct Because {
    /// The reason in words.
    pub(crate) text: String,
    /// The rule's stable name.
    pub(crate) rule: String,
    /// How sure the rule is: `documented`, `seen_in_code`, `inferred` or `open`.
    #[schemars(with = "String")]
    pub(crate) mark: Mark,
    /// The page or code the rule is from.
    pub(crate) source: String,
}

/// A renewal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub(crate) struct Renews {
    /// The period that it is renewed for; nothing where none can be told.
    #[schemars(with = "Option<String>")]
    pub(crate) period: Option<Period>,
    /// What each renewal costs, where that is known.
    pub(crate) cost: Option<Cash>,
    /// Why, step by step.
    pub(crate) because: Vec<Because>,
}

/// What is paid and earned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub(crate) struct Earns {
    /// What the client pays for the period.
    pub(crate) price: Cash,
    /// What the client pays once, besides.
    pub(crate) setup: Cash,
    /// What the order costs at once.
    pub(crate) cost_now: Cash,
    /// What the licence costs for the sold period.
    pub(crate) cost_of_period: Cash,
    /// How that is made up, like `2500.00 x 3/12`.
    pub(crate) arithmetic: String,
    /// Price less cost of the period.
    pub(crate) margin: Cash,
    /// The margin as a share of the price, in percent; nothing for a price of zero.
    pub(crate) margin_percent: Option<String>,
    /// Cost of every further period, and how that is made up, where it differs from the first.
    pub(crate) later: Option<(Cash, String)>,
    /// How much more is paid at once than the client has paid.
    pub(crate) exposure: Option<Cash>,
    /// How many months the client must pay until the order is paid for.
    pub(crate) months_to_recover: Option<u32>,
    /// Which part of the term must be sold for it to be cheaper than buying by the month, in percent.
    pub(crate) break_even_use: Option<String>,
}

/// What of a sale the engine does not know.
pub(crate) struct Circumstances<'a> {
    pub(crate) of: &'a str,
    pub(crate) currency: &'a str,
    pub(crate) on: Date,
    pub(crate) readings: Readings,
    pub(crate) costs: Option<CostSource>,
    /// Name of the product and parameter of its nodes, from the code table.
    pub(crate) product: Option<String>,
    pub(crate) node_parameter: Option<String>,
    pub(crate) notes: Vec<String>,
}

/// Says what follows from a sale on that day.
pub(crate) fn answer(line: &Line, about: &Circumstances<'_>) -> Answer {
    let sale = &line.sale;
    let mut answer = begun(sale, about);
    let Some(bought) = &line.licence else {
        answer.because.push(because(t!("no panel is chosen"), rules::NO_LICENCE));
        return answer;
    };
    answer
        .because
        .push(because(t!("a free licence of the account is used first, at no cost"), rules::POOL_FIRST));
    match &bought.order {
        Ok(step) => {
            answer.outcome = Outcome::Licence(orders(bought, step, about));
            answer.because.push(resolved(sale.period, &bought.server, step, false));
            answer.because.extend(given_back(sale.period, step, &about.readings));
            if months(sale.period).is_none() && sale.period != step.resolution.period {
                let text = t!(
                    "a {period} sold with a panel buys {bought}",
                    period = sale.period,
                    bought = step.resolution.period
                );
                answer.because.push(because(text, rules::SHORT_SALE));
            }
        }
        Err(why) => {
            answer.outcome = Outcome::Refused { why: why.to_string() };
            answer.because.push(because(why.to_string(), refused(why)));
        }
    }
    answer.renewal = Some(renewal(sale.period, bought, &about.readings));
    answer.costs = about.costs.clone();
    answer.money = line.terms().map(|terms| earns(line, &terms));
    if answer.money.is_none() && bought.order.is_ok() {
        let text = t!(
            "what {code} costs in {currency} is not known: write it under `costs` of the configuration, or ask the licence \
             server with --upstream",
            code = bought.code,
            currency = about.currency
        );
        answer.notes.push(text);
    }
    answer
}

/// Says that there is no such sale.
pub(crate) fn not_sold(sale: &Sale, why: String, about: &Circumstances<'_>) -> Answer {
    Answer { outcome: Outcome::NotSold { why }, ..begun(sale, about) }
}

/// An answer of which nothing but the question is known.
fn begun(sale: &Sale, about: &Circumstances<'_>) -> Answer {
    Answer {
        of: about.of.to_owned(),
        tariff: sale.tariff.clone(),
        panel: sale.item.clone(),
        product: about.product.clone(),
        period: sale.period,
        currency: about.currency.to_owned(),
        on: about.on.to_string(),
        outcome: Outcome::Nothing,
        because: Vec::new(),
        renewal: None,
        costs: None,
        money: None,
        notes: about.notes.clone(),
    }
}

fn because(text: impl Into<String>, rule: Rule) -> Because {
    Because { text: text.into(), rule: rule.id.to_owned(), mark: rule.mark, source: rule.source.to_owned() }
}

fn refused(why: &crate::licence::Unresolved) -> Rule {
    match why {
        crate::licence::Unresolved::TwoRows { .. } => rules::TWO_ROWS,
        _ => rules::NOT_OFFERED,
    }
}

/// `3m -> 12m: mapping #1 of licences, general row`.
fn resolved(sold: Period, server: &str, step: &Step, renewal: bool) -> Because {
    let found = step.resolution;
    let why = match found.by {
        By::TiedRow(number) => {
            t!("mapping #{number} of {server}, tied to the tariff plan", number = number, server = server)
        }
        By::GeneralRow(number) => {
            t!("mapping #{number} of {server}, general row", number = number, server = server)
        }
        By::SamePeriod => t!("no mapping, and the licence is offered for it"),
        By::Smallest => {
            t!("no mapping, and not offered for {sold}: the smallest period is taken", sold = sold)
        }
        By::OneMonth => t!("no mapping: renewed by the month"),
    };
    because(format!("{sold} -> {}: {why}", found.period), found.by.rule(renewal))
}

/// What is left of a longer licence is worth something once it is free.
fn given_back(sold: Period, step: &Step, readings: &Readings) -> Option<Because> {
    let longer = months(sold).zip(months(step.resolution.period)).is_some_and(|(sold, term)| term > sold);
    let text = match readings.release_restarts_cooldown {
        true => t!("a month after the client has left, the rest of it is free for another one"),
        false => {
            t!(
                "when the client has left, and a month after this order, the rest of it is free for another one"
            )
        }
    };
    longer.then(|| because(text, rules::RELEASE_COOLS))
}

fn orders(bought: &Bought, step: &Step, about: &Circumstances<'_>) -> Orders {
    let nodes =
        (bought.nodes > 0).then(|| Node { parameter: about.node_parameter.clone(), count: bought.nodes });
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    // As public code orders: the renewal is BILLmanager's affair, so the licence server's own is off.
    let mut sent = vec![
        pair("func", "soft.order.param"),
        pair("pricelist", &bought.code),
        pair("period", &step.resolution.period.panel_id().to_string()),
        pair("ip", &t!("<IP of the service>")),
        pair("licname", "<Item #ID\" addon NAME>"),
        pair("autoprolong", "null"),
        pair("skipbasket", "on"),
        pair("sok", "ok"),
    ];
    if let Some(Node { parameter: Some(parameter), count }) = &nodes {
        sent.push((parameter.clone(), count.to_string()));
    }
    let until = crate::licence::later(about.on, step.resolution.period, &about.readings);
    Orders {
        server: bought.server.clone(),
        code: bought.code.clone(),
        period: step.resolution.period,
        until: until.map(|day| day.to_string()),
        nodes,
        sent,
    }
}

fn renewal(sold: Period, bought: &Bought, readings: &Readings) -> Renews {
    match &bought.renewal {
        Err(why) => {
            Renews { period: None, cost: None, because: vec![because(why.to_string(), refused(why))] }
        }
        Ok(step) => {
            let mut reasons = vec![resolved(sold, &bought.server, step, true)];
            let alone = matches!(step.resolution.by, By::OneMonth);
            if alone
                && readings.renewal_without_row == WithoutRow::OneMonth
                && months(sold).is_some_and(|n| n > 1)
            {
                let text =
                    t!("one might expect {sold} here: a mapping {sold} -> {sold} makes it sure", sold = sold);
                reasons.push(because(text, rules::RENEWAL_SAME));
            }
            Renews { period: Some(step.resolution.period), cost: step.cost, because: reasons }
        }
    }
}

fn earns(line: &Line, terms: &Terms) -> Earns {
    let later = terms.next.filter(|next| next.total() != terms.period);
    Earns {
        price: line.price,
        setup: line.setup,
        cost_now: terms.now,
        cost_of_period: terms.period,
        arithmetic: arithmetic(terms.sum),
        margin: terms.margin,
        margin_percent: terms.margin.percent_of(line.price).map(|percent| percent.to_string()),
        later: later.map(|next| (next.total(), arithmetic(next))),
        exposure: terms.exposure,
        months_to_recover: terms.months_to_recover,
        break_even_use: terms.break_even.map(|percent| percent.to_string()),
    }
}

/// How a cost is made up, in figures.
pub(crate) fn arithmetic(sum: Sum) -> String {
    match sum {
        Sum::Whole { cost } => cost.to_string(),
        Sum::Share { cost, sold, bought } => format!("{cost} x {sold}/{bought}"),
        Sum::Renewals { cost, count, renewal } if cost == renewal => format!("{} x {cost}", count + 1),
        Sum::Renewals { cost, count, renewal } => format!("{cost} + {count} x {renewal}"),
    }
}
