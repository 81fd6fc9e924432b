//! Injected failures: what arrives, and whether the write was carried out.

use std::time::{Duration, Instant};

use super::super::{Fault, FaultKind, Sandbox};
use super::{call, hosting, post, raw};

const EDIT: &str = "enumeration.edit";

/// Posts a create and gives the raw answer and whether the row is there.
fn create(sandbox: &Sandbox) -> (Vec<u8>, bool) {
    let password = sandbox.admin_password();
    let login = format!("admin:{password}");
    let login = login.bytes().map(|byte| format!("%{byte:02X}")).collect::<String>();
    let body = format!("func={EDIT}&authinfo={login}&name=A&intname=a&sok=ok&out=json");
    let request = format!(
        "POST /billmgr HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let answer = raw(sandbox, &request);
    let there = sandbox.export_state()["enumeration"].to_string().contains("\"a\"");
    (answer, there)
}

fn failed(kind: FaultKind) -> (String, bool) {
    let sandbox = hosting(0, &[]);
    sandbox.inject(Fault::once(EDIT, kind));
    let (answer, there) = create(&sandbox);
    (String::from_utf8_lossy(&answer).into_owned(), there)
}

#[test]
fn a_reset_gives_no_byte_and_commits_as_told() {
    for commit in [true, false] {
        let (answer, there) = failed(FaultKind::Reset { commit });
        assert_eq!((answer.as_str(), there), ("", commit));
    }
}

#[test]
fn a_timeout_holds_then_closes() {
    let begun = Instant::now();
    let hold = Duration::from_millis(30);
    let (answer, there) = failed(FaultKind::Timeout { commit: true, hold });
    assert_eq!((answer.as_str(), there), ("", true));
    assert!(begun.elapsed() >= hold);
}

#[test]
fn a_sandbox_stops_while_a_request_hangs() {
    let sandbox = hosting(0, &[]);
    let hold = Duration::from_secs(3600);
    sandbox.inject(Fault::once(EDIT, FaultKind::Timeout { commit: false, hold }));
    std::thread::scope(|scope| {
        let hanging = scope.spawn(|| create(&sandbox));
        while sandbox.requests().is_empty() {
            std::thread::yield_now();
        }
        sandbox.stop();
        assert!(hanging.join().unwrap().0.is_empty());
    });
}

#[test]
fn statuses_pages_and_truncation_arrive() {
    let (answer, there) = failed(FaultKind::Status { code: 502, commit: true });
    assert!(answer.starts_with("HTTP/1.1 502") && there, "{answer}");
    let (answer, there) = failed(FaultKind::Html);
    assert!(answer.contains("<html>") && !there);
    let (answer, there) = failed(FaultKind::Truncated);
    assert!(answer.starts_with("HTTP/1.1 200") && answer.contains("{\"doc\""), "{answer}");
    assert!(!answer.ends_with("0\r\n\r\n") && !answer.contains("tparams\":{\"authinfo") && there);
    let (answer, there) = failed(FaultKind::HugeBody { bytes: 300_000 });
    assert!(answer.len() > 300_000 && !there);
    let (answer, there) = failed(FaultKind::ManyElements { count: 1000 });
    assert!(answer.matches("{}").count() == 1000 && !there);
    let (answer, there) = failed(FaultKind::Delay(Duration::from_millis(1)));
    assert!(answer.contains("\"ok\":{}") && there);
    let (answer, there) = failed(FaultKind::ErrorDoc { kind: "limit".to_owned(), object: "name".to_owned() });
    assert!(answer.contains("\"$type\":\"limit\",\"$object\":\"name\"") && !there);
}

#[test]
fn faults_skip_count_and_end() {
    let sandbox = hosting(0, &[]);
    sandbox.inject(Fault { func: None, skip: 1, times: 2, kind: FaultKind::Html });
    let login = format!("admin:{}", sandbox.admin_password());
    let ask = || post(&sandbox, &[("func", "project"), ("authinfo", &login), ("out", "json")]);
    let html = [(); 5].map(|()| ask().contains("<html>"));
    assert_eq!(html, [false, true, true, false, false]);
    assert!(call(&sandbox, "project", &[]).get("elem").is_some());
}
