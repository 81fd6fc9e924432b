//! Passwords of processors: where they come from, when they are sent, and what a plan says of them.

use crate::harness::{Bench, Run, SEED, SMALL};

const NOTE: &str = "password: not comparable (processor licences); `--rotate-secret KEY` sends it";

/// Passwords of processors that reached the panel, oldest first.
fn sent(bench: &Bench) -> Vec<String> {
    let saves = bench.panel().requests().into_iter().filter(|request| request.mutating);
    let fields = saves.flat_map(|request| request.params);
    fields.filter(|(name, _)| name == "password").map(|(_, value)| value).collect()
}

fn settled() -> Bench {
    let bench = Bench::new().sandbox(SEED).config(SMALL);
    bench.settle();
    bench.panel().clear_requests();
    bench
}

#[test]
fn a_plan_says_that_a_password_cannot_be_compared() {
    let bench = settled();
    for command in ["plan config", "drift config"] {
        bench.run(command).exits(0).says("The panel matches").says(NOTE);
        bench.run(&format!("{command} --format markdown")).exits(0).says("password: not comparable");
        let json = bench.run(&format!("{command} --format json")).exits(0).json();
        assert_eq!(json["notes"], serde_json::json!([NOTE]));
        assert_eq!(json["changes"], serde_json::json!([]));
    }
    bench.run("plan config --detailed-exitcode").exits(0);
    // One that is sent, as at creation, needs no note.
    Bench::new().sandbox(SEED).config(SMALL).run("plan config").exits(0).silent("not comparable");
}

#[test]
fn a_password_is_sent_when_it_is_asked_for_and_then_no_more() {
    for key in ["licences", "processor/licences"] {
        let bench = settled().env("LICENCE_PASSWORD", "canary rotated/&+%");
        let plan = bench.run(&format!("plan config --rotate-secret {key} --format json")).exits(0).json();
        assert_eq!(plan["changes"].as_array().unwrap().len(), 1, "{plan}");
        assert_eq!(plan["changes"][0]["object"]["key"], "licences");
        let field = &plan["changes"][0]["fields"][0];
        let shown = ["field", "before", "after"].map(|name| field[name].as_str().unwrap());
        assert_eq!(shown, ["password", "secret", "secret"]);
        assert_eq!(plan["notes"], serde_json::json!([]));
        bench
            .run(&format!("plan config --detailed-exitcode --rotate-secret {key}"))
            .exits(2)
            .says("password");
        assert_eq!(bench.writes(), 0);
        bench.run(&format!("apply config --yes --rotate-secret {key}")).exits(0).says("1 change");
        assert_eq!(sent(&bench), ["canary rotated/&+%"]);
        bench.in_sync();
        bench.panel().clear_requests();
        bench.run("apply config --yes").exits(0).says("No changes.");
        assert_eq!(bench.writes(), 0);
    }
}

#[test]
fn a_password_goes_with_a_changed_login_and_not_with_other_changes() {
    let bench = settled();
    for (from, to) in
        [("username: provider", "username: reseller"), ("licences.example.com", "l2.example.com")]
    {
        bench.change(from, to);
        bench.run("apply config --yes").exits(0).says("password");
        assert_eq!(sent(&bench).len(), 1);
        bench.in_sync();
        bench.panel().clear_requests();
    }
    bench.change("350.00", "360.00");
    bench.run("apply config --yes").exits(0);
    assert!(sent(&bench).is_empty());
}

#[test]
fn what_cannot_be_rotated_is_wrong_usage() {
    let bench = Bench::new().sandbox(SEED).config(SMALL);
    let cases = [
        ("licenses", "did you mean `licences`?"),
        ("processor/lisences", "did you mean `licences`?"),
        ("enumeration/panel", "processors with a password: `licences`"),
    ];
    for (key, words) in cases {
        for command in ["plan config", "apply config --yes"] {
            bench.run(&format!("{command} --rotate-secret {key}")).exits(64).says(words);
        }
    }
    bench.run("plan config --rotate-secret").exits(64);
    bench.run("drift config --rotate-secret licences").exits(64);
    bench.change("    password: {env: LICENCE_PASSWORD}\n", "");
    bench
        .run("plan config --rotate-secret licences")
        .exits(64)
        .says("usage::rotate_secret")
        .says("has no password");
    assert!(bench.panel().requests().is_empty());
}

