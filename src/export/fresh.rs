//! The live panel as configuration, written from nothing.

use serde::Serialize;
use serde_yaml::Value;

use crate::{
    format,
    kinds::{ALL, ConfigSpec, Snapshot},
    language::t,
};

/// One file of an export.
#[derive(Clone, Debug)]
pub(crate) struct File {
    pub(crate) name: &'static str,
    pub(crate) text: String,
}

/// The sections of a configuration and the files they go to.
pub(super) const SECTIONS: [(&str, &str); 4] = [
    ("processors", "processors.yaml"),
    ("enumerations", "enumerations.yaml"),
    ("prices", "prices.yaml"),
    ("period_mappings", "period_mappings.yaml"),
];

/// The configuration as one file per section; sections that are empty have none.
pub(crate) fn files(snapshot: &Snapshot) -> Result<Vec<File>, String> {
    let spec = spec(snapshot);
    let mut files = Vec::new();
    for (section, name) in SECTIONS {
        if let Some(value) = spec.get(section) {
            files.push(File { name, text: text(&[(section, value)])? });
        }
    }
    Ok(files)
}

/// The configuration as one file.
pub(crate) fn whole(snapshot: &Snapshot) -> Result<String, String> {
    let spec = spec(snapshot);
    let sections: Vec<(&str, &Value)> =
        SECTIONS.iter().filter_map(|(section, _)| Some((*section, spec.get(section)?))).collect();
    text(&sections)
}

pub(super) fn spec(snapshot: &Snapshot) -> Value {
    let mut spec = ConfigSpec { version: 1, ..ConfigSpec::default() };
    for kind in ALL {
        kind.export(snapshot, &mut spec);
    }
    let mut value = serde_yaml::to_value(&spec).unwrap_or_default();
    prune(&mut value);
    value
}

/// Drops what is empty: a key that is left out means the same.
pub(super) fn prune(value: &mut Value) {
    match value {
        Value::Mapping(map) => {
            for (_, child) in map.iter_mut() {
                prune(child);
            }
            map.retain(|_, child| !is_empty(child));
        }
        Value::Sequence(list) => list.iter_mut().for_each(prune),
        _ => {}
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Mapping(map) => map.is_empty(),
        Value::Sequence(list) => list.is_empty(),
        _ => false,
    }
}

pub(super) fn text(sections: &[(&str, &Value)]) -> Result<String, String> {
    #[derive(Serialize)]
    struct Version {
        version: u32,
    }

    let mut text = format!("# {}\n", t!("Written by `billform export`."));
    let write =
        |value: &dyn Fn() -> Result<String, serde_yaml::Error>| value().map_err(|error| error.to_string());
    text.push_str(&write(&|| serde_yaml::to_string(&Version { version: 1 }))?);
    for (section, value) in sections {
        let mut map = serde_yaml::Mapping::new();
        map.insert(Value::String((*section).to_owned()), (*value).clone());
        text.push('\n');
        text.push_str(&write(&|| serde_yaml::to_string(&map))?);
    }
    // libyaml writes these three raw, and YAML 1.1 readers take them for line breaks.
    match text.chars().find(|ch| matches!(ch, '\u{85}' | '\u{2028}' | '\u{2029}')) {
        Some(ch) => Err(t!(
            "a name on the panel contains the line separator U+{code}",
            code = format!("{:04X}", u32::from(ch))
        )),
        None => Ok(format::tidy(text)),
    }
}
