//! What is repeated, and what is not.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::server::{Act, Request, Server};
use crate::billmgr::{Failure, FailureClass, Settings, Written};
use crate::wire::Param;

const FORM: &str = r#"{"doc":{"$func":"enumeration.edit","metadata":{"$type":"form","form":{"field":{"$name":"name","input":{"$type":"text"}}}},"name":{"$":"Panels"}}}"#;
const SAVED: &str = r#"{"doc":{"id":{"$":"12"},"ok":{}}}"#;
const IN_PROCESS: &str =
    r#"{"doc":{"error":{"$type":"process","msg":{"$":"Request in process, please wait"}}}}"#;

/// Misbehaves once, then answers properly.
fn once(bad: fn() -> Act) -> impl Fn(&Request, usize) -> Act + Send + Sync {
    move |request, before| match before {
        0 => bad(),
        _ if request.get("sok").is_empty() => Act::Json(FORM.into()),
        _ => Act::Json(SAVED.into()),
    }
}

async fn read(server: &Server) -> Result<String, Failure> {
    let form = server.panel().await.reader().form("enumeration.edit", &[]).await?;
    Ok(form.value("name").unwrap().to_owned())
}

async fn write(server: &Server) -> Result<Option<String>, Failure> {
    let params = vec![Param::text("name", "Panels")];
    let written = server.panel().await.writer().save("enumeration.edit", params).await?;
    match written {
        Written::Saved { id } => Ok(id),
        Written::Step(form) => panic!("the form `{}` came back", form.func),
    }
}

const TRANSIENT: [fn() -> Act; 6] = [
    || Act::Http(502, "", "<html><title>Bad gateway</title></html>".into()),
    || Act::Http(429, "Retry-After: 0\r\n", String::new()),
    || Act::Hangup,
    || Act::Half(FORM.into()),
    || Act::Json(FORM[..60].into()),
    || Act::Silence,
];

#[tokio::test]
async fn a_read_is_repeated_after_transient_trouble() {
    for bad in TRANSIENT {
        let server = Server::start(once(bad));
        assert_eq!(read(&server).await.as_deref(), Ok("Panels"));
        assert_eq!(server.log().len(), 2);
    }
}

#[tokio::test]
async fn a_write_is_not_repeated_and_its_outcome_is_unclear() {
    let foreign: [fn() -> Act; 3] = [
        || Act::Json("<html><title>Maintenance</title></html>".into()),
        || Act::Http(301, "Location: https://elsewhere.example.com/x?canary=1\r\n", String::new()),
        || Act::Json(r#"{"doc":{"$func":"enumeration.edit"}}"#.into()),
    ];
    for bad in TRANSIENT.into_iter().chain(foreign) {
        let server = Server::start(once(bad));
        let failure = write(&server).await.expect_err("unknown");
        assert_eq!(failure.class(), FailureClass::Unclear, "{failure}");
        assert_eq!(server.log().len(), 1, "{failure}");
    }
}

#[tokio::test]
async fn retries_end() {
    let server = Server::start(|_, _| Act::Http(503, "", String::new()));
    let failure = read(&server).await.expect_err("always 503");
    assert_eq!(failure.class(), FailureClass::Unreachable);
    assert!(failure.to_string().contains("HTTP 503"), "{failure}");
    assert_eq!(server.log().len(), 5);
}

#[tokio::test]
async fn a_cut_read_is_incomplete_in_the_end() {
    let server = Server::start(|_, _| Act::Json(FORM[..60].into()));
    assert_eq!(read(&server).await.expect_err("cut").class(), FailureClass::Incomplete);
}

#[tokio::test]
async fn foreign_pages_are_not_asked_twice() {
    for (act, says) in [
        ((|| Act::Json("<html><title>Proxy login</title></html>".into())) as fn() -> Act, "Proxy login"),
        (|| Act::Http(302, "Location: /billmgr?func=logon\r\n", String::new()), "HTTP 302"),
        (|| Act::Http(403, "", "no".into()), "HTTP 403"),
        (|| Act::Json("plain text".into()), "plain text"),
    ] {
        let server = Server::start(move |_, _| act());
        let failure = read(&server).await.expect_err("not the panel");
        assert_eq!(failure.class(), FailureClass::Unreachable, "{failure}");
        assert!(failure.to_string().contains(says), "{failure}");
        assert_eq!(server.log().len(), 1, "{failure}");
    }
}

#[tokio::test]
async fn an_error_document_counts_whatever_the_status() {
    let body = r#"{"doc":{"error":{"$type":"missed","$object":"elid","msg":{"$":"No such object"}}}}"#;
    let server = Server::start(move |_, _| Act::Http(500, "", body.into()));
    let failure = read(&server).await.expect_err("an error");
    assert_eq!(failure.panel_error().unwrap().kind, "missed");
    assert_eq!(server.log().len(), 1);
    assert_eq!(write(&server).await.expect_err("an error").class(), FailureClass::Refused);
}

#[tokio::test]
async fn a_busy_panel_is_waited_for_by_reads_and_writes() {
    let server = Server::start(once(|| Act::Json(IN_PROCESS.into())));
    assert_eq!(read(&server).await.as_deref(), Ok("Panels"));
    let server = Server::start(once(|| Act::Json(IN_PROCESS.into())));
    assert_eq!(write(&server).await, Ok(Some("12".to_owned())));
    let server = Server::start(|_, _| Act::Json(IN_PROCESS.into()));
    // It was never carried out, so its outcome is clear: nothing was changed.
    assert_eq!(write(&server).await.expect_err("busy").class(), FailureClass::Unreachable);
    assert!((4..20).contains(&server.log().len()));
}

#[tokio::test]
async fn a_refused_connection_is_retried_and_never_unclear() {
    let url = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        format!("http://{}/billmgr", listener.local_addr().unwrap())
    };
    let server = Server::start(|_, _| Act::Hangup);
    let panel = crate::billmgr::Panel::connect(Settings { url, ..server.settings() }).await.unwrap();
    let failure = panel.writer().save("enumeration.edit", vec![]).await.expect_err("nobody there");
    assert_eq!(failure.class(), FailureClass::Unreachable, "{failure}");
    assert_eq!(panel.requests_sent(), 5);
    assert!(failure.to_string().to_lowercase().contains("refused"), "{failure}");
}