#[test]
fn a_rotation_without_its_secret_writes_nothing() {
    let bench = settled().without("LICENCE_PASSWORD");
    bench.change("350.00", "360.00");
    bench.run("apply config --yes --rotate-secret licences").exits(3).says("LICENCE_PASSWORD");
    assert_eq!(bench.writes(), 0);
}

#[cfg(unix)]
#[test]
fn a_password_can_be_what_a_program_prints() {
    let bench = Bench::new().sandbox(SEED).config(SMALL).env("PATH", "/usr/bin:/bin");
    bench.write("keeper", "#!/bin/sh\necho \"canary printed/&+% $1\"\n");
    bench.change("{env: LICENCE_PASSWORD}", "{command: [sh, ./keeper, \"a b\"]}");
    let url = bench.panel().url();
    let panel = format!("version: 1\npanel:\n  url: {url}\n  password: {{command: [cat, panel-password]}}\n");
    bench.write("config/panel.yaml", &panel);
    bench.write("panel-password", &format!("{}\r\n", bench.panel().admin_password()));
    let bench = bench.without("BILLFORM_PASSWORD");
    bench.run("plan config").exits(0);
    bench.run("apply config --yes").exits(0);
    assert_eq!(sent(&bench).last().unwrap(), "canary printed/&+% a b");
}

#[cfg(unix)]
#[test]
fn a_program_that_fails_ends_an_apply_before_anything_is_written() {
    let fails = [
        ("exit 4", "ended with exit status: 4"),
        ("echo canary; echo no canary >&2; exit 1", "exit status: 1: no [secret]"),
        ("true", "printed nothing"),
        ("yes canary", "more than 64 KiB"),
    ];
    for (script, words) in fails {
        let bench = Bench::new().sandbox(SEED).config(SMALL).env("PATH", "/usr/bin:/bin");
        bench.change("{env: LICENCE_PASSWORD}", &format!("{{command: [sh, -c, \"{script}\"]}}"));
        // A plan needs no password of a processor, so it runs nothing.
        bench.run("plan config").exits(0);
        for format in ["text", "json"] {
            let run = bench.run(&format!("apply config --yes --format {format}")).exits(3).says(words);
            let _: Run = run.says("secret::unreadable").silent("canary");
        }
        assert_eq!(bench.writes(), 0);
    }
}

#[test]
fn each_v_tells_more_and_only_on_standard_error() {
    let bench = settled();
    let requests = |run: &Run| run.stderr.lines().filter(|line| line.contains(" ms, ")).count();
    let told = |flags: &str| bench.run(&format!("plan config --format json {flags}")).exits(0);
    let plain = told("");
    assert_eq!(requests(&plain), 0);
    let [one, two, three] = ["-v", "-vv", "-v -v -v"].map(told);
    assert_eq!(requests(&one), 0);
    assert!(one.stderr.contains("requests so far"), "{one}");
    let before = bench.panel().requests().len();
    let again = told("-vv");
    assert_eq!(requests(&again), bench.panel().requests().len() - before);
    assert_eq!(requests(&two), requests(&again));
    assert!(two.stderr.contains("processing: ") && two.stderr.contains(" bytes, ok"), "{two}");
    assert!(!two.stderr.contains("authinfo"), "{two}");
    assert!(three.stderr.contains("  sent func=\"processing\" out=\"json\""), "{three}");
    assert!(three.stderr.contains("authinfo=[not shown]"), "{three}");
    assert!(three.stderr.contains("  got processing.edit metadata "), "{three}");
    for run in [&one, &two, &three] {
        assert_eq!(run.stdout, plain.stdout);
    }
}
