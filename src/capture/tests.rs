use super::{
    About, Recording,
    table::{Class, FIELDS, PLACES},
};
use crate::{
    billmgr::Heard,
    wire::{self, Node},
};
use proptest::prelude::*;

/// Stands for whatever may be somebody's.
const CANARY: &str = "Kanarienvogel";

fn heard(func: &str, params: &[(&str, &str)], answer: &str) -> Heard {
    Heard {
        func: func.to_owned(),
        params: params.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
        answer: wire::decode(answer.as_bytes()).unwrap().root().clone(),
    }
}

fn recorded(heard: &[Heard]) -> Recording {
    let about = About {
        tool: "billform".to_owned(),
        date: "2026-01-31".to_owned(),
        panel_version: None,
        level: Some(29),
        failed: Vec::new(),
    };
    Recording::new(heard, &[], about)
}

fn all(recording: &Recording) -> String {
    recording.texts().map(|(name, text)| format!("{name}\n{text}\n")).collect()
}

/// An answer with a canary in each place that has no business in a recording.
const FORM: &str = r#"{"doc":{"$func":"processing.edit","$lang":"en","$host":"https://Kanarienvogel.example.com",
 "$notify":"Kanarienvogel","$user":"Kanarienvogel",
 "metadata":{"$type":"form","$name":"processing.edit","$note":"Kanarienvogel","form":{"field":[
  {"$name":"name","input":{"$type":"text","$name":"name","$default":"Kanarienvogel"}},
  {"$name":"key7","input":{"$type":"text","$name":"key7","$private":"yes"}},
  {"$name":"word","input":{"$type":"password","$name":"word"}},
  {"$name":"api_token","input":{"$type":"text","$name":"api_token"}},
  {"$name":"memo","textarea":{"$name":"memo"}},
  {"$name":"owner","select":{"$name":"owner"}},
  {"$name":"module","select":{"$name":"module"}}]}},
 "messages":{"msg":{"title":"Kanarienvogel","name":"Name","hint_owner":"Ask Kanarienvogel@example.com",
  "other":"Kanarienvogel","owner":"Owner"}},
 "slist":[{"$name":"owner","$note":"Kanarienvogel","val":[{"$key":"null","$":"-- none --"},
   {"$key":"7","$":"Kanarienvogel one"},{"$key":"31337001","$":"two Kanarienvogel"},
   {"$key":"Kanarienvogel","$":"3"}]},
  {"$name":"module","val":[{"$key":"pmbillmgr","$":"BILLmanager"}]}],
 "tparams":{"authinfo":{"$":"admin:Kanarienvogel"},"out":{"$":"json"}},
 "saved_filters":{"filter":{"$name":"Kanarienvogel"}},
 "banner":{"text":{"$":"Kanarienvogel"}},"list":{"$name":"x","elem":{"name":{"$":"Kanarienvogel"}}},
 "name":{"$":"Kanarienvogel"},"key7":{"$":"Kanarienvogel"},"word":{"$":"Kanarienvogel"},
 "api_token":{"$":"Kanarienvogel"},"memo":{"$":"Dear Kanarienvogel,\nplease call +49 171 5551234"},
 "owner":{"$":"31337001"},"module":{"$":"pmbillmgr"},"unheard_of":{"$":"Kanarienvogel"},
 "Kanarienvogel Anna":{"$":"1"}}}"#;

const LIST: &str = r#"{"doc":{"$func":"processing",
 "metadata":{"$type":"list","$key":"id","toolbar":{"toolbtn":[
   {"$name":"edit","$func":"processing.edit","$type":"edit"},
   {"$name":"people","$func":"account","$type":"list"},
   {"$name":"suspend","$func":"processing.suspend","hide":{"$name":"state","$value":"Sleeping"}}]},
  "coldata":{"col":[{"$name":"id"},{"$name":"name"},{"$name":"state"}]}},
 "elem":[{"id":{"$":"5","$note":"Kanarienvogel"},"name":{"$":"Kanarienvogel","$orig":"Kanarienvogel2"},
   "state":{"$":"Sleeping"},"url":{"$":"https://Kanarienvogel.example.com/billmgr"},
   "cost":{"$":"4711.50 Kanarienvogel"}},
  {"id":{"$":"6"},"name":{"$":"Kanarienvogel2"},"state":{"$":"Kanarienvogel"},"cost":{"$":"0.00"}}],
 "filter":{"param":{"$name":"name","$":"Kanarienvogel"}},
 "p_elems":{"$":"2"},"p_num":{"$":"1"},"page":{"$":"Kanarienvogel"}}}"#;

