//! Saved plans: writing one, taking one back, `show`.

use std::path::Path;

use super::{
    exit::{Exit, Message, Stop},
    files,
    plan::show,
};
use crate::{
    cli::Show,
    config::Config,
    kinds::Snapshot,
    language::t,
    plan::Target,
    report::{self, Subject},
    saved::{SavedError, SavedPlan, config_digest},
    terminal::Terminal,
};

/// `show`: a saved plan in any format.
pub(super) fn run(terminal: &Terminal, args: &Show) -> Result<Exit, Stop> {
    let saved = read(&args.plan)?;
    terminal.whisper(&t!("Made at {time}, digest {digest}", time = saved.made_at, digest = saved.digest));
    show(terminal, Subject::new(&saved.plan, &saved.config.spec), &args.output, report::plan)?;
    Ok(Exit::Done)
}

pub(super) fn read(path: &Path) -> Result<SavedPlan, Stop> {
    SavedPlan::read(path).map_err(|error| {
        let exit = match error {
            SavedError::Version { .. } => Exit::Refused,
            SavedError::Unreadable { .. } | SavedError::Damaged { .. } | SavedError::Edited { .. } => {
                Exit::Invalid
            }
        };
        Stop::new(exit, error.code(), error.to_string(), Some(&error.help()))
    })
}

/// Writes the plan to its file, whole or not at all.
pub(super) fn write(saved: &SavedPlan, path: &Path) -> Result<(), Stop> {
    files::write(path, |mut out| report::document(saved, &mut out))
}

/// Refuses a plan that was made from another configuration.
pub(super) fn same_config(saved: &SavedPlan, config: &Config) -> Result<(), Stop> {
    if config_digest(&config.spec) == saved.config.digest {
        return Ok(());
    }
    let text = t!("the saved plan was made from another configuration than this one");
    let help = t!("make the plan anew from this configuration, or take the one it was made from");
    Err(Stop::new(Exit::Refused, "saved::other_config", text, Some(&help)))
}

/// Refuses a plan that was made for another panel, for another account, or before an upgrade.
pub(super) fn same_target(saved: &SavedPlan, target: &Target) -> Result<(), Stop> {
    let planned = saved.plan.target.as_ref();
    if planned == Some(target) {
        return Ok(());
    }
    let shown = |target: &Target| {
        let version = target.panel_version.clone().unwrap_or_else(|| t!("of a version" => "unknown"));
        t!("{url} as {user}, version {version}", url = target.url, user = target.user, version = version)
    };
    let planned = planned.map_or_else(|| t!("no panel"), shown);
    let text =
        t!("the saved plan is for {planned}; this is {actual}", planned = planned, actual = shown(target));
    let help = t!("a plan is good for the panel, the account and the version it was made with; plan anew");
    Err(Stop::new(Exit::Refused, "saved::other_target", text, Some(&help)))
}

/// The errors of objects that somebody changed since the plan was made.
pub(super) fn stopped(conflicts: Vec<String>) -> Stop {
    let message = |text| Message {
        exit: Exit::Conflict,
        code: "apply::conflict".to_owned(),
        text,
        help: Some(t!("run plan again and review what changed; nothing was written")),
    };
    Stop::Other(conflicts.into_iter().map(message).collect())
}

/// Says what else changed on the panel: it does not stand against this plan, and is not in it.
pub(super) fn mention_drift(terminal: &Terminal, saved: &SavedPlan, snapshot: &Snapshot) {
    let others = saved.drifted_elsewhere(snapshot);
    if others.is_empty() {
        return;
    }
    let names: Vec<String> = others.iter().take(5).map(ToString::to_string).collect();
    let (more, names) = (others.len().saturating_sub(names.len()), names.join(", "));
    let names = if more > 0 { t!("{names} and {count} more", names = names, count = more) } else { names };
    terminal.say(&t!("Changed since the plan was made, and not touched by it: {names}.", names = names));
}
