//! What the schema accepts the types accept, and the other way round: near-valid documents, made by
//! changing valid ones in a few places, get the same verdict from both.

use std::{fmt::Write as _, fs, sync::Arc};

use jsonschema::Validator;
use proptest::{prelude::*, sample::Index, test_runner::TestRunner};
use serde_json::Value;

use super::root;
use crate::{
    config::{Compiled, Document, editor::for_editors, explain, json::Item, typed},
    kinds::ConfigSpec,
    source::build,
};

/// A document that can be printed as YAML, numbers as they are written.
#[derive(Clone, Debug)]
enum Doc {
    Plain(String),
    Text(String),
    List(Vec<Self>),
    Map(Vec<(String, Self)>),
}

impl Doc {
    fn of(value: &serde_yaml::Value) -> Self {
        match value {
            serde_yaml::Value::String(text) => Self::Text(text.clone()),
            serde_yaml::Value::Sequence(list) => Self::List(list.iter().map(Self::of).collect()),
            serde_yaml::Value::Mapping(map) => Self::Map(
                map.iter()
                    .map(|(key, value)| (Self::of(key).print().trim_matches('"').to_owned(), Self::of(value)))
                    .collect(),
            ),
            other => Self::Plain(serde_yaml::to_string(other).unwrap().trim().to_owned()),
        }
    }

    /// One line of YAML that is also JSON where the plain scalars are.
    fn print(&self) -> String {
        let quoted = |text: &str| serde_json::to_string(text).unwrap();
        match self {
            Self::Plain(text) => text.clone(),
            Self::Text(text) => quoted(text),
            Self::List(list) => format!("[{}]", list.iter().map(Self::print).collect::<Vec<_>>().join(", ")),
            Self::Map(map) => {
                let pairs = map.iter().fold(String::new(), |mut pairs, (key, value)| {
                    let comma = if pairs.is_empty() { "" } else { ", " };
                    write!(pairs, "{comma}{}: {}", quoted(key), value.print()).unwrap();
                    pairs
                });
                format!("{{{pairs}}}")
            }
        }
    }

    fn size(&self) -> usize {
        1 + match self {
            Self::List(list) => list.iter().map(Self::size).sum::<usize>(),
            Self::Map(map) => map.iter().map(|(_, value)| value.size()).sum(),
            _ => 0,
        }
    }

    /// The node at a position of the walk from the top.
    fn at(&mut self, mut position: usize) -> &mut Self {
        if position == 0 {
            return self;
        }
        position -= 1;
        let kids: Vec<&mut Self> = match self {
            Self::List(list) => list.iter_mut().collect(),
            Self::Map(map) => map.iter_mut().map(|(_, value)| value).collect(),
            _ => Vec::new(),
        };
        for kid in kids {
            let size = kid.size();
            if position < size {
                return kid.at(position);
            }
            position -= size;
        }
        unreachable!("the position is within the size")
    }
}

/// Scalars at the borders of what is allowed.
const PLAIN: &[&str] = &[
    "null",
    "~",
    "true",
    "false",
    "0",
    "1",
    "2",
    "-1",
    "1.0",
    "42.0",
    "4.2e1",
    "0.5",
    "1e3",
    "1e400",
    "4294967295",
    "4294967296",
    "9007199254740991",
    "9007199254740992",
    "9007199254740993",
    "-9007199254740991",
    "-9007199254740992",
    "9223372036854775807",
    "9223372036854775808",
    "18446744073709551616",
    "-9223372036854775809",
    "1e18",
    "-0",
    "-0.0",
    "0x10",
    "0o17",
    "017",
    "+5",
    ".5",
    "5.",
    ".inf",
    "-.inf",
    ".nan",
    "[]",
    "{}",
    "[[]]",
    "{env: X}",
    "{file: \"\"}",
    "{env: X, file: y}",
    "{command: []}",
    "{command: [x, \"\"]}",
    "{command: [1]}",
    "{command: x}",
    "350.00",
    "2026-11-01",
    "2026-02-30",
    "98.50",
    "free",
    "off",
    "none",
    "1m",
    "[1m]",
    "[1m, 1m]",
    "{RUB: {1m: \"1\"}}",
    "{RUB: {}}",
    "{en: x}",
    "{en: x, RU: y}",
];

