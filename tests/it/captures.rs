//! Each recording in `tests/captures/`: what `doctor`, `export` and `plan` make of it stays as it is.
//! `BILLFORM_UPDATE=1` rewrites what is expected.

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::harness::{Bench, Run, in_parallel, root};

fn recordings() -> Vec<PathBuf> {
    let entries = fs::read_dir(root().join("tests/captures")).unwrap();
    entries.map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()).collect()
}

/// What a run said, without what differs from run to run.
fn told(bench: &Bench, run: &Run) -> String {
    const SHOWN: &str = "http://127.0.0.1:8080/billmgr";
    let said = format!("exit code {}\n{}{}", run.code, run.stdout, run.stderr);
    said.replace(bench.panel().url(), SHOWN)
}

fn compare(recording: &Path, name: &str, actual: &str) {
    let path = recording.join("expected").join(name);
    if std::env::var_os("BILLFORM_UPDATE").is_some_and(|value| value == "1") {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, actual).unwrap();
        return;
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    snapbox::assert_data_eq!(actual.to_owned(), snapbox::Data::text(expected).raw());
}

#[test]
fn what_recorded_panels_are_found_to_be_stays_as_it_is() {
    let recordings = recordings();
    assert!(recordings.len() >= 3, "{recordings:?}");
    in_parallel(recordings, |recording| {
        let bench = Bench::new().replaying(&recording);
        let doctor = bench.run("doctor --format json --quiet");
        compare(&recording, "doctor.txt", &told(&bench, &doctor));
        let export = bench.run("export --quiet");
        compare(&recording, "export.txt", &told(&bench, &export));
        if export.code == 0 {
            bench.write("exported.yaml", &export.stdout);
            bench.run("plan exported.yaml --detailed-exitcode --quiet").exits(0);
        }
        if let Ok(config) = fs::read_to_string(recording.join("config.yaml")) {
            bench.write("config/billform.yaml", &config);
            compare(&recording, "plan.txt", &told(&bench, &bench.run("plan config --quiet")));
        }
        assert_eq!(bench.writes(), 0);
    });
}
