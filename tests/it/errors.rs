//! The codes of errors: all of them are listed in `docs/errors.md`, and each can be brought about.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::PathBuf,
    thread,
    time::Duration,
};

use billform::sandbox::{CLIENT, DENIED, FaultKind, TWO_FACTOR};

use crate::{
    harness::{Bench, Run, SEED, SMALL, root},
    layout::{code, files_under, is_test, sources},
};

/// Codes that only a bug of ours can lead to. Unit tests have the first; the other is for the demo's authors.
const BUGS: [&str; 2] = ["config::invalid", "demo::step"];

/// One enumeration, whose form is the first that an apply saves.
const ONE: &str =
    "version: 1\nenumerations:\n  panel:\n    name: {en: Panel}\n    items: {lite: {name: {en: Lite}}}\n";

/// A row of the list: exit code and meaning.
type Listed = BTreeMap<String, (i32, String)>;

fn listed() -> Listed {
    let text = fs::read_to_string(root().join("docs/errors.md")).unwrap();
    let rows = text.lines().filter_map(|line| line.strip_prefix("| `"));
    let mut before = String::new();
    rows.map(|row| {
        let mut cells = row.trim_end_matches(" |").split(" | ");
        let mut cell = || cells.next().unwrap().to_owned();
        let (code, exit, meaning) = (cell().trim_end_matches('`').to_owned(), cell(), cell());
        assert!(before < code, "docs/errors.md is sorted: {code}");
        before.clone_from(&code);
        (code, (exit.parse().unwrap(), meaning))
    })
    .collect()
}

/// What looks like a code between quotation marks.
fn literals(text: &str) -> impl Iterator<Item = &str> {
    let letter = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    let word = move |part: &str| !part.is_empty() && part.bytes().all(letter);
    text.split('"')
        .filter(move |text| text.split_once("::").is_some_and(|(area, name)| word(area) && word(name)))
}

/// All codes of the program.
fn used() -> BTreeSet<String> {
    let program = sources().into_iter().filter(|(path, _)| !is_test(path));
    program.flat_map(|(_, text)| literals(&code(&text)).map(str::to_owned).collect::<Vec<_>>()).collect()
}

/// The codes that the snapshots beside the fixtures show.
fn in_fixtures(room: &str, which: &str) -> BTreeSet<String> {
    let snapshots = files_under(&root().join("tests").join(room)).into_iter().filter(|path| {
        path.extension().is_some_and(|end| end == "txt") && path.iter().any(|part| part == which)
    });
    let texts: Vec<String> = snapshots.map(|path| fs::read_to_string(path).unwrap()).collect();
    texts.iter().flat_map(|text| text.lines()).filter(|line| line.contains("::")).map(str::to_owned).collect()
}

#[test]
fn every_code_is_listed_with_its_exit_code_and_every_listed_one_exists() {
    let (listed, used) = (listed(), used());
    let listed: BTreeSet<String> = listed.into_keys().collect();
    let missing: Vec<_> = used.difference(&listed).collect();
    assert!(missing.is_empty(), "give each a row in docs/errors.md: {missing:?}");
    let gone: Vec<_> = listed.difference(&used).collect();
    assert!(gone.is_empty(), "nothing has these codes of docs/errors.md any more: {gone:?}");
    assert!(used.len() > 80, "{}", used.len());
}

#[test]
fn codes_of_the_configuration_mean_what_the_source_says() {
    let listed = listed();
    let source = fs::read_to_string(root().join("src/source/codes.rs")).unwrap();
    let mut seen = 0;
    for line in source.lines().map(str::trim) {
        let Some((code, meaning)) = line.strip_suffix("\");").and_then(|line| {
            let (_, rest) = line.split_once(" = \"")?;
            rest.split_once("\", later!(\"")
        }) else {
            continue;
        };
        assert_eq!(listed[code], (3, meaning.to_owned()), "{code}");
        seen += 1;
    }
    let configs = listed.keys().filter(|code| code.starts_with("config::") || code.starts_with("yaml::"));
    assert_eq!(seen, configs.count());
}

