//! Configuration files in one layout: the same settings, differently laid out.
//!
//! Sections and fields stand in the order of the schema, periods by length; names of a person's own stay in
//! that person's order. Collections are indented by two blanks, brackets on one line are spaced alike, one blank
//! line stands around a section of several lines and at most one elsewhere. Scalars and comments are never rewritten. What comes
//! out is read again: a text that would mean something else, or that lost a comment, is not handed out.

mod events;
mod flow;
mod lay;
mod print;
#[cfg(test)]
mod proptests;
mod sheet;
#[cfg(test)]
mod tests;

use std::{borrow::Cow, ops::Range};

use crate::{
    language::t,
    source::{
        Source, Sources,
        fault::Fault,
        tree::{NodeRef, Shape},
    },
};

const LAYOUT: &str = "fmt::layout";

/// The text of a file in the usual layout. The file is YAML that the loader reads.
pub(crate) fn format(file: usize, source: &Source) -> Result<String, Box<Fault>> {
    let (mark, text) = match source.text.strip_prefix('\u{feff}') {
        Some(text) => ("\u{feff}", text),
        None => ("", &*source.text),
    };
    let windows = text.find('\n').is_some_and(|at| text[..at].ends_with('\r'));
    let plain: Cow<'_, str> =
        if text.contains('\r') { text.replace("\r\n", "\n").into() } else { text.into() };
    let laid_out = lay_out(&plain).map_err(|unfit| {
        let message = t!("this cannot be laid out anew without risk");
        let span = [unfit.0.start, unfit.0.end].map(|at| mark.len() + with_returns(text, at));
        left_alone(file, span[0]..span[1], message)
    })?;
    let laid_out = if windows { laid_out.replace('\n', "\r\n") } else { laid_out };
    let laid_out = format!("{mark}{laid_out}");
    if is_same(source, &laid_out) {
        return Ok(laid_out);
    }
    Err(left_alone(file, 0..0, t!("the file would not mean the same if it were laid out anew")))
}

fn left_alone(file: usize, span: Range<usize>, message: String) -> Box<Fault> {
    let help = t!("it was left alone; write this place in a plainer way and format again");
    Box::new(Fault::new(file, span, LAYOUT, message).help(help))
}

/// The place in a text of a place in what is left of it without carriage returns in front of line feeds.
fn with_returns(text: &str, at: usize) -> usize {
    let passed = text.split_inclusive('\n').scan(0, |plain, line| {
        *plain += line.len() - usize::from(line.ends_with("\r\n"));
        Some((*plain, line))
    });
    let returns = passed.filter(|(plain, line)| *plain <= at && line.ends_with("\r\n")).count();
    at + returns
}

/// A text of ours in the usual layout, or as it is where that cannot be.
pub(crate) fn tidy(text: String) -> String {
    let (sources, _) = Sources::parse(vec![(String::new(), text)]);
    let source = sources.iter().next().expect("one text was given");
    match &source.tree {
        Some(_) => format(0, source).unwrap_or_else(|_| source.text.to_string()),
        None => source.text.to_string(),
    }
}

fn lay_out(text: &str) -> Result<String, lay::Unfit> {
    if let Some(at) = text.find('\r') {
        return Err(lay::Unfit(at..at));
    }
    let document = events::read(text).ok_or(lay::Unfit(0..0))?;
    let mut sheet = lay::lay(text, &document)?;
    sheet.arrange(!document.anchored);
    Ok(print::print(&sheet))
}

/// Whether another text says the same, with the same comments.
fn is_same(source: &Source, text: &str) -> bool {
    let (again, _) = Sources::parse(vec![(String::new(), text.to_owned())]);
    let trees = again.iter().next().and_then(|again| again.tree.as_ref()).zip(source.tree.as_ref());
    let meaning = trees.is_some_and(|(left, right)| means_same(left.root(), right.root()));
    let comments = |text: &str| {
        let document = events::read(text)?;
        let mut comments: Vec<String> =
            events::comments(text, &document).into_iter().map(str::to_owned).collect();
        comments.sort();
        Some(comments)
    };
    meaning && comments(&source.text).is_some_and(|before| comments(text) == Some(before))
}

fn means_same(left: NodeRef<'_>, right: NodeRef<'_>) -> bool {
    match (left.shape(), right.shape()) {
        (Shape::Null, Shape::Null) => true,
        (Shape::Flag(left), Shape::Flag(right)) => left == right,
        (Shape::Number(left), Shape::Number(right)) | (Shape::Text(left), Shape::Text(right)) => {
            left == right
        }
        (Shape::List(one), Shape::List(other)) => {
            one.len() == other.len()
                && left.elements().zip(right.elements()).all(|(left, right)| means_same(left, right))
        }
        (Shape::Map(one), Shape::Map(other)) => {
            let same = |(key, value): (NodeRef<'_>, NodeRef<'_>)| {
                right.get(key.key_text()).is_some_and(|other| means_same(value, other))
            };
            one.len() == other.len() && left.entries().all(same)
        }
        _ => false,
    }
}
