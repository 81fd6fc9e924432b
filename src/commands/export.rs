//! `export`: the live panel as configuration, proven to plan empty before it is written.

use std::path::Path;

use super::{
    connect,
    exit::{Exit, Stop},
    files,
};
use crate::{
    cli::Export,
    config::{self, Config},
    export::{self, Refusal, Trouble, Updated},
    kinds::{ConfigSpec, Scope, Snapshot},
    language::t,
    plan::Plan,
    reconcile::{self, Ask},
    terminal::Terminal,
};

/// The code of the error that somebody else wrote a file meanwhile.
pub(super) const CHANGED: &str = "export::changed";

pub(super) async fn run(terminal: &Terminal, args: &Export) -> Result<Exit, Stop> {
    if let Some(directory) = args.out.as_deref().filter(|directory| config::holds_files(directory)) {
        return update(terminal, args, directory).await;
    }
    let session = connect::open(terminal, &args.panel, &ConfigSpec::default()).await?;
    let snapshot = connect::read(terminal, &session, Scope::Everything).await?;
    let (files, _) = proven(&snapshot, Vec::new())?;
    let Some(directory) = &args.out else {
        let whole = export::whole(&snapshot).map_err(unwritable)?;
        terminal.data(|out| out.write_all(whole.as_bytes()))?;
        return Ok(Exit::Done);
    };
    std::fs::create_dir_all(directory)?;
    for (name, text) in &files {
        files::replace(&directory.join(name), None, text, CHANGED)?;
    }
    terminal.say(&t!(
        "Wrote {count} files to {directory}; they plan empty.",
        count = files.len(),
        directory = directory.display()
    ));
    Ok(Exit::Done)
}

fn unwritable(text: String) -> Stop {
    Stop::new(Exit::Incomplete, "export::unwritable", text, Some(&t!("rename it in the panel")))
}

/// A file's name, and its text.
pub(super) type Text = (String, String);

/// The whole panel as files that plan empty, also with the files they will lie beside.
pub(super) fn proven(snapshot: &Snapshot, beside: Vec<Text>) -> Result<(Vec<Text>, Plan), Stop> {
    let exported = export::files(snapshot).map_err(unwritable)?;
    let mut texts = beside;
    texts.extend(exported.into_iter().map(|file| (file.name.to_owned(), file.text)));
    let config =
        config::load_texts(texts.clone()).map_err(|problems| Refusal::unfit(problems.iter().next()))?;
    let plan = prove(&config, snapshot)?;
    Ok((texts, plan))
}

fn prove(config: &Config, snapshot: &Snapshot) -> Result<Plan, Stop> {
    let plan = reconcile::plan(config, snapshot, &Ask::default());
    let plan = plan.map_err(|problems| Refusal::unfit(problems.first()))?;
    if plan.is_empty() && plan.unmanaged.is_empty() {
        return Ok(plan);
    }
    let objects = plan.changes.iter().map(|change| change.object.to_string()).take(5);
    let objects = objects.collect::<Vec<_>>().join(", ");
    Err(Refusal::not_faithful(t!("the export would not plan empty: {objects}", objects = objects)).into())
}

/// Edits the configuration that is there.
async fn update(terminal: &Terminal, args: &Export, directory: &Path) -> Result<Exit, Stop> {
    if !directory.is_dir() {
        let text = t!("{path} is a file", path = directory.display());
        let help = t!("name its directory");
        return Err(Stop::new(Exit::Usage, "usage::not_a_directory", text, Some(&help)));
    }
    let config = config::load(directory)?;
    let session = connect::open(terminal, &args.panel, &config.spec).await?;
    let asked = connect::read(terminal, &session, Scope::Config(&config.spec)).await?;
    let in_sync = reconcile::plan(&config, &asked, &Ask::default()).map_err(Stop::Live)?.is_empty();
    // Without a difference nothing else is looked at; with one, whatever refers to it may be needed.
    let snapshot = if in_sync && !args.all {
        asked
    } else {
        let full = connect::read(terminal, &session, Scope::Everything).await?;
        export::with_names(full, &asked)
    };
    let Updated { files, changed, unmanaged, kept } = export::update(directory, config, &snapshot, args.all)?;
    write_changed(&files, &changed)?;
    let (all, directory) = (files.len(), directory.display());
    terminal.say(&match changed.len() {
        0 if !kept.is_empty() => {
            t!("All {all} files in {directory} stay as they are.", all = all, directory = directory)
        }
        0 => t!("All {all} files in {directory} are as the panel is.", all = all, directory = directory),
        count if kept.is_empty() => t!(
            "Updated {count} of {all} files in {directory}; they plan empty:",
            count = count,
            all = all,
            directory = directory
        ),
        count => t!(
            "Updated {count} of {all} files in {directory}; they plan the prices below:",
            count = count,
            all = all,
            directory = directory
        ),
    });
    for (name, _) in &changed {
        terminal.say(&format!("  {name}"));
    }
    for note in &kept {
        terminal.say(&format!("{note}."));
    }
    if unmanaged > 0 {
        terminal.say(&t!(
            "{count} things that cannot be managed on this panel stay as written; see `plan`.",
            count = unmanaged
        ));
    }
    Ok(Exit::Done)
}

/// Writes the files that differ from what was read.
pub(super) fn write_changed(
    files: &[(String, String)],
    changed: &[(String, Option<String>)],
) -> Result<(), Stop> {
    for (name, before) in changed {
        let text = files.iter().find(|(known, _)| known == name).map_or("", |(_, text)| text);
        files::replace(Path::new(name), before.as_deref(), text, CHANGED)?;
    }
    Ok(())
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Self {
        let exit = if refusal.code == "export::not_faithful" { Exit::Incomplete } else { Exit::Refused };
        Self::new(exit, refusal.code, refusal.text, Some(&refusal.help))
    }
}

impl From<Trouble> for Stop {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::Live(problems) => Self::Live(problems),
            Trouble::Refused(refusal) => refusal.into(),
        }
    }
}
