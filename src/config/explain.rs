//! What the JSON Schema refused, in words for the person who wrote it.
//!
//! The validator knows keywords; people know money, periods and names. The pattern or the definition at
//! fault tells which is meant. An unknown key is reported by the validator on the mapping around it and
//! underlined here itself; of alternatives, the one that fits the value speaks.

mod keys;
mod required;
mod shapes;
mod values;

use jsonschema::error::{ValidationError, ValidationErrorKind as Kind};
use serde_json::Value;

use self::keys::Child;
use crate::{
    language::{later, t, told},
    model::Name,
    source::{
        At, codes,
        fault::{Fault, MOST, pointer, shown, steps},
        mark,
        secrets::is_secret_key,
        tree::{Found, Shape, Tree},
    },
};

/// Turns one error of the validator into faults.
pub(super) fn explain(file: usize, tree: &Tree, schema: &Value, error: &ValidationError<'_>) -> Vec<Fault> {
    let path = steps(error.instance_path().as_str());
    let found = tree.walk(path.iter().map(String::as_str));
    let site = Site { file, found, path: &path, schema, keyword: error.schema_path().as_str() };
    if matches!(found.value.shape(), Shape::Null) {
        return vec![site.no_value()];
    }
    if site.in_secret() {
        return vec![site.bad_secret()];
    }
    match error.kind() {
        Kind::Type { kind } => vec![site.wrong_type(kind)],
        Kind::AdditionalProperties { unexpected } => {
            unexpected.iter().take(MOST).map(|key| site.unexpected(key)).collect()
        }
        Kind::Required { property } => vec![site.missing(property.as_str().unwrap_or_default())],
        Kind::Enum { options } => vec![site.not_a_choice(options)],
        Kind::Constant { .. } => vec![site.version()],
        Kind::Pattern { pattern } => vec![site.bad_text(pattern)],
        Kind::MinLength { .. } | Kind::MaxLength { .. } => vec![site.bad_text(Name::PATTERN)],
        Kind::PropertyNames { error } => vec![site.bad_key(error.instance().as_str().unwrap_or_default())],
        Kind::MaxProperties { .. } => vec![site.not_alone()],
        Kind::MinProperties { .. } | Kind::MinItems { .. } => vec![site.nothing_listed()],
        Kind::UniqueItems => site.listed_twice(),
        Kind::Minimum { limit } => vec![site.out_of_range(&t!("at least {limit}", limit = limit))],
        Kind::Maximum { limit } => vec![site.out_of_range(&t!("at most {limit}", limit = limit))],
        Kind::AnyOf { context } => match fitting(error, context) {
            Some(branch) => branch.iter().flat_map(|error| explain(file, tree, schema, error)).collect(),
            None => vec![site.no_alternative()],
        },
        _ => vec![site.fault(At::Value, codes::INVALID, error.masked().to_string())],
    }
}

/// The alternative whose type is that of the value.
fn fitting<'e>(
    error: &ValidationError<'_>,
    context: &'e [Vec<ValidationError<'static>>],
) -> Option<&'e [ValidationError<'static>]> {
    let other_type = |inner: &ValidationError<'_>| {
        matches!(inner.kind(), Kind::Type { .. }) && inner.instance_path() == error.instance_path()
    };
    context.iter().find(|branch| !branch.iter().any(other_type)).map(Vec::as_slice)
}

/// A place in the document and the keyword of the schema that it breaks.
#[derive(Clone, Copy)]
struct Site<'a> {
    file: usize,
    found: Found<'a>,
    path: &'a [String],
    schema: &'a Value,
    keyword: &'a str,
}

impl<'a> Site<'a> {
    fn fault(&self, at: At, code: &'static str, message: String) -> Fault {
        let path = pointer(self.path.iter().map(String::as_str));
        Fault::new(self.file, mark(self.found, at), code, message).at(path)
    }

    /// The name of the value in messages.
    fn name(&self) -> String {
        match (self.found.key, self.path.len()) {
            (Some(key), _) => format!("`{}`", shown(key.key_text())),
            (None, 0) => t!("the file"),
            (None, _) => t!("this entry"),
        }
    }

    /// The definition of the schema the keyword belongs to.
    fn definition(&self) -> &'a str {
        let name = self.keyword.rsplit_once("/$defs/").map_or("", |(_, name)| name);
        name.split('/').next().unwrap_or_default()
    }

    /// The schema the keyword belongs to.
    fn subschema(&self) -> Option<&'a Value> {
        let (parent, _) = self.keyword.rsplit_once('/')?;
        self.schema.pointer(parent)
    }

    /// The keys that the schema of a closed mapping lists.
    fn fields(&self) -> Vec<&'a str> {
        let properties =
            self.subschema().and_then(|schema| schema.get("properties")).and_then(Value::as_object);
        properties.into_iter().flat_map(|fields| fields.keys().map(String::as_str)).collect()
    }

    /// The beginning of a field's description.
    fn described(&self, field: &str) -> Option<String> {
        let field = self.subschema()?.get("properties")?.get(field)?;
        Some(beginning(field.get("description")?.as_str()?))
    }

    fn written(&self) -> &'a str {
        self.found.value.tree.text.get(self.found.value.span()).unwrap_or_default()
    }

    fn text(&self) -> &'a str {
        self.found.value.text().unwrap_or_default()
    }

    /// Whether the value is, or is in, the description of where a secret comes from.
    fn in_secret(&self) -> bool {
        let last = self.path.last().map(String::as_str);
        let before = self.path.len().checked_sub(2).map(|index| self.path[index].as_str());
        self.definition() == "SecretSource"
            || (matches!(last, Some("env" | "file" | "command")) && before.is_some_and(is_secret_key))
    }

    /// This value, for the faults that keys can have as well.
    fn alone(&self) -> Child<'a> {
        Child { file: self.file, found: self.found, path: self.path.to_vec() }
    }

    /// The site of an entry of this mapping.
    fn child(&self, key: &str) -> Child<'a> {
        let path: Vec<String> = self.path.iter().cloned().chain([key.to_owned()]).collect();
        let found = match self.found.value.entry(key) {
            Some((key, value)) => Found { depth: path.len(), key: Some(key), value },
            None => self.found,
        };
        Child { file: self.file, found, path }
    }

    fn what(&self) -> &'static str {
        match self.found.value.shape() {
            Shape::Null => told(later!("nothing")),
            Shape::Flag(_) => told(later!("a boolean")),
            Shape::Number(text) if text.contains('.') => told(later!("a decimal")),
            Shape::Number(_) => told(later!("a number")),
            Shape::Text(_) => told(later!("text")),
            Shape::List(_) => told(later!("a list")),
            Shape::Map(_) => told(later!("a mapping")),
        }
    }
}

/// A description up to the end of its first sentence, to go on with after a colon.
fn beginning(text: &str) -> String {
    let end = [". ", ".\n", "; ", ": "].iter().filter_map(|end| text.find(end)).min();
    let mut chars = text[..end.unwrap_or(text.len())].trim_end_matches('.').chars();
    let first = chars.next().map(char::to_lowercase);
    first.into_iter().flatten().chain(chars).collect()
}

fn listed(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}
