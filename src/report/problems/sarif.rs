//! SARIF 2.1.0: <https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>; sections are cited as `3.11.5`.

use std::io;

use serde_json::{Map, Value, json};

use super::{super::json, Listed, Listing, lines};
use crate::{language::Language, plan::Level};

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

pub(super) fn write(listing: &Listing, out: &mut impl io::Write) -> io::Result<()> {
    json::write(&document(listing), out)
}

fn document(listing: &Listing) -> Value {
    let fingerprints = listing.fingerprints();
    let codes: Vec<&String> = listing.rules.keys().collect();
    // What is about no file has no place beside a line: it is about the run (3.20.21).
    let results = listing.problems.iter().zip(&fingerprints).filter_map(|(problem, fingerprint)| {
        let index = codes.iter().position(|code| **code == problem.code);
        result(listing, problem, index, fingerprint)
    });
    let version = env!("CARGO_PKG_VERSION");
    let mut document = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "billform",
                "version": version,
                "semanticVersion": version,
                "rules": rules(listing),
            }},
            "automationDetails": {"id": format!("billform/{}/", listing.command)},
            "invocations": [invocation(listing)],
            "columnKind": "unicodeCodePoints",
            "results": results.collect::<Vec<_>>(),
        }],
    });
    // English is what a run speaks that does not say it (3.14.7).
    if Language::spoken() != Language::English {
        document["runs"][0]["language"] = json!(Language::spoken().tag());
    }
    document
}

fn rules(listing: &Listing) -> Vec<Value> {
    let rule = |(code, rule): (&String, &super::Rule)| {
        let mut value = json!({"id": code, "shortDescription": {"text": plain(&rule.says)}});
        if let Some(page) = rule.page {
            // Viewers show it as it is; nothing from outside is in it.
            value["help"] = json!({"text": page, "markdown": page});
        }
        value
    };
    listing.rules.iter().map(rule).collect()
}

fn invocation(listing: &Listing) -> Value {
    let stops = listing.problems.iter().filter(|problem| problem.file.is_none());
    let stops: Vec<Value> = stops
        .map(|problem| json!({"descriptor": {"id": problem.code}, "level": "error", "message": message(problem)}))
        .collect();
    let notes = listing.rest().into_iter().chain(listing.notes.iter().cloned());
    let notes: Vec<Value> =
        notes.map(|note| json!({"level": "note", "message": {"text": plain(&note)}})).collect();
    json!({
        "executionSuccessful": stops.is_empty(),
        "exitCode": listing.exit_code,
        "toolExecutionNotifications": stops.into_iter().chain(notes).collect::<Vec<_>>(),
    })
}

fn result(listing: &Listing, problem: &Listed, rule: Option<usize>, fingerprint: &str) -> Option<Value> {
    let file = problem.file.as_deref()?;
    let mut place = Map::from_iter([("artifactLocation".to_owned(), artifact(file))]);
    if let Some((line, column)) = problem.spot {
        place.insert("region".to_owned(), json!({"startLine": line, "startColumn": column}));
    }
    let level = match problem.level {
        _ if listing.fails(problem) => "error",
        Level::Error | Level::Warning => "warning",
        Level::Note => "note",
    };
    let mut result = json!({
        "ruleId": problem.code,
        "level": level,
        "message": message(problem),
        "locations": [{"physicalLocation": place}],
        "partialFingerprints": {"billform/v1": fingerprint},
    });
    if let Some(index) = rule {
        result["ruleIndex"] = json!(index);
    }
    if let Some(reason) = &problem.accepted {
        result["suppressions"] =
            json!([{"kind": "inSource", "status": "accepted", "justification": lines(reason)}]);
    }
    Some(result)
}

fn message(problem: &Listed) -> Value {
    json!({"text": plain(&problem.told())})
}

/// Where a file is: a URI, relative where the path is (3.4.3).
fn artifact(file: &str) -> Value {
    let path: String = file.replace('\\', "/").bytes().map(encoded).collect();
    if path.starts_with('/') {
        return json!({"uri": format!("file://{path}")});
    }
    json!({"uri": path.strip_prefix("./").unwrap_or(&path), "uriBaseId": "%SRCROOT%"})
}

fn encoded(byte: u8) -> String {
    if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
        char::from(byte).to_string()
    } else {
        format!("%{byte:02X}")
    }
}

/// Text that is shown as it is: braces would begin a placeholder (3.11.5), brackets a link (3.11.6).
fn plain(text: &str) -> String {
    let text = lines(text).replace('{', "{{").replace('}', "}}");
    if text.contains("](") {
        text.replace('\\', "\\\\").replace('[', "\\[").replace(']', "\\]")
    } else {
        text
    }
}
