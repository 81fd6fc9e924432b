//! `comment`: a saved plan as the comment of a pull or merge request, and its labels.

use std::time::Duration;

use secrecy::SecretString;

use super::{
    exit::{Exit, Message, Stop},
    saved, secret,
};
use crate::{
    cli::{Comment, LinkArgs},
    forge::{self, Forge, ForgeClass, ForgeFailure, Kept, LabelMoves, Platform},
    language::t,
    model::SecretSource,
    net::Way,
    plan::{Action, Plan},
    report::{self, Format, Style, Subject},
    saved::SavedPlan,
    terminal::Terminal,
};

pub(super) async fn run(terminal: &Terminal, args: &Comment) -> Result<Exit, Stop> {
    let saved = saved::read(&args.plan)?;
    let plan = &saved.plan;
    let place = forge::place(&args.place.given(), &variable, &event)?;
    let forge = Forge::new(place.clone(), &token(args, place.platform)?, &way(&args.link), told(terminal))?;

    let marker = report::plan_marker(args.marker.as_ref());
    let text = text(terminal, &saved, args, place.platform)?;
    let wanted = if args.no_labels { Vec::new() } else { labels(plan, &args.label_prefix) };

    let standing = forge::standing(&forge, &marker).await?;
    if args.update_only && !standing.exists() {
        return Err(ForgeFailure::NoComment { marker }.into());
    }
    let (number, repository) = (place.number, &place.repository);
    let whose = if place.platform == Platform::Gitlab {
        t!("the comment on merge request {number} of {repository}", number = number, repository = repository)
    } else {
        t!("the comment on pull request {number} of {repository}", number = number, repository = repository)
    };
    if args.dry_run {
        let what = match (standing.exists(), standing.says(&text)) {
            (false, _) => t!("Would create {what}.", what = whose),
            (true, false) => t!("Would update {what}.", what = whose),
            (true, true) => t!("Would leave alone {what}.", what = whose),
        };
        let moves = moves(&forge, args, &wanted).await?;
        terminal.data(|out| writeln!(out, "{what}{}", in_words(&moves, true)))?;
        return Ok(Exit::Done);
    }
    let kept = forge::comment(&forge, &standing, &marker, &text).await?;
    let moves = relabel(&forge, args, &wanted).await.map_err(|failure| beside(&failure))?;
    let what = match kept {
        Kept::Created => t!("Created {what}.", what = whose),
        Kept::Updated => t!("Updated {what}.", what = whose),
        Kept::Unchanged => t!("Left alone, because it says so already: {what}.", what = whose),
    };
    terminal.data(|out| writeln!(out, "{what}{}", in_words(&moves, false)))?;
    Ok(Exit::Done)
}

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// The payload of the event that the pipeline runs for; no reason to stop where there is none.
fn event(path: &str) -> Option<serde_json::Value> {
    serde_json::from_slice(&std::fs::read(path).ok()?).ok()
}

/// The token: from the place that is named, else from the platform's usual variables.
fn token(args: &Comment, platform: Platform) -> Result<SecretString, Stop> {
    let usual = platform.token_variables();
    let set = |name: &&&str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let source = match (&args.place.token_file, &args.place.token_env) {
        (Some(path), _) => SecretSource::File(path.clone()),
        (None, Some(name)) => SecretSource::Env(name.clone()),
        (None, None) => match usual.iter().find(set) {
            Some(name) => SecretSource::Env((*name).to_owned()),
            None => {
                let names = usual.join(&format!(" {} ", t!("or")));
                let text = t!("no token is given: {names} is not set", names = names);
                let help = t!(
                    "set it in the pipeline, or give --token-file or --token-env; GitLab's CI_JOB_TOKEN may not write notes"
                );
                return Err(Stop::new(Exit::Invalid, "forge::no_token", text, Some(&help)));
            }
        },
    };
    secret::read_token(&source).map_err(|text| {
        Stop::new(Exit::Invalid, "forge::no_token", text, Some(&t!("say where the token is")))
    })
}

fn way(link: &LinkArgs) -> Way<'_> {
    Way {
        connect_timeout: Duration::from_secs(link.connect_timeout.into()),
        timeout: Duration::from_secs(link.timeout.into()),
        proxy: link.proxy.as_deref(),
        ca_file: link.ca_file.as_ref(),
    }
}