#[test]
fn every_code_is_brought_about_by_a_fixture_or_a_test() {
    let (offline, live) = (in_fixtures("kinds", "invalid"), in_fixtures("kinds", "invalid-live"));
    let scenarios = in_fixtures("scenarios", "invalid");
    let tests =
        files_under(&root().join("tests/it")).into_iter().map(|path| fs::read_to_string(path).unwrap());
    let named: BTreeSet<String> =
        tests.flat_map(|text| literals(&text).map(str::to_owned).collect::<Vec<_>>()).collect();
    let untested: Vec<String> = used()
        .into_iter()
        .filter(|code| {
            let area = code.split("::").next().unwrap();
            let by_fixture = match area {
                "config" | "yaml" => offline.contains(code) || scenarios.contains(code),
                "scenario" => scenarios.contains(code),
                "live" => return !live.contains(code),
                _ => false,
            };
            !by_fixture && !named.contains(code) && !BUGS.contains(&code.as_str())
        })
        .collect();
    assert!(untested.is_empty(), "{untested:#?}");
    for code in offline.iter().chain(&live).chain(&scenarios) {
        assert_eq!(listed()[code].0, 3, "{code}");
    }
}

/// Every file in `tests/kinds/<kind>/invalid-live`, planned.
/// `BILLFORM_UPDATE=1` rewrites what is expected.
#[test]
fn what_only_the_panel_shows_to_be_wrong_is_reported_as_the_snapshots_say() {
    let fixtures: Vec<PathBuf> = files_under(&root().join("tests/kinds"))
        .into_iter()
        .filter(|path| path.extension().is_some_and(|end| end == "yaml"))
        .filter(|path| path.parent().is_some_and(|parent| parent.ends_with("invalid-live")))
        .collect();
    assert!(fixtures.len() >= 20, "{}", fixtures.len());
    // A panel with a licence server, on which some things are there twice.
    let bench = small();
    bench.settle();
    double(&bench);
    let before = bench.state();
    for path in fixtures {
        let name = path.file_name().unwrap().to_str().unwrap();
        bench.write(name, &fs::read_to_string(&path).unwrap());
        let run = bench.run(&format!("plan {name} --quiet")).exits(3);
        assert_eq!(run.stdout, "", "{run}");
        assert!(run.stderr.contains("help: "), "{run}");
        let text: String = run.stderr.lines().map(|line| format!("{}\n", line.trim_end())).collect();
        let snapshot = path.with_extension("txt");
        if std::env::var_os("BILLFORM_UPDATE").is_some_and(|value| value == "1") {
            fs::write(&snapshot, text).unwrap();
        } else {
            let expected = fs::read_to_string(&snapshot).unwrap_or_default();
            assert_eq!(
                text,
                expected,
                "{} is not current; BILLFORM_UPDATE=1 rewrites it",
                snapshot.display()
            );
        }
    }
    assert_eq!(bench.state(), before);
}

/// Gives the panel a second one of several things.
pub(crate) fn double(bench: &Bench) {
    let panel = bench.panel();
    let copy = |table: &str, id: u64, other: &[(&str, &str)]| {
        let row = bench.rows(table)[&id].clone();
        let mut cells: BTreeMap<&str, &str> = row
            .as_object()
            .unwrap()
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str().unwrap()))
            .collect();
        cells.extend(other.iter().copied());
        panel.insert(table, &cells.into_iter().collect::<Vec<_>>());
    };
    let manual = bench.row("processing", &[("name", "Manual work")]);
    let backup = bench.row("enumeration", &[("intname", "backup")]);
    let week = bench.row("enumerationitem", &[("intname", "week")]);
    let plan = bench.row("pricelist", &[("intname", "vds-ssd")]);
    let max = bench.row("pricelist", &[("intname", "vds-max")]).to_string();
    let panels = bench.row("enumeration", &[("intname", "panel")]).to_string();
    let resource = bench.row("resource", &[("enumeration", &panels)]);
    for _ in 0..2 {
        copy("processing", manual, &[("name", "Twin")]);
        copy("enumeration", backup, &[("intname", "twin"), ("name", "Twin")]);
        copy("enumerationitem", week, &[("intname", "twin"), ("name", "Twin")]);
        copy("pricelist", plan, &[("intname", "Twin"), ("name", "Twin")]);
        copy("resource", resource, &[("pricelist", &max)]);
    }
}

/// Expects an end with this code, and with the exit code that the list gives it.
#[track_caller]
fn ends(run: Run, code: &str) -> Run {
    let listed = listed();
    let (exit, _) = listed.get(code).unwrap_or_else(|| panic!("{code} is not in docs/errors.md"));
    run.exits(*exit).says(code)
}

pub(crate) fn small() -> Bench {
    Bench::new().sandbox(SEED).config(SMALL)
}

