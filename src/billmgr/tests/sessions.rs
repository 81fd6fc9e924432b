//! Credentials: sessions that die, rights that are missing, logins that must not be tried twice.

use super::server::{Act, CANARY, Request, Server};
use crate::billmgr::failure::Denied;
use crate::billmgr::{Failure, FailureClass};
use crate::wire::Param;

const ACCESS: &str =
    r#"{"doc":{"error":{"$type":"access","msg":{"$":"insufficient privileges to perform enumeration"}}}}"#;
const BAD: &str = r#"{"doc":{"error":{"$type":"auth","$object":"badpassword","msg":{"$":"Invalid username or password"},"param":[{"$name":"object","$":"badpassword"},{"$name":"value","$":"192.0.2.7"}]}}}"#;
const DATA: &str = r#"{"doc":{"$func":"whoami","user":{"$name":"admin","$level":"29"},"ok":{}}}"#;
const TOTP: &str = r#"{"doc":{"ok":{"$":"func=totp.confirm"}}}"#;

fn login(id: usize) -> Act {
    Act::Json(format!(r#"{{"doc":{{"auth":{{"$id":"session{id}","$level":"29","$":"session{id}"}}}}}}"#))
}

/// Gives sessions by number of the request and takes only those for which the test says so.
fn guarded(good: fn(&str) -> bool) -> impl Fn(&Request, usize) -> Act + Send + Sync {
    move |request, before| match request.get("func") {
        "auth" => login(before),
        _ if good(request.get("auth")) => Act::Json(DATA.into()),
        _ => Act::Json(ACCESS.into()),
    }
}

fn funcs(server: &Server) -> Vec<String> {
    server.log().iter().map(|r| r.get("func").to_owned()).collect()
}

#[tokio::test]
async fn authinfo_is_in_the_body() {
    let server = Server::start(|_, _| Act::Json(DATA.into()));
    server.panel().await.reader().whoami().await.unwrap();
    let log = server.log();
    assert_eq!(log[0].get("authinfo"), format!("admin:{CANARY}"));
    assert_eq!(log[0].path, "/billmgr");
}

#[tokio::test]
async fn a_dead_session_is_renewed_once_for_reads_and_writes() {
    let server = Server::start(guarded(|id| id == "session2"));
    let panel = server.session().await.unwrap();
    panel.reader().whoami().await.unwrap();
    panel.writer().save("enumeration.edit", vec![]).await.unwrap();
    assert_eq!(funcs(&server), ["auth", "whoami", "auth", "whoami", "enumeration.edit"]);
    assert_eq!(server.log()[0].get("password"), CANARY);
    assert!(server.log().iter().all(|r| !r.form.contains_key("authinfo")));
}

#[tokio::test]
async fn concurrent_calls_renew_a_session_together() {
    let server = Server::start(guarded(|id| id != "session0"));
    let reader = server.session().await.unwrap().reader();
    let (a, b, c) = tokio::join!(reader.whoami(), reader.whoami(), reader.whoami());
    a.and(b).and(c).unwrap();
    assert_eq!(funcs(&server).iter().filter(|f| *f == "auth").count(), 2);
}

#[tokio::test]
async fn a_missing_right_is_told_after_one_renewal() {
    let server = Server::start(guarded(|_| false));
    let panel = server.session().await.unwrap();
    let failure = panel.reader().whoami().await.expect_err("no rights");
    assert_eq!(failure.class(), FailureClass::Rights);
    assert_eq!(funcs(&server), ["auth", "whoami", "auth", "whoami"]);
    let plain = server.panel().await.writer().save("enumeration.edit", vec![]).await;
    assert_eq!(plain.expect_err("no rights").class(), FailureClass::Rights);
    assert_eq!(server.log().len(), 5);
}

#[tokio::test]
async fn a_bad_password_is_tried_once() {
    let server = Server::start(|_, _| Act::Json(BAD.into()));
    let failure = server.session().await.err().unwrap();
    assert!(matches!(failure, Failure::Credentials { why: Denied::Password, .. }), "{failure}");
    assert_eq!(server.log().len(), 1);
    let failure = server.panel().await.reader().whoami().await.expect_err("bad");
    assert_eq!((failure.class(), failure.code()), (FailureClass::Credentials, "panel::credentials"));
    assert_eq!(server.log().len(), 2);
}

#[tokio::test]
async fn a_second_factor_and_a_denied_address_are_named() {
    let server = Server::start(|_, _| Act::Json(TOTP.into()));
    let panel = server.panel().await;
    for failure in [
        panel.reader().list("enumeration", &[]).await.expect_err("2fa"),
        panel.writer().act("enumeration.delete", vec![Param::text("elid", "1")]).await.expect_err("2fa"),
    ] {
        assert_eq!(failure.code(), "panel::second_factor");
    }
    let denied = BAD.replace("Invalid username or password", "Access from this IP denied");
    let server = Server::start(move |_, _| Act::Json(denied.clone()));
    let failure = server.session().await.err().unwrap();
    assert_eq!(failure.code(), "panel::address_denied");
}

#[tokio::test]
async fn a_login_survives_a_flaky_network() {
    let server = Server::start(|_, before| if before == 0 { Act::Hangup } else { login(before) });
    server.session().await.unwrap();
    assert_eq!(server.log().len(), 2);
    let server = Server::start(|_, _| Act::Json(DATA.into()));
    assert_eq!(server.session().await.err().unwrap().class(), FailureClass::Unreachable);
}

#[tokio::test]
async fn a_login_form_is_a_lost_login() {
    let form = r#"{"doc":{"$func":"logon","metadata":{"$type":"form","form":{}}}}"#;
    let server = Server::start(move |request, before| match request.get("func") {
        "auth" => login(before),
        _ if request.get("auth") == "session2" => Act::Json(DATA.into()),
        _ => Act::Json(form.into()),
    });
    server.session().await.unwrap().writer().save("enumeration.edit", vec![]).await.unwrap();
    let failure = server.panel().await.reader().whoami().await.expect_err("not logged in");
    assert_eq!(failure.class(), FailureClass::Credentials);
}
