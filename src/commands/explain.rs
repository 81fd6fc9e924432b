//! `explain`: the documentation of a check.

use super::exit::{Exit, Stop};
use crate::{
    check::{self, ALL, Check},
    cli::Explain,
    model::{Mark, near},
    plan::Level,
    terminal::Terminal,
};

pub(super) fn run(terminal: &Terminal, args: &Explain) -> Result<Exit, Stop> {
    let code = args.code.trim_start_matches("check::");
    let Some(check) = check::lookup(code) else {
        let help = near(&code.to_uppercase(), ALL.iter().map(Check::code), "there are", "there is none");
        let text = format!("`{}` is not the code of a check", args.code);
        return Err(Stop::new(Exit::Usage, "explain::unknown", text, Some(&help)));
    };
    terminal.data(|out| {
        out.write_all(check.page.as_bytes())?;
        let open = check.rule.is_some_and(|rule| rule.mark == Mark::Open);
        let level = if open { check.level.max(Level::Warning) } else { check.level };
        writeln!(out, "\n## Where it comes from\n")?;
        let says = check.rule.map(|rule| format!("{} ({})\n{}", rule.says, rule.mark, rule.source));
        let own = || "It is about the configuration itself: arithmetic, no rule of the vendor's.".to_owned();
        writeln!(out, "{}", says.unwrap_or_else(own))?;
        if open {
            writeln!(out, "No public source decides it, so this is never an error.")?;
        }
        writeln!(out, "\n## How to change it\n")?;
        writeln!(
            out,
            "Its level is \"{level}\" unless you say otherwise: `checks: {{severity: {{{}: off}}}}`, or",
            check.code()
        )?;
        writeln!(out, "`note`, `warning`, `error`. One finding is accepted next to what it is about:")?;
        writeln!(out, "`waive: [{{check: {}, reason: why, until: 2027-06-30}}]`", check.code())
    })?;
    Ok(Exit::Done)
}
