//! No sentence is without its Russian, and no Russian without its sentence.
//!
//! The sentences are looked up in the source itself: `t!`, `tn!` and `later!` in each file, the help of the command
//! line, and the schema of the configuration. With `BILLFORM_UPDATE=1` the catalogues are written anew: what is new stands in them without a
//! translation, what is not said any more is gone.

use std::{collections::BTreeMap, fs, io::BufWriter, path::Path};

use polib::{
    catalog::Catalog,
    message::{Message, MessageView},
    metadata::CatalogMetadata,
};
use proc_macro2::{Delimiter, TokenStream, TokenTree};

use super::{Language, catalogue, filled, speaking, t, tn};

/// One sentence of the source.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Sentence {
    context: String,
    text: String,
    /// The form for several, where it is about a number.
    many: Option<String>,
}

/// The sentences of each module, by its name, in the order of their first use.
type Said = BTreeMap<String, Vec<(Sentence, String)>>;

pub(super) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn said() -> Said {
    let mut said = Said::new();
    for file in source_files(&root().join("src")) {
        let place = file.strip_prefix(root()).unwrap().display().to_string();
        let name = file.strip_prefix(root().join("src")).unwrap().iter().next().unwrap().to_str().unwrap();
        let module = name.trim_end_matches(".rs").to_owned();
        // The sandbox speaks as a panel does, and this module defines what it looks for.
        if module == "sandbox" || module == "language" || place.contains("tests") {
            continue;
        }
        let text = fs::read_to_string(&file).unwrap();
        let stream: TokenStream = text.parse().unwrap_or_else(|error| panic!("{place}: {error}"));
        calls(stream, &place, &mut |sentence| {
            said.entry(module.clone()).or_default().push((sentence, place.clone()));
        });
    }
    for text in help(&<crate::cli::Cli as clap::CommandFactory>::command()) {
        let sentence = Sentence { context: String::new(), text, many: None };
        said.entry("cli".to_owned()).or_default().push((sentence, "--help".to_owned()));
    }
    for text in descriptions(<crate::kinds::ConfigSpec as crate::config::Document>::compiled().schema()) {
        let sentence = Sentence { context: String::new(), text, many: None };
        said.entry("schema".to_owned())
            .or_default()
            .push((sentence, "schemas/billform.schema.json".to_owned()));
    }
    said
}

pub(super) fn source_files(directory: &Path) -> Vec<std::path::PathBuf> {
    let files = walkdir::WalkDir::new(directory)
        .sort_by_file_name()
        .into_iter()
        .map(|entry| entry.unwrap().into_path());
    files.filter(|path| path.extension().is_some_and(|end| end == "rs")).collect()
}

/// Finds each `t!(…)`, `tn!(…)` and `later!(…)`, also within the arguments of others.
fn calls(stream: TokenStream, place: &str, found: &mut impl FnMut(Sentence)) {
    let tokens: Vec<TokenTree> = stream.into_iter().collect();
    for (at, token) in tokens.iter().enumerate() {
        let TokenTree::Group(group) = token else { continue };
        let before = |back: usize| at.checked_sub(back).map(|at| tokens[at].to_string());
        let name = before(2).filter(|_| before(1).as_deref() == Some("!"));
        if group.delimiter() == Delimiter::Parenthesis
            && matches!(name.as_deref(), Some("t" | "tn" | "later"))
        {
            found(call(&group.stream(), name.as_deref().unwrap_or_default(), place));
        }
        calls(group.stream(), place, found);
    }
}

/// Reads one call, and holds it to having every value that its text names, and no other. In a constant braces are
/// braces.
fn call(stream: &TokenStream, name: &str, place: &str) -> Sentence {
    let plural = name == "tn";
    let tokens: Vec<TokenTree> = stream.clone().into_iter().collect();
    let parts: Vec<&[TokenTree]> =
        tokens.split(|token| matches!(token, TokenTree::Punct(punct) if punct.as_char() == ',')).collect();
    let whole = |part: &[TokenTree]| part.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
    let first = usize::from(plural);
    let texts: Vec<&&[TokenTree]> = parts.iter().skip(first).take(1 + first).collect();
    let last = |part: &[TokenTree]| literal(&part.last().unwrap().to_string(), place);
    let context = match texts[0] {
        [context, .., _] => literal(&context.to_string(), place),
        _ => String::new(),
    };
    let text = last(texts[0]);
    let many = plural.then(|| last(texts[1]));
    let mut given: Vec<String> = parts[first + texts.len()..]
        .iter()
        .filter(|part| part.len() > 2 && part[1].to_string() == "=")
        .map(|part| part[0].to_string())
        .collect();
    if plural {
        given.push("n".to_owned());
    }
    given.sort();
    for text in std::iter::once(&text).chain(&many).filter(|_| name != "later") {
        assert_eq!(
            names(text),
            given,
            "{place}: the values of {text:?} are not those in `{}`",
            whole(&tokens)
        );
    }
    Sentence { context, text, many }
}

