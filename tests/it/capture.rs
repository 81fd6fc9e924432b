//! `capture` and `sandbox --replay`: what is recorded of a panel, and what a recording answers.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    process::Stdio,
};

use billform::sandbox::{FaultKind, Hostile};
use serde_json::Value;

use crate::{
    canary::search,
    harness::{Bench, SEED, SMALL, all_at_once, in_parallel},
    layout::files_under,
    pair::http,
};

/// All files of a recording: their names, relative, and their texts.
fn recording(directory: &Path) -> Vec<(PathBuf, String)> {
    let files = files_under(directory).into_iter();
    files
        .map(|path| (path.strip_prefix(directory).unwrap().to_owned(), fs::read_to_string(&path).unwrap()))
        .collect()
}

/// What `doctor` found, without whom it asked. Stand-ins are left out: they are not the names.
fn verdicts(bench: &Bench) -> Vec<(String, String, String)> {
    let run = bench.run("doctor --format json");
    let json = run.json();
    let checks = json["checks"].as_array().unwrap();
    let text = |check: &Value, name: &str| check[name].as_str().unwrap().to_owned();
    let verdict = |check| (text(check, "about"), text(check, "verdict"), text(check, "says"));
    let mut all: Vec<_> = checks.iter().map(verdict).collect();
    all.push(("exit".to_owned(), run.code.to_string(), String::new()));
    all
}

/// Expects two recordings to be the same, and says which line is not.
#[track_caller]
fn same(one: &Path, other: &Path) {
    let (one, other) = (recording(one), recording(other));
    for ((name, text), (other_name, other_text)) in one.iter().zip(&other) {
        assert_eq!(name, other_name);
        for (line, other_line) in text.lines().zip(other_text.lines()) {
            assert_eq!(line, other_line, "{}", name.display());
        }
        assert_eq!(text.len(), other_text.len(), "{}", name.display());
    }
    assert_eq!(one.len(), other.len());
}

#[test]
fn a_recording_answers_as_the_panel_did() {
    let settled: [(u64, &[Hostile]); 3] = [
        (SEED, &[]),
        (8, &[]),
        (
            21,
            &[
                Hostile::SingleObject,
                Hostile::EmptyValues,
                Hostile::TranslatedCells,
                Hostile::PageSizeTwo,
                Hostile::MaskedPasswords,
                Hostile::OmittedBooleans,
            ],
        ),
    ];
    in_parallel(settled, |(seed, modes)| {
        let bench = Bench::new().hostile_sandbox(seed, modes).config(SMALL);
        bench.settle();
        let replay = answers_the_same(&bench);
        replay.run("export --out exported").exits(0);
        replay.run("plan exported --detailed-exitcode").exits(0);
    });
}

#[test]
fn a_recording_answers_as_a_panel_in_disorder_did() {
    all_at_once([Hostile::StoredFilter, Hostile::RequestInProcess, Hostile::SessionExpiry], |mode| {
        let bench = Bench::new().hostile_sandbox(SEED, &[mode]).env("BILLFORM_AUTH", "session");
        answers_the_same(&bench);
    });
}

/// A recording of the panel of a bench, served, once it is known to answer in the same way.
fn answers_the_same(bench: &Bench) -> Bench {
    bench.run("capture recorded --yes").exits(0).says("Wrote");
    let replay = Bench::new().replaying(&bench.path("recorded"));
    assert_eq!(verdicts(&replay), verdicts(bench));
    assert_eq!(replay.run("export").code, bench.run("export").code);
    // What stands for something stands for itself: a recording of the recording is the same.
    replay.run("capture again --yes").exits(0);
    same(&replay.path("again"), &bench.path("recorded"));
    replay
}

#[test]
fn the_index_is_as_its_schema_says_and_names_each_file() {
    let bench = Bench::new().sandbox(SEED).config(SMALL);
    bench.run("capture deep/below/recorded --yes --quiet").exits(0);
    let index: Value = serde_json::from_str(&bench.read("deep/below/recorded/capture.json")).unwrap();
    let schema: Value = bench.run("schema capture").exits(0).json();
    let schema = jsonschema::validator_for(&schema).unwrap();
    assert!(schema.is_valid(&index), "{:?}", schema.iter_errors(&index).next());
    let named = index["reads"].as_array().unwrap().iter().map(|read| read["file"].as_str().unwrap());
    let named: BTreeSet<PathBuf> = named.map(PathBuf::from).chain(["capture.json".into()]).collect();
    let there = recording(&bench.path("deep/below/recorded")).into_iter().map(|(name, _)| name).collect();
    assert_eq!(named, there);
    assert_eq!(index["left_out"].as_array().unwrap().len(), 0);
}