const REFUSAL: &str = r#"{"doc":{"error":{"$type":"missed","$object":"elid","$who":"Kanarienvogel",
 "msg":{"$":"There is no Kanarienvogel"},"detail":{"$":"Kanarienvogel"},"param":{"$name":"value","$":"Kanarienvogel"},
 "stack":{"action":{"$user":"Kanarienvogel","$":"x"}}}}}"#;

const WHOAMI: &str = r#"{"doc":{"user":{"$name":"Kanarienvogel","$realname":"Anna Kanarienvogel",
 "$email":"Kanarienvogel@example.com","$level":"29","$id":"1"},"mgr":{"$":"billmgr","$version":"6.94.1"},
 "path":{"$name":"Kanarienvogel","$":"1"}}}"#;

#[test]
fn nothing_that_may_be_somebodys_is_recorded_wherever_it_stands() {
    let recording = recorded(&[
        heard("processing", &[("p_num", "1"), ("name", CANARY), ("password", CANARY)], LIST),
        heard("processing.edit", &[("elid", "5")], FORM),
        heard("processing.edit", &[("elid", "6")], REFUSAL),
        heard("whoami", &[], WHOAMI),
    ]);
    let text = all(&recording);
    for part in [CANARY, "Anna", "31337001", "4711", "5551234", "authinfo", "example.com"] {
        assert!(!text.contains(part), "{part} is in\n{text}");
    }
    assert!(!text.contains("\"key\":\"7\""), "an id of what is not listed: {text}");
    // It is still about something.
    for part in [
        "\"key\":\"null\"}",
        "\"key\":\"pmbillmgr\"},\"text\":\"BILLmanager\"",
        "\"name\":\"hide\"",
        "\"text\":\"Sleeping\"",
        "\"type\":\"missed\"",
        "\"level\":\"29\"",
        "\"version\":\"6.94.1\"",
        "\"text\":\"0.00\"",
        "\"text\":\"Owner\"",
    ] {
        assert!(text.contains(part), "{part} is not in\n{text}");
    }
}

#[test]
fn the_same_value_has_the_same_stand_in_wherever_it_stands() {
    let recording = recorded(&[
        heard("processing", &[], LIST),
        heard("processing.edit", &[("elid", "5"), ("memo", CANARY)], FORM),
    ]);
    let (list, form) = (&recording.files[0].text, &recording.files[1].text);
    let name = |text: &str| {
        let line = text.lines().find(|line| line.contains("\"name\":\"name\",") && line.contains("text-"));
        let (_, rest) = line.unwrap().split_once("\"text\":\"").unwrap();
        rest.split('"').next().unwrap().to_owned()
    };
    assert_eq!(name(list), name(form));
    assert_eq!(recording.index.reads[1].params["memo"], name(list));
}

#[test]
fn functions_about_people_are_left_out_even_where_a_button_leads_to_them() {
    let people = LIST.replace("processing", "account");
    let recording = recorded(&[
        heard("processing", &[], LIST),
        heard("account", &[], &people),
        heard("ticket.edit", &[("elid", "1")], FORM),
        heard("unheard.of", &[], LIST),
        heard("processing.suspend", &[], LIST),
    ]);
    assert_eq!(recording.index.left_out, ["account", "ticket.edit", "unheard.of"]);
    assert!(recording.files.iter().all(|file| file.func.starts_with("processing")));
}

#[test]
fn what_a_terminal_would_obey_is_not_kept() {
    let text =
        LIST.replace("$name\":\"people\",\"$func\":\"account", "$name\":\"x\",\"$func\":\"a\\u001b[2Jb");
    let captions = r#""messages":{"msg":{"name":"\u202eemaN","state":"St\u001b[31mate"}},"elem":["#;
    let text = text.replace("\"elem\":[", captions);
    let recording = recorded(&[heard("processing", &[], &text), heard("a\u{1b}[2Jb", &[], &text)]);
    let text = all(&recording);
    assert!(!text.contains(['\u{1b}', '\u{202e}']) && !text.contains("\\u001b"), "{text}");
    assert_eq!(recording.index.left_out, ["a__2_b"]);
}

