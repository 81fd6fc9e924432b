//! What holds for every listing, however hostile its texts.

use std::fs;

use proptest::prelude::*;
use quick_xml::{Reader, events::Event};
use serde_json::Value;

use super::{Listed, Listing, ProblemFormat, Rule, listing};
use crate::{
    language::{Language, speaking},
    plan::Level,
    report::{escape::is_hidden, tests::samples},
};

/// What tries to end a command, an element, a string or a line.
const BREAKERS: [&str; 8] = [
    "]]>",
    "::error file=x::gone",
    "\n::set-output name=x::y",
    "%0A::warning::%25%3A%2C",
    "</failure><testcase name='x'/>&amp;&#0;",
    "\"}]}, {\"x\": \"\\",
    "[link](https://evil.example) {0} {{",
    "a,line=7,title=b",
];

fn any_text() -> impl Strategy<Value = String> {
    let hostile = [samples::HOSTILE.as_slice(), BREAKERS.as_slice()].concat();
    let hostile = prop::sample::select(hostile).prop_map(str::to_owned);
    let mixed =
        (any::<String>(), hostile.clone(), any::<String>()).prop_map(|(one, two, three)| one + &two + &three);
    let long = (hostile.clone(), 1..1000_usize).prop_map(|(text, times)| text.repeat(times));
    prop_oneof![2 => "[a-zа-я ]{0,40}", 2 => any::<String>(), 3 => hostile, 2 => mixed, 1 => long]
}

prop_compose! {
    fn any_problem()(
        code in prop::sample::select(vec!["check::L13", "config::unknown_field", "panel::unreachable"]),
        level in prop::sample::select(vec![Level::Error, Level::Warning, Level::Note]),
        texts in (any_text(), prop::option::of(any_text()), prop::option::of(any_text())),
        file in prop::option::of(any_text().prop_map(|name| format!("config/{name}.yaml"))),
        spot in prop::option::of((1..9999_usize, 1..999_usize)),
        pointer in prop::option::of(any_text()),
    ) -> Listed {
        let (message, help, accepted) = texts;
        let code = code.to_owned();
        Listed { code, level, message: message + "!", help, file, spot, pointer, accepted }
    }
}

prop_compose! {
    fn any_listing()(
        problems in prop::collection::vec(any_problem(), 0..6),
        file in any_text(),
        notes in prop::collection::vec(any_text(), 0..3),
        more in 0..2_usize,
        strict in any::<bool>(),
    ) -> Listing {
        let rule = Rule { says: "A field {is} not [part](of) it.".to_owned(), page: Some("# A page\n") };
        Listing {
            command: "check",
            files: vec![file],
            problems,
            more,
            rules: [("check::L13".to_owned(), rule)].into(),
            notes,
            fails: if strict { Level::Warning } else { Level::Error },
            exit_code: 3,
        }
    }
}

