//! What the README and the examples for CI say, held against the program.
//!
//! Blocks of ```` ```console ```` are a session: its lines are run one by one against a sandbox, and their
//! output is compared with what the README shows. `BILLFORM_UPDATE=1` rewrites it; a line `…` keeps standing
//! for what is left out, between as many lines as before.

use std::{
    collections::BTreeSet,
    fs,
    path::Path,
    process::{Command, Stdio},
};

use billform::sandbox::{ADMIN, Options, Sandbox, Seed};
use serde_json::Value;

/// Where the sandbox of the README listens.
const SHOWN_URL: &str = "http://127.0.0.1:8080/billmgr";
const LEFT_OUT: &str = "…";
const RUSSIAN: &str = "ru_RU.UTF-8";

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(name: &str) -> String {
    fs::read_to_string(root().join(name)).unwrap()
}

/// The program in a directory, with nothing of the environment the tests run in.
fn command(program: &str, directory: &Path) -> Command {
    let mut command = Command::new(program);
    command.current_dir(directory).stdin(Stdio::null());
    command.env_clear().env("COLUMNS", "100").env("NO_COLOR", "1").env("RUST_BACKTRACE", "0");
    command
}

fn help(arguments: &[&str]) -> String {
    help_in("C", arguments)
}

fn help_in(locale: &str, arguments: &[&str]) -> String {
    let mut command = command(env!("CARGO_BIN_EXE_billform"), root());
    let output = command.args(arguments).arg("--help").env("LANG", locale).output().unwrap();
    assert!(output.status.success(), "billform {arguments:?} --help");
    String::from_utf8(output.stdout).unwrap()
}

/// Blocks of a language: the number of their first line, and their lines.
fn blocks<'a>(text: &'a str, language: &str) -> Vec<(usize, Vec<&'a str>)> {
    let mut blocks = Vec::new();
    let mut inside: Option<(bool, usize, Vec<&str>)> = None;
    for (number, line) in text.lines().enumerate() {
        match (line.trim_start().strip_prefix("```"), &mut inside) {
            (Some(word), None) => inside = Some((word == language, number + 1, Vec::new())),
            (Some(_), Some(_)) => {
                let (wanted, start, lines) = inside.take().unwrap();
                if wanted {
                    blocks.push((start, lines));
                }
            }
            (None, Some((_, _, lines))) => lines.push(line),
            (None, None) => {}
        }
    }
    blocks
}

#[test]
fn the_demo_tells_its_story_to_the_end() {
    let directory = tempfile::tempdir().unwrap();
    for (seed, language, done) in [("1", "en", "Done in "), ("5", "ru", "Готово за ")] {
        let mut command = command(env!("CARGO_BIN_EXE_billform"), directory.path());
        let output = command.args(["demo", "--dialect-seed", seed, "--lang", language]).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.success(), "{text}{}", String::from_utf8_lossy(&output.stderr));
        assert!(text.contains("69.00 -> 690.00 RUB") && text.contains(done), "{text}");
        let passing =
            ["Connecting to ", "Подключение к ", "Reading ", "Чтение ", "On record as ", "Записано как "];
        assert!(!text.lines().any(|line| passing.iter().any(|start| line.starts_with(start))), "{text}");
        assert!(!text.contains('\u{1b}'), "colour without a terminal:\n{text}");
    }
    let left: Vec<_> = fs::read_dir(directory.path()).unwrap().collect();
    assert!(left.is_empty(), "the demo leaves nothing behind: {left:?}");
}

#[test]
fn the_demo_is_coloured_on_demand() {
    let mut command = command(env!("CARGO_BIN_EXE_billform"), root());
    let output = command.args(["demo", "--color", "always"]).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success() && text.contains('\u{1b}'), "{text}");
}

#[cfg(unix)]
#[test]
fn the_output_in_the_readme_is_current() {
    its_output_is_current("README.md", "en_US.UTF-8");
}

