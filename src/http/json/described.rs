//! Enforces the limits of the API description on requests: lengths of texts, numbers of items, ranges of numbers. So each limit is written
//! once. Patterns are not enforced here.
//!
//! Events of desks are exempt: they are read leniently, and `notes` list what was corrected.

use crate::problem::{Code, Problem};
use axum::extract::{MatchedPath, RawPathParams};
use axum::http::{Extensions, Method};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, HashMap};
use std::fmt::Display;
use std::sync::Arc;
use url::form_urlencoded::parse;

/// The descriptions of all calls.
#[derive(Debug)]
pub struct Described {
    /// By path, then by method.
    calls: HashMap<String, HashMap<String, Value>>,
    schemas: Map<String, Value>,
}

/// A value that the description forbids.
#[derive(Debug, PartialEq, Eq)]
struct Unfit {
    field: String,
    what: String,
    remedy: String,
}

impl Unfit {
    fn here(what: impl Display, remedy: impl Display) -> Self {
        Self { field: String::new(), what: what.to_string(), remedy: remedy.to_string() }
    }

    fn inside(mut self, outer: &str) -> Self {
        let dot = if self.field.is_empty() || self.field.starts_with('[') { "" } else { "." };
        self.field = format!("{outer}{dot}{}", self.field);
        self
    }

    fn problem(self) -> Problem {
        let name = if self.field.is_empty() { "The body" } else { &self.field };
        let problem = Problem::new(Code::InvalidField, format!("{name} {}.", self.what)).remedy(self.remedy);
        if self.field.is_empty() { problem } else { problem.field(self.field) }
    }
}

impl Described {
    /// The calls of a whole description.
    pub fn new(document: &Value) -> Self {
        let object = |place: &str| document.pointer(place).and_then(Value::as_object).cloned().unwrap_or_default();
        let methods = |item: Value| {
            let methods = item.as_object().cloned().unwrap_or_default().into_iter();
            methods.map(|(method, call)| (method.to_uppercase(), call)).collect()
        };
        let calls = object("/paths").into_iter().map(|(path, item)| (path, methods(item))).collect();
        Self { calls, schemas: object("/components/schemas") }
    }

    /// The current call; `None` if it is not described.
    fn of<'a>(extensions: &'a Extensions, method: &Method) -> Option<(&'a Self, &'a Value)> {
        let described = extensions.get::<Arc<Self>>()?;
        let path = extensions.get::<MatchedPath>()?;
        Some((described, described.calls.get(path.as_str())?.get(method.as_str())?))
    }

    fn parameter<'a>(&self, call: &'a Value, place: &str, name: &str) -> Option<&'a Value> {
        let parameters = call["parameters"].as_array()?;
        parameters.iter().find(|parameter| parameter["in"] == place && parameter["name"] == name).map(|parameter| &parameter["schema"])
    }

    fn resolve<'a>(&'a self, schema: &'a Value) -> &'a Value {
        let name = schema.get("$ref").and_then(Value::as_str).and_then(|path| path.rsplit('/').next());
        name.and_then(|name| self.schemas.get(name)).unwrap_or(schema)
    }

    /// The first violation of the schema by `value`. Types are not checked: the readers of values do that.
    fn unfit(&self, schema: &Value, value: &Value) -> Option<Unfit> {
        let schema = self.resolve(schema);
        for all in schema.get("allOf").and_then(Value::as_array).into_iter().flatten() {
            if let Some(unfit) = self.unfit(all, value) {
                return Some(unfit);
            }
        }
        for choice in ["oneOf", "anyOf"] {
            let variants = schema.get(choice).and_then(Value::as_array).into_iter().flatten();
            let mut found = variants.filter(|variant| is_of(self.resolve(variant), value)).map(|variant| self.unfit(variant, value));
            if let Some(first) = found.next().flatten()
                && found.all(|other| other.is_some())
            {
                return Some(first);
            }
        }
        match value {
            Value::String(text) => length(schema, text),
            Value::Number(number) => range(schema, number.as_f64()?),
            Value::Array(items) => self.list(schema, items),
            Value::Object(fields) => self.object(schema, fields),
            Value::Null | Value::Bool(_) => None,
        }
    }

    fn list(&self, schema: &Value, items: &[Value]) -> Option<Unfit> {
        count(schema, ("minItems", "maxItems"), items.len() as u64, ("item", "items")).or_else(|| {
            let each = schema.get("items")?;
            let mut unfit = items.iter().enumerate().map(|(at, item)| Some(self.unfit(each, item)?.inside(&format!("[{at}]"))));
            unfit.find_map(|unfit| unfit)
        })
    }

    fn object(&self, schema: &Value, fields: &Map<String, Value>) -> Option<Unfit> {
        let known = schema.get("properties").and_then(Value::as_object);
        let others = schema.get("additionalProperties").filter(|others| others.is_object());
        count(schema, ("minProperties", "maxProperties"), fields.len() as u64, ("entry", "entries")).or_else(|| {
            fields.iter().find_map(|(name, value)| {
                let own = known.and_then(|known| known.get(name));
                let of_name = || Some(self.unfit(schema.get("propertyNames")?, &Value::String(name.clone()))?.inside(name));
                own.is_none().then(of_name).flatten().or_else(|| Some(self.unfit(own.or(others)?, value)?.inside(name)))
            })
        })
    }
}

