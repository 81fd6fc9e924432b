//! JUnit XML as Jenkins and GitLab read it: a suite for each file, and a test for each problem in it.
//!
//! There is no standard, but the schema that Jenkins checks against:
//! <https://github.com/jenkinsci/xunit-plugin/blob/master/src/main/resources/org/jenkinsci/plugins/xunit/types/model/xsd/junit-10.xsd>.

use std::io;

use quick_xml::escape::escape;

use super::{super::words::level, Listed, Listing, lines, shown_path};
use crate::language::t;

/// A suite: its tests as XML, and how many of them went which way.
#[derive(Default)]
struct Suite {
    name: String,
    cases: String,
    tests: usize,
    failures: usize,
    errors: usize,
    skipped: usize,
}

pub(super) fn write(listing: &Listing, out: &mut impl io::Write) -> io::Result<()> {
    let mut suites: Vec<Suite> = listing.all_files().into_iter().map(|file| of_file(listing, file)).collect();
    suites.extend(of_run(listing));
    let sum = |count: fn(&Suite) -> usize| suites.iter().map(count).sum::<usize>();
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
    writeln!(
        out,
        "<testsuites name=\"billform {}\" tests=\"{}\" failures=\"{}\" errors=\"{}\">",
        listing.command,
        sum(|suite| suite.tests),
        sum(|suite| suite.failures),
        sum(|suite| suite.errors),
    )?;
    for suite in &suites {
        let Suite { name, cases, tests, failures, errors, skipped } = suite;
        writeln!(
            out,
            "  <testsuite name=\"{}\" tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\" \
             skipped=\"{skipped}\">\n{cases}  </testsuite>",
            xml(name)
        )?;
    }
    writeln!(out, "</testsuites>")
}

/// The problems in a file; one passed test where none of them fails.
fn of_file(listing: &Listing, file: &str) -> Suite {
    let mut suite = Suite { name: shown_path(file), ..Suite::default() };
    for problem in listing.problems.iter().filter(|problem| problem.file.as_deref() == Some(file)) {
        let place = problem.spot.map(|(line, column)| format!(":{line}:{column}")).unwrap_or_default();
        let place = t!("at {place}", place = format!("{}{place}", suite.name));
        let text = format!("{}\n{place}", problem.told());
        suite.case(problem, listing.fails(problem), "failure", &text);
    }
    if suite.failures == 0 {
        suite.passed(&t!("no errors"));
    }
    suite
}

/// What is about no file: why the run could not do its work, and what it says besides.
fn of_run(listing: &Listing) -> Option<Suite> {
    let mut suite = Suite { name: "billform".to_owned(), ..Suite::default() };
    for problem in listing.problems.iter().filter(|problem| problem.file.is_none()) {
        suite.case(problem, listing.fails(problem), "error", &problem.told());
    }
    if let Some(rest) = listing.rest() {
        suite.tests += 1;
        suite.failures += 1;
        suite.cases.push_str(&format!(
            "    <testcase name=\"{rest}\" classname=\"billform\"><failure message=\"{rest}\"/></testcase>\n"
        ));
    }
    if suite.tests == 0 && listing.notes.is_empty() {
        return None;
    }
    if suite.tests == 0 {
        suite.passed(&t!("the run"));
    }
    if !listing.notes.is_empty() {
        suite.cases.push_str(&format!("    <system-out>{}</system-out>\n", xml(&listing.notes.join("\n"))));
    }
    Some(suite)
}

impl Suite {
    fn case(&mut self, problem: &Listed, fails: bool, tag: &str, text: &str) {
        let headline = xml(&problem.headline());
        let inner = match (&problem.accepted, fails) {
            (Some(reason), _) => {
                self.skipped += 1;
                format!("<skipped message=\"{}\"/>", xml(reason))
            }
            (None, true) => {
                let count = if tag == "error" { &mut self.errors } else { &mut self.failures };
                *count += 1;
                let code = xml(&problem.code);
                format!("<{tag} type=\"{code}\" message=\"{headline}\">{}</{tag}>", xml(text))
            }
            (None, false) => {
                format!("<system-out>{}: {}</system-out>", level(problem.level), xml(text))
            }
        };
        self.tests += 1;
        self.cases.push_str(&format!(
            "    <testcase name=\"{}: {headline}\" classname=\"{}\">{inner}</testcase>\n",
            xml(&problem.code),
            xml(&self.name)
        ));
    }

    fn passed(&mut self, name: &str) {
        self.tests += 1;
        let class = xml(&self.name);
        self.cases.push_str(&format!("    <testcase name=\"{}\" classname=\"{class}\"/>\n", xml(name)));
    }
}

/// Text for an element or an attribute, without a character that XML forbids.
fn xml(text: &str) -> String {
    escape(lines(text)).into_owned()
}
