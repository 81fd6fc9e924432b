//! The licence pool as text and as a table for spreadsheets.

use std::io;

use unicode_width::UnicodeWidthStr;

use super::{
    Style,
    escape::{brief, remark},
    layout::{Page, Paint, Piece, pad},
};
use crate::{
    language::{t, tn},
    pool::{Entry, Finding, Group, PoolReport, Problem},
    upstream::Amount,
};

/// Most licences of a group that is in order; `--verbose` shows all.
const FEW: usize = 10;

/// Writes group after group, the ones in which money lies first.
pub(crate) fn text(report: &PoolReport, style: &Style, out: &mut impl io::Write) -> io::Result<()> {
    let mut page = Page::new(out, style.color, style.width);
    let state =
        tn!(report.licences.len(), "on {day}: {n} licence", "on {day}: {n} licences", day = report.today);
    page.text(&[
        Piece::new(Paint::Heading, t!("Licence server {server}", server = report.server)),
        Piece::plain(format!(" {state}")),
    ])?;
    if !report.balance.is_empty() {
        page.text(&[Piece::plain(t!("The account holds {amounts}.", amounts = amounts(&report.balance)))])?;
    }
    for sum in &report.groups {
        page.gap()?;
        let worth = told(&sum.worth, sum.worth_not_known);
        let (title, paint) = title(sum.group);
        let lead = [Piece::new(paint, format!("{title} ({})", sum.count))];
        page.flow(&[], &lead, Some(&Piece::plain(worth)))?;
        let own = report.licences.iter().filter(|entry| entry.group == sum.group);
        let quiet = matches!(sum.group, Group::Used | Group::Ended | Group::Other) && !style.verbose;
        let remarkable = |entry: &&Entry| !quiet || !entry.remarks.is_empty();
        let shown: Vec<&Entry> = own.filter(remarkable).collect();
        let most = if quiet { FEW } else { usize::MAX };
        let width =
            |of: fn(&Entry) -> &str| shown.iter().map(|entry| brief(of(entry)).width()).max().unwrap_or(0);
        let widths = (width(|entry| &entry.id), width(|entry| &entry.code));
        for entry in shown.iter().take(most) {
            licence(&mut page, entry, widths)?;
        }
        let hidden = sum.count - shown.len().min(most);
        if hidden > 0 {
            let rest = match shown.is_empty() {
                true => t!("{n} without remarks, shown with --verbose", n = hidden),
                false => t!("{n} more without remarks, shown with --verbose", n = hidden),
            };
            page.text(&[Piece::faint(format!("  {rest}"))])?;
        }
    }
    services(&mut page, report)?;
    let soon = &report.expiring_soon;
    if soon.count > 0 {
        page.gap()?;
        let text = tn!(
            soon.count,
            "{n} licence is on no service and ends within {days}",
            "{n} licences are on no service and end within {days}",
            days = tn!(report.soon_days, "{n} day", "{n} days")
        );
        page.flow(
            &[],
            &[Piece::new(Paint::Warn, text)],
            Some(&Piece::plain(told(&soon.worth, soon.worth_not_known))),
        )?;
    }
    for note in &report.notes {
        page.gap()?;
        page.flow(&[note_lead()], &[Piece::plain(remark(note))], None)?;
    }
    Ok(())
}

/// What stands in front of a note.
pub(super) fn note_lead() -> Piece {
    Piece::faint(format!("{}  ", t!("lead" => "Note")))
}

fn title(group: Group) -> (String, Paint) {
    match group {
        Group::Free => (t!("pool" => "Free: the next order takes one"), Paint::Create),
        Group::CoolingDown => (t!("pool" => "Cooling down"), Paint::Update),
        Group::OutOfPool => (t!("pool" => "Out of the pool by name or IP"), Paint::Delete),
        Group::Orphaned => (t!("pool" => "Orphaned: paid, and on no service"), Paint::Delete),
        Group::Unproven => (t!("pool" => "Not to be told"), Paint::Warn),
        Group::Used => (t!("pool" => "On services"), Paint::Strong),
        Group::Other => (t!("pool" => "Others"), Paint::Strong),
        Group::Ended => (t!("pool" => "At their end"), Paint::Strong),
    }
}

fn licence<W: io::Write>(
    page: &mut Page<'_, W>,
    entry: &Entry,
    (id, code): (usize, usize),
) -> io::Result<()> {
    let lead =
        [Piece::plain(format!("  {}  {}  ", pad(&brief(&entry.id), id), pad(&brief(&entry.code), code)))];
    let mut body = Vec::new();
    if let Some(from) = entry.usable_from {
        body.push(Piece::plain(format!("{}, ", t!("usable from {day}", day = from))));
    }
    match (entry.expires, entry.expires_soon) {
        (None, _) => body.push(Piece::new(Paint::Warn, t!("end not known"))),
        (Some(end), true) => {
            let left = entry
                .days_left
                .map_or(String::new(), |days| format!(", {}", t!("{days} d left", days = days)));
            body.push(Piece::new(Paint::Warn, format!("{}{left}", t!("until {day}", day = end))));
        }
        (Some(end), false) => body.push(Piece::plain(t!("until {day}", day = end))),
    }
    if let Some(service) = &entry.service {
        body.push(Piece::plain(format!(", {}", t!("on {service}", service = brief(service)))));
    }
    if matches!(entry.group, Group::Orphaned | Group::OutOfPool | Group::Other) {
        body.push(Piece::faint(format!(", {}", t!("named {name}", name = brief(&entry.name)))));
    }
    body.extend(entry.remarks.iter().map(|remark| Piece::plain(format!("; {}", self::remark(remark)))));
    if !entry.not_known.is_empty() {
        body.push(Piece::new(
            Paint::Warn,
            format!("; {}", t!("not known: {what}", what = entry.not_known.join(", "))),
        ));
    }
    let worth =
        entry.worth.as_ref().map_or(String::new(), |worth| format!("{} {}", worth.amount, worth.currency));
    page.flow(&lead, &body, Some(&Piece::plain(worth)))
}

