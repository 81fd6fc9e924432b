//! An apply that is cut short anywhere, in any way, and run again: the panel ends as if nothing had
//! happened, nothing is there twice, and no journal is left in doubt.

use std::{
    process::Stdio,
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};

use billform::sandbox::{Fault, FaultKind};
use serde_json::Value;

use crate::harness::{Bench, SEED, in_threads};

/// An object of every kind, on a panel that has none of them.
const CONFIG: &str = r#"version: 1
processors:
  licences:
    product_type: soft
    module: billmanager
    url: https://licences.example.com/billmgr
    username: provider
    password: {env: LICENCE_PASSWORD}
enumerations:
  panel:
    name: {en: Control panel}
    items:
      "55227": {name: {en: Panel lite}}
prices:
  vds-start:
    resource: {enumeration: panel, default: "55227", billing: by_order, client_change: up_only}
    items:
      "55227": {RUB: {1m: "350.00"}}
period_mappings:
  licences:
    - {sold: 1m, bought: 12m}
"#;

/// Longer than the client waits, and shorter than anybody does.
const HOLD: Duration = Duration::from_millis(2500);

fn bench() -> Bench {
    // One request after the other, so that the same number always is the same request.
    let bench = Bench::new().sandbox(SEED).config(CONFIG);
    bench.env("BILLFORM_CONCURRENCY", "1").env("BILLFORM_TIMEOUT", "1")
}

/// What an apply that nobody disturbs asks, and what it makes of the panel.
struct Undisturbed {
    requests: usize,
    fresh: Value,
    state: Value,
}

impl Undisturbed {
    fn new() -> Self {
        let bench = bench();
        let fresh = bench.state();
        bench.run("apply config --yes --quiet").exits(0);
        Self { requests: bench.panel().requests().len(), fresh, state: bench.state() }
    }

    /// Expects a second run to finish what the first one left.
    fn is_finished_by_a_rerun(&self, bench: &Bench, what: &str) {
        bench.panel().clear_faults();
        if bench.journals().is_empty() && bench.state() == self.fresh {
            // Cut short before anything was written, here or there: another run is the first one.
            return;
        }
        let run = bench.run("apply config --yes --quiet");
        assert_eq!(run.code, 0, "{what}, then {run}");
        let (found, wanted) = (bench.state(), &self.state);
        for (table, rows) in wanted.as_object().unwrap() {
            assert_eq!(&found[table], rows, "table {table} after {what}");
        }
        for journal in bench.journals() {
            let text = std::fs::read_to_string(&journal).unwrap();
            let records: Vec<Value> = text.lines().map(|line| line.parse().unwrap()).collect();
            let of = |kind: &'static str| records.iter().filter(move |record| record["record"] == kind);
            let settled: Vec<&Value> = of("settled").map(|record| &record["object"]).collect();
            assert_eq!(of("end").count(), 1, "{what}: {text}");
            for intent in of("intent") {
                let result = of("result").find(|record| record["result"]["object"] == intent["object"]);
                let doubt = result.is_none_or(|it| it["result"]["fate"]["failed"]["in_doubt"] == true);
                let refused = of("answer")
                    .filter(|record| record["object"] == intent["object"])
                    .all(|record| record["answer"] == "refused");
                let answered = of("answer").any(|record| record["object"] == intent["object"]);
                let clear = !doubt || answered && refused || settled.contains(&&intent["object"]);
                assert!(clear, "{what}: {intent} is in doubt in {text}");
            }
        }
    }
}

