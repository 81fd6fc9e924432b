//! Tests of the stages together.

pub(crate) mod agreement;
mod figures;
mod files;
mod fixtures;
mod generated;
mod places;

use std::path::{Path, PathBuf};

use miette::{GraphicalReportHandler, GraphicalTheme};

use super::{Config, load_texts};
use crate::source::Problems;

/// The repository.
fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Checks one text.
fn load_text(text: &str) -> Result<Config, Problems> {
    load_texts(vec![("config.yaml".to_owned(), text.to_owned())])
}

/// The codes of all problems of a text that is not right.
fn codes_of(text: &str) -> Vec<&'static str> {
    load_text(text).err().expect("the text is wrong").iter().map(|problem| problem.code).collect()
}

/// All reports as a person without colours sees them.
fn rendered(problems: &Problems) -> String {
    let handler = GraphicalReportHandler::new_themed(GraphicalTheme::unicode_nocolor()).with_width(100);
    let mut text = String::new();
    for problem in problems {
        handler.render_report(&mut text, problem).expect("rendering into a string");
        text.push('\n');
    }
    if problems.more() > 0 {
        text.push_str(&format!("and {} more\n", problems.more()));
    }
    // Blanks at the ends of lines are lost by editors.
    text.lines().map(|line| format!("{}\n", line.trim_end())).collect()
}

/// Compares a generated file with the one in the repository, or rewrites it with `BILLFORM_UPDATE=1`.
fn same_as_file(path: &PathBuf, text: &str) {
    if std::env::var_os("BILLFORM_UPDATE").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
        return;
    }
    let found = std::fs::read_to_string(path).unwrap_or_default();
    assert!(found == text, "{} is not current: run the tests with BILLFORM_UPDATE=1\n{text}", path.display());
}
