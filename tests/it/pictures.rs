//! The pictures of the terminal in the documentation: what the program writes, drawn, and held current.

use std::fs;

use crate::{
    browser::busy,
    harness::{Bench, root},
};

/// Draws what a command writes into a terminal with colours. `BILLFORM_UPDATE=1` writes the picture anew.
fn assert_picture(name: &str, bench: &Bench, line: &str) {
    let run = bench.run(&format!("{line} --color always"));
    let text = run.stdout.replace(bench.panel().url(), "https://bill.example.com/billmgr");
    let drawn = anstyle_svg::Term::new().render_svg(&format!("\u{1b}[1m$ billform {line}\u{1b}[0m\n{text}"));
    let file = root().join("docs").join(name);
    if std::env::var_os("BILLFORM_UPDATE").is_some_and(|value| value == "1") {
        fs::write(&file, &drawn).unwrap();
    }
    snapbox::assert_data_eq!(drawn, snapbox::Data::text(fs::read_to_string(&file).unwrap()).raw());
}

#[test]
fn the_picture_of_a_plan_in_a_terminal_is_current() {
    assert_picture("plan-terminal.svg", &busy(), "plan config");
}