/// What a string literal stands for.
pub(super) fn literal(source: &str, place: &str) -> String {
    let parsed = syn::parse_str::<syn::LitStr>(source);
    parsed.unwrap_or_else(|error| panic!("{place}: {source} is no text: {error}")).value()
}

/// The names in braces, sorted, each once.
fn names(text: &str) -> Vec<String> {
    let plain = text.replace("{{", "").replace("}}", "");
    let mut names: Vec<String> =
        plain.split('{').skip(1).map(|rest| rest.split('}').next().unwrap().to_owned()).collect();
    names.sort();
    names.dedup();
    names
}

/// What the schema says of fields and of words, paragraph by paragraph.
fn descriptions(schema: &serde_json::Value) -> Vec<String> {
    use serde_json::Value;
    match schema {
        Value::Object(members) => {
            let own = members.get("description").into_iter();
            let words = members.get("enumDescriptions").and_then(Value::as_array).into_iter().flatten();
            let texts = own.chain(words).filter_map(Value::as_str).flat_map(|text| text.split("\n\n"));
            let texts: Vec<String> = texts.filter(|text| !text.is_empty()).map(str::to_owned).collect();
            texts.into_iter().chain(members.values().flat_map(descriptions)).collect()
        }
        Value::Array(list) => list.iter().flat_map(descriptions).collect(),
        _ => Vec::new(),
    }
}

/// The texts of the help, in order.
fn help(command: &clap::Command) -> Vec<String> {
    let mut texts: Vec<String> = Vec::new();
    let own = [command.get_about(), command.get_long_about(), command.get_after_help()];
    texts.extend(own.into_iter().flatten().map(ToString::to_string));
    for argument in command.get_arguments() {
        let own = [argument.get_help(), argument.get_long_help()];
        texts.extend(own.into_iter().flatten().map(ToString::to_string));
        texts.extend(argument.get_help_heading().map(str::to_owned));
        let values = argument.get_possible_values();
        texts.extend(values.iter().filter_map(|value| value.get_help()).map(ToString::to_string));
    }
    texts.extend(command.get_subcommands().flat_map(help));
    texts
}

fn file(module: &str) -> std::path::PathBuf {
    root().join("data/ru").join(format!("{module}.po"))
}

/// A catalogue without messages.
fn empty() -> Catalog {
    let metadata = "Project-Id-Version: billform\nLanguage: ru\nMIME-Version: 1.0\n\
                    Content-Type: text/plain; charset=UTF-8\nContent-Transfer-Encoding: 8bit\n\
                    Plural-Forms: nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && \
                    (n%100<12 || n%100>14) ? 1 : 2);\n";
    Catalog::new(CatalogMetadata::parse(metadata).unwrap())
}

/// The catalogue with exactly what is said, and the translations that there are.
fn current(module: &str, said: &[(Sentence, String)]) -> Catalog {
    let old = polib::po_file::parse(&file(module)).ok();
    let mut catalogue = empty();
    let mut places: BTreeMap<&Sentence, Vec<&str>> = BTreeMap::new();
    said.iter().for_each(|(sentence, place)| {
        let places = places.entry(sentence).or_default();
        if !places.contains(&place.as_str()) {
            places.push(place);
        }
    });
    for (sentence, _) in said {
        let Some(places) = places.remove(sentence) else { continue };
        let context = Some(sentence.context.as_str()).filter(|context| !context.is_empty());
        let old =
            old.as_ref().and_then(|old| old.find_message(context, &sentence.text, sentence.many.as_deref()));
        let mut builder =
            if sentence.many.is_some() { Message::build_plural() } else { Message::build_singular() };
        builder.with_source(places.join("\n")).with_msgid(sentence.text.clone());
        context.map(|context| builder.with_msgctxt(context.to_owned()));
        if let Some(comments) = old.map(MessageView::translator_comments) {
            builder.with_translator_comments(comments.to_owned());
        }
        match &sentence.many {
            None => builder.with_msgstr(old.map_or("", |old| old.msgstr().unwrap()).to_owned()),
            Some(many) => builder.with_msgid_plural(many.clone()).with_msgstr_plural(
                old.map_or(vec![String::new(); 3], |old| old.msgstr_plural().unwrap().clone()),
            ),
        };
        catalogue.append_or_update(builder.done());
    }
    catalogue
}

fn written(catalogue: &Catalog) -> String {
    let mut text = BufWriter::new(Vec::new());
    polib::po_file::write(catalogue, &mut text).unwrap();
    String::from_utf8(text.into_inner().unwrap()).unwrap()
}