#[cfg(unix)]
#[test]
fn the_output_in_the_russian_readme_is_current() {
    its_output_is_current("README.ru.md", RUSSIAN);
}

#[cfg(unix)]
fn its_output_is_current(name: &str, locale: &'static str) {
    let readme = read(name);
    let session = Session::new(locale);
    let mut lines: Vec<String> = readme.lines().map(str::to_owned).collect();
    let mut edits = Vec::new();
    for (start, block) in blocks(&readme, "console") {
        assert!(block.first().is_some_and(|line| line.starts_with("$ ")), "a block starts with a command");
        let commands: Vec<usize> = (0..block.len()).filter(|at| block[*at].starts_with("$ ")).collect();
        for (index, at) in commands.iter().enumerate() {
            let end = commands.get(index + 1).copied().unwrap_or(block.len());
            let actual = session.run(&block[*at][2..]);
            let actual: Vec<&str> = actual.lines().collect();
            edits.push((start + at + 1..start + end, excerpt(&block[at + 1..end], &actual)));
        }
    }
    assert!(edits.len() >= 6, "{}", edits.len());
    for (range, text) in edits.into_iter().rev() {
        lines.splice(range, text);
    }
    let current = lines.join("\n") + "\n";
    if std::env::var_os("BILLFORM_UPDATE").is_some_and(|value| value == "1") {
        fs::write(root().join(name), current).unwrap();
    } else {
        snapbox::assert_data_eq!(readme, snapbox::Data::text(current).raw());
    }
}

/// `actual` as `shown` would show it: as many lines between the gaps, the inner parts found by their first.
fn excerpt(shown: &[&str], actual: &[&str]) -> Vec<String> {
    let parts: Vec<&[&str]> = shown.split(|line| line.trim() == LEFT_OUT).collect();
    let mut result = Vec::new();
    let mut from = 0;
    for (index, part) in parts.iter().enumerate() {
        let last = index + 1 == parts.len();
        let length = part.len().min(actual.len());
        let start = match (index, last) {
            (0, _) => 0,
            (_, true) => actual.len() - length,
            _ => place(part.first().unwrap(), actual).unwrap_or_else(|| {
                panic!("the output no longer has the line {:?}:\n{}", part.first(), actual.join("\n"))
            }),
        };
        assert!(start >= from, "the parts of an excerpt are out of order: {part:?}");
        from = if parts.len() == 1 { actual.len() } else { (start + length).min(actual.len()) };
        if index > 0 {
            result.push(LEFT_OUT.to_owned());
        }
        result.extend(actual[start..from].iter().map(|line| (*line).to_owned()));
    }
    result
}

/// The line that is shown, or else the one with the same numbers: its words may be others.
#[cfg(unix)]
fn place(shown: &str, actual: &[&str]) -> Option<usize> {
    let digits = |line: &str| line.chars().filter(char::is_ascii_digit).take(6).collect::<String>();
    let numbers = digits(shown);
    let alike = |line: &&str| numbers.len() == 6 && digits(line) == numbers;
    actual.iter().position(|line| *line == shown).or_else(|| actual.iter().position(alike))
}

/// A checkout with the program installed, and a panel.
#[cfg(unix)]
struct Session {
    directory: tempfile::TempDir,
    sandbox: Sandbox,
    locale: &'static str,
}

#[cfg(unix)]
impl Session {
    fn new(locale: &'static str) -> Self {
        let directory = tempfile::tempdir().unwrap();
        for folder in ["examples", "examples/hosting", "examples/scenarios"] {
            fs::create_dir(directory.path().join(folder)).unwrap();
            for entry in fs::read_dir(root().join(folder)).unwrap() {
                let path = entry.unwrap().path();
                if path.extension().is_some_and(|end| end == "yaml") {
                    fs::copy(&path, directory.path().join(folder).join(path.file_name().unwrap())).unwrap();
                }
            }
        }
        // As `billform sandbox` starts it, but on a free port.
        let options = Options { seed: Seed::Hosting, dialect_seed: 1, ..Options::default() };
        Self { directory, sandbox: Sandbox::start(options).unwrap(), locale }
    }

