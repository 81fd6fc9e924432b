//! `validate`: all checks that need no panel.

use serde_json::{Map, Value, json};

use super::{
    check,
    exit::{Exit, Stop},
    found::{self, Found},
    today,
};
use crate::{
    check::{Report, problem},
    cli::Validate,
    config::Config,
    language::{t, tn},
    plan::Level,
    report::ProblemFormat,
    source::Problem,
    terminal::Terminal,
};

const NAME: &str = "validate";

pub(super) fn run(terminal: &Terminal, args: &Validate) -> Result<Exit, Stop> {
    let output = &args.output;
    let config = match today::config(&args.path) {
        Ok(config) => config,
        Err(problems) => {
            let stop = Stop::Config(problems);
            return found::failed(terminal, output, found::of_stop(NAME, &stop), stop);
        }
    };
    let checked = check::offline(&config);
    let errors = underlined(&config, &checked, Level::Error);
    if !errors.is_empty() {
        let listing = found::of_checks(NAME, &config, &checked, Level::Warning, Exit::Invalid);
        return found::failed(terminal, output, listing, Stop::Live(errors));
    }
    let warnings = underlined(&config, &checked, Level::Warning);
    let counts = counts(&config);
    let told = |color: bool| -> Vec<String> {
        warnings.iter().map(|warning| terminal.report_in(warning, color)).collect()
    };
    // In a file the warnings stand below; on standard output they would be in the way of a program.
    let text = |color: bool| format!("{}\n{}", valid(&config, &counts), told(color).join("\n"));
    let json = |out: &mut Vec<u8>| {
        let text = format!("{:#}\n", document(&config, &counts, &warnings));
        std::io::Write::write_all(out, text.as_bytes())
    };
    let listing = found::of_checks(NAME, &config, &checked, Level::Warning, Exit::Done);
    let found = Found { listing, text: &text, json: &json };
    found.reports(output)?;
    if output.format == ProblemFormat::Text {
        terminal.data(|out| writeln!(out, "{}", valid(&config, &counts)))?;
        warnings.iter().for_each(|warning| terminal.say(&terminal.report(warning)));
    } else {
        found.print(terminal, output)?;
    }
    Ok(Exit::Done)
}

fn underlined(config: &Config, checked: &Report, level: Level) -> Vec<Problem> {
    checked.counting(level).map(|finding| problem(finding, &config.sources)).collect()
}

/// How many there are of each.
fn counts(config: &Config) -> [(&'static str, usize); 8] {
    let spec = &config.spec;
    [
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
    ]
}

/// `Valid: 3 processors, 1 enumeration in 7 files.`
fn valid(config: &Config, counts: &[(&str, usize)]) -> String {
    let some = counts.iter().filter(|(_, count)| *count > 0);
    let parts: Vec<String> = some.map(|(name, count)| counted(name, *count)).collect();
    let what = if parts.is_empty() { t!("nothing to manage") } else { parts.join(", ") };
    tn!(
        config.sources.iter().count(),
        "Valid: {what} in {n} file.",
        "Valid: {what} in {n} files.",
        what = what
    )
}

/// A count in words, by its name in [`counts`].
fn counted(name: &str, count: usize) -> String {
    match name {
        "processors" => tn!(count, "{n} processor", "{n} processors"),
        "enumerations" => tn!(count, "{n} enumeration", "{n} enumerations"),
        "items" => tn!(count, "{n} item", "{n} items"),
        "tariff plans" => tn!(count, "{n} tariff plan", "{n} tariff plans"),
        "prices" => tn!(count, "{n} price", "{n} prices"),
        "period mappings" => tn!(count, "{n} period mapping", "{n} period mappings"),
        "costs" => tn!(count, "{n} cost", "{n} costs"),
        _ => tn!(count, "{n} code", "{n} codes"),
    }
}

fn document(config: &Config, counts: &[(&str, usize)], warnings: &[Problem]) -> Value {
    let counts: Map<_, _> =
        counts.iter().map(|(name, count)| (name.replace(' ', "_"), json!(count))).collect();
    let warnings: Vec<_> = warnings.iter().map(Problem::to_json).collect();
    let files = config.sources.iter().count();
    json!({"outcome": "valid", "exit_code": 0, "files": files, "counts": counts, "warnings": warnings})
}
