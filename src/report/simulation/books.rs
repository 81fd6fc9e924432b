//! What the books hold, in the words and figures that all formats share.

use crate::{
    language::{t, tn},
    model::Cash,
    simulate::{Balance, LineTotal, Refused, Run, Simulation},
};

/// A figure of the books, with its name.
pub(super) struct Figure {
    pub(super) name: String,
    /// What it is in each run.
    pub(super) values: Vec<String>,
    /// Whether a group of figures begins with it.
    pub(super) begins: bool,
    /// Whether it is a part of the figure above it.
    pub(super) part: bool,
    /// What a reader looks for in it.
    pub(super) weight: Weight,
}

/// How much a figure counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Weight {
    Plain,
    /// What it all comes to.
    Result,
    /// Nothing but zero is good.
    Trouble,
}

impl Figure {
    fn new(name: String, values: Vec<String>) -> Self {
        Self { name, values, begins: false, part: false, weight: Weight::Plain }
    }

    fn begins(self) -> Self {
        Self { begins: true, ..self }
    }

    fn part(self) -> Self {
        Self { part: true, ..self }
    }
}

/// The figures of all runs side by side.
pub(super) fn figures(simulation: &Simulation) -> Vec<Figure> {
    let of =
        |name: String, says: fn(&Run) -> String| Figure::new(name, simulation.runs().map(says).collect());
    let refused = of(t!("figure" => "Refused"), |run| number(run.total.refused));
    let result = of(t!("figure" => "Result"), |run| money(run.total.cash));
    let mut figures = vec![
        of(t!("Servers ordered"), |run| number(run.total.sold)).begins(),
        of(t!("Servers at the end"), |run| apart_signed(run.total.services)),
        of(t!("Licences bought"), |run| number(run.total.bought)).begins(),
        of(t!("Reused from the pool"), |run| number(run.total.reused)),
        of(t!("figure" => "Renewed"), |run| number(run.total.renewed)),
        of(t!("Ended in the pool"), |run| number(run.total.expired_free)),
        of(t!("In the pool at the end"), |run| apart_signed(run.total.pool)),
        Figure { weight: Weight::Trouble, ..refused },
        of(t!("Clients paid"), |run| money(run.total.income)).begins(),
        of(t!("Licences cost"), |run| money(run.total.cost)),
        Figure { weight: Weight::Result, ..result },
        of(t!("Lowest on the way"), |run| money(run.lowest.cash)),
        of(t!("Licence days paid"), |run| number(run.days.paid)).begins(),
        of(t!("days" => "used"), |run| number(run.days.used)).part(),
        of(t!("days" => "on no service"), |run| number(run.days.idle)).part(),
        of(t!("days" => "still to come"), |run| number(run.days.left)).part(),
        of(t!("Use of days gone by"), used),
        of(t!("Days on no service cost"), |run| money(run.worth.idle)),
        of(t!("Days still to come cost"), |run| money(run.worth.left)),
    ];
    let balance = |part: fn(&Balance) -> Cash| -> Option<Vec<String>> {
        simulation.runs().map(|run| Some(money(part(run.balance.as_ref()?)))).collect()
    };
    let account = |name: String, part: fn(&Balance) -> Cash| Some(Figure::new(name, balance(part)?));
    let start = account(t!("Licence account at first"), |balance| balance.start).map(Figure::begins);
    let paid_in = account(t!("account" => "paid in"), |balance| balance.topped_up).map(Figure::part);
    let end = account(t!("account" => "at the end"), |balance| balance.end).map(Figure::part);
    figures.extend([start, paid_in, end].into_iter().flatten());
    figures
}

/// A heading, with the configuration it is about where there are several.
pub(super) fn titled(title: String, of: Option<&str>) -> String {
    match of {
        None => title,
        Some(of) => t!("{title} of {configuration}", title = title, configuration = of),
    }
}

/// Where its costs are from, and other remarks on a run.
pub(super) fn notes(run: &Run) -> Vec<String> {
    let costs =
        run.costs.iter().map(|costs| t!("costs on {server}: {costs}", server = costs.server, costs = costs));
    costs.chain(run.notes.iter().cloned()).collect()
}

/// What a simulation is of.
pub(super) fn title(simulation: &Simulation) -> String {
    let (scenario, this) = (&simulation.scenario.file, &simulation.run.configuration);
    match &simulation.other {
        None => t!("{scenario} on {this}", scenario = scenario, this = this),
        Some(other) => t!(
            "{scenario} on {this} and {other}",
            scenario = scenario,
            this = this,
            other = other.configuration
        ),
    }
}

