//! `validate`: all checks that need no panel.

use serde_json::json;

use super::{
    check,
    exit::{Exit, Stop},
    today,
};
use crate::{
    check::problem,
    cli::{Data, Validate},
    plan::Level,
    source::Problem,
    terminal::Terminal,
};

pub(super) fn run(terminal: &Terminal, args: &Validate) -> Result<Exit, Stop> {
    let config = today::config(&args.path)?;
    let checked = check::offline(&config);
    let underlined = |level: Level| {
        checked.counting(level).map(|finding| problem(finding, &config.sources)).collect::<Vec<_>>()
    };
    let errors = underlined(Level::Error);
    if !errors.is_empty() {
        return Err(Stop::Live(errors));
    }
    let warnings = underlined(Level::Warning);
    let spec = &config.spec;
    let counts = [
        ("processors", spec.processors.len()),
        ("enumerations", spec.enumerations.len()),
        ("items", spec.enumerations.values().map(|enumeration| enumeration.items.len()).sum()),
        ("tariff plans", spec.prices.len()),
        ("prices", spec.prices.values().map(|tariff| tariff.items.len()).sum()),
        (
            "period mappings",
            spec.period_mappings.values().flatten().map(|mapping| mapping.sold.0.len()).sum(),
        ),
        ("costs", spec.costs.values().map(|costs| costs.codes.len()).sum()),
        ("codes", spec.codes.len()),
    ];
    let files = config.sources.iter().count();
    match args.format {
        Data::Json => {
            let counts: serde_json::Map<_, _> =
                counts.iter().map(|(name, count)| (name.replace(' ', "_"), json!(count))).collect();
            let warnings: Vec<_> = warnings.iter().map(Problem::to_json).collect();
            let result = json!({
                "outcome": "valid", "exit_code": 0, "files": files, "counts": counts, "warnings": warnings
            });
            terminal.data(|out| writeln!(out, "{result:#}"))?;
        }
        Data::Text => {
            let some = counts.iter().filter(|(_, count)| *count > 0);
            let one = |name: &str, count: usize| {
                if count == 1 { name.strip_suffix('s').unwrap_or(name).to_owned() } else { name.to_owned() }
            };
            let parts: Vec<String> =
                some.map(|(name, count)| format!("{count} {}", one(name, *count))).collect();
            let files = if files == 1 { "1 file".to_owned() } else { format!("{files} files") };
            let what = if parts.is_empty() { "nothing to manage".to_owned() } else { parts.join(", ") };
            terminal.data(|out| writeln!(out, "Valid: {what} in {files}."))?;
            for warning in &warnings {
                terminal.say(&terminal.report(warning));
            }
        }
    }
    Ok(Exit::Done)
}
