//! The JSON Schemas of the configuration, generated from the spec types, and the validator over them.

use std::{collections::BTreeMap, sync::OnceLock};

use jsonschema::Validator;
use schemars::{JsonSchema, Schema, generate::SchemaSettings, transform::transform_subschemas};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use super::{editor::for_editors, json::TreeJson};
use crate::{
    kinds::{ConfigSpec, EnumerationSpec, MappingSpec, ProcessorSpec, TariffSpec},
    language::t,
    model::Name,
};

/// The sections of a configuration that have a schema of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SchemaName {
    Processors,
    Enumerations,
    Prices,
    PeriodMappings,
}

/// All sections with a schema of their own.
pub(crate) const SCHEMAS: &[SchemaName] =
    &[SchemaName::Processors, SchemaName::Enumerations, SchemaName::Prices, SchemaName::PeriodMappings];

impl SchemaName {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Processors => "processors",
            Self::Enumerations => "enumerations",
            Self::Prices => "prices",
            Self::PeriodMappings => "period_mappings",
        }
    }
}

impl std::str::FromStr for SchemaName {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let names = || SCHEMAS.iter().map(|name| name.as_str());
        (SCHEMAS.iter().copied().find(|name| name.as_str() == text)).ok_or_else(|| {
            t!("no such section; there are {names}", names = names().collect::<Vec<_>>().join(", "))
        })
    }
}

/// The schema of one section, or of the whole file, as editors get it.
pub(crate) fn schema(which: Option<SchemaName>) -> Value {
    let mut schema = match which {
        None => root::<ConfigSpec>(None),
        Some(SchemaName::Processors) => root::<BTreeMap<Name, ProcessorSpec>>(Some("billform processors")),
        Some(SchemaName::Enumerations) => {
            root::<BTreeMap<Name, EnumerationSpec>>(Some("billform enumerations"))
        }
        Some(SchemaName::Prices) => root::<BTreeMap<Name, TariffSpec>>(Some("billform prices")),
        Some(SchemaName::PeriodMappings) => {
            root::<BTreeMap<Name, Vec<MappingSpec>>>(Some("billform period mappings"))
        }
    };
    for_editors(&mut schema);
    schema
}

/// The name of the file under `schemas/`.
#[cfg(test)]
pub(crate) fn file_name(which: Option<SchemaName>) -> String {
    format!("{}.schema.json", which.map_or("billform", SchemaName::as_str))
}

/// A sort of file that is read through the bounded loader: one schema, one type.
pub(crate) trait Document: DeserializeOwned {
    /// The schema and its compiled form, made once.
    fn compiled() -> &'static Compiled;
}

/// A schema and its compiled form: what the loader checks against.
pub(crate) struct Compiled {
    pub(super) schema: Value,
    pub(super) validator: Validator<TreeJson>,
}

impl Compiled {
    pub(crate) fn of<T: JsonSchema>() -> Self {
        let schema = root::<T>(None);
        let validator = jsonschema::options_for::<TreeJson>().build(&schema);
        Self { schema, validator: validator.expect("a test compiles the generated schema") }
    }

    pub(crate) fn schema(&self) -> &Value {
        &self.schema
    }
}

impl Document for ConfigSpec {
    fn compiled() -> &'static Compiled {
        static COMPILED: OnceLock<Compiled> = OnceLock::new();
        COMPILED.get_or_init(Compiled::of::<Self>)
    }
}

fn root<T: JsonSchema>(title: Option<&str>) -> Value {
    let generator = SchemaSettings::draft2020_12().with_transform(tidy).into_generator();
    let mut schema = generator.into_root_schema_for::<T>();
    if let (Some(title), Some(object)) = (title, schema.as_object_mut()) {
        object.insert("title".to_owned(), title.into());
        let text = "One section of a billform configuration. What is not mentioned is left alone.";
        object.insert("description".to_owned(), text.into());
        put_words_first(object);
    }
    schema.to_value()
}

/// Brings what schemars writes in line with what the loader reads, and with what editors show best.
fn tidy(schema: &mut Schema) {
    if let Some(object) = schema.as_object_mut() {
        // What is left out is left alone: no field has a default that an editor should write.
        object.remove("default");
        refuse_null(object);
        limit_integers(object);
        name_keys(object);
        list_choices(object);
        put_words_first(object);
    }
    transform_subschemas(&mut tidy, schema);
}

/// A field is either there with a value or left out: schemars makes every `Option` nullable.
fn refuse_null(object: &mut Map<String, Value>) {
    let null = json!({"type": "null"});
    if let Some(Value::Array(types)) = object.get_mut("type") {
        types.retain(|name| name != "null");
        if let [single] = types.as_slice() {
            let single = single.clone();
            object.insert("type".to_owned(), single);
        }
    }
    let Some(Value::Array(branches)) = object.get_mut("anyOf") else { return };
    branches.retain(|branch| *branch != null);
    if let [Value::Object(single)] = branches.as_slice() {
        let single = single.clone();
        object.remove("anyOf");
        for (keyword, value) in single {
            object.entry(keyword).or_insert(value);
        }
    }
}

/// The formats `uint32` and `uint16` say nothing to validators: limits do.
fn limit_integers(object: &mut Map<String, Value>) {
    if object.get("format").is_none_or(|format| format != "uint32") {
        return;
    }
    object.remove("format");
    if object.contains_key("const") {
        object.remove("minimum");
    } else {
        object.entry("maximum").or_insert(u32::MAX.into());
    }
}

/// Title and description in front, without the line breaks of the source.
fn put_words_first(object: &mut Map<String, Value>) {
    let mut words = Map::new();
    for keyword in ["$schema", "title", "description"] {
        let Some(value) = object.remove(keyword) else { continue };
        let text =
            value.as_str().unwrap_or_default().replace("\n\n", "\0").replace('\n', " ").replace('\0', "\n\n");
        words.insert(keyword.to_owned(), text.into());
    }
    words.append(object);
    *object = words;
}

/// Keys that are names: their pattern says nothing of their length.
fn name_keys(object: &mut Map<String, Value>) {
    let named = |patterns: &Value| patterns.get(Name::PATTERN).is_some();
    if object.get("patternProperties").is_some_and(named) {
        object.insert("propertyNames".to_owned(), json!({"maxLength": Name::MAX_CHARS}));
    }
}

/// Choices as an `enum` with one description each, which editors complete and explain.
fn list_choices(object: &mut Map<String, Value>) {
    let Some(Value::Array(branches)) = object.get("oneOf") else { return };
    let texts = |keyword: &str| {
        branches.iter().map(|branch| branch.get(keyword).cloned()).collect::<Option<Vec<_>>>()
    };
    let (Some(values), Some(meanings)) = (texts("const"), texts("description")) else { return };
    object.remove("oneOf");
    object.insert("type".to_owned(), "string".into());
    object.insert("enum".to_owned(), values.into());
    object.insert("enumDescriptions".to_owned(), meanings.clone().into());
    object.insert("markdownEnumDescriptions".to_owned(), meanings.into());
}
