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
    terminal.say(&format!("Wrote {} files to {}; they plan empty.", files.len(), directory.display()));
    Ok(Exit::Done)
}

fn unwritable(text: String) -> Stop {
    Stop::new(Exit::Incomplete, "export::unwritable", text, Some("rename it in the panel"))
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
    Err(Refusal::not_faithful(format!("the export would not plan empty: {objects}")).into())
}

/// Edits the configuration that is there.
async fn update(terminal: &Terminal, args: &Export, directory: &Path) -> Result<Exit, Stop> {
    if !directory.is_dir() {
        let text = format!("{} is a file", directory.display());
        return Err(Stop::new(Exit::Usage, "usage::not_a_directory", text, Some("name its directory")));
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
    let plan = if kept.is_empty() { "empty" } else { "the prices below" };
    terminal.say(&match changed.len() {
        0 if !kept.is_empty() => {
            format!("All {} files in {} stay as they are.", files.len(), directory.display())
        }
        0 => format!("All {} files in {} are as the panel is.", files.len(), directory.display()),
        count => {
            format!("Updated {count} of {} files in {}; they plan {plan}:", files.len(), directory.display())
        }
    });
    for (name, _) in &changed {
        terminal.say(&format!("  {name}"));
    }
    for note in &kept {
        terminal.say(&format!("{note}."));
    }
    if unmanaged > 0 {
        terminal.say(&format!(
            "{unmanaged} things that cannot be managed on this panel stay as written; see `plan`."
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
        Self::new(exit, refusal.code, refusal.text, Some(refusal.help))
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
