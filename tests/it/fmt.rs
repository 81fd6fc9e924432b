//! `billform fmt`: files in the usual layout, all of them or none.

use std::{
    fs,
    io::Write as _,
    process::{Command, Output, Stdio},
};

use crate::harness::{Bench, SEED, SMALL, root};

const MESSY: &str = "\
prices:
    vds-start:
        items: {nopanel: free, \"55227\": { RUB: {12m: \"3500.00\",1m: \"350.00\"}}}   # dear
        resource:   {default: nopanel, enumeration: panel}
# Ours.
version: 1
";

const TIDY: &str = "\
# Ours.
version: 1

prices:
  vds-start:
    resource: {enumeration: panel, default: nopanel}
    items: {nopanel: free, \"55227\": {RUB: {1m: \"350.00\", 12m: \"3500.00\"}}}   # dear
";

fn piped(command: &mut Command, text: &[u8]) -> Output {
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(text).unwrap();
    child.wait_with_output().unwrap()
}

#[test]
fn files_are_checked_then_written_and_then_stay() {
    let bench = Bench::new();
    bench.write("config/a.yaml", MESSY);
    bench.write("config/b/c.yml", "version: 1\n");
    let run = bench.run("fmt config --check").exits(2);
    assert_eq!(run.stdout, "config/a.yaml\n");
    run.says("1 of 2 files is laid out otherwise");
    bench.run("fmt config --check -v").exits(2).says("-prices:").says("+    resource: {enumeration: panel");
    assert_eq!(bench.read("config/a.yaml"), MESSY, "a check writes nothing");
    bench.run("fmt config config/a.yaml").exits(0).says("Formatted 1 of 2 files: config/a.yaml");
    assert_eq!(bench.read("config/a.yaml"), TIDY);
    let written = fs::metadata(bench.path("config/a.yaml")).unwrap().modified().unwrap();
    bench.run("fmt config").exits(0).says("All 2 files are in the usual layout.");
    assert_eq!(fs::metadata(bench.path("config/a.yaml")).unwrap().modified().unwrap(), written);
    let run = bench.run("fmt config --check --quiet").exits(0);
    assert_eq!((run.stdout.as_str(), run.stderr.as_str()), ("", ""));
}

#[test]
fn a_secret_that_stands_in_a_file_is_not_shown() {
    let bench = Bench::new().secret("hunter2");
    let panel = "panel: {username: a, password:  hunter2, url: https://b.example.com/billmgr}\nversion: 1\n";
    bench.write("a.yaml", panel);
    let run = bench.run("fmt --check -v a.yaml").exits(2).says("+panel: {url: https://b.example.com/billmgr");
    run.says("password: ***");
    bench.run("fmt a.yaml").exits(0);
    assert!(bench.read("a.yaml").contains("password: hunter2"));
}

#[test]
fn without_a_path_it_is_the_current_directory() {
    let bench = Bench::new();
    bench.write("a.yaml", MESSY);
    bench.run("fmt").exits(0).says("Formatted 1 of 1 file");
    assert_eq!(bench.read("a.yaml"), TIDY);
}

#[test]
fn an_editor_pipes_a_file_through() {
    let bench = Bench::new();
    let output = piped(&mut bench.command("fmt -"), MESSY.as_bytes());
    assert_eq!((output.status.code(), String::from_utf8(output.stdout).unwrap().as_str()), (Some(0), TIDY));
    let output = piped(&mut bench.command("fmt - --check"), MESSY.as_bytes());
    assert_eq!((output.status.code(), output.stdout.as_slice()), (Some(2), &b"standard input\n"[..]));
    let output = piped(&mut bench.command("fmt -"), b"version: [1\n");
    assert_eq!((output.status.code(), output.stdout.len()), (Some(3), 0));
    let output = piped(&mut bench.command("fmt -"), b"version: \xff\n");
    assert!(String::from_utf8(output.stderr).unwrap().contains("fmt::unreadable"));
    assert_eq!(output.status.code(), Some(3));
    assert!(bench.run("fmt - a.yaml").exits(64).stderr.contains("usage::stdin"));
}

#[test]
fn one_bad_file_leaves_all_as_they_are() {
    let bench = Bench::new();
    bench.write("config/a.yaml", MESSY);
    bench.write("config/b.yaml", "version: 1\nprices: {a: [}\n");
    let run = bench.run("fmt config").exits(3);
    run.says("yaml::syntax").says("config/b.yaml:2");
    bench.write("config/b.yaml", "version: 1\n? prices\n: {}\n");
    bench.run("fmt config").exits(3).says("fmt::layout").says("this cannot be laid out anew without risk");
    bench.write("config/b.yaml", "version: 1\n---\nversion: 1\n");
    bench.run("fmt config").exits(3).says("yaml::second_document");
    assert_eq!(bench.read("config/a.yaml"), MESSY);
    bench.run("fmt nowhere").exits(3).says("config::unreadable");
}

#[test]
fn what_is_written_here_is_in_the_usual_layout() {
    let bench = Bench::new().sandbox(SEED);
    for directory in ["examples/hosting", "examples/scenarios", "data"] {
        let run = bench.run(&format!("fmt --check -v {}", root().join(directory).display()));
        run.exits(0);
    }
    for entry in fs::read_dir(root().join("examples")).unwrap().map(|entry| entry.unwrap().path()) {
        if entry.is_file() {
            bench.run(&format!("fmt --check -v {}", entry.display())).exits(0);
        }
    }
    bench.run("init started").exits(0);
    bench.run("fmt --check -v started").exits(0);
    bench.run("export --out exported").exits(0);
    bench.run("fmt --check -v exported").exits(0);
    let whole = bench.run("export").exits(0);
    bench.write("whole.yaml", &whole.stdout);
    bench.run("fmt --check -v whole.yaml").exits(0);
}

/// What the panel has more is added where it belongs, if the file was in order before.
#[test]
fn an_export_leaves_files_in_the_layout_they_had() {
    for tidy in [true, false] {
        let bench = Bench::new().sandbox(SEED).config(SMALL);
        if tidy {
            bench.run("fmt config").exits(0);
        }
        bench.settle();
        let item = bench.row("enumerationitem", &[("intname", "55227")]);
        bench.edit("enumerationitem", item, "name", "By hand");
        bench.run("export --out config --all").exits(0);
        bench.run("fmt --check -v config/billform.yaml").exits(if tidy { 0 } else { 2 });
    }
}

/// An editor that saves while files are formatted: what is there now is not written over.
#[cfg(unix)]
#[test]
fn a_file_that_is_written_meanwhile_is_left_alone() {
    let bench = Bench::new();
    // The second file is a pipe: it is read while the first waits to be written.
    bench.write("config/a.yaml", MESSY);
    let pipe = bench.path("config/b.yaml");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let child = bench.command("fmt config").stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut end = fs::OpenOptions::new().write(true).open(&pipe).unwrap();
    bench.write("config/a.yaml", "version: 1 # by someone else\n");
    end.write_all(b"version: 1\n").unwrap();
    drop(end);
    let output = child.wait_with_output().unwrap();
    assert!(String::from_utf8(output.stderr).unwrap().contains("fmt::changed"));
    assert_eq!(output.status.code(), Some(5));
    assert_eq!(bench.read("config/a.yaml"), "version: 1 # by someone else\n");
}