/// Texts and keys at the borders of what is allowed.
const TEXTS: &[&str] = &[
    "",
    " ",
    "x",
    " x",
    "x ",
    "x y",
    "x\u{a0}",
    "\u{feff}x",
    "x\u{85}",
    "x\u{85}y",
    "x\u{2028}y",
    "\u{3000}x",
    "\u{180e}x",
    "x\u{200b}",
    "x\u{7f}y",
    "x\ty",
    "x\ny",
    "\u{1f}",
    "é",
    "Панель",
    "😀",
    "free",
    "off",
    "Free",
    "none",
    "1m",
    "12m",
    "999m",
    "1000m",
    "01m",
    "0m",
    "1M",
    "1m\n",
    "day",
    "trial",
    "lifetime",
    "setup",
    "0",
    "00",
    "0.5",
    ".5",
    "5.",
    "350.00",
    "350,00",
    "1.2345",
    "1.23456",
    "123456789012",
    "1234567890123",
    "+1",
    "-1",
    "1e3",
    "٣",
    "RUB",
    "rub",
    "RUBL",
    "РУБ",
    "en",
    "eng",
    "EN",
    "ен",
    "env",
    "file",
    "command",
    "name",
    "id",
    "items",
    "resource",
    "version",
    "prices",
    "prune",
    "A_1",
    "1A",
    "A-B",
    "X\n",
    "http://x",
    "https://x/y",
    "https://x y",
    "https://u:p@x",
    "https://x/y?z",
    "https://x#y",
    "https://",
    "https:///",
    "HTTPS://x",
    "ftp://x",
    "http://x/\u{a0}",
    "http://é.рф/ж",
    "http://x\\y",
    "http://x/\\",
    "processor",
    "processor/x",
    "enumeration",
    "enumeration-item",
    "enumeration-item/",
    "resource/a/b",
    "resource/ a",
    "period-mapping/x",
    "by_order",
    "by-order",
    "allowed",
    "billing",
    "default",
    "sold",
    "2026-11-01",
    "2026-02-29",
    "2024-02-29",
    "2024-2-29",
    "2100-01-01",
    "1999-12-31",
    "20261101",
    "0.00000001",
    "0.000000001",
    "0.0",
    "L01",
    "L00",
    "L40",
    "L41",
    "L1",
    "l01",
    "api.example.com",
    "api.example.com:1500",
    ".x",
    "x-",
    "soft",
    "note",
    "test",
    "bought",
    "tariff",
];

#[derive(Clone, Debug)]
enum Change {
    Plain(Index),
    Text(Index),
    Long(usize),
    Drop(Index),
    Rename(Index, Index),
    Add(Index, Index),
    Repeat(Index),
}

fn change() -> impl Strategy<Value = Change> {
    let index = any::<Index>;
    prop_oneof![
        4 => index().prop_map(Change::Plain),
        4 => index().prop_map(Change::Text),
        1 => (250_usize..260).prop_map(Change::Long),
        2 => index().prop_map(Change::Drop),
        3 => (index(), index()).prop_map(|(at, text)| Change::Rename(at, text)),
        2 => (index(), index()).prop_map(|(key, value)| Change::Add(key, value)),
        1 => index().prop_map(Change::Repeat),
    ]
}

fn apply(node: &mut Doc, change: &Change) {
    match (change, &mut *node) {
        (Change::Drop(at), Doc::Map(map)) if !map.is_empty() => drop(map.remove(at.index(map.len()))),
        (Change::Drop(at), Doc::List(list)) if !list.is_empty() => drop(list.remove(at.index(list.len()))),
        (Change::Rename(at, text), Doc::Map(map)) if !map.is_empty() => {
            let at = at.index(map.len());
            map[at].0 = (*text.get(TEXTS)).to_owned();
        }
        (Change::Add(key, value), Doc::Map(map)) => {
            map.push(((*key.get(TEXTS)).to_owned(), Doc::Plain((*value.get(PLAIN)).to_owned())));
        }
        (Change::Long(len), Doc::Map(map)) if !map.is_empty() => map[0].0 = "ж".repeat(*len),
        (Change::Repeat(at), Doc::List(list)) if !list.is_empty() => {
            let again = list[at.index(list.len())].clone();
            list.push(again);
        }
        (Change::Plain(at), _) => *node = Doc::Plain((*at.get(PLAIN)).to_owned()),
        (Change::Text(at), _) => *node = Doc::Text((*at.get(TEXTS)).to_owned()),
        (Change::Long(len), Doc::Text(_)) => *node = Doc::Text("ж".repeat(*len)),
        _ => {}
    }
}

