//! Names of types as a person writes them, because generated clients have them: `Rating`, `RatingPage`, not `RatingOut`,
//! `Page_RatingOut`. A type whose own name does not stand alone in a client declares another one (`schema(as = …)`).

use serde_json::{Map, Value};
use std::collections::BTreeMap;

const PLACE: &str = "#/components/schemas/";

/// Renames all types of the description, and what refers to them.
pub(super) fn give(document: &mut Value) {
    let Some(schemas) = document.pointer_mut("/components/schemas").and_then(Value::as_object_mut) else { return };
    let names: BTreeMap<String, String> = schemas.keys().map(|name| (name.clone(), better(name, schemas))).collect();
    let renamed = std::mem::take(schemas).into_iter().map(|(name, schema)| (names[&name].clone(), schema));
    *schemas = renamed.collect();
    refer(document, &names);
}

/// The better name: a page is one of its items; what leaves us has the plain name, or is a view of what has it already.
fn better(name: &str, known: &Map<String, Value>) -> String {
    match (name.strip_prefix("Page_"), name.strip_suffix("Out")) {
        (Some(item), _) => format!("{}Page", item.strip_suffix("Out").unwrap_or(item)),
        (None, Some(plain)) if known.contains_key(plain) => format!("{plain}View"),
        (None, plain) => plain.unwrap_or(name).to_owned(),
    }
}

fn refer(value: &mut Value, names: &BTreeMap<String, String>) {
    match value {
        Value::Object(fields) => {
            if let Some(Value::String(place)) = fields.get_mut("$ref")
                && let Some(name) = place.strip_prefix(PLACE).and_then(|name| names.get(name))
            {
                *place = format!("{PLACE}{name}");
            }
            fields.values_mut().for_each(|value| refer(value, names));
        }
        Value::Array(items) => items.iter_mut().for_each(|value| refer(value, names)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn types_have_plain_names_and_no_two_the_same() {
        let mut document = json!({
            "paths": { "/v1/ratings": { "schema": { "$ref": "#/components/schemas/Page_RatingOut" } } },
            "components": { "schemas": {
                "Page_RatingOut": { "properties": { "items": { "items": { "$ref": "#/components/schemas/RatingOut" } } } },
                "RatingOut": {}, "Tag": {}, "TagOut": {}, "Timeout": {},
            } },
        });
        give(&mut document);
        let names: Vec<&String> = document["components"]["schemas"].as_object().unwrap().keys().collect();
        assert_eq!(names, ["Rating", "RatingPage", "Tag", "TagView", "Timeout"]);
        assert_eq!(document["paths"]["/v1/ratings"]["schema"]["$ref"], "#/components/schemas/RatingPage");
        let page = &document["components"]["schemas"]["RatingPage"];
        assert_eq!(page["properties"]["items"]["items"]["$ref"], "#/components/schemas/Rating");
    }
}
