//! What the books hold, in the words and figures that all formats share.

use crate::{
    model::Cash,
    report::words::count,
    simulate::{Balance, LineTotal, Refused, Run, Simulation},
};

/// A figure of the books, with its name.
pub(super) struct Figure {
    pub(super) name: &'static str,
    /// What it is in each run.
    pub(super) values: Vec<String>,
    /// Whether a group of figures begins with it.
    pub(super) begins: bool,
}

type Says = fn(&Run) -> String;

/// The figures of all runs side by side.
pub(super) fn figures(simulation: &Simulation) -> Vec<Figure> {
    let all: [(&str, bool, Says); 19] = [
        ("Servers ordered", true, |run| number(run.total.sold)),
        ("Servers at the end", false, |run| apart_signed(run.total.services)),
        ("Licences bought", true, |run| number(run.total.bought)),
        ("Reused from the pool", false, |run| number(run.total.reused)),
        ("Renewed", false, |run| number(run.total.renewed)),
        ("Ended in the pool", false, |run| number(run.total.expired_free)),
        ("In the pool at the end", false, |run| apart_signed(run.total.pool)),
        ("Refused", false, |run| number(run.total.refused)),
        ("Clients paid", true, |run| money(run.total.income)),
        ("Licences cost", false, |run| money(run.total.cost)),
        ("Result", false, |run| money(run.total.cash)),
        ("Lowest on the way", false, |run| money(run.lowest.cash)),
        ("Licence days paid", true, |run| number(run.days.paid)),
        ("used", false, |run| number(run.days.used)),
        ("on no service", false, |run| number(run.days.idle)),
        ("still to come", false, |run| number(run.days.left)),
        ("Use of days gone by", false, |run| used(run)),
        ("Days on no service cost", false, |run| money(run.worth.idle)),
        ("Days still to come cost", false, |run| money(run.worth.left)),
    ];
    let figure = |(name, begins, says): &(&'static str, bool, Says)| Figure {
        name,
        begins: *begins,
        values: simulation.runs().map(says).collect(),
    };
    let mut figures: Vec<Figure> = all.iter().map(figure).collect();
    let balance = |part: fn(&Balance) -> Cash| -> Option<Vec<String>> {
        simulation.runs().map(|run| Some(money(part(run.balance.as_ref()?)))).collect()
    };
    let account = [
        ("Licence account at first", true, balance(|balance| balance.start)),
        ("paid in", false, balance(|balance| balance.topped_up)),
        ("at the end", false, balance(|balance| balance.end)),
    ];
    figures.extend(
        account
            .into_iter()
            .filter_map(|(name, begins, values)| Some(Figure { name, begins, values: values? })),
    );
    figures
}

/// Where its costs are from, and other remarks on a run.
pub(super) fn notes(run: &Run) -> Vec<String> {
    let costs = run.costs.iter().map(|costs| format!("costs on {}: {costs}", costs.server));
    costs.chain(run.notes.iter().cloned()).collect()
}

/// What a simulation is of.
pub(super) fn title(simulation: &Simulation) -> String {
    let other =
        simulation.other.as_ref().map_or(String::new(), |other| format!(" and {}", other.configuration));
    format!("{} on {}{other}", simulation.scenario.file, simulation.run.configuration)
}

/// The line below the title.
pub(super) fn setting(simulation: &Simulation) -> String {
    let scenario = &simulation.scenario;
    let months = count(usize::try_from(scenario.months).unwrap_or(usize::MAX), "month");
    format!(
        "{} to {}, {months}; seed {}; amounts in {}.",
        scenario.from, scenario.to, scenario.seed, scenario.currency
    )
}

