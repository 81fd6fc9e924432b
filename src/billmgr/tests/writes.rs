//! Saves, wizards, actions.

use super::server::{Act, Request, Server};
use crate::billmgr::{FailureClass, Panel, Settings, Tape, Written};
use crate::wire::Param;

fn step(func: &str) -> String {
    format!(
        r#"{{"doc":{{"$func":"{func}","metadata":{{"$type":"form","form":{{"field":[{{"$name":"name","input":{{"$type":"text","$required":"yes"}}}},{{"$name":"elid","input":{{"$type":"hidden"}}}}]}}}},"name":{{}},"elid":{{"$":"5"}}}}}}"#
    )
}

fn edit(params: &[(&str, &str)]) -> Vec<Param> {
    params.iter().map(|&p| Param::from(p)).collect()
}

#[tokio::test]
async fn a_save_says_so() {
    let server = Server::start(|_, _| Act::Json(r#"{"doc":{"item.id":{"$":"31"},"ok":{}}}"#.into()));
    let writer = server.panel().await.writer();
    let params = edit(&[("name", "a+b & c"), ("func", "evil"), ("out", "xml"), ("auth", "x")]);
    let written = writer.save("enumeration.edit", params).await.unwrap();
    assert!(matches!(written, Written::Saved { id: Some(id) } if id == "31"));
    writer.save("pricelist.add.step2", edit(&[("clicked_button", "finish")])).await.unwrap();
    let log = server.log();
    assert_eq!(
        (log[0].get("sok"), log[0].get("clicked_button"), log[0].get("name")),
        ("ok", "ok", "a+b & c")
    );
    assert_eq!((log[0].get("func"), log[0].get("out"), log[0].get("auth")), ("enumeration.edit", "json", ""));
    assert_eq!(log[1].get("clicked_button"), "finish");
}

#[tokio::test]
async fn the_same_form_back_is_not_saved() {
    let server = Server::start(|_, _| Act::Json(step("enumeration.edit")));
    let failure = server.panel().await.writer().save("enumeration.edit", vec![]).await.expect_err("form");
    assert_eq!(failure.class(), FailureClass::NotSaved);
    assert!(failure.to_string().contains("empty: name"), "{failure}");
}

#[tokio::test]
async fn a_wizard_shows_its_next_step() {
    let server = Server::start(|request, _| match request.get("clicked_button") {
        "finish" => Act::Json(r#"{"doc":{"ok":{}}}"#.into()),
        _ => Act::Json(format!(
            r#"{{"doc":{{"$func":"x",{}}}}}"#,
            step("processing.add.settings").trim_start_matches('{').strip_suffix('}').unwrap()
        )),
    });
    let writer = server.panel().await.writer();
    let Written::Step(form) = writer.wizard_step("processing.add", edit(&[("snext", "")])).await.unwrap()
    else {
        panic!("not a step")
    };
    assert_eq!(form.func, "processing.add.settings");
    let last = writer.save(&form.func, edit(&[("clicked_button", "finish")])).await.unwrap();
    assert!(matches!(last, Written::Saved { id: None }));
    let log = server.log();
    assert_eq!((log[0].get("snext"), log[0].get("sok"), log[0].get("clicked_button")), ("ok", "ok", "next"));
}

#[tokio::test]
async fn an_action_confirms_when_asked_to() {
    let act = |request: &Request, _| match (request.get("func"), request.get("sok")) {
        ("enumeration.delete", "") => Act::Json(step("enumeration.delete.confirm")),
        ("enumeration.delete.confirm", "ok") => Act::Json(r#"{"doc":{"ok":{}}}"#.into()),
        _ => Act::Http(500, "", String::new()),
    };
    let server = Server::start(act);
    let writer = server.panel().await.writer();
    writer.act("enumeration.delete", edit(&[("elid", "9")])).await.unwrap();
    assert_eq!(server.log()[1].get("elid"), "9");
    assert_eq!(server.log().len(), 2);
}

#[tokio::test]
async fn an_action_without_a_form_is_one_request() {
    let server = Server::start(|_, _| Act::Json(r#"{"doc":{"$func":"user.suspend","ok":{}}}"#.into()));
    server.panel().await.writer().act("pricelist.suspend", edit(&[("elid", "9")])).await.unwrap();
    assert!(!server.log()[0].form.contains_key("sok"));
    assert_eq!(server.log().len(), 1);
}

#[tokio::test]
async fn another_form_is_not_confirmed() {
    let server = Server::start(|_, _| Act::Json(step("desktop")));
    let failure =
        server.panel().await.writer().act("enumeration.delete", vec![]).await.expect_err("not ours");
    assert_eq!(failure.class(), FailureClass::NotSaved);
    assert_eq!(server.log().len(), 1);
}

#[tokio::test]
async fn a_connection_that_is_recorded_reads_and_never_writes() {
    let server = Server::start(|request, _| match request.get("func") {
        "gone" => Act::Hangup,
        "denied" => Act::Json(r#"{"doc":{"error":{"$type":"access"}}}"#.into()),
        func => Act::Json(step(func)),
    });
    let tape = Tape::default();
    let settings = Settings { tape: Some(tape.clone()), retries: 0, ..server.settings() };
    let panel = Panel::connect(settings).await.unwrap();
    panel.reader().form("enumeration.edit", &[("plid", "2"), ("elid", "1")]).await.unwrap();
    panel.reader().form("denied", &[]).await.expect_err("no right");
    let writer = panel.writer();
    let params = || edit(&[("name", "x")]);
    for refused in [
        writer.save("enumeration.edit", params()).await.map(drop),
        writer.wizard_step("processing.add", params()).await.map(drop),
        writer.act("enumeration.delete", params()).await,
    ] {
        assert_eq!(refused.expect_err("a write").class(), FailureClass::NotSaved);
    }
    assert_eq!(server.log().len(), 2, "no write was sent");
    let reads = tape.reads().unwrap();
    let asked: Vec<&str> = reads.iter().map(|read| read.func.as_str()).collect();
    assert_eq!(asked, ["denied", "enumeration.edit"]);
    let params: Vec<(&str, &str)> = reads[1].params.iter().map(|(name, value)| (&**name, &**value)).collect();
    assert_eq!(params, [("elid", "1"), ("plid", "2")], "neither login nor format");
    // One that is not answered is missed.
    panel.reader().form("gone", &[]).await.expect_err("gone");
    assert_eq!(tape.reads().expect_err("missed").class(), FailureClass::Unreachable);
}
