//! `completions` and `man`: pages made from the command line's own definition.

use clap::CommandFactory;

use super::exit::{Exit, Stop};
use crate::{
    cli::{Cli, Completions, Man},
    terminal::Terminal,
};

pub(super) fn completions(terminal: &Terminal, args: &Completions) -> Result<Exit, Stop> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "billform", &mut script);
    terminal.data(|out| out.write_all(&script))?;
    Ok(Exit::Done)
}

pub(super) fn man(terminal: &Terminal, args: &Man) -> Result<Exit, Stop> {
    match &args.out {
        Some(directory) => {
            std::fs::create_dir_all(directory)?;
            clap_mangen::generate_to(Cli::command(), directory)?;
            terminal.say(&format!("Wrote the manual pages to {}", directory.display()));
        }
        None => {
            let mut page = Vec::new();
            clap_mangen::Man::new(Cli::command()).render(&mut page)?;
            terminal.data(|out| out.write_all(&page))?;
        }
    }
    Ok(Exit::Done)
}
