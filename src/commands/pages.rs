//! `completions` and `man`: pages made from the command line's own definition.

use std::{fs, io, path::Path};

use clap::{Command, CommandFactory};

use super::exit::{Exit, Stop};
use crate::{
    cli::{Cli, Completions, Man, spoken},
    language::t,
    terminal::Terminal,
};

pub(super) fn completions(terminal: &Terminal, args: &Completions) -> Result<Exit, Stop> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut spoken::page(Cli::command()), "billform", &mut script);
    terminal.data(|out| out.write_all(&script))?;
    Ok(Exit::Done)
}

pub(super) fn man(terminal: &Terminal, args: &Man) -> Result<Exit, Stop> {
    match &args.out {
        Some(directory) => {
            fs::create_dir_all(directory)?;
            // There is no page about the help.
            let mut command = spoken::page(Cli::command().disable_help_subcommand(true));
            command.build();
            write_pages(&command, directory)?;
            terminal.say(&t!("Wrote the manual pages to {directory}", directory = directory.display()));
        }
        None => {
            let page = rendered(&clap_mangen::Man::new(spoken::page(Cli::command())))?;
            terminal.data(|out| out.write_all(page.as_bytes()))?;
        }
    }
    Ok(Exit::Done)
}

/// Writes the command's page and those of its subcommands.
fn write_pages(command: &Command, directory: &Path) -> io::Result<()> {
    for sub in command.get_subcommands() {
        write_pages(sub, directory)?;
    }
    let page = clap_mangen::Man::new(command.clone());
    fs::write(directory.join(page.get_filename()), rendered(&page)?)
}

fn rendered(page: &clap_mangen::Man) -> io::Result<String> {
    let mut text = Vec::new();
    page.render(&mut text)?;
    Ok(spoken::manual(String::from_utf8_lossy(&text).into_owned()))
}