fn long(last: &'static str, polls: usize) -> impl Fn(&Request, usize) -> Act + Send + Sync {
    let page = "<html><body>wait <a href=\"/long/q1/billmgr\">here</a></body></html>";
    move |request, before| {
        if request.method == "GET" {
            assert_eq!(request.path, "/long/q1/billmgr");
            assert!(request.form.is_empty());
        }
        if before < polls { Act::Json(page.into()) } else { Act::Json(last.into()) }
    }
}

#[tokio::test]
async fn a_long_request_is_polled() {
    let server = Server::start(long(FORM, 3));
    assert_eq!(read(&server).await.as_deref(), Ok("Panels"));
    let server = Server::start(long(SAVED, 3));
    assert_eq!(write(&server).await, Ok(Some("12".to_owned())));
    let methods: Vec<String> = server.log().into_iter().map(|r| r.method).collect();
    assert_eq!(methods, ["POST", "GET", "GET", "GET"]);
}

#[tokio::test]
async fn a_long_request_without_end_is_unclear_for_a_write() {
    let server = Server::start(long(SAVED, 10_000));
    assert_eq!(write(&server).await.expect_err("never").class(), FailureClass::Unclear);
    assert_eq!(server.log().iter().filter(|r| r.method == "POST").count(), 1);
    assert_eq!(read(&server).await.expect_err("never").class(), FailureClass::Unreachable);
}

#[tokio::test]
async fn a_long_address_elsewhere_is_not_followed() {
    let page = "<html><a href=\"http://127.0.0.1:1/long/q1/billmgr\">here</a></html>";
    let server = Server::start(move |_, _| Act::Json(page.into()));
    assert_eq!(write(&server).await.expect_err("html").class(), FailureClass::Unclear);
    assert_eq!(server.log().len(), 1);
}

#[tokio::test]
async fn a_reader_cannot_act() {
    let server = Server::start(|_, _| Act::Json(r#"{"doc":{"ok":{}}}"#.into()));
    let reader = server.panel().await.reader();
    assert_eq!(
        reader.answer("enumeration.delete", &[("elid", "1")]).await.expect_err("acts").class(),
        FailureClass::Incomplete
    );
    assert!(server.log().is_empty());
    reader.answer("enumeration.edit", &[("sok", "ok"), ("clicked_button", "ok")]).await.unwrap();
    assert!(!server.log()[0].form.contains_key("sok"));
}

#[tokio::test]
async fn whoami_reads_the_account_and_the_version() {
    let xml = "<doc lang=\"ru\" func=\"whoami\"><user level=\"29\" name=\"login\" id=\"4\" currency=\"RUB\" currency_id=\"126\"/><mgr version=\"6.94.1-x\" dist=\"3\">billmgr</mgr></doc>";
    let server = Server::start(move |_, _| Act::Json(xml.into()));
    let who = server.panel().await.reader().whoami().await.unwrap();
    assert_eq!((who.user.as_str(), who.level, who.version.as_deref()), ("login", Some(29), Some("6.94.1-x")));
    assert_eq!((who.manager.as_deref(), who.currency_id.as_deref()), (Some("billmgr"), Some("126")));
}

#[tokio::test]
async fn after_a_complaint_requests_go_one_by_one() {
    let (running, most) = (AtomicUsize::new(0), Arc::new(AtomicUsize::new(0)));
    let seen = Arc::clone(&most);
    let server = Server::start(move |_, before| {
        if before == 0 {
            return Act::Json(IN_PROCESS.into());
        }
        let now = running.fetch_add(1, Ordering::SeqCst) + 1;
        seen.fetch_max(now, Ordering::SeqCst);
        std::thread::sleep(std::time::Duration::from_millis(20));
        running.fetch_sub(1, Ordering::SeqCst);
        Act::Json(FORM.into())
    });
    let reader = server.panel().await.reader();
    reader.form("enumeration.edit", &[]).await.unwrap();
    let get = || reader.form("enumeration.edit", &[]);
    let (a, b, c, d) = tokio::join!(get(), get(), get(), get());
    a.and(b).and(c).and(d).unwrap();
    assert_eq!(most.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_tls_failure_is_never_unclear() {
    let server = Server::start(|_, _| Act::Hangup);
    let url = server.url().replace("http:", "https:");
    let settings = Settings { url, ..server.settings() };
    let panel = crate::billmgr::Panel::connect(settings).await.unwrap();
    let failure = panel.writer().save("enumeration.edit", vec![]).await.expect_err("no TLS");
    assert_eq!(failure.class(), FailureClass::Unreachable, "{failure}");
}
