//! Iteration over the calls of a description.

use serde_json::{Map, Value};

/// Calls `change` with the method and the description of every call.
pub(super) fn each(document: &mut Value, mut change: impl FnMut(&str, &mut Map<String, Value>)) {
    let items = document.get_mut("paths").and_then(Value::as_object_mut).into_iter().flat_map(Map::values_mut);
    for (method, operation) in items.filter_map(Value::as_object_mut).flatten() {
        if let Some(operation) = operation.as_object_mut().filter(|operation| operation.contains_key("responses")) {
            change(method, operation);
        }
    }
}