fn written(found: &Listing, format: ProblemFormat) -> String {
    let mut out = Vec::new();
    listing(found, format, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn assert_nothing_hidden(text: &str) {
    let hidden = text.chars().find(|ch| *ch != '\n' && is_hidden(*ch));
    assert_eq!(hidden, None, "{text}");
}

/// A command taken apart as the runner does it: name, properties, message.
/// <https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs>
fn command(line: &str) -> (String, Vec<(String, String)>, String) {
    let (head, message) = line.strip_prefix("::").unwrap().split_once("::").unwrap();
    let (name, properties) = head.split_once(' ').unwrap();
    let data = |text: &str| text.replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%");
    let property = |text: &str| data(&text.replace("%3A", ":").replace("%2C", ","));
    let pairs = properties.split(',').map(|pair| pair.split_once('=').unwrap());
    let pairs = pairs.map(|(name, value)| (name.to_owned(), property(value))).collect();
    (name.to_owned(), pairs, data(message))
}

fn schema(name: &str) -> jsonschema::Validator {
    let path = format!("{}/tests/schemas/{name}", env!("CARGO_MANIFEST_DIR"));
    // A stray bracket of the official text, which not every dialect of regular expressions takes.
    let text = fs::read_to_string(path).unwrap().replace("[a-zA-Z]{2}]?$", "[a-zA-Z]{2}$");
    let schema: Value = serde_json::from_str(&text).unwrap();
    jsonschema::validator_for(&schema).unwrap()
}

fn assert_valid(validator: &jsonschema::Validator, text: &str) -> Value {
    let value: Value = serde_json::from_str(text).unwrap();
    let errors: Vec<String> = validator.iter_errors(&value).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:#?} in {text}");
    value
}

/// The names of all elements, in their order; the text is well-formed.
fn elements(text: &str) -> Vec<String> {
    let mut reader = Reader::from_str(text);
    reader.config_mut().check_end_names = true;
    let mut names = Vec::new();
    loop {
        match reader.read_event().unwrap() {
            Event::Eof => break names,
            Event::Start(tag) | Event::Empty(tag) => {
                names.push(String::from_utf8(tag.name().as_ref().to_vec()).unwrap());
                for attribute in tag.attributes() {
                    attribute.unwrap().unescape_value().unwrap();
                }
            }
            Event::End(_) | Event::Text(_) | Event::Decl(_) | Event::GeneralRef(_) => {}
            other => panic!("{other:?} in {text}"),
        }
    }
}

#[test]
fn nothing_breaks_out_of_a_workflow_command() {
    proptest!(|(found in any_listing())| {
        let text = written(&found, ProblemFormat::Github);
        assert_nothing_hidden(&text);
        let counting: Vec<&Listed> =
            found.problems.iter().filter(|problem| problem.accepted.is_none()).collect();
        prop_assert_eq!(text.lines().count(), counting.len() + found.more, "{}", text);
        for (line, problem) in text.lines().zip(counting) {
            let (name, properties, message) = command(line);
            prop_assert!(["error", "warning", "notice"].contains(&&*name));
            let names: Vec<&str> = properties.iter().map(|(name, _)| name.as_str()).collect();
            let expected = [("file", problem.file.is_some()), ("line", problem.spot.is_some()), ("col", problem.spot.is_some()), ("title", true)];
            let expected: Vec<&str> = expected.into_iter().filter(|(_, there)| *there).map(|(name, _)| name).collect();
            prop_assert_eq!(names, expected, "{}", line);
            prop_assert_eq!(&properties.last().unwrap().1, &problem.code);
            prop_assert!(message.starts_with(&problem.message().chars().take(100).collect::<String>()));
        }
    });
}

#[test]
fn nothing_breaks_out_of_an_element() {
    proptest!(|(found in any_listing())| {
        let text = written(&found, ProblemFormat::Junit);
        assert_nothing_hidden(&text);
        let names = elements(&text);
        let known = ["testsuites", "testsuite", "testcase", "failure", "error", "skipped", "system-out"];
        prop_assert!(names.iter().all(|name| known.contains(&name.as_str())), "{:?}", names);
        let count = |tag: &str| names.iter().filter(|name| *name == tag).count();
        let of = |which: fn(&Listing, &Listed) -> bool| {
            found.problems.iter().filter(|problem| which(&found, problem)).count()
        };
        prop_assert_eq!(count("skipped"), of(|_, problem| problem.accepted.is_some()));
        prop_assert_eq!(count("failure"), found.more + of(|all, problem| all.fails(problem) && problem.file.is_some()));
        prop_assert_eq!(count("error"), of(|all, problem| all.fails(problem) && problem.file.is_none()));
    });
}

#[test]
fn nothing_breaks_out_of_a_string_and_the_schemas_hold() {
    let (sarif, gitlab) = (schema("sarif-2.1.0.schema.json"), schema("gitlab-code-quality.schema.json"));
    proptest!(|(found in any_listing())| {
        let text = written(&found, ProblemFormat::Sarif);
        assert_nothing_hidden(&text);
        let document = assert_valid(&sarif, &text);
        let results = document["runs"][0]["results"].as_array().unwrap();
        let in_files: Vec<&Listed> = found.problems.iter().filter(|one| one.file.is_some()).collect();
        prop_assert_eq!(results.len(), in_files.len());
        for (result, problem) in results.iter().zip(in_files) {
            let uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].as_str().unwrap();
            prop_assert!(uri.bytes().all(|byte| byte.is_ascii_graphic() && !b"\"<>\\^`{|}".contains(&byte)), "{}", uri);
            let message = result["message"]["text"].as_str().unwrap();
            prop_assert!(!message.replace("{{", "").contains("{0}"), "{}", message);
            prop_assert!(!message.replace("\\]", "").contains("]("), "{}", message);
            prop_assert_eq!(result["ruleIndex"].is_u64(), problem.code == "check::L13");
        }
        let text = written(&found, ProblemFormat::Gitlab);
        assert_nothing_hidden(&text);
        let entries = assert_valid(&gitlab, &text);
        let entries = entries.as_array().unwrap();
        let mut prints: Vec<&str> = entries.iter().map(|one| one["fingerprint"].as_str().unwrap()).collect();
        prints.sort_unstable();
        prints.dedup();
        prop_assert_eq!(prints.len(), entries.len(), "two problems have the same fingerprint");
    });
}

fn problem(message: &str, line: usize, pointer: &str) -> Listed {
    Listed {
        code: "check::L13".to_owned(),
        level: Level::Error,
        message: message.to_owned(),
        help: None,
        file: Some("config/prices.yaml".to_owned()),
        spot: Some((line, 5)),
        pointer: Some(pointer.to_owned()),
        accepted: None,
    }
}

fn of(problems: Vec<Listed>) -> Listing {
    Listing {
        command: "check",
        files: Vec::new(),
        problems,
        more: 0,
        rules: [].into(),
        notes: Vec::new(),
        fails: Level::Error,
        exit_code: 3,
    }
}

#[test]
fn a_fingerprint_stays_when_lines_move_and_figures_change() {
    let before = of(vec![problem("350.00 is under 360.00", 12, "/prices/a"), problem("x", 13, "/prices/b")]);
    let after = of(vec![problem("351.00 is under 360.00", 40, "/prices/a"), problem("x", 41, "/prices/c")]);
    let (before, after) = (before.fingerprints(), after.fingerprints());
    assert_eq!(before[0], after[0]);
    assert_ne!(before[1], after[1]);
    assert_eq!(before[0].len(), 64);
}

#[test]
fn a_fingerprint_does_not_depend_on_the_language() {
    let of = |message: &str| of(vec![problem(message, 3, "")]).fingerprints();
    let english = of("`prices` of `vds-start` has 2 duplicates");
    assert_eq!(english, of("у `vds-start` в `prices` 3 повтора"));
    assert_ne!(english, of("`prices` of `vds-pro` has 2 duplicates"));
}

#[test]
fn documents_for_pipelines_speak_russian_too() {
    let mut found = of(vec![
        problem("цена ниже себестоимости", 3, "/prices/a"),
        Listed { level: Level::Note, ..problem("к сведению", 4, "/prices/b") },
    ]);
    found.files = vec!["config/other.yaml".to_owned()];
    found.more = 5;
    speaking(Language::Russian, || {
        let sarif = assert_valid(&schema("sarif-2.1.0.schema.json"), &written(&found, ProblemFormat::Sarif));
        assert_eq!(sarif["runs"][0]["language"], "ru");
        let notes = sarif.pointer("/runs/0/invocations/0/toolExecutionNotifications/0/message/text").unwrap();
        assert_eq!(notes, "ещё ошибок: 5");
        let junit = written(&found, ProblemFormat::Junit);
        for text in ["name=\"ошибок нет\"", "место: config/prices.yaml:3:5", "замечание: к сведению"]
        {
            assert!(junit.contains(text), "{text}: {junit}");
        }
        assert!(written(&found, ProblemFormat::Github).ends_with("::error title=billform::ещё ошибок: 5\n"));
    });
    let english = written(&found, ProblemFormat::Sarif);
    assert!(!english.contains("\"language\""), "{english}");
}

#[test]
fn a_file_without_errors_is_a_passed_test() {
    let mut found = of(vec![problem("one", 1, "/a")]);
    found.files = vec!["config/other.yaml".to_owned()];
    let text = written(&found, ProblemFormat::Junit);
    assert!(
        text.contains("<testsuites name=\"billform check\" tests=\"2\" failures=\"1\" errors=\"0\">"),
        "{text}"
    );
    assert!(text.contains("<testcase name=\"no errors\" classname=\"config/other.yaml\"/>"), "{text}");
    assert!(
        text.contains(
            "<failure type=\"check::L13\" message=\"one\">one\nat config/prices.yaml:1:5</failure>"
        ),
        "{text}"
    );
}
