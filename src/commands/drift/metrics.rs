//! Figures of a look at the panel as a text file for Prometheus, or rather for the textfile collector of its
//! node exporter, which reads all `*.prom` files of a directory.
//!
//! The format: <https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format>.

use std::{collections::BTreeMap, path::Path, time::Duration};

use jiff::Timestamp;

use super::super::{
    exit::{Exit, Stop},
    files,
};
use crate::{kinds, plan::Plan};

const LAST_SUCCESS: &str = "billform_drift_last_success_timestamp_seconds";

/// What there is to tell of a look at the panel.
pub(super) struct Round {
    /// The configuration as it was named: the files of two must not hold the same series.
    config: String,
    /// Nothing before the panel took the login.
    pub(super) requests: Option<u64>,
    seen: Option<Seen>,
}

/// What a look that came to its end found.
struct Seen {
    objects: BTreeMap<&'static str, usize>,
    unmanaged: usize,
    ignored: usize,
}

impl Round {
    pub(super) fn new(config: String) -> Self {
        Self { config, requests: None, seen: None }
    }

    pub(super) fn seen(&mut self, plan: &Plan) {
        let count = |kind: &str| plan.changes.iter().filter(|change| change.object.kind == kind).count();
        let objects = kinds::ALL.iter().map(|kind| (kind.name(), count(kind.name()))).collect();
        self.seen = Some(Seen { objects, unmanaged: plan.unmanaged.len(), ignored: plan.ignored.len() });
    }
}

/// Writes the figures, whole or not at all. A look that failed leaves the day of the last good one.
pub(super) fn write(
    file: &Path,
    round: &Round,
    exit: Exit,
    errors: usize,
    took: Duration,
) -> Result<(), Stop> {
    let now = Timestamp::now().as_second();
    let before = std::fs::read_to_string(file).unwrap_or_default();
    let success = if round.seen.is_some() { Some(now) } else { last_success(&before) };
    let text = text(round, exit as u8, errors, took, (now, success));
    files::write(file, |out| out.write_all(text.as_bytes()))
}

fn last_success(text: &str) -> Option<i64> {
    let line = text.lines().find(|line| line.starts_with(LAST_SUCCESS))?;
    line.rsplit_once(' ')?.1.parse().ok()
}

fn text(
    round: &Round,
    exit: u8,
    errors: usize,
    took: Duration,
    (now, success): (i64, Option<i64>),
) -> String {
    let mut page = Page { text: String::new(), label: format!("config=\"{}\"", quoted(&round.config)) };
    if let Some(seen) = &round.seen {
        let objects =
            seen.objects.iter().map(|(kind, number)| (format!(",kind=\"{kind}\""), number.to_string()));
        page.gauge("billform_drift_objects", "Objects that differ from the configuration.", objects);
        page.one(
            "billform_drift_unmanaged",
            "Parts of the configuration that cannot be managed.",
            &seen.unmanaged,
        );
        page.one("billform_drift_ignored", "Differences that the configuration ignores.", &seen.ignored);
    }
    if let Some(requests) = round.requests {
        page.one("billform_drift_requests", "Requests to the panel in the last look.", &requests);
    }
    page.one("billform_drift_errors", "Errors of the last look.", &errors);
    page.one("billform_drift_exit_code", "Exit code of the last look.", &exit);
    let seconds = format!("{}.{:03}", took.as_secs(), took.subsec_millis());
    page.one("billform_drift_duration_seconds", "How long the last look took.", &seconds);
    page.one("billform_drift_last_run_timestamp_seconds", "When the panel was last looked at.", &now);
    if let Some(success) = success {
        page.one(
            LAST_SUCCESS,
            "When a look at the panel last came to its end, with drift or without.",
            &success,
        );
    }
    page.text
}

struct Page {
    text: String,
    label: String,
}

impl Page {
    fn one(&mut self, name: &str, help: &str, value: &dyn ToString) {
        self.gauge(name, help, [(String::new(), value.to_string())]);
    }

    fn gauge(&mut self, name: &str, help: &str, samples: impl IntoIterator<Item = (String, String)>) {
        self.text.push_str(&format!("# HELP {name} {help}\n# TYPE {name} gauge\n"));
        for (labels, value) in samples {
            self.text.push_str(&format!("{name}{{{}{labels}}} {value}\n", self.label));
        }
    }
}

/// A label's value: backslash, quotation mark and line feed are escaped.
fn quoted(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_look_keeps_the_day_of_the_last_good_one() {
        let mut round = Round::new("a \"b\"\\\n".to_owned());
        round.seen(&Plan::empty());
        let good = text(&round, 0, 0, Duration::from_millis(1042), (100, Some(100)));
        assert!(
            good.contains("billform_drift_duration_seconds{config=\"a \\\"b\\\"\\\\\\n\"} 1.042\n"),
            "{good}"
        );
        assert!(good.contains(",kind=\"price\"} 0\n"), "{good}");
        assert_eq!(last_success(&good), Some(100));
        let failed = text(&Round::new("x".to_owned()), 8, 1, Duration::ZERO, (200, last_success(&good)));
        assert_eq!(last_success(&failed), Some(100));
        assert!(!failed.contains("billform_drift_objects"), "{failed}");
        assert_eq!(last_success(&text(&Round::new("x".to_owned()), 8, 1, Duration::ZERO, (1, None))), None);
    }
}
