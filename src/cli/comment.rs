//! Arguments of `comment`.

use std::path::PathBuf;

use clap::{Args, builder::NonEmptyStringValueParser};

use super::{LinkArgs, plan_file};
use crate::{
    forge::{Given, Platform},
    language::t,
    report::Marker,
};

#[derive(Debug, Args)]
pub(crate) struct Comment {
    /// The saved plan
    #[arg(value_parser = plan_file)]
    pub(crate) plan: PathBuf,
    /// Name of this plan among those of one pull request
    #[arg(long, env = "BILLFORM_MARKER", value_name = "NAME")]
    pub(crate) marker: Option<Marker>,
    /// Fail with 4 if there is no comment to update
    #[arg(long)]
    pub(crate) update_only: bool,
    /// What the labels begin with; only such labels are taken off
    #[arg(long, value_name = "TEXT", default_value = "billform: ", value_parser = prefix)]
    pub(crate) label_prefix: String,
    /// Leave labels alone
    #[arg(long)]
    pub(crate) no_labels: bool,
    /// Read, and say what would be done
    #[arg(long)]
    pub(crate) dry_run: bool,
    #[command(flatten)]
    pub(crate) place: PlaceArgs,
    #[command(flatten)]
    pub(crate) link: LinkArgs,
}

/// Where to write. What is not given is taken from the variables of the pipeline.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Pull request")]
pub(crate) struct PlaceArgs {
    /// Whose API it is
    #[arg(long, value_enum)]
    platform: Option<Platform>,
    /// Address of the API, like `https://gitlab.example.com/api/v4` [else GITHUB_API_URL or CI_API_V4_URL]
    #[arg(long, value_name = "URL", value_parser = NonEmptyStringValueParser::new())]
    api_url: Option<String>,
    /// The repository, OWNER/NAME; on GitLab the project's number or path [else GITHUB_REPOSITORY or CI_PROJECT_ID]
    #[arg(long, value_name = "NAME", value_parser = NonEmptyStringValueParser::new())]
    repository: Option<String>,
    /// Number of the pull or merge request [else of the event, or CI_MERGE_REQUEST_IID]
    #[arg(long, value_name = "N")]
    number: Option<u64>,
    /// File with the token [else GITHUB_TOKEN, GH_TOKEN, GITLAB_TOKEN or GITEA_TOKEN, by the platform]
    #[arg(long, value_name = "FILE", conflicts_with = "token_env")]
    pub(crate) token_file: Option<PathBuf>,
    /// Environment variable with the token
    #[arg(long, value_name = "VARIABLE", value_parser = NonEmptyStringValueParser::new())]
    pub(crate) token_env: Option<String>,
}

impl PlaceArgs {
    pub(crate) fn given(&self) -> Given {
        Given {
            platform: self.platform,
            api: self.api_url.clone(),
            repository: self.repository.clone(),
            number: self.number,
        }
    }
}

/// GitLab separates labels by commas; an empty prefix would take off everybody's labels.
fn prefix(text: &str) -> Result<String, String> {
    let short = (1..=30).contains(&text.chars().count());
    if short && !text.trim().is_empty() && !text.contains(',') && !text.chars().any(char::is_control) {
        return Ok(text.to_owned());
    }
    Err(t!("write 1 to 30 characters, none of them a comma"))
}
