//! Every hostile mode is visible, and none of them is the end.

use serde_json::{Value, json};

use super::super::form::MASK;
use super::super::{ADMIN, Hostile, Sandbox};
use super::{SEEDS, call, full_form, get, hosting, id_of, post, rows, save, text};

fn login(sandbox: &Sandbox) -> String {
    format!("{ADMIN}:{}", sandbox.admin_password())
}

#[test]
fn modes_print_and_parse() {
    for mode in Hostile::ALL {
        assert_eq!(mode.to_string().parse(), Ok(mode));
    }
    assert!("no-such-mode".parse::<Hostile>().is_err());
}

#[test]
fn single_object() {
    let doc = call(&hosting(0, &[Hostile::SingleObject]), "enumeration", &[]);
    assert!(doc["elem"].is_object());
    assert!(call(&hosting(0, &[]), "enumeration", &[])["elem"].is_array());
}

fn form(modes: &[Hostile]) -> Value {
    let sandbox = hosting(0, modes);
    let id = id_of(&rows(&sandbox, "pricelist", &[]), "name", "VDS Start");
    call(&sandbox, "pricelist.edit", &[("elid", &id)])
}

#[test]
fn empty_values_and_omitted_booleans() {
    let plain = form(&[]);
    assert_eq!(text(&plain, "billdaily"), "off");
    assert_eq!(text(&plain, "access"), "null");
    let empty = form(&[Hostile::EmptyValues]);
    assert_eq!((&empty["billdaily"], &empty["access"]), (&json!({}), &json!({})));
    let omitted = form(&[Hostile::OmittedBooleans]);
    assert!(omitted.get("billdaily").is_none());
    assert_eq!(text(&omitted, "chargestoped"), "on");
}

#[test]
fn translated_cells() {
    let sandbox = hosting(0, &[Hostile::TranslatedCells]);
    let list = rows(&sandbox, "processing", &[("lang", "ru")]);
    let manual = list.iter().find(|row| row["module"]["$orig"] == "pmauto").unwrap();
    assert_eq!(text(manual, "module"), "Ручная обработка");
    assert_eq!(manual["status"]["$orig"], "on");
    let plans = rows(&sandbox, "pricelist", &[("lang", "ru")]);
    assert_eq!(plans[0]["name"], json!({"$orig": "VDS Start", "$": "VDS Старт"}));
}

#[test]
fn stored_filter_hides_rows_shows_itself_and_can_be_cleared() {
    let sandbox = hosting(0, &[Hostile::StoredFilter]);
    let doc = call(&sandbox, "processing", &[]);
    assert_eq!(doc["p_elems"]["$"], "1");
    assert_eq!(doc["filter"]["param"][0], json!({"$name": "name", "$": "vm6"}));
    let form = call(&sandbox, "processing.filter", &[]);
    assert_eq!(text(&form, "name"), "vm6");
    save(&sandbox, "processing.filter", &[("name", "")]);
    assert_eq!(rows(&sandbox, "processing", &[]).len(), 2);
    assert!(call(&sandbox, "processing", &[]).get("filter").is_none());
}

#[test]
fn page_size_two() {
    let sandbox = hosting(0, &[Hostile::PageSizeTwo]);
    let doc = call(&sandbox, "pricelist", &[("p_cnt", "1000"), ("p_num", "3")]);
    assert_eq!(doc["elem"].as_array().unwrap().len(), 2);
    assert_eq!((&doc["p_cnt"]["$"], &doc["p_elems"]["$"]), (&"2".into(), &"6".into()));
}

#[test]
fn select_is_ignored_once() {
    let sandbox = hosting(0, &[Hostile::SelectIgnored]);
    let [plan, _, resource] = super::entities::create_resource(&sandbox);
    let stored = |sandbox: &Sandbox| {
        let row = sandbox.export_state()["resource"][&resource].clone();
        row["restrictclientchange"].as_str().unwrap().to_owned()
    };
    assert_eq!(stored(&sandbox), "off", "the first save answered ok and kept the default");
    let ids = [("plid", plan.as_str()), ("elid", resource.as_str())];
    full_form(&sandbox, "pricelist.detail.edit", &ids, &[("restrictclientchange", "uponly")]);
    assert_eq!(stored(&sandbox), "uponly");
}

/// Fetches a long request's answer by its address.
fn follow(sandbox: &Sandbox, page: &str) -> String {
    let mut body = page.to_owned();
    for polls in 0..9 {
        if !body.starts_with("<!DOCTYPE") {
            assert!(polls > 0);
            return body;
        }
        let from = body.find("long/").unwrap();
        let address = &body[from..from + body[from..].find("billmgr").unwrap() + 7];
        body = get(sandbox, &format!("/{address}"));
    }
    panic!("never done: {body}");
}

#[test]
fn long_request() {
    for seed in 0..4 {
        let sandbox = hosting(seed, &[Hostile::LongRequest]);
        let login = login(&sandbox);
        let page = post(&sandbox, &[("authinfo", &login), ("func", "processing"), ("out", "json")]);
        let body = follow(&sandbox, &page);
        let doc: Value = serde_json::from_str(&body).unwrap();
        assert_eq!(doc["doc"]["elem"].as_array().unwrap().len(), 2);
        assert_eq!(sandbox.requests().len(), 1, "polls are not requests");
    }
}