/// Valid documents of one format, and the verdicts that changed ones get.
pub(crate) struct Format {
    documents: Vec<Doc>,
    /// The verdicts of the schema and of the types; none where the text is not YAML, as with a key twice.
    verdicts: fn(&str) -> Option<(bool, bool)>,
    plain: Validator,
    /// Whether the types leave ranges to the schema.
    ranges: bool,
}

impl Format {
    pub(crate) fn of<T: Document>(valid: impl IntoIterator<Item = String>) -> Self {
        let documents = valid.into_iter().map(|text| Doc::of(&serde_yaml::from_str(&text).unwrap()));
        // As editors get it, which has to say the same.
        let mut schema = T::compiled().schema().clone();
        for_editors(&mut schema);
        let plain = jsonschema::validator_for(&schema).unwrap();
        Self { documents: documents.collect(), verdicts: verdicts::<T>, plain, ranges: false }
    }

    /// The schema comes first, so it is enough that the types take what it takes.
    pub(crate) fn with_ranges_in_the_schema(self) -> Self {
        Self { ranges: true, ..self }
    }

    fn agree(&self, schema: bool, types: bool) -> bool {
        schema == types || (self.ranges && types)
    }

    /// Documents that were changed in a few places.
    pub(crate) fn agrees_on_near_valid_documents(&self, cases: u32) {
        let places = prop::collection::vec((any::<Index>(), change()), 0..4);
        let config = ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() };
        let run = TestRunner::new(config).run(&(any::<Index>(), places), |(which, changes)| {
            let mut document = which.get(&self.documents).clone();
            for (at, change) in &changes {
                let at = at.index(document.size());
                apply(document.at(at), change);
            }
            let text = document.print();
            if let Some((schema, types)) = (self.verdicts)(&text) {
                prop_assert!(self.agree(schema, types), "schema: {}, types: {}\n{}", schema, types, text);
                prop_assert!(schema || !changes.is_empty(), "{}", text);
                // The validator says of our tree what it says of plain JSON.
                if let Ok(json) = serde_json::from_str::<Value>(&text) {
                    prop_assert_eq!(schema, self.plain.is_valid(&json), "{}", text);
                }
            }
            Ok(())
        });
        run.unwrap_or_else(|error| panic!("{error}"));
    }

    /// Every border value in every place: slower to find by chance.
    pub(crate) fn agrees_on_every_scalar_in_every_place(&self) {
        for document in &self.documents {
            for at in 0..document.size() {
                let scalars = PLAIN.iter().map(|text| Doc::Plain((*text).to_owned()));
                for scalar in scalars.chain(TEXTS.iter().map(|text| Doc::Text((*text).to_owned()))) {
                    let mut changed = document.clone();
                    *changed.at(at) = scalar;
                    let text = changed.print();
                    let Some((schema, types)) = (self.verdicts)(&text) else { continue };
                    assert!(self.agree(schema, types), "schema: {schema}, types: {types}\n{text}");
                }
            }
        }
    }
}

fn verdicts<T: Document>(text: &str) -> Option<(bool, bool)> {
    let tree = build::parse(0, &Arc::from(text)).ok()?;
    let Compiled { schema, validator } = T::compiled();
    let item = Item::Node(tree.root());
    let errors: Vec<_> = validator.iter_errors(item).collect();
    assert_eq!(errors.is_empty(), validator.is_valid(item), "{text}");
    for error in &errors {
        assert!(!explain::explain(0, &tree, schema, error).is_empty(), "nothing said of {error:?}\n{text}");
    }
    Some((errors.is_empty(), typed::read::<T>(&tree).is_ok()))
}

fn configurations() -> Format {
    let kinds = [
        "config",
        "processor",
        "enumeration",
        "price",
        "period_mapping",
        "costs",
        "codes",
        "rates",
        "checks",
    ];
    let read =
        |kind| fs::read_to_string(root().join(format!("tests/kinds/{kind}/valid/exhaustive.yaml"))).unwrap();
    Format::of::<ConfigSpec>(kinds.map(read))
}

#[test]
fn schema_and_types_agree() {
    configurations().agrees_on_near_valid_documents(3000);
}

#[test]
fn every_scalar_in_every_place_gets_one_verdict() {
    configurations().agrees_on_every_scalar_in_every_place();
}
