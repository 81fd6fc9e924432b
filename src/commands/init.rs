//! `init`: a configuration to begin with, made from a live panel.

use std::path::Path;

use super::{
    connect,
    exit::{Exit, Stop},
    export, files,
};
use crate::{
    cli::{Init, PanelArgs},
    config,
    kinds::{ConfigSpec, Scope},
    language::t,
    plan::Target,
    report::{self, Format},
    terminal::Terminal,
};

const PANEL: &str = "00-panel.yaml";
const SCHEMA: &str = "billform.schema.json";
const IGNORED: &str = "*.plan.json\nplan.json\n*.password\n.env\n";

pub(super) async fn run(terminal: &Terminal, args: &Init) -> Result<Exit, Stop> {
    let directory = args.directory.as_path();
    if config::holds_files(directory) {
        let text = t!("{directory} already holds a configuration", directory = directory.display());
        let help = t!("name another directory, or bring this one up to date with `billform export --out`");
        return Err(Stop::new(Exit::Usage, "init::exists", text, Some(&help)));
    }
    let panel = asked(terminal, &args.panel)?;
    let session = connect::open(terminal, &panel, &ConfigSpec::default()).await?;
    let snapshot = connect::read(terminal, &session, Scope::Everything).await?;
    let starter = (PANEL.to_owned(), starter(&session.target)?);
    let (files, plan) = export::proven(&snapshot, vec![starter])?;
    std::fs::create_dir_all(directory)?;
    let schema = format!("{:#}\n", config::schema(None));
    let ignored =
        format!("# {}\n{IGNORED}", t!("Saved plans tell what the panel has; passwords never belong here."));
    let beside = [(SCHEMA.to_owned(), schema), (".gitignore".to_owned(), ignored)];
    for (name, text) in files.iter().chain(&beside) {
        write(directory, name, text)?;
    }
    terminal.data(|mut out| report::plan((&plan).into(), Format::Text, &terminal.style(), &mut out))?;
    let names: Vec<&str> = files.iter().chain(&beside).map(|(name, _)| name.as_str()).collect();
    let directory = directory.display();
    terminal.say(&t!("Wrote {files} to {directory}.", files = names.join(", "), directory = directory));
    terminal.say(&t!(
        "Next: edit a file, then `billform plan {directory}`; it writes nothing.",
        directory = directory
    ));
    Ok(Exit::Done)
}

/// A `.gitignore` or a schema that is there is somebody's, and stays.
fn write(directory: &Path, name: &str, text: &str) -> Result<(), Stop> {
    let path = directory.join(name);
    if path.exists() { Ok(()) } else { files::replace(&path, None, text, export::CHANGED) }
}

/// What was not given is asked for, where somebody is there to answer.
fn asked(terminal: &Terminal, args: &PanelArgs) -> Result<PanelArgs, Stop> {
    let mut args = args.clone();
    if terminal.can_ask() {
        let ask = |given: &mut Option<String>, question: &str| -> Result<(), Stop> {
            if given.is_none() {
                *given = Some(terminal.answer(question)?).filter(|answer| !answer.is_empty());
            }
            Ok(())
        };
        ask(&mut args.url, &t!("Address of the panel's API (like https://bill.example.com/billmgr):"))?;
        ask(&mut args.user, &t!("Login of an administrator without a second factor:"))?;
    }
    Ok(args)
}

/// The file about the panel itself.
fn starter(target: &Target) -> Result<String, Stop> {
    let quoted = |text: &str| {
        let text = serde_yaml::to_string(text).map_err(std::io::Error::other)?;
        Ok::<_, Stop>(text.trim_end().to_owned())
    };
    Ok(format!(
        "# yaml-language-server: $schema={SCHEMA}\n\
         \n\
         # {}\n\
         version: 1\n\
         \n\
         panel:\n  \
           url: {}\n  \
           username: {}\n  \
           password: {{env: BILLFORM_PASSWORD}}   # {} {{file: PATH}}, {} {{command: [pass, show, billmanager]}}\n\
         \n\
         # {}\n\
         # prune: [enumeration-item/NAME, period-mapping/NAME]\n\
         \n\
         # {}\n\
         # costs: {{}}\n",
        t!(
            "The panel that this configuration is for. `billform explain panel` tells what else can stand here."
        ),
        quoted(&target.url)?,
        quoted(&target.user)?,
        t!("or"),
        t!("or"),
        t!(
            "What these files do not mention is left alone. What may be deleted when it is taken out of them:"
        ),
        t!("What licences cost, so that `billform check` finds sales below cost (`billform explain costs`):"),
    ))
}
