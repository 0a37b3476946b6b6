//! Values that may grow. A client generated from an `enum` fails on a value that it does not know, so an `enum` is only for
//! lists that stay as they are; the others are texts whose present values are in `x-extensible-enum`.

use lastword_domain::access::api_key::Scope;
use lastword_domain::alert::{AlertKind, AlertState};
use lastword_domain::answer::Disposition;
use lastword_domain::outcome::Outcome;
use lastword_domain::question::delivery::{Kind, State};
use lastword_domain::question::plan::Way;
use lastword_domain::report::watch::Watched;
use lastword_domain::session::{ClosedBy, SessionStatus};
use serde_json::{Value, json};

const KEY: &str = "x-extensible-enum";

/// Fields, each with its type and the values of today.
fn fields() -> Vec<(&'static str, &'static str, Vec<&'static str>)> {
    let states = State::ALL.map(State::as_str).to_vec();
    let outcomes = Outcome::ALL.map(Outcome::as_str).to_vec();
    let shares = Watched::ALL.map(Watched::as_str).to_vec();
    let ways = Way::ALL.map(Way::as_str).to_vec();
    vec![
        ("Alarm", "share", shares.clone()),
        ("Watch", "share", shares),
        ("Alert", "kind", AlertKind::ALL.map(AlertKind::as_str).to_vec()),
        ("Alert", "state", AlertState::ALL.map(AlertState::as_str).to_vec()),
        ("Answer", "disposition", Disposition::ALL.map(Disposition::as_str).to_vec()),
        ("Delivery", "kind", Kind::ALL.map(Kind::as_str).to_vec()),
        ("Delivery", "state", states.clone()),
        ("Reply", "state", states),
        ("ApiKey", "scopes", Scope::ALL.map(Scope::as_str).to_vec()),
        ("PlannedClose", "way", ways.clone()),
        ("RatingRequest", "way", ways),
        ("RatingRequest", "closed_by", ClosedBy::ALL.map(ClosedBy::as_str).to_vec()),
        ("RatingRequest", "outcome", outcomes.clone()),
        ("ReasonCount", "outcome", outcomes),
        ("Session", "status", SessionStatus::ALL.map(SessionStatus::as_str).to_vec()),
        ("CloseReceipt", "result", vec!["kept", "already_closed", "stale"]),
        ("CloseReceipt", "decision", vec!["ask", "asked", "not_asked"]),
    ]
}

/// Types that may grow as a whole.
const TYPES: [&str; 2] = ["AlarmEnd", "ProblemCode"];

/// Replaces each closed list by the values of today.
pub(super) fn add(document: &mut Value) {
    let Some(schemas) = document.pointer_mut("/components/schemas") else { return };
    for name in TYPES {
        let Some(schema) = schemas.get_mut(name).and_then(Value::as_object_mut) else { continue };
        if let Some(values) = schema.remove("enum") {
            schema.insert(KEY.to_owned(), values);
        }
    }
    for (name, field, values) in fields() {
        if let Some(schema) = schemas.pointer_mut(&format!("/{name}/properties/{field}")) {
            open(schema, &values);
        }
    }
}

fn open(schema: &mut Value, values: &[&str]) {
    if schema["type"] == "array" {
        return open(&mut schema["items"], values);
    }
    if schema.get("type").is_none() {
        *schema = json!({ "type": "string", "description": schema["description"] });
    }
    schema[KEY] = json!(values);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_is_there_and_none_is_closed() {
        let document = crate::api::openapi::document();
        for (name, field, values) in fields() {
            let field_of = document.pointer(&format!("/components/schemas/{name}/properties/{field}"));
            let schema = field_of.unwrap_or_else(|| panic!("{name} has no {field}"));
            let schema = schema.get("items").unwrap_or(schema);
            assert_eq!(schema[KEY], json!(values), "{name}.{field}");
            assert!(schema.get("enum").is_none() && schema.get("$ref").is_none(), "{name}.{field}: {schema}");
        }
        for name in TYPES {
            let schema = &document["components"]["schemas"][name];
            assert!(schema[KEY].is_array() && schema.get("enum").is_none(), "{name}: {schema}");
        }
    }
}