#[test]
fn whatever_request_goes_wrong_and_how_a_rerun_finishes() {
    let faults = [
        FaultKind::Reset { commit: false },
        FaultKind::Reset { commit: true },
        FaultKind::Timeout { commit: false, hold: HOLD },
        FaultKind::Timeout { commit: true, hold: HOLD },
        FaultKind::Status { code: 500, commit: false },
        FaultKind::Status { code: 500, commit: true },
        FaultKind::Truncated,
        FaultKind::Html,
    ];
    let undisturbed = Undisturbed::new();
    let cases = (0..undisturbed.requests).flat_map(|at| faults.iter().map(move |kind| (at, kind.clone())));
    let tried = AtomicUsize::new(0);
    in_threads(8, cases, |(at, kind)| {
        let bench = bench();
        bench.panel().inject(Fault { func: None, skip: at, times: 1, kind: kind.clone() });
        let run = bench.run("apply config --yes");
        let what = format!("{kind:?} at request {at} of {}: {run}", undisturbed.requests);
        // Done all the same, partly, or not at all; never a wrong plan that is carried out.
        assert!([0, 4, 6, 7, 8, 9].contains(&run.code), "{what}");
        assert!(run.code == 0 || run.code == 6 || bench.state() == undisturbed.fresh, "{what}");
        undisturbed.is_finished_by_a_rerun(&bench, &what);
        tried.fetch_add(1, Ordering::Relaxed);
    });
    assert_eq!(tried.into_inner(), undisturbed.requests * faults.len());
}

/// Killed while the panel holds a request that it has not carried out, or has: for the journal the same as
/// killed before the request went out, or after its answer came and before that was written down.
#[cfg(unix)]
#[test]
fn whenever_the_process_is_killed_a_rerun_finishes() {
    let undisturbed = Undisturbed::new();
    let cases = (0..undisturbed.requests).flat_map(|at| [false, true].map(|commit| (at, commit)));
    in_threads(8, cases, |(at, commit)| {
        let bench = bench();
        let hold = Duration::from_secs(60);
        bench.panel().inject(Fault {
            func: None,
            skip: at,
            times: 1,
            kind: FaultKind::Timeout { commit, hold },
        });
        let mut command = bench.command("apply config --yes");
        let command = command.env("BILLFORM_TIMEOUT", "60");
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let reached = (0..30_000).any(|_| {
            std::thread::sleep(Duration::from_millis(1));
            bench.panel().requests().len() > at
        });
        child.kill().unwrap();
        let status = child.wait().unwrap();
        assert!(reached, "request {at} was never sent");
        assert_eq!(std::os::unix::process::ExitStatusExt::signal(&status), Some(9));
        undisturbed.is_finished_by_a_rerun(&bench, &format!("killed at request {at}, commit: {commit}"));
    });
}

/// An interrupt finishes the object in hand, says what is left, and a rerun does it.
#[cfg(unix)]
#[test]
fn an_interrupt_finishes_the_write_in_flight_and_says_what_is_left() {
    let undisturbed = Undisturbed::new();
    let bench = bench();
    let writes = {
        let twin = self::bench();
        twin.run("apply config --yes --quiet").exits(0);
        twin.panel().requests().iter().position(|request| request.mutating).unwrap()
    };
    bench.panel().inject(Fault {
        func: None,
        skip: writes,
        times: 1,
        kind: FaultKind::Delay(Duration::from_millis(800)),
    });
    let mut command = bench.command("apply config --yes");
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let reached = (0..30_000).any(|_| {
        std::thread::sleep(Duration::from_millis(1));
        bench.panel().requests().len() > writes
    });
    let kill = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    let output = child.wait_with_output().unwrap();
    assert!(reached && kill.unwrap().success());
    let said =
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(130), "{said}");
    assert!(said.contains("finishing the object in hand"), "{said}");
    assert!(said.contains("the run was interrupted"), "{said}");
    let history = bench.run("history --format json").json();
    assert_eq!(history["applies"][0]["ending"], "interrupted");
    let done = history["applies"][0]["results"].as_array().unwrap();
    assert_eq!(done.iter().filter(|result| result["fate"] == "done").count(), 1, "{history:#}");
    undisturbed.is_finished_by_a_rerun(&bench, "an interrupt");
}
