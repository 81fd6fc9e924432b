//! Rules about the repository that no compiler checks.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use crate::harness::root;

/// Which modules of the crate each may use. Data flows from the top of the list to its end.
const LAYERS: [(&str, &[&str]); 34] = [
    ("fuzz", &["rollback", "journal", "saved", "format", "config", "report", "kinds", "source", "wire"]),
    (
        "commands",
        &[
            "cli",
            "terminal",
            "export",
            "format",
            "rollback",
            "journal",
            "saved",
            "notify",
            "news",
            "reconcile",
            "guard",
            "apply",
            "config",
            "report",
            "check",
            "pool",
            "doctor",
            "capture",
            "upstream",
            "simulate",
            "licence",
            "codes",
            "kinds",
            "dialect",
            "forge",
            "billmgr",
            "net",
            "source",
            "plan",
            "wire",
            "model",
            "sandbox",
        ],
    ),
    ("rollback", &["journal", "guard", "kinds", "plan"]),
    ("journal", &["saved", "apply", "plan"]),
    ("saved", &["kinds", "plan"]),
    ("terminal", &["cli", "report"]),
    ("cli", &["forge", "config", "kinds", "report", "licence", "plan", "model", "sandbox"]),
    ("export", &["reconcile", "format", "config", "upstream", "kinds", "source", "plan", "model"]),
    ("reconcile", &["guard", "config", "kinds", "dialect", "source", "plan", "model"]),
    ("guard", &["kinds", "plan", "model"]),
    ("notify", &["report", "news", "billmgr", "net"]),
    ("apply", &["kinds", "billmgr", "plan", "model"]),
    (
        "report",
        &["news", "pool", "doctor", "upstream", "simulate", "kinds", "licence", "source", "plan", "model"],
    ),
    ("check", &["upstream", "simulate", "kinds", "licence", "codes", "source", "plan", "model"]),
    ("doctor", &["kinds", "plan"]),
    ("capture", &["dialect", "billmgr", "wire"]),
    ("pool", &["upstream", "kinds", "licence", "model"]),
    ("upstream", &["simulate", "kinds", "licence", "dialect", "billmgr", "codes", "wire", "model"]),
    ("simulate", &["config", "kinds", "licence", "codes", "source", "plan", "model"]),
    ("format", &["config", "source"]),
    ("config", &["kinds", "licence", "source", "codes", "model"]),
    ("kinds", &["source", "dialect", "billmgr", "plan", "codes", "wire", "model"]),
    ("licence", &["model"]),
    ("source", &["plan"]),
    ("dialect", &["wire", "model"]),
    ("forge", &["billmgr", "net", "wire"]),
    ("billmgr", &["net", "wire", "model"]),
    ("net", &["wire"]),
    ("news", &["plan"]),
    ("plan", &["model"]),
    ("codes", &["model"]),
    ("wire", &["model"]),
    ("model", &[]),
    ("sandbox", &[]),
];

/// The language that people are spoken to in is beside the layers, like the standard library: whoever says
/// something may use it. The sandbox says nothing.
const BESIDE: &str = "language";

/// The longest file that is still read as a whole.
const MAX_LINES: usize = 700;

pub(crate) fn files_under(directory: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files_under(&path)) } else { found.push(path) }
    }
    found.sort();
    found
}

/// The crate's Rust files, relative to `src`, with their text.
pub(crate) fn sources() -> Vec<(PathBuf, String)> {
    let src = root().join("src");
    let files = files_under(&src).into_iter().filter(|path| path.extension().is_some_and(|end| end == "rs"));
    files
        .map(|path| (path.strip_prefix(&src).unwrap().to_owned(), fs::read_to_string(&path).unwrap()))
        .collect()
}

pub(crate) fn is_test(path: &Path) -> bool {
    let stem = path.file_stem().unwrap();
    path.iter().any(|part| part == "tests") || stem == "tests" || stem == "proptests"
}

/// The first names after each `crate::`, braces looked into.
fn imports(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for rest in text.split("crate::").skip(1) {
        let first = |text: &str| -> String {
            text.chars().take_while(|ch| ch.is_ascii_alphanumeric() || *ch == '_').collect()
        };
        let Some(list) = rest.strip_prefix('{') else {
            found.insert(first(rest));
            continue;
        };
        let mut depth = 0_usize;
        let mut begins = true;
        for (at, ch) in list.char_indices() {
            match ch {
                '{' => depth += 1,
                '}' if depth == 0 => break,
                '}' => depth -= 1,
                ',' if depth == 0 => begins = true,
                ch if depth == 0 && begins && !ch.is_whitespace() => {
                    found.insert(first(&list[at..]));
                    begins = false;
                }
                _ => {}
            }
        }
    }
    found
}

