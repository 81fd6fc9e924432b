//! Which pull request: as the pipeline's environment says, unless the command line says otherwise.

use clap::ValueEnum;
use serde_json::Value;

use super::ForgeFailure;
use crate::language::t;

/// A forge whose API is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Platform {
    /// GitHub and GitHub Enterprise Server.
    Github,
    /// GitLab, anywhere.
    Gitlab,
    /// Gitea and Forgejo.
    Gitea,
}

impl Platform {
    /// Variables that usually hold a token, the first that is set counts.
    pub(crate) fn token_variables(self) -> &'static [&'static str] {
        match self {
            Self::Github => &["GITHUB_TOKEN", "GH_TOKEN"],
            // Not CI_JOB_TOKEN: GitLab lets it read merge requests and write no notes.
            // https://docs.gitlab.com/ci/jobs/ci_job_token/
            Self::Gitlab => &["GITLAB_TOKEN"],
            Self::Gitea => &["GITEA_TOKEN", "GITHUB_TOKEN"],
        }
    }
}

/// A pull or merge request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) platform: Platform,
    /// Address of the API, without a slash at its end.
    pub(crate) api: String,
    /// `owner/name`; on GitLab the number of the project, or its whole path.
    pub(crate) repository: String,
    pub(crate) number: u64,
}

/// What the command line says.
#[derive(Clone, Debug, Default)]
pub(crate) struct Given {
    pub(crate) platform: Option<Platform>,
    pub(crate) api: Option<String>,
    pub(crate) repository: Option<String>,
    pub(crate) number: Option<u64>,
}

/// Puts together where the comment belongs. `env` looks a variable up; `event` reads the file of a webhook's
/// payload, which GitHub and Gitea name in GITHUB_EVENT_PATH.
pub(crate) fn place(
    given: &Given,
    env: &dyn Fn(&str) -> Option<String>,
    event: &dyn Fn(&str) -> Option<Value>,
) -> Result<Place, ForgeFailure> {
    let env = |name: &str| env(name).filter(|value| !value.is_empty());
    let platform = given.platform.or_else(|| platform(&env)).ok_or_else(|| {
        unknown(t!("on which platform the comment belongs"), t!("give --platform, or run it in a pipeline"))
    })?;
    let gitlab = platform == Platform::Gitlab;
    let api = given.api.clone().or_else(|| api(platform, &env)).ok_or_else(|| {
        let variable = if gitlab { "CI_API_V4_URL" } else { "GITHUB_API_URL" };
        unknown(
            t!("where the platform's API is"),
            t!("give --api-url, or set {variable}", variable = variable),
        )
    })?;
    let variable = if gitlab { "CI_PROJECT_ID" } else { "GITHUB_REPOSITORY" };
    let repository = given.repository.clone().or_else(|| env(variable)).ok_or_else(|| {
        unknown(t!("in which repository"), t!("give --repository, or set {variable}", variable = variable))
    })?;
    let number = given.number.or_else(|| match platform {
        Platform::Gitlab => env("CI_MERGE_REQUEST_IID")?.parse().ok(),
        Platform::Github | Platform::Gitea => {
            let event = env("GITHUB_EVENT_PATH").and_then(|path| event(&path));
            event.as_ref().and_then(of_event).or_else(|| of_ref(&env("GITHUB_REF")?))
        }
    });
    let number = number.ok_or_else(|| {
        let help = if gitlab {
            t!("give --number, or run the job in merge request pipelines (CI_MERGE_REQUEST_IID)")
        } else {
            t!("give --number, or run the job on the event `pull_request` (GITHUB_EVENT_PATH, GITHUB_REF)")
        };
        unknown(t!("for which pull or merge request"), help)
    })?;
    let place = Place { platform, api: api.trim_end_matches('/').to_owned(), repository, number };
    fits(&place)?;
    Ok(place)
}

fn unknown(what: String, help: String) -> ForgeFailure {
    ForgeFailure::Unknown { what, help }
}

/// Gitea's runner sets GitHub's variables, too, so its own are asked first.
fn platform(env: &dyn Fn(&str) -> Option<String>) -> Option<Platform> {
    let set = |name: &str| env(name).is_some();
    if set("GITLAB_CI") {
        Some(Platform::Gitlab)
    } else if set("GITEA_ACTIONS") || set("FORGEJO_ACTIONS") {
        Some(Platform::Gitea)
    } else if set("GITHUB_ACTIONS") {
        Some(Platform::Github)
    } else {
        None
    }
}

fn api(platform: Platform, env: &dyn Fn(&str) -> Option<String>) -> Option<String> {
    match platform {
        Platform::Github => Some(env("GITHUB_API_URL").unwrap_or("https://api.github.com".to_owned())),
        Platform::Gitlab => env("CI_API_V4_URL"),
        Platform::Gitea => env("GITHUB_API_URL")
            .or_else(|| Some(format!("{}/api/v1", env("GITHUB_SERVER_URL")?.trim_end_matches('/')))),
    }
}

