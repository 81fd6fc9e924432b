//! Looking for drift, again and again: what is ignored, what is news, who is told.

use crate::harness::{Bench, SEED, SMALL};

/// A settled panel on which somebody changed the price of the item for a month.
fn drifted(ignore: &str) -> Bench {
    let bench = Bench::new().sandbox(SEED).config(SMALL);
    bench.settle();
    edit_price(&bench, "390.00");
    bench.config(&format!("{SMALL}{ignore}"))
}

fn edit_price(bench: &Bench, amount: &str) {
    let (row, field) = (bench.price_row("vds-start", "55227"), format!("monthly.{}", bench.currency("RUB")));
    bench.edit("item_price", row, &field, amount);
}

#[test]
fn what_is_ignored_is_neither_drift_nor_written() {
    let bench = drifted("");
    bench.run("drift config").exits(2).says("390.00 -> 350.00");
    for rule in [
        "{object: price/vds-start/55227, field: RUB.1m, reason: summer sale, until: 2099-12-31}",
        "{object: price/*, field: RUB.*, reason: summer sale, until: 2099-12-31}",
        "{object: price/vds-start/*, reason: summer sale, until: 2099-12-31}",
        "{object: tariff/vds-start, reason: summer sale, until: 2099-12-31}",
    ] {
        let bench = drifted(&format!("ignore:\n  - {rule}\n"));
        let run = bench.run("drift config").exits(0).says("No drift.").says("1 difference ignored");
        run.says("summer sale (`").says("until 2099-12-31)").says("price vds-start/55227");
        let json = bench.run("drift config --format json").exits(0).json();
        assert_eq!(json["ignored"][0]["reason"], "summer sale", "{json}");
        assert_eq!(json["ignored"][0]["fields"][0]["before"]["money"], "390.00", "{json}");
        let before = bench.state();
        bench.run("apply config --yes").exits(0);
        assert_eq!(bench.state(), before, "{rule}");
        bench
            .run("drift config --format markdown")
            .exits(0)
            .says("Ignored, because the configuration says so");
    }
}

#[test]
fn beside_an_ignored_field_the_others_are_written() {
    let rule = "ignore: [{object: price/vds-start/55227, field: RUB.1m, reason: sale, until: 2099-12-31}]\n";
    let bench = drifted(rule);
    bench.change("\"3500.00\"", "\"3600.00\"");
    bench.run("drift config").exits(2).says("3500.00 -> 3600.00").says("1 different").silent("-> 350.00 -");
    bench.run("apply config --yes").exits(0);
    let row = bench.rows("item_price")[&bench.price_row("vds-start", "55227")].to_string();
    assert!(row.contains("390.00") && row.contains("3600") && !row.contains("\"350.00\""), "{row}");
    bench.run("drift config").exits(0);
}

#[test]
fn a_rule_that_has_ended_is_reported_and_no_longer_counts() {
    let bench = drifted(
        "ignore:\n  - {object: price/*, reason: last year, until: 2020-01-01}\n  - {object: processor/*, reason: moving, until: 2099-12-31}\n",
    );
    let run = bench.run("drift config").exits(2).says("390.00 -> 350.00");
    run.says("`ignore` of `price/*` ended on 2020-01-01 and no longer counts (last year)")
        .says("`ignore` of `processor/*` matches no difference");
}