/// What the program is made of: no comments, no unit tests.
pub(crate) fn code(text: &str) -> String {
    let program = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
    let lines = program.lines().filter(|line| !line.trim_start().starts_with("//"));
    lines.map(|line| format!("{line}\n")).collect()
}

#[test]
fn modules_use_only_what_is_below_them() {
    let mut wrong = Vec::new();
    for (path, text) in sources() {
        let module = path.iter().next().unwrap().to_str().unwrap().trim_end_matches(".rs").to_owned();
        if is_test(&path) || ["main", "lib", BESIDE].contains(&module.as_str()) {
            continue;
        }
        let layer = LAYERS.iter().find(|(name, _)| *name == module);
        let (_, below) = layer.unwrap_or_else(|| panic!("give the module `{module}` its place in LAYERS"));
        for used in imports(&code(&text)) {
            let known = used == module || below.contains(&used.as_str());
            if !known && (used != BESIDE || module == "sandbox") {
                wrong.push(format!("{} uses `{used}`", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn layers_have_an_order() {
    let place = |name: &str| LAYERS.iter().position(|(layer, _)| *layer == name);
    for (at, (layer, below)) in LAYERS.iter().enumerate() {
        for used in *below {
            assert!(place(used) > Some(at), "`{layer}` may use `{used}`, which does not stand below it");
        }
    }
}

#[test]
fn imports_are_found_in_braces_and_out_of_them() {
    let text = "use crate::{a, b::{c, d}, e::f};\nlet x = crate::g::h();";
    assert_eq!(imports(text).into_iter().collect::<Vec<_>>(), ["a", "b", "e", "g"]);
}

#[test]
fn files_are_short_enough_to_read() {
    let long: Vec<String> = sources()
        .iter()
        .map(|(path, text)| (path, text.lines().count()))
        .filter(|(_, lines)| *lines > MAX_LINES)
        .map(|(path, lines)| format!("{}: {lines}", path.display()))
        .collect();
    assert!(long.is_empty(), "more than {MAX_LINES} lines: {long:#?}");
}

#[test]
fn no_test_file_is_forgotten() {
    let directory = root().join("tests/it");
    let main = fs::read_to_string(directory.join("main.rs")).unwrap();
    for path in files_under(&directory) {
        let name = path.file_stem().unwrap().to_str().unwrap();
        assert!(name == "main" || main.contains(&format!("mod {name};")), "{} runs nowhere", path.display());
    }
}

#[test]
fn each_kind_has_fixtures_an_example_and_a_schema() {
    let kinds = [
        ("processor", "processors"),
        ("enumeration", "enumerations"),
        ("price", "prices"),
        ("period_mapping", "period_mappings"),
    ];
    for (kind, section) in kinds {
        let fixtures = root().join("tests/kinds").join(kind);
        assert!(!files_under(&fixtures.join("invalid")).is_empty(), "{kind}");
        assert!(fixtures.join("valid/exhaustive.yaml").is_file(), "{kind}");
        assert!(root().join(format!("examples/{section}.yaml")).is_file(), "{kind}");
        assert!(root().join(format!("schemas/{section}.schema.json")).is_file(), "{kind}");
    }
    for entry in fs::read_dir(root().join("tests/kinds")).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            continue;
        }
        assert!(path.join("invalid").is_dir(), "{} has no invalid fixtures", path.display());
    }
    let config = fs::read_to_string(root().join("schemas/billform.schema.json")).unwrap();
    let config: serde_json::Value = serde_json::from_str(&config).unwrap();
    let maps = config["properties"].as_object().unwrap().iter();
    // Sections are what has a schema file of its own; settings have none.
    let own = |name: &str| root().join(format!("schemas/{name}.schema.json")).is_file();
    let sections: BTreeSet<&str> = maps.map(|(name, _)| name.as_str()).filter(|name| own(name)).collect();
    assert_eq!(sections, kinds.iter().map(|(_, section)| *section).collect());
}

#[test]
fn every_example_tells_editors_its_schema() {
    let examples = root().join("examples");
    let ci = examples.join("ci");
    for path in files_under(&examples).into_iter().filter(|path| !path.starts_with(&ci)) {
        let text = fs::read_to_string(&path).unwrap();
        let first = text.lines().next().unwrap();
        let schema = first.strip_prefix("# yaml-language-server: $schema=");
        let schema = schema.unwrap_or_else(|| panic!("{} names no schema", path.display()));
        assert!(path.parent().unwrap().join(schema).is_file(), "{}: {schema}", path.display());
    }
}
