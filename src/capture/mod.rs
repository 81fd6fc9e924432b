//! A recording of what billform reads on a panel, with everybody's data taken out.
//!
//! What stays is decided by a list of what may stay ([`table`]); all the rest is replaced. Pure: reading a
//! panel and writing files is the caller's business. The format is described in `docs/capture.md`.

mod index;
mod looks;
mod mask;
mod node;
mod redact;
mod scope;
mod table;
#[cfg(test)]
mod tests;

use crate::{billmgr::Heard, language::t};

pub(crate) use index::{About, FailedPart, INDEX, Index, READS};

use index::Read;

/// What is to be written: nothing has been yet.
pub(crate) struct Recording {
    pub(crate) index: Index,
    /// The documents, under the names that the index gives them.
    pub(crate) files: Vec<File>,
}

/// One document.
pub(crate) struct File {
    pub(crate) name: String,
    pub(crate) text: String,
    /// What it is, in words.
    pub(crate) what: What,
    pub(crate) func: String,
}

/// What kind of answer a document is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum What {
    List,
    Form,
    Refusal,
    Other,
}

impl What {
    pub(crate) fn words(self) -> String {
        match self {
            Self::List => t!("lists, their rows without anybody's data"),
            Self::Form => t!("forms, with the options of their fields"),
            Self::Refusal => t!("errors, without their texts"),
            Self::Other => t!("other answers"),
        }
    }
}

impl Recording {
    /// Takes out of `heard` all that is not known to be harmless.
    ///
    /// `named` are functions that the configuration names: they may be called anything.
    pub(crate) fn new(heard: &[Heard], named: &[&str], about: About) -> Self {
        let (kept, left_out) = scope::sorted(heard, named);
        let mut redactor = redact::Redactor::new(&kept);
        let mut reads = Vec::new();
        let mut files = Vec::new();
        for (number, read) in (1..).zip(kept) {
            let (params, document) = redactor.read(read);
            let name = format!("{READS}/{number:04}-{}.json", plain(&read.func));
            reads.push(Read { func: read.func.clone(), params, file: name.clone() });
            let text = node::written(&document);
            files.push(File { name, text, what: what(&read.answer), func: read.func.clone() });
        }
        let panel_version = about.panel_version.as_deref().and_then(looks::kept_token);
        Self { index: Index::new(About { panel_version, ..about }, left_out, reads), files }
    }

    /// Name and text of each file, the index first.
    pub(crate) fn texts(&self) -> impl Iterator<Item = (&str, String)> {
        let index = (INDEX, self.index.text());
        std::iter::once(index).chain(self.files.iter().map(|file| (file.name.as_str(), file.text.clone())))
    }
}

fn what(answer: &crate::wire::Node) -> What {
    let metadata = |node: &crate::wire::Node| {
        node.child("metadata").and_then(|metadata| metadata.attr("type")).map(str::to_owned)
    };
    let inner = answer.child("doc").and_then(metadata);
    match metadata(answer).or(inner).as_deref() {
        _ if answer.child("error").is_some() => What::Refusal,
        Some("list") => What::List,
        Some("form") => What::Form,
        _ => What::Other,
    }
}

/// A function's name as part of a file's name.
fn plain(func: &str) -> String {
    let fits = |ch: char| ch.is_ascii_lowercase() || ch.is_ascii_digit() || matches!(ch, '.' | '-' | '_');
    func.chars().map(|ch| if fits(ch) { ch } else { '_' }).take(60).collect::<String>().replace("..", "_.")
}
