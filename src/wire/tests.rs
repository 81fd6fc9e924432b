//! The shapes recorded from running panels, values changed.

use super::{Control, Param, ParamValue, decode};

fn answer(text: &str) -> super::Answer {
    decode(text.as_bytes()).unwrap()
}

/// BILLmanager 6.94.1, `out=devel`: the payment list of its log.
const PAYMENTS: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<doc lang="en" func="payment" binary="/billmgr">
  <metadata name="payment" type="list" key="id" keyname="number" mgr="billmgr">
    <toolbar>
      <toolgrp name="new"><toolbtn func="payment.add" name="new" type="new" level="user"/></toolgrp>
      <toolgrp name="edit">
        <toolbtn func="payment.delete" name="delete" type="group" warning="yes"><hide name="status" value="Paid"/></toolbtn>
        <toolbtn func="payment.price" name="price" type="editlist"/>
      </toolgrp>
    </toolbar>
    <coldata><col name="id" type="data" sort="digit" sorted="-1"/><col name="status" type="msg"/></coldata>
  </metadata>
  <messages name="payment" checked="x"><msg name="id">Id</msg><msg name="price">Price</msg><msg name="short_delete">Delete</msg><msg name="hint_delete">Delete the payment</msg><msg name="hint_new">New payment</msg></messages>
  <tparams><func>payment</func><auth>abc</auth></tparams>
  <saved_filters/>
  <p_sort>id</p_sort><p_order>desc</p_order>
  <page>6 - 1</page>
  <elem><id>6</id><status color="green" orig="4">Paid</status><sum>10.00 RUB</sum></elem>
  <elem><id>5</id><status color="red" orig="1">New</status><fast/></elem>
  <p_cnt>1000</p_cnt><p_num>1</p_num><p_elems>2</p_elems>
</doc>"#;

#[test]
fn a_list() {
    let page = answer(PAYMENTS).page().unwrap();
    assert_eq!((page.func.as_str(), page.key.as_str()), ("payment", "id"));
    assert_eq!((page.total, page.number, page.size, page.filtered), (Some(2), Some(1), Some(1000), false));
    let row = &page.rows[0];
    assert_eq!((row.id.as_str(), row.get("status"), row.shown("status")), ("6", Some("4"), Some("Paid")));
    assert_eq!(
        (row.shown("sum"), row.cells.contains_key("fast"), page.rows[1].cells.contains_key("fast")),
        (Some("10.00 RUB"), false, true)
    );
    assert_eq!(row.cells["status"].attrs["color"], "green");
    let labels: Vec<_> =
        page.toolbar.iter().map(|b| (b.func.as_str(), b.kind.as_str(), b.label.as_deref())).collect();
    assert_eq!(
        labels,
        [
            ("payment.add", "new", Some("New payment")),
            ("payment.delete", "group", Some("Delete")),
            ("payment.price", "editlist", Some("Price"))
        ]
    );
    assert_eq!(page.toolbar[1].hide, [("status".to_owned(), "Paid".to_owned())]);
    assert_eq!(page.columns[0].label.as_deref(), Some("Id"));
}

#[test]
fn a_list_in_json_keyed_by_another_column() {
    // The layout of an ISPmanager answer: objects and arrays as there, the key is `name`.
    let page = answer(
        r#"{"doc":{"$func":"webdomain","metadata":{"$type":"list","$key":"name",
            "toolbar":{"toolgrp":[{"$name":"new","toolbtn":[{"$name":"new","$func":"webdomain.edit","$type":"new"}]}]},
            "coldata":{"col":[{"$name":"name","$type":"data"}]}},
            "messages":{"$name":"webdomain","msg":{"name":"Domain","short_new":"Add"}},
            "elem":[{"id":{"$":"1"},"name":{"$":"Shown","$orig":"example.com"},"ssl_issued_success":{}}],
            "p_elems":{"$":"1"},"saved_filters":{}}}"#,
    )
    .page()
    .unwrap();
    assert_eq!(page.rows[0].id, "example.com");
    assert!(page.rows[0].cells.contains_key("ssl_issued_success"));
    assert_eq!(page.toolbar[0].label.as_deref(), Some("Add"));
    let single = r#"{"doc":{"$func":"x","metadata":{"$type":"list"},"elem":{"id":7,"on":true},"p_elems":1}}"#;
    let page = answer(single).page().unwrap();
    assert_eq!((page.rows[0].id.as_str(), page.rows[0].get("on"), page.total), ("7", Some("true"), Some(1)));
    let empty = r#"{"doc":{"$func":"x","metadata":{"$type":"list","$key":"id"},"p_elems":{"$":"0"}}}"#;
    assert!(answer(empty).page().unwrap().rows.is_empty());
}