/// True if a value has the type of a schema, or the schema has none.
fn is_of(schema: &Value, value: &Value) -> bool {
    let name = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_i64() || number.is_u64() => "integer",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    let fits = |kind: &Value| kind == name || (name == "integer" && kind == "number");
    match schema.get("type") {
        None => true,
        Some(Value::Array(kinds)) => kinds.iter().any(fits),
        Some(kind) => fits(kind),
    }
}

fn length(schema: &Value, text: &str) -> Option<Unfit> {
    count(schema, ("minLength", "maxLength"), text.chars().count() as u64, ("character", "characters"))
}

fn count(schema: &Value, (least, most): (&str, &str), count: u64, (one, several): (&str, &str)) -> Option<Unfit> {
    let of = if count == 1 { one } else { several };
    let bound = |name: &str| schema.get(name).and_then(Value::as_u64);
    match (bound(least), bound(most)) {
        (Some(least), _) if count < least => Some(Unfit::here(
            if count == 0 { "is empty".to_owned() } else { format!("has {count} {of}") },
            format!("Send at least {least}."),
        )),
        (_, Some(most)) if count > most => {
            Some(Unfit::here(format!("has {count} {of}, which is too many"), format!("Send at most {most}.")))
        }
        _ => None,
    }
}

fn range(schema: &Value, number: f64) -> Option<Unfit> {
    let bound = |name: &str| schema.get(name).and_then(Value::as_f64);
    let (least, most) = (bound("minimum"), bound("maximum"));
    if least.is_none_or(|least| number >= least) && most.is_none_or(|most| number <= most) {
        return None;
    }
    let ends = [least.map(|least| format!("from {least}")), most.map(|most| format!("up to {most}"))];
    Some(Unfit::here(format!("cannot be {number}"), format!("Send a number {}.", ends.into_iter().flatten().collect::<Vec<_>>().join(" "))))
}

/// Refuses parts of a path that the description forbids.
///
/// # Errors
/// Names the part.
pub(crate) fn path(extensions: &Extensions, method: &Method, parts: &RawPathParams) -> Result<(), Problem> {
    let Some((described, call)) = Described::of(extensions, method) else { return Ok(()) };
    for (name, text) in parts {
        let unfit = described.parameter(call, "path", name).and_then(|schema| length(described.resolve(schema), text));
        if let Some(unfit) = unfit {
            return Err(unfit.inside(name).problem());
        }
    }
    Ok(())
}