    fn run(&self, line: &str) -> String {
        if line.starts_with("billform drift") {
            self.lose_a_zero();
        }
        let path = Path::new(env!("CARGO_BIN_EXE_billform")).parent().unwrap();
        let mut command = self.command("sh");
        command.args(["-c", &format!("{{ {line}; }} 2>&1")]);
        command.env("PATH", format!("{}:/usr/local/bin:/usr/bin:/bin", path.display()));
        let output = command.output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap().replace(self.sandbox.url(), SHOWN_URL);
        let text = self.with_shown_applies(text);
        assert!(!text.contains("panicked at"), "{line}: {text}");
        // Spinners in a terminal, gone by the time the result is there.
        let passing = [
            "Connecting to ",
            "Reading ",
            "Applying ",
            "Подключение к ",
            "Чтение ",
            "Применение изменений: ",
        ];
        let lasting = |line: &&str| !passing.iter().any(|start| line.starts_with(start));
        text.split_inclusive('\n').filter(lasting).collect()
    }

    /// When an apply was made, by which process, and part of its id are other ones each time; the README
    /// shows made-up ones.
    fn with_shown_applies(&self, mut text: String) -> String {
        let state = self.directory.path().join("state");
        let shelves = fs::read_dir(state).into_iter().flatten().map(|shelf| shelf.unwrap().path());
        let journals =
            shelves.flat_map(|shelf| fs::read_dir(shelf).unwrap()).map(|file| file.unwrap().path());
        for file in journals.filter(|file| file.extension().is_some_and(|end| end == "jsonl")) {
            let id = file.file_stem().unwrap().to_str().unwrap();
            let (number, _) = id.split_once('-').unwrap();
            let begin: Value = fs::read_to_string(&file).unwrap().lines().next().unwrap().parse().unwrap();
            let (at, shown) = (begin["at"].as_str().unwrap(), format!("2026-11-22T18:3{number}:24Z"));
            // Two applies may have been made in the same second.
            let own = |line: &str| if line.contains(id) { line.replace(at, &shown) } else { line.to_owned() };
            text = text.split_inclusive('\n').map(own).collect();
            text = text.replace(id, &format!("{number}-1f3a"));
            for word in ["process", "процесс"] {
                let own = format!("{word} {}", begin["by"]["pid"]);
                text = text.replace(&own, &format!("{word} 471{number}"));
            }
        }
        text
    }

    fn command(&self, program: &str) -> Command {
        let mut command = command(program, self.directory.path());
        command.env("USER", "anna").env("HOSTNAME", "office").env("LANG", self.locale);
        command.env("BILLFORM_STATE_DIR", self.directory.path().join("state"));
        command
            .env("BILLFORM_URL", self.sandbox.url())
            .env("BILLFORM_USER", ADMIN)
            .env("BILLFORM_PASSWORD", self.sandbox.admin_password());
        for name in ["LICENCE_PASSWORD", "VMMANAGER_PASSWORD", "DCIMANAGER_PASSWORD"] {
            command.env(name, "opens-nothing");
        }
        command
    }

    /// The hand in the panel that the README tells of.
    fn lose_a_zero(&self) {
        let state = self.sandbox.export_state();
        let rows = |table: &str| state[table].as_object().unwrap().clone();
        let one = |table: &str, fits: &dyn Fn(&Value) -> bool| {
            rows(table).into_iter().find(|(_, row)| fits(row)).map(|(id, _)| id).unwrap()
        };
        let tariff = one("pricelist", &|row| row["intname"] == "vds-pro");
        let item = one("enumerationitem", &|row| row["intname"] == "55228");
        let ruble = one("currency", &|row| row["iso"] == "RUB");
        let price = one("item_price", &|row| {
            let resource = &state["resource"][row["resource"].as_str().unwrap()];
            row["enumerationitem"] == *item && resource["pricelist"] == *tariff
        });
        assert!(self.sandbox.edit(
            "item_price",
            price.parse().unwrap(),
            &format!("monthly.{ruble}"),
            "69.00"
        ));
    }
}

