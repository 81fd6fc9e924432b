//! What applies leave behind on this machine: journals, the way back, and the lock.

use std::{
    fs,
    process::{Child, Command, Stdio},
    time::Duration,
};

use billform::sandbox::FaultKind;

use crate::harness::{Bench, SEED, SMALL};

/// Starts an apply that hangs in its first save of an enumeration for as long as `hold`.
fn hanging(bench: &Bench, hold: Duration) -> Child {
    let twin = Bench::new().sandbox(SEED).config(SMALL);
    hanging_in(bench, &twin, "apply config --yes", "enumeration.edit", hold)
}

/// Starts a command that hangs in its first save through `func`; `twin` is as the bench is before it.
fn hanging_in(bench: &Bench, twin: &Bench, arguments: &str, func: &str, hold: Duration) -> Child {
    twin.panel().clear_requests();
    twin.run(arguments).exits(0);
    let requests = twin.panel().requests();
    let own = requests.iter().filter(|request| request.func == func);
    let before = own.enumerate().find(|(_, request)| request.mutating).unwrap().0;
    bench.panel().clear_requests();
    bench.fault(Some(func), before, 1, FaultKind::Delay(hold));
    let mut command: Command = bench.command(arguments);
    let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let saved = || bench.panel().requests().iter().any(|request| request.func == func && request.mutating);
    let hangs = (0..600).any(|_| {
        std::thread::sleep(Duration::from_millis(50));
        saved()
    });
    assert!(hangs, "`{arguments}` never came to its save");
    child
}

#[test]
fn an_apply_is_on_record() {
    let bench = Bench::new().sandbox(SEED).config(SMALL);
    bench.run("history").exits(0).says("No apply is on record");
    bench.run("history show last").exits(64).says("journal::unknown");
    bench.run("apply config --yes").exits(0).says("On record as 1-");
    bench.run("history").exits(0).says("applied").says(bench.panel().url());
    bench.run("history show last").exits(0).says("Apply 1-").says("processor licences").says("process ");
    let json = bench.run("history show last --format json").exits(0).json();
    assert_eq!(json["ending"], "finished");
    assert_eq!(json["results"].as_array().unwrap().len(), json["changes"].as_u64().unwrap() as usize);
    bench.run("history show 9-ffff").exits(64).says("journal::unknown").says("the newest is 1-");
    // An apply with nothing to do leaves nothing behind.
    bench.run("apply config --yes").exits(0);
    assert_eq!(bench.journals().len(), 1);
    let all = bench.run("history --format json").exits(0).json();
    assert_eq!(all["applies"].as_array().unwrap().len(), 1);
}

#[test]
fn every_write_is_announced_before_it_is_sent_and_answered_after() {
    let bench = Bench::new().sandbox(SEED).config(SMALL);
    bench.settle();
    let text = fs::read_to_string(&bench.journals()[0]).unwrap();
    let records: Vec<serde_json::Value> =
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let kinds: Vec<&str> = records.iter().map(|record| record["record"].as_str().unwrap()).collect();
    assert_eq!(kinds.first(), Some(&"begin"));
    assert_eq!(kinds.last(), Some(&"end"));
    for pair in kinds.windows(2) {
        assert_eq!(pair[0] == "intent", pair[1] == "answer", "{kinds:?}");
    }
    let count = |kind: &str| kinds.iter().filter(|it| **it == kind).count();
    assert!(count("intent") >= count("result"));
    assert_eq!(count("result"), records[0]["plan"]["plan"]["changes"].as_array().unwrap().len());
}

#[test]
fn a_rollback_is_a_plan_that_returns_what_was() {
    let bench = Bench::new().sandbox(SEED).config(SMALL);
    bench.settle();
    let before = bench.state();
    bench.change("1m: \"350.00\"", "1m: \"400.00\"");
    bench.change("name: {en: Panel lite}", "name: {en: Panel light}");
    bench.change(
        "    items:\n      nopanel: {name",
        "    items:\n      \"60000\": {name: {en: New}}\n      nopanel: {name",
    );
    bench.settle();
    assert_ne!(bench.state(), before);
    bench.panel().clear_requests();
    let run = bench.run("rollback last --out back.json").exits(0);
    let run = run.says("price vds-start/55227").says("400.00").says("350.00").says("created by the apply 2-");
    run.says("billform apply back.json");
    assert_eq!(bench.writes(), 0, "a rollback only plans");
    bench.run("apply back.json --yes").exits(4).says("--allow-deletes enumeration-item:1");
    bench.run("apply back.json --yes --allow-deletes enumeration-item:1").exits(0);
    assert_eq!(bench.state(), before);
    bench.run("rollback 2-0000").exits(64);
    let second = bench.run("history --format json").json()["applies"][1]["id"].as_str().unwrap().to_owned();
    bench.run(&format!("rollback {second}")).exits(0).says("left nothing that could be taken back");
}

