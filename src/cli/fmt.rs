//! Arguments of `fmt`.

use std::path::PathBuf;

use clap::Args;

#[derive(Debug, Args)]
pub(crate) struct Fmt {
    /// YAML files, or directories of them; `-` for standard input, which is written to standard output
    #[arg(value_name = "PATH", default_value = ".")]
    pub(crate) paths: Vec<PathBuf>,
    /// Write nothing: list the files that are laid out otherwise, with -v how, and exit with 2 if there are any
    #[arg(long)]
    pub(crate) check: bool,
}