#[cfg(unix)]
#[test]
fn the_cron_job_prints_only_what_somebody_should_read() {
    let session = Session::new("C");
    let script = root().join("examples/ci/drift.sh");
    let job = |config: &str, url: &str| {
        let path = Path::new(env!("CARGO_BIN_EXE_billform")).parent().unwrap();
        let mut command = session.command("sh");
        command.env("PATH", format!("{}:/usr/bin:/bin", path.display())).env("BILLFORM_URL", url);
        let output = command.args([script.to_str().unwrap(), config, "0"]).output().unwrap();
        assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
        (output.status.code(), String::from_utf8(output.stdout).unwrap())
    };
    let (code, text) = job("examples/hosting", session.sandbox.url());
    assert!(code == Some(2) && text.starts_with("Drift of ") && text.contains("New:"), "{code:?} {text}");
    assert_eq!(job("examples/hosting", session.sandbox.url()), (Some(2), String::new()), "told once");
    session.run("billform apply examples/hosting --yes --quiet --allow-target $BILLFORM_URL");
    let (code, text) = job("examples/hosting", session.sandbox.url());
    assert!(code == Some(0) && text.contains("As configured again:"), "{code:?} {text}");
    assert_eq!(job("examples/hosting", session.sandbox.url()), (Some(0), String::new()));
    let (code, text) = job("missing", session.sandbox.url());
    assert!(code == Some(3) && text.contains("config::unreadable"), "{code:?} {text}");
}

#[test]
fn the_tables_of_exit_codes_and_commands_are_those_of_the_help() {
    the_tables_are_those_of_the_help("README.md", "C", ["Exit codes", "Commands"]);
    the_tables_are_those_of_the_help("README.ru.md", RUSSIAN, ["Коды завершения", "Команды"]);
}

fn the_tables_are_those_of_the_help(file: &str, locale: &str, [codes, list]: [&str; 2]) {
    let (readme, help) = (read(file), help_in(locale, &[]));
    let section = |name: &str| {
        let text = readme.split(&format!("\n## {name}\n")).nth(1).unwrap();
        text.split("\n## ").next().unwrap().to_owned()
    };
    let table = section(codes);
    let codes = help.split(&format!("{codes}:\n")).nth(1).unwrap();
    let codes: Vec<String> = codes
        .lines()
        .map(|line| {
            let (code, meaning) = line.trim().split_once(' ').unwrap();
            format!("| {code} | {} |", meaning.trim())
        })
        .collect();
    let numbered = |line: &&str| line.starts_with("| ") && line.as_bytes()[2].is_ascii_digit();
    let shown: Vec<&str> = table.lines().filter(numbered).collect();
    assert_eq!(shown, codes, "write into {file}:\n{}", codes.join("\n"));

    let names = commands();
    let table = section(list);
    let shown: BTreeSet<String> = table
        .lines()
        .filter_map(|line| Some(line.strip_prefix("| `")?.split('`').next()?.to_owned()))
        .collect();
    assert_eq!(shown, names);
}

/// The names of the commands, as the help lists them.
fn commands() -> BTreeSet<String> {
    let help = help(&[]);
    let list = help.split("Commands:\n").nth(1).unwrap().split("\n\n").next().unwrap();
    // Continued descriptions are indented further.
    let names = list.lines().filter(|line| !line.starts_with("   "));
    names
        .filter_map(|line| line.split_whitespace().next())
        .filter(|name| *name != "help")
        .map(str::to_owned)
        .collect()
}

