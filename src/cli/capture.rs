//! Arguments of `capture`.

use std::path::PathBuf;

use clap::Args;

use super::PanelArgs;

#[derive(Debug, Args)]
pub(crate) struct Capture {
    /// Directory to write to; it must be empty or not exist
    #[arg(value_name = "DIR")]
    pub(crate) directory: PathBuf,
    /// A configuration whose `panel` and `dialect` are used: a YAML file, or a directory of them
    pub(crate) path: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) panel: PanelArgs,
    /// Do not ask
    #[arg(long)]
    pub(crate) yes: bool,
}