fn services<W: io::Write>(page: &mut Page<'_, W>, report: &PoolReport) -> io::Result<()> {
    for (problem, title) in [
        (Problem::NoLicence, t!("Services with a panel and no licence")),
        (Problem::SeveralLicences, t!("Services with several licences")),
        (Problem::SharedLicence, t!("Services that share a licence")),
    ] {
        let own: Vec<&Finding> =
            report.services.iter().filter(|finding| finding.problem == problem).collect();
        if own.is_empty() {
            continue;
        }
        page.gap()?;
        page.text(&[Piece::new(Paint::Delete, format!("{title} ({})", own.len()))])?;
        for finding in own {
            let lead = [Piece::plain(format!("  {}  ", brief(&finding.services.join(", "))))];
            page.flow(
                &lead,
                &[Piece::plain(remark(&finding.text))],
                Some(&Piece::plain(amounts(&finding.worth))),
            )?;
        }
    }
    Ok(())
}

fn amounts(amounts: &[Amount]) -> String {
    let all = amounts.iter().map(|amount| format!("{} {}", amount.amount, amount.currency));
    all.collect::<Vec<_>>().join(&format!(" {} ", t!("amounts" => "and")))
}

fn told(worth: &[Amount], not_known: usize) -> String {
    match (worth.is_empty(), not_known) {
        (_, 0) => amounts(worth),
        (true, _) => t!("worth not known"),
        (false, _) => t!("{amounts}, {n} not known", amounts = amounts(worth), n = not_known),
    }
}

const HEAD: &str = "group,licence,code,name,ip,status,period,nodes,expires,days_left,usable_from,expires_soon,service,worth,currency,remarks,not_known";

/// Writes one row for each licence and each finding about services, as RFC 4180 has it.
pub(crate) fn csv(report: &PoolReport, out: &mut impl io::Write) -> io::Result<()> {
    write!(out, "{HEAD}\r\n")?;
    let day = |day: Option<crate::model::Date>| day.map_or(String::new(), |day| day.to_string());
    for entry in &report.licences {
        let status = entry.status.map_or(String::new(), |status| status.word().to_owned());
        let worth = entry.worth.as_ref();
        row(
            out,
            &[
                entry.group.word().to_owned(),
                entry.id.clone(),
                entry.code.clone(),
                entry.name.clone(),
                entry.ip.clone(),
                status,
                entry.period.map_or(String::new(), |period| period.to_string()),
                entry.nodes.map_or(String::new(), |nodes| nodes.to_string()),
                day(entry.expires),
                entry.days_left.map_or(String::new(), |days| days.to_string()),
                day(entry.usable_from),
                if entry.expires_soon { "yes" } else { "no" }.to_owned(),
                entry.service.clone().unwrap_or_default(),
                worth.map_or(String::new(), |worth| worth.amount.to_string()),
                worth.map_or(String::new(), |worth| worth.currency.to_string()),
                entry.remarks.join("; "),
                entry.not_known.join("; "),
            ],
        )?;
    }
    for finding in &report.services {
        let one = <[&Amount; 1]>::try_from(finding.worth.iter().collect::<Vec<_>>()).ok();
        let mut cells = vec![String::new(); HEAD.split(',').count()];
        finding.problem.word().clone_into(&mut cells[0]);
        cells[1] = finding.licences.join(" ");
        cells[12] = finding.services.join(" ");
        cells[13] = one.map_or(String::new(), |[worth]| worth.amount.to_string());
        cells[14] = one.map_or(String::new(), |[worth]| worth.currency.to_string());
        cells[15].clone_from(&finding.text);
        row(out, &cells)?;
    }
    Ok(())
}

fn row(out: &mut impl io::Write, cells: &[String]) -> io::Result<()> {
    let cells: Vec<String> = cells.iter().map(|cell| cell_text(cell)).collect();
    write!(out, "{}\r\n", cells.join(","))
}

/// A cell in quotes where it needs them. What a spreadsheet would run as a formula gets an apostrophe: names of
/// services are what clients type.
fn cell_text(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '@', '\t', '\r'])
        || text.starts_with('-') && text.parse::<i64>().is_err();
    let text = if formula { format!("'{text}") } else { text.to_owned() };
    let quoted = text.contains([',', '"', '\n', '\r']);
    if quoted { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

#[cfg(test)]
mod tests {
    use super::cell_text;

    #[test]
    fn cells_are_quoted_and_run_nothing() {
        for (text, cell) in [
            ("plain", "plain"),
            ("-5", "-5"),
            ("=1+1", "'=1+1"),
            ("-cmd", "'-cmd"),
            ("Item #1\" addon a,b", "\"Item #1\"\" addon a,b\""),
        ] {
            assert_eq!(cell_text(text), cell);
        }
    }
}
