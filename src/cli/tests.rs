//! Help and usage errors in Russian.

use clap::{Command, CommandFactory as _};

use super::{Cli, spoken};
use crate::language::{Language, speaking};

/// English words that stand beside each other in Russian sentences, too: names.
const NAMES: [&str; 7] = [
    "ISPsystem BILLmanager",
    "JSON Schema",
    "JUnit XML",
    "Code Quality",
    "GitHub Enterprise",
    "Enterprise Server",
    "billform schema scenario",
];

/// The ways to each command, the whole program's among them.
fn paths(command: &Command, above: &[String]) -> Vec<Vec<String>> {
    let subs = command.get_subcommands().flat_map(|sub| {
        let path = [above, &[sub.get_name().to_owned()]].concat();
        paths(sub, &path)
    });
    std::iter::once(above.to_vec()).chain(subs).collect()
}

/// What the program says to such arguments.
fn said(arguments: &[&str]) -> String {
    let arguments = std::iter::once("billform").chain(arguments.iter().copied());
    let error = spoken::command().try_get_matches_from(arguments).expect_err("no command is run");
    plain(&spoken::explained(&error))
}

/// The text without colours.
fn plain(text: &str) -> String {
    anstream::adapter::strip_str(text).to_string()
}

/// Two English words beside each other on a line, where commands, names and placeholders are not words.
fn english(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut command = false;
    for line in text.lines() {
        // Examples, with the lines that they go on in, and the synopsis.
        command = line.contains("billform ") || (command && line.starts_with("    --"));
        if command {
            continue;
        }
        let line = NAMES.iter().fold(line.to_owned(), |line, name| line.replace(name, ""));
        let words: Vec<&str> = line.split_whitespace().collect();
        let is_word = |word: &&str| {
            let word = word.trim_matches(['.', ',', ';', ':', '(', ')', '\'', '[', ']']);
            word.len() > 1 && word.chars().all(|ch| ch.is_ascii_lowercase())
                || word.len() > 2
                    && word.chars().skip(1).all(|ch| ch.is_ascii_lowercase())
                    && word.starts_with(|ch: char| ch.is_ascii_uppercase())
        };
        for two in words.windows(2).filter(|two| two.iter().all(is_word)) {
            // Lists of words to choose from: `[possible values: auto, always, never]`.
            if !two[0].ends_with([',', ':']) {
                found.push(format!("{} {}", two[0], two[1]));
            }
        }
    }
    found
}

#[test]
fn english_is_noticed() {
    assert_eq!(english("Показать: Print help for it"), ["Print help", "help for", "for it"]);
    assert_eq!(english("[возможные значения: auto, always, never] --help FILE"), Vec::<String>::new());
}

fn is_russian(text: &str) -> bool {
    text.chars().any(|ch| ('а'..='я').contains(&ch))
}

#[test]
fn every_help_is_in_russian_where_russian_is_spoken() {
    speaking(Language::Russian, || {
        let mut wrong = Vec::new();
        for path in paths(&Cli::command(), &[]) {
            for flag in ["-h", "--help"] {
                let arguments: Vec<&str> = path.iter().map(String::as_str).chain([flag]).collect();
                let text = said(&arguments);
                let headings = text.lines().filter(|line| line.ends_with(':') && !line.starts_with(' '));
                wrong.extend(
                    headings.filter(|line| !is_russian(line)).map(|line| format!("{path:?} {flag}: {line}")),
                );
                wrong.extend(english(&text).into_iter().map(|two| format!("{path:?} {flag}: {two}")));
                assert!(text.contains("Вызов: billform"), "{text}");
                assert!(!text.contains("[default:") && !text.contains("[env:"), "{text}");
                assert!(
                    text.lines().all(|line| line.chars().count() <= 100 || line.contains("billform ")),
                    "{text}"
                );
            }
        }
        wrong.sort();
        wrong.dedup();
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    });
}

