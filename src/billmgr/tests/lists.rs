//! Whole lists, or none.

use std::fmt::Write;

use super::server::{Act, Request, Server};
use crate::billmgr::{Failure, FailureClass, FilterState, Listing};

/// A page of rows 1..=have, cut to `cap` rows whatever was asked for.
fn page(request: &Request, have: usize, cap: usize, total: &str) -> Act {
    let number: usize = request.get("p_num").parse().unwrap();
    let mut elems = String::new();
    for id in (1..=have).skip((number - 1) * cap).take(cap) {
        write!(elems, "{{\"id\":{{\"$\":\"{id}\"}}}},").unwrap();
    }
    Act::Json(list(elems.trim_end_matches(','), total, ""))
}

fn list(elems: &str, total: &str, toolbar: &str) -> String {
    format!(
        r#"{{"doc":{{"$func":"enumeration","metadata":{{"$type":"list","$key":"id","toolbar":{{"toolgrp":{{"toolbtn":[{toolbar}]}}}}}},"elem":[{elems}]{total}}}}}"#
    )
}

async fn read(act: impl Fn(&Request, usize) -> Act + Send + Sync + 'static) -> Result<Listing, Failure> {
    Server::start(act).panel().await.reader().list("enumeration", &[("elid", "7")]).await
}

fn why(result: Result<Listing, Failure>) -> String {
    let failure = result.expect_err("not to be trusted");
    assert_eq!(failure.class(), FailureClass::Incomplete, "{failure}");
    failure.to_string()
}

const TOTAL_5: &str = r#","p_elems":{"$":"5"}"#;

#[tokio::test]
async fn a_server_that_cuts_pages_short_is_read_to_the_end() {
    let server = Server::start(|request, _| page(request, 5, 2, TOTAL_5));
    let panel = server.panel().await;
    let listing = panel.reader().list("enumeration", &[("elid", "7")]).await.unwrap();
    let ids: Vec<&str> = listing.rows.iter().map(|row| row.id.as_str()).collect();
    assert_eq!(ids, ["1", "2", "3", "4", "5"]);
    assert_eq!(
        (listing.certificate.pages, listing.certificate.rows, listing.certificate.total),
        (3, 5, Some(5))
    );
    assert_eq!(listing.certificate.filter, FilterState::NotOffered);
    assert!(listing.certificate.complete());
    assert_eq!(panel.requests_sent(), 3);
    let log = server.log();
    assert!(log.iter().all(|r| r.method == "POST" && r.path == "/billmgr" && r.get("elid") == "7"));
    assert!(
        log.iter().all(|r| r.get("out") == "json" && r.get("lang") == "en" && !r.form.contains_key("sok"))
    );
    assert_eq!(log[0].referer.as_deref(), Some(server.url().as_str()));
    assert_eq!((log[0].get("p_cnt"), log[2].get("p_num")), ("500", "3"));
}

#[tokio::test]
async fn an_empty_list_is_complete_only_if_the_server_says_so() {
    let zero = read(|_, _| Act::Json(list("", r#","p_elems":{"$":"0"}"#, ""))).await.unwrap();
    assert!(zero.rows.is_empty() && zero.certificate.complete());
    let silent = read(|_, _| Act::Json(list("", "", ""))).await.unwrap();
    assert!(!silent.certificate.complete());
}

#[tokio::test]
async fn without_a_total_nothing_is_proven() {
    let listing = read(|_, _| Act::Json(list(r#"{"id":{"$":"1"}}"#, "", ""))).await.unwrap();
    assert_eq!(listing.rows.len(), 1);
    assert!(!listing.certificate.complete());
}

#[tokio::test]
async fn counts_that_do_not_add_up_are_refused() {
    assert!(why(read(|request, _| page(request, 3, 2, TOTAL_5)).await).contains("3 of 5"));
    assert!(why(read(|request, _| page(request, 6, 6, TOTAL_5)).await).contains("counts 5"));
    let repeating = |_: &Request, _| Act::Json(list(r#"{"id":{"$":"1"}},{"id":{"$":"2"}}"#, TOTAL_5, ""));
    assert!(why(read(repeating).await).contains("twice"));
    let keyless = |_: &Request, _| Act::Json(list(r#"{"name":{"$":"x"}}"#, TOTAL_5, ""));
    assert!(why(read(keyless).await).contains("key column"));
}

#[tokio::test]
async fn a_list_that_changes_while_read_is_read_again() {
    let listing = read(|request, before| {
        let total = if before == 0 { r#","p_elems":{"$":"4"}"# } else { TOTAL_5 };
        page(request, 5, 3, total)
    })
    .await
    .unwrap();
    assert!(listing.certificate.complete());
    assert_eq!(listing.rows.len(), 5);
}

#[tokio::test]
async fn something_else_is_not_a_list() {
    let form = r#"{"doc":{"$func":"enumeration","metadata":{"$type":"form","form":{}}}}"#;
    assert!(why(read(move |_, _| Act::Json(form.into())).await).contains("form"));
    let other = list("", TOTAL_5, "").replace("\"$func\":\"enumeration\"", "\"$func\":\"desktop\"");
    assert!(why(read(move |_, _| Act::Json(other.clone())).await).contains("desktop"));
}

const FILTER: &str = r#"{"$name":"filter","$func":"enumeration.filter","$type":"form"}"#;

fn filter_form(value: &str) -> String {
    format!(
        r#"{{"doc":{{"$func":"enumeration.filter","metadata":{{"$type":"form","form":{{"field":[{{"$name":"elid","input":{{"$type":"hidden","$name":"elid"}}}},{{"$name":"name","input":{{"$type":"text","$name":"name"}}}},{{"$name":"kind","select":{{"$name":"kind"}}}}]}}}},"elid":{{"$":"7"}},"kind":{{"$":"null"}},"name":{{"$":"{value}"}}}}}}"#
    )
}

async fn filtered(value: &'static str) -> Result<Listing, Failure> {
    read(move |request, _| match request.get("func") {
        "enumeration" => Act::Json(list(r#"{"id":{"$":"1"}}"#, r#","p_elems":{"$":"1"}"#, FILTER)),
        _ => Act::Json(filter_form(value)),
    })
    .await
}

#[tokio::test]
async fn a_stored_filter_stops_the_read() {
    assert_eq!(filtered("").await.unwrap().certificate.filter, FilterState::None);
    let text = why(filtered("vds").await);
    assert!(text.contains("(name)") && text.contains("enumeration.filter"), "{text}");
    let shown = list("", TOTAL_5, "").replace(TOTAL_5, r#","filter":{"param":{"$name":"name","$":"vds"}}"#);
    assert!(why(read(move |_, _| Act::Json(shown.clone())).await).contains("filter"));
}
