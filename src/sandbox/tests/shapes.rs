//! Answers against the shapes on record.

use serde_json::{Value, json};

use super::super::{ADMIN, CLIENT, DENIED, Options, Sandbox, TWO_FACTOR};
use super::{SEEDS, call, get, hosting, post, rows, text};

fn parse(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

#[test]
fn list_has_the_recorded_layout() {
    let sandbox = hosting(0, &[]);
    let doc = call(&sandbox, "enumeration", &[("lang", "en")]);
    assert_eq!(doc["$func"], "enumeration");
    assert_eq!(doc["$lang"], "en");
    assert_eq!(doc["metadata"]["$name"], "enumeration");
    assert_eq!(doc["metadata"]["$type"], "list");
    assert_eq!(doc["metadata"]["$key"], "id");
    let group = &doc["metadata"]["toolbar"]["toolgrp"][0];
    assert_eq!(group["$name"], "new");
    assert_eq!(group["toolbtn"][0]["$func"], "enumeration.edit");
    assert_eq!(doc["metadata"]["coldata"]["col"][0]["$name"], "id");
    assert_eq!(doc["messages"]["msg"]["name"], "Name");
    assert_eq!(doc["messages"]["msg"]["short_item"], "Values");
    assert_eq!(text(&doc["elem"][0], "intname"), "backup");
    assert_eq!(doc["p_cnt"], json!({"$": "1000"}));
    assert_eq!(doc["p_num"], json!({"$": "1"}));
    assert_eq!(doc["p_elems"], json!({"$": "1"}));
    assert_eq!(doc["p_sort"], json!({"$": "id"}));
    assert_eq!(doc["p_order"], json!({"$": "asc"}));
    assert_eq!(doc["saved_filters"], json!({}));
    assert_eq!(doc["tparams"]["func"], json!({"$": "enumeration"}));
    assert!(doc["tparams"]["authinfo"]["$"].is_string());
}

#[test]
fn empty_list_has_no_elem() {
    let sandbox = Sandbox::start(Options::default()).unwrap();
    let doc = call(&sandbox, "pricelist", &[]);
    assert!(doc.get("elem").is_none());
    assert_eq!(doc["p_elems"], json!({"$": "0"}));
}

#[test]
fn messages_follow_the_language() {
    let sandbox = hosting(0, &[]);
    let english = call(&sandbox, "processing", &[("lang", "en")]);
    let russian = call(&sandbox, "processing", &[("lang", "ru")]);
    assert_eq!(english["messages"]["msg"]["short_customparam"], "Parameters");
    assert_eq!(russian["messages"]["msg"]["hint_customparam"], "Параметры");
    assert_eq!(text(&russian["elem"][0], "status"), "Включён");
}

#[test]
fn form_has_the_recorded_layout() {
    for seed in SEEDS {
        let sandbox = hosting(seed, &[]);
        let id = super::id_of(&rows(&sandbox, "enumeration", &[]), "intname", "backup");
        let doc = call(&sandbox, "enumeration.edit", &[("elid", &id), ("lang", "ru")]);
        assert_eq!(doc["metadata"]["$type"], "form");
        assert_eq!(doc["metadata"]["form"]["buttons"]["button"][0]["$name"], "ok");
        assert_eq!(doc["messages"]["msg"]["intname"], "Внутреннее имя");
        assert_eq!(text(&doc, "name_ru"), "Глубина резервных копий");
        assert_eq!(text(&doc, "id"), id);
        assert!(doc.get("ok").is_none());
        assert!(super::field_names(&doc).contains(&"intname".to_owned()));
        let paged = doc["metadata"]["form"].get("page").is_some();
        assert_eq!(paged, sandbox.names()["form.pages"] == "true");
    }
}

#[test]
fn failed_login_is_the_bare_error_document() {
    let sandbox = hosting(0, &[]);
    let answer =
        parse(&post(&sandbox, &[("func", "auth"), ("username", ADMIN), ("password", "no"), ("out", "json")]));
    let expected = json!({"doc": {"error": {
        "$type": "auth", "$object": "badpassword", "$lang": "en",
        "detail": {"$": "Invalid username or password"},
        "msg": {"$": "Invalid username or password"},
        "param": [
            {"$name": "object", "$type": "msg", "$": "badpassword"},
            {"$name": "value", "$": "127.0.0.1"}
        ]
    }}});
    assert_eq!(answer, expected);
    let login = format!("{ADMIN}:no");
    let answer = parse(&post(&sandbox, &[("func", "enumeration"), ("authinfo", &login), ("out", "json")]));
    assert_eq!(answer, expected);
}

#[test]
fn session_opens_serves_and_ends() {
    let sandbox = hosting(0, &[]);
    let password = sandbox.admin_password();
    let login = [("func", "auth"), ("username", ADMIN), ("password", password.as_str())];
    let json = parse(&post(&sandbox, &[&login[..], &[("out", "json")]].concat()));
    let auth = &json["doc"]["auth"];
    assert_eq!(auth["$id"], auth["$"]);
    assert_eq!(auth["$level"], "29");
    let id = auth["$id"].as_str().unwrap().to_owned();
    let xml = post(&sandbox, &[&login[..], &[("out", "xml")]].concat());
    assert!(xml.contains("<doc><auth id=\"") && xml.contains("\" level=\"29\">"), "{xml}");
    let list = |id: &str| parse(&post(&sandbox, &[("func", "project"), ("auth", id), ("out", "json")]));
    assert!(list(&id)["doc"].get("elem").is_some());
    sandbox.expire_sessions();
    let error = list(&id)["doc"]["error"].clone();
    assert_eq!(error["$type"], "access");
    assert_eq!(error["param"][1], json!({"$name": "value", "$": "project"}));
}

#[test]
fn one_time_key_opens_a_session_once() {
    let sandbox = hosting(0, &[]);
    let key = "0123456789abcdef";
    call(&sandbox, "session.newkey", &[("username", ADMIN), ("key", key)]);
    let login = [("func", "auth"), ("username", ADMIN), ("key", key), ("out", "json")];
    assert!(parse(&post(&sandbox, &login))["doc"]["auth"]["$id"].is_string());
    assert_eq!(parse(&post(&sandbox, &login))["doc"]["error"]["$type"], "auth");
}

#[test]
fn client_second_factor_and_denied_users_are_told_apart() {
    let sandbox = hosting(0, &[]);
    let ask = |user: &str, func: &str| {
        let login = format!("{user}:{}", sandbox.admin_password());
        let pairs = [("authinfo", login.as_str()), ("func", func), ("out", "json")];
        parse(&post(&sandbox, &pairs))["doc"].clone()
    };
    assert_eq!(ask(CLIENT, "processing")["error"]["$type"], "access");
    assert_eq!(ask(CLIENT, "whoami")["user"]["$level"], "16");
    assert_eq!(ask(TWO_FACTOR, "whoami"), json!({"ok": {"$": "func=totp.confirm"}}));
    assert_eq!(ask(DENIED, "whoami")["error"]["msg"]["$"], "Access from this IP denied");
    assert_eq!(ask(ADMIN, "whoami")["user"]["$level"], "29");
    assert_eq!(ask(ADMIN, "no.such.function")["error"]["$type"], "missed");
}

#[test]
fn xml_drops_metadata_and_devel_keeps_it() {
    let sandbox = hosting(0, &[]);
    let login = format!("{ADMIN}:{}", sandbox.admin_password());
    let ask = |out: &str| post(&sandbox, &[("authinfo", &login), ("func", "enumeration"), ("out", out)]);
    let xml = ask("xml");
    assert!(
        xml.starts_with("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<doc lang=\"en\" func=\"enumeration\"")
    );
    assert!(!xml.contains("<metadata") && !xml.contains("<messages"));
    assert!(xml.contains("<intname>backup</intname>") && xml.contains("<saved_filters/>"));
    let devel = ask("devel");
    assert!(devel.contains("<metadata name=\"enumeration\"") && devel.contains("<msg name=\"name\">"));
    assert_eq!(ask("sjson"), ask("json").replace("\"json\"", "\"sjson\""));
    assert!(ask("").starts_with("<!DOCTYPE html>"));
}

#[test]
fn bjson_is_flat() {
    let sandbox = hosting(0, &[]);
    let login = format!("{ADMIN}:{}", sandbox.admin_password());
    let ask = |pairs: &[(&str, &str)]| {
        let head = [("authinfo", login.as_str()), ("out", "bjson")];
        parse(&post(&sandbox, &[&head[..], pairs].concat()))
    };
    let list = ask(&[("func", "enumeration")]);
    assert_eq!(list["func"], "enumeration");
    assert_eq!(list["elem"][0]["intname"], "backup");
    assert!(list.get("doc").is_none());
    let id = list["elem"][0]["id"].as_str().unwrap();
    let form = ask(&[("func", "enumeration.edit"), ("elid", id)]);
    assert_eq!(form["model"]["intname"], "backup");
    let error = ask(&[("func", "enumeration.edit"), ("elid", "9999")]);
    assert_eq!(error["error"]["type"], "missed");
    assert!(error["error"].get("msg").is_some());
}

#[test]
fn get_is_accepted_and_order_and_pages_are_honoured() {
    let sandbox = hosting(0, &[]);
    let body = get(&sandbox, "/billmgr?func=pricelist.export&out=xml");
    assert!(body.contains("<itemtype_info>") && body.contains("length=\"12\""), "{body}");
    let page = call(&sandbox, "pricelist", &[("p_cnt", "4"), ("p_num", "2"), ("p_col", "-name")]);
    assert_eq!(page["elem"].as_array().unwrap().len(), 2);
    assert_eq!(page["p_elems"], json!({"$": "6"}));
    assert_eq!(page["page"][1], json!({"$": "5 - 6"}));
    assert_eq!(text(&page["elem"][1], "name"), "Dedicated E3");
    let found = rows(&sandbox, "pricelist", &[("filter", "on"), ("name", "pro")]);
    assert_eq!(found.len(), 1);
}

#[test]
fn errors_have_the_recorded_layout() {
    let sandbox = hosting(0, &[]);
    let doc = call(&sandbox, "enumeration.edit", &[("intname", "x"), ("sok", "ok")]);
    let error = &doc["error"];
    assert_eq!((&error["$type"], &error["$object"]), (&json!("value"), &json!("name")));
    assert_eq!(error["param"][0]["$name"], "object");
    assert_eq!(error["stack"]["action"][0]["$"], "enumeration.edit");
    assert!(error["msg"]["$"].is_string());
    let again = [("name", "Again"), ("intname", "backup"), ("sok", "ok")];
    assert_eq!(call(&sandbox, "enumeration.edit", &again)["error"]["$type"], "exists");
}

#[test]
fn requests_are_recorded() {
    let sandbox = hosting(0, &[]);
    call(&sandbox, "enumeration", &[]);
    call(&sandbox, "enumeration.edit", &[("name", "A"), ("intname", "a"), ("sok", "ok")]);
    let requests = sandbox.requests();
    let seen = requests.iter().map(|request| (request.func.as_str(), request.mutating));
    assert_eq!(seen.collect::<Vec<_>>(), [("enumeration", false), ("enumeration.edit", true)]);
    assert_eq!(requests[0].http_method, "POST");
    sandbox.clear_requests();
    assert!(sandbox.requests().is_empty());
}
