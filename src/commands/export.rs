//! `export`: the live panel as configuration, proven to plan empty before it is written.

use std::path::Path;

use super::{
    connect,
    exit::{Exit, Stop},
};
use crate::{
    cli::Export,
    config,
    export::{self, File},
    kinds::{ConfigSpec, Scope},
    reconcile,
    terminal::Terminal,
};

pub(super) async fn run(terminal: &Terminal, args: &Export) -> Result<Exit, Stop> {
    let session = connect::open(terminal, &args.panel, &ConfigSpec::default()).await?;
    let snapshot = connect::read(terminal, &session, Scope::Everything).await?;
    let unwritable = |text: String| {
        Stop::new(Exit::Incomplete, "export::unwritable", text, Some("rename it in the panel"))
    };
    let files = export::files(&snapshot).map_err(unwritable)?;
    let texts = files.iter().map(|file| (file.name.to_owned(), file.text.clone())).collect();
    let config = config::load_texts(texts)?;
    let plan = reconcile::plan(&config, &snapshot).map_err(Stop::Live)?;
    if !plan.is_empty() || !plan.unmanaged.is_empty() {
        let objects: Vec<String> =
            plan.changes.iter().map(|change| change.object.to_string()).take(5).collect();
        let text = format!("the export would not plan empty: {}", objects.join(", "));
        let help = "nothing was written; this is a limit of billform on this panel, please report it";
        return Err(Stop::new(Exit::Incomplete, "export::not_faithful", text, Some(help)));
    }
    match &args.out {
        Some(directory) => write(terminal, directory, &files)?,
        None => {
            let whole = export::whole(&snapshot).map_err(unwritable)?;
            terminal.data(|out| out.write_all(whole.as_bytes()))?;
        }
    }
    Ok(Exit::Done)
}

fn write(terminal: &Terminal, directory: &Path, files: &[File]) -> Result<(), Stop> {
    std::fs::create_dir_all(directory)?;
    for file in files {
        let path = directory.join(file.name);
        if path.exists() {
            let text = format!("{} exists", path.display());
            let help = "export to an empty directory, and compare with `billform diff`";
            return Err(Stop::new(Exit::Refused, "export::exists", text, Some(help)));
        }
    }
    for file in files {
        super::plan::write(&directory.join(file.name), file.text.as_bytes())?;
    }
    terminal.say(&format!("Wrote {} files to {}; they plan empty.", files.len(), directory.display()));
    Ok(())
}
