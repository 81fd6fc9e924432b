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
            let formatted = format!("{}, formatted", source.name);
            let (after, _) = Sources::parse(vec![(formatted.clone(), text.clone())]);
            let after: String = after.iter().map(Source::starred).collect();
            let before = source.starred();
            let diff = TextDiff::from_lines(&before, &after);
            write!(out, "{}", diff.unified_diff().header(&source.name, &formatted))
        })?;
    }
    if texts.is_empty() {
        terminal.say(&format!("{} in the usual layout.", are(all, all)));
        return Ok(Exit::Done);
    }
    terminal.say(&format!("{} laid out otherwise; `billform fmt` would write them.", are(texts.len(), all)));
    Ok(Exit::Changes)
}

fn written(terminal: &Terminal, texts: &[Formatted<'_>], all: usize) -> Result<Exit, Stop> {
    for (source, text) in texts {
        files::replace(Path::new(&source.name), Some(&source.text), text, "fmt::changed")?;
    }
    if texts.is_empty() {
        terminal.say(&format!("{} in the usual layout.", are(all, all)));
        return Ok(Exit::Done);
    }
    terminal.say(&format!("Formatted {} of {}:", texts.len(), counted(all)));
    for (source, _) in texts {
        terminal.say(&format!("  {}", source.name));
    }
    Ok(Exit::Done)
}

/// `2 of 7 files are`
fn are(some: usize, all: usize) -> String {
    match (some, all) {
        (1, 1) => "The file is".to_owned(),
        _ if some == all => format!("All {} are", counted(all)),
        (1, _) => format!("1 of {} is", counted(all)),
        _ => format!("{some} of {} are", counted(all)),
    }
}

fn counted(files: usize) -> String {
    if files == 1 { "1 file".to_owned() } else { format!("{files} files") }
}

/// The files of all paths, each once however often it is named.
fn read(paths: &[PathBuf]) -> Result<(Vec<config::File>, Vec<Problem>), Stop> {
    let (mut files, mut unread, mut seen) = (Vec::new(), Vec::new(), BTreeSet::new());
    for path in paths {
        if path == Path::new(STDIN) {
            let text = "`-` stands for standard input, and other files are named beside it";
            return Err(Stop::new(Exit::Usage, "usage::stdin", text, Some("give `-` alone, or files")));
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
    let name = "standard input".to_owned();
    match std::io::stdin().lock().read_to_string(&mut text) {
        Ok(_) => Ok((name, text)),
        Err(error) => {
            let text = format!("cannot read {name}: {error}");
            Err(Stop::new(Exit::Invalid, "fmt::unreadable", text, Some("send it as UTF-8 text")))
        }
    }
}