#[test]
fn every_sentence_has_its_russian_and_no_russian_is_left_over() {
    let said = said();
    let mut wrong = Vec::new();
    for (module, said) in &said {
        let current = written(&current(module, said));
        if std::env::var_os("BILLFORM_UPDATE").is_some_and(|value| value == "1") {
            fs::write(file(module), &current).unwrap();
        }
        if fs::read_to_string(file(module)).unwrap_or_default() != current {
            wrong.push(format!("data/ru/{module}.po is not current: run this test with BILLFORM_UPDATE=1"));
        }
        if !catalogue::RUSSIAN.iter().any(|(known, _)| known == module) {
            wrong.push(format!("src/language/catalogue.rs does not have `{module}`"));
        }
    }
    for &(module, _) in catalogue::RUSSIAN {
        if !said.contains_key(module) {
            wrong.push(format!("{module} says nothing"));
        }
        let catalogue = polib::po_file::parse(&file(module)).unwrap();
        wrong.extend(
            catalogue
                .messages()
                .filter_map(|message| fault(module, message))
                .map(|fault| format!("{module}: {fault}")),
        );
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What is wrong with a translation.
fn fault(module: &str, message: &dyn MessageView) -> Option<String> {
    let text = message.msgid();
    let forms = match message.msgstr_plural() {
        Ok(forms) => forms.clone(),
        Err(_) => vec![message.msgstr().unwrap().to_owned()],
    };
    if forms.len() != if message.is_plural() { 3 } else { 1 } || forms.iter().any(String::is_empty) {
        return Some(format!("{text:?} has no Russian"));
    }
    if message.is_fuzzy() {
        return Some(format!("the Russian of {text:?} is marked as fuzzy"));
    }
    // In the schema, braces are those of YAML: nothing is put in.
    let foreign = forms.iter().find(|form| module != "schema" && names(form) != names(text));
    foreign.map(|form| format!("{form:?} does not have the values of {text:?}"))
}

#[test]
fn one_sentence_has_one_translation() {
    let mut known: BTreeMap<(String, String), String> = BTreeMap::new();
    for &(module, _) in catalogue::RUSSIAN {
        for message in polib::po_file::parse(&file(module)).unwrap().messages() {
            let key = (message.msgctxt().unwrap_or_default().to_owned(), message.msgid().to_owned());
            let forms = format!("{:?} {:?}", message.msgstr(), message.msgstr_plural());
            let before = known.entry(key.clone()).or_insert_with(|| forms.clone());
            assert_eq!(
                *before, forms,
                "{module}: {key:?} is translated otherwise elsewhere; a context tells them apart"
            );
        }
    }
}

#[test]
fn numbers_take_the_form_that_russian_asks_for() {
    let forms = |numbers: &[u64]| numbers.iter().map(|number| catalogue::form(*number)).collect::<Vec<_>>();
    assert_eq!(forms(&[1, 21, 101, 1_001]), [0; 4]);
    assert_eq!(forms(&[2, 3, 4, 22, 34, 102]), [1; 6]);
    assert_eq!(forms(&[0, 5, 10, 11, 12, 14, 15, 20, 111, 112, 1_000]), [2; 11]);
}

#[test]
fn values_are_put_in_and_not_looked_into() {
    let values: &[(&str, &dyn std::fmt::Display)] = &[("name", &"{count}"), ("count", &3)];
    assert_eq!(filled("{count} {name}: {{name}} {count}", values), "3 {count}: {name} 3");
    assert_eq!(filled("}} { open", values), "} ");
}

#[test]
fn the_environment_says_the_language() {
    let of = |variables: &[(&str, &str)]| {
        Language::of_environment(|name| {
            variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
        })
    };
    assert_eq!(of(&[]), Language::English);
    assert_eq!(of(&[("LANG", "ru_RU.UTF-8")]), Language::Russian);
    assert_eq!(of(&[("LANG", "ru")]), Language::Russian);
    assert_eq!(of(&[("LANG", "ru_RU.UTF-8"), ("LC_ALL", "C")]), Language::English);
    assert_eq!(
        of(&[("LANG", "en_GB.UTF-8"), ("LC_MESSAGES", "ru_RU.UTF-8"), ("LC_ALL", "")]),
        Language::Russian
    );
    assert_eq!(of(&[("LANG", "rue_UA")]), Language::English);
}

#[test]
fn english_is_what_stands_in_the_code() {
    assert_eq!(t!("{name} of {count}", name = "a", count = 2), "a of 2");
    assert_eq!(
        (tn!(1usize, "{n} thing", "{n} things"), tn!(2u64, "{n} thing", "{n} things")),
        ("1 thing".into(), "2 things".into())
    );
    let untranslated = speaking(Language::Russian, || t!("no sentence of this program"));
    assert_eq!(untranslated, "no sentence of this program");
}
