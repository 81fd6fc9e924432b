//! The targets on bytes at random, and on sound documents with something done to them.

use std::sync::OnceLock;

use proptest::{prelude::*, sample::Index};

use crate::{
    apply::{Act, Answer, Ledger},
    config,
    journal::{self, Ending, JournalError, State},
    kinds::{ConfigSpec, Snapshot},
    plan::{Action, Fate, ObjectOutcome, Value},
    report::{self, tests::samples},
    saved::{SavedError, SavedPlan},
    wire::{self, DecodeError},
};

const CONFIG: &str = include_str!("../../tests/kinds/config/valid/exhaustive.yaml");

const LIST: &str = r#"<doc lang="en" func="payment"><metadata name="payment" type="list" key="id"><coldata>
<col name="id" type="data" sort="digit"/></coldata><toolbar><toolgrp name="new"><toolbtn name="new" func="payment.add"
type="new"><hide name="status" value="Paid"/></toolbtn></toolgrp></toolbar></metadata><messages name="payment">
<msg name="id">Id</msg><msg name="hint_new">New &amp; more &#1055;</msg></messages><elem><id>6</id><sum orig="10">
<![CDATA[10.00 RUB]]></sum></elem><p_cnt>1000</p_cnt><p_num>1</p_num><p_elems>2</p_elems></doc>"#;

const FORM: &str = r#"{"doc":{"$func":"x.edit","metadata":{"$type":"form","form":{"$wizard":"first","page":{"field":[
{"$name":"a","input":{"$type":"text","$name":"a"}},{"$name":"b","select":{"$name":"b","$depend":"a"}},
{"$name":"p","input":{"$type":"password","$name":"p","$private":"yes"}}]}}},"messages":{"msg":{"a":"A","b":"B"}},
"slist":[{"$name":"b","val":[{"$key":"null","$":"-- none --"},{"$key":"1","$depend":"x","$":"One"}]}],
"a":{"$":"1"},"b":{},"p":{"$":"****"},"n":1e9,"t":true,"elid":{"$":"31"},"error":{"$type":"value","$object":"a",
"msg":{"$":"bad __value__ \u001b[31m"},"param":[{"$name":"value","$":"x"}]}}}"#;

fn small() -> SavedPlan {
    let value = |value: Value| Some(value);
    let reference = |id: Option<&str>| {
        let id = id.map(str::to_owned);
        Value::Ref(crate::plan::Reference { kind: "processor".into(), key: "licences".into(), id })
    };
    let mut change = samples::change(
        Action::Update,
        "item-price",
        "vds/35",
        vec![
            samples::field("name.ru", samples::text("Старое"), samples::text("New \"one\"\n")),
            samples::field("RUB.1m", samples::money("350.00"), value(Value::NoPrice)),
            samples::field("server", value(reference(None)), value(reference(Some("7")))),
            samples::field("active", value(Value::Flag(false)), value(Value::Secret)),
            samples::field("sold", None, value(Value::Period("1m".parse().unwrap()))),
        ],
    );
    change.live.insert("active".to_owned(), Value::Flag(false));
    SavedPlan::new(
        samples::plan(vec![change]),
        &ConfigSpec { version: 1, ..ConfigSpec::default() },
        &Snapshot::default(),
        "now".to_owned(),
    )
}

fn large() -> SavedPlan {
    let config = config::load_texts(vec![("config.yaml".to_owned(), CONFIG.to_owned())]);
    let config = config.unwrap_or_else(|problems| panic!("{problems:?}"));
    SavedPlan::new(
        samples::everything(),
        &config.spec,
        &Snapshot::default(),
        "2026-11-22T20:32:24Z".to_owned(),
    )
}

fn written(saved: &SavedPlan) -> Vec<u8> {
    let mut text = Vec::new();
    report::document(saved, &mut text).unwrap();
    text
}

