//! Lengths and ranges of request values in the description. A field declares its own with `#[schema(...)]`; the limits of
//! all others are written here, next to the code that enforces them.

use super::calls;
use crate::api::request::fields::LENGTH_MAX;
use crate::api::request::page::LIMIT_MAX;
use crate::json::{INTEGER_MAX, ITEMS_MAX, SMALL_INTEGER_MAX};
use crate::query::VALUE_LENGTH_MAX;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// Adds the limits to everything that callers send: bodies, the schemas they refer to, and parameters.
pub(super) fn add(document: &mut Value) {
    let mut sent = BTreeSet::new();
    calls::each(document, |_, operation| {
        referred(operation.get("requestBody").unwrap_or(&Value::Null), &mut sent);
        for parameter in operation.get_mut("parameters").and_then(Value::as_array_mut).into_iter().flatten() {
            let (of_path, of_pages) = (parameter["in"] == "path", parameter["name"] == "limit");
            let schema = &mut parameter["schema"];
            if of_pages {
                schema["minimum"] = 1.into();
                schema["maximum"] = LIMIT_MAX.into();
            }
            limit(schema, VALUE_LENGTH_MAX);
            if of_path
                && schema["type"] == "string"
                && let Some(schema) = schema.as_object_mut()
            {
                schema.entry("minLength").or_insert(1.into());
            }
        }
    });
    let Some(schemas) = document.pointer_mut("/components/schemas").and_then(Value::as_object_mut) else { return };
    let mut seen = BTreeSet::new();
    while let Some(name) = sent.pop_first() {
        let Some(schema) = schemas.get_mut(&name) else { continue };
        limit(schema, LENGTH_MAX);
        referred(schema, &mut sent);
        seen.insert(name);
        sent.retain(|name| !seen.contains(name));
    }
    // Responses have no guaranteed maximum length of texts, but their numbers have ranges too.
    schemas.values_mut().for_each(|schema| limit(schema, usize::MAX));
}

/// Collects the names of all schemas that `value` refers to.
pub(super) fn referred(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            if let Some(name) = fields.get("$ref").and_then(Value::as_str).and_then(|path| path.rsplit('/').next()) {
                found.insert(name.to_owned());
            }
            fields.values().for_each(|value| referred(value, found));
        }
        Value::Array(items) => items.iter().for_each(|value| referred(value, found)),
        _ => {}
    }
}

/// Adds the missing limits to a schema and to those nested in it.
fn limit(schema: &mut Value, longest: usize) {
    match schema {
        Value::Object(fields) => {
            let is = |kind: &str| match fields.get("type") {
                Some(Value::String(one)) => one == kind,
                Some(Value::Array(several)) => several.iter().any(|one| one == kind),
                _ => false,
            };
            let (text, number, list) = (is("string"), is("integer"), is("array"));
            let free = text && !["enum", "const", "format"].iter().any(|key| fields.contains_key(*key));
            if free && longest < usize::MAX {
                if longest == LENGTH_MAX && !["maxLength", "pattern"].iter().any(|key| fields.contains_key(*key)) {
                    // An ID or a name: not empty and not only white space.
                    fields.entry("minLength").or_insert(1.into());
                    fields.insert("pattern".to_owned(), r"\S".into());
                }
                fields.entry("maxLength").or_insert(longest.into());
            }
            if number {
                range(fields);
            }
            if list && longest < usize::MAX {
                fields.entry("maxItems").or_insert(ITEMS_MAX.into());
            }
            fields.values_mut().for_each(|value| limit(value, longest));
        }
        Value::Array(items) => items.iter_mut().for_each(|value| limit(value, longest)),
        _ => {}
    }
}

fn range(fields: &mut Map<String, Value>) {
    let small = fields.get("format").is_some_and(|format| format == "int32");
    let most = if small { SMALL_INTEGER_MAX } else { INTEGER_MAX };
    fields.entry("format").or_insert(json!("int64"));
    fields.entry("maximum").or_insert(most.into());
    fields.entry("minimum").or_insert((-most).into());
}
