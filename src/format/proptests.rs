//! On documents laid out at random: formatting settles at once, and changes neither meaning nor comments.

use std::{cell::Cell, fmt::Write as _, fs, path::Path};

use proptest::prelude::*;

use super::tests::try_format;
use crate::{config, source::Sources};

/// A document as decisions: how many entries, in which style, with which comments.
struct Writer<'d> {
    decisions: std::slice::Iter<'d, u8>,
    text: String,
    comments: usize,
    keys: usize,
}

const WORDS: [&str; 15] = [
    "a",
    "10",
    "\"10\"",
    "'it''s # no'",
    "\"#\"",
    "true",
    "~",
    "\"a: b\"",
    "имя",
    "1m",
    "- x",
    "[]",
    "{}",
    "x#y",
    "\"two\\\n   lines\"",
];
const KEYS: [&str; 12] = [
    "version",
    "prices",
    "panel",
    "processors",
    "items",
    "resource",
    "1m",
    "12m",
    "\"55227\"",
    "'ключ'",
    "url",
    "sold",
];

impl Writer<'_> {
    fn choose(&mut self, among: usize) -> usize {
        usize::from(self.decisions.next().copied().unwrap_or_default()) % among
    }

    fn pick(&mut self, words: &[&'static str]) -> &'static str {
        words[self.choose(words.len())]
    }

    fn comment(&mut self) {
        self.comments += 1;
        write!(self.text, "# c{};", self.comments).unwrap();
    }

    /// The end of a line, and lines of blanks and comments.
    fn lines(&mut self) {
        if self.choose(4) == 0 {
            let gap = 1 + self.choose(5);
            self.text.extend(std::iter::repeat_n(' ', gap));
            self.comment();
        }
        self.text.push('\n');
        for _ in 0..self.choose(3) {
            if self.choose(2) == 0 {
                let part = self.pick(&["\n", "  \n", "\n\n"]);
                self.text.push_str(part);
            } else {
                let indent = self.choose(9);
                self.text.extend(std::iter::repeat_n(' ', indent));
                self.comment();
                self.text.push('\n');
            }
        }
    }

    fn word(&mut self) -> &'static str {
        self.pick(&WORDS)
    }

    /// A key that the mapping does not have yet.
    fn key(&mut self) -> String {
        self.keys += 1;
        match self.choose(3) {
            0 => format!("k{}", self.keys),
            _ => KEYS[self.keys % KEYS.len()].to_owned(),
        }
    }

    fn flow(&mut self, depth: usize) -> String {
        let entries = self.choose(4);
        let blank = self.pick(&["", " ", "  "]);
        let mut parts = Vec::new();
        match self.choose(if depth > 3 { 1 } else { 3 }) {
            0 => self.word().replace("- x", "x").replace('\n', ""),
            1 => {
                (0..entries).for_each(|_| parts.push(self.flow(depth + 1)));
                format!("[{blank}{}{blank}]", parts.join(&format!("{blank},{blank} ")))
            }
            _ => {
                for _ in 0..entries {
                    let (key, value) = (self.key(), self.flow(depth + 1));
                    parts.push(format!("{key}:{blank} {value}"));
                }
                format!("{{{}{blank}}}", parts.join(&format!(",{blank}")))
            }
        }
    }

    /// A value behind a colon or dash, whose own entries stand deeper than `indent`.
    fn value(&mut self, indent: usize, depth: usize) {
        let inner = indent + 1 + self.choose(5);
        match self.choose(if depth > 4 { 3 } else { 6 }) {
            0 => {
                let part = self.pick(&[" ", "  "]);
                self.text.push_str(part);
                let word = self.word();
                self.text.push_str(if word == "- x" { "x" } else { word });
                self.lines();
            }
            1 => {
                let flow = self.flow(0);
                self.text.push(' ');
                self.text.push_str(&flow);
                self.lines();
            }
            2 => {
                let header = self.pick(&[" |", " >-", " |  # c0;", " >"]);
                let blank = self.pick(&["", "\n", "  more\n"]);
                write!(
                    self.text,
                    "{header}\n{:inner$}text # no\n{blank:>width$}",
                    "",
                    width = blank.len().min(1)
                )
                .unwrap();
            }
            3 | 4 => {
                self.lines();
                self.map(inner, depth + 1);
            }
            _ => {
                self.lines();
                self.list(inner, depth + 1);
            }
        }
    }

    fn map(&mut self, indent: usize, depth: usize) {
        for _ in 0..=self.choose(4) {
            let (key, blank) = (self.key(), self.pick(&["", " "]));
            write!(self.text, "{:indent$}{key}{blank}:", "").unwrap();
            self.value(indent, depth);
        }
    }

    fn list(&mut self, indent: usize, depth: usize) {
        for _ in 0..=self.choose(3) {
            write!(self.text, "{:indent$}-", "").unwrap();
            if self.choose(2) == 0 {
                self.value(indent, depth);
                continue;
            }
            // A mapping that begins behind the dash.
            let blanks = 1 + self.choose(3);
            let inner = indent + 1 + blanks;
            write!(self.text, "{:blanks$}first: 1", "").unwrap();
            self.lines();
            if self.choose(2) == 0 {
                self.map(inner, depth + 1);
            }
        }
    }
}