/// Refuses parameters that the description forbids.
///
/// # Errors
/// Names the parameter.
pub(crate) fn query(extensions: &Extensions, method: &Method, query: &str) -> Result<(), Problem> {
    let Some((described, call)) = Described::of(extensions, method) else { return Ok(()) };
    let mut given: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for (name, text) in parse(query.as_bytes()) {
        given.entry(name.into_owned()).or_default().push(Value::String(text.into_owned()));
    }
    for (name, values) in given {
        let Some(schema) = described.parameter(call, "query", &name) else { continue };
        let schema = described.resolve(schema);
        let unfit = if is_of(schema, &Value::Array(Vec::new())) && schema.get("type").is_some() {
            described.list(schema, &values)
        } else {
            values.iter().find_map(|value| {
                let text = value.as_str().unwrap_or_default();
                let number = is_of(schema, &Value::from(0)).then(|| text.parse::<f64>().ok()).flatten();
                number.map_or_else(|| length(schema, text), |number| range(schema, number))
            })
        };
        if let Some(unfit) = unfit {
            return Err(unfit.inside(&name).problem());
        }
    }
    Ok(())
}

/// The limits of the body of a call.
pub(crate) struct BodyRules {
    described: Arc<Described>,
    schema: Value,
}

impl BodyRules {
    /// The limits of the current call; `None` if it is not described.
    pub(crate) fn of(extensions: &Extensions, method: &Method) -> Option<Self> {
        let (_, call) = Described::of(extensions, method)?;
        let schema = call.pointer("/requestBody/content/application~1json/schema")?.clone();
        Some(Self { described: extensions.get::<Arc<Described>>()?.clone(), schema })
    }

    /// Refuses a body that the description forbids. `body` was read before: it is JSON of the right types.
    ///
    /// # Errors
    /// Names the field.
    pub(crate) fn check(&self, body: &[u8]) -> Result<(), Problem> {
        let value: Value = serde_json::from_slice(body).map_err(|_| Problem::internal())?;
        self.described.unfit(&self.schema, &value).map_or(Ok(()), |unfit| Err(unfit.problem()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn unfit(schema: &Value, value: &Value) -> Option<(String, String)> {
        let document = json!({ "components": { "schemas": { "Name": { "type": "string", "minLength": 1, "maxLength": 3 } } } });
        Described::new(&document).unfit(schema, value).map(|unfit| (unfit.field.clone(), unfit.problem().detail))
    }

    #[test]
    fn each_limit_names_its_field() {
        let name = json!({ "$ref": "#/components/schemas/Name" });
        let schema = json!({
            "type": "object", "maxProperties": 5, "additionalProperties": { "type": "string", "maxLength": 2 },
            "propertyNames": { "maxLength": 8 },
            "properties": {
                "name": { "oneOf": [{ "type": "null" }, name] }, "age": { "type": ["integer", "null"], "minimum": 1, "maximum": 9 },
                "names": { "type": "array", "maxItems": 2, "items": name },
            },
        });
        for (value, expected) in [
            (json!({ "name": "ab", "age": 9, "names": ["äöü"], "x": "yz" }), None),
            (json!({ "name": null, "age": null }), None),
            (json!({ "name": "" }), Some(("name", "name is empty."))),
            (json!({ "name": "äöüß" }), Some(("name", "name has 4 characters, which is too many."))),
            (json!({ "age": 10 }), Some(("age", "age cannot be 10."))),
            (json!({ "age": 0 }), Some(("age", "age cannot be 0."))),
            (json!({ "names": ["a", "b", "c"] }), Some(("names", "names has 3 items, which is too many."))),
            (json!({ "names": ["a", ""] }), Some(("names[1]", "names[1] is empty."))),
            (json!({ "x": "abc" }), Some(("x", "x has 3 characters, which is too many."))),
            (json!({ "long names": "a" }), Some(("long names", "long names has 10 characters, which is too many."))),
            (json!({ "a": "", "b": "", "c": "", "d": "", "e": "", "f": "" }), Some(("", "The body has 6 entries, which is too many."))),
        ] {
            let expected = expected.map(|(field, detail)| (field.to_owned(), detail.to_owned()));
            assert_eq!(unfit(&schema, &value), expected, "{value}");
        }
    }
}
