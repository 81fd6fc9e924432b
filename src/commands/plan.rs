//! `plan`: shows what `apply` would do.

use super::{
    check, connect,
    exit::{Exit, Stop},
    files, saved, secret, state, today,
};
use crate::{
    cli::{Output, PlanArgs},
    journal::now,
    language::t,
    plan::{Plan, Target},
    report::{self, Format, Style, Subject},
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
    show(terminal, Subject::new(&planned.plan, &config.spec), &args.output, report::plan)?;
    if let Some(file) = &args.out {
        let saved = SavedPlan::new(planned.plan.clone(), &config.spec, &planned.snapshot, now());
        saved::write(&saved, file)?;
        terminal.say(&t!("Saved; `billform apply {file}` applies exactly this plan.", file = file.display()));
    }
    Ok(match (managed(&planned.plan), planned.plan.is_empty()) {
        (false, _) => Exit::Refused,
        (true, false) if args.detailed_exitcode => Exit::Changes,
        (true, _) => Exit::Done,
    })
}

type Render = fn(Subject<'_>, Format, &Style, &mut Vec<u8>) -> std::io::Result<()>;

/// Writes a plan to the files that were asked for, and to stdout.
pub(super) fn show(
    terminal: &Terminal,
    subject: Subject<'_>,
    output: &Output,
    render: Render,
) -> Result<(), Stop> {
    let written = reports(terminal, subject, output, render);
    // Whoever reads data gets one document; here that is the error.
    if written.is_ok() || output.format != Format::Json {
        print(terminal, subject, output, render)?;
    }
    written
}

/// Writes a plan to each of the files that were asked for, and then says which could not be written.
pub(super) fn reports(
    terminal: &Terminal,
    subject: Subject<'_>,
    output: &Output,
    render: Render,
) -> Result<(), Stop> {
    let style = Style { comment: output.comment(), ..terminal.file_style() };
    let mut written = Ok(());
    for to in &output.report {
        let mut text = Vec::new();
        render(subject, to.format, &style, &mut text)?;
        written = written.and(files::write(&to.file, |out| out.write_all(&text)));
    }
    written
}

/// Writes a plan to stdout.
pub(super) fn print(
    terminal: &Terminal,
    subject: Subject<'_>,
    output: &Output,
    render: Render,
) -> Result<(), Stop> {
    let style = Style { comment: output.comment(), ..terminal.style() };
    let mut text = Vec::new();
    render(subject, output.format, &style, &mut text)?;
    terminal.data(|out| out.write_all(&text))?;
    Ok(())
}

/// Whether all that the configuration asks for can be managed on this panel.
pub(super) fn managed(plan: &Plan) -> bool {
    plan.unmanaged.is_empty()
}