#[test]
fn what_was_deleted_comes_back_with_its_fields() {
    let bench = Bench::new().sandbox(SEED).config(SMALL);
    bench.settle();
    bench.change("    - {sold: 1m, bought: 1m, tariff: vds-start}\n", "");
    bench.change("version: 1\n", "version: 1\nprune: [period-mapping/licences]\n");
    bench.run("apply config --yes --allow-deletes period-mapping:1").exits(0);
    bench.run("rollback last --out back.json").exits(0).says("1 to create").says("deleted by the apply");
    bench.run("apply back.json --yes").exits(0);
    bench.write("config/billform.yaml", SMALL);
    bench.in_sync();
}

#[test]
fn what_cannot_be_created_from_what_is_known_is_not_planned() {
    let bench = Bench::new().sandbox(SEED).config(SMALL);
    let spare = "  spare:\n    product_type: soft\n    module: billmanager\n    url: https://spare.example.com/billmgr\n    username: provider\n    password: {env: LICENCE_PASSWORD}\n";
    bench.change("enumerations:\n", &format!("{spare}enumerations:\n"));
    bench.settle();
    bench.change(spare, "");
    bench.change("version: 1\n", "version: 1\nprune: [processor]\n");
    // The panel keeps those that are in use.
    let flags = "--allow-deletes processor:3 --allow-delete-share processor:100% --allow-in-use processor/vm6-falkenstein";
    bench.run(&format!("apply config --yes {flags}")).exits(6);
    let before = bench.state();
    let run = bench.run("rollback last --out back.json").exits(4).says("processor spare");
    run.says("does not show its product_type and password");
    bench.run("apply back.json --yes").exits(4).says("apply::unmanaged");
    assert_eq!(bench.state(), before);
}

#[test]
fn a_rollback_says_what_was_changed_again_since() {
    let bench = Bench::new().sandbox(SEED).config(SMALL);
    bench.settle();
    bench.change("1m: \"350.00\"", "1m: \"400.00\"");
    bench.settle();
    let field = format!("monthly.{}", bench.currency("RUB"));
    bench.edit("item_price", bench.price_row("vds-start", "55227"), &field, "410.00");
    bench.run("rollback last").exits(0).says("changed again after that apply").says("410").says("350");
}

#[test]
fn two_applies_on_one_machine_exclude_each_other() {
    let bench = Bench::new().sandbox(SEED).config(SMALL);
    let mut first = hanging(&bench, Duration::from_secs(4));
    let run = bench.run("apply config --yes").exits(4).says("journal::locked").says("since 2");
    run.says(&format!("process {}", first.id()));
    // Reading is free.
    bench.run("plan config").exits(0).says("was cut short");
    assert_eq!(first.wait().unwrap().code(), Some(0));
    bench.in_sync();
}

#[test]
fn a_killed_apply_is_settled_by_reading_and_its_lock_taken_over() {
    let bench = Bench::new().sandbox(SEED).config(SMALL);
    let mut killed = hanging(&bench, Duration::from_secs(2));
    killed.kill().unwrap();
    killed.wait().unwrap();
    bench.run("plan config").exits(0).says("was cut short").says("in doubt: enumeration panel");
    bench.run("history").exits(0).says("cut short, 1 of");
    std::thread::sleep(Duration::from_secs(2));
    let run = bench.run("apply config --yes").exits(0);
    let run = run.says("its lock is taken over").says("in doubt: enumeration panel");
    run.says("enumeration panel: it is as that plan wanted it");
    bench.in_sync();
    bench.row("enumeration", &[("intname", "panel")]);
    bench.run("history").exits(0).says("cut short, settled");
    bench.run("plan config").exits(0).silent("cut short");
}

#[test]
fn a_secret_in_doubt_is_said_to_be_so() {
    let settled = || {
        let bench = Bench::new().sandbox(SEED).config(SMALL);
        bench.settle();
        bench
    };
    let (bench, twin) = (settled(), settled());
    let rotate = "apply config --yes --rotate-secret licences";
    let mut killed = hanging_in(&bench, &twin, rotate, "processing.edit", Duration::from_secs(2));
    killed.kill().unwrap();
    killed.wait().unwrap();
    std::thread::sleep(Duration::from_secs(2));
    let run = bench.run("apply config --yes").exits(0);
    run.says("processor licences: nobody can see whether its secret was sent");
    bench.run("plan config").exits(0).silent("in doubt");
}

