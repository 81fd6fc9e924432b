//! The costs of a licence server taken over into a configuration, where they stand.

use serde_yaml::{Mapping, Value};

use super::{
    Refusal, Updated,
    edit::{self, Edit, Sheet, find},
    reverse::steps,
    update::{compare, texts},
};
use crate::{
    config::{self, Config},
    kinds::ConfigSpec,
    language::t,
    model::Date,
    upstream::{CodeState, CostDifferences, Figure, Upstream, differences},
};

/// Edits a configuration so that its costs are those of the licence server, as of today. Codes that the server
/// has no costs for stay as they are written.
pub(crate) fn pull(
    config: &Config,
    server: &str,
    upstream: &Upstream,
    today: Date,
) -> Result<Updated, Refusal> {
    let found = differences(&config.spec, server, upstream, today);
    let sheets: Vec<Sheet<'_>> =
        config.sources.outlines().map(|(name, text, root)| Sheet { name, text, root }).collect();
    let names: Vec<String> = sheets.iter().map(|sheet| sheet.name.to_owned()).collect();
    let edited = edit::apply(&sheets, &edits(&sheets, &wanted(&found)))?;
    let files: Vec<(String, String)> = names.into_iter().zip(edited).collect();
    let after =
        config::load_texts(files.clone()).map_err(|problems| Refusal::unfit(problems.iter().next()))?;
    prove(&config.spec, &after.spec, server, upstream, today)?;
    Ok(compare(&texts(config), files))
}

/// What is to stand where; nothing where something is to go.
type Want = (Vec<String>, Option<Value>);

fn wanted(found: &CostDifferences) -> Vec<Want> {
    let base = steps(["costs", &found.server]);
    let below = |path: Vec<String>| [&base[..], &path[..]].concat();
    let mut wanted = vec![(below(steps(["as_of"])), Some(Value::String(found.today.to_string())))];
    for code in &found.codes {
        // What is sold no more is kept up only where it is written already.
        if !code.costed && code.state == CodeState::NotSold {
            continue;
        }
        for change in &code.changes {
            let field = change.field.split('.').map(str::to_owned);
            let path = steps(["codes", &code.code]).into_iter().chain(field).collect();
            wanted.push((below(path), change.after.as_ref().map(value)));
        }
    }
    wanted
}

fn value(figure: &Figure) -> Value {
    match figure {
        Figure::Cost(cost) => Value::String(cost.to_string()),
        Figure::Nodes(count) => Value::Number((*count).into()),
        Figure::Periods(periods) => {
            Value::Sequence(periods.iter().map(|period| Value::String(period.to_string())).collect())
        }
    }
}

fn edits(sheets: &[Sheet<'_>], wanted: &[Want]) -> Vec<Edit> {
    let there = |path: &[String]| find(sheets, path).is_some();
    let mut edits = Vec::new();
    let mut added: Vec<(&[String], &str, Value)> = Vec::new();
    for (path, value) in wanted {
        match value {
            Some(value) if there(path) => edits.push(Edit::Set(path.clone(), value.clone())),
            Some(value) => {
                // What has no parent yet comes together with it.
                let depth = (0..path.len()).rev().find(|depth| there(&path[..*depth])).unwrap_or(0);
                let (parent, key) = (&path[..depth], path[depth].as_str());
                let known = added.iter().position(|(other, name, _)| (*other, *name) == (parent, key));
                let at = known.unwrap_or_else(|| {
                    added.push((parent, key, Value::Null));
                    added.len() - 1
                });
                put(&mut added[at].2, &path[depth + 1..], value);
            }
            None if there(path) => edits.push(Edit::Remove(path.clone())),
            None => {}
        }
    }
    edits.extend(
        added.into_iter().map(|(parent, key, value)| Edit::Insert(parent.to_vec(), key.to_owned(), value)),
    );
    edits
}

fn put(into: &mut Value, path: &[String], value: &Value) {
    let Some((first, rest)) = path.split_first() else {
        *into = value.clone();
        return;
    };
    if !into.is_mapping() {
        *into = Value::Mapping(Mapping::new());
    }
    if let Value::Mapping(map) = into {
        put(map.entry(Value::String(first.clone())).or_insert(Value::Null), rest, value);
    }
}

/// The edited files say what the licence server says, and nothing else differently than before.
fn prove(
    before: &ConfigSpec,
    after: &ConfigSpec,
    server: &str,
    upstream: &Upstream,
    today: Date,
) -> Result<(), Refusal> {
    let left = differences(after, server, upstream, today);
    let wrong = left.codes.iter().find(|code| code.costed && !code.changes.is_empty());
    if let Some(code) = wrong {
        return Err(Refusal::not_faithful(t!(
            "the edited costs of {code} would still differ",
            code = code.code
        )));
    }
    let others = |spec: &ConfigSpec| {
        let mut spec = serde_json::to_value(spec).unwrap_or_default();
        if let Some(costs) = spec["costs"].as_object_mut() {
            costs.remove(server);
        }
        // Prices that are made of costs move with them.
        if let Some(spec) = spec.as_object_mut() {
            spec.remove("prices");
        }
        spec
    };
    if left.as_of != Some(today) || others(before) != others(after) {
        let text = t!("the edited files would say something else than the costs differently");
        return Err(Refusal::not_faithful(text));
    }
    Ok(())
}
