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
        write(&directory.join(name), None, text)?;
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
        write(Path::new(name), before.as_deref(), text)?;
    }
    Ok(())
}

/// Writes a file as a whole or not at all. One that was changed since it was read is left alone.
pub(super) fn write(path: &Path, before: Option<&str>, text: &str) -> Result<(), Stop> {
    // Through a link the file is replaced, not the link.
    let target = if before.is_some() { path.canonicalize()? } else { path.to_owned() };
    let unchanged = match before {
        Some(before) => std::fs::read(&target)? == before.as_bytes(),
        None => !target.exists(),
    };
    if !unchanged {
        let text = t!("{file} was written by someone else meanwhile", file = path.display());
        let help = t!("it was left as it is; export again");
        return Err(Stop::new(Exit::Conflict, "export::changed", text, Some(&help)));
    }
    files::write(&target, |out| out.write_all(text.as_bytes()))
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

#[cfg(test)]
mod tests {
    use super::write;

    #[test]
    fn a_file_is_replaced_only_if_it_is_as_it_was_read() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("a.yaml");
        write(&path, None, "one").unwrap();
        assert!(write(&path, None, "two").is_err());
        assert!(write(&path, Some("other"), "two").is_err());
        write(&path, Some("one"), "two").unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "two");
        assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn links_and_permissions_stay() {
        use std::os::unix::fs::PermissionsExt as _;
        let directory = tempfile::tempdir().unwrap();
        let (path, link) = (directory.path().join("a.txt"), directory.path().join("a.yaml"));
        std::fs::write(&path, "one").unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();
        std::os::unix::fs::symlink(&path, &link).unwrap();
        write(&link, Some("one"), "two").unwrap();
        assert!(link.is_symlink());
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "two");
        assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o640);
    }
}