#[test]
fn without_a_journal_nothing_is_written() {
    let bench = Bench::new().sandbox(SEED).config(SMALL);
    bench.write("file", "this is no directory");
    let place = bench.path("file/state").to_str().unwrap().to_owned();
    let bench = bench.env("BILLFORM_STATE_DIR", &place);
    for command in ["apply config --yes", "apply config --yes --format json"] {
        bench.run(command).exits(3).says("journal::unwritable");
    }
    assert_eq!(bench.writes(), 0);
    bench.run("plan config").exits(0);
}

#[test]
fn a_damaged_journal_is_complained_of_and_stops_nothing() {
    let bench = Bench::new().sandbox(SEED).config(SMALL);
    bench.settle();
    let journal = bench.journals().remove(0);
    let text = fs::read_to_string(&journal).unwrap();
    fs::write(&journal, text.replacen("{\"record\":\"intent\"", "{\"record\":\"intend\"", 1)).unwrap();
    bench.run("history").exits(0).says("journal::damaged").says("line 2");
    bench.run("rollback last").exits(64);
    bench.change("1m: \"350.00\"", "1m: \"400.00\"");
    bench.run("apply config --yes").exits(0).says("journal::damaged").says("On record as 2-");
    // A last line that was cut short is what a crash leaves, and no damage.
    fs::write(&journal, &text[..text.len() - 20]).unwrap();
    bench.run("history").exits(0).says("cut short").silent("journal::damaged");
    bench.run("apply config --yes").exits(0);
    bench.run("history").exits(0).says("cut short, settled").silent("journal::damaged");
    fs::write(&journal, text.replacen("\"format_version\":\"1.0\"", "\"format_version\":\"7.0\"", 1))
        .unwrap();
    bench.run("history").exits(0).says("7.0, and this");
}

/// A limit on the size of files stands in for a full disk: writing fails half way through a line.
#[cfg(unix)]
#[test]
fn a_full_disk_stops_the_apply_and_a_rerun_finishes() {
    let whole = Bench::new().sandbox(SEED).config(SMALL);
    whole.settle();
    let text = fs::read(&whole.journals()[0]).unwrap();
    let begin = text.iter().position(|byte| *byte == b'\n').unwrap();
    // In blocks of 512 bytes: less than the first line needs, and a little more than that.
    for (blocks, code) in [(begin / 512 - 1, 3), (begin / 512 + 4, 6)] {
        let bench = Bench::new().sandbox(SEED).config(SMALL);
        let inside = bench.command("apply config --yes");
        let mut command = Command::new("bash");
        command.args(["-c", &format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" apply config --yes")]);
        command.arg(inside.get_program()).current_dir(inside.get_current_dir().unwrap()).env_clear();
        command.envs(inside.get_envs().filter_map(|(name, value)| Some((name, value?))));
        // bash counts in blocks of 1024 bytes unless it is told to be as the standard says.
        command.env("POSIXLY_CORRECT", "1");
        let output = command.output().unwrap();
        let said =
            String::from_utf8_lossy(&output.stderr).into_owned() + &String::from_utf8_lossy(&output.stdout);
        assert_eq!(output.status.code(), Some(code), "{said}");
        assert!(said.contains("journal"), "{said}");
        assert_eq!(bench.writes() == 0, code == 3, "{said}");
        bench.settle();
        bench.row("enumeration", &[("intname", "panel")]);
    }
}

#[test]
fn a_clock_that_jumps_mixes_nothing_up() {
    let bench = Bench::new().sandbox(SEED).config(SMALL);
    bench.settle();
    let journal = bench.journals().remove(0);
    let text = fs::read_to_string(&journal).unwrap();
    let year = &text[text.find("\"at\":\"2").unwrap() + 6..][..4];
    fs::write(&journal, text.replace(&format!("\"at\":\"{year}"), "\"at\":\"2999")).unwrap();
    bench.change("1m: \"350.00\"", "1m: \"400.00\"");
    bench.run("apply config --yes").exits(0).says("On record as 2-");
    let all = bench.run("history --format json").exits(0).json();
    let ids: Vec<&str> =
        all["applies"].as_array().unwrap().iter().map(|it| it["id"].as_str().unwrap()).collect();
    assert!(ids[0].starts_with("1-") && ids[1].starts_with("2-"), "{ids:?}");
}
