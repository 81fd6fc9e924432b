//! `plan`: shows what `apply` would do.

use super::{
    check, connect,
    exit::{Exit, Stop},
    files, saved, secret, state, today,
};
use crate::{
    cli::{Output, PlanArgs},
    journal::now,
    plan::{Plan, Target},
    report::{self, Format, Style},
    saved::SavedPlan,
    terminal::Terminal,
};

pub(super) async fn run(terminal: &Terminal, args: &PlanArgs) -> Result<Exit, Stop> {
    let config = today::config(&args.path)?;
    let rotate = secret::to_rotate(&config.spec, &args.rotate_secret)?;
    let state = state::of(&args.state).ok();
    let ask = |target: &Target| {
        let shelf = state.as_ref().map(|state| state.shelf(&target.url));
        state::ask(shelf.as_ref(), rotate, &args.select)
    };
    let mut planned = connect::plan(terminal, &config, &args.panel, ask).await?;
    check::into_plan(&config, &mut planned.plan);
    if let Some(state) = &state {
        state::mention(terminal, state, &planned.session.target.url);
    }
    show(terminal, &planned.plan, &args.output, report::plan)?;
    if let Some(file) = &args.out {
        let saved = SavedPlan::new(planned.plan.clone(), &config.spec, &planned.snapshot, now());
        saved::write(&saved, file)?;
        terminal.say(&format!("Saved; `billform apply {}` applies exactly this plan.", file.display()));
    }
    Ok(match (managed(&planned.plan), planned.plan.is_empty()) {
        (false, _) => Exit::Refused,
        (true, false) if args.detailed_exitcode => Exit::Changes,
        (true, _) => Exit::Done,
    })
}

type Render = fn(&Plan, Format, &Style, &mut Vec<u8>) -> std::io::Result<()>;

/// Writes a plan to the files that were asked for, then to stdout.
pub(super) fn show(terminal: &Terminal, plan: &Plan, output: &Output, render: Render) -> Result<(), Stop> {
    reports(terminal, plan, output, render)?;
    let mut text = Vec::new();
    render(plan, output.format, &terminal.style(), &mut text)?;
    terminal.data(|out| out.write_all(&text))?;
    Ok(())
}

/// Writes a plan to the files that were asked for.
pub(super) fn reports(terminal: &Terminal, plan: &Plan, output: &Output, render: Render) -> Result<(), Stop> {
    for to in &output.report {
        let mut text = Vec::new();
        render(plan, to.format, &terminal.file_style(), &mut text)?;
        files::write(&to.file, |out| out.write_all(&text))?;
    }
    Ok(())
}

/// Whether all that the configuration asks for can be managed on this panel.
pub(super) fn managed(plan: &Plan) -> bool {
    plan.unmanaged.is_empty()
}
