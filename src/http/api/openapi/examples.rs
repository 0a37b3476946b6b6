//! Example bodies, recorded from an installation with the demo's data: `examples.json`, by the name of their schema.

use serde_json::{Map, Value, json};

const EXAMPLES: &str = include_str!("examples.json");

/// Adds to each schema its example.
pub(super) fn add(document: &mut Value) {
    let mut examples: Map<String, Value> = serde_json::from_str(EXAMPLES).unwrap_or_default();
    let Some(schemas) = document.pointer_mut("/components/schemas").and_then(Value::as_object_mut) else { return };
    for (name, schema) in schemas {
        if let Some(example) = examples.remove(name) {
            schema["examples"] = json!([example]);
        }
    }
}