const BIRD: &str = "Kanarienvogel aus Berlin";

fn word() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["", "7", "on", BIRD, "https://Kanarienvogel.example.com/a"])
        .prop_map(str::to_owned)
}

fn element(children: impl Strategy<Value = Vec<Node>>) -> impl Strategy<Value = Node> {
    const NAMES: [&str; 23] = [
        "elem",
        "name",
        "url",
        "note",
        "slist",
        "val",
        "msg",
        "messages",
        "tparams",
        "filter",
        "p_order",
        "error",
        "stack",
        "detail",
        "saved_filters",
        "list",
        "banner",
        "user",
        "page",
        "metadata",
        "form",
        "doc",
        BIRD,
    ];
    const ATTRS: [&str; 10] =
        ["key", "orig", "name", "note", "msg", "depend", "type", "host", "func", "title"];
    let name = prop::sample::select(NAMES.to_vec()).prop_map(str::to_owned);
    let attr = prop::sample::select(ATTRS.to_vec()).prop_map(str::to_owned);
    let attrs = prop::collection::btree_map(attr, word(), 0..3);
    let parts = (name, attrs, word(), children);
    parts.prop_map(|(name, attrs, text, children)| Node { name, attrs, text, children })
}

/// Anything anywhere, but where the table lets captions and conditions stay.
fn answer() -> impl Strategy<Value = Node> {
    let tree = element(Just(Vec::new()))
        .prop_recursive(4, 60, 6, |inner| element(prop::collection::vec(inner, 0..6)));
    element(prop::collection::vec(tree, 1..8))
}

proptest! {
    #[test]
    fn no_text_comes_through_that_is_not_let_through(answers in prop::collection::vec(answer(), 1..4)) {
        let heard: Vec<Heard> = (0..).zip(answers).map(|(elid, answer)| Heard {
            func: ["processing", "pricelist.edit", "whoami"][elid % 3].to_owned(),
            params: vec![("elid".to_owned(), elid.to_string()), ("name".to_owned(), BIRD.to_owned())],
            answer,
        }).collect();
        let text = all(&recorded(&heard));
        prop_assert!(!text.contains("Kanarien") && !text.contains("example.com"), "{text}");
    }
}

#[test]
fn a_recording_of_the_same_answers_is_the_same() {
    let heard = [heard("processing", &[], LIST), heard("processing.edit", &[("elid", "5")], FORM)];
    assert_eq!(all(&recorded(&heard)), all(&recorded(&heard)));
}

/// The table of `docs/capture.md` is that of the program. `BILLFORM_UPDATE=1` rewrites it.
#[test]
fn the_documented_table_is_current() {
    const MARKS: [&str; 2] = ["<!-- the table -->\n", "<!-- end of the table -->\n"];
    let mut table = "| what | what becomes of it | why |\n|---|---|---|\n".to_owned();
    for decision in &FIELDS {
        let fate = match decision.class {
            Class::Token => "stay where they look like a technical name",
            Class::Choice => "stay where they look like a technical name, with the text beside",
            Class::Code => "stays where it is one",
            Class::State => "stays where it is a word for a state or a number below 100",
            Class::Reference => "stays where it is an id of a listed object",
            Class::Secret => "recorded as empty",
        };
        let names: Vec<String> = decision.names.iter().map(|name| format!("`{name}`")).collect();
        table.push_str(&format!("| {}: {} | {fate} | {} |\n", names.join(", "), decision.what, decision.why));
    }
    for (what, fate, why) in PLACES {
        table.push_str(&format!("| {what} | {fate} | {why} |\n"));
    }
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/capture.md");
    let text = std::fs::read_to_string(&path).unwrap();
    let (before, rest) = text.split_once(MARKS[0]).unwrap();
    let (_, after) = rest.split_once(MARKS[1]).unwrap();
    let current = format!("{before}{}{table}{}{after}", MARKS[0], MARKS[1]);
    if std::env::var_os("BILLFORM_UPDATE").is_some_and(|value| value == "1") {
        std::fs::write(path, current).unwrap();
    } else {
        assert!(text == current, "{} is not current; BILLFORM_UPDATE=1 rewrites it", path.display());
    }
}