fn document(decisions: &[u8]) -> (String, usize) {
    let mut writer = Writer { decisions: decisions.iter(), text: String::new(), comments: 0, keys: 0 };
    if writer.choose(3) == 0 {
        writer.text.push_str("# c0; top");
        writer.lines();
    }
    writer.map(0, 0);
    if writer.choose(4) == 0 {
        writer.text.truncate(writer.text.trim_end().len());
    }
    if writer.choose(4) == 0 {
        writer.text = writer.text.replace('\n', "\r\n");
    }
    (writer.text, writer.comments)
}

/// Whether it was YAML; then all that has to hold does.
fn holds(text: &str, comments: usize) -> bool {
    let (sources, _) = Sources::parse(vec![("a.yaml".to_owned(), text.to_owned())]);
    if sources.iter().all(|source| source.tree.is_none()) {
        return false;
    }
    let once = try_format(text).unwrap_or_else(|fault| panic!("{fault:?}\n{text}"));
    let twice = try_format(&once).unwrap_or_else(|fault| panic!("{fault:?}\n{text}\n---\n{once}"));
    assert_eq!(twice, once, "of\n{text}");
    for comment in 1..=comments {
        let mark = format!("c{comment};");
        assert_eq!(once.matches(&mark).count(), text.matches(&mark).count(), "{mark}\n{text}\n---\n{once}");
    }
    let loaded = |text: &str| {
        let config = config::load_texts(vec![("a.yaml".to_owned(), text.to_owned())]).ok()?;
        Some(serde_json::to_string(&config.spec).unwrap())
    };
    assert_eq!(loaded(&once), loaded(text), "{text}");
    true
}

#[test]
fn documents_at_random_settle_and_lose_nothing() {
    let (yaml, all) = (Cell::new(0), Cell::new(0));
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig::with_cases(1500));
    let outcome = runner.run(&prop::collection::vec(any::<u8>(), 1..120), |decisions| {
        let (text, comments) = document(&decisions);
        all.set(all.get() + 1);
        yaml.set(yaml.get() + usize::from(holds(&text, comments)));
        Ok(())
    });
    outcome.unwrap_or_else(|error| panic!("{error}"));
    let (yaml, all) = (yaml.get(), all.get());
    assert!(yaml * 2 > all, "only {yaml} of {all} were YAML");
}

#[test]
fn configurations_with_comments_anywhere_stay_what_they_are() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let names = [
        "tests/kinds/config/valid/exhaustive.yaml",
        "examples/hosting/30-prices-vds.yaml",
        "examples/hosting/50-costs.yaml",
        "examples/period_mappings.yaml",
        "examples/processors.yaml",
    ];
    let texts = names.map(|name| fs::read_to_string(root.join(name)).unwrap());
    let edits = prop::collection::vec((any::<prop::sample::Index>(), 0_usize..14, 0_u8..4), 1..12);
    let yaml = Cell::new(0);
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig::with_cases(150));
    let outcome = runner.run(&(0..names.len(), edits), |(which, edits)| {
        let mut lines: Vec<String> = texts[which].lines().map(str::to_owned).collect();
        for (at, (index, indent, sort)) in edits.iter().enumerate() {
            let place = index.index(lines.len());
            match sort {
                0 => lines.insert(place, String::new()),
                1 => write!(lines[place], " # c{};", at + 1).unwrap(),
                _ => lines.insert(place, format!("{:indent$}# c{};", "", at + 1)),
            }
        }
        yaml.set(yaml.get() + usize::from(holds(&lines.join("\n"), edits.len())));
        Ok(())
    });
    outcome.unwrap_or_else(|error| panic!("{error}"));
    assert!(yaml.get() > 100, "{yaml:?}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]
    #[test]
    fn any_text_is_taken_or_refused(text in "([a-c#'\"\\[\\]{},:&*!|>%?~ \t\r\n\u{feff}-]|: |\n  |- |\n- |я){0,60}") {
        if let Ok(once) = try_format(&text) {
            prop_assert_eq!(try_format(&once).ok(), Some(once));
        }
    }
}