/// Cells that name software, types and constants: what a recording may show.
fn technical(table: &str, cell: &str, value: &str, row: &Value) -> bool {
    const CELLS: [&str; 5] = ["module", "iso", "param", "restrictclientchange", "symbol"];
    // Types of products and of their resources; the names of products are somebody's.
    let kind = table == "itemtype" && (cell == "intname" || row.get("parent").is_some());
    kind || CELLS.contains(&cell)
        || matches!(value, "on" | "off" | "null" | "nopanel")
        || value.bytes().all(|byte| byte.is_ascii_digit())
}

/// Puts something recognisable into every cell that may be somebody's, and says what.
fn mark(bench: &Bench) -> Vec<String> {
    let mut marks = Vec::new();
    let state = bench.state();
    for (table, rows) in state.as_object().unwrap() {
        for (id, row) in rows.as_object().into_iter().flatten() {
            for (cell, value) in row.as_object().unwrap() {
                let Some(value) = value.as_str().filter(|value| !technical(table, cell, value, row)) else {
                    continue;
                };
                let number = 1000 + marks.len();
                let money = value.parse::<f64>().is_ok();
                let mark = match cell.as_str() {
                    _ if money && value.bytes().all(|byte| matches!(byte, b'0' | b'.')) => continue,
                    _ if money => format!("4711{number}.31"),
                    "url" | "site" | "billurl" => format!("https://kunde{number}.example.org/{number}"),
                    "username" => format!("anna{number}@kunde.example"),
                    "password" => format!("geheim{number}/+&'\"<x>"),
                    _ => format!("Müller{number} <& Söhne>"),
                };
                bench.edit(table, id.parse().unwrap(), cell, &mark);
                marks.push(mark);
            }
        }
    }
    marks
}

#[test]
fn nothing_of_anybodys_is_in_a_recording() {
    in_parallel(
        [(SEED, &[][..]), (8, &[Hostile::TranslatedCells]), (21, &[Hostile::MaskedPasswords])],
        |(seed, modes)| {
            let bench = Bench::new().hostile_sandbox(seed, modes).config(SMALL);
            bench.settle();
            let marks = mark(&bench);
            assert!(marks.len() > 60, "{marks:?}");
            let run = bench.run("capture recorded --yes -v").exits(0);
            let marks: Vec<&str> =
                marks.iter().map(String::as_str).chain(["admin@example.com", "Sandbox admin"]).collect();
            let mut files = recording(&bench.path("recorded"));
            assert!(files.len() > 50, "{}", files.len());
            files.push(("the terminal".into(), format!("{}{}", run.stdout, run.stderr)));
            for (name, text) in &files {
                let found = search::found(text.as_bytes(), &marks);
                assert_eq!(found, None, "dialect {seed}: {}", name.display());
            }
            // Nor where the panel is, nor who looked.
            files.pop();
            let address = bench.panel().url().trim_start_matches("http://").trim_end_matches("/billmgr");
            for (name, text) in &files {
                for part in [address, "\"admin\"", "authinfo", "\"auth\""] {
                    assert!(!text.contains(part), "{part} is in {}", name.display());
                }
            }
            // The search is about something: the panel does show most of it to billform.
            let shown = bench.run("export").stdout;
            assert!(marks.iter().filter(|mark| shown.contains(mark.split(' ').next().unwrap())).count() > 10);
        },
    );
}

#[test]
fn a_recording_only_reads_and_only_what_a_configuration_is_about() {
    let bench = Bench::new().sandbox(SEED).config(SMALL);
    bench.settle();
    let before = bench.state();
    bench.panel().clear_requests();
    bench.run("capture recorded --yes").exits(0);
    assert_eq!((bench.writes(), bench.state()), (0, before));
    let families = [
        "whoami",
        "pricelist",
        "itemtype",
        "project",
        "enumeration",
        "enumerationitem",
        "processing",
        "currency",
        "datacenter",
    ];
    for request in bench.panel().requests() {
        let family = request.func.split('.').next().unwrap();
        assert!(families.contains(&family), "{}", request.func);
        assert!(!request.params.iter().any(|(name, _)| name == "sok" || name == "clicked_button"));
    }
}