#[test]
fn request_in_process_is_not_carried_out_and_passes_when_repeated() {
    let sandbox = hosting(0, &[Hostile::RequestInProcess]);
    let mut refused = 0;
    for number in 0..10 {
        let intname = format!("e{number}");
        let pairs = [("name", "A"), ("intname", intname.as_str()), ("sok", "ok")];
        let doc = call(&sandbox, "enumeration.edit", &pairs);
        if doc.get("error").is_some() {
            refused += 1;
            assert_eq!(doc["error"]["msg"]["$"], "Request in process, please wait");
            assert!(!sandbox.export_state().to_string().contains(&format!("\"{intname}\"")));
            save(&sandbox, "enumeration.edit", &pairs);
        }
    }
    assert!(refused > 1);
}

#[test]
fn session_expires_in_the_middle() {
    let sandbox = hosting(0, &[Hostile::SessionExpiry]);
    let password = sandbox.admin_password();
    let pairs = [("func", "auth"), ("username", ADMIN), ("password", &password), ("out", "json")];
    let answer: Value = serde_json::from_str(&post(&sandbox, &pairs)).unwrap();
    let id = answer["doc"]["auth"]["$id"].as_str().unwrap();
    let ask = || post(&sandbox, &[("func", "project"), ("auth", id), ("out", "json")]);
    let served = (0..50).take_while(|_| !ask().contains("\"$type\":\"access\"")).count();
    assert_eq!(served, 20);
    assert!(call(&sandbox, "project", &[]).get("elem").is_some(), "authinfo never expires");
}

#[test]
fn masked_password_is_stars_and_posting_the_stars_destroys_it() {
    let sandbox = hosting(0, &[Hostile::MaskedPasswords]);
    let id = id_of(&rows(&sandbox, "processing", &[]), "name", "vm6-falkenstein");
    let elid = ("elid", id.as_str());
    let view = call(&sandbox, "processing.edit", &[elid]).to_string();
    assert!(view.contains(MASK) && !view.contains("seeded-vm6-password"));
    full_form(&sandbox, "processing.edit", &[elid], &[]);
    assert_eq!(sandbox.export_state()["processing"][&id]["password"], MASK);
}

/// A client that is careful enough for every mode at once.
struct Careful<'a> {
    sandbox: &'a Sandbox,
    session: std::cell::RefCell<String>,
}

impl Careful<'_> {
    fn ask(&self, pairs: &[(&str, &str)]) -> Value {
        for _ in 0..4 {
            let session = self.session.borrow().clone();
            let head = [("auth", session.as_str()), ("out", "json")];
            let mut body = post(self.sandbox, &[&head[..], pairs].concat());
            if body.starts_with("<!DOCTYPE") {
                body = follow(self.sandbox, &body);
            }
            let doc = serde_json::from_str::<Value>(&body).unwrap()["doc"].clone();
            let error = &doc["error"];
            let message = error["msg"]["$"].as_str().unwrap_or_default();
            if message.starts_with("Insufficient privileges") {
                self.log_in();
            } else if message != "Request in process, please wait" {
                return doc;
            }
        }
        panic!("refused again and again: {pairs:?}");
    }

    fn log_in(&self) {
        let password = self.sandbox.admin_password();
        let login = [("func", "auth"), ("username", ADMIN), ("password", &password), ("out", "json")];
        let answer: Value = serde_json::from_str(&post(self.sandbox, &login)).unwrap();
        let id = answer["doc"]["auth"]["$id"].as_str().unwrap();
        id.clone_into(&mut self.session.borrow_mut());
    }

    fn all(&self, func: &str) -> Vec<Value> {
        let mut rows = Vec::new();
        for page in 1.. {
            let page = page.to_string();
            let doc = self.ask(&[("func", func), ("p_num", &page)]);
            assert!(doc.get("filter").is_none());
            match &doc["elem"] {
                Value::Array(items) => rows.extend(items.clone()),
                Value::Null => {}
                one => rows.push(one.clone()),
            }
            if rows.len().to_string() == text(&doc, "p_elems") {
                break;
            }
        }
        rows
    }
}

#[test]
fn all_modes_together_can_be_read_and_written() {
    for seed in SEEDS {
        let sandbox = hosting(seed, &Hostile::ALL);
        let careful = Careful { sandbox: &sandbox, session: std::cell::RefCell::default() };
        for (list, column) in [("processing", "name"), ("enumeration", "intname"), ("pricelist", "name")] {
            let func = format!("{list}.filter");
            let done = careful.ask(&[("func", &func), (column, ""), ("sok", "ok")]);
            assert!(done.get("ok").is_some(), "{done}");
        }
        assert_eq!(careful.all("pricelist").len(), 6);
        for number in 0..9 {
            let intname = format!("e{number}");
            let pairs = [("func", "enumeration.edit"), ("name", "E"), ("intname", &intname), ("sok", "ok")];
            assert!(careful.ask(&pairs).get("ok").is_some());
        }
        assert_eq!(careful.all("enumeration").len(), 10);
        let id = id_of(&careful.all("processing"), "name", "vm6-falkenstein");
        let view = careful.ask(&[("func", "processing.edit"), ("elid", &id)]);
        let names = super::field_names(&view);
        let mut pairs = vec![("func", "processing.edit"), ("elid", &id), ("sok", "ok"), ("name", "renamed")];
        let kept = names.iter().filter(|name| *name != "name" && text(&view, name) != MASK);
        pairs.extend(kept.map(|name| (name.as_str(), text(&view, name))));
        let saved = careful.ask(&pairs);
        assert!(saved.get("ok").is_some(), "seed {seed}: {saved}");
        let row = sandbox.export_state()["processing"][&id].clone();
        assert_eq!((&row["name"], &row["password"]), (&"renamed".into(), &"seeded-vm6-password".into()));
    }
}