#[test]
fn every_command_and_flag_that_is_shown_exists() {
    let commands = commands();
    let mut seen = 0;
    for file in [
        "README.md",
        "README.ru.md",
        "CHANGELOG.md",
        "action.yml",
        "Dockerfile",
        ".pre-commit-hooks.yaml",
        "examples/ci/github-action.yml",
        "examples/ci/github-actions.yml",
        "examples/ci/gitlab-ci.yml",
        "examples/ci/kubernetes.yaml",
        "examples/ci/drift.sh",
        "examples/ci/crontab",
        "examples/ci/systemd/billform-drift.service",
    ] {
        let text = read(file);
        // Only what is meant as a command: words after `billform` up to the end of the line or of the code.
        for (at, _) in text.match_indices("billform ") {
            let rest = &text[at + "billform ".len()..];
            let line = rest.split(['\n', '`', ';', '|', ')']).next().unwrap();
            let mut words = line.split_whitespace();
            let Some(name) = words.next().filter(|word| commands.contains(*word)) else { continue };
            let own = help(&[name]);
            let inner = line.split_whitespace().nth(1);
            let inner =
                inner.filter(|word| own.contains("Commands:") && own.contains(&format!("\n  {word} ")));
            let help = inner.map_or(own.clone(), |inner| help(&[name, inner]));
            for word in words.filter(|word| word.starts_with("--")) {
                let flag = word.split('=').next().unwrap();
                let known = help.split(|ch: char| ch.is_whitespace() || ch == ',').any(|word| word == flag);
                assert!(known, "{file}: `billform {line}`: no {flag}");
            }
            seen += 1;
        }
    }
    assert!(seen >= 20, "{seen}");
}

#[test]
fn the_yaml_in_the_readme_is_valid() {
    for file in ["README.md", "README.ru.md"] {
        yaml_is_valid(file);
    }
}

fn yaml_is_valid(file: &str) {
    let readme = read(file);
    let blocks = blocks(&readme, "yaml");
    assert!(blocks.len() >= 2);
    for (line, block) in blocks {
        let directory = tempfile::tempdir().unwrap();
        fs::write(directory.path().join("readme.yaml"), block.join("\n")).unwrap();
        let mut command = command(env!("CARGO_BIN_EXE_billform"), directory.path());
        let output = command.args(["validate", "readme.yaml"]).output().unwrap();
        let text = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{file}, line {line}\n{text}");
    }
}

#[test]
fn links_lead_to_files_and_headings() {
    for file in ["README.md", "README.ru.md", "CHANGELOG.md", "docs/errors.md"] {
        let text = read(file);
        let anchors: Vec<String> = text.lines().filter(|line| line.starts_with('#')).map(anchor).collect();
        for target in text.split("](").skip(1).map(|rest| rest.split(')').next().unwrap()) {
            match target.strip_prefix('#') {
                Some(heading) => {
                    assert!(anchors.iter().any(|anchor| anchor == heading), "{file}: #{heading}");
                }
                None if target.starts_with("https://") => {}
                None => {
                    let path = root().join(file).with_file_name(target.split('#').next().unwrap());
                    assert!(path.exists(), "{file}: {target}");
                }
            }
        }
    }
}

/// A heading's name in a link.
fn anchor(heading: &str) -> String {
    let text = heading.trim_start_matches('#').trim().to_lowercase().replace(' ', "-");
    text.chars().filter(|ch| ch.is_alphanumeric() || matches!(ch, '-' | '_')).collect()
}

