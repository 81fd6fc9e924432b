//! All that reads bytes from outside, as functions of bytes: for the fuzz targets in `tests/fuzz` and for tests.
//!
//! Each takes any bytes and does with them what the program would do, up to showing what it made of them.
//! None may panic, and none may use memory out of proportion to its bytes. There is no target for `bjson`:
//! the client asks for JSON or XML, and takes nothing else for a document.

#[cfg(test)]
mod proptests;

use clap::ValueEnum as _;
use miette::{GraphicalReportHandler, GraphicalTheme};

use crate::{
    config, format, journal,
    kinds::Snapshot,
    report::{self, Format, Style, Subject},
    rollback,
    saved::{SavedPlan, config_digest},
    source::Sources,
    wire::{self, Answer},
};

/// A configuration, with the reports of what is wrong with it.
pub fn yaml(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    laid_out(text);
    match config::load_texts(vec![("config.yaml".to_owned(), text.to_owned())]) {
        Ok(config) => {
            assert!(config.sources.outlines().count() == 1, "what was read has an outline");
            assert!(!config_digest(&config.spec).is_empty(), "any configuration has a digest");
        }
        Err(problems) => {
            let handler = GraphicalReportHandler::new_themed(GraphicalTheme::none());
            for problem in &problems {
                let mut text = String::new();
                handler.render_report(&mut text, problem).expect("a report can be written into a text");
                assert!(problem.to_json().is_object(), "a problem is an object");
            }
        }
    }
}

/// Any YAML that is to be laid out anew.
fn laid_out(text: &str) {
    let (sources, _) = Sources::parse(vec![("config.yaml".to_owned(), text.to_owned())]);
    for source in sources.iter().filter(|source| source.tree.is_some()) {
        if let Ok(text) = format::format(0, source) {
            assert!(format::tidy(text.clone()) == text, "what is in the usual layout stays");
        }
    }
}

/// An answer of the panel as JSON.
pub fn json(bytes: &[u8]) {
    document(bytes, b'{');
}

/// An answer of the panel as XML.
pub fn xml(bytes: &[u8]) {
    document(bytes, b'<');
}

/// Decodes the bytes, and once more as a document that begins as that kind does.
fn document(bytes: &[u8], first: u8) {
    let mut opened = vec![first];
    opened.extend(bytes);
    for bytes in [bytes, &opened] {
        match wire::decode(bytes) {
            Ok(answer) => look(answer),
            Err(error) => assert!(error.to_string().len() <= bytes.len() + 200, "an error stays short"),
        }
    }
}

/// Everything a caller may ask of an answer.
fn look(answer: Answer) {
    let error = answer.error().map(|error| error.to_string());
    assert!(error.is_none() || answer.ok().is_none(), "an error makes everything else void");
    let _page = answer.page();
    let _id = answer.created_id();
    if let Some(form) = answer.form() {
        assert!(form.postable().len() <= form.unchanged().len(), "secrets are not posted as text");
        let _seen = form.fields.iter().filter(|field| field.unread()).count();
    }
    answer.wipe();
}

/// A saved plan. What is refused for its digest alone is sealed anew and shown, for anyone could do that.
pub fn saved_plan(bytes: &[u8]) {
    let sealed = match SavedPlan::parse(bytes, "plan.json") {
        Ok(saved) => saved,
        Err(_) => match serde_json::from_slice::<SavedPlan>(bytes) {
            Ok(saved) => saved.sealed(),
            Err(_) => return,
        },
    };
    let mut text = Vec::new();
    report::document(&sealed, &mut text).expect("a plan can be written into memory");
    if let Ok(again) = SavedPlan::parse(&text, "plan.json") {
        assert!(again.digest == sealed.digest, "a plan is read as it was written");
    }
    for format in Format::value_variants() {
        let style = Style { color: true, width: 80, verbose: true, ..Style::default() };
        let subject = Subject::new(&sealed.plan, &sealed.config.spec);
        report::plan(subject, *format, &style, &mut text).expect("a plan can be shown");
    }
    assert!(sealed.drifted_elsewhere(&Snapshot::default()).len() <= sealed.read.len(), "only what was read");
}

/// The journal of an apply.
pub fn journal(bytes: &[u8]) {
    let Ok(entry) = journal::parse(bytes) else { return };
    assert!(!entry.is_settled() || entry.in_doubt().next().is_none(), "what is settled leaves no doubt");
    let back = rollback::plan(&entry, &Snapshot::default());
    assert!(back.changes.len() <= entry.plan.plan.changes.len(), "nothing is undone that was not done");
}