/// The number in a payload, of a pull request or of a comment on one:
/// <https://docs.github.com/en/webhooks/webhook-events-and-payloads>.
fn of_event(event: &Value) -> Option<u64> {
    let issue = || event["issue"]["pull_request"].is_object().then(|| event["issue"]["number"].as_u64());
    event["pull_request"]["number"].as_u64().or_else(|| issue().flatten())
}

/// `refs/pull/17/merge`.
fn of_ref(name: &str) -> Option<u64> {
    name.strip_prefix("refs/pull/")?.split('/').next()?.parse().ok()
}

/// Refuses what would make another address than it seems to.
fn fits(place: &Place) -> Result<(), ForgeFailure> {
    let plain = |part: &str| {
        let known = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
        !part.is_empty() && !part.bytes().all(|byte| byte == b'.') && part.bytes().all(known)
    };
    let parts: Vec<&str> = place.repository.split('/').collect();
    let fits = match place.platform {
        Platform::Github | Platform::Gitea => parts.len() == 2 && parts.iter().all(|part| plain(part)),
        Platform::Gitlab => parts.iter().all(|part| plain(part)),
    };
    if fits {
        return Ok(());
    }
    let what = match place.platform {
        Platform::Gitlab => t!("the repository is not given as a project's number or path"),
        Platform::Github | Platform::Gitea => t!("the repository is not given as OWNER/NAME"),
    };
    Err(ForgeFailure::Settings { what })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::json;

    use super::*;

    fn found(given: &Given, env: &[(&str, &str)], event: &Value) -> Result<Place, ForgeFailure> {
        let env: BTreeMap<&str, &str> = env.iter().copied().collect();
        let event = |path: &str| (path == "/event.json").then(|| event.clone());
        place(given, &|name| env.get(name).map(|value| (*value).to_owned()), &event)
    }

    #[test]
    fn each_pipeline_says_where_it_runs() {
        let event = json!({"number": 1, "pull_request": {"number": 17}});
        let github = [
            ("GITHUB_ACTIONS", "true"),
            ("GITHUB_REPOSITORY", "acme/config"),
            ("GITHUB_API_URL", "https://github.acme.example/api/v3/"),
            ("GITHUB_EVENT_PATH", "/event.json"),
        ];
        let place = found(&Given::default(), &github, &event).unwrap();
        assert_eq!((place.platform, place.number), (Platform::Github, 17));
        assert_eq!(place.api, "https://github.acme.example/api/v3");

        let gitea = [
            ("GITEA_ACTIONS", "true"),
            ("GITHUB_ACTIONS", "true"),
            ("GITHUB_REPOSITORY", "acme/config"),
            ("GITHUB_SERVER_URL", "https://git.acme.example/"),
            ("GITHUB_REF", "refs/pull/18/head"),
        ];
        let place = found(&Given::default(), &gitea, &json!(null)).unwrap();
        assert_eq!((place.platform, place.number), (Platform::Gitea, 18));
        assert_eq!(place.api, "https://git.acme.example/api/v1");

        let gitlab = [
            ("GITLAB_CI", "true"),
            ("CI_API_V4_URL", "https://gitlab.acme.example/api/v4"),
            ("CI_PROJECT_ID", "42"),
            ("CI_MERGE_REQUEST_IID", "19"),
        ];
        let place = found(&Given::default(), &gitlab, &json!(null)).unwrap();
        assert_eq!((place.platform, place.number), (Platform::Gitlab, 19));
        let given =
            Given { repository: Some("acme/infra/config".to_owned()), number: Some(3), ..Given::default() };
        let place = found(&given, &gitlab, &json!(null)).unwrap();
        assert_eq!((place.repository.as_str(), place.number), ("acme/infra/config", 3));
    }

    #[test]
    fn what_is_not_known_is_asked_for() {
        let github = [("GITHUB_ACTIONS", "true"), ("GITHUB_REPOSITORY", "acme/config")];
        for (env, event, what) in [
            (&[][..], json!(null), "on which platform"),
            (&[("GITLAB_CI", "1")][..], json!(null), "API"),
            (&github[..1], json!(null), "repository"),
            // A push, and an issue that is no pull request.
            (&github[..], json!({"number": 4}), "for which pull or merge request"),
            (&[github[0], github[1], ("GITHUB_REF", "refs/heads/main")][..], json!(null), "for which pull"),
            (
                &[github[0], github[1], ("GITHUB_EVENT_PATH", "/event.json")][..],
                json!({"issue": {"number": 4}}),
                "for which pull",
            ),
        ] {
            let failure = found(&Given::default(), env, &event).expect_err(what);
            assert!(failure.to_string().contains(what), "{failure}");
        }
        for repository in ["acme", "acme/../x", "a/b/c", "acme/con fig", "acme/config?x=1", "/"] {
            let given =
                Given { repository: Some(repository.to_owned()), number: Some(1), ..Given::default() };
            assert!(found(&given, &github, &json!(null)).is_err(), "{repository}");
        }
    }
}
