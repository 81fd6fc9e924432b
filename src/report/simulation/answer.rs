//! One simulated order, or one before and one after a plan, as text.

use std::io;

use crate::{
    model::Mark,
    report::{
        Style,
        layout::{Page, Paint, Piece, blanks, pad, pad_left},
    },
    simulate::{Answer, Because, Earns, Orders, Outcome, Simulated},
};

/// Columns of the words on the left.
const LEFT: usize = 16;

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

fn one<W: io::Write>(page: &mut Page<'_, W>, answer: &Answer) -> io::Result<()> {
    let panel = match &answer.product {
        Some(product) => format!("{} ({product})", answer.panel),
        None => answer.panel.clone(),
    };
    let title = format!(
        "{}: {} with panel {panel}, sold for {} on {}",
        answer.of, answer.tariff, answer.period, answer.on
    );
    page.text(&[Piece::new(Paint::Heading, title)])?;
    page.gap()?;
    match &answer.outcome {
        Outcome::Nothing => line(page, "Orders", &[Piece::new(Paint::Strong, "no licence")])?,
        Outcome::NotSold { why } => {
            line(
                page,
                "Orders",
                &[Piece::new(Paint::Strong, "nothing, for it is not sold: "), Piece::plain(why)],
            )?;
        }
        Outcome::Refused { why } => {
            line(
                page,
                "Orders",
                &[Piece::new(Paint::Delete, "nothing, though the client has paid: "), Piece::plain(why)],
            )?;
        }
        Outcome::Licence(orders) => ordered(page, orders)?,
    }
    reasons(page, &answer.because)?;
    if let Some(renewal) = &answer.renewal {
        let what = match (renewal.period, renewal.cost) {
            (None, _) => vec![Piece::new(Paint::Delete, "not at all: the licence ends under the client")],
            (Some(period), None) => vec![Piece::plain(format!("for {period} each time"))],
            (Some(period), Some(cost)) => {
                vec![Piece::plain(format!("for {period} each time, at {cost} {}", answer.currency))]
            }
        };
        line(page, "Renews", &what)?;
        reasons(page, &renewal.because)?;
    }
    if let Some(money) = &answer.money {
        page.gap()?;
        if let Some(costs) = &answer.costs {
            line(page, "Costs", &[Piece::plain(costs.to_string())])?;
        }
        earns(page, money, answer)?;
    }
    for note in &answer.notes {
        page.gap()?;
        line(page, "Note", &[Piece::plain(note)])?;
    }
    Ok(())
}

fn line<W: io::Write>(page: &mut Page<'_, W>, left: &str, body: &[Piece]) -> io::Result<()> {
    page.flow(&[Piece::faint(pad(left, LEFT))], body, None)
}

fn ordered<W: io::Write>(page: &mut Page<'_, W>, orders: &Orders) -> io::Result<()> {
    let mut body = vec![
        Piece::new(Paint::Strong, format!("{} for {}", orders.code, orders.period)),
        Piece::plain(format!(" from {}", orders.server)),
    ];
    if let Some(nodes) = &orders.nodes {
        let s = if nodes.count == 1 { "" } else { "s" };
        body.push(Piece::plain(format!(", with {} node{s}", nodes.count)));
    }
    if let Some(until) = &orders.until {
        body.push(Piece::plain(format!(", until {until}")));
    }
    line(page, "Orders", &body)?;
    let sent: Vec<String> = orders.sent.iter().map(|(name, value)| format!("{name}={value}")).collect();
    line(page, "Sends", &[Piece::plain(sent.join(" "))])
}

fn reasons<W: io::Write>(page: &mut Page<'_, W>, reasons: &[Because]) -> io::Result<()> {
    for reason in reasons {
        let sure = match reason.mark {
            Mark::Documented => Piece::faint("documented"),
            mark => Piece::new(Paint::Warn, mark.to_string()),
        };
        page.flow(&[Piece::plain(blanks(LEFT))], &[Piece::plain(&reason.text)], Some(&sure))?;
    }
    Ok(())
}

fn earns<W: io::Write>(page: &mut Page<'_, W>, money: &Earns, answer: &Answer) -> io::Result<()> {
    let currency = &answer.currency;
    let amounts = [money.price, money.cost_now, money.cost_of_period, money.margin];
    let width = amounts.iter().map(|amount| amount.to_string().len()).max().unwrap_or(0);
    let mut row = |left: &str, amount: String, paint: Paint, rest: String| {
        let body =
            [Piece::new(paint, format!("{} {currency}", pad_left(&amount, width))), Piece::faint(rest)];
        line(page, left, &body)
    };
    let setup = if money.setup.is_zero() { String::new() } else { format!("  and {} once", money.setup) };
    row(&format!("Price of {}", answer.period), money.price.to_string(), Paint::Plain, setup)?;
    row("Paid at once", money.cost_now.to_string(), Paint::Plain, String::new())?;
    let cost = format!("Cost of {}", answer.period);
    let sum = Some(&money.arithmetic).filter(|sum| **sum != money.cost_of_period.to_string());
    let sum = sum.map_or(String::new(), |sum| format!("  {sum}"));
    row(&cost, money.cost_of_period.to_string(), Paint::Plain, sum)?;
    let paint = if money.margin.is_negative() { Paint::Delete } else { Paint::Create };
    let percent =
        money.margin_percent.as_ref().map_or(String::new(), |percent| format!("  {percent} % of the price"));
    row("Margin", money.margin.to_string(), paint, percent)?;
    if let Some((later, arithmetic)) = &money.later {
        let text = format!("  {arithmetic}, for every further {}", answer.period);
        row("Cost from then", later.to_string(), Paint::Warn, text)?;
    }
    if let Some(exposure) = money.exposure {
        let back = match money.months_to_recover {
            Some(months) => format!("  paid back after {months} months"),
            None => "  never paid back by this client".to_owned(),
        };
        row("Exposure", exposure.to_string(), Paint::Warn, back)?;
    }
    if let Some(share) = &money.break_even_use {
        let text =
            format!("{share} % of its term must be sold for it to be cheaper than buying by the month");
        line(page, "Pays off", &[Piece::plain(text)])?;
    }
    Ok(())
}