/// Who hears of each request: those who ask for it with `-vv`.
fn told(terminal: &Terminal) -> Box<dyn Fn(&str)> {
    let terminal = terminal.clone();
    Box::new(move |line| {
        if terminal.verbosity() > 1 {
            terminal.complain(line);
        }
    })
}

/// The comment, which begins with its marker and is as long as the platform lets it be.
fn text(terminal: &Terminal, saved: &SavedPlan, args: &Comment, platform: Platform) -> Result<String, Stop> {
    let platform = match platform {
        Platform::Github => report::Platform::Github,
        Platform::Gitlab => report::Platform::Gitlab,
        Platform::Gitea => report::Platform::Gitea,
    };
    let comment = report::CommentStyle { marker: args.marker.clone(), platform };
    let style = Style { comment, ..terminal.file_style() };
    let mut text = Vec::new();
    let subject = Subject::new(&saved.plan, &saved.config.spec);
    report::plan(subject, Format::Markdown, &style, &mut text)?;
    Ok(String::from_utf8_lossy(&text).into_owned())
}

/// What is worth seeing in a list of pull requests.
fn labels(plan: &Plan, prefix: &str) -> Vec<String> {
    let any = |which: &dyn Fn(&crate::plan::Change) -> bool| plan.changes.iter().any(which);
    let words = [
        ("no changes", plan.is_empty()),
        ("changes", !plan.is_empty()),
        ("deletes", any(&|change| matches!(change.action, Action::Delete | Action::Replace))),
        ("prices", any(&|change| change.object.kind == "price")),
    ];
    let words = words.into_iter().filter(|(_, holds)| *holds);
    words.map(|(word, _)| format!("{prefix}{word}")).collect()
}

async fn moves(forge: &Forge, args: &Comment, wanted: &[String]) -> Result<LabelMoves, ForgeFailure> {
    if args.no_labels {
        return Ok(LabelMoves::default());
    }
    forge::label_moves(forge, &args.label_prefix, wanted).await
}

async fn relabel(forge: &Forge, args: &Comment, wanted: &[String]) -> Result<LabelMoves, ForgeFailure> {
    let moves = moves(forge, args, wanted).await?;
    forge::set_labels(forge, &args.label_prefix, wanted, &moves).await?;
    Ok(moves)
}

/// The comment is written when this fails.
fn beside(failure: &ForgeFailure) -> Stop {
    Stop::Other(vec![Message {
        exit: Exit::Partial,
        code: "forge::labels".to_owned(),
        text: t!("the comment is written, but its labels are not: {failure}", failure = failure),
        help: Some(t!("{help}; or give --no-labels", help = failure.help())),
    }])
}

/// ` Labels: 1 added (billform: changes).`
fn in_words(moves: &LabelMoves, only_would: bool) -> String {
    let (added, removed) = (moves.add.join(", "), moves.remove.join(", "));
    let said = [
        (
            &moves.add,
            if only_would {
                t!("would be added: {labels}", labels = added)
            } else {
                t!("added: {labels}", labels = added)
            },
        ),
        (
            &moves.remove,
            if only_would {
                t!("would be removed: {labels}", labels = removed)
            } else {
                t!("removed: {labels}", labels = removed)
            },
        ),
    ];
    let said: Vec<String> =
        said.into_iter().filter(|(labels, _)| !labels.is_empty()).map(|(_, words)| words).collect();
    if said.is_empty() {
        String::new()
    } else {
        format!("\n{}", t!("Labels {changes}.", changes = said.join("; ")))
    }
}

impl From<ForgeFailure> for Stop {
    fn from(failure: ForgeFailure) -> Self {
        let exit = match failure.class() {
            ForgeClass::Usage => Exit::Usage,
            ForgeClass::Settings => Exit::Invalid,
            ForgeClass::Denied => Exit::Denied,
            ForgeClass::Refused => Exit::Refused,
            ForgeClass::Unreachable => Exit::Unreachable,
            ForgeClass::Unclear => Exit::Partial,
        };
        Self::new(exit, failure.code(), failure.to_string(), Some(&failure.help()))
    }
}