#[test]
fn codes_of_files() {
    let bench = Bench::new();
    ends(bench.run("validate nowhere"), "config::unreadable");
    bench.write("empty/notes.txt", "");
    ends(bench.run("validate empty"), "config::no_files");
    fs::create_dir(bench.path("latin")).unwrap();
    fs::write(bench.path("latin/a.yaml"), b"version: 1 # \xff\n").unwrap();
    ends(bench.run("validate latin"), "config::not_utf8");
    fs::File::create(bench.path("large.yaml")).unwrap().set_len(65 << 20).unwrap();
    ends(bench.run("validate large.yaml"), "config::too_large");
    // Ten of ten of ten …: a text of few bytes.
    let mut bomb = "version: 1\na0: &a0 [1]\n".to_owned();
    for level in 1..10 {
        let list = vec![format!("*a{}", level - 1); 10].join(", ");
        bomb.push_str(&format!("a{level}: &a{level} [{list}]\n"));
    }
    bench.write("bomb.yaml", &bomb);
    ends(bench.run("validate bomb.yaml"), "yaml::too_many");
}

#[test]
fn codes_of_what_grows_old() {
    let bench = Bench::new().config(
        r#"version: 1
prices:
  vds-start:
    resource: {enumeration: panel, default: nopanel}
    items: {"55227": {EUR: {1m: {cost_plus: {percent: 25%}}}}}
costs: {licences: {as_of: 2026-11-01, codes: {"55227": {price: {RUB: {1m: "250.00"}}}}}}
rates: {as_of: 2020-01-01, per: {EUR: {RUB: "98.50"}}}
"#,
    );
    ends(bench.run("validate config"), "config::stale_rates").says("and good for 7");
    ends(bench.run("plan config"), "config::stale_rates");
    // Two configurations can be compared however old they are.
    bench.run("diff config config").exits(0);
    bench.change("as_of: 2020-01-01", "as_of: 2020-01-01, max_age_days: 100000");
    bench.run("validate config").exits(0);
}

#[test]
fn codes_of_usage() {
    ends(small().without("BILLFORM_URL").run("plan config"), "usage::missing");
    ends(small().env("BILLFORM_URI", "x").run("plan config"), "usage::unknown_variable");
    ends(small().run("export --out config/billform.yaml"), "usage::not_a_directory");
    ends(small().run("plan config --report json=no/where.json"), "file::unwritable");
    ends(Bench::new().run("sandbox --listen 192.0.2.1:80"), "sandbox::start");
    ends(small().without("LICENCE_PASSWORD").run("apply config --yes"), "secret::unreadable");
    ends(small().env("BILLFORM_PASSWORD", "").run("plan config"), "secret::unreadable");
}

#[test]
fn codes_of_connecting() {
    ends(
        small().env("BILLFORM_URL", "http://bill.example.com/billmgr").run("plan config"),
        "panel::settings",
    );
    ends(small().env("BILLFORM_PASSWORD", "wrong").run("plan config"), "panel::credentials");
    ends(small().env("BILLFORM_USER", TWO_FACTOR).run("plan config"), "panel::second_factor");
    ends(small().env("BILLFORM_USER", DENIED).run("plan config"), "panel::address_denied");
    ends(small().env("BILLFORM_USER", CLIENT).run("plan config"), "panel::rights");
}

#[test]
fn codes_of_reading() {
    let error = |kind: &str| FaultKind::ErrorDoc { kind: kind.to_owned(), object: String::new() };
    for (kind, code) in [
        (FaultKind::Html, "panel::unreachable"),
        (FaultKind::HugeBody { bytes: 80 << 20 }, "panel::incomplete"),
        (error("internal"), "panel::not_shown"),
        (error("access"), "panel::rights"),
    ] {
        let bench = small();
        bench.fault(Some("enumeration"), 0, usize::MAX, kind);
        ends(bench.run("plan config"), code);
    }
    let bench = small();
    bench.settle();
    let server = bench.row("processing", &[("name", "licences")]).to_string();
    let mut rows = bench.rows("customparam").into_iter();
    let (mapping, _) = rows.rfind(|(_, row)| row["processing"] == *server).unwrap();
    bench.edit("customparam", mapping, "target", "a fortnight");
    ends(bench.run("plan config"), "panel::unreadable");
    // Neither a list of currencies under a name that can be guessed, nor a tariff plan to see them on.
    let mut panels = (0..50).map(|seed| Bench::new().sandbox(seed).config(SMALL));
    let bench = panels.find(|bench| bench.panel().names()["currency.list"] != "currency").unwrap();
    for plan in bench.rows("pricelist").into_keys() {
        bench.panel().remove("pricelist", plan);
    }
    ends(bench.run("plan config"), "panel::unknown_name");
}