/// A journal as an apply writes it.
fn journal_of(saved: SavedPlan) -> Vec<u8> {
    let directory = tempfile::tempdir().unwrap();
    let shelf = State::new(directory.path().to_owned()).shelf("https://bill.example.com/billmgr");
    shelf.prepare().unwrap();
    let changes = saved.plan.changes.clone();
    let (id, mut book) = shelf.begin(saved).unwrap();
    for change in &changes {
        book.intent(&change.object, Act::Update).unwrap();
        book.answer(&change.object, Answer::Accepted).unwrap();
        let (action, object, id) = (change.action, change.object.clone(), change.id.clone());
        book.result(&ObjectOutcome { action, object, id, fate: Fate::Done }).unwrap();
    }
    book.end(Ending::Finished).unwrap();
    let shelf = std::fs::read_dir(directory.path()).unwrap().next().unwrap().unwrap().path();
    std::fs::read(shelf.join(format!("{id}.jsonl"))).unwrap()
}

type Target = (fn(&[u8]), Vec<u8>);

/// Each target, with sound input.
fn all() -> &'static [Target] {
    static ALL: OnceLock<Vec<Target>> = OnceLock::new();
    ALL.get_or_init(|| {
        vec![
            (super::yaml, CONFIG.into()),
            (super::json, FORM.into()),
            (super::xml, LIST.into()),
            (super::saved_plan, written(&large())),
            (super::journal, journal_of(small())),
        ]
    })
}

/// For `.ci/fuzz`, which says where; otherwise all of it is only tried.
#[test]
fn sound_input_for_the_targets() {
    let directory = std::env::var_os("BILLFORM_FUZZ_SEEDS").map(std::path::PathBuf::from);
    let names = ["yaml", "json", "xml", "saved_plan", "journal"];
    for (name, (target, sound)) in names.into_iter().zip(all()) {
        target(sound);
        let Some(directory) = directory.as_ref().map(|directory| directory.join(name)) else { continue };
        std::fs::create_dir_all(&directory).unwrap();
        std::fs::write(directory.join("sound"), sound).unwrap();
        if name == "saved_plan" {
            std::fs::write(directory.join("small"), written(&small())).unwrap();
        }
    }
}

