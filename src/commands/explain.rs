//! `explain`: the documentation of a check, or of a field of the configuration.

use std::io::{self, Write};

use serde_yaml::Value as Yaml;
use unicode_width::UnicodeWidthStr as _;

use super::{
    exit::{Exit, Stop},
    hosting::HOSTING,
};
use crate::{
    check::{self, ALL, Check},
    cli::Explain,
    config::{self, FieldPage},
    language::t,
    model::{Mark, near},
    plan::Level,
    terminal::Terminal,
};

/// How many entries of a long list an example shows.
const FEW: usize = 3;

/// Configurations in which each field occurs.
const FIXTURES: &[&str] = &[
    include_str!("../../tests/kinds/checks/valid/exhaustive.yaml"),
    include_str!("../../tests/kinds/codes/valid/exhaustive.yaml"),
    include_str!("../../tests/kinds/config/valid/exhaustive.yaml"),
    include_str!("../../tests/kinds/costs/valid/exhaustive.yaml"),
    include_str!("../../tests/kinds/enumeration/valid/exhaustive.yaml"),
    include_str!("../../tests/kinds/period_mapping/valid/exhaustive.yaml"),
    include_str!("../../tests/kinds/price/valid/exhaustive.yaml"),
    include_str!("../../tests/kinds/processor/valid/exhaustive.yaml"),
    include_str!("../../tests/kinds/rates/valid/exhaustive.yaml"),
];

pub(super) fn run(terminal: &Terminal, args: &Explain) -> Result<Exit, Stop> {
    let about = args.about.trim_start_matches("check::");
    if let Some(check) = check::lookup(about) {
        terminal.data(|out| of_check(out, check))?;
    } else if is_code(about) {
        let (some, none) = (t!("there are"), t!("there is none"));
        let help = near(&about.to_uppercase(), ALL.iter().map(Check::code), &some, &none);
        let text = t!("`{code}` is not the code of a check", code = about);
        return Err(Stop::new(Exit::Usage, "explain::unknown", text, Some(&help)));
    } else {
        let unknown = |help: String| {
            let text = t!("`{field}` is not a field of a configuration", field = about);
            Stop::new(Exit::Usage, "explain::unknown", text, Some(&help))
        };
        let page = config::describe(about).map_err(unknown)?;
        let width = terminal.style().width.clamp(30, 110);
        terminal.data(|out| of_field(out, &page, width))?;
    }
    Ok(Exit::Done)
}

/// Whether somebody means a check: a letter and digits.
fn is_code(text: &str) -> bool {
    let digits = text.trim_start_matches(['L', 'l']);
    digits.len() < text.len() && !digits.is_empty() && digits.chars().all(|digit| digit.is_ascii_digit())
}

fn of_check(out: &mut dyn Write, check: &Check) -> io::Result<()> {
    out.write_all(check.page().as_bytes())?;
    let open = check.rule.is_some_and(|rule| rule.mark == Mark::Open);
    let level = if open { check.level.max(Level::Warning) } else { check.level };
    writeln!(out, "\n## {}\n", t!("Where it comes from"))?;
    let says = check.rule.map(|rule| format!("{} ({})\n{}", rule.says(), rule.mark, rule.source));
    let own = || t!("It is about the configuration itself: arithmetic, no rule of the vendor's.");
    writeln!(out, "{}", says.unwrap_or_else(own))?;
    if open {
        writeln!(out, "{}", t!("No public source decides it, so this is never an error."))?;
    }
    writeln!(out, "\n## {}\n", t!("How to change it"))?;
    let text = t!(
        "Its level is \"{level}\" unless you say otherwise: `checks: {{severity: {{{code}: off}}}}`, or\n`note`, `warning`, `error`. One finding is accepted next to what it is about:\n`waive: [{{check: {code}, reason: why, until: 2027-06-30}}]`",
        level = level,
        code = check.code()
    );
    writeln!(out, "{text}")
}

fn of_field(out: &mut dyn Write, page: &FieldPage, width: usize) -> io::Result<()> {
    writeln!(out, "{}", if page.path.is_empty() { t!("A configuration") } else { page.path.join(".") })?;
    for paragraph in &page.says {
        writeln!(out)?;
        wrapped(out, paragraph, ["", ""], width)?;
    }
    entries(out, &t!("One of"), &page.words, width)?;
    let field = |(name, needed, says): &(String, bool, String)| {
        (if *needed { t!("{name} (required)", name = name) } else { name.clone() }, says.clone())
    };
    entries(out, &t!("Its fields"), &page.fields.iter().map(field).collect::<Vec<_>>(), width)?;
    example(&page.path).map_or(Ok(()), |example| write!(out, "\n{}\n\n{example}", t!("For example:")))
}

fn entries(out: &mut dyn Write, title: &str, all: &[(String, String)], width: usize) -> io::Result<()> {
    if !all.is_empty() {
        writeln!(out, "\n{title}:")?;
    }
    let column = all.iter().map(|(name, _)| name.width() + 2).max().unwrap_or_default().min(width / 3);
    all.iter().try_for_each(|(name, says)| {
        let (name, rest) = (format!("  {name:column$}"), " ".repeat(column + 2));
        wrapped(out, says, [&name, &rest], width)
    })
}

fn wrapped(out: &mut dyn Write, text: &str, [first, rest]: [&str; 2], width: usize) -> io::Result<()> {
    let options = textwrap::Options::new(width).initial_indent(first).subsequent_indent(rest);
    // A word without a meaning is a line of its own all the same.
    let lines = if text.is_empty() { vec![first.trim_end().into()] } else { textwrap::wrap(text, options) };
    lines.iter().try_for_each(|line| writeln!(out, "{line}"))
}

/// How the shipped example writes the field, or else the fixtures that have each field there is.
fn example(path: &[String]) -> Option<String> {
    let texts = HOSTING.iter().map(|(_, text)| text).chain(FIXTURES);
    let found = texts.filter_map(|text| cut(&serde_yaml::from_str(text).ok()?, path)).next()?;
    Some(serde_yaml::to_string(&found).ok()?.lines().map(|line| format!("  {line}\n")).collect())
}

/// The value with nothing in it but the way to the field, and the first few entries there.
fn cut(value: &Yaml, path: &[String]) -> Option<Yaml> {
    let Some((name, rest)) = path.split_first() else {
        return Some(match value {
            Yaml::Mapping(map) => Yaml::Mapping(map.clone().into_iter().take(FEW).collect()),
            Yaml::Sequence(list) => Yaml::Sequence(list.iter().take(FEW).cloned().collect()),
            other => other.clone(),
        });
    };
    match value {
        Yaml::Mapping(map) if name == "*" => map.iter().find_map(|(key, inner)| {
            Some(Yaml::Mapping([(key.clone(), cut(inner, rest)?)].into_iter().collect()))
        }),
        Yaml::Mapping(map) => {
            let inner = cut(map.get(name.as_str())?, rest)?;
            Some(Yaml::Mapping([(name.as_str().into(), inner)].into_iter().collect()))
        }
        Yaml::Sequence(list) if name == "*" => {
            list.iter().find_map(|inner| Some(Yaml::Sequence(vec![cut(inner, rest)?])))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::example;
    use crate::config::describe;

    #[test]
    fn sections_and_their_fields_come_with_an_example() {
        fn visit(path: &str, depth: usize) {
            let page = describe(path).unwrap();
            assert!(example(&page.path).is_some(), "no fixture has {path}");
            for (name, ..) in page.fields.iter().filter(|_| depth < 2) {
                visit(&format!("{path}.{name}"), depth + 1);
            }
        }
        visit("", 0);
    }
}
