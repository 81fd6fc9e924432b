//! No sentence is forgotten: what reads like one in the source is said through `t!`, `tn!` or `later!`.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

use super::tests::{literal, root, source_files};

/// The modules that say nothing to people: the sandbox speaks as a panel does.
const SILENT_MODULES: [&str; 3] = ["fuzz", "language", "sandbox"];

/// Files with texts that look like sentences to this test only.
const FILES: &[(&str, &str)] = &[
    ("cli.rs", "help, which is translated as a whole"),
    ("billmgr/trace.rs", "lines about requests, which people quote to others"),
    ("capture/table.rs", "for a page of the documentation"),
    ("cli/spoken.rs", "what clap says in English, and is looked for"),
    ("commands/demo.rs", "commands that are run"),
    ("commands/drift/metrics.rs", "what Prometheus shows, under names in English"),
    ("config/schema.rs", "the schema, which is in English"),
];

/// What reads like a sentence and is none, with the reason.
const EXCEPT: &[(&str, &str)] = &[
    ("not accessible by integration", "GitHub says so"),
    ("no changes", "the end of a label's name"),
    ("before the plan", "a word of the document, which is told in others"),
    ("after the plan", "a word of the document, which is told in others"),
    ("writing to a string does not fail", "why no error is looked at"),
    ("proxy authorization required", "a library says so"),
    ("request in process", "the panel says so"),
    ("access from this ip", "the panel says so"),
    ("tariff plans", "the name of a count in JSON"),
    ("period mappings", "the name of a count in JSON"),
    ("This key cannot stand here.", "the schema"),
    ("Offered at no charge: every period in every currency costs 0.", "the schema"),
    ("Not offered on this tariff plan; its prices are left as they are.", "the schema"),
    ("Offered at prices made of costs, by the tariff plan's rule.", "the schema"),
    ("turn on", "a label of the panel's"),
    ("switch on", "a label of the panel's"),
    ("turn off", "a label of the panel's"),
    ("switch off", "a label of the panel's"),
    ("product type", "a label of the panel's"),
    ("user name", "a label of the panel's"),
    ("data cent", "a label of the panel's"),
    ("control panel", "a label of the panel's"),
    ("this machine", "kept in the journal"),
    ("not offered", "kept in plans"),
    (INIT, "a configuration to begin with, whose comments are put in"),
    (DOT, "the language of Graphviz"),
    ("flowchart LR\n  accTitle: {}\n", "the language of Mermaid"),
    ("  classDef remark stroke:none,fill:none\n", "the language of Mermaid"),
    ("  linkStyle {number} stroke:{}", "the language of Mermaid"),
    ("one other", "classes of a page"),
    ("two other", "classes of a page"),
    ("three other", "classes of a page"),
    ("rule zero", "classes of a page"),
];

const INIT: &str = "# yaml-language-server: $schema={SCHEMA}\n\n# {}\nversion: 1\n\npanel:\n  url: {}\n  username: {}\n  \
                    password: {{env: BILLFORM_PASSWORD}}   # {} {{file: PATH}}, {} {{command: [pass, show, \
                    billmanager]}}\n\n# {}\n# prune: [enumeration-item/NAME, period-mapping/NAME]\n\n# {}\n# costs: \
                    {{}}\n";

const DOT: &str = "digraph billform {{\n  graph [rankdir=LR, ranksep=1.2, label={}, labelloc=t];\n  node [shape=box, \
                   style=rounded, color=\"#888888\"];\n  edge [color=\"#888888\"];\n";

/// Macros whose text nobody is told, or that make up part of a program's own words.
const SILENT: [&str; 8] =
    ["assert", "debug_assert", "env", "include_str", "json_schema", "panic", "stringify", "unreachable"];

/// Whether a text has two words in a row.
fn reads_like_a_sentence(text: &str) -> bool {
    let words: Vec<&str> = text
        .split_whitespace()
        .map(|word| word.trim_matches(['.', ',', ';', ':', '(', ')', '"', '!', '?']))
        .collect();
    let word = |text: &&str| text.len() > 1 && text.chars().all(|ch| ch.is_ascii_alphabetic());
    words.windows(2).any(|pair| pair.iter().all(word))
}

/// A text without what is put into it, and without the tags of HTML.
fn bare(text: &str) -> String {
    let mut bare = String::new();
    let mut closing = None;
    for ch in text.chars() {
        match (closing, ch) {
            (Some(end), _) if ch == end => closing = None,
            (Some(_), _) => {}
            (None, '{') => closing = Some('}'),
            (None, '<') => closing = Some('>'),
            (None, _) => bare.push(ch),
        }
    }
    bare
}

