//! Starting, stopping, keeping and touching the state.

use std::net::SocketAddr;
use std::time::Duration;

use super::super::{ADMIN, Options, Sandbox, SandboxError, Seed};
use super::{call, hosting, id_of, post, rows, save, text};

#[test]
fn only_loopback_is_listened_on() {
    let listen: SocketAddr = "0.0.0.0:0".parse().unwrap();
    let refused = Sandbox::start(Options { listen, ..Options::default() });
    assert!(matches!(refused, Err(SandboxError::NotLoopback(_))));
}

#[test]
fn the_state_file_survives_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state.json");
    let options = |seed| Options { seed, state: Some(path.clone()), ..Options::default() };
    let first = Sandbox::start(options(Seed::Hosting)).unwrap();
    save(&first, "enumeration.edit", &[("name", "A"), ("intname", "a")]);
    let state = first.export_state();
    drop(first);
    let second = Sandbox::start(options(Seed::Empty)).unwrap();
    assert_eq!(second.export_state(), state);
    id_of(&rows(&second, "enumeration", &[]), "intname", "a");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "no temporary file is left");
    drop(second);
    std::fs::write(&path, "{}").unwrap();
    assert!(matches!(Sandbox::start(options(Seed::Empty)), Err(SandboxError::State(_))));
}

#[test]
fn equal_options_behave_equally() {
    let run = || {
        let sandbox = hosting(7, &super::Hostile::ALL);
        let first = call(&sandbox, "enumeration", &[]).to_string();
        (first, sandbox.admin_password(), sandbox.export_state())
    };
    assert_eq!(run(), run());
}

#[test]
fn a_human_hand_changes_adds_and_removes() {
    let sandbox = hosting(0, &[]);
    let id = id_of(&rows(&sandbox, "enumeration", &[]), "intname", "backup");
    let id = id.parse().unwrap();
    assert!(sandbox.edit("enumeration", id, "name", "Renamed"));
    assert!(!sandbox.edit("enumeration", 9999, "name", "Renamed"));
    assert_eq!(text(&rows(&sandbox, "enumeration", &[])[0], "name"), "Renamed");
    let other = sandbox.insert("enumeration", &[("name", "B"), ("intname", "b")]);
    assert_eq!(rows(&sandbox, "enumeration", &[]).len(), 2);
    assert!(sandbox.remove("enumeration", other));
    assert!(!sandbox.remove("enumeration", other));
}

#[test]
fn an_idle_session_dies() {
    let options = Options { session_idle: Duration::ZERO, ..Options::default() };
    let sandbox = Sandbox::start(options).unwrap();
    let password = sandbox.admin_password();
    let login = [("func", "auth"), ("username", ADMIN), ("password", &password), ("out", "json")];
    let answer: serde_json::Value = serde_json::from_str(&post(&sandbox, &login)).unwrap();
    let id = answer["doc"]["auth"]["$id"].as_str().unwrap();
    std::thread::sleep(Duration::from_millis(1));
    let answer = post(&sandbox, &[("func", "keepalive"), ("auth", id), ("out", "json")]);
    assert!(answer.contains("\"$type\":\"access\""), "{answer}");
}

#[test]
fn the_password_can_be_chosen() {
    let password = Some("simple".to_owned());
    let sandbox = Sandbox::start(Options { password, ..Options::default() }).unwrap();
    assert_eq!(sandbox.admin_password(), "simple");
    assert!(call(&sandbox, "project", &[]).get("elem").is_some());
}

#[test]
fn one_connection_carries_many_requests() {
    let sandbox = hosting(0, &[]);
    let head = "GET /billmgr?func=pricelist.export&out=xml HTTP/1.1\r\nHost: x\r\n";
    let two = format!("{head}\r\n{head}Connection: close\r\n\r\n");
    let answer = String::from_utf8(super::raw(&sandbox, &two)).unwrap();
    assert_eq!(answer.matches("HTTP/1.1 200 OK").count(), 2);
}

#[test]
fn starting_is_quick() {
    let begun = std::time::Instant::now();
    for seed in 0..50 {
        drop(hosting(seed, &[]));
    }
    let each = begun.elapsed() / 50;
    assert!(each < Duration::from_millis(50), "{each:?}");
    println!("a start takes {each:?}");
}