/// What the comparison comes to, in sentences. Nothing where there is none.
pub(super) fn verdict(simulation: &Simulation) -> Vec<String> {
    let (Some(other), Some(difference)) = (&simulation.other, &simulation.difference) else {
        return Vec::new();
    };
    let (run, currency) = (&simulation.run, &simulation.scenario.currency);
    let (this, that) = (&run.configuration, &other.configuration);
    let months = count(usize::try_from(simulation.scenario.months).unwrap_or(usize::MAX), "month");
    let mut sentences = Vec::new();
    let at_use = match (&run.used, &other.used) {
        (Some(here), Some(there)) => format!(", at {here} use of its licences ({there} with {that})"),
        _ => String::new(),
    };
    sentences.push(match more_or_less(difference.cost) {
        None => format!("{this} costs as much as {that} over {months}{at_use}."),
        Some((amount, word)) => {
            format!("{this} costs {amount} {currency} {word} than {that} over {months}{at_use}.")
        }
    });
    if let Some((amount, word)) = more_or_less(difference.income) {
        let result = match more_or_less(difference.cash) {
            None => "the result is the same".to_owned(),
            Some((amount, "more")) => format!("the result is better by {amount} {currency}"),
            Some((amount, _)) => format!("the result is worse by {amount} {currency}"),
        };
        sentences.push(format!("Clients pay {amount} {currency} {word}, so that {result}."));
    }
    if let Some((amount, word)) = more_or_less(difference.left) {
        sentences.push(format!(
            "At the end it has paid {amount} {currency} {word} for days that are still to come."
        ));
    }
    sentences
}

fn more_or_less(amount: Cash) -> Option<(String, &'static str)> {
    let shown = money(if amount.is_negative() { -amount } else { amount });
    (shown != "0.00").then_some((shown, if amount.is_negative() { "less" } else { "more" }))
}

/// A sale, and what is bought for it.
pub(super) fn sale(line: &LineTotal) -> String {
    let bought = match (line.bought_period, line.renewed_period) {
        (Some(order), Some(renewal)) if order == renewal => format!(", bought for {order}"),
        (Some(order), Some(renewal)) => format!(", bought for {order}, renewed for {renewal}"),
        (Some(order), None) => format!(", bought for {order}, not renewed"),
        (None, _) => String::new(),
    };
    format!("{}/{} for {}{bought}", line.tariff, line.panel, line.period)
}

/// What was refused, and how often.
pub(super) fn refusal(refused: &Refused) -> String {
    let Refused { reason, tariff, panel, period, count: times, first } = refused;
    let times = count(usize::try_from(*times).unwrap_or(usize::MAX), "time");
    format!("{reason}: {tariff}/{panel} for {period}, {times}, first on {first}")
}

fn used(run: &Run) -> String {
    run.used.as_ref().map_or("none".to_owned(), ToString::to_string)
}

/// An amount with its thousands apart: sums of months are long.
pub(super) fn money(amount: Cash) -> String {
    let shown = amount.to_string();
    let (sign, digits) = shown.strip_prefix('-').map_or(("", shown.as_str()), |digits| ("-", digits));
    let (whole, rest) = digits.split_at(digits.find('.').unwrap_or(digits.len()));
    format!("{sign}{}{rest}", apart(whole))
}

pub(super) fn number(value: u64) -> String {
    apart(&value.to_string())
}

/// A number that may be below zero.
pub(super) fn apart_signed(value: i64) -> String {
    let sign = if value < 0 { "-" } else { "" };
    format!("{sign}{}", number(value.unsigned_abs()))
}

fn apart(digits: &str) -> String {
    let mut shown = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            shown.push(',');
        }
        shown.push(digit);
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::{money, number};
    use crate::model::{Cash, Money};

    #[test]
    fn thousands_stand_apart() {
        let cash = |text: &str| Cash::from(text.parse::<Money>().unwrap());
        assert_eq!(money(cash("1234567.5")), "1,234,567.50");
        assert_eq!(money(-cash("1000")), "-1,000.00");
        assert_eq!(money(-cash("100")), "-100.00");
        assert_eq!(number(999), "999");
        assert_eq!(number(100_000), "100,000");
    }
}