/// Hands out each literal that reads like a sentence and is not said through a macro of ours.
fn forgotten(stream: TokenStream, found: &mut impl FnMut(String)) {
    let tokens: Vec<TokenTree> = stream.into_iter().collect();
    let punct = |at: Option<usize>, ch: char| {
        at.and_then(|at| tokens.get(at))
            .is_some_and(|token| matches!(token, TokenTree::Punct(punct) if punct.as_char() == ch))
    };
    let mut skipped = false;
    for (at, token) in tokens.iter().enumerate() {
        match token {
            TokenTree::Group(group) if is_attribute(&tokens, at) => {
                let attribute = group.stream().to_string().replace(' ', "");
                skipped |= attribute.starts_with("cfg(")
                    && attribute.contains("test")
                    && !attribute.contains("not(test");
            }
            // The item under the attribute ends with its block or its semicolon.
            TokenTree::Group(group) if skipped => skipped = group.delimiter() != Delimiter::Brace,
            TokenTree::Punct(end) if skipped && end.as_char() == ';' => skipped = false,
            _ if skipped => {}
            TokenTree::Group(group) => match before(&tokens, at) {
                Some(name) if ["later", "t", "tn"].contains(&name.as_str()) => said(group, found),
                Some(name) if name == "expect" || SILENT.contains(&name.as_str()) => {}
                _ => forgotten(group.stream(), found),
            },
            TokenTree::Literal(text) => {
                let text = text.to_string();
                let is_text = text.starts_with('"') || text.starts_with("r#") || text.starts_with("r\"");
                // The name of a test or of a feature is no text either, but those are attributes.
                if is_text && !punct(at.checked_sub(1), '#') {
                    let text = literal(&text, "source");
                    if reads_like_a_sentence(&bare(&text)) {
                        found(text);
                    }
                }
            }
            _ => {}
        }
    }
}

fn is_attribute(tokens: &[TokenTree], at: usize) -> bool {
    let mark = |back: usize| at.checked_sub(back).map(|at| tokens[at].to_string());
    let TokenTree::Group(group) = &tokens[at] else { return false };
    let named =
        mark(1).as_deref() == Some("#") || mark(1).as_deref() == Some("!") && mark(2).as_deref() == Some("#");
    group.delimiter() == Delimiter::Bracket && named
}

/// The name of the macro or the method whose arguments stand here.
fn before(tokens: &[TokenTree], at: usize) -> Option<String> {
    let back = |steps: usize| at.checked_sub(steps).map(|at| tokens[at].to_string());
    if back(1)? == "!" {
        back(2)
    } else {
        back(1).filter(|name| name.starts_with("expect")).map(|_| "expect".to_owned())
    }
}

/// The texts of a sentence are translated; what is put into it has to be, too.
fn said(group: &Group, found: &mut impl FnMut(String)) {
    let tokens: Vec<TokenTree> = group.stream().into_iter().collect();
    let values = tokens.iter().enumerate().filter(|(at, token)| {
        let value = at.checked_sub(1).is_some_and(|at| tokens[at].to_string() == "=");
        matches!(token, TokenTree::Group(_)) || value
    });
    for (at, token) in values {
        // `format!(…)` as a value is looked into like anywhere else: by what stands before its group.
        let lead = tokens[at.saturating_sub(2)..at]
            .iter()
            .filter(|token| matches!(token, TokenTree::Ident(_) | TokenTree::Punct(_)));
        forgotten(lead.chain([token]).cloned().collect(), found);
    }
}

fn all() -> Vec<(String, String)> {
    let mut all = Vec::new();
    for file in source_files(&root().join("src")) {
        let place = file.strip_prefix(root().join("src")).unwrap().display().to_string();
        let module = place.split(['/', '.']).next().unwrap();
        let excepted = FILES.iter().any(|(file, _)| *file == place);
        if SILENT_MODULES.contains(&module) || place.contains("tests") || excepted {
            continue;
        }
        let text = std::fs::read_to_string(&file).unwrap();
        forgotten(text.parse().unwrap(), &mut |text| all.push((place.clone(), text)));
    }
    all
}

#[test]
fn no_sentence_is_forgotten() {
    let all = all();
    let known = |text: &str| EXCEPT.iter().any(|(known, _)| *known == text);
    let wrong: Vec<String> = all
        .iter()
        .filter(|(_, text)| !known(text))
        .map(|(place, text)| format!("{place}: {text:?}"))
        .collect();
    assert!(
        wrong.is_empty(),
        "say these through t! or tn!, or give the reason in EXCEPT:\n{}",
        wrong.join("\n")
    );
    for (text, reason) in EXCEPT {
        assert!(all.iter().any(|(_, there)| there == text), "{text:?} ({reason}) is not there any more");
    }
}

#[test]
fn sentences_are_told_from_other_texts() {
    let of = |source: &str| {
        let mut all = Vec::new();
        forgotten(source.parse().unwrap(), &mut |text| all.push(text));
        all
    };
    assert_eq!(of(r#"let a = "one sentence"; let b = "word"; let c = "{one} {two} x";"#), ["one sentence"]);
    assert_eq!(
        of(r#"/// Some words.
        #[doc = "some words"] fn f() { x.expect("it holds here"); t!("some words", a = "no words") }"#),
        ["no words"]
    );
    assert_eq!(
        of(r#"t!("some words", a = format!("more words"), b = if x { "other words" } else { y })"#).len(),
        2
    );
    assert!(of(r#"#[cfg(test)] mod tests { fn f() { "some words" } } const A: u8 = 1;"#).is_empty());
    assert!(of(r#"#[cfg(test)] use a::b; fn f() { "<p class=\"of ours\">" }"#).is_empty());
    assert_eq!(of(r#"#[cfg(test)] use a::b; fn f() { "some words" }"#), ["some words"]);
}
