//! One simulated order, or one before and one after a plan, as text.

use std::io;

use unicode_width::UnicodeWidthStr;

use crate::{
    language::{t, tn},
    model::Mark,
    report::{
        Style,
        escape::{brief, remark},
        layout::{Page, Paint, Piece, blanks, pad, pad_left},
    },
    simulate::{Answer, Because, Earns, Orders, Outcome, Simulated},
};

/// The words on the left, and the columns that they take.
struct Words {
    orders: String,
    sends: String,
    renews: String,
    costs: String,
    note: String,
    price: String,
    paid: String,
    cost: String,
    margin: String,
    later: String,
    exposure: String,
    pays_off: String,
    columns: usize,
}

impl Words {
    fn of(answer: &Answer) -> Self {
        let mut words = Self {
            orders: t!("order" => "Orders"),
            sends: t!("order" => "Sends"),
            renews: t!("order" => "Renews"),
            costs: t!("order" => "Costs"),
            note: t!("lead" => "Note"),
            price: t!("Price of {period}", period = answer.period),
            paid: t!("Paid at once"),
            cost: t!("Cost of {period}", period = answer.period),
            margin: t!("order" => "Margin"),
            later: t!("Cost from then"),
            exposure: t!("order" => "Exposure"),
            pays_off: t!("Pays off"),
            columns: 0,
        };
        let all = [
            &words.orders,
            &words.sends,
            &words.renews,
            &words.costs,
            &words.note,
            &words.price,
            &words.paid,
            &words.cost,
            &words.margin,
            &words.later,
            &words.exposure,
            &words.pays_off,
        ];
        words.columns = all.iter().map(|word| word.width()).max().unwrap_or(0) + 2;
        words
    }

    fn line<W: io::Write>(&self, page: &mut Page<'_, W>, left: &str, body: &[Piece]) -> io::Result<()> {
        page.flow(&[Piece::faint(pad(left, self.columns))], body, None)
    }

    fn reasons<W: io::Write>(&self, page: &mut Page<'_, W>, reasons: &[Because]) -> io::Result<()> {
        for reason in reasons {
            let paint = if reason.mark == Mark::Documented { Paint::Faint } else { Paint::Warn };
            let sure = Piece::new(paint, sure(reason.mark));
            page.flow(
                &[Piece::plain(blanks(self.columns))],
                &[Piece::plain(remark(&reason.text))],
                Some(&sure),
            )?;
        }
        Ok(())
    }
}

fn sure(mark: Mark) -> String {
    match mark {
        Mark::Documented => t!("sure" => "documented"),
        Mark::SeenInCode => t!("sure" => "seen in code"),
        Mark::Inferred => t!("sure" => "inferred"),
        Mark::Open => t!("sure" => "open"),
    }
}

/// Writes the answers one under the other.
pub(crate) fn answers(simulated: &Simulated, style: &Style, out: &mut impl io::Write) -> io::Result<()> {
    let mut page = Page::new(out, style.color, style.width);
    for (index, answer) in simulated.answers.iter().enumerate() {
        if index > 0 {
            page.gap()?;
        }
        one(&mut page, answer)?;
    }
    Ok(())
}

/// What an answer is about: the words of the document in those of the language.
fn of(word: &str) -> String {
    match word {
        "configuration" => t!("answer" => "configuration"),
        "panel" => t!("answer" => "panel"),
        "before the plan" => t!("answer" => "before the plan"),
        "after the plan" => t!("answer" => "after the plan"),
        other => other.to_owned(),
    }
}