#[test]
fn a_filter_in_force_is_seen() {
    let with = |more: &str| {
        let text = format!(r#"{{"doc":{{"$func":"x","metadata":{{"$type":"list"}},{more}}}}}"#);
        answer(&text).page().unwrap().filtered
    };
    assert!(with(r#""filter":{"param":{"$name":"ip","$":"1"}}"#));
    assert!(with(r#""filter":{"param":[{"$name":"ip"}]}"#));
    assert!(!with(r#""filter":{},"saved_filters":{}"#));
    assert!(with(r#""saved_filters":{"filter":{"$name":"mine","$active":"yes"}}"#));
    assert!(!with(r#""saved_filters":{"filter":{"$name":"mine"}}"#));
}

/// The filter form of the same log, with the controls other recorded forms have.
const FORM: &str = r#"<doc func="payment.filter">
  <metadata name="payment.filter" type="form" mgr="billmgr" decorated="yes"><form>
    <field name="id"><input type="text" name="id" required="yes"/></field>
    <field name="restrictrefund"><select name="restrictrefund"/></field>
    <page name="more">
      <field name="createdate"><select name="createdate" setvalues="yes"><if value="other"/><else hide="createdatestart"/></select></field>
      <field name="createdatestart"><input type="text" name="createdatestart" readonly="yes"/></field>
      <field name="active"><input type="checkbox" name="active"/></field>
      <field name="kind"><select name="kind" depend="restrictrefund"/></field>
      <field name="many"><select name="many" type="multiple"/></field>
      <field name="password"><input type="password" name="password"/></field>
      <field name="token"><input type="text" name="token" private="yes"/></field>
      <field name="elid"><input type="hidden" name="elid"/></field>
      <field name="prices"><list name="prices"/></field>
      <field name="note"><textarea name="note"/></field>
      <field name="size"><slider name="size"/></field>
      <field name="absent"><input type="text" name="absent"/></field>
    </page>
    <buttons><button name="ok" type="ok"/><button name="cancel" type="cancel"/></buttons>
  </form></metadata>
  <messages><msg name="restrictrefund">Refund</msg></messages>
  <slist name="restrictrefund"><val msg="yes" key="null">-- not set --</val><val msg="yes" key="on">Denied</val></slist>
  <slist name="kind"><val key="1" depend="on">One</val></slist>
  <slist name="createdate"><val key="other">Other</val><val key="today">Today</val></slist>
  <id/><restrictrefund/><createdate>today</createdate><createdatestart>x</createdatestart><active/><many/>
  <kind/><password>********</password><token>t0ken</token><elid>9</elid><note>a
b</note><size>3</size>
  <tparams><func>payment.filter</func></tparams><monthly126>5.00</monthly126>
</doc>"#;

#[test]
fn a_form() {
    let form = answer(FORM).form().unwrap();
    assert_eq!(form.buttons, ["ok", "cancel"]);
    assert!(!form.wizard);
    assert_eq!(form.extra.keys().collect::<Vec<_>>(), ["monthly126"]);
    assert_eq!(form.value("monthly126"), Some("5.00"));
    let refund = form.field("restrictrefund").unwrap();
    assert_eq!((refund.control, refund.label.as_deref()), (Control::Select, Some("Refund")));
    assert_eq!(refund.choices[1].label, "Denied");
    let kind = form.field("kind").unwrap();
    assert_eq!(
        (kind.depends_on.as_deref(), kind.choices[0].depend.as_deref()),
        (Some("restrictrefund"), Some("on"))
    );
    assert!(kind.unread() && !refund.unread());
    assert!(form.field("createdate").unwrap().rerenders);
    assert_eq!((form.value("id"), form.value("absent")), (Some(""), None));
    assert!(form.field("id").unwrap().required);
}

#[test]
fn a_form_posts_back_what_it_holds() {
    let form = answer(FORM).form().unwrap();
    let posted = form.postable();
    let posted: Vec<(&str, &str)> = posted.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    assert_eq!(
        posted,
        [
            ("id", ""),
            ("restrictrefund", "null"),
            ("createdate", "today"),
            ("active", "off"),
            ("many", ""),
            ("elid", "9"),
            ("note", "a\nb"),
            ("size", "3"),
        ]
    );
    let secret = |p: &Param| matches!(p.value, ParamValue::Secret(_));
    let secrets: Vec<String> =
        form.unchanged().iter().filter(|p| secret(p)).map(|p| p.name.clone()).collect();
    assert_eq!(secrets, ["token"]);
    assert!(!format!("{form:?} {:?}", form.unchanged()).contains("t0ken"));
}

#[test]
fn a_wizard_step_inside_a_document() {
    let text = r#"{"doc":{"$func":"payment.add","doc":{"$func":"payment.add.method","metadata":{"$type":"form","form":{"$wizard":"first","field":{"$name":"snext","input":{"$type":"hidden","$name":"snext"}}}},"snext":{"$":"ok"}}}}"#;
    let answer = answer(text);
    assert_eq!(answer.func(), Some("payment.add.method"));
    let form = answer.form().unwrap();
    assert!(form.wizard);
    assert_eq!(form.postable(), [("snext".to_owned(), "ok".to_owned())]);
}

#[test]
fn success_needs_ok_and_no_error() {
    // An ISPmanager answer to user.suspend, key set complete.
    let done = answer(
        r#"{"doc":{"$lang":"en","$func":"user.suspend","$notify":"","ok":{},"saved_filters":{},"tparams":{"elid":{"$":"user0"}}}}"#,
    );
    assert_eq!(done.ok().unwrap().text, None);
    assert_eq!(done.created_id(), None);
    let id = |text: &str| answer(text).created_id();
    assert_eq!(id(r#"{"doc":{"id":{"$":"31"},"ok":{}}}"#).as_deref(), Some("31"));
    assert_eq!(id(r#"{"doc":{"item.id":{"$":"32"},"ok":{"$type":"url","$":"x"}}}"#).as_deref(), Some("32"));
    assert_eq!(id(r#"{"doc":{"id":{"$":"31"}}}"#), None);
    assert_eq!(id(r#"{"doc":{"id":{"$":"31"},"ok":{},"error":{"$type":"value"}}}"#), None);
}

#[test]
fn errors() {
    let login = answer(
        r#"{"doc":{"error":{"$type":"auth","$object":"badpassword","$lang":"en","detail":{"$":"d"},"msg":{"$":"Invalid\n\u001b[31m password"},
            "param":[{"$name":"object","$type":"msg","$":"badpassword"},{"$name":"value","$":"192.0.2.1"}]}}}"#,
    )
    .error()
    .unwrap();
    assert_eq!(login.to_string(), "auth (badpassword): Invalid [31m password");
    assert_eq!(login.value.as_deref(), Some("192.0.2.1"));
    let value = answer(
        r#"<doc><error type="value" object="elid" lang="ru" code="1"><param name="object" type="msg">elid</param><param name="value">999</param>
            <stack><action level="30" user="root">processing.edit</action></stack><group>bad '__object__': __value__</group></error></doc>"#,
    )
    .error()
    .unwrap();
    assert_eq!((value.kind.as_str(), value.message.as_str()), ("value", "bad 'elid': 999"));
    let single = r#"{"doc":{"error":{"$type":"exists","param":{"$name":"value","$":"x"}}}}"#;
    assert_eq!(answer(single).error().unwrap().value.as_deref(), Some("x"));
    assert_eq!(answer(r#"{"doc":{"error":"boom"}}"#).error().unwrap().to_string(), "unknown: boom");
}
