//! The ledger as CSV (RFC 4180): a row for each event of each run, in order.

use std::{borrow::Cow, io};

use super::Played;
use crate::{
    licence::{Event, Line, What},
    simulate::play,
};

const HEAD: &str = "configuration,day,what,service,licence,tariff,panel,sold_for,period,amount,currency,idle_days,reason,rule\n";

/// Plays each run once more, and writes down what happens.
pub(super) fn write(played: &Played<'_>, out: &mut impl io::Write) -> io::Result<()> {
    out.write_all(HEAD.as_bytes())?;
    for (run, lines) in played.simulation.runs().zip(&played.lines) {
        let configuration = cell(&run.configuration);
        let mut outcome = Ok(());
        play(played.scenario, lines, &mut |event| {
            // The play cannot be stopped, but nothing is written after a failure.
            if outcome.is_ok() {
                outcome = row(&configuration, lines, &played.scenario.currency, &event, out);
            }
        });
        outcome?;
    }
    Ok(())
}

fn row(
    configuration: &str,
    lines: &[Line],
    currency: &str,
    event: &Event,
    out: &mut impl io::Write,
) -> io::Result<()> {
    let sale = &lines[event.line as usize].sale;
    // People count from one.
    let numbered = |number: Option<u32>| number.map_or(String::new(), |number| (number + 1).to_string());
    let (idle, reason) = match &event.what {
        What::Reused { idle } | What::Expired { idle, .. } => (idle.to_string(), ""),
        What::Refused(refusal) => (String::new(), refusal.as_str()),
        _ => (String::new(), ""),
    };
    let period = event.period.map_or(String::new(), |period| period.to_string());
    writeln!(
        out,
        "{configuration},{},{},{},{},{},{},{},{period},{},{currency},{idle},{},{}",
        event.day,
        event.what.as_str(),
        numbered(event.service),
        numbered(event.licence),
        cell(&sale.tariff),
        cell(&sale.item),
        sale.period,
        event.amount,
        cell(reason),
        event.rule().map_or("", |rule| rule.id),
    )
}

/// Text in a cell. What a spreadsheet would take for a formula is made text by an apostrophe.
fn cell(text: &str) -> Cow<'_, str> {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    if !formula && !text.contains([',', '"', '\n', '\r']) {
        return Cow::Borrowed(text);
    }
    let mark = if formula { "'" } else { "" };
    Cow::Owned(format!("\"{mark}{}\"", text.replace('"', "\"\"")))
}

#[cfg(test)]
mod tests {
    use super::cell;

    #[test]
    fn cells_are_quoted_and_never_formulas() {
        for (text, shown) in [
            ("vds-start", "vds-start"),
            ("Панель, большая", "\"Панель, большая\""),
            ("a \"b\"", "\"a \"\"b\"\"\""),
            ("=cmd()", "\"'=cmd()\""),
            ("-1", "\"'-1\""),
        ] {
            assert_eq!(cell(text), shown);
        }
    }
}