#[test]
fn the_russian_readme_has_all_that_the_english_one_has() {
    let (english, russian) = (read("README.md"), read("README.ru.md"));
    let is_heading = |line: &&str| line.starts_with('#') && line.contains("# ");
    let mut code = false;
    let mut prose = |text: &str| -> Vec<String> {
        let outside = |line: &&str| {
            let fence = line.trim_start().starts_with("```");
            code ^= fence;
            !code && !fence
        };
        text.lines().filter(outside).map(str::to_owned).collect()
    };
    let (one, other) = (prose(&english), prose(&russian));
    let levels = |lines: &[String]| -> Vec<usize> {
        let headings = lines.iter().map(String::as_str).filter(is_heading);
        headings.map(|line| line.chars().take_while(|ch| *ch == '#').count()).collect()
    };
    assert_eq!(levels(&one), levels(&other));
    let rows = |lines: &[String]| lines.iter().filter(|line| line.starts_with("| ")).count();
    assert_eq!(rows(&one), rows(&other), "rows of tables");
    // Links to elsewhere, and to each other; anchors are other words.
    let links = |lines: &[String]| -> BTreeSet<String> {
        let text = lines.join("\n");
        let targets = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
        targets.filter(|to| !to.starts_with('#') && !to.starts_with("README")).map(str::to_owned).collect()
    };
    assert_eq!(links(&one), links(&other));
    for (text, link) in [(&english, "](README.ru.md)"), (&russian, "](README.md)")] {
        assert!(text.lines().take(4).any(|line| line.contains(link)), "{link} at the top");
    }
    // Comments are translated, and what is printed is another test's business.
    for language in ["sh", "yaml", "yml", "text", "console"] {
        let bare = |text: &str| -> Vec<Vec<String>> {
            let line = |line: &str| line.split(" # ").next().unwrap().trim_end().to_owned();
            let is_code = |line: &&&str| language != "console" || line.starts_with("$ ");
            blocks(text, language)
                .iter()
                .map(|(_, block)| block.iter().filter(is_code).map(|text| line(text)).collect())
                .collect()
        };
        assert_eq!(bare(&english), bare(&russian), "{language}");
    }
}

#[test]
fn the_workflow_is_yaml_that_asks_for_little() {
    let text = read("examples/ci/github-actions.yml");
    let workflow: serde_yaml::Value = serde_yaml::from_str(&text).unwrap();
    assert_eq!(workflow["permissions"], serde_yaml::Value::Mapping(serde_yaml::Mapping::new()));
    let jobs = workflow["jobs"].as_mapping().unwrap();
    assert_eq!(jobs.len(), 3);
    for (name, job) in jobs {
        assert!(job["concurrency"]["group"].is_string(), "{name:?}");
        assert_eq!(job["permissions"]["contents"], "read", "{name:?}");
        for step in job["steps"].as_sequence().unwrap() {
            // Anything the outside has a say in goes through the environment, never into the shell's text.
            let script = step["run"].as_str().unwrap_or_default();
            assert!(!script.contains("${{"), "{script}");
            assert!(!script.is_empty() || step["uses"].is_string(), "{step:?}");
        }
    }
    // A variable of ours that is not one of billform's would stop it: unknown ones are errors.
    let known = help(&["plan"]);
    let names = text.split(|ch: char| !(ch.is_ascii_uppercase() || ch == '_'));
    for name in names.filter(|name| name.starts_with("BILLFORM_") && *name != "BILLFORM_SOURCE") {
        assert!(known.contains(name), "{name}");
    }
}

#[test]
fn the_tests_that_hold_each_promise_exist() {
    let readme = read("README.md");
    let table = readme.split("## How apply stays safe").nth(1).unwrap().split("\n## ").next().unwrap();
    let files = ["tests/it", "src"].map(|folder| crate::layout::files_under(&root().join(folder))).concat();
    let rust = files.iter().filter(|file| file.extension().is_some_and(|end| end == "rs"));
    let tests: String = rust.map(|file| fs::read_to_string(file).unwrap()).collect();
    let mut named = 0;
    for row in table.lines().filter(|line| line.starts_with("| ") && line.contains('`')) {
        let cell = row.trim_end_matches(" |").rsplit(" | ").next().unwrap();
        for name in cell.split(", ").map(|name| name.trim_matches('`')) {
            let found = match name.strip_suffix("::") {
                Some(module) => root().join(format!("tests/it/{module}.rs")).exists(),
                None => tests.contains(&format!("fn {name}(")),
            };
            assert!(found, "the README names a test `{name}` that is not there");
            named += 1;
        }
    }
    assert!(named > 15, "{named}");
}
