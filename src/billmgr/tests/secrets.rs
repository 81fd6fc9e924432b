//! No error shows a secret, however the server echoes it.

use secrecy::SecretString;

use super::server::{Act, CANARY, Request, Server};
use crate::billmgr::Failure;
use crate::wire::Param;

const WRITTEN: &str = "canary-written-42";

/// Echoes everything the request said, in one of many ways.
fn echo(request: &Request, how: usize) -> Act {
    let all: Vec<String> = request.form.iter().map(|(k, v)| format!("{k}={v}")).collect();
    let text = all.join("; ");
    let json = serde_json::to_string(&text).unwrap();
    let encoded = reqwest::Url::parse_with_params("http://x/", &request.form).unwrap().to_string();
    let error = |kind: &str| {
        let kind = serde_json::to_string(kind).unwrap();
        format!(
            r#"{{"doc":{{"error":{{"$type":{kind},"$object":{json},"msg":{{"$":{json}}},"param":{{"$name":"value","$":{json}}}}}}}}}"#
        )
    };
    match how {
        0 => Act::Json(error("value")),
        1 => Act::Json(error("auth")),
        2 => Act::Json(error("access")),
        3 => Act::Json(error(&text)),
        4 => Act::Json(format!("<html><title>{text}</title></html>")),
        5 => Act::Json(format!("<html><title>{encoded}</title></html>")),
        6 => Act::Json(text),
        7 => Act::Json(format!("{}{text}", "x".repeat(280))),
        8 => Act::Json(encoded),
        9 => Act::Http(403, "", text),
        10 => Act::Json(format!(r#"{{"doc":{{"$func":{json},"metadata":{{"$type":"list"}}}}}}"#)),
        11 => Act::Json(format!(
            r#"{{"doc":{{"error":{{"$type":"x","msg":{{"$":"Request in process {encoded}"}}}}}}}}"#
        )),
        _ => Act::Http(
            302,
            "Location: https://canary-written-42.example.com/?canary+p%26ss\r\n",
            String::new(),
        ),
    }
}

async fn failures(how: usize, session: bool) -> Vec<Failure> {
    let server = Server::start(move |request, _| match request.get("func") {
        "auth" => Act::Json(r#"{"doc":{"auth":{"$id":"canary-session-id"}}}"#.into()),
        _ => echo(request, how),
    });
    let panel = if session { server.session().await.unwrap() } else { server.panel().await };
    let secret = || vec![Param::secret("password", SecretString::from(WRITTEN))];
    vec![
        panel.writer().save("processing.edit", secret()).await.expect_err("echo"),
        panel.writer().act("processing.delete", secret()).await.expect_err("echo"),
        panel.reader().list("processing", &[]).await.expect_err("echo"),
        panel.reader().form("processing.edit", &[]).await.expect_err("echo"),
    ]
}

#[tokio::test]
async fn errors_are_free_of_secrets() {
    for how in 0..13 {
        for session in [false, true] {
            for failure in failures(how, session).await {
                let shown = format!("{failure} {failure:?} {}", failure.help());
                assert!(!shown.contains("canary"), "{how}: {shown}");
                assert!(!shown.contains("ss/w"), "{how}: {shown}");
                assert!(!failure.to_string().contains(['\n', '\u{1b}']), "{how}: {shown}");
            }
        }
    }
    assert!(CANARY.starts_with("canary"));
}