#[test]
fn codes_of_refusing_to_apply() {
    ends(small().run("apply config"), "apply::not_confirmed");
    let bench = small();
    bench.change("module: billmanager", "module: nothing-of-the-kind");
    ends(bench.run("apply config --yes"), "apply::unmanaged");
    let bench = Bench::new().sandbox(SEED).config("version: 1\nprune: [enumeration]\n");
    ends(bench.run("apply config --yes"), "guard::deletes");
}

#[test]
fn codes_of_writing() {
    let error = FaultKind::ErrorDoc { kind: "value".to_owned(), object: "name".to_owned() };
    for (kind, code) in [
        (error, "panel::refused"),
        (FaultKind::FormAgain, "panel::not_saved"),
        (FaultKind::Reset { commit: false }, "panel::unclear"),
    ] {
        let bench = Bench::new().sandbox(SEED).config(ONE);
        let before = bench.state();
        // The form is read first, and then saved.
        bench.fault(Some("enumeration.edit"), 1, 1, kind);
        let run = ends(bench.run("apply config --yes --format json"), code);
        assert_eq!(run.json()["results"][0]["fate"]["failed"]["code"], code);
        assert_eq!(bench.state(), before, "{code}");
        bench.settle();
    }
}

#[test]
fn a_write_that_the_panel_only_says_it_took_has_a_code_of_its_own() {
    let bench = Bench::new().sandbox(SEED).config(ONE);
    bench.settle();
    let before = bench.state();
    bench.change("name: {en: Panel}", "name: {en: Panels}");
    bench.fault(Some("enumeration.edit"), 0, usize::MAX, FaultKind::Ignored);
    let run = ends(bench.run("apply config --yes --format json"), "apply::not_applied");
    assert_eq!(run.json()["results"][0]["fate"]["failed"]["code"], "apply::not_applied");
    assert_eq!(bench.state(), before);
}

#[test]
fn codes_of_exporting() {
    let bench = Bench::new().sandbox(SEED).config(ONE);
    bench.settle();
    let panel = bench.row("enumeration", &[("intname", "panel")]);
    bench.edit("enumeration", panel, "name", "two\u{2028}lines");
    ends(bench.run("export"), "export::not_faithful").says("`panel` has no `name`");
    bench.edit("enumeration", panel, "name", "Panel");
    let server = bench.row("processing", &[("name", "vm6-falkenstein")]);
    bench.edit("processing", server, "url", "https://vm6.example.com/two\u{2028}lines");
    ends(bench.run("export"), "export::unwritable").says("U+2028");
    bench.edit("enumeration", panel, "name", "Panels");
    bench.change(
        "    name: {en: Panel}\n    items: {lite: {name: {en: Lite}}}",
        "    name: &name {en: Panel}\n    items: {lite: {name: *name}}",
    );
    let text = bench.read("config/billform.yaml");
    ends(bench.run("export --out config"), "export::alias");
    assert_eq!(bench.read("config/billform.yaml"), text);

    let items = "{a: &a {name: {en: Same}}, b: *a, c: {name: {en: Other}}}";
    let bench = Bench::new().sandbox(SEED).config(&ONE.replace("{lite: {name: {en: Lite}}}", items));
    bench.settle();
    bench.panel().remove("enumerationitem", bench.row("enumerationitem", &[("intname", "c")]));
    let text = bench.read("config/billform.yaml");
    ends(bench.run("export --out config"), "export::layout");
    assert_eq!(bench.read("config/billform.yaml"), text);
}

#[test]
fn an_export_that_would_not_be_valid_is_refused() {
    let bench = small();
    bench.settle();
    let text = bench.read("config/billform.yaml");
    let price = bench.price_row("vds-start", "nopanel");
    bench.edit("item_price", price, "active", "off");
    ends(bench.run("export --out config"), "export::not_faithful");
    assert_eq!(bench.read("config/billform.yaml"), text);
}

#[test]
fn a_file_that_is_written_during_an_export_is_left_alone() {
    let bench = small();
    bench.settle();
    let item = bench.row("enumerationitem", &[("intname", "55227")]);
    bench.edit("enumerationitem", item, "name", "By hand");
    bench.panel().clear_requests();
    bench.fault(Some("whoami"), 0, 1, FaultKind::Delay(Duration::from_secs(1)));
    let (run, text) = thread::scope(|scope| {
        let run = scope.spawn(|| bench.run("export --out config"));
        while bench.panel().requests().is_empty() && !run.is_finished() {
            thread::sleep(Duration::from_millis(5));
        }
        bench.change("version: 1", "version: 1 # by someone else");
        (run.join().unwrap(), bench.read("config/billform.yaml"))
    });
    ends(run, "export::changed");
    assert_eq!(bench.read("config/billform.yaml"), text);
}
