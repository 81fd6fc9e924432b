//! What is told of panels and licence servers besides plans: doctor, pool, costs and simulated orders. Names of
//! others stay names, and nothing is left in English where Russian is spoken.

use std::collections::BTreeSet;

use unicode_width::UnicodeWidthStr;

use super::{
    PLAIN,
    properties::assert_nothing_hidden,
    russian::{assert_russian, russian, texts_of},
    samples,
};
use crate::{
    doctor::{Check, Examination, Found, Verdict},
    licence::Status,
    model::{Date, Mark, Money},
    plan::Target,
    pool::{Account, PoolReport},
    report::{self, Style},
    simulate::{Answer, Because, Orders, Outcome, Simulated},
    upstream::{CodeDifference, CodeState, CostChange, CostDifferences, Figure, Licence, Service, Services},
};

fn date(text: &str) -> Date {
    text.parse().unwrap()
}

fn written(write: impl FnOnce(&Style, &mut Vec<u8>) -> std::io::Result<()>, width: usize) -> String {
    let mut out = Vec::new();
    write(&Style { width, verbose: true, ..PLAIN }, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// An examination in which everything that a panel says is `text`.
fn examination(text: &str) -> Examination {
    let check = |verdict| Check {
        about: "login".to_owned(),
        verdict,
        says: text.to_owned(),
        help: Some(text.to_owned()),
    };
    Examination {
        format_version: "1.0".to_owned(),
        target: Target {
            url: "https://bill.example.com/billmgr".to_owned(),
            user: text.to_owned(),
            panel_version: Some(text.to_owned()),
        },
        checks: [Verdict::Ok, Verdict::Note, Verdict::Missing, Verdict::Failed].map(check).into(),
        found: vec![Found { what: text.to_owned(), name: text.to_owned(), how: text.to_owned() }],
    }
}

/// Licences and services whose every name is `text`.
fn pool(text: &str) -> PoolReport {
    let licence = |id: &str, name: &str, ip: &str| Licence {
        id: format!("{id}{text}"),
        name: name.to_owned(),
        ip: ip.to_owned(),
        code: text.to_owned(),
        status: Some(Status::Active),
        period: "12m".parse().ok(),
        created: None,
        expires: Some(date("2026-12-10")),
        ip_changed: Some(date("2026-10-01")),
        key_changed: Some(date("2026-10-01")),
        nodes: None,
        cost: None,
    };
    let service = |id: &str, licence: &str| Service {
        list: "vds".to_owned(),
        id: format!("{id}{text}"),
        name: text.to_owned(),
        ip: Some(text.to_owned()),
        status: Some(Status::Active),
        panel: Some(text.to_owned()),
        licence: Some(licence.to_owned()),
    };
    let licences = [
        licence("1", "free.lic", "0.0.0.0"),
        licence("2", text, "192.0.2.1"),
        licence("3", "Item #77", "192.0.2.2"),
        licence("4", text, "0.0.0.0"),
    ];
    let shared = licences[1].id.clone();
    let services = Services {
        list: vec![service("1", ""), service("2", &shared), service("3", &shared)],
        unread: Vec::new(),
    };
    crate::pool::report(&Account {
        server: "licences",
        licences: &licences,
        services: &services,
        balance: Vec::new(),
        costs: None,
        currency: None,
        no_panel: BTreeSet::from(["nopanel".to_owned()]),
        today: date("2026-11-26"),
        soon: 30,
    })
}

/// Differences of costs in which everything that a licence server says is `text`.
fn costs(text: &str) -> CostDifferences {
    let cost = |amount: &str| Some(Figure::Cost(amount.parse::<Money>().unwrap()));
    let change = |before, after| CostChange {
        field: "price.RUB.1m".to_owned(),
        before,
        after,
        percent: Some("10".to_owned()),
    };
    let states = [
        CodeState::Sold,
        CodeState::NotSold,
        CodeState::Absent,
        CodeState::Unreadable { why: text.to_owned() },
    ];
    let code = |state| CodeDifference {
        code: text.to_owned(),
        name: Some(text.to_owned()),
        used: true,
        costed: true,
        state,
        periods: vec!["1m".parse().unwrap()],
        currency: Some("RUB".to_owned()),
        changes: vec![change(cost("100"), cost("110")), change(None, cost("5")), change(cost("5"), None)],
    };
    CostDifferences {
        format_version: "1.0".to_owned(),
        server: "licences".to_owned(),
        today: date("2026-11-26"),
        as_of: Some(date("2026-11-20")),
        different: states.len(),
        codes: states.into_iter().map(code).collect(),
        notes: vec![text.to_owned()],
    }
}

/// Simulated orders in which everything is `text` that may be.
fn orders(text: &str) -> Simulated {
    let period = "12m".parse().unwrap();
    let because =
        |mark| Because { text: text.to_owned(), rule: "rule".to_owned(), mark, source: "page".to_owned() };
    let answer = |outcome| Answer {
        of: "before the plan".to_owned(),
        tariff: text.to_owned(),
        panel: text.to_owned(),
        product: Some(text.to_owned()),
        period,
        currency: "RUB".to_owned(),
        on: "2026-11-26".to_owned(),
        outcome,
        because: [Mark::Documented, Mark::SeenInCode, Mark::Inferred, Mark::Open].map(because).into(),
        renewal: None,
        costs: None,
        money: None,
        notes: vec![text.to_owned()],
    };
    let licence = Orders {
        server: text.to_owned(),
        code: text.to_owned(),
        period,
        until: Some("2027-11-26".to_owned()),
        nodes: None,
        sent: vec![("period".to_owned(), text.to_owned())],
    };
    let outcomes = [
        Outcome::Nothing,
        Outcome::Licence(licence),
        Outcome::NotSold { why: text.to_owned() },
        Outcome::Refused { why: text.to_owned() },
    ];
    Simulated { format_version: "1.0".to_owned(), answers: outcomes.into_iter().map(answer).collect() }
}

/// All of them as text.
fn texts(text: &str, width: usize) -> [String; 4] {
    [
        written(|style, out| report::examination(&examination(text), style, out), width),
        written(|style, out| report::pool(&pool(text), style, out), width),
        written(|style, out| report::cost_differences(&costs(text), style, out), width),
        written(|style, out| report::answers(&orders(text), style, out), width),
    ]
}

/// The cells of a table as RFC 4180 has it.
fn cells(csv: &str) -> Vec<Vec<String>> {
    let (mut rows, mut row, mut cell) = (Vec::new(), Vec::new(), String::new());
    let mut quoted = false;
    let mut chars = csv.chars().peekable();
    while let Some(ch) = chars.next() {
        match ch {
            '"' if quoted && chars.peek() == Some(&'"') => cell.extend(chars.next()),
            '"' => quoted = !quoted,
            ',' if !quoted => row.push(std::mem::take(&mut cell)),
            '\r' if !quoted && chars.next_if_eq(&'\n').is_some() => {
                row.push(std::mem::take(&mut cell));
                rows.push(std::mem::take(&mut row));
            }
            _ => cell.push(ch),
        }
    }
    assert!(row.is_empty() && cell.is_empty() && !quoted, "the table breaks off: {csv}");
    rows
}

fn hostile() -> Vec<String> {
    let mut all: Vec<String> = samples::HOSTILE.map(str::to_owned).into();
    all.extend(["=1+1".to_owned(), "@x,\"\r\n\"".to_owned(), "</script>\u{202e}\n".repeat(1_000)]);
    all
}

#[test]
fn no_name_is_more_than_a_name() {
    for bad in hostile() {
        for (text, honest) in texts(&bad, 80).iter().zip(texts("honest", 80)) {
            assert_nothing_hidden(text);
            assert!(text.lines().all(|line| line.width() <= 80), "{text}");
            // A long text takes more lines, but not the page.
            assert!(text.lines().count() < honest.lines().count() + 1_000, "{}", text.lines().count());
        }
    }
}

#[test]
fn no_name_is_a_cell_or_a_formula() {
    let mut honest = Vec::new();
    report::pool_csv(&pool("honest"), &mut honest).unwrap();
    let honest = cells(&String::from_utf8(honest).unwrap());
    // Without names, licences are on no service or on others.
    for bad in hostile().into_iter().filter(|bad| !bad.is_empty()) {
        let mut out = Vec::new();
        report::pool_csv(&pool(&bad), &mut out).unwrap();
        let rows = cells(&String::from_utf8(out).unwrap());
        let shape = |rows: &[Vec<String>]| rows.iter().map(Vec::len).collect::<Vec<_>>();
        assert_eq!(shape(&rows), shape(&honest), "{bad:?}");
        let formula = |cell: &&String| cell.starts_with(['=', '+', '@', '\t', '\r']);
        assert_eq!(rows.iter().flatten().find(formula), None, "{bad:?}");
    }
}

#[test]
fn nothing_is_left_in_english() {
    russian(|| {
        for width in [40, 100] {
            let [doctor, pool, costs, orders] = texts("имя", width);
            assert_russian(&doctor, "https bill example com billmgr login");
            // The remarks, and what is said of services, are the pool's own.
            let mut own = "IP\n".to_owned();
            texts_of(&serde_json::to_value(self::pool("имя")).unwrap(), &mut own);
            assert_russian(&pool, &own);
            assert_russian(&costs, "licences price");
            assert_russian(&orders, "period");
        }
    });
}
