//! Every check fails for what it is about, and for nothing else in its passing fixture.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use proptest::prelude::*;

use super::{ALL, Beside, Check, Ground, Known, Report, problem, run};
use crate::{
    config::{self, Config},
    kinds::Severity,
    language::{Language, speaking},
    model::{Date, Mark},
    plan::{Finding, Level},
    reconcile,
};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn day() -> Date {
    "2026-11-25".parse().unwrap()
}

fn of(text: &str) -> Config {
    config::load_texts(vec![("config.yaml".to_owned(), format!("version: 1\n{text}"))]).unwrap()
}

fn load(path: &Path) -> Config {
    let text = fs::read_to_string(path).unwrap();
    let name = path.file_name().unwrap().to_str().unwrap().to_owned();
    config::load_texts(vec![(name, text)]).unwrap_or_else(|problems| {
        let all: Vec<String> = problems.iter().map(ToString::to_string).collect();
        panic!("{}: {all:#?}", path.display())
    })
}

fn checked(config: &Config, live: Option<&Config>) -> Report {
    let plan = live.map(|live| reconcile::compare(live, config));
    let known = Known { plan: plan.as_ref(), calendar: true, ..Known::default() };
    run(&Ground::new(&config.spec, day(), known), Some(&config.sources))
}

fn of_code<'r>(report: &'r Report, code: &'r str) -> impl Iterator<Item = &'r Finding> {
    report.findings.iter().filter(move |finding| finding.code == code)
}

fn rendered(config: &Config, findings: &[&Finding]) -> String {
    let theme = miette::GraphicalTheme::unicode_nocolor();
    let handler = miette::GraphicalReportHandler::new_themed(theme).with_width(100).with_links(false);
    let mut text = String::new();
    for finding in findings {
        text.push_str(&format!("{}:\n", finding.level));
        handler.render_report(&mut text, &problem(finding, &config.sources)).unwrap();
        text.push('\n');
    }
    text.lines().map(|line| format!("{}\n", line.trim_end())).collect()
}

fn fixture(check: &Check, name: &str) -> Option<Config> {
    let path = root().join("tests/checks").join(check.code()).join(name);
    path.is_file().then(|| load(&path))
}

#[test]
fn every_check_fails_where_it_should_as_the_snapshot_says() {
    for check in ALL {
        let config = fixture(check, "fails.yaml").unwrap();
        let report = checked(&config, fixture(check, "live.yaml").as_ref());
        let found: Vec<&Finding> = of_code(&report, check.name).collect();
        assert!(!found.is_empty(), "{}: {:#?}", check.code(), report.findings);
        for finding in &found {
            assert!(finding.origin.is_some() && !finding.cure.is_empty(), "{finding:?}");
        }
        let text = rendered(&config, &found);
        let snapshot: PathBuf = root().join("tests/checks").join(check.code()).join("fails.txt");
        if std::env::var_os("BILLFORM_UPDATE").is_some_and(|value| value == "1") {
            fs::write(&snapshot, text).unwrap();
        } else {
            let expected = fs::read_to_string(&snapshot).unwrap_or_default();
            assert_eq!(
                text,
                expected,
                "{} is not current; BILLFORM_UPDATE=1 rewrites it",
                snapshot.display()
            );
        }
    }
}

#[test]
fn every_check_passes_where_it_should() {
    for check in ALL {
        let config = fixture(check, "passes.yaml").unwrap();
        let report = checked(&config, fixture(check, "live.yaml").as_ref());
        let found: Vec<&Finding> = of_code(&report, check.name).collect();
        assert!(found.is_empty(), "{}: {found:#?}", check.code());
        let lacks = report.not_made.iter().any(|group| group.checks.iter().any(|code| code == check.code()));
        assert!(!lacks, "{} was not made", check.code());
    }
}

#[test]
fn a_licence_server_on_this_machine_has_the_codes_of_any_vendor() {
    let text = fs::read_to_string(root().join("tests/checks/L03/fails.yaml")).unwrap();
    let text = text.replace("version: 1\n", "");
    assert!(of_code(&checked(&of(&text), None), "check::L03").next().is_some());
    for host in ["http://127.0.0.1:8080", "http://localhost:8080"] {
        let local = of(&text.replace("https://api-eu.ispmanager.com", host));
        assert!(of_code(&checked(&local, None), "check::L03").next().is_none(), "{host}");
    }
}

#[test]
fn checks_are_in_the_order_of_their_codes_and_have_pages() {
    let codes: Vec<&str> = ALL.iter().map(Check::code).collect();
    assert!(codes.is_sorted() && codes.len() == codes.iter().collect::<BTreeSet<_>>().len());
    let english = ["## Why it costs money", "## Example", "## The cure"];
    let russian = ["## Почему это стоит денег", "## Пример", "## Что сделать"];
    for check in ALL {
        for (language, parts) in [(Language::English, english), (Language::Russian, russian)] {
            let page = speaking(language, || check.page());
            assert!(page.starts_with(&format!("# {}: ", check.code())), "{}", check.code());
            let headings: Vec<&str> = page.lines().filter(|line| line.starts_with("## ")).collect();
            assert_eq!(headings, parts, "{}", check.code());
        }
        // What is written in YAML is the same but for its comments.
        let code = |page: &str| -> Vec<String> {
            let code = page.split("```").skip(1).step_by(2).flat_map(str::lines);
            code.map(|line| line.split(" # ").next().unwrap().trim_end().to_owned()).collect()
        };
        assert_eq!(code(check.pages[0]), code(check.pages[1]), "{}", check.code());
        assert_ne!(check.pages[0], check.pages[1], "{}", check.code());
    }
    let files = |directory: &str| {
        let entries = fs::read_dir(root().join(directory)).unwrap().map(|entry| entry.unwrap().file_name());
        entries.filter(|name| name.to_str().unwrap().starts_with('L')).count()
    };
    let all = ["docs/checks", "docs/checks/ru", "tests/checks"].map(files);
    assert_eq!(all, [ALL.len(); 3]);
}

