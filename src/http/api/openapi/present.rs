//! Fields of responses that are always there. A value that is unknown is `null`, not missing, unless its field declares
//! `required = false`.

use super::calls;
use super::limits::referred;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// Requires every nullable field of the types that are only sent by us.
pub(super) fn add(document: &mut Value) {
    let mut received = BTreeSet::new();
    calls::each(document, |_, operation| {
        referred(operation.get("requestBody").unwrap_or(&Value::Null), &mut received);
    });
    let Some(schemas) = document.pointer_mut("/components/schemas").and_then(Value::as_object_mut) else { return };
    let mut todo: Vec<String> = received.iter().cloned().collect();
    while let Some(name) = todo.pop() {
        let mut inside = BTreeSet::new();
        referred(schemas.get(&name).unwrap_or(&Value::Null), &mut inside);
        todo.extend(inside.into_iter().filter(|name| received.insert(name.clone())));
    }
    for (_, schema) in schemas.iter_mut().filter(|(name, _)| !received.contains(*name)) {
        if let Some(schema) = schema.as_object_mut() {
            require(schema);
        }
    }
}

fn require(schema: &mut Map<String, Value>) {
    let Some(fields) = schema.get("properties").and_then(Value::as_object) else { return };
    let mut names: BTreeSet<String> = fields.iter().filter(|(_, field)| nullable(field)).map(|(name, _)| name.clone()).collect();
    names.extend(schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).map(str::to_owned));
    if !names.is_empty() {
        schema.insert("required".to_owned(), json!(names));
    }
}

fn nullable(field: &Value) -> bool {
    let is_null = |kind: &Value| kind == "null";
    let of_kind = |schema: &Value| is_null(&schema["type"]) || schema["type"].as_array().is_some_and(|kinds| kinds.iter().any(is_null));
    of_kind(field) || field["oneOf"].as_array().is_some_and(|kinds| kinds.iter().any(of_kind))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nullable_field_of_a_response_is_required_and_one_of_a_body_is_not() {
        let of = || json!({ "properties": { "a": { "type": ["string", "null"] }, "b": { "type": "string" } } });
        let body = json!({ "$ref": "#/components/schemas/Body" });
        let mut document = json!({
            "paths": { "/v1/a": { "post": { "requestBody": { "schema": body }, "responses": {} } } },
            "components": { "schemas": { "Body": of(), "Answer": of() } },
        });
        add(&mut document);
        assert_eq!(document["components"]["schemas"]["Answer"]["required"], json!(["a"]));
        assert!(document["components"]["schemas"]["Body"].get("required").is_none());
    }
}
