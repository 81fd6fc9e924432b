//! The schemas in the repository: current, closed, described.

use serde_json::Value;

use super::{root, same_as_file};
use crate::{
    config::{Document, SCHEMAS, schema, schema::file_name as schema_file_name},
    kinds::ConfigSpec,
};

fn all() -> Vec<(String, Value)> {
    let names = [None].into_iter().chain(SCHEMAS.iter().copied().map(Some));
    names.map(|which| (schema_file_name(which), schema(which))).collect()
}

#[test]
fn schemas_in_the_repository_are_current() {
    for (file, schema) in all() {
        let text = serde_json::to_string_pretty(&schema).unwrap();
        same_as_file(&root().join("schemas").join(file), &format!("{text}\n"));
    }
}

#[test]
fn schemas_are_valid_schemas() {
    ConfigSpec::compiled();
    for (file, schema) in all() {
        assert!(jsonschema::meta::is_valid(&schema), "{file}");
        assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema", "{file}");
    }
}

/// Visits every schema with its path.
fn walk(schema: &Value, path: &str, visit: &mut impl FnMut(&Value, &str)) {
    let Some(object) = schema.as_object() else { return };
    visit(schema, path);
    for (keyword, value) in object {
        match keyword.as_str() {
            "properties" | "patternProperties" | "$defs" => {
                for (name, schema) in value.as_object().into_iter().flatten() {
                    walk(schema, &format!("{path}/{keyword}/{name}"), visit);
                }
            }
            "items" | "additionalProperties" | "propertyNames" => {
                walk(value, &format!("{path}/{keyword}"), visit);
            }
            "anyOf" | "allOf" | "oneOf" => {
                for (index, schema) in value.as_array().into_iter().flatten().enumerate() {
                    walk(schema, &format!("{path}/{keyword}/{index}"), visit);
                }
            }
            _ => {}
        }
    }
}

#[test]
fn every_object_is_closed_and_every_property_described() {
    for (file, schema) in all() {
        walk(&schema, &file, &mut |schema, path| {
            if schema["type"] == "object" {
                // Either nothing else, or values under keys that are as they have to be.
                let closed = schema["additionalProperties"] == false
                    || schema["additionalProperties"].is_object()
                        && schema["propertyNames"]["pattern"]
                            .as_str()
                            .is_some_and(|pattern| pattern.len() > 2);
                assert!(closed, "{path} is open");
            }
            for (name, property) in schema["properties"].as_object().into_iter().flatten() {
                let text = property["description"].as_str().unwrap_or_default();
                assert!(text.ends_with('.') && text.len() > 10, "{path}: `{name}` has no description");
            }
        });
    }
}

#[test]
fn definitions_have_titles_or_descriptions_and_nothing_is_nullable() {
    for (file, schema) in all() {
        assert!(schema["title"].is_string(), "{file}");
        for (name, definition) in schema["$defs"].as_object().into_iter().flatten() {
            assert!(definition["description"].is_string(), "{file}: {name}");
            assert!(definition["title"].is_string(), "{file}: {name}");
        }
        walk(&schema, &file, &mut |schema, path| {
            let nullable = |kind: &Value| {
                kind == "null" || kind.as_array().is_some_and(|kinds| kinds.contains(&"null".into()))
            };
            assert!(!nullable(&schema["type"]) && schema.get("default").is_none(), "{path} is nullable");
        });
    }
}

#[test]
fn examples_in_the_schemas_are_valid() {
    let mut seen = 0;
    for (file, schema) in all() {
        walk(&schema.clone(), &file, &mut |inner, path| {
            let mut rooted = inner.clone();
            if let (Some(rooted), Some(defs)) = (rooted.as_object_mut(), schema.get("$defs")) {
                rooted.insert("$defs".to_owned(), defs.clone());
            }
            let listed = |keyword: &str| inner[keyword].as_array().cloned().unwrap_or_default();
            let texts = listed("defaultSnippets").into_iter().map(|snippet| snippet["bodyText"].clone());
            let snippets = texts.map(|text| serde_yaml::from_str(text.as_str().unwrap()).unwrap());
            let examples: Vec<Value> = listed("examples").into_iter().chain(snippets).collect();
            if examples.is_empty() {
                return;
            }
            seen += examples.len();
            let validator = jsonschema::validator_for(&rooted).unwrap();
            assert!(examples.iter().all(|example| validator.is_valid(example)), "{path}: {examples:?}");
        });
    }
    assert!(seen > 50, "{seen}");
}