#[test]
fn nothing_is_written_without_consent() {
    let bench = Bench::new().sandbox(SEED);
    let run = bench.run("capture recorded").exits(4);
    let run = run.says("capture::not_confirmed").says("nothing was written");
    // What would have been written was shown.
    run.says("capture.json").says("reads/: lists").says("pricelist.detail.edit").silent("\"name\":\"doc\"");
    bench.run("capture recorded -v").exits(4).says("reads/0001-").says("\"name\":\"doc\"");
    bench.run("capture recorded --quiet").exits(4).says("reads/: lists");
    assert!(!bench.path("recorded").exists());
    let left: Vec<_> =
        fs::read_dir(bench.path("")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn a_directory_with_something_in_it_is_left_alone_and_the_panel_is_not_asked() {
    let bench = Bench::new().sandbox(SEED);
    bench.write("full/notes.txt", "mine");
    bench.write("file", "mine");
    for place in ["full", "file"] {
        bench.run(&format!("capture {place} --yes")).exits(64).says("capture::not_empty");
    }
    assert_eq!(bench.read("full/notes.txt"), "mine");
    assert!(bench.panel().requests().is_empty());
    fs::create_dir(bench.path("empty")).unwrap();
    bench.run("capture empty --yes").exits(0);
    assert!(bench.path("empty/capture.json").is_file());
    bench.run("capture empty --yes").exits(64).says("capture::not_empty");
}

#[test]
fn a_panel_that_fails_half_way_leaves_nothing_behind() {
    let bench = Bench::new().sandbox(SEED).config(SMALL);
    bench.settle();
    let faults = [
        ("project", FaultKind::Reset { commit: false }, 8),
        ("pricelist.detail.edit", FaultKind::Html, 8),
        ("processing.edit", FaultKind::HugeBody { bytes: 65 << 20 }, 9),
        // The last that is read, and nothing else depends on it.
        ("pricelist.edit", FaultKind::Html, 8),
    ];
    for (func, kind, code) in faults {
        bench.fault(Some(func), 0, 100, kind);
        bench.run("capture recorded --yes").exits(code);
        assert!(!bench.path("recorded").exists());
        bench.panel().clear_faults();
    }
    bench.run("capture recorded --yes").exits(0);
}

#[test]
fn what_cannot_be_understood_is_recorded_all_the_same() {
    let bench = Bench::new().hostile_sandbox(SEED, &[Hostile::StoredFilter]);
    bench.run("capture recorded --yes").exits(0).says("could not be read (panel::incomplete)");
    let index: Value = serde_json::from_str(&bench.read("recorded/capture.json")).unwrap();
    assert_eq!(index["failed"][0]["code"], "panel::incomplete", "{index:#}");
    // One that is no administrator gets refusals only.
    let bench = Bench::new().sandbox(SEED).env("BILLFORM_USER", billform::sandbox::CLIENT);
    bench.run("capture recorded --yes").exits(0).says("could not be read (panel::rights)");
    bench.run("capture other --yes").exits(0);
    let wrong = bench.env("BILLFORM_PASSWORD", "wrong");
    wrong.run("capture third --yes").exits(7).says("panel::credentials");
    assert!(!wrong.path("third").exists());
}

/// A recording to do harm to.
fn recorded() -> Bench {
    let bench = Bench::new().sandbox(SEED);
    bench.run("capture recorded --yes --quiet").exits(0);
    bench
}

/// Serves a recording as people do; one that is served is stopped again.
fn replay(bench: &Bench) -> String {
    let mut command = bench.command("sandbox --replay recorded");
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    for _ in 0..100 {
        if child.try_wait().unwrap().is_some() {
            let output = child.wait_with_output().unwrap();
            let said = String::from_utf8(output.stderr).unwrap().replace('│', " ");
            let said: Vec<&str> = said.split_whitespace().collect();
            return format!("{:?} {}", output.status.code(), said.join(" "));
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    "served".to_owned()
}

#[test]
fn a_damaged_recording_is_refused_with_the_file_that_is_wrong() {
    let bench = recorded();
    let index = bench.read("recorded/capture.json");
    let first = "recorded/reads/0001-currency.json";
    let document = bench.read(first);
    let broken = |name: &str, text: &str, says: &str| {
        let whole = bench.read(name);
        bench.write(name, text);
        let said = replay(&bench);
        assert!(said.starts_with("Some(3)") && said.contains("sandbox::recording"), "{name}: {said}");
        assert!(said.contains(says), "{says:?} is not in {said}");
        bench.write(name, &whole);
    };
    broken("recorded/capture.json", "", "capture.json: it is not JSON");
    broken("recorded/capture.json", "[]", "not a JSON object");
    broken("recorded/capture.json", "{}", "no `format_version`");
    broken("recorded/capture.json", &index.replace("\"1.0\"", "\"2.0\""), "version 2.0");
    broken("recorded/capture.json", &index.replace("reads/0001", "reads/9999"), "reads/9999-currency.json");
    broken("recorded/capture.json", "{\"format_version\":\"1.0\",\"reads\":[]}", "no answers");
    broken("recorded/capture.json", "{\"format_version\":\"1.0\",\"reads\":[{\"func\":1}]}", "capture.json");
    broken(first, &document[..document.len() / 2], "0001-currency.json: it is not JSON");
    broken(first, "{\"name\":\"html\"}", "its root is `html`");
    broken(first, "{\"name\":\"doc\",\"children\":[{\"name\":\"a b\"}]}", "not the name of an element");
    broken(first, "{\"name\":\"doc\",\"script\":\"x\"}", "unknown key `script`");
    broken(
        first,
        &format!("{}{}", "{\"name\":\"doc\",\"children\":[".repeat(500), "]}".repeat(500)),
        "not JSON",
    );
    fs::remove_file(bench.path(first)).unwrap();
    assert!(replay(&bench).contains("0001-currency.json"));
    bench.write(first, &document);
    assert_eq!(replay(&bench), "served");
    fs::remove_dir_all(bench.path("recorded")).unwrap();
    assert!(replay(&bench).contains("sandbox::recording"));
}

#[test]
fn a_recording_does_not_lead_out_of_its_directory() {
    let bench = recorded();
    let index = bench.read("recorded/capture.json");
    let secret = bench.read("recorded/reads/0001-currency.json");
    bench.write("outside.json", &secret);
    let absolute = bench.path("outside.json").to_str().unwrap().to_owned();
    for trick in [
        "../outside.json",
        "reads/../../outside.json",
        "reads/../../../etc/passwd",
        "reads//outside.json",
        "reads/./0001-currency.json",
        "./reads/0001-currency.json",
        "reads/..\\\\..\\\\outside.json",
        "reads/.hidden.json",
        "reads/",
        "capture.json",
        "/etc/passwd",
        &absolute,
    ] {
        bench.write("recorded/capture.json", &index.replacen("reads/0001-currency.json", trick, 1));
        let said = replay(&bench);
        assert!(
            said.contains("sandbox::recording") && said.contains("is not a file of this"),
            "{trick}: {said}"
        );
    }
    bench.write("recorded/capture.json", &index);
    #[cfg(unix)]
    {
        fs::remove_file(bench.path("recorded/reads/0001-currency.json")).unwrap();
        std::os::unix::fs::symlink(&absolute, bench.path("recorded/reads/0001-currency.json")).unwrap();
        assert!(replay(&bench).contains("not a plain file"));
    }
}

/// What the panel of a bench answers to a query, as the administrator.
fn asked(bench: &Bench, query: &str) -> String {
    let login = format!("admin:{}", bench.panel().admin_password());
    let login: String = login.bytes().map(|byte| format!("%{byte:02X}")).collect();
    http(bench.panel().url(), "POST", "/billmgr", &format!("authinfo={login}&{query}"))
}

#[test]
fn a_recording_answers_in_json_and_xml_and_nothing_else_than_it_has() {
    let bench = recorded();
    let replay = Bench::new().replaying(&bench.path("recorded"));
    assert!(replay.panel().recording().is_some());
    let json: Value =
        serde_json::from_str(&asked(&replay, "out=json&func=currency&p_num=1&p_cnt=20")).unwrap();
    assert_eq!(json["doc"]["elem"][0]["iso"]["$"], "RUB", "{json:#}");
    assert_eq!(json["doc"]["metadata"]["$type"], "list");
    let xml = asked(&replay, "out=xml&func=currency&p_num=1");
    assert!(xml.starts_with("<?xml") && xml.contains("<iso>RUB</iso>") && !xml.contains("metadata"), "{xml}");
    let devel = asked(&replay, "out=devel&func=currency&p_num=1");
    assert!(devel.contains("<metadata"), "{devel}");
    for (query, kind) in [
        ("func=account", "missed"),
        ("func=enumeration.edit&elid=987654", "missed"),
        ("func=enumeration.edit&sok=ok&name=x", "readonly"),
        ("func=enumeration.delete&elid=1", "readonly"),
        ("func=processing.suspend&elid=1", "readonly"),
    ] {
        let json: Value = serde_json::from_str(&asked(&replay, &format!("out=json&{query}"))).unwrap();
        assert_eq!(json["doc"]["error"]["$type"], kind, "{query}: {json:#}");
    }
    // The client meets that as a refusal by the panel.
    replay.write(
        "config/new.yaml",
        "version: 1\nenumerations:\n  new:\n    name: {en: New}\n    items: {a: {name: {en: A}}}\n",
    );
    replay.run("apply config --yes").exits(4).says("panel::refused").says("cannot be changed");
    let wrong = Bench::new().replaying(&bench.path("recorded")).env("BILLFORM_PASSWORD", "wrong");
    wrong.run("doctor").exits(7);
}

#[test]
fn a_recording_is_served_by_itself() {
    let bench = recorded();
    for other in ["--pair", "--seed empty", "--dialect-seed 3", "--hostile all", "--state x.json"] {
        bench.run(&format!("sandbox --replay recorded {other}")).exits(64).says("cannot be used with");
    }
}