fn one<W: io::Write>(page: &mut Page<'_, W>, answer: &Answer) -> io::Result<()> {
    let panel = match &answer.product {
        Some(product) => format!("{} ({})", brief(&answer.panel), brief(product)),
        None => brief(&answer.panel),
    };
    let title = t!(
        "{of}: {tariff} with panel {panel}, sold for {period} on {day}",
        of = of(&answer.of),
        tariff = brief(&answer.tariff),
        panel = panel,
        period = answer.period,
        day = answer.on
    );
    let words = Words::of(answer);
    page.text(&[Piece::new(Paint::Heading, title)])?;
    page.gap()?;
    match &answer.outcome {
        Outcome::Nothing => {
            words.line(page, &words.orders, &[Piece::new(Paint::Strong, t!("no licence"))])?;
        }
        Outcome::NotSold { why } => {
            let nothing = format!("{} ", t!("nothing, for it is not sold:"));
            words.line(
                page,
                &words.orders,
                &[Piece::new(Paint::Strong, nothing), Piece::plain(remark(why))],
            )?;
        }
        Outcome::Refused { why } => {
            let nothing = format!("{} ", t!("nothing, though the client has paid:"));
            words.line(
                page,
                &words.orders,
                &[Piece::new(Paint::Delete, nothing), Piece::plain(remark(why))],
            )?;
        }
        Outcome::Licence(orders) => ordered(page, &words, orders)?,
    }
    words.reasons(page, &answer.because)?;
    if let Some(renewal) = &answer.renewal {
        let what = match (renewal.period, renewal.cost) {
            (None, _) => Piece::new(Paint::Delete, t!("not at all: the licence ends under the client")),
            (Some(period), None) => Piece::plain(t!("for {period} each time", period = period)),
            (Some(period), Some(cost)) => Piece::plain(t!(
                "for {period} each time, at {cost} {currency}",
                period = period,
                cost = cost,
                currency = answer.currency
            )),
        };
        words.line(page, &words.renews, &[what])?;
        words.reasons(page, &renewal.because)?;
    }
    if let Some(money) = &answer.money {
        page.gap()?;
        if let Some(costs) = &answer.costs {
            words.line(page, &words.costs, &[Piece::plain(costs.to_string())])?;
        }
        earns(page, &words, money, answer)?;
    }
    for note in &answer.notes {
        page.gap()?;
        words.line(page, &words.note, &[Piece::plain(remark(note))])?;
    }
    Ok(())
}

fn ordered<W: io::Write>(page: &mut Page<'_, W>, words: &Words, orders: &Orders) -> io::Result<()> {
    let mut body = vec![
        Piece::new(
            Paint::Strong,
            t!("{code} for {period}", code = brief(&orders.code), period = orders.period),
        ),
        Piece::plain(format!(" {}", t!("from {server}", server = brief(&orders.server)))),
    ];
    if let Some(nodes) = &orders.nodes {
        body.push(Piece::plain(format!(", {}", tn!(nodes.count, "with {n} node", "with {n} nodes"))));
    }
    if let Some(until) = &orders.until {
        body.push(Piece::plain(format!(", {}", t!("until {day}", day = until))));
    }
    words.line(page, &words.orders, &body)?;
    let sent: Vec<String> = orders.sent.iter().map(|(name, value)| format!("{name}={value}")).collect();
    words.line(page, &words.sends, &[Piece::plain(remark(&sent.join(" ")))])
}

fn earns<W: io::Write>(
    page: &mut Page<'_, W>,
    words: &Words,
    money: &Earns,
    answer: &Answer,
) -> io::Result<()> {
    let currency = &answer.currency;
    let amounts = [money.price, money.cost_now, money.cost_of_period, money.margin];
    let width = amounts.iter().map(|amount| amount.to_string().len()).max().unwrap_or(0);
    let mut row = |left: &str, amount: String, paint: Paint, rest: String| {
        let rest = if rest.is_empty() { rest } else { format!("  {rest}") };
        let body =
            [Piece::new(paint, format!("{} {currency}", pad_left(&amount, width))), Piece::faint(rest)];
        words.line(page, left, &body)
    };
    let setup = match money.setup.is_zero() {
        true => String::new(),
        false => t!("and {amount} once", amount = money.setup),
    };
    row(&words.price, money.price.to_string(), Paint::Plain, setup)?;
    row(&words.paid, money.cost_now.to_string(), Paint::Plain, String::new())?;
    let sum = Some(&money.arithmetic).filter(|sum| **sum != money.cost_of_period.to_string());
    row(&words.cost, money.cost_of_period.to_string(), Paint::Plain, sum.cloned().unwrap_or_default())?;
    let paint = if money.margin.is_negative() { Paint::Delete } else { Paint::Create };
    let percent = (money.margin_percent.as_ref())
        .map_or(String::new(), |percent| t!("{percent} % of the price", percent = percent));
    row(&words.margin, money.margin.to_string(), paint, percent)?;
    if let Some((later, arithmetic)) = &money.later {
        let text =
            t!("{arithmetic}, for every further {period}", arithmetic = arithmetic, period = answer.period);
        row(&words.later, later.to_string(), Paint::Warn, text)?;
    }
    if let Some(exposure) = money.exposure {
        let back = match money.months_to_recover {
            Some(months) => tn!(months, "paid back after {n} month", "paid back after {n} months"),
            None => t!("never paid back by this client"),
        };
        row(&words.exposure, exposure.to_string(), Paint::Warn, back)?;
    }
    if let Some(share) = &money.break_even_use {
        let text = t!(
            "{share} % of its term must be sold for it to be cheaper than buying by the month",
            share = share
        );
        words.line(page, &words.pays_off, &[Piece::plain(text)])?;
    }
    Ok(())
}
