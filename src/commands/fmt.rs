//! `fmt`: configuration files in the usual layout.

use std::{
    collections::BTreeSet,
    io::Read as _,
    path::{Path, PathBuf},
};

use similar::TextDiff;

use super::{
    exit::{Exit, Stop},
    files,
};
use crate::{
    cli::Fmt,
    config, format,
    language::{t, tn},
    source::{Problem, Source, Sources},
    terminal::Terminal,
};

const STDIN: &str = "-";

pub(super) fn run(terminal: &Terminal, args: &Fmt) -> Result<Exit, Stop> {
    let filter = args.paths == [Path::new(STDIN)];
    let (files, unread) = if filter { (vec![stdin()?], Vec::new()) } else { read(&args.paths)? };
    let (sources, mut faults) = Sources::parse(files);
    let mut texts = Vec::new();
    for (file, source) in sources.iter().enumerate().filter(|(_, source)| source.tree.is_some()) {
        match format::format(file, source) {
            Ok(text) => texts.push((source, text)),
            Err(fault) => faults.push(*fault),
        }
    }
    // All or nothing: a directory is one configuration.
    if !faults.is_empty() || !unread.is_empty() {
        return Err(sources.problems(unread, faults).into());
    }
    if filter && !args.check {
        let text = texts.first().map_or("", |(_, text)| text.as_str());
        terminal.data(|out| out.write_all(text.as_bytes()))?;
        return Ok(Exit::Done);
    }
    let all = texts.len();
    texts.retain(|(source, text)| *text != *source.text);
    if args.check { listed(terminal, &texts, all) } else { written(terminal, &texts, all) }
}

/// A file, and its text as it is to be.
type Formatted<'s> = (&'s Source, String);

fn listed(terminal: &Terminal, texts: &[Formatted<'_>], all: usize) -> Result<Exit, Stop> {
    for (source, text) in texts {
        terminal.data(|out| {
            if terminal.verbosity() == 0 {
                return writeln!(out, "{}", source.name);
            }
            let formatted = t!("{file}, formatted", file = source.name);
            let (after, _) = Sources::parse(vec![(formatted.clone(), text.clone())]);
            let after: String = after.iter().map(Source::starred).collect();
            let before = source.starred();
            let diff = TextDiff::from_lines(&before, &after);
            write!(out, "{}", diff.unified_diff().header(&source.name, &formatted))
        })?;
    }
    if texts.is_empty() {
        terminal.say(&tn!(all, "{n} file is in the usual layout.", "All {n} files are in the usual layout."));
        return Ok(Exit::Done);
    }
    terminal.say(&tn!(
        texts.len(),
        "{n} of {all} files is laid out otherwise; `billform fmt` would write it.",
        "{n} of {all} files are laid out otherwise; `billform fmt` would write them.",
        all = all
    ));
    Ok(Exit::Changes)
}

fn written(terminal: &Terminal, texts: &[Formatted<'_>], all: usize) -> Result<Exit, Stop> {
    for (source, text) in texts {
        files::replace(Path::new(&source.name), Some(&source.text), text, "fmt::changed")?;
    }
    if texts.is_empty() {
        terminal.say(&tn!(all, "{n} file is in the usual layout.", "All {n} files are in the usual layout."));
        return Ok(Exit::Done);
    }
    terminal.say(&tn!(
        all,
        "Formatted {some} of {n} file:",
        "Formatted {some} of {n} files:",
        some = texts.len()
    ));
    for (source, _) in texts {
        terminal.say(&format!("  {}", source.name));
    }
    Ok(Exit::Done)
}

/// The files of all paths, each once however often it is named.
fn read(paths: &[PathBuf]) -> Result<(Vec<config::File>, Vec<Problem>), Stop> {
    let (mut files, mut unread, mut seen) = (Vec::new(), Vec::new(), BTreeSet::new());
    for path in paths {
        if path == Path::new(STDIN) {
            let text = t!("`-` stands for standard input, and other files are named beside it");
            let help = t!("give `-` alone, or files");
            return Err(Stop::new(Exit::Usage, "usage::stdin", text, Some(&help)));
        }
        let (found, problems) = config::read_files(path);
        let new = |(name, _): &config::File| seen.insert(Path::new(name).canonicalize().ok());
        files.extend(found.into_iter().filter(new));
        unread.extend(problems);
    }
    Ok((files, unread))
}

fn stdin() -> Result<config::File, Stop> {
    let mut text = String::new();
    let name = t!("standard input");
    match std::io::stdin().lock().read_to_string(&mut text) {
        Ok(_) => Ok((name, text)),
        Err(error) => {
            let text = t!("cannot read {name}: {error}", name = name, error = error);
            Err(Stop::new(Exit::Invalid, "fmt::unreadable", text, Some(&t!("send it as UTF-8 text"))))
        }
    }
}