/// The line below the title.
pub(super) fn setting(simulation: &Simulation) -> String {
    let scenario = &simulation.scenario;
    t!(
        "{from} to {to}, {months}; seed {seed}; amounts in {currency}.",
        from = scenario.from,
        to = scenario.to,
        months = tn!(scenario.months, "{n} month", "{n} months"),
        seed = scenario.seed,
        currency = scenario.currency
    )
}

/// What the comparison comes to, in sentences. Nothing where there is none.
pub(super) fn verdict(simulation: &Simulation) -> Vec<String> {
    let (Some(other), Some(difference)) = (&simulation.other, &simulation.difference) else {
        return Vec::new();
    };
    let (run, currency) = (&simulation.run, &simulation.scenario.currency);
    let (this, that) = (&run.configuration, &other.configuration);
    let at_use = match (&run.used, &other.used) {
        (Some(here), Some(there)) => {
            t!(
                ", at {here} use of its licences ({there} with {that})",
                here = here,
                there = there,
                that = that
            )
        }
        _ => String::new(),
    };
    let over =
        tn!(simulation.scenario.months, "over {n} month{at_use}", "over {n} months{at_use}", at_use = at_use);
    let cost = match Differs::of(difference.cost, currency) {
        Differs::Not => {
            t!("{this} costs as much as {that} {over}.", this = this, that = that, over = over)
        }
        Differs::More(sum) => t!(
            "{this} costs {sum} more than {that} {over}.",
            this = this,
            sum = sum,
            that = that,
            over = over
        ),
        Differs::Less(sum) => t!(
            "{this} costs {sum} less than {that} {over}.",
            this = this,
            sum = sum,
            that = that,
            over = over
        ),
    };
    let result = || match Differs::of(difference.cash, currency) {
        Differs::Not => t!("the result is the same"),
        Differs::More(sum) => t!("the result is better by {sum}", sum = sum),
        Differs::Less(sum) => t!("the result is worse by {sum}", sum = sum),
    };
    let income = match Differs::of(difference.income, currency) {
        Differs::Not => None,
        Differs::More(sum) => {
            Some(t!("Clients pay {sum} more, so that {result}.", sum = sum, result = result()))
        }
        Differs::Less(sum) => {
            Some(t!("Clients pay {sum} less, so that {result}.", sum = sum, result = result()))
        }
    };
    let left = match Differs::of(difference.left, currency) {
        Differs::Not => None,
        Differs::More(sum) => {
            Some(t!("At the end it has paid {sum} more for days that are still to come.", sum = sum))
        }
        Differs::Less(sum) => {
            Some(t!("At the end it has paid {sum} less for days that are still to come.", sum = sum))
        }
    };
    std::iter::once(cost).chain(income).chain(left).collect()
}

/// Whether one sum is more than the other, and by how much.
enum Differs {
    Not,
    More(String),
    Less(String),
}

impl Differs {
    fn of(amount: Cash, currency: &str) -> Self {
        let shown = money(if amount.is_negative() { -amount } else { amount });
        match (shown.as_str(), amount.is_negative()) {
            ("0.00", _) => Self::Not,
            (_, true) => Self::Less(format!("{shown} {currency}")),
            (_, false) => Self::More(format!("{shown} {currency}")),
        }
    }
}

/// A sale, and what is bought for it.
pub(super) fn sale(line: &LineTotal) -> String {
    let bought = match (line.bought_period, line.renewed_period) {
        (Some(order), Some(renewal)) if order == renewal => t!(", bought for {order}", order = order),
        (Some(order), Some(renewal)) => {
            t!(", bought for {order}, renewed for {renewal}", order = order, renewal = renewal)
        }
        (Some(order), None) => t!(", bought for {order}, not renewed", order = order),
        (None, _) => String::new(),
    };
    let sold =
        t!("{sale} for {period}", sale = format!("{}/{}", line.tariff, line.panel), period = line.period);
    format!("{sold}{bought}")
}

/// What was refused, and how often.
pub(super) fn refusal(refused: &Refused) -> String {
    let Refused { reason, tariff, panel, period, count, first } = refused;
    tn!(
        *count,
        "{reason}: {sale} for {period}, {n} time, first on {first}",
        "{reason}: {sale} for {period}, {n} times, first on {first}",
        reason = reason,
        sale = format!("{tariff}/{panel}"),
        period = period,
        first = first
    )
}

fn used(run: &Run) -> String {
    run.used.as_ref().map_or_else(|| t!("value" => "none"), ToString::to_string)
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