#[test]
fn nothing_is_found_in_the_examples() {
    let examples = root().join("examples");
    for name in ["hosting", "processors.yaml", "enumerations.yaml", "prices.yaml", "period_mappings.yaml"] {
        let config = config::load(&examples.join(name)).unwrap();
        let report = checked(&config, None);
        assert!(
            report.findings.is_empty(),
            "{name}:\n{}",
            rendered(&config, &report.findings.iter().collect::<Vec<_>>())
        );
    }
}

#[test]
fn what_rests_on_an_open_question_is_never_an_error() {
    for check in ALL {
        let mut config = fixture(check, "fails.yaml").unwrap();
        let code = check.code().parse().unwrap();
        config.spec.checks.severity.insert(code, Severity::Error);
        let report = checked(&config, fixture(check, "live.yaml").as_ref());
        for finding in of_code(&report, check.name) {
            let open = finding.rule.as_ref().is_some_and(|rule| rule.mark == Mark::Open);
            assert_eq!(finding.level == Level::Error, !open, "{finding:?}");
            assert!(
                !open || report.notes.iter().any(|note| note.starts_with(check.code())),
                "{:?}",
                report.notes
            );
        }
    }
}

#[test]
fn a_check_that_is_off_finds_nothing() {
    for check in ALL {
        let mut config = fixture(check, "fails.yaml").unwrap();
        config.spec.checks.severity.insert(check.code().parse().unwrap(), Severity::Off);
        let report = checked(&config, fixture(check, "live.yaml").as_ref());
        assert_eq!(of_code(&report, check.name).count(), 0, "{}", check.code());
    }
}

const ZERO: &str = r#"prices:
  vds-start:
    resource: {enumeration: panel, default: nopanel}
    items: {nopanel: free, "55227": {RUB: {1m: "0"}}}
"#;

fn waived(until: &str, check: &str, item: &str) -> Report {
    let waiver = format!("    waive: [{{check: {check}, {item}reason: a gift, until: {until}}}]\n");
    checked(&of(&format!("{ZERO}{waiver}")), None)
}

#[test]
fn a_waiver_accepts_until_its_last_day_what_it_is_about() {
    for item in ["", "item: \"55227\", "] {
        let report = waived("2026-11-25", "L26", item);
        assert_eq!((report.summary.warnings, report.summary.waived), (0, 1), "{report:#?}");
        let waived = report.findings[0].waived.as_ref().unwrap();
        assert_eq!(waived.reason, "a gift");
    }
}

#[test]
fn a_waiver_that_ended_is_reported_and_accepts_nothing() {
    let report = waived("2026-11-24", "L26", "");
    let codes: Vec<&str> = report.findings.iter().map(|finding| finding.code.as_str()).collect();
    assert_eq!(codes, ["check::L26", "check::waiver_expired"]);
    assert_eq!(report.findings[1].pointer, "/prices/vds-start/waive/0");
    assert_eq!(report.summary.warnings, 2);
}

#[test]
fn a_waiver_that_matches_nothing_is_reported() {
    for (check, item) in [("L26", "item: nopanel, "), ("L24", "")] {
        let report = waived("2027-01-01", check, item);
        let unused: Vec<&Finding> = of_code(&report, "check::waiver_unused").collect();
        assert_eq!(unused.len(), 1, "{report:#?}");
        assert_eq!((report.summary.warnings, report.summary.notes), (1, 1));
    }
    // What was not looked for may well be there.
    let report = waived("2027-01-01", "L13", "");
    assert_eq!(of_code(&report, "check::waiver_unused").count(), 0);
}

#[test]
fn a_check_that_lacks_something_says_so() {
    let report = checked(&of(ZERO), None);
    let lacking: Vec<(&str, Vec<&str>)> = report
        .not_made
        .iter()
        .map(|group| (group.because.as_str(), group.checks.iter().map(String::as_str).collect()))
        .collect();
    let costs = vec!["L01", "L13", "L15", "L16", "L28"];
    assert_eq!(
        lacking,
        [("what licences cost is not known", costs), ("the panel was not read", vec!["L29", "L36"])]
    );
    assert_eq!(report.summary.not_made, 7);
}

#[test]
fn another_configuration_may_not_use_the_account() {
    let own = load(&root().join("tests/checks/L32/passes.yaml"));
    let known = Known { beside: Some(Beside { spec: &own.spec, name: "test" }), ..Known::default() };
    let report = run(&Ground::new(&own.spec, day(), known), Some(&own.sources));
    let found: Vec<&Finding> = of_code(&report, "check::L31").collect();
    assert_eq!(found.len(), 1);
    assert!(found[0].level == Level::Error && found[0].message.contains("that test uses"), "{found:?}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// A price is found to be under its cost exactly where it is.
    #[test]
    fn prices_under_cost_are_found_whatever_the_figures(cost in 1_u32..5000, price in 1_u32..5000, discount in 0_u32..90) {
        let config = of(&format!(
            "costs: {{licences: {{as_of: 2026-11-01, codes: {{\"55227\": {{price: {{RUB: {{1m: \"{cost}\"}}}}}}}}}}}}\n\
             checks: {{thresholds: {{discount: {discount}%}}}}\n{}",
            ZERO.replace("\"0\"", &format!("\"{price}\""))
        ));
        let found = of_code(&checked(&config, None), "check::L13").count();
        prop_assert_eq!(found > 0, u64::from(price) * u64::from(100 - discount) < u64::from(cost) * 100);
    }
}