/// Something that happens to bytes.
#[derive(Clone, Debug)]
enum Harm {
    Flip(Index, u8),
    Cut(Index),
    Remove(Index, usize),
    Repeat(Index, usize, Index),
    Put(Index, Vec<u8>),
    /// Every number becomes another.
    Numbers(&'static str),
    /// Every text becomes another.
    Texts(&'static str),
}

fn harm() -> impl Strategy<Value = Harm> {
    let strange = prop::sample::select(vec![
        b"\0".to_vec(),
        b"\xff\xfe".to_vec(),
        b"\xed\xa0\x80".to_vec(),
        b"\xc3".to_vec(),
        "\u{feff}\u{202e}\u{85}".into(),
        b"99999999999999999999999999999999999999999".to_vec(),
        b"-1e99999".to_vec(),
        b"null".to_vec(),
        b"\"\\ud800\"".to_vec(),
        b"\t".to_vec(),
        b"\r\n---\n".to_vec(),
        b"*a &a !!x <<: ".to_vec(),
        b"<![CDATA[".to_vec(),
        b"&#x110000;&lol;".to_vec(),
        b"{\"a\":".repeat(200),
        b"[".repeat(500),
        b"<a>".repeat(200),
        b"- ".repeat(200),
    ]);
    let numbers = prop::sample::select(vec!["18446744073709551616", "-1", "1e400", "0.1", "1e-400"]);
    let texts = prop::sample::select(vec!["", "\\u0000", "\u{1b}[2J", "1.0", "\\ud83d\\ude00"]);
    prop_oneof![
        3 => (any::<Index>(), 1_u8..).prop_map(|(at, bits)| Harm::Flip(at, bits)),
        1 => any::<Index>().prop_map(Harm::Cut),
        2 => (any::<Index>(), 1_usize..60).prop_map(|(at, len)| Harm::Remove(at, len)),
        2 => (any::<Index>(), 1_usize..400, any::<Index>()).prop_map(|(at, len, to)| Harm::Repeat(at, len, to)),
        3 => (any::<Index>(), strange).prop_map(|(at, bytes)| Harm::Put(at, bytes)),
        1 => numbers.prop_map(Harm::Numbers),
        1 => texts.prop_map(Harm::Texts),
    ]
}

fn harmed(mut bytes: Vec<u8>, harm: &Harm) -> Vec<u8> {
    let len = bytes.len();
    if len == 0 {
        return bytes;
    }
    match harm {
        Harm::Flip(at, bits) => bytes[at.index(len)] ^= bits,
        Harm::Cut(at) => bytes.truncate(at.index(len)),
        Harm::Remove(at, count) => {
            let at = at.index(len);
            bytes.drain(at..len.min(at + count));
        }
        Harm::Repeat(at, count, to) => {
            let at = at.index(len);
            let part = bytes[at..len.min(at + count)].to_vec();
            let to = to.index(len);
            bytes.splice(to..to, part);
        }
        Harm::Put(at, part) => {
            let at = at.index(len);
            bytes.splice(at..at, part.iter().copied());
        }
        Harm::Numbers(with) => {
            let runs = bytes.chunk_by(|one, other| one.is_ascii_digit() == other.is_ascii_digit());
            let changed = runs.map(|run| if run[0].is_ascii_digit() { with.as_bytes() } else { run });
            return changed.collect::<Vec<_>>().concat();
        }
        Harm::Texts(with) => {
            let parts = bytes.split(|byte| *byte == b'"').enumerate();
            let changed = parts.map(|(at, part)| if at % 8 == 3 { with.as_bytes() } else { part });
            return changed.collect::<Vec<_>>().join(&b'"');
        }
    }
    bytes
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_are_too_strange(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        for (target, _) in all() {
            target(&bytes);
        }
    }

    #[test]
    fn no_harm_is_too_strange(harms in prop::collection::vec(harm(), 1..4)) {
        for (target, sound) in all() {
            target(&harms.iter().fold(sound.clone(), harmed));
        }
    }

    #[test]
    fn a_plan_is_taken_with_its_own_content_or_not_at_all(harms in prop::collection::vec(harm(), 1..3)) {
        let sound = large();
        let bytes = harms.iter().fold(written(&sound), harmed);
        if let Ok(taken) = SavedPlan::parse(&bytes, "plan.json") {
            // By value: 350.0 is 350.00, and a plan may spell it either way.
            prop_assert_eq!(taken.plan, sound.plan);
            prop_assert_eq!((taken.made_at, taken.read), (sound.made_at, sound.read));
            let config = |config| serde_json::to_value(config).unwrap();
            prop_assert_eq!(config(taken.config), config(sound.config));
        }
    }

    #[test]
    fn a_journal_is_read_as_the_lines_that_are_whole(at in any::<Index>()) {
        let (_, sound) = &all()[4];
        cut_journal(sound, at.index(sound.len()));
    }
}

fn cut_journal(sound: &[u8], at: usize) {
    let whole = sound[..at].iter().filter(|byte| **byte == b'\n').count();
    match journal::parse(&sound[..at]) {
        Err(JournalError::Damaged { line: 1, .. }) => assert_eq!(whole, 0, "cut at {at}"),
        Err(error) => panic!("cut at {at}: {error}"),
        Ok(entry) => {
            let written: usize = entry
                .deeds
                .values()
                .map(|deed| {
                    let answers = deed.writes.iter().filter(|(_, answer)| answer.is_some()).count();
                    deed.writes.len() + answers + usize::from(deed.result.is_some())
                })
                .sum();
            assert_eq!(1 + written + usize::from(entry.ending.is_some()), whole, "cut at {at}");
        }
    }
}

#[test]
fn a_cut_at_any_place_is_no_riddle() {
    let sound = journal_of(small());
    // Within the first line no byte differs from its neighbours.
    let begin = sound.iter().position(|byte| *byte == b'\n').unwrap();
    for at in (0..begin).step_by(17).chain(begin..sound.len()) {
        cut_journal(&sound, at);
        super::journal(&sound[..at]);
    }
    let sound = written(&small());
    let end = sound.trim_ascii_end().len();
    for at in (0..end).step_by(7).chain(end - 10..end) {
        let cut = SavedPlan::parse(&sound[..at], "plan.json");
        assert!(matches!(cut, Err(SavedError::Damaged { .. })), "cut at {at}");
    }
    for at in 0..CONFIG.len() {
        // YAML has no end that could be missed, but no cut is a surprise either.
        if at % 16 == 0 {
            super::yaml(&CONFIG.as_bytes()[..at]);
        }
    }
    for whole in [LIST, FORM] {
        for at in 0..whole.len() {
            let cut = wire::decode(&whole.as_bytes()[..at]);
            assert_eq!(cut, Err(DecodeError::Truncated), "cut at {at}");
        }
    }
}

#[test]
fn no_byte_of_a_plan_can_be_another() {
    let sound = small();
    let bytes = written(&sound);
    let content = format!("{sound:?}");
    for at in 0..bytes.len() {
        for with in [bytes[at] ^ 1, b'0'] {
            let mut bytes = bytes.clone();
            bytes[at] = with;
            if let Ok(taken) = SavedPlan::parse(&bytes, "plan.json") {
                assert_eq!(format!("{taken:?}"), content, "byte {at} as {with}");
            }
        }
    }
    // Layout is no content.
    let compact = serde_json::to_vec(&sound).unwrap();
    assert_eq!(SavedPlan::parse(&compact, "plan.json").unwrap().digest, sound.digest);
}

/// Documents that are small and mean much.
#[test]
fn nothing_grows_out_of_proportion() {
    // The key of an array is the name of each of its elements.
    let key = "k".repeat(1 << 20);
    let names = format!("{{\"doc\":{{\"{key}\":[{}1]}}}}", "1,".repeat(1000));
    assert_eq!(wire::decode(names.as_bytes()), Err(DecodeError::TooLarge));
    // Attributes count as elements.
    let attributes: String = (0..1_000_001).map(|number| format!(" a{number}=''")).collect();
    assert_eq!(wire::decode(format!("<doc{attributes}/>").as_bytes()), Err(DecodeError::TooLarge));
    let twice = wire::decode(b"<doc a='1' a='2'/>");
    assert!(matches!(twice, Err(DecodeError::NotADocument { .. })));
    // Parameters of an error that name each other.
    let params: String = (0..60)
        .map(|number| format!("<param name=\"p{number}\">__p{0}____p{0}__</param>", number + 1))
        .collect();
    let error = format!("<doc><error><msg>__p0__, __p1__ of __nobody__</msg>{params}</error></doc>");
    let error = wire::decode(error.as_bytes()).unwrap().error().unwrap();
    assert_eq!(error.message, "__p1____p1__, __p2____p2__ of __nobody__");
    let long = format!(
        "<doc><error><msg>{}</msg><param name=\"a\">{}</param></error></doc>",
        "__a__".repeat(100_000),
        "a".repeat(100_000)
    );
    assert!(wire::decode(long.as_bytes()).unwrap().error().unwrap().message.len() < 10_000);
    // A field that is there many times has its options once, and a label has an end.
    let selects = "<select name=\"a\"/>".repeat(5000);
    let options = "<val key=\"1\">One</val>".repeat(5000);
    let form = format!(
        "<doc><metadata type=\"form\"><form><field name=\"a\">{selects}</field></form></metadata>\
         <messages><msg name=\"a\">{}</msg></messages><slist name=\"a\">{options}</slist></doc>",
        "long ".repeat(100_000)
    );
    let form = wire::decode(form.as_bytes()).unwrap().form().unwrap();
    assert_eq!((form.fields.len(), form.fields[0].choices.len()), (1, 5000));
    assert!(form.fields[0].label.as_ref().unwrap().len() < 2000);
    // Aliases of a long text, faults by the million, and keys without an end.
    let text = format!("a: &a {}\nb: [{}]\n", "x".repeat(1 << 20), "*a,".repeat(100));
    let problems = config::load_texts(vec![("c.yaml".to_owned(), text)]).err().unwrap();
    assert_eq!(problems.iter().next().unwrap().code, "yaml::too_many");
    for line in ["- !x y\n", "? <<\n", "b: 1\n", "processors: {x: 1}\n"] {
        let problems = config::load_texts(vec![("c.yaml".to_owned(), line.repeat(30_000))]).err().unwrap();
        assert!(problems.total() <= 20_002, "{line}: {}", problems.total());
    }
    let key = "k".repeat(100_000);
    let text = format!("? {key}\n: ? {key}\n  : - !x y\n");
    let problems = config::load_texts(vec![("c.yaml".to_owned(), text)]).err().unwrap();
    assert!(problems.iter().all(|problem| problem.pointer.as_ref().is_none_or(|it| it.len() < 10_000)));
}

#[cfg(unix)]
#[test]
fn a_plan_without_an_end_is_refused() {
    let error = SavedPlan::read(std::path::Path::new("/dev/zero"));
    assert!(matches!(error, Err(SavedError::Damaged { .. })), "{error:?}");
}
