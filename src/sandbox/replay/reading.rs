//! Reading the files of a recording. It comes from somebody else, so nothing in it is trusted.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Component, Path};

use serde_json::{Map, Value};

use super::super::document::{Element, Role};
use super::{ASIDE, Question, Replay};

/// The largest file that is read.
const LARGEST: u64 = 64 << 20;

/// Elements that a panel repeats: an array in JSON even where there is one.
const REPEATED: [&str; 9] = ["elem", "field", "col", "toolbtn", "slist", "val", "msg", "param", "page"];

/// A recording that cannot be served, by the file that is wrong.
#[derive(Debug, thiserror::Error)]
#[error("the recording cannot be served: {file}: {why}")]
pub struct DamagedRecording {
    pub file: String,
    pub why: String,
}

type Read<T> = Result<T, String>;

pub(super) fn read(directory: &Path) -> Result<Replay, DamagedRecording> {
    const INDEX: &str = "capture.json";
    let wrong = |file: &str| {
        let file = file.to_owned();
        move |why: String| DamagedRecording { file, why }
    };
    let index = json(&directory.join(INDEX)).map_err(wrong(INDEX))?;
    let index = object(&index).map_err(wrong(INDEX))?;
    version(index).map_err(wrong(INDEX))?;
    let reads = index.get("reads").and_then(Value::as_array);
    let reads = reads.ok_or_else(|| wrong(INDEX)("`reads` is not a list".to_owned()))?;
    let mut answers = BTreeMap::new();
    for read in reads {
        let (question, file) = entry(read).map_err(wrong(INDEX))?;
        let path = safe(directory, file).map_err(wrong(INDEX))?;
        let document = json(&path).and_then(|value| root(&value)).map_err(wrong(file))?;
        if answers.insert(question, document).is_some() {
            return Err(wrong(INDEX)(format!("the question that {file} answers is there twice")));
        }
    }
    if answers.is_empty() {
        return Err(wrong(INDEX)("it has no answers".to_owned()));
    }
    Ok(Replay { answers, about: about(index) })
}

fn json(path: &Path) -> Read<Value> {
    let about = fs::symlink_metadata(path).map_err(|error| error.to_string())?;
    if !about.is_file() {
        return Err("it is not a plain file".to_owned());
    }
    if about.len() > LARGEST {
        return Err(format!("it is larger than {} MiB", LARGEST >> 20));
    }
    let bytes = fs::read(path).map_err(|error| error.to_string())?;
    serde_json::from_slice(&bytes).map_err(|error| format!("it is not JSON: {error}"))
}

fn version(index: &Map<String, Value>) -> Read<()> {
    let version = index.get("format_version").and_then(Value::as_str).ok_or("it has no `format_version`")?;
    if version.split('.').next() == Some("1") {
        return Ok(());
    }
    Err(format!("it has the format version {version}; this program reads version 1"))
}

fn about(index: &Map<String, Value>) -> String {
    let text = |name: &str| index.get(name).and_then(Value::as_str).unwrap_or("unknown");
    format!("BILLmanager {}, recorded on {} by {}", text("panel_version"), text("date"), text("tool"))
        .chars()
        .filter(|ch| !ch.is_control())
        .collect()
}

/// A question of the index, and the file that answers it.
fn entry(read: &Value) -> Read<(Question, &str)> {
    let read = object(read)?;
    let text = |name: &str| read.get(name).and_then(Value::as_str).ok_or(format!("a read has no `{name}`"));
    let params = object(read.get("params").unwrap_or(&Value::Null))?;
    let params = params.iter().filter(|(name, _)| !ASIDE.contains(&name.as_str()));
    let params = params.map(|(name, value)| Ok((name.clone(), string(value)?)));
    Ok(((text("func")?.to_owned(), params.collect::<Read<_>>()?), text("file")?))
}

/// The file of that name below the directory's `reads`, and nowhere else.
fn safe(directory: &Path, file: &str) -> Read<std::path::PathBuf> {
    let refused = || format!("`{}` is not a file of this recording", file.escape_debug());
    let name = file.strip_prefix("reads/").ok_or_else(refused)?;
    let letter = |ch: char| ch.is_ascii_alphanumeric() || matches!(ch, '.' | '-' | '_');
    let plain = name.chars().all(letter) && !name.starts_with('.') && name.len() <= 120;
    let one = Path::new(name).components().all(|part| matches!(part, Component::Normal(_)));
    if !plain || !one || name.is_empty() {
        return Err(refused());
    }
    let room = directory.join("reads");
    let real = fs::symlink_metadata(&room).is_ok_and(|about| about.is_dir());
    if real { Ok(room.join(name)) } else { Err("its directory `reads` is missing".to_owned()) }
}

fn root(value: &Value) -> Read<Element> {
    let root = element(value)?;
    if root.name == "doc" { Ok(root) } else { Err(format!("its root is `{}`, not `doc`", root.name)) }
}

fn element(value: &Value) -> Read<Element> {
    let map = object(value)?;
    if let Some(unknown) =
        map.keys().find(|key| !matches!(key.as_str(), "name" | "attrs" | "text" | "children"))
    {
        return Err(format!("an element has the unknown key `{}`", unknown.escape_debug()));
    }
    let name = string(map.get("name").unwrap_or(&Value::Null))?;
    let mut out = Element::new(tag(&name)?);
    if let Some(attrs) = map.get("attrs") {
        for (name, value) in object(attrs)? {
            out.attrs.push((tag(name)?.to_owned(), string(value)?));
        }
    }
    if let Some(text) = map.get("text") {
        out.text = string(text)?;
    }
    if let Some(children) = map.get("children") {
        let children = children.as_array().ok_or("`children` is not a list")?;
        out.children = children.iter().map(element).collect::<Read<_>>()?;
    }
    if REPEATED.contains(&out.name.as_str()) {
        out.role = Role::Many;
    }
    Ok(out)
}

/// A name that XML can hold, too.
fn tag(name: &str) -> Read<&str> {
    let letter = |ch: char| ch.is_ascii_alphanumeric() || matches!(ch, '_' | '-' | '.' | ':');
    let first = name.chars().next().is_some_and(|ch| ch.is_ascii_alphabetic() || ch == '_');
    if first && name.chars().all(letter) {
        return Ok(name);
    }
    Err(format!("`{}` is not the name of an element", name.escape_debug()))
}

fn object(value: &Value) -> Read<&Map<String, Value>> {
    value.as_object().ok_or_else(|| "something in it is not a JSON object".to_owned())
}

fn string(value: &Value) -> Read<String> {
    value.as_str().map(str::to_owned).ok_or_else(|| "something in it is not text".to_owned())
}