#[test]
fn the_helps_in_both_languages_have_the_same_flags_values_and_defaults() {
    let flags = |text: &str| -> Vec<String> {
        let own =
            text.lines().map(str::trim_start).filter(|line| line.starts_with('-') && !line.starts_with("- "));
        own.map(|line| line.split("  ").next().unwrap().to_owned()).collect()
    };
    let brackets = |text: &str, name: &str| -> Vec<String> {
        text.split(name).skip(1).map(|rest| rest.split(']').next().unwrap().to_owned()).collect()
    };
    for path in paths(&Cli::command(), &[]) {
        let arguments: Vec<&str> = path.iter().map(String::as_str).chain(["--help"]).collect();
        let english = speaking(Language::English, || said(&arguments));
        let russian = speaking(Language::Russian, || said(&arguments));
        assert_eq!(flags(&english), flags(&russian), "{path:?}");
        assert_eq!(brackets(&english, "\n          [env: "), brackets(&russian, "\n          [переменная: "));
        assert_eq!(
            brackets(&english, "\n          [default: "),
            brackets(&russian, "\n          [по умолчанию: ")
        );
        let values = |text: &str| text.lines().filter(|line| line.trim_start().starts_with("- ")).count();
        assert_eq!(values(&english), values(&russian), "{path:?}\n{english}\n{russian}");
    }
}

#[test]
fn usage_errors_are_in_russian_where_russian_is_spoken() {
    let cases: &[(&[&str], &str)] = &[
        (&["plan", "x", "--formt", "json"], "неизвестный параметр '--formt'"),
        (&["plan", "x", "--formt", "json"], "возможно, имелось в виду: '--format'"),
        (&["plna"], "неизвестная команда 'plna'"),
        (&["plan"], "не хватает обязательных аргументов:\n  <PATH>"),
        (&["plan", "x", "--format"], "для '--format <FORMAT>' нужно значение"),
        (&["plan", "x", "--format", "xml"], "недопустимое значение 'xml' для '--format <FORMAT>'"),
        (&["plan", "x", "--format", "xml"], "[возможные значения: text, markdown, json, html, dot, mermaid]"),
        (&["plan", "x", "--out", "plan.yaml"], "имя сохранённого плана оканчивается на .json"),
        (&["plan", "x", "--target", "color/red"], "`color` не является видом"),
        (&["plan", "x", "--concurrency", "99"], "99 вне диапазона 1..=64"),
        (&["plan", "x", "--concurrency", "many"], "это не целое число"),
        (&["plan", "x", "y"], "неизвестный параметр 'y'"),
        (&["-q", "-v", "demo"], "'--quiet' нельзя указывать вместе с '--verbose...'"),
        (&["demo", "--lang", "en", "--lang", "ru"], "'--lang <LANGUAGE>' нельзя указывать несколько раз"),
        (&["drift", "x", "--watch", "1d"], "укажите паузу от 1s до 24h"),
        (&["sandbox", "--listen", "here"], "это не адрес с портом"),
        (&["sandbox", "--pair", "--at", "soon"], "это не день"),
        (&["simulate"], "Вызов: billform simulate"),
    ];
    speaking(Language::Russian, || {
        for (arguments, wanted) in cases {
            let text = said(arguments);
            assert!(text.contains(wanted), "{arguments:?}: {text}");
            assert_eq!(english(&text), Vec::<String>::new(), "{arguments:?}: {text}");
            assert!(!text.contains("error:") && !text.contains("tip:"), "{arguments:?}: {text}");
        }
    });
}

#[test]
fn pages_are_in_russian_where_russian_is_spoken() {
    speaking(Language::Russian, || {
        let mut script = Vec::new();
        let mut command = spoken::page(Cli::command());
        clap_complete::generate(clap_complete::Shell::Fish, &mut command, "billform", &mut script);
        let script = String::from_utf8(script).expect("completions are text");
        let described = script.lines().filter_map(|line| Some(line.split_once(" -d '")?.1));
        let foreign: Vec<&str> = described.filter(|text| !is_russian(text)).collect();
        assert!(foreign.is_empty(), "{foreign:#?}");

        let mut command = spoken::page(Cli::command().disable_help_subcommand(true));
        command.build();
        for command in command.get_subcommands() {
            let mut page = Vec::new();
            clap_mangen::Man::new(command.clone()).render(&mut page).expect("a `Vec` takes everything");
            let page = spoken::manual(String::from_utf8(page).expect("pages are text"));
            for heading in page.lines().filter(|line| line.starts_with(".SH ")) {
                assert!(heading.chars().any(|ch| ('А'..='Я').contains(&ch)), "{heading}");
            }
            let own: String = page
                .lines()
                .filter(|line| !line.starts_with('.') && !line.starts_with("\\fB"))
                .map(|line| format!("{line}\n"))
                .collect();
            let text = own.replace("\\fR", "").replace("\\fI", "").replace("\\-", "-");
            assert_eq!(english(&text), Vec::<String>::new(), "{page}");
        }
    });
}
