//! What `validate` and `check` found, written in every format that was asked for: when they fail, too.

use std::{
    collections::BTreeMap,
    io,
    path::{Component, Path, PathBuf},
};

use super::{
    exit::{Exit, Message, Stop},
    files,
};
use crate::{
    check::{self, Report},
    cli::Findings,
    config::Config,
    language::t,
    plan::Level,
    report::{self, Listed, Listing, ProblemFormat, Rule},
    source::codes,
    terminal::Terminal,
};

/// What a command found, and how its own two formats are written.
pub(super) struct Found<'a> {
    pub(super) listing: Listing,
    /// For a terminal with colour or without.
    pub(super) text: &'a dyn Fn(bool) -> String,
    pub(super) json: &'a dyn Fn(&mut Vec<u8>) -> io::Result<()>,
}

impl Found<'_> {
    fn render(&self, format: ProblemFormat, color: bool) -> io::Result<Vec<u8>> {
        let mut out = Vec::new();
        match format {
            ProblemFormat::Text => out.extend((self.text)(color).into_bytes()),
            ProblemFormat::Json => (self.json)(&mut out)?,
            _ => report::listing(&self.listing, format, &mut out)?,
        }
        Ok(out)
    }

    /// Writes to standard output.
    pub(super) fn print(&self, terminal: &Terminal, output: &Findings) -> Result<(), Stop> {
        let text = self.render(output.format, terminal.style().color)?;
        terminal.data(|out| out.write_all(&text))?;
        Ok(())
    }

    /// Writes the files that were asked for.
    pub(super) fn reports(&self, output: &Findings) -> Result<(), Stop> {
        for to in &output.report {
            let text = self.render(to.format, false)?;
            files::write(&to.file, |out| out.write_all(&text))?;
        }
        Ok(())
    }
}

/// Reports a run that ends early. Its errors themselves are told where all commands' errors are; a report that
/// cannot be written is an error beside them, which does not change how the run ends.
pub(super) fn failed(
    terminal: &Terminal,
    output: &Findings,
    listing: Listing,
    stop: Stop,
) -> Result<Exit, Stop> {
    let text = |color: bool| {
        let told = stop.diagnostics().into_iter().map(|one| terminal.report_in(one, color));
        told.map(|one| format!("{one}\n")).collect()
    };
    let json = |out: &mut Vec<u8>| io::Write::write_all(out, format!("{:#}\n", stop.to_json()).as_bytes());
    let found = Found { listing, text: &text, json: &json };
    if let Err(unwritten) = found.reports(output) {
        unwritten.diagnostics().into_iter().for_each(|one| terminal.complain(&terminal.report(one)));
    }
    if !matches!(output.format, ProblemFormat::Text | ProblemFormat::Json) {
        found.print(terminal, output)?;
    }
    Err(stop)
}

/// The errors that end a run, as a listing.
pub(super) fn of_stop(command: &'static str, stop: &Stop) -> Listing {
    let problems: Vec<Listed> = match stop {
        Stop::Config(problems) => problems.iter().map(Listed::from).collect(),
        Stop::Live(problems) => problems.iter().map(Listed::from).collect(),
        Stop::Other(messages) => messages.iter().map(Message::listed).collect(),
    };
    listing(command, problems, Vec::new(), stop.exit(), stop.more())
}

/// What the checks found that is taken as seriously as `least`, as a listing.
pub(super) fn of_checks(
    command: &'static str,
    config: &Config,
    checked: &Report,
    least: Level,
    exit: Exit,
) -> Listing {
    let findings = checked.findings.iter().filter(|finding| finding.level <= least);
    let problems = findings.map(|finding| Listed {
        code: finding.code.clone(),
        accepted: finding
            .waived
            .as_ref()
            .map(|waived| t!("{reason} (until {day})", reason = waived.reason, day = waived.until)),
        ..Listed::from(&check::problem(finding, &config.sources))
    });
    let files = config.sources.iter().map(|source| source.name.clone());
    let mut listing = listing(command, problems.collect(), files.collect(), exit, 0);
    let not_made = checked.not_made.iter().map(|group| {
        t!(
            "not made: {checks}: {because}; {help}",
            checks = group.checks.join(", "),
            because = group.because,
            help = group.help
        )
    });
    listing.notes = not_made.chain(checked.notes.iter().cloned()).collect();
    listing
}

fn listing(
    command: &'static str,
    mut problems: Vec<Listed>,
    mut files: Vec<String>,
    exit: Exit,
    more: usize,
) -> Listing {
    let root = Root::here();
    let named = problems.iter_mut().filter_map(|problem| problem.file.as_mut());
    named.chain(&mut files).for_each(|file| *file = root.relative(file));
    let rules: BTreeMap<String, Rule> =
        problems.iter().filter_map(|problem| Some((problem.code.clone(), rule(&problem.code)?))).collect();
    let notes = Vec::new();
    Listing { command, files, problems, more, rules, notes, fails: Level::Error, exit_code: exit as u8 }
}

/// What a code stands for.
fn rule(code: &str) -> Option<Rule> {
    if let Some(check) = code.strip_prefix("check::").and_then(check::lookup) {
        return Some(Rule { says: check.title().to_owned(), page: Some(check.page()) });
    }
    let says = match code {
        "check::waiver_expired" => t!("A waiver has ended."),
        "check::waiver_unused" => t!("A waiver matches no finding."),
        _ => codes::meaning(code)?.to_owned(),
    };
    Some(Rule { says, page: None })
}

/// Where forges look files up: the top of the work tree, or this directory where there is none.
struct Root {
    here: PathBuf,
    top: PathBuf,
}

impl Root {
    fn here() -> Self {
        let here = std::env::current_dir().unwrap_or_default();
        let top = here.ancestors().find(|directory| directory.join(".git").exists());
        Self { top: top.unwrap_or(&here).to_owned(), here }
    }

    /// The path from there, with the slashes of a URL; the whole path of what lies elsewhere.
    fn relative(&self, file: &str) -> String {
        let mut path = PathBuf::new();
        for part in self.here.join(file).components() {
            match part {
                Component::CurDir => {}
                Component::ParentDir => drop(path.pop()),
                part => path.push(part),
            }
        }
        let path = path.strip_prefix(&self.top).map(Path::to_owned).unwrap_or(path);
        path.display().to_string().replace(std::path::MAIN_SEPARATOR, "/")
    }
}

#[cfg(test)]
mod tests {
    use super::Root;

    #[cfg(unix)]
    #[test]
    fn paths_are_told_from_the_top_of_the_work_tree() {
        let root = Root { here: "/srv/repository/infra".into(), top: "/srv/repository".into() };
        for (file, told) in [
            ("config/a.yaml", "infra/config/a.yaml"),
            ("./config/a.yaml", "infra/config/a.yaml"),
            ("../config//a.yaml", "config/a.yaml"),
            ("/srv/repository/config/a.yaml", "config/a.yaml"),
            ("/etc/billform/a.yaml", "/etc/billform/a.yaml"),
        ] {
            assert_eq!(root.relative(file), told);
        }
    }
}