#[test]
fn what_needs_an_ignored_object_is_left_undone_with_it() {
    let bench = Bench::new().sandbox(SEED).config(&format!(
        "{SMALL}ignore: [{{object: enumeration/panel, reason: comes with the next release, until: 2099-12-31}}]\n"
    ));
    let json = bench.run("plan config --format json").exits(0).json();
    assert_eq!(json["ignored"][0]["object"]["key"], "panel", "{json}");
    let kinds = |list: &str| {
        let list = json[list].as_array().unwrap().iter();
        list.map(|one| one["object"]["kind"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert!(!kinds("changes").contains(&"enumeration-item".to_owned()), "{json}");
    assert!(kinds("left_out").contains(&"enumeration-item".to_owned()), "{json}");
    assert!(kinds("left_out").contains(&"price".to_owned()), "{json}");
    bench.run("apply config --yes").exits(0);
    assert!(bench.rows("enumeration").values().all(|row| row["intname"] != "panel"));
}

#[test]
fn only_news_is_told_and_its_end_once() {
    let bench = drifted("");
    bench.run("drift config --quiet").exits(2).silent("first seen");
    let first = bench.run("drift config --news --quiet").exits(2);
    first
        .says("1 new; 1 difference in all.")
        .says("~ price vds-start/55227 RUB.1m: 390.00 in the panel, 350.00 in the configuration");
    let again = bench.run("drift config --news --quiet").exits(2);
    assert_eq!((again.stdout.as_str(), again.stderr.as_str()), ("", ""), "cron mails whatever is printed");
    // Who asks for all of it is told since when it is known, and changes nothing about what is news.
    bench.run("drift config").exits(2).says("price vds-start/55227 RUB.1m: first seen 20");
    // What somebody changes further is news, and so is the other field.
    edit_price(&bench, "395.00");
    bench.run("drift config --news --quiet").exits(2).says("395.00 in the panel").says("1 new");
    // Another configuration for the same panel has a memory of its own.
    bench.write("other/billform.yaml", &bench.read("config/billform.yaml"));
    bench.run("drift other --news --quiet").exits(2).says("1 new");
    edit_price(&bench, "350.00");
    let end = bench.run("drift config --news --quiet").exits(0);
    end.says("1 resolved; the panel matches the configuration.").says("As configured again:");
    let calm = bench.run("drift config --news --quiet").exits(0);
    assert_eq!((calm.stdout.as_str(), calm.stderr.as_str()), ("", ""));
}

#[test]
fn news_is_data_too_while_reports_in_files_are_whole() {
    let bench = drifted("");
    let schema = bench.run("schema drift-news").exits(0).json();
    let schema = jsonschema::validator_for(&schema).unwrap();
    let json = bench.run("drift config --news --format json").exits(2).json();
    assert!(schema.is_valid(&json), "{:?}", schema.iter_errors(&json).next());
    assert_eq!(json["new"][0]["panel"], "390.00");
    let run = bench.run("drift config --news --format json --report text=drift.txt").exits(2);
    assert_eq!(run.stdout, "");
    assert!(bench.read("drift.txt").contains("390.00 -> 350.00"));
}

#[test]
fn a_damaged_memory_is_set_aside_and_everything_is_news() {
    let bench = drifted("");
    bench.run("drift config --news --quiet").exits(2);
    let memory = memory(&bench, "json").pop().unwrap();
    let whole = std::fs::read(&memory).unwrap();
    for damaged in [&whole[..whole.len() / 2], b"", b"null", b"\xff\xfe"] {
        std::fs::write(&memory, damaged).unwrap();
        bench.run("drift config --quiet").exits(2).silent("first seen");
        let run = bench.run("drift config --news --quiet").exits(2);
        run.says("drift::damaged_memory").says("1 new");
        assert_eq!(std::fs::read(memory.with_extension("damaged")).unwrap(), damaged);
        bench.run("drift config --news --quiet").exits(2).silent("1 new");
    }
}

/// The files that remember what was told.
fn memory(bench: &Bench, end: &str) -> Vec<std::path::PathBuf> {
    let shelves = std::fs::read_dir(bench.path("state")).unwrap().map(|shelf| shelf.unwrap().path());
    let files = shelves.flat_map(|shelf| std::fs::read_dir(shelf).unwrap()).map(|file| file.unwrap().path());
    let drift = |path: &std::path::PathBuf| path.file_name().unwrap().to_str().unwrap().starts_with("drift-");
    files.filter(drift).filter(|path| path.extension().is_some_and(|found| found == end)).collect()
}

/// The samples of a metrics file by their series; what is no such line fails.
fn samples(text: &str) -> std::collections::BTreeMap<String, String> {
    let mut samples = std::collections::BTreeMap::new();
    let mut described = std::collections::BTreeSet::new();
    assert!(text.ends_with('\n'), "{text}");
    for line in text.lines() {
        if let Some(comment) = line.strip_prefix("# ") {
            let mut words = comment.splitn(3, ' ');
            let (word, name) = (words.next().unwrap(), words.next().unwrap());
            assert!(["HELP", "TYPE"].contains(&word) && words.next().is_some(), "{line}");
            assert!(described.insert((word.to_owned(), name.to_owned())), "twice: {line}");
            continue;
        }
        let (series, value) = line.rsplit_once(' ').unwrap();
        let (name, labels) = series.split_once('{').unwrap();
        assert!(labels.ends_with("\"}"), "{line}");
        assert!(name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_'), "{line}");
        value.parse::<f64>().unwrap();
        assert!(described.contains(&("TYPE".to_owned(), name.to_owned())), "{line}");
        assert!(samples.insert(series.to_owned(), value.to_owned()).is_none(), "twice: {line}");
    }
    samples
}

fn checked_by_promtool(text: &str) {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), text).unwrap();
    let mut promtool = std::process::Command::new("promtool");
    promtool.args(["check", "metrics"]).stdin(std::fs::File::open(file.path()).unwrap());
    let Some(output) = crate::tools::run(&mut promtool) else { return };
    let said = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
    assert!(output.status.success() && said.trim().is_empty(), "{said}\n{text}");
}

#[test]
fn figures_are_written_also_when_a_look_fails() {
    let bench = drifted("ignore: [{object: enumeration/*, reason: x, until: 2099-12-31}]\n");
    bench.run("drift config --metrics billform.prom --quiet").exits(2);
    let text = bench.read("billform.prom");
    checked_by_promtool(&text);
    let good = samples(&text);
    let one = |samples: &std::collections::BTreeMap<String, String>, name: &str, labels: &str| {
        samples.get(&format!("billform_drift_{name}{{config=\"config\"{labels}}}")).cloned()
    };
    assert_eq!(one(&good, "objects", ",kind=\"price\"").as_deref(), Some("1"));
    assert_eq!(one(&good, "objects", ",kind=\"processor\"").as_deref(), Some("0"));
    assert_eq!(one(&good, "exit_code", "").as_deref(), Some("2"));
    assert_eq!(one(&good, "errors", "").as_deref(), Some("0"));
    assert!(one(&good, "requests", "").unwrap().parse::<u32>().unwrap() > 5);
    let last = one(&good, "last_success_timestamp_seconds", "");
    assert_eq!(last, one(&good, "last_run_timestamp_seconds", ""));

    let away = bench.env("BILLFORM_URL", "http://127.0.0.1:9/billmgr");
    away.run("drift config --metrics billform.prom --quiet").exits(8);
    let text = away.read("billform.prom");
    checked_by_promtool(&text);
    let failed = samples(&text);
    assert_eq!(one(&failed, "exit_code", "").as_deref(), Some("8"));
    assert_eq!(one(&failed, "errors", "").as_deref(), Some("1"));
    assert_eq!(one(&failed, "last_success_timestamp_seconds", ""), last);
    assert_eq!(one(&failed, "objects", ",kind=\"price\""), None, "nothing is known of it");
    // Figures that cannot be written are an error; beside another one they do not change how the run ends.
    away.run("drift config --metrics nowhere/billform.prom").exits(8).says("file::unwritable");
}

#[cfg(unix)]
#[test]
fn a_watch_looks_again_and_ends_when_it_is_told_to() {
    use std::{io::Read as _, process::Stdio, time::Duration};
    for (signal, code) in [("-TERM", 0), ("-INT", 130)] {
        let bench = drifted("");
        bench.panel().clear_requests();
        let mut command = bench.command("drift config --news --watch 1s --quiet --metrics billform.prom");
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let looks = || bench.panel().requests().iter().filter(|request| request.func == "whoami").count();
        let wait = |number: usize| {
            for _ in 0..1500 {
                if looks() >= number {
                    return;
                }
                std::thread::sleep(Duration::from_millis(20));
            }
            panic!("no look number {number}");
        };
        wait(1);
        // A look that fails does not end it.
        bench.fault(Some("whoami"), 0, 1, billform::sandbox::FaultKind::Html);
        wait(3);
        edit_price(&bench, "350.00");
        wait(5);
        assert!(bench.read("billform.prom").contains("billform_drift_exit_code{config=\"config\"} 0\n"));
        let kill = std::process::Command::new("kill").args([signal, &child.id().to_string()]).status();
        assert!(kill.unwrap().success());
        assert_eq!(child.wait().unwrap().code(), Some(code));
        let mut said = String::new();
        child.stdout.take().unwrap().read_to_string(&mut said).unwrap();
        assert!(said.matches("1 new").count() == 1 && said.matches("1 resolved").count() == 1, "{said}");
    }
    // What no later look can mend ends it.
    Bench::new().config("version: 2\n").run("drift config --watch 1s").exits(3);
    Bench::new().config(SMALL).run("drift config --watch 1s").exits(64);
    Bench::new().config(SMALL).run("drift config --watch 10").exits(64).says("30s, 5m or 1h");
    Bench::new().config(SMALL).run("drift config --notify").exits(64).says("--news");
}

#[test]
fn the_last_entry_of_a_tariff_plans_history_is_told_and_nothing_is_guessed() {
    let bench = drifted("");
    let empty = bench.run("drift config --attribute").exits(2);
    empty.says(
        "tariff plan vds-start: who changed it cannot be told: its history (`pricelist.history`) is empty",
    );
    let tariff = bench.row("pricelist", &[("intname", "vds-start")]).to_string();
    for (date, user) in [
        ("2026-11-20 10:00:00", "anna"),
        ("2026-11-22 09:30:00", "boris\u{1b}[31m"),
        ("2026-11-21 10:00:00", "carl"),
    ] {
        let row = [
            ("pricelist", tariff.as_str()),
            ("date", date),
            ("user", user),
            ("ip", "192.0.2.7"),
            ("function", "pricelist.edit"),
            ("description", "price\nchanged"),
        ];
        bench.panel().insert("pricelist_history", &row);
    }
    let before = bench.writes();
    let run = bench.run("drift config --attribute").exits(2).silent("\u{1b}").silent("anna");
    run.says("the last entry of its history is of 2026-11-22 09:30:00 by boris")
        .says("from 192.0.2.7 with pricelist.edit");
    assert_eq!(bench.writes(), before);
    // In every format; what a name holds does not break out of it.
    for format in ["markdown", "json", "html"] {
        let run = bench.run(&format!("drift config --attribute --format {format}")).exits(2).silent("\u{1b}");
        run.says("2026-11-22 09:30:00 by boris").says("192.0.2.7");
    }
    let json = bench.run("drift config --attribute --format json").exits(2).json();
    let notes = json["notes"].as_array().unwrap();
    assert!(notes.iter().any(|note| note.as_str().unwrap().contains("by boris")), "{notes:?}");
    bench.run("drift config").exits(2).silent("boris");
    bench.panel().insert("pricelist_history", &[("pricelist", tariff.as_str()), ("date", "yesterday")]);
    bench
        .run("drift config --attribute")
        .exits(2)
        .says("cannot be told: `yesterday` is no date that can be read");
    let named = format!("{SMALL}dialect: {{functions: {{tariff_history: pricelist.past}}}}\n");
    bench.config(&named).run("drift config --attribute").exits(2).says("who changed it cannot be told");
}
